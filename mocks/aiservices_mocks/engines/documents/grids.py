"""Tables drawn with rules: their rows, columns and merged cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from .layout import Box, Cell, Rule, Span, Table, Word, line_of, union
from .rows import Piece, Row, grouped
from .strips import bands_of
from .tables import is_number, mark

NEAR = 0.0025  # of the page's longer side: rules this near are one
_COVERED = 0.6  # share of a cell's side that must be drawn to be a border
_MOST_CROSSINGS = 400_000  # a drawing, not a table
_FEW_ROWS = 3  # a table of so few drawn rows may have more that are not drawn
_LEAST_LINES = 3  # of text in a drawn row: these may be rows


def ruled(
    size: tuple[float, float], across: Sequence[Rule], down: Sequence[Rule], words: Sequence[Word]
) -> list[Table]:
    """Grids of at least two rows and two columns whose borders are drawn."""
    near = NEAR * max(size)
    rows, columns = joined(across, near), joined(down, near)
    if len(rows) * len(columns) > _MOST_CROSSINGS:
        return []
    found = [_grid(h, v, words, near) for h, v in _connected(rows, columns, near)]
    tables = [table for table in found if table is not None]
    return sorted(tables, key=lambda table: (table.box.top, table.box.left))


def joined(rules: Iterable[Rule], near: float) -> list[Rule]:
    """Rules without their doubles: pieces of one line are one rule."""
    levels: list[list[Rule]] = []
    for rule in sorted(rules):
        if not levels or rule.at - levels[-1][0].at > near:
            levels.append([])
        levels[-1].append(rule)
    found: list[Rule] = []
    for level in levels:
        level.sort(key=lambda rule: rule.start)
        found.append(level[0])
        for rule in level[1:]:
            last = found[-1]
            if rule.start > last.end + near:
                found.append(rule)
            else:
                found[-1] = Rule(min(last.at, rule.at), last.start, max(last.end, rule.end))
    return sorted(found)


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
    columns = len(xs) - 1
    if len(ys) < 2 or columns < 2 or len(ys) * columns > 20_000:
        return None
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    inner = [w for w in words if box.holds(w.box.center)]
    across = [*across, *_implied(across, down, xs, ys, near)]
    added = _undrawn(ys, xs, inner)
    across += [Rule(at, xs[0], xs[-1]) for at in added]
    ys = sorted([*ys, *added])
    rows = len(ys) - 1
    if rows < 2:
        return None
    cells = [Cell(r, c, Box(xs[c], ys[r], xs[c + 1], ys[r + 1])) for r in range(rows) for c in range(columns)]
    crossing = _fill(cells, inner, xs, ys, near)
    if sum(bool(cell.words) for cell in cells) < 2:
        return None
    spans = _spans(across, down, xs, ys, near)
    outer = _outer(across, down, box, near)
    inside = sum(len(cell.words) for cell in cells) or 1
    table = Table(box, rows, columns, cells, spans, 0.5 * outer + 0.5 * (1 - crossing / inside), True)
    mark(table)
    return table


def _implied(across: Sequence[Rule], down: list[Rule], xs: list[float], ys: list[float], near: float) -> list[Rule]:
    """Borders between rows that nothing draws but where lines between columns begin or end: cells are merged there."""
    found = []
    for top, at, bottom in zip(ys, ys[1:], ys[2:], strict=False):
        if any(abs(rule.at - at) <= 2 * near for rule in across):
            continue
        if any(_covers(down, x, top, at, near) != _covers(down, x, at, bottom, near) for x in xs[1:-1]):
            found.append(Rule(at, xs[0], xs[-1]))
    return found


def _undrawn(ys: list[float], xs: list[float], words: Sequence[Word]) -> list[float]:
    """Borders between rows that are not drawn, where a drawn row holds several lines of numbers or of many cells."""
    added: list[float] = []
    few, columns = len(ys) <= _FEW_ROWS + 1, range(len(xs) - 1)
    height = median(word.band[1] - word.band[0] for word in words) if words else 0.0
    for top, bottom in pairwise(ys):
        if bottom - top < 1.8 * height:
            continue
        cells: list[list[Word]] = [[] for _ in columns]
        for word in words:
            x, y = word.box.center
            if top <= y < bottom:
                cells[_between(xs, x)].append(word)
        pieces = [Piece(line_of(row), c, c + 1) for c, inside in enumerate(cells) for row in _rows_of(inside)]
        rows: list[Row] = []
        for band in bands_of([(piece.line.box, [piece.line]) for piece in pieces]):
            inside = {id(line) for _, lines in band for line in lines}
            rows.append([piece for piece in pieces if id(piece.line) in inside])
        if len(rows) < 2:
            continue
        groups = grouped(rows, median(piece.line.height for piece in pieces))
        figures = [
            sum(any(is_number(p.line.text) for r in g for p in r if p.first == c) for g in groups) for c in columns
        ]
        begun = sum(any(piece.first == 0 for row in group for piece in row) for group in groups)
        level = max(figures) >= _LEAST_LINES or sum(count > 1 for count in figures) > 1
        if level or (few and begun == len(groups) >= _LEAST_LINES):
            boxes = [union(piece.line.box for row in group for piece in row) for group in groups]
            added += [(a.bottom + b.top) / 2 for a, b in pairwise(boxes)]
    return added


def _between(edges: list[float], value: float) -> int:
    """Which of the strips between the edges a value is in."""
    return min(max(bisect_right(edges, value) - 1, 0), len(edges) - 2)


def _places(values: list[float], near: float) -> list[float]:
    """The values, near ones as one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > 2 * near:
            places.append(value)
    return places


def _fill(cells: list[Cell], words: Iterable[Word], xs: list[float], ys: list[float], near: float) -> int:
    """Put every word into its cell; how many cross a border."""
    crossing = 0
    for word in words:
        x, y = word.box.center
        cell = cells[_between(ys, y) * (len(xs) - 1) + _between(xs, x)]
        cell.words.append(word)
        crossing += word.box.left < cell.box.left - near or word.box.right > cell.box.right + near
    for cell in cells:
        cell.words = _reading(cell.words)
    return crossing


def _reading(words: list[Word]) -> list[Word]:
    """A cell's words, line by line."""
    return [word for row in _rows_of(words) for word in row]


def _rows_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words in lines, from top to bottom, each from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.band):
        middle = (word.band[0] + word.band[1]) / 2
        if rows and rows[-1][0].band[0] <= middle <= rows[-1][0].band[1]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.box.left) for row in rows]


def _at(rules: list[Rule], at: float, near: float) -> list[Rule]:
    return [rule for rule in rules if abs(rule.at - at) <= 2 * near]


def _covers(rules: list[Rule], at: float, start: float, end: float, near: float) -> bool:
    """Whether the rules at a place draw most of the way from start to end."""
    drawn = sum(max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in _at(rules, at, near))
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

    upright = [_at(down, x, near) for x in xs]
    level = [_at(across, y, near) for y in ys]
    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and not _covers(upright[c + 1], xs[c + 1], ys[r], ys[r + 1], near):
                join((r, c), (r, c + 1))
            if r + 1 < rows and not _covers(level[r + 1], ys[r + 1], xs[c], xs[c + 1], near):
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
