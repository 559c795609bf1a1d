"""What people give as texts, and verbs over one text or many of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, Protocol, TypeAlias, TypeVar, cast, overload

from ..errors import AIServicesError, InvalidCallError, nearest
from .many import Many, Outcomes

if TYPE_CHECKING:
    from pandas import DataFrame, Series

P = ParamSpec("P")
Result = TypeVar("Result")

Texts: TypeAlias = "Iterable[str] | Series[str]"
"""A list, tuple, iterator, pandas Series: anything that gives texts."""


class Several(NamedTuple):
    """Texts or other things as a list, and the index that they had in a Series or DataFrame."""

    items: list[Any]
    index: Any = None

    @classmethod
    def of(cls, things: Iterable[Any]) -> Several:
        """Things that a Series or anything else gives."""
        index = getattr(things, "index", None)
        return cls(list(things), None if callable(index) else index)


def several(texts: Any, column: str | None = None) -> Several:
    """The texts of whatever holds many.

    column: of a DataFrame, the one with the texts. What stands among them (None, NaN) is not judged here.
    """
    if hasattr(texts, "columns"):
        texts = of_column(texts, column, "texts")
    elif column is not None:
        raise InvalidCallError(f"column names a column of a DataFrame, and this is a {type(texts).__name__}")
    if isinstance(texts, str):
        raise InvalidCallError("several texts are wanted and this is one: give a list or Series of them")
    if isinstance(texts, bytes | bytearray | Mapping) or not isinstance(texts, Iterable):
        raise InvalidCallError(f"give a str, or a list or Series of them, not a {type(texts).__name__}")
    return Several.of(texts)


def of_column(frame: Any, column: str | None, what: str) -> Any:
    """A column of a DataFrame, as a Series."""
    known = [str(name) for name in frame.columns]
    if column is None:
        raise InvalidCallError(f'a DataFrame has several columns: name the one with the {what}, column="..."')
    if known.count(str(column)) != 1:
        there = ", ".join(known[:20]) or "none"
        raise InvalidCallError(
            f'the DataFrame has {known.count(str(column)) or "no"} columns "{column}"{nearest(str(column), known)} '
            f"(there: {there})"
        )
    return frame[column]


class Each(Protocol[P, Result]):
    """A verb over one text, which gives a result or raises, or over many, which give `Many` results."""

    @overload
    def __call__(self, text: str, *args: P.args, **kwargs: P.kwargs) -> Result: ...  # type: ignore[overload-overlap]  # str is an iterable of str; the first overload wins
    @overload
    def __call__(self, text: Texts, *args: P.args, **kwargs: P.kwargs) -> Many[Result]: ...
    @overload
    def __call__(self, text: DataFrame, column: str, *args: P.args, **kwargs: P.kwargs) -> Many[Result]: ...


def each(method: Callable[Concatenate[Any, Sequence[Any], P], Outcomes[Result]]) -> Each[P, Result]:
    """A verb over one text, many, or the column of a DataFrame, from a method that gives each text's outcome.

    One text gives its result or raises its error; many give `Many`, whose failed ones can be sent again.
    """

    @wraps(method)
    def verb(self: Any, text: Any, *args: Any, column: str | None = None, **kwargs: Any) -> Any:
        if column is None and args and hasattr(text, "columns"):
            column, *args = args  # type: ignore[assignment]  # as `Each` has it: of a DataFrame the column comes second
        if isinstance(text, str) and column is None:
            outcome = method(self, [text], *args, **kwargs)[0]
            if isinstance(outcome, AIServicesError):
                raise outcome
            return outcome
        texts, index = several(text, column)

        def again(positions: Sequence[int]) -> Outcomes[Result]:
            return method(self, [texts[position] for position in positions], *args, **kwargs)

        return Many(again(range(len(texts))), again, index)

    shown: Any = verb
    shown.__signature__ = _shown(method)
    return cast("Each[P, Result]", shown)


def _shown(method: Callable[..., Any]) -> inspect.Signature:
    """What editors and `help` show of the verb that is made from a method."""
    signature = inspect.signature(method)
    self, text, *rest = signature.parameters.values()
    column = inspect.Parameter("column", inspect.Parameter.KEYWORD_ONLY, default=None, annotation="str | None")
    result = str(signature.return_annotation).removeprefix("Outcomes[").removesuffix("]")
    return signature.replace(
        parameters=[self, text.replace(annotation="str | Texts | DataFrame"), *rest, column],
        return_annotation=f"{result} | Many[{result}]",
    )
