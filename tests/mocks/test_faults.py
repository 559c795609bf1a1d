"""What can go wrong with a call, as a test wants it: the nth one, some items of it, its body."""

from __future__ import annotations

import boto3
import pytest
from aiservices_mocks import Clock, Mock, mock_ai
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

from aiservices.call import Call
from aiservices.errors import AccessDeniedError, InvalidCallError, ServiceError, TransportError
from tests.mocks.worlds import SPEECH, ask, small_mock

TEXTS = ["Great food.", "Awful food.", "Great staff.", "Awful staff."]


def test_the_nth_call_fails():
    mock = small_mock()
    mock.on("polly.ListLexicons").passes(2).fails("ServiceFailureException", times=1)
    failed = []
    for _ in range(5):
        try:
            ask(mock, "polly.ListLexicons")
            failed.append(False)
        except ServiceError:
            failed.append(True)
    assert failed == [False, False, True, False, False]


def test_credentials_expire():
    mock = small_mock()
    mock.on("polly").passes(1).fails("ExpiredTokenException", message="The security token has expired")
    ask(mock, "polly.ListLexicons")
    with pytest.raises(AccessDeniedError) as caught:
        ask(mock, "polly.ListLexicons")
    assert caught.value.retry == "never"


def test_a_code_that_is_nearly_right_is_refused():
    mock = Mock()
    with pytest.raises(InvalidCallError, match='did you mean "TooManyRequestsException"'):
        mock.on("comprehend.DetectSentiment").fails("TooManyRequestException")
    mock.on("comprehend.DetectSentiment").fails("TooManyRequestException", status=429)
    mock.on("comprehend.DetectSentiment").fails("SomethingElseException")


def test_some_items_of_a_batch_fail_and_the_others_are_answered():
    mock = Mock()
    batch = mock.on("comprehend.BatchDetectSentiment")
    batch.fails_items([1, 3, 9], "InternalServerException", "It broke.", times=1)
    reply = ask(mock, "comprehend.BatchDetectSentiment", TextList=TEXTS, LanguageCode="en")
    assert [(one["Index"], one["Sentiment"]) for one in reply["ResultList"]] == [(0, "POSITIVE"), (2, "POSITIVE")]
    assert reply["ErrorList"] == [
        {"Index": index, "ErrorCode": "InternalServerException", "ErrorMessage": "It broke."} for index in (1, 3)
    ]
    reply = ask(mock, "comprehend.BatchDetectSentiment", TextList=TEXTS, LanguageCode="en")
    assert (len(reply["ResultList"]), reply["ErrorList"]) == (4, [])


def test_items_that_fail_have_no_effect_and_are_named():
    mock = Mock(clock=Clock.auto())
    index = ask(mock, "kendra.CreateIndex", Name="docs", RoleArn="arn:aws:iam::123456789012:role/r")["Id"]
    ask(mock, "kendra.DescribeIndex", Id=index)
    mock.on("kendra.BatchPutDocument").fails_items(lambda one: one["Id"] == "b", "InvalidRequest", "No.")
    documents = [{"Id": name, "Blob": b"text", "ContentType": "PLAIN_TEXT"} for name in "abc"]
    reply = ask(mock, "kendra.BatchPutDocument", IndexId=index, Documents=documents)
    assert reply["FailedDocuments"] == [{"Id": "b", "ErrorCode": "InvalidRequest", "ErrorMessage": "No."}]
    infos = [{"DocumentId": name} for name in "abc"]
    mock.on("kendra.BatchGetDocumentStatus").fails_items([0], "InternalError")
    statuses = ask(mock, "kendra.BatchGetDocumentStatus", IndexId=index, DocumentInfoList=infos)
    found = {one["DocumentId"]: one["DocumentStatus"] for one in statuses["DocumentStatusList"]}
    assert (found["b"], found["c"], "a" in found) == ("NOT_FOUND", "INDEXED", False)
    assert statuses["Errors"] == [{"DocumentId": "a", "ErrorCode": "InternalError", "ErrorMessage": ""}]


def test_services_tell_failed_items_in_their_own_ways():
    mock = Mock()
    ask(mock, "rekognition.CreateCollection", CollectionId="staff")
    mock.on("rekognition.DeleteFaces").fails_items([0], "FACE_NOT_FOUND")
    face = "11111111-2222-4333-8444-555555555555"
    reply = ask(mock, "rekognition.DeleteFaces", CollectionId="staff", FaceIds=[face])
    assert reply["UnsuccessfulFaceDeletions"] == [{"FaceId": face, "Reasons": ["FACE_NOT_FOUND"]}]
    mock.on("fraud_detector.BatchGetVariable").fails_items([0], "404", "No such variable.")
    reply = ask(mock, "frauddetector.BatchGetVariable", names=["ip"])
    assert reply["errors"] == [{"name": "ip", "code": 404, "message": "No such variable."}]


def test_a_body_stops_for_a_while():
    mock = small_mock(clock=Clock.manual())
    mock.on("polly.SynthesizeSpeech").stalls(30, after=2)
    body = ask(mock, "polly.SynthesizeSpeech", **SPEECH)["AudioStream"]
    assert (body.read(1), body.read(1), mock.clock.monotonic()) == (b"h", b"e", 0)
    assert (body.read(2), mock.clock.monotonic()) == (b"ll", 30)
    assert body.read() == b"o"
    body = ask(mock, "polly.SynthesizeSpeech", **SPEECH)["AudioStream"]
    assert b"".join(body.iter_chunks(2)) == b"hello"
    assert mock.clock.monotonic() == 60


def test_who_does_not_wait_for_a_body_gets_no_more_of_it():
    mock = small_mock(clock=Clock.manual())
    mock.on("polly.SynthesizeSpeech").stalls(30)
    body = mock.send(Call("polly", "SynthesizeSpeech", SPEECH, deadline=10))["AudioStream"]
    with pytest.raises(TransportError, match="body stopped"):
        body.read()
    assert mock.clock.monotonic() == 10


def test_boto3_times_out_in_the_middle_of_a_body():
    with mock_ai(clock=Clock.manual()) as mock:
        config = Config(read_timeout=5, retries={"total_max_attempts": 1})
        polly = boto3.client("polly", region_name="us-east-1", config=config)
        mock.on("polly.SynthesizeSpeech").stalls(4, after=3, times=1).stalls(6, after=3)
        spoken = polly.synthesize_speech(**SPEECH)
        assert len(spoken["AudioStream"].read()) == int(spoken["ResponseMetadata"]["HTTPHeaders"]["content-length"])
        assert mock.clock.monotonic() == 4
        spoken = polly.synthesize_speech(**SPEECH)
        assert len(spoken["AudioStream"].read(3)) == 3
        with pytest.raises(ReadTimeoutError):
            spoken["AudioStream"].read()
        assert mock.clock.monotonic() == 9


def test_faults_that_an_operation_cannot_have_are_refused_at_once():
    mock = Mock()
    for what, tell, said in (
        ("comprehend.DetectSentiment", lambda rule: rule.fails_items([0], "X"), "BatchDetectSentiment"),
        ("polly.ListLexicons", lambda rule: rule.fails_items([0], "X"), "none of polly"),
        ("polly.ListLexicons", lambda rule: rule.stalls(3), "answers no stream"),
        ("polly", lambda rule: rule.stalls(3), "needs one operation"),
        ("polly", lambda rule: rule.passes(0), "at least 1"),
    ):
        with pytest.raises(InvalidCallError, match=said):
            tell(mock.on(what))
