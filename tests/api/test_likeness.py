"""Replies are alike when they have the same members, types and states."""

from __future__ import annotations

from typing import Any

import pytest
from aiservices_mocks.examples import example
from hypothesis import assume, given
from hypothesis import strategies as st

from aiservices.api.likeness import Unlike, unlike
from aiservices.api.model import load
from aiservices.call import SERVICES


def found(name: str, first: dict[str, Any], second: dict[str, Any]) -> list[Unlike]:
    service, _, operation = name.partition(".")
    shape = load(service).operation(operation).output
    assert shape is not None
    return list(unlike(shape, first, second))


SCORE = {"Positive": 0.9, "Negative": 0.1, "Neutral": 0.0, "Mixed": 0.0}


def test_contents_do_not_matter() -> None:
    glad, cross = (
        {"Sentiment": "POSITIVE", "SentimentScore": SCORE},
        {"Sentiment": "NEGATIVE", "SentimentScore": {**SCORE, "Mixed": 1}},
    )
    assert found("comprehend.DetectSentiment", glad, cross) == []


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ({"Sentiment": "POSITIVE"}, Unlike("missing", "SentimentScore")),
        ({"Sentiment": "POSITIVE", "SentimentScore": {**SCORE, "Odd": 1}}, Unlike("more", "SentimentScore.Odd")),
        (
            {"Sentiment": "POSITIVE", "SentimentScore": {**SCORE, "Mixed": "0"}},
            Unlike("type", "SentimentScore.Mixed", "number", "string"),
        ),
    ],
)
def test_members_and_types_do(second: dict[str, Any], told: Unlike) -> None:
    assert found("comprehend.DetectSentiment", {"Sentiment": "MIXED", "SentimentScore": SCORE}, second) == [told]


def test_states_do() -> None:
    first, second = ({"JobId": "1", "JobStatus": status} for status in ("SUBMITTED", "FAILED"))
    assert found("comprehend.StartTopicsDetectionJob", first, second) == [
        Unlike("state", "JobStatus", "SUBMITTED", "FAILED")
    ]


def test_elements_are_held_against_those_of_their_kind() -> None:
    page, word = {"BlockType": "PAGE", "Id": "1"}, {"BlockType": "WORD", "Id": "2", "Text": "a", "TextType": "PRINTED"}
    blocks = [{"Blocks": [page, word]}, {"Blocks": [page, page, {**word, "Text": "b"}]}]
    assert found("textract.DetectDocumentText", *blocks) == []
    lacking = {"Blocks": [page, {"BlockType": "WORD", "Id": "2", "Text": "c"}]}
    assert found("textract.DetectDocumentText", blocks[0], lacking) == [Unlike("missing", "Blocks[WORD].TextType")]
    assert found("textract.DetectDocumentText", blocks[0], {"Blocks": [page]}) == []


def test_a_member_that_some_elements_lack_is_missing_nowhere() -> None:
    one, other = {"Name": "a"}, {"Name": "b", "Parents": [{"Name": "c"}]}
    assert found("rekognition.DetectLabels", {"Labels": [one, other]}, {"Labels": [one]}) == []
    assert found("rekognition.DetectLabels", {"Labels": [other]}, {"Labels": [one]}) == [
        Unlike("missing", "Labels[].Parents")
    ]


@given(st.sampled_from(sorted(SERVICES)), st.integers(0, 3), st.data())
def test_a_reply_is_like_itself_and_unlike_without_a_member(service: str, seed: int, data: st.DataObject) -> None:
    operations = [one for one in load(service).operations.values() if one.output and one.output.members]
    assume(operations)
    operation = data.draw(st.sampled_from(operations))
    assert operation.output is not None
    reply = example(operation.output, seed)
    assert list(unlike(operation.output, reply, reply)) == []
    gone = data.draw(st.sampled_from(sorted(reply)))
    rest = {name: value for name, value in reply.items() if name != gone}
    kept = reply[gone] not in (None, [], {})
    assert list(unlike(operation.output, reply, rest)) == ([Unlike("missing", gone)] if kept else [])
    assert list(unlike(operation.output, rest, reply)) == ([Unlike("more", gone)] if kept else [])
