"""Invoices and receipts: what Textract's AnalyzeExpense found."""

from __future__ import annotations

import datetime
import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from os import PathLike
from typing import Any

from ..shown import plural, table
from .amounts import amount, day
from .blocks import box, sure
from .document import Document
from .stored import Answer, Stored, answers, merged, write
from .table import Cell, Table
from .words import Box

_ROW = "EXPENSE_ROW"
"""AWS's name for the whole line of an item, beside its parts."""


@dataclass(frozen=True, slots=True)
class ExpenseField:
    """One thing that an invoice or a receipt says."""

    type: str
    """AWS's name: VENDOR_NAME, TOTAL, INVOICE_RECEIPT_DATE ...; OTHER for what it has no name for."""
    label: str
    """What the paper calls it; empty where nothing is printed beside it."""
    text: str
    currency: str | None
    """The code, such as USD, where the service tells it."""
    confidence: float
    """0..1, of the value."""
    page: int
    box: Box
    raw: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def amount(self) -> Decimal | None:
        """The text as an amount, where it is one."""
        return amount(self.text)

    def date(self, *, day_first: bool | None = None) -> datetime.date | None:
        """The text as a date, where it is one. day_first: how `03/04/2026` is meant; None leaves it unread."""
        return day(self.text, day_first=day_first)


class Expense:
    """What an invoice or a receipt says. Made by `ai.textract.expense`, or from AWS's stored answer.

    Of a file with several of them, `documents` has each; the others' members look through all of the file.
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        """AWS's answer; of a job that took several, with all their documents."""

    @classmethod
    def from_textract(cls, answer: Stored) -> Expense:
        """From what AnalyzeExpense or GetExpenseAnalysis answered: a dict, JSON, a file, a list, a job's folder."""
        return cls(merged(answers(answer, _MEMBER), _MEMBER))

    @cached_property
    def documents(self) -> list[Expense]:
        """Each invoice or receipt that the service told apart; mostly a page is one."""
        parts = self.raw.get(_MEMBER) or ()
        return [self] if len(parts) == 1 else [Expense({**self.raw, _MEMBER: [part]}) for part in parts]

    @cached_property
    def fields(self) -> list[ExpenseField]:
        """All fields but the items', in AWS's order."""
        return [_field(one) for part in self.raw.get(_MEMBER) or () for one in part.get("SummaryFields") or ()]

    @cached_property
    def items(self) -> Table:
        """The lines of items, a column for each thing that is told of them."""
        return _items(self.raw.get(_MEMBER) or ())

    @cached_property
    def document(self) -> Document:
        """The text."""
        blocks = [block for part in self.raw.get(_MEMBER) or () for block in part.get("Blocks") or ()]
        return Document({"DocumentMetadata": self.raw.get("DocumentMetadata") or {}, "Blocks": blocks})

    def get(self, *types: str) -> ExpenseField | None:
        """The field of an AWS type, the surest where there are several; of several types the first that is there."""
        for type in types:
            found = [one for one in self.fields if one.type == type and one.text]
            if found:
                return max(found, key=lambda one: one.confidence)
        return None

    @property
    def vendor(self) -> str | None:
        """Who sells."""
        return _text(self.get("VENDOR_NAME", "NAME"))

    @property
    def number(self) -> str | None:
        """The invoice's or receipt's own."""
        return _text(self.get("INVOICE_RECEIPT_ID"))

    @property
    def date(self) -> datetime.date | None:
        """When it was written; None too where it cannot be read or could be two dates: see `ExpenseField.date`."""
        found = self.get("INVOICE_RECEIPT_DATE")
        return found.date() if found else None

    @property
    def total(self) -> Decimal | None:
        """What is to be paid, where it can be read; `get("TOTAL")` has its text."""
        return self._amount("TOTAL", "AMOUNT_DUE")

    @property
    def subtotal(self) -> Decimal | None:
        """The amount before tax."""
        return self._amount("SUBTOTAL")

    @property
    def tax(self) -> Decimal | None:
        """The tax."""
        return self._amount("TAX")

    @property
    def currency(self) -> str | None:
        """The code of the total's currency, else of the first field that has one."""
        found = self.get("TOTAL", "AMOUNT_DUE")
        codes = [one.currency for one in ([found] if found else []) + self.fields if one.currency]
        return codes[0] if codes else None

    @property
    def confidence(self) -> float | None:
        """How sure the service is of the fields, 0..1, on average; None without fields."""
        sures = [one.confidence for one in self.fields if one.text]
        return sum(sures) / len(sures) if sures else None

    def _amount(self, *types: str) -> Decimal | None:
        found = self.get(*types)
        return found.amount if found else None

    def __repr__(self) -> str:
        total = _text(self.get("TOTAL", "AMOUNT_DUE"))
        parts = [self.vendor or "no vendor", f"total {total}" if total else "no total"]
        parts += [plural(len(self.fields), "field"), plural(len(self.items.body), "item")]
        return f"<Expense: {', '.join(parts)}>"

    def to_dict(self) -> dict[str, Any]:
        """A flat summary, a row of a table of many."""
        return {
            "vendor": self.vendor,
            "number": self.number,
            "date": self.date,
            "subtotal": self.subtotal,
            "tax": self.tax,
            "total": self.total,
            "currency": self.currency,
            "items": len(self.items.body),
            "confidence": self.confidence,
        }

    def save(self, path: str | PathLike[str]) -> None:
        """Write AWS's answer as JSON; `from_textract` reads it."""
        write(self.raw, path)

    def _repr_html_(self) -> str:
        fields = table((one.type, one.label, one.text) for one in self.fields)
        return f"<p>{html.escape(repr(self))}</p>{fields}{self.items._repr_html_()}"


_MEMBER = "ExpenseDocuments"


def _field(raw: Mapping[str, Any]) -> ExpenseField:
    value, label, kind = (raw.get(name) or {} for name in ("ValueDetection", "LabelDetection", "Type"))
    page = raw.get("PageNumber")
    return ExpenseField(
        str(kind.get("Text") or "OTHER"),
        str(label.get("Text") or ""),
        str(value.get("Text") or ""),
        (raw.get("Currency") or {}).get("Code") or None,
        sure(value),
        page if isinstance(page, int) else 1,
        box(value),
        raw,
    )


def _text(found: ExpenseField | None) -> str | None:
    return " ".join(found.text.split()) if found else None


def _items(parts: Iterable[Answer]) -> Table:
    """The items of all groups in one table, columns in the order in which they come up; its header has AWS's types.

    What AWS calls OTHER stands under the paper's own label.
    """
    groups = [group for part in parts for group in part.get("LineItemGroups") or ()]
    rows = [
        [one for one in map(_field, item.get("LineItemExpenseFields") or ()) if one.type != _ROW]
        for group in groups
        for item in group.get("LineItems") or ()
    ]
    rows = [row for row in rows if row]
    names = list(dict.fromkeys(_column(one) for row in rows for one in row))
    cells = [_cell(name, 0, column, ("COLUMN_HEADER",), []) for column, name in enumerate(names)]
    for number, row in enumerate(rows, start=1):
        for column, name in enumerate(names):
            found = [one for one in row if _column(one) == name]
            cells.append(_cell(" ".join(one.text for one in found), number, column, (), found))
    pages = [one.page for row in rows for one in row]
    sures = [one.confidence for row in rows for one in row]
    whole = _around([one.box for row in rows for one in row])
    sureness = sum(sures) / len(sures) if sures else 0.0
    return Table(tuple(cells), min(pages, default=1), sureness, whole, "", (), {"LineItemGroups": groups})


def _column(one: ExpenseField) -> str:
    return one.label or one.type if one.type == "OTHER" else one.type


def _cell(text: str, row: int, column: int, kinds: tuple[str, ...], found: Sequence[ExpenseField]) -> Cell:
    sureness = min((one.confidence for one in found), default=0.0)
    raw = found[0].raw if found else {}
    return Cell(text, row, column, 1, 1, kinds, sureness, _around([one.box for one in found]), (), raw)


def _around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of them."""
    if not boxes:
        return Box(0.0, 0.0, 0.0, 0.0)
    left, top = min(one.left for one in boxes), min(one.top for one in boxes)
    right, bottom = max(one.left + one.width for one in boxes), max(one.top + one.height for one in boxes)
    return Box(left, top, right - left, bottom - top)
