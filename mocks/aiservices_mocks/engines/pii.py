"""Personal data in English and Spanish text: the types of Comprehend that form, check digits and context can tell.

Numbers and codes come from rules (`pii_rules`). Names and addresses come from a model of English (`pii_names`) and
from the words that announce them (My name is, Dear, Sra., calle ..., 12 Main Street).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from . import pii_names
from .entity import Entity
from .pii_rules import ADDRESS, ANNOUNCED_NAME, CHECKSUMS, RULES, Rule

LANGUAGES = ("en", "es")

_BEFORE = 60  # characters in which a word of context counts
_AFTER = 25
_FADES = 0.002  # what each character between context and value takes from the score
_BREAK = re.compile(r"[.!?]\s+(?=[A-ZÁÉÍÓÚ¿¡])|\n\s*\n")
_SEPARATORS = re.compile(r"[ -]")

_ANNOUNCED_SCORE, _ADDRESS_SCORE = 0.93, 0.95


def find(text: str, language: str) -> list[Entity]:
    """The personal data of a text, in order, none overlapping another.

    language: "en" or "es"; the rules know the words of both, the model of names is of English.
    """
    found = [entity for rule in RULES for entity in _applied(rule, text)]
    found += _matches(ANNOUNCED_NAME, text, "NAME", _ANNOUNCED_SCORE)
    addresses = list(_matches(ADDRESS, text, "ADDRESS", _ADDRESS_SCORE))
    for entity in pii_names.find(text) if language == "en" else ():
        (addresses if entity.type == "ADDRESS" else found).append(entity)
    return _without_overlaps(found + pii_names.joined(text, addresses))


def types(text: str, language: str) -> dict[str, float]:
    """The types of personal data in a text, each with the score of its surest piece."""
    found: dict[str, float] = {}
    for entity in find(text, language):
        found[entity.type] = max(entity.score, found.get(entity.type, 0.0))
    return found


def found_by() -> dict[str, str]:
    """How each type is found, by the types' names; what is not here is never found."""
    ways: dict[str, set[str]] = {
        "NAME": {"words before it", "a trained model"},
        "ADDRESS": {"form", "words before it", "a trained model"},
    }
    for rule in RULES:
        way = "check digits" if rule.check in CHECKSUMS else "form"
        ways.setdefault(rule.type, set()).add(way if rule.alone is not None else f"{way} and words around it")
    return {kind: "; ".join(sorted(ways[kind])) for kind in sorted(ways)}


def _matches(pattern: re.Pattern[str], text: str, type: str, score: float) -> Iterator[Entity]:
    for match in pattern.finditer(text):
        begin, end = match.span(match.lastgroup or 0)
        yield Entity(begin, end, text[begin:end], type, score)


def _applied(rule: Rule, text: str) -> Iterator[Entity]:
    for match in rule.pattern.finditer(text):
        begin, end = match.span("v" if "v" in rule.pattern.groupindex else 0)
        score = _score(rule, text, begin, end)
        if score is not None:
            yield Entity(begin, end, text[begin:end], rule.type, round(score, 6))


def _score(rule: Rule, text: str, begin: int, end: int) -> float | None:
    """How sure the rule is of a value; None when it is not one."""
    if rule.check is not None and not rule.check(_SEPARATORS.sub("", text[begin:end])):
        return None
    distance = _distance(rule.context, text, begin, end)
    return rule.alone if distance is None else rule.near - _FADES * distance


def _distance(context: re.Pattern[str] | None, text: str, begin: int, end: int) -> int | None:
    """Characters between the value and its nearest word of context in the same sentence; None: there is none."""
    if context is None:
        return None
    before = text[max(0, begin - _BEFORE) : begin]
    before = _BREAK.split(before)[-1]
    ends = [match.end() for match in context.finditer(before)]
    if ends:
        return len(before) - ends[-1]
    after = _BREAK.split(text[end : end + _AFTER])[0]
    following = context.search(after)
    return _BEFORE // 2 + following.start() if following else None


def _without_overlaps(found: list[Entity]) -> list[Entity]:
    """The surest of those that overlap; the longer of the equally sure."""
    kept: list[Entity] = []
    for entity in sorted(found, key=lambda e: (-e.score, e.begin - e.end, e.begin, e.type)):
        at = bisect_left(kept, (entity.begin,))
        before, after = kept[at - 1 : at], kept[at : at + 1]
        if all(one.end <= entity.begin for one in before) and all(entity.end <= one.begin for one in after):
            kept.insert(at, entity)
    return kept
