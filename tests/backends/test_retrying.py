"""The retry policy, on a backend that fails as told and a clock that only moves when slept on."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.api.model import load
from aiservices.backends.retrying import RetryBudget, Retrying, habits_of
from aiservices.call import SERVICES, Call, Clock, Event, Reply
from aiservices.errors import (
    DeadlineExceededError,
    InvalidCallError,
    ServiceError,
    ThrottledError,
    TransportError,
    service_error,
)

READ = Call("comprehend", "DetectSentiment", {"Text": "hi", "LanguageCode": "en"})
WRITE = Call("transcribe", "StartTranscriptionJob", {"TranscriptionJobName": "j"})
TOKEN = Call("rekognition", "StartLabelDetection", {"Video": {}})


def answer(code: str, status: int | None = None, call: Call = READ, **more: Any) -> ServiceError:
    return service_error(call.service, call.operation, code, more.pop("message", "no"), status=status, **more)


THROTTLED = answer("TooManyRequestsException")
FAULT = answer("InternalServerException")
LOST = TransportError("lost", sent=True)
UNSENT = TransportError("nobody there", sent=False)


class FakeClock:
    def __init__(self) -> None:
        self.time = 100.0
        self.waits: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


class Scripted:
    """Fails with the errors of the script, then answers."""

    def __init__(self, *script: Exception, takes: float = 0.0, clock: FakeClock | None = None) -> None:
        self.script = list(script)
        self.calls: list[Call] = []
        self.takes = takes
        self.timepiece = clock

    def send(self, call: Call) -> Reply:
        self.calls.append(call)
        if self.timepiece is not None:
            self.timepiece.time += self.takes
        if self.script:
            raise self.script.pop(0)
        return {"Done": True}


class Watcher:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def see(self, event: Event) -> None:
        self.events.append(event)


def policy(*script: Exception, **options: Any) -> tuple[Retrying, Scripted, FakeClock]:
    clock = FakeClock()
    backend = Scripted(*script, takes=options.pop("takes", 0.0), clock=clock)
    return Retrying(backend, clock=clock, **{"seed": 3, **options}), backend, clock


def test_the_first_answer_is_passed_on() -> None:
    retrying, backend, clock = policy()
    reply = retrying.send(READ)
    assert reply == {"Done": True, "ResponseMetadata": {"AIServices": {"attempts": 1}}}
    assert backend.calls == [READ]
    assert clock.waits == []


@pytest.mark.parametrize("error", [THROTTLED, FAULT, UNSENT, LOST])
def test_what_may_pass_is_tried_again(error: Exception) -> None:
    retrying, backend, clock = policy(error, error, error)
    assert retrying.send(READ)["ResponseMetadata"]["AIServices"]["attempts"] == 4
    assert len(backend.calls) == 4
    assert len(clock.waits) == 3


@pytest.mark.parametrize(
    "error",
    [
        answer("TextSizeLimitExceededException"),
        answer("AccessDeniedException"),
        answer("ResourceUnavailableException"),
        answer("NobodyKnowsException", 400),
        InvalidCallError("not sent"),
        ZeroDivisionError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_fails_again_is_raised_at_once(error: Exception) -> None:
    retrying, backend, clock = policy(error)
    with pytest.raises(type(error)) as caught:
        retrying.send(READ)
    assert caught.value is error
    assert len(backend.calls) == 1
    assert clock.waits == []


def test_the_last_error_is_raised_when_the_attempts_are_used_up() -> None:
    errors = [answer("TooManyRequestsException", request_id=str(n)) for n in range(5)]
    retrying, backend, _ = policy(*errors, attempts=3)
    with pytest.raises(ThrottledError) as caught:
        retrying.send(READ)
    assert caught.value.request_id == "2"
    assert caught.value.attempts == 3
    assert len(backend.calls) == 3


def test_one_attempt_is_one() -> None:
    retrying, backend, _ = policy(THROTTLED, attempts=1)
    with pytest.raises(ThrottledError):
        retrying.send(READ)
    assert len(backend.calls) == 1


def test_an_error_that_is_final_ends_the_retries() -> None:
    retrying, backend, _ = policy(THROTTLED, answer("InvalidRequestException"), THROTTLED)
    with pytest.raises(ServiceError, match="InvalidRequestException"):
        retrying.send(READ)
    assert len(backend.calls) == 2


def test_another_exception_in_a_retry_passes_through() -> None:
    retrying, backend, _ = policy(THROTTLED, InvalidCallError("closed"))
    with pytest.raises(InvalidCallError):
        retrying.send(READ)
    assert len(backend.calls) == 2


def test_once_is_one_more() -> None:
    call = Call("lexv2-runtime", "RecognizeText", {"text": "hi"})
    errors = [answer("DependencyFailedException", call=call) for _ in range(3)]
    retrying, backend, _ = policy(*errors)
    with pytest.raises(ServiceError):
        retrying.send(call)
    assert len(backend.calls) == 2


@given(seed=st.integers(), code=st.sampled_from([("TooManyRequestsException", 1.0), ("InternalServerException", 0.05)]))
def test_waits_are_random_below_a_doubling_ceiling(seed: int, code: tuple[str, float]) -> None:
    name, base = code
    retrying, _, clock = policy(*[answer(name) for _ in range(11)], attempts=12, seed=seed)
    retrying.send(READ)
    for number, wait in enumerate(clock.waits):
        assert 0 <= wait <= min(20.0, base * 2**number)
    assert len(set(clock.waits)) > 5


def test_the_jitter_is_full() -> None:
    first = []
    for seed in range(200):
        retrying, _, clock = policy(THROTTLED, seed=seed)
        retrying.send(READ)
        first += clock.waits
    assert min(first) < 0.05
    assert max(first) > 0.95
    assert 0.4 < sum(first) / 200 < 0.6


def test_the_service_is_given_the_time_it_asks_for() -> None:
    retrying, _, clock = policy(answer("TooManyRequestsException", retry_after=12.5))
    retrying.send(READ)
    assert clock.waits == [12.5]


def test_a_wish_beyond_patience_is_the_callers() -> None:
    retrying, backend, clock = policy(answer("TooManyRequestsException", retry_after=3600))
    with pytest.raises(ThrottledError) as caught:
        retrying.send(READ)
    assert caught.value.retry_after == 3600
    assert len(backend.calls) == 1
    assert clock.waits == []


# What may be sent twice.


def test_a_lost_answer_to_a_write_is_raised() -> None:
    retrying, backend, _ = policy(LOST)
    with pytest.raises(TransportError):
        retrying.send(WRITE)
    assert len(backend.calls) == 1


def test_a_write_that_never_left_is_sent_again() -> None:
    retrying, backend, _ = policy(UNSENT)
    retrying.send(WRITE)
    assert len(backend.calls) == 2


def test_a_write_after_throttling_is_not_sent_again_once_an_answer_was_lost() -> None:
    throttled = answer("LimitExceededException", call=WRITE, message="Rate exceeded")
    retrying, backend, _ = policy(throttled, LOST, throttled)
    with pytest.raises(TransportError):
        retrying.send(WRITE)
    assert len(backend.calls) == 2


@pytest.mark.parametrize(("status", "sends"), [(500, 1), (502, 1), (503, 2), (504, 1)])
def test_a_gateways_error_is_a_lost_answer(status: int, sends: int) -> None:
    retrying, backend, _ = policy(answer(str(status), status, WRITE))
    if sends == 1:
        with pytest.raises(ServiceError):
            retrying.send(WRITE)
    else:
        retrying.send(WRITE)
    assert len(backend.calls) == sends


def test_what_only_computes_is_no_read_when_it_starts_a_human_loop() -> None:
    retrying, backend, _ = policy(LOST)
    with pytest.raises(TransportError):
        retrying.send(Call("textract", "AnalyzeDocument", {"Document": {}, "HumanLoopConfig": {"HumanLoopName": "n"}}))
    assert len(backend.calls) == 1


def test_every_operation_is_a_read_has_a_token_or_is_sent_once() -> None:
    """What changes nothing, by its verb; each operation of another verb that counts as a read is named here."""
    plain = ("Get", "List", "Describe", "Detect", "Search", "BatchDetect", "BatchGet", "Query", "Analyze", "Translate")
    named = {
        "comprehend.ClassifyDocument", "comprehend.ContainsPiiEntities", "polly.SynthesizeSpeech",
        "rekognition.CompareFaces", "rekognition.RecognizeCelebrities", "kendra.Retrieve", "kendra-ranking.Rescore",
    }  # fmt: skip
    others = set()
    for service in SERVICES:
        for operation in load(service).operations:
            if habits_of(service, operation).reads and not operation.startswith(plain):
                others.add(f"{service}.{operation}")
    assert others == named
    for writes in ("lexv2-runtime.RecognizeText", "lexv2-runtime.RecognizeUtterance", "personalize-events.PutEvents",
                   "frauddetector.GetEventPrediction", "frauddetector.SendEvent", "s3.PutObject"):  # fmt: skip
        habits = habits_of(*writes.split("."))
        assert (habits.token, habits.reads) == (None, False), writes


def test_every_marked_token_of_the_models_is_known() -> None:
    marked = 0
    for service in SERVICES:
        for name, operation in load(service).operations.items():
            if operation.idempotency_token:
                marked += 1
                assert habits_of(service, name).token == operation.idempotency_token
    assert marked > 35
    unmarked = [
        f"Start{what}" for what in ("DocumentAnalysis", "DocumentTextDetection", "ExpenseAnalysis", "LendingAnalysis")
    ]
    assert {habits_of("textract", name).token for name in unmarked} == {"ClientRequestToken"}
    videos = [f"Start{what}" for what in ("FaceDetection", "FaceSearch", "ContentModeration", "SegmentDetection")]
    assert {habits_of("rekognition", name).token for name in videos} == {"ClientRequestToken"}


# Tokens and bodies.


def test_a_token_is_filled_once_and_kept() -> None:
    retrying, backend, _ = policy(THROTTLED, LOST)
    retrying.send(TOKEN)
    tokens = {call.params["ClientRequestToken"] for call in backend.calls}
    assert len(backend.calls) == 3
    assert len(tokens) == 1
    assert UUID(tokens.pop()).version == 4
    assert "ClientRequestToken" not in TOKEN.params


def test_calls_do_not_share_tokens() -> None:
    retrying, backend, _ = policy()
    for _ in range(20):
        retrying.send(TOKEN)
    assert len({call.params["ClientRequestToken"] for call in backend.calls}) == 20


def test_the_callers_own_token_stays() -> None:
    retrying, backend, _ = policy()
    retrying.send(Call(TOKEN.service, TOKEN.operation, {"ClientRequestToken": "mine"}))
    assert backend.calls[0].params == {"ClientRequestToken": "mine"}


def test_a_seed_repeats_tokens_and_waits() -> None:
    seen = []
    for _ in range(2):
        retrying, backend, clock = policy(THROTTLED, THROTTLED, seed=11)
        retrying.send(TOKEN)
        seen.append((backend.calls[0].params["ClientRequestToken"], clock.waits))
    assert seen[0] == seen[1]


class Reads(Scripted):
    """Reads the body of each call, as a sender does, before it fails."""

    def send(self, call: Call) -> Reply:
        call.params["Body"].read()
        return super().send(call)


def test_a_body_is_sent_again_from_where_it_began() -> None:
    seen = []

    class Remembers(Reads):
        def send(self, call: Call) -> Reply:
            seen.append(call.params["Body"].tell())
            return super().send(call)

    body = io.BytesIO(b"0123456789")
    body.seek(4)
    Retrying(Remembers(THROTTLED, THROTTLED), clock=FakeClock()).send(Call("s3", "PutObject", {"Body": body}))
    assert seen == [4, 4, 4]


def test_a_body_that_can_be_read_only_once_is_sent_once() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    backend = Reads(THROTTLED)
    with pytest.raises(ThrottledError):
        Retrying(backend, clock=FakeClock()).send(Call("s3", "PutObject", {"Body": Pipe(b"x")}))
    assert len(backend.calls) == 1


def test_bytes_can_be_sent_as_often_as_needed() -> None:
    retrying, backend, _ = policy(THROTTLED)
    retrying.send(Call("s3", "PutObject", {"Body": b"x"}))
    assert len(backend.calls) == 2


# Time.


def test_a_wait_never_passes_the_deadline() -> None:
    retrying, backend, clock = policy(answer("TooManyRequestsException", retry_after=5))
    with pytest.raises(DeadlineExceededError, match="TooManyRequestsException") as caught:
        retrying.send(Call(READ.service, READ.operation, READ.params, deadline=clock.time + 5))
    assert isinstance(caught.value.__cause__, ThrottledError)
    assert caught.value.attempts == 1
    assert clock.waits == []
    assert len(backend.calls) == 1


@given(st.floats(0.001, 60), st.integers())
def test_nothing_begins_after_the_deadline(seconds: float, seed: int) -> None:
    retrying, backend, clock = policy(*[THROTTLED] * 20, attempts=20, seed=seed, takes=0.5)
    begun: list[float] = []
    send = backend.send

    def noting(call: Call) -> Reply:
        begun.append(clock.time)
        return send(call)

    backend.send = noting  # type: ignore[method-assign]  # the test stands in for it
    end = clock.time + seconds
    with pytest.raises((DeadlineExceededError, ThrottledError)):
        retrying.send(Call(READ.service, READ.operation, READ.params, deadline=end))
    assert all(moment < end for moment in begun)


def test_a_deadline_that_has_passed_sends_nothing() -> None:
    retrying, backend, clock = policy()
    with pytest.raises(DeadlineExceededError, match="nothing was sent") as caught:
        retrying.send(Call(READ.service, READ.operation, READ.params, deadline=clock.time))
    assert caught.value.attempts == 0
    assert backend.calls == []


def test_an_attempt_cut_off_by_the_deadline_is_the_deadlines() -> None:
    retrying, _, clock = policy(LOST, takes=9)
    with pytest.raises(DeadlineExceededError) as caught:
        retrying.send(Call(WRITE.service, WRITE.operation, WRITE.params, deadline=clock.time + 8))
    assert caught.value.__cause__ is LOST


def test_no_attempt_starts_for_a_caller_who_has_gone() -> None:
    gone = threading.Event()

    class Leaves(Scripted):
        def send(self, call: Call) -> Reply:
            gone.set()
            return super().send(call)

    backend, clock = Leaves(THROTTLED), FakeClock()
    retrying = Retrying(backend, clock=clock)
    call = Call(READ.service, READ.operation, READ.params, cancelled=gone)
    with pytest.raises(ThrottledError):
        retrying.send(call)
    assert len(backend.calls) == 1
    assert clock.waits == []
    with pytest.raises(DeadlineExceededError, match="nothing was sent"):
        retrying.send(call)
    assert len(backend.calls) == 1


def test_a_caller_who_goes_during_a_wait_ends_it() -> None:
    gone = threading.Event()

    class Leaving(FakeClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            gone.set()

    watcher = Watcher()
    backend = Scripted(THROTTLED)
    retrying = Retrying(backend, clock=Leaving(), observers=[watcher])
    with pytest.raises(ThrottledError):
        retrying.send(Call(READ.service, READ.operation, READ.params, cancelled=gone))
    assert len(backend.calls) == 1
    assert len(watcher.events) == 1


def test_the_clock_is_the_backends() -> None:
    class World(Scripted):
        clock: Clock = FakeClock()

    world = World(THROTTLED)
    retrying = Retrying(world)
    retrying.send(READ)
    assert retrying.clock is world.clock


# The budget.


def test_an_empty_budget_ends_retries() -> None:
    budget = RetryBudget(10)
    retrying, backend, _ = policy(*[THROTTLED] * 4, attempts=9, budget=budget)
    with pytest.raises(ThrottledError):
        retrying.send(READ)
    assert len(backend.calls) == 3
    assert budget.tokens == 0


def test_policies_share_a_budget() -> None:
    budget = RetryBudget(14)
    policy(FAULT, budget=budget, attempts=2)[0].send(READ)
    assert budget.tokens == 14, "the success gives back what its retry cost"
    with pytest.raises(ServiceError):
        policy(FAULT, FAULT, budget=budget, attempts=2)[0].send(READ)
    retrying, backend, _ = policy(FAULT, budget=budget)
    with pytest.raises(ServiceError):
        retrying.send(READ)
    assert len(backend.calls) == 1
    healthy, _, _ = policy(budget=budget)
    for _ in range(20):
        healthy.send(READ)
    assert budget.tokens == 14


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 20))))
def test_a_budget_stays_within_its_bounds(steps: list[tuple[bool, int]]) -> None:
    budget = RetryBudget(30)
    for spend, cost in steps:
        before = budget.tokens
        if spend:
            assert budget.spend(cost) == (before >= cost)
        else:
            budget.refund(cost)
        assert 0 <= budget.tokens <= 30


# What is told.


def test_observers_see_every_attempt() -> None:
    watcher = Watcher()
    retrying, _, clock = policy(THROTTLED, FAULT, observers=[watcher], takes=2.0)
    reply = retrying.send(READ)
    assert [event.kind for event in watcher.events] == ["attempt"] * 3
    assert [event.error for event in watcher.events] == [THROTTLED, FAULT, None]
    assert [event.attempts for event in watcher.events] == [1, 2, 3]
    assert [event.seconds for event in watcher.events] == [2.0, 2.0, 2.0]
    assert [event.retry_in for event in watcher.events] == [*clock.waits, None]
    assert watcher.events[-1].reply is reply


@pytest.mark.parametrize(
    ("script", "attempts", "told"),
    [
        ([FAULT], 1, 1),
        ([FAULT] * 3, 3, 3),
        ([answer("InvalidRequestException")], 4, 1),
        ([InvalidCallError("x")], 4, 0),
    ],
)
def test_the_last_failure_is_told_too(script: list[Exception], attempts: int, told: int) -> None:
    watcher = Watcher()
    retrying, _, _ = policy(*script, attempts=attempts, observers=[watcher])
    with pytest.raises(type(script[0])):
        retrying.send(READ)
    assert len(watcher.events) == told
    assert all(event.retry_in is not None for event in watcher.events[:-1])
    assert all(event.retry_in is None for event in watcher.events[-1:])


def test_a_broken_observer_breaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def see(self, event: Event) -> None:
            raise RuntimeError("broken")

    retrying, _, _ = policy(THROTTLED, observers=[Broken()])
    assert retrying.send(READ)["Done"]
    assert [record.message for record in caplog.records] == ["observer failed"] * 2


# Threads and weight.


def test_threads_share_a_policy() -> None:
    class Every:
        """Fails each call's first attempt."""

        def __init__(self) -> None:
            self.seen: set[Any] = set()

        def send(self, call: Call) -> Reply:
            if call.key not in self.seen:
                self.seen.add(call.key)
                raise answer("ThrottlingException")
            return {"Key": call.key}

    retrying = Retrying(Every(), clock=FakeClock(), budget=RetryBudget(10_000))
    replies: list[Reply] = []

    def work(name: int) -> None:
        for number in range(20):
            replies.append(retrying.send(Call("polly", "ListLexicons", {}, key=f"{name}/{number}")))

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({reply["Key"] for reply in replies}) == 160
    assert {reply["ResponseMetadata"]["AIServices"]["attempts"] for reply in replies} == {2}


WEIGHT = """
import sys
from aiservices.backends.retrying import Retrying
from aiservices.call import Call
from aiservices.errors import service_error

class Backend:
    def send(self, call):
        if call.operation == "PutLexicon":
            raise service_error("polly", "PutLexicon", "InvalidLexiconException", "no")
        return {}

policy = Retrying(Backend())
policy.send(Call("polly", "ListLexicons", {}))
try:
    policy.send(Call("polly", "PutLexicon", {}))
except Exception as error:
    assert error.code == "InvalidLexiconException", error
print(sorted({"tenacity", "boto3", "botocore"} & set(sys.modules)))
"""


def test_tenacity_is_loaded_for_a_retry_only() -> None:
    done = subprocess.run([sys.executable, "-c", WEIGHT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture(autouse=True)
def _nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that slept on the wall's clock would be slow, and wrong."""

    def refuse(seconds: float) -> None:
        raise AssertionError(f"slept {seconds} s on the wall's clock")

    monkeypatch.setattr("time.sleep", refuse)
