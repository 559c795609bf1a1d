"""Tables without a drawn grid: rows of short texts whose columns line up; rules between the rows help."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median

from .layout import Box, Cell, Line, Rule, Span, Table, Word, line_of, union
from .paragraphs import MARK
from .rows import Piece, Row, grouped, in_order
from .strips import MOST_BANDS, Block, bands_of
from .tables import is_number, mark, numeric

_GUTTER = 0.6  # of the line's height: the least empty strip between columns in rows that have all of them ...
_LEAST_GUTTER = 0.15  # ... and what the other rows must leave of it
_ROW_STEP = 2.5  # of the line's height: more empty space ends a table
_TALLER = 1.6  # a line this much higher than the first is no row
_LEAST_ROWS = 3
_TRIES = 40  # lines of one run of rows that may be the first of a table
_FILLED = 0.5  # share of cells that hold text
_LONGEST_CELL = 9.0  # words in a cell, on average
_WIDE_SPACE = 1.5  # of the usual space in a text: here two cells touch
_APART = 0.5  # of the line's height: more space is none between words
_PROSE_WORDS = 3  # in a text that may be a part of a sentence
_WIDER_SPACE = 1.5  # of the usual space between words: wider is none
_LONG_WORD, _EVEN = 3, 0.1  # letters of words that tell whether all have one width, and how far they differ
_SPACE = 0.25  # of the line's height: a space between words
_CROSSED = 0.34  # share of rows that may have a text across a strip between columns
_TITLE = re.compile(r"(?i)^(?:table|tabelle|tableau|tabla|tabella|tabela|exhibit)\s*[\divx]+\b")

Strip = tuple[float, float]


def aligned(lines: Sequence[Line], across: Sequence[Rule] = ()) -> list[Table]:
    """Every such table among these lines."""
    spaces = _spaces(lines)
    bands = bands_of([(part.box, [part]) for line in lines for part in _apart(line, spaces)])
    if len(bands) > MOST_BANDS:
        return []
    tables: list[Table] = []
    start = first = stop = 0
    while start < len(bands):
        end = _run(bands, start)
        if end != stop:
            first, stop = start, end
        elif start - first >= _TRIES:
            start = max(end, start + 1)
            continue
        while end > start and _after(bands[start:end], across):
            end -= 1
        table = None
        if end - start >= _LEAST_ROWS:
            table = _table(bands[start - _heading(bands, start) : end], across, spaces)
        if table is not None:
            tables.append(table)
        start = end if table is not None else start + 1
    return tables


def _spaces(lines: Sequence[Line]) -> dict[int, float]:
    """The space between words, in heights of a line, by the identity of each: wide where letters have one width."""
    found: dict[int, float] = {}
    space = _SPACE
    for line in lines:
        pace = [word.box.width / (len(word.text) - 0.2) for word in line.words if len(word.text) >= _LONG_WORD]
        if len(pace) > 1:
            even = max(pace) - min(pace) < _EVEN * max(pace)
            space = max(_SPACE, median(pace) / line.height) if even else _SPACE
        found.update((id(word), space) for word in line.words)
    return found


def _apart(line: Line, spaces: Mapping[int, float]) -> list[Line]:
    """The texts of a line that stand further apart than words do."""
    apart = max(_APART, _WIDER_SPACE * spaces[id(line.words[0])]) * line.height
    parts: list[list[Word]] = [[line.words[0]]]
    for before, word in pairwise(line.words):
        if word.box.left - before.box.right > apart:
            parts.append([])
        parts[-1].append(word)
    return [line_of(part) for part in parts] if len(parts) > 1 else [line]


def _heading(bands: list[list[Block]], start: int) -> int:
    """How many bands above the first row are part of the table: 1 for a heading over some of its columns, else 0."""
    if start == 0 or len(bands[start]) < _LEAST_ROWS or len(bands[start - 1]) > 1:
        return 0
    box, (line,) = bands[start - 1][0]
    columns = sorted(b for b, _ in bands[start])
    space = columns[0].top - box.bottom
    inside = columns[0].right < box.left and columns[1].left - line.height < box.center[0] < columns[-1].right
    return int(inside and space < 1.8 * line.height and len(line.words) < _LONGEST_CELL)


def _run(bands: list[list[Block]], start: int) -> int:
    """How far rows may go on from a band of several texts."""
    if len(bands[start]) < 2:
        return start
    height = _height(bands[start])
    single = 0
    for end in range(start + 1, len(bands)):
        band = bands[end]
        space = min(b.top for b, _ in band) - max(b.bottom for b, _ in bands[end - 1])
        single = single + 1 if len(band) == 1 else 0
        if space > _ROW_STEP * height or _height(band) > _TALLER * height or single > 3:
            return end
        if single and (_TITLE.match(band[0][1][0].text) or len(band[0][1][0].words) > 2 * _LONGEST_CELL):
            return end
    return len(bands)


def _height(band: list[Block]) -> float:
    return max(line.height for _, members in band for line in members)


def _after(bands: list[list[Block]], across: Sequence[Rule]) -> bool:
    """Whether the last line of text is no part of the table above it."""
    last = bands[-1]
    if len(last) > 1:
        return False
    box, height = last[0][0], _height(last)
    above = [place for band in bands[:-1] for place, _ in band]
    if not above:
        return True
    indented = box.left > min(place.left for place in above) + 2 * height
    close = box.top - max(place.bottom for place in above) < 0.75 * height
    closed = any(-0.2 < (rule.at - box.bottom) / height < 1.2 and rule.start < box.right < rule.end for rule in across)
    return not (close and (closed or indented))


def _table(bands: list[list[Block]], across: Sequence[Rule], spaces: Mapping[int, float]) -> Table | None:
    pieces = [[line for _, members in band for line in members] for band in bands]
    texts = [line for band in pieces for line in band]
    if sum(len(line.words) for line in texts) > _LONGEST_CELL * len(texts):
        return None
    height = median(line.height for line in texts)
    strips = _strips(pieces, height)
    if not strips:
        return None
    edges = [(low + high) / 2 for low, high in strips]
    rows = [_placed(band, strips, edges, height, spaces) for band in pieces]
    rows[:2] = _headed(rows, edges, across)
    return _made(grouped(rows, height, across), edges)


def _strips(bands: Sequence[Sequence[Line]], height: float) -> list[Strip]:
    """The empty strips between columns, as the fullest rows show them; few other rows may have a text across one."""
    counts = sorted((len(band) for band in bands), reverse=True)
    full = counts[min(1, len(counts) - 1)]
    if full < 2:
        return []
    fullest = [band for band in bands if len(band) >= full]
    if fullest[0] is bands[0] and len(fullest) > _LEAST_ROWS:
        del fullest[0]  # headings may all but touch
    strips = _gaps([line.box for band in fullest for line in band], _GUTTER * height)
    kept: list[Strip] = []
    for low, high in strips:
        crossed = 0
        for band in bands:
            if len(band) == 1 and band[0].box.left < strips[0][0]:
                continue  # the title of a section
            for line in band:
                if line.box.right <= low or line.box.left >= high:
                    continue
                if line.box.left > low and high - line.box.right <= line.box.left - low:
                    high = line.box.left
                elif line.box.right < high:
                    low = line.box.right
                else:
                    crossed += 1
                    break
        if high - low >= _LEAST_GUTTER * height and crossed <= max(1, _CROSSED * len(bands)):
            kept.append((low, high))
    return kept


def _gaps(boxes: Iterable[Box], least: float) -> list[Strip]:
    found: list[Strip] = []
    right = float("inf")
    for box in sorted(boxes):
        if box.left - right >= least:
            found.append((right, box.left))
        right = box.right if right == float("inf") else max(right, box.right)
    return found


def _placed(
    band: Sequence[Line], strips: Sequence[Strip], edges: Sequence[float], height: float, spaces: Mapping[int, float]
) -> Row:
    """Each text in its columns; one in which two cells touch is cut where the space is wide."""
    row: Row = []
    for line in in_order(band):
        for part in _cut(line, strips, spaces[id(line.words[0])]):
            inset = min(0.3 * height, 0.45 * part.box.width)
            first = sum(edge <= part.box.left + inset for edge in edges)
            last = sum(edge < part.box.right - inset for edge in edges) + 1
            row.append(Piece(part, first, max(last, first + 1)))
    return row


def _cut(line: Line, strips: Sequence[Strip], usual: float) -> list[Line]:
    spaces = [b.box.left - a.box.right for a, b in pairwise(line.words)]
    if not spaces:
        return [line]
    least = _WIDE_SPACE * min(median(spaces), usual * line.height)
    parts: list[list[Word]] = [[line.words[0]]]
    for (before, word), space in zip(pairwise(line.words), spaces, strict=True):
        inside = any(
            min(high, word.box.left) - max(low, before.box.right) >= 0.5 * min(space, high - low)
            for low, high in strips
        )
        if inside and space >= least:
            parts.append([])
        parts[-1].append(word)
    return [line_of(part) for part in parts]


def _made(groups: list[list[Row]], edges: Sequence[float]) -> Table | None:
    """The table of these rows, if it is one and not a form, a list or prose in columns."""
    columns = len(edges) + 1
    texts: list[list[list[Word]]] = [[[] for _ in range(columns)] for _ in groups]
    spans: list[Span] = []
    for r, group in enumerate(groups):
        for piece in (piece for row in group for piece in row):
            texts[r][piece.first].extend(piece.line.words)
        pieces = [piece for row in group for piece in row]
        wide = {p.first: max(q.last for q in pieces if q.first == p.first) for p in pieces}
        if len(wide) == 1 and columns > 1 and _section(pieces, columns):
            spans.append(Span(r, pieces[0].first, 1, columns - pieces[0].first))
            continue
        taken = sorted(wide)
        for first, last in wide.items():
            last = min([last, *(other for other in taken if other > first)])
            if last - first > 1:
                spans.append(Span(r, first, 1, last - first))
    if not _tabular(texts, spans):
        return None
    boxes = [union(piece.line.box for row in group for piece in row) for group in groups]
    box = union(boxes)
    xs = [box.left, *edges, box.right]
    ys = [box.top, *((a.bottom + b.top) / 2 for a, b in pairwise(boxes)), box.bottom]
    cells = [
        Cell(r, c, Box(xs[c], ys[r], xs[c + 1], ys[r + 1]), words)
        for r, row in enumerate(texts)
        for c, words in enumerate(row)
    ]
    covered = sum(span.rows * span.columns - 1 for span in spans)
    filled = sum(bool(cell.words) for cell in cells) / max(1, len(cells) - covered)
    table = Table(box, len(groups), columns, cells, spans, round(0.5 + 0.4 * min(1.0, filled), 6), False)
    mark(table)
    return table


def _headed(rows: list[Row], edges: Sequence[float], across: Sequence[Rule]) -> list[Row]:
    """The first two rows; a heading in the first reaches over several columns by its underline, or by its middle."""
    over, row = rows[:2]
    if len(over) >= len(row) or len(row) < _LEAST_ROWS:
        return rows[:2]
    texts = [
        [p.line.box for one in rows[1:] for p in one if (p.first, p.last) == (c, c + 1)] for c in range(len(edges) + 1)
    ]
    if not all(texts):
        return rows[:2]
    extents = [union(boxes) for boxes in texts]
    whole = extents[-1].right - extents[0].left
    xs = [extents[0].left, *edges, extents[-1].right]
    found: Row = []
    for piece in over:
        box, height = piece.line.box, piece.line.height
        under = [
            rule
            for rule in across
            if rule.end - rule.start < 0.9 * whole
            and -0.3 * height < rule.at - box.bottom < height
            and rule.start - height < box.center[0] < rule.end + height
        ]
        if under:
            covered = [
                c for c, e in enumerate(extents) if under[0].start - height < e.center[0] < under[0].end + height
            ]
            found.append(Piece(piece.line, covered[0], covered[-1] + 1) if covered else piece)
            continue
        taken = [other for other in over if other is not piece]
        wide = [
            (min(abs(a.left + b.right - 2 * box.center[0]), abs(xs[i] + xs[k + 1] - 2 * box.center[0])) / 2, i, k + 1)
            for i, a in enumerate(extents)
            for k, b in enumerate(extents)
            if 0 < i < k and i <= piece.first and piece.last <= k + 1
            and not any(other.first <= k and other.last > i for other in taken)
        ]  # fmt: skip
        best = min(wide, default=(float("inf"), 0, 0))
        found.append(Piece(piece.line, *best[1:]) if piece.first and best[0] < 1.2 * height else piece)
    return [found, row]


def _section(pieces: Sequence[Piece], columns: int) -> bool:
    """Whether the only text of a row names those below: it is bold, ends with a colon or reaches across columns."""
    words = [word for piece in pieces for word in piece.line.words]
    if is_number(" ".join(word.text for word in words)):
        return False
    return (
        pieces[0].first == 0
        and columns > 2
        and (
            all(word.bold for word in words)
            or words[-1].text.endswith(":")
            or any(piece.last - piece.first > 1 for piece in pieces)
        )
    )


def _tabular(rows: list[list[list[Word]]], spans: Sequence[Span]) -> bool:
    columns = len(rows[0])
    filled = [cell for row in rows for cell in row if cell]
    places = columns * len(rows) - sum(span.columns - 1 for span in spans)
    if len(rows) < _LEAST_ROWS or len(filled) < _FILLED * places:
        return False
    if sum(len(cell) for cell in filled) > _LONGEST_CELL * len(filled):
        return False
    first = [row[0] for row in rows if row[0]]
    if 2 * sum(cell[-1].text.endswith(":") for cell in first) >= len(first):
        return False
    if _prose(filled) or _listed(rows):
        return False
    numbers = [numeric([_text(row[c]) for row in rows[1:] if row[c]]) for c in range(columns)]
    return columns >= 3 or (len(rows) > _LEAST_ROWS and numbers[-1])


def _prose(cells: Sequence[list[Word]]) -> bool:
    """Whether the texts go on from line to line: most of the longer ones begin with a small letter."""
    long = [cell for cell in cells if len(cell) >= _PROSE_WORDS]
    return 2 * len(long) > len(cells) and 2 * sum(cell[0].text[0].islower() for cell in long) > len(long)


def _listed(rows: list[list[list[Word]]]) -> bool:
    """Whether a column is of bullets or numbers of items, each with its text in the next one."""
    for marks, texts in pairwise(zip(*rows, strict=True)):
        marked = [text for mark, text in zip(marks, texts, strict=True) if mark and MARK.fullmatch(_text(mark))]
        if 2 * len(marked) > sum(map(bool, marks)) and sum(map(len, marked)) >= _PROSE_WORDS * len(marked):
            return True
    return False


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
