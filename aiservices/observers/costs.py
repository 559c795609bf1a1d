"""What calls cost, by product, operation and tag."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape

from ..call import Event
from ..money.prices import EXACT, PriceBook

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

    Amounts are US dollars at list price: the first volume tier, no free tier, no tax. A call whose price is unknown is
    in no amount but counted in `unpriced`.

    book: whose date the report shows; None is the list that is shipped.
    """

    def __init__(self, book: PriceBook | None = None) -> None:
        self._book = book
        self._lock = threading.Lock()
        self._lines: dict[str, Line] = {}
        self._tags: dict[str, dict[str, Decimal]] = {}

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
            if cost is None:
                line.unpriced += 1
                return
            if cost:
                if _is_billed(event):
                    line.billed = EXACT.add(line.billed, cost)
                else:
                    line.saved = EXACT.add(line.saved, cost)
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
    def unpriced(self) -> dict[str, int]:
        """The operations whose cost nobody knows, and how many calls they had."""
        return {line.operation: line.unpriced for line in self.lines if line.unpriced}

    def reset(self) -> None:
        """Begin at zero again."""
        with self._lock:
            self._lines, self._tags = {}, {}

    def report(self) -> str:
        """A table of the operations with their calls and US dollars, the unpriced ones, and the prices' date."""
        rows = [_HEAD, *self._rows()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
        table = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows]
        return "\n".join([*table, *self._notes()])

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

    def _notes(self) -> list[str]:
        book = self._book or PriceBook.default()
        notes = [f"Unpriced, in no amount: {', '.join(f'{name} ({n})' for name, n in self.unpriced.items())}."]
        return [
            *(notes if self.unpriced else []),
            f"US dollars; list prices of {book.region} compiled {book.date}, first volume tier, no free tier, no tax.",
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
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{notes}"


_HEAD = ("operation", "calls", "failed", "unpriced", "billed", "saved")


def _cells(line: Line) -> tuple[str, ...]:
    numbers = (f"{count:,}" for count in (line.calls, line.failed, line.unpriced))
    return (line.operation, *numbers, f"{line.billed:,.6f}", f"{line.saved:,.6f}")


def _is_billed(event: Event) -> bool:
    facts = (event.reply or {}).get("ResponseMetadata", {}).get("AIServices", {})
    return facts.get("backend") == "aws" and not facts.get("cached")


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    total = _ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total
