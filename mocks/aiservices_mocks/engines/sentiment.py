"""Sentiment of a text: positive, negative, neutral, or mixed.

Clauses are judged one by one, and the text as a whole. What speaks for MIXED is that clauses of both signs are
there: the surer the surest of each, and the more evenly the two share the text, the more mixed it is. One complaint
in a long praise leaves it positive.

English, Spanish, French, German, Italian and Portuguese are judged by maximum entropy models over words and what
lexicons say of them. For any other language only what needs no words is read: emoji, emoticons, and ratings such as
4/5 or ★★★☆☆; a text without them is neutral. Scores are calibrated: of answers with a score of .7 some 70 % are right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from aiservices.text import cut, sentences

from . import maxent, sentiment_features
from .sentiment_features import Clause

LABELS = ("POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED")

_SAYS = re.compile(r"[^\W_]|[\u2190-\U0001faff]")
_PARTS = re.compile(r"[;；]|\s[-–—]\s")
_EVENLY = 0.55  # the most that clauses of both signs speak for MIXED, when they share the text half and half
_SURELY = 2.0  # what the certainties of the surest clause of each sign count
_TURNED = 0.3  # how much a clause after "but" that says little is taken to say the contrary
_AT_ONCE = 500  # characters
# The first two were chosen on whole product reviews whose sentences people rated.

Verdict = tuple[float, float, float]  # positive, negative, neutral


def score(text: str, language: str) -> dict[str, float]:
    """A score per label; they add up to 1.

    language: a code of Comprehend's; those without weights of their own are judged by marks alone. The models learnt
    from posts and sentences: a long text is judged by pieces.
    """
    own = language if language in sentiment_features.LANGUAGES else ""
    if len(text) <= _AT_ONCE:
        (good, bad, _), parts = _read(text, own)
    else:
        good = bad = 0.0
        parts = []
        for piece in cut(text, _AT_ONCE, size=len):
            (praise, blame, _), signs = _read(piece.text, own)
            good += len(piece.text) / len(text) * praise
            bad += len(piece.text) / len(text) * blame
            parts += signs
    rest = 1 - (0.01 * min(good, bad) if len(parts) < 2 else _mixed(parts))
    positive, negative, neutral = round(good * rest, 6), round(bad * rest, 6), round((1 - good - bad) * rest, 6)
    mixed = max(0.0, round(1 - positive - negative - neutral, 6))
    return {"POSITIVE": positive, "NEGATIVE": negative, "NEUTRAL": neutral, "MIXED": mixed}


def signs(text: str, language: str) -> list[tuple[int, float]]:
    """The clauses of a text in a language with weights: their sizes, and how much more they praise than blame."""
    return _read(text, language)[1]


def forget() -> None:
    """Read the weights anew when they are next asked for: training has just written them."""
    _model.cache_clear()


def _read(text: str, language: str) -> tuple[Verdict, list[tuple[int, float]]]:
    """The verdict on a piece as a whole, and its clauses: their sizes, and how much more they praise than blame."""
    if not language:
        each = [(len(part), _by_marks(part)) for part in _clauses(text)]
        return _by_marks(text), [(size, good - bad) for size, (good, bad, _) in each]
    told = sentiment_features.tell(text, language)
    model = _model(language)
    sums = [_spoken(model, clause) for clause in told.clauses]
    whole = _weighed(model, told.marks)
    for spoken in sums:
        whole = _plus(whole, spoken)
    verdict = _shares(_plus(whole, _judged(model, told.good, told.bad, told.size)))
    found: list[tuple[int, float]] = []
    before = 0.0
    for clause, spoken in zip(told.clauses, sums, strict=True) if len(sums) > 1 else ():
        size = len(clause.words)
        praise, blame, _ = _shares(_plus(spoken, _judged(model, clause.good, clause.bad, size)), model.sharpness)
        sign = praise - blame
        if clause.turned:
            sign -= _TURNED * before * (1 - abs(sign))
        found.append((size, sign))
        before = sign
    return verdict, found


def _plus(one: Verdict, other: Verdict) -> Verdict:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _shares(said: Verdict, sharpness: float = 1.0) -> Verdict:
    """What is said for each label as probabilities; sharpness over 1 makes the likelier ones surer yet."""
    top = max(said)
    good, bad, neutral = (math.exp(sharpness * (one - top)) for one in said)
    whole = good + bad + neutral
    return good / whole, bad / whole, neutral / whole


def _spoken(model: _Model, clause: Clause) -> Verdict:
    """What a clause's words say for each label."""
    rows = [*map(model.words.get, clause.words), *map(model.negated.get, clause.negated)]
    if model.pairs:
        rows += map(model.pairs.get, pairwise((sentiment_features.BEGIN, *clause.words)))
    good = bad = neutral = 0.0
    for praise, blame, nothing in filter(None, rows):
        good += praise
        bad += blame
        neutral += nothing
    return good, bad, neutral


def _weighed(model: _Model, features: Mapping[str, float]) -> Verdict:
    """What marks say for each label."""
    good = bad = neutral = 0.0
    for name, value in features.items():
        row = model.marks.get(name)
        if row is not None:
            good += value * row[0]
            bad += value * row[1]
            neutral += value * row[2]
    return good, bad, neutral


def _judged(model: _Model, good: float, bad: float, size: int) -> Verdict:
    """What the bias and the lexicon's sums over so many words say for each label."""
    if not good and not bad:
        return model.unjudged
    amounts = sentiment_features.squeezed(good, bad, size)
    said = model.steps[sentiment_features.step(amounts[0])]
    for amount, (praise, blame, nothing) in zip(amounts, model.amounts, strict=True):
        said = said[0] + amount * praise, said[1] + amount * blame, said[2] + amount * nothing
    return said


def _by_marks(text: str) -> Verdict:
    marks = sentiment_features.marks(text)
    good = 2.5 * marks.get("glad", 0.0) + 3 * marks.get("rated+", 0.0)
    bad = 2.5 * marks.get("sad", 0.0) + 3 * marks.get("rated-", 0.0)
    strong = 1 + 0.3 * marks.get("!", 0.0)
    whole = 0.3 + strong * good + 0.3 + strong * bad + 1.4
    return (0.3 + strong * good) / whole, (0.3 + strong * bad) / whole, 1.4 / whole


class _Model(NamedTuple):
    """The weights of a language, apart by what they are of."""

    words: Mapping[str, Verdict]
    negated: Mapping[str, Verdict]
    pairs: Mapping[tuple[str, ...], Verdict]
    """Of two words in a row."""
    marks: Mapping[str, Verdict]
    amounts: Sequence[Verdict]
    """Of the lexicon's verdict, in the order of its amounts."""
    steps: Mapping[int, Verdict]
    """The bias, and what the lexicon's verdict by steps says."""
    unjudged: Verdict
    """The bias, and what it says that the lexicon knows none of the words."""
    sharpness: float
    """How much surer than calibrated it is to be of single clauses."""


@cache
def _model(language: str) -> _Model:
    content = maxent.read(f"sentiment_{language}")
    weights: Mapping[str, Verdict] = content["weights"]

    def named(kind: str) -> dict[str, Verdict]:
        return {name[len(kind) :]: row for name, row in weights.items() if name.startswith(kind)}

    nothing = (0.0, 0.0, 0.0)
    steps = {step: _plus(content["bias"], weights.get(f"lexicon@{step}", nothing)) for step in range(-4, 5)}
    return _Model(
        words=named("w="),
        negated=named("n="),
        pairs={tuple(name.split(" ")): row for name, row in named("b=").items()},
        marks={name: row for name, row in weights.items() if name[1:2] != "=" and not name.startswith("lexicon")},
        amounts=[weights.get(name, nothing) for name in sentiment_features.AMOUNTS],
        steps=steps,
        unjudged=steps[0],
        sharpness=content["sharpness"],
    )


def _clauses(text: str) -> Iterator[str]:
    """The parts of a text whose words are unknown that say something."""
    for sentence in sentences(text):
        yield from filter(_SAYS.search, _PARTS.split(sentence.text))


def _mixed(parts: Sequence[tuple[int, float]]) -> float:
    """How mixed clauses are (0..1), from their sizes and signs."""
    signs = [sign for _, sign in parts]
    best, worst = max(signs), -min(signs)
    if best <= 0 or worst <= 0:
        return 0.0
    praise = blame = 0.0
    for size, sign in parts:
        if sign > 0:
            praise += size * sign
        else:
            blame -= size * sign
    evenly = _EVENLY * math.sqrt(2 * min(praise, blame) / (praise + blame))
    return evenly * min(1.0, _SURELY * best * worst)
