"""Textract's layout, signatures and tables on every backend of the rig, in the structure of AWS's blocks."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest
from aiservices_mocks import Mock

from tests.documents import Leaf, columns, pdf
from tests.pages import sign, signed
from tests.tabular import Look, draw, grid, page


@pytest.fixture(autouse=True)
def _staging(mock: Mock) -> None:
    mock.s3.make_bucket("staging")


def analyze(ai: Any, data: bytes, *features: str) -> list[Any]:
    return list(ai.textract.analyze_document(document={"Bytes": data}, feature_types=list(features)).blocks)


def of_kind(blocks: list[Any], *kinds: str) -> list[Any]:
    return [block for block in blocks if block.block_type in kinds]


def named(blocks: list[Any], block: Any, kind: str = "CHILD") -> list[Any]:
    by_id = {one.id: one for one in blocks}
    return [by_id[id] for relation in block.relationships if relation.type == kind for id in relation.ids]


def text_of(blocks: list[Any], block: Any) -> str:
    return " ".join(filter(None, (one.text or text_of(blocks, one) for one in named(blocks, block))))


def article(title: str, items: list[str]) -> bytes:
    leaf = Leaf()
    leaf.text(60, 90, title, 22, "Helvetica-Bold")
    for i in range(4):
        leaf.text(60, 130 + 13 * i, "Regions report steady growth across most of the markets in winter", 10)
    for i, item in enumerate(items):
        leaf.text(66, 210 + 14 * i, f"{i + 1}. {item}", 10)
    leaf.text(300, 770, "3", 9)
    return pdf(leaf)


@pytest.mark.parametrize(("title", "items"), [("Harbours", ["one", "two"]), ("Fuel prices", ["coal", "oil", "gas"])])
def test_layout_blocks_name_their_lines(ai: Any, title: str, items: list[str]) -> None:
    blocks = analyze(ai, article(title, items), "LAYOUT")
    layout = [block for block in blocks if block.block_type.startswith("LAYOUT_")]
    assert [block.block_type for block in layout] == [
        "LAYOUT_TITLE", "LAYOUT_TEXT", "LAYOUT_LIST", *["LAYOUT_TEXT"] * len(items), "LAYOUT_PAGE_NUMBER",
    ]  # fmt: skip
    assert text_of(blocks, layout[0]) == title
    listed = layout[2]
    assert named(blocks, listed) == layout[3:-1]
    assert [text_of(blocks, item) for item in layout[3:-1]] == [f"{i}. {item}" for i, item in enumerate(items, 1)]
    assert {one.block_type for block in layout if block is not listed for one in named(blocks, block)} == {"LINE"}
    whole = blocks[0]
    assert [block for block in named(blocks, whole) if block.block_type.startswith("LAYOUT_")] == layout
    for block in layout:
        box = block.geometry.bounding_box
        for line in named(blocks, block):
            assert line.geometry.bounding_box.left >= box.left - 1e-6
            assert line.geometry.bounding_box.top >= box.top - 1e-6


def test_layout_follows_columns(ai: Any) -> None:
    data, words = columns(8)
    blocks = analyze(ai, data, "LAYOUT")
    layout = [block for block in blocks if block.block_type.startswith("LAYOUT_")]
    assert " ".join(text_of(blocks, block) for block in layout).split() == words


def test_without_the_feature_there_is_no_layout_and_no_signature(ai: Any) -> None:
    leaf, _ = signed(7)
    blocks = analyze(ai, pdf(leaf), "FORMS", "TABLES")
    assert not [block for block in blocks if block.block_type.startswith(("LAYOUT", "SIGNATURE"))]


@pytest.mark.parametrize("seed", [10, 11])
def test_signatures_are_on_pages_that_are_signed(ai: Any, seed: int) -> None:
    leaf, place = signed(seed)
    blocks = analyze(ai, pdf(leaf), "SIGNATURES")
    found = of_kind(blocks, "SIGNATURE")
    assert len(found) == (place is not None)
    for block in found:
        assert block in named(blocks, blocks[0])
        box = block.geometry.bounding_box
        assert place is not None
        assert box.left == pytest.approx(place[0] / leaf.width, abs=0.05)
        assert box.top == pytest.approx(place[1] / leaf.height, abs=0.02)
        assert 0 < block.confidence < 100


def test_a_signature_is_a_part_of_its_field_and_of_its_cell(ai: Any) -> None:
    rng = random.Random(3)
    leaf = Leaf()
    leaf.text(60, 100, "Name: Ada Fischer")
    leaf.text(60, 150, "Signature:")
    sign(leaf, rng, 130, 128)
    xs, ys = [60.0, 200.0, 400.0], [300.0, 330.0, 380.0, 430.0]
    for a, b in pairwise(xs):
        for y in ys:
            leaf.line(a, y, b, y)
    for x in xs:
        leaf.line(x, ys[0], x, ys[-1])
    for x, text in zip(xs, ("Witness", "Signed"), strict=False):
        leaf.text(x + 6, 320, text, 11, "Helvetica-Bold")
    leaf.text(66, 360, "Luis Keller")
    leaf.text(66, 410, "Noor Haddad")
    sign(leaf, rng, 215, 338)
    blocks = analyze(ai, pdf(leaf), "FORMS", "TABLES", "SIGNATURES")
    signatures = of_kind(blocks, "SIGNATURE")
    assert len(signatures) == 2
    values = [block for block in of_kind(blocks, "KEY_VALUE_SET") if "VALUE" in block.entity_types]
    assert sum(signatures[0] in named(blocks, value) for value in values) == 1
    (cell,) = (block for block in of_kind(blocks, "CELL") if signatures[1] in named(blocks, block))
    assert (cell.row_index, cell.column_index) == (2, 2)


def test_a_table_with_a_title_a_footer_and_merged_cells(ai: Any) -> None:
    leaf, (expected, *_) = _titled()
    blocks = analyze(ai, pdf(leaf), "TABLES")
    table = of_kind(blocks, "TABLE")[0]
    assert [text_of(blocks, one) for one in named(blocks, table, "TABLE_TITLE")] == [expected.title]
    assert [text_of(blocks, one) for one in named(blocks, table, "TABLE_FOOTER")] == expected.footers
    assert table.entity_types == ["STRUCTURED_TABLE"]
    cells = named(blocks, table)
    assert len(cells) == len(expected.rows) * len(expected.rows[0])
    merged = named(blocks, table, "MERGED_CELL")
    spans = sorted((m.row_index - 1, m.column_index - 1, m.row_span, m.column_span) for m in merged)
    assert spans == expected.spans
    hidden = {one.id for block in merged for one in named(blocks, block)}
    shown = {(c.row_index, c.column_index): text_of(blocks, c) for c in [*cells, *merged] if c.id not in hidden}
    for r, row in enumerate(expected.rows, 1):
        for c, text in enumerate(row, 1):
            assert shown.get((r, c), "") == text
    sections = {c.row_index - 1 for c in cells if "TABLE_SECTION_TITLE" in c.entity_types}
    assert sections == set(expected.sections)
    assert {c.row_index - 1 for c in cells if "TABLE_SUMMARY" in c.entity_types} == set(expected.sums)
    assert {c.row_index for c in cells if "COLUMN_HEADER" in c.entity_types} == set(range(1, expected.heads + 1))


def _titled() -> tuple[Leaf, list[Any]]:
    """The first random table that has everything."""
    for seed in range(1_000):
        rng = random.Random(seed)
        found = grid(rng, "ruled")
        if found.title and found.footers and found.sections and found.sums and found.heads == 2:
            leaf = Leaf()
            draw(leaf, found, Look("ruled"), 60, 100, 480)
            return leaf, [found]
    raise AssertionError("the generator makes no such table")


@pytest.mark.parametrize("seed", [3, 12])
def test_tables_without_rules_are_read_cell_by_cell(ai: Any, seed: int) -> None:
    leaf, expected = page(seed, "open")
    found = ai.textract.analyze(pdf(leaf), ["TABLES"])
    assert [one.rows for one in found.tables] == [one.rows for one in expected]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_tell_how_the_page_is_turned(ai: Any, turn: int) -> None:
    leaf = Leaf(rotate=turn)
    leaf.text(60, 100, "Some words")
    words = of_kind(analyze(ai, pdf(leaf), "TABLES"), "WORD")
    assert [word.geometry.rotation_angle for word in words] == [turn, turn]
    assert {word.text_type for word in words} == {"PRINTED"}
