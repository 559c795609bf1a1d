"""How long words take: the seconds that espeak-ng needs, estimated from their letters.

A linear model per language, trained by `mocks/training/speech_durations.py` against espeak-ng at its own speed.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Literal

from aiservices_mocks.engines import weights_file

_SENTENCE_ENDS = frozenset(".!?…؟।॥。！？")
_CLAUSE_ENDS = frozenset(",;:—–،؛、，；：()")
SHORTEST = 0.04
"""Seconds of a word at least."""


def word_features(said: str) -> Counter[str]:
    """What the length of a word follows from: its letters, the last one again (many are mute there), and the rest."""
    features = Counter({"word": 1})
    letters = unicodedata.normalize("NFC", said)
    shouted = len(letters) > 1 and letters.isupper() and letters.isalpha()
    for character in letters.casefold():
        if character.isdigit():
            features["digit"] += 1
        elif character.isalpha() or unicodedata.combining(character) or unicodedata.category(character) == "Mc":
            features[character] += 1
        elif character in "$€£¥%&+@=#°":
            features["symbol"] += 1
        elif character == ",":
            features["comma inside"] += 1
    if len(letters) > 1 and letters[-1].isalpha():
        features[letters[-1].casefold() + "$"] = 1
    if shouted:
        features["capitals"] = len(letters)
    return features


def tail_feature(tail: str) -> Literal["sentence", "clause"] | None:
    """What kind of pause punctuation asks for."""
    marks = set(tail)
    if marks & _SENTENCE_ENDS:
        return "sentence"
    return "clause" if marks & _CLAUSE_ENDS else None


def _weights() -> dict[str, dict[str, float]]:
    languages: dict[str, dict[str, float]] = weights_file.once("speech_durations.json", dict)["languages"]
    return languages


def word_seconds(said: str, language: str) -> float:
    """How long a word takes at a voice's own speed."""
    weights = _weights()[language]
    other = weights["letter"]
    seconds = sum(
        count * weights.get(name, other if len(name) == 1 else 0.0) for name, count in word_features(said).items()
    )
    return max(seconds, SHORTEST)


def end_seconds(language: str) -> float:
    """What the last word of all takes longer."""
    return _weights()[language]["end"]


def tail_seconds(tail: str, language: str) -> float:
    """How long the pause behind a word is."""
    feature = tail_feature(tail)
    return max(_weights()[language][feature], 0.0) if feature else 0.0
