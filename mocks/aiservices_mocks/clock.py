"""Time as a world has it: moved by reading results, by hand, or by the wall."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from aiservices.errors import InvalidCallError

START = datetime(2026, 1, 1, tzinfo=UTC)
"""When a world begins unless told: fixed, so that the same calls give the same bytes."""

FOREVER = 100 * 365.25 * 24 * 3600
"""Seconds; what takes as long as this is never waited for."""

Mode = Literal["auto", "manual", "real"]


class Work(Protocol):
    """What is to be done at some time."""

    def next_due(self) -> datetime | None:
        """When there is something to do; None when there is nothing."""

    def do_due(self) -> None:
        """Do all whose time has come."""


class Clock:
    """A world's clock. Make one with `Clock.auto()`, `Clock.manual(at)` or `Clock.real()`.

    auto: whoever asks whether a job has ended finds that it has; `sleep` moves the clock and returns at once.
    manual: jobs take as long as on AWS; only `advance` and `sleep` move the clock, and neither waits.
    real: the wall's time.
    at: where it starts: an aware datetime, or ISO 8601 such as "2026-01-01T00:00:00Z".
    """

    def __init__(self, mode: Mode, at: datetime | str = START) -> None:
        if isinstance(at, str):
            at = datetime.fromisoformat(at)
        if at.tzinfo is None:
            raise InvalidCallError("a clock needs an aware date: give it a time zone, such as tzinfo=UTC")
        self.mode: Mode = mode
        self._start = at.astimezone(UTC)
        self._now = self._start
        self._passed = 0.0
        self._lock = threading.Lock()
        self._works: list[weakref.ref[Work]] = []

    @classmethod
    def auto(cls, at: datetime | str = START) -> Clock:
        """A clock that moves to the end of whatever is waited for, so that nothing ever sleeps."""
        return cls("auto", at)

    @classmethod
    def manual(cls, at: datetime | str = START) -> Clock:
        """A clock that stands until `advance` or a `sleep` moves it."""
        return cls("manual", at)

    @classmethod
    def real(cls) -> Clock:
        """The clock on the wall: sleeping takes its time."""
        return cls("real")

    def __repr__(self) -> str:
        return f"<Clock {self.mode} {self.now().isoformat()}>"

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC) if self.mode == "real" else self._now

    def monotonic(self) -> float:
        """Seconds that only go forward."""
        return time.monotonic() if self.mode == "real" else self._passed

    def sleep(self, seconds: float) -> None:
        """Let seconds pass: for real on the wall's clock, at once on the others."""
        if self.mode == "real":
            time.sleep(max(seconds, 0))
        else:
            self._move(timedelta(seconds=max(seconds, 0)))

    def advance(self, **duration: float) -> datetime:
        """Move on by a duration in timedelta's words (`minutes=5`) and return the new time."""
        step = timedelta(**duration)
        if self.mode == "real":
            raise InvalidCallError("a real clock cannot be moved: use Clock.manual() or Clock.auto()")
        if step < timedelta(0):
            raise InvalidCallError("time only goes forward: give advance() a positive duration")
        return self._move(step)

    def passed(self, since: datetime, seconds: float) -> bool:
        """Whether what began at `since` and takes `seconds` has ended.

        On an auto clock it always has: asking moves the clock to the end, if it is not there yet. What takes
        `FOREVER` has not.
        """
        end = since + timedelta(seconds=seconds)
        if self.mode == "auto" and seconds < FOREVER:
            self._set(end)
        return self.now() >= end

    def copy(self) -> Clock:
        """A clock of its own that shows the same time."""
        other = Clock(self.mode, self._start)
        other._set(self._now)
        return other

    def told(self) -> dict[str, str]:
        """What `of` makes the same clock from."""
        if self.mode == "real":
            return {"mode": self.mode}
        return {"mode": self.mode, "start": self._start.isoformat(), "now": self._now.isoformat()}

    @classmethod
    def of(cls, told: Mapping[str, str]) -> Clock:
        """A clock that shows the time which another one told."""
        mode = told["mode"]
        if mode == "real":
            return cls.real()
        clock = cls.auto(told["start"]) if mode == "auto" else cls.manual(told["start"])
        clock._set(datetime.fromisoformat(told["now"]))
        return clock

    def watch(self, work: Work) -> None:
        """Stop at the times at which there is something to do when the clock is moved, as long as `work` lives."""
        self._works.append(weakref.ref(work))

    def _move(self, step: timedelta) -> datetime:
        with self._lock:
            end = self._now + step
        works = [work for known in self._works if (work := known()) is not None]
        while (due := _first(works)) is not None and due <= end:
            self._set(due)
            for work in works:
                work.do_due()
        self._set(end)
        return self._now

    def _set(self, now: datetime) -> None:
        """Go forward to a time."""
        with self._lock:
            self._now = max(self._now, now)
            self._passed = (self._now - self._start).total_seconds()


def _first(works: Sequence[Work]) -> datetime | None:
    return min((time for work in works if (time := work.next_due()) is not None), default=None)
