"""Sentiment: the four labels, in words and without."""

from __future__ import annotations

import random

import pytest
from aiservices_mocks.engines import maxent, sentiment, sentiment_features
from hypothesis import given
from hypothesis import strategies as st


def label(text: str, code: str = "en") -> str:
    scores = sentiment.score(text, code)
    return max(scores, key=scores.__getitem__)


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("What a wonderful evening, we loved every minute of it!", "en", "POSITIVE"),
        ("The clerk was rude and my refund never came.", "en", "NEGATIVE"),
        ("The store opens at nine on weekdays.", "en", "NEUTRAL"),
        ("Una película maravillosa, la recomiendo.", "es", "POSITIVE"),
        ("El servicio fue pésimo y la habitación estaba sucia.", "es", "NEGATIVE"),
        ("La tienda abre a las nueve.", "es", "NEUTRAL"),
        ("Un excellent restaurant, nous sommes ravis.", "fr", "POSITIVE"),
        ("Accueil lamentable et chambre sale.", "fr", "NEGATIVE"),
        ("Wunderbar, ich bin begeistert!", "de", "POSITIVE"),
        ("Der Film war schrecklich langweilig.", "de", "NEGATIVE"),
        ("Gefällt mir überhaupt nicht.", "de", "NEGATIVE"),
        ("Jederzeit wieder!", "de", "POSITIVE"),
        ("Uno spettacolo meraviglioso, bravissimi!", "it", "POSITIVE"),
        ("Cibo orribile e personale maleducato.", "it", "NEGATIVE"),
        ("Adorei o livro, é maravilhoso.", "pt", "POSITIVE"),
        ("Péssimo atendimento, estou muito decepcionado.", "pt", "NEGATIVE"),
    ],
)
def test_the_sign_follows_the_words(text: str, code: str, expected: str) -> None:
    assert label(text, code) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The view was gorgeous, but the bathroom was disgusting.", "en"),
        ("I love the keyboard. I hate the noise it makes.", "en"),
        ("La vista era preciosa, pero el baño estaba muy sucio.", "es"),
        ("La vue était magnifique mais la salle de bain était très sale.", "fr"),
        ("Die Aussicht war herrlich, aber das Bad war furchtbar.", "de"),
        ("La vista era splendida, ma il bagno era orribile.", "it"),
        ("A vista era maravilhosa, mas o banheiro estava horrível.", "pt"),
    ],
)
def test_clauses_of_opposite_sign_are_mixed(text: str, code: str) -> None:
    assert label(text, code) == "MIXED"


def test_one_complaint_in_long_praise_is_not_mixed() -> None:
    praise = "The staff were friendly and helpful. The food was delicious. We loved the garden. A lovely, quiet place. "
    assert label(praise * 2 + "The wifi was a bit slow.") == "POSITIVE"


def test_negation_turns_the_sign() -> None:
    for plain, negated, code in (
        ("I like it", "I don't like it", "en"),
        ("Me gusta", "No me gusta", "es"),
        ("Das ist gut", "Das ist nicht gut", "de"),
    ):
        assert sentiment.score(plain, code)["POSITIVE"] > sentiment.score(negated, code)["POSITIVE"]
        assert sentiment.score(plain, code)["NEGATIVE"] < sentiment.score(negated, code)["NEGATIVE"]


@pytest.mark.parametrize("code", ["ja", "ko", "ar", "hi", "zh", "zh-TW"])
def test_without_weights_only_marks_speak(code: str) -> None:
    assert label("😍👍", code) == "POSITIVE"
    assert label("😡👎", code) == "NEGATIVE"
    assert label("5/5", code) == "POSITIVE"
    assert label("★☆☆☆☆", code) == "NEGATIVE"
    assert label("今天", code) == "NEUTRAL"


@given(st.text(min_size=1, max_size=200), st.sampled_from(["en", "es", "fr", "de", "it", "pt", "ja", "zh-TW"]))
def test_scores_are_shares_that_add_up(text: str, code: str) -> None:
    scores = sentiment.score(text, code)
    assert tuple(scores) == sentiment.LABELS
    assert sum(scores.values()) == pytest.approx(1, abs=1e-5)
    assert all(-1e-5 <= score <= 1 for score in scores.values())
    assert sentiment.score(text, code) == scores


def test_made_up_reviews_come_out_as_they_were_made() -> None:
    """Texts put together at random from plain words of praise and complaint."""
    chance = random.Random(5)
    things = ["screen", "battery", "keyboard", "delivery", "sound", "support", "manual", "price"]
    right = 0
    for _ in range(100):
        good, bad = chance.sample(things, 2)
        kind, text = chance.choice(
            [
                ("POSITIVE", f"The {good} is {chance.choice(['excellent', 'great', 'fantastic', 'perfect'])}."),
                ("NEGATIVE", f"The {bad} is {chance.choice(['terrible', 'awful', 'horrible', 'useless'])}."),
                ("MIXED", f"The {good} is great, but the {bad} is terrible."),
            ]
        )
        right += label(text) == kind
    assert right >= 95


def test_marks_are_read_as_people_mean_them() -> None:
    assert sentiment_features.marks("4/5 stars").get("rated+", 0) > 0
    assert sentiment_features.marks("1 out of 10").get("rated-", 0) > 0
    assert "rated+" not in sentiment_features.marks("on 4/5/2024 we met")
    assert sentiment_features.marks("nice :-)")["glad"] > 0
    assert sentiment_features.marks("oh :(")["sad"] > 0
    assert sentiment_features.marks("plain text") == {}


def test_a_model_without_known_features_says_its_bias() -> None:
    model = maxent.Model(["a", "b"], [0.0, 0.0], {"x": [1.0, -1.0]})
    assert model.probabilities({"unknown": 1.0}) == pytest.approx([0.5, 0.5])
    assert model.probabilities({"x": 2.0})[0] > model.probabilities({"x": 1.0})[0] > 0.5
