"""Which records a List request asks for, in which order, and how many at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiservices.api.model import Operation

if TYPE_CHECKING:
    from .resources import Resource

_PAGE = 100
_SIZES = ("MaxResults", "maxResults", "MaxItems", "PageSize", "Limit", "MaxPageSize")


def page_size(operation: Operation, params: Mapping[str, Any]) -> int:
    """How many items a page has: what is asked for, at most what the model allows."""
    members = operation.input.members if operation.input else {}
    name = next((size for size in _SIZES if size in members), None)
    if name is None:
        return _PAGE
    return int(params.get(name) or members[name].max or _PAGE)


def chosen(view: Mapping[str, Any], params: Mapping[str, Any], row: Resource) -> bool:
    """Whether a record is one that the request's filters leave in."""
    return all(_passes(view, name, value, row) for name, value in params.items())


def _passes(view: Mapping[str, Any], name: str, value: Any, row: Resource) -> bool:
    if name in ("Filters", "filters") and isinstance(value, list):
        return all(_fits(view, condition) for condition in value)
    if name in ("Filter", "filter") and isinstance(value, Mapping):
        return chosen(view, value, row)
    if name.endswith("NameContains"):
        return str(value).lower() in str(view[row.id]).lower()
    if name.endswith(("StateEquals", "StatusEquals")):
        return bool(row.life is None or view[row.life.member] == value)
    if isinstance(value, list) and name.endswith("s") and name[:-1] in view:
        return bool(view[name[:-1]] in value)
    if isinstance(value, datetime) and name.endswith(("Before", "After")):
        created: datetime = view[""]["created"]
        return created < value if name.endswith("Before") else created > value
    return bool(name not in view or view[name] == value)


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
        return max(view[""]["changed"], view[""]["since"])
    own = name[0].lower() + name[1:]
    return view.get(own, view.get(name, ""))


def sort_key(params: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any] | None:
    """What a request wants records sorted by, from their views; None: as they came."""
    by = params.get("sortBy", params.get("SortBy"))
    if isinstance(by, Mapping):
        return lambda view: _attribute(view, by["attribute"])
    if by is None:
        return None
    if str(by).upper() in ("DATE", "CREATIONTIME", "CREATION_TIME", "SUBMITTIME", "CREATEDTIMESTAMP"):
        return lambda view: view[""]["created"]
    name = {"NAME": "Name"}.get(str(by).upper(), str(by))
    return lambda view: view.get(name, "")


def descends(params: Mapping[str, Any]) -> bool:
    """Whether a request wants the last first."""
    by = params.get("sortBy")
    order = by["order"] if isinstance(by, Mapping) else params.get("SortOrder", params.get("sortOrder", ""))
    return str(order).upper().startswith("DESC")
