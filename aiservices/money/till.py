"""Where calls reserve of budgets before they are sent."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal

from ..call import Call, Clock
from ..errors import AIServicesError, BudgetExceededError, InvalidCallError, TransportError
from .bounds import ceiling, most_units
from .budget import Budget
from .keeping import Books, Hold, Purse, RunBooks
from .memory import Memory
from .prices import EXACT, PriceBook
from .usage import keep

_ZERO = Decimal(0)
_ONE = Decimal(1)

HOLDS: ContextVar[list[Hold] | None] = ContextVar("aiservices_holds", default=None)
"""What the call of this context has reserved; None where nobody settles it."""


class Till:
    """The budgets of one client. Thread-safe.

    books: where budgets of a day or a month are kept; those of a run are this till's own.
    """

    def __init__(self, budgets: Iterable[Budget], books: Books, book: PriceBook) -> None:
        self.budgets = tuple(budgets)
        self._books = books
        self._book = book
        self._run = RunBooks()
        self._days: dict[int, list[tuple[Budget, Purse]]] = {}
        self._highest: dict[str, Decimal] = {}
        self._warned: set[tuple[str, str]] = set()
        keys = [budget.key for budget in self.budgets]
        for budget in self.budgets:
            if keys.count(budget.key) > 1:
                raise InvalidCallError(f"there are two budgets as {budget}: give each a name=")

    def reserve(self, call: Call, clock: Clock, memory: Memory) -> list[Hold]:
        """Reserve what a call costs at most of every budget that covers it.

        Raises BudgetExceededError, with nothing reserved, when one of them blocks it.
        """
        now = clock.now()
        if now.tzinfo is not UTC:
            now = now.astimezone(UTC)
        purses = self._days.get(now.toordinal()) or self._open(now)
        cost = self._most(call, memory)
        holds: list[Hold] = []
        try:
            for budget, purse in purses:
                if budget.scope is not None and not budget.covers(call):
                    continue
                if not cost:
                    if cost is None and budget.unpriced == "refuse":
                        self._exceeded(budget, now, _unknown(budget, call))
                    holds.append(Hold(budget.key, purse, _ZERO))
                    continue
                left = purse.reserve(cost, budget.limit)
                if left is not None:
                    self._exceeded(budget, now, _short(budget, call, cost, left))
                    purse.reserve(cost, budget.limit, force=True)
                holds.append(Hold(budget.key, purse, cost))
        except BaseException:
            release(holds)
            raise
        return holds

    def _open(self, now: datetime) -> list[tuple[Budget, Purse]]:
        """The budgets with their purses of a day."""
        purses: list[tuple[Budget, Purse]] = [
            (budget, (self._run if budget.per == "run" else self._books).purse(budget, budget.period(now)))
            for budget in self.budgets
        ]
        keep(self._days, now.toordinal(), purses)
        return purses

    def _most(self, call: Call, memory: Memory) -> Decimal | None:
        """What a call costs at most; None when nobody knows."""
        units = most_units(call, memory)
        if not units:
            return None if units is None else _ZERO
        if len(units) == 1:
            ((row, count),) = units.items()  # nearly every call
            highest = self._highest.get(row)
            if highest is not None:
                return EXACT.multiply(count, highest)
            self._learn(row)
        return ceiling(units, self._book)

    def _learn(self, row: str) -> None:
        """Remember the highest price of a unit, where a unit has a price."""
        price = self._book.get(row)
        highest = None if price is None or price.is_flat else ceiling({row: _ONE}, self._book)
        if highest is not None:
            self._highest[row] = highest

    def _exceeded(self, budget: Budget, now: datetime, error: BudgetExceededError) -> None:
        if callable(budget.then):
            budget.then(error)
        elif budget.then == "block":
            raise error
        elif (budget.key, budget.period(now)) not in self._warned:
            self._warned.add((budget.key, budget.period(now)))
            warnings.warn(f"{error}; the call is sent, and so are the next ones", RuntimeWarning, stacklevel=2)


def release(holds: Iterable[Hold], error: BaseException | None = None) -> None:
    """Nothing was answered: what was reserved is free again, unless AWS may bill the call all the same."""
    lost = error is not None and is_lost(error)
    for hold in holds:
        hold.purse.settle(hold.amount, hold.amount if lost else _ZERO)


def is_lost(error: BaseException) -> bool:
    """Whether the request may have reached the service although no answer came back."""
    if not isinstance(error, Exception):  # an interrupt, wherever the call was
        return True
    if isinstance(error, TransportError):
        return error.sent
    return isinstance(error, AIServicesError) and error.__cause__ is not None and is_lost(error.__cause__)


def _dollars(amount: Decimal) -> str:
    return f"${amount.normalize():f}"


def _unknown(budget: Budget, call: Call) -> BudgetExceededError:
    return BudgetExceededError(
        f"{call.name}: nobody knows what it may cost, so {budget} cannot be kept{_unsent(budget)}. "
        'Give the budget unpriced="allow" to let such calls through',
        budget=str(budget),
    )


def _short(budget: Budget, call: Call, cost: Decimal, left: Decimal) -> BudgetExceededError:
    return BudgetExceededError(
        f"{call.name}: it may cost up to {_dollars(cost)}, and {budget} has {_dollars(left)} left{_unsent(budget)}",
        budget=str(budget), cost=cost, left=left,
    )  # fmt: skip


def _unsent(budget: Budget) -> str:
    return "; nothing was sent" if budget.then == "block" else ""
