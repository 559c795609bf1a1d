"""Many results of one verb, in the order of the inputs, with the failed ones apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, overload

from ..errors import AIServicesError, InvalidCallError
from . import shown

if TYPE_CHECKING:
    from pandas import DataFrame

T = TypeVar("T")
Item = TypeVar("Item")

Outcomes: TypeAlias = "list[T | AIServicesError]"
"""The result or the error of every input."""

_ROWS_SHOWN, _LONGEST_CELL = 20, 120


def attempt(function: Callable[[Item], T], item: Item) -> T | AIServicesError:
    """The function's result, or our error as a value: one failure must not lose the results of the others."""
    try:
        return function(item)
    except AIServicesError as error:
        return error


class Many(Sequence[T]):
    """The results for many inputs, by the input's position.

    A position that failed raises its error when it is read, so no failure passes for a result; `failed` tells
    them without raising, `done` holds the rest, `retry_failed()` runs only the failed ones again.
    """

    def __init__(
        self,
        outcomes: Sequence[T | AIServicesError],
        again: Callable[[Sequence[int]], Sequence[T | AIServicesError]] | None = None,
        index: Any = None,
    ) -> None:
        """again: takes positions and gives their outcomes in the same order; None: nothing can be retried.

        index: the pandas index that the inputs had; None: the positions.
        """
        self._outcomes = tuple(outcomes)
        self._again = again
        self._index = index

    @property
    def failed(self) -> dict[int, AIServicesError]:
        """Position -> its error."""
        return {i: it for i, it in enumerate(self._outcomes) if isinstance(it, AIServicesError)}

    @property
    def done(self) -> dict[int, T]:
        """Position -> its result, without the failed ones."""
        return {i: it for i, it in enumerate(self._outcomes) if not isinstance(it, AIServicesError)}

    def retry_failed(self) -> Many[T]:
        """The same results, with the failed inputs sent once more."""
        positions = list(self.failed)
        if not positions:
            return self
        if self._again is None:
            raise InvalidCallError("these results no longer know their inputs: call the verb again")
        outcomes = list(self._outcomes)
        for position, outcome in zip(positions, self._again(positions), strict=True):
            outcomes[position] = outcome
        return Many(outcomes, self._again, self._index)

    def __len__(self) -> int:
        return len(self._outcomes)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [_result(outcome) for outcome in self._outcomes[index]]
        return _result(self._outcomes[index])

    def __iter__(self) -> Iterator[T]:
        return (_result(outcome) for outcome in self._outcomes)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_again": None}  # what can be sent again stays with its client

    def __repr__(self) -> str:
        failed = len(self.failed)
        return f"<Many: {shown.plural(len(self), 'result')}{f', {failed} failed' if failed else ''}>"

    def to_dicts(self) -> list[dict[str, Any]]:
        """A flat dict per input; `error` in those that failed."""
        return [_row(outcome) for outcome in self._outcomes]

    def to_pandas(self) -> DataFrame:
        """A row per input, under the index it had in a Series or DataFrame; a column `error` when any failed."""
        return shown.frame(self.to_dicts(), index=self._index)

    def _repr_html_(self) -> str:
        rows = [_row(outcome) for outcome in self._outcomes[:_ROWS_SHOWN]]
        columns = list(dict.fromkeys(name for row in rows for name in row))
        names = range(len(self)) if self._index is None else self._index
        body = ((name, *(_short(row.get(it)) for it in columns)) for name, row in zip(names, rows, strict=False))
        more = f"<p>{len(self) - len(rows)} more</p>" if len(self) > len(rows) else ""
        return shown.table(body, ("", *columns)) + more


def _result(outcome: T | AIServicesError) -> T:
    if isinstance(outcome, AIServicesError):
        raise outcome
    return outcome


def _row(outcome: Any) -> dict[str, Any]:
    if isinstance(outcome, AIServicesError):
        return {"error": str(outcome)}
    if hasattr(outcome, "to_dict"):
        return dict(outcome.to_dict())
    if is_dataclass(outcome):
        return {f.name: getattr(outcome, f.name) for f in fields(outcome) if f.name != "raw" and f.repr}
    if isinstance(outcome, Mapping):
        return dict(outcome)
    return {"result": outcome}


def _short(value: object) -> object:
    return value if not isinstance(value, str) or len(value) <= _LONGEST_CELL else f"{value[: _LONGEST_CELL - 1]}…"
