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
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from aiservices.api.model import Service, Shape, load

from .patterns import matcher
from .values import CONVERT, WrongTypeError, is_list, plain_json, wrong_type
from .violations import Path, Violation, message, refusal

Check = Callable[[Any, Path, "list[Violation]"], Any]

CODES = {"transcribe": "BadRequestException"}
"""Services that answer a broken constraint with a code of their own."""

UNENFORCED = frozenset(
    (
        ("forecast", "Frequency"),  # the pattern has no number before the unit; "2W" and "3M" are documented
        ("forecast", "RoleArn"),  # the model has a forecast ARN's pattern; real requests pass IAM roles
        ("forecast", "Value Arn"),  # the model has that pattern for a filter's value too; it can be a status
        ("kendra", "LambdaArn"),  # the model's pattern wants slashes around the ARN
        ("lexv2-models", "AnalyticsSessionId"),  # the model allows one character
        ("kendra-ranking", "RescoreId"),  # the model allows two characters
    )
)
"""Patterns that AWS does not enforce as its model has them, by service and name of member or shape, or of both."""


@cache
def checker(service: str, operation: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """The check of one operation's requests: returns the request as handlers take it, or raises AWS's error."""
    model = load(service)
    shape = model.operation(operation).input
    if shape is None:
        return _nothing
    walk = _structure(model, shape)

    def check(params: Mapping[str, Any]) -> dict[str, Any]:
        found: list[Violation] = []
        try:
            request: dict[str, Any] = walk(params, (), found)
        except WrongTypeError as error:
            raise refusal(service, operation, "SerializationException", str(error), str(error)) from None
        if found:
            code = CODES.get(service, "ValidationException")
            raise refusal(service, operation, code, message(found, Violation.safe), message(found, Violation.wire))
        return request

    return check


def _nothing(params: Mapping[str, Any]) -> dict[str, Any]:
    return {}


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
    return _structure(model, model.shape(name))


def _structure(service: Service, shape: Shape) -> Check:
    if shape.document:
        return lambda value, path, found: plain_json(value)
    parts = [
        (member, _check(service, inner, member), member in shape.required, member[:1].lower() + member[1:], inner)
        for member, inner in shape.members.items()
    ]
    union = shape.union

    def check(value: Any, path: Path, found: list[Violation]) -> dict[str, Any]:
        if type(value) is not dict and not isinstance(value, Mapping):
            wrong_type(value, "structure")
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
        if type(value) is not list and not is_list(value):
            wrong_type(value, "list")
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


def _map(service: Service, shape: Shape, element: Check, own: Constraints | None) -> Check:
    keys = Constraints(service, shape.key, "")

    def check(value: Any, path: Path, found: list[Violation]) -> dict[str, Any]:
        if type(value) is not dict and not isinstance(value, Mapping):
            wrong_type(value, "map")
        out = {}
        for key, content in value.items():
            if not isinstance(key, str):
                wrong_type(key, "string")
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
        return lambda value, path, found: plain_json(value)
    convert = CONVERT[shape.type]
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
        names = (member, shape.name, f"{member} {shape.name}")
        if shape.pattern is not None and not UNENFORCED & {(service.name, name) for name in names}:
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
