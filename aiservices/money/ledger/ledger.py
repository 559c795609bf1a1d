"""The ledger: one row per metered call, committed before the caller has the reply."""

from __future__ import annotations

import atexit
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from threading import Lock, local
from types import SimpleNamespace, TracebackType
from uuid import uuid4

from ...call import Call, Clock, Reply, WallClock
from ..budget import Budget
from ..charge import Charge
from ..job import Facts
from ..keeping import Entry, Hold, RunBooks
from ..meter import Meter, is_billed
from ..prices import EXACT
from ..usage import Counter, keep
from . import reading
from .booking import LedgerBooking
from .database import Database, Write, plain
from .leases import LeasedPurse
from .reading import Sum
from .turns import Turns


class Ledger:
    """What every metered call cost, in a database that processes share. Needs `aiservices[ledger]`. Thread-safe.

        with Ledger("costs.db") as ledger, AI(ledger=ledger) as ai: ...
        ledger.sums("tag:tenant")

    place: a SQLite file, which is made if there is none; `postgresql://user@host/name` (`aiservices[postgres]`); None:
        in memory.
    account: AWS's account id. Volume tiers are those of one account, region and month.
    full: wait at every call until the disk has it, so that a power cut loses nothing; otherwise SQLite is safe against
        killed processes only.
    wait: seconds that another process may hold the ledger.
    lease: seconds until what a process has leased of a budget, and not spent, returns when nothing is heard of it.
    clock: tells when leases run out.

    Free calls have no row. Amounts are exact. Raises LedgerError when it cannot be opened, read or written.
    """

    def __init__(
        self,
        place: str | Path | None = None,
        *,
        account: str = "",
        full: bool = False,
        wait: float = 10.0,
        lease: float = 60.0,
        clock: Clock | None = None,
    ) -> None:
        self.account = account
        self.database = Database(place, full=full, wait=wait)
        self._lease = lease
        self._clock = clock or WallClock()
        self._lock = Lock()
        self._purses: dict[tuple[str, str], LeasedPurse] = {}
        self._counted: dict[str, None] = {}
        self.run = RunBooks()
        """What is kept of budgets that end with this process, for the jobs that it began."""
        self._local = local()
        self._holder = ("", 0)
        atexit.register(self.close)

    @cached_property
    def statements(self) -> SimpleNamespace:
        """What is written, in the words of its database."""
        from .statements import statements

        return statements(self.database.engine.dialect.name)

    @property
    def holder(self) -> str:
        """Who leases: this process."""
        name, pid = self._holder
        if pid != os.getpid():
            name = uuid4().hex
            self._holder = (name, os.getpid())
        return name

    def now(self) -> float:
        """Seconds of the clock of leases."""
        return self._clock.now().timestamp()

    def expiry(self) -> float:
        """When a lease of now runs out."""
        return self.now() + self._lease

    def purse(self, budget: Budget, period: str) -> LeasedPurse:
        """The purse of a budget in a period."""
        with self._lock:
            purse = self._purses.get((budget.key, period))
            if purse is None:
                with self.database.connection(reading=True) as connection:  # no writer waits while it adds up
                    spent = reading.spent_so_far(connection, budget, period)
                if spent is not None:
                    with self.database.transaction() as write:
                        write(self.statements.open, budget=budget.key, period=period, **plain({"spent": spent}))
                purse = self._purses[budget.key, period] = LeasedPurse(self, budget.key, period)
            return purse

    @property
    def failed(self) -> bool:
        """Whether the last thing that was to be written was not."""
        return self.database.failed

    def check(self) -> None:
        """Raise LedgerError when what calls cost could still not be written down."""
        with self.database.transaction() as write:
            write(self.statements.probe)

    def book(self, meter: Meter, call: Call, reply: Reply, holds: Sequence[Hold], clock: Clock) -> Charge:
        """What an answered call costs, once it is written down and its budgets are settled: all of it or nothing."""
        with self.booking(holds) as booking:
            charge = meter.charge(call, reply)

            def entry() -> Entry:
                region, request = meter.region_of(reply), reply.get("ResponseMetadata", {}).get("RequestId")
                return Entry(
                    clock.now(), meter.account, region, call.product, call.name, charge.units, charge.cost,
                    is_billed(reply), call.tags, request,
                )  # fmt: skip

            booking.enter(charge, entry, meter.began(call, reply) if holds else None)
        return charge

    def booking(self, holds: Sequence[Hold]) -> LedgerBooking:
        """A block in which a call is metered and written down: all of it or nothing."""
        return LedgerBooking(self, holds)

    def here(self, booking: LedgerBooking | None) -> None:
        """Which call this thread writes down."""
        self._local.booking = booking

    def move(self, counter: Counter, quantity: Decimal) -> Decimal:
        """Add to a counter, and say where it stood before: for the call that this thread writes down."""
        values = plain({**counter._asdict(), "units": quantity})
        with self._writing() as write:
            row = write(self.statements.use, **values).fetchone()
        return EXACT.subtract(Decimal(row[0]), quantity)

    def begin(self, job: str, facts: Facts) -> None:
        """Remember what the price of a job depends on, for whichever process finds it ended."""
        with self._writing() as write:
            write(self.statements.begin, job=job, begun=json.dumps(facts), counted=False)

    def facts(self, job: str) -> Facts | None:
        """What is remembered of a job that was not counted yet."""
        if job in self._counted:
            return None
        with self._writing() as write:
            row = write(self.statements.job, job_=job).fetchone()
        if row is None or row[0] is None:
            return None
        facts: Facts = json.loads(row[0])
        return facts

    def once(self, job: str) -> bool:
        """Whether the job was not counted before, by whichever process; from now on it was."""
        if job in self._counted:
            return False
        booking: LedgerBooking | None = getattr(self._local, "booking", None)
        with self._writing() as write:
            first = write(self.statements.count, job=job, begun=None, counted=True).fetchone() is not None
        if booking is None or not first:
            self.remember([job])
        else:
            booking.ended(job)
        return first

    def remember(self, jobs: Iterable[str]) -> None:
        """These were counted; the database is not asked again."""
        for job in jobs:
            keep(self._counted, job, None)

    @contextmanager
    def _writing(self) -> Iterator[Write]:
        """The transaction of the call that this thread writes down, else one of its own."""
        booking: LedgerBooking | None = getattr(self._local, "booking", None)
        if booking is not None:
            yield booking.write
        else:
            with self.database.transaction() as write:
                yield write

    def turns(self, rate: str) -> Turns:
        """The turns of calls under a rate that all processes of this ledger share."""
        return Turns(self, rate)

    def sums(self, by: str = "operation", *, since: date | None = None, until: date | None = None) -> list[Sum]:
        """What calls cost by "product", "operation", "day", "month", "account", "region" or a tag ("tag:tenant").

        since, until: days of UTC, both included.
        """
        with self.database.connection(reading=True) as connection:
            return reading.sums(connection, by, since, until)

    def entries(self, *, since: date | None = None, until: date | None = None) -> list[Entry]:
        """The calls as they were written, the oldest first."""
        with self.database.connection(reading=True) as connection:
            return list(reading.entries(connection, since, until))

    def left(self, budget: Budget, at: datetime | None = None) -> Decimal:
        """What a budget has left, less what is leased and kept for jobs; negative where more was spent.

        at: a moment of the period; None is now.
        """
        purse = self.purse(budget, budget.period(at or self._clock.now()))
        with self.database.transaction() as write:
            return purse.look(write, budget.limit)[0]

    def close(self) -> None:
        """Give back what is leased, and close the connections. A closed ledger is not used again."""
        atexit.unregister(self.close)
        with self._lock:
            purses, self._purses = list(self._purses.values()), {}
        try:
            if self.database.pid == os.getpid() and not self.database.closed:
                for purse in purses:
                    with purse.lock, self.database.transaction() as write:
                        purse.give_back(write)
        finally:
            self.database.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Ledger {self.database.name}>"
