"""The sentiment of a mention in an English sentence: what stands near it says more than what stands far.

A maximum entropy model over the words on both sides, those of the mention's clause, and what two lexicons of opinion
say there, in the sentence, and by how near their words are, whatever they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from . import maxent, sentiment_features
from .sentiment import LABELS

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*|[!?]+|[^\w\s]")
_SIDE = 5  # words on each side that are looked at one by one
_ENDS = frozenset(".;:!?()—–")
_TURNS = frozenset(turn for turn in sentiment_features.TURNS["en"].split("|") if " " not in turn)
_FURTHER = 1.8  # the strength of words of opinion that VADER does not know
_BEGIN = "^"
_DETERMINERS = frozenset(["a", "the", "my", "their", "our", "your", "this", "that"])
_PREPOSITIONS = frozenset(
    ["with", "of", "in", "at", "on", "for", "from", "to", "by", "about", "like", "without", "than", "as", "and", "or"]
)
_COPULAS = frozenset(
    ["is", "are", "was", "were", "look", "looks", "looked", "seem", "seems", "seemed", "feel", "feels", "felt"]
) | {"tastes", "tasted", "get", "gets", "got", "works", "worked"}


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
            for at, value in sentiment_features.valued([self._words[at].text for at in clause], "en", _lexicon()):
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
        tokens = self._words
        first = next((at for at, word in enumerate(tokens) if word.end > begin), len(tokens))
        last = next((at for at in range(first, len(tokens)) if tokens[at].begin >= end), len(tokens))
        around = next((clause for clause in self._parts if clause.start <= first < clause.stop), range(first, last))
        return {
            **self._near_words(first, last, around),
            **self._sums(first, last, around),
            **self._opinions(first, last, around),
            **self._neighbours(around),
        }

    def _near_words(self, first: int, last: int, around: range) -> dict[str, float]:
        """The mention's last word, the words on both sides and those of its clause."""
        texts = [word.text for word in self._words]
        found = {f"c={texts[at]}": 1.0 for at in around if not first <= at < last}
        if first < last:
            found[f"t={texts[last - 1]}"] = 1.0
        left, right = texts[max(0, first - _SIDE) : first][::-1], texts[last : last + _SIDE]
        for side, row in (("l", left), ("r", right)):
            found |= {f"{side}={word}": 1.0 for word in row}
            if row:
                found[f"{side}1={row[0]}"] = 1.0
            if len(row) > 1:
                found[f"{side}2={row[0]} {row[1]}"] = 1.0
        if left and left[0] in _DETERMINERS:
            found[f"of={left[1] if len(left) > 1 else _BEGIN}"] = 1.0
        elif left and left[0] in _PREPOSITIONS:
            found[f"of={left[0]}"] = 1.0
        return found

    def _sums(self, first: int, last: int, around: range) -> dict[str, float]:
        """What the lexicon says near the mention, in its clause and in the sentence."""
        told = self._told
        near = 0.0
        for at, value in enumerate(told):
            if value and not first <= at < last:
                near += value / (1 + 0.4 * _away(at, first, last)) * (1.0 if at in around else 0.5)
        near = max(-1.5, min(1.5, near / 2))
        found = {"near": near, f"near@{round(2 * near)}": 1.0}
        for name, stretch in (("clause", around), ("all", range(len(told)))):
            good = sum(told[at] for at in stretch if told[at] > 0)
            bad = -sum(told[at] for at in stretch if told[at] < 0)
            for part, value in sentiment_features.verdict(good, bad, len(stretch)).items():
                found[f"{name}.{part}"] = value
        return found

    def _opinions(self, first: int, last: int, around: range) -> dict[str, float]:
        """Where words of opinion stand, whatever they are, and whether they are said of the mention itself."""
        told = self._told
        found: dict[str, float] = {}
        for at in around:
            if told[at] and not first <= at < last:
                name = f"o{'l' if at < first else 'r'}{_steps(_away(at, first, last))}"
                found[name] = found.get(name, 0.0) + max(-1.0, min(1.0, told[at] / 2))
        for side, row in (("l", range(first - 1, -1, -1)), ("r", range(last, len(told)))):
            nearest = next((at for at in row if told[at]), None)
            if nearest is None:
                found[f"n{side}0"] = 1.0
            else:
                place = "i" if nearest in around else "x"
                found[f"n{side}{place}{min(_away(nearest, first, last), 6)}{_sign(told[nearest])}"] = 1.0
        if first and told[first - 1]:
            found[f"its{_sign(told[first - 1])}"] = 1.0
        if last < len(told) and self._words[last].text in _COPULAS:
            said = next((told[at] for at in range(last + 1, min(last + 5, len(told))) if told[at]), 0.0)
            found[f"is{_sign(said)}"] = 1.0
        return found

    def _neighbours(self, around: range) -> dict[str, float]:
        """What the clauses before and after the mention's say, and whether a turn parts them from it."""
        found: dict[str, float] = {}
        if around in self._parts:
            own = self._parts.index(around)
            for name, other in (("p", own - 1), ("q", own + 1)):
                if 0 <= other < len(self._parts):
                    said = sum(self._told[at] for at in self._parts[other])
                    turned = self._words[self._parts[max(own, other)].start].text in _TURNS
                    if said:
                        found[f"{name}{_sign(said)}{'t' if turned else ''}"] = 1.0
        return found

    def scores(self, begin: int, end: int) -> dict[str, float]:
        """A score per label of the mention; they add up to 1. It is mixed as far as both signs are likely."""
        good, bad, neutral = _model().probabilities(self.extract(begin, end))
        mixed = min(good, bad) / 2
        parts = (good - mixed / 2, bad - mixed / 2, neutral)
        rounded = [round(part, 6) for part in parts]
        return dict(zip(LABELS, (*rounded, max(0.0, round(1 - sum(rounded), 6))), strict=True))


def _away(at: int, first: int, last: int) -> int:
    return first - at if at < first else at - last + 1


def _steps(away: int) -> int:
    """A distance, the coarser the farther."""
    return away if away <= 3 else 4 if away <= 5 else 5 if away <= 8 else 6


def _sign(value: float) -> str:
    return "+" if value > 0 else "-" if value < 0 else "0"


@cache
def _lexicon() -> dict[str, float]:
    """VADER's words and, less strong, those that only Liu's opinion lexicon has."""
    further = {word: sign * _FURTHER for word, sign in maxent.read("targeted")["lexicon"].items()}
    return {**further, **maxent.read("sentiment_en")["lexicon"]}


def forget() -> None:
    """Read the weights anew when they are next asked for: training has just written them."""
    _lexicon.cache_clear()
    _model.cache_clear()


@cache
def _model() -> maxent.Model:
    content = maxent.read("targeted")
    return maxent.Model(content["labels"], content["bias"], content["weights"])
