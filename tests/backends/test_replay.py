"""What is recorded is answered again, and what identifies is never written."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Mock
from hypothesis import given
from hypothesis import strategies as st

from aiservices import AI, AsyncAI
from aiservices.backends.cassette import Cassette
from aiservices.backends.recording import Recording
from aiservices.backends.replay import Replay
from aiservices.backends.scrubbing import named, scrubbed
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
    with pytest.raises(NotRecordedError, match="Text has other words from character 8 on"):
        replay.send(Call("comprehend", "DetectSentiment", {"Text": "What a sad it was", "LanguageCode": "en"}))
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
    with pytest.raises(ServiceError, match="InvalidS3ObjectException"):  # the model marks no token of Textract's
        replay.send(Call("textract", "StartDocumentTextDetection", {**params, "ClientRequestToken": "two"}))


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


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("s3://out/123456789012-SENTIMENT-1a2b/output", "s3://out/000000000000-SENTIMENT-1a2b/output"),
        ("https://s3.us-east-1.amazonaws.com/b/123456789012/job", "https://s3.us-east-1.amazonaws.com/b/000000000000/job"),
        ("sagemaker-123456789012", "sagemaker-000000000000"),
        ("https://123456789012.dkr.ecr.us-east-1.amazonaws.com", "https://000000000000.dkr.ecr.us-east-1.amazonaws.com"),
        ('{"accountId":"123456789012"}', '{"accountId":"000000000000"}'),
        ("0d1c8a1e-6d1f-4d2b-9d3a-123456789012", "0d1c8a1e-6d1f-4d2b-9d3a-123456789012"),
        ("about 123456789012 stars", "about 123456789012 stars"),
        ("AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=a%2Fb%3D", "AWSAccessKeyId=XXXX&Signature=XXXX"),
        (
            "AWS4-HMAC-SHA256 Credential=ASIA/20260101/x, SignedHeaders=host, Signature=0a1b",
            "AWS4-HMAC-SHA256 Credential=XXXX, SignedHeaders=host, Signature=XXXX",
        ),
        ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "aws_secret_access_key = XXXX"),
        ("Authorization: Bearer eyJhbGciOi.eyJzdWIi.c2lnbmVk", "Authorization: Bearer XXXX"),
    ],
)  # fmt: skip
def test_identities_are_taken_out_of_any_text(text: str, written: str) -> None:
    assert scrubbed(text) == written


def test_what_a_member_is_called_says_that_it_is_secret(tape: Path) -> None:
    recording = Recording(Mock(), tape)
    query = {"IndexId": "0" * 36, "QueryText": "?", "UserContext": {"Token": "eyJhbGciOi.eyJzdWIi.c2lnbmVk"}}
    with pytest.raises(NotFoundError) as error:
        recording.send(Call("kendra", "Query", query))
    assert "eyJ" not in tape.read_text()
    with pytest.raises(NotFoundError, match=error.value.message):
        Replay(tape).send(Call("kendra", "Query", query))
    with pytest.raises(NotRecordedError, match=r"UserContext\.Token"):
        Replay(tape).send(Call("kendra", "Query", {**query, "UserContext": {"Token": "another"}}))
    assert named("SecretAccessKey", "x") == named("associatedTranscriptsPassword", "x") == "XXXX"
    assert named("SSECustomerKey", "x") == "XXXX"
    assert named("Owner", "123456789012") == "000000000000"
    assert named("Owner", "a-shop") is named("TokenId", "1") is named("Text", "a token") is None


def test_files_of_text_are_scrubbed_too(tape: Path) -> None:
    mock = Mock()
    mock.s3["out/asrOutput.json"] = b'{"accountId":"210987654321","results":{}}'
    mock.s3["out/sound.wav"] = b"\xff:210987654321:" * 2
    recording = Recording(mock, tape)
    for key in ("asrOutput.json", "sound.wav"):
        recording.send(Call("s3", "GetObject", {"Bucket": "out", "Key": key}))
    read = [Replay(tape).send(Call("s3", "GetObject", {"Bucket": "out", "Key": key}))["Body"].read()
            for key in ("asrOutput.json", "sound.wav")]  # fmt: skip
    assert read == [b'{"accountId":"000000000000","results":{}}', b"\xff:210987654321:" * 2]


def test_a_recording_is_dated(tape: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    Recording(Mock(), tape).send(Call("polly", "ListLexicons", {}))
    head, line = lines(tape)
    assert before <= datetime.fromisoformat(head["recorded"]) <= datetime.fromisoformat(line["at"]) <= datetime.now(UTC)


def test_a_new_recording_leaves_nothing_of_the_old_one(tape: Path) -> None:
    spoken = Call("polly", "SynthesizeSpeech", {"Text": "hello", "OutputFormat": "pcm", "VoiceId": "Joanna"})
    Recording(Mock(), tape).send(spoken)
    assert list((tape.parent / "reviews.jsonl.files").iterdir())
    Recording(Mock(), tape, "hash").send(spoken)
    assert not list((tape.parent / "reviews.jsonl.files").iterdir())


def test_order_of_members_does_not_matter(tape: Path) -> None:
    asked = {"Text": "Great!", "LanguageCode": "en"}
    recorded = Recording(Mock(), tape).send(Call("comprehend", "DetectSentiment", asked))
    turned = dict(reversed(asked.items()))
    assert Replay(tape).send(Call("comprehend", "DetectSentiment", turned))["Sentiment"] == recorded["Sentiment"]


def test_moments_do_not_matter_but_those_that_fit_come_first(tape: Path) -> None:
    class Counts:
        def __init__(self) -> None:
            self.asked = 0

        def send(self, call: Call) -> dict[str, Any]:
            self.asked += 1
            return {"outcomes": [str(self.asked)], "ResponseMetadata": {}}

    def asked(moment: str) -> Call:
        return Call("frauddetector", "GetEventPrediction", {"eventId": "1", "eventTimestamp": moment})

    recording = Recording(Counts(), tape)
    for hour in ("10", "11"):
        recording.send(asked(f"2026-01-01T{hour}:00:00Z"))
    replay = Replay(tape)
    answers = [
        replay.send(asked(f"2026-0{month}-01T{hour}:00:00Z")) for month, hour in ((1, 11), (1, 10), (2, 10), (2, 11))
    ]
    assert [answer["outcomes"] for answer in answers] == [["2"], ["1"], ["1"], ["2"]]
    jobs = Call(
        "comprehend", "ListSentimentDetectionJobs", {"Filter": {"SubmitTimeAfter": datetime(2026, 1, 1, tzinfo=UTC)}}
    )
    Recording(Mock(), tape).send(jobs)
    later = replace(jobs, params={"Filter": {"SubmitTimeAfter": 1_800_000_000}})
    assert Replay(tape, order="recorded").send(later)["SentimentDetectionJobPropertiesList"] == []


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


def test_hashed_contents_stand_nowhere(tape: Path) -> None:
    """Members whose pattern takes any words are contents, too, and so are messages that quote them."""
    words = "Meet me at noon"
    mock = Mock()
    recording = Recording(mock, tape, "hash")
    translate = {"Text": words, "SourceLanguageCode": "en", "TargetLanguageCode": "de"}
    recording.send(Call("translate", "TranslateText", translate))
    for message in ("Value '{}' at 'queryText' failed to satisfy constraint: Member must have length", "Not found: {}"):
        mock.on("kendra.Query").fails("ValidationException", message=message.format(words), times=1)
        with pytest.raises(ServiceError):
            recording.send(Call("kendra", "Query", {"IndexId": "0" * 36, "QueryText": words}))
    prediction = {
        "detectorId": "d", "eventId": "1", "eventTypeName": "t", "eventTimestamp": "2026-01-01T00:00:00Z",
        "entities": [{"entityType": "customer", "entityId": "1"}], "eventVariables": {"customerName": words},
    }  # fmt: skip
    with pytest.raises(ServiceError):
        recording.send(Call("frauddetector", "GetEventPrediction", prediction))
    assert words not in tape.read_text()
    assert Replay(tape).send(Call("translate", "TranslateText", translate))["SourceLanguageCode"] == "en"


def test_personal_data_of_a_request_is_known_again_in_the_reply(tape: Path) -> None:
    Recording(Mock(), tape, "redact").send(
        Call("comprehend", "DetectSyntax", {"Text": "My name is Zaphod Beeblebrox.", "LanguageCode": "en"})
    )
    assert "Beeblebrox" not in tape.read_text()
    assert "[NAME]" in tape.read_text()


def test_a_recording_that_was_cut_off_is_read_as_far_as_it_goes(tape: Path) -> None:
    recording = Recording(Mock(), tape)
    for _ in range(2):
        recording.send(Call("polly", "ListLexicons", {}))
    tape.write_text(tape.read_text()[:-9])
    with pytest.warns(UserWarning, match="ends in the middle of a call"):
        assert repr(Replay(tape)).startswith("<Replay of 1 calls")


def test_a_recording_is_read_wherever_it_was_cut_off(tape: Path) -> None:
    recording = Recording(Mock(), tape)
    for text in ("Schön! \u2028 Und \x85 weiter.", "最高です"):
        recording.send(Call("comprehend", "DetectDominantLanguage", {"Text": text}))
    whole = tape.read_bytes()
    begin, middle = whole.index(b"\n") + 1, whole.index(b"\n", whole.index(b"\n") + 1) + 1
    assert len(Cassette(tape).read()) == 2
    for end in range(begin, len(whole)):
        tape.write_bytes(whole[:end])
        complete = end in (begin, middle - 1, middle, len(whole) - 1)
        with nullcontext() if complete else pytest.warns(UserWarning, match="ends in the middle of a call"):
            assert len(Cassette(tape).read()) == (0 if end < middle - 1 else 2 if end == len(whole) - 1 else 1)


def test_nothing_is_sent_when_nothing_fits(tape: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio
    import socket

    import boto3
    from aiservices_mocks.boto3_bridge import bridge

    Recording(Mock(), tape).send(Call("polly", "ListLexicons", {}))

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("something looked for the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)

    async def ask() -> None:
        async with AsyncAI(backend=Replay(tape)) as ai:
            await ai.comprehend.list_endpoints()

    with AI(backend=Replay(tape)) as ai, pytest.raises(NotRecordedError):
        ai.comprehend.list_endpoints()
    with pytest.raises(NotRecordedError):
        asyncio.run(ask())
    with bridge(Replay(tape)):
        for service, operation in (("comprehend", "list_endpoints"), ("s3", "list_buckets")):
            with pytest.raises(NotRecordedError):
                getattr(boto3.client(service, region_name="us-east-1"), operation)()


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


def test_a_recorded_mock_keeps_its_regions_apart(tape: Path) -> None:
    import boto3
    from aiservices_mocks.boto3_bridge import bridge

    with bridge(Recording(Mock(), tape)):
        for region, seen in (("us-east-1", 0), ("eu-west-1", 0), ("us-east-1", 1)):
            kendra = boto3.client("kendra", region_name=region)
            assert len(kendra.list_indices()["IndexConfigurationSummaryItems"]) == seen
            if region == "us-east-1":
                kendra.create_index(Name=f"index{seen}", RoleArn="arn:aws:iam::123456789012:role/kendra")
    assert len(lines(tape)) == 6


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
