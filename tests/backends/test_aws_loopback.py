"""The AWS backend and its retries against a service that throttles, hangs, drops and stammers."""

from __future__ import annotations

import socket
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import boto3
import pytest

from aiservices.backends.aws import AWS
from aiservices.backends.retrying import Retrying
from aiservices.call import Call, Event, WallClock
from aiservices.config import Settings
from aiservices.errors import (
    BadRequestError,
    DeadlineExceededError,
    InvalidCallError,
    ServiceFaultError,
    ThrottledError,
    TransportError,
)

from .loopback import Behaviour, Loopback, breaks_off, drops, fails, hangs, refuses, works

READ = Call("comprehend", "DetectSentiment", {"Text": "Merci", "LanguageCode": "fr"})
SENTIMENT = {"Sentiment": "POSITIVE", "SentimentScore": {"Positive": 1.0}}
TOKEN = Call(
    "textract", "StartDocumentTextDetection", {"DocumentLocation": {"S3Object": {"Bucket": "bucket", "Name": "n"}}}
)
WRITE = Call("translate", "DeleteTerminology", {"Name": "words"})
TURN = Call(
    "lexv2-runtime",
    "RecognizeText",
    {"botId": "0123456789", "botAliasId": "0123456789", "localeId": "en_US", "sessionId": "one", "text": "hi"},
)
PUT_EVENTS = Call(
    "personalize-events",
    "PutEvents",
    {
        "trackingId": "t",
        "sessionId": "s",
        "eventList": [{"eventType": "e", "sentAt": datetime(2026, 1, 1, tzinfo=UTC)}],
    },
)


class Clock(WallClock):
    """Waits take no time, and are written down."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


class Watcher:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def see(self, event: Event) -> None:
        self.events.append(event)


@pytest.fixture(scope="module")
def session() -> boto3.Session:
    """One for all tests, for it reads each service's model once."""
    return boto3.Session("testing", "testing", region_name="us-east-1")


Open = Callable[..., tuple[Retrying, Loopback]]


@pytest.fixture
def opened(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    closing: list[Any] = []

    def build(*script: Behaviour, timeout: float = 10) -> tuple[Retrying, Loopback]:
        service = Loopback(*script)
        aws = AWS(Settings(region="us-east-1", endpoint_url=service.url, timeout=timeout), session=session)
        closing.extend((aws, service))
        return Retrying(aws, clock=Clock(), observers=[Watcher()], seed=1), service

    yield build
    for one in closing:
        one.close()


def waits(policy: Retrying) -> list[float]:
    assert isinstance(policy.clock, Clock)
    return policy.clock.waits


def test_a_call_arrives_and_its_answer_comes_back(opened: Open) -> None:
    policy, service = opened(works(SENTIMENT))
    reply = policy.send(READ)
    assert reply["Sentiment"] == "POSITIVE"
    assert reply["ResponseMetadata"]["AIServices"] == {"backend": "aws", "region": "us-east-1", "attempts": 1}
    assert service.requests[0].params == READ.params
    assert "aiservices/" in service.requests[0].headers["User-Agent"]


def test_throttling_that_boto3_would_not_retry_is_waited_out(opened: Open) -> None:
    policy, service = opened(
        refuses(400, "TooManyRequestsException"), refuses(400, "TooManyRequestsException"), works(SENTIMENT)
    )
    reply = policy.send(READ)
    assert reply["ResponseMetadata"]["AIServices"]["attempts"] == 3
    assert len(service.requests) == 3
    assert 0 <= waits(policy)[0] <= 1
    assert 0 <= waits(policy)[1] <= 2


def test_only_our_policy_retries(opened: Open) -> None:
    policy, service = opened(*[refuses(500, "InternalServerException")] * 9)
    policy.attempts = 3
    with pytest.raises(ServiceFaultError) as caught:
        policy.send(READ)
    assert len(service.requests) == 3
    assert caught.value.request_id == "request-3"
    assert caught.value.status == 500


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"retry_after": "7"}, 7.0), ({"x_amz_retry_after": "2500"}, 2.5), ({"retry_after": "soon"}, None)],
)
def test_the_service_says_when(opened: Open, headers: dict[str, str], seconds: float | None) -> None:
    policy, _ = opened(refuses(503, "ServiceUnavailableException", **headers), works(SENTIMENT))
    policy.send(READ)
    wait = waits(policy)[0]
    assert wait == seconds if seconds else wait <= 0.05


def test_the_service_says_when_as_a_date(opened: Open) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    policy, _ = opened(refuses(503, "ServiceUnavailableException", retry_after=date), works(SENTIMENT))
    policy.send(READ)
    assert 25 < waits(policy)[0] <= 30


@pytest.mark.parametrize(
    "lost",
    [
        hangs(effect=True),
        hangs(effect=False),
        drops(effect=True),
        drops(effect=False),
        works(b'{"Sentim'),
        works(b"<html>hello</html>"),
        works(b"[]"),
        works(b"null"),
        works(b'{"SentimentScore": 5}'),
        fails(502, b"<html>bad gateway</html>", effect=True),
        fails(504, b"", effect=True),
    ],
    ids=["hang", "hang before", "drop", "drop before", "cut", "html", "list", "null", "number", "502", "504"],
)
@pytest.mark.parametrize("call", [TURN, WRITE, PUT_EVENTS], ids=lambda call: call.operation)
def test_nothing_is_done_twice_after_a_lost_answer(opened: Open, lost: Behaviour, call: Call) -> None:
    policy, service = opened(lost, works(), timeout=0.2)
    with suppress(TransportError, ServiceFaultError):
        policy.send(call)
    assert len(service.requests) == 1
    assert len(service.effects) <= 1
    assert waits(policy) == []


@pytest.mark.parametrize("body", [b'{"Sentim', b"<html>hello</html>", b"[]", b"null", b'{"SentimentScore": 5}'])
def test_an_answer_that_cannot_be_read_is_a_lost_one(opened: Open, body: bytes) -> None:
    policy, _ = opened(works(body))
    policy.attempts = 1
    with pytest.raises(TransportError, match="cannot be read") as caught:
        policy.send(READ)
    assert caught.value.sent


@pytest.mark.parametrize("lost", [hangs(effect=True), drops(effect=True), works(b'{"Sentim'), fails(504, b"")])
def test_a_read_is_sent_again_after_a_lost_answer(opened: Open, lost: Behaviour) -> None:
    policy, service = opened(lost, works(SENTIMENT), timeout=0.4)
    assert policy.send(READ)["Sentiment"] == "POSITIVE"
    assert len(service.requests) == 2


@pytest.mark.parametrize("lost", [hangs(effect=True), drops(effect=True), works(b"{")])
def test_a_token_makes_a_second_try_harmless(opened: Open, lost: Behaviour) -> None:
    throttles = refuses(400, "ProvisionedThroughputExceededException")
    policy, service = opened(lost, throttles, works({"JobId": "j"}), timeout=0.4)
    before = dict(TOKEN.params)
    assert policy.send(TOKEN)["JobId"] == "j"
    tokens = [request.params["ClientRequestToken"] for request in service.requests]
    assert len(tokens) == 3
    assert len(set(tokens)) == 1
    assert TOKEN.params == before, "the caller's parameters are the caller's"


def test_a_write_is_sent_again_when_it_was_refused(opened: Open) -> None:
    policy, service = opened(refuses(400, "TooManyRequestsException"), works())
    policy.send(WRITE)
    assert len(service.requests) == 2
    assert len(service.effects) == 1


def test_a_write_is_sent_again_when_nobody_was_there(opened: Open) -> None:
    policy, service = opened()
    service.close()
    with pytest.raises(TransportError) as caught:
        policy.send(WRITE)
    assert not caught.value.sent
    assert len(waits(policy)) == 3
    assert "translate.DeleteTerminology" in str(caught.value)
    assert service.url in str(caught.value)


def test_the_message_of_a_timeout_says_which(opened: Open) -> None:
    policy, _ = opened(hangs(effect=True), timeout=0.2)
    with pytest.raises(TransportError, match=r"timeout=0\.2 s") as caught:
        policy.send(WRITE)
    assert caught.value.sent
    assert caught.value.__cause__ is not None


def test_an_empty_answer_is_no_broken_one(opened: Open) -> None:
    policy, _ = opened(works({}), works(b""), works({"SomethingNew": 1}))
    assert "Sentiment" not in policy.send(READ)
    assert "Sentiment" not in policy.send(READ)
    assert "Sentiment" not in policy.send(READ)


def test_the_deadline_ends_an_attempt_that_hangs(opened: Open) -> None:
    policy, service = opened(hangs(effect=True), timeout=30)
    begin = time.monotonic()
    call = Call(TURN.service, TURN.operation, TURN.params, deadline=begin + 0.2)
    with pytest.raises(DeadlineExceededError) as caught:
        policy.send(call)
    assert time.monotonic() - begin < 5
    assert isinstance(caught.value.__cause__, TransportError)
    assert len(service.requests) == 1


def test_the_deadline_ends_an_attempt_that_cannot_connect(
    session: boto3.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as full, ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):  # nobody accepts: from here on a connection is neither opened nor refused
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        settings = Settings(region="us-east-1", endpoint_url=f"http://127.0.0.1:{full.getsockname()[1]}")
        begin = time.monotonic()
        call = Call(READ.service, READ.operation, READ.params, deadline=begin + 0.3)
        with pytest.raises(DeadlineExceededError) as caught:
            Retrying(AWS(settings, session=session)).send(call)
        assert 0.2 < time.monotonic() - begin < 5 < settings.connect_timeout
    assert isinstance(caught.value.__cause__, TransportError)
    assert not caught.value.__cause__.sent


def test_a_line_break_in_a_credential_is_found_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback() as service:
        session = boto3.Session("testing", "testing", "secret\ntoken", region_name="us-east-1")
        aws = AWS(Settings(region="us-east-1", endpoint_url=service.url), session=session)
        with pytest.raises(InvalidCallError, match="line breaks in the credentials") as caught:
            aws.send(READ)
        aws.close()
        assert service.requests == []
    assert "secret" not in "".join(traceback.format_exception(caught.value))


def test_an_error_that_cannot_be_read_has_its_status(opened: Open) -> None:
    policy, _ = opened(fails(400, b"<html>"))
    with pytest.raises(BadRequestError) as caught:
        policy.send(READ)
    assert caught.value.status == 400


def test_each_attempt_is_told(opened: Open) -> None:
    policy, _ = opened(refuses(400, "TooManyRequestsException"), hangs(effect=False), works(SENTIMENT), timeout=0.4)
    policy.send(READ)
    watcher = policy.observers[0]
    assert isinstance(watcher, Watcher)
    first, second, third = watcher.events
    assert isinstance(first.error, ThrottledError)
    assert isinstance(second.error, TransportError)
    assert [first.retry_in, second.retry_in, third.retry_in] == [*waits(policy), None]
    assert [event.attempts for event in watcher.events] == [1, 2, 3]
    assert second.seconds >= 0.4
    assert third.reply is not None


SPEAK = Call("polly", "SynthesizeSpeech", {"Text": "hi", "OutputFormat": "mp3", "VoiceId": "Joanna"})


def test_a_stream_is_read(opened: Open) -> None:
    policy, _ = opened(works(b"abcdefgh" * 500, **{"content-type": "audio/mpeg"}))
    with policy.send(SPEAK)["AudioStream"] as stream:
        assert stream.read(3) == b"abc"
        assert b"".join(stream) == b"defgh" + b"abcdefgh" * 499


def test_a_stream_that_breaks_off_is_ours_to_tell(opened: Open) -> None:
    policy, _ = opened(breaks_off(b"abc", 10))
    stream = policy.send(SPEAK)["AudioStream"]
    with pytest.raises(TransportError, match=r"polly\.SynthesizeSpeech: the stream broke after"):
        stream.read()


def test_the_request_stream_of_a_retry_begins_where_it_began(opened: Open, tmp_path: Any) -> None:
    policy, service = opened(refuses(429, "ThrottlingException"), works(b""))
    file = tmp_path / "turn.txt"
    file.write_bytes(b"skipped|hello")
    with file.open("rb") as body:
        body.seek(8)
        params = {**TURN.params, "requestContentType": "text/plain; charset=utf-8", "inputStream": body}
        del params["text"]
        policy.send(Call("lexv2-runtime", "RecognizeUtterance", params))["audioStream"].close()
    assert [request.body for request in service.requests] == [b"hello", b"hello"]
