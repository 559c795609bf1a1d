"""What is no field, whatever it looks like: running text, and rows of things under heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .fields_parts import SMALLER, Part, alike
from .layout import Box
from .nearby import Nearby
from .tables import is_number

_LINES = 3  # of running text, at least
_WORDS = 4.0  # in a line of it, on average
_LEADING = 0.8  # of the line's height: space between two lines of it, at most
_ROWS, _COLUMNS = 3, 3  # of a table, at least
_MOST_COLUMNS = 60  # what has more is no form, whatever it is
_STEP = 3.0  # of the line's height: rows of one table are this close


def apart(found: Sequence[Part]) -> set[int]:
    """The ids of parts that are running text or stand in tables."""
    free = [part for part in found if not part.marked]
    return {id(part) for part in [*_prose(free), *_tabled(free)]}


def _prose(found: Sequence[Part]) -> list[Part]:
    """Lines under each other that begin at one edge and have several words."""
    result: list[Part] = []
    blocks: list[list[Part]] = []
    above = Nearby(found, lambda part: part.place)
    ends: dict[int, int] = {}  # the last part of each block by its identity, and which block it is
    for part in found:
        reach = part.height / SMALLER  # of the line before, which is set alike
        left, top = part.box.left, part.band[0]
        near = above.within(Box(left - reach, top - reach, left + reach, top + reach))
        number = min((ends[id(other)] for other in near if id(other) in ends and _follows(other, part)), default=None)
        if number is None:
            number = len(blocks)
            blocks.append([])
        else:
            ended = blocks[number][-1]
            del ends[id(ended)]
            above.drop(ended)
        blocks[number].append(part)
        ends[id(part)] = number
    for block in blocks:
        words = sum(len(part.words) for part in block) / len(block)
        if len(block) >= _LINES and words >= _WORDS:
            result += block
    return result


def _follows(before: Part, part: Part) -> bool:
    space = (part.band[0] - before.band[1]) / before.height
    edge = abs(part.box.left - before.box.left) <= 0.5 * before.height
    return edge and -0.4 <= space <= _LEADING and alike(before, part)


def _tabled(found: Sequence[Part]) -> list[Part]:
    """Rows of three and more parts that stand under each other, with a column of numbers under a head of words."""
    rows: list[list[Part]] = []
    for part in found:
        if rows and part.band[0] < rows[-1][0].band[0] + 0.5 * rows[-1][0].height:
            rows[-1].append(part)
        else:
            rows.append([part])
    for row in rows:
        row.sort(key=lambda part: part.box.left)
    result = [part for row in rows if len(row) > _MOST_COLUMNS for part in row]
    rows = [row for row in rows if len(row) <= _MOST_COLUMNS]
    group: list[list[Part]] = []
    for row in [*rows, []]:
        if row and group and _continues(group, row):
            group.append(row)
            continue
        if len(group) >= _ROWS and _has_numbers(group):
            result += [part for line in group for part in line]
        group = [row] if len(row) >= _COLUMNS else []
    return result


def _continues(group: Sequence[Sequence[Part]], row: Sequence[Part]) -> bool:
    last = group[-1]
    if len(row) < _COLUMNS - 1 or row[0].band[0] - last[0].band[1] > _STEP * last[0].height:
        return False
    return sum(any(_one_column(part, head) for head in group[0]) for part in row) >= max(2, len(row) - 1)


def _one_column(part: Part, head: Part) -> bool:
    near = 0.7 * head.height
    a, b = part.box, head.box
    if a.left <= b.right and b.left <= a.right:
        return True
    return min(abs(a.left - b.left), abs(a.right - b.right), abs(a.center[0] - b.center[0])) <= near


def _has_numbers(group: Sequence[Sequence[Part]]) -> bool:
    """Whether columns hold things of one kind: some of them numbers of one form, the others none, under words."""
    heads = group[0]
    if any(is_number(head.text) for head in heads):
        return False
    numbers = 0
    for head in heads:
        column = [part.text for row in group[1:] for part in row if _one_column(part, head)]
        share = sum(map(is_number, column)) / max(len(column), 1)
        if 0.2 < share < 0.8:
            return False
        forms = Counter(re.sub(r"\d+", "9", text) for text in column)
        numbers += share >= 0.8 and len(column) >= _ROWS - 1 and forms.most_common(1)[0][1] >= 0.6 * len(column)
    return numbers > 0
