"""Intents are recognised by their samples."""

from __future__ import annotations

import pytest
from aiservices_mocks.engines.intents import Intent, agrees, clusters, fill, guesses, known, title
from hypothesis import given
from hypothesis import strategies as st

KINDS = [["roses", "rose"], ["red roses"], ["tulips"]]
ORDER = Intent("Order", ["I want to order flowers", "buy {Kind} for {Name}", "{Kind}"], {"Kind": KINDS})
ROOM = Intent("Room", ["I want to book a room in {City}"])
WORDS = st.text("abcé ABC'-{}あ漢.", max_size=40)


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("I want to order flowers!", "Order", {}),
        ("i WANT to order flowers", "Order", {}),
        ("Buy red roses for my aunt", "Order", {"Kind": "red roses", "Name": "my aunt"}),
        ("tulips", "Order", {"Kind": "tulips"}),
        ("I want to book a room in New York", "Room", {"City": "New York"}),
    ],
)
def test_a_sample_is_recognised_with_its_slots(text: str, intent: str, slots: dict[str, str]) -> None:
    best = guesses(text, [ORDER, ROOM])[0]
    assert (best.intent, best.score, dict(best.slots)) == (intent, 1, slots)


def test_what_is_near_scores_less_than_a_sample_and_more_than_what_is_far() -> None:
    near, far = (guesses(text, [ORDER, ROOM]) for text in ("please order some flowers", "I want to"))
    assert near[0].intent == "Order"
    assert 1 > near[0].score > far[0].score > 0
    assert guesses("zebra", [ORDER, ROOM]) == []
    assert guesses("", [ORDER, ROOM]) == []


def test_a_sample_that_is_a_slot_alone_takes_known_values_only() -> None:
    assert guesses("bicycles", [ORDER]) == []
    assert guesses("rose", [ORDER])[0].slots == {"Kind": "rose"}


def test_the_longest_known_value_is_found() -> None:
    assert known("some Red Roses, please", KINDS) == ("Red Roses", "red roses")
    assert known("a rose", KINDS) == ("rose", "roses")
    assert known("prose", KINDS) is None


@pytest.mark.parametrize(
    ("text", "language", "meant"),
    [
        ("Yes, please!", "en", True),
        ("no", "en", False),
        ("perhaps", "en", None),
        ("D’accord", "fr", True),
        ("nein", "de", False),
        ("हाँ", "hi", True),
        ("はい", "ja", True),
        ("yes", "xx", None),
    ],
)
def test_yes_and_no_are_understood_in_the_language(text: str, language: str, meant: bool | None) -> None:
    assert agrees(text, language) is meant


def test_texts_that_want_the_same_come_together() -> None:
    texts = ["order flowers now", "cancel my booking", "can I order flowers", "please cancel the booking", "hm"]
    assert clusters(texts) == [[0, 2], [1, 3], [4]]
    assert "Flowers" in title([texts[0], texts[2]], [texts[1], texts[3]])


@given(st.lists(WORDS, max_size=6))
def test_every_text_is_in_one_cluster(texts: list[str]) -> None:
    found = clusters(texts)
    assert sorted(number for cluster in found for number in cluster) == [*range(len(texts))]


@given(WORDS, WORDS)
def test_any_text_can_be_held_against_any_sample(text: str, sample: str) -> None:
    for guess in guesses(text, [Intent("A", [sample], {"a": [["b"]]}), ROOM]):
        assert 0 < guess.score <= 1
        assert all(value in text for value in guess.slots.values())


@given(st.from_regex(r"[a-z]{1,8}( [a-z]{1,8}){0,5}", fullmatch=True), st.from_regex(r"[a-z]{1,6}", fullmatch=True))
def test_what_is_put_into_a_sample_is_found_in_it(value: str, word: str) -> None:
    assert fill("{Slot}", value, {}) == {"Slot": value}
    assert fill(f"{word}9 {{Slot}} 9", f"{word}9 {value} 9", {}) == {"Slot": value}


def test_a_long_text_with_many_slots_is_held_against_a_sample_in_no_time() -> None:
    assert fill(" ".join(f"{{S{number}}}" for number in range(40)) + " end", "word " * 200, {}) is None
