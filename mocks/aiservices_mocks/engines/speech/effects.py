"""What is heard and not spoken, or spoken in another way: breaths, a bleep, softness, a smaller range of loudness."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .segments import Samples

_BLEEP_HERTZ, _BLEEP_SECONDS = 1000.0, 0.45
_LOUDNESS = 0.2
_BREATH = 0.02
_FRAME = 220
"""Ten milliseconds."""
_RATIO = 0.5
_MOST = 4.0


def bleep(rate: int) -> Samples:
    """The tone that takes the place of an expletive."""
    import numpy as np

    size = round(_BLEEP_SECONDS * rate)
    edge = np.clip(np.minimum(np.arange(size), np.arange(size)[::-1]) / (rate // 200), 0, 1)
    tone: Samples = (_LOUDNESS * edge * np.sin(2 * np.pi * _BLEEP_HERTZ * np.arange(size) / rate)).astype(np.float32)
    return tone


def breath(size: int, loudness: float) -> Samples:
    """So many samples of breathing in; loudness: 0 is silence, 1 the usual."""
    import numpy as np

    if not loudness or size < 2:
        return np.zeros(size, dtype=np.float32)
    noise = np.convolve(np.random.default_rng(0).standard_normal(size), np.ones(4) / 4, "same")
    rushing: Samples = (noise * np.hanning(size) * _BREATH * loudness).astype(np.float32)
    return rushing


def softened(samples: Samples) -> Samples:
    """Spoken softly: less of what is sharp in a voice."""
    import numpy as np

    if len(samples) < _FRAME:
        return samples
    soft: Samples = np.convolve(samples, np.hanning(9)[1:-1] / np.hanning(9).sum(), "same").astype(np.float32)
    return soft


def compressed(samples: Samples) -> Samples:
    """The soft parts louder, and the loudest as loud as before."""
    import numpy as np

    count = len(samples) // _FRAME
    if count < 2:
        return samples
    loudness = np.sqrt(np.square(samples[: count * _FRAME].reshape(count, _FRAME)).mean(axis=1))
    loudness = np.convolve(np.pad(loudness, 2, mode="edge"), np.ones(5) / 5, "valid")
    top = float(loudness.max())
    if not top:
        return samples
    gain = np.minimum((top / np.maximum(loudness, top * 1e-3)) ** _RATIO, _MOST)
    gain[loudness < 0.01 * top] = 1.0
    louder = samples * np.interp(np.arange(len(samples)), (np.arange(count) + 0.5) * _FRAME, gain)
    even: Samples = (louder * (np.abs(samples).max() / max(float(np.abs(louder).max()), 1e-9))).astype(np.float32)
    return even
