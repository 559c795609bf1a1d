"""Scopes, and many calls at once: tags, keys and deadlines go where the calls go."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI, AsyncAI, Settings
from aiservices.call import Call, Reply
from aiservices.errors import DeadlineExceededError, ThrottledError

TEXTS = [f"Review number {number} is a fine text." for number in range(60)]


class Plain:
    """A backend that remembers its calls and does what it is told."""

    def __init__(self, act: Callable[[Call], Any] = lambda call: None, clock: Clock | None = None) -> None:
        self.calls: list[Call] = []
        self.act = act
        if clock is not None:
            self.clock = clock

    def send(self, call: Call) -> Reply:
        self.calls.append(call)
        self.act(call)
        return {}


def caller(ai: AI) -> Any:
    return ai.comprehend._caller


# Many at once.


def test_results_come_in_order_from_at_most_so_many_threads() -> None:
    running, most, lock = set[int](), [0], threading.Lock()
    gate = threading.Barrier(4)

    def work(item: int) -> int:
        with lock:
            running.add(item)
            most[0] = max(most[0], len(running))
        gate.wait(10)
        with lock:
            running.discard(item)
        return item * item

    ai = AI(backend=Plain(), settings=Settings(concurrency=4))
    assert caller(ai).each(work, range(12)) == [n * n for n in range(12)]
    assert most == [4]


def test_after_a_failure_none_is_started_and_the_running_ones_end() -> None:
    failed, many = threading.Event(), threading.Event()
    ended: list[int] = []

    def work(item: int) -> None:
        if item == 1:
            failed.set()
            raise ValueError(item)
        if item == 0:  # runs on when the failure is known
            failed.wait(10)
            many.wait(0.2)
        if item == 50:
            many.set()
        ended.append(item)

    ai = AI(backend=Plain(), settings=Settings(concurrency=2))
    with pytest.raises(ValueError, match="1"):
        caller(ai).each(work, range(500))
    assert 0 in ended
    assert not many.is_set()


def test_the_first_failure_is_raised_as_it_came() -> None:
    cause = KeyError("cause")

    def work(item: int) -> None:
        raise ValueError(item) from cause

    for _ in range(50):
        with pytest.raises(ValueError, match=r"\d+") as caught:
            caller(AI(backend=Plain(), settings=Settings(concurrency=8))).each(work, range(40))
        assert caught.value.__cause__ is cause


def test_one_at_a_time_needs_no_thread() -> None:
    ai = AI(backend=Plain(), settings=Settings(concurrency=1))
    assert set(caller(ai).each(lambda _: threading.current_thread(), range(3))) == {threading.current_thread()}


def test_the_quick_answers_of_a_mock_need_no_thread_and_slow_ones_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    each = caller(AI(backend=Mock(), settings=Settings(concurrency=2))).each
    now = itertools.chain([0.0, 0.001, 1.0, 1.5], itertools.repeat(2.0))
    monkeypatch.setattr("aiservices.caller.time.perf_counter", lambda: next(now))
    main = threading.current_thread()
    where = each(lambda item: (item, threading.current_thread() is main), range(6))
    assert where == [(0, True), (1, True), *((item, False) for item in range(2, 6))]


# Scopes.


def test_the_scope_holds_on_the_threads_of_a_verb() -> None:
    mock = Mock()
    ai = AI(backend=mock)
    with ai.scope(key="user-1", tags={"team": "a"}):
        ai.comprehend.sentiment(TEXTS, language_code="en")
    sent = [recorded.call for recorded in mock.calls("comprehend")]
    assert len(sent) > 1
    assert {(call.key, tuple(call.tags.items())) for call in sent} == {("user-1", (("team", "a"),))}
    assert ai.costs.by_tag("team") == {"a": ai.costs.would_cost}


def test_the_costs_of_threads_do_not_mix() -> None:
    ai = AI(backend=Mock())

    def work(team: str, count: int) -> None:
        with ai.scope(tags={"team": team}):
            for _ in range(count):
                ai.comprehend.detect_sentiment(text="x" * 300, language_code="en")

    counts = {"a": 3, "b": 5, "c": 7, "d": 0}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, *zip(*counts.items(), strict=True)))
    each = Decimal("0.0003")
    assert ai.costs.by_tag("team") == {team: count * each for team, count in counts.items() if count}
    assert ai.costs.would_cost == 15 * each


def test_the_costs_of_tasks_do_not_mix() -> None:
    async def work(ai: AsyncAI, team: str, count: int) -> None:
        with ai.scope(tags={"team": team}):
            for _ in range(count):
                await ai.comprehend.detect_sentiment(text="x" * 300, language_code="en")
            await ai.comprehend.sentiment(["x" * 300] * 2, language_code="en")

    async def main() -> dict[str, Decimal]:
        async with AsyncAI(backend=Mock()) as ai:
            await asyncio.gather(*(work(ai, team, count) for team, count in (("a", 3), ("b", 5))))
            return ai.costs.by_tag("team")

    each = Decimal("0.0003")
    assert asyncio.run(main()) == {"a": 5 * each, "b": 7 * each}


def test_what_nobody_can_price_is_counted_and_named_from_a_call_on() -> None:
    ai = AI(backend=Plain())
    ai.transcribe.start_transcription_job(transcription_job_name="j", media={"MediaFileUri": "s3://b/k"})
    ai.polly.list_lexicons()
    assert ai.costs.unpriced == {"transcribe.StartTranscriptionJob": 1}
    assert ai.costs.total == ai.costs.would_cost == 0


def test_a_deadline_is_in_the_time_of_each_backends_clock() -> None:
    early, late = Clock.manual("2026-01-01T00:00:00Z"), Clock.manual("2026-01-01T00:00:00Z")
    late.advance(hours=1)
    one, other = Plain(clock=early), Plain(clock=late)
    ai = AI(backend={"polly": one, "*": other})
    with ai.scope(deadline=10):
        ai.polly.list_lexicons()
        ai.comprehend.list_endpoints()
        early.advance(seconds=11)
        with pytest.raises(DeadlineExceededError, match="nothing was sent"):
            ai.polly.list_lexicons()
        ai.comprehend.list_endpoints()
    ai.polly.list_lexicons()
    assert [call.deadline for call in one.calls] == [10, None]
    assert [call.deadline for call in other.calls] == [3610, 3610]


def test_the_settings_deadline_is_for_each_call_and_never_outlasts_the_scopes() -> None:
    clock = Clock.manual()
    backend = Plain(clock=clock)
    ai = AI(backend=backend, settings=Settings(deadline=5))
    ai.polly.list_lexicons()
    clock.advance(seconds=100)
    ai.polly.list_lexicons()
    with ai.scope(deadline=3):
        ai.polly.list_lexicons()
        clock.advance(seconds=1)
        ai.polly.list_lexicons()
    assert [call.deadline for call in backend.calls] == [5, 105, 103, 103]


def test_a_deadline_is_for_all_calls_inside_together() -> None:
    mock = Mock(clock=Clock.manual())
    mock.on("polly.ListLexicons").takes(4)
    ai = AI(backend=mock)
    with ai.scope(deadline=10):
        ai.polly.list_lexicons()
        ai.polly.list_lexicons()
        with pytest.raises(DeadlineExceededError) as caught:
            ai.polly.list_lexicons()
    assert caught.value.attempts == 1
    assert mock.clock.monotonic() == pytest.approx(10, abs=0.001)


def test_an_inner_key_wins_and_tags_add_up() -> None:
    backend = Plain()
    ai = AI(backend=backend)
    with ai.scope(key="outer", tags={"a": "1", "b": "1"}), ai.scope(key="inner", tags={"b": "2"}), ai.scope():
        ai.polly.list_lexicons()
    assert (backend.calls[0].key, dict(backend.calls[0].tags)) == ("inner", {"a": "1", "b": "2"})


def test_a_scope_ends_with_an_exception_too() -> None:
    backend = Plain()
    ai = AI(backend=backend)
    with pytest.raises(KeyError), ai.scope(key="k", deadline=1, tags={"a": "1"}):
        raise KeyError
    ai.polly.list_lexicons()
    assert (backend.calls[0].key, backend.calls[0].deadline, backend.calls[0].tags) == (None, None, {})


# What is told.


def test_each_retry_is_a_warning_with_the_services_request_id(caplog: pytest.LogCaptureFixture) -> None:
    mock = Mock()
    mock.on("polly.ListLexicons").fails("ThrottlingException", times=2)
    with caplog.at_level("DEBUG", "aiservices"):
        AI(backend=mock).polly.list_lexicons()
    failed = [recorded.error.request_id for recorded in mock.calls() if recorded.error]  # type: ignore[attr-defined]  # every one of them failed at the service
    told = [record for record in caplog.records if record.name == "aiservices"]
    assert [(one.levelname, one.message) for one in told] == [
        ("WARNING", "retry"),
        ("WARNING", "retry"),
        ("DEBUG", "attempt"),
        ("INFO", "call"),
    ]
    assert [one.request_id for one in told[:2]] == failed  # type: ignore[attr-defined]  # every one of them failed at the service
    assert len(set(failed)) == 2
    assert [one.attempts for one in told] == [1, 2, 3, 3]  # type: ignore[attr-defined]  # every one of them failed at the service


def test_a_failed_call_tells_its_attempts_and_costs_nothing() -> None:
    events: list[Any] = []

    class Watch:
        def see(self, event: Any) -> None:
            events.append(event)

    mock = Mock()
    mock.on("comprehend.DetectSentiment").fails("TooManyRequestsException")
    ai = AI(backend=mock, settings=Settings(attempts=3), observers=[Watch()])
    with pytest.raises(ThrottledError) as caught:
        ai.comprehend.detect_sentiment(text="hi", language_code="en")
    assert [(one.kind, one.attempts, one.cost) for one in events] == [
        ("attempt", 1, None),
        ("attempt", 2, None),
        ("attempt", 3, None),
        ("call", 3, Decimal(0)),
    ]
    assert events[-1].error is caught.value
    assert (ai.costs.calls, ai.costs.would_cost, ai.costs.unpriced) == (1, 0, {})


def test_a_reply_says_all_that_is_known_about_it() -> None:
    mock = Mock()
    mock.on("comprehend.DetectSentiment").fails("TooManyRequestsException", times=1)
    meta = AI(backend=mock).comprehend.detect_sentiment(text="hi", language_code="en").meta
    assert (meta.backend, meta.fidelity, meta.attempts, meta.cost) == ("mock", "computed", 2, Decimal("0.0003"))
    assert meta.engine
    assert meta.request_id
    assert (meta.arm, meta.cached) == (None, None), "no rollout and no cache took part"
    kept = AI(backend=mock).polly.list_lexicons().meta
    assert (kept.fidelity, kept.attempts, kept.cost) == ("stateful", 1, 0)
