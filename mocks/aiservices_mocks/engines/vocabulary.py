"""Words of time, number, measure and place by language, as alternatives for regular expressions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from . import weights_file

_NEVER = "(?!)"


@dataclass(frozen=True)
class Vocabulary:
    """Alternatives joined by "|"; a kind that a language lacks never matches."""

    months: str = _NEVER
    lone_months: str = _NEVER  # months that are nothing else, so that they need no day or year
    weekdays: str = _NEVER
    of: str = _NEVER  # joins day, month and year
    near: str = _NEVER  # last, next, this
    near_after: str = _NEVER  # the same behind the noun
    spans: str = _NEVER  # week, month, year
    days: str = _NEVER  # today, tomorrow
    parts_of_day: str = _NEVER
    oclock: str = _NEVER
    ago: str = _NEVER
    ago_before: str = _NEVER
    durations: str = _NEVER
    units: str = _NEVER
    currencies: str = _NEVER
    magnitudes: str = _NEVER
    numerals: str = _NEVER
    plain_numerals: str = _NEVER  # numerals that are nothing else ("one" and "a" are not)
    ordinals: str = _NEVER
    places: str = _NEVER  # countries and large cities, in scripts without capital letters


@cache
def vocabulary(language: str) -> Vocabulary:
    """The language's words; for a language without any, patterns that never match."""
    words = weights_file.once("entities-words.json", dict).get(language, {})
    return Vocabulary(**{kind: "|".join(alternatives) for kind, alternatives in words.items()})
