"""What may be told of a request: sizes instead of contents.

Only what cannot be contents shows its value: a member of an enumeration, a number, a boolean. Every other string is
told by its length, also names and ids, for only their owner knows whether they name a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ..api.model import Shape, load
from ..call import SERVICES, Call

_NUMBERS = {"integer", "long", "float", "double", "boolean"}


def sizes(call: Call) -> dict[str, Any]:
    """Each member of the request that AWS's model knows, with its size or its harmless value."""
    members = _members(call.service, call.operation)
    if members is None:
        return {name: _size(value) for name, value in call.params.items() if value is not None}
    known = ((name, members[name], value) for name, value in call.params.items() if name in members)
    return {name: _harmless(shape, value) or _size(value) for name, shape, value in known if value is not None}


@cache
def _members(service: str, operation: str) -> dict[str, Shape] | None:
    """None where there is no model, as for S3."""
    if service not in SERVICES:
        return None
    model = load(service).operations.get(operation)
    if model is None or model.input is None:
        return {}
    return model.input.members


def _harmless(shape: Shape, value: Any) -> str | None:
    """The value as text when it cannot be contents."""
    if shape.sensitive:
        return None
    if isinstance(value, bool | int | float):
        return str(value) if shape.type in _NUMBERS else None
    if isinstance(value, str):
        return value if value in shape.enum else None
    if isinstance(value, list) and shape.type == "list" and value:
        items = [_harmless(shape.member, item) for item in value]
        return ",".join(item for item in items if item) if all(items) else None
    return None


def _size(value: Any) -> str:
    if isinstance(value, str):
        return _told(len(value), "character")
    if isinstance(value, bytes | bytearray | memoryview):
        return _told(_bytes(value), "byte")
    if isinstance(value, Mapping | list | tuple):
        characters, count = _contents(value)
        parts = [_told(len(value), "item")] if not isinstance(value, Mapping) else []
        parts += [_told(characters, "character")] if characters or not (count or parts) else []
        parts += [_told(count, "byte")] if count else []
        return ", ".join(parts)
    return "stream" if hasattr(value, "read") or hasattr(value, "__iter__") else type(value).__name__


def _contents(value: Any) -> tuple[int, int]:
    """Characters and bytes in it, at any depth; keys do not count."""
    characters = count = 0
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, str):
            characters += len(one)
        elif isinstance(one, bytes | bytearray | memoryview):
            count += _bytes(one)
        elif isinstance(one, Mapping):
            todo.extend(one.values())
        elif isinstance(one, list | tuple):
            todo.extend(one)
    return characters, count


def _bytes(value: bytes | bytearray | memoryview) -> int:
    return value.nbytes if isinstance(value, memoryview) else len(value)


def _told(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
