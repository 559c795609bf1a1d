"""How long audio is, from its headers: WAV, FLAC, Ogg (Vorbis and Opus), MP3, MP4 and AMR."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction


def seconds_of(data: bytes) -> Fraction | None:
    """The seconds that a media file plays; None when its format is not known or it is broken."""
    try:
        for magic, at, measure in _FORMATS:
            if data[at : at + len(magic)] == magic:
                return measure(data)
        return _mp3(data)
    except (struct.error, IndexError, ZeroDivisionError, ValueError):
        return None


def _wav(data: bytes) -> Fraction | None:
    rate = 0
    for name, begin, size in _chunks(data):
        if name == b"fmt ":
            (rate,) = struct.unpack_from("<I", data, begin + 8)  # bytes a second
        elif name == b"data":
            return Fraction(min(size, len(data) - begin), rate)  # a stream's header has no size
    return None


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        yield name, at + 8, size
        at += 8 + size + size % 2


def _flac(data: bytes) -> Fraction | None:
    packed = int.from_bytes(data[18:26], "big")  # STREAMINFO: 20 bits rate, 8 of other things, 36 samples
    samples = packed & (1 << 36) - 1
    return Fraction(samples, packed >> 44) if samples else None


def _ogg(data: bytes) -> Fraction | None:
    """The last page tells the samples until its end."""
    (granules,) = struct.unpack_from("<q", data, data.rindex(b"OggS") + 6)
    if (head := data.find(b"OpusHead", 0, 4096)) >= 0:
        (skipped,) = struct.unpack_from("<H", data, head + 10)
        return Fraction(max(granules - skipped, 0), 48_000)
    if (head := data.find(b"\x01vorbis", 0, 4096)) >= 0:
        (rate,) = struct.unpack_from("<I", data, head + 12)
        return Fraction(granules, rate)
    return None


def _mp4(data: bytes) -> Fraction | None:
    """The movie header has a time scale and a duration in it."""
    movie = _box(data, 0, len(data), b"moov")
    header = movie and _box(data, *movie, b"mvhd")
    if not header:
        return None
    begin, _ = header
    if data[begin] == 1:  # version 1 has 64-bit times
        scale, duration = struct.unpack_from(">IQ", data, begin + 20)
    else:
        scale, duration = struct.unpack_from(">II", data, begin + 12)
    return Fraction(duration, scale)


def _box(data: bytes, at: int, end: int, wanted: bytes) -> tuple[int, int] | None:
    while at + 8 <= end:
        size, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        size = size or end - at
        if size < head:
            return None
        if name == wanted:
            return at + head, min(at + size, end)
        at += size
    return None


_AMR = (12, 13, 15, 17, 19, 20, 26, 31, 5)
_AMR_WB = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5)


def _amr(data: bytes) -> Fraction | None:
    """Frames of 20 ms, each with its mode in front."""
    wide = data.startswith(b"#!AMR-WB\n")
    at, sizes, frames = (9, _AMR_WB, 0) if wide else (6, _AMR, 0)
    while at < len(data):
        mode = data[at] >> 3 & 15
        at += 1 + (sizes[mode] if mode < len(sizes) else 0)
        frames += 1
    return Fraction(frames, 50)


_BITRATES = {
    (3, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits a second by version (3: MPEG 1, 2: MPEG 2 and 2.5) and layer (3: I, 2: II, 1: III)."""
_RATES = (44_100, 48_000, 32_000)


def _mp3(data: bytes) -> Fraction | None:
    """The samples of all frames; what stands between them is skipped."""
    at = 0
    if data[:3] == b"ID3":
        at = 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])
    total, frames = Fraction(0), 0
    while at + 4 <= len(data):
        frame = _frame(data, at)
        if frame is None:
            if frames:
                break  # a tag at the end
            return None
        size, samples, rate = frame
        first = data[at : at + size] if not frames else b""
        if b"Xing" not in first and b"Info" not in first:  # a frame of facts plays nothing
            total += Fraction(samples, rate)
        at += size
        frames += 1
    return total if frames > 1 else None


def _frame(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Bytes, samples and samples a second of the frame that begins here."""
    if data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    kilobits, rate = data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or layer == 0 or rate == 3 or kilobits in (0, 15):
        return None
    bits = _BITRATES[3 if version == 3 else 2, layer][kilobits - 1] * 1000
    hertz = _RATES[rate] >> {3: 0, 2: 1, 0: 2}[version]
    samples = 384 if layer == 3 else 576 if layer == 1 and version != 3 else 1152
    padding = data[at + 2] >> 1 & 1
    size = (12 * bits // hertz + padding) * 4 if layer == 3 else samples // 8 * bits // hertz + padding
    return size, samples, hertz


_FORMATS = (
    (b"RIFF", 0, _wav),
    (b"fLaC", 0, _flac),
    (b"OggS", 0, _ogg),
    (b"ftyp", 4, _mp4),
    (b"#!AMR", 0, _amr),
)
