"""The second backend answers what the first cannot, and only what follows from the request alone."""

from __future__ import annotations

from typing import Any

import pytest

from aiservices.backends import Fallback
from aiservices.call import Call, Reply
from aiservices.errors import BreakerOpenError, InvalidCallError, ServiceFaultError, TransportError, service_error

READ = Call("comprehend", "DetectSentiment", {"Text": "hi", "LanguageCode": "en"})
START = Call("comprehend", "StartSentimentDetectionJob", {})
STORED = Call("textract", "DetectDocumentText", {"Document": {"S3Object": {"Bucket": "b", "Name": "n"}}})
OF_A_MODEL = Call("comprehend", "DetectEntities", {"Text": "hi", "EndpointArn": "arn:aws:comprehend:::x"})
FAULT = service_error("comprehend", "DetectSentiment", "InternalServerException", "secret words", status=500)
THROTTLED = service_error("comprehend", "DetectSentiment", "TooManyRequestsException", "no")
REFUSED = service_error("comprehend", "DetectSentiment", "InvalidRequestException", "no")
UNSENT = TransportError("nobody there", sent=False)


class Answers:
    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.calls = 0

    def send(self, call: Call) -> Reply:
        self.calls += 1
        if isinstance(self.answer, BaseException):
            raise self.answer
        return {"Sentiment": self.answer}


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FAULT, "ServiceFaultError InternalServerException"),
        (THROTTLED, "ThrottledError TooManyRequestsException"),
        (UNSENT, "TransportError"),
        (BreakerOpenError("comprehend", 5, 3.0), "BreakerOpenError"),
    ],
)
def test_the_second_answers_and_the_reply_says_why(error: Exception, reason: str) -> None:
    reply = Fallback(Answers(error), Answers("MIXED")).send(READ)
    assert reply["Sentiment"] == "MIXED"
    assert reply["ResponseMetadata"]["AIServices"] == {"fallback": reason}


def test_an_answer_of_the_first_is_the_answer() -> None:
    second = Answers("MIXED")
    reply = Fallback(Answers("NEUTRAL"), second).send(READ)
    assert (reply, second.calls) == ({"Sentiment": "NEUTRAL"}, 0)


def test_what_the_request_is_to_blame_for_is_raised() -> None:
    second = Answers("MIXED")
    with pytest.raises(type(REFUSED)):
        Fallback(Answers(REFUSED), second).send(READ)
    assert second.calls == 0


@pytest.mark.parametrize("call", [START, STORED, OF_A_MODEL], ids=["a job", "an object", "a model"])
def test_what_depends_on_more_than_the_request_stays_with_the_first(call: Call) -> None:
    second = Answers("MIXED")
    with pytest.raises(ServiceFaultError):
        Fallback(Answers(FAULT), second).send(call)
    assert second.calls == 0


def test_both_failures_are_told() -> None:
    with pytest.raises(TransportError) as raised:
        Fallback(Answers(FAULT), Answers(UNSENT)).send(READ)
    assert raised.value.__cause__ is FAULT


def test_operations_and_errors_are_chosen() -> None:
    chosen = Fallback(Answers(REFUSED), Answers("MIXED"), on=[type(REFUSED)], operations=[READ.name])
    assert chosen.send(READ)["Sentiment"] == "MIXED"
    with pytest.raises(type(REFUSED)):
        chosen.send(Call("comprehend", "DetectSyntax", {"Text": "hi", "LanguageCode": "en"}))


def test_only_pure_reads_can_be_chosen() -> None:
    with pytest.raises(InvalidCallError, match=r"StartSentimentDetectionJob"):
        Fallback(Answers("A"), Answers("B"), operations=[START.name])


def test_a_name_is_opened_by_the_client_only() -> None:
    with pytest.raises(InvalidCallError, match="AI"):
        Fallback("aws", Answers("B")).send(READ)
