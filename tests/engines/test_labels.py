"""Labels are told by their words."""

from __future__ import annotations

import pytest
from aiservices_mocks.engines import labels
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Invoice No.:", "INVOICE_RECEIPT_ID"),
        ("Invoice #", "INVOICE_RECEIPT_ID"),
        ("Date", "INVOICE_RECEIPT_DATE"),
        ("Due Date:", "DUE_DATE"),
        ("Sub-total", "SUBTOTAL"),
        ("VAT", "TAX"),
        ("VAT 19 %:", "TAX"),
        ("20% VAT", "TAX"),
        ("VAT no. 19", "TAX_PAYER_ID"),
        ("Amount Due:", "AMOUNT_DUE"),
        ("TOTAL", "TOTAL"),
        ("Favourite colour", "OTHER"),
    ],
)
def test_labels_of_invoices(label: str, kind: str) -> None:
    assert labels.expense(label) == kind


@pytest.mark.parametrize(
    ("head", "kind"), [("Description", "ITEM"), ("Qty", "QUANTITY"), ("Unit price", "UNIT_PRICE"), ("Amount", "PRICE")]
)
def test_heads_of_tables(head: str, kind: str) -> None:
    assert labels.item(head) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Form 1040 U.S. Individual", "1040"), ("Pay Stub\nInvoice", "PAYSLIPS"), ("a letter", "UNCLASSIFIED")],
)
def test_papers_for_loans(text: str, kind: str) -> None:
    assert labels.page(text) == kind


@pytest.mark.parametrize(
    ("text", "date"),
    [("01/31/2026", "2026-01-31T00:00:00"), ("31 Jan 2026", "2026-01-31T00:00:00"), ("soon", ""), ("31/31/2026", "")],
)
def test_dates(text: str, date: str) -> None:
    assert labels.date(text) == date


def test_currencies_and_zones() -> None:
    assert [labels.currency(text) for text in ("$5", "5 EUR", "5")] == ["USD", "EUR", ""]
    assert labels.machine_readable(["Name", "P<UTO ADA<<BYRON", "12<<<"]) == "P<UTOADA<<BYRON 12<<<"


@given(st.text(max_size=80))
def test_any_text_has_a_kind(text: str) -> None:
    assert labels.expense(text)
    assert labels.identity(text)
    assert labels.page(text) in (*labels.PAGES, labels.UNCLASSIFIED)
