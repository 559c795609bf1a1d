"""What stands above and under a table and belongs to it: its title and its footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .layout import Box, Line, Table

_TITLE = re.compile(r"(?i)^(table|tabelle|tableau|tabla|tabella|tabela|exhibit|schedule)\s*[\divx]+\b")
_NOTE = re.compile(r"(?i)^(\*|†|‡|\(\d\)|\[\d\]|\d\)|¹|²|³|notes?\b|source\b|footnote|remarks?:)")
_REACH = 2.2  # of the line's height: how far from its table a title or a note may be
_TITLE_WORDS = 16
_LINES = 4  # of one note


def caption(tables: Sequence[Table], lines: Sequence[Line]) -> None:
    """Find the title and the footers of each table among the lines outside of all."""
    tabled = {id(word) for table in tables for cell in table.cells for word in cell.words}
    free = [line for line in lines if id(line.words[0]) not in tabled]
    taken: set[int] = set()
    for table in tables:
        table.title = [line for line in _above(table, free) if id(line) not in taken]
        taken.update(map(id, table.title))
    for table in tables:
        table.footers = _below(table, [line for line in free if id(line) not in taken])
        taken.update(id(line) for note in table.footers for line in note)


def _above(table: Table, lines: Sequence[Line]) -> list[Line]:
    """The line right above, when it names the table: by its first word, or because it is centred over it or bold."""
    over = [line for line in lines if _within(line, table.box) and line.band[1] <= table.box.top + 0.3 * line.height]
    nearest = max(over, key=lambda line: line.band[1], default=None)
    if nearest is None or table.box.top - nearest.band[1] > _REACH * nearest.height:
        return []
    if len(nearest.words) > _TITLE_WORDS or (nearest.text.endswith((":", ".")) and not _TITLE.match(nearest.text)):
        return []
    centred = abs(nearest.box.center[0] - table.box.center[0]) < 0.04 * table.box.width
    centred = centred and nearest.box.left > table.box.left + 0.05 * table.box.width
    bold = all(word.bold for word in nearest.words)
    return [nearest] if _TITLE.match(nearest.text) or centred or bold else []


def _below(table: Table, lines: Sequence[Line]) -> list[list[Line]]:
    """Notes right under the table; each begins with a mark or a word of notes, and goes on in the lines below it."""
    under = sorted(
        (one for one in lines if _within(one, table.box) and one.band[0] >= table.box.bottom - 0.3 * one.height),
        key=lambda line: line.band,
    )
    notes: list[list[Line]] = []
    bottom = table.box.bottom
    for line in under:
        marked = _NOTE.match(line.text)
        if line.band[0] - bottom > (_REACH if not notes or marked else 0.7) * line.height:
            break
        if marked:
            notes.append([line])
        elif notes and len(notes[-1]) < _LINES:
            notes[-1].append(line)
        else:
            break
        bottom = line.band[1]
    return notes


def _within(line: Line, box: Box) -> bool:
    """Whether a line stands over or under a table and not beside it, or across a wider page."""
    shared = min(line.box.right, box.right) - max(line.box.left, box.left)
    return shared > 0.5 * line.box.width
