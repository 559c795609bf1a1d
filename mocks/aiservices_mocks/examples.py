"""Valid example values of any shape of the models, by the model's own constraints: types, required members,
lengths, ranges, enums and patterns. The same shape and seed give the same value."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from re import _constants as kind  # type: ignore[attr-defined]  # typeshed leaves them out
from re import _parser as parser  # type: ignore[attr-defined]  # typeshed leaves them out
from typing import Any

from aiservices.api.model import Shape

from .patterns import matcher

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_PRINTABLE = [chr(code) for code in range(0x20, 0x7F)]
_DIGITS, _WORD, _SPACE = set("0123456789"), {c for c in _PRINTABLE if c.isalnum() or c == "_"}, {" "}
_CATEGORIES = {
    kind.CATEGORY_DIGIT: _DIGITS, kind.CATEGORY_NOT_DIGIT: set(_PRINTABLE) - _DIGITS,
    kind.CATEGORY_WORD: _WORD, kind.CATEGORY_NOT_WORD: set(_PRINTABLE) - _WORD,
    kind.CATEGORY_SPACE: _SPACE, kind.CATEGORY_NOT_SPACE: set(_PRINTABLE) - _SPACE,
}  # fmt: skip
_PROPERTIES = {r"[\P{M}\p{M}]": "[ -~]", r"\P{C}": "[ -~]", r"\p{L}": "a-zA-Z", r"\p{Z}": " ", r"\p{N}": "0-9"}
_UNBOUNDED = 256  # what "any length" is held to
_DEEP = 2
_VARIANTS = 16  # different strings of a pattern: making one can take many tries
_START = datetime(2024, 2, 29, 12, 0, 1, tzinfo=UTC)


def example(shape: Shape, seed: int = 0, optional: bool = True) -> Any:
    """A valid value in boto3's shape. A stream comes as bytes, which boto3 takes for one.

    seed: another seed gives another value where the constraints leave a choice.
    optional: with the optional members too (a recursive shape is not entered again); else the required ones only.
    """
    return _value(shape, Random(f"{shape.name}/{seed}"), optional, ())


def _value(shape: Shape, random: Random, optional: bool, inside: tuple[str, ...]) -> Any:
    if shape.type == "structure":
        return _structure(shape, random, optional, inside)
    if shape.type == "list":
        return [_value(shape.member, random, optional, inside) for _ in range(_size(shape, random, inside))]
    if shape.type == "map":
        keys = [_value(shape.key, random, optional, inside) for _ in range(_size(shape, random, inside))]
        return {key: _value(shape.value, random, optional, inside) for key in keys}
    if shape.type == "string":
        return _string(shape, random)
    if shape.type in ("integer", "long"):
        low = int(shape.min or 0)
        return random.randint(low, min(int(shape.max), low + 100) if shape.max is not None else low + 100)
    if shape.type in ("float", "double"):
        least, most = float(shape.min or 0), float(shape.max if shape.max is not None else 1)
        return round(random.uniform(least, most), 3)
    if shape.type == "boolean":
        return random.random() < 0.5
    if shape.type == "blob":
        return random.randbytes(max(int(shape.min or 0), 3))
    if shape.type == "timestamp":
        return _START + timedelta(seconds=random.randrange(10**6))
    raise TypeError(f"no example for a {shape.type}")


def _structure(shape: Shape, random: Random, optional: bool, inside: tuple[str, ...]) -> Any:
    if shape.document:
        return {"key": ["value", random.randrange(100), True, {"deep": 0.5}]}
    inside = (*inside, shape.name)
    members = {name: member for name, member in shape.members.items() if not member.eventstream}
    if shape.union:
        name = random.choice([n for n, m in members.items() if not _enters(m, inside)])
        return {name: _value(members[name], random, optional, inside)}
    return {
        name: _value(member, random, optional, inside)
        for name, member in members.items()
        if name in shape.required or (optional and not _enters(member, inside))
    }


def _enters(shape: Shape, inside: tuple[str, ...]) -> bool:
    """Whether a value of the shape would hold one of the structures it is inside of."""
    while shape.type in ("list", "map"):
        shape = shape.member if shape.type == "list" else shape.value
    return shape.name in inside


def _size(shape: Shape, random: Random, inside: tuple[str, ...]) -> int:
    """One or two items; deep inside one, or the value would grow without end."""
    low, high = int(shape.min or 0), int(shape.max if shape.max is not None else 2)
    return max(low, min(high, random.choice((1, 2)) if len(inside) <= _DEEP else 1))


def _string(shape: Shape, random: Random) -> str:
    if shape.enum:
        return random.choice(shape.enum)
    low, high = int(shape.min or 0), int(shape.max if shape.max is not None else _UNBOUNDED)
    if shape.pattern is None:
        size = random.randint(max(low, min(3, high)), max(low, min(12, high)))
        return "".join(random.choice(_LETTERS) for _ in range(size))
    return _of_pattern(shape.pattern, low, high, random.randrange(_VARIANTS))


@cache
def _of_pattern(pattern: str, low: int, high: int, variant: int) -> str:
    tree, matches, random = _tree(pattern), matcher(pattern), Random(f"{pattern}/{variant}")
    for tries in range(400):
        # Longer and longer repeats until the least length is reached; shorter ones if that overshoots.
        text = _of_tree(tree, random, room=1 + tries % 50)
        if low <= len(text) <= high and matches(text):
            return text
    raise ValueError(f"no example of {low} to {high} characters for the pattern {pattern}")


@cache
def _tree(pattern: str) -> Any:
    for java, plain in _PROPERTIES.items():
        pattern = pattern.replace(java, plain)
    pattern = pattern.replace(r"\p{ASCII}", "[ -~]")
    return parser.parse(re.sub(r"\[([^\]]*)\\w-_", r"[\1\\w_", pattern))


def _of_tree(tree: Any, random: Random, room: int) -> str:
    return "".join(_of_node(operator, argument, random, room) for operator, argument in tree)


def _of_node(operator: Any, argument: Any, random: Random, room: int) -> str:
    if operator is kind.LITERAL:
        return chr(argument)
    if operator is kind.ANY:
        return random.choice(_LETTERS)
    if operator in (kind.IN, kind.NOT_LITERAL):
        items = argument if operator is kind.IN else [(kind.NEGATE, None), (kind.LITERAL, argument)]
        return random.choice(_of_set(tuple(items)))
    if operator in (kind.MAX_REPEAT, kind.MIN_REPEAT, kind.POSSESSIVE_REPEAT):
        low, high, item = argument
        most = max(low, min(int(high), room))
        count = random.choice((most, random.randint(low, most)))
        return "".join(_of_tree(item, random, room) for _ in range(count))
    if operator is kind.SUBPATTERN:
        return _of_tree(argument[-1], random, room)
    if operator is kind.BRANCH:
        return _of_tree(random.choice(argument[1]), random, room)
    if operator in (kind.AT, kind.ASSERT, kind.ASSERT_NOT):
        return ""  # the caller looks whether the whole matches
    raise ValueError(f"a pattern uses {operator}")


@cache
def _of_set(items: tuple[Any, ...]) -> list[str]:
    chosen: set[str] = set()
    negate = False
    for operator, argument in items:
        if operator is kind.NEGATE:
            negate = True
        elif operator is kind.LITERAL:
            chosen.add(chr(argument))
        elif operator is kind.RANGE:
            chosen |= {chr(code) for code in range(argument[0], min(argument[1], 0x2FF) + 1)}
        else:
            chosen |= _CATEGORIES[argument]
    found = sorted(set(_PRINTABLE) - chosen) if negate else sorted(chosen)
    plain = [sign for sign in found if sign.isascii() and sign.isalnum()]
    return plain or [sign for sign in found if sign.isprintable()] or found
