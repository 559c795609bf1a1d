"""Tables: grids drawn with rules, merged cells included, and columns of short texts that line up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from .layout import Box, Cell, Line, Rule, Selection, Span, Table, Word, union
from .strips import Block, bands_of, gaps, narrowed

_NEAR = 0.0025  # of the page's longer side: rules this near are one
_COVERED = 0.6  # share of a cell's side that must be drawn to be a border
_MOST_CROSSINGS = 400_000  # a drawing, not a table
_NUMBER = re.compile(r"^[^\w]*[\d.,'\s]*\d[\d.,'\s]*(?:[^\w\s]|[A-Za-z]{1,3})?$")

# columns that line up without rules
_GUTTER = 0.7  # of the line's height
_ROW_STEP = 2.5  # of the line's height: more empty space ends a table
_UNEVEN = 1.3  # of the space between two rows: how much more the next one may have
_LEAST_ROWS = 3
_FILLED = 0.55  # share of cells that hold text
_LONGEST_CELL = 8.0  # words in a cell, on average


def ruled(
    size: tuple[float, float], across: Sequence[Rule], down: Sequence[Rule], words: Sequence[Word]
) -> list[Table]:
    """Grids of at least two rows and two columns whose borders are drawn."""
    near = _NEAR * max(size)
    rows, columns = _joined(across, near), _joined(down, near)
    if len(rows) * len(columns) > _MOST_CROSSINGS:
        return []
    found = [_grid(h, v, words, near) for h, v in _connected(rows, columns, near)]
    tables = [table for table in found if table is not None]
    return sorted(tables, key=lambda table: (table.box.top, table.box.left))


def _joined(rules: Sequence[Rule], near: float) -> list[Rule]:
    """Rules without their doubles: pieces of one line are one rule."""
    joined: list[Rule] = []
    for rule in sorted(rules):
        i = len(joined) - 1
        while i >= 0 and joined[i].at >= rule.at - near and not _meet(joined[i], rule, near):
            i -= 1
        if i >= 0 and joined[i].at >= rule.at - near:
            other = joined[i]
            joined[i] = Rule(other.at, min(rule.start, other.start), max(rule.end, other.end))
        else:
            joined.append(rule)
    return joined


def _meet(a: Rule, b: Rule, near: float) -> bool:
    return a.start <= b.end + near and b.start <= a.end + near


def _connected(across: list[Rule], down: list[Rule], near: float) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules in groups that touch each other."""
    group = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    for i, h in enumerate(across):
        for j, v in enumerate(down, len(across)):
            if h.start - near <= v.at <= h.end + near and v.start - near <= h.at <= v.end + near:
                group[root(i)] = root(j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate([*across, *down]):
        groups.setdefault(root(i), ([], []))[i >= len(across)].append(rule)
    return list(groups.values())


def _grid(across: list[Rule], down: list[Rule], words: Sequence[Word], near: float) -> Table | None:
    if len(across) < 2 or not down:
        return None
    ys = _places([r.at for r in across] + [e for r in down for e in (r.start, r.end)], near)
    xs = _places([r.at for r in down] + [e for r in across for e in (r.start, r.end)], near)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2 or rows * columns > 20_000:
        return None
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    cells = [Cell(r, c, Box(xs[c], ys[r], xs[c + 1], ys[r + 1])) for r in range(rows) for c in range(columns)]
    crossing = _fill(cells, [w for w in words if box.holds(w.box.center)], near)
    if sum(bool(cell.words) for cell in cells) < 2:
        return None
    spans = _spans(across, down, xs, ys, near)
    outer = _outer(across, down, box, near)
    inside = sum(len(cell.words) for cell in cells) or 1
    table = Table(box, rows, columns, cells, spans, 0.5 * outer + 0.5 * (1 - crossing / inside), True)
    _mark_header(table)
    return table


def _places(values: list[float], near: float) -> list[float]:
    """The values, near ones as one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > 2 * near:
            places.append(value)
    return places


def _fill(cells: list[Cell], words: Iterable[Word], near: float) -> int:
    """Put every word into its cell; how many cross a border."""
    crossing = 0
    for word in words:
        for cell in cells:
            if cell.box.holds(word.box.center):
                cell.words.append(word)
                room = cell.box.grown(near)
                crossing += word.box.left < room.left or word.box.right > room.right
                break
    for cell in cells:
        cell.words = _reading(cell.words)
    return crossing


def _reading(words: list[Word]) -> list[Word]:
    """A cell's words, line by line."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.band):
        middle = (word.band[0] + word.band[1]) / 2
        if rows and rows[-1][0].band[0] <= middle <= rows[-1][0].band[1]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [word for row in rows for word in sorted(row, key=lambda w: w.box.left)]


def _covers(rules: list[Rule], at: float, start: float, end: float, near: float) -> bool:
    """Whether the rules at a place draw most of the way from start to end."""
    drawn = sum(
        max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in rules if abs(rule.at - at) <= 2 * near
    )
    return drawn >= _COVERED * (end - start)


def _spans(across: list[Rule], down: list[Rule], xs: list[float], ys: list[float], near: float) -> list[Span]:
    """Cells between which no border is drawn, where together they are a rectangle."""
    rows, columns = len(ys) - 1, len(xs) - 1
    group = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def root(cell: tuple[int, int]) -> tuple[int, int]:
        while group[cell] != cell:
            cell = group[cell]
        return cell

    def join(a: tuple[int, int], b: tuple[int, int]) -> None:
        first, second = sorted((root(a), root(b)))
        group[second] = first

    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and not _covers(down, xs[c + 1], ys[r], ys[r + 1], near):
                join((r, c), (r, c + 1))
            if r + 1 < rows and not _covers(across, ys[r + 1], xs[c], xs[c + 1], near):
                join((r, c), (r + 1, c))
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for cell in group:
        members.setdefault(root(cell), []).append(cell)
    spans = []
    for cells in members.values():
        top, left = min(r for r, _ in cells), min(c for _, c in cells)
        high, wide = max(r for r, _ in cells) - top + 1, max(c for _, c in cells) - left + 1
        if 1 < len(cells) == high * wide < rows * columns:
            spans.append(Span(top, left, high, wide))
    return sorted(spans)


def _outer(across: list[Rule], down: list[Rule], box: Box, near: float) -> float:
    """Share of the four outer sides that are drawn."""
    sides = (
        _covers(across, box.top, box.left, box.right, near),
        _covers(across, box.bottom, box.left, box.right, near),
        _covers(down, box.left, box.top, box.bottom, near),
        _covers(down, box.right, box.top, box.bottom, near),
    )
    return sum(sides) / 4


def place(selections: Sequence[Selection], tables: Sequence[Table]) -> None:
    """Put every checkbox that stands in a table into its cell."""
    for selection in selections:
        for table in tables:
            for cell in table.cells:
                if cell.box.holds(selection.box.center):
                    cell.selections.append(selection)


def _mark_header(table: Table) -> None:
    """The first row is a header when it alone is bold, or has words where numbers stand below."""
    first = [table.cell(0, c) for c in range(table.columns)]
    rest = [[table.cell(r, c) for c in range(table.columns)] for r in range(1, table.rows)]
    filled = [cell for cell in first if cell.words]
    if not filled or not rest:
        return
    bold = all(word.bold for cell in filled for word in cell.words)
    plain = any(cell.words and not all(w.bold for w in cell.words) for row in rest for cell in row)
    words_over_numbers = any(
        cell.words and not is_number(cell.text) and _numeric([row[c].text for row in rest if row[c].words])
        for c, cell in enumerate(first)
    ) and not any(is_number(cell.text) for cell in filled)
    if (bold and plain) or words_over_numbers:
        for cell in first:
            cell.header = True


def is_number(text: str) -> bool:
    """Whether a text is a number, an amount, a percentage or a date in digits."""
    return bool(_NUMBER.match(text)) or bool(re.match(r"^\d{1,4}([./-])\d{1,2}\1\d{1,4}$", text))


def _numeric(texts: list[str]) -> bool:
    return bool(texts) and sum(map(is_number, texts)) >= 0.6 * len(texts)


def aligned(lines: Sequence[Line]) -> list[Table]:
    """Rows of short texts whose columns line up, without any rules between them."""
    blocks: list[Block] = [(line.box, [line]) for line in lines]
    bands = bands_of(blocks)
    tables = []
    i = 0
    while i < len(bands):
        table, end = _aligned_from(bands, i)
        if table is not None:
            tables.append(table)
        i = end if table is not None else i + 1
    return tables


def _aligned_from(bands: list[list[Block]], start: int) -> tuple[Table | None, int]:
    height = _height(bands[start])
    gutters = gaps(bands[start], _GUTTER * height)
    if not gutters:
        return None, start
    end, step = start + 1, _ROW_STEP * height
    while end < len(bands):
        space = min(b.top for b, _ in bands[end]) - max(b.bottom for b, _ in bands[end - 1])
        if space > step or _height(bands[end]) > 1.6 * height:
            break
        step = max(step, _UNEVEN * space)
        clear = [narrowed(bands[end], low, high, 0.5 * _GUTTER * height) for low, high in gutters]
        kept = [gap for gap in clear if gap is not None]
        if len(kept) < len(gutters) and (end - start >= _LEAST_ROWS or not kept):
            break
        gutters = kept
        end += 1
    while end > start + 1 and len(bands[end - 1]) == 1:
        end -= 1
    return _from_columns(bands[start:end], gutters, height), end


def _height(band: list[Block]) -> float:
    return max(line.height for _, members in band for line in members)


def _from_columns(bands: list[list[Block]], gutters: list[tuple[float, float]], height: float) -> Table | None:
    edges = [float("-inf"), *((low + high) / 2 for low, high in gutters), float("inf")]
    rows: list[list[list[Word]]] = []
    boxes: list[list[Box]] = []
    for band in bands:
        cells: list[list[Word]] = [[] for _ in edges[1:]]
        for box, members in sorted(band, key=lambda block: (block[0].top, block[0].left)):
            column = next(c for c, right in enumerate(edges[1:]) if box.center[0] <= right)
            cells[column].extend(word for line in members for word in line.words)
        near = boxes and min(b.top for b, _ in band) - max(b.bottom for b in boxes[-1]) < 0.6 * height
        if rows and near and not cells[0] and sum(map(bool, cells)) == 1:
            for have, more in zip(rows[-1], cells, strict=True):
                have.extend(more)
            boxes[-1].extend(b for b, _ in band)
        else:
            rows.append(cells)
            boxes.append([b for b, _ in band])
    if not _tabular(rows):
        return None
    return _table(rows, boxes, edges)


def _tabular(rows: list[list[list[Word]]]) -> bool:
    """Whether rows of cells are a table and not a form, a list or prose in columns."""
    columns = len(rows[0])
    cells = [cell for row in rows for cell in row]
    filled = [cell for cell in cells if cell]
    if len(rows) < _LEAST_ROWS or len(filled) < _FILLED * len(cells):
        return False
    if sum(len(cell) for cell in filled) > _LONGEST_CELL * len(filled):
        return False
    first = [row[0] for row in rows if row[0]]
    if 2 * sum(cell[-1].text.endswith(":") for cell in first) >= len(first):
        return False
    numbers = [_numeric([_text(row[c]) for row in rows[1:] if row[c]]) for c in range(columns)]
    return columns >= 3 or (len(rows) > _LEAST_ROWS and numbers[-1])


def _text(words: list[Word]) -> str:
    return " ".join(word.text for word in words)


def _table(rows: list[list[list[Word]]], boxes: list[list[Box]], edges: list[float]) -> Table:
    box = union(b for row in boxes for b in row)
    xs = [box.left, *edges[1:-1], box.right]
    spans = [union(row) for row in boxes]
    ys = [box.top, *((a.bottom + b.top) / 2 for a, b in pairwise(spans)), box.bottom]
    cells = [
        Cell(r, c, Box(xs[c], ys[r], xs[c + 1], ys[r + 1]), words)
        for r, row in enumerate(rows)
        for c, words in enumerate(row)
    ]
    filled = sum(bool(cell.words) for cell in cells) / len(cells)
    table = Table(box, len(rows), len(xs) - 1, cells, [], round(0.5 + 0.4 * filled, 6), False)
    _mark_header(table)
    return table
