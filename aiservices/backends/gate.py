"""Lets calls through at a rate: evenly, in turn between tags, slower when the service says that it is too much."""

from __future__ import annotations

from collections import OrderedDict, deque
from threading import Event as Flag
from threading import Lock
from typing import Protocol

from ..call import Call, Clock
from ..errors import DeadlineExceededError

_AHEAD = 0.25
"""Seconds' worth of calls that may go at once after a pause. AWS's buckets hold a second's worth or more."""
_SLOWER = 0.7
"""What is left of the rate after a throttled call."""
_FASTER = 0.05
"""Of the rate that is meant, what is won back in a second without throttling."""
_LEAST = 0.02
"""Of the rate that is meant: it does not become slower than this."""
_ONCE = 0.5
"""Seconds in which throttled calls count as one: they were on their way together."""
_DOUBLED, _FORGOTTEN = 10.0, 60.0
"""Seconds without throttling after which a rate that nobody knows is tried twice as fast, and is let go."""


class Slots(Protocol):
    """Hands out the moments at which calls may go."""

    def take(self, interval: float, ahead: float, now: float) -> float:
        """The next moment, in the seconds of `now`; `interval` is the time to the one after it.

        ahead: seconds by which a call may go before its turn, after a pause.
        """
        ...


class OwnSlots:
    """For one process. The gate's lock guards it."""

    def __init__(self) -> None:
        self._next = float("-inf")

    def take(self, interval: float, ahead: float, now: float) -> float:
        """The next moment."""
        turn = max(self._next, now)
        self._next = turn + interval
        return turn - ahead


class _Ticket:
    """A call that waits for its turn."""

    def __init__(self) -> None:
        self.chosen = Flag()


class Gate:
    """One rate: every call waits here for its turn. Thread-safe.

    rate: calls a second; None: as many as come, until the service throttles.
    burst: calls that may go at once after a pause; None: a quarter of a second's worth.
    """

    def __init__(
        self, rate: float | None, clock: Clock, burst: float | None = None, slots: Slots | None = None
    ) -> None:
        self._known = rate is not None
        self._meant = rate or 0.0
        self._rate = rate
        self._clock = clock
        self._burst = burst
        self._slots = slots or OwnSlots()
        self._lock = Lock()
        self._groups: OrderedDict[str, deque[_Ticket]] = OrderedDict()
        self._leads = False
        self._throttled = float("-inf")
        self._changed = clock.monotonic()
        self._gone: deque[float] = deque(maxlen=1_000)
        """When the last calls went, where no rate is known."""

    @property
    def rate(self) -> float | None:
        """Calls a second just now."""
        with self._lock:
            return self._now_rate(self._clock.monotonic())

    def wait(self, call: Call) -> None:
        """Wait until it is the call's turn.

        Raises DeadlineExceededError, with nothing sent, when its time or whoever waits for it is gone by then.
        """
        if self._rate is None:
            self._gone.append(self._clock.monotonic())
        else:
            self._queue(call)

    def throttled(self) -> None:
        """The service said that it was too much: go slower."""
        now = self._clock.monotonic()
        with self._lock:
            if now - self._throttled < _ONCE:
                return
            rate = self._now_rate(now)
            if rate is None:
                rate = self._meant = max(sum(now - gone <= 1 for gone in self._gone), 1.0)
            self._rate = max(rate * _SLOWER, self._meant * _LEAST)
            self._throttled = self._changed = now

    def _now_rate(self, now: float) -> float | None:
        """The rate, with what was won back since it was changed; under the lock."""
        if self._rate is None:
            return None
        quiet = max(now - self._changed - _ONCE, 0.0)
        won = self._rate + quiet * _FASTER * self._meant
        if self._known:
            return min(self._meant, won)
        if quiet > _FORGOTTEN:
            self._rate = None
            return None
        return won * 2 ** (quiet / _DOUBLED)

    def _queue(self, call: Call) -> None:
        ticket, group = None, ""
        with self._lock:
            if self._leads:
                ticket = _Ticket()
                group = "\n".join(f"{name}={value}" for name, value in sorted(call.tags.items()))
                self._groups.setdefault(group, deque()).append(ticket)
            self._leads = True
        # Only the chosen one sleeps on the clock; the others wait until it has had its turn.
        while ticket is not None and not ticket.chosen.wait(_left(call, self._clock)):
            if _is_late(call, self._clock) and self._withdraw(group, ticket):
                raise _late(call)
        try:
            self._sleep(call)
        finally:
            with self._lock:
                self._choose()

    def _choose(self) -> None:
        """Choose the next one, each group of tags in its turn; under the lock."""
        self._leads = bool(self._groups)
        if self._leads:
            group, tickets = self._groups.popitem(last=False)
            ticket = tickets.popleft()
            if tickets:
                self._groups[group] = tickets
            ticket.chosen.set()

    def _withdraw(self, group: str, ticket: _Ticket) -> bool:
        """Take back a ticket; False when it was chosen meanwhile."""
        with self._lock:
            if ticket.chosen.is_set():
                return False
            tickets = self._groups[group]
            tickets.remove(ticket)
            if not tickets:
                del self._groups[group]
            return True

    def _sleep(self, call: Call) -> None:
        if _is_late(call, self._clock):
            raise _late(call)
        begin = self._clock.monotonic()
        with self._lock:
            rate = self._now_rate(begin)
        if rate is None:
            return
        ahead = _AHEAD if self._burst is None else (self._burst - 1) / rate
        wait = self._slots.take(1 / rate, ahead, begin) - begin
        if wait > 0:
            if call.deadline is not None and begin + wait >= call.deadline:
                raise _late(call)
            self._clock.sleep(wait)
            if _is_late(call, self._clock):
                raise _late(call)


_LOOK = 1.0
"""Seconds between two looks whether anybody still waits for a call."""


def _left(call: Call, clock: Clock) -> float:
    """Seconds until one looks again whether the call's time is over."""
    return _LOOK if call.deadline is None else min(max(call.deadline - clock.monotonic(), 0.001), _LOOK)


def _is_late(call: Call, clock: Clock) -> bool:
    cancelled = call.cancelled is not None and call.cancelled.is_set()
    return cancelled or (call.deadline is not None and clock.monotonic() >= call.deadline)


def _late(call: Call) -> DeadlineExceededError:
    error = DeadlineExceededError(f"{call.name}: its turn under the rate limit does not come in time; nothing was sent")
    error.attempts = 0
    return error
