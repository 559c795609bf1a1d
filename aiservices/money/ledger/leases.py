"""Blocks of budgets that a process holds, so that a call pays no transaction to be allowed.

A lease has three parts. `spent` was settled. `armed` may be on its way to AWS: calls reserve of it without asking the
ledger, and it is never taken from the process, whatever becomes of it; that no clock has to be right, and no process
to live, for a budget to hold. `free` is moved to `armed` where a call is settled, in the transaction that settles it.
When the lease of a dead process has run out, its free part returns; what it had armed counts as spent, for AWS may
bill it.
"""

from __future__ import annotations

import os
from decimal import ROUND_DOWN, Context, Decimal
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from ..prices import EXACT
from .database import Write, plain

if TYPE_CHECKING:
    from .ledger import Ledger

_ZERO = Decimal(0)
_SHARE = Decimal("0.0625")
"""A block is this part of what is left of the budget."""
_FORGET = Decimal("0.9")
"""How much of the largest call is expected again after each further one."""
_GRAIN = Decimal("1e-9")
_ROUGH = Context(prec=60, rounding=ROUND_DOWN)


class Lease(NamedTuple):
    """What this process holds of a budget in a period, as the ledger knows it."""

    spent: Decimal = _ZERO
    armed: Decimal = _ZERO
    free: Decimal = _ZERO
    lapses: int = 0


class LeasedPurse:
    """A budget's purse in one period, as a process sees it. Thread-safe."""

    def __init__(self, ledger: Ledger, budget: str, period: str) -> None:
        self.budget = budget
        self.period = period
        self.lock = RLock()
        self._ledger = ledger
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self.lease = Lease()
        self.reserved = _ZERO
        """By calls on their way."""
        self._expected = _ZERO

    def is_of(self, ledger: Ledger) -> bool:
        """Whether the ledger settles it in the transaction of the call."""
        return self._ledger is ledger

    def reserve(self, amount: Decimal, limit: Decimal, *, force: bool = False) -> Decimal | None:
        """Reserve, and return None; what is left when that is not enough."""
        if self._pid != os.getpid():  # what the parent holds is the parent's
            self.lock = RLock()
            self._begin()
        with self.lock:
            wanted = EXACT.add(self.reserved, amount)
            if wanted > self.lease.armed and amount:
                left = self._arm(wanted, amount, limit, force)
                if left is not None:
                    return left
            self.reserved = wanted
            self._expected = max(amount, _part(self._expected, _FORGET))
            return None

    def settle(self, reserved: Decimal, cost: Decimal) -> None:
        """What was reserved is free again, less what the call cost."""
        with self.lock:
            if not cost:
                self.reserved = EXACT.subtract(self.reserved, reserved)
                return
            with self._ledger.database.transaction(sent=True) as write:
                lease = self.settled(write, reserved, cost)
            self.apply(lease, reserved)

    def settled(self, write: Write, reserved: Decimal, cost: Decimal, *, pledged: Decimal = _ZERO) -> Lease:
        """Write down what a call cost, and arm for the next one; the lease as it is once that is committed.

        pledged: what leaves the lease because it is kept for a job.
        """
        lease = self.lease
        if not (cost or pledged):
            return lease
        for _ in range(2):
            new = self._after(lease, reserved, cost, pledged)
            changed = write(
                self._ledger.statements.settle, **self._key("_"), lapses_=lease.lapses,
                **plain({"spent": new.spent, "armed": new.armed, "free": new.free}), expires=self._ledger.expiry(),
            )  # fmt: skip
            if changed.rowcount:
                return new
            row = write(self._ledger.statements.mine, **self._key("_")).fetchone()
            # It has lapsed, or this budget has no lease of ours yet.
            lease = _lease(row) if row is not None else self._insert(write, Lease())
        raise AssertionError(f"a lease of {self.budget} changed although its row is locked")

    def apply(self, lease: Lease, reserved: Decimal) -> None:
        """What was written has been committed."""
        self.lease = lease
        self.reserved = EXACT.subtract(self.reserved, reserved)

    def _after(self, lease: Lease, reserved: Decimal, cost: Decimal, pledged: Decimal) -> Lease:
        spent = EXACT.add(lease.spent, cost)
        gone = EXACT.add(cost, pledged)
        block = max(EXACT.subtract(EXACT.add(lease.armed, lease.free), gone), _ZERO)
        on_the_way = EXACT.subtract(self.reserved, reserved)
        armed = max(on_the_way, min(block, EXACT.add(on_the_way, self._expected)))
        return Lease(spent, armed, max(EXACT.subtract(block, armed), _ZERO), lease.lapses)

    def _arm(self, wanted: Decimal, amount: Decimal, limit: Decimal, force: bool) -> Decimal | None:
        """Make `wanted` of the lease armed, from its free part or from what the budget has left."""
        ledger = self._ledger
        with ledger.database.transaction() as write:
            left, lease = self.look(write, limit)
            block = EXACT.add(lease.armed, lease.free)
            need = max(EXACT.subtract(wanted, block), _ZERO)
            if need > left and not force:
                return max(EXACT.subtract(EXACT.add(left, block), self.reserved), _ZERO)
            if need:
                block = EXACT.add(block, max(need, _part(max(left, _ZERO), _SHARE)))
            armed = min(block, EXACT.add(wanted, amount))  # and the next call of this size
            lease = self._insert(write, lease._replace(armed=armed, free=EXACT.subtract(block, armed)))
        self.lease = lease
        return None

    def look(self, write: Write, limit: Decimal) -> tuple[Decimal, Lease]:
        """What is left outside of all leases, and our lease, while no other process gives out anything."""
        known = self._ledger.statements
        spent = self._lock_purse(write)
        write(known.lapse, budget_=self.budget, period_=self.period, now=self._ledger.now())
        total, mine = spent, Lease(lapses=self.lease.lapses)
        for holder, *row in write(known.committed, budget_=self.budget, period_=self.period).fetchall():
            lease = _lease(row)
            for part in lease[:3]:
                total = EXACT.add(total, part)
            if holder == self._ledger.holder:
                mine = lease
        return EXACT.subtract(limit, total), mine

    def _lock_purse(self, write: Write) -> Decimal:
        """What was spent outside of all leases; no other process leases of this budget until the commit."""
        row = write(self._ledger.statements.lock, budget_=self.budget, period_=self.period).fetchone()
        return Decimal(row[0])

    def _insert(self, write: Write, lease: Lease) -> Lease:
        write(self._ledger.statements.lease, **self._key(), **plain(lease._asdict()), expires=self._ledger.expiry())
        return lease

    def _key(self, mark: str = "") -> dict[str, str]:
        return {
            f"budget{mark}": self.budget, f"period{mark}": self.period, f"holder{mark}": self._ledger.holder,
        }  # fmt: skip

    def give_back(self, write: Write) -> None:
        """End the lease: what is on its way stays armed, the rest is the budget's again."""
        if self._pid != os.getpid() or self.lease == Lease():
            return
        known = self._ledger.statements
        spent = self._lock_purse(write)
        row = write(known.mine, **self._key("_")).fetchone()
        if row is None:
            return
        lease = _lease(row)
        if self.reserved:
            self.lease = self._insert(write, lease._replace(armed=self.reserved, free=_ZERO))
            return
        write(known.give_back, **self._key("_"))
        total = plain({"spent": EXACT.add(spent, lease.spent)})
        write(known.fill, budget_=self.budget, period_=self.period, **total)
        self._begin()


def _lease(row: Any) -> Lease:
    spent, armed, free, lapses = row
    return Lease(Decimal(spent), Decimal(armed), Decimal(free), int(lapses))


def _part(amount: Decimal, share: Decimal) -> Decimal:
    return _ROUGH.quantize(_ROUGH.multiply(amount, share), _GRAIN)
