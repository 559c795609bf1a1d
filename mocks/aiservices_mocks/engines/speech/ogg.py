"""The pages of an Ogg stream, given a serial number of our own: encoders draw theirs at random.

Source: RFC 3533, section 6.
"""

from __future__ import annotations

import struct
import zlib

_HEADER = 27
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def with_serial(data: bytes, serial: int) -> bytes:
    """The same stream with another serial number in every page, and the checksums that follow from it."""
    out, at = [], 0
    while at + _HEADER <= len(data) and data[at : at + 4] == b"OggS":
        segments = data[at + 26]
        end = at + _HEADER + segments + sum(data[at + _HEADER : at + _HEADER + segments])
        page = bytearray(data[at:end])
        struct.pack_into("<I", page, 14, serial)
        struct.pack_into("<I", page, 22, 0)
        struct.pack_into("<I", page, 22, checksum(bytes(page)))
        out.append(bytes(page))
        at = end
    return b"".join(out) + data[at:]


def checksum(page: bytes) -> int:
    """Ogg's CRC-32 of a page whose own checksum is 0.

    It has zlib's polynomial with the bits in the other order, so zlib computes it on mirrored bytes.
    """
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
