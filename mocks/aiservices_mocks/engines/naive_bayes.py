"""Classes of texts, learnt from labelled ones: naive Bayes over the words that a text has.

A model is plain data: how many texts, in all and of each class, have which word. Texts with one class each share
their probability among the classes; with several, each class is there or not by itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Model = Mapping[str, Any]

ALL = ""
"""Stands for all texts among the classes."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def train(examples: Iterable[tuple[str, Sequence[str]]]) -> dict[str, Any]:
    """A model of texts and their classes."""
    texts: dict[str, int] = {ALL: 0}
    words: dict[str, dict[str, int]] = {}
    for text, labels in examples:
        counted = (ALL, *dict.fromkeys(labels))
        for label in counted:
            texts[label] = texts.get(label, 0) + 1
        for word in _words(text):
            counts = words.setdefault(word, {})
            for label in counted:
                counts[label] = counts.get(label, 0) + 1
    return {"texts": texts, "words": words}


def labels(model: Model) -> list[str]:
    """The classes, as they first came."""
    return [label for label in model["texts"] if label != ALL]


def share(model: Model, text: str) -> dict[str, float]:
    """How likely each class is the one of a text; they add up to 1."""
    known = _known(model, text)
    logs = {label: _log(model, label, known) for label in labels(model)}
    most = max(logs.values())
    raised = {label: math.exp(value - most) for label, value in logs.items()}
    whole = sum(raised.values())
    return {label: round(value / whole, 6) for label, value in raised.items()}


def each(model: Model, text: str) -> dict[str, float]:
    """How likely a text is of each class, whatever the others are."""
    known = _known(model, text)
    found = {}
    for label in labels(model):
        odds = _log(model, label, known) - _log(model, label, known, other=True)
        found[label] = round(1 / (1 + math.exp(-max(min(odds, 700.0), -700.0))), 6)
    return found


def likely(model: Model, text: str) -> dict[str, float]:
    """The classes that a text rather has than not, as `each` scores them."""
    return {label: score for label, score in each(model, text).items() if score >= 0.5}


def _log(model: Model, label: str, known: Sequence[Mapping[str, int]], *, other: bool = False) -> float:
    """The logarithm of how likely these words come with a class, or without it; one text more has every word."""
    texts = model["texts"][ALL] - model["texts"][label] if other else model["texts"][label]
    total = math.log((texts + 1) / (model["texts"][ALL] + 2))
    for counts in known:
        having = counts[ALL] - counts.get(label, 0) if other else counts.get(label, 0)
        total += math.log((having + 1) / (texts + 2))
    return total


def _known(model: Model, text: str) -> list[Mapping[str, int]]:
    """For each word of a text that was seen before, how many texts of each class have it."""
    return [model["words"][word] for word in _words(text) if word in model["words"]]


def _words(text: str) -> list[str]:
    """The words of a text, each once, in order."""
    return list(dict.fromkeys(_WORD.findall(text.lower())))
