"""Whether a reply is one that the model allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from aiservices.api.model import Operation, Service, Shape
from aiservices.errors import nearest

from .limits import Constraints

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (float, int),
    "double": (float, int),
    "timestamp": datetime,
    "list": list,
    "map": Mapping,
    "structure": Mapping,
}
_UNTRUE = frozenset(
    (
        ("forecast", "PredictorArn", "Name"),
        ("forecast", "PredictorArn", "String"),
        ("forecast", "DatasetGroupArn", "String"),
        ("forecast", "Min", "String"),
        ("forecast", "Max", "String"),
        ("forecast", "RoleArn", "Arn"),
        ("personalize", "roleArn", "Arn"),
        ("lexv2-models", "botVersion", "DraftBotVersion"),
        ("comprehend", "Type", "EntityType"),
    )
)
"""Members whose shape has constraints that real replies break: an ARN has that of a name, a role that of
Personalize's own ARNs, an intent of any version that of the draft, a custom recognizer's type that of the
built-in ones;
Forecast's text that is no word has that of words."""


def check_reply(operation: Operation, reply: Mapping[str, Any], *, complete: bool = True) -> list[str]:
    """What is wrong with a reply, one sentence each; an empty list when it fits the model.

    It looks at members, types, required members, lengths, ranges, patterns and enums. complete: whether members that
    the model requires must be there; constraints too are only looked at in a complete reply.
    """
    members = {name: value for name, value in reply.items() if name != "ResponseMetadata"}
    if operation.output is None:
        return [f"{name}: the operation answers nothing" for name in members]
    return list(_check(operation.service, operation.output, members, "", complete))


def _check(service: Service, shape: Shape, value: Any, path: str, complete: bool) -> Iterator[str]:
    if shape.document or shape.traits.get("jsonvalue"):
        return
    if shape.eventstream or shape.type == "blob":
        if not _blob_fits(shape, value):
            yield f"{path}: {type(value).__name__} instead of a {'stream' if _streams(shape) else 'blob'}"
        return
    if not isinstance(value, _TYPES[shape.type]) or (isinstance(value, bool) and shape.type != "boolean"):
        yield f"{path or 'reply'}: {type(value).__name__} instead of {shape.type}"
        return
    if isinstance(value, datetime) and value.tzinfo is None:
        yield f"{path}: a date without a time zone"
    if complete and (service.name, path.rpartition(".")[2], shape.name) not in _UNTRUE:
        yield from (f"{path}: {broken}" for broken in Constraints(service, shape, "").broken(value))
    yield from _inside(service, shape, value, path, complete)


def _inside(service: Service, shape: Shape, value: Any, path: str, complete: bool) -> Iterator[str]:
    if shape.type == "structure":
        yield from _structure(service, shape, value, path, complete)
    elif shape.type == "list":
        for index, item in enumerate(value):
            yield from _check(service, shape.member, item, f"{path}[{index}]", complete)
    elif shape.type == "map":
        for key, item in value.items():
            yield from _check(service, shape.key, key, f"{path}.key", complete)
            yield from _check(service, shape.value, item, f"{path}[{key}]", complete)


def _structure(service: Service, shape: Shape, value: Mapping[str, Any], path: str, complete: bool) -> Iterator[str]:
    before = f"{path}." if path else ""
    for name, item in value.items():
        if name not in shape.members:
            yield f"{before}{name}: the model has no such member of {shape.name}{nearest(name, shape.members)}"
        else:
            yield from _check(service, shape.members[name], item, before + name, complete)
    if complete:
        yield from (f"{before}{name}: required, and not there" for name in shape.required if name not in value)
        if shape.union and len(value) != 1:
            yield f"{path or 'reply'}: exactly one member of {shape.name} must be there"


def _streams(shape: Shape) -> bool:
    return shape.streaming or shape.eventstream


def _blob_fits(shape: Shape, value: Any) -> bool:
    if shape.eventstream:
        return hasattr(value, "__iter__")
    if shape.streaming:
        return hasattr(value, "read") and hasattr(value, "close") and hasattr(value, "__iter__")
    return isinstance(value, bytes)
