"""Another sample rate, piece by piece: a polyphase filter, so that long speech needs no more memory than short speech.

Every block has the same shape, the last one filled up with silence: that the same samples give the same bytes must not
depend on how they were cut.
"""

from __future__ import annotations

from functools import cache
from math import ceil, gcd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .segments import Samples

_CROSSINGS = 24
"""Zero crossings of the filter on each side."""
_KAISER = 6.0
_PASSED = 0.9
"""Of what the lower of both rates can hold."""
_GROUP = 128
"""Samples at least that one row of the matrix covers."""
_ROWS, _COLUMNS = 64, 16
"""Of one product of matrices: so few that the threads of a linear algebra library stay asleep."""


class Resampler:
    """Takes samples of one rate in pieces of any length and gives them back at another."""

    def __init__(self, rate: int, wanted: int) -> None:
        import numpy as np

        self._same = rate == wanted
        shared = gcd(rate, wanted)
        many = ceil(_GROUP * shared / rate)
        self._in, self._out = rate // shared * many, wanted // shared * many
        self._margin = ceil(_CROSSINGS * max(self._in / self._out, 1.0))
        self._waiting: Samples = np.zeros(self._margin, dtype=np.float32)
        self._taken = self._given = 0

    def push(self, samples: Samples) -> Samples:
        """What is ready when these samples are in."""
        import numpy as np

        if self._same:
            return samples
        self._taken += len(samples)
        self._waiting = np.concatenate([self._waiting, samples])
        return self._ready()

    def end(self) -> Samples:
        """The rest."""
        import numpy as np

        if self._same:
            return np.zeros(0, dtype=np.float32)
        whole = round(self._taken * self._out / self._in)
        missing = whole - self._given
        block = _ROWS * self._in
        self._waiting = np.pad(self._waiting, (0, block * ceil(missing / (_ROWS * self._out)) + 2 * self._margin))
        return self._ready()[:missing]

    def _ready(self) -> Samples:
        import numpy as np

        block, reach = _ROWS * self._in, 2 * self._margin
        count = max(len(self._waiting) - reach, 0) // block
        out = np.empty((count, _ROWS, self._out), dtype=np.float32)
        for at in range(count):
            part = self._waiting[at * block : (at + 1) * block + reach]
            rows = np.lib.stride_tricks.sliding_window_view(part, self._in + reach)[:: self._in]
            for column, (first, weights) in enumerate(_weights(self._in, self._out, self._margin)):
                columns = slice(column * _COLUMNS, (column + 1) * _COLUMNS)
                out[at, :, columns] = rows[:, first : first + len(weights)] @ weights
        self._waiting = self._waiting[count * block :].copy()
        self._given += out.size
        ready: Samples = np.clip(out.reshape(-1), -1.0, 1.0)
        return ready


@cache
def _weights(taken: int, given: int, margin: int) -> list[tuple[int, Samples]]:
    """For some samples at a time of those that are given for a row: where in the row and its margins they begin to
    depend on it, and what each sample from there on adds to them."""
    import numpy as np

    width = _PASSED * min(1.0, given / taken)
    found = []
    for begin in range(0, given, _COLUMNS):
        centres = np.arange(begin, min(begin + _COLUMNS, given)) * (taken / given) + margin
        first, last = int(centres[0]) - margin, int(centres[-1]) + margin
        place = np.arange(first, last + 1)[:, None] - centres[None, :]
        shape = np.i0(_KAISER * np.sqrt(np.clip(1 - np.square(place / margin), 0, None)))
        weights = np.where(np.abs(place) < margin, np.sinc(place * width) * shape, 0.0)
        found.append((first, (weights / weights.sum(axis=0)).astype(np.float32)))
    return found


def resample(samples: Samples, rate: int, wanted: int) -> Samples:
    """The samples at another rate, without what the new rate cannot hold."""
    import numpy as np

    resampler = Resampler(rate, wanted)
    return np.concatenate([resampler.push(samples), resampler.end()])
