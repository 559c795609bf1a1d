"""How many pages a document has, without a PDF library: a look, not a parse.

When it is wrong nothing breaks: a job also reads a single page, and a single call that meets several is refused; an
estimate is off by as many pages.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from itertools import islice

_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_OBJECTS = re.compile(rb"/Type\s*/ObjStm")
_STREAM = re.compile(rb"stream\r?\n")
_MOST_UNPACKED = 4 * 1024 * 1024


def several_pages(data: bytes) -> bool:
    """Whether a PDF or TIFF seems to have more than one page."""
    return pages(data, 2) > 1


def pages(data: bytes, most: int | None = None) -> int:
    """How many pages a PDF or TIFF seems to have, at least one; anything else has one. most: enough to know."""
    if data[:4] in (b"II*\x00", b"MM\x00*"):
        seen = sum(1 for _ in islice(_directories(data), most))
    else:
        seen = sum(1 for _ in islice(_pages(data), most)) if b"%PDF-" in data[:1024] else 1
    return max(seen, 1)


def _pages(data: bytes) -> Iterator[object]:
    """Page objects that can be seen, those in object streams included."""
    yield from _PAGE.finditer(data)
    for match in _OBJECTS.finditer(data):
        begin = _STREAM.search(data, match.end(), match.end() + 2048)
        if begin is None:
            continue
        try:
            unpacked = zlib.decompressobj().decompress(data[begin.end() :], _MOST_UNPACKED)
        except zlib.error:
            continue
        yield from _PAGE.finditer(unpacked)


def _directories(data: bytes) -> Iterator[int]:
    """The directories of a TIFF, one a page; each names the next one."""
    order = "<" if data[:2] == b"II" else ">"
    seen: set[int] = set()
    try:
        (place,) = struct.unpack_from(f"{order}I", data, 4)
        while place and place not in seen:
            seen.add(place)
            (entries,) = struct.unpack_from(f"{order}H", data, place)
            yield place
            (place,) = struct.unpack_from(f"{order}I", data, place + 2 + 12 * entries)
    except struct.error:
        return
