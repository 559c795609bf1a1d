"""Where a ledger and a bill differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from .price import EXACT


class Amount(NamedTuple):
    """What was used, and what it cost."""

    quantity: Decimal | None
    """In the price row's dimension; None where the report counts in another unit, or nobody knows in which."""
    dollars: Decimal


@dataclass(frozen=True)
class Line:
    """A price row, or one of its usage types where each has volume tiers of its own."""

    product: str
    row: str
    """`polly.neural`; empty where it is not known which row the usage type belongs to."""
    usage_types: tuple[str, ...]
    """As the report names them, else as they are known; none where AWS's name is not known."""
    ledger: Amount | None
    """What AWS answered; None: nothing."""
    report: Amount | None

    @property
    def why(self) -> str:
        """How the two differ; empty where they agree."""
        if self.report is None:
            return "" if _is_nothing(self.ledger) else self._missing()
        if self.ledger is None:
            known = "only in the report" if self.row else "only in the report; no price row is known for it"
            return "" if _is_nothing(self.report) else known
        counted, billed = self.ledger.quantity, self.report.quantity
        differs = [
            *(["quantity"] if counted is not None and billed is not None and not _same(counted, billed) else []),
            *(["dollars"] if abs(self.ledger.dollars - self.report.dollars) >= _CENT else []),
        ]
        return " and ".join(differs)

    def _missing(self) -> str:
        return "only in the ledger" if self.usage_types else "only in the ledger; AWS's usage type is not known"


@dataclass(frozen=True)
class Reconciled:
    """A ledger beside a Cost and Usage Report, for the days that both cover."""

    since: date
    until: date
    lines: Sequence[Line]
    """Sorted by product and price row; what agrees is among them."""
    others: Mapping[str, Decimal]
    """Dollars of the twelve products that are no usage: `Tax`, `Credit`, `EdpDiscount` ... They are in no line."""
    unpriced: Mapping[str, int]
    """Calls in the ledger whose cost nobody knew, by operation; their dollars are in no line."""
    notes: Sequence[str]
    """What was left out, and what could not be told."""

    @property
    def differences(self) -> list[Line]:
        """The lines that do not agree."""
        return [line for line in self.lines if line.why]

    @property
    def ledger(self) -> Decimal:
        """Dollars of the ledger's calls."""
        return _sum(line.ledger for line in self.lines)

    @property
    def report(self) -> Decimal:
        """Dollars of the report's usage."""
        return _sum(line.report for line in self.lines)

    @property
    def by_product(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Dollars of the ledger and of the report."""
        sums: dict[str, tuple[Decimal, Decimal]] = {}
        for product in dict.fromkeys(line.product for line in self.lines):
            lines = [line for line in self.lines if line.product == product]
            sums[product] = (_sum(line.ledger for line in lines), _sum(line.report for line in lines))
        return sums

    def document(self) -> dict[str, Any]:
        """The same as JSON has it; amounts are strings, which are exact."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "ledger": f"{self.ledger:f}",
            "report": f"{self.report:f}",
            "products": {
                product: {"ledger": f"{ledger:f}", "report": f"{report:f}"}
                for product, (ledger, report) in self.by_product.items()
            },
            "lines": [
                {
                    "product": line.product, "row": line.row, "usage_types": list(line.usage_types),
                    "ledger": _json(line.ledger), "report": _json(line.report), "why": line.why,
                }
                for line in self.lines
            ],
            "others": {kind: f"{dollars:f}" for kind, dollars in self.others.items()},
            "unpriced": dict(self.unpriced),
            "notes": list(self.notes),
        }  # fmt: skip

    def __str__(self) -> str:
        head = ("price row", "usage type", "counted", "billed", "ledger $", "report $", "difference")
        rows: list[tuple[str, ...]] = [head]
        for product, (ledger, report) in self.by_product.items():
            rows += [_cells(line) for line in self.lines if line.product == product]
            rows.append((product, "", "", "", f"{ledger:,.6f}", f"{report:,.6f}", ""))
        rows.append(("total", "", "", "", f"{self.ledger:,.6f}", f"{self.report:,.6f}", ""))
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        lines = [f"{self.since} to {self.until}: {len(self.differences)} of {len(self.lines)} lines differ", ""]
        lines += [_aligned(row, widths) for row in rows]
        lines += [f"not compared: {kind} ${dollars:,.6f}" for kind, dollars in self.others.items()]
        lines += [f"unpriced in the ledger: {name}, {calls} calls" for name, calls in self.unpriced.items()]
        return "\n".join([*lines, *self.notes])


_CENT = Decimal("0.01")
_ROUNDED = Decimal("0.000001")
"""A report's numbers were binary ones on their way."""


def _same(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= max(abs(one), abs(other)) * _ROUNDED


def _is_nothing(amount: Amount | None) -> bool:
    return amount is None or not (amount.quantity or amount.dollars)


def _sum(amounts: Iterable[Amount | None]) -> Decimal:
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount.dollars if amount else Decimal(0))
    return total


def _json(amount: Amount | None) -> dict[str, str | None] | None:
    if amount is None:
        return None
    quantity = None if amount.quantity is None else f"{amount.quantity:f}"
    return {"quantity": quantity, "dollars": f"{amount.dollars:f}"}


def _cells(line: Line) -> tuple[str, ...]:
    quantities = [_count(amount) for amount in (line.ledger, line.report)]
    dollars = ["" if amount is None else f"{amount.dollars:,.6f}" for amount in (line.ledger, line.report)]
    return (line.row or "?", ", ".join(line.usage_types) or "?", *quantities, *dollars, line.why)


def _count(amount: Amount | None) -> str:
    if amount is None:
        return ""
    return "?" if amount.quantity is None else f"{amount.quantity.normalize():,f}"


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    texts = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
    numbers = [cell.rjust(width) for cell, width in zip(row[2:6], widths[2:6], strict=True)]
    return "  ".join([*texts, *numbers, row[6]]).rstrip()
