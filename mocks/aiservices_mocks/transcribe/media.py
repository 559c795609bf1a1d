"""What the header of a media file says: its format, rate, channels and how long it lasts."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from . import containers


class Media(NamedTuple):
    """A media file, as its header describes it."""

    format: str
    """As AWS calls it: `mp3`, `mp4`, `wav`, `flac`, `ogg`, `amr`, `webm`, `m4a`."""
    rate: int
    channels: int
    seconds: float


class MediaError(ValueError):
    """A file that begins like one of the formats and is none."""


def read(data: bytes) -> Media | None:
    """The media in a file; None when it has none of the formats."""
    try:
        return next((found for reader in _READERS if (found := reader(data)) is not None), None)
    except (struct.error, IndexError, ZeroDivisionError) as error:
        raise MediaError("the file ends before its header does, or its header counts nothing") from error


def _wav(data: bytes) -> Media | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    channels = rate = byte_rate = 0
    at = 12
    while True:
        name, size = struct.unpack_from("<4sI", data, at)
        at += 8
        if name == b"fmt ":
            _, channels, rate, byte_rate = struct.unpack_from("<HHII", data, at)
        if name == b"data":
            return Media("wav", rate, channels, min(size, len(data) - at) / byte_rate)
        at += size + size % 2


_GUESSED = 0.6
"""How much of its size sound keeps in FLAC, for streams that do not say how long they are."""


def _flac(data: bytes) -> Media | None:
    return _stream_info(data, "flac") if data[:4] == b"fLaC" else None


def _stream_info(data: bytes, format: str) -> Media:
    (packed,) = struct.unpack_from(">Q", data, 18)
    rate, channels, bits = packed >> 44, (packed >> 41 & 7) + 1, (packed >> 36 & 31) + 1
    samples = packed & (1 << 36) - 1
    seconds = samples / rate if samples else len(data) * 8 / (rate * channels * bits * _GUESSED)
    return Media(format, rate, channels, seconds)


class _Page(NamedTuple):
    """One page of an Ogg file."""

    granule: int
    serial: int
    body: bytes
    first: bool


def _pages(data: bytes) -> Iterator[_Page]:
    at = 0
    while data[at : at + 4] == b"OggS":
        _, flags, granule, serial, _, _, count = struct.unpack_from("<BBqIIIB", data, at + 4)
        begin = at + 27 + count
        end = begin + sum(data[at + 27 : begin])
        yield _Page(granule, serial, data[begin:end], bool(flags & 2))
        at = end


def _ogg(data: bytes) -> Media | None:
    if data[:4] != b"OggS":
        return None
    sound: Media | None = None
    serial = last = skipped = 0
    for page in _pages(data):
        if page.first and sound is None:
            sound, serial = _ogg_sound(page.body), page.serial
            skipped = struct.unpack_from("<H", page.body, 10)[0] if page.body.startswith(b"OpusHead") else 0
        elif page.serial == serial:
            last = max(last, page.granule)
    return sound and sound._replace(seconds=max(last - skipped, 0) / sound.rate)


def _ogg_sound(head: bytes) -> Media | None:
    if head.startswith(b"\x01vorbis"):
        channels, rate = struct.unpack_from("<BI", head, 11)
        return Media("ogg", rate, channels, 0)
    if head.startswith(b"OpusHead"):
        return Media("ogg", 48000, head[9], 0)
    if head.startswith(b"Speex   "):
        rate, _, _, channels = struct.unpack_from("<IIII", head, 36)
        return Media("ogg", rate, channels, 0)
    if head.startswith(b"\x7fFLAC"):
        return _stream_info(head[9:], "ogg")
    return None


_AMR: Mapping[bytes, tuple[int, tuple[int, ...]]] = {
    b"#!AMR-WB\n": (16000, (18, 24, 33, 37, 41, 47, 51, 59, 61, 6)),
    b"#!AMR\n": (8000, (13, 14, 16, 18, 20, 21, 27, 32, 6)),
}
"""The first line of a file: its rate, and the bytes of a frame of 20 ms by its kind."""


def _amr(data: bytes) -> Media | None:
    magic = next((magic for magic in _AMR if data.startswith(magic)), None)
    if magic is None:
        return None
    rate, sizes = _AMR[magic]
    at, frames = len(magic), 0
    while at < len(data):
        kind = data[at] >> 3 & 15
        at += sizes[kind] if kind < len(sizes) else 1
        frames += 1
    return Media("amr", rate, 1, frames * 0.02)


_KILOBITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""By the version's bits: 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5."""


class _Frame(NamedTuple):
    """One frame of layer III."""

    rate: int
    channels: int
    samples: int
    size: int


def _frame(data: bytes, at: int) -> _Frame | None:
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:
        return None
    version, bits, speed = data[at + 1] >> 3 & 3, data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or bits in (0, 15) or speed == 3:
        return None
    rate, samples = _RATES[version][speed], 1152 if version == 3 else 576
    kilobits = _KILOBITS[3 if version == 3 else 2][bits]
    size = samples * 125 * kilobits // rate + (data[at + 2] >> 1 & 1)
    return _Frame(rate, 1 if data[at + 3] >> 6 == 3 else 2, samples, size)


def _mp3(data: bytes) -> Media | None:
    at = 0
    if data[:3] == b"ID3":
        size = data[6:10]
        at = 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]) + (10 if data[5] & 16 else 0)
    first = _frame(data, at)
    if first is None or (at + first.size < len(data) and _frame(data, at + first.size) is None):
        if data[:3] == b"ID3":
            raise MediaError("there is no frame of layer III behind the tag")
        return None
    samples = 0
    while (frame := _frame(data, at)) is not None:
        samples += frame.samples
        at += frame.size
    return Media("mp3", first.rate, first.channels, samples / first.rate)


def _contained(format: str, sound: containers.Sound | None) -> Media | None:
    if sound is None:
        raise MediaError(f"there is no sound in the {format}")
    return Media(format, sound.rate, sound.channels, sound.seconds)


def _mp4(data: bytes) -> Media | None:
    brand = data[8:12]
    if data[4:8] != b"ftyp" or brand == b"qt  ":
        return None
    return _contained("m4a" if brand in (b"M4A ", b"M4B ") else "mp4", containers.mp4(data))


def _webm(data: bytes) -> Media | None:
    if containers.document_type(data) != b"webm":
        return None
    return _contained("webm", containers.webm(data))


_READERS: tuple[Callable[[bytes], Media | None], ...] = (_wav, _flac, _ogg, _amr, _mp4, _webm, _mp3)
