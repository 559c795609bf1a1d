"""Financial events in English: words that tell them, and the entities of the same sentence in their roles.

An organisation or person before the word is the one who acts, one after it the one acted on, and the other way round
in the passive voice; dates, places and sums of money are what they are. Who is meant by a pronoun is not resolved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from aiservices.text import sentences

from . import entities, naming
from .entity import Entity

_MONEY = re.compile(r"[$€£¥]|\b(?:dollars?|euros?|pounds?|yen|cents?|USD|EUR|GBP)\b", re.IGNORECASE)
_WORDS = {
    "BANKRUPTCY": r"bankruptcy|bankrupt|chapter (?:7|11)|insolvency|insolvent|receivership",
    "EMPLOYMENT": r"hir(?:ed|es|ing)|appoint(?:ed|s|ing|ment)|resign(?:ed|s|ing|ation)|fired|laid off|layoffs?|"
    r"joined|promoted|named",
    "CORPORATE_ACQUISITION": r"acquir(?:ed|es|ing)|acquire|acquisitions?|purchas(?:ed|es|ing)|bought|takeover|"
    r"took over|buyout",
    "CORPORATE_MERGER": r"merg(?:ed|es|ing)|merge|mergers?",
    "INVESTMENT_GENERAL": r"invest(?:ed|s|ing|ments?)|raised|funding round|stake in",
    "IPO": r"initial public offering|IPO|went public|go(?:es|ing)? public",
    "RIGHTS_ISSUE": r"rights (?:issue|offering)",
    "SECONDARY_OFFERING": r"secondary offering|follow-on offering",
    "SHELF_OFFERING": r"shelf (?:offering|registration)",
    "TENDER_OFFERING": r"tender (?:offer|offering)",
    "STOCK_SPLIT": r"stock split|split its (?:stock|shares)|reverse split",
}
TYPES = tuple(_WORDS)
_TRIGGERS = {kind: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for kind, words in _WORDS.items()}


class _Roles(NamedTuple):
    """What who acts is called in an event, who is acted on, a date, a sum of money and a place; empty: it has none.

    Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-events.html
    """

    actor: str
    other: str = ""
    date: str = "DATE"
    amount: str = ""
    place: str = ""


_INVESTMENT = _Roles("INVESTOR", "INVESTEE", amount="AMOUNT", place="PLACE")
_OFFERING = _Roles("OFFEROR", "OFFEREE", date="OFFERING_DATE", amount="OFFERING_AMOUNT")
_ROLES = {
    **dict.fromkeys(TYPES, _OFFERING),
    "BANKRUPTCY": _Roles("FILER", place="PLACE"),
    "EMPLOYMENT": _Roles("EMPLOYER", "EMPLOYEE", date="START_DATE"),
    "CORPORATE_ACQUISITION": _INVESTMENT,
    "CORPORATE_MERGER": _Roles("PARTICIPANT", "PARTICIPANT"),
    "INVESTMENT_GENERAL": _INVESTMENT,
    "STOCK_SPLIT": _Roles("COMPANY"),
}
_ENDS = re.compile(r"resign\w*|fired|laid off|layoffs?", re.IGNORECASE)
_HIRES = re.compile(r"hir\w+|appoint\w+|fired|laid off|promoted|named", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?(?:\w+ed|bought)$", re.IGNORECASE)


class Argument(NamedTuple):
    """An entity by its number, and its role in an event."""

    entity: int
    role: str
    score: float


class Event(NamedTuple):
    """A word that tells of an event, under the event's type and sure as rules are, and who and what takes part."""

    trigger: Entity
    arguments: list[Argument]


class Found(NamedTuple):
    """The entities that take part in events, mentions of one name together with how alike, and the events."""

    entities: list[list[tuple[Entity, float]]]
    events: list[Event]


def find(text: str, types: Sequence[str]) -> Found:
    """The events of these types in a text."""
    groups: dict[naming.Key, list[tuple[Entity, float]]] = {}
    keys: dict[Entity, naming.Key] = {}
    for one in filter(None, map(_typed, entities.find(text, "en"))):
        keys[one], alike = naming.group_of(groups, one.text, one.type)
        groups.setdefault(keys[one], []).append((one, alike))
    told = [
        (Entity(sentence.start + match.start(), sentence.start + match.end(), match[0], kind, 1.0), sentence)
        for sentence in sentences(text)
        for kind in types
        for match in _TRIGGERS[kind].finditer(sentence.text)
    ]
    parts = []
    for trigger, sentence in sorted(told):
        inside = [one for one in keys if sentence.start <= one.begin < sentence.end]
        passive = _PASSIVE.search(text[sentence.start : trigger.end]) is not None
        acting = [one for one in inside if (one.begin < trigger.begin) != passive]
        roles = {one: _role(trigger, one, inside, acting) for one in inside}
        parts.append((trigger, {one: role for one, role in roles.items() if role}))
    taking = {keys[one] for _, roles in parts for one in roles}
    numbers = {key: number for number, key in enumerate(key for key in groups if key in taking)}
    events = [
        Event(trigger, [Argument(numbers[keys[one]], role, one.score) for one, role in roles.items()])
        for trigger, roles in parts
    ]
    return Found([groups[key] for key in numbers], events)


def _typed(mention: Entity) -> Entity | None:
    """An entity under the type that events have for it."""
    if mention.type in ("ORGANIZATION", "PERSON", "LOCATION", "DATE"):
        return mention
    if mention.type == "QUANTITY":
        kind = "MONETARY_VALUE" if _MONEY.search(mention.text) else "QUANTITY"
        return mention._replace(type=kind)
    return None


def _role(trigger: Entity, one: Entity, inside: Sequence[Entity], acting: Sequence[Entity]) -> str:
    """What an entity is in an event; empty: nothing.

    inside: the entities of the sentence; acting: those of them on the side of who acts.
    """
    roles, employment = _ROLES[trigger.type], trigger.type == "EMPLOYMENT"
    if one.type == "DATE":
        return "END_DATE" if employment and _ENDS.fullmatch(trigger.text) else roles.date
    if one.type not in ("ORGANIZATION", "PERSON"):
        return {"MONETARY_VALUE": roles.amount, "LOCATION": roles.place}.get(one.type, "")
    acts = one in acting
    if employment:
        hired = _HIRES.fullmatch(trigger.text) and any(o.type == "PERSON" and o not in acting for o in inside)
        acts = one.type == "ORGANIZATION" or (acts and bool(hired))
    return roles.actor if acts else roles.other
