"""What Textract's engines reach on documents made for this project: no public data is needed.

Text, forms, ruled tables and signatures come from the generators that the tests use, with seeds that no test has;
tables without a grid and parts of pages besides from `made_documents`, in manners that no rule was written on. All are
clean: real scans are harder.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import made_documents
from aiservices_mocks.engines import documents
from aiservices_mocks.engines.documents import Page
from PIL import Image

from tests.documents import cells_of, columns, form, pairs_of, pdf, scan, table
from tests.pages import signed

_BORN, _SCANNED, _TURNED = range(5_000, 5_100), range(6_000, 6_010), range(6_100, 6_112)


def text_layer() -> str:
    """Words in order, and boxes are the tests' business."""
    right = sum([word.text for word in _read(data).words] == words for data, words in map(columns, _BORN))
    return f"every word in reading order on {right} of {len(_BORN)} two-column PDFs made for this project"


def ocr() -> str:
    """Words, whatever their order; which way a page lies, and by how much it is turned."""
    made = [(seed, *columns(seed)) for seed in _SCANNED]
    straight = _f1((Counter(words), _words(_scanned(data, seed))) for seed, data, words in made)
    pairs, upright = [], 0
    for seed in _TURNED:
        data, words = columns(seed)
        angle, quarters = random.Random(seed).uniform(-10, 10), seed % 4
        page = _read(_turned(data, angle, quarters))
        upright += page.turn == quarters and abs(page.angle + angle) < 0.3
        pairs.append((Counter(words), Counter(word.text for word in page.words)))
    return (
        f"word F1 {straight:.3f} on {len(_SCANNED)} scans made for this project: two columns, 130 to 200 dots per "
        f"inch, turned by up to 1.5 degrees; {_f1(pairs):.3f} on {len(_TURNED)} that lie any way round and are turned "
        f"by up to 10 degrees besides, {upright} of them put upright"
    )


def geometry() -> str:
    """Cells and fields that are exactly right, of those that are there."""
    return "; ".join(
        [
            f"PDFs made for this project: {_share(_cells(_BORN, scanned=False))} cells of {len(_BORN)} tables, "
            f"{_share(_fields(_BORN, scanned=False))} fields of {len(_BORN)} forms",
            f"their scans: {_share(_cells(_SCANNED, scanned=True))} cells of {len(_SCANNED)} ruled tables, "
            f"{_share(_fields(_SCANNED, scanned=True))} fields of {len(_SCANNED)} forms",
        ]
    )


def layout() -> str:
    """Parts of pages by kind and first words, pages whose tables are right as a whole, and signatures."""
    pages = _f1(
        (Counter(wanted), _parts(_look(pdf(leaf), layout=True)))
        for leaf, wanted in map(made_documents.page, range(9_000, 9_100))
    )
    tables = _share(
        [cells_of(found) for found in _look(pdf(leaf), tables=True).tables] == [rows]
        for leaf, rows in map(made_documents.table, range(9_000, 9_100))
    )
    right = [
        len(_look(pdf(leaf), signatures=True).signatures) == (place is not None)
        for leaf, place in map(signed, range(9_000, 9_100))
    ]
    return (
        f"PDFs made for this project, in manners that no rule was written on: F1 {pages:.3f} of the parts of 100 pages "
        f"in one to three columns; {tables} of 100 tables without a grid right in every cell. A signature found "
        f"where there is one, and none where not, on {sum(right)} of {len(right)} letters made as the tests make them"
    )


def _parts(page: Page) -> Counter[tuple[str, str]]:
    return Counter(
        (region.kind, " ".join(" ".join(line.text for line in region.lines).split()[:2]) * (region.kind != "FIGURE"))
        for region in page.layout
    )


def _f1(pairs: Iterable[tuple[Counter[Any], Counter[Any]]]) -> float:
    hit = total = 0
    for wanted, found in pairs:
        hit += (wanted & found).total()
        total += wanted.total() + found.total()
    return 2 * hit / total


def _words(data: bytes) -> Counter[str]:
    return Counter(word.text for word in _read(data).words)


def _turned(data: bytes, angle: float, quarters: int) -> bytes:
    picture = Image.open(BytesIO(scan(data, dpi=150, angle=angle))).rotate(-90 * quarters, expand=True)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _share(found: Iterable[bool]) -> str:
    known = list(found)
    return f"{sum(known) / len(known):.3f}"


def _cells(seeds: Iterable[int], *, scanned: bool) -> Iterator[bool]:
    for seed in seeds:
        data, wanted = table(seed, ruled=scanned or seed % 2 == 0)
        tables = _read(_scanned(data, seed) if scanned else data).tables
        told = cells_of(tables[0]) if len(tables) == 1 else []
        for at, row in enumerate(wanted):
            mine = told[at] if at < len(told) else []
            yield from (place < len(mine) and mine[place] == text for place, text in enumerate(row))


def _fields(seeds: Iterable[int], *, scanned: bool) -> Iterator[bool]:
    for seed in seeds:
        data, wanted = form(seed)
        told = pairs_of(_read(_scanned(data, seed) if scanned else data))
        yield from (told.get(key) == value for key, value in wanted.items())


def _scanned(data: bytes, seed: int) -> bytes:
    rng = random.Random(seed)
    return scan(data, kind="JPEG", dpi=rng.randint(130, 200), angle=rng.uniform(-1.5, 1.5))


def _read(data: bytes) -> Page:
    return _look(data, tables=True, forms=True)


def _look(data: bytes, **features: bool) -> Page:
    (page,) = documents.read(data, **features)
    return page
