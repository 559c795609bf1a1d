"""Invoices, receipts, identity documents and papers for loans, on every backend of the rig."""

from __future__ import annotations

import io
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Mock

from aiservices import AI
from tests.documents import Leaf, pdf

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
"""The specimen of ICAO Doc 9303."""


def page(*lines: str, font: str = "Helvetica") -> Leaf:
    leaf = Leaf()
    for number, line in enumerate(lines):
        leaf.text(60, 60 + 22 * number, line, 11, font)
    return leaf


def receipt(vendor: str, items: dict[str, str], cash: str, change: str, total: str) -> bytes:
    leaf = page(vendor, "12 Harbour Road", "Leeds 48122", "Tel: 555 123 4567", "Receipt No: 77", "Date: 05/06/2026")
    rows = {**items, "SUB TOTAL": total, "TOTAL": total, "CASH": cash, "CHANGE": change}
    for number, (name, amount) in enumerate(rows.items()):
        leaf.text(60, 220 + 20 * number, name)
        leaf.text(260, 220 + 20 * number, amount)
    leaf.text(60, 420, "Thank you")
    return pdf(leaf)


def told(ai: Any, data: bytes) -> Any:
    return ai.textract.analyze_expense(document={"Bytes": data}).expense_documents[0]


def test_the_currency_of_a_sum_is_part_of_its_value(ai: Any) -> None:
    lines = {"Subtotal:": "EUR 137.80", "VAT 19 %:": "EUR 26.18", "Total:": "EUR 163.98"}
    leaf = page("Alder Hardware GmbH", "Invoice number: 77")
    for number, (label, amount) in enumerate(lines.items()):
        leaf.text(60, 200 + 20 * number, label)
        leaf.text(260, 200 + 20 * number, amount)
    found = {one.type.text: one for one in told(ai, pdf(leaf)).summary_fields}
    shown = [found[kind] for kind in ("SUBTOTAL", "TAX", "TOTAL")]
    assert {one.label_detection.text: one.value_detection.text for one in shown} == lines
    assert {one.currency.code for one in shown} == {"EUR"}


@pytest.mark.parametrize(
    ("vendor", "items", "cash", "change", "total"),
    [
        ("Alder Hardware Ltd", {"Blue paint": "7.50", "Brush": "2.25"}, "10.00", "0.25", "9.75"),
        ("Corner Bakery", {"Rye bread": "3.10", "Butter roll": "1.20", "Tea": "2.00"}, "20.00", "13.70", "6.30"),
    ],
)
def test_a_receipt_is_told_by_its_rows(
    ai: Any, vendor: str, items: dict[str, str], cash: str, change: str, total: str
) -> None:
    found = told(ai, receipt(vendor, items, cash, change, total))
    fields = {one.type.text: one.value_detection.text for one in found.summary_fields}
    assert fields["VENDOR_NAME"] == vendor
    assert fields["VENDOR_ADDRESS"] == "12 Harbour Road Leeds 48122"
    assert (fields["TOTAL"], fields["SUBTOTAL"], fields["AMOUNT_PAID"]) == (total, total, cash)
    assert (fields["INVOICE_RECEIPT_DATE"], fields["INVOICE_RECEIPT_ID"]) == ("05/06/2026", "77")
    (group,) = found.line_item_groups
    bought = [
        {one.type.text: one.value_detection.text for one in item.line_item_expense_fields} for item in group.line_items
    ]
    assert [(one["ITEM"], one["PRICE"]) for one in bought] == list(items.items())
    assert all(one["EXPENSE_ROW"] == f"{one['ITEM']} {one['PRICE']}" for one in bought)


def test_who_is_billed_is_a_group(ai: Any) -> None:
    leaf = page("Northwind Mills Ltd", "INVOICE")
    leaf.text(60, 140, "Bill To:", 11, "Helvetica-Bold")
    for number, line in enumerate(("Ada Lopez", "4 Mill Street", "Graz 80100")):
        leaf.text(60, 155 + 14 * number, line)
    leaf.text(60, 240, "Invoice Number: 4711")
    leaf.text(60, 260, "Total: $45.00")
    fields = {one.type.text: one for one in told(ai, pdf(leaf)).summary_fields}
    name, address = fields["RECEIVER_NAME"], fields["RECEIVER_ADDRESS"]
    assert (name.value_detection.text, address.value_detection.text) == ("Ada Lopez", "4 Mill Street Graz 80100")
    assert name.group_properties[0].types == ["RECEIVER_BILL_TO"]
    assert name.group_properties[0].id == address.group_properties[0].id
    assert fields["TOTAL"].currency.code == "USD"


def identity(ai: Any, *pages: bytes) -> list[dict[str, Any]]:
    reply = ai.textract.analyze_id(document_pages=[{"Bytes": data} for data in pages])
    return [
        {one.type.text: one.value_detection for one in document.identity_document_fields}
        for document in reply.identity_documents
    ]


def test_the_lines_for_machines_tell_what_is_not_printed(ai: Any) -> None:
    (found,) = identity(ai, pdf(page("PASSPORT", "Utopia", *PASSPORT, font="Courier")))
    assert {kind: found[kind].text for kind in ("LAST_NAME", "FIRST_NAME", "MIDDLE_NAME", "DOCUMENT_NUMBER")} == {
        "LAST_NAME": "ERIKSSON",
        "FIRST_NAME": "ANNA",
        "MIDDLE_NAME": "MARIA",
        "DOCUMENT_NUMBER": "L898902C3",
    }
    assert found["DATE_OF_BIRTH"].normalized_value.value == "1974-08-12T00:00:00"
    assert found["ID_TYPE"].text == "PASSPORT"
    assert found["MRZ_CODE"].text == " ".join(PASSPORT)
    changed = PASSPORT[1].replace("740812", "740813")
    (other,) = identity(ai, pdf(page("PASSPORT", PASSPORT[0], changed, font="Courier")))
    assert other["DATE_OF_BIRTH"].confidence < 50 < found["DATE_OF_BIRTH"].confidence
    assert other["DOCUMENT_NUMBER"].confidence > 50


@pytest.mark.skipif(find_spec("rapidocr") is None, reason="reads a picture")
def test_small_print_of_a_picture_stands_over_what_it_names() -> None:
    ai = AI(backend=Mock())  # reading the picture takes long, and is the same on every backend
    picture = (Path(__file__).parents[2] / "examples" / "data" / "identity.jpg").read_bytes()
    (found,) = identity(ai, picture)
    assert (found["PLACE_OF_BIRTH"].text, found["DOCUMENT_NUMBER"].text) == ("EXAMPLETON", "X10234567")
    blocks = ai.textract.analyze_document(document={"Bytes": picture}, feature_types=["FORMS"]).blocks
    assert [one for one in blocks if one.block_type == "SELECTION_ELEMENT"] == []  # the o of its "No." is a letter


def test_the_face_of_a_licence(ai: Any) -> None:
    face = page(
        "ARIZONA", "DRIVER LICENSE", "4d DLN D1234567", "3 DOB 01/15/1985", "4b EXP 01/15/2029", "1 SAMPLE",
        "2 ALEXANDER JAMES", "8 123 NORTH STREET", "PHOENIX, AZ 85007", "9 CLASS D",
    )  # fmt: skip
    (found,) = identity(ai, pdf(face))
    assert {kind: one.text for kind, one in found.items() if one.text} == {
        "FIRST_NAME": "ALEXANDER",
        "MIDDLE_NAME": "JAMES",
        "LAST_NAME": "SAMPLE",
        "DOCUMENT_NUMBER": "D1234567",
        "DATE_OF_BIRTH": "01/15/1985",
        "EXPIRATION_DATE": "01/15/2029",
        "CLASS": "D",
        "ADDRESS": "123 NORTH STREET PHOENIX, AZ 85007",
        "CITY_IN_ADDRESS": "PHOENIX",
        "STATE_IN_ADDRESS": "AZ",
        "ZIP_CODE_IN_ADDRESS": "85007",
        "STATE_NAME": "ARIZONA",
        "ID_TYPE": "DRIVER LICENSE FRONT",
    }


@pytest.mark.skipif(find_spec("zxingcpp") is None, reason='needs pip install "aiservices[ocr]"')
def test_the_code_on_the_back_of_a_licence(ai: Any) -> None:
    import numpy as np
    import zxingcpp

    text = (
        "@\n\x1e\rANSI 636026080102DL00410288ZA03290015DLDAQD12345678\nDCSSAMPLE\nDACALEXANDER\nDADJAMES\nDCAD\n"
        "DBB01151985\nDBA01152029\nDAG123 NORTH STREET\nDAIPHOENIX\nDAJAZ\nDAK850070000\r"
    )
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.PDF417).to_image(scale=3)
    pixels = np.array(code)
    leaf = page("Back of the card")
    leaf.image(
        60, 120, 400, 400 * pixels.shape[0] / pixels.shape[1], (pixels.shape[1], pixels.shape[0], pixels.tobytes())
    )
    (found,) = identity(ai, pdf(leaf))
    assert (found["LAST_NAME"].text, found["DOCUMENT_NUMBER"].text) == ("SAMPLE", "D12345678")
    assert (found["ZIP_CODE_IN_ADDRESS"].text, found["ID_TYPE"].text) == ("85007", "DRIVER LICENSE BACK")
    assert found["EXPIRATION_DATE"].normalized_value.value == "2029-01-15T00:00:00"


def test_a_bundle_is_split_into_its_documents(ai: Any, mock: Mock) -> None:
    import pypdfium2

    mock.s3["docs/in.pdf"] = pdf(
        page("Pay Stub", "Employee Name: Maria Silva", "Page 1 of 2"),
        page("Pay Stub", "Net Pay: $100.00", "Page 2 of 2"),
        page("Pay Stub", "Employee Name: Hugo Eklund", "Page 1 of 1"),
        page("Request for Taxpayer Identification", "Signature"),
    )
    mock.s3["out/.keep"] = b""
    job = ai.textract.start_lending_analysis(
        document_location={"S3Object": {"Bucket": "docs", "Name": "in.pdf"}}, output_config={"S3Bucket": "out"}
    ).job_id
    results = ai.textract.get_lending_analysis(job_id=job).results
    assert [one.page_classification.page_number[0].value for one in results] == ["1", "2", "1", "undetected"]
    groups = ai.textract.get_lending_analysis_summary(job_id=job).summary.document_groups
    assert [(one.type, [part.pages for part in one.split_documents]) for one in groups] == [
        ("PAYSLIPS", [[1, 2], [3]]),
        ("W_9", [[4]]),
    ]
    assert [one.page for one in groups[1].undetected_signatures] == [4]
    folder = f"textract_output/{job}/splitDocuments/"
    assert [key.removeprefix(folder) for key in mock.s3.keys("out", folder)] == [
        "PAYSLIPS_1.pdf",
        "PAYSLIPS_2.pdf",
        "W_9_1.pdf",
    ]
    first = pypdfium2.PdfDocument(io.BytesIO(mock.s3[f"out/{folder}PAYSLIPS_1.pdf"]))
    assert len(first) == 2
    first.close()
    summary = json.loads(mock.s3[f"out/textract_output/{job}/summaryResponse/1"])["Summary"]
    assert summary["DocumentGroups"][1]["UndetectedSignatures"] == [{"Page": 4}]
