"""The sound inside the containers: boxes of MP4, elements of WebM."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple


class Sound(NamedTuple):
    """The first track with sound."""

    rate: int
    channels: int
    seconds: float


class _Part(NamedTuple):
    """A box or an element: its name, and where its content begins and ends."""

    name: bytes
    begin: int
    end: int


def _boxes(data: bytes, within: _Part) -> Iterator[_Part]:
    at = within.begin
    while at + 8 <= within.end:
        size, name = struct.unpack_from(">I4s", data, at)
        begin = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, begin)
            begin += 8
        end = min(at + size, within.end) if size else within.end
        yield _Part(name, begin, end)
        at = max(end, begin)


def _box(data: bytes, within: _Part | None, *path: bytes) -> _Part | None:
    for name in path:
        if within is None:
            return None
        within = next((box for box in _boxes(data, within) if box.name == name), None)
    return within


def mp4(data: bytes) -> Sound | None:
    """The sound of an MP4; None when it has none."""
    movie = _box(data, _Part(b"", 0, len(data)), b"moov")
    if movie is None:
        return None
    for track in _boxes(data, movie):
        handler = _box(data, track, b"mdia", b"hdlr") if track.name == b"trak" else None
        entry = _box(data, track, b"mdia", b"minf", b"stbl", b"stsd")
        if handler and entry and data[handler.begin + 8 : handler.begin + 12] == b"soun":
            (channels,) = struct.unpack_from(">H", data, entry.begin + 32)
            (rate,) = struct.unpack_from(">H", data, entry.begin + 40)
            header = _box(data, track, b"mdia", b"mdhd")
            seconds = (_duration(data, header) if header else 0) or _whole(data, movie)
            return Sound(rate, channels, seconds)
    return None


def _duration(data: bytes, header: _Part) -> float:
    """Of a `mvhd` or `mdhd`: both begin alike."""
    scale, length = struct.unpack_from(
        *((">IQ", data, header.begin + 20) if data[header.begin] else (">II", data, header.begin + 12))
    )
    return float(length / scale)


def _whole(data: bytes, movie: _Part) -> float:
    """How long the movie is, also one in fragments, whose header says nothing."""
    header, extended = _box(data, movie, b"mvhd"), _box(data, movie, b"mvex", b"mehd")
    if header is None:
        return 0.0
    if extended is None:
        return _duration(data, header)
    (scale,) = struct.unpack_from(">I", data, header.begin + (20 if data[header.begin] else 12))
    (length,) = struct.unpack_from(">Q" if data[extended.begin] else ">I", data, extended.begin + 4)
    return float(length / scale)


# WebM

_HEAD, _DOCUMENT_TYPE = b"\x1a\x45\xdf\xa3", b"\x42\x82"
_SEGMENT, _INFO, _TRACKS, _CLUSTER = b"\x18\x53\x80\x67", b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b", b"\x1f\x43\xb6\x75"
_SCALE, _DURATION = b"\x2a\xd7\xb1", b"\x44\x89"
_TRACK, _KIND, _AUDIO, _RATE, _CHANNELS = b"\xae", b"\x83", b"\xe1", b"\xb5", b"\x9f"
_TIME, _BLOCK, _GROUP = b"\xe7", b"\xa3", b"\xa0"
_SOUND = 2


def _elements(data: bytes, within: _Part) -> Iterator[_Part]:
    at = within.begin
    while at < within.end:
        width = 9 - data[at].bit_length()
        name = data[at : at + width]
        at += width
        width = 9 - data[at].bit_length()
        size = int.from_bytes(data[at : at + width], "big") & (1 << 7 * width) - 1
        at += width
        unknown = size == (1 << 7 * width) - 1
        end = within.end if unknown else min(at + size, within.end)
        yield _Part(name, at, end)
        at = end


def _first(data: bytes, within: _Part, name: bytes) -> _Part | None:
    return next((element for element in _elements(data, within) if element.name == name), None)


def _number(data: bytes, within: _Part, name: bytes, default: float) -> float:
    found = _first(data, within, name)
    if found is None:
        return default
    value = data[found.begin : found.end]
    if name in (_DURATION, _RATE):
        return float(struct.unpack(">f" if len(value) == 4 else ">d", value)[0])
    return int.from_bytes(value, "big")


def document_type(data: bytes) -> bytes:
    """Which document an EBML file is: `webm`, `matroska`; empty for another file."""
    if data[:4] != _HEAD:
        return b""
    head = next(_elements(data, _Part(b"", 0, len(data))))
    found = _first(data, head, _DOCUMENT_TYPE)
    return data[found.begin : found.end].rstrip(b"\0") if found else b""


def webm(data: bytes) -> Sound | None:
    """The sound of a WebM; None when it has none."""
    segment = _first(data, _Part(b"", 0, len(data)), _SEGMENT)
    tracks = _first(data, segment, _TRACKS) if segment else None
    if segment is None or tracks is None:
        return None
    info = _first(data, segment, _INFO) or _Part(_INFO, 0, 0)
    tick = _number(data, info, _SCALE, 1_000_000) / 1e9
    for track in _elements(data, tracks):
        if track.name == _TRACK and _number(data, track, _KIND, 0) == _SOUND:
            sound = _first(data, track, _AUDIO) or _Part(_AUDIO, 0, 0)
            ticks = _number(data, info, _DURATION, 0) or _last_tick(data)
            return Sound(int(_number(data, sound, _RATE, 8000)), int(_number(data, sound, _CHANNELS, 1)), ticks * tick)
    return None


def _last_tick(data: bytes) -> float:
    """When the last block begins, for a recording whose header was written before its end was known."""
    begin = data.rfind(_CLUSTER)
    if begin < 0:
        return 0.0
    cluster = next(_elements(data, _Part(b"", begin, len(data))))
    last = 0
    for block in _elements(data, cluster):
        inner = _first(data, block, b"\xa1") if block.name == _GROUP else block if block.name == _BLOCK else None
        if inner is not None:
            width = 9 - data[inner.begin].bit_length()
            last = struct.unpack_from(">h", data, inner.begin + width)[0]
    return _number(data, cluster, _TIME, 0) + last
