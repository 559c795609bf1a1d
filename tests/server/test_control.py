"""`/_aiservices/`."""

from __future__ import annotations

import base64

import boto3
import httpx
import pytest
from aiservices_mocks import Mock
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

import aiservices
from aiservices.server import Application, Server
from tests.mocks.lived_in import LETTER

TEXT = {"Text": "What a lovely day!", "LanguageCode": "en"}
DETECT = "comprehend.DetectSentiment"


def test_health(http):
    reply = http.get("/_aiservices/health")
    assert reply.json() == {"status": "ok", "version": aiservices.__version__}
    assert reply.headers["content-type"] == "application/json"


def test_a_reset_forgets_everything(http, client, server):
    client("s3").create_bucket(Bucket="texts-of-mine")
    client("comprehend").detect_sentiment(**TEXT)
    assert http.post("/_aiservices/reset").json() == {}
    assert http.get("/_aiservices/calls").json() == {"calls": []}
    assert client("s3").list_buckets()["Buckets"] == []


def test_a_script_answers_until_it_is_deleted(http, client):
    scripted = {"operation": DETECT, "params": {"Text": "boom"}, "returns": {"Sentiment": "MIXED"}}
    assert http.post("/_aiservices/script", json=scripted).json() == {}
    comprehend = client("comprehend")
    assert comprehend.detect_sentiment(Text="boom", LanguageCode="en")["Sentiment"] == "MIXED"
    assert comprehend.detect_sentiment(**TEXT)["Sentiment"] == "POSITIVE"
    assert http.delete("/_aiservices/script").json() == {}
    assert comprehend.detect_sentiment(Text="boom", LanguageCode="en")["Sentiment"] != "MIXED"


def test_a_script_fails_as_often_as_it_says(http, client):
    fails = {"code": "InternalServerException", "message": "It broke.", "times": 1}
    http.post("/_aiservices/script", json={"operation": DETECT, "params": {}, "fails": fails})
    comprehend = client("comprehend", config=Config(retries={"total_max_attempts": 1}))
    with pytest.raises(ClientError, match=r"InternalServerException.*It broke") as raised:
        comprehend.detect_sentiment(**TEXT)
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert comprehend.detect_sentiment(**TEXT)["Sentiment"] == "POSITIVE"


def test_a_script_says_how_else_a_call_can_go(http, client, mock):
    """Whatever a rule in Python can that JSON can say."""
    once = Config(retries={"total_max_attempts": 1})
    comprehend, polly = client("comprehend", config=once), client("polly", config=once)
    for happens in (
        {"operation": DETECT, "passes": 1, "throttles": {"times": 1}},
        {"operation": "polly.ListLexicons", "loses_response": {}},
        {"operation": "polly.DescribeVoices", "fails": {"code": "ServiceFailureException", "rate": 1.0, "status": 503}},
        {"operation": "comprehend.DetectSyntax", "takes": {"seconds": 40}},
        {
            "operation": "comprehend.BatchDetectSentiment",
            "fails_items": {"which": [1], "code": "InternalServerException", "message": "It broke."},
        },
        {"operation": "comprehend.DetectDominantLanguage", "returns_each": [{"Languages": []}]},
        {"operation": "polly.SynthesizeSpeech", "stalls": {"seconds": 7, "after": 3}},
    ):
        assert http.post("/_aiservices/script", json=happens).json() == {}
    comprehend.detect_sentiment(**TEXT)
    with pytest.raises(ClientError, match="ThrottlingException"):
        comprehend.detect_sentiment(**TEXT)
    with pytest.raises(HTTPClientError):
        polly.list_lexicons()
    with pytest.raises(ClientError) as raised:
        polly.describe_voices()
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    comprehend.detect_syntax(**TEXT)
    assert mock.clock.monotonic() == 40
    reply = comprehend.batch_detect_sentiment(TextList=["Good.", "Bad."], LanguageCode="en")
    assert [one["Index"] for one in reply["ErrorList"]] == [1]
    assert comprehend.detect_dominant_language(Text="Hello")["Languages"] == []
    assert comprehend.detect_dominant_language(Text="Hello")["Languages"]
    spoken = polly.synthesize_speech(Text="x", OutputFormat="pcm", VoiceId="Joanna")["AudioStream"].read()
    assert (len(spoken) > 100, mock.clock.monotonic()) == (True, 47)


def test_a_script_says_how_jobs_end(http, client):
    s3, textract = client("s3"), client("textract")
    s3.create_bucket(Bucket="documents")
    s3.put_object(Bucket="documents", Key="letter.pdf", Body=LETTER)
    start = "textract.StartDocumentTextDetection"
    blocks = [{"BlockType": "LINE", "Text": "told"}]
    for happens in (
        {"operation": start, "job_hangs": {}},
        {"operation": start, "job_fails": {"reason": "BAD_DOCUMENT", "times": 1}},
        {"operation": start, "times": 1, "job_returns": {"reply": {"Blocks": blocks}, "after": 5}},
    ):
        assert http.post("/_aiservices/script", json=happens).json() == {}
    found = []
    for _ in range(3):
        place = {"S3Object": {"Bucket": "documents", "Name": "letter.pdf"}}
        job = textract.start_document_text_detection(DocumentLocation=place)["JobId"]
        found.append(textract.get_document_text_detection(JobId=job))
    assert [one["JobStatus"] for one in found] == ["SUCCEEDED", "FAILED", "IN_PROGRESS"]
    assert (found[0]["Blocks"], found[1]["StatusMessage"]) == (blocks, "BAD_DOCUMENT")


def test_a_script_takes_bytes_as_base64_and_moments_as_text(http, client):
    audio = base64.b64encode(b"\0\1").decode()
    speech = {"operation": "polly.SynthesizeSpeech", "returns": {"AudioStream": audio, "ContentType": "audio/pcm"}}
    http.post("/_aiservices/script", json=speech)
    spoken = client("polly").synthesize_speech(Text="x", OutputFormat="pcm", VoiceId="Joanna")
    assert spoken["AudioStream"].read() == b"\0\1"
    returns = {"Lexicon": {"Name": "a", "Content": "b"}, "LexiconAttributes": {"LastModified": "2026-01-02T03:04:05Z"}}
    told = http.post("/_aiservices/script", json={"operation": "polly.GetLexicon", "returns": returns})
    assert told.json() == {}
    assert client("polly").get_lexicon(Name="a")["LexiconAttributes"]["LastModified"].minute == 4


def test_the_clock_goes_forward(http, mock):
    before = mock.clock.monotonic()
    assert http.post("/_aiservices/clock", json={"advance": 90}).json() == {"now": mock.clock.now().isoformat()}
    assert mock.clock.monotonic() - before == 90


def test_calls_are_told_in_order(http, client):
    client("comprehend").detect_sentiment(**TEXT)
    with pytest.raises(ClientError):
        client("polly").get_lexicon(Name="none")
    client("rekognition").create_collection(CollectionId="c", Tags={"a": "b"})
    calls = http.get("/_aiservices/calls").json()["calls"]
    assert [(call["service"], call["operation"], call["error"]) for call in calls] == [
        ("comprehend", "DetectSentiment", None),
        ("polly", "GetLexicon", "LexiconNotFoundException"),
        ("rekognition", "CreateCollection", None),
    ]
    assert calls[0]["params"] == TEXT
    assert calls[0]["at"].startswith("2026-01-01T00:00:00")


def test_calls_tell_bytes_as_base64(http, client):
    with pytest.raises(ClientError):
        client("textract").detect_document_text(Document={"Bytes": b"no document"})
    (call,) = http.get("/_aiservices/calls").json()["calls"]
    assert base64.b64decode(call["params"]["Document"]["Bytes"]) == b"no document"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("GET", "nothing", "", 404, "/_aiservices/health"),
        ("GET", "reset", "", 405, "POST /_aiservices/reset"),
        ("POST", "script", "{", 400, "no JSON"),
        ("POST", "script", "[]", 400, "no JSON object"),
        ("POST", "script", "{}", 400, "operation"),
        ("POST", "script", '{"operation": "comprehend.Detect", "returns": {}}', 400, "no operation"),
        ("POST", "script", '{"operation": "comprehnd.DetectSentiment", "returns": {}}', 400, "did you mean"),
        ("POST", "script", f'{{"operation": "{DETECT}", "returns": {{"Sentimen": "X"}}}}', 400, "Sentimen"),
        ("POST", "script", f'{{"operation": "{DETECT}", "returns": []}}', 400, "object"),
        ("POST", "script", f'{{"operation": "{DETECT}", "fails": {{"code": 1}}}}', 400, "code"),
        ("POST", "script", f'{{"operation": "{DETECT}", "fails": {{"code": "X", "time": 1}}}}', 400, "time"),
        ("POST", "script", f'{{"operation": "{DETECT}", "params": {{"Txt": 1}}, "returns": {{}}}}', 400, "Text"),
        ("POST", "script", f'{{"operation": "{DETECT}", "fails": {{"code": "X", "times": "x"}}}}', 400, "times"),
        ("POST", "script", f'{{"operation": "{DETECT}"}}', 400, "job_hangs"),
        ("POST", "script", f'{{"operation": "{DETECT}", "takes": {{}}}}', 400, "needs seconds"),
        ("POST", "script", f'{{"operation": "{DETECT}", "takes": {{"seconds": "3"}}}}', 400, "a number"),
        ("POST", "script", f'{{"operation": "{DETECT}", "takes": 3}}', 400, "an object"),
        ("POST", "script", f'{{"operation": "{DETECT}", "passes": true, "throttles": {{}}}}', 400, "whole number"),
        ("POST", "script", f'{{"operation": "{DETECT}", "throttles": {{"rate": 2}}}}', 400, "rate=2"),
        ("POST", "script", f'{{"operation": "{DETECT}", "returns": {{}}, "throttles": {{}}}}', 400, "one of"),
        ("POST", "script", f'{{"operation": "{DETECT}", "job_returns": {{"reply": {{}}}}}}', 400, "begins no job"),
        ("POST", "script", f'{{"operation": "{DETECT}", "fails_items": {{"which": "1", "code": "X"}}}}', 400, "a list"),
        ("POST", "clock", "{}", 400, "advance"),
        ("POST", "clock", '{"advance": -1}', 400, "forward"),
        ("POST", "clock", '{"advance": 1e300}', 400, ""),
    ],
)
def test_what_cannot_be_done_is_said(http, method, path, body, status, said):
    reply = http.request(method, f"/_aiservices/{path}", content=body)
    assert reply.status_code == status
    assert said in reply.json()["message"]
    assert http.get("/_aiservices/calls").json() == {"calls": []}


def test_a_refused_script_leaves_nothing_behind(http, mock):
    http.post("/_aiservices/script", json={"operation": DETECT, "returns": {"Sentimen": "x"}})
    assert mock.script.rules == []


class Plain:
    def send(self, call):
        return Mock().send(call)


def test_a_backend_that_is_no_mock_says_so():
    with Server(Application(Plain())) as server, httpx.Client(base_url=server.url) as http:
        assert http.get("/_aiservices/health").status_code == 200
        for method, path in (("POST", "reset"), ("DELETE", "script"), ("GET", "calls")):
            assert http.request(method, f"/_aiservices/{path}").status_code == 409
        polly = boto3.client("polly", endpoint_url=server.url, region_name="us-east-1")
        assert polly.list_lexicons()["Lexicons"] == []
        s3 = boto3.client(
            "s3", endpoint_url=server.url, region_name="us-east-1", config=Config(retries={"total_max_attempts": 1})
        )
        with pytest.raises(ClientError, match="twelve AI services") as raised:
            s3.list_buckets()
        assert raised.value.response["Error"]["Code"] == "NotImplemented"
