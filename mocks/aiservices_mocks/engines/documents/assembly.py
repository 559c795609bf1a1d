"""From what was read on a sheet to a page: tables first, then lines around them, then fields."""

from __future__ import annotations

from . import forms as fields_
from . import tables as tables_
from .layout import Line, Page, Sheet, Turn, Word, line_of
from .lines import lines as lines_of


def assemble(sheet: Sheet, number: int, *, tables: bool, forms: bool) -> Page:
    """The page that a sheet shows."""
    words = [word for run in sheet.runs for word in run]
    grids = tables_.ruled((sheet.width, sheet.height), sheet.across, sheet.down, words)
    lines = lines_of(sheet.runs, grids)
    found = list(grids)
    if tables:
        tabled = {id(word) for table in grids for cell in table.cells for word in cell.words}
        found += tables_.aligned([line for line in lines if id(line.words[0]) not in tabled])
        found.sort(key=lambda table: (table.box.top, table.box.left))
    tables_.place(sheet.selections, found)
    pairs = fields_.fields(lines, sheet.selections, found, sheet.across) if forms else []
    lines += [_turned(turn, run) for turn, run in sheet.turned]
    return Page(
        number, sheet.width, sheet.height, lines, found if tables else [], pairs,
        sheet.selections if tables or forms else [], sheet.angle, sheet.turn, sheet.engine,
    )  # fmt: skip


def _turned(turn: Turn, run: list[Word]) -> Line:
    line = line_of(run)
    line.turn = turn
    return line
