"""Rates and room for jobs, on clocks that nobody waits for."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.api.model import load
from aiservices.backends.gate import Gate
from aiservices.backends.limited import Limited
from aiservices.backends.limits import Limits, _content
from aiservices.call import SERVICES, Call, Reply
from aiservices.errors import (
    DeadlineExceededError,
    InvalidCallError,
    QuotaError,
    ServiceError,
    ThrottledError,
    service_error,
)

READ = Call("textract", "DetectDocumentText", {"Document": {"Bytes": b""}})
FREE = Call("comprehend", "DetectSentiment", {"Text": "hi", "LanguageCode": "en"})
START = Call("textract", "StartDocumentAnalysis", {})
THROTTLED = service_error("textract", "DetectDocumentText", "ProvisionedThroughputExceededException", "no")
FULL = service_error("textract", "StartDocumentAnalysis", "LimitExceededException", "no")


class Virtual:
    """A clock that moves when slept on."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.lock = threading.Lock()
        self.hold: Callable[[], Any] = lambda: None

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.hold()
        with self.lock:
            self.time += seconds


class Service:
    """Notes when calls came; fails as told."""

    def __init__(self, clock: Virtual, *errors: ServiceError | None) -> None:
        self.clock = clock
        self.errors = list(errors)
        self.came: list[tuple[float, str]] = []
        self.lock = threading.Lock()

    def send(self, call: Call) -> Reply:
        with self.lock:
            self.came.append((self.clock.time, call.tags.get("tenant", "")))
            error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
        return {}


def limited(*errors: ServiceError | None, rates: dict[str, float | None] | None = None) -> tuple[Limited, Service]:
    clock = Virtual()
    service = Service(clock, *errors)
    return Limited(service, Limits(rates), clock), service


# Rates.


@pytest.mark.parametrize("threads", [1, 8])
def test_calls_go_at_the_rate_and_a_few_at_once(threads: int) -> None:
    policy, service = limited(rates={READ.name: 10})
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: policy.send(READ), range(100)))
    times = sorted(at for at, _ in service.came)
    assert len(times) == 100
    assert times[-1] - times[0] == pytest.approx(10, abs=0.5)
    for begin in range(len(times) - 20):
        assert times[begin + 20] - times[begin] >= 1.6  # in no stretch faster than the rate and the few


@given(st.floats(0.1, 1_000), st.integers(2, 60), st.floats(0, 5))
def test_in_any_stretch_there_are_no_more_calls_than_the_rate_and_the_burst_allow(
    rate: float, count: int, pause: float
) -> None:
    clock = Virtual()
    gate = Gate(rate, clock)
    times = []
    for number in range(count):
        gate.wait(READ)
        times.append(clock.time)
        clock.time += pause / rate if number % 7 == 0 else 0
    for first in range(count):
        for last in range(first + 1, count):
            assert last - first <= (times[last] - times[first] + 0.25) * rate + 1e-6 * rate + 1


def test_after_a_pause_a_burst_goes_where_aws_allows_one() -> None:
    clock = Virtual()
    gate = Gate(2, clock, burst=4)
    begin = clock.time
    for _ in range(4):
        gate.wait(READ)
    assert clock.time == begin
    gate.wait(READ)
    assert clock.time == begin + 0.5


def test_an_operation_without_a_known_rate_is_not_held_up() -> None:
    policy, service = limited()
    for _ in range(1_000):
        policy.send(FREE)
    assert {at for at, _ in service.came} == {1_000.0}


def test_operations_have_rates_of_their_own() -> None:
    policy, service = limited()
    for _ in range(100):
        policy.send(READ)
    waited = service.clock.time
    policy.send(Call("textract", "AnalyzeExpense", {}))
    assert service.clock.time == waited


# Throttling.


def test_throttled_calls_slow_the_others_down_and_the_rate_comes_back() -> None:
    policy, service = limited(*[THROTTLED] * 3, rates={READ.name: 10})
    gate = policy.gate(policy.limits.of(READ))
    for _ in range(3):  # together: they count once
        with pytest.raises(ThrottledError):
            policy.send(READ)
    assert gate.rate == pytest.approx(7)
    service.clock.time += 2.5
    assert gate.rate == pytest.approx(8)
    service.clock.time += 60
    assert gate.rate == 10


def test_it_never_comes_to_a_stop() -> None:
    clock = Virtual()
    gate = Gate(100, clock)
    for _ in range(100):
        gate.throttled()
        clock.time += 0.6
    assert gate.rate is not None
    assert gate.rate >= 2
    gate.wait(READ)


def test_a_rate_that_nobody_knows_is_learnt_and_let_go() -> None:
    policy, service = limited(*[None] * 50, THROTTLED)
    gate = policy.gate(policy.limits.of(FREE))
    for _ in range(50):
        policy.send(FREE)
        service.clock.time += 0.02  # 50 a second
    with pytest.raises(ThrottledError):
        policy.send(FREE)
    assert gate.rate == pytest.approx(35, rel=0.05)
    service.clock.time += 10.5
    assert gate.rate is not None
    assert gate.rate > 70  # what AWS allows may have grown: it is felt for
    service.clock.time += 60
    assert gate.rate is None


# Fairness.


def test_tags_have_their_turns_one_after_the_other() -> None:
    policy, service = limited(rates={READ.name: 10})
    for _ in range(4):
        policy.send(READ)  # the few that go at once
    service.came.clear()
    queued = threading.Event()
    service.clock.hold = lambda: queued.wait(30)
    threads = []
    gate = policy.gate(policy.limits.of(READ))
    for tenant in ["many"] * 20 + ["few"] * 3:
        call = Call("textract", "DetectDocumentText", {}, tags={"tenant": tenant})
        thread = threading.Thread(target=policy.send, args=(call,))
        thread.start()
        threads.append(thread)
    while sum(map(len, gate._groups.values())) < 22:
        threading.Event().wait(0.001)
    queued.set()
    for thread in threads:
        thread.join(30)
    order = [tenant for _, tenant in sorted(service.came)]
    assert order.index("few") <= 2
    assert [at for at, tenant in enumerate(order) if tenant == "few"][-1] <= 7
    assert len(order) == 23


# Deadlines and callers who are gone.


def test_a_turn_that_comes_too_late_is_not_waited_for_and_costs_the_others_nothing() -> None:
    policy, service = limited(rates={READ.name: 0.1})
    policy.send(READ)
    late = Call("textract", "DetectDocumentText", {}, deadline=service.clock.time + 5)
    with pytest.raises(DeadlineExceededError, match="nothing was sent") as caught:
        policy.send(late)
    assert caught.value.attempts == 0
    assert service.clock.time == 1_000
    policy.send(READ)
    assert len(service.came) == 2


def test_nothing_is_sent_for_a_caller_who_is_gone() -> None:
    policy, service = limited(rates={READ.name: 1})
    gone = threading.Event()
    gone.set()
    with pytest.raises(DeadlineExceededError):
        policy.send(Call("textract", "DetectDocumentText", {}, cancelled=gone))
    assert service.came == []


def test_one_that_waits_behind_others_is_let_off_at_its_deadline() -> None:
    policy, service = limited(rates={READ.name: 1})
    policy.send(READ)
    released = threading.Event()
    service.clock.hold = lambda: released.wait(30)
    first = threading.Thread(target=policy.send, args=(READ,))
    first.start()
    gate = policy.gate(policy.limits.of(READ))
    while not gate._leads:
        threading.Event().wait(0.001)
    gone = threading.Event()
    gone.set()
    with pytest.raises(DeadlineExceededError):
        policy.send(Call("textract", "DetectDocumentText", {}, cancelled=gone, deadline=service.clock.time + 0.01))
    released.set()
    first.join(30)
    assert len(service.came) == 2


# Room for jobs.


def test_a_job_without_room_waits_longer_and_longer() -> None:
    policy, service = limited(FULL, FULL, FULL)
    policy.send(START)
    times = [at for at, _ in service.came]
    assert [round(after - before, 2) for before, after in itertools.pairwise(times)] == [5, 7.5, 11.25]


def test_while_one_job_waits_for_room_no_other_asks() -> None:
    policy, service = limited(FULL)
    waits, released = threading.Event(), threading.Event()

    def hold() -> None:
        waits.set()
        released.wait(30)

    service.clock.hold = hold
    threads = [threading.Thread(target=policy.send, args=(START,)) for _ in range(5)]
    threads[0].start()
    assert waits.wait(30)
    for thread in threads[1:]:
        thread.start()
    assert len(service.came) == 1
    released.set()
    for thread in threads:
        thread.join(30)
    assert len(service.came) == 6


def test_another_error_of_a_job_that_waits_is_its_error() -> None:
    other = service_error("textract", "StartDocumentAnalysis", "InvalidS3ObjectException", "no")
    policy, _ = limited(FULL, other)
    with pytest.raises(ServiceError, match="InvalidS3ObjectException"):
        policy.send(START)


def test_a_deadline_ends_the_wait_for_room() -> None:
    policy, service = limited(*[FULL] * 20)
    with pytest.raises(DeadlineExceededError, match="too many jobs") as caught:
        policy.send(Call("textract", "StartDocumentAnalysis", {}, deadline=service.clock.time + 20))
    assert isinstance(caught.value.__cause__, QuotaError)
    assert service.clock.time < 1_020


def test_without_a_deadline_the_wait_for_room_ends_some_time() -> None:
    policy, service = limited(*[FULL] * 1_000)
    with pytest.raises(QuotaError):
        policy.send(START)
    assert 800 < service.clock.time - 1_000 <= 900


def test_a_quota_that_no_wait_helps_is_raised() -> None:
    full = service_error("polly", "PutLexicon", "MaxLexiconsNumberExceededException", "no")
    policy, service = limited(full)
    with pytest.raises(QuotaError):
        policy.send(Call("polly", "PutLexicon", {"Name": "a", "Content": "b"}))
    assert len(service.came) == 1


# The table.


def test_every_limited_operation_is_in_the_model() -> None:
    for row in [*_content()["rates"], *_content()["jobs"]]:
        known = load(row["service"]).operations
        assert set(row["operations"]) <= set(known), row
        assert (row.get("per_second") or row["most"]) > 0
        for operation in row["operations"]:
            assert set(row.get("when", {})) <= set(known[operation].input.members)


def test_every_service_with_rates_has_its_source() -> None:
    sources = _content()["meta"]["sources"]
    for row in [*_content()["rates"], *_content()["jobs"]]:
        assert SERVICES[row["service"]] in sources or row["service"] in sources


@pytest.mark.parametrize(
    ("params", "rate"),
    [({}, 80), ({"Engine": "standard"}, 80), ({"Engine": "neural"}, 8), ({"Engine": "generative"}, 8)],
)
def test_polly_is_limited_by_engine(params: dict[str, Any], rate: float) -> None:
    limits = Limits()
    assert limits.of(Call("polly", "SynthesizeSpeech", params)).per_second == rate
    names = {limits.of(Call("polly", "SynthesizeSpeech", one)).name for one in ({}, params)}
    assert len(names) == (1 if rate == 80 else 2)


def test_what_you_say_of_your_account_counts() -> None:
    limits = Limits({"textract.DetectDocumentText": 100, "textract": None, "lexv2-runtime": 3})
    assert limits.of(READ).per_second == 100
    assert limits.of(START).per_second is None
    assert limits.of(Call("lexv2-runtime", "RecognizeText", {})).per_second == 3
    assert Limits().of(READ).per_second == 25
    assert Limits.none().of(READ).per_second is None


@pytest.mark.parametrize(
    ("rates", "told"),
    [
        ({"textrac": 1}, "textract"),
        ({"textract.DetectDocumentTex": 1}, "DetectDocumentText"),
        ({"textract": 0}, "above 0"),
        ({"textract": "5"}, "above 0"),
        ({"textract": True}, "above 0"),
    ],
)
def test_a_wrong_limit_says_so(rates: Any, told: str) -> None:
    with pytest.raises(InvalidCallError, match=told):
        Limits(rates)
