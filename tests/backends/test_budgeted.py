"""What a budget holds back, wherever the backend stands."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Mock

from aiservices import AI, AsyncAI, Budget
from aiservices.backends import Budgeted, Cache
from aiservices.call import Call, Reply
from aiservices.errors import BudgetExceededError, ThrottledError
from aiservices.money import Ledger

CALL = Call("comprehend", "DetectSentiment", {"Text": "hi", "LanguageCode": "en"})
"""Costs 0.0003."""


def test_it_settles_by_itself_where_nobody_observes_it() -> None:
    backend = Budgeted(Mock(), [Budget("0.001")])
    costs = [backend.send(CALL)["ResponseMetadata"]["AIServices"]["cost"] for _ in range(3)]
    assert costs == [Decimal("0.0003")] * 3
    with pytest.raises(BudgetExceededError):
        backend.send(CALL)


def test_it_settles_in_a_ledger(tmp_path: Path) -> None:
    with Ledger(tmp_path / "costs.db") as ledger:
        Budgeted(Mock(), [Budget("0.001")], ledger).send(CALL)
        assert [one.saved for one in ledger.sums()] == [Decimal("0.0003")]


def test_less_than_was_reserved_is_given_back() -> None:
    """A reply that bills less than the request could have."""

    class Half:
        def send(self, call: Call) -> Reply:
            return {"RequestCharacters": len(call.params["Text"]) // 2, "ResponseMetadata": {}}

    backend = Budgeted(Half(), [Budget("0.0004")])
    speech = Call("polly", "SynthesizeSpeech", {"Text": "x" * 50})  # up to 0.0002, and 0.0001 in the end
    for _ in range(3):
        backend.send(speech)
    with pytest.raises(BudgetExceededError, match=r"has \$0.0001 left"):
        backend.send(speech)


def test_an_answer_of_the_cache_meets_no_budget() -> None:
    with AI(backend=Mock(), budgets=Budget("0.0003"), cache=Cache()) as ai:
        for _ in range(3):
            ai.comprehend.detect_sentiment(text="hi", language_code="en")
        with pytest.raises(BudgetExceededError):
            ai.comprehend.detect_sentiment(text="ho", language_code="en")


def test_retries_reserve_once() -> None:
    mock = Mock()
    mock.on("comprehend.DetectSentiment").fails("ThrottlingException", times=2)
    with AI(backend=mock, budgets=Budget("0.0003")) as ai:
        ai.comprehend.detect_sentiment(text="hi", language_code="en")
    mock = Mock()
    mock.on("comprehend.DetectSentiment").fails("ThrottlingException", times=4)
    with AI(backend=mock, budgets=Budget("0.0003")) as ai:
        with pytest.raises(ThrottledError):
            ai.comprehend.detect_sentiment(text="hi", language_code="en")
        ai.comprehend.detect_sentiment(text="hi", language_code="en")


def test_a_call_inside_a_call_settles_its_own() -> None:
    """A backend that asks another client to answer."""

    class Asking:
        def __init__(self, inner: AI) -> None:
            self.inner = inner

        def send(self, call: Call) -> Reply:
            reply = self.inner.comprehend.detect_sentiment(text="hi", language_code="en")
            return {**reply.raw, "ResponseMetadata": {}}

    with AI(backend=Mock(), budgets=Budget("0.001")) as inner, AI(backend=Asking(inner), budgets=Budget(1)) as outer:
        for _ in range(3):
            outer.comprehend.detect_sentiment(text="hi", language_code="en")
        with pytest.raises(BudgetExceededError, match=r"\$0.001 a month"):
            outer.comprehend.detect_sentiment(text="hi", language_code="en")


def test_budgets_of_one_ledger_and_calls_in_another(tmp_path: Path) -> None:
    with Ledger(tmp_path / "calls.db") as calls, Ledger(tmp_path / "budgets.db") as budgets:
        backend = Budgeted(Mock(), [Budget("0.001")], budgets)
        with AI(backend=backend, ledger=calls, budgets=Budget("0.0006")) as ai:
            for _ in range(2):
                ai.comprehend.detect_sentiment(text="hi", language_code="en")
            with pytest.raises(BudgetExceededError, match=r"\$0.0006 a month"):
                ai.comprehend.detect_sentiment(text="hi", language_code="en")
        assert [one.calls for one in calls.sums()] == [2]
        assert budgets.sums() == []
        assert budgets.left(Budget("0.001"), backend.clock.now()) <= Decimal("0.0004")


def test_coroutines_share_a_budget(tmp_path: Path) -> None:
    async def main() -> list[Any]:
        async with AsyncAI(backend=Mock(), budgets=Budget("0.0031"), ledger=tmp_path / "costs.db") as ai:
            calls = [ai.comprehend.detect_sentiment(text="hi", language_code="en") for _ in range(20)]
            return await asyncio.gather(*calls, return_exceptions=True)

    outcomes = asyncio.run(main())
    assert sum(not isinstance(one, Exception) for one in outcomes) == 10
    assert sum(isinstance(one, BudgetExceededError) for one in outcomes) == 10


def test_what_it_shows_of_itself() -> None:
    assert repr(Budgeted(Mock(), [Budget(5, per="day", scope="polly", name="soft")])) == (
        '<Budgeted <Mock seed=0 123456789012 us-east-1> the budget "soft", $5 a day of polly>'
    )
