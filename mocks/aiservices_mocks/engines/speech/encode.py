"""Samples as Polly's formats: mp3, Ogg Vorbis and Opus, PCM, mu-law and A-law, at every rate each of them has."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from aiservices.errors import MissingExtraError

from .mp3 import Parts
from .ogg import with_serial
from .resampling import Resampler

if TYPE_CHECKING:
    from .segments import Samples

_MUSIC = (8000, 16000, 22050, 24000, 44100, 48000)
RATES: Mapping[str, tuple[int, ...]] = {
    "mp3": _MUSIC,
    "ogg_vorbis": _MUSIC,
    "ogg_opus": (48000,),
    "pcm": (8000, 16000),
    "mulaw": (8000,),
    "alaw": (8000,),
}
"""Samples per second that a format may have. Source: the SynthesizeSpeech reference, SampleRate."""

CONTENT_TYPES: Mapping[str, str] = {
    "mp3": "audio/mpeg",
    "ogg_vorbis": "audio/ogg",
    "ogg_opus": "audio/ogg",
    "pcm": "audio/pcm",
    "mulaw": "audio/mulaw",
    "alaw": "audio/alaw",
    "json": "application/x-json-stream",
}

_WRITERS: Mapping[str, Mapping[str, Any]] = {
    "mp3": {"format": "MP3", "subtype": "MPEG_LAYER_III", "bitrate_mode": "CONSTANT"},
    "ogg_vorbis": {"format": "OGG", "subtype": "VORBIS"},
    "ogg_opus": {"format": "OGG", "subtype": "OPUS"},
    "pcm": {"format": "RAW", "subtype": "PCM_16", "endian": "LITTLE"},
    "mulaw": {"format": "RAW", "subtype": "ULAW"},
    "alaw": {"format": "RAW", "subtype": "ALAW"},
}
_OPUS_FRAME = 960
_SMALL, _FULL = 0.7368, 0.944
"""libsndfile's measure of compression: 48 kbit/s in MPEG-2 (up to 24 kHz) and in MPEG-1."""


def default_rate(output: str, engine: str) -> int:
    """The rate of a format when none is asked for: mp3 and Vorbis 22050 with standard voices, 24000 with others."""
    if output in ("mp3", "ogg_vorbis"):
        return 22050 if engine == "standard" else 24000
    return RATES[output][-1]


class Encoder:
    """Takes samples of one rate in pieces, and gives a format at another; the same samples give the same bytes."""

    def __init__(self, rate: int, output: str, wanted: int) -> None:
        self._resampler = Resampler(rate, wanted)
        self._sink = Parts(wanted, lambda sound: _mp3(sound, wanted)) if output == "mp3" else _File(output, wanted)

    def write(self, samples: Samples) -> None:
        """The next samples."""
        self._sink.write(self._resampler.push(samples))

    def close(self) -> bytes:
        """The whole in its format."""
        self._sink.write(self._resampler.end())
        return self._sink.close()


def encode(samples: Samples, rate: int, output: str, wanted: int) -> bytes:
    """Samples of one rate in a format at another."""
    encoder = Encoder(rate, output, wanted)
    encoder.write(samples)
    return encoder.close()


class _File:
    """What libsndfile writes, in memory."""

    def __init__(self, output: str, rate: int, **more: object) -> None:
        try:
            import soundfile  # type: ignore[import-untyped]  # it has no types
        except ImportError as error:
            raise MissingExtraError("Encoding speech", "mocks") from error
        self._output, self._rate = output, rate
        self._file = BytesIO()
        self._writer = soundfile.SoundFile(self._file, "w", samplerate=rate, channels=1, **_WRITERS[output], **more)
        self._size = self._serial = 0

    def write(self, samples: Samples) -> None:
        self._size += len(samples)
        if self._output.startswith("ogg"):
            self._serial = zlib.crc32(samples.tobytes(), self._serial)
        # In pieces: libsndfile keeps the whole of a large Vorbis write on the C stack.
        for begin in range(0, len(samples), self._rate):
            self._writer.write(samples[begin : begin + self._rate])

    def close(self) -> bytes:
        import numpy as np

        if self._output == "ogg_opus" and self._size % _OPUS_FRAME:
            self.write(np.zeros(_OPUS_FRAME - self._size % _OPUS_FRAME, dtype=np.float32))
        self._writer.close()
        data = self._file.getvalue()
        # Of its own for every content, so that streams that are put behind each other differ.
        return with_serial(data, self._serial) if self._output.startswith("ogg") else data


def _mp3(sound: Samples, rate: int) -> bytes:
    file = _File("mp3", rate, compression_level=_SMALL if rate <= 24000 else _FULL)
    file.write(sound)
    return file.close()
