"""Which records a List request asks for, in which order, and how many at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from aiservices.api.model import Operation

from .paging import Tokens
from .views import RECORD, changed

if TYPE_CHECKING:
    from .resources import Resource

_PAGE = 100
_SIDE = re.compile("Before|After")
_SIZES = ("MaxResults", "maxResults", "MaxItems", "PageSize", "Limit", "MaxPageSize")


def page_size(operation: Operation, params: Mapping[str, Any]) -> int:
    """How many items a page has: what is asked for, at most what the model allows."""
    name, most = _size(operation)
    return int(params.get(name) or most)


@cache
def _size(operation: Operation) -> tuple[str, int]:
    """The member that says it, and how many when it does not."""
    members = operation.input.members if operation.input else {}
    name = next((size for size in _SIZES if size in members), "")
    return name, int(members[name].max or _PAGE) if name else _PAGE


class Listing:
    """The list that one request asks for."""

    def __init__(self, row: Resource, params: Mapping[str, Any], tokens: Tokens) -> None:
        self._row = row
        self._params = params
        self._tokens = tokens
        self._position = position_of(params)
        self._descends = descends(params, row)

    @property
    def ordered(self) -> bool:
        """Whether it wants another order than the one in which things came."""
        return self._descends or self._position is not None

    @property
    def begin(self) -> int:
        """The number of the record after which the page begins, for a list in the order in which things came."""
        return int(self._tokens.position or 0)

    def page(self, views: Iterable[dict[str, Any]], size: int) -> tuple[list[dict[str, Any]], str | None]:
        """The first that are chosen, and the token of the next page; no more are looked at than needed."""
        found: list[dict[str, Any]] = []
        for view in views:
            if chosen(view, self._params, self._row):
                if len(found) == size:
                    return found, self._tokens.write(found[-1][RECORD]["number"])
                found.append(view)
        return found, None

    def sorted_page(self, views: Iterable[dict[str, Any]], size: int) -> tuple[list[dict[str, Any]], str | None]:
        """As `page`, in the order that is asked for."""
        placed = [(self._place(view), view) for view in views if chosen(view, self._params, self._row)]
        placed.sort(key=lambda pair: pair[0], reverse=self._descends)
        begin = self._tokens.position
        if begin is not None:
            after = tuple(begin)
            placed = [pair for pair in placed if (pair[0] < after if self._descends else pair[0] > after)]
        found = [view for _, view in placed[:size]]
        return found, self._tokens.write(placed[size - 1][0]) if len(placed) > size else None

    def _place(self, view: Mapping[str, Any]) -> tuple[Any, int]:
        value = self._position(view) if self._position else 0
        return value, view[RECORD]["number"]


def chosen(view: Mapping[str, Any], params: Mapping[str, Any], row: Resource) -> bool:
    """Whether a record is one that the request's filters leave in."""
    return all(_passes(view, name, value, row) for name, value in params.items())


def _passes(view: Mapping[str, Any], name: str, value: Any, row: Resource, *, has: bool = False) -> bool:
    """Whether one member of a request leaves a record in. has: what the record lacks does not fit."""
    if name in ("Filters", "filters") and isinstance(value, list):
        return all(_fits(view, condition) for condition in value)
    if name in ("Filter", "filter") and isinstance(value, Mapping):
        return all(_passes(view, inner, one, row, has=True) for inner, one in value.items())
    if name.endswith("NameContains"):
        return str(value).lower() in str(view[row.id]).lower()
    if name.endswith(("StateEquals", "StatusEquals")):
        return bool(row.life is None or view[row.life.member] == value)
    if isinstance(value, list) and name.endswith("s") and name[:-1] in view:
        return bool(view[name[:-1]] in value)
    if isinstance(value, datetime) and (side := _SIDE.search(name)):
        created: datetime = view[RECORD]["created"]
        return created < value if side[0] == "Before" else created > value
    if name in ("Status", "status", "StatusFilter") and row.life is not None:
        return bool(view[row.life.member] == value)
    return bool(view[name] == value) if name in view else not has


def _fits(view: Mapping[str, Any], condition: Mapping[str, Any]) -> bool:
    """One condition of a list: Forecast's `Key`, `Value` and `Condition`, or Lex's `name`, `values` and `operator`."""
    if "Key" in condition:
        same = str(view.get(condition["Key"])) == condition["Value"]
        return same if condition["Condition"] == "IS" else not same
    found, values = str(_attribute(view, condition["name"])), condition["values"]
    if condition["operator"] == "CO":
        return any(value in found for value in values)
    return found in values if condition["operator"] == "EQ" else found not in values


def _attribute(view: Mapping[str, Any], name: str) -> Any:
    """What Lex calls `BotName` or `LastUpdatedDateTime`."""
    if name == "LastUpdatedDateTime":
        return changed(view[RECORD])
    own = name[0].lower() + name[1:]
    return view.get(own, view.get(name, ""))


def position_of(params: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any] | None:
    """What a request wants records sorted by: makes a plain value of a view; None: as they came."""
    by = params.get("sortBy", params.get("SortBy"))
    if by is None:
        return None
    if isinstance(by, Mapping):
        return lambda view: _plain(_attribute(view, by["attribute"]))
    if str(by).upper() in ("DATE", "CREATIONTIME", "CREATION_TIME", "SUBMITTIME", "CREATEDTIMESTAMP"):
        return lambda view: _plain(view[RECORD]["created"])
    name = {"NAME": "Name"}.get(str(by).upper(), str(by))
    return lambda view: _plain(view.get(name, ""))


def _plain(value: Any) -> float | str:
    return value.timestamp() if isinstance(value, datetime) else value if isinstance(value, int | float) else str(value)


def descends(params: Mapping[str, Any], row: Resource) -> bool:
    """Whether the last come first."""
    by = params.get("sortBy")
    order = by["order"] if isinstance(by, Mapping) else params.get("SortOrder", params.get("sortOrder"))
    return row.newest_first if order is None else str(order).upper().startswith("DESC")
