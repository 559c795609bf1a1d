"""Whether a document has several pages, without a PDF library: a look, not a parse.

When it is wrong nothing breaks: a job also reads a single page, and a single call that meets several is refused.
"""

from __future__ import annotations

import re
import struct
import zlib
from itertools import islice

_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_OBJECTS = re.compile(rb"/Type\s*/ObjStm")
_STREAM = re.compile(rb"stream\r?\n")
_MOST_UNPACKED = 4 * 1024 * 1024


def several_pages(data: bytes) -> bool:
    """Whether a PDF or TIFF seems to have more than one page."""
    if data[:4] in (b"II*\x00", b"MM\x00*"):
        return _tiff(data)
    return _pdf(data) > 1


def _pdf(data: bytes) -> int:
    """Page objects that can be seen, those in object streams included."""
    count = sum(1 for _ in islice(_PAGE.finditer(data), 2))
    for match in _OBJECTS.finditer(data) if count < 2 else ():
        begin = _STREAM.search(data, match.end(), match.end() + 2048)
        if begin is None:
            continue
        try:
            unpacked = zlib.decompressobj().decompress(data[begin.end() :], _MOST_UNPACKED)
        except zlib.error:
            continue
        count += len(_PAGE.findall(unpacked))
        if count > 1:
            break
    return count


def _tiff(data: bytes) -> bool:
    """Whether the first directory names a second one."""
    order = "<" if data[:2] == b"II" else ">"
    try:
        (first,) = struct.unpack_from(f"{order}I", data, 4)
        (entries,) = struct.unpack_from(f"{order}H", data, first)
        (second,) = struct.unpack_from(f"{order}I", data, first + 2 + 12 * entries)
    except struct.error:
        return False
    return bool(second)
