"""Ogg as far as one must read it: which streams a file holds, and how long they play (RFC 3533, RFC 7845)."""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass
class Stream:
    """One logical stream of an Ogg file."""

    rate: int
    clock: int
    """Ticks of its positions per second."""
    skip: int
    """Ticks at its begin that are not played."""
    begin: int
    """Where in the file it begins."""
    position: int = 0

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return max(self.position - self.skip, 0) / self.clock


def streams(data: bytes) -> list[Stream]:
    """The streams of a chain; a page that begins a stream begins a new one, whatever its serial number."""
    found: list[Stream] = []
    at = 0
    while at + 27 <= len(data) and data[at : at + 4] == b"OggS":
        kind = data[at + 5]
        (position,) = struct.unpack_from("<q", data, at + 6)
        count = data[at + 26]
        body = at + 27 + count
        end = body + sum(data[at + 27 : body])
        if kind & 2:
            stream = _header(data[body:end], at)
            if stream is not None:
                found.append(stream)
        elif found and position > 0:
            found[-1].position = position
        at = end
    return found


def _header(packet: bytes, begin: int) -> Stream | None:
    if packet[:7] == b"\x01vorbis" and len(packet) >= 16:
        rate = int.from_bytes(packet[12:16], "little")
        return Stream(rate, rate, 0, begin) if rate else None
    if packet[:8] == b"OpusHead" and len(packet) >= 12:
        return Stream(48000, 48000, int.from_bytes(packet[10:12], "little"), begin)
    return None
