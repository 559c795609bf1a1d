"""The order of what stands around a backend, written once.

Outermost first: observed(cached(budgeted(arm))), and an arm is breaker(retrying(limited(backend))). Observers see what
the caller sees; a hit of the cache meets no budget; a retry stays with its backend and waits for its turn each time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .call import Backend, Clock, Observer, WallClock
from .config import Settings
from .errors import InvalidCallError

if TYPE_CHECKING:
    from .backends.cached import Cache
    from .backends.gate import Slots
    from .backends.limits import Limits
    from .backends.retrying import RetryBudget
    from .money.budget import Budget
    from .money.keeping import Books
    from .money.ledger import Ledger
    from .money.prices import PriceBook
    from .money.till import Till


class Stack:
    """Makes stacks over backends: one arm a backend, with what all of them share."""

    def __init__(
        self,
        settings: Settings,
        observers: Iterable[Observer] = (),
        *,
        prices: PriceBook | None = None,
        ledger: Ledger | str | Path | None = None,
        budgets: Budget | Iterable[Budget] = (),
        limits: Limits | None = None,
        cache: Cache | None = None,
    ) -> None:
        self._settings = settings
        self._observers = tuple(observers)
        self._prices = prices
        self._limits = limits
        self._cache = cache
        self._own_ledger, self._books, self._till = _books(ledger, budgets, prices)
        self._arms: dict[int, Backend] = {}
        self._retries: RetryBudget | None = None

    def over(self, backend: Backend) -> Backend:
        """The whole stack over a backend."""
        from .backends.observed import Observed

        clock, inner = clock_of(backend), self.arm(backend)
        books = self._books
        if books is None:
            return Observed(self._cached(inner, backend), self._observers, clock=clock, book=self._prices)
        from .money.meter import Meter
        from .money.prices import PriceBook

        region = self._settings.region or ""
        meter = Meter(self._prices or PriceBook(), clock, books, account=books.account, region=region)
        if self._till is not None:
            from .backends.budgeted import Budgeted

            inner = Budgeted(inner, self._till, books, meter, clock)
        return Observed(self._cached(inner, backend), self._observers, clock=clock, meter=meter, books=books)

    def _cached(self, inner: Backend, backend: Backend) -> Backend:
        if self._cache is None:
            return inner
        from .backends.cached import Cached, name_of

        return Cached(inner, self._cache, name_of(backend))

    def arm(self, backend: Backend) -> Backend:
        """What keeps one backend within its limits, retries it, and leaves it alone while it is down."""
        if id(backend) not in self._arms:
            over = getattr(backend, "over", None)  # a backend that holds others: each has an arm of its own
            self._arms[id(backend)] = cast(Backend, over(self.arm)) if callable(over) else self._armed(backend)
        return self._arms[id(backend)]

    def _armed(self, backend: Backend) -> Backend:
        from .backends.retrying import RetryBudget, Retrying

        settings, clock = self._settings, clock_of(backend)
        self._retries = self._retries or RetryBudget()
        limits = self._limits or _learnt(backend)
        if limits is not None:
            from .backends.limited import Limited

            backend = Limited(backend, limits, clock, self._turns)
        arm: Backend = Retrying(
            backend, attempts=settings.attempts, observers=self._observers, clock=clock, budget=self._retries
        )
        if settings.breaker:
            from .backends.breaker import Breaker

            arm = Breaker(arm, settings.breaker, observers=self._observers, clock=clock)
        return arm

    @property
    def _turns(self) -> Callable[[str], Slots] | None:
        """What hands out turns to all processes of a ledger; rates are an account's and a region's."""
        from .money.keeping import RunBooks

        books = self._books
        if books is None or isinstance(books, RunBooks):
            return None
        ledger, whose = cast("Ledger", books), f"{books.account} {self._settings.region or ''}"
        return lambda rate: ledger.turns(f"{whose} {rate}")

    def close(self) -> None:
        """Close the ledger that was opened here."""
        if self._own_ledger is not None:
            self._own_ledger.close()


def clock_of(backend: Backend) -> Clock:
    """The backend's own clock, else the wall's."""
    clock = getattr(backend, "clock", None)
    return clock if isinstance(clock, Clock) else _WALL


_WALL = WallClock()


def _learnt(backend: Backend) -> Limits | None:
    """Of AWS: no rate until it throttles, and room for jobs. Others have no limits unless asked."""
    aws = sys.modules.get("aiservices.backends.aws")  # where it was not imported, nothing is one
    if aws is None or not isinstance(backend, aws.AWS):
        return None
    from .backends.limits import Limits

    return Limits.none()


def _books(
    ledger: Ledger | str | Path | None, budgets: Budget | Iterable[Budget], prices: PriceBook | None
) -> tuple[Ledger | None, Books | None, Till | None]:
    """The ledger that was opened here, where calls are written down, and their budgets; None where there is none."""
    given = tuple(budgets) if isinstance(budgets, Iterable) else (budgets,)
    if ledger is None and not given:
        return None, None, None
    from .money.budget import Budget
    from .money.keeping import RunBooks
    from .money.ledger import Ledger
    from .money.prices import PriceBook
    from .money.till import Till

    if not isinstance(ledger, str | Path | Ledger | None):
        raise InvalidCallError(f"ledger is a Ledger, the path of a file or a URL, not {kind_of(ledger)}")
    for budget in given:
        if not isinstance(budget, Budget):
            raise InvalidCallError(f'a budget is a Budget, as in Budget(10, per="day"), not {kind_of(budget)}')
    own = Ledger(ledger) if isinstance(ledger, str | Path) else None
    books = own or (ledger if isinstance(ledger, Ledger) else RunBooks())
    return own, books, Till(given, books, prices or PriceBook()) if given else None


def kind_of(value: object) -> str:
    """What a wrong argument is, in words."""
    return f"the class {value.__name__}: make one" if isinstance(value, type) else f"a {type(value).__name__}"
