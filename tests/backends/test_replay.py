"""What is recorded is answered again, and what identifies is never written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Mock
from hypothesis import given
from hypothesis import strategies as st

from aiservices import AI, AsyncAI
from aiservices.backends.cassette import Cassette, scrubbed
from aiservices.backends.recording import Recording
from aiservices.backends.replay import Replay
from aiservices.call import Call, Stream
from aiservices.errors import InvalidCallError, NotFoundError, NotRecordedError, ServiceError, TransportError

TEXT = "I am John Smith, my card is 4111 1111 1111 1111. What a lovely day!"


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    return tmp_path / "tapes" / "reviews.jsonl"


def lines(tape: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in tape.read_text("utf-8").splitlines()]


def test_what_was_recorded_is_answered_again(tape: Path) -> None:
    def session(ai: AI) -> list[Any]:
        spoken = ai.polly.synthesize_speech(text="hello", output_format="pcm", voice_id="Joanna")
        with pytest.raises(NotFoundError) as missing:
            ai.polly.get_lexicon(name="none")
        return [
            ai.comprehend.sentiment(["Great!", "Awful."])[1].sentiment,
            spoken.audio_stream.read(),
            (missing.value.code, missing.value.status, missing.value.message),
            ai.textract.list_adapters().adapters,
        ]

    with AI(backend=Recording(Mock(), tape)) as ai:
        recorded = session(ai)
    with AI(backend=Replay(tape)) as ai:
        assert session(ai) == recorded
        assert (
            ai.comprehend.batch_detect_sentiment(text_list=["Great!", "Awful."], language_code="en").meta.backend
            == "replay"
        )
    assert lines(tape)[0]["contents"] == "keep"
    assert [path.suffix for path in (tape.parent / "reviews.jsonl.files").iterdir()] == [".bin"]


def test_a_job_is_waited_for_without_waiting(tape: Path, tmp_path: Path) -> None:
    def session(ai: AI) -> str:
        return ai.comprehend.start("sentiment", ["Great!", "Awful."]).wait()[0].sentiment

    with AI(backend=Recording(Mock(), tape)) as ai:
        recorded = session(ai)
    with AI(backend=Replay(tape)) as ai:
        assert session(ai) == recorded


def test_coroutines_are_recorded_and_answered(tape: Path) -> None:
    import asyncio

    async def session(backend: Any) -> str:
        async with AsyncAI(backend=backend) as ai:
            return (await ai.comprehend.sentiment("Great!")).sentiment

    assert asyncio.run(session(Recording(Mock(), tape))) == asyncio.run(session(Replay(tape)))


def test_the_same_request_is_answered_in_the_order_it_was_recorded_and_then_as_at_last(tape: Path) -> None:
    mock = Mock()
    mock.on("polly.ListLexicons").returns_each([{"Lexicons": [{"Name": name}]} for name in "abc"])
    recording = Recording(mock, tape)
    asked = Call("polly", "ListLexicons", {})
    for _ in "abc":
        recording.send(asked)
    replay = Replay(tape)
    assert [replay.send(asked)["Lexicons"][0]["Name"] for _ in range(5)] == ["a", "b", "c", "c", "c"]


def test_lost_connections_are_recorded(tape: Path) -> None:
    mock = Mock()
    mock.on("polly.ListLexicons").loses_response()
    with pytest.raises(TransportError):
        Recording(mock, tape).send(Call("polly", "ListLexicons", {}))
    with pytest.raises(TransportError) as lost:
        Replay(tape).send(Call("polly", "ListLexicons", {}))
    assert lost.value.sent


def test_an_unknown_request_names_the_nearest_and_is_never_sent(tape: Path) -> None:
    recording = Recording(Mock(), tape)
    recording.send(Call("comprehend", "DetectSentiment", {"Text": "What a day it was", "LanguageCode": "en"}))
    replay = Replay(tape)
    with pytest.raises(NotRecordedError) as unknown:
        replay.send(Call("comprehend", "DetectSentiment", {"Text": "What a night it was", "LanguageCode": "de"}))
    assert "The nearest of 1 differs: LanguageCode is 'de', was 'en'; Text is 19 characters, was 17" in str(
        unknown.value
    )
    with pytest.raises(NotRecordedError, match=r"polly\.ListLexicons is not in the recording, which has comprehend"):
        replay.send(Call("polly", "ListLexicons", {}))


def test_in_the_order_of_the_recording_nothing_else_is_answered(tape: Path) -> None:
    recording = Recording(Mock(), tape)
    first, second = Call("polly", "ListLexicons", {}), Call("comprehend", "ListEndpoints", {})
    recording.send(first)
    recording.send(second)
    replay = Replay(tape, order="recorded")
    with pytest.raises(NotRecordedError, match=r"goes on with polly\.ListLexicons: another operation"):
        replay.send(second)
    replay.send(first)
    replay.send(second)
    with pytest.raises(NotRecordedError, match="ended after 2 calls"):
        replay.send(first)


def test_tokens_that_make_a_request_harmless_to_repeat_do_not_matter(tape: Path) -> None:
    params = {
        "DocumentLocation": {"S3Object": {"Bucket": "none", "Name": "document.pdf"}}, "ClientRequestToken": "one",
    }  # fmt: skip
    start = {"Name": "one", "Description": "d", "RoleArn": "arn:aws:iam::123456789012:role/kendra", "ClientToken": "a"}
    recording = Recording(Mock(), tape)
    recording.send(Call("kendra", "CreateIndex", start))
    with pytest.raises(ServiceError):
        recording.send(Call("textract", "StartDocumentTextDetection", params))
    replay = Replay(tape)
    assert replay.send(Call("kendra", "CreateIndex", {**start, "ClientToken": "b"}))["Id"]


def test_nothing_that_identifies_is_written(tape: Path) -> None:
    mock = Mock(account="210987654321")
    arn = "arn:aws:iam::210987654321:role/kendra"
    made = Recording(mock, tape).send(Call("kendra", "CreateIndex", {"Name": "one", "RoleArn": arn}))
    Recording(mock, tape).send(Call("kendra", "DescribeIndex", {"Id": made["Id"]}))
    assert "210987654321" not in tape.read_text()
    assert "arn:aws:iam::000000000000:role/kendra" in tape.read_text()
    url = (
        "https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F2026&X-Amz-Signature=abc123&X-Amz-Date=1"
    )
    assert scrubbed(url) == "https://b.s3.amazonaws.com/k?X-Amz-Credential=XXXX&X-Amz-Signature=XXXX&X-Amz-Date=1"
    assert scrubbed("AKIAIOSFODNN7EXAMPLE") == "AKIAXXXXXXXXXXXXXXXX"


def test_pages_are_answered_by_tokens_of_other_names(tape: Path) -> None:
    def names(ai: AI) -> list[str]:
        return [index.id for index in ai.pages(ai.kendra.list_indices, max_results=2)]

    mock = Mock()
    for name in "abcde":
        mock.send(Call("kendra", "CreateIndex", {"Name": name, "RoleArn": "arn:aws:iam::123456789012:role/kendra"}))
    with AI(backend=Recording(mock, tape)) as ai:
        recorded = names(ai)
    assert len(recorded) == 5
    with AI(backend=Replay(tape)) as ai:
        assert names(ai) == recorded


@pytest.mark.parametrize("contents", ["redact", "hash"])
def test_contents_are_left_out_and_requests_match_all_the_same(tape: Path, contents: Any) -> None:
    def session(ai: AI) -> Any:
        found = ai.comprehend.detect_entities(text=TEXT, language_code="en")
        ai.textract.detect_document_text(document={"Bytes": FORM})
        return [(one.begin_offset, one.end_offset, one.type) for one in found.entities]

    from tests.documents import form

    FORM, _ = form(1)
    with AI(backend=Recording(Mock(), tape, contents)) as ai:
        recorded = session(ai)
    text = tape.read_text()
    assert "4111" not in text
    assert "John" not in text
    assert not (tape.parent / "reviews.jsonl.files").exists()
    assert ("lovely" in text) == (contents == "redact")
    with AI(backend=Replay(tape)) as ai:
        assert session(ai) == recorded
        with pytest.raises(NotRecordedError):
            ai.comprehend.detect_entities(text="Another text.", language_code="en")


def test_a_recording_that_was_cut_off_is_read_as_far_as_it_goes(tape: Path) -> None:
    recording = Recording(Mock(), tape)
    for _ in range(2):
        recording.send(Call("polly", "ListLexicons", {}))
    tape.write_text(tape.read_text()[:-9])
    with pytest.warns(UserWarning, match="ends in the middle of a call"):
        assert repr(Replay(tape)).startswith("<Replay of 1 calls")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no recording"),
        ("", "its first line does not say so"),
        ("[]\n", "its first line does not say so"),
        ('{"cassette": 9, "contents": "keep"}\n', "a recording of version 9"),
        ('{"cassette": 1, "contents": "keep"}\nnonsense\n{}\n', "line 2 is no recorded call"),
    ],
)
def test_what_is_no_recording_is_refused(tape: Path, content: str | None, message: str) -> None:
    tape.parent.mkdir()
    if content is not None:
        tape.write_text(content)
    with pytest.raises(InvalidCallError, match=message):
        Replay(tape)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(max_size=20)
    | st.binary(max_size=300)
    | st.datetimes(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), json_values, max_size=3))
def test_any_reply_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, reply: dict[str, Any]) -> None:
    cassette = Cassette(tmp_path_factory.mktemp("tape") / "one.jsonl")
    cassette.begin()
    call = Call("s3", "GetObject", {"Bucket": "b", "Key": "k"})
    cassette.add(call, reply, None)
    [entry] = cassette.read()
    assert cassette.answer(call, entry) == _without_nulls(reply)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(it) for name, it in value.items() if it is not None}
    return [_without_nulls(it) for it in value] if isinstance(value, list) else value


def test_streams_are_read_by_the_caller_after_they_were_recorded(tape: Path) -> None:
    class Speaks:
        def send(self, call: Call) -> dict[str, Any]:
            assert call.params["Body"].read() == b"in" * 200
            return {"Body": Stream(b"out" * 200), "ResponseMetadata": {}}

    reply = Recording(Speaks(), tape).send(Call("s3", "PutObject", {"Body": Stream(b"in" * 200)}))
    assert reply["Body"].read() == b"out" * 200
    assert len(list((tape.parent / "reviews.jsonl.files").iterdir())) == 2


def test_raw_boto3_is_recorded_and_answered(tape: Path) -> None:
    import boto3
    from aiservices_mocks.boto3_bridge import bridge

    def session() -> list[Any]:
        comprehend = boto3.client("comprehend", region_name="us-east-1")
        reply = comprehend.detect_sentiment(Text="Great!", LanguageCode="en")
        polly = boto3.client("polly", region_name="us-east-1")
        spoken = polly.synthesize_speech(Text="hello", OutputFormat="pcm", VoiceId="Joanna")
        with pytest.raises(polly.exceptions.LexiconNotFoundException):
            polly.get_lexicon(Name="none")
        return [reply["Sentiment"], reply["SentimentScore"], spoken["AudioStream"].read()]

    with bridge(Recording(Mock(), tape)):
        recorded = session()
    with bridge(Replay(tape)):
        assert session() == recorded
        with pytest.raises(NotRecordedError):
            boto3.client("polly", region_name="us-east-1").list_lexicons()


def test_a_recording_of_aws_asks_aws_itself(tape: Path) -> None:
    import boto3
    from aiservices_mocks import mock_ai
    from aiservices_mocks.boto3_bridge import bridge

    from aiservices import Settings
    from aiservices.backends import AWS

    with mock_ai() as mock, bridge(Recording(AWS(Settings(region="us-east-1")), tape)):  # the mock stands for AWS
        boto3.client("polly", region_name="us-east-1").list_lexicons()
    assert [line["call"] for line in lines(tape)[1:]] == ["polly.ListLexicons"]
    mock.calls("polly.ListLexicons").once()
