"""Spoken audio: its bytes, how long it lasts, and parts put together."""

from __future__ import annotations

import base64
import html
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InvalidCallError, MissingExtraError
from . import mp3, ogg
from .marks import Mark

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

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
    marks: Sequence[Mark] = field(default=(), repr=False)
    """When its words and sentences are spoken, where `speak` was asked for marks."""
    raw: Sequence[Mapping[str, Any]] = field(default=(), repr=False, compare=False)
    """AWS's replies without their streams, one per part of the text."""

    def __repr__(self) -> str:
        return f"<Audio {self.format} {self.duration:.1f} s, {self.voice}, {self.engine}, {len(self.data):,} bytes>"

    @cached_property
    def sample_rate(self) -> int:
        """Samples per second; read from the bytes where they tell."""
        if self.format == "mp3":
            return mp3.Part(self.data).rate
        if self.format.startswith("ogg"):
            return next((stream.rate for stream in ogg.streams(self.data)), 0)
        return self.requested_rate or _RAW_RATES[self.format]

    @cached_property
    def duration(self) -> float:
        """Seconds, computed from the bytes."""
        return _seconds(self.data, self.format, self.requested_rate)

    def to_wav(self) -> bytes:
        """The samples of pcm, mulaw or alaw as a WAV file. Raises InvalidCallError for the other formats."""
        if self.format not in _WAV_CODES:
            raise InvalidCallError(f'{self.format} is a file already: save it, or speak with format="pcm" for WAV')
        code, width = _WAV_CODES[self.format]
        rate = self.sample_rate
        shape = struct.pack("<4sIHHIIHH", b"fmt ", 16, code, 1, rate, rate * width, width, width * 8)
        body = b"data" + struct.pack("<I", len(self.data)) + self.data + b"\0" * (len(self.data) % 2)
        return b"RIFF" + struct.pack("<I", 4 + len(shape) + len(body)) + b"WAVE" + shape + body

    def to_numpy(self) -> NDArray[float32]:
        """The samples, -1 to 1, one channel at `sample_rate`; needs soundfile."""
        try:
            import soundfile  # type: ignore[import-untyped]  # it has no types
        except ImportError as error:
            raise MissingExtraError("Decoding audio", "mocks") from error
        import numpy as np

        if not self.duration:  # decoders refuse what holds no sound
            return np.zeros(0, dtype=np.float32)
        if self.format in _WAV_CODES:
            links = [self.to_wav()]
        else:  # decoders stop at the end of a chain's first link
            begins = [stream.begin for stream in ogg.streams(self.data)] or [0]
            ends = [*begins[1:], len(self.data)]
            links = [self.data[begin:end] for begin, end in zip(begins, ends, strict=True)]
        return np.concatenate([soundfile.read(BytesIO(link), dtype="float32")[0] for link in links], dtype=np.float32)

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


def joined(parts: Sequence[bytes], format: str, rate: int | None = None) -> tuple[bytes, list[float]]:
    """Parts of one format one behind the other, and the second at which each begins.

    Bare samples join without a trace. mp3: the encoder's silence between the parts is left out, see `mp3.joined`.
    Ogg: a chained file (RFC 3533, section 4), as it is meant for streams one behind the other, exact to the sample;
    some browsers play only the first link, so prefer mp3 there.
    """
    if format == "mp3" and len(parts) > 1:
        return mp3.joined(parts)
    ends = list(accumulate(_seconds(part, format, rate) for part in parts))
    return b"".join(parts), [0.0, *ends[:-1]]


def _seconds(data: bytes, format: str, rate: int | None) -> float:
    if format == "mp3":
        return mp3.Part(data).seconds
    if format.startswith("ogg"):
        return sum(stream.seconds for stream in ogg.streams(data))
    return len(data) / _WAV_CODES[format][1] / (rate or _RAW_RATES[format])
