"""Answering a question by examples: where its answers stood, beside and under which words, and what they looked like.

One model for each question: a softmax over everything on a page that could answer, and nothing. It begins as the answer
without examples and is moved by them, so that few examples do little harm.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .layout import Box, Page
from .queries import Found, ranking
from .queries_places import Place, pieces
from .queries_words import tokens

_BASE = 10.0  # how much the score without examples counts at first
_NOTHING = 5.2  # of _BASE: what must be reached for an answer
_ROUNDS, _RATE, _DECAY = 60, 0.5, 0.004
_FEW = 3  # words: of a longer text the first and last ones are looked at too
_MOST = 8  # words of a text of which pieces are looked at
_BINS = 6  # over the page's width and height

Features = Mapping[str, float]
Weights = dict[str, float]


class Example(NamedTuple):
    """A page, a question, and its answer there; empty: the page has none."""

    page: Page
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place with what is known of it."""

    place: Place
    features: Features


def plain(text: str) -> str:
    """Letters and digits alone, by which answers are compared."""
    return re.sub(r"[\W_]+", "", text).casefold()


def learn(examples: Sequence[Example]) -> dict[str, Weights]:
    """The weights of each question. Answers that are not on their page teach nothing."""
    lessons: dict[str, list[tuple[list[Candidate], list[int]]]] = {}
    for page, question, wanted in examples:
        found = candidates(page, question)
        right = [i for i, one in enumerate(found) if plain(one.place.text) == plain(wanted)] if wanted else []
        if right or not wanted:
            lessons.setdefault(question, []).append((found, right))
    return {question: _trained(lesson) for question, lesson in sorted(lessons.items())}


def answer(page: Page, question: str, weights: Weights) -> Found | None:
    """What the page says to a question, by what was learnt."""
    found = candidates(page, question)
    scores = [_score(one.features, weights) for one in found]
    nothing = _score({"nothing": 1.0}, weights)
    if not found or max(scores) <= nothing:
        return None
    best = max(range(len(found)), key=lambda i: (scores[i], -i))
    same = plain(found[best].place.text)
    top = max(scores)
    total = sum(math.exp(score - top) for score in scores) + math.exp(nothing - top)
    mine = sum(math.exp(s - top) for s, one in zip(scores, found, strict=True) if plain(one.place.text) == same)
    return Found(found[best].place, round(min(0.999, mine / total) * (0.5 + 0.5 * found[best].place.sure), 6))


def candidates(page: Page, question: str) -> list[Candidate]:
    """Everything on a page that could answer, each text once at its place."""
    scored = {_key(one.place): one for one in reversed(ranking(page, question))}
    result: list[Candidate] = []
    around: list[tuple[Box, str, str]] = []
    seen: set[tuple[str, int, int]] = set()
    for place, which, left, above in pieces(page, _FEW, _MOST):
        if not which:
            around.append((place.box, left, above))
        key = _key(place)
        if not key[0] or key in seen:
            continue
        seen.add(key)
        known = scored.get(key)
        features = _features(page, known.place if known else place, left, above, known.score if known else 0.0)
        features[f"which {which}"] = 1.0
        result.append(Candidate(place, features))
    for key, one in scored.items():
        if key not in seen:
            left, above = next(((a, b) for box, a, b in around if box.overlap(one.place.box) > 0), ("", ""))
            features = _features(page, one.place, left, above, one.score) | {"which whole": 1.0}
            result.append(Candidate(one.place, features))
    return sorted(result, key=lambda one: (one.place.box.top, one.place.box.left))


def _key(place: Place) -> tuple[str, int, int]:
    return plain(place.text), round(place.box.left), round(place.box.top)


def _features(page: Page, place: Place, left: str, above: str, base: float) -> dict[str, float]:
    x, y = place.box.center
    features = {
        "base": base,
        f"kind {place.kind}": 1.0,
        f"shape {_shape(place.text)}": 1.0,
        f"x {min(_BINS - 1, int(_BINS * x / page.width))}": 1.0,
        f"y {min(_BINS - 1, int(_BINS * y / page.height))}": 1.0,
        f"words {min(len(place.text.split()), 5)}": 1.0,
    }
    for name, text in (("left", left), ("above", above), ("label", place.label)):
        words = tokens(text)
        features |= {f"{name} {word}": 1.0 / math.sqrt(len(words)) for word in words}
    return features


def _shape(text: str) -> str:
    """What a text looks like: `X99` for `AB 4711`."""
    shape = re.sub(r"[^\W\d_]+", lambda word: "X" if word[0].isupper() else "x", text)
    return re.sub(r"\s+", "", re.sub(r"\d+", "9", shape))[:12]


def _score(features: Features, weights: Weights) -> float:
    return sum(weights.get(name, _AT_FIRST.get(name, 0.0)) * value for name, value in features.items())


_AT_FIRST = {"base": _BASE, "nothing": _NOTHING}


def _trained(lessons: Sequence[tuple[list[Candidate], list[int]]]) -> Weights:
    """Weights that make the right places likely, by gradient steps; small weights by decay."""
    weights: Weights = {}
    for round_ in range(_ROUNDS):
        rate = _RATE / (1 + 0.05 * round_)
        for found, right in lessons:
            everything: list[Features] = [*(one.features for one in found), {"nothing": 1.0}]
            shares = _softmax([_score(features, weights) for features in everything])
            targets = right or [len(found)]
            goal = _softmax([_score(everything[i], weights) for i in targets])
            wanted = dict(zip(targets, goal, strict=True))
            for i, features in enumerate(everything):
                step = rate * (wanted.get(i, 0.0) - shares[i])
                if abs(step) > 1e-6:
                    for name, value in features.items():
                        first = _AT_FIRST.get(name, 0.0)
                        now = weights.get(name, first)
                        weights[name] = now + step * value - rate * _DECAY * (now - first)
    return {name: round(value, 6) for name, value in sorted(weights.items())}


def _softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
