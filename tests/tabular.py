"""Random tables as born-digital PDFs: ruled, half-ruled, without rules; merged cells, texts of several lines, titles.

`python -m tests.tabular FOLDER` writes the twenty documents that are committed under tests/data, and what is in them.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.documents import WORDS, Leaf, pdf

STYLES = ("ruled", "rows", "booktabs", "columns", "boxed", "open")
"""All borders; lines between rows; three lines; lines between columns; a frame and lines between rows; none."""
_WIDTHS = (  # of Helvetica, from the space to the tilde, in thousandths
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
_HELVETICA = [int(width) for width in _WIDTHS.split()]
_WIDER = {"Helvetica": 1.0, "Helvetica-Bold": 1.08, "Times-Roman": 0.94}
_THINGS = ["Lamp", "Chair", "Kettle", "Radio", "Desk", "Carpet", "Shelf", "Mirror", "Clock", "Vase", "Sofa", "Stool"]
_PLACES = ["North", "South", "East", "West", "Centre", "Coast", "Islands", "Valley", "Lakes", "Hills"]
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August"]


@dataclass
class Grid:
    """A table as it is meant: its texts row by row, a merged cell's in its first place."""

    rows: list[list[str]]
    heads: int = 1
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row and column, and how many of each."""
    sections: list[int] = field(default_factory=list)
    sums: list[int] = field(default_factory=list)
    title: str = ""
    footers: list[str] = field(default_factory=list)


@dataclass
class Look:
    """How a table is set."""

    style: str
    font: str = "Helvetica"
    size: float = 10.0
    pad: float = 6.0
    bold: bool = True
    middle: bool = False
    shaded: bool = False


def width(text: str, size: float, font: str = "Helvetica") -> float:
    """How wide a text is."""
    if font == "Courier":
        return 0.6 * size * len(text)
    units = sum(_HELVETICA[ord(c) - 32] if 32 <= ord(c) < 127 else 556 for c in text)
    return units * size * _WIDER[font] / 1000


def wrapped(text: str, room: float, size: float, font: str) -> list[str]:
    """A text in lines that fit."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width(longer, size, font) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _column(rng: random.Random, kind: str, count: int) -> tuple[str, list[str]]:
    if kind == "name":
        return rng.choice(["Item", "Product", "Article"]), [
            f"{rng.choice(_THINGS)} {rng.choice('ABCDEFGH')}{rng.randint(1, 99)}" for _ in range(count)
        ]
    if kind == "place":
        return rng.choice(["Region", "Area", "Branch"]), [rng.choice(_PLACES) for _ in range(count)]
    if kind == "note":
        return rng.choice(["Description", "Remarks", "Details"]), [
            " ".join(rng.choice(WORDS) for _ in range(rng.randint(4, 11))).capitalize() for _ in range(count)
        ]
    if kind == "date":
        return rng.choice(["Date", "Delivered"]), [
            f"{rng.randint(1, 28):02d}.{rng.randint(1, 12):02d}.{rng.randint(2015, 2029)}" for _ in range(count)
        ]
    if kind == "code":
        return rng.choice(["Code", "No."]), [f"{rng.choice('KLMNP')}-{rng.randint(1000, 9999)}" for _ in range(count)]
    if kind == "share":
        return rng.choice(["Share", "Change"]), [f"{rng.randint(0, 99)}.{rng.randint(0, 9)} %" for _ in range(count)]
    if kind == "amount":
        return rng.choice(["Amount", "Price", "Revenue"]), [
            f"{rng.randint(1, 9)},{rng.randint(0, 999):03d}.{rng.randint(0, 99):02d}" for _ in range(count)
        ]
    return rng.choice(["Units", "Quantity", "Pieces"]), [str(rng.randint(1, 5000)) for _ in range(count)]


def grid(rng: random.Random, style: str) -> Grid:
    """A table of made-up things."""
    count = rng.randint(4, 9)
    kinds = [rng.choice(["name", "place", "code", "name"])]
    kinds += rng.sample(["note", "date", "share", "amount", "units", "units", "amount"], rng.randint(2, 4))
    kinds = [k for k in kinds if k == "note"][:0] + kinds
    columns = [_column(rng, kind, count) for kind in kinds]
    rows = [[head for head, _ in columns]] + [[texts[i] for _, texts in columns] for i in range(count)]
    found = Grid(rows)
    for row in rows[1:]:
        for c in range(1, len(kinds)):
            if rng.random() < 0.06:
                row[c] = ""
    numbers = [c for c, kind in enumerate(kinds) if kind in ("units", "amount", "share")]
    if rng.random() < 0.3 and numbers:
        rows.append(
            ["Total", *("" if c not in numbers else _column(rng, kinds[c], 1)[1][0] for c in range(1, len(kinds)))]
        )
        found.sums.append(len(rows) - 1)
    pairs = [c for c in numbers if c + 1 in numbers]
    if pairs and rng.random() < 0.35:
        over = [""] * len(kinds)
        over[pairs[0]] = rng.choice(["First half", "Year 2024", "Domestic", "Plan"])
        rows.insert(0, over)
        found.heads = 2
        found.sums = [at + 1 for at in found.sums]
        found.spans.append((0, pairs[0], 1, 2))
        if style == "ruled":
            for c in range(len(kinds)):
                if c not in (pairs[0], pairs[0] + 1):
                    over[c], rows[1][c] = rows[1][c], ""
                    found.spans.append((0, c, 2, 1))
    if rng.random() < 0.3 and len(kinds) > 2:
        at = found.heads + rng.randint(0, 2)
        rows.insert(at, [f"Group {rng.randint(1, 9)}: {rng.choice(_PLACES).lower()}", *[""] * (len(kinds) - 1)])
        found.sections.append(at)
        found.spans.append((at, 0, 1, len(kinds)))
        found.sums = [row + 1 for row in found.sums]
    if rng.random() < 0.4:
        found.title = (
            f"Table {rng.randint(1, 20)}. {rng.choice(['Sales', 'Stock', 'Deliveries'])} in {rng.choice(_MONTHS)}"
        )
    if rng.random() < 0.4:
        found.footers.append(f"Note: figures as of {rng.choice(_MONTHS)}, not audited.")
        if rng.random() < 0.4:
            found.footers.append("* Estimated by the branch itself.")
    found.spans.sort()
    return found


def draw(leaf: Leaf, table: Grid, look: Look, left: float, top: float, room: float) -> float:
    """Set a table on a page; where it ends."""
    size, font = look.size, look.font
    y = top
    if table.title:
        leaf.text(left, y + size, table.title, size, "Helvetica-Bold")
        y += 1.9 * size
    count = len(table.rows[0])
    whole = {row for row, first, _, wide in table.spans if first == 0 and wide == count}
    longest = [
        max(
            (width(text, size, _font(look, table, r)) for r, text in enumerate(column) if r not in whole and text),
            default=size,
        )
        for column in zip(*table.rows, strict=True)
    ]
    wide = [min(need, 130.0) + 2 * look.pad for need in longest]
    stretch = min(1.6, room / sum(wide))
    wide = [one * stretch for one in wide] if stretch > 1 else wide
    xs = [left]
    for one in wide:
        xs.append(xs[-1] + one)
    right = [_right(column[table.heads :]) for column in zip(*table.rows, strict=True)]
    spans = {(r, c): (rows, columns) for r, c, rows, columns in table.spans}
    texts = []
    for r, row in enumerate(table.rows):
        lines = []
        for c, text in enumerate(row):
            columns = spans.get((r, c), (1, 1))[1]
            lines.append(wrapped(text, xs[c + columns] - xs[c] - 2 * look.pad + 0.5, size, _font(look, table, r)))
        texts.append(lines)
    leading = 1.18 * size
    heights = [leading * max(len(lines) for lines in row) + 1.1 * look.pad for row in texts]
    ys = [y]
    for high in heights:
        ys.append(ys[-1] + high)
    for r, row in enumerate(texts):
        if look.shaded and r >= table.heads and r % 2:
            leaf.rect(xs[0], ys[r], xs[-1] - xs[0], heights[r], "f", 0.9)
        for c, lines in enumerate(row):
            rows, columns = spans.get((r, c), (1, 1))
            slack = ys[r + rows] - ys[r] - leading * len(lines) - 1.1 * look.pad
            begin = ys[r] + 0.55 * look.pad + size * 0.95 + (slack / 2 if look.middle or rows > 1 else 0)
            for i, line in enumerate(lines):
                if line:
                    x = _start(line, (xs[c], xs[c + columns]), look, right[c] and columns == 1, columns > 1 and c > 0)
                    leaf.text(x, begin + i * leading, line, size, _font(look, table, r))
    _rules(leaf, table, look.style, xs, ys, spans)
    y = ys[-1]
    for note in table.footers:
        leaf.text(left, y + 1.6 * size, note, 0.85 * size, font)
        y += 1.4 * size
    return y


def _font(look: Look, table: Grid, row: int) -> str:
    heavy = (look.bold and row < table.heads) or row in table.sections
    return "Helvetica-Bold" if heavy else look.font


def _right(texts: tuple[str, ...]) -> bool:
    return all(set(text) <= set("0123456789.,% ") for text in texts if text and not text.startswith("Group"))


def _start(text: str, place: tuple[float, float], look: Look, right: bool, centred: bool) -> float:
    long = width(text, look.size, look.font)
    if centred:
        return (place[0] + place[1] - long) / 2
    return place[1] - look.pad - long if right else place[0] + look.pad


def _rules(
    leaf: Leaf, table: Grid, style: str, xs: list[float], ys: list[float], spans: dict[tuple[int, int], tuple[int, int]]
) -> None:
    inside_rows, inside_columns = set(), set()
    for (r, c), (rows, columns) in spans.items():
        inside_rows.update((r + i, c + j) for i in range(1, rows) for j in range(columns))
        inside_columns.update((r + i, c + j) for i in range(rows) for j in range(1, columns))
    last = len(ys) - 1
    for r, y in enumerate(ys):
        edge = r in (0, last)
        if style in ("ruled", "rows", "boxed") or (style == "booktabs" and (edge or r == table.heads)):
            for c in range(len(xs) - 1):
                if (r, c) not in inside_rows:
                    leaf.line(xs[c], y, xs[c + 1], y)
        elif style == "columns" and (edge or r == table.heads):
            leaf.line(xs[0], y, xs[-1], y)
    for c, x in enumerate(xs):
        edge = c in (0, len(xs) - 1)
        if style in ("ruled", "columns") or (style == "boxed" and edge):
            for r in range(last):
                if (r, c) not in inside_columns:
                    leaf.line(x, ys[r], x, ys[r + 1])


def look(rng: random.Random, style: str) -> Look:
    """How a table is set, by chance."""
    return Look(
        style,
        rng.choice(["Helvetica", "Times-Roman"]),
        rng.choice([8.5, 9.0, 10.0, 11.0]),
        rng.choice([5.0, 6.0, 8.0]),
        rng.random() < 0.7,
        rng.random() < 0.3,
        rng.random() < 0.2,
    )


def page(seed: int, style: str = "", tables: int = 0) -> tuple[Leaf, list[Grid]]:
    """A page with prose and one or two tables."""
    rng = random.Random(seed)
    leaf = Leaf()
    leaf.text(60, 60, "Report on the quarter", 16, "Helvetica-Bold")
    y = _prose(leaf, rng, 84.0, rng.randint(1, 3))
    found = []
    for _ in range(tables or rng.choice([1, 1, 2])):
        chosen = style or rng.choice(STYLES)
        made = grid(rng, chosen)
        y = draw(leaf, made, look(rng, chosen), rng.choice([60.0, 72.0]), y + 26, 480) + 32
        found.append(made)
        if y > 520:
            break
        y = _prose(leaf, rng, y, 2)
    return leaf, found


def _prose(leaf: Leaf, rng: random.Random, y: float, lines: int) -> float:
    for line in wrapped(
        " ".join(rng.choice(WORDS) for _ in range(13 * lines)).capitalize() + ".", 480, 10, "Helvetica"
    ):
        leaf.text(60, y, line, 10)
        y += 13
    return y


def committed() -> dict[str, tuple[bytes, list[list[dict[str, Any]]]]]:
    """The twenty documents: their bytes and, page by page, their tables."""
    made = {}
    styles = [*STYLES, *STYLES, *STYLES]
    for number, style in enumerate(styles, 1):
        leaf, found = page(900 + number, style, 1 + (number > 12))
        made[f"{number:02d}-{style}"] = (pdf(leaf), [[asdict(one) for one in found]])
    for number, style in ((19, "ruled"), (20, "open")):
        pages = [page(900 + number + 50 * i, style, 1) for i in range(2)]
        data = pdf(*(leaf for leaf, _ in pages))
        made[f"{number}-two-pages-{style}"] = (data, [[asdict(one) for one in found] for _, found in pages])
    return made


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name, (data, expected) in committed().items():
        (folder / f"{name}.pdf").write_bytes(data)
        (folder / f"{name}.json").write_text(json.dumps(expected, indent=1) + "\n")
