"""Fields in drawn grids: a column of labels beside a column of values, or a row of labels over a row of values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .layout import Cell, Field, Table, union
from .tables import is_number

_KEY_WORDS = 14
_VALUE_WORDS = 40
_LABELS = 0.75  # share of the cells in the labels' column that look like labels


def fields(tables: Sequence[Table], used: set[int]) -> list[Field]:
    """The fields of all grids that are forms; their words are added to `used`."""
    found: list[Field] = []
    for table in tables:
        if not table.ruled or (table.spans and table.columns > 4):
            continue
        for key, value in _pairs(table):
            used.update(id(word) for word in [*key.words, *value.words])
            box = union(word.box for word in value.words) if value.words else value.box
            ticked = value.selections[0] if value.selections and not value.words else None
            key_box = union(word.box for word in key.words)
            found.append(Field(key.words, value.words, ticked, key_box, box, 0.9 if value.words or ticked else 0.8))
    return found


def is_data(table: Table) -> bool:
    """Whether a grid holds rows of things under heads, and no form."""
    return table.columns > 2 and table.rows > 2 and not list(_pairs(table)) and not _two_lined(table)


def _two_lined(table: Table) -> bool:
    """Whether most cells hold a label with its value in one box."""
    full = [cell for cell in table.cells if cell.words]
    several = sum(_lines(cell) > 1 or _colon_inside(cell) for cell in full)
    return bool(full) and 2 * several > len(full)


def _colon_inside(cell: Cell) -> bool:
    return any(word.text.endswith(":") for word in cell.words[:-1])


def _lines(cell: Cell) -> int:
    lines = 0
    bottom = float("-inf")
    for word in sorted(cell.words, key=lambda w: w.box.center[1]):
        if word.box.center[1] > bottom:
            lines += 1
            bottom = word.box.bottom
    return lines


def _pairs(table: Table) -> Iterator[tuple[Cell, Cell]]:
    if _two_lined(table) and not _is_label_column([table.cell(r, 0) for r in range(table.rows)], strict=True):
        return
    if table.columns in (2, 4) and _beside(table):
        for row in range(table.rows):
            for column in range(0, table.columns, 2):
                key, value = table.cell(row, column), table.cell(row, column + 1)
                if key.words and len(value.words) <= _VALUE_WORDS:
                    yield key, value
    elif table.rows == 2 and table.columns >= 2 and _over(table):
        for column in range(table.columns):
            if table.cell(0, column).words:
                yield table.cell(0, column), table.cell(1, column)


def _beside(table: Table) -> bool:
    if table.cell(0, 0).header and table.rows > 2 and all(table.cell(0, c).header for c in range(table.columns)):
        return False
    for column in range(0, table.columns, 2):
        labels = [table.cell(row, column) for row in range(table.rows) if table.cell(row, column).words]
        if not labels or not _is_label_column(labels):
            return False
    if table.columns == 4:
        values = [table.cell(row, column) for row in range(table.rows) for column in (1, 3)]
        bold = _weights([table.cell(row, column) for row in range(table.rows) for column in (0, 2)])
        return (
            bold != _weights(values)
            or any(c.words and c.words[-1].text.endswith(":") for c in table.cells)
            or (sum(_has_digits(c) for c in values) * 2 >= sum(bool(c.words) for c in values))
        )
    return True


def _weights(cells: Sequence[Cell]) -> bool:
    words = [word for cell in cells for word in cell.words]
    return 2 * sum(word.bold for word in words) > len(words)


def _over(table: Table) -> bool:
    above = [table.cell(0, column) for column in range(table.columns) if table.cell(0, column).words]
    below = [table.cell(1, column) for column in range(table.columns)]
    return len(above) == table.columns and _is_label_column(above) and any(_has_digits(cell) for cell in below)


def _is_label_column(cells: Sequence[Cell], *, strict: bool = False) -> bool:
    full = [cell for cell in cells if cell.words]
    good = sum(not is_number(cell.text) and len(cell.words) <= _KEY_WORDS and not _colon_inside(cell) for cell in full)
    if strict and any(_lines(cell) > 1 for cell in full):
        return False
    return good >= _LABELS * len(full) and not any(is_number(cell.text) for cell in full)


def _has_digits(cell: Cell) -> bool:
    return any(c.isdigit() for c in cell.text)
