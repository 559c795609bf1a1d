"""What on a page could answer a question: values of fields, cells of tables, ticked boxes, words near others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from .fields_parts import Cells, Part, parts
from .layout import Box, Field, Line, Page, Table, Word, union
from .queries_words import Kind, spans

_NO_RULES = Cells((), ())
_HEAD_WORDS = 6
_RICHER: tuple[Kind, ...] = ("date", "amount", "phone", "percent")
"""What has numbers in it that are none by themselves."""


@dataclass(slots=True, eq=False)
class Place:
    """A text with what stands around it."""

    text: str
    box: Box
    kind: Literal["field", "tick", "choice", "cell", "span", "part"]
    label: str
    """The words that say what it is; of a span, the words around it."""
    heading: str = ""
    """The heading under which it stands."""
    sure: float = 1.0
    """How sure the page's reading was of it, 0 to 1."""


def labelled(page: Page) -> list[Place]:
    """Everything on a page that has a label."""
    named = {id(word) for field in page.fields for word in (*field.key, *field.value)}
    heads = _headings(page, named)
    found = [_field(field, heads) for field in page.fields if field.value or field.selection]
    found += _choices(page)
    for table in page.tables:
        found += _cells(table, set() if table.ruled else named)
    return found


def near(page: Page, kind: Kind) -> Iterator[Place]:
    """Dates, amounts, names ... in running text, with the words around them as their label."""
    for i, line in enumerate(page.lines):
        other = [span for one in _RICHER for span in spans(one, line.text)] if kind == "number" else []
        for start, end in spans(kind, line.text):
            words = line.words_at(start, end)
            if not words or any(a <= start and end <= b for a, b in other):
                continue
            above = page.lines[i - 1].text if i and _close(page.lines[i - 1], line) else ""
            below = page.lines[i + 1].text if i + 1 < len(page.lines) and _close(line, page.lines[i + 1]) else ""
            around = f"{above} {line.text[:start]} … {line.text[end:]} {below}"
            box = union(w.box for w in words)
            yield Place(line.text[start:end], box, "span", around, "", _sure(words))


class Piece(NamedTuple):
    """A part of a page, or some of its words, and the texts beside and above it."""

    place: Place
    which: str
    """Which of the part's words: `first 2`; empty: all."""
    left: str
    above: str


def pieces(page: Page, few: int, most: int) -> Iterator[Piece]:
    """Every part of the page; of those of up to `most` words also the first and the last ones, up to `few`."""
    found = parts([line for line in page.lines if not line.turn], _NO_RULES)
    for part in found:
        left = [o for o in found if o is not part and o.box.right <= part.box.left + 0.2 * part.height]
        beside = max((o for o in left if _level(o, part)), key=lambda o: o.box.right, default=None)
        over = max((o for o in found if _over(o, part)), key=lambda o: o.band[1], default=None)
        around = beside.text if beside else "", over.text if over else ""
        yield Piece(_place(part.words), "", *around)
        count = len(part.words)
        for size in range(1, min(few, count - 1) + 1) if count <= most else ():
            yield Piece(_place(part.words[:size]), f"first {size}", *around)
            yield Piece(_place(part.words[-size:]), f"last {size}", *around)


def _place(words: Sequence[Word]) -> Place:
    return Place(_text(words), union(word.box for word in words), "part", "", "", _sure(words))


def _over(a: Part, b: Part) -> bool:
    shared = min(a.box.right, b.box.right) > max(a.box.left, b.box.left)
    return shared and a.band[1] <= b.band[0] + 0.4 * b.height


def _level(a: Part, b: Part) -> bool:
    return min(a.band[1], b.band[1]) - max(a.band[0], b.band[0]) > 0.5 * min(a.height, b.height)


def _close(before: Line, line: Line) -> bool:
    return 0 <= line.band[0] - before.band[1] + 0.4 * line.height <= 1.4 * line.height


def _field(field: Field, heads: Sequence[Line]) -> Place:
    over = [head for head in heads if head.box.bottom <= field.key_box.top and head.box.left <= field.key_box.right]
    near = max(over, key=lambda head: head.box.bottom, default=None)
    heading = near.text if near is not None else ""
    label = _text(field.key)
    if field.selection is not None and not field.value:
        text = "SELECTED" if field.selection.selected else "NOT_SELECTED"
        return Place(text, field.value_box, "tick", label, heading, field.confidence)
    return Place(_text(field.value), field.value_box, "field", label, heading, field.confidence)


def _headings(page: Page, named: set[int]) -> list[Line]:
    return [
        line for line in page.lines
        if len(line.words) <= _HEAD_WORDS and not line.turn and not any(id(word) in named for word in line.words)
    ]  # fmt: skip


def _choices(page: Page) -> Iterator[Place]:
    """Ticked boxes in a row, under the text before the first of them."""
    ticked = [field for field in page.fields if field.selection is not None]
    rows: list[list[Field]] = []
    for field in sorted(
        ticked, key=lambda f: (round(f.value_box.center[1] / max(f.value_box.height, 1.0)), f.value_box.left)
    ):
        if rows and abs(rows[-1][0].value_box.center[1] - field.value_box.center[1]) < 0.6 * field.value_box.height:
            rows[-1].append(field)
        else:
            rows.append([field])
    for row in rows:
        first = row[0].value_box
        used = {id(word) for field in row for word in field.key}
        before = [word for line in page.lines for word in line.words if id(word) not in used and _before(word, first)]
        if not before:
            above = [
                line
                for line in page.lines
                if 0 <= first.top - line.box.bottom <= 1.5 * first.height
                and abs(line.box.left - first.left) < 2 * first.height
            ]
            before = above[-1].words if above and not any(id(word) in used for word in above[-1].words) else []
        chosen = [field for field in row if field.selection is not None and field.selection.selected]
        if before and chosen and len(row) > 1:
            words = [word for field in chosen for word in field.key]
            text = ", ".join(_text(field.key) for field in chosen)
            yield Place(
                text, union(w.box for w in words), "choice", _text(before), "", min(f.confidence for f in chosen)
            )


def _before(word: Word, box: Box) -> bool:
    return word.box.right <= box.left and abs(word.box.center[1] - box.center[1]) < 0.6 * box.height


def _cells(table: Table, named: set[int]) -> Iterator[Place]:
    """Cells under a head, called by it and by the first cell of their row; and the last cell of a row of sums."""
    headed = any(table.cell(0, column).header for column in range(table.columns))
    for row in range(int(headed), table.rows):
        full = [table.cell(row, column) for column in range(table.columns) if table.cell(row, column).words]
        if (
            len(full) < 2
            or (len(full) > 2 and not headed)
            or any(id(word) in named for cell in full for word in cell.words)
        ):
            continue
        name = full[0].text
        for cell in full[1:]:
            head = table.cell(0, cell.column).text if headed and (len(full) > 2 or table.columns == 2) else ""
            label = f"{name} {head}".strip()
            yield Place(
                cell.text, union(w.box for w in cell.words), "cell", label, "", table.confidence * _sure(cell.words)
            )


def _text(words: Iterable[Word]) -> str:
    return " ".join(word.text for word in words)


def _sure(words: Iterable[Word]) -> float:
    return min((word.confidence for word in words), default=1.0)
