"""Sums over what a ledger holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...errors import InvalidCallError
from ..budget import Budget
from ..keeping import Entry

if TYPE_CHECKING:
    import sqlalchemy as sa

_BY = ("product", "operation", "day", "month", "account", "region")


@dataclass(frozen=True, slots=True)
class Sum:
    """Calls that have something in common. Amounts are US dollars at list price."""

    of: str
    """The product, the operation, the day, the tag's value ...; empty for calls without the tag."""
    calls: int
    unpriced: int
    """Calls whose cost nobody knows; they are in no amount."""
    billed: Decimal
    """What AWS answered."""
    saved: Decimal
    """What a mock, a recording or a cache answered instead."""


def sums(connection: sa.Connection, by: str, since: date | None, until: date | None) -> list[Sum]:
    """One sum per product, operation, day, month, account, region or value of a tag (`tag:tenant`)."""
    import sqlalchemy as sa

    from .tables import CALLS, exact_sum

    # Grouped by a column of its own: PostgreSQL does not see that an expression with parameters is the same one twice.
    calls = _between(sa.select(_key(by).label("of"), CALLS.c.billed, CALLS.c.cost), since, until).subquery()
    of, billed, cost = calls.c
    rows = connection.execute(
        sa.select(of, billed, sa.func.count(), sa.func.count(cost), exact_sum(cost)).group_by(of, billed)
    )
    found: dict[str, dict[bool, tuple[int, int, Decimal]]] = {}
    for name, was_billed, count, priced, amount in rows:
        found.setdefault(name or "", {})[bool(was_billed)] = (count, priced, amount or Decimal(0))
    return [_sum(of, found[of]) for of in sorted(found)]


def _sum(of: str, parts: dict[bool, tuple[int, int, Decimal]]) -> Sum:
    nothing = (0, 0, Decimal(0))
    billed, saved = parts.get(True, nothing), parts.get(False, nothing)
    calls = billed[0] + saved[0]
    return Sum(of, calls, calls - billed[1] - saved[1], billed[2], saved[2])


def _key(by: str) -> Any:
    import sqlalchemy as sa

    from .tables import CALLS

    if by.startswith("tag:") and len(by) > 4:
        return CALLS.c.tags[by.removeprefix("tag:")].as_string()
    if by not in _BY:
        raise InvalidCallError(f"by={by!r}: give one of {', '.join(_BY)}, or tag:NAME")
    return sa.func.substr(CALLS.c.day, 1, 7) if by == "month" else CALLS.c[by]


def _between(select: Any, since: date | None, until: date | None) -> Any:
    from .tables import CALLS

    if since is not None:
        select = select.where(CALLS.c.day >= since.isoformat())
    return select if until is None else select.where(CALLS.c.day <= until.isoformat())


def entries(connection: sa.Connection, since: date | None, until: date | None) -> Iterator[Entry]:
    """The calls as they were written, the oldest first."""
    import sqlalchemy as sa

    from .tables import CALLS

    for row in connection.execute(_between(sa.select(CALLS), since, until).order_by(CALLS.c.id)):
        units = None if row.units is None else {name: Decimal(text) for name, text in json.loads(row.units).items()}
        yield Entry(
            datetime.fromisoformat(row.at).replace(tzinfo=UTC), row.account, row.region, row.product, row.operation,
            units, row.cost, bool(row.billed), row.tags, row.request_id,
        )  # fmt: skip


def spent_so_far(connection: sa.Connection, budget: Budget, period: str) -> Decimal | None:
    """What the calls of a period have cost that a budget is about, which may be younger; None: it is there already."""
    from .tables import PURSES

    where = (PURSES.c.budget == budget.key, PURSES.c.period == period)
    if connection.scalar(PURSES.select().where(*where)) is not None:
        return None
    return _spent(connection, budget, period)


def _spent(connection: sa.Connection, budget: Budget, period: str) -> Decimal:
    import sqlalchemy as sa

    from .tables import CALLS, exact_sum

    first, last = (period, period) if len(period) > 7 else (f"{period}-01", f"{period}-31")
    select = sa.select(exact_sum(CALLS.c.cost)).where(CALLS.c.day.between(first, last))
    if isinstance(budget.scope, str):
        select = select.where(CALLS.c.product == budget.scope)
    elif budget.scope is not None:
        for tag, value in budget.scope.items():
            select = select.where(CALLS.c.tags[tag].as_string() == value)
    return connection.scalar(select) or Decimal(0)
