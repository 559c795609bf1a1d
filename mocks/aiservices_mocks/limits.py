"""Every constraint of the model, checked before anything is looked up, in AWS's words and with AWS's code.

A checker walks a request once: it raises `SerializationException` at the first wrong JSON type, gathers every broken
constraint, and returns the request as handlers take it: members of the model only, none of them None, blobs as bytes,
timestamps as aware datetimes, containers copied.

The wording of constraints and of wrong types is what AWS's Java front end answers, as quoted in public test suites
(dynalite, moto, localstack) and issue threads. Lengths of strings count code points, as Smithy's length trait does
(https://smithy.io/2.0/spec/constraint-traits.html#length-trait).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NoReturn

from aiservices.api.model import Service, Shape, load
from aiservices.errors import BadRequestError

from .patterns import matcher

Path = tuple[str, ...]
Check = Callable[[Any, Path, "list[Violation]"], Any]

CODES = {"transcribe": "BadRequestException"}
"""Services that answer a broken constraint with a code of their own."""

UNENFORCED = frozenset(
    (
        ("forecast", "RoleArn"),  # the model has a forecast ARN's pattern; real requests pass IAM roles
        ("kendra", "LambdaArn"),  # the model's pattern wants slashes around the ARN
        ("lexv2-models", "AnalyticsSessionId"),  # the model allows one character
        ("kendra-ranking", "RescoreId"),  # the model allows two characters
    )
)
"""Patterns that AWS does not enforce as its model has them, by service and name of member or shape."""

_IDENTITY = re.compile(r"(?i)(arn|id|name|code|type|format|version|rate|region|status|alias|locale|max\w*|size)s?$")
_PLAIN = re.compile(r"[A-Za-z0-9_.:/+=-]{0,256}")


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
        return self._sentence(" " + _told(self.value, self.shape, self.path), path)

    def _sentence(self, shown: str, path: Path) -> str:
        shown = " null" if self.value is None else shown
        return f"Value{shown} at '{'.'.join(path)}' failed to satisfy constraint: {self.constraint}"


class WrongTypeError(ValueError):
    """A value whose JSON type is not the model's. The message is AWS's and holds no contents."""


@cache
def checker(service: str, operation: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """The check of one operation's requests: returns the request as handlers take it, or raises AWS's error."""
    model = load(service)
    shape = model.operation(operation).input
    if shape is None:
        return _nothing
    walk = _structure(model, shape, "")

    def check(params: Mapping[str, Any]) -> dict[str, Any]:
        found: list[Violation] = []
        try:
            request: dict[str, Any] = walk(params, (), found)
        except WrongTypeError as error:
            raise _refusal(service, operation, "SerializationException", str(error), str(error)) from None
        if found:
            code = CODES.get(service, "ValidationException")
            raise _refusal(service, operation, code, _message(found, Violation.safe), _message(found, Violation.wire))
        return request

    return check


def _nothing(params: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _refusal(service: str, operation: str, code: str, safe: str, wire: str) -> BrokenConstraintError:
    error = BrokenConstraintError(safe, service=service, operation=operation, code=code, status=400)
    error.wire_message = wire
    return error


def _message(found: Sequence[Violation], words: Callable[[Violation], str]) -> str:
    count = f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: "
    return count + "; ".join(words(violation) for violation in found)


# One checker per kind of shape. `member` is the name of the member that has the shape: some patterns are not enforced
# for one member only.


def _check(service: Service, shape: Shape, member: str) -> Check:
    if shape.type == "structure":
        return _recursive(service, shape)
    constraints = Constraints(service, shape, member)
    if shape.type in ("list", "map"):
        return _gathering(_container(service, shape), shape, constraints)
    return _gathering(_scalar(shape), shape, constraints)


def _recursive(service: Service, shape: Shape) -> Check:
    """Checkers of structures are made at the first value: a structure may hold itself."""
    made: list[Check] = []

    def check(value: Any, path: Path, found: list[Violation]) -> Any:
        if not made:
            made.append(_named_structure(service.name, shape.name))
        return made[0](value, path, found)

    return check


@cache
def _named_structure(service: str, name: str) -> Check:
    model = load(service)
    return _structure(model, model.shape(name), name)


def _structure(service: Service, shape: Shape, name: str) -> Check:
    if shape.document:
        return lambda value, path, found: _plain_json(value)
    parts = [
        (member, _check(service, inner, member), member in shape.required, member[:1].lower() + member[1:], inner)
        for member, inner in shape.members.items()
    ]
    union = shape.union

    def check(value: Any, path: Path, found: list[Violation]) -> dict[str, Any]:
        if type(value) is not dict and not isinstance(value, Mapping):
            _wrong(value, "structure")
        out = {}
        for member, inner_check, required, lower, inner in parts:
            content = value.get(member)
            if content is not None:
                out[member] = inner_check(content, (*path, lower), found)
            elif required:
                found.append(Violation((*path, lower), None, inner, "Member must not be null"))
        if union and len(out) != 1:
            raise WrongTypeError("Union must have exactly one member set")
        return out

    return check


def _gathering(convert: Check, shape: Shape, constraints: Constraints) -> Check:
    if not constraints:
        return convert
    broken = constraints.broken

    def check(value: Any, path: Path, found: list[Violation]) -> Any:
        value = convert(value, path, found)
        for constraint in broken(value):
            found.append(Violation(path, value, shape, constraint))
        return value

    return check


def _container(service: Service, shape: Shape) -> Check:
    inner = shape.member if shape.type == "list" else shape.value
    if inner.type == "structure":
        element: Check = _recursive(service, inner)
        own = None
    else:
        element = _container(service, inner) if inner.type in ("list", "map") else _scalar(inner)
        own = Constraints(service, inner, "") or None
    return _list(shape, element, own) if shape.type == "list" else _map(service, shape, element, own)


def _list(shape: Shape, element: Check, own: Constraints | None) -> Check:
    def check(value: Any, path: Path, found: list[Violation]) -> list[Any]:
        if type(value) is not list and not _is_list(value):
            _wrong(value, "list")
        out = []
        for index, item in enumerate(value, start=1):
            inside = (*path, str(index), "member")
            if item is None:
                found.append(Violation(inside, None, shape.member, "Member must not be null"))
                continue
            out.append(element(item, inside, found))
        if own and any(own.broken(item) for item in out):
            found.append(Violation(path, out, shape, f"Member must satisfy constraint: {own}"))
        return out

    return check


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray, memoryview))


def _map(service: Service, shape: Shape, element: Check, own: Constraints | None) -> Check:
    keys = Constraints(service, shape.key, "")

    def check(value: Any, path: Path, found: list[Violation]) -> dict[str, Any]:
        if type(value) is not dict and not isinstance(value, Mapping):
            _wrong(value, "map")
        out = {}
        for key, content in value.items():
            if not isinstance(key, str):
                _wrong(key, "string")
            if content is not None:
                out[key] = element(content, (*path, key, "member"), found)
        if keys and any(keys.broken(key) for key in out):
            found.append(Violation(path, out, shape, f"Map keys must satisfy constraint: {keys}"))
        if own and any(own.broken(content) for content in out.values()):
            found.append(Violation(path, out, shape, f"Map value must satisfy constraint: {own}"))
        return out

    return check


def _scalar(shape: Shape) -> Check:
    if shape.traits.get("jsonvalue"):
        return lambda value, path, found: _plain_json(value)
    convert = _CONVERT[shape.type]
    return lambda value, path, found: convert(value)


class Constraints:
    """What a shape's own value must satisfy: length or range, pattern, enum, in the order AWS names them."""

    __slots__ = ("rules",)

    def __init__(self, service: Service, shape: Shape, member: str) -> None:
        self.rules: list[tuple[str, Callable[[Any], bool]]] = []
        measure = _measure(shape)
        word = "value" if shape.type in _NUMBERS else "length"
        if shape.max is not None:
            most = shape.max
            self.rules.append((f"Member must have {word} less than or equal to {most}", lambda v: measure(v) <= most))
        if shape.min is not None:
            least = shape.min
            self.rules.append(
                (f"Member must have {word} greater than or equal to {least}", lambda v: measure(v) >= least)
            )
        if shape.pattern is not None and not UNENFORCED & {(service.name, member), (service.name, shape.name)}:
            pattern = shape.pattern
            self.rules.append(
                (f"Member must satisfy regular expression pattern: {pattern}", lambda v: bool(matcher(pattern)(v)))
            )
        if shape.enum:
            allowed = shape.enum
            self.rules.append((f"Member must satisfy enum value set: [{', '.join(allowed)}]", lambda v: v in allowed))

    def __bool__(self) -> bool:
        return bool(self.rules)

    def __str__(self) -> str:
        return f"[{', '.join(words for words, _ in self.rules)}]"

    def broken(self, value: Any) -> list[str]:
        """The constraints that a value breaks."""
        return [words for words, holds in self.rules if not holds(value)]


_NUMBERS = frozenset(("integer", "long", "float", "double"))


def _measure(shape: Shape) -> Callable[[Any], float]:
    if shape.type in _NUMBERS:
        return lambda value: value
    if shape.traits.get("jsonvalue"):
        return lambda value: len(json.dumps(value))
    return len


# Conversions to the types that handlers take; anything else is a wrong JSON type.


def _string(value: Any) -> str:
    return value if isinstance(value, str) else _wrong(value, "string")


def _boolean(value: Any) -> bool:
    return value if isinstance(value, bool) else _wrong(value, "boolean")


def _integer(value: Any, bits: int = 32, name: str = "integer") -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or not math.isfinite(value):
        _wrong(value, name)
    number = int(value)
    if not -(1 << bits - 1) <= number < 1 << bits - 1:
        _wrong(value, name)
    return number


def _long(value: Any) -> int:
    return _integer(value, 64, "long")


def _float(value: Any, name: str = "float") -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or not math.isfinite(value):
        _wrong(value, name)
    return float(value)


def _blob(value: Any) -> bytes:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, str):
        return value.encode("utf-8")
    if hasattr(value, "read"):
        content = value.read()
        return content.encode("utf-8") if isinstance(content, str) else bytes(content)
    _wrong(value, "blob")


def _timestamp(value: Any) -> datetime:
    """Naive dates are UTC, and numbers seconds since 1970, as in botocore."""
    try:
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return datetime.fromtimestamp(float(value), UTC)
        if isinstance(value, str):
            return _timestamp(datetime.fromisoformat(value))
    except (ValueError, OverflowError, OSError):
        pass
    _wrong(value, "timestamp")


_CONVERT: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "boolean": _boolean,
    "integer": _integer,
    "long": _long,
    "float": _float,
    "double": lambda value: _float(value, "double"),
    "blob": _blob,
    "timestamp": _timestamp,
}


def _plain_json(value: Any) -> Any:
    """A copy of any JSON value."""
    if isinstance(value, Mapping):
        return {key: _plain_json(content) for key, content in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain_json(item) for item in value]
    if value is None or isinstance(value, (str, bool, int, float, Decimal)):
        return value
    _wrong(value, "document")


_EXPECTED = {"list": "Expected list or null", "map": "Expected map or null", "structure": "Expected null"}


def _wrong(value: Any, expected: str) -> NoReturn:
    if isinstance(value, Mapping):
        raise WrongTypeError("Start of structure or map found where not expected.")
    if isinstance(value, (list, tuple)):
        raise WrongTypeError("Start of list found where not expected")
    if expected in _EXPECTED:
        raise WrongTypeError(_EXPECTED[expected])
    article = "a" if expected == "blob" else "an"
    raise WrongTypeError(f"{_java_class(value)} can not be converted to {article} {expected.capitalize()}")


def _java_class(value: Any) -> str:
    names = {bool: "class java.lang.Boolean", str: "class java.lang.String", float: "class java.lang.Double"}
    if isinstance(value, int) and not isinstance(value, bool):
        size = "Short" if -(2**15) <= value < 2**15 else "Integer" if -(2**31) <= value < 2**31 else "Long"
        return f"class java.lang.{size}"
    return names.get(type(value), f"a Python {type(value).__name__}")


# How values show: on the wire as Java prints them, in our own messages without contents.


def _secret(shape: Shape) -> bool:
    if shape.sensitive:
        return True
    if shape.type == "list":
        return _secret(shape.member)
    if shape.type == "map":
        return _secret(shape.key) or _secret(shape.value)
    return False


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


def _told(value: Any, shape: Shape, path: Path) -> str:
    if isinstance(value, (bool, int, float)):
        return f"'{_java(value)}'"
    if isinstance(value, bytes):
        return f"({len(value):,} bytes)"
    if isinstance(value, str):
        shows = (shape.enum or _IDENTITY.search(path[-1])) and _PLAIN.fullmatch(value) and not shape.sensitive
        return f"'{value}'" if shows else f"({len(value):,} characters)"
    if isinstance(value, list):
        inner = [_told(item, shape.member, path) for item in value] if shape.member.type == "string" else []
        return "'[" + ", ".join(inner) + "]'" if inner and len(inner) <= 10 else f"({len(value):,} elements)"
    return f"({len(value):,} members)" if isinstance(value, Mapping) else f"({type(value).__name__})"
