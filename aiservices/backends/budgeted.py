"""A backend whose calls stay within budgets."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ..call import Backend, Call, Clock, Reply, WallClock
from ..money.budget import Budget
from ..money.keeping import Books, RunBooks
from ..money.meter import Meter
from ..money.prices import PriceBook
from ..money.till import HOLDS, Till


class Budgeted:
    """Reserves what a call costs at most of every budget that covers it, before it is sent.

    What it cost is settled where it is metered: in the `Observed` around it, or here when there is none.

    budgets: `Budget`s, or the `Till` that other backends reserve of, too.
    books: where budgets are kept, a `Ledger` for one; None keeps them in memory.
    meter: what charges the calls; None makes one.
    clock: whose days and months they are; None is the backend's own, else the wall's.

    Raises BudgetExceededError; nothing was sent then.
    """

    def __init__(
        self,
        backend: Backend,
        budgets: Iterable[Budget] | Till,
        books: Books | None = None,
        meter: Meter | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.backend = backend
        own = getattr(backend, "clock", None)
        self.clock: Clock = clock or (own if isinstance(own, Clock) else WallClock())
        self.books: Books = books or RunBooks()
        self.till = budgets if isinstance(budgets, Till) else Till(budgets, self.books, PriceBook())
        self.meter = meter or Meter(PriceBook(), self.clock, self.books)

    def send(self, call: Call) -> Reply:
        """The backend's reply, when every budget has enough left for the call."""
        holds = HOLDS.get()
        if holds is None:
            return self._settling.send(call)
        holds += self.till.reserve(call, self.clock, self.meter.memory)
        return self.backend.send(call)

    @cached_property
    def _settling(self) -> Backend:
        from .observed import Observed

        return Observed(self, clock=self.clock, meter=self.meter, books=self.books)

    def __repr__(self) -> str:
        return f"<Budgeted {self.backend!r} {', '.join(map(str, self.till.budgets))}>"
