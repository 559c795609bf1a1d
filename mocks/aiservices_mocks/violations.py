"""A broken constraint, told as AWS tells it and as we do: without contents."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiservices.api.model import Shape
from aiservices.errors import BadRequestError

Path = tuple[str, ...]

_IDENTITY = re.compile(r"(?i)(arn|id|name|code|type|format|version|rate|region|status|alias|locale|max\w*|size)s?$")
_PLAIN = re.compile(r"[A-Za-z0-9_.:/+=-]{0,256}")
_SHOWN = 10
"""Elements of a list that show one by one."""


class BrokenConstraintError(BadRequestError):
    """A request that breaks the model. Its message tells of contents only their length."""

    wire_message: str = ""
    """Exactly AWS's message, values included: for whoever stands in for the wire."""


class Violation:
    """One broken constraint: where, what was there, and what must be."""

    __slots__ = ("constraint", "path", "shape", "value")

    def __init__(self, path: Path, value: Any, shape: Shape, constraint: str) -> None:
        self.path = path
        self.value = value
        self.shape = shape
        self.constraint = constraint

    def wire(self) -> str:
        """AWS's sentence: values of sensitive members left out."""
        shown = "" if _secret(self.shape) else f" '{_java(self.value)}'"
        return self._sentence(shown, self.path)

    def safe(self) -> str:
        """The same sentence with contents replaced by their length."""
        path = tuple(part if _PLAIN.fullmatch(part) else f"({len(part)} characters)" for part in self.path)
        return self._sentence(" " + _told(self.value, self.shape, self.path[-1]), path)

    def _sentence(self, shown: str, path: Path) -> str:
        shown = " null" if self.value is None else shown
        return f"Value{shown} at '{'.'.join(path)}' failed to satisfy constraint: {self.constraint}"


def _secret(shape: Shape, inside: tuple[str, ...] = ()) -> bool:
    """Whether a sensitive value could be printed with it."""
    if shape.sensitive:
        return True
    if shape.name in inside:
        return False
    inside = (*inside, shape.name)
    parts = {"list": lambda: [shape.member], "map": lambda: [shape.key, shape.value]}
    parts["structure"] = lambda: list(shape.members.values())
    return any(_secret(part, inside) for part in parts.get(shape.type, list)())


def _java(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return f"java.nio.HeapByteBuffer[pos=0 lim={len(value)} cap={len(value)}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}={_java(content)}" for key, content in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_java(item) for item in value) + "]"
    return str(value)


def _told(value: Any, shape: Shape, name: str) -> str:
    """A value without contents: numbers, and names that look like names, show; of everything else the length."""
    if isinstance(value, bytes):
        return f"({len(value):,} bytes)"
    if isinstance(value, str):
        shows = (shape.enum or _IDENTITY.search(name)) and _PLAIN.fullmatch(value) and not shape.sensitive
        return f"'{value}'" if shows else f"({len(value):,} characters)"
    if isinstance(value, list):
        if shape.member.type != "string" or len(value) > _SHOWN:
            return f"({len(value):,} elements)"
        return "[" + ", ".join(_told(item, shape.member, name) for item in value) + "]"
    return f"({len(value):,} members)" if isinstance(value, Mapping) else f"'{_java(value)}'"


def refusal(service: str, operation: str, code: str, safe: str, wire: str) -> BrokenConstraintError:
    """The error with both of its messages."""
    error = BrokenConstraintError(safe, service=service, operation=operation, code=code, status=400)
    error.wire_message = wire
    return error


def message(found: Sequence[Violation], words: Callable[[Violation], str]) -> str:
    """All violations in one text."""
    count = f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: "
    return count + "; ".join(words(violation) for violation in found)
