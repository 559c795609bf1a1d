"""Fraud Detector's rule language, read and evaluated: `$price > 100 and $country not in ["US", "CA"]`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

_TOKEN = re.compile(
    r"""(?:\s|\#[^\n]*)*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<number>\d+(?:\.\d+)?)
    |(?P<variable>\$[A-Za-z_]\w*)|(?P<list>@[A-Za-z_]\w*)|(?P<word>[A-Za-z_]\w*)
    |(?P<sign><=|>=|!=|==|[<>()\[\],+\-*/%!])|(?P<end>\Z))""",
    re.VERBOSE,
)
_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COUNT: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}
_ARGUMENTS = {
    "regex_match": 2,
    "lowercase": 1,
    "uppercase": 1,
    "isbefore": 2,
    "isafter": 2,
    "getepochmilliseconds": 1,
    "getcurrentdatetime": 0,
}
"""The functions, and how many arguments each takes."""
_TRUTHS = {"true": True, "false": False, "null": None}
_TRUTH_MAKERS = ("or", "and", "!", "compare", "in", "regex_match", "isbefore", "isafter")

_DEPTH = 50
"""How deep an expression can be nested."""

Node = tuple[Any, ...]


class RuleError(ValueError):
    """An expression that is none; the text says why."""


@dataclass(frozen=True)
class Rule:
    """An expression that was read."""

    tree: Node
    variables: frozenset[str]
    lists: frozenset[str]

    def holds(self, values: Mapping[str, Any], lists: Mapping[str, Collection[str]], now: datetime) -> bool:
        """Whether it is true of the values; what has no value is null."""
        return _value(self.tree, values, lists, now) is True


@lru_cache(1000)
def read(text: str) -> Rule:
    """The rule that an expression says; RuleError when it is none, or not about true and false."""
    reader = _Reader(text)
    tree = reader.whole()
    if tree[0] not in _TRUTH_MAKERS and tree[0] != "variable" and tree not in (("value", True), ("value", False)):
        raise RuleError("The expression is not true or false.")
    return Rule(tree, frozenset(reader.variables), frozenset(reader.lists))


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """The expression with the values in the places of the variables."""

    def shown(found: re.Match[str]) -> str:
        if not found["variable"] or found["variable"][1:] not in values:
            return found[0]
        value = values[found["variable"][1:]]
        before = found[0][: -len(found["variable"])]
        return before + ("null" if value is None else str(value).lower() if isinstance(value, bool) else str(value))

    return _TOKEN.sub(shown, text)


class _Reader:
    def __init__(self, text: str) -> None:
        self.variables: set[str] = set()
        self.lists: set[str] = set()
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while True:
            found = _TOKEN.match(text, at)
            if found is None:
                raise RuleError(f"The sign at {at} is not one of the rule language.")
            at = found.end()
            self._tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            if found.lastgroup == "end":
                break
        self._at = 0
        self._depth = 0

    def _deeper(self, inner: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > _DEPTH:
            raise RuleError(f"The expression is nested deeper than {_DEPTH} times.")
        node = inner()
        self._depth -= 1
        return node

    def whole(self) -> Node:
        tree = self._either()
        if self._tokens[self._at][0] != "end":
            raise RuleError(f"There is something behind the end of the expression: {self._tokens[self._at][0]}.")
        return tree

    def _takes(self, *tokens: str) -> str:
        kind, text = self._tokens[self._at]
        if kind in ("word", "sign") and text.lower() in tokens:
            self._at += 1
            return text.lower()
        return ""

    def _needs(self, token: str) -> None:
        if not self._takes(token):
            raise RuleError(f"There is no {token} where one should be.")

    def _either(self) -> Node:
        parts = [self._both()]
        while self._takes("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else ("or", *parts)

    def _both(self) -> Node:
        parts = [self._not()]
        while self._takes("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else ("and", *parts)

    def _not(self) -> Node:
        return ("!", self._deeper(self._not)) if self._takes("!") else self._comparison()

    def _comparison(self) -> Node:
        left = self._sum()
        if sign := self._takes("==", "!=", *_COMPARE):
            return ("compare", sign, left, self._sum())
        if self._takes("not"):
            self._needs("in")
            return ("!", ("in", left, self._collection()))
        return ("in", left, self._collection()) if self._takes("in") else left

    def _collection(self) -> Node:
        kind, text = self._tokens[self._at]
        if kind == "list":
            self._at += 1
            self.lists.add(text[1:])
            return ("list", text[1:])
        self._needs("[")
        items = [self._sum()]
        while self._takes(","):
            items.append(self._sum())
        self._needs("]")
        return ("items", *items)

    def _sum(self) -> Node:
        return self._count(self._product, "+", "-")

    def _product(self) -> Node:
        return self._count(self._single, "*", "/", "%")

    def _count(self, part: Callable[[], Node], *signs: str) -> Node:
        first, further = part(), []
        while sign := self._takes(*signs):
            further.append((sign, part()))
        return ("count", first, *further) if further else first

    def _single(self) -> Node:
        if self._takes("-"):
            return ("count", ("value", 0), ("-", self._deeper(self._single)))
        if self._takes("("):
            inner = self._deeper(self._either)
            self._needs(")")
            return inner
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            return ("value", float(text) if "." in text else int(text))
        if kind == "text":
            return ("value", re.sub(r"\\([\"'\\])", r"\1", text[1:-1]))
        if kind == "variable":
            self.variables.add(text[1:])
            return ("variable", text[1:])
        if kind == "word" and text.lower() in _TRUTHS:
            return ("value", _TRUTHS[text.lower()])
        if kind == "word" and text.lower() in _ARGUMENTS:
            return self._call(text.lower())
        raise RuleError(f"There is a {kind} where a value should be.")

    def _call(self, name: str) -> Node:
        self._needs("(")
        arguments = []
        for number in range(_ARGUMENTS[name]):
            if number:
                self._needs(",")
            arguments.append(self._deeper(self._sum))
        self._needs(")")
        if name == "regex_match":
            _check_pattern(arguments[0])
        return (name, *arguments)


def _check_pattern(node: Node) -> None:
    if node[0] == "value":
        try:
            re.compile(str(node[1]))
        except re.error as error:
            raise RuleError("The regular expression is not one.") from error


def _value(node: Node, values: Mapping[str, Any], lists: Mapping[str, Collection[str]], now: datetime) -> Any:
    def of(inner: Node) -> Any:
        return _value(inner, values, lists, now)

    kind = node[0]
    if kind == "value":
        return node[1]
    if kind == "variable":
        return values.get(node[1])
    if kind == "or":
        return any(of(part) is True for part in node[1:])
    if kind == "and":
        return all(of(part) is True for part in node[1:])
    if kind == "!":
        return of(node[1]) is not True
    if kind == "compare":
        return _compares(node[1], of(node[2]), of(node[3]))
    if kind == "count":
        found = of(node[1])
        for sign, part in node[2:]:
            found = _counted(sign, found, of(part))
        return found
    if kind == "in":
        inside = node[2]
        found = lists.get(inside[1], ()) if inside[0] == "list" else [of(item) for item in inside[1:]]
        return _is_in(of(node[1]), found)
    return _called(kind, [of(part) for part in node[1:]], now)


def _is_in(value: Any, found: Collection[Any]) -> bool:
    if value is None:
        return False
    if isinstance(value, str) and value in found:
        return True
    return any(_compares("==", value, one) for one in found if not (isinstance(value, str) and isinstance(one, str)))


def _compares(sign: str, left: Any, right: Any) -> bool:
    """Numbers as numbers where both are, else texts; null is equal to null and in no order."""
    if left is not None and right is not None:
        left, right = _alike(left, right)
    if sign in ("==", "!="):
        return bool((left == right) == (sign == "=="))
    if left is None or right is None or type(left) is not type(right):
        return False
    return bool(_COMPARE[sign](left, right))


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    if isinstance(left, bool) and isinstance(right, bool):
        return left, right
    if isinstance(left, bool) or isinstance(right, bool):
        return str(left).lower(), str(right).lower()
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    try:
        return float(left), float(right)
    except (OverflowError, ValueError):
        return str(left), str(right)


def _counted(sign: str, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    try:
        return _COUNT[sign](float(left), float(right))
    except (ArithmeticError, ValueError):
        return left + right if sign == "+" and isinstance(left, str) and isinstance(right, str) else None


def _called(name: str, arguments: Sequence[Any], now: datetime) -> Any:
    if name == "getcurrentdatetime":
        return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if any(one is None for one in arguments):
        return None
    if name == "lowercase":
        return str(arguments[0]).lower()
    if name == "uppercase":
        return str(arguments[0]).upper()
    if name == "regex_match":
        return _matches(str(arguments[0]), str(arguments[1]))
    times = [_time(one) for one in arguments]
    if None in times:
        return None
    moments = [time.timestamp() for time in times if time]
    if name == "getepochmilliseconds":
        return int(moments[0] * 1000)
    return moments[0] < moments[1] if name == "isbefore" else moments[0] > moments[1]


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return False


def _time(text: Any) -> datetime | None:
    try:
        time = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
