"""Tables: the committed documents cell by cell, and random ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aiservices_mocks.engines import documents
from aiservices_mocks.engines.documents import Page, Table
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import tabular
from tests.documents import Leaf, pdf
from tests.tabular import Grid, page

DATA = Path(__file__).parent.parent / "data" / "textract" / "tables"
NAMES = sorted(path.stem for path in DATA.glob("*.pdf"))


def read(data: bytes) -> list[Page]:
    return documents.read(data, tables=True)


def texts(table: Table) -> list[list[str]]:
    """Row by row; a merged cell's text in its first place."""
    rows = [[table.cell(r, c).text for c in range(table.columns)] for r in range(table.rows)]
    for top, left, high, wide in table.spans:
        parts = [(r, c) for r in range(top, top + high) for c in range(left, left + wide)]
        whole = " ".join(rows[r][c] for r, c in parts if rows[r][c])
        for r, c in parts:
            rows[r][c] = ""
        rows[top][left] = whole
    return rows


def told(table: Table) -> Grid:
    """The table in the words of the generator."""
    roles = {role: sorted({c.row for c in table.cells if c.role == role}) for role in {c.role for c in table.cells}}
    return Grid(
        texts(table),
        len(roles.get("COLUMN_HEADER", [])),
        sorted(tuple(span) for span in table.spans),
        roles.get("TABLE_SECTION_TITLE", []),
        roles.get("TABLE_SUMMARY", []),
        " ".join(line.text for line in table.title),
        [" ".join(line.text for line in note) for note in table.footers],
    )


def test_there_are_twenty_documents() -> None:
    assert len(NAMES) == 20


@pytest.mark.parametrize("name", NAMES)
def test_a_committed_document_is_read_cell_by_cell(name: str) -> None:
    expected = json.loads((DATA / f"{name}.json").read_text())
    pages = read((DATA / f"{name}.pdf").read_bytes())
    assert len(pages) == len(expected)
    for found, tables in zip(pages, expected, strict=True):
        wanted = [Grid(**{**one, "spans": [tuple(span) for span in one["spans"]]}) for one in tables]
        assert [told(table) for table in found.tables] == wanted


def test_the_committed_documents_are_what_the_generator_makes() -> None:
    made = tabular.committed()
    assert sorted(made) == NAMES
    for name, (data, expected) in made.items():
        assert (DATA / f"{name}.pdf").read_bytes() == data
        assert json.loads((DATA / f"{name}.json").read_text()) == json.loads(json.dumps(expected))


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_a_ruled_table_with_merged_cells_is_read_cell_by_cell(seed: int) -> None:
    leaf, expected = page(seed, "ruled")
    (found,) = read(pdf(leaf))
    assert [texts(table) for table in found.tables] == [one.rows for one in expected]
    assert [sorted(table.spans) for table in found.tables] == [one.spans for one in expected]


def test_a_wrong_expectation_is_seen() -> None:
    leaf, (expected, *_) = page(4, "open")
    (found,) = read(pdf(leaf))
    assert texts(found.tables[0]) == expected.rows
    expected.rows[2][0] = "Something else"
    assert texts(found.tables[0]) != expected.rows


def test_a_title_in_a_table_and_a_note_in_it_have_roles() -> None:
    leaf = Leaf()
    rows = [
        ["Stock of May"],
        ["Item", "Pieces", "Price"],
        ["Lamp", "3", "4.50"],
        ["Sofa", "1", "9.00"],
        ["* estimated"],
    ]
    xs, step = [60.0, 180.0, 280.0, 400.0], 22.0
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            leaf.text(xs[c] + 5, 100 + r * step + 15, text)
        edges = xs if len(row) > 1 else [xs[0], xs[-1]]
        for x in edges:
            leaf.line(x, 100 + r * step, x, 100 + (r + 1) * step)
    for r in range(len(rows) + 1):
        leaf.line(xs[0], 100 + r * step, xs[-1], 100 + r * step)
    (found,) = read(pdf(leaf))
    (table,) = found.tables
    assert [table.cell(r, 0).role for r in range(table.rows)] == [
        "TABLE_TITLE", "COLUMN_HEADER", "", "", "TABLE_FOOTER",
    ]  # fmt: skip


def test_prose_in_columns_and_lists_are_no_tables() -> None:
    leaf = Leaf()
    for i in range(14):
        for x in (60, 240, 420):
            leaf.text(x, 80 + 14 * i, ("the market grows and", "prices rise in winter")[i % 2])
    for i in range(6):
        leaf.text(60, 400 + 16 * i, f"{i + 1}.")
        leaf.text(90, 400 + 16 * i, "buy what is on the list of the shop")
    assert read(pdf(leaf))[0].tables == []


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_turned_page_has_the_same_tables(rotate: int) -> None:
    leaf, expected = page(12, "rows")
    leaf.rotate = rotate
    (found,) = read(pdf(leaf))
    assert found.turn == rotate // 90
    assert [texts(table) for table in found.tables] == [one.rows for one in expected]
