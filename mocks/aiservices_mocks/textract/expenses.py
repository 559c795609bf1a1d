"""Invoices and receipts: fields of the whole under AWS's kinds, and what was bought."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from aiservices_mocks.engines import labels, receipts
from aiservices_mocks.engines.documents import Box, Field, Page, Table, Word
from aiservices_mocks.engines.documents.layout import union
from aiservices_mocks.engines.receipts import Said

from .blocks import blocks, geometry

_GROUPS = {
    "RECEIVER_BILL_TO": r"bill(?:ed)?(?: to)?|invoice(?:d)? to|customer(?: name)?",
    "RECEIVER_SHIP_TO": r"ship(?:ped)?(?: to)?|deliver(?:ed|y)?(?: to| address)?",
    "RECEIVER_SOLD_TO": r"sold to",
    "VENDOR_REMIT_TO": r"remit(?: to)?|pay(?:able)? to",
}
"""Labels over a name and an address.

Source: https://docs.aws.amazon.com/textract/latest/dg/expensedocuments.html
"""


def expense(page: Page, number: int, seed: int, source: str) -> dict[str, Any]:
    """The invoice or receipt that a page is; number: which one of the document, from 1."""
    return {
        "ExpenseIndex": number,
        "SummaryFields": list(_Summary(page, f"{seed}|{source}|{number}").fields()),
        "LineItemGroups": list(_groups(page)),
        "Blocks": text_blocks(page, seed, source),
    }


class _Summary:
    def __init__(self, page: Page, source: str) -> None:
        self.page = page
        self._ids = random.Random(int.from_bytes(blake2b(source.encode(), digest_size=8).digest(), "big"))

    def fields(self) -> Iterator[dict[str, Any]]:
        """Labelled fields, and what is told without a label or by its row; each value once, from top to bottom."""
        fields = [field for field in self.page.fields if field.value]
        kinds = {labels.expense(words(field.key)) for field in fields} - {labels.OTHER}
        said = [one for one in receipts.summary(self.page) if one.kind not in kinds or one.kind in _BY_ROW]
        told = {id(word) for one in said for word in one.value}
        items = {id(word) for table in _tables(self.page) for cell in table.cells for word in cell.words}
        found = [(one.value[0].box.top, self._said(one)) for one in said]
        for field in fields:
            if any(id(word) in items or id(word) in told for word in field.value):
                continue
            group = _group(words(field.key))
            shown = list(self._party(field, group)) if group else [self._field(field)]
            found += [(field.value_box.top, one) for one in shown]
        yield from (shown for _, shown in sorted(found, key=lambda one: one[0]))

    def _said(self, said: Said) -> dict[str, Any]:
        shown: dict[str, Any] = {"Type": {"Text": said.kind, "Confidence": percent(said.sure)}}
        if said.label:
            shown["LabelDetection"] = detection(self.page, words(said.label), said.label, said.sure)
        shown["ValueDetection"] = detection(self.page, said.text, said.value, said.sure)
        shown["PageNumber"] = self.page.number
        return shown | _currency(said.text, said.sure)

    def _field(self, field: Field) -> dict[str, Any]:
        kind, value = labels.expense(words(field.key)), words(field.value)
        return {
            "Type": {"Text": kind, "Confidence": percent(field.confidence if kind != labels.OTHER else 0.0)},
            "LabelDetection": detection(self.page, words(field.key), field.key, field.confidence),
            "ValueDetection": detection(self.page, value, field.value, field.confidence),
            "PageNumber": self.page.number,
        } | _currency(value, field.confidence)

    def _party(self, field: Field, group: str) -> Iterator[dict[str, Any]]:
        """Who is billed, shipped or sold to: the name in the first line, the address in the others."""
        side = group.partition("_")[0]
        first = [word for word in field.value if word.band[0] < field.value[0].box.bottom]
        rest = [word for word in field.value if word not in first]
        properties = [{"Types": [group], "Id": f"{self._ids.getrandbits(128):032x}"}]
        for kind, part in ((f"{side}_NAME", first), (f"{side}_ADDRESS", rest)):
            if part:
                yield {
                    "Type": {"Text": kind, "Confidence": percent(field.confidence)},
                    "LabelDetection": detection(self.page, words(field.key), field.key, field.confidence),
                    "ValueDetection": detection(self.page, words(part), part, field.confidence),
                    "PageNumber": self.page.number,
                    "GroupProperties": properties,
                }


_BY_ROW = frozenset({"SUBTOTAL", "TAX", "TOTAL", "AMOUNT_PAID", "DISCOUNT", "SERVICE_CHARGE", "GRATUITY"})
"""Kinds that stand in a row of their own, which reads better than a label with what is near."""


def _group(label: str) -> str:
    bare = label.strip(" :.")
    return next((group for group, said in _GROUPS.items() if re.fullmatch(f"(?i){said}", bare)), "")


def _tables(page: Page) -> list[Table]:
    return [table for table in page.tables if table.cells and _is_of_items(table)]


def _groups(page: Page) -> Iterator[dict[str, Any]]:
    """The tables of items; without any, the rows that end in an amount."""
    tables = _tables(page)
    for index, table in enumerate(tables, start=1):
        yield {"LineItemGroupIndex": index, "LineItems": list(_items(page, table))}
    bought = receipts.items(page) if not tables else []
    if bought:
        yield {"LineItemGroupIndex": 1, "LineItems": [_bought(page, item) for item in bought]}


def _is_of_items(table: Table) -> bool:
    kinds = {labels.item(table.cell(0, column).text) for column in range(table.columns)}
    return len(kinds - {labels.OTHER}) >= 2


def _items(page: Page, table: Table) -> Iterator[dict[str, Any]]:
    heads = [labels.item(table.cell(0, column).text) for column in range(table.columns)]
    for row in range(1, table.rows):
        fields = _row(page, table, row, heads)
        if fields:
            yield {"LineItemExpenseFields": fields}


def _row(page: Page, table: Table, row: int, heads: Sequence[str]) -> list[dict[str, Any]]:
    fields = []
    cells = [table.cell(row, column) for column in range(table.columns)]
    for kind, cell in zip(heads, cells, strict=True):
        if not cell.words:
            continue
        head = table.cell(0, cell.column)
        shown: dict[str, Any] = {"Type": {"Text": kind, "Confidence": percent(table.confidence)}}
        if head.words:
            shown["LabelDetection"] = detection(page, head.text, head.words, table.confidence)
        shown["ValueDetection"] = detection(page, cell.text, cell.words, table.confidence)
        fields.append(shown | {"PageNumber": page.number} | _currency(cell.text, table.confidence))
    whole = [word for cell in cells for word in cell.words]
    return [*fields, _whole(page, whole, table.confidence)] if whole else []


def _bought(page: Page, item: Sequence[Said]) -> dict[str, Any]:
    fields = [
        {
            "Type": {"Text": said.kind, "Confidence": percent(said.sure)},
            "ValueDetection": detection(page, said.text, said.value, said.sure),
            "PageNumber": page.number,
        }
        | _currency(said.text, said.sure)
        for said in item
    ]
    return {"LineItemExpenseFields": [*fields, _whole(page, [w for said in item for w in said.value], item[0].sure)]}


def _whole(page: Page, row: Sequence[Word], sure: float) -> dict[str, Any]:
    return {
        "Type": {"Text": "EXPENSE_ROW", "Confidence": percent(sure)},
        "ValueDetection": detection(page, words(row), row, sure),
        "PageNumber": page.number,
    }


def _currency(value: str, sure: float) -> dict[str, Any]:
    code = labels.currency(value)
    return {"Currency": {"Code": code, "Confidence": percent(sure)}} if code else {}


def detection(page: Page, text: str, seen: Sequence[Word], sure: float) -> dict[str, Any]:
    """A text, where it is, how sure that is."""
    box: Box = union(word.box for word in seen)
    return {"Text": text, "Geometry": geometry(page, box), "Confidence": percent(sure)}


def text_blocks(page: Page, seed: int, source: str) -> list[dict[str, Any]]:
    """The page's lines and words, as blocks."""
    bare = replace(page, tables=[], fields=[], selections=[], signatures=[], layout=[])
    return blocks([bare], seed, f"{source}|{page.number}")


def words(seen: Sequence[Word]) -> str:
    """The text of some words."""
    return " ".join(word.text for word in seen)


def percent(sure: float) -> float:
    """0..1 as AWS shows it."""
    return round(100.0 * sure, 6)
