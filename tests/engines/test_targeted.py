"""Targeted sentiment: what stands near a mention tells it apart from others in its sentence."""

from __future__ import annotations

import random

import pytest
from aiservices_mocks.engines import target_sentiment, targeted
from hypothesis import given
from hypothesis import strategies as st


def told(text: str) -> dict[str, str]:
    """The mentions and their labels."""
    return {
        one.text: max(one.sentiment, key=one.sentiment.__getitem__)
        for group in targeted.find(text, "en")
        for one in group
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The food was delicious but the service was terrible.", {"food": "POSITIVE", "service": "NEGATIVE"}),
        ("The screen is not good.", {"screen": "NEGATIVE"}),
        ("Great camera, awful battery.", {"camera": "POSITIVE", "battery": "NEGATIVE"}),
        ("The laptop freezes all the time.", {"laptop": "NEGATIVE"}),
        ("The meeting in Lisbon starts at nine.", {"meeting": "NEUTRAL", "Lisbon": "NEUTRAL"}),
        ("I love my new laptop, but the keyboard is horrible.", {"laptop": "POSITIVE", "keyboard": "NEGATIVE"}),
    ],
)
def test_each_mention_has_its_own(text: str, expected: dict[str, str]) -> None:
    assert expected.items() <= told(text).items()


def test_sentences_do_not_speak_for_each_other() -> None:
    found = told("The waiter was rude. The garden is wonderful.")
    assert (found["waiter"], found["garden"]) == ("NEGATIVE", "POSITIVE")


def test_made_up_sentences_are_told_as_they_were_made() -> None:
    """Things and words of praise and blame put together at random; shuffled labels are chance."""
    chance = random.Random(3)
    things = ["soup", "printer", "driver", "lamp", "keyboard", "garden", "ticket", "charger"]
    good, bad = ["excellent", "lovely", "fantastic", "great"], ["awful", "terrible", "useless", "horrible"]
    right = shuffled = 0
    for _ in range(100):
        one, other = chance.sample(things, 2)
        words = {one: ("POSITIVE", chance.choice(good)), other: ("NEGATIVE", chance.choice(bad))}
        found = told(f"The {one} was {words[one][1]}, but the {other} was {words[other][1]}.")
        right += sum(found.get(thing) == words[thing][0] for thing in words)
        labels = [label for label, _ in words.values()]
        chance.shuffle(labels)
        shuffled += sum(found.get(thing) == label for thing, label in zip(words, labels, strict=True))
    assert right >= 180
    assert 60 <= shuffled <= 140


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_any_stretch_has_scores_that_add_up(text: str, begin: int, end: int) -> None:
    scores = target_sentiment.Judge(target_sentiment.words(text)).scores(min(begin, end), max(begin, end))
    assert sum(scores.values()) == pytest.approx(1, abs=1e-5)
    assert all(-1e-5 <= score <= 1 for score in scores.values())
