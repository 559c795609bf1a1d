"""Samples as Polly's formats: mp3, Ogg Vorbis and Opus, PCM, mu-law and A-law, at every rate each of them has."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from aiservices.errors import MissingExtraError

from .ogg import with_serial

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
_SECONDS = 600
"""How much is resampled at a time: an hour at once takes gigabytes."""
_SMALL, _FULL = 0.7368, 0.944
"""libsndfile's measure of compression: 48 kbit/s in MPEG-2 (up to 24 kHz) and in MPEG-1."""


def default_rate(output: str, engine: str) -> int:
    """The rate of a format when none is asked for: mp3 and Vorbis 22050 with standard voices, 24000 with others."""
    if output in ("mp3", "ogg_vorbis"):
        return 22050 if engine == "standard" else 24000
    return RATES[output][-1]


def encode(samples: Samples, rate: int, output: str, wanted: int) -> bytes:
    """Samples of one rate in a format at another; the same samples give the same bytes."""
    try:
        import soundfile  # type: ignore[import-untyped]  # it has no types
    except ImportError as error:
        raise MissingExtraError("Encoding speech", "mocks") from error
    import numpy as np

    sound = resample(samples, rate, wanted)
    if output == "ogg_opus" and len(sound) % _OPUS_FRAME:
        sound = np.pad(sound, (0, _OPUS_FRAME - len(sound) % _OPUS_FRAME))
    file = BytesIO()
    # In pieces: libsndfile keeps the whole of a large Vorbis write on the C stack.
    how = dict(_WRITERS[output])
    if output == "mp3":
        how["compression_level"] = _SMALL if wanted <= 24000 else _FULL
    with soundfile.SoundFile(file, "w", samplerate=wanted, channels=1, **how) as writer:
        for begin in range(0, len(sound), wanted):
            writer.write(sound[begin : begin + wanted])
    data = file.getvalue()
    if output.startswith("ogg"):
        # Of its own for every content, so that streams that are put behind each other differ.
        return with_serial(data, zlib.crc32(sound.tobytes()))
    return data


def resample(samples: Samples, rate: int, wanted: int) -> Samples:
    """The samples at another rate, without what the new rate cannot hold."""
    import numpy as np

    if rate == wanted or not len(samples):
        return samples
    return np.concatenate([_block(samples, at, rate, wanted) for at in range(0, len(samples), _SECONDS * rate)])


def _block(samples: Samples, begin: int, rate: int, wanted: int) -> Samples:
    """What begins at a sample, as much as is resampled at a time; a second around it is heard and dropped."""
    first = max(begin - rate, 0)
    sound = _resampled(samples[first : begin + (_SECONDS + 1) * rate], rate, wanted)
    at = (begin - first) // rate * wanted
    return sound[at : at + _SECONDS * wanted]


def _resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """All of them at once: an FFT cut or grown."""
    from math import gcd

    import numpy as np

    step = rate // gcd(rate, wanted)
    margin = step * 8
    size = -(-len(samples) // step) * step + 2 * margin
    padded = np.zeros(size, dtype=np.float32)
    padded[margin : margin + len(samples)] = samples
    spectrum = np.fft.rfft(padded)
    new_size = size // rate * wanted + (size % rate) * wanted // rate
    bins = new_size // 2 + 1
    spectrum = np.pad(spectrum[:bins], (0, max(bins - len(spectrum), 0)))
    sound = np.fft.irfft(spectrum, new_size) * (new_size / size)
    first = margin * wanted // rate
    length = round(len(samples) * wanted / rate)
    return np.clip(sound[first : first + length], -1.0, 1.0).astype(np.float32)
