"""The example about a pile of paper, with papers made at random."""

from __future__ import annotations

import csv
import sys
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest

from aiservices import AI
from examples import paper_forms
from tests.documents import Leaf, form, pdf, scan


@pytest.mark.parametrize("seed", [71, 72])
def test_a_form_becomes_a_row(seed: int, tmp_path: Path) -> None:
    data, pairs = form(seed)
    (tmp_path / "form.pdf").write_bytes(data)
    with AI(backend="mock") as ai:
        row, unsure, document = paper_forms.read_form(ai, tmp_path / "form.pdf")
    assert pairs.items() <= row.items()
    assert row["order"] == ""
    assert "order" in unsure
    assert document.to_markdown().startswith("# Application form")


def test_expenses_and_what_is_none(tmp_path: Path) -> None:
    for number, total in ((1, "$12.50"), (2, "$1,000.00")):
        leaf = Leaf()
        for line, text in enumerate(("Invoice", f"Invoice Number: {number}", f"Total: {total}")):
            leaf.text(60, 60 + 24 * line, text)
        (tmp_path / f"{number}.pdf").write_bytes(pdf(leaf))
    (tmp_path / "3.pdf").write_bytes(b"no PDF")
    with AI(backend="mock") as ai:
        rows = paper_forms.read_expenses(ai, sorted(tmp_path.iterdir()))
    assert [row.get("total") for row in rows] == [Decimal("12.50"), Decimal("1000.00"), None]
    assert "UnsupportedDocumentException" in rows[2]["error"]
    paper_forms.write(tmp_path / "rows.csv", rows)
    with (tmp_path / "rows.csv").open(newline="") as file:
        assert [row["file"] for row in csv.DictReader(file)] == ["1.pdf", "2.pdf", "3.pdf"]


def test_the_whole_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("rapidocr")
    data = tmp_path / "data"
    data.mkdir()
    (data / "return_form.jpg").write_bytes(scan(form(73)[0], kind="JPEG", dpi=150))
    for name in ("invoice.pdf", "receipt.jpg"):
        (data / name).write_bytes(form(74)[0])
    monkeypatch.setattr(paper_forms, "DATA", data)
    monkeypatch.setenv("AISERVICES_BACKEND", "mock")
    monkeypatch.setattr(sys, "argv", ["paper_forms", str(tmp_path / "out")])
    paper_forms.main()
    assert "textract.AnalyzeDocument" in capsys.readouterr().out
    made = pypdfium2.PdfDocument(tmp_path / "out" / "return_form.pdf")
    assert "Application form" in made[0].get_textpage().get_text_range()
    made.close()
    assert "Application form" in (tmp_path / "out" / "return_form.md").read_text("utf-8")
    assert {one.name for one in (tmp_path / "out").iterdir()} >= {"forms.csv", "expenses.csv"}
