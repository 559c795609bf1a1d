"""Unchanged aiobotocore code: what it reads, what it raises, and how it retries."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiobotocore.config import AioConfig
from aiobotocore.response import StreamingBody
from aiservices_mocks import Clock, Mock, mock_ai
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ParamValidationError,
    ReadTimeoutError,
)

from aiservices.errors import TransportError

pytestmark = pytest.mark.anyio
Open = Callable[..., Any]

TEXT = {"Text": "What a lovely day!", "LanguageCode": "en"}
SPEECH = {"Text": "hello", "OutputFormat": "pcm", "VoiceId": "Joanna"}
LEXICON = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>
</lexicon>"""
ROLE = "arn:aws:iam::123456789012:role/reader"


async def test_an_answer_has_botocores_shape(mock: Mock, client: Open) -> None:
    async with client("comprehend") as comprehend:
        reply = await comprehend.detect_sentiment(**TEXT)
    assert reply["Sentiment"] == "POSITIVE"
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert len(reply["ResponseMetadata"]["RequestId"]) == 36
    mock.calls("comprehend.DetectSentiment").once()


async def test_an_error_is_botocores_with_awss_words(mock: Mock, client: Open) -> None:
    async with client("polly") as polly:
        with pytest.raises(polly.exceptions.LexiconNotFoundException, match="does not exist") as caught:
            await polly.get_lexicon(Name="none")
        assert caught.value.response["message"] == caught.value.response["Error"]["Message"]
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
        with pytest.raises(ClientError, match="failed to satisfy constraint"):
            await polly.put_lexicon(Name="not a name", Content=LEXICON)
        mock.calls().times(2)
        with pytest.raises(ParamValidationError, match="Missing required parameter"):
            await polly.put_lexicon(Name="a")
        mock.calls().times(2)


async def test_a_spoken_answer_is_read_as_a_stream(mock: Mock, client: Open) -> None:
    async with client("polly") as polly:

        async def spoken() -> Any:
            return (await polly.synthesize_speech(**SPEECH))["AudioStream"]

        body = await spoken()
        assert isinstance(body, StreamingBody)
        first = await body.read(10)
        whole = first + await body.read()
        assert len(first) == 10
        assert len(whole) > 1000
        async with await spoken() as body:
            assert await body.read() == whole
        assert b"".join([chunk async for chunk in await spoken()]) == whole
        assert b"".join([chunk async for chunk in (await spoken()).iter_chunks(512)]) == whole
        body = await spoken()
        body.close()


class Spoken:
    """A body that is read with `await`, as aiohttp's are."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    async def read(self, n: int = -1) -> bytes:
        return self._file.read(n)


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    yield data[:2]
    yield data[2:]


async def test_bodies_are_sent_as_they_come(mock: Mock, client: Open) -> None:
    async with client("s3") as s3:
        await s3.create_bucket(Bucket="texts")
        for number, body in enumerate((b"hello", io.BytesIO(b"hello"), Spoken(b"hello"), _chunks(b"hello"))):
            await s3.put_object(Bucket="texts", Key=str(number), Body=body)
            assert mock.s3[f"texts/{number}"] == b"hello"


async def test_a_text_is_streamed_to_lex_when_waiters_that_do_not_sleep_have_ended(mock: Mock, client: Open) -> None:
    async with client("lexv2-models") as models, client("lexv2-runtime") as lex:
        made = await models.create_bot(
            botName="Greeter", roleArn=ROLE, dataPrivacy={"childDirected": False}, idleSessionTTLInSeconds=300
        )
        of = {"botId": made["botId"], "botVersion": "DRAFT", "localeId": "en_US"}
        await models.create_bot_locale(**of, nluIntentConfidenceThreshold=0.4)
        await models.create_intent(**of, intentName="Hello", sampleUtterances=[{"utterance": "hello"}])
        await models.build_bot_locale(**of)
        await models.get_waiter("bot_locale_built").wait(**of)
        talk = {"botId": made["botId"], "botAliasId": "TSTALIASID", "localeId": "en_US", "sessionId": "one"}
        for body in (b"hello", io.BytesIO(b"hello")):
            reply = await lex.recognize_utterance(
                **talk, requestContentType="text/plain; charset=utf-8", inputStream=body
            )
            assert reply["sessionId"] == "one"
            assert await reply["audioStream"].read() is not None
    assert [call.params["inputStream"] for call in mock.calls("lex.RecognizeUtterance")] == [b"hello", b"hello"]


async def test_paginators_go_through_all_pages(mock: Mock, client: Open) -> None:
    async with client("comprehend") as comprehend:
        names = [
            (await comprehend.create_document_classifier(
                DocumentClassifierName=f"c{number}", DataAccessRoleArn=ROLE, LanguageCode="en",
                InputDataConfig={"S3Uri": "s3://texts/train.csv"},
            ))["DocumentClassifierArn"] for number in range(3)
        ]  # fmt: skip
        pages = comprehend.get_paginator("list_document_classifiers").paginate(PaginationConfig={"PageSize": 1})
        found = [page["DocumentClassifierPropertiesList"] async for page in pages]
    assert sorted(one["DocumentClassifierArn"] for page in found for one in page) == sorted(names)
    assert len(found) >= 3


async def test_jobs_read_and_write_what_is_staged(mock: Mock, client: Open) -> None:
    async with client("s3") as s3, client("comprehend") as comprehend:
        await s3.create_bucket(Bucket="texts")
        await s3.put_object(Bucket="texts", Key="in/one ü.txt", Body=b"What a lovely day!")
        job = await comprehend.start_sentiment_detection_job(
            InputDataConfig={"S3Uri": "s3://texts/in/", "InputFormat": "ONE_DOC_PER_LINE"},
            OutputDataConfig={"S3Uri": "s3://texts/out/"}, DataAccessRoleArn=ROLE, LanguageCode="en",
        )  # fmt: skip
        described = await comprehend.describe_sentiment_detection_job(JobId=job["JobId"])
        assert described["SentimentDetectionJobProperties"]["JobStatus"] == "COMPLETED"
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket="texts")
        keys = [one["Key"] async for page in pages for one in page["Contents"]]
        assert keys[0] == "in/one ü.txt"
        written = await s3.get_object(Bucket="texts", Key=keys[1])
        assert (await written["Body"].read())[:2] == b"\x1f\x8b"
        with pytest.raises(s3.exceptions.NoSuchKey):
            await s3.get_object(Bucket="texts", Key="none")


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
async def test_retries_are_aiobotocores_and_wait_on_the_mocks_clock(wired: Mock, client: Open, mode: str) -> None:
    config = AioConfig(retries={"mode": mode, "max_attempts": 3})
    async with client("comprehend", config=config) as comprehend:
        wired.on("comprehend.DetectSentiment").fails("ThrottlingException", times=2)
        before = wired.clock.monotonic()
        reply = await comprehend.detect_sentiment(**TEXT)
    assert reply["ResponseMetadata"]["RetryAttempts"] == 2
    assert wired.clock.monotonic() > before


async def test_lost_connections_and_late_answers_are_botocores(wired: Mock, client: Open) -> None:
    async with client("polly", config=AioConfig(retries={"total_max_attempts": 1}, read_timeout=5)) as polly:
        wired.on("polly.ListLexicons").loses_response()
        with pytest.raises(ConnectionClosedError):
            await polly.list_lexicons()
        wired.on("polly.ListLexicons").fails(TransportError("no route", sent=False), times=1)
        with pytest.raises(EndpointConnectionError):
            await polly.list_lexicons()
        wired.on("polly.ListLexicons").takes(6, times=1)
        with pytest.raises(ReadTimeoutError):
            await polly.list_lexicons()
        assert (await polly.list_lexicons())["Lexicons"] == []


async def test_a_wait_moves_a_manual_clock(client: Open) -> None:
    with mock_ai(clock=Clock.manual()) as mock:
        async with client("polly", config=AioConfig(retries={"mode": "standard"})) as polly:
            mock.on("polly.ListLexicons").fails("ServiceFailureException", times=1)
            assert (await polly.list_lexicons())["ResponseMetadata"]["RetryAttempts"] == 1
        assert mock.clock.monotonic() > 0


@pytest.mark.parametrize(
    "how",
    [
        {"endpoint_url": "https://localhost:1/behind/a/gateway"},
        {"config": AioConfig(use_fips_endpoint=True)},
        {"config": AioConfig(use_dualstack_endpoint=True)},
        {"region_name": "eu-west-1"},
    ],
    ids=["endpoint_url", "fips", "api.aws", "region"],
)
async def test_clients_of_any_endpoint_are_answered(mock: Mock, client: Open, how: Any) -> None:
    async with client("polly", **how) as polly, client("translate", **how) as translate:
        await polly.put_lexicon(Name="one", Content=LEXICON)
        assert [one["Name"] for one in (await polly.list_lexicons())["Lexicons"]] == ["one"]
        assert (await translate.list_terminologies())["TerminologyPropertiesList"] == []


async def test_handlers_of_the_users_own_see_every_attempt(wired: Mock, client: Open) -> None:
    seen = []

    async def answered(**told: Any) -> None:
        await asyncio.sleep(0)
        seen.append("answered")

    async with client("comprehend") as comprehend:
        comprehend.meta.events.register("before-sign.comprehend", lambda **told: seen.append("signed"))
        comprehend.meta.events.register("after-call.comprehend", answered)
        wired.on("comprehend.DetectSentiment").fails("ThrottlingException", times=1)
        await comprehend.detect_sentiment(**TEXT)
    assert seen == ["signed", "signed", "answered"]


async def test_many_calls_at_once_are_answered(mock: Mock, client: Open) -> None:
    async with client("comprehend") as comprehend:
        replies = await asyncio.gather(*(comprehend.detect_sentiment(**TEXT) for _ in range(40)))
    assert [reply["Sentiment"] for reply in replies] == ["POSITIVE"] * 40
    mock.calls().times(40)
