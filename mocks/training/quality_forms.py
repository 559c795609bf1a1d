"""What reading forms and answering questions reach on forms that no rule was written on.

Each page is put together by chance: fonts, sizes, spacing, capitals, columns, and for every group of fields one of the
manners below, none of which is a layout of the committed forms. Labels and values are the committed forms' kinds, under
their other labels. Measured as the tests measure: a field counts when its label and its whole value are right.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from aiservices_mocks.engines import documents, receipts
from aiservices_mocks.engines.documents import Page, queries

from tests import forms
from tests.documents import Leaf, pdf

_SEEDS = range(7_000, 7_060)
_SCANNED = range(7_000, 7_010)
_RECEIPTS = range(526, 556)
_FONTS = ("Helvetica", "Times-Roman", "Courier")
Field = tuple[str, str]


class _Sheet:
    """A page in the making, filled from top to bottom."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.leaf = Leaf()
        self.font, self.written = rng.choice(_FONTS), rng.choice(_FONTS)
        self.size = rng.uniform(8.5, 11.5)
        self.left = rng.uniform(45, 90)
        self.y = rng.uniform(60, 90)
        self.step = rng.uniform(1.9, 3.2) * self.size
        self.capitals = rng.random() < 0.2

    def label(self, text: str) -> str:
        """The label as this page writes labels."""
        return text.upper() if self.capitals else text

    def put(self, x: float, text: str, *, written: bool = False, size: float = 1.0, lower: float = 0.0) -> float:
        """Write, and say where the text ends."""
        font = self.written if written else self.font
        self.leaf.text(x, self.y + lower, text, self.size * size, font)
        return x + _width(text, self.size * size, font)


def _width(text: str, size: float, font: str) -> float:
    if font == "Courier":
        return 0.6 * size * len(text)
    narrow = sum(c in " .,:;iljtfI'|!/-()" for c in text)
    wide = sum(c in "mwMW@" or c.isupper() for c in text)
    return size * (0.5 * (len(text) - narrow - wide) + 0.29 * narrow + 0.74 * wide) + 1


def _flush(sheet: _Sheet, fields: Sequence[Field]) -> None:
    """Labels with a colon, flush right before one edge, values behind it."""
    edge = sheet.left + 150
    for label, value in fields:
        text = f"{sheet.label(label)}:"
        sheet.put(edge - _width(text, sheet.size, sheet.font), text)
        sheet.put(edge + 8, value, written=True)
        sheet.y += sheet.step


def _inline(sheet: _Sheet, fields: Sequence[Field]) -> None:
    """Two and more fields on a line, each with a line of underscores under its value."""
    x = sheet.left
    for label, value in fields:
        width = _width(label, sheet.size, sheet.font) + _width(value, sheet.size, sheet.written) + 40
        if x + width > 560:
            x, sheet.y = sheet.left, sheet.y + sheet.step
        x = sheet.put(x, sheet.label(label)) + 6
        end = sheet.put(x + 5, value, written=True, lower=-1)
        sheet.leaf.line(x, sheet.y + 2, end + 8, sheet.y + 2)
        x = end + 26
    sheet.y += sheet.step


def _lettered(sheet: _Sheet, fields: Sequence[Field]) -> None:
    """Boxes across the page with a number and a label in their upper corner."""
    height = 3.2 * sheet.size
    for at, (label, value) in enumerate(fields):
        width = 230.0
        x = sheet.left + width * (at % 2)
        sheet.leaf.rect(x, sheet.y, width, height)
        sheet.put(x + 4, f"{at + 1} {label}", size=0.72, lower=0.95 * sheet.size)
        sheet.put(x + 10, value, written=True, lower=2.5 * sheet.size)
        if at % 2 or at == len(fields) - 1:
            sheet.y += height
    sheet.y += 2.5 * sheet.size


def _headed(sheet: _Sheet, fields: Sequence[Field]) -> None:
    """A ruled table of two rows: labels over values."""
    width, height = 480.0 / len(fields), 2.2 * sheet.size
    for at, (label, value) in enumerate(fields):
        for row, text in enumerate((label, value)):
            sheet.leaf.rect(sheet.left + at * width, sheet.y + row * height, width, height)
            sheet.put(
                sheet.left + at * width + 4, text, written=row == 1, size=0.8, lower=row * height + 1.4 * sheet.size
            )
    sheet.y += 2 * height + 2.5 * sheet.size


def _boxed(sheet: _Sheet, fields: Sequence[Field]) -> None:
    """A label, and a box of its own for the value under it."""
    for label, value in fields:
        sheet.put(sheet.left, sheet.label(label), size=0.85)
        sheet.leaf.rect(sheet.left, sheet.y + 0.5 * sheet.size, 260, 1.9 * sheet.size)
        sheet.put(sheet.left + 6, value, written=True, lower=1.9 * sheet.size)
        sheet.y += 4.6 * sheet.size


def _marked(sheet: _Sheet, fields: Sequence[Field]) -> None:
    """Labels with a star, a colon, values on the same line."""
    for label, value in fields:
        mark = sheet.rng.choice((" *", ""))
        sheet.put(sheet.left, f"{sheet.label(label)}{mark}:")
        sheet.put(sheet.left + 185, value, written=True)
        sheet.y += sheet.step


def _ruled(sheet: _Sheet, fields: Sequence[Field]) -> None:
    """Rows between lines that run across the page, labels and values in two columns, no colon."""
    for label, value in fields:
        sheet.leaf.line(sheet.left, sheet.y - 1.3 * sheet.size, sheet.left + 420, sheet.y - 1.3 * sheet.size)
        sheet.put(sheet.left + 3, sheet.label(label))
        sheet.put(sheet.left + 200, value, written=True)
        sheet.y += 2.2 * sheet.size
    sheet.leaf.line(sheet.left, sheet.y - 1.3 * sheet.size, sheet.left + 420, sheet.y - 1.3 * sheet.size)
    sheet.y += 2 * sheet.size


def _before(sheet: _Sheet, fields: Sequence[Field]) -> None:
    """Boxes to tick behind their labels."""
    for at, (label, value) in enumerate(fields):
        x = sheet.left + 170 * (at % 3)
        end = sheet.put(x, label)
        side = 0.95 * sheet.size
        sheet.leaf.rect(end + 7, sheet.y - side + 1, side, side)
        if value == forms.TICKED:
            sheet.leaf.line(end + 8, sheet.y - side + 2, end + 6 + side, sheet.y, 1.3)
            sheet.leaf.line(end + 6 + side, sheet.y - side + 2, end + 8, sheet.y, 1.3)
        if at % 3 == 2 or at == len(fields) - 1:
            sheet.y += sheet.step


_MANNERS: tuple[tuple[Callable[[_Sheet, Sequence[Field]], None], int], ...] = (
    (_flush, 5), (_inline, 5), (_lettered, 6), (_headed, 3), (_boxed, 3), (_marked, 5), (_ruled, 5),
)  # fmt: skip


def _chance(seed: int) -> forms.Made:
    """A page with a title, a sentence, and two or three groups of fields."""
    rng = random.Random(f"chance {seed}")
    sheet = _Sheet(rng)
    sheet.leaf.text(sheet.left, sheet.y, rng.choice(("Notice of change", "Intake sheet", "Record of a visit")), 17)
    sheet.y += 34
    if rng.random() < 0.5:
        sheet.put(sheet.left, "Fill in all of this and hand it in before the end of the month.")
        sheet.y += 2.5 * sheet.size
    left = rng.sample(list(forms.KINDS), len(forms.KINDS))
    wanted: dict[str, str] = {}
    for manner, most in rng.sample(_MANNERS, rng.randint(2, 3)):
        fields = []
        for kind in left[:most]:
            labels, value = forms.KINDS[kind]
            fields.append((rng.choice(labels[1:]), value(rng)))
        del left[:most]
        if not fields or sheet.y > 640:
            break
        numbers = manner is _lettered
        manner(sheet, fields)
        wanted |= {f"{at} {label}" if numbers else label: value for at, (label, value) in enumerate(fields, 1)}
        sheet.y += sheet.size
    if rng.random() < 0.5 and sheet.y < 680:
        ticks = [(o, rng.choice((forms.TICKED, forms.OPEN))) for o in rng.sample(forms.OPTIONS, 4)]
        _before(sheet, ticks)
        wanted |= dict(ticks)
    return forms.Made(pdf(sheet.leaf), wanted)


def fields() -> str:
    """Field F1 on pages put together by chance, on scans, and on the committed layouts, also under other labels."""
    committed = {
        kind: [(_told((forms.FOLDER / f"{layout}.{kind}").read_bytes()), _wanted(layout)) for layout in forms.LAYOUTS]
        for kind in ("pdf", "jpg")
    }
    born = [(_told(made.data), made.fields) for made in map(_chance, _SEEDS)]
    scanned = [(_told(forms.noisy(made.data, seed)), made.fields) for seed, made in ((s, _chance(s)) for s in _SCANNED)]
    other = [
        (_told(made.data), made.fields)
        for made in (forms.form(layout, seed, original=False) for layout in forms.LAYOUTS for seed in range(500, 520))
    ]
    return (
        f"field F1 on forms made for this project: {forms.f1(born):.3f} on {len(born)} put together by chance in "
        f"other manners than the committed ones, {forms.f1(scanned):.3f} on noisy scans of {len(scanned)} of them; "
        f"{forms.f1(committed['pdf']):.3f} on ten committed layouts, {forms.f1(committed['jpg']):.3f} on their noisy "
        f"scans, {forms.f1(other):.3f} on {len(other)} of these layouts with labels exchanged and shuffled"
    )


def _wanted(layout: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((forms.FOLDER / f"{layout}.json").read_text("utf-8"))
    return found


def answers() -> str:
    """Questions about what is on such forms, and about what is not."""
    right = asked = guessed = absent = 0
    for seed in _SEEDS:
        made = _chance(seed)
        page = _read(made.data)
        there = {kind for kind, (labels, _) in forms.KINDS.items() for label in labels if _has(made.fields, label)}
        for label, value in made.fields.items():
            if value not in (forms.TICKED, forms.OPEN):
                found = queries.answer(page, _question(label))
                right += found is not None and forms.plain(found.place.text) == forms.plain(value)
                asked += 1
        for kind in sorted(set(forms.KINDS) - there):
            guessed += queries.answer(page, _question(forms.KINDS[kind][0][1])) is not None
            absent += 1
    return (
        f"on {len(_SEEDS)} forms put together by chance: {right / asked:.3f} of {asked} questions by a field's label "
        f"answered with its value, {guessed / absent:.3f} of {absent} about what is not there answered at all"
    )


def expenses(data: Path) -> str:
    """SROIE's four fields of receipts, as they are written in its keys; those that no rule was written by."""
    folder = data / "ICDAR-2019-SROIE" / "data"
    right: Counter[str] = Counter()
    for number in _RECEIPTS:
        wanted = json.loads((folder / "key" / f"{number:03d}.json").read_text("utf-8"))
        page = _read((folder / "img" / f"{number:03d}.jpg").read_bytes())
        told: dict[str, str] = {}
        for said in receipts.summary(page):
            told.setdefault(said.kind, said.text)
        right["company"] += _bare(told.get("VENDOR_NAME", "")) == _bare(wanted.get("company", ""))
        right["address"] += _bare(told.get("VENDOR_ADDRESS", "")) == _bare(wanted.get("address", ""))
        right["date"] += wanted.get("date", "") in told.get("INVOICE_RECEIPT_DATE", "")
        right["total"] += receipts.value(told.get("TOTAL", "")) == receipts.value(wanted.get("total", ""))
    count = len(_RECEIPTS)
    shares = ", ".join(f"{field} {right[field] / count:.3f}" for field in ("company", "date", "address", "total"))
    return f"SROIE, {count} scanned receipts, the field exactly right but for space and capitals: {shares}"


def _bare(text: str) -> str:
    return "".join(text.split()).upper()


def _has(found: dict[str, str], label: str) -> bool:
    return any(forms.plain(one).lstrip("0123456789") == forms.plain(label) for one in found)


def _question(label: str) -> str:
    return f"What is the {label.lstrip('0123456789 ').lower().rstrip('.')}?"


def _told(data: bytes) -> list[Field]:
    return forms.fields_of(_read(data))


def _read(data: bytes) -> Page:
    (page,) = documents.read(data, tables=True, forms=True)
    return page
