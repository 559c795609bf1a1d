"""What the rows of a table are for: title, header, sections, sums; and which ticks stand in which cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .layout import Cell, Role, Selection, Span, Table

_NUMBER = re.compile(r"^[^\w]*[\d.,'\s]*\d[\d.,'\s]*(?:[^\w\s]|[A-Za-z]{1,3})?$")
_DATE = re.compile(r"^\d{1,4}([./-])\d{1,2}\1\d{1,4}$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_SUM = re.compile(r"(?i)^(?:(?:grand|net|sub)[ -]?)?(?:total(?:s|e)?|subtotal|sum|summe|gesamt|totaux|suma|somme)\b")
_NOTE = re.compile(r"(?i)^(?:\*|†|\(\d\)|notes?\b|source\b)")


def is_number(text: str) -> bool:
    """Whether a text is a number, an amount, a percentage or a date in digits."""
    return bool(_NUMBER.match(text)) or bool(_DATE.match(text))


def numeric(texts: Sequence[str]) -> bool:
    """Whether most of the texts of a column are numbers."""
    return bool(texts) and sum(map(is_number, texts)) >= 0.6 * len(texts)


def place(selections: Sequence[Selection], tables: Sequence[Table]) -> None:
    """Put every checkbox that stands in a table into its cell."""
    for selection in selections:
        for table in tables:
            for cell in table.cells:
                if cell.box.holds(selection.box.center):
                    cell.selections.append(selection)


def mark(table: Table) -> None:
    """Give every cell its role."""
    rows = [[table.cell(r, c) for c in range(table.columns)] for r in range(table.rows)]
    whole = {span.row for span in table.spans if span.columns == table.columns and span.rows == 1}
    first, last = 0, table.rows
    if first in whole and table.rows > 2:
        _give(rows[0], "TABLE_TITLE")
        first = 1
    if last - 1 in whole and last - first > 2 and _NOTE.match(_text(rows[-1])):
        _give(rows[-1], "TABLE_FOOTER")
        last -= 1
    heads = _heads(rows[first:last], [span for span in table.spans if span.row >= first], first)
    for row in rows[first : first + heads]:
        _give(row, "COLUMN_HEADER")
    for r in range(first + heads, last):
        if r in whole:
            _give(rows[r], "TABLE_SECTION_TITLE")
        elif _SUM.match(next((cell.text for cell in rows[r] if cell.words), "")):
            _give(rows[r], "TABLE_SUMMARY")


def _give(row: Sequence[Cell], role: Role) -> None:
    for cell in row:
        cell.role = role


def _text(row: Sequence[Cell]) -> str:
    return " ".join(cell.text for cell in row if cell.words)


def _heads(rows: Sequence[Sequence[Cell]], spans: Sequence[Span], offset: int) -> int:
    """How many rows name the columns: the first when it is bold or has words over numbers, and what belongs to it.

    A row below a heading of several columns, or beside one of several rows, is part of the same header.
    """
    if not _heads_the_rest(rows, 0):
        return 0
    heads = 1
    while heads < len(rows) - 1:
        reaching = any(span.row - offset < heads < span.row - offset + span.rows for span in spans)
        over = any(span.row - offset == heads - 1 and 1 < span.columns < len(rows[0]) for span in spans)
        if not reaching and not (over and _no_numbers(rows[heads])) and not _bold_over_plain(rows, heads):
            break
        heads += 1
    return heads if heads < len(rows) else 1


def _heads_the_rest(rows: Sequence[Sequence[Cell]], at: int) -> bool:
    return _bold_over_plain(rows, at) or (_no_numbers(rows[at]) and _words_over_numbers(rows, at))


def _bold_over_plain(rows: Sequence[Sequence[Cell]], at: int) -> bool:
    """Whether all of a row is bold, and most of what is below is not; a single text is a title of a section."""
    filled = [cell for cell in rows[at] if cell.words]
    below = [cell for row in rows[at + 1 :] for cell in row if cell.words]
    plain = sum(not all(word.bold for word in cell.words) for cell in below)
    return (
        bool(below)
        and 2 * len(filled) > len(rows[at]) * (at > 0)
        and bool(filled)
        and all(word.bold for cell in filled for word in cell.words)
        and 2 * plain > len(below)
    )


def _no_numbers(row: Sequence[Cell]) -> bool:
    """Whether a row is of words; years count as words."""
    filled = [cell.text for cell in row if cell.words]
    return bool(filled) and not any(is_number(text) and not _YEAR.match(text) for text in filled)


def _words_over_numbers(rows: Sequence[Sequence[Cell]], at: int) -> bool:
    below = rows[at + 1 :]
    return any(
        bool(cell.words) and numeric([row[c].text for row in below if row[c].words]) for c, cell in enumerate(rows[at])
    )
