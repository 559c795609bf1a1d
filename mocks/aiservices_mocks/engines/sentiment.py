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
from operator import mul
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

_MOST = 500.0  # the exponential function's argument
Verdict = tuple[float, float, float]  # positive, negative, neutral
Said = complex
"""What speaks for positive and, as the imaginary part, for negative, both against neutral: pairs of numbers that Python
adds up by itself, three times as fast as a loop over rows."""


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
    marked = sum(value * model.marks.get(name, 0j) for name, value in told.marks.items())
    verdict = _shares(sum(sums, marked + _judged(model, told.good, told.bad, told.size)))
    found: list[tuple[int, float]] = []
    before = 0.0
    for clause, spoken in zip(told.clauses, sums, strict=True) if len(sums) > 1 else ():
        size = len(clause.words)
        praise, blame, _ = _shares(spoken + _judged(model, clause.good, clause.bad, size), model.sharpness)
        sign = praise - blame
        if clause.turned:
            sign -= _TURNED * before * (1 - abs(sign))
        found.append((size, sign))
        before = sign
    return verdict, found


def _shares(said: Said, sharpness: float = 1.0) -> Verdict:
    """What is said as probabilities; sharpness over 1 makes the likelier ones surer yet."""
    good, bad = math.exp(min(sharpness * said.real, _MOST)), math.exp(min(sharpness * said.imag, _MOST))
    whole = good + bad + 1
    return good / whole, bad / whole, 1 / whole


def _spoken(model: _Model, clause: Clause) -> Said:
    """What a clause's words say."""
    rows = [*map(model.words.get, clause.words), *map(model.negated.get, clause.negated)]
    if model.pairs:
        rows += map(model.pairs.get, pairwise((sentiment_features.BEGIN, *clause.words)))
    return sum(filter(None, rows), 0j)


def _judged(model: _Model, good: float, bad: float, size: int) -> Said:
    """What the bias and the lexicon's sums over so many words say."""
    if not good and not bad:
        return model.steps[0]
    amounts = sentiment_features.squeezed(good, bad, size)
    return sum(map(mul, amounts, model.amounts), model.steps[sentiment_features.step(amounts[0])])


def _by_marks(text: str) -> Verdict:
    marks = sentiment_features.marks(text)
    good = 2.5 * marks.get("glad", 0.0) + 3 * marks.get("rated+", 0.0)
    bad = 2.5 * marks.get("sad", 0.0) + 3 * marks.get("rated-", 0.0)
    strong = 1 + 0.3 * marks.get("!", 0.0)
    whole = 0.3 + strong * good + 0.3 + strong * bad + 1.4
    return (0.3 + strong * good) / whole, (0.3 + strong * bad) / whole, 1.4 / whole


class _Model(NamedTuple):
    """The weights of a language, apart by what they are of."""

    words: Mapping[str, Said]
    negated: Mapping[str, Said]
    pairs: Mapping[tuple[str, ...], Said]
    """Of two words in a row."""
    marks: Mapping[str, Said]
    amounts: Sequence[Said]
    """Of the lexicon's verdict, in the order of its amounts."""
    steps: Mapping[int, Said]
    """The bias, and what the lexicon's verdict by steps says; 0: it knows none of the words."""
    sharpness: float
    """How much surer than calibrated it is to be of single clauses."""


@cache
def _model(language: str) -> _Model:
    content = maxent.read(f"sentiment_{language}")
    weights = {name: _said(row) for name, row in content["weights"].items()}

    def named(kind: str) -> dict[str, Said]:
        return {name[len(kind) :]: said for name, said in weights.items() if name.startswith(kind)}

    bias = _said(content["bias"])
    return _Model(
        words=named("w="),
        negated=named("n="),
        pairs={tuple(name.split(" ")): said for name, said in named("b=").items()},
        marks={name: said for name, said in weights.items() if name[1:2] != "=" and not name.startswith("lexicon")},
        amounts=[weights.get(name, 0j) for name in sentiment_features.AMOUNTS],
        steps={step: bias + weights.get(f"lexicon@{step}", 0j) for step in range(-4, 5)},
        sharpness=content["sharpness"],
    )


def _said(row: Verdict) -> Said:
    good, bad, neutral = row
    return complex(good - neutral, bad - neutral)


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
