"""Spoken audio: its bytes, how long it lasts, and parts put together."""

from __future__ import annotations

import base64
import html
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import InvalidCallError

MEDIA_TYPES: Mapping[str, str] = {
    "mp3": "audio/mpeg",
    "ogg_vorbis": "audio/ogg",
    "ogg_opus": "audio/ogg; codecs=opus",
    "pcm": "audio/wav",
    "mulaw": "audio/wav",
    "alaw": "audio/wav",
}
"""What a browser plays; raw samples get a WAV header for it."""

_RAW_RATES = {"pcm": 16000, "mulaw": 8000, "alaw": 8000}
_WAV_CODES = {"pcm": (1, 2), "alaw": (6, 1), "mulaw": (7, 1)}
"""WAVE format code, and bytes per sample."""


@dataclass(frozen=True)
class Audio:
    """Speech as Polly encoded it; shows itself as a player in notebooks."""

    data: bytes = field(repr=False)
    """The bytes as they came: a file for mp3 and Ogg, bare samples for pcm, mulaw and alaw."""
    format: str
    """`mp3`, `ogg_vorbis`, `ogg_opus`, `pcm`, `mulaw` or `alaw`."""
    characters: int
    """Billed characters."""
    voice: str
    engine: str
    """What spoke: AWS's engine (`neural`), or the mock's (`espeak-ng`; `tone-plan`: tones, no speech)."""
    requested_rate: int | None = field(default=None, repr=False)
    """The rate that was asked for; None: Polly's own choice."""
    raw: Sequence[Mapping[str, Any]] = field(default=(), repr=False, compare=False)
    """AWS's replies without their streams, one per part of the text."""

    def __repr__(self) -> str:
        return f"<Audio {self.format} {self.duration:.1f} s, {self.voice}, {self.engine}, {len(self.data):,} bytes>"

    @cached_property
    def sample_rate(self) -> int:
        """Samples per second; read from the bytes where they tell."""
        if self.format == "mp3":
            return next((frame.rate for frame in _frames(self.data)), 0)
        if self.format.startswith("ogg"):
            return next((stream.rate for stream in _streams(self.data)), 0)
        return self.requested_rate or _RAW_RATES[self.format]

    @cached_property
    def duration(self) -> float:
        """Seconds, computed from the bytes."""
        if self.format == "mp3":
            return _mp3_seconds(self.data)
        if self.format.startswith("ogg"):
            return sum(stream.seconds for stream in _streams(self.data))
        return len(self.data) / _WAV_CODES[self.format][1] / self.sample_rate

    def to_wav(self) -> bytes:
        """The samples of pcm, mulaw or alaw as a WAV file. Raises InvalidCallError for the other formats."""
        if self.format not in _WAV_CODES:
            raise InvalidCallError(f'{self.format} is a file already: save it, or speak with format="pcm" for WAV')
        code, width = _WAV_CODES[self.format]
        rate = self.sample_rate
        shape = struct.pack("<4sIHHIIHH", b"fmt ", 16, code, 1, rate, rate * width, width, width * 8)
        body = b"data" + struct.pack("<I", len(self.data)) + self.data + b"\0" * (len(self.data) % 2)
        return b"RIFF" + struct.pack("<I", 4 + len(shape) + len(body)) + b"WAVE" + shape + body

    def save(self, path: str | Path) -> Path:
        """Write the audio to a file, with a WAV header where bare samples go to a `.wav`; returns the path."""
        path = Path(path)
        path.write_bytes(self.to_wav() if path.suffix.lower() == ".wav" else self.data)
        return path

    def _repr_html_(self) -> str:
        data = self.to_wav() if self.format in _WAV_CODES else self.data
        source = f"data:{MEDIA_TYPES[self.format]};base64,{base64.b64encode(data).decode()}"
        caption = f"{self.voice}, {self.engine}, {self.duration:.1f} s, {self.characters:,} characters"
        return (
            f'<figure><audio controls preload="metadata" src="{source}"></audio>'
            f"<figcaption>{html.escape(caption)}</figcaption></figure>"
        )


def joined(parts: Sequence[bytes], format: str) -> bytes:
    """Parts of one format one behind the other.

    Bare samples join without a trace. mp3: the frames of all parts behind one tag that tells the length of the
    whole; the silence that an encoder puts around each part (some 1,400 samples, 65 ms at 22,050 Hz) stays there.
    Ogg: a chained file (RFC 3533, section 4), as it is meant for streams one behind the other; some browsers play
    only the first link, so prefer mp3 there.
    """
    if len(parts) == 1:
        return parts[0]
    return _joined_mp3(parts) if format == "mp3" else b"".join(parts)


@dataclass(frozen=True, slots=True)
class _Frame:
    """One frame of an mp3."""

    begin: int
    end: int
    rate: int
    samples: int
    side: int
    """Bytes of header and side information."""

    def is_tag(self, data: bytes) -> bool:
        """Whether it holds no sound but a Xing or Info tag."""
        return data[self.begin + self.side : self.begin + self.side + 4] in (b"Xing", b"Info")


def _joined_mp3(parts: Sequence[bytes]) -> bytes:
    tags: list[bytes] = []
    sounds: list[bytes] = []
    for part in parts:
        for frame in _frames(part):
            (tags if frame.is_tag(part) else sounds).append(part[frame.begin : frame.end])
    whole = b"".join(sounds)
    return (_retold(tags[0], len(sounds), len(whole)) if tags else b"") + whole


def _retold(tag: bytes, frames: int, size: int) -> bytes:
    """A tag frame that tells the frames and bytes of another file.

    Where it has a table of places, the file is taken to be even; what it says of added silence is no longer so.
    """
    out = bytearray(tag)
    at = max(tag.find(b"Xing"), tag.find(b"Info"))
    flags = int.from_bytes(tag[at + 4 : at + 8], "big")
    at += 8
    if flags & 1:
        out[at : at + 4] = frames.to_bytes(4, "big")
        at += 4
    if flags & 2:
        out[at : at + 4] = (size + len(tag)).to_bytes(4, "big")
        at += 4
    if flags & 4:
        out[at : at + 100] = bytes(share * 256 // 100 for share in range(100))
        at += 100
    if flags & 8:
        at += 4
    if out[at : at + 4] in _TOLD_BY and len(out) >= at + 24:
        out[at + 21 : at + 24] = b"\0\0\0"
    return bytes(out)


_TOLD_BY = (b"LAME", b"Lavf", b"Lavc")
_BITRATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _frames(data: bytes) -> Iterator[_Frame]:
    """The layer III frames, from the first one that another follows; tags around them are passed over."""
    at = 0
    if data[:3] == b"ID3" and len(data) >= 10:
        size = data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9]
        at = 10 + size
    while at + 4 <= len(data):
        frame = _frame(data, at)
        if frame is None:
            at += 1
        else:
            yield frame
            at = frame.end


def _frame(data: bytes, at: int) -> _Frame | None:
    first, second, third, fourth = data[at : at + 4]
    version, layer = second >> 3 & 3, second >> 1 & 3
    if first != 0xFF or second & 0xE0 != 0xE0 or version == 1 or layer != 1:
        return None
    rate_index, bit_index = third >> 2 & 3, third >> 4
    if rate_index == 3 or bit_index in (0, 15):
        return None
    rate = _RATES[version][rate_index]
    full = version == 3
    bitrate = _BITRATES[1 if full else 2][bit_index] * 1000
    samples = 1152 if full else 576
    size = samples // 8 * bitrate // rate + (third >> 1 & 1)
    mono = fourth >> 6 == 3
    side = 4 + ((17 if mono else 32) if full else (9 if mono else 17))
    if at + size > len(data):
        return None
    return _Frame(at, at + size, rate, samples, side)


def _mp3_seconds(data: bytes) -> float:
    """Frames with sound, without the silence that the encoder says it added."""
    samples = rate = 0
    for frame in _frames(data):
        rate = frame.rate
        if frame.is_tag(data):
            samples -= _added_silence(data[frame.begin + frame.side : frame.end])
        else:
            samples += frame.samples
    return max(samples, 0) / rate if rate else 0.0


def _added_silence(tag: bytes) -> int:
    """Samples of delay and padding in the LAME part of a tag (http://gabriel.mp3-tech.org/mp3infotag.html)."""
    flags = int.from_bytes(tag[4:8], "big")
    at = 8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1)
    both = tag[at + 21 : at + 24]
    if tag[at : at + 4] not in _TOLD_BY or len(both) < 3:
        return 0
    return (both[0] << 4 | both[1] >> 4) + ((both[1] & 15) << 8 | both[2])


@dataclass
class _Stream:
    """One logical stream of an Ogg file."""

    rate: int
    clock: int
    """Ticks of its positions per second."""
    skip: int
    """Ticks at its begin that are not played."""
    position: int = 0

    @property
    def seconds(self) -> float:
        return max(self.position - self.skip, 0) / self.clock


def _streams(data: bytes) -> list[_Stream]:
    """The streams of a chain; a page that begins a stream begins a new one, whatever its serial number."""
    streams: list[_Stream] = []
    at = 0
    while at + 27 <= len(data) and data[at : at + 4] == b"OggS":
        kind = data[at + 5]
        (position,) = struct.unpack_from("<q", data, at + 6)
        count = data[at + 26]
        body = at + 27 + count
        end = body + sum(data[at + 27 : body])
        if kind & 2:
            found = _ogg_header(data[body:end])
            if found is not None:
                streams.append(found)
        elif streams and position > 0:
            streams[-1].position = position
        at = end
    return streams


def _ogg_header(packet: bytes) -> _Stream | None:
    if packet[:7] == b"\x01vorbis" and len(packet) >= 16:
        rate = int.from_bytes(packet[12:16], "little")
        return _Stream(rate, rate, 0) if rate else None
    if packet[:8] == b"OpusHead" and len(packet) >= 12:
        return _Stream(48000, 48000, int.from_bytes(packet[10:12], "little"))
    return None
