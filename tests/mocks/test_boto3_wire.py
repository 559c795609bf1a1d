"""Raw boto3 answered on the wire: all of botocore runs, and nothing leaves the process."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.boto3_bridge import bridge
from botocore.config import Config
from botocore.endpoint import Endpoint
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from moto import mock_aws

from aiservices.errors import TransportError

TEXT = {"Text": "What a lovely day!", "LanguageCode": "en"}
METHODS = {name: getattr(Endpoint, name) for name in ("__init__", "_do_get_response", "_needs_retry")}


@pytest.fixture(autouse=True)
def _no_network_and_no_trace(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(time, "sleep", lambda seconds: refuse() if seconds else None)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    yield
    assert {name: getattr(Endpoint, name) for name in METHODS} == METHODS


@pytest.fixture
def mock():
    with bridge(Mock()) as mock:
        yield mock


def test_an_answer_is_read_by_botocores_own_parser(mock):
    reply = boto3.client("comprehend").detect_sentiment(**TEXT)
    assert reply["Sentiment"] == "POSITIVE"
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert reply["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "application/x-amz-json-1.1"
    assert len(reply["ResponseMetadata"]["RequestId"]) == 36


def test_botocore_retries_what_is_throttled_and_waits_on_the_mocks_clock(mock):
    for mode in ("legacy", "standard"):
        comprehend = boto3.client("comprehend", config=Config(retries={"mode": mode, "max_attempts": 3}))
        mock.on("comprehend.DetectSentiment").fails("ThrottlingException", times=2)
        before = mock.clock.monotonic()
        reply = comprehend.detect_sentiment(**TEXT)
        assert reply["ResponseMetadata"]["RetryAttempts"] == 2
        assert mock.clock.monotonic() > before


def test_an_error_is_botocores_when_its_attempts_are_used_up(mock):
    polly = boto3.client("polly", config=Config(retries={"total_max_attempts": 2}))
    mock.on("polly.ListLexicons").fails("ServiceFailureException", message="It broke.")
    with pytest.raises(polly.exceptions.ServiceFailureException, match=r"reached max retries: 1.*It broke") as raised:
        polly.list_lexicons()
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    mock.calls("polly.ListLexicons").times(2)


def test_lost_connections_and_late_answers_are_botocores(mock):
    polly = boto3.client("polly", config=Config(retries={"total_max_attempts": 1}, read_timeout=5))
    mock.on("polly.ListLexicons").loses_response()
    with pytest.raises(ConnectionClosedError):
        polly.list_lexicons()
    mock.on("polly.ListLexicons").fails(TransportError("no route", sent=False), times=1)
    with pytest.raises(EndpointConnectionError):
        polly.list_lexicons()
    mock.on("polly.ListLexicons").takes(6, times=1)
    with pytest.raises(ReadTimeoutError):
        polly.list_lexicons()
    mock.on("polly.ListLexicons").takes(4, times=1)
    assert polly.list_lexicons()["Lexicons"] == []


@pytest.mark.parametrize(
    "how",
    [
        {"endpoint_url": "https://localhost:1/behind/a/gateway"},
        {"config": Config(use_fips_endpoint=True)},
        {"config": Config(use_dualstack_endpoint=True)},
        {"region_name": "eu-west-1"},
    ],
)
def test_clients_of_any_endpoint_are_answered(mock, how):
    polly = boto3.client("polly", **how)
    polly.put_lexicon(Name="one", Content=LEXICON)
    assert [one["Name"] for one in polly.list_lexicons()["Lexicons"]] == ["one"]
    assert boto3.client("translate", **how).list_terminologies()["TerminologyPropertiesList"] == []


def test_hosts_are_those_that_botocore_would_have_asked(mock):
    hosts = []
    for config in (Config(use_dualstack_endpoint=True), Config(use_fips_endpoint=True)):
        lex = boto3.client("lexv2-runtime", config=config)
        lex.meta.events.register("before-sign", lambda request, **told: hosts.append(request.url.split("/")[2]))
        with pytest.raises(lex.exceptions.ResourceNotFoundException):
            lex.get_session(botId="ABCDEFGHIJ", botAliasId="TSTALIASID", localeId="en_US", sessionId="one")
    assert hosts == ["runtime-v2-lex.us-east-1.api.aws", "runtime-v2-lex-fips.us-east-1.amazonaws.com"]


@pytest.mark.parametrize(
    ("service", "method"), [("lexv2-runtime", "start_conversation"), ("polly", "start_speech_synthesis_stream")]
)
def test_two_way_event_streams_are_not_boto3s_to_open(mock, service, method):
    client = boto3.client(service)
    with pytest.raises(AttributeError):
        getattr(client, method)


def test_an_exception_inside_leaves_no_trace():
    with pytest.raises(KeyError), bridge(Mock()), bridge(Mock()):
        raise KeyError
    assert Endpoint._do_get_response is METHODS["_do_get_response"]


def test_each_region_has_its_own(mock):
    boto3.client("polly", region_name="eu-west-1").put_lexicon(Name="one", Content=LEXICON)
    assert boto3.client("polly", region_name="us-east-1").list_lexicons()["Lexicons"] == []


def test_streams_come_as_streams_and_go_as_streams(mock):
    spoken = boto3.client("polly").synthesize_speech(Text="hello", OutputFormat="pcm", VoiceId="Joanna")
    assert spoken["AudioStream"].read(2)
    assert len(spoken["AudioStream"].read()) == int(spoken["ResponseMetadata"]["HTTPHeaders"]["content-length"]) - 2


def test_events_of_the_users_own_see_every_attempt(mock):
    seen = []
    comprehend = boto3.client("comprehend")
    comprehend.meta.events.register("before-sign.comprehend", lambda **told: seen.append("signed"))
    comprehend.meta.events.register("after-call.comprehend", lambda **told: seen.append("answered"))
    mock.on("comprehend.DetectSentiment").fails("ThrottlingException", times=1)
    comprehend.detect_sentiment(**TEXT)
    assert seen == ["signed", "signed", "answered"]


def test_moto_answers_what_is_not_ours_whichever_came_first():
    with mock_aws(), bridge(Mock()):
        assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"
        assert boto3.client("comprehend").detect_sentiment(**TEXT)["Sentiment"] == "POSITIVE"
    with bridge(Mock()), mock_aws():
        assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"
        assert boto3.client("comprehend").detect_sentiment(**TEXT)["Sentiment"] == "POSITIVE"


def test_the_innermost_bridge_answers():
    polly = boto3.client("polly")
    with bridge(Mock()) as outer:
        with bridge(Mock()) as inner:
            polly.list_lexicons()
        with bridge(Mock(), fast=True) as fast:
            polly.list_lexicons()
        polly.list_lexicons()
    for mock in (outer, inner, fast):
        mock.calls().times(1)


def test_many_threads_are_answered_at_once(mock):
    comprehend = boto3.client("comprehend", config=Config(max_pool_connections=8))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: comprehend.detect_sentiment(**TEXT)["Sentiment"], range(40)))
    assert answers == ["POSITIVE"] * 40
    mock.calls().times(40)


def test_jobs_end_under_waiters_on_a_manual_clock(monkeypatch):
    with bridge(Mock(clock=Clock.manual())) as mock:
        mock.s3["documents/texts.txt"] = "What a lovely day!\n"
        comprehend = boto3.client("comprehend")
        job = comprehend.start_sentiment_detection_job(
            InputDataConfig={"S3Uri": "s3://documents/", "InputFormat": "ONE_DOC_PER_LINE"},
            OutputDataConfig={"S3Uri": "s3://documents/out/"},
            DataAccessRoleArn="arn:aws:iam::123456789012:role/comprehend",
            LanguageCode="en",
        )
        described = comprehend.describe_sentiment_detection_job(JobId=job["JobId"])
        assert described["SentimentDetectionJobProperties"]["JobStatus"] == "SUBMITTED"
        mock.clock.advance(hours=1)
        described = comprehend.describe_sentiment_detection_job(JobId=job["JobId"])
        assert described["SentimentDetectionJobProperties"]["JobStatus"] == "COMPLETED"


def test_a_refused_request_has_awss_words(mock):
    with pytest.raises(ClientError) as raised:
        boto3.client("comprehend").detect_sentiment(Text="x", LanguageCode="xx")
    assert raised.value.response["Error"]["Code"] == "ValidationException"
    assert "failed to satisfy constraint" in raised.value.response["Error"]["Message"]


LEXICON = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>
</lexicon>"""
