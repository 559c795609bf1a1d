"""Longer or shorter at the same pitch: overlap-add of the most similar pieces.

W. Verhelst, M. Roelands: An overlap-add technique based on waveform similarity (WSOLA), ICASSP 1993.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .segments import Samples

_WINDOW = 1024
_HOP = _WINDOW // 2
_SEARCH = 256


def stretched(samples: Samples, factor: float) -> Samples:
    """The samples at `factor` times their length."""
    import numpy as np

    if not len(samples):
        return samples
    size = round(len(samples) * factor)
    if len(samples) < 2 * _WINDOW or size < 2 * _WINDOW:
        return np.interp(np.linspace(0, len(samples) - 1, size), np.arange(len(samples)), samples).astype(np.float32)
    window = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    padded = np.pad(samples, (_SEARCH, _WINDOW + _HOP + _SEARCH))
    out = np.zeros(size + 2 * _WINDOW, dtype=np.float32)
    expected = padded[_SEARCH : _SEARCH + _WINDOW]
    for begin in range(0, size, _HOP):
        centre = min(int(begin / factor), len(samples) - 1) + _SEARCH
        if begin == 0:
            best = centre
        else:
            area = padded[centre - _SEARCH : centre + _SEARCH + _WINDOW]
            likeness = np.correlate(area, expected, mode="valid")
            best = centre - _SEARCH + int(np.argmax(likeness))
        out[begin : begin + _WINDOW] += padded[best : best + _WINDOW] * window
        follow = best + _HOP
        expected = padded[follow : follow + _WINDOW]
        if len(expected) < _WINDOW:
            expected = np.pad(expected, (0, _WINDOW - len(expected)))
    return out[:size]


def slower(samples: Samples, factor: float) -> Samples:
    """The samples at `factor` times their length, and deeper by as much."""
    import numpy as np

    size = round(len(samples) * factor)
    return np.interp(np.arange(size) / factor, np.arange(len(samples)), samples).astype(np.float32)
