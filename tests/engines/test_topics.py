"""Topics: what texts share, found again whatever order they come in, and the same each time."""

from __future__ import annotations

import random

import pytest
from aiservices_mocks.engines import topics
from hypothesis import given, settings
from hypothesis import strategies as st

SUBJECTS = {
    "kitchen": ["pasta", "sauce", "salt", "boil", "plate", "tomato", "oven", "butter", "bake", "dough"],
    "sea": ["boat", "sail", "harbour", "wind", "mast", "anchor", "deck", "captain", "tide", "wave"],
    "court": ["judge", "trial", "jury", "lawyer", "verdict", "appeal", "witness", "crime", "prison", "sentence"],
}
FILLING = ["people", "today", "place", "thing", "little", "great", "house", "time"]


def collection(each: int = 12, seed: int = 1) -> list[tuple[str, str]]:
    """Texts with their subjects, in mixed order."""
    chance = random.Random(seed)
    found = [
        (" ".join(chance.sample(words, 6) + chance.sample(FILLING, 2)), subject)
        for subject, words in SUBJECTS.items()
        for _ in range(each)
    ]
    chance.shuffle(found)
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_subjects_are_found_again(seed: int) -> None:
    told = collection(seed=seed)
    found = topics.find([text for text, _ in told], 3)
    mains = {(subject, shares[0][0]) for (_, subject), shares in zip(told, found.shares, strict=True)}
    assert len(mains) == 3, "each subject is one topic, and each topic one subject"
    for subject, topic in mains:
        terms = [term for term, _ in found.terms[topic]]
        assert set(terms[:4]) <= set(SUBJECTS[subject])
        weights = [weight for _, weight in found.terms[topic]]
        assert weights == sorted(weights, reverse=True)
        assert sum(weights) <= 1 + 1e-6


def test_the_same_texts_have_the_same_topics() -> None:
    texts = [text for text, _ in collection()]
    assert topics.find(texts, 4) == topics.find(texts, 4)


def test_the_largest_topic_comes_first() -> None:
    told = [*collection(6), *[(text, subject) for text, subject in collection(30) if subject == "sea"]]
    found = topics.find([text for text, _ in told], 3)
    assert set(SUBJECTS["sea"]) >= {term for term, _ in found.terms[0][:5]}


def test_there_are_no_more_topics_than_texts_that_differ() -> None:
    assert topics.find([], 5) == topics.Topics([], [])
    assert topics.find(["", "the of and"], 5) == topics.Topics([], [[], []])
    assert len(topics.find(["one boat", "one boat"], 5).terms) == 1
    assert len(topics.find(["boat sail", "judge jury", "pasta oven"], 10).terms) == 3


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("ab cd", max_size=20), max_size=8), st.integers(1, 6))
def test_shares_add_up_whatever_the_texts(texts: list[str], number: int) -> None:
    found = topics.find(texts, number)
    assert len(found.shares) == len(texts)
    assert len(found.terms) <= number
    for shares in found.shares:
        assert not shares or sum(share for _, share in shares) == pytest.approx(1, abs=1e-5)
        assert all(topic < len(found.terms) for topic, _ in shares)
