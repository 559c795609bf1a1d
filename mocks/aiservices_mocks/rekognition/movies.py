"""What the headers of an MP4 or MOV tell: how long it is, how large its pictures are, how they are coded.

Boxes by ISO/IEC 14496-12; only the ones that are needed are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

_INSIDE = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
"""Boxes that hold others."""
_FIRST = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
"""What a file may begin with; a MOV needs no `ftyp`."""
_CODECS = {b"avc1": "h264", b"avc3": "h264"}
_SOUNDS = {b"mp4a": "aac"}


class NotAMovie(ValueError):
    """The bytes are no video that Rekognition takes; its text says why."""


@dataclass(frozen=True, slots=True)
class Movie:
    """A video as VideoMetadata tells of it, under AWS's names; and its sound, if it has one, as AudioMetadata does."""

    video: dict[str, Any]
    audio: dict[str, Any] | None

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


@dataclass(slots=True)
class _Track:
    """What the boxes of a track tell."""

    kind: bytes = b""
    scale: int = 0
    length: int = 0
    codec: bytes = b""
    width: int = 0
    height: int = 0
    rate: int = 0
    channels: int = 0
    samples: int = 0

    @property
    def millis(self) -> int:
        return round(1000 * self.length / self.scale) if self.scale else 0


def read(data: bytes) -> Movie:
    """The video in these bytes; raises NotAMovie."""
    if data[4:8] not in _FIRST:
        raise NotAMovie("The video is neither MP4 nor MOV.")
    tracks: list[_Track] = []
    for kind, start, end in _boxes(data, 0, len(data)):
        if kind == b"trak":
            tracks.append(_Track())
        elif tracks:
            _tell(tracks[-1], kind, data[start:end])
    video = next((track for track in tracks if track.kind == b"vide"), None)
    if video is None:
        raise NotAMovie("The video cannot be read: it has no track of pictures.")
    if video.codec not in _CODECS:
        raise NotAMovie("The video's codec is not supported: H.264 is.")
    if not (video.millis and video.width and video.height):
        raise NotAMovie("The video cannot be read: its header is not whole.")
    sound = next((track for track in tracks if track.kind == b"soun"), None)
    return Movie(
        {
            "Codec": _CODECS[video.codec],
            "DurationMillis": video.millis,
            "Format": "QuickTime / MOV",
            "FrameRate": round(1000 * video.samples / video.millis, 6),
            "FrameHeight": video.height,
            "FrameWidth": video.width,
        },
        None if sound is None else _sound(sound),
    )


def _sound(track: _Track) -> dict[str, Any]:
    codec = _SOUNDS.get(track.codec, track.codec.decode("latin-1").strip())
    told = {"Codec": codec, "DurationMillis": track.millis}
    return {**told, "SampleRate": track.rate, "NumberOfChannels": track.channels}


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes between two places, those inside of others after them: kind, begin and end of what each holds."""
    while start + 8 <= end:
        length, kind, head = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8], 8
        if length == 1:
            length, head = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        stop = end if length == 0 else start + length
        if stop > end or stop < start + head:
            return
        yield kind, start + head, stop
        if kind in _INSIDE:
            yield from _boxes(data, start + head, stop)
        start = stop


def _tell(track: _Track, kind: bytes, box: bytes) -> None:
    """Write down what a box of a track tells."""
    number = int.from_bytes
    if kind == b"mdhd":
        at, size = (20, 8) if box[:1] == b"\x01" else (12, 4)
        track.scale, track.length = number(box[at : at + 4], "big"), number(box[at + 4 : at + 4 + size], "big")
    elif kind == b"hdlr" and not track.kind:
        track.kind = box[8:12]
    elif kind == b"stsd":
        track.codec, entry = box[12:16], box[16:]
        track.width, track.height = number(entry[24:26], "big"), number(entry[26:28], "big")
        track.channels, track.rate = number(entry[16:18], "big"), number(entry[24:26], "big")
    elif kind == b"stts":
        runs = range(8, min(len(box), 8 + 8 * number(box[4:8], "big")), 8)
        track.samples = sum(number(box[at : at + 4], "big") for at in runs)
