"""Forms of ten layouts with the fields that are on them, made by a seed: what is filled in, and with other labels.

`python -m tests.forms` writes the ten that are committed, as PDF and as a noisy scan, to tests/data/textract/forms.
"""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.documents import NAMES, STREETS, SURNAMES, Leaf, pdf, person

if TYPE_CHECKING:
    from aiservices_mocks.engines.documents import Page

FOLDER = Path(__file__).parent / "data" / "textract" / "forms"
Pairs = list[tuple[str, str]]
TICKED, OPEN = "SELECTED", "NOT_SELECTED"

_TOWNS = ["Lisbon", "Graz", "Leeds", "Aarhus", "Turin", "Lyon", "Ghent", "Bilbao", "Tartu", "Cork"]
_TRADES = ["Carpenter", "Nurse", "Bookkeeper", "Welder", "Teacher", "Pharmacist", "Florist", "Plumber"]
_FIRMS = ["Northwind Mills", "Harbour Tools Ltd", "Alder and Sons", "Brightwater Foods", "Copper Lane Press"]
_COLOURS = ["green", "dark blue", "crimson", "ochre", "white"]


def _date(rng: random.Random) -> str:
    return f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/{rng.randint(1950, 2026)}"


KINDS: dict[str, tuple[list[str], Callable[[random.Random], str]]] = {
    "name": (["Full name", "Applicant", "Name of participant", "Holder", "Customer", "Person in charge"], person),
    "born": (["Date of birth", "Born on", "Birthday", "Birth date", "Day you were born"], _date),
    "street": (
        ["Street", "Street address", "Residence", "Home address", "Dwelling"],
        lambda rng: f"{rng.randint(1, 220)} {rng.choice(STREETS)} Street",
    ),
    "town": (["Town", "City", "Municipality", "Place of residence", "Located in"], lambda rng: rng.choice(_TOWNS)),
    "zip": (["Postal code", "ZIP", "Postcode", "Mail district"], lambda rng: str(rng.randint(10_000, 99_999))),
    "phone": (
        ["Telephone", "Phone", "Mobile", "Reachable at", "Call during the day"],
        lambda rng: f"{rng.randint(200, 999)} {rng.randint(200, 999)} {rng.randint(1000, 9999)}",
    ),
    "number": (
        ["Customer number", "Reference", "File no.", "Membership", "Our sign", "Docket"],
        lambda rng: f"{rng.choice('ABCDEFKLM')}{rng.randint(10**6, 10**7 - 1)}",
    ),
    "amount": (
        ["Amount due", "Fee", "Sum insured", "Monthly rent", "Deposit", "Levy"],
        lambda rng: f"${rng.randint(10, 9000)}.{rng.randint(0, 99):02d}",
    ),
    "from": (["Start date", "Valid from", "Arrival", "Effective", "Commencement"], _date),
    "firm": (["Employer", "Company", "Organisation", "Firm", "Engaged with"], lambda rng: rng.choice(_FIRMS)),
    "trade": (["Occupation", "Profession", "Trade", "Role", "Craft"], lambda rng: rng.choice(_TRADES)),
    "colour": (["Colour", "Preferred colour", "Paint", "Shade", "Finish"], lambda rng: rng.choice(_COLOURS)),
    "other": (
        ["Emergency contact", "Next of kin", "Guardian", "Referred by", "Witness"],
        lambda rng: f"{rng.choice(NAMES)} {rng.choice(SURNAMES)}",
    ),
}
_QUESTIONS = {
    "name": ["What is the full name of the person who will take part?", "Who should we write to about this request?"],
    "trade": ["Which trade or profession have you practised most recently?", "What do you do for a living?"],
    "town": ["In which town did you live before you moved here?", "Where would you like the meeting to be held?"],
    "from": ["From which day on do you wish to be insured?", "When did the damage that you report happen?"],
    "amount": ["How much do you expect to spend in the first year?", "What did the repair of the vehicle cost?"],
    "firm": ["By which company are you employed at present?", "Who supplied the goods that you complain about?"],
}
OPTIONS = ["Married", "Single", "Widowed", "Full time", "Part time", "Student", "Retired", "Pensioner", "Smoker",
            "Newsletter", "Paper invoice", "Direct debit", "Express delivery", "Insured", "Own vehicle"]  # fmt: skip


class Made(NamedTuple):
    """A form and what is on it."""

    data: bytes
    fields: dict[str, str]


def _filled(rng: random.Random, kinds: Sequence[str], original: bool) -> Pairs:
    """Labels with values; not original: under other labels, in another order."""
    chosen = []
    for kind in kinds:
        labels, value = KINDS[kind]
        chosen.append((labels[0] if original else rng.choice(labels[1:]), value(rng)))
    if not original:
        rng.shuffle(chosen)
    return chosen


def _width(text: str, size: float) -> float:
    narrow = sum(c in " .,:;iljtfI'|!/-()" for c in text)
    return size * (0.56 * (len(text) - narrow) + 0.29 * narrow)


def _left(rng: random.Random, original: bool) -> tuple[Leaf, Pairs]:
    """Labels with a colon, values in a column of their own; one of several lines."""
    leaf = Leaf()
    leaf.text(60, 70, "Application for a library card", 17, "Helvetica-Bold")
    leaf.text(60, 96, "Please write clearly and return this sheet to the desk on the ground floor.", 10)
    fields = _filled(rng, ["name", "born", "street", "town", "phone", "trade", "number"], original)
    y = 140.0
    for at, (label, value) in enumerate(fields):
        leaf.text(60, y, f"{label}:")
        leaf.text(240, y, value)
        if at == 2:
            more = f"Flat {rng.randint(2, 40)}, rear building"
            y += 14
            leaf.text(240, y, more)
            fields[at] = (label, f"{value} {more}")
        y += 30
    return leaf, fields


def _above(rng: random.Random, original: bool) -> tuple[Leaf, Pairs]:
    """Small labels without a colon above their values, two to a row."""
    leaf = Leaf()
    leaf.text(60, 70, "Membership record", 18, "Times-Roman")
    fields = _filled(rng, ["name", "number", "street", "town", "zip", "phone", "from", "amount"], original)
    for at, (label, value) in enumerate(fields):
        x, y = (60.0, 330.0)[at % 2], 120.0 + 58 * (at // 2)
        leaf.text(x, y, label, 8)
        leaf.text(x, y + 15, value, 12)
    return leaf, fields


def _long(rng: random.Random, original: bool) -> tuple[Leaf, Pairs]:
    """Questions as labels, answers on a line below."""
    leaf = Leaf()
    leaf.text(60, 70, "Questionnaire", 18, "Helvetica-Bold")
    fields = []
    for kind in _QUESTIONS:
        fields.append((_QUESTIONS[kind][0 if original else 1], KINDS[kind][1](rng)))
    if not original:
        rng.shuffle(fields)
    y = 120.0
    for number, (label, value) in enumerate(fields, 1):
        fields[number - 1] = (f"{number}. {label}", value)
        leaf.text(60, y, f"{number}. {label}", 10.5)
        leaf.text(78, y + 21, value, 11, "Courier")
        leaf.line(76, y + 25, 480, y + 25)
        y += 62
    return leaf, fields


def _dotted(rng: random.Random, original: bool) -> tuple[Leaf, Pairs]:
    """Dots lead from the label to the value."""
    leaf = Leaf()
    leaf.text(60, 70, "Statement of the tenant", 16, "Times-Roman")
    fields = _filled(rng, ["name", "street", "amount", "from", "firm", "other"], original)
    y = 125.0
    for label, value in fields:
        leaf.text(60, y, label, 11, "Times-Roman")
        start = 60 + _width(label, 11) + 4
        leaf.text(start, y, "." * int((300 - start) / 2.75), 11, "Times-Roman")
        leaf.text(312, y, value, 11, "Times-Roman")
        y += 34
    return leaf, fields


def _boxes(rng: random.Random, original: bool) -> tuple[Leaf, Pairs]:
    """Boxes that hold a small label and, below it, the value."""
    leaf = Leaf()
    leaf.text(60, 70, "Wage and employment certificate", 15, "Helvetica-Bold")
    fields = _filled(
        rng, ["firm", "number", "name", "born", "street", "town", "zip", "amount", "from"], original
    )  # fmt: skip
    widths, x, y = [170.0, 150.0, 160.0], 60.0, 100.0
    for at, (label, value) in enumerate(fields):
        width = widths[at % 3]
        leaf.rect(x, y, width, 40)
        leaf.text(x + 4, y + 11, label, 7.5)
        leaf.text(x + 8, y + 30, value, 11)
        x += width
        if at % 3 == 2:
            x, y = 60.0, y + 40
    return leaf, fields


def _combs(rng: random.Random, original: bool) -> tuple[Leaf, Pairs]:
    """Places for single characters, and plain boxes, beside their labels."""
    leaf = Leaf()
    leaf.text(60, 70, "Registration of a vehicle", 17, "Helvetica-Bold")
    fields = _filled(rng, ["number", "zip", "name", "colour", "town", "firm"], original)
    y = 120.0
    for label, value in fields:
        leaf.text(60, y + 14, label, 11)
        if any(c.isdigit() for c in value):
            for at, character in enumerate(value):
                leaf.rect(220 + 18 * at, y, 18, 20)
                leaf.text(225 + 18 * at, y + 14, character, 12, "Courier")
        else:
            leaf.rect(220, y, 250, 20)
            leaf.text(226, y + 14, value, 11, "Courier")
        y += 40
    return leaf, fields


def _columns(rng: random.Random, original: bool) -> tuple[Leaf, Pairs]:
    """Two columns with headings, labels set bold."""
    leaf = Leaf()
    leaf.text(60, 70, "Travel booking", 18, "Helvetica-Bold")
    fields = _filled(rng, ["name", "born", "phone", "street", "town", "from", "amount", "number", "other"], original)
    for side, (x, title) in enumerate(((60.0, "THE TRAVELLER"), (330.0, "THE JOURNEY"))):
        leaf.text(x, 115, title, 12, "Helvetica-Bold")
        leaf.line(x, 120, x + 220, 120)
        for row, (label, value) in enumerate(fields[:5] if side == 0 else fields[5:]):
            leaf.text(x, 145 + 26 * row, label, 10, "Helvetica-Bold")
            leaf.text(x + 115, 145 + 26 * row, value, 10)
    return leaf, fields


def _grid(rng: random.Random, original: bool) -> tuple[Leaf, Pairs]:
    """A ruled table of labels and values, one value of two lines."""
    leaf = Leaf()
    leaf.text(60, 70, "Data sheet of the lease", 16, "Helvetica-Bold")
    fields = _filled(rng, ["name", "other", "street", "town", "amount", "from", "number"], original)
    y = 100.0
    for at, (label, value) in enumerate(fields):
        height = 40.0 if at == 2 else 24.0
        leaf.rect(60, y, 160, height)
        leaf.rect(220, y, 280, height)
        leaf.text(66, y + 16, label, 10.5)
        leaf.text(226, y + 16, value, 10.5)
        if at == 2:
            more = f"Unit {rng.randint(2, 40)} of the old mill"
            leaf.text(226, y + 31, more, 10.5)
            fields[at] = (label, f"{value} {more}")
        y += height
    return leaf, fields


def _ticks(rng: random.Random, original: bool) -> tuple[Leaf, Pairs]:
    """Boxes to tick, and lines to write on."""
    leaf = Leaf()
    leaf.text(60, 70, "Order of a service", 17, "Helvetica-Bold")
    options = OPTIONS[:8] if original else rng.sample(OPTIONS, 8)
    fields: Pairs = []
    for at, option in enumerate(options):
        x, y = (60.0, 230.0, 400.0)[at % 3], 110.0 + 30 * (at // 3)
        leaf.rect(x, y - 9, 11, 11)
        ticked = rng.random() < 0.45
        if ticked:
            leaf.line(x + 1.5, y - 7.5, x + 9.5, y + 0.5, 1.2)
            leaf.line(x + 9.5, y - 7.5, x + 1.5, y + 0.5, 1.2)
        leaf.text(x + 17, y, option, 10.5)
        fields.append((option, TICKED if ticked else OPEN))
    more = _filled(rng, ["name", "street", "from", "number"], original)
    y = 240.0
    for label, value in more:
        leaf.text(60, y, label, 10.5)
        start = 60 + _width(label, 10.5) + 8
        leaf.text(start + 8, y - 1, value, 11, "Courier")
        leaf.line(start, y + 3, 460, y + 3)
        y += 36
    return leaf, fields + more


def _under(rng: random.Random, original: bool) -> tuple[Leaf, Pairs]:
    """Lines to write on, with small labels below them."""
    leaf = Leaf()
    leaf.text(60, 70, "Declaration", 18, "Times-Roman")
    leaf.text(60, 100, "I declare that what is written on this sheet is complete and true, and that", 11, "Times-Roman")
    leaf.text(60, 114, "I will report every change within the time that the law sets for it.", 11, "Times-Roman")
    fields = _filled(rng, ["name", "born", "street", "town", "firm", "from"], original)
    for at, (label, value) in enumerate(fields):
        x, y = (60.0, 330.0)[at % 2], 180.0 + 64 * (at // 2)
        leaf.text(x + 6, y, value, 12)
        leaf.line(x, y + 4, x + 210, y + 4)
        leaf.text(x + 2, y + 14, label, 7.5)
    return leaf, fields


LAYOUTS: dict[str, Callable[[random.Random, bool], tuple[Leaf, Pairs]]] = {
    "left": _left,
    "above": _above,
    "long": _long,
    "dotted": _dotted,
    "boxes": _boxes,
    "combs": _combs,
    "columns": _columns,
    "grid": _grid,
    "ticks": _ticks,
    "under": _under,
}


def form(layout: str, seed: int, *, original: bool = True) -> Made:
    """A form; not original: other labels, in another order."""
    leaf, fields = LAYOUTS[layout](random.Random(f"{layout} {seed}"), original)
    return Made(pdf(leaf), dict(fields))


def noisy(document: bytes, seed: int) -> bytes:
    """The form as a cheap scanner gives it: turned a little, grey, specked, soft, compressed."""
    import numpy as np
    import pypdfium2
    from PIL import Image, ImageFilter

    rng = np.random.default_rng(seed)
    file = pypdfium2.PdfDocument(document)
    try:
        picture = file[0].render(scale=150 / 72, grayscale=True).to_pil().convert("L")
    finally:
        file.close()
    picture = picture.rotate(float(rng.uniform(-1.2, 1.2)), Image.Resampling.BICUBIC, fillcolor=255)
    picture = picture.filter(ImageFilter.GaussianBlur(0.6))
    pixels = np.asarray(picture).astype(np.float32) * 0.85 + 30
    pixels += rng.normal(0, 6, pixels.shape)
    specks = rng.random(pixels.shape) < 0.0006
    pixels[specks] = rng.integers(20, 160, int(specks.sum()))
    out = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=28, dpi=(150, 150))
    return out.getvalue()


def fields_of(page: Page) -> Pairs:
    """The fields of a page that was read; those without a value are none."""
    found = []
    for field in page.fields:
        key = " ".join(word.text for word in field.key)
        if field.selection is not None:
            found.append((key, TICKED if field.selection.selected else OPEN))
        elif field.value:
            found.append((key, " ".join(word.text for word in field.value)))
    return found


def plain(text: str) -> str:
    """Letters and digits alone: punctuation, space and capitals do not count."""
    return re.sub(r"[\W_]+", "", text).casefold()


def hits(found: Pairs, wanted: dict[str, str]) -> int:
    """How many fields are found with their label and their whole value."""
    left = {(plain(key), plain(value)) for key, value in wanted.items()}
    return len(left & {(plain(key), plain(value)) for key, value in found})


def f1(results: Sequence[tuple[Pairs, dict[str, str]]]) -> float:
    """Of the fields of several forms together."""
    hit = sum(hits(found, wanted) for found, wanted in results)
    return 2 * hit / sum(len(found) + len(wanted) for found, wanted in results)


def main() -> None:
    """Write the committed forms."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for number, layout in enumerate(LAYOUTS):
        data, fields = form(layout, 0)
        (FOLDER / f"{layout}.pdf").write_bytes(data)
        (FOLDER / f"{layout}.jpg").write_bytes(noisy(data, number))
        (FOLDER / f"{layout}.json").write_text(json.dumps(fields, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
