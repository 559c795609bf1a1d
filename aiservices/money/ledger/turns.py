"""The turns of calls under a rate, in the order of all processes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .ledger import Ledger

_BLOCK = 0.2
"""Seconds' worth of turns that a process takes at once, so that few calls pay a transaction."""
_STALE = 1.0
"""Seconds after which a turn that was taken and not used is gone: no burst is made of old ones."""
_FAR = 64
"""Blocks ahead in which the next turn may be; one beyond was given out by a clock that was put back since."""


class Turns:
    """Hands out the moments at which calls of a rate may go, no moment twice. The gate's lock guards it."""

    def __init__(self, ledger: Ledger, rate: str) -> None:
        self._ledger = ledger
        self._rate = rate
        self._taken: deque[float] = deque()

    def take(self, interval: float, ahead: float, now: float) -> float:
        """The next moment, in the seconds of `now`.

        ahead: seconds by which a call may go before its turn, after a pause.
        Raises LedgerError when the ledger cannot be asked.
        """
        at = self._ledger.now()
        while self._taken and self._taken[0] < at - _STALE:
            self._taken.popleft()
        if not self._taken:
            self._take_more(interval, ahead, at)
        return now + self._taken.popleft() - at

    def _take_more(self, interval: float, ahead: float, at: float) -> None:
        count = max(1, int(_BLOCK / interval))
        begin, step = at - ahead, count * interval  # the turns of a pause were not used: some of them still are
        ledger = self._ledger
        with ledger.database.transaction() as write:
            values = {
                "rate": self._rate,
                "first": begin + step,
                "now": begin,
                "far": at + _FAR * step + 60,
                "step": step,
            }
            (following,) = write(ledger.statements.turn, **values).fetchone()
        self._taken.extend(following - step + number * interval for number in range(count))
