"""Docstrings of operations: what they take, answer and refuse, from the model; AWS's prose is one link away."""

from __future__ import annotations

from collections.abc import Iterator

from .check import required
from .hints import given, taken
from .model import Operation, Shape, snake

_ENUM_SHOWN = 12


def facts(operation: Operation) -> str:
    """The docstring of an operation."""
    lines = [f"{operation.service.name}.{operation.name}, typed.", ""]
    if operation.input and operation.input.members:
        must = required(operation.input)
        members = operation.input.members
        lines += ["Takes:"]
        lines += [
            f"    {snake(name)}: {'; '.join(_about(members[name], name in must))}"
            for name in (*must, *(n for n in members if n not in must))
        ]
    else:
        lines += ["Takes nothing."]
    lines += [
        f"Answers {operation.response_name}:" if operation.output else f"Answers an empty {operation.response_name}."
    ]
    if operation.output:
        lines += [f"    {snake(name)}: {given(shape)}" for name, shape in operation.output.members.items()]
    if operation.errors:
        lines += [f"Errors: {', '.join(operation.errors)}."]
    return "\n".join([*lines, f"Reference: {reference(operation)}"])


def reference(operation: Operation) -> str:
    """The address of AWS's page about the operation."""
    return f"https://docs.aws.amazon.com/goto/WebAPI/{operation.service.metadata['uid']}/{operation.name}"


def _about(shape: Shape, must: bool) -> Iterator[str]:
    yield taken(shape)
    if must:
        yield "required"
    if shape.traits.get("idempotencyToken"):
        yield "made up when missing"
    yield from _limits(shape)
    if shape.type == "list":
        yield from (f"each {limit}" for limit in _limits(shape.member))


def _limits(shape: Shape) -> Iterator[str]:
    unit = {"string": " characters", "blob": " bytes", "list": " items", "map": " entries"}.get(shape.type, "")
    low, high = shape.min, shape.max
    if low is not None and high is not None:
        yield f"{low:,} to {high:,}{unit}" if low != high else f"{low:,}{unit}"
    elif high is not None:
        yield f"at most {high:,}{unit}"
    elif low:
        yield f"at least {low:,}{unit}"
    if shape.enum:
        more = len(shape.enum) - _ENUM_SHOWN
        yield f"one of {', '.join(shape.enum[:_ENUM_SHOWN])}" + (f" and {more} more" if more > 0 else "")
    elif shape.pattern:
        yield f"like {shape.pattern}"
