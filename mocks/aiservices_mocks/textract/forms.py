"""Invoices, identity documents and papers for loans: fields and tables of a page, under the names of their kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from aiservices_mocks.engines import labels
from aiservices_mocks.engines.documents import Box, Field, Line, Page, Table, Word
from aiservices_mocks.engines.scoring import mean

from .blocks import blocks, geometry

FEATURES = ("FORMS", "TABLES")


def expense(page: Page, number: int, seed: int, source: str) -> dict[str, Any]:
    """The invoice or receipt that a page is; number: which one of the document, from 1."""
    items = [table for table in page.tables if table.cells and _is_of_items(table)]
    groups = [
        {"LineItemGroupIndex": index, "LineItems": _items(page, table)} for index, table in enumerate(items, start=1)
    ]
    return {
        "ExpenseIndex": number,
        "SummaryFields": [_summary(page, field) for field in page.fields if field.value],
        "LineItemGroups": groups,
        "Blocks": _text(page, seed, source),
    }


def identity(page: Page, number: int, seed: int, source: str) -> dict[str, Any]:
    """What is known of the person; a kind of field that is not found is empty."""
    found: dict[str, tuple[str, float]] = {}
    for field in page.fields:
        kind = labels.identity(_words(field.key))
        if kind != labels.OTHER and field.value:
            found.setdefault(kind, (_words(field.value), field.confidence))
    zone = [line for line in page.lines if labels.machine_readable([line.text])]
    if zone:
        found["MRZ_CODE"] = (labels.machine_readable([line.text for line in zone]), _legibility(zone))
    fields = [_identity_field(kind, *found.get(kind, ("", 0.0))) for kind in labels.IDENTITY]
    return {"DocumentIndex": number, "IdentityDocumentFields": fields, "Blocks": _text(page, seed, source)}


def lending(page: Page, number: int, seed: int, source: str) -> dict[str, Any]:
    """What paper a page is, and its fields; number: which invoice or identity document of all, from 1.

    The fields of papers are called by their labels: `Borrower Name` is BORROWER_NAME.
    """
    kind = labels.page(page.text)
    if kind in ("INVOICES", "RECEIPT"):
        found = {"ExpenseDocument": expense(page, number, seed, source)}
    elif kind == "IDENTITY_DOCUMENT":
        found = {"IdentityDocument": identity(page, number, seed, source)}
    else:
        fields = [_lending_field(page, field) for field in page.fields]
        found = {"LendingDocument": {"LendingFields": fields, "SignatureDetections": []}}
    sure = _legibility(page.lines) if kind != labels.UNCLASSIFIED else 0.0
    classes = {
        "PageType": [{"Value": kind, "Confidence": _percent(sure)}],
        "PageNumber": [{"Value": str(page.number), "Confidence": 100.0}],
    }
    return {"Page": page.number, "PageClassification": classes, "Extractions": [found]}


def summary(results: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Which papers there are in a bundle: pages of one kind that follow each other are one document."""
    groups: dict[str, list[list[int]]] = {}
    last = ""
    for result in results:
        kind = result["PageClassification"]["PageType"][0]["Value"]
        documents = groups.setdefault(kind, [])
        if kind != last:
            documents.append([])
        documents[-1].append(result["Page"])
        last = kind
    return {
        "DocumentGroups": [
            {
                "Type": kind,
                "SplitDocuments": [{"Index": n, "Pages": pages} for n, pages in enumerate(documents, start=1)],
                "DetectedSignatures": [],
                "UndetectedSignatures": [],
            }
            for kind, documents in groups.items()
        ],
        "UndetectedDocumentTypes": [kind for kind in labels.PAGES if kind not in groups],
    }


def _summary(page: Page, field: Field) -> dict[str, Any]:
    kind, value = labels.expense(_words(field.key)), _words(field.value)
    shown = {
        "Type": {"Text": kind, "Confidence": _percent(field.confidence if kind != labels.OTHER else 0.0)},
        "LabelDetection": _detection(page, field.key, field.key_box, field.confidence),
        "ValueDetection": _detection(page, field.value, field.value_box, field.confidence),
        "PageNumber": page.number,
    }
    return shown | _currency(value, field.confidence)


def _is_of_items(table: Table) -> bool:
    kinds = {labels.item(table.cell(0, column).text) for column in range(table.columns)}
    return len(kinds - {labels.OTHER}) >= 2


def _items(page: Page, table: Table) -> list[dict[str, Any]]:
    heads = [labels.item(table.cell(0, column).text) for column in range(table.columns)]
    return [{"LineItemExpenseFields": _row(page, table, row, heads)} for row in range(1, table.rows)]


def _row(page: Page, table: Table, row: int, heads: Sequence[str]) -> list[dict[str, Any]]:
    fields = []
    cells = [table.cell(row, column) for column in range(table.columns)]
    for kind, cell in zip(heads, cells, strict=True):
        if not cell.words:
            continue
        head = table.cell(0, cell.column)
        shown: dict[str, Any] = {"Type": {"Text": kind, "Confidence": _percent(table.confidence)}}
        if head.words:
            shown["LabelDetection"] = _detection(page, head.words, head.box, table.confidence)
        shown["ValueDetection"] = _detection(page, cell.words, cell.box, table.confidence)
        fields.append(shown | {"PageNumber": page.number} | _currency(cell.text, table.confidence))
    words = [word for cell in cells for word in cell.words]
    if words:
        box = cells[0].box._replace(right=cells[-1].box.right)
        whole = {"Type": {"Text": "EXPENSE_ROW", "Confidence": _percent(table.confidence)}, "PageNumber": page.number}
        fields.append({**whole, "ValueDetection": _detection(page, words, box, table.confidence)})
    return fields


def _identity_field(kind: str, text: str, confidence: float) -> dict[str, Any]:
    value: dict[str, Any] = {"Text": text, "Confidence": _percent(confidence)}
    if "DATE" in kind and (date := labels.date(text)):
        value["NormalizedValue"] = {"Value": date, "ValueType": "DATE"}
    return {"Type": {"Text": kind}, "ValueDetection": value}


def _lending_field(page: Page, field: Field) -> dict[str, Any]:
    label = _words(field.key)
    value = _detection(page, field.value, field.value_box, field.confidence)
    if field.selection is not None:
        value["SelectionStatus"] = "SELECTED" if field.selection.selected else "NOT_SELECTED"
    return {
        "Type": re.sub(r"\W+", "_", label.upper()).strip("_") or labels.OTHER,
        "KeyDetection": _detection(page, field.key, field.key_box, field.confidence),
        "ValueDetections": [value] if field.value or field.selection else [],
    }


def _detection(page: Page, words: Sequence[Word], box: Box, confidence: float) -> dict[str, Any]:
    return {"Text": _words(words), "Geometry": geometry(page, box), "Confidence": _percent(confidence)}


def _currency(value: str, confidence: float) -> dict[str, Any]:
    code = labels.currency(value)
    return {"Currency": {"Code": code, "Confidence": _percent(confidence)}} if code else {}


def _text(page: Page, seed: int, source: str) -> list[dict[str, Any]]:
    """The page's lines and words, as blocks."""
    return blocks([replace(page, tables=[], fields=[], selections=[])], seed, f"{source}|{page.number}")


def _legibility(lines: Iterable[Line]) -> float:
    """How surely the words of some lines were read, 0 to 1."""
    return mean(word.confidence for line in lines for word in line.words)


def _words(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _percent(confidence: float) -> float:
    return round(100.0 * confidence, 6)
