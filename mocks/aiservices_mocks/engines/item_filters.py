"""Personalize's filter expressions: read, held against what is known of an item, an action or a user.

`INCLUDE ItemID WHERE Items.GENRE IN ("drama", $GENRE) AND Items.PRICE < 20 IF CurrentUser.AGE > 18 | EXCLUDE ...`:
expressions behind one another each take what the one before has left.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<mark>\$\w+)
    |(?P<name>[A-Za-z_]\w*(?:\.\w+)?)|(?P<sign><=|>=|!=|[=<>(),*|]))""",
    re.VERBOSE,
)
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_PARTS = re.compile(r'(?:"[^"]*"|[^,"])+')
"""The values of a placeholder: with commas between, and between quotes where they have some of their own."""
_SUBJECTS = {"itemid": "Item", "userid": "User", "actionid": "Action"}
_DATASETS = {
    "items": "ITEMS",
    "item": "ITEMS",
    "users": "USERS",
    "user": "USERS",
    "actions": "ACTIONS",
    "action": "ACTIONS",
    "interactions": "INTERACTIONS",
    "interaction": "INTERACTIONS",
    "action_interactions": "ACTION_INTERACTIONS",
    "currentuser": "CURRENT_USER",
    "currentitem": "CURRENT_ITEM",
}
Fields = Mapping[str, Any]
"""The fields of a record, their names in upper case."""


class FilterError(ValueError):
    """An expression that is none; the text says why."""


@dataclass(frozen=True)
class Condition:
    """`Items.PRICE < 20`: operands are texts, numbers, marks (`$P`) and fields (`CurrentItem.PRICE`)."""

    dataset: str
    field: str
    sign: str
    operands: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Expression:
    """One expression. where: conditions joined by AND inside, by OR between."""

    includes: bool
    subject: str
    where: tuple[tuple[Condition, ...], ...]
    when: tuple[Condition, ...]

    @property
    def dataset(self) -> str:
        """The dataset that its conditions are about."""
        return self.where[0][0].dataset

    def marks(self) -> set[str]:
        """The names of its placeholders."""
        conditions = [*(one for some in self.where for one in some), *self.when]
        return {text for one in conditions for kind, text in one.operands if kind == "mark"}


def read(text: str) -> list[Expression]:
    """The expressions of a filter; FilterError when it is none."""
    return _Reader(text).expressions()


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        at, text = 0, text.strip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise FilterError(f"Invalid input symbol: {text[at:].strip()[:1]}")
            self._tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            at = found.end()
        self._at = 0

    def expressions(self) -> list[Expression]:
        found = [self._expression()]
        while self._takes("|"):
            found.append(self._expression())
        if self._at < len(self._tokens):
            raise _unexpected(*self._tokens[self._at])
        return found

    def _expression(self) -> Expression:
        action = self._word("INCLUDE", "EXCLUDE")
        subject = _SUBJECTS[self._word("ItemID", "UserID", "ActionID").lower()]
        self._word("WHERE")
        where = [[self._condition()]]
        while word := self._takes("AND", "OR"):
            if word == "OR":
                where.append([])
            where[-1].append(self._condition())
        when = []
        if self._takes("IF"):
            when = [self._condition()]
            while self._takes("AND"):
                when.append(self._condition())
            if any(one.dataset != "CURRENT_USER" for one in when):
                raise FilterError("IF is for conditions of the CurrentUser only.")
        datasets = {one.dataset for some in where for one in some} - {"CURRENT_USER"}
        if len(datasets) > 1:
            raise FilterError("Conditions of one expression can only be about the fields of one dataset.")
        return Expression(action == "INCLUDE", subject, tuple(map(tuple, where)), tuple(when))

    def _condition(self) -> Condition:
        dataset, field = self._field(self._next("name"))
        if self._takes("NOT"):
            self._word("IN")
            sign = "NOT IN"
        else:
            sign = self._takes("IN", *_COMPARE)
        if not sign:
            raise FilterError(f"There is no operator behind {dataset}.{field}.")
        operands = self._operands()
        if sign == "NOT IN" and (marks := [text for kind, text in operands if kind == "mark"]):
            raise FilterError(f"Invalid input symbol: ${marks[0]}. Placeholders are not allowed with NOT_IN operator.")
        return Condition(dataset, field, sign, operands)

    def _operands(self) -> tuple[tuple[str, str], ...]:
        if not self._takes("("):
            return (self._operand(),)
        found = [self._operand()]
        while self._takes(","):
            found.append(self._operand())
        if not self._takes(")"):
            raise FilterError("A list of values is not closed.")
        return tuple(found)

    def _operand(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise FilterError("The expression ends where a value should be.")
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "text":
            return "text", re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "mark":
            return "mark", text[1:]
        if kind == "name" and "." in text:
            return "field", ".".join(self._field(text))
        if kind == "number" or text == "*":
            return ("number" if kind == "number" else "text"), text
        raise _unexpected(kind, text)

    def _field(self, name: str) -> tuple[str, str]:
        dataset, _, field = name.partition(".")
        if not field or dataset.lower() not in _DATASETS:
            raise FilterError(f"Invalid input symbol: {name}. Name a field as dataset.field.")
        return _DATASETS[dataset.lower()], field.upper()

    def _next(self, kind: str) -> str:
        if self._at >= len(self._tokens) or self._tokens[self._at][0] != kind:
            raise FilterError(f"There is no {kind} where one should be.")
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _takes(self, *words: str) -> str:
        """The next token if it is one of these, in their spelling; else nothing."""
        if self._at < len(self._tokens) and self._tokens[self._at][0] in ("name", "sign"):
            token = self._tokens[self._at][1].lower()
            for word in words:
                if word.lower() == token:
                    self._at += 1
                    return word
        return ""

    def _word(self, *words: str) -> str:
        found = self._takes(*words)
        if not found:
            raise FilterError(f"Invalid Expression: {' or '.join(words)} is missing.")
        return found


def _unexpected(kind: str, text: str) -> FilterError:
    return FilterError(f"Invalid input symbol: {f'a text of {len(text)} characters' if kind == 'text' else text}")


def keeps(
    expressions: Sequence[Expression],
    values: Mapping[str, str],
    records: Callable[[str], Sequence[Fields]],
    user: Fields,
    item: Fields,
) -> bool:
    """Whether a candidate is left in.

    values: for placeholders, several ones with commas between; a condition whose placeholder has none is left out.
    records: what a dataset knows of the candidate. user, item: the current ones.
    """
    current = {"CURRENT_USER": user, "CURRENT_ITEM": item}
    for one in expressions:
        if not all(_holds(condition, user, values, current) for condition in one.when):
            continue
        if not one.includes and one.marks() - values.keys():
            continue
        found = [user] if one.dataset == "CURRENT_USER" else records(one.dataset)
        fits = any(
            any(all(_holds(c, current.get(c.dataset, record), values, current) for c in some) for some in one.where)
            for record in found
        )
        if fits != one.includes:
            return False
    return True


def _holds(condition: Condition, fields: Fields, values: Mapping[str, str], current: Mapping[str, Fields]) -> bool:
    own = fields.get(condition.field)
    wanted = [one for kind, text in condition.operands for one in _values(kind, text, values, current)]
    if condition.sign in ("IN", "NOT IN"):
        if own is None:
            return False
        ignores_case = condition.field == "EVENT_TYPE"
        have = {_plain(one, ignores_case) for one in str(own).split("|")}
        there = "*" in wanted or bool(have & {_plain(one, ignores_case) for one in wanted})
        return there == (condition.sign == "IN")
    return own is not None and any(_compares(condition.sign, own, one) for one in wanted)


def _compares(sign: str, own: Any, other: str) -> bool:
    """Numbers as numbers; of several texts, one has to be equal."""
    try:
        return _COMPARE[sign](float(own), float(other))
    except ValueError:
        return sign in ("=", "!=") and (other in str(own).split("|")) == (sign == "=")


def _values(kind: str, text: str, values: Mapping[str, str], current: Mapping[str, Fields]) -> list[str]:
    if kind == "mark":
        return [part.strip().strip('"') for part in _PARTS.findall(values.get(text, ""))]
    if kind == "field":
        dataset, _, field = text.partition(".")
        value = current.get(dataset, {}).get(field)
        return [] if value is None else str(value).split("|")
    return [text]


def _plain(value: Any, ignores_case: bool) -> str:
    return str(value).lower() if ignores_case else str(value)
