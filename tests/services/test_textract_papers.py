"""Invoices, identity documents and papers for a loan, out of AWS's stored answers."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from aiservices.errors import InvalidCallError
from aiservices.services.textract.expense import Expense
from aiservices.services.textract.identity import Identity
from aiservices.services.textract.lending import Lending
from tests.services.textract_made import Sheet, geometry


def field(type: str, text: str, label: str = "", sure: float = 95.0, page: int = 1, **more: Any) -> dict[str, Any]:
    place = geometry(0.1, 0.2, 0.3, 0.02)
    labelled = {"LabelDetection": {"Text": label, "Geometry": place, "Confidence": 90.0}} if label else {}
    return {
        "Type": {"Text": type, "Confidence": 99.0},
        **labelled,
        "ValueDetection": {"Text": text, "Geometry": place, "Confidence": sure},
        "PageNumber": page,
        **more,
    }


def items(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    whole = [[*row, field("EXPENSE_ROW", " ".join(one["ValueDetection"]["Text"] for one in row))] for row in rows]
    return {"LineItemGroupIndex": 1, "LineItems": [{"LineItemExpenseFields": row} for row in whole]}


def receipt() -> dict[str, Any]:
    sheet = Sheet()
    sheet.line("Corner Shop")
    sheet.line("Total $12.50")
    return {
        "ExpenseIndex": 1,
        "SummaryFields": [
            field("NAME", "somebody else", sure=99.0),
            field("VENDOR_NAME", "Corner\nShop"),
            field("INVOICE_RECEIPT_DATE", "21 Sep 2026", "Date"),
            field("INVOICE_RECEIPT_ID", "0017", "No."),
            field("SUBTOTAL", "$11.00", "Net"),
            field("TAX", "$1.50", "Tax"),
            field("TOTAL", "$125.00", "Total", sure=40.0),
            field("TOTAL", "$12.50", "Total", sure=97.0, Currency={"Code": "USD", "Confidence": 90.0}),
            field("OTHER", "blue", "Colour"),
        ],
        "LineItemGroups": [
            items(
                [field("ITEM", "Tea", "Article"), field("QUANTITY", "2"), field("PRICE", "$4.00")],
                [field("ITEM", "Cake", "Article"), field("PRICE", "$7.00"), field("OTHER", "A", "VAT")],
            )
        ],
        "Blocks": sheet.blocks,
    }


def answer(*documents: dict[str, Any]) -> dict[str, Any]:
    return {"DocumentMetadata": {"Pages": len(documents)}, "ExpenseDocuments": list(documents)}


def test_a_receipt() -> None:
    found = Expense.from_textract(answer(receipt()))
    assert (found.vendor, found.number, found.date) == ("Corner Shop", "0017", date(2026, 9, 21))
    assert (found.subtotal, found.tax, found.total, found.currency) == (
        Decimal("11.00"), Decimal("1.50"), Decimal("12.50"), "USD",
    )  # fmt: skip
    assert found.items.rows == [
        ["ITEM", "QUANTITY", "PRICE", "VAT"],
        ["Tea", "2", "$4.00", ""],
        ["Cake", "", "$7.00", "A"],
    ]
    assert found.items.header_rows == 1
    assert found.document.text == "Corner Shop\nTotal $12.50"
    assert repr(found) == "<Expense: Corner Shop, total $12.50, 9 fields, 2 items>"
    assert found.to_dict()["items"] == 2
    assert found.documents == [found]
    assert found.confidence == pytest.approx((95 * 6 + 99 + 40 + 97) / 900)
    colour = found.get("OTHER")
    assert colour is not None
    assert (colour.label, colour.text, colour.amount, colour.raw["PageNumber"]) == ("Colour", "blue", None, 1)
    assert (colour.box.left, colour.confidence) == (0.1, 0.95)


def test_a_receipt_that_says_nothing() -> None:
    found = Expense.from_textract({"ExpenseDocuments": []})
    assert (found.vendor, found.number, found.date, found.total, found.currency) == (None,) * 5
    assert (found.confidence, found.items.rows, found.documents) == (None, [], [])
    assert repr(found) == "<Expense: no vendor, no total, 0 fields, 0 items>"
    assert "<table>" in found._repr_html_()


def test_members_may_be_missing() -> None:
    found = Expense.from_textract(
        {"ExpenseDocuments": [{"SummaryFields": [{}], "LineItemGroups": [{"LineItems": [{}]}]}]}
    )
    assert [(one.type, one.text, one.page) for one in found.fields] == [("OTHER", "", 1)]
    assert found.items.rows == []


def test_what_cannot_be_read_as_an_amount_keeps_its_text() -> None:
    found = Expense.from_textract(
        answer({"SummaryFields": [field("TOTAL", "twelve"), field("INVOICE_RECEIPT_DATE", "3/4/26")]})
    )
    assert (found.total, found.date) == (None, None)
    total, day = found.get("TOTAL"), found.get("INVOICE_RECEIPT_DATE")
    assert total is not None
    assert total.text == "twelve"
    assert day is not None
    assert day.date(day_first=True) == date(2026, 4, 3)


def test_several_receipts_in_one_file() -> None:
    second = {"ExpenseIndex": 2, "SummaryFields": [field("TOTAL", "7,00 €", sure=50.0, page=2)]}
    found = Expense.from_textract([answer(receipt()), answer(second)])
    assert [one.total for one in found.documents] == [Decimal("12.50"), Decimal("7.00")]
    assert found.documents[1].vendor is None
    assert len(found.fields) == 10


def identity(*fields: tuple[str, str, str | None, float]) -> dict[str, Any]:
    found = []
    for type, text, normal, sure in fields:
        value: dict[str, Any] = {"Text": text, "Confidence": sure}
        if normal:
            value["NormalizedValue"] = {"Value": normal, "ValueType": "DATE"}
        found.append({"Type": {"Text": type}, "ValueDetection": value})
    return {"DocumentIndex": 1, "IdentityDocumentFields": found}


FRONT = identity(
    ("FIRST_NAME", "MARIA", None, 98.0), ("MIDDLE_NAME", "", None, 99.0), ("LAST_NAME", "SILVA", None, 60.0),
    ("DATE_OF_BIRTH", "21 APR 1980", "1980-04-21T00:00:00", 97.0), ("EXPIRATION_DATE", "soon", "?", 50.0),
    ("ID_TYPE", "DRIVER LICENSE FRONT", None, 99.0),
)  # fmt: skip
BACK = identity(("LAST_NAME", "SILVA SANTOS", None, 90.0), ("FIRST_NAME", "M", None, 20.0), ("CLASS", "B", None, 80.0))


def test_an_identity_document_of_two_sides() -> None:
    found = Identity.from_textract({"IdentityDocuments": [FRONT, BACK], "DocumentMetadata": {"Pages": 2}})
    assert found.name == "MARIA SILVA SANTOS"
    assert (found["CLASS"], found.get("MIDDLE_NAME"), found.number) == ("B", None, None)
    assert found.dates == {"DATE_OF_BIRTH": date(1980, 4, 21)}
    assert found.to_dict()["EXPIRATION_DATE"] == "soon"
    assert repr(found) == "<Identity: DRIVER LICENSE FRONT, 6 fields>"
    assert found.confidence == pytest.approx((98 + 90 + 97 + 50 + 99 + 80) / 600)
    with pytest.raises(KeyError):
        found["MIDDLE_NAME"]
    assert "1980-04-21" in found._repr_html_()
    assert "MARIA" not in repr(found)


def lending() -> dict[str, Any]:
    pay = {
        "LendingFields": [
            {"Type": "BORROWER_NAME", "ValueDetections": [{"Text": "ADA", "Confidence": 98.0}]},
            {"Type": "OWNS_HOUSE", "ValueDetections": [{"SelectionStatus": "NOT_SELECTED", "Confidence": 88.0}]},
            {"Type": "PAY_DATE", "ValueDetections": []},
        ],
        "SignatureDetections": [{"Confidence": 70.0, "Geometry": geometry(0.1, 0.8, 0.2, 0.05)}],
    }
    kinds = ["PAYSLIPS", "PAYSLIPS", "RECEIPTS", "IDENTITY_DOCUMENT", "PAYSLIPS"]
    parts: list[dict[str, Any]] = [
        {"LendingDocument": pay}, {"LendingDocument": {}}, {"ExpenseDocument": receipt()}, {"IdentityDocument": FRONT}, {},
    ]  # fmt: skip
    results = [
        {
            "Page": number,
            "PageClassification": {"PageType": [{"Value": kind, "Confidence": 99.0}], "PageNumber": []},
            "Extractions": [part],
        }
        for number, (kind, part) in enumerate(zip(kinds, parts, strict=True), start=1)
    ]
    return {"DocumentMetadata": {"Pages": 5}, "JobStatus": "SUCCEEDED", "Results": results}


def test_papers_for_a_loan() -> None:
    found = Lending.from_textract(lending())
    first, _, third, fourth, _ = found.pages
    assert first.fields == {"BORROWER_NAME": ["ADA"], "OWNS_HOUSE": ["not selected"]}
    assert (first.kind, first.confidence, first.signatures[0].page) == ("PAYSLIPS", 0.99, 1)
    assert third.expense is not None
    assert third.expense.total == Decimal("12.50")
    assert fourth.identity is not None
    assert fourth.identity["FIRST_NAME"] == "MARIA"
    assert found.documents == {"PAYSLIPS": [[1, 2], [5]], "RECEIPTS": [[3]], "IDENTITY_DOCUMENT": [[4]]}
    assert found.to_dict() == {"PAYSLIPS": 3, "RECEIPTS": 1, "IDENTITY_DOCUMENT": 1}
    assert repr(found) == "<Lending: 5 pages: PAYSLIPS, RECEIPTS, IDENTITY_DOCUMENT>"
    assert "BORROWER_NAME" in found._repr_html_()
    groups = [{"Type": "PAYSLIPS", "SplitDocuments": [{"Index": 1, "Pages": [1]}, {"Index": 2, "Pages": [2]}]}]
    split = Lending.from_textract(lending() | {"Summary": {"DocumentGroups": groups}})
    assert split.documents == {"PAYSLIPS": [[1], [2]]}


Make = Callable[[Any], Any]


@pytest.mark.parametrize(
    ("make", "good"),
    [
        (Expense.from_textract, answer(receipt())),
        (Identity.from_textract, {"IdentityDocuments": [FRONT]}),
        (Lending.from_textract, lending()),
    ],
)
def test_saved_pickled_and_refused(make: Make, good: dict[str, Any], tmp_path: Path) -> None:
    found = make({**good, "ResponseMetadata": {"RequestId": "x"}})
    found.save(tmp_path / "a.json")
    assert "ResponseMetadata" not in json.loads((tmp_path / "a.json").read_text("utf-8"))
    for again in (make(tmp_path / "a.json"), make(json.dumps(good)), pickle.loads(pickle.dumps(found))):
        assert again.to_dict() == found.to_dict()
    for bad in ({}, {"Blocks": []}, "nothing", [3], {next(iter(good.keys() - {"DocumentMetadata", "JobStatus"})): [3]}):
        with pytest.raises(InvalidCallError):
            make(bad)
