"""Born-digital documents: every word in order and in its place, columns, tables, forms."""

from __future__ import annotations

import random
import time
from io import BytesIO

import numpy as np
import pytest
from aiservices_mocks.engines import documents
from aiservices_mocks.engines.documents import Page, ocr
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.documents import Leaf, cells_of, columns, form, pairs_of, pdf, prose, scan, table


def read(data: bytes) -> Page:
    (page,) = documents.read(data, tables=True, forms=True)
    return page


@given(st.integers(0, 10**6))
def test_columns_are_read_one_after_the_other(seed: int) -> None:
    data, words = columns(seed)
    assert [word.text for word in read(data).words] == words


@given(st.integers(0, 10**6))
def test_a_ruled_table_comes_back_cell_by_cell(seed: int) -> None:
    data, expected = table(seed)
    page = read(data)
    (found,) = page.tables
    assert cells_of(found) == expected
    assert found.ruled
    assert found.spans == []
    assert [cell.header for cell in found.cells] == [cell.row == 0 for cell in found.cells]
    assert page.words[0].text == "Order"
    assert page.words[-1].text == "order."


@given(st.integers(0, 10**6))
def test_columns_that_line_up_are_a_table_without_rules(seed: int) -> None:
    data, expected = table(seed, ruled=False)
    (found,) = read(data).tables
    assert cells_of(found) == expected
    assert not found.ruled


@given(st.integers(0, 10**6))
def test_the_fields_of_a_form(seed: int) -> None:
    data, expected = form(seed)
    page = read(data)
    assert pairs_of(page) == expected
    assert page.tables == []


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("font", ["Helvetica", "Courier", "Times-Roman"])
def test_boxes_are_around_the_ink_within_a_pixel(font: str, rotate: int) -> None:
    leaf = Leaf(rotate=rotate)
    for i, word in enumerate(["Lisbon", "Fag", "Premium,", "plus:", "jgq", "-x-", "Wave."]):
        leaf.text(60 + 60 * (3 * i % 7), 80 + 90 * i, word, 14, font)
    data = pdf(leaf)
    page = read(data)
    picture = documents.picture(data, 0, 4.0).convert("L")
    assert page.turn == rotate // 90
    # Back to upright: the picture is turned as the page says.
    pixels = np.rot90(np.asarray(picture), page.turn) < 128
    assert pixels.shape == (4 * page.height, 4 * page.width)
    assert [word.text for word in page.words] == leaf.words
    for word in page.words:
        left, top, right, bottom = (round(4 * edge) for edge in word.box.grown(8))
        left, top = max(left, 0), max(top, 0)
        ink = pixels[top:bottom, left:right]
        ys, xs = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
        around = left + xs[0], top + ys[0], left + xs[-1] + 1, top + ys[-1] + 1
        assert max(abs(have - 4 * want) for have, want in zip(around, word.box, strict=True)) <= 1.5


def test_words_that_stand_apart_are_lines_of_their_own() -> None:
    leaf = Leaf()
    leaf.text(60, 100, "left side")
    leaf.text(300, 100, "right side")
    assert [line.text for line in read(pdf(leaf)).lines] == ["left side", "right side"]


def test_accents_punctuation_and_hyphens() -> None:
    leaf = Leaf()
    leaf.text(60, 100, "naïve café – “quoted” 50% a/b (c) e-mail@x.org €9.90 Straße")
    assert [word.text for word in read(pdf(leaf)).words] == leaf.words


def test_merged_cells_are_spans() -> None:
    leaf = Leaf()
    xs, ys = [60.0, 160.0, 260.0, 400.0], [230.0, 255.0, 280.0, 305.0]
    for y in ys:
        leaf.line(60 if y != 280 else 160, y, 400, y)
    for x in xs:
        leaf.line(x, 230 if x in (60, 400) else 255, x, 305)
    leaf.text(180, 247, "All of it")
    leaf.text(70, 285, "Left")
    for r, y in enumerate((272.0, 297.0)):
        for c, x in enumerate(xs[1:3]):
            leaf.text(x + 8, y, f"r{r}c{c}")
    (found,) = read(pdf(leaf)).tables
    assert [tuple(span) for span in found.spans] == [(0, 0, 1, 3), (1, 0, 2, 1)]
    assert cells_of(found)[1][1:] == ["r0c0", "r0c1"]
    assert cells_of(found)[2][1:] == ["r1c0", "r1c1"]


@pytest.mark.parametrize("ticked", [True, False])
def test_checkboxes_belong_to_their_labels(ticked: bool) -> None:
    leaf = Leaf()
    leaf.rect(60, 90, 11, 11)
    leaf.text(76, 100, "Newsletter")
    leaf.rect(200, 90, 11, 11)
    leaf.text(216, 100, "Phone calls")
    if ticked:
        leaf.line(62, 92, 69, 99)
        leaf.line(62, 99, 69, 92)
        leaf.text(202.5, 99.5, "X", 9)
    page = read(pdf(leaf))
    assert [(field.key[0].text, field.selection) for field in page.fields] == [
        ("Newsletter", page.selections[0]),
        ("Phone", page.selections[1]),
    ]
    assert [selection.selected for selection in page.selections] == [ticked, ticked]
    assert [word.text for word in page.words] == ["Newsletter", "Phone", "calls"]


def test_a_filled_in_form_has_its_values_in_annotations() -> None:
    leaf = Leaf()
    leaf.text(60, 100, "Name:")
    leaf.widget(120, 88, 180, 16, "/Tx BMC q BT /F1 11 Tf 2 4 Td (Ada Fischer) Tj ET Q EMC")
    leaf.text(60, 130, "I agree")
    leaf.rect(110, 120, 12, 12)
    leaf.widget(110, 120, 12, 12, "q 1 w 2 2 m 10 10 l S 2 10 m 10 2 l S Q", "Btn")
    page = read(pdf(leaf))
    assert pairs_of(page) == {"Name": "Ada Fischer", "I agree": ""}
    assert [field.selection.selected for field in page.fields if field.selection] == [True]


def test_places_for_letters_are_no_checkboxes() -> None:
    leaf = Leaf()
    for i, letter in enumerate("LISBON"):
        leaf.rect(60 + 14 * i, 90, 14, 14)
        leaf.text(63 + 14 * i, 101, letter)
    assert read(pdf(leaf)).selections == []


def test_an_empty_field_is_a_key_with_an_empty_value() -> None:
    leaf = Leaf()
    leaf.text(60, 100, "City:")
    leaf.line(100, 102, 300, 102)
    (field,) = read(pdf(leaf)).fields
    assert field.value == []
    assert field.value_box.left == pytest.approx(100, abs=1)
    assert field.value_box.right == pytest.approx(300, abs=1)


def test_text_on_its_side_keeps_its_words_and_its_turn() -> None:
    leaf = Leaf()
    for i in range(4):
        leaf.text(60, 100 + 15 * i, "A few words that stand upright")
    leaf.turned(590, 400, "Form 12-B")
    page = read(pdf(leaf))
    line = page.lines[-1]
    assert (line.text, line.turn) == ("Form 12-B", 3)
    assert line.box.height > 3 * line.box.width


def test_a_page_of_prose_has_no_tables_or_fields() -> None:
    rng = random.Random(3)
    leaf = Leaf()
    for i in range(40):
        leaf.text(60, 80 + 14 * i, " ".join(prose(rng, 12)), 10)
    page = read(pdf(leaf))
    assert page.tables == []
    assert page.fields == []
    assert len(page.lines) == 40


def test_the_same_document_gives_the_same_page() -> None:
    data, _ = table(11)
    assert repr(read(data)) == repr(read(data))


def test_ten_full_pages_take_little_time() -> None:
    rng = random.Random(1)
    leaves = []
    for _ in range(10):
        leaves.append(leaf := Leaf())
        for i in range(45):
            leaf.text(60, 60 + i * 14, " ".join(prose(rng, 11)), 10)
    data = pdf(*leaves)
    documents.read(data)
    begin = time.process_time()
    pages = documents.read(data, tables=True, forms=True)
    assert time.process_time() - begin < 1.5  # measured: 0.15
    assert [word.text for page in pages for word in page.words] == [word for leaf in leaves for word in leaf.words]


def test_a_scan_in_a_pdf_has_no_text_layer_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def recognise(pixels: object) -> list[object]:
        asked.append(pixels)
        return []

    monkeypatch.setattr(ocr, "_recognise", recognise)
    picture = Image.open(BytesIO(scan(form(1)[0], dpi=60)))
    leaf = Leaf()
    leaf.image(0, 0, leaf.width, leaf.height, (*picture.size, picture.tobytes()))
    leaf.text(20, 20, "Scanned by a phone", 8)
    assert documents.read(pdf(leaf))[0].engine == "rapidocr"
    assert len(asked) == 1
    plain = Leaf()
    plain.image(400, 20, 100, 60, (*picture.size, picture.tobytes()))
    plain.text(60, 120, "A letter with a logo above it")
    assert documents.read(pdf(plain))[0].engine == "pdf text layer"
    assert len(asked) == 1
