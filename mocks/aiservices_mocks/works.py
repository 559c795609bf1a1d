"""The work of one world that waits for its time: what jobs write, what training finds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .clock import Clock
    from .keeper import Keeper
    from .store import Record


class Works:
    """Each is done once: when somebody looks at the record, or when the clock is moved past its time.

    It runs outside the world's lock; who looks meanwhile waits for it.
    """

    def __init__(self, lock: threading.RLock, clock: Clock) -> None:
        self._changed = threading.Condition(lock)
        self._clock = clock
        self._waiting: dict[int, tuple[Keeper, Record]] = {}
        self._running: dict[int, int] = {}
        self._watches = False

    def __iter__(self) -> Iterator[tuple[Keeper, Record]]:
        return iter(list(self._waiting.values()))

    def add(self, keeper: Keeper, record: Record) -> None:
        """Remember that the work of a record is to be done when its last state is reached."""
        with self._changed:
            if not self._watches:
                self._watches = True
                self._clock.watch(self)
            self._waiting[id(record)] = (keeper, record)

    def drop(self, record: Record) -> None:
        """Forget it: the record is stopped, changed or gone."""
        self._waiting.pop(id(record), None)

    def waits(self, record: Record) -> bool:
        """Whether the work of a record is not done yet."""
        return id(record) in self._waiting

    def of(self, keeper: Keeper) -> Iterator[Record]:
        """The records of one keeper whose work is not done yet."""
        return iter([record for whose, record in self if whose is keeper] if self._waiting else ())

    def do(self, record: Record) -> None:
        """Do the work of a record if its time has come; wait for it if another thread does it."""
        me, key = threading.get_ident(), id(record)
        with self._changed:
            while self._running.get(key, me) != me:
                self._changed.wait()
            found = self._waiting.get(key)
            if found is None or key in self._running or _end(record) > self._clock.now():
                return
            self._running[key] = me
        try:
            finish = found[0].work(record)
            with self._changed:
                if self._waiting.pop(key, None) is not None:
                    finish()
        finally:
            with self._changed:
                del self._running[key]
                self._changed.notify_all()

    def next_due(self) -> datetime | None:
        """When the next of it is to be done; what another thread is doing is not waited for."""
        with self._changed:
            idle = [record for key, (_, record) in self._waiting.items() if key not in self._running]
            return min(map(_end, idle), default=None)

    def do_due(self) -> None:
        """Do everything whose time has come, in the order of the times."""
        with self._changed:
            now = self._clock.now()
            due = [record for _, record in self if _end(record) <= now]
        for record in sorted(due, key=_end):
            self.do(record)


def _end(record: Record) -> datetime:
    since: datetime = record["since"]
    return since + timedelta(seconds=sum(seconds for _, seconds in record["steps"][:-1]))
