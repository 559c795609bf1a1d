"""Speech synthesis tasks on every backend: what they take, where they write, their states and lists."""

from __future__ import annotations

import re
import tracemalloc
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI
from aiservices.errors import BadRequestError, NotFoundError, ServiceError
from tests.contract.test_polly import pls, speech

TOPIC = "arn:aws:sns:us-east-1:123456789012:done"


@pytest.fixture(autouse=True)
def _bucket(mock: Mock) -> None:
    mock.s3.make_bucket("spoken")


def start(ai: Any, text: str = "Hello.", **members: Any) -> Any:
    given = {"voice_id": "Joanna", "output_format": "mp3", "output_s3_bucket_name": "spoken", **members}
    return ai.polly.start_speech_synthesis_task(text=text, **given).synthesis_task


def get(ai: Any, task: Any) -> Any:
    return ai.polly.get_speech_synthesis_task(task_id=task.task_id).synthesis_task


def code(ai: Any, text: str = "Hello.", **members: Any) -> str:
    with pytest.raises(ServiceError) as caught:
        start(ai, text, **members)
    return caught.value.code


@pytest.mark.parametrize(
    ("members", "prefix", "ending"),
    [
        ({}, "", "mp3"),
        ({"output_format": "pcm"}, "talks/first", "pcm"),
        ({"output_format": "ogg_vorbis"}, "talks/", "ogg"),
        ({"output_format": "mulaw"}, "a?b=c", "mulaw"),
        ({"output_format": "json", "speech_mark_types": ["word", "sentence"]}, "marks", "marks"),
    ],
)
def test_what_is_said_at_once_is_what_a_task_writes(
    ai: Any, mock: Mock, members: dict[str, Any], prefix: str, ending: str
) -> None:
    more = {"output_s3_key_prefix": prefix} if prefix else {}
    task = start(ai, "Hello, you there.", **members, **more)
    assert (task.task_status, task.request_characters) == ("scheduled", 17)
    key = f"{prefix}.{task.task_id}.{ending}" if prefix else f"{task.task_id}.{ending}"
    assert task.output_uri == f"https://s3.us-east-1.amazonaws.com/spoken/{key}"
    assert get(ai, task).task_status == "completed"
    assert mock.s3.keys("spoken") == [key]
    at_once = speech(ai, "Hello, you there.", **{"output_format": "mp3", **members})
    assert mock.s3[f"spoken/{key}"] == at_once
    kind = {"pcm": "audio/pcm", "mp3": "audio/mpeg", "marks": "application/x-json-stream"}.get(ending)
    assert kind in (None, mock.s3.head("spoken", key)["ContentType"])


def test_what_was_asked_for_is_shown(ai: Any) -> None:
    ai.polly.put_lexicon(name="names", content=pls())
    task = start(
        ai,
        "<speak>W3C</speak>",
        text_type="ssml",
        engine="neural",
        language_code="en-US",
        sample_rate="24000",
        lexicon_names=["names"],
        sns_topic_arn=TOPIC,
    )
    shown = get(ai, task)
    assert (shown.voice_id, shown.engine, shown.text_type, shown.language_code) == ("Joanna", "neural", "ssml", "en-US")
    assert (shown.sample_rate, shown.lexicon_names, shown.sns_topic_arn) == ("24000", ["names"], TOPIC)
    assert (shown.request_characters, shown.output_format, shown.task_status_reason) == (3, "mp3", None)
    assert re.fullmatch(r"[0-9a-f-]{36}", shown.task_id)
    plain = start(ai)
    assert (plain.engine, plain.text_type, plain.lexicon_names) == ("standard", "text", [])


def test_a_task_takes_what_is_too_long_to_be_said_at_once() -> None:
    mock = Mock(clock=Clock.manual())
    mock.s3.make_bucket("spoken")
    with AI(backend=mock) as ai:
        assert start(ai, "a" * 100_000).request_characters == 100_000
        assert code(ai, "a" * 100_001) == "TextLengthExceededException"
        inner = '<mark name="a"/>' * 12_000
        ssml = f"<speak>hello {inner}</speak>"
        assert start(ai, ssml, text_type="ssml").request_characters == 6
        assert code(ai, ssml.replace("</speak>", f"{inner}</speak>"), text_type="ssml") == "TextLengthExceededException"


def test_a_task_goes_on_after_the_ten_minutes_of_speech_at_once() -> None:
    mock = Mock()
    mock.s3.make_bucket("spoken")
    ssml = "<speak>" + '<break time="10s"/>' * 61 + '<mark name="late"/>end</speak>'
    how = {"text_type": "ssml", "output_format": "pcm", "sample_rate": "8000"}
    with AI(backend=mock) as ai:
        key = f"spoken/{get(ai, start(ai, ssml, **how)).task_id}.pcm"
        assert len(mock.s3[key]) > 610 * 16000
        assert len(speech(ai, ssml, **how)) == 600 * 16000
        marks = {"text_type": "ssml", "output_format": "json", "speech_mark_types": ["ssml"]}
        key = f"spoken/{get(ai, start(ai, ssml, **marks)).task_id}.marks"
        assert b'"late"' in mock.s3[key]
        assert speech(ai, ssml, **marks) == b""


def test_a_long_task_needs_no_more_memory_than_its_audio() -> None:
    mock = Mock()
    mock.s3.make_bucket("spoken")
    text = "This is one of very many sentences, and not the last. " * 150
    with AI(backend=mock) as ai:
        start(ai, "Warm up.", output_format="pcm", sample_rate="8000")
        tracemalloc.start()
        try:
            task = get(ai, start(ai, text, output_format="pcm", sample_rate="8000"))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        audio = mock.s3[f"spoken/{task.task_id}.pcm"]
        assert len(audio) > 400 * 16000
        assert peak < 3 * len(audio) + 30_000_000


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"output_s3_bucket_name": "nobody-has-this"}, "InvalidS3BucketException"),
        ({"output_s3_key_prefix": "a/../../b"}, "InvalidS3KeyException"),
        ({"lexicon_names": ["none"]}, "LexiconNotFoundException"),
        ({"voice_id": "Aditi", "engine": "neural"}, "EngineNotSupportedException"),
        ({"language_code": "de-DE"}, "LanguageNotSupportedException"),
        ({"sample_rate": "12345"}, "InvalidSampleRateException"),
        ({"speech_mark_types": ["word"]}, "MarksNotSupportedForFormatException"),
        ({"text": "<speak>a", "text_type": "ssml"}, "InvalidSsmlException"),
        (
            {"output_format": "json", "speech_mark_types": ["ssml"]},
            "SsmlMarksNotSupportedForTextTypeException",
        ),
    ],
)
def test_what_cannot_be_spoken_is_refused_at_once(ai: Any, members: dict[str, Any], expected: str) -> None:
    assert code(ai, **members) == expected
    assert ai.polly.list_speech_synthesis_tasks().synthesis_tasks == []


def test_states_follow_the_clock_and_what_goes_meanwhile_fails_the_task() -> None:
    mock = Mock(clock=Clock.manual())
    mock.s3.make_bucket("spoken")
    with AI(backend=mock) as ai:
        ai.polly.put_lexicon(name="names", content=pls())
        tasks = [start(ai), start(ai, lexicon_names=["names"])]

        def states() -> list[str]:
            return [get(ai, task).task_status for task in tasks]

        assert states() == ["scheduled", "scheduled"]
        mock.clock.advance(seconds=30)
        assert states() == ["inProgress", "inProgress"]
        assert mock.s3.keys("spoken") == []
        ai.polly.delete_lexicon(name="names")
        mock.clock.advance(minutes=1)
        assert states() == ["completed", "failed"]
        assert "LexiconNotFoundException" in get(ai, tasks[1]).task_status_reason
        assert len(mock.s3.keys("spoken")) == 1
        gone = start(ai, output_s3_bucket_name="spoken")
        for key in mock.s3.keys("spoken"):
            mock.s3.delete("spoken", key)
        mock.s3.send("DeleteBucket", Bucket="spoken")
        mock.clock.advance(minutes=2)
        assert "NoSuchBucket" in get(ai, gone).task_status_reason


def test_tasks_are_listed_by_their_state_in_pages() -> None:
    mock = Mock(clock=Clock.manual())
    mock.s3.make_bucket("spoken")
    with AI(backend=mock) as ai:
        early = [start(ai).task_id for _ in range(3)]
        mock.clock.advance(minutes=5)
        late = start(ai).task_id

        def listed(**members: Any) -> list[str]:
            return [task.task_id for task in ai.polly.list_speech_synthesis_tasks(**members).synthesis_tasks]

        assert listed() == [*early, late]
        assert listed(status="completed") == early
        assert listed(status="scheduled") == [late]
        assert listed(status="failed") == []
        assert [task.task_id for task in ai.pages(ai.polly.list_speech_synthesis_tasks, max_results=3)] == [
            *early,
            late,
        ]
        token = ai.polly.list_speech_synthesis_tasks(max_results=3).next_token
        with pytest.raises(BadRequestError) as caught:
            listed(next_token=token, status="completed")
        assert caught.value.code == "InvalidNextTokenException"


def test_an_unknown_task_is_missed(ai: Any) -> None:
    with pytest.raises(NotFoundError) as caught:
        ai.polly.get_speech_synthesis_task(task_id="none")
    assert caught.value.code == "SynthesisTaskNotFoundException"
