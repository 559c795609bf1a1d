"""MP3 in two threads: LAME's work is most of the work of a long speech.

The sound is cut where it is silent, each part is encoded alone, and their frames are put behind each other. A part's
frames come later than its samples by the encoder's and the decoder's delay; as that much is silent before a cut,
nothing is lost, and a decoder hears one stream. Where there is an Info frame, the only one kept tells the whole.
Source: ISO 11172-3, 2.4.1 (frames); http://gabriel.mp3-tech.org/mp3infotag.html (the Info frame)
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .segments import Samples

_THREADS = 2
_PART = 40
"""Seconds of a part at least."""
_QUIET = 1e-3
_DELAY = 1105
"""Samples by which what is decoded is late: 576 of the encoder, 529 of the decoder."""
_KBITS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By whether it is MPEG-1."""
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""By the version's two bits: 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5."""


class Parts:
    """Takes samples, and gives an MP3 file."""

    def __init__(self, rate: int, encode: Callable[[Samples], bytes]) -> None:
        """encode: a sound as an MP3 file of its own, called in several threads at once."""
        import numpy as np

        self._rate, self._encode = rate, encode
        self._frame = 1152 if rate > 24000 else 576
        self._waiting: Samples = np.zeros(0, dtype=np.float32)
        self._pool: ThreadPoolExecutor | None = None
        self._working: deque[Future[bytes]] = deque()
        self._done: list[bytes] = []

    def write(self, samples: Samples) -> None:
        """The next samples."""
        import numpy as np

        self._waiting = np.concatenate([self._waiting, samples])
        while cut := self._silence():
            part, self._waiting = self._waiting[:cut], self._waiting[cut:].copy()
            self._pool = self._pool or ThreadPoolExecutor(_THREADS)
            self._working.append(self._pool.submit(self._part, part))
            if len(self._working) > _THREADS:
                self._done.append(self._working.popleft().result())

    def close(self) -> bytes:
        """The file. Threads end, also where nothing is left to be told."""
        try:
            last = self._encode(self._waiting)
            if self._pool is None:
                return last
            self._done += [work.result() for work in self._working]
        finally:
            if self._pool is not None:
                self._pool.shutdown()
        first, *frames = _frames(last)
        if not _tells(first):  # there is no room for it at some rates
            return b"".join([*self._done, last])
        body = b"".join([*self._done, *frames])
        count = sum(1 for part in self._done for _ in _frames(part)) + len(frames)
        return _told(first, count, len(first) + len(body)) + body

    def _silence(self) -> int:
        """Where the first part can end; 0 when it can't yet."""
        import numpy as np

        quiet = _DELAY + 576
        at = self._frame * -(-_PART * self._rate // self._frame)
        while at < len(self._waiting):  # something is left for the last part
            loud = np.flatnonzero(np.abs(self._waiting[at - quiet : at]) > _QUIET)
            if not len(loud):
                return at
            at += self._frame * -(-(int(loud[-1]) + 1) // self._frame)
        return 0

    def _part(self, samples: Samples) -> bytes:
        first, *frames = _frames(self._encode(samples))
        kept = frames if _tells(first) else [first, *frames]
        return b"".join(kept[: len(samples) // self._frame])


def _frames(data: bytes) -> Iterator[bytes]:
    at = 0
    while at + 4 <= len(data):
        version, told = data[at + 1] >> 3 & 3, data[at + 2]
        full, padding = version == 3, told >> 1 & 1
        size = (144 if full else 72) * 1000 * _KBITS[full][told >> 4] // _RATES[version][told >> 2 & 3] + padding
        yield data[at : at + size]
        at += size


def _tells(frame: bytes) -> bool:
    """Whether a frame holds no sound but what is told of the file."""
    return b"Info" in frame[:40] or b"Xing" in frame[:40]


def _told(info: bytes, count: int, size: int) -> bytes:
    """The Info frame of the last part, telling all frames and bytes; the delay and padding it tells are right."""
    at = max(info.find(b"Info"), info.find(b"Xing"))
    frame = bytearray(info)
    struct.pack_into(">II", frame, at + 8, count, size)
    extension = at + 120
    struct.pack_into(">IH", frame, extension + 28, size, 0)
    struct.pack_into(">H", frame, extension + 34, _checksum(bytes(frame[: extension + 34])))
    return bytes(frame)


def _checksum(data: bytes) -> int:
    """CRC-16 of the Info frame."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
