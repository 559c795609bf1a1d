"""Toxicity: the whole, its kinds, and what only looks toxic."""

from __future__ import annotations

import pytest
from aiservices_mocks.engines import toxicity
from hypothesis import given
from hypothesis import strategies as st

from aiservices.api.model import load


def strongest(text: str) -> str:
    kinds = toxicity.score(text)[1]
    return max(kinds, key=kinds.__getitem__)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("You are a pathetic loser and an idiot.", "INSULT"),
        ("What the fuck is this shit?", "PROFANITY"),
        ("She was naked and wanted sex, such a horny slut.", "SEXUAL"),
        ("I am going to kill you tonight.", "VIOLENCE_OR_THREAT"),
        ("Blood everywhere, guts and severed heads on the floor.", "GRAPHIC"),
        ("Shut up, nobody likes you, go away.", "HARASSMENT_OR_ABUSE"),
    ],
)
def test_the_kind_follows_the_words(text: str, kind: str) -> None:
    whole, kinds = toxicity.score(text)
    assert whole > 0.5
    assert max(kinds, key=kinds.__getitem__) == kind


@pytest.mark.parametrize(
    "text",
    [
        "The meeting has been moved to Thursday.",
        "Could you send me the invoice again, please?",
        "What a lovely garden you have!",
        "The classic class assessed the bass player.",
        "He is not stupid.",
    ],
)
def test_plain_texts_are_not_toxic(text: str) -> None:
    assert toxicity.score(text)[0] < 0.4


@pytest.mark.parametrize(
    ("hidden", "plain"), [("this sh1t", "this shit"), ("f**k off", "fuck off"), ("a$$hole", "asshole")]
)
def test_hidden_words_are_read(hidden: str, plain: str) -> None:
    assert toxicity.score(hidden)[1]["PROFANITY"] == pytest.approx(toxicity.score(plain)[1]["PROFANITY"], abs=0.3)
    assert strongest(hidden) in ("PROFANITY", "INSULT")


def test_an_insult_at_somebody_is_the_worse() -> None:
    assert toxicity.score("You idiot.")[1]["INSULT"] > toxicity.score("The idiot plays at nine.")[1]["INSULT"]


@given(
    st.text(max_size=120)
    | st.lists(
        st.sampled_from(["you", "kill", "idiot", "f**k", "sh1t", "not", "a*s", "*", "'", "i", "will", "the"])
    ).map(" ".join)
)
def test_any_text_is_survived(text: str) -> None:
    whole, kinds = toxicity.score(text)
    assert tuple(kinds) == toxicity.LABELS == tuple(load("comprehend").shape("ToxicContentType").enum)
    assert all(0 <= score <= 1 for score in (whole, *kinds.values()))
    assert toxicity.score(text) == (whole, kinds)
