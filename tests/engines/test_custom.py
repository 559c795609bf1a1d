"""Classes and names that are learnt from examples, and how well a model does on others."""

from __future__ import annotations

import csv
import random
import runpy
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiservices_mocks.engines import custom_names, minilm, name_lists, scoring, softmax_classes
from aiservices_mocks.engines.scoring import Counts
from hypothesis import given, settings
from hypothesis import strategies as st

REQUESTS = Path(__file__).parents[1] / "data" / "comprehend_custom" / "requests.csv"
SPAM = [("win a free prize", ["spam"]), ("free cash, claim it", ["spam"]), ("your prize: cash", ["spam"])]
HAM = [("lunch in the garden?", ["ham"]), ("the train to town", ["ham"]), ("read the book", ["ham"])]
WORDS = st.text("abc de,", max_size=20)
EXAMPLES = st.lists(st.tuples(WORDS, st.lists(st.sampled_from(["x", "y", "z"]), max_size=2)), min_size=1, max_size=8)
TOWNS = ("Lisbon", "Porto", "Graz", "Leeds", "Lyon", "Bergen", "Turin", "Ghent")
TRIPS = ("Book a flight to {} today.", "How far is it to {} by train?", "The weather in {} was fine.")


@pytest.fixture(autouse=True)
def _built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same engine, whether or not the weights of MiniLM are installed."""
    monkeypatch.setattr(minilm, "available", lambda: False)


def test_a_class_is_told_by_its_words() -> None:
    model = softmax_classes.train(SPAM + HAM)
    assert model.labels == ["spam", "ham"]
    assert model.score("A FREE prize!")["spam"] > 0.8
    assert model.score("lunch on the train")["ham"] > 0.8
    assert model.choose("lunches on trains") == ["ham"], "by runs of letters"
    assert model.score("12345") == pytest.approx({"spam": 0.5, "ham": 0.5}, abs=0.05)


def test_labels_are_there_each_by_itself() -> None:
    examples = [*SPAM * 3, *HAM * 3, *[("lunch prize", ["spam", "ham"])] * 3]
    model = softmax_classes.train(examples, several=True)
    assert min(model.score("prize and lunch").values()) > 0.5
    assert model.choose("claim cash") == ["spam"]


@settings(deadline=None)
@given(EXAMPLES, WORDS, st.booleans())
def test_shares_add_up_and_stay_the_same(examples: list[tuple[str, list[str]]], text: str, several: bool) -> None:
    model = softmax_classes.train(examples, several=several)
    scores = model.score(text)
    assert all(0 <= score <= 1 for score in scores.values())
    if scores and not several:
        assert sum(scores.values()) == pytest.approx(1, abs=1e-5)
    assert softmax_classes.train(examples, several=several).score(text) == scores


def requests() -> list[tuple[str, str]]:
    """The messages of the committed set, with their classes."""
    with REQUESTS.open(encoding="utf-8", newline="") as file:
        return [(text, label) for label, text in csv.reader(file)]


def test_the_committed_set_is_what_its_script_writes() -> None:
    script = runpy.run_path(str(REQUESTS.with_name("make.py")))
    assert requests() == [(text, label) for label, text in script["rows"]()]


def held_out(examples: Sequence[tuple[str, str]]) -> float:
    """The share of every other message that is classified rightly after learning from the rest."""
    model = softmax_classes.train([(text, [label]) for text, label in examples[::2]])
    return scoring.mean(float(model.choose(text) == [label]) for text, label in examples[1::2])


def test_three_classes_are_learnt_and_permuted_ones_are_not() -> None:
    examples = requests()
    assert held_out(examples) >= 0.85
    labels = [label for _, label in examples]
    random.Random(4).shuffle(labels)
    assert held_out([(text, label) for (text, _), label in zip(examples, labels, strict=True)]) == pytest.approx(
        1 / 3, abs=0.12
    )


def test_with_points_both_opinions_are_averaged(monkeypatch: pytest.MonkeyPatch) -> None:
    class Encoder:
        size = 2

        def embed(self, texts: Sequence[str]) -> Any:
            return np.array([[1.0, 0.0] if "meal" in text or "lunch" in text else [0.0, 1.0] for text in texts])

    plain = softmax_classes.train(SPAM + HAM[:1])
    monkeypatch.setattr(minilm, "available", lambda: True)
    monkeypatch.setattr(minilm, "_loaded", [Encoder()])
    better = softmax_classes.train(SPAM + HAM[:1])
    assert better.score("a good meal")["ham"] > plain.score("a good meal")["ham"] + 0.1


# Names of one's own.


def marked(text: str, name: str) -> tuple[str, list[tuple[int, int, str]]]:
    """A text with one name in it, annotated."""
    begin = text.index(name)
    return text, [(begin, begin + len(name), "TOWN")]


def test_names_that_never_were_there_are_found_by_what_stands_around_them() -> None:
    learnt = [marked(trip.format(town), town) for town in TOWNS for trip in TRIPS]
    model = custom_names.train([*learnt, ("Book a table today.", []), ("How far is it?", [])])
    for text in ("Book a flight to Quito today.", "The weather in Accra was fine."):
        (found,) = model.find(text)
        assert text[found.begin : found.end] == found.text
        assert (found.type, found.text) == ("TOWN", "Quito" if "Quito" in text else "Accra")
        assert 0 < found.score <= 1
    assert model.find("Book a table for five today.") == []


def test_the_same_name_is_one_here_and_none_there() -> None:
    fruit = [(f"I ate an Apple with {n} nuts.", list[tuple[int, int, str]]()) for n in range(12)]
    company = [(f"Shares of Apple rose by {n} percent.", [(10, 15, "COMPANY")]) for n in range(12)]
    model = custom_names.train([*fruit, *company])
    assert [one.text for one in model.find("Shares of Apple rose by 99 percent.")] == ["Apple"]
    assert model.find("I ate an Apple with 99 nuts.") == []


def test_a_listed_name_is_found_that_no_text_has() -> None:
    examples = name_lists.listed(["My AnyPad broke.", "My AnyPad is new.", "Nothing."], [("AnyPad", "DEVICE")])
    model = custom_names.train(examples, [("AnyPad", "DEVICE"), ("C++", "LANGUAGE")])
    found = model.find("We write C++ here.")
    assert [(one.text, one.type) for one in found] == [("C++", "LANGUAGE")]


SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 8), st.sampled_from("AB")), max_size=3)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.text("ab C.\n", min_size=1, max_size=16), SPANS), max_size=4), st.text("ab C.\n", max_size=30)
)
def test_whatever_is_annotated_entities_are_in_the_text_and_apart(
    told: list[tuple[str, list[tuple[int, int, str]]]], text: str
) -> None:
    examples = [
        (one, [(begin, min(begin + length, len(one)), kind) for begin, length, kind in spans if begin < len(one)])
        for one, spans in told
    ]
    found = custom_names.train(examples, [("ab C", "A")]).find(text)
    assert all(text[one.begin : one.end] == one.text and one.text.strip() == one.text for one in found)
    assert all(one.end <= other.begin for one, other in pairwise(found))


# Lists of names.


def test_names_are_found_whole_and_the_longest_first() -> None:
    texts = [("The AnyPad Pro and the AnyPad.", [(4, 14, "DEVICE"), (23, 29, "DEVICE")])]
    model = name_lists.train(texts, [("C++", "LANGUAGE")])
    text = "AnyPads, an AnyPad Pro, C++ and AnyPad"
    found = name_lists.find(model, text)
    assert [(one.text, one.type) for one in found] == [
        ("AnyPad Pro", "DEVICE"),
        ("C++", "LANGUAGE"),
        ("AnyPad", "DEVICE"),
    ]
    assert all(text[one.begin : one.end] == one.text for one in found)


def test_a_name_is_the_surer_the_more_often_it_was_meant() -> None:
    always = [("Apple wins.", [(0, 5, "COMPANY")])] * 4
    never = [("Apple pie.", list[tuple[int, int, str]]())] * 4
    (sure,) = name_lists.find(name_lists.train(always), "Apple")
    (unsure,) = name_lists.find(name_lists.train(always + never), "Apple")
    assert sure.score > 0.8
    assert unsure.score == 0.5


def test_a_list_annotates_texts() -> None:
    assert name_lists.listed(["an AnyPad", "none"], [("AnyPad", "DEVICE")]) == [
        ("an AnyPad", [(3, 9, "DEVICE")]),
        ("none", []),
    ]


@given(st.lists(st.text("ab c.", min_size=1, max_size=5), max_size=5), st.text("ab c.", max_size=30))
def test_found_names_are_in_the_text_and_do_not_overlap(names: list[str], text: str) -> None:
    found = name_lists.find(name_lists.train([], [(name, "T") for name in names]), text)
    assert all(text[one.begin : one.end] == one.text for one in found)
    assert all(one.end <= other.begin for one, other in pairwise(found))


def test_counts_give_the_usual_measures() -> None:
    counts = scoring.count([(["a"], ["a"]), (["a"], ["b"]), (["b"], ["b"])], ["a", "b"])
    assert counts == {"a": Counts(1, 0, 1), "b": Counts(1, 1, 0)}
    assert (counts["a"].precision, counts["a"].recall) == (1, 0.5)
    assert counts["a"].f1 == pytest.approx(2 / 3)
    assert scoring.together(counts.values()) == Counts(2, 1, 1)
    assert scoring.mean([]) == Counts().f1 == scoring.together([]).precision == 0
