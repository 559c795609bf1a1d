"""The rest of a reply of which a script gives a part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiservices.api.model import Operation, Shape
from aiservices.api.present import present
from aiservices.call import Reply


def completed(operation: Operation, given: Mapping[str, Any], rest: Mapping[str, Any]) -> Reply:
    """The given members, and of the rest what they leave out.

    Structures are completed member by member; lists, maps and unions are as given, and a list that is given has no
    further page.
    """
    others = {name: value for name, value in rest.items() if name != "ResponseMetadata"}
    if operation.output is None:
        return dict(given)
    if operation.page_tokens is not None and any(isinstance(value, list) for value in given.values()):
        others.pop(operation.page_tokens[1], None)
    return _merged(operation.output, given, others)


def is_whole(operation: Operation, given: Mapping[str, Any]) -> bool:
    """Whether nothing is left out but a further page."""
    left_out = operation.page_tokens[1] if operation.page_tokens else None
    return operation.output is None or _is_whole(operation.output, given, left_out)


def essential(operation: Operation, reply: Mapping[str, Any]) -> Reply:
    """Of a reply the members that AWS always sends."""
    if operation.output is None:
        return {}
    return _essential(operation.output, reply, operation.response_name)


def _merged(shape: Shape, given: Mapping[str, Any], rest: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**rest, **given}
    for name in given.keys() & rest.keys():
        inner = shape.members.get(name)
        both = isinstance(given[name], Mapping) and isinstance(rest[name], Mapping)
        if inner is not None and both and _has_members(inner) and not inner.union:
            merged[name] = _merged(inner, given[name], rest[name])
    return merged


def _is_whole(shape: Shape, given: Mapping[str, Any], left_out: str | None = None) -> bool:
    if shape.union:
        return True
    for name, inner in shape.members.items():
        if name not in given:
            if name != left_out:
                return False
        elif _has_members(inner) and isinstance(given[name], Mapping) and not _is_whole(inner, given[name]):
            return False
    return True


def _essential(shape: Shape, value: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    kept = {member: value[member] for member in present(shape, name) if member in value}
    for member, content in kept.items():
        inner = shape.members[member]
        if _has_members(inner) and not inner.union and isinstance(content, Mapping):
            kept[member] = _essential(inner, content)
    return kept


def _has_members(shape: Shape) -> bool:
    return shape.type == "structure" and not shape.document and not shape.eventstream
