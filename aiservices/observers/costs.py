"""What calls cost, by product, operation and tag."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..call import SERVICES, Event
from ..caller import current_scope, scope
from ..errors import InvalidCallError, MissingExtraError
from ..money.prices import EXACT, PriceBook
from . import cost_report

if TYPE_CHECKING:
    from pandas import DataFrame

    from ..money.running import Running

_ZERO = Decimal(0)


@dataclass(slots=True)
class Line:
    """The calls of one operation so far. Amounts are US dollars at list price."""

    operation: str
    """`comprehend.DetectSentiment`."""
    product: str
    calls: int = 0
    failed: int = 0
    unpriced: int = 0
    """Calls whose cost nobody knows; they are in no amount."""
    billed: Decimal = _ZERO
    """What AWS answered."""
    saved: Decimal = _ZERO
    """What a mock, a recording or a cache answered instead."""

    @property
    def cost(self) -> Decimal:
        """Whoever answered."""
        return EXACT.add(self.billed, self.saved)


class Costs:
    """Sums what calls cost; shows itself as a table. Thread-safe, exact.

    Amounts are US dollars at list price: volume tiers as far as the month is known, no free tier unless the prices have
    it, no tax. A call whose price is unknown is in no amount but counted in `unpriced`; the first one of an operation
    is logged as a WARNING, with the reason.

    book: whose date the report shows; None is the list that is shipped.
    running: finds what is up; a client gives it.
    """

    def __init__(self, book: PriceBook | None = None, running: Callable[[], Running] | None = None) -> None:
        self._book = book
        self._running = running
        self._lock = threading.Lock()
        self._lines: dict[str, Line] = {}
        self._tags: dict[str, dict[str, Decimal]] = {}
        self._days: dict[str, Decimal] = {}

    def see(self, event: Event) -> None:
        """Add a call; attempts are part of it."""
        if event.kind != "call":
            return
        name, cost = event.call.name, event.cost
        with self._lock:
            line = self._lines.get(name)
            if line is None:
                line = self._lines[name] = Line(name, event.call.product)
            line.calls += 1
            if event.error is not None:
                line.failed += 1
            is_news = cost is None and not line.unpriced
            if cost is None:
                line.unpriced += 1
            else:
                self._add(line, event, cost)
        if is_news and event.call.service in SERVICES:
            _warn(event)

    def _add(self, line: Line, event: Event, cost: Decimal) -> None:
        if cost and _is_billed(event):
            line.billed = EXACT.add(line.billed, cost)
        elif cost:
            line.saved = EXACT.add(line.saved, cost)
        day = datetime.now(UTC).date().isoformat()
        self._days[day] = EXACT.add(self._days.get(day, _ZERO), cost)
        for tag, value in event.call.tags.items():
            sums = self._tags.setdefault(tag, {})
            sums[value] = EXACT.add(sums.get(value, _ZERO), cost)

    @property
    def lines(self) -> list[Line]:
        """One line per operation, sorted by name."""
        with self._lock:
            return [replace(line) for _, line in sorted(self._lines.items())]

    @property
    def calls(self) -> int:
        """How many calls there were, failed ones included."""
        return sum(line.calls for line in self.lines)

    @property
    def total(self) -> Decimal:
        """What AWS bills."""
        return _sum(line.billed for line in self.lines)

    @property
    def would_cost(self) -> Decimal:
        """What AWS would have billed for the answers of mocks, recordings and caches."""
        return _sum(line.saved for line in self.lines)

    @property
    def by_product(self) -> dict[str, Decimal]:
        """List price of all answers by product, whoever gave them."""
        return self._by("product")

    @property
    def by_operation(self) -> dict[str, Decimal]:
        """List price of all answers by operation (`comprehend.DetectSentiment`), whoever gave them."""
        return self._by("operation")

    def by_tag(self, tag: str) -> dict[str, Decimal]:
        """List price of all answers by the tag's values, whoever gave them; calls without the tag are left out."""
        with self._lock:
            return dict(sorted(self._tags.get(tag, {}).items()))

    @property
    def by_day(self) -> dict[str, Decimal]:
        """List price of all answers by the day of UTC (`2026-11-21`), whoever gave them."""
        with self._lock:
            return dict(sorted(self._days.items()))

    @property
    def tags(self) -> list[str]:
        """The tags that calls with a known cost had, sorted."""
        with self._lock:
            return sorted(self._tags)

    def tag(self, **tags: str) -> AbstractContextManager[None]:
        """Tag the calls inside, for `by_tag` and a ledger: `with ai.costs.tag(tenant="acme", feature="search"): ...`.

        Blocks nest, tags add up. They go where the calls go: to threads of verbs, and to tasks of asyncio.
        """
        for name, value in tags.items():
            if not isinstance(value, str):
                raise InvalidCallError(f"the tag {name} is a str, not a {type(value).__name__}")
        return scope(tags={**current_scope().tags, **tags})

    @property
    def unpriced(self) -> dict[str, int]:
        """The operations whose cost nobody knows, and how many calls they had."""
        return {line.operation: line.unpriced for line in self.lines if line.unpriced}

    def running(self) -> Running:
        """What is up in the account and costs while it is up, with dollars an hour and a month, whoever made it.

        It is found by List and Describe calls, so it takes some seconds, and what may not be listed is named.
        Raises InvalidCallError when these are not the costs of a client.
        """
        if self._running is None:
            raise InvalidCallError("only the costs of a client can tell what is running: ai.costs.running()")
        return self._running()

    def reset(self) -> None:
        """Begin at zero again."""
        with self._lock:
            self._lines, self._tags, self._days = {}, {}, {}

    def to_dicts(self) -> list[dict[str, Any]]:
        """A dict per operation; amounts are Decimal."""
        return cost_report.rows(self)

    def to_pandas(self) -> DataFrame:
        """A row per operation; amounts are Decimal."""
        try:
            import pandas
        except ImportError as missing:
            raise MissingExtraError("A DataFrame", "pandas") from missing
        return pandas.DataFrame(self.to_dicts(), columns=list(cost_report.COLUMNS))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the costs to a file, in the format of its suffix: .csv, .json, or .html, a page with a plot."""
        return cost_report.save(self, path)

    def report(self) -> str:
        """A table of the operations with their calls and US dollars, the unpriced ones, and the prices' date."""
        rows = [_HEAD, *self._rows()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
        table = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows]
        return "\n".join([*table, *self.notes])

    def _by(self, what: str) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = {}
        for line in self.lines:
            name = getattr(line, what)
            sums[name] = EXACT.add(sums.get(name, _ZERO), line.cost)
        return sums

    def _rows(self) -> list[tuple[str, ...]]:
        lines = self.lines
        total = Line("total", "")
        for line in lines:
            total.calls += line.calls
            total.failed += line.failed
            total.unpriced += line.unpriced
            total.billed = EXACT.add(total.billed, line.billed)
            total.saved = EXACT.add(total.saved, line.saved)
        return [_cells(line) for line in [*lines, total]]

    @property
    def notes(self) -> list[str]:
        """What belongs to the amounts: what is not in them, and whose prices they are at."""
        book = self._book or PriceBook()
        notes = [f"Unpriced, in no amount: {', '.join(f'{name} ({n})' for name, n in self.unpriced.items())}."]
        return [
            *(notes if self.unpriced else []),
            f"US dollars; prices of {book.region} compiled {book.date}, volume tiers as the month is known, no tax.",
        ]

    def __str__(self) -> str:
        return self.report()

    def __repr__(self) -> str:
        unpriced = sum(self.unpriced.values())
        told = f", {unpriced} unpriced" if unpriced else ""
        return f"<Costs {self.calls} calls: ${self.total:f} billed, ${self.would_cost:f} saved{told}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(cell)}</th>" for cell in _HEAD)
        rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in self._rows())
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{notes}"


_HEAD = ("operation", "calls", "failed", "unpriced", "billed", "saved")


def _cells(line: Line) -> tuple[str, ...]:
    numbers = (f"{count:,}" for count in (line.calls, line.failed, line.unpriced))
    return (line.operation, *numbers, f"{line.billed:,.6f}", f"{line.saved:,.6f}")


def _warn(event: Event) -> None:
    from ..money.billing import reason

    call = event.call
    why = reason(call.service, call.operation) if event.units is None else "The price of what it was billed is unknown."
    about = {"operation": call.name, "product": call.product, "reason": why or "Its units could not be counted."}
    logging.getLogger("aiservices").warning("unpriced", extra=about)


def _is_billed(event: Event) -> bool:
    facts = (event.reply or {}).get("ResponseMetadata", {}).get("AIServices", {})
    return facts.get("backend") == "aws" and not facts.get("cached")


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    total = _ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total
