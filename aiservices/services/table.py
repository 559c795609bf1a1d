"""A table of a document."""

from __future__ import annotations

import csv
import html
import io
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import MissingExtraError
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
    header: bool
    confidence: float
    """0..1."""
    box: Box
    words: tuple[Word, ...] = field(repr=False)
    raw: Block = field(repr=False, compare=False)


@dataclass(frozen=True)
class Table:
    """A table: merged cells are one cell."""

    cells: tuple[Cell, ...]
    page: int
    confidence: float
    """0..1."""
    box: Box
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
    def header_rows(self) -> int:
        """How many rows at the top are headers."""
        heads = {cell.row for cell in self.cells if cell.header}
        count = 0
        while count in heads:
            count += 1
        return count

    def __repr__(self) -> str:
        rows, columns = self.shape
        return f"<Table {rows} x {columns} on page {self.page}>"

    def to_pandas(self) -> DataFrame:
        """A DataFrame of texts; a header row names the columns."""
        try:
            import pandas
        except ImportError as error:
            raise MissingExtraError("A DataFrame", "pandas") from error
        heads = self.header_rows
        names = [" ".join(filter(None, parts)) for parts in zip(*self.rows[:heads], strict=True)] if heads else None
        return pandas.DataFrame(self.rows[heads:], columns=names)

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
        head, body = (rows[0], rows[1:]) if self.header_rows else ([""] * len(rows[0]), rows)
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
        return "<table>" + "".join(f"<tr>{''.join(cells)}</tr>" for _, cells in sorted(rows.items())) + "</table>"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
