"""What budgets and a ledger add to a call."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from aiservices import AI, Budget
from aiservices.call import Call, Reply

from .pairs import Row, row
from .rows import TEXT


class Constant:
    """Takes no time, so that what is added to it shows."""

    def send(self, call: Call) -> Reply:
        return {"Sentiment": "POSITIVE", "SentimentScore": {}, "ResponseMetadata": {}}


def all_rows() -> Iterator[Row]:
    from aiservices.money import Ledger

    budget = Budget(1_000_000)
    with (
        tempfile.TemporaryDirectory() as folder,
        AI(backend=Constant()) as plain,
        AI(backend=Constant(), budgets=budget) as held,
    ):
        yield row(
            "a budget in memory, more a call", "the call without", _more(held, plain, time.process_time), _alone(plain),
            unit="µs", at_most=10,
        )  # fmt: skip
        for full in (False, True):
            with (
                Ledger(Path(folder) / f"{full}.db", full=full) as ledger,
                AI(backend=Constant(), ledger=ledger) as kept,
            ):
                what = "a ledger in SQLite that outlives a power cut" if full else "a ledger in SQLite"
                yield row(
                    f"{what}, more a call", "the call without", _more(kept, plain, time.perf_counter), _alone(plain),
                    unit="wall µs", at_most=None if full else 300,
                )  # fmt: skip
        with (
            Ledger(Path(folder) / "budget.db") as ledger,
            AI(backend=Constant(), ledger=ledger, budgets=budget) as both,
        ):
            yield row(
                "a ledger in SQLite with a budget, more a call", "the call without",
                _more(both, plain, time.perf_counter), _alone(plain), unit="wall µs",
            )  # fmt: skip


def _more(ai: AI, plain: AI, clock: Callable[[], float]) -> Callable[[], float]:
    """Microseconds that a call of one client takes longer than another's; the two in turn, the median of the pairs."""

    def measure() -> float:
        return statistics.median(_time(ai, clock) - _time(plain, clock) for _ in range(20))

    return measure


def _alone(ai: AI) -> Callable[[], float]:
    return lambda: statistics.median(_time(ai, time.process_time) for _ in range(20))


def _time(ai: AI, clock: Callable[[], float], calls: int = 25) -> float:
    begin = clock()
    for _ in range(calls):
        ai.comprehend.detect_sentiment(text=TEXT, language_code="en")
    return (clock() - begin) / calls * 1e6
