"""Tables and pages for measuring only: made in other manners than those that tests have and rules were written on."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.documents import Leaf
from tests.tabular import width, wrapped

_ROOTS = ("bran", "dell", "fir", "gor", "hal", "kest", "lorn", "mar", "nev", "pell", "quin", "rast", "sol", "zell")
_ENDS = ("a", "berg", "dale", "en", "field", "ford", "ham", "ing", "ley", "mont", "port", "ridge", "us", "vale", "y")


def word(rng: random.Random) -> str:
    """A made-up word."""
    return rng.choice(_ROOTS) + rng.choice(_ENDS)


def words(rng: random.Random, count: int) -> str:
    """That many made-up words."""
    return " ".join(word(rng) for _ in range(count))


_VALUES: tuple[Callable[[random.Random], str], ...] = (
    lambda rng: f"EUR {rng.randint(1, 999)}.{rng.randint(0, 99):02d}",
    lambda rng: rng.choice(["{}.{}", "{}.{}", "({}.{})"]).format(rng.randint(0, 99), rng.randint(0, 9)),
    lambda rng: rng.choice(["n/a", "-", *[str(rng.randint(1, 10**6)) for _ in range(8)]]),
    lambda rng: f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}",
    lambda rng: rng.choice(["yes", "no", "open"]),
    lambda rng: words(rng, rng.randint(1, 2)),
    lambda rng: f"{rng.randint(1, 28)} {rng.choice(['Jan', 'Apr', 'Sep', 'Nov'])} {rng.randint(2000, 2030)}",
)


def table(seed: int) -> tuple[Leaf, list[list[str]]]:
    """A page with one table among text, and its rows."""
    rng = random.Random(seed)
    leaf = Leaf()
    size = rng.uniform(7.5, 11.5)
    font = rng.choice(["Helvetica", "Times-Roman", "Courier"])
    y = paragraph(leaf, rng, 54, rng.uniform(60, 120), 500, 10) + rng.uniform(20, 40)
    kinds = [rng.choice(_VALUES) for _ in range(rng.randint(2, 6))]
    rows = [["", *(words(rng, rng.randint(1, 2)).title() for _ in kinds)]]
    for _ in range(rng.randint(4, 18)):
        rows.append([words(rng, rng.randint(1, 3)).capitalize(), *(make(rng) for make in kinds)])
    aligned = [0.0, *(rng.choice([0.0, 0.5, 1.0, 1.0]) for _ in kinds)]
    room = [max(width(row[c], size, _bold(font)) for row in rows) for c in range(len(rows[0]))]
    gap = rng.uniform(1.1, 2.6) * size
    scale = min(1.0, (520 - gap * len(room)) / sum(room))
    if scale < 1.0:
        return table(seed + 100_000)  # too wide for the page
    left = 54 + rng.uniform(0, 520 - sum(room) - gap * len(room))
    xs = [left]
    for one in room:
        xs.append(xs[-1] + one + gap)
    step = rng.uniform(1.35, 2.2) * size
    manner = rng.choice(["stripes", "headed", "double", "grey", "plain", "underlined", "framed"])
    end = y + len(rows) * step
    for r, row in enumerate(rows):
        top = y + r * step
        if manner == "stripes" and r % 2 == 0:
            leaf.rect(xs[0] - 3, top, xs[-1] - xs[0], step, "f", 0.88)
        if manner == "headed" and r == 0:
            leaf.rect(xs[0] - 3, top, xs[-1] - xs[0], step, "f", 0.8)
        if manner == "grey":
            leaf.line(xs[0] - 3, top, xs[-1] - 3, top, 0.3)
        for c, text in enumerate(row):
            slack = room[c] - width(text, size, _bold(font) if r == 0 else font)
            shown = _bold(font) if r == 0 and manner != "plain" else font
            if text:
                leaf.text(xs[c] + aligned[c] * slack, top + 0.72 * step, text, size, shown)
    if manner == "double":
        for at in (y, y + 2, end, end + 2, y + step):
            leaf.line(xs[0], at, xs[-1] - gap, at, 0.5)
    if manner == "underlined":
        for c in range(len(room)):
            leaf.line(xs[c], y + step, xs[c] + room[c], y + step, 0.6)
    if manner == "framed":
        leaf.rect(xs[0] - 4, y - 2, xs[-1] - xs[0], end - y + 4)
        leaf.line(xs[0] - 4, y + step, xs[-1] - 4, y + step)
    paragraph(leaf, rng, 54, end + rng.uniform(26, 50), 500, 10)
    return leaf, rows


def _bold(font: str) -> str:
    return "Helvetica-Bold" if font == "Helvetica" else font


def paragraph(leaf: Leaf, rng: random.Random, x: float, y: float, wide: float, size: float, indent: float = 0) -> float:
    """Some lines of text; where the next would stand."""
    text = words(rng, rng.randint(int(0.14 * wide), int(0.3 * wide))).capitalize() + "."
    first, *rest = wrapped(text, wide - indent, size, "Helvetica")
    leaf.text(x + indent, y, first, size, "Times-Roman")
    for line in wrapped(" ".join(rest), wide, size, "Helvetica") if rest else []:
        y += 1.3 * size
        leaf.text(x, y, line, size, "Times-Roman")
    return y + 1.3 * size


def page(seed: int) -> tuple[Leaf, list[tuple[str, str]]]:
    """A page of an article, and its parts: their kind and first two words."""
    rng = random.Random(seed)
    leaf, parts = Leaf(595, 842), []
    size = rng.uniform(8.5, 11)

    def told(kind: str, text: str) -> None:
        parts.append((kind, " ".join(text.split()[:2])))

    if rng.random() < 0.7:
        text = words(rng, 3).title()
        leaf.text(70, 40, text, 0.85 * size)
        leaf.line(70, 46, 525, 46, 0.4)
        told("HEADER", text)
    y = rng.uniform(95, 120)
    if rng.random() < 0.7:
        text, big = words(rng, rng.randint(2, 4)).title(), size * rng.uniform(1.7, 2.4)
        leaf.text((595 - width(text, big, "Times-Roman")) / 2, y, text, big, "Times-Roman")
        told("TITLE", text)
        y += 2.2 * big
    columns = rng.choice([1, 2, 3])
    wide = (455 - 22 * (columns - 1)) / columns
    section = rng.randint(1, 4)
    for column in range(columns):
        x, at = 70 + column * (wide + 22), y
        while at < 600:
            if rng.random() < 0.5:
                text = f"{section} {words(rng, 2).title()}" if rng.random() < 0.5 else words(rng, 2).upper()
                leaf.text(x, at, text, size, "Helvetica-Bold")
                told("SECTION_HEADER", text)
                section += 1
                at += 1.9 * size
            begin = len(leaf.words)
            at = paragraph(leaf, rng, x, at, wide, size, rng.choice([0, 1.5 * size])) + 0.7 * size
            told("TEXT", " ".join(leaf.words[begin:]))
            if rng.random() < 0.25:
                at = _points(leaf, rng, told, x, at, wide, size)
            elif columns == 1 and rng.random() < 0.2:
                leaf.image(x + 40, at, 220, 110, (8, 8, bytes(rng.randrange(40, 190) for _ in range(64))))
                told("FIGURE", "")
                at += 140
    if rng.random() < 0.8:
        text = rng.choice(["{}", "p. {}", "{} of 40"]).format(rng.randint(2, 40))
        leaf.text(290, 810, text, 0.9 * size)
        told("PAGE_NUMBER", text)
    return leaf, parts


def _points(
    leaf: Leaf, rng: random.Random, told: Callable[[str, str], None], x: float, y: float, wide: float, size: float
) -> float:
    mark = rng.choice(["*", "\u2013", "\u2022", "{})"])
    for number in range(1, rng.randint(3, 6)):
        shown = mark.format(number)
        lines = wrapped(words(rng, rng.randint(2, 9)), wide - 20, size, "Helvetica")
        leaf.text(x, y, shown, size, "Times-Roman")
        for line in lines:
            leaf.text(x + 14, y, line, size, "Times-Roman")
            y += 1.3 * size
        if number == 1:
            told("LIST", f"{shown} {lines[0]}")
    return y + 0.7 * size
