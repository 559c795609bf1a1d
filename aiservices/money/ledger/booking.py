"""One call on its way into the ledger: one transaction, begun when there is something to write."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..charge import Charge
from ..keeping import Entry, Hold, shares
from .database import Write, plain
from .leases import Lease, LeasedPurse

if TYPE_CHECKING:
    from .ledger import Ledger

_ZERO = Decimal(0)


class _Pledge(NamedTuple):
    """What was reserved for a job."""

    budget: str
    period: str
    amount: Decimal


class LedgerBooking:
    """What a call moves, costs and settles, committed at the end of the block: all of it or nothing."""

    def __init__(self, ledger: Ledger, holds: Sequence[Hold]) -> None:
        self._ledger = ledger
        self._holds = holds
        purses = [(hold, hold.purse) for hold in holds]
        leased = [(hold, purse) for hold, purse in purses if isinstance(purse, LeasedPurse) and purse.is_of(ledger)]
        self._leased = sorted(leased, key=lambda pair: pair[0].budget)  # locked in one order by all threads
        self._locks = ExitStack()
        self._transaction: AbstractContextManager[Write] | None = None
        self._written: Write | None = None
        self._leases: list[tuple[LeasedPurse, Lease, Decimal]] = []
        self._paid: list[tuple[Hold, Decimal]] = []
        self._ended: list[str] = []

    @property
    def write(self) -> Write:
        """The transaction, from its first statement on."""
        if self._written is None:
            for _, purse in self._leased:  # before the database, as where they lease
                self._locks.enter_context(purse.lock)
            transaction = self._ledger.database.transaction(sent=True)
            self._written = transaction.__enter__()
            self._transaction = transaction
        return self._written

    def ended(self, job: str) -> None:
        """Take note that a job was found ended, for the first time."""
        self._ended.append(job)

    def enter(self, charge: Charge, entry: Callable[[], Entry], began: str | None = None) -> None:
        """Write the call down, and settle its budgets. began: the job that it began, for which they keep something."""
        known = self._ledger.statements
        if charge.units != {}:
            self.write(known.call, **_row(entry()))
        if began is not None:
            self._pledge(began)
            return
        redeemed = [*self._redeem(), *self._ledger.run.redeem(self._ended)]
        for one, amount in shares(redeemed, self._holds, charge.cost):
            if isinstance(one, Hold):
                self._settle(one, amount)
            else:
                self.write(known.pay, budget_=one.budget, period_=one.period, **plain({"paid": amount}))

    def _settle(self, hold: Hold, cost: Decimal) -> None:
        purse = next((purse for one, purse in self._leased if one is hold), None)
        if cost and purse is not None:
            self._leases.append((purse, purse.settled(self.write, hold.amount, cost), hold.amount))
        else:
            self._paid.append((hold, cost))

    def _pledge(self, job: str) -> None:
        """What the job may cost leaves the leases, and is kept until a call finds it ended."""
        leased = [hold for hold, _ in self._leased]
        others = [hold for hold in self._holds if hold not in leased]
        if others:
            self._ledger.run.pledge(job, others)
        for hold, purse in self._leased:
            row = {"job": job, "budget": purse.budget, "period": purse.period, "amount": hold.amount}
            if hold.amount:
                self.write(self._ledger.statements.pledge, **plain(row))
                lease = purse.settled(self.write, hold.amount, _ZERO, pledged=hold.amount)
                self._leases.append((purse, lease, hold.amount))

    def _redeem(self) -> list[_Pledge]:
        rows: list[Any] = []
        for job in self._ended:
            rows += self.write(self._ledger.statements.redeem, job_=job).fetchall()
        return [_Pledge(budget, period, Decimal(amount)) for budget, period, amount in sorted(rows)]

    def __enter__(self) -> LedgerBooking:
        self._ledger.here(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ledger.here(None)
        with self._locks:
            if self._transaction is not None:
                self._transaction.__exit__(kind, error, trace)
            if error is None:
                for purse, lease, reserved in self._leases:
                    purse.apply(lease, reserved)
                for hold, cost in self._paid:
                    hold.purse.settle(hold.amount, cost)
                self._ledger.remember(self._ended)


def _row(entry: Entry) -> dict[str, Any]:
    at = entry.second
    return plain(entry._asdict()) | {
        "at": at,
        "day": at[:10],
        "units": None if entry.units is None else json.dumps(plain(entry.units)),
        "tags": json.dumps(dict(entry.tags)),
    }
