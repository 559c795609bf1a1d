"""Classes and names that are learnt from examples, and how well a model does on others."""

from __future__ import annotations

import copy
from itertools import pairwise

import pytest
from aiservices_mocks.engines import naive_bayes, name_lists, scoring
from aiservices_mocks.engines.scoring import Counts
from hypothesis import given
from hypothesis import strategies as st

SPAM = [("win a free prize", ["spam"]), ("free cash, claim it", ["spam"]), ("your prize: cash", ["spam"])]
HAM = [("lunch in the garden?", ["ham"]), ("the train to town", ["ham"]), ("read the book", ["ham"])]
WORDS = st.text("abc de,", max_size=20)
EXAMPLES = st.lists(st.tuples(WORDS, st.lists(st.sampled_from(["x", "y", "z"]), max_size=2)), min_size=1, max_size=8)


def test_a_class_is_told_by_its_words() -> None:
    model = naive_bayes.train(SPAM + HAM)
    assert naive_bayes.labels(model) == ["spam", "ham"]
    spam, ham = naive_bayes.share(model, "A FREE prize!"), naive_bayes.share(model, "lunch on the train")
    assert spam["spam"] > 0.8
    assert ham["ham"] > 0.8
    assert naive_bayes.share(model, "zebra") == {"spam": 0.5, "ham": 0.5}


def test_labels_are_there_each_by_itself() -> None:
    model = naive_bayes.train([*SPAM * 3, *HAM * 3, *[("lunch prize", ["spam", "ham"])] * 3])
    both = naive_bayes.each(model, "prize and lunch")
    assert min(both.values()) > 0.5
    assert naive_bayes.each(model, "claim cash")["ham"] < 0.5


@given(EXAMPLES, WORDS)
def test_shares_add_up_and_nothing_is_changed(examples: list[tuple[str, list[str]]], text: str) -> None:
    model = naive_bayes.train(examples)
    before = copy.deepcopy(model)
    if naive_bayes.labels(model):
        assert sum(naive_bayes.share(model, text).values()) == pytest.approx(1, abs=1e-5)
    assert all(0 <= score <= 1 for score in naive_bayes.each(model, text).values())
    assert model == before


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
