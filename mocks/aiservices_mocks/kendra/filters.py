"""Which documents a request leaves in: conditions on their attributes, and who may see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import ge, gt, le, lt
from typing import Any

_KINDS = {
    "StringValue": "STRING_VALUE",
    "StringListValue": "STRING_LIST_VALUE",
    "LongValue": "LONG_VALUE",
    "DateValue": "DATE_VALUE",
}
_ORDERS = {"GreaterThan": gt, "GreaterThanOrEquals": ge, "LessThan": lt, "LessThanOrEquals": le}


class WrongFilter(Exception):
    """A condition that cannot be answered; says why."""


def plain(value: Mapping[str, Any]) -> tuple[str, Any]:
    """The kind of an attribute's value as an index names it, and the value; exactly one is given."""
    if len(value) != 1:
        raise WrongFilter("An attribute has exactly one value.")
    name, content = next(iter(value.items()))
    return _KINDS[name], content


def wrapped(content: Any) -> dict[str, Any]:
    """A value as attributes show it."""
    if isinstance(content, list):
        return {"StringListValue": content}
    if isinstance(content, datetime):
        return {"DateValue": content}
    return {"LongValue": content} if isinstance(content, int) else {"StringValue": content}


def fits(condition: Mapping[str, Any], attributes: Mapping[str, Any], depth: int = 0) -> bool:
    """Whether a document with these attributes passes; what it has no attribute for it does not pass."""
    if depth > 5:
        raise WrongFilter("Filters can be nested five deep.")
    return all(_fits(name, part, attributes, depth) for name, part in condition.items())


def _fits(name: str, part: Any, attributes: Mapping[str, Any], depth: int) -> bool:
    if name == "AndAllFilters":
        return all(fits(inner, attributes, depth + 1) for inner in part)
    if name == "OrAllFilters":
        return any(fits(inner, attributes, depth + 1) for inner in part)
    if name == "NotFilter":
        return not fits(part, attributes, depth + 1)
    kind, wanted = plain(part["Value"])
    has = attributes.get(part["Key"])
    if name in ("ContainsAll", "ContainsAny"):
        if kind != "STRING_LIST_VALUE":
            raise WrongFilter(f"{name} takes a list of strings.")
        there = set(has if isinstance(has, list) else ())
        return there >= set(wanted) if name == "ContainsAll" else not there.isdisjoint(wanted)
    if name == "EqualsTo":
        return bool(has == wanted)
    if kind not in ("LONG_VALUE", "DATE_VALUE"):
        raise WrongFilter(f"{name} takes a number or a date.")
    return isinstance(has, type(wanted)) and bool(_ORDERS[name](has, wanted))


def may_see(document: Mapping[str, Any], user: str | None, groups: Collection[str]) -> bool:
    """Whether a user of these groups may see a document: everybody may if it has no list; a refusal beats a grant."""
    levels: Sequence[Sequence[Mapping[str, Any]]] = document["hierarchy"] or [document["acl"]]
    return all(_is_allowed(level, user, groups) for level in levels if level)


def _is_allowed(principals: Sequence[Mapping[str, Any]], user: str | None, groups: Collection[str]) -> bool:
    mine = {
        one["Access"]
        for one in principals
        if (one["Name"] in groups if one["Type"] == "GROUP" else one["Name"] == user)
    }
    return "ALLOW" in mine and "DENY" not in mine
