"""amazon-textract-textractor, AWS's own reader of Textract's answers, reads ours."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import boto3
import pytest
from textractor import Textractor
from textractor.data.constants import TextractFeatures

BUCKET = "textractor-files"


@pytest.fixture(scope="session")
def textractor() -> Any:
    return Textractor(region_name="us-east-1")


@pytest.fixture(scope="session")
def staged(data: Path) -> str:
    """The invoice's address in S3."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.upload_file(str(data / "invoice.pdf"), BUCKET, "invoice.pdf")
    return f"s3://{BUCKET}/invoice.pdf"


def test_words_and_lines_of_a_scan(textractor: Any, data: Path) -> None:
    document = textractor.detect_document_text(file_source=str(data / "receipt.jpg"))
    assert len(document.pages) == 1
    assert len(document.words) > len(document.lines) > 5
    assert "TOTAL" in document.get_text().upper()


def test_a_job_reads_forms_and_tables(textractor: Any, staged: str) -> None:
    features = [TextractFeatures.FORMS, TextractFeatures.TABLES, TextractFeatures.LAYOUT]
    document = textractor.start_document_analysis(file_source=staged, features=features, save_image=False)
    assert document.key_values
    table = document.tables[0]
    assert table.row_count > 2
    assert len(table.table_cells) >= table.row_count * 2
    assert document.pages[0].page_layout is not None
    assert "invoice" in document.get_text().lower()


def test_a_question_is_answered(textractor: Any, data: Path) -> None:
    question = "What is the total?"
    document = textractor.analyze_document(
        file_source=str(data / "receipt.jpg"), features=[TextractFeatures.QUERIES], queries=[question]
    )
    assert document.queries[0].query == question
    assert any(digit.isdigit() for digit in document.queries[0].result.answer)


def test_an_expense_has_its_fields(textractor: Any, data: Path) -> None:
    document = textractor.analyze_expense(file_source=str(data / "receipt.jpg"))
    found = {field.type.text for field in document.expense_documents[0].summary_fields_list}
    assert "TOTAL" in found


def test_an_identity_document_has_its_fields(textractor: Any, data: Path) -> None:
    document = textractor.analyze_id(file_source=str(data / "identity.jpg"))
    fields = {str(key): value for key, value in document.identity_documents[0].fields.items()}
    assert fields
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert document.identity_documents[0].get("LAST_NAME")
