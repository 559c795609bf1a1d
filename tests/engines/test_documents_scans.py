"""Scans and pictures: words, tables, forms and checkboxes out of pixels."""

from __future__ import annotations

import sys
from difflib import SequenceMatcher
from importlib.util import find_spec
from io import BytesIO

import pytest
from aiservices_mocks.engines import documents
from aiservices_mocks.engines.documents import Page, ocr
from PIL import Image

from aiservices.errors import MissingExtraError
from tests.documents import Leaf, cells_of, columns, form, pairs_of, pdf, scan, table

needs_ocr = pytest.mark.skipif(find_spec("rapidocr") is None, reason='needs pip install "aiservices[ocr]"')


def read(data: bytes) -> Page:
    (page,) = documents.read(data, tables=True, forms=True)
    return page


@needs_ocr
def test_a_slanted_scan_of_a_form() -> None:
    data, expected = form(22)
    page = read(scan(data, dpi=130, angle=1.4))
    assert pairs_of(page) == expected
    assert page.engine == "rapidocr"
    assert page.angle == pytest.approx(-1.4, abs=0.1)
    assert all(0.5 < word.confidence <= 1 for word in page.words)


@needs_ocr
def test_a_slanted_scan_of_a_table() -> None:
    data, expected = table(24)
    page = read(scan(data, kind="JPEG", dpi=130, angle=-1.1))
    assert [cells_of(found) for found in page.tables] == [expected]
    assert page.tables[0].ruled


@needs_ocr
@pytest.mark.parametrize("quarters", [1, 2])
def test_a_page_that_lies_on_its_side_or_stands_on_its_head(quarters: int) -> None:
    data, expected = table(25)
    picture = Image.open(BytesIO(scan(data, dpi=110))).rotate(-90 * quarters, expand=True)
    out = BytesIO()
    picture.save(out, "PNG")
    page = read(out.getvalue())
    assert page.turn == quarters
    assert [cells_of(found) for found in page.tables] == [expected]


@needs_ocr
def test_scanned_columns_are_read_in_order() -> None:
    data, words = columns(26)
    found = [word.text for word in read(scan(data, dpi=110)).words]
    assert SequenceMatcher(None, found, words, autojunk=False).ratio() > 0.95


@needs_ocr
def test_words_and_checkboxes_of_a_scan_stand_where_they_stand_in_the_original() -> None:
    leaf = Leaf(width=320, height=160)
    leaf.text(60, 80, "Please tick what you want", 12)
    leaf.rect(60, 100, 12, 12)
    leaf.text(80, 110, "Newsletter", 12)
    leaf.rect(200, 100, 12, 12)
    leaf.line(202, 102, 210, 110)
    leaf.line(202, 110, 210, 102)
    leaf.text(220, 110, "Phone calls", 12)
    data = pdf(leaf)
    born, scanned = read(data), read(scan(data))
    scale = scanned.width / born.width
    assert [word.text for word in scanned.words] == [word.text for word in born.words]
    for have, want in zip(scanned.words, born.words, strict=True):
        assert have.box == pytest.approx([scale * edge for edge in want.box], abs=3)
    assert [s.selected for s in scanned.selections] == [s.selected for s in born.selections] == [False, True]
    assert {field.key[0].text: field.selection.selected for field in scanned.fields if field.selection} == {
        "Newsletter": False,
        "Phone": True,
    }


@needs_ocr
@pytest.mark.parametrize("size", [(1, 1), (3, 300)])
def test_pictures_without_text(size: tuple[int, int]) -> None:
    picture = Image.new("L", size, 255)
    picture.putpixel((0, size[1] // 2), 0)
    out = BytesIO()
    picture.save(out, "PNG")
    page = read(out.getvalue())
    assert (page.words, page.tables, page.fields) == ([], [], [])
    assert (page.width, page.height) == size


def test_without_the_extra_a_scan_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_reader", None)
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(MissingExtraError, match=r"aiservices\[ocr\]"):
        read(scan(form(1)[0], dpi=40))
