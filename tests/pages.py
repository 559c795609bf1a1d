"""Random pages with headings, paragraphs, lists, tables, figures and signatures, and what is on them."""

from __future__ import annotations

import math
import random

from tests.documents import WORDS, Leaf, person
from tests.tabular import STYLES, draw, grid, look, wrapped

Part = tuple[str, str]
"""A kind of layout without LAYOUT_, and the first three words of it; a figure has none."""
_HEADS = ["Method", "Results of the survey", "Outlook", "Costs and benefits", "Recommendations", "Scope"]


def signature(rng: random.Random, x: float, y: float, width: float, height: float) -> list[list[tuple[float, float]]]:
    """Strokes of a pen that fill a rectangle, for `Leaf.curve`: a big first loop, smaller ones, a flourish."""
    loops = rng.randint(5, 9)
    points: list[tuple[float, float]] = []
    for i in range(loops * 12 + 1):
        t = i / 12
        tall = height * (0.5 if t < 1.2 else rng.uniform(0.16, 0.24))
        lead = x + width * (0.08 + 0.84 * t / loops)
        points.append(
            (lead + 0.07 * width * math.sin(2 * math.pi * t), y + height / 2 - tall * math.cos(2 * math.pi * t))
        )
    flourish = [
        (x + 0.1 * width, y + 0.95 * height),
        (x + 0.5 * width, y + rng.uniform(0.6, 0.8) * height),
        (x + 0.8 * width, y + height),
        (x + width, y + 0.7 * height),
    ]
    return [points, flourish] if rng.random() < 0.7 else [points]


def sign(leaf: Leaf, rng: random.Random, x: float, y: float, width: float = 120, height: float = 34) -> None:
    """Sign on a page, in a rectangle."""
    for stroke in signature(rng, x, y, width, height):
        leaf.curve(stroke, rng.choice([0.9, 1.3, 1.7]))


def signed(seed: int) -> tuple[Leaf, tuple[float, float, float, float] | None]:
    """A letter or a form that is signed, or is not, and where: left, top, right, bottom."""
    rng = random.Random(seed)
    leaf = Leaf()
    y = _prose(leaf, rng, 60, 80, 480, 11, rng.randint(4, 9)) + 30
    x = rng.choice([60.0, 300.0])
    place = (x + 8, y, x + 8 + rng.uniform(80, 170), y + rng.uniform(24, 48))
    closing = rng.choice(["Signature:", "Sincerely,", "Signed by", ""])
    if closing:
        leaf.text(x, y - 8, closing)
    if rng.random() < 0.6:
        leaf.line(x, place[3] + 3, x + 200, place[3] + 3)
        leaf.text(x, place[3] + 17, person(rng), 10)
    if seed % 2:
        sign(leaf, rng, place[0], place[1], place[2] - place[0], place[3] - place[1])
    leaf.rect(60, place[3] + 60, 11, 11)
    leaf.line(62, place[3] + 62, 69, place[3] + 69)
    leaf.line(62, place[3] + 69, 69, place[3] + 62)
    leaf.text(78, place[3] + 70, "I agree")
    return leaf, place if seed % 2 else None


def layout(seed: int) -> tuple[Leaf, list[Part]]:
    """A page of several parts, and these in reading order."""
    rng = random.Random(seed)
    leaf, parts = Leaf(), []
    size = rng.choice([9.5, 10.0, 11.0])
    columns = rng.random() < 0.35
    if rng.random() < 0.6:
        text = rng.choice(["Quarterly review of the harbours", "Internal report 17", "Journal of storage"])
        leaf.text(rng.choice([60.0, 380.0]), 36, text, size - 1.5)
        parts.append(("HEADER", _first(text)))
    y = 84.0
    if rng.random() < 0.7:
        text = rng.choice(["A study of steady growth", "How regions settle their costs", "Annual report"])
        leaf.text(60, y, text, size + rng.choice([7, 9, 12]), rng.choice(["Helvetica-Bold", "Times-Roman"]))
        parts.append(("TITLE", _first(text)))
        y += 34
    if columns:
        ends = []
        for x in (60.0, 320.0):
            ends.append(_flow(leaf, rng, parts, x, y, 225, size, ["text", "head", "text", "list"]))
        y = max(ends)
    else:
        kinds = rng.sample(["text", "head", "list", "table", "figure", "text", "head", "text"], 6)
        y = _flow(leaf, rng, parts, 60, y, 480, size, ["text", *kinds])
    if rng.random() < 0.5:
        leaf.text(60, 758, "Confidential, for the board only", size - 2)
        parts.append(("FOOTER", "Confidential, for the"))
    if rng.random() < 0.7:
        text = rng.choice(["{}", "Page {}", "{} / 30", "- {} -"]).format(rng.randint(1, 30))
        leaf.text(rng.choice([300.0, 500.0]), 774, text, size - 1)
        parts.append(("PAGE_NUMBER", _first(text)))
    return leaf, parts


def _flow(
    leaf: Leaf, rng: random.Random, parts: list[Part], x: float, y: float, width: float, size: float, kinds: list[str]
) -> float:
    last = ""
    for kind in kinds:
        if y > 640 or (kind == "head" and last == "head"):
            continue
        if kind == "text":
            begin = len(leaf.words)
            y = _prose(leaf, rng, x, y, width, size, rng.randint(2, 5)) + 0.8 * size
            parts.append(("TEXT", _first(" ".join(leaf.words[begin:]))))
        elif kind == "head":
            text = rng.choice(_HEADS)
            bold = rng.random() < 0.6
            leaf.text(
                x, y + 5, text, size + (rng.choice([0, 2]) if bold else 3), "Helvetica-Bold" if bold else "Helvetica"
            )
            parts.append(("SECTION_HEADER", _first(text)))
            y += 2.2 * size
        elif kind == "list":
            y = _list(leaf, rng, parts, x, y, width, size)
        elif kind == "table" and y < 480:
            style = rng.choice(STYLES)
            made = grid(rng, style)
            made.title, made.footers = "", []
            begin = len(leaf.words)
            y = draw(leaf, made, look(rng, style), x, y + 4, width) + 2.4 * size
            parts.append(("TABLE", _first(" ".join(leaf.words[begin:]))))
        elif kind == "figure" and y < 520:
            y = _figure(leaf, rng, x, y)
            parts.append(("FIGURE", ""))
        last = kind
    if last == "head":
        parts.append(("TEXT", "the end of"))
        leaf.text(x, y, "the end of it is reached here, and nothing more is said of it.", size)
        y += 1.4 * size
    return y


def _list(leaf: Leaf, rng: random.Random, parts: list[Part], x: float, y: float, width: float, size: float) -> float:
    marks = rng.choice([["\u2022"] * 5, ["-"] * 5, ["1.", "2.", "3.", "4.", "5."], ["(a)", "(b)", "(c)", "(d)", "(e)"]])
    for at in range(rng.randint(2, 5)):
        lines = wrapped(" ".join(rng.choice(WORDS) for _ in range(rng.randint(3, 14))), width - 24, size, "Helvetica")
        leaf.text(x + 4, y, marks[at], size)
        for line in lines:
            leaf.text(x + 22, y, line, size)
            y += 1.25 * size
        if not at:
            parts.append(("LIST", _first(f"{marks[0]} {lines[0]}")))
        y += 0.2 * size
    return y + 0.9 * size


def _figure(leaf: Leaf, rng: random.Random, x: float, y: float) -> float:
    """A picture, or a chart of bars and a line."""
    width, height = rng.uniform(120, 260), rng.uniform(70, 120)
    if rng.random() < 0.5:
        side = 24
        leaf.image(x, y, width, height, (side, side, bytes(rng.randrange(30, 200) for _ in range(side * side))))
    else:
        leaf.line(x, y, x, y + height)
        leaf.line(x, y + height, x + width, y + height)
        for bar in range(5):
            high = rng.uniform(0.2, 0.9) * height
            leaf.rect(x + 8 + bar * width / 5, y + height - high, width / 8, high, "f", 0.5)
    return y + height + 24


def _prose(leaf: Leaf, rng: random.Random, x: float, y: float, width: float, size: float, lines: int) -> float:
    text = " ".join(rng.choice(WORDS) for _ in range(int(lines * width / size / 3.1)))
    for line in wrapped(text.capitalize() + ".", width, size, "Helvetica"):
        leaf.text(x, y, line, size)
        y += 1.22 * size
    return y


def _first(text: str) -> str:
    return " ".join(text.split()[:3])
