"""A table of a document."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from ..shown import frame
from .words import Block, Box, Word

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; row and column count from 0, a merged one spans several."""

    text: str
    row: int
    column: int
    row_span: int
    column_span: int
    kinds: tuple[str, ...]
    """AWS's EntityTypes: COLUMN_HEADER, TABLE_TITLE, TABLE_FOOTER, TABLE_SECTION_TITLE, TABLE_SUMMARY."""
    confidence: float
    """0..1."""
    box: Box
    words: tuple[Word, ...] = field(repr=False)
    raw: Block = field(repr=False, compare=False)

    @property
    def header(self) -> bool:
        """Whether it heads a column."""
        return "COLUMN_HEADER" in self.kinds


@dataclass(frozen=True)
class Table:
    """A table: merged cells are one cell."""

    cells: tuple[Cell, ...]
    page: int
    confidence: float
    """0..1."""
    box: Box
    title: str
    """What names it, above its rows or in the first of them; empty without one."""
    footers: tuple[str, ...]
    """The notes below its rows, or in the last of them."""
    raw: Block = field(repr=False, compare=False)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return (
            max((cell.row + cell.row_span for cell in self.cells), default=0),
            max((cell.column + cell.column_span for cell in self.cells), default=0),
        )

    @property
    def rows(self) -> list[list[str]]:
        """The texts row by row; a merged cell's stands in its first place, the others are empty."""
        rows, columns = self.shape
        grid = [[""] * columns for _ in range(rows)]
        for cell in self.cells:
            grid[cell.row][cell.column] = cell.text
        return grid

    @property
    def title_rows(self) -> int:
        """How many rows at the top are no more than the title."""
        return self._leading(range(self.shape[0]), "TABLE_TITLE")

    @property
    def header_rows(self) -> int:
        """How many rows below the title are headers."""
        heads = {cell.row for cell in self.cells if cell.header}
        count = begin = self.title_rows
        while count in heads:
            count += 1
        return count - begin

    @property
    def footer_rows(self) -> int:
        """How many rows at the bottom are notes."""
        return self._leading(range(self.shape[0] - 1, -1, -1), "TABLE_FOOTER")

    def _leading(self, rows: Iterable[int], kind: str) -> int:
        """How many of these rows, from the first one on, have nothing but cells of this kind."""
        alone = {cell.row for cell in self.cells if kind in cell.kinds}
        alone -= {cell.row for cell in self.cells if cell.text and kind not in cell.kinds}
        return len(list(takewhile(alone.__contains__, rows)))

    @property
    def column_names(self) -> list[str]:
        """What the header rows call each column, a merged header every one that it spans; empty without headers."""
        begin, end = self.title_rows, self.title_rows + self.header_rows
        names: list[list[str]] = [[] for _ in range(self.shape[1] if end > begin else 0)]
        for cell in (cell for cell in self.cells if begin <= cell.row < end and cell.text):
            for column in range(cell.column, cell.column + cell.column_span):
                names[column].append(cell.text)
        return [" ".join(parts) for parts in names]

    @property
    def body(self) -> list[list[str]]:
        """The rows without title, headers and footers."""
        return self.rows[self.title_rows + self.header_rows : self.shape[0] - self.footer_rows]

    def __repr__(self) -> str:
        rows, columns = self.shape
        return f"<Table {rows} x {columns} on page {self.page}{f': {self.title}' if self.title else ''}>"

    def to_pandas(self) -> DataFrame:
        """A DataFrame of the body's texts; headers name the columns."""
        return frame(self.body, self.column_names)

    def to_csv(self, path: str | PathLike[str] | None = None) -> str:
        """The rows as CSV text, also written to the path if one is given."""
        out = io.StringIO()
        csv.writer(out).writerows(self.rows)
        if path is not None:
            Path(path).write_text(out.getvalue(), "utf-8", newline="")
        return out.getvalue()

    def to_markdown(self) -> str:
        """A Markdown table; without a header row its header is empty."""
        rows = [[_escaped(text) for text in row] for row in self.rows]
        if not rows:
            return ""
        head, body = (rows[0], rows[1:]) if self.header_rows and not self.title_rows else ([""] * len(rows[0]), rows)
        lines = [head, ["---"] * len(head), *body]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def _repr_html_(self) -> str:
        rows: dict[int, list[str]] = {}
        for cell in sorted(self.cells, key=lambda c: (c.row, c.column)):
            name = "th" if cell.header else "td"
            spans = f' rowspan="{cell.row_span}"' * (cell.row_span > 1) + (
                f' colspan="{cell.column_span}"' * (cell.column_span > 1)
            )
            rows.setdefault(cell.row, []).append(f"<{name}{spans}>{html.escape(cell.text)}</{name}>")
        caption = f"<caption>{html.escape(self.title)}</caption>" if self.title else ""
        return (
            f"<table>{caption}"
            + "".join(f"<tr>{''.join(cells)}</tr>" for _, cells in sorted(rows.items()))
            + "</table>"
        )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
