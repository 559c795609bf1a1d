"""The demo's papers: forms, a receipt and a passport, made at random."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiservices import AI
from examples.demo import documents
from tests.documents import Leaf, form, pdf, scan


def paper(*lines: str) -> bytes:
    leaf = Leaf()
    for number, line in enumerate(lines):
        leaf.text(60, 60 + 30 * number, line, 14)
    return scan(pdf(leaf), kind="JPEG", dpi=110)


@pytest.mark.parametrize(("total", "surname"), [("$12.50", "SILVA"), ("$80.00", "EKLUND")])
def test_every_paper_has_its_section(total: str, surname: str, tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    (tmp_path / "receipt.jpg").write_bytes(paper("Receipt", "Date: 21 Sep 2026", f"Total: {total}"))
    (tmp_path / "identity.jpg").write_bytes(paper("PASSPORT", f"Surname: {surname}", "Date of Birth: 04/21/1980"))
    (tmp_path / "invoice.pdf").write_bytes(form(81)[0])
    identity, invoice, receipt = documents.sections(AI(backend="mock"), tmp_path)
    assert {"field": "TOTAL", "value": total} in receipt.rows
    assert f"{total.strip('$')} USD on 2026-09-21" in receipt.title
    assert {"field": "LAST_NAME", "value": surname} in identity.rows
    assert {"field": "DATE_OF_BIRTH", "value": "1980-04-21"} in identity.rows
    assert {"When is the payment due?", "What is the VAT?"} <= {row["field"] for row in invoice.rows}
    assert all("data:image/jpeg;base64," in "".join(one.pieces) for one in (identity, invoice, receipt))
