"""Words to lines, and lines to reading order: columns of prose one after the other, everything else row by row."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from .layout import Box, Line, Table, Word, line_of, union
from .nearby import Nearby
from .strips import MOST_BANDS, Block, bands_of, gaps, narrowed

_MERGE_GAP = 0.7  # of the line's height: runs this close on one baseline are one line
_GUTTER = 0.6  # of the line's height: the least empty strip between columns
_FILL = 0.55  # share of its column that the middle line of prose fills
_FOOT_LINES, _FOOT_SPACE = 2, 3.0  # the space in heights of a line
_DEEPEST = 40  # columns in columns
_MOST_COLUMNS = 8  # of prose; what has more is a table
_PROSE_WORDS = 3.0  # words in a line of prose, on average

Place = tuple[int, int, int] | None
"""Which cell of which table a word stands in."""


def lines(runs: Sequence[list[Word]], tables: Sequence[Table] = ()) -> list[Line]:
    """All words as lines in reading order. A line does not cross the border of a table's cell."""
    place = _places(tables)
    pieces = [piece for run in runs for piece in _cut(run, place)]
    return _ordered(_merged(pieces, place), tables, place)


def _places(tables: Sequence[Table]) -> Callable[[Word], Place]:
    found: dict[int, Place] = {}
    for t, table in enumerate(tables):
        merged = {
            (r, c): (span.row, span.column)
            for span in table.spans
            for r in range(span.row, span.row + span.rows)
            for c in range(span.column, span.column + span.columns)
        }
        for cell in table.cells:
            row, column = merged.get((cell.row, cell.column), (cell.row, cell.column))
            found.update((id(word), (t, row, column)) for word in cell.words)
    return lambda word: found.get(id(word))


def _cut(run: list[Word], place: Callable[[Word], Place]) -> list[Line]:
    pieces: list[list[Word]] = [[run[0]]]
    for before, word in pairwise(run):
        if place(before) != place(word):
            pieces.append([])
        pieces[-1].append(word)
    return [line_of(piece) for piece in pieces]


def _merged(pieces: list[Line], place: Callable[[Word], Place]) -> list[Line]:
    """Pieces that stand close on one baseline become one line: each takes in what is near it, and so on from there."""
    rest = Nearby(pieces, _tall)
    result: list[Line] = []
    done: set[int] = set()
    for piece in sorted(pieces, key=lambda line: line.band):
        if id(piece) in done:
            continue
        rest.drop(piece)
        line, where = piece, place(piece.words[0])
        members = [piece]
        for member in members:
            for other in rest.within(member.box.grown(_MERGE_GAP * line.height)):
                if _one_line(line, other) and place(other.words[0]) == where:
                    rest.drop(other)
                    done.add(id(other))
                    members.append(other)
                    line = Line(line.words, union([line.box, other.box]), _around(line.band, other.band))
        words = [word for member in members for word in member.words]
        result.append(line_of(_in_order(words)) if len(members) > 1 or _rtl(words) else piece)
    return result


def _around(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    return min(a[0], b[0]), max(a[1], b[1])


def _one_line(a: Line, b: Line) -> bool:
    smaller = min(a.height, b.height)
    shared = min(a.band[1], b.band[1]) - max(a.band[0], b.band[0])
    gap = max(a.box.left, b.box.left) - min(a.box.right, b.box.right)
    return shared > 0.6 * smaller and gap < _MERGE_GAP * smaller


def _in_order(words: list[Word]) -> list[Word]:
    return sorted(words, key=lambda word: word.box.left, reverse=_rtl(words))


def _rtl(words: list[Word]) -> bool:
    letters = [c for word in words for c in word.text if c.isalpha()]
    return 2 * sum("\u0590" <= c <= "\u08ff" or "\ufb1d" <= c <= "\ufefc" for c in letters) > len(letters)


def _ordered(found: list[Line], tables: Sequence[Table], place: Callable[[Word], Place]) -> list[Line]:
    """Reading order; a table is read as one block, row by row, cell by cell."""
    blocks: list[Block] = []
    inside: dict[int, list[tuple[Place, Line]]] = {}
    for line in found:
        where = place(line.words[0])
        if where is None:
            blocks.append((_tall(line), [line]))
        else:
            inside.setdefault(where[0], []).append((where, line))
    for t, members in inside.items():
        members.sort(key=lambda m: (m[0], m[1].band[0], m[1].box.left))
        blocks.append((union([tables[t].box, *(line.box for _, line in members)]), [line for _, line in members]))
    height = median([line.height for line in found]) if found else 1.0
    return [line for _, members in _sorted(blocks, height) for line in members]


def _tall(line: Line) -> Box:
    """The line's place, a little lower than its font, so that lines set tightly do not touch."""
    inset = 0.15 * line.height
    return Box(line.box.left, line.band[0] + inset, line.box.right, line.band[1] - inset)


def _sorted(blocks: list[Block], height: float, depth: int = 0) -> list[Block]:
    if len(blocks) < 2 or depth > _DEEPEST:
        return sorted(blocks, key=lambda block: (block[0].top, block[0].left))
    bands = bands_of(blocks)
    result: list[Block] = []
    i = 0
    while i < len(bands):
        end, gutter = _columns_from(bands, i, height)
        if gutter is None:
            result.extend(_row(bands[i], height, depth))
            i += 1
            continue
        group = [block for band in bands[i:end] for block in band]
        for side in (True, False):
            part = [block for block in group if (block[0].center[0] < gutter) == side]
            result.extend(_sorted(part, height, depth + 1))
        i = end
    return result


def _columns_from(bands: list[list[Block]], start: int, height: float) -> tuple[int, float | None]:
    """How far columns of prose reach from a band, and where the strip between them is."""
    best: tuple[int, float | None] = (start + 1, None)
    strips = gaps(bands[start], _GUTTER * height) if len(bands) <= MOST_BANDS else []
    for gap in strips if len(strips) <= _MOST_COLUMNS else ():
        low, high = gap
        end = start + 1
        while end < len(bands) and not _at_the_foot(bands, end, height):
            clear = narrowed(bands[end], low, high, _GUTTER * height)
            if clear is None:
                break
            low, high = clear
            end += 1
        group = [block for band in bands[start:end] for block in band]
        middle = (low + high) / 2
        sides = [[b for b in group if (b[0].center[0] < middle) == side] for side in (True, False)]
        if end > best[0] and all(
            _prose(column, len(bands) > 1) for side in sides for column in _apart(side, _GUTTER * height)
        ):
            best = (end, middle)
    return best


def _at_the_foot(bands: list[list[Block]], at: int, height: float) -> bool:
    """Whether only one or two lines are left, far below: the foot of a page belongs to no column."""
    space = min(box.top for box, _ in bands[at]) - max(box.bottom for box, _ in bands[at - 1])
    return len(bands) - at <= _FOOT_LINES and space > _FOOT_SPACE * height


def _apart(side: list[Block], least: float) -> list[list[Block]]:
    """The columns that one side of a page has itself, from left to right."""
    edges = [(low + high) / 2 for low, high in gaps(side, least)]
    columns: list[list[Block]] = [[] for _ in range(len(edges) + 1)]
    for block in side:
        columns[bisect_left(edges, block[0].center[0])].append(block)
    return columns


def _prose(side: list[Block], needs_rows: bool) -> bool:
    """Whether a side looks like running text: lines of several words that fill their column."""
    all_lines = [line for _, members in side for line in members]
    if len(all_lines) < (3 if needs_rows else 2):
        return False
    width = max(line.box.right for line in all_lines) - min(line.box.left for line in all_lines)
    words = sum(len(line.words) for line in all_lines) / len(all_lines)
    return words >= _PROSE_WORDS and median(line.box.width for line in all_lines) >= _FILL * width


def _row(band: list[Block], height: float, depth: int) -> list[Block]:
    """One band: from left to right, blocks that share a strip from top to bottom."""
    parts = _apart(band, 0.0)
    if len(parts) == 1:
        return sorted(band, key=lambda block: (block[0].top, block[0].left))
    return [block for part in parts for block in _sorted(part, height, depth + 1)]
