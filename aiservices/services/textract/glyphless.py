"""A font without pictures, for text that is only searched and copied: every letter is the same blank square."""

from __future__ import annotations

import struct
from collections.abc import Iterable

WIDTH = 0.5
"""Of a letter, as a share of the font's size."""
DESCENT = 0.2
"""Below the base line, as a share of the font's size; the rest of it is above."""
_EM = 1000
_BLOCK = 100
"""Lines that one list in a character map may have."""


def font() -> bytes:
    """A TrueType font of two glyphs, the second one for every letter.

    Source: https://learn.microsoft.com/typography/opentype/spec/otff
    """
    width, low, high = round(WIDTH * _EM), -round(DESCENT * _EM), _EM - round(DESCENT * _EM)
    square = struct.pack(">hhhhh", 1, 0, low, width, high) + struct.pack(">HHBBBB", 3, 0, 1, 1, 1, 1)
    square += struct.pack(">8h", 0, width, 0, -width, low, 0, _EM, 0)
    square += bytes(-len(square) % 4)
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12)
        + struct.pack(">12H", 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0),
        b"glyf": square,
        b"head": struct.pack(">IIIIHH", 1 << 16, 1 << 16, 0, 0x5F0F3CF5, 0, _EM)
        + struct.pack(">qqhhhhHHhhh", 0, 0, 0, low, width, high, 0, 8, 2, 0, 0),
        b"hhea": struct.pack(">IhhhHhhh", 1 << 16, high, low, 0, width, 0, 0, width)
        + struct.pack(">8hH", 1, 0, 0, 0, 0, 0, 0, 0, 2),
        b"hmtx": struct.pack(">HhHh", width, 0, width, 0),
        b"loca": struct.pack(">HHH", 0, 0, len(square) // 2),
        b"maxp": struct.pack(">I14H", 1 << 16, 2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": struct.pack(">HHH", 0, 0, 6),
        b"post": struct.pack(">IIhhIIIII", 3 << 16, 0, 0, 0, 1, 0, 0, 0, 0),
    }
    head = struct.pack(">IHHHH", 1 << 16, len(tables), 128, 3, 16 * len(tables) - 128)
    body = b""
    begin = 12 + 16 * len(tables)
    for name, table in sorted(tables.items()):
        padded = table + bytes(-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        head += struct.pack(">4sIII", name, total, begin + len(body), len(table))
        body += padded
    return head + body


def codes(texts: Iterable[str]) -> dict[str, int]:
    """A number for each letter of the texts, from 1."""
    return {letter: number for number, letter in enumerate(sorted(set().union(*texts)), start=1)}


def to_unicode(numbers: dict[str, int]) -> str:
    """The character map by which a reader turns the numbers into text again.

    Source: PDF 32000-1:2008, 9.10.3
    """
    entries = [f"<{number:04x}> <{_utf16(letter)}>" for letter, number in numbers.items()]
    lists = [entries[begin : begin + _BLOCK] for begin in range(0, len(entries), _BLOCK)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <ffff> endcodespacerange",
            *(f"{len(some)} beginbfchar\n{chr(10).join(some)}\nendbfchar" for some in lists),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )


def _utf16(letter: str) -> str:
    return letter.encode("utf-16-be", "replace").hex()
