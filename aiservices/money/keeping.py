"""What is kept from call to call: usage and jobs, what is reserved of budgets, and what calls cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from threading import Lock, local
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ..call import Call, Clock, Reply
from .budget import Budget
from .charge import Charge
from .prices import EXACT
from .usage import RunUsage, Usage

if TYPE_CHECKING:
    from .meter import Meter

_ZERO = Decimal(0)


class Entry(NamedTuple):
    """One metered call."""

    at: datetime
    """When, with its zone; kept in UTC."""
    account: str
    """AWS's account id, where the user told it, else empty."""
    region: str
    """Where the settings or the backend name it, else empty."""
    product: str
    operation: str
    """`comprehend.DetectSentiment`."""
    units: Mapping[str, Decimal] | None
    """By price row; None when nobody knows how to count."""
    cost: Decimal | None
    """US dollars at list price; None when unknown."""
    billed: bool
    """By AWS; otherwise a mock, a recording or a cache answered and this was saved."""
    tags: Mapping[str, str]
    request_id: str | None = None

    @property
    def second(self) -> str:
        """The moment in UTC, ISO 8601 with microseconds."""
        return self.at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00")


class Purse(Protocol):
    """What is left of one budget in one period."""

    def reserve(self, amount: Decimal, limit: Decimal, *, force: bool = False) -> Decimal | None:
        """Reserve, and return None; what is left when that is not enough. force: reserve all the same."""
        ...

    def settle(self, reserved: Decimal, cost: Decimal) -> None:
        """What was reserved is free again, less what the call cost."""
        ...


class Hold(NamedTuple):
    """What one call has reserved of a budget."""

    budget: str
    """Its key."""
    purse: Purse
    amount: Decimal


class Books(Usage, Protocol):
    """What remembers: `RunBooks` for one process; a `Ledger` for several, and for those that come after."""

    account: str
    """AWS's account id, where the user told it, else empty."""

    @property
    def failed(self) -> bool:
        """Whether the last thing that was to be written was not."""
        ...

    def check(self) -> None:
        """Raise LedgerError when what calls cost could still not be written down."""
        ...

    def purse(self, budget: Budget, period: str) -> Purse:
        """The purse of a budget in a period."""
        ...

    def book(self, meter: Meter, call: Call, reply: Reply, holds: Sequence[Hold], clock: Clock) -> Charge:
        """What an answered call costs, once it is written down and its budgets are settled: all of it or nothing."""
        ...


class Wallet:
    """A purse of this process. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.committed = _ZERO
        """Spent and reserved."""

    def reserve(self, amount: Decimal, limit: Decimal, *, force: bool = False) -> Decimal | None:
        """Reserve, and return None; what is left when that is not enough."""
        with self._lock:
            total = EXACT.add(self.committed, amount)
            if total > limit and amount and not force:
                return max(EXACT.subtract(limit, self.committed), _ZERO)
            self.committed = total
            return None

    def settle(self, reserved: Decimal, cost: Decimal) -> None:
        """What was reserved is free again, less what the call cost."""
        if reserved != cost:
            with self._lock:
                self.committed = EXACT.add(EXACT.subtract(self.committed, reserved), cost)


class RunBooks(RunUsage):
    """Keeps for the life of one client what a ledger keeps for longer; no calls, only sums. Thread-safe."""

    account = ""
    failed = False

    def __init__(self) -> None:
        super().__init__()
        self._guard = Lock()
        self._here = local()
        self._wallets: dict[tuple[str, str], Wallet] = {}
        self._pledged: dict[str, list[Hold]] = {}

    def check(self) -> None:
        """Nothing can be wrong."""

    def purse(self, budget: Budget, period: str) -> Wallet:
        """The wallet of a budget in a period."""
        with self._guard:
            wallet = self._wallets.get((budget.key, period))
            if wallet is None:
                wallet = self._wallets[budget.key, period] = Wallet()
            return wallet

    def once(self, job: str) -> bool:
        """Whether the job was not counted before."""
        first = super().once(job)
        if first and self._pledged:
            self._here.__dict__.setdefault("ended", []).append(job)
        return first

    def book(self, meter: Meter, call: Call, reply: Reply, holds: Sequence[Hold], clock: Clock) -> Charge:
        """What an answered call costs, once its budgets are settled."""
        charge = meter.charge(call, reply)
        began = meter.began(call, reply) if holds and not charge.units else None  # what begins a job costs nothing yet
        if began is not None:
            self.pledge(began, holds)
        elif self._pledged:
            for hold, amount in shares(self.redeem(self.ended()), holds, charge.cost):
                hold.purse.settle(hold.amount, amount)
        else:
            for hold in holds:
                if charge.cost is not None and charge.cost != hold.amount:
                    hold.purse.settle(hold.amount, charge.cost)
        return charge

    def ended(self) -> list[str]:
        """The jobs that this thread has found ended since it was last asked."""
        found: list[str] = self._here.__dict__.pop("ended", [])
        return found

    def pledge(self, job: str, holds: Iterable[Hold]) -> None:
        """What a job that begins may cost stays reserved."""
        with self._guard:
            self._pledged[job] = list(holds)

    def redeem(self, jobs: Iterable[str]) -> list[Hold]:
        """What was reserved for jobs that have ended."""
        with self._guard:
            return [hold for job in jobs for hold in self._pledged.pop(job, ())]


def shares(redeemed: Sequence[Any], holds: Sequence[Hold], cost: Decimal | None) -> list[tuple[Any, Decimal]]:
    """What each pays: a budget that had kept something for a job pays of that, and once for several jobs.

    Of a cost that nobody knows each pays what it has reserved.
    """
    found: list[tuple[Any, Decimal]] = []
    paid: set[str] = set()
    for one in redeemed:
        found.append((one, one.amount if cost is None else _ZERO if one.budget in paid else cost))
        paid.add(one.budget)
    for hold in holds:
        found.append((hold, hold.amount if cost is None else _ZERO if hold.budget in paid else cost))
    return found
