"""What stands around a backend, in which order."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Mock

from aiservices import AI, AsyncAI, Settings
from aiservices.backends import Cache, Fallback, Limits
from aiservices.call import Event
from aiservices.errors import BreakerOpenError, ServiceFaultError, ThrottledError

TEXT = "The food was lovely."


class Watch:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def see(self, event: Event) -> None:
        self.events.append(event)


def ask(ai: AI, text: str = TEXT) -> Any:
    return ai.comprehend.detect_sentiment(text=text, language_code="en")


def down(times: int | None = None) -> Mock:
    mock = Mock()
    mock.on("comprehend.DetectSentiment").fails("InternalServerException", times=times)
    return mock


def test_a_hit_of_the_cache_is_billed_nothing_and_sent_nowhere(tmp_path: Path) -> None:
    mock = Mock()
    for number in range(3):  # clients one after the other, as processes would be
        cache = Cache(tmp_path / "answers.sqlite")
        with AI(backend=mock, cache=cache) as ai:
            reply = ask(ai)
            assert (reply.meta.cached, reply.meta.attempts) == ((True, 0) if number else (None, 1))
            assert (ai.costs.total, ai.costs.would_cost) == (0, Decimal("0.0003"))
        cache.close()
    mock.calls("comprehend.DetectSentiment").once()


def test_worlds_of_different_seeds_have_answers_of_their_own() -> None:
    cache, one, other = Cache(), Mock(seed=1), Mock(seed=2)
    for mock in (one, other):
        ask(AI(backend=mock, cache=cache))
    other.calls("comprehend.DetectSentiment").once()


def test_verbs_profit_from_the_cache() -> None:
    mock = Mock()
    ai = AI(backend=mock, cache=Cache())
    speech = [ai.polly.speak("Hello there.").data for _ in range(2)]
    assert speech[0] == speech[1]
    mock.calls("polly.SynthesizeSpeech").once()


def test_a_product_that_is_down_is_not_called_for_a_while() -> None:
    watch, mock = Watch(), down()
    mock.on("comprehend.DetectSyntax").returns({"SyntaxTokens": []})
    ai = AI(backend=mock, settings=Settings(breaker=2, attempts=2), observers=[watch])
    for _ in range(2):
        with pytest.raises(ServiceFaultError):
            ask(ai)
    mock.calls("comprehend.DetectSentiment").times(4)
    with pytest.raises(BreakerOpenError):
        ai.comprehend.detect_syntax(text=TEXT, language_code="en")
    assert [event.state for event in watch.events if event.kind == "breaker"] == ["open"]
    assert [event.attempts for event in watch.events if event.kind == "call"] == [2, 2, 0]
    mock.clock.advance(seconds=31)
    ai.comprehend.detect_syntax(text=TEXT, language_code="en")
    assert watch.events[-1].error is None


def test_without_being_asked_no_product_is_left_out() -> None:
    mock = down(times=8)
    ai = AI(backend=mock, settings=Settings(attempts=1))
    for _ in range(8):
        with pytest.raises(ServiceFaultError):
            ask(ai)
    assert ask(ai).sentiment == "POSITIVE"


def test_the_second_backend_answers_and_each_is_retried_by_itself() -> None:
    first, second = down(), Mock()
    ai = AI(backend=Fallback(first, second), settings=Settings(attempts=3))
    reply = ask(ai)
    assert reply.sentiment == "POSITIVE"
    assert reply.meta.fallback == "ServiceFaultError InternalServerException"
    first.calls("comprehend.DetectSentiment").times(3)
    second.calls("comprehend.DetectSentiment").once()


def test_the_backends_of_a_fallback_have_names_as_others_have() -> None:
    with AI(backend={"*": Fallback(down(), "mock"), "polly": "mock"}) as ai:
        assert ask(ai).sentiment == "POSITIVE"
        assert "Fallback" in repr(ai)
        assert ai.polly.describe_voices(language_code="en-US").voices


def test_limits_hold_a_mock_to_aws_rates_on_its_own_clock() -> None:
    mock = Mock()
    ai = AI(backend=mock, limits=Limits({"comprehend.DetectSentiment": 10}))
    begin = mock.clock.monotonic()
    for _ in range(50):
        ask(ai)
    assert mock.clock.monotonic() - begin == pytest.approx(5, abs=0.6)
    begin = mock.clock.monotonic()
    for _ in range(20):
        ask(AI(backend=Mock()))
    assert mock.clock.monotonic() == begin


def test_throttling_slows_down_only_under_limits() -> None:
    mock = Mock()
    mock.on("comprehend.DetectSentiment").throttles()
    ai = AI(backend=mock, settings=Settings(attempts=1), limits=Limits({"comprehend.DetectSentiment": 10}))
    with pytest.raises(ThrottledError):
        ask(ai)
    gate = next(iter(next(iter(ai._stack._arms.values())).backend._gates.values()))  # type: ignore[attr-defined]  # a Retrying over a Limited
    assert gate.rate == pytest.approx(7)


def test_async_has_the_same() -> None:
    async def twice() -> Any:
        async with AsyncAI(backend=Mock(), cache=Cache()) as ai:
            await ai.comprehend.detect_sentiment(text=TEXT, language_code="en")
            return await ai.comprehend.detect_sentiment(text=TEXT, language_code="en")

    assert asyncio.run(twice()).meta.cached
