"""The least policy for what a program did."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path

import pytest
from aiservices_mocks import Mock

from aiservices import AI
from aiservices.backends import Recording
from aiservices.errors import InvalidCallError
from aiservices.observers import JSONFormatter
from aiservices.policy import policy


def test_a_recording_narrows_resources(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    mock = Mock()
    with AI(backend=Recording(mock, path)) as ai:
        ai.comprehend.detect_sentiment(text="fine", language_code="en")
        ai.comprehend.start("sentiment", ["fine", "bad"]).wait()
        ai.lex.list_bots()
    told = policy(path)
    assert told["Version"] == "2012-10-17"
    allowed = {action: one["Resource"] for one in told["Statement"] for action in one["Action"]}
    assert allowed["comprehend:DetectSentiment"] == ["*"]
    assert allowed["lex:ListBots"] == ["*"]
    (place,) = allowed["s3:PutObject"]
    assert place.startswith("arn:aws:s3:::")
    assert place.endswith("/*")
    assert "123456789012" not in json.dumps(told)


def test_arns_of_requests_are_its_resources(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    lines = [
        {"cassette": 1, "recorded": "2026-11-21T00:00:00+00:00", "contents": "keep"},
        {
            "call": "comprehend.DetectEntities",
            "params": {
                "Text": "x",
                "EndpointArn": "arn:aws:comprehend:us-east-1:000000000000:entity-recognizer-endpoint/e",
            },
            "reply": {},
        },
        {
            "call": "comprehend.StartEntitiesDetectionJob",
            "params": {"DataAccessRoleArn": "arn:aws:iam::000000000000:role/r"},
            "reply": {},
        },
    ]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n", "utf-8")
    allowed = {action: one["Resource"] for one in policy(path)["Statement"] for action in one["Action"]}
    assert allowed == {
        "comprehend:DetectEntities": ["arn:aws:comprehend:us-east-1:*:entity-recognizer-endpoint/e"],
        "comprehend:StartEntitiesDetectionJob": ["*"],
    }


def test_a_log_gives_the_actions(tmp_path: Path) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JSONFormatter())
    logger = logging.getLogger("aiservices")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        ai = AI(backend=Mock())
        ai.comprehend.detect_sentiment(text="fine", language_code="en")
        ai.codeguru.profiler.list_profiling_groups()
        with pytest.raises(LookupError):
            ai.polly.get_lexicon(name="none")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    path = tmp_path / "calls.log"
    path.write_text("another program's line\n" + out.getvalue(), "utf-8")
    (statement,) = policy(path)["Statement"]
    assert statement["Action"] == ["codeguru-profiler:ListProfilingGroups", "comprehend:DetectSentiment"]


@pytest.mark.parametrize("content", [None, "", "nothing\n", '{"message": "hello"}\n'])
def test_what_has_no_calls_says_so(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "calls.log"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(InvalidCallError, match=r"calls\.log"):
        policy(path)
