"""A script performed: one engine speaks the segments, and everything gets its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from aiservices.errors import MissingExtraError

from . import espeak, tone
from .blocks import Mark, Pause
from .script import Item, Sentence, Word
from .segments import RATE, Segment, Take, cut, pause_after
from .stretch import stretched
from .voices import Voice

if TYPE_CHECKING:
    from .segments import Samples

LONGEST = 600.0
"""Seconds of what is spoken at once; Polly cuts off what would come after."""
_FASTEST_FIT = 5.0


@dataclass(frozen=True)
class SpeechMark:
    """Something that happens at a time of the audio."""

    time: float
    kind: Literal["sentence", "word", "viseme", "ssml"]
    value: str
    start: int = 0
    end: int = 0
    """Bytes of the request; a viseme has none."""


@dataclass(frozen=True)
class Speech:
    """Spoken: the samples, what happens when, and which engine it was."""

    samples: Samples
    marks: Sequence[SpeechMark]
    engine: str

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / RATE


@dataclass
class _Placed:
    """A segment or a pause on the time line."""

    what: Segment | Pause
    samples: Samples
    words: Sequence[float]
    sounds: Sequence[tuple[float, str]]
    given: bool
    """False for the silence of punctuation where a segment ends."""
    begin: float = 0.0


def perform(items: Sequence[Item], voice: Voice, language: str, longest: float = LONGEST) -> Speech:
    """The items spoken: by espeak-ng where it is installed, else as a tone plan.

    longest: seconds after which the rest is cut off.
    Raises espeak.EspeakError, and MissingExtraError without numpy.
    """
    if find_spec("numpy") is None:
        raise MissingExtraError("Speech", "mocks")
    parts = cut(items, language)
    segments = [part for part in parts if isinstance(part, Segment)]
    engine = espeak if espeak.available() else tone
    takes = iter(engine.speak(segments, voice) if segments else [])
    line = [_place(part, given, takes) for part, given in _with_pauses(parts)]
    _fit(line)
    begin = 0
    for placed in line:
        placed.begin = begin / RATE
        begin += len(placed.samples)
    marks = _marks(items, line, begin / RATE, longest)
    return Speech(_joined([placed.samples for placed in line], longest), marks, engine.NAME)


def _joined(samples: Sequence[Samples], longest: float) -> Samples:
    import numpy as np

    whole: Samples = np.concatenate([*samples, np.zeros(0, dtype=np.float32)])
    whole = whole[: int(min(longest * RATE, len(whole)))]
    return np.clip(whole, -1.0, 1.0, out=whole)


def _with_pauses(parts: Sequence[Segment | Pause]) -> list[tuple[Segment | Pause, bool]]:
    """The parts, and the silence that punctuation asks for where a segment ends and no pause is given."""
    out: list[tuple[Segment | Pause, bool]] = []
    for at, part in enumerate(parts):
        out.append((part, True))
        if isinstance(part, Segment) and at + 1 < len(parts) and isinstance(parts[at + 1], Segment):
            seconds = pause_after(part.words[-1]) / part.style.rate
            if seconds:
                out.append((Pause(seconds), False))
    return out


def _place(part: Segment | Pause, given: bool, takes: Iterator[Take]) -> _Placed:
    import numpy as np

    if isinstance(part, Pause):
        return _Placed(part, np.zeros(round(part.seconds * RATE), dtype=np.float32), (), (), given)
    take = next(takes)
    gain = part.style.gain
    samples = take.samples * np.float32(10 ** (gain / 20)) if gain else take.samples
    return _Placed(part, samples, take.words, take.sounds, given)


def _fit(line: Sequence[_Placed]) -> None:
    """Speed up what stands in an `amazon:max-duration` and takes longer, its pauses too, up to five times."""
    groups: dict[int, list[_Placed]] = {}
    limits: dict[int, float] = {}
    waiting: list[_Placed] = []
    current: int | None = None
    for placed in line:
        if isinstance(placed.what, Pause):
            waiting.append(placed)
            continue
        fit = placed.what.style.fit
        if fit is not None:
            if fit[0] == current:
                groups[current] += waiting
            groups.setdefault(fit[0], []).append(placed)
            limits[fit[0]] = fit[1]
        current = fit[0] if fit else None
        waiting = []
    for number, members in groups.items():
        seconds = sum(len(placed.samples) for placed in members) / RATE
        factor = max(limits[number] / seconds, 1 / _FASTEST_FIT) if seconds > limits[number] else 1.0
        if factor < 1.0:
            for placed in members:
                placed.samples = stretched(placed.samples, factor)
                placed.words = [time * factor for time in placed.words]
                placed.sounds = [(time * factor, viseme) for time, viseme in placed.sounds]


def _marks(items: Sequence[Item], line: Sequence[_Placed], end: float, longest: float) -> list[SpeechMark]:
    """Every event in the order of time; at one time a sentence before its marks, words and visemes."""
    times = [placed.begin + time for placed in line for time in placed.words]
    found: list[SpeechMark] = []
    after = _times_after(items, line, times, end)
    word_times = iter(times)
    for item, time in zip(items, after, strict=True):
        if isinstance(item, Word):
            found.append(SpeechMark(next(word_times), "word", item.value, item.start, item.end))
        elif isinstance(item, Sentence):
            found.append(SpeechMark(time, "sentence", item.value, item.start, item.end))
        elif isinstance(item, Mark):
            found.append(SpeechMark(time, "ssml", item.name, item.start, item.end))
    for placed in line:
        found += [SpeechMark(placed.begin + time, "viseme", viseme) for time, viseme in placed.sounds]
    order = {"sentence": 0, "ssml": 1, "word": 2, "viseme": 3}
    found = [mark if mark.time <= end else replace(mark, time=end) for mark in found if mark.time <= longest]
    return sorted(found, key=lambda mark: (round(mark.time * 1000), order[mark.kind]))


def _times_after(items: Sequence[Item], line: Sequence[_Placed], words: Sequence[float], end: float) -> list[float]:
    """For each item when the next word after it begins; before a pause, when the pause begins."""
    pauses = [placed.begin for placed in line if isinstance(placed.what, Pause) and placed.given]
    out: list[float] = []
    time, word, pause = end, len(words), len(pauses)
    for item in reversed(items):
        if isinstance(item, Word):
            word -= 1
            time = words[word]
        elif isinstance(item, Pause):
            pause -= 1
            time = pauses[pause]
        out.append(time)
    return out[::-1]
