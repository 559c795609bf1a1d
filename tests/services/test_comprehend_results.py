"""What Comprehend's verbs return: how the answers for the pieces of a text become one, and how results show themselves."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from aiservices_mocks import Mock
from hypothesis import given
from hypothesis import strategies as st

from aiservices import AI
from aiservices.errors import InvalidCallError, TransportError
from aiservices.services.comprehend import jobs, topics
from aiservices.services.comprehend.classes import Classes, PromptSafety, Toxicity
from aiservices.services.comprehend.found import Syntax
from aiservices.services.comprehend.jobs import one_line
from aiservices.services.comprehend.targets import Targets
from aiservices.text import Piece


def classes(**scores: float) -> dict[str, Any]:
    return {"Classes": [{"Name": name, "Score": score} for name, score in scores.items()]}


def labels(**scores: float) -> dict[str, Any]:
    return {"Labels": classes(**scores)["Classes"]}


def test_classes_are_weighed_by_length() -> None:
    pieces = [(Piece(0, "x" * 30), classes(A=0.9, B=0.1)), (Piece(30, "x" * 10), classes(B=0.8, A=0.2))]
    found = Classes.merged("", pieces)
    assert found.scores == {"A": 0.725, "B": 0.275}
    assert found.raw == classes(A=0.725, B=0.275)
    assert (found.label, found.labels, str(found), found.confidence) == ("A", ("A",), "A", 0.725)
    assert repr(found) == "<Classes A 0.72>"
    assert found.to_dict() == {"label": "A", "confidence": 0.725}


def test_labels_are_those_of_any_piece() -> None:
    pieces = [(Piece(0, "x"), labels(A=0.9, B=0.1)), (Piece(1, "x"), labels(B=0.8, C=0.4))]
    found = Classes.merged("", pieces)
    assert (found.several, found.labels) == (True, ("A", "B"))
    assert found.scores == {"A": 0.9, "B": 0.8, "C": 0.4}
    nothing = Classes.merged("", [(Piece(0, "x"), labels())])
    assert (nothing.label, nothing.labels, nothing.confidence) == ("", (), 0.0)


def test_a_prompt_is_as_unsafe_as_its_worst_piece() -> None:
    good, bad = classes(SAFE_PROMPT=0.9, UNSAFE_PROMPT=0.1), classes(SAFE_PROMPT=0.2, UNSAFE_PROMPT=0.8)
    found = PromptSafety.merged("", [(Piece(n, "x"), good) for n in range(5)] + [(Piece(5, "x"), bad)])
    assert (found.safe, found.confidence, found.raw) == (False, 0.8, bad)
    assert PromptSafety.merged("", [(Piece(0, "x"), good)]).to_dict() == {"safe": True, "confidence": 0.9}


def toxic(toxicity: float, **scores: float) -> dict[str, Any]:
    return {"Toxicity": toxicity, **labels(**scores)}


def test_a_text_is_as_toxic_as_its_worst_segment() -> None:
    pieces = [(Piece(0, "x"), toxic(0.1, INSULT=0.2, HATE_SPEECH=0.3)), (Piece(1, "x"), toxic(0.7, INSULT=0.9))]
    found = Toxicity.merged("", pieces)
    assert (found.toxicity, found.confidence) == (0.7, 0.7)
    assert found.labels == {"INSULT": 0.9, "HATE_SPEECH": 0.3}
    assert found.raw == {"ResultList": [answer for _, answer in pieces]}
    assert found.to_dict() == {"toxicity": 0.7, "hate_speech": 0.3, "insult": 0.9}
    assert "INSULT" in found._repr_html_()
    assert repr(found) == "<Toxicity 0.70 INSULT>"


def mention(begin: int, end: int, sentiment: str, score: float) -> dict[str, Any]:
    rest = (1 - score) / 3
    scores = {
        label: score if label.upper() == sentiment else rest for label in ("Positive", "Negative", "Neutral", "Mixed")
    }
    return {
        "BeginOffset": begin,
        "EndOffset": end,
        "Text": "?",
        "Type": "PERSON",
        "Score": 0.9,
        "GroupScore": 0.8,
        "MentionSentiment": {"Sentiment": sentiment, "SentimentScore": scores},
    }


def test_groups_keep_their_mentions_at_the_places_of_the_whole() -> None:
    text = "Ann is kind. She is late. 👋 Ann sings."
    first = {"Entities": [{"DescriptiveMentionIndex": [0], "Mentions": [mention(0, 3, "POSITIVE", 0.9), mention(13, 16, "NEGATIVE", 0.7)]}]}  # fmt: skip
    second = {"Entities": [{"DescriptiveMentionIndex": [], "Mentions": [mention(2, 5, "NEUTRAL", 0.6)]}]}
    found = Targets.merged(text, [(Piece(0, text[:26]), first), (Piece(26, text[26:]), second)], "en")
    assert [[one.text for one in target.mentions] for target in found] == [["Ann", "She"], ["Ann"]]
    assert [target.sentiment for target in found] == ["POSITIVE", "NEUTRAL"]
    assert found[0].confidence == pytest.approx((0.9 + 0.1) / 2)
    assert [one["BeginOffset"] for group in found.raw["Entities"] for one in group["Mentions"]] == [0, 13, 28]
    assert len(found.about("ann")) == 2
    assert found.to_dict()["targets"] == "Ann (POSITIVE), Ann (NEUTRAL)"
    assert pickle.loads(pickle.dumps(found)) == found
    assert hash(found) == hash(
        Targets.merged(text, [(Piece(0, text[:26]), first), (Piece(26, text[26:]), second)], "en")
    )


def test_nothing_spoken_of() -> None:
    found = Targets.merged("ok", [(Piece(0, "ok"), {"Entities": []})], "en")
    assert (len(found), found.confidence, found.to_dict()["count"]) == (0, None, 0)
    assert list(found.to_pandas().columns)[:3] == ["target", "name", "text"]


def test_words_show_their_kinds() -> None:
    token = {
        "TokenId": 1,
        "Text": "Go",
        "BeginOffset": 0,
        "EndOffset": 2,
        "PartOfSpeech": {"Tag": "VERB", "Score": 0.9},
    }
    found = Syntax.merged("Go", [(Piece(0, "Go"), {"SyntaxTokens": [token]})], "en")
    assert found._repr_html_() == "<p><mark>Go <small>VERB</small></mark></p>"
    assert found.of("VERB") == list(found)


# Jobs.


@given(st.text(max_size=80))
def test_a_line_has_its_characters_at_the_same_places(text: str) -> None:
    line = one_line(text)
    assert len(line) == len(text)
    assert len(line.splitlines()) <= 1
    assert all(a == b for a, b in zip(text, line, strict=True) if b != " ")


def test_an_output_that_is_none_says_so() -> None:
    with pytest.raises(TransportError, match="cannot be unpacked"):
        dict(jobs._unpacked(b"no archive"))
    for wrong in ({}, {"topic-terms.csv": b"topic,term,weight\n000,x\n", "doc-topics.csv": b""}):
        with pytest.raises(TransportError, match="not as topics are told"):
            topics.parsed(wrong)


def test_texts_that_a_job_failed_on_fail_alone() -> None:
    parts, refused = jobs.lines(["one", "", "two", "three"], 100)
    rows = {0: {"File": "f", "Line": 0, "Languages": [{"LanguageCode": "en", "Score": 1.0}]},
            1: {"File": "f", "Line": 1, "ErrorCode": "DOCUMENT_SIZE_EXCEEDED", "ErrorMessage": "too long"}}  # fmt: skip
    found = jobs._outcomes(jobs.WORKS["language"], ["one", "", "two", "three"], "", parts, refused, rows)
    assert found[0].code == "en"
    assert isinstance(found[1], InvalidCallError)
    assert found[2].code == "DOCUMENT_SIZE_EXCEEDED"
    assert "left this text out" in str(found[3])


def test_a_model_is_kept_by_its_arn() -> None:
    with AI(backend=Mock()) as ai:
        model = ai.comprehend.train_classifier([(f"{label} {n}", label) for label in "ab" for n in range(10)], "x")
        with pytest.raises(TypeError, match="keep its arn"):
            pickle.dumps(model)
        assert ai.comprehend.model(model.arn) == model
