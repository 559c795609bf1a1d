"""Answers to questions about a page, from its fields, tables, ticked boxes and the words around dates and amounts.

Kept of what a reader does: the words of the question are looked for in labels, question words say what kind of answer
fits. Not understood: negation, comparison, arithmetic. When nothing fits well there is no answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .layout import Page
from .queries_places import Place, labelled, near
from .queries_words import Kind, fits, kind_of, likeness, tokens, told, weight

_LEAST = 0.52  # of a score, for an answer
_NEAR = 0.72  # what words around a date count, against a label
_HEADING = 0.7  # what a heading counts
_STEEP, _MIDDLE, _MARGIN = 7.0, 0.42, 1.6  # of the confidence, by score and by how far the next answer is
_SAID: dict[Kind, frozenset[str]] = {
    "date": frozenset({"date", "day"}),
    "amount": frozenset({"amount", "total"}),
    "name": frozenset({"name", "full", "person"}),
    "phone": frozenset({"phone", "number"}),
    "email": frozenset({"email", "address"}),
    "percent": frozenset({"percent", "percentage", "rate"}),
    "number": frozenset({"number", "quantity"}),
}
"""Words of a question that its kind of answer tells already: the date in `date of issue`."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A place and how well it answers, 0 to 1."""

    place: Place
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """An answer and how sure it is, 0 to 1."""

    place: Place
    confidence: float


def answer(page: Page, question: str) -> Found | None:
    """What a page says to a question, if it says anything."""
    ranked = ranking(page, question)
    if not ranked or ranked[0].score < _LEAST:
        return None
    best = ranked[0]
    text = best.place.text.casefold()
    other = next((one.score for one in ranked[1:] if one.place.text.casefold() != text), 0.0)
    margin = min(0.25, best.score - other) - 0.125
    sure = 1 / (1 + math.exp(-_STEEP * (best.score - _MIDDLE) - _MARGIN * 8 * margin))
    return Found(best.place, round(sure * (0.5 + 0.5 * best.place.sure), 6))


def ranking(page: Page, question: str) -> list[Scored]:
    """Everything that could answer, the best first."""
    kind, asked = kind_of(question), tokens(question)
    if not asked:
        return []
    places = labelled(page)
    scored = [Scored(place, _labelled(place, asked, kind)) for place in places]
    if kind not in ("choice", "text"):
        found = list(near(page, kind))
        scored += [Scored(place, _around(place, asked, kind, len(found))) for place in found]
    return sorted((one for one in scored if one.score > 0), key=lambda one: (-one.score, one.place.box.top))


def _labelled(place: Place, asked: Sequence[str], kind: Kind) -> float:
    """How well a label says what was asked for, and its value is of the right kind."""
    if place.kind == "tick":
        fit = 1.0 if kind == "choice" else 0.0
    elif place.kind == "choice":
        fit = 1.0 if kind in ("text", "choice", "name") else 0.0
    else:
        fit = fits(kind, place.text)
    label = tokens(place.label)
    if not fit or not label:
        return 0.0
    implied = _implied(kind, asked)
    words = [word for word in asked if word not in implied or any(likeness(word, other) for other in label)]
    if not words:
        words = list(asked)
    recall = told(words, label)
    if place.heading and recall < 1:
        recall += _HEADING * _more(words, label, tokens(place.heading))
    precision = told([word for word in label if word not in implied] or label, (*asked, *implied))
    if not recall or not precision:
        return 0.0
    return fit * math.sqrt(recall * precision) * _short(words, label)


def _short(asked: Iterable[str], label: Sequence[str]) -> float:
    """Less when only words like `name` and `date` are shared, which say nothing by themselves."""
    shared = [word for word in asked if any(likeness(word, other) for other in label)]
    telling = any(weight(word) == 1.0 for word in shared)
    only = all(weight(word) < 1.0 for word in label)
    return 1.0 if telling else 0.9 if only else 0.6


def _more(asked: Sequence[str], label: Sequence[str], heading: Sequence[str]) -> float:
    """The share of the question that the label does not tell and the heading does."""
    rest = [word for word in asked if not any(likeness(word, other) for other in label)]
    return told(rest, heading) * sum(map(weight, rest)) / sum(map(weight, asked)) if rest else 0.0


def _implied(kind: Kind, asked: Sequence[str]) -> frozenset[str]:
    """Words that the kind of the answer tells already: the date in `date of issue`."""
    words = _SAID.get(kind, frozenset())
    return words if any(word not in words for word in asked) else frozenset()


def _around(place: Place, asked: Sequence[str], kind: Kind, count: int) -> float:
    """How much of the question stands around a date, an amount, a name ... in running text; of `count` on the page."""
    implied = _SAID.get(kind, frozenset())
    words = [word for word in asked if word not in implied]
    if not words:
        return _NEAR if count == 1 and kind in ("email", "phone", "percent") else 0.0
    if any(likeness(word, other) for word in words for other in tokens(place.text)):
        return 0.0
    around = tokens(place.label)
    recall = told(words, around)
    return _NEAR * recall * (1.0 - min(0.25, _distance(place.label, words) / 250)) if recall >= 0.5 else 0.0


def _distance(label: str, asked: Sequence[str]) -> int:
    """How many characters are between a text and the nearest word of the question around it."""
    before, _, after = label.partition("…")
    best = len(label)
    for part, near_end in ((before, True), (after, False)):
        for word in part.split():
            if any(likeness(stem, one) for stem in tokens(word) for one in asked):
                at = len(part) - part.rfind(word) - len(word) if near_end else part.find(word)
                best = min(best, at)
    return best
