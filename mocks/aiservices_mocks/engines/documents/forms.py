"""Keys and their values, by where they stand and how they look.

Whatever is drawn helps: boxes, grids, lines to write on, checkboxes. What is left is weighed: how much a text looks
like a label or like something filled in, how the two stand to each other, what most fields of the page have in common.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from . import fields_grids, fields_ticks
from .fields_apart import apart
from .fields_pairs import Pair, continued, pairs, widened
from .fields_parts import Cells, Part, parts
from .layout import Box, Field, Line, Rule, Selection, Table, Word, union

_REACH = 20.0  # of the line's height: how far a line to write on may reach


def fields(
    lines: Sequence[Line],
    selections: Sequence[Selection],
    tables: Sequence[Table],
    across: Sequence[Rule],
    down: Sequence[Rule] = (),
) -> list[Field]:
    """Every field found, from top to bottom."""
    used: set[int] = set()
    found = fields_ticks.fields(lines, selections, used)
    found += fields_grids.fields(tables, used)
    tabled = {id(w) for t in tables if t.ruled and fields_grids.is_data(t) for c in t.cells for w in c.words}
    cells = Cells(across, down)
    closed = used | tabled
    free = [part for part in parts(lines, cells) if not any(id(word) in closed for word in part.words)]
    other = apart(free)
    free = [part for part in free if id(part) not in other]
    linked = pairs(free, cells)
    taken = {id(part) for pair in linked for part in (pair.key, pair.value, *pair.more)}
    found += [_field(pair, free, taken, cells) for pair in linked]
    found += [_empty(part, cells) for part in free if id(part) not in taken and _awaits(part, cells)]
    return sorted(found, key=lambda f: (f.key_box.top, f.key_box.left))


def _field(pair: Pair, found: Sequence[Part], taken: set[int], cells: Cells) -> Field:
    key = _words(widened(pair.key, found, taken))
    value = _words(continued(pair, found, taken, cells))
    sure = 0.98 / (1 + math.exp(1.2 - 0.75 * pair.score))
    return Field(key, value, None, union(w.box for w in key), union(w.box for w in value), round(sure, 6))


def _words(lines: Sequence[Part]) -> list[Word]:
    return [word for part in lines for word in part.words]


def _awaits(part: Part, cells: Cells) -> bool:
    """Whether a label waits for a value: it says so, or a line to write on follows."""
    if len(part.words) > 10:
        return False
    return part.marked or (part.cell is None and cells.after(part) is not None and any(map(str.isalpha, part.text)))


def _empty(part: Part, cells: Cells) -> Field:
    box, height = part.box, part.height
    rule = cells.after(part)
    if rule is not None and rule.start - box.right <= _REACH * height:
        return Field(part.words, [], None, box, Box(rule.start, box.top, rule.end, rule.at), 0.85)
    after = Box(box.right, box.top, box.right + height, box.bottom)
    return Field(part.words, [], None, box, after, 0.5)
