"""What was used earlier in the month, and which jobs were counted: what a price depends on beyond its own call."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from .price import EXACT, Price

if TYPE_CHECKING:
    from .job import Facts


class Counter(NamedTuple):
    """What AWS adds up for the volume tiers: one row's usage of an account in a region and a calendar month."""

    account: str
    """Empty when nobody said; `unbilled` for what a mock, a recording or a cache answered."""
    region: str
    month: str
    """`2026-11`, in UTC."""
    name: str
    """A price row, and the operation where each one has a counter of its own: `comprehend.nlp_standard/Sentiment`."""


class Usage(Protocol):
    """Keeps counters and jobs: in memory, or in a ledger that many processes share."""

    def move(self, counter: Counter, quantity: Decimal) -> Decimal:
        """Add to a counter, and say where it stood before, in one step."""
        ...

    def begin(self, job: str, facts: Facts) -> None:
        """Remember what the price of a job depends on beyond what its end tells."""
        ...

    def facts(self, job: str) -> Facts | None:
        """What is remembered of a job that was not counted yet; None when nobody here knows that it was begun."""
        ...

    def once(self, job: str) -> bool:
        """Whether the job was not counted before; from now on it was."""
        ...


class RunUsage:
    """Usage of this run: every counter begins at zero, so what the account used before is not known. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counters: dict[Counter, Decimal] = {}
        self._begun: dict[str, Facts] = {}
        self._jobs: dict[str, None] = {}

    def move(self, counter: Counter, quantity: Decimal) -> Decimal:
        """Add to a counter, and say where it stood before."""
        with self._lock:
            before = self._counters.get(counter, _ZERO)
            self._counters[counter] = EXACT.add(before, quantity)
        return before

    def begin(self, job: str, facts: Facts) -> None:
        """Remember what the price of a job depends on."""
        with self._lock:
            keep(self._begun, job, facts)

    def facts(self, job: str) -> Facts | None:
        """What is remembered of a job that was not counted yet."""
        with self._lock:
            return self._begun.get(job)

    def once(self, job: str) -> bool:
        """Whether the job was not counted before."""
        with self._lock:
            self._begun.pop(job, None)
            if job in self._jobs:
                return False
            keep(self._jobs, job, None)
            return True


def counter_name(row: Price, operation: str) -> str:
    """What an operation moves: the row's own counter, or that of its kind (a batch and a job go with the call)."""
    return f"{row.id}/{_kind(operation)}" if row.per_api else row.id


def keep(known: dict[Any, Any], key: Any, value: Any) -> None:
    """Remember something, and forget the oldest; under a lock."""
    known[key] = value
    if len(known) > _MOST:
        del known[next(iter(known))]


@cache
def _kind(operation: str) -> str:
    return _AROUND.sub("", operation)


_MOST = 10_000
"""Jobs, files and resources that are remembered; the oldest go first."""
_ZERO = Decimal(0)
_AROUND = re.compile(r"^(?:Batch)?(?:Detect|Start|Describe)|(?:Detection)?Job$")
