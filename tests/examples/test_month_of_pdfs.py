"""The example about a month of PDFs."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import pytest

from aiservices import AI
from aiservices.money import PriceBook
from examples import month_of_pdfs
from tests.documents import Leaf, pdf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents of 8 pages, one of them in a folder of its own."""
    (tmp_path / "late").mkdir()
    for name, pages in (("a.pdf", 3), ("b.pdf", 1), ("late/c.pdf", 4)):
        leaves = [Leaf() for _ in range(pages)]
        for number, leaf in enumerate(leaves):
            leaf.text(60, 60, f"Page {number}")
        (tmp_path / name).write_bytes(pdf(*leaves))
    return tmp_path


def test_pages_are_counted_and_priced_each_way(folder: Path) -> None:
    with AI(backend="mock") as ai:
        found = month_of_pdfs.ways(ai, sorted(folder.glob("**/*.pdf")))
        assert ai.costs.calls == 0, "an estimate sends nothing"
    dollars = {way: estimate.dollars for way, estimate in found.items()}
    assert dollars == {  # 8 pages at https://aws.amazon.com/textract/pricing/
        "text": Decimal("0.012"), "layout": Decimal("0.032"), "tables": Decimal("0.12"),
        "forms and tables": Decimal("0.52"), "one question": Decimal("0.12"), "invoices": Decimal("0.08"),
    }  # fmt: skip


def test_a_large_month_reaches_the_cheaper_tier(folder: Path) -> None:
    with AI(backend="mock") as ai:
        day = month_of_pdfs.ways(ai, [folder / "late" / "c.pdf"])["text"]
    assert month_of_pdfs.month(day, 30, PriceBook()) == Decimal("0.18")
    assert month_of_pdfs.month(day, 500_000, PriceBook()) == 1_500 + 600, "of two million pages the second is cheaper"


def test_the_example_runs(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(sys, "argv", ["month_of_pdfs", str(folder), "20"])
    month_of_pdfs.main()
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("3 PDFs, 8 pages a day; prices of 2026-")
    assert said[4] == "forms and tables $    0.5200 a day  $       10.40 in 20 days"
    monkeypatch.setattr(sys, "argv", ["month_of_pdfs", str(tmp_path_factory.mktemp("empty"))])
    with pytest.raises(SystemExit, match="has no PDFs"):
        month_of_pdfs.main()
