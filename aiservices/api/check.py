"""What is looked at before a call is sent: names, types and required members, at every depth.

Lengths, ranges, patterns and enums are the service's to judge. Each shape gets one checker: a function that returns
the value as AWS takes it, or raises. No message holds a value: it may be somebody's text.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from ..errors import InvalidCallError, nearest
from .model import Operation, Shape, snake
from .versions import newer_installed

Check = Callable[[Any], Any]

_LONGEST_NAME = 64  # a wrong name is quoted, but not if somebody passed a text as a name


class WrongError(Exception):
    """Something is wrong at a place inside the parameters."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.place = ""

    def inside(self, part: str) -> WrongError:
        """The same, seen from one level further out."""
        dot = "." if self.place and not self.place.startswith("[") else ""
        self.place = f"{part}{dot}{self.place}"
        return self


class RequestCheck:
    """Turns an operation's parameters in snake case into AWS's dict."""

    def __init__(self, operation: Operation) -> None:
        shape = operation.input
        members = shape.members if shape else {}
        self._name = f"{operation.service.name}.{operation.name}"
        self._service = operation.service
        self._members = {snake(name): (name, checker(member)) for name, member in members.items()}
        self._required = frozenset(required(shape)) if shape else frozenset()

    def __call__(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """AWS's dict; a parameter that is None is not sent. Raises InvalidCallError."""
        found: dict[str, Any] = {}
        for name, value in parameters.items():
            if value is None:
                continue
            try:
                member, check = self._members[name]
            except KeyError:
                raise self._unknown(name) from None
            try:
                found[member] = check(value)
            except WrongError as wrong:
                wrong.inside(name)
                raise InvalidCallError(f"{self._name}: {wrong.place} {wrong.problem}") from None
        if not self._required <= found.keys():
            missing = [name for name, (member, _) in self._members.items() if member in self._required - found.keys()]
            raise InvalidCallError(f"{self._name} needs {_list(missing)}")
        return found

    def positional(self) -> InvalidCallError:
        """The error for arguments without names."""
        return InvalidCallError(f"{self._name} takes its parameters by name: {_list(self._members)}")

    def _unknown(self, name: str) -> InvalidCallError:
        if not self._members:
            return InvalidCallError(f"{self._name} takes no parameters{newer_installed(self._service)}")
        hint = nearest(snake(name), self._members) or f"; it takes {_list(self._members)}"
        hint += newer_installed(self._service)
        return InvalidCallError(f'{self._name} has no parameter "{name[:_LONGEST_NAME]}"{hint}')


def required(shape: Shape) -> list[str]:
    """The members a caller must give: an idempotency token is filled in when it is missing."""
    return [n for n, m in shape.members.items() if n in shape.required and not m.traits.get("idempotencyToken")]


class StructureCheck:
    """Turns a structure, by AWS's names or in snake case or one of our types, into AWS's dict."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape

    @cached_property
    def _members(self) -> dict[str, tuple[str, Check]]:
        # Made when the first value comes by: the shape may hold itself.
        checks = {name: (name, checker(member)) for name, member in self._shape.members.items()}
        return {snake(name): entry for name, entry in checks.items()} | checks

    @cached_property
    def _required(self) -> frozenset[str]:
        return frozenset(required(self._shape))

    def __call__(self, value: Any) -> dict[str, Any]:
        """AWS's dict."""
        if type(value) is not dict and not isinstance(value, Mapping):
            to_aws = getattr(value, "to_aws", None)
            if to_aws is None:
                raise _takes(f"a dict or a {self._shape.name}", value)
            value = to_aws()
        found: dict[str, Any] = {}
        for name, item in value.items():
            if item is None:
                continue
            member, check = self._members.get(name) or self._unknown(name)
            if member in found:
                raise WrongError(f"has {member} twice")
            try:
                found[member] = check(item)
            except WrongError as wrong:
                raise wrong.inside(name) from None
        if not self._required <= found.keys():
            raise WrongError(f"needs {_list(n for n in self._shape.members if n in self._required - found.keys())}")
        return found

    def _unknown(self, name: Any) -> tuple[str, Check]:
        if not isinstance(name, str):
            raise WrongError(f"has a member that is not a string but {_article(name)}")
        names = self._shape.members
        hint = nearest(name, names) or f"; it takes {_list(names)}"
        hint += newer_installed(self._shape.service)
        raise WrongError(f'has no member "{name[:_LONGEST_NAME]}"{hint}')


def checker(shape: Shape) -> Check:
    """The checker of a shape."""
    if shape.document or shape.eventstream:
        return _anything
    if shape.type == "blob":
        return _stream if shape.streaming else _bytes
    if shape.type in _SCALARS:
        return _SCALARS[shape.type]
    return _compound(shape.service, shape.name)


@cache
def _compound(service: Any, name: str) -> Check:
    shape = service.shape(name)
    if shape.type == "list":
        return _list_check(shape)
    return _map_check(shape) if shape.type == "map" else StructureCheck(shape)


def _list_check(shape: Shape) -> Check:
    check = _late(shape.member)

    def check_list(value: Any) -> list[Any]:
        if type(value) is not list and (
            not isinstance(value, Sequence) or isinstance(value, str | bytes | bytearray | memoryview)
        ):
            raise _takes("a list", value)
        found = []
        for item in value:
            try:
                found.append(check(item))
            except WrongError as wrong:
                raise wrong.inside(f"[{len(found)}]") from None
        return found

    return check_list


def _map_check(shape: Shape) -> Check:
    check = _late(shape.value)

    def check_map(value: Any) -> dict[str, Any]:
        if type(value) is not dict and not isinstance(value, Mapping):
            raise _takes("a dict", value)
        found = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise WrongError(f"takes strings as keys, not {_article(key)}")
            try:
                found[key] = check(item)
            except WrongError as wrong:
                raise wrong.inside(f"[{key[:_LONGEST_NAME]!r}]") from None
        return found

    return check_map


def _late(shape: Shape) -> Check:
    """The checker of a list's or map's items; looked up at the first item where the shape may hold itself."""
    if shape.type not in ("list", "map"):
        return checker(shape)
    return lambda value: checker(shape)(value)


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise _takes("a string", value)


def _integer(value: Any) -> int:
    if type(value) is int:
        return value
    if not isinstance(value, bool):
        try:
            return operator.index(value)  # numpy's whole numbers too
        except TypeError:
            pass
    raise _takes("a whole number", value)


def _float(value: Any) -> float:
    if isinstance(value, float):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return float(value)
    if hasattr(type(value), "__float__") and not isinstance(value, bool):  # numpy's float32
        return float(value)
    raise _takes("a number", value)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _takes("True or False", value)


def _timestamp(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OverflowError, ValueError, OSError):
            raise WrongError(
                f"takes a datetime, or seconds since 1970 between years 1 and 9999, not {value!r:.40}"
            ) from None
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise WrongError("takes a datetime, or its text as in 2026-01-31T12:00:00Z") from None
    raise _takes("a datetime", value)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    if isinstance(value, str):
        raise WrongError("takes bytes, not a string: read the file, or encode the text")
    raise _takes("bytes", value)


def _stream(value: Any) -> Any:
    return value if hasattr(value, "read") else _bytes(value)


def _anything(value: Any) -> Any:
    return value


_SCALARS: Mapping[str, Check] = {
    "string": _string, "integer": _integer, "long": _integer, "float": _float, "double": _float,
    "boolean": _boolean, "timestamp": _timestamp,
}  # fmt: skip


def _takes(wanted: str, value: Any) -> WrongError:
    return WrongError(f"takes {wanted}, not {_article(value)}")


def _article(value: Any) -> str:
    kind = "None" if value is None else type(value).__name__
    return kind if value is None else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _list(names: Iterable[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last
