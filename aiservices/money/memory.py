"""What a meter remembers between calls: files, editions of indices, campaigns, and what was counted already."""

from __future__ import annotations

from functools import cache
from threading import Lock

from ..call import Clock
from .campaigns import Campaigns
from .staged import Staged
from .usage import keep


class Memory:
    """What the counting of a job may look up. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.staged = Staged()
        self.campaigns = Campaigns(clock)
        self._lock = Lock()
        self._editions: dict[str, str] = {}
        self._charged: dict[tuple[str, str], None] = {}

    @property
    def month(self) -> str:
        """The calendar month in UTC: `2026-11`."""
        now = self.clock.now()
        return _month(now.year, now.month)

    def see_edition(self, index: str, edition: str) -> None:
        """Take note of an index of Kendra."""
        with self._lock:
            keep(self._editions, index, edition)

    def edition(self, index: str) -> str | None:
        """The edition of an index of Kendra, if this client has seen it."""
        with self._lock:
            return self._editions.get(index)

    def first_of_month(self, what: str) -> bool:
        """Whether something that costs by the month is seen for the first time in this one."""
        key = (self.month, what)
        with self._lock:
            if key in self._charged:
                return False
            keep(self._charged, key, None)
            return True


@cache
def _month(year: int, month: int) -> str:
    return f"{year:04}-{month:02}"
