"""Sentiment on two hand-checked sets of six languages, and on texts made by seeds that no rule was written on.

Floors, not figures: `mocks/training/quality.py` prints those. What was looked at while the engine was made is said in
`tests/data/comprehend/README.md`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from aiservices_mocks.engines import sentiment

from tests.engines.reviews import made

LANGUAGES = ("en", "es", "fr", "de", "it", "pt")
SETS = Path(__file__).parents[1] / "data" / "comprehend"


def rows(name: str) -> list[list[str]]:
    """Language, label, kind and text of each row of a set."""
    return [line.split("\t") for line in (SETS / name).read_text("utf-8").splitlines()[1:]]


KNOWN, FRESH = rows("sentiment.tsv"), rows("sentiment_fresh.tsv")


def label(text: str, code: str) -> str:
    scores = sentiment.score(text, code)
    return max(scores, key=scores.__getitem__)


def share(told: Sequence[str], truth: Sequence[str]) -> float:
    return sum(a == b for a, b in zip(told, truth, strict=True)) / len(truth)


@pytest.mark.parametrize(("known", "each"), [(KNOWN, 16), (FRESH, 5)], ids=["sentiment", "fresh"])
def test_a_set_is_balanced_and_has_what_is_hard(known: list[list[str]], each: int) -> None:
    for code in LANGUAGES:
        mine = [(kind, found) for language, found, kind, _ in known if language == code]
        assert Counter(found for _, found in mine) == dict.fromkeys(sentiment.LABELS, each)
        assert {kind for kind, _ in mine} == {"plain", "negation", "emoji"}
    assert len({text for *_, text in KNOWN + FRESH}) == len(KNOWN) + len(FRESH)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_sets_are_told_far_above_chance_and_shuffled_labels_are_chance(code: str) -> None:
    for known, floor in ((KNOWN, 0.65), (FRESH, 0.5)):
        mine = [(text, found) for language, found, _, text in known if language == code]
        told, truth = [label(text, code) for text, _ in mine], [found for _, found in mine]
        accuracy = share(told, truth)
        print(f"{code}: {accuracy:.3f} of {len(mine)} texts")
        assert accuracy >= floor
        chance = random.Random(code)
        shuffles = [share(told, chance.sample(truth, len(truth))) for _ in range(200)]
        assert sum(shuffles) / len(shuffles) == pytest.approx(0.25, abs=0.03)
        assert sum(one >= accuracy for one in shuffles) <= 2


@pytest.mark.parametrize("code", LANGUAGES)
def test_made_up_reviews_are_told_as_they_were_made(code: str) -> None:
    known = made(code, seed=17, count=80)
    assert share([label(text, code) for text, _ in known], [found for _, found in known]) >= 0.6
