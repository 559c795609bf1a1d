"""The parts of a page: headings, paragraphs, lists, tables, figures, headers and footers, in reading order."""

from __future__ import annotations

import random
from collections import Counter
from importlib.util import find_spec
from itertools import pairwise

import pytest
from aiservices_mocks.engines import documents
from aiservices_mocks.engines.documents import Page
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents import WIDTH, Leaf, columns, pdf, scan
from tests.pages import layout, signature, signed
from tests.tabular import wrapped

TEXT = (
    "Regions report steady growth across most of the markets while several smaller suppliers reported delays in "
    "shipping because of the weather, and fuel became more expensive during the winter."
)


def read(data: bytes, **features: bool) -> Page:
    (page,) = documents.read(data, **(features or {"layout": True}))
    return page


def kinds(page: Page) -> list[str]:
    return [region.kind for region in page.layout]


def prose(leaf: Leaf, y: float, x: float = 60, width: float = 480) -> float:
    for line in wrapped(TEXT, width, 10, "Helvetica"):
        leaf.text(x, y, line, 10)
        y += 12.4
    return y


def report() -> Leaf:
    leaf = Leaf()
    leaf.text(60, 34, "Annual report, volume 3", 9)
    leaf.text(60, 90, "Growth in two harbours", 20, "Helvetica-Bold")
    y = prose(leaf, 124) + 14
    leaf.text(60, y, "Costs", 12, "Helvetica-Bold")
    y = prose(leaf, y + 20) + 12
    for mark in ("\u2022", "\u2022", "\u2022"):
        leaf.text(66, y, mark, 10)
        leaf.text(80, y, "storage and fuel in the winter", 10)
        y += 13
    y = prose(leaf, y + 14) + 10
    leaf.image(60, y, 200, 90, (2, 2, b"\x20\x90\x60\x30"))
    leaf.text(60, 756, "For the board only", 8)
    leaf.text(500, 770, "Page 4 of 12", 8)
    return leaf


def test_the_parts_of_a_report_in_reading_order() -> None:
    page = read(pdf(report()))
    assert kinds(page) == [
        "HEADER", "TITLE", "TEXT", "SECTION_HEADER", "TEXT", "LIST", "TEXT", "FIGURE", "FOOTER", "PAGE_NUMBER",
    ]  # fmt: skip
    (listed,) = (region for region in page.layout if region.kind == "LIST")
    assert [part.kind for part in listed.parts] == ["TEXT"] * 3
    assert [line for part in listed.parts for line in part.lines] == listed.lines
    shown = [id(line) for region in page.layout for line in region.lines]
    assert sorted(shown) == sorted(map(id, page.lines))


def test_nothing_is_looked_for_unless_asked() -> None:
    assert read(pdf(report()), tables=True).layout == []


def test_every_line_is_in_one_part() -> None:
    for seed in range(200, 212):
        page = read(pdf(layout(seed)[0]))
        shown = Counter(id(line) for region in page.layout for line in region.lines)
        assert shown == Counter(map(id, page.lines))


def test_columns_are_parts_of_their_own() -> None:
    data, words = columns(5)
    page = read(data)
    assert [word.text for region in page.layout for line in region.lines for word in line.words] == words
    texts = [region for region in page.layout if region.kind == "TEXT"]
    assert {region.box.right < WIDTH / 2 for region in texts} == {True, False}


def test_keys_and_values_are_one_part() -> None:
    leaf = Leaf()
    y = prose(leaf, 100) + 20
    for key, value in (("Name:", "Ada Fischer"), ("City:", "Lisbon"), ("Phone:", "555 0142")):
        leaf.text(60, y, key)
        leaf.text(140, y, value)
        y += 22
    prose(leaf, y + 14)
    page = read(pdf(leaf))
    assert kinds(page) == ["TEXT", "KEY_VALUE", "TEXT"]


@pytest.mark.parametrize("number", ["7", "- 12 -", "Page 3", "4 / 9", "iv", "Seite 2 von 5"])
def test_page_numbers(number: str) -> None:
    leaf = Leaf()
    prose(leaf, 100)
    leaf.text(300, 765, number, 9)
    assert kinds(read(pdf(leaf))) == ["TEXT", "PAGE_NUMBER"]


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_most_parts_of_a_random_page_are_found(seed: int) -> None:
    leaf, expected = layout(seed)
    page = read(pdf(leaf))
    wanted, found = Counter(kind for kind, _ in expected), Counter(kinds(page))
    assert 2 * (wanted & found).total() >= wanted.total()


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_signatures_are_found_where_there_are_any(seed: int) -> None:
    leaf, place = signed(seed)
    found = read(pdf(leaf), signatures=True).signatures
    assert len(found) == (place is not None)
    if place:
        box = found[0].box
        wanted = documents.Box(*place)
        shared = box.overlap(wanted)
        assert shared > 0.4 * (box.width * box.height + wanted.width * wanted.height - shared)
        assert 0.3 < found[0].confidence < 1


def test_drawings_that_are_no_signatures() -> None:
    leaf = Leaf()
    leaf.text(60, 80, "Signature: see the chart and the rings")
    points = [(60 + 4.0 * i, 300 - (i * 37 % 60)) for i in range(40)]
    for (x0, y0), (x1, y1) in pairwise(points):
        leaf.line(x0, y0, x1, y1)
    for x in (60.0, 160.0):
        leaf.curve([(x, 400), (x, 380), (x + 60, 380), (x + 60, 400), (x + 60, 420), (x, 420), (x, 400)])
    leaf.rect(300, 380, 60, 30)
    assert read(pdf(leaf), signatures=True).signatures == []


def test_a_signature_is_the_value_of_its_field_and_no_figure() -> None:
    leaf = Leaf()
    leaf.text(60, 100, "Name: Ada Fischer")
    leaf.text(60, 150, "Signature:")
    for stroke in signature(random.Random(4), 130, 126, 120, 32):
        leaf.curve(stroke)
    page = read(pdf(leaf), signatures=True, forms=True, layout=True)
    assert [field.signature for field in page.fields if field.key[0].text == "Signature:"] == page.signatures
    assert "FIGURE" not in kinds(page)


@pytest.mark.skipif(find_spec("rapidocr") is None, reason='needs pip install "aiservices[ocr]"')
@pytest.mark.parametrize(("seed", "angle"), [(3, 0.0), (4, 4.0)])
def test_signatures_on_scans(seed: int, angle: float) -> None:
    leaf, place = signed(seed)
    page = read(scan(pdf(leaf), dpi=110, angle=angle), signatures=True)
    assert len(page.signatures) == (place is not None)
    if place and not angle:
        assert page.signatures[0].box == pytest.approx([110 / 72 * edge for edge in place], abs=24)


@pytest.mark.skipif(find_spec("rapidocr") is None, reason='needs pip install "aiservices[ocr]"')
def test_the_parts_of_a_scanned_report() -> None:
    page = read(scan(pdf(report()), dpi=130))
    assert kinds(page) == kinds(read(pdf(report())))
