"""How types are written: in the stubs, in signatures, in docstrings."""

from __future__ import annotations

from collections.abc import Mapping

from .check import required
from .model import Operation, Shape, snake

_SCALARS: Mapping[str, str] = {
    "integer": "int", "long": "int", "float": "float", "double": "float", "boolean": "bool",
    "blob": "bytes", "timestamp": "datetime",
}  # fmt: skip


def taken(shape: Shape) -> str:
    """The type of a parameter: as wide as what the client accepts without losing sight of a mistake."""
    if shape.document or shape.eventstream:
        return "Any"
    if shape.streaming:
        return "bytes | Readable"
    if shape.type == "list":
        return f"Sequence[{taken(shape.member)}]"
    if shape.type == "map":
        return f"Mapping[str, {taken(shape.value)}]"
    if shape.type == "structure":
        return f"{shape.name} | Mapping[str, Any]"
    return _scalar(shape)


def given(shape: Shape) -> str:
    """The type of a field."""
    if shape.document or shape.eventstream:
        return "Any"
    if shape.streaming:
        return "Readable"
    if shape.type == "list":
        return f"list[{given(shape.member)}]"
    if shape.type == "map":
        return f"dict[str, {given(shape.value)}]"
    return shape.name if shape.type == "structure" else _scalar(shape)


def _scalar(shape: Shape) -> str:
    if shape.type == "string":
        return shape.name if shape.enum else "str"
    return _SCALARS[shape.type]


def parameters(operation: Operation) -> dict[str, tuple[str, bool]]:
    """The parameters of an operation's method: name -> type and whether it must be given; those that must first."""
    if operation.input is None:
        return {}
    must = required(operation.input)
    members = operation.input.members
    ordered = [*must, *(name for name in members if name not in must)]
    return {snake(name): (taken(members[name]) + ("" if name in must else " | None"), name in must) for name in ordered}
