"""Keeps calls inside AWS's limits: rates, and how many jobs run at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from ..call import Backend, Call, Clock, Reply, WallClock
from ..errors import DeadlineExceededError, ServiceError, ThrottledError
from .gate import Gate, Slots
from .limits import Limits, Rate

_FIRST_WAIT, _LONGEST_WAIT, _GROWTH = 5.0, 60.0, 1.5
"""Seconds until a job that found no room is tried again, and their growth."""
_PATIENCE = 900.0
"""Seconds that a job waits for room at most, where no deadline is set."""
_LOG = logging.getLogger("aiservices")


class Limited:
    """Sends calls no faster than the limits allow; a throttled one slows the others of its kind down for a while.

    Taken per attempt, shared by all threads. Calls of different tags have their turns one after the other, so that one
    with many calls does not keep the others waiting. A job that AWS refuses because too many run waits, with those
    behind it, until there is room, its deadline, or a quarter of an hour: only one at a time asks again.

    limits: None is AWS's defaults.
    clock: None is the backend's own, else the wall's.
    slots: makes what hands out the moments of a rate, by its name; None counts in this process alone.
    """

    def __init__(
        self,
        backend: Backend,
        limits: Limits | None = None,
        clock: Clock | None = None,
        slots: Callable[[str], Slots] | None = None,
    ) -> None:
        self.backend = backend
        self.limits = limits or Limits()
        own = getattr(backend, "clock", None)
        self.clock: Clock = clock or (own if isinstance(own, Clock) else WallClock())
        self._slots = slots
        self._lock = Lock()
        self._gates: dict[str, Gate] = {}
        self._known: dict[tuple[str, str], tuple[Gate | None, str | None]] = {}
        self._rooms: dict[str, Lock] = {}

    def send(self, call: Call) -> Reply:
        """The backend's reply, when it is the call's turn."""
        gate, kind = self._known.get((call.service, call.operation)) or self._look(call)
        gate = gate or self.gate(self.limits.of(call))
        if kind is None:
            return self._passed(call, gate)
        room = self._rooms.get(kind)
        if room is not None:
            with self._alone(room, call):  # behind those that wait already
                pass
        try:
            return self._passed(call, gate)
        except ServiceError as error:
            if not _is_full(error):
                raise
            with self._lock:
                room = self._rooms.setdefault(kind, Lock())
            with self._alone(room, call):
                return self._when_there_is_room(call, gate, error)

    def _look(self, call: Call) -> tuple[Gate | None, str | None]:
        """Where an operation's calls wait, unless that depends on their parameters, and which jobs they start."""
        gate = None if self.limits.depends(call) else self.gate(self.limits.of(call))
        found = self._known[call.service, call.operation] = gate, self.limits.starts_job(call)
        return found

    @property
    def random(self) -> Any:
        """The backend's own, for the retries around this."""
        return getattr(self.backend, "random", None)

    def gate(self, rate: Rate) -> Gate:
        """Where the calls of a rate wait."""
        found = self._gates.get(rate.name)
        if found is None:
            with self._lock:
                slots = self._slots(rate.name) if self._slots else None
                found = self._gates.setdefault(rate.name, Gate(rate.per_second, self.clock, rate.burst, slots))
        return found

    def _passed(self, call: Call, gate: Gate) -> Reply:
        gate.wait(call)
        try:
            return self.backend.send(call)
        except ThrottledError:
            gate.throttled()
            raise

    @contextmanager
    def _alone(self, room: Lock, call: Call) -> Iterator[None]:
        """The only one that asks for room."""
        while not room.acquire(timeout=1.0):
            self._check(call)
        try:
            yield
        finally:
            room.release()

    def _when_there_is_room(self, call: Call, gate: Gate, error: ServiceError) -> Reply:
        wait, end = _FIRST_WAIT, self.clock.monotonic() + _PATIENCE
        while True:
            self._check(call, wait, error)
            if self.clock.monotonic() + wait > end:
                raise error
            _LOG.info("waits for jobs to end", extra={"operation": call.name, "seconds": wait})
            self.clock.sleep(wait)
            self._check(call, 0.0, error)
            try:
                return self._passed(call, gate)
            except ServiceError as again:
                if not _is_full(again):
                    raise
                error = again
            wait = min(wait * _GROWTH, _LONGEST_WAIT)

    def _check(self, call: Call, wait: float = 0.0, error: ServiceError | None = None) -> None:
        """Raise when nobody waits any more, or the time is over after another wait."""
        gone = call.cancelled is not None and call.cancelled.is_set()
        if gone or (call.deadline is not None and self.clock.monotonic() + wait >= call.deadline):
            raise DeadlineExceededError(f"{call.name}: too many jobs run, and no room came in time") from error

    def __repr__(self) -> str:
        return f"<Limited {self.backend!r}>"


def _is_full(error: ServiceError) -> bool:
    """Whether too many jobs run, which the service says with the code of a quota."""
    return error.retry == "wait" and "LimitExceeded" in error.code
