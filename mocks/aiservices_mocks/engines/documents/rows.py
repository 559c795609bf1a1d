"""Lines of text to rows of a table: a cell may have several lines, and rules may part the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from .layout import Line, Rule
from .tables import is_number

_LEAST_ROWS = 3
_TIGHT = 0.25  # of the line's height: how much closer lines of one cell stand than rows


class Piece(NamedTuple):
    """A text in a row, and the columns that it stands in: from the first to before the last."""

    line: Line
    first: int
    last: int


Row = list[Piece]


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Texts line by line, each line from left to right, though its fonts differ."""
    levels: list[list[Line]] = []
    for line in sorted(lines, key=_level):
        if not levels or _level(line) - _level(levels[-1][0]) > 0.4 * line.height:
            levels.append([])
        levels[-1].append(line)
    return [line for level in levels for line in sorted(level, key=lambda one: one.box.left)]


def _level(line: Line) -> float:
    return (line.band[0] + line.band[1]) / 2


def grouped(rows: list[Row], height: float, across: Sequence[Rule] = ()) -> list[list[Row]]:
    """The lines of text that are one row of the table each."""
    by_rules = _ruled_off(rows, across)
    if by_rules is not None:
        return by_rules
    spaces = [max(0.0, _top(b) - _bottom(a)) for a, b in pairwise(rows)]
    near = _near(spaces, height)
    groups = [[rows[0]]]
    for row, space in zip(rows[1:], spaces, strict=True):
        joined = _goes_on(groups[-1], row, space, height) if near is None else space <= near
        if joined and not _clash(groups[-1], row):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _near(spaces: Sequence[float], height: float) -> float | None:
    """The most space between lines of one row, where there are clearly two kinds of spaces."""
    ordered = sorted(spaces)
    jump, at = max(((b - a, i) for i, (a, b) in enumerate(pairwise(ordered))), default=(0.0, 0))
    wider = len(ordered) - at - 1
    clear = jump >= _TIGHT * height and ordered[at] < 0.9 * height and wider >= max(2, 0.3 * len(ordered))
    return ordered[at] if clear else None


def _clash(group: list[Row], row: Row) -> bool:
    """Whether a line is a row of its own: it has a number where the group has one, or as many cells."""
    have = [piece for one in group for piece in one]
    numbers = {piece.first for piece in have if is_number(piece.line.text)}
    if any(piece.first in numbers and is_number(piece.line.text) for piece in row):
        return True
    return len(row) > 2 and any(len(one) >= len(row) for one in group)


def _goes_on(group: list[Row], row: Row, space: float, height: float) -> bool:
    """Whether a line continues the texts above it: nothing in the first column, and no number anywhere."""
    if space >= 0.75 * height or any(piece.first == 0 or piece.last - piece.first > 1 for piece in row):
        return False
    over = {piece.first for one in group for piece in one}
    return all(piece.first in over and not is_number(piece.line.text) for piece in row) and 0 in over


def _ruled_off(rows: list[Row], across: Sequence[Rule]) -> list[list[Row]] | None:
    """Rows as rules part them, when each of the parts can be one row; None when rules do not part rows."""
    left = min(piece.line.box.left for row in rows for piece in row)
    right = max(piece.line.box.right for row in rows for piece in row)
    long = [rule.at for rule in across if min(rule.end, right) - max(rule.start, left) > 0.6 * (right - left)]
    groups = [[rows[0]]]
    for before, row in pairwise(rows):
        if any(_top(before) < at < _bottom(row) and at > _middle(before) and at < _middle(row) for at in long):
            groups.append([])
        groups[-1].append(row)
    if len(groups) < _LEAST_ROWS:
        return None
    for group in groups:
        for i, row in enumerate(group[1:], 1):
            if _clash(group[:i], row):
                return None
    return groups


def _top(row: Row) -> float:
    return min(piece.line.box.top for piece in row)


def _bottom(row: Row) -> float:
    return max(piece.line.box.bottom for piece in row)


def _middle(row: Row) -> float:
    return (_top(row) + _bottom(row)) / 2
