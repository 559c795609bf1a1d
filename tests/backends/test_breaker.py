"""The circuit breaker, on a backend that fails as told and a clock that moves when told."""

from __future__ import annotations

import pickle
import threading
from typing import Any

import pytest
from aiservices_mocks import Clock

from aiservices.backends import Breaker, Retrying
from aiservices.call import Call, Event, Reply
from aiservices.errors import (
    BreakerOpenError,
    DeadlineExceededError,
    InvalidCallError,
    TransportError,
    service_error,
)

READ = Call("comprehend", "DetectSentiment", {"Text": "hi", "LanguageCode": "en"})
OTHER = Call("polly", "DescribeVoices", {})
FAULT = service_error("comprehend", "DetectSentiment", "InternalServerException", "no", status=500)
THROTTLED = service_error("comprehend", "DetectSentiment", "TooManyRequestsException", "no")
REFUSED = service_error("comprehend", "DetectSentiment", "TextSizeLimitExceededException", "no")
LOST = TransportError("lost", sent=True)


class Service:
    """Fails while an error is set."""

    def __init__(self, *errors: BaseException | None) -> None:
        self.errors = list(errors)
        self.calls = 0

    def send(self, call: Call) -> Reply:
        self.calls += 1
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
        return {"Sentiment": "NEUTRAL"}


class Watch:
    def __init__(self) -> None:
        self.states: list[str | None] = []

    def see(self, event: Event) -> None:
        if event.kind == "breaker":
            self.states.append(event.state)


def breaker(service: Any, failures: int = 3, **more: Any) -> Breaker:
    return Breaker(service, failures, pause=10, clock=Clock.manual(), **more)


def fail(policy: Breaker, times: int, call: Call = READ) -> None:
    for _ in range(times):
        with pytest.raises((type(FAULT), TransportError)):
            policy.send(call)


def test_after_failures_in_a_row_calls_are_refused_until_the_pause_is_over() -> None:
    service, watch = Service(FAULT, LOST, FAULT), Watch()
    policy = breaker(service, observers=[watch])
    fail(policy, 3)
    assert policy.state("comprehend") == "open"
    policy.clock.advance(seconds=4)  # type: ignore[attr-defined]  # the mock's clock
    with pytest.raises(BreakerOpenError, match=r"failed 3 times in a row .* in 6\.0 s") as refused:
        policy.send(READ)
    assert (refused.value.product, refused.value.retry_after, refused.value.attempts) == ("comprehend", 6.0, 0)
    assert service.calls == 3
    policy.clock.advance(seconds=6)  # type: ignore[attr-defined]  # the mock's clock
    assert policy.send(READ)["Sentiment"] == "NEUTRAL"
    assert policy.state("comprehend") == "closed"
    assert watch.states == ["open", "half-open", "closed"]


def test_a_failure_of_the_one_that_tries_begins_another_pause() -> None:
    service = Service(*[FAULT] * 4)
    policy = breaker(service)
    fail(policy, 3)
    policy.clock.advance(seconds=10)  # type: ignore[attr-defined]  # the mock's clock
    fail(policy, 1)
    with pytest.raises(BreakerOpenError):
        policy.send(READ)
    policy.clock.advance(seconds=10)  # type: ignore[attr-defined]  # the mock's clock
    policy.send(READ)
    assert service.calls == 5


@pytest.mark.parametrize("between", [None, THROTTLED, REFUSED])
def test_any_answer_of_the_service_begins_the_count_anew(between: BaseException | None) -> None:
    service = Service(FAULT, FAULT, between, FAULT, FAULT)
    policy = breaker(service)
    for _ in range(5):
        try:
            policy.send(READ)
        except (type(FAULT), type(THROTTLED), type(REFUSED)):
            continue
    assert policy.state("comprehend") == "closed"
    policy.send(READ)


def test_a_deadline_counts_when_the_service_failed_meanwhile() -> None:
    late = DeadlineExceededError("no time is left")
    late.__cause__ = LOST
    mine = DeadlineExceededError("the deadline had passed before it began")
    policy = breaker(Service(late, late, mine, late), failures=3)
    for _ in range(4):
        with pytest.raises(DeadlineExceededError):
            policy.send(READ)
    assert policy.state("comprehend") == "open"


def test_one_product_that_is_down_leaves_the_others_and_s3_alone() -> None:
    service = Service(*[FAULT] * 3)
    policy = breaker(service)
    fail(policy, 3)
    policy.send(OTHER)
    policy.send(Call("s3", "GetObject", {"Bucket": "b", "Key": "k"}))
    assert policy.state("polly") == "closed"
    with pytest.raises(BreakerOpenError):
        policy.send(READ)


def test_while_one_tries_the_others_are_refused() -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Service):
        def send(self, call: Call) -> Reply:
            if self.calls >= 3:
                begun.set()
                go_on.wait(10)
            return super().send(call)

    service = Slow(*[FAULT] * 3)
    policy = breaker(service)
    fail(policy, 3)
    policy.clock.advance(seconds=10)  # type: ignore[attr-defined]  # the mock's clock
    tries = threading.Thread(target=policy.send, args=(READ,))
    tries.start()
    assert begun.wait(10)
    with pytest.raises(BreakerOpenError, match="tries it just now"):
        policy.send(READ)
    go_on.set()
    tries.join()
    assert policy.state("comprehend") == "closed"
    policy.send(READ)


def test_one_that_tries_and_is_interrupted_leaves_the_try_to_the_next() -> None:
    policy = breaker(Service(*[FAULT] * 3, KeyboardInterrupt()))
    fail(policy, 3)
    policy.clock.advance(seconds=10)  # type: ignore[attr-defined]  # the mock's clock
    with pytest.raises(KeyboardInterrupt):
        policy.send(READ)
    policy.send(READ)
    assert policy.state("comprehend") == "closed"


def test_around_retries_a_whole_call_is_one_failure() -> None:
    service = Service(*[FAULT] * 6)
    policy = breaker(Retrying(service, attempts=3, clock=Clock.auto()), failures=2)
    fail(policy, 1)
    assert policy.state("comprehend") == "closed"
    fail(policy, 1)
    assert policy.state("comprehend") == "open"


@pytest.mark.parametrize("wrong", [{"failures": 0}, {"failures": 1.5}, {"pause": 0}, {"pause": "30"}])
def test_wrong_settings_say_so(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidCallError, match=next(iter(wrong))):
        Breaker(Service(), **wrong)


def test_the_error_can_be_pickled() -> None:
    error = pickle.loads(pickle.dumps(BreakerOpenError("polly", 5, 12.0)))
    assert (error.product, error.retry_after, str(error)[:5]) == ("polly", 12.0, "polly")
