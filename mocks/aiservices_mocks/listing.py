"""Which records a List request asks for, in which order, and how many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    if name == "NameContains":
        return str(value).lower() in str(view[row.id]).lower()
    if name.endswith(("StateEquals", "StatusEquals")):
        return row.life is None or view[row.life.member] == value
    if name in ("Filter", "filter") and isinstance(value, Mapping):
        return chosen(view, value, row)
    if isinstance(value, list) and name.endswith("s") and name[:-1] in view:
        return view[name[:-1]] in value
    if isinstance(value, datetime) and name.endswith(("Before", "After")):
        created: datetime = view[""]["created"]
        return created < value if name.endswith("Before") else created > value
    return name not in view or view[name] == value


def ordered(items: Sequence[Any], params: Mapping[str, Any]) -> Sequence[Any]:
    """In the order that is asked for; else as they came."""
    key, order = params.get("SortBy"), str(params.get("SortOrder", "")).upper()
    name = {"NAME": "Name", "DATE": "CreatedAt"}.get(str(key).upper(), str(key))
    if key is not None and all(isinstance(item, Mapping) and name in item for item in items):
        items = sorted(items, key=lambda item: item[name])
    return items[::-1] if order.startswith("DESC") else items
