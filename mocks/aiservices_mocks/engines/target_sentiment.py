"""The sentiment of a mention in an English sentence: what stands near it says more than what stands far.

A maximum entropy model over the words on both sides, those of the mention's clause, and the sums of VADER's lexicon
there, in the sentence, and over the words by how near they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from . import maxent, sentiment_features
from .sentiment import LABELS

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*|[!?]+|[^\w\s]")
_SIDE = 5  # words on each side that are looked at one by one
_ENDS = frozenset(".;:!?()—–")


class Word(NamedTuple):
    """A word in lower case, and where it stands."""

    begin: int
    end: int
    text: str


def words(text: str, begin: int = 0) -> list[Word]:
    """The words and marks of a sentence that begins there."""
    return [
        Word(match.start() + begin, match.end() + begin, match[0].lower().replace("’", "'"))
        for match in _TOKEN.finditer(text)
    ]


class Judge:
    """Judges the mentions of one sentence."""

    def __init__(self, sentence: Sequence[Word]) -> None:
        self._words = sentence
        self._told = [0.0] * len(sentence)
        self._parts = list(self._clauses())
        for clause in self._parts:
            for at, value in sentiment_features.valued([self._words[at].text for at in clause], "en"):
                self._told[clause[at]] = value

    def _clauses(self) -> Iterator[range]:
        first = 0
        for at, word in enumerate(self._words):
            if word.text == "," or word.text[0] in _ENDS or word.text in _TURNS:
                if first < at:
                    yield range(first, at)
                first = at + (word.text not in _TURNS)
        if first < len(self._words):
            yield range(first, len(self._words))

    def extract(self, begin: int, end: int) -> dict[str, float]:
        """What the model looks at of the mention that stands there."""
        found: dict[str, float] = {}
        tokens, told = self._words, self._told
        first = next((at for at, word in enumerate(tokens) if word.end > begin), len(tokens))
        last = next((at for at in range(first, len(tokens)) if tokens[at].begin >= end), len(tokens))
        around = next((clause for clause in self._parts if clause.start <= first < clause.stop), range(first, last))
        for at in around:
            if not first <= at < last:
                found[f"c={tokens[at].text}"] = 1.0
        left = [word.text for word in tokens[max(0, first - _SIDE) : first]][::-1]
        right = [word.text for word in tokens[last : last + _SIDE]]
        for side, row in (("l", left), ("r", right)):
            for word in row:
                found[f"{side}={word}"] = 1.0
            if row:
                found[f"{side}1={row[0]}"] = 1.0
            if len(row) > 1:
                found[f"{side}2={row[0]} {row[1]}"] = 1.0
        near = 0.0
        for at, value in enumerate(told):
            if value and not first <= at < last:
                away = first - at if at < first else at - last + 1
                near += value / (1 + 0.4 * away) * (1.0 if at in around else 0.5)
        found["near"] = max(-1.5, min(1.5, near / 2))
        found[f"near@{round(2 * found['near'])}"] = 1.0
        for name, stretch in (("clause", around), ("all", range(len(told)))):
            good = sum(told[at] for at in stretch if told[at] > 0)
            bad = -sum(told[at] for at in stretch if told[at] < 0)
            for part, value in sentiment_features.verdict(good, bad, len(stretch)).items():
                found[f"{name}.{part}"] = value
        return found

    def scores(self, begin: int, end: int) -> dict[str, float]:
        """A score per label of the mention; they add up to 1. It is mixed as far as both signs are likely."""
        good, bad, neutral = _model().probabilities(self.extract(begin, end))
        mixed = min(good, bad) / 2
        parts = (good - mixed / 2, bad - mixed / 2, neutral)
        rounded = [round(part, 6) for part in parts]
        return dict(zip(LABELS, (*rounded, max(0.0, round(1 - sum(rounded), 6))), strict=True))


_TURNS: Mapping[str, None] = {turn: None for turn in sentiment_features.TURNS["en"].split("|") if " " not in turn}


@cache
def _model() -> maxent.Model:
    content = maxent.read("targeted")
    return maxent.Model(content["labels"], content["bias"], content["weights"])
