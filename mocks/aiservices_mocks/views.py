"""What a reply shows of a kept record: its members by name, its times by what they are called."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from aiservices.api.model import Shape

from .store import copied
from .tags import as_shape

_CREATED = re.compile(r"(?i)(creat|submit|start)\w*$")
_CHANGED = re.compile(r"(?i)(updat|modif)\w*$")
_ENDED = re.compile(r"(?i)(end|complet)\w*$")

View = Mapping[str, Any]
"""The members of a record under the names that they show under, its state among them, and the two below."""
RECORD, ENDED = "", " ended"
"""Where a view holds the record itself, and whether it has reached its last state."""
_Show = Callable[[View], Any]
_NOTHING = object()


def project(view: View, shape: Shape, ids: tuple[str, ...]) -> dict[str, Any]:
    """What of a view the shape shows.

    ids: what the record's id is called; a structure that has one of these members shows the record.
    """
    shown: dict[str, Any] = {}
    for name, show in _plan(shape, ids):
        value = show(view)
        if value is not _NOTHING:
            shown[name] = value
    return shown


@cache
def _plan(shape: Shape, ids: tuple[str, ...]) -> tuple[tuple[str, _Show], ...]:
    """How each member of a shape is shown, found once."""
    return tuple((name, _shower(name, member, ids)) for name, member in shape.members.items())


def _shower(name: str, shape: Shape, ids: tuple[str, ...]) -> _Show:
    structure = shape.type == "structure"
    wraps = structure and any(one in shape.members for one in ids)
    plain = shape.type not in ("structure", "list", "map")
    otherwise = _otherwise(name, shape)

    def show(view: View) -> Any:
        if name in view and (not structure or isinstance(view[name], Mapping)):
            return view[name] if plain else fitted(view[name], shape)
        if otherwise is not None:
            return otherwise(view)
        return project(view, shape, ids) if wraps else _NOTHING

    return show


def _otherwise(name: str, shape: Shape) -> _Show | None:
    """Where a member comes from that the record has not under this name."""
    if name in ("Tags", "tags"):
        return lambda view: as_shape(view[RECORD]["tags"], shape) if view[RECORD]["tags"] or not shape.min else _NOTHING
    if shape.type == "timestamp" or shape.name == "time" or name.endswith("Timestamp"):
        time_of = _time_of(name)
        return lambda view: _NOTHING if (time := time_of(view)) is None else as_time(time, shape.type)
    return None


def _time_of(name: str) -> Callable[[View], datetime | None]:
    """Which of a record's times a member means by its name."""
    if _CHANGED.search(name):
        return lambda view: changed(view[RECORD])
    if _CREATED.search(name):
        return lambda view: view[RECORD]["created"]
    if _ENDED.search(name):
        return lambda view: ended(view[RECORD]) if view[ENDED] else None
    return lambda view: None


def changed(record: Mapping[str, Any]) -> datetime:
    """When a record last changed, or began to."""
    last: datetime = max(record["changed"], record["since"])
    return last


def as_time(time: datetime, kind: str) -> datetime | int | str:
    """A time, where the model has a number for it the seconds, where a string `2026-01-31T12:00:00.000Z`."""
    if kind == "timestamp":
        return time
    if kind in ("long", "integer"):
        return int(time.timestamp())
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"


def ended(record: Mapping[str, Any]) -> datetime:
    """When a record reached the last of its states."""
    since: datetime = record["since"]
    return since + timedelta(seconds=sum([seconds for _, seconds in record["steps"][:-1]]))


def fitted(value: Any, shape: Shape) -> Any:
    """The value with the members that the shape has, in containers of its own."""
    if shape.type == "structure" and isinstance(value, Mapping) and not shape.document:
        return {name: fitted(value[name], inner) for name, inner in shape.members.items() if name in value}
    if shape.type == "list" and isinstance(value, list):
        return [fitted(item, shape.member) for item in value]
    return copied(value)
