"""Every way to break one constraint of a valid request, with what AWS would say."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from aiservices_mocks.limits import UNENFORCED, Constraints
from aiservices_mocks.patterns import matcher

from aiservices.api.model import Operation, Service, Shape

Step = str | int
LONG = 100_000
"""Longest value that is worth making."""
ODD = "\x00\ud83d\ude00 \n"  # matches few patterns


@dataclass(frozen=True)
class Break:
    """One broken constraint."""

    what: str
    request: Any
    constraint: str
    """A piece of AWS's sentence."""
    path: str
    """As AWS writes it."""


def breaks(operation: Operation, valid: dict[str, Any], seen: set[str] | None = None) -> Iterator[Break]:
    """Requests that break exactly one constraint each, made from a valid one.

    seen: names of structures whose insides were broken before; they are left out and added to.
    """
    if operation.input is not None:
        seen = set() if seen is None else seen
        for path, aws, change, constraint in _changes(operation.service, operation.input, valid, (), (), seen):
            yield Break(".".join(map(str, path)), _changed(valid, path, change), constraint, ".".join(aws))


REMOVED = object()


def _changed(value: Any, path: tuple[Step, ...], change: Any) -> Any:
    if not path:
        return change
    copy = value.copy()
    if change is REMOVED and len(path) == 1:
        del copy[path[0]]
    else:
        copy[path[0]] = _changed(value[path[0]], path[1:], change)
    return copy


def _changes(
    service: Service, shape: Shape, value: Any, path: tuple[Step, ...], aws: tuple[str, ...], seen: set[str]
) -> Iterator[tuple[tuple[Step, ...], tuple[str, ...], Any, str]]:
    if shape.document or shape.eventstream or shape.traits.get("jsonvalue"):
        return
    if shape.type == "structure":
        if shape.name in seen:
            return
        seen.add(shape.name)
        for name, inner in shape.members.items():
            if name not in value:
                continue
            place, said = (*path, name), (*aws, name[0].lower() + name[1:])
            if name in shape.required:
                yield place, said, REMOVED, "Member must not be null"
            yield from ((place, said, bad, words) for bad, words in _own(service, inner, value[name], name))
            yield from _changes(service, inner, value[name], place, said, seen)
    elif shape.type == "list" and value:
        if shape.member.type == "structure":
            yield from _changes(service, shape.member, value[0], (*path, 0), (*aws, "1", "member"), seen)
        else:
            for bad, words in _own(service, shape.member, value[0], ""):
                yield (*path, 0), aws, bad, f"Member must satisfy constraint: [{words}"
    elif shape.type == "map" and value:
        key = next(iter(value))
        for bad, words in _own(service, shape.key, key, ""):
            changed = {bad: value[key]} | {k: v for k, v in value.items() if k != key}
            yield path, aws, changed, f"Map keys must satisfy constraint: [{words}"
        if shape.value.type == "structure":
            yield from _changes(service, shape.value, value[key], (*path, key), (*aws, key, "member"), seen)
        else:
            for bad, words in _own(service, shape.value, value[key], ""):
                yield (*path, key), aws, bad, f"Map value must satisfy constraint: [{words}"


def _own(service: Service, shape: Shape, value: Any, member: str) -> Iterator[tuple[Any, str]]:
    """Values that break one constraint of a shape, and the others only if they must."""
    if shape.traits.get("jsonvalue"):
        return
    unit = "value" if shape.type in ("integer", "long", "float", "double") else "length"
    if shape.max is not None and shape.max < LONG and not (shape.enum and unit == "length"):
        longer = _grown(shape, value, int(shape.max) + 1)
        if longer is not None:
            yield longer, _in_list(service, shape, member, f"Member must have {unit} less than or equal to")
    if (
        shape.min is not None
        and shape.min > (0 if unit == "length" else -LONG)
        and not (shape.enum and unit == "length")
    ):
        shorter = _shrunk(shape, value, int(shape.min) - 1)
        if shorter is not None:
            yield shorter, _in_list(service, shape, member, f"Member must have {unit} greater than or equal to")
    names = (member, shape.name, f"{member} {shape.name}")
    unenforced = {(service.name, name) for name in names} & UNENFORCED
    if shape.pattern is not None and not unenforced:
        bad = next((v for v in (ODD, value + ODD, value + "\n", "") if not matcher(shape.pattern)(v)), None)
        if bad is not None:
            yield bad, _in_list(service, shape, member, "Member must satisfy regular expression pattern: ")
    if shape.enum:
        yield "no_such_value_" * 2, _in_list(service, shape, member, "Member must satisfy enum value set: [")


def _in_list(service: Service, shape: Shape, member: str, words: str) -> str:
    """Inside a container AWS names all constraints: the sentence begins with the first of them."""
    return words if member else str(Constraints(service, shape, ""))[1:20]


def _grown(shape: Shape, value: Any, size: int) -> Any:
    if shape.type in ("integer", "long", "float", "double"):
        return size
    if shape.type == "list":
        return [deepcopy(value[0]) if value else None for _ in range(size)] if value and size < 3000 else None
    if shape.type == "map":
        return None if not value or size > 300 else _more_keys(value, size)
    if shape.type == "blob":
        return b"x" * size
    return (value or "x")[-1] * size


def _more_keys(value: dict[str, Any], size: int) -> Any:
    key, content = next(iter(value.items()))
    return {key + format(n, "04d"): deepcopy(content) for n in range(size)}


def _shrunk(shape: Shape, value: Any, size: int) -> Any:
    if shape.type in ("integer", "long", "float", "double"):
        return size
    if shape.type == "map":
        return dict(list(value.items())[:size])
    return value[:size]


def wrong_types(
    shape: Shape, value: Any, seen: set[str], path: tuple[Step, ...] = ()
) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Places of a request, each with a value of the wrong JSON type for it; structures `seen` before left out."""
    if shape.document or shape.traits.get("jsonvalue"):
        return
    if path:
        yield path, {"boolean": "x", "string": 1}.get(shape.type, True)
    if shape.type == "structure" and shape.name not in seen:
        seen.add(shape.name)
        for name, inner in shape.members.items():
            if name in value:
                yield from wrong_types(inner, value[name], seen, (*path, name))
    elif shape.type == "list" and value:
        yield from wrong_types(shape.member, value[0], seen, (*path, 0))


def changed(value: Any, path: tuple[Step, ...], change: Any) -> Any:
    """A copy with one place changed."""
    return _changed(value, path, change)
