"""What Textract's engines reach on documents made for this project: no public data is needed.

Forms, tables with and without rules, and pages of two columns come from the generator that the tests use, with seeds
that no test has. They are clean: real scans are harder.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator

from aiservices_mocks.engines import documents
from aiservices_mocks.engines.documents import Page

from tests.documents import cells_of, columns, form, pairs_of, scan, table

_BORN, _SCANNED = range(5_000, 5_100), range(6_000, 6_010)


def text_layer() -> str:
    """Words in order, and boxes are the tests' business."""
    right = sum([word.text for word in _read(data).words] == words for data, words in map(columns, _BORN))
    return f"every word in reading order on {right} of {len(_BORN)} two-column PDFs made for this project"


def ocr() -> str:
    """Words, whatever their order."""
    hit = told = wanted = 0
    for seed in _SCANNED:
        data, words = columns(seed)
        found, there = Counter(word.text for word in _read(_scanned(data, seed)).words), Counter(words)
        hit += (found & there).total()
        told += found.total()
        wanted += there.total()
    return (
        f"word F1 {2 * hit / (told + wanted):.3f} on {len(_SCANNED)} scans made for this project: two columns, "
        "130 to 200 dots per inch, turned by up to 1.5 degrees"
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
    (page,) = documents.read(data, tables=True, forms=True)
    return page
