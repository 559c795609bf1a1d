"""What calls may cost: a limit in dollars for a day, a month or a run, of all calls or of some."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Literal

from ..call import PRODUCTS, Call
from ..errors import BudgetExceededError, InvalidCallError, nearest

Then = Literal["block", "warn"] | Callable[[BudgetExceededError], object]


@dataclass(frozen=True)
class Budget:
    """A limit on what calls cost at list price, on every backend: a mock's calls count as AWS's would.

        AI(budgets=[Budget(50, per="month"), Budget("2.50", per="day", scope={"tenant": "acme"})])

    dollars: US dollars as a Decimal, a whole number or a string; a float is not exact and is refused.
    per: "day" and "month" are those of UTC and begin again at their border; "run" is the life of one client.
    scope: which calls it is about: None all, a product's name, or tags that a call has to have.
    then: what happens to a call that might cost more than is left. "block" raises BudgetExceededError, nothing is
        sent; "warn" warns and sends it; a function is called with the error, and the call is sent unless it raises.
    unpriced: a call that may cost something, but nobody knows how much, is treated as one that costs too much
        ("refuse"), or is let through and counts nothing ("allow").
    name: tells budgets of the same period and scope apart.

    Free calls are always let through.
    """

    dollars: Decimal | int | str
    per: Literal["day", "month", "run"] = "month"
    scope: str | Mapping[str, str] | None = None
    then: Then = "block"
    unpriced: Literal["refuse", "allow"] = "refuse"
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "dollars", _dollars(self.dollars))
        for name, value, known in (
            ("per", self.per, ("day", "month", "run")),
            ("unpriced", self.unpriced, ("refuse", "allow")),
        ):
            if value not in known:
                raise InvalidCallError(f"Budget({name}={value!r}): give one of {', '.join(known)}")
        if not callable(self.then) and self.then not in ("block", "warn"):
            raise InvalidCallError(f'Budget(then={self.then!r}): give "block", "warn" or a function')
        if isinstance(self.scope, str):
            if self.scope not in PRODUCTS:
                raise InvalidCallError(
                    f'Budget(scope="{self.scope}"): there is no such product{nearest(self.scope, PRODUCTS)}; '
                    'tags are given as a dict, as in scope={"tenant": "acme"}'
                )
        elif self.scope is not None:
            if not isinstance(self.scope, Mapping) or not all(
                isinstance(text, str) for pair in self.scope.items() for text in pair
            ):
                raise InvalidCallError("Budget(scope=...): give a product's name, or a dict of tags and their values")
            object.__setattr__(self, "scope", dict(self.scope))

    @cached_property
    def limit(self) -> Decimal:
        """The dollars."""
        return Decimal(self.dollars)

    @cached_property
    def key(self) -> str:
        """What budgets share across processes: period, scope and name, whatever the dollars are."""
        return json.dumps([self.per, self.scope, self.name], sort_keys=True)

    def covers(self, call: Call) -> bool:
        """Whether a call is one of those it is about."""
        if self.scope is None:
            return True
        if isinstance(self.scope, str):
            return call.product == self.scope
        return all(call.tags.get(tag) == value for tag, value in self.scope.items())

    def period(self, at: datetime) -> str:
        """The day or month, in UTC, of a moment: `2026-11-21`, `2026-11`; a run has no name."""
        if self.per == "run":
            return ""
        return at.astimezone(UTC).isoformat()[: 10 if self.per == "day" else 7]

    def __str__(self) -> str:
        scope = (
            self.scope if isinstance(self.scope, str) else ", ".join(f"{k}={v}" for k, v in (self.scope or {}).items())
        )
        of = f" of {scope}" if scope else ""
        named = f'"{self.name}", ' if self.name else ""
        return f"the budget {named}${self.limit:f} a {self.per}{of}"

    def __hash__(self) -> int:
        return hash((self.key, self.limit))


def _dollars(value: object) -> Decimal:
    wrong = f"Budget({value!r}): give US dollars, 0 or more, as a Decimal, a whole number or a string"
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise InvalidCallError(f"{wrong}; a float is not exact" if isinstance(value, float) else wrong)
    try:
        dollars = Decimal(value)
    except InvalidOperation:
        raise InvalidCallError(wrong) from None
    if not dollars.is_finite() or dollars < 0:
        raise InvalidCallError(wrong)
    return dollars
