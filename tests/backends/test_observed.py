"""The outermost backend: events, costs and errors of calls."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from aiservices.backends.observed import Observed
from aiservices.call import Call, Event, Reply, note
from aiservices.errors import AIServicesError, DeadlineExceededError, InvalidCallError, TransportError, service_error
from aiservices.money import Price, PriceBook, Tier


def test_an_event_does_not_show_what_was_sent_or_answered() -> None:
    call = Call("comprehend", "DetectKeyPhrases", {"Text": "Maria Silva"})
    event = Event("call", call, {"KeyPhrases": [{"Text": "Maria Silva"}]}, None, 0.1, 1)
    assert "comprehend" in repr(event)
    assert "Maria" not in repr(event)


class Clock:
    """Time that the backend moves."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time, UTC)

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


class Answering:
    """Answers, or fails, after two seconds."""

    def __init__(self, answer: Any) -> None:
        self.clock = Clock()
        self.answer = answer

    def send(self, call: Call) -> Reply:
        self.clock.sleep(2)
        if isinstance(self.answer, BaseException):
            raise self.answer
        reply: Reply = self.answer
        return reply


class Watching:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def see(self, event: Event) -> None:
        self.events.append(event)


CALL = Call("comprehend", "DetectSentiment", {"Text": "x" * 301, "LanguageCode": "en"}, tags={"team": "a"})


def test_a_call_is_timed_charged_noted_and_told() -> None:
    watching = Watching()
    reply = Observed(Answering(note({"Sentiment": "POSITIVE"}, attempts=3, backend="aws")), [watching]).send(CALL)
    assert reply["Sentiment"] == "POSITIVE"
    assert reply["ResponseMetadata"]["AIServices"] == {"attempts": 3, "backend": "aws", "cost": Decimal("0.0004")}
    assert watching.events == [
        Event("call", CALL, reply, None, 2.0, 3, units={"comprehend.nlp_standard": Decimal(4)}, cost=Decimal("0.0004"))
    ]


def test_a_bare_reply_was_one_attempt() -> None:
    watching = Watching()
    Observed(Answering({}), [watching]).send(Call("polly", "ListLexicons", {}))
    (event,) = watching.events
    assert (event.attempts, event.units, event.cost) == (1, {}, Decimal(0))


def test_an_unknown_price_is_none() -> None:
    watching = Watching()
    reply = Observed(Answering({}), [watching]).send(Call("transcribe", "StartTranscriptionJob", {}))
    assert reply["ResponseMetadata"]["AIServices"] == {"cost": None}
    assert (watching.events[0].units, watching.events[0].cost) == (None, None)


def with_attempts(error: AIServicesError, attempts: int) -> AIServicesError:
    error.attempts = attempts
    return error


def late_after(error: Exception) -> Exception:
    late = DeadlineExceededError("too late")
    late.__cause__ = error
    return late


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (service_error("comprehend", "DetectSentiment", "InternalServerException", "broken"), 1),
        (TransportError("lost"), 1),
        (with_attempts(TransportError("lost"), 4), 4),
        (InvalidCallError("not sent"), 0),
        (DeadlineExceededError("had passed before it began"), 0),
        (late_after(TransportError("lost")), 1),
        (KeyboardInterrupt(), 0),
    ],
)
def test_a_failure_costs_nothing_is_told_and_raised_as_it_came(error: BaseException, attempts: int) -> None:
    watching = Watching()
    with pytest.raises(type(error)) as raised:
        Observed(Answering(error), [watching]).send(CALL)
    assert raised.value is error
    assert watching.events == [Event("call", CALL, None, error, 2.0, attempts, units={}, cost=Decimal(0))]


def test_an_observer_that_fails_stops_neither_the_call_nor_the_others(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def see(self, event: Event) -> None:
            raise RuntimeError("broken")

    watching = Watching()
    Observed(Answering({}), [Broken(), watching]).send(CALL)
    assert len(watching.events) == 1
    assert "observer failed" in caplog.text


def test_prices_and_clock_of_ones_own() -> None:
    book = PriceBook().with_rows(Price("comprehend.nlp_standard", "unit_100_chars", (Tier(None, Decimal(1)),)))
    backend, watching = Answering({}), Watching()
    observed = Observed(backend, [watching], clock=Clock(), book=book)
    assert observed.send(CALL)["ResponseMetadata"]["AIServices"]["cost"] == 4
    assert watching.events[0].seconds == 0.0
    assert "Answering" in repr(observed)
