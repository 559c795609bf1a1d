"""A script performed: one engine speaks the segments, and everything gets its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Literal

from aiservices.errors import MissingExtraError

from . import espeak, tone
from .blocks import Mark, Pause
from .effects import bleep, breath, compressed, softened
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
    """Spoken: how long it is, what happens when, and which engine it was."""

    seconds: float
    marks: Sequence[SpeechMark]
    engine: str


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


def perform(
    items: Sequence[Item],
    voice: Voice,
    language: str,
    hear: Callable[[Samples], None],
    longest: float = LONGEST,
) -> Speech:
    """The items spoken: by espeak-ng where it is installed, else as a tone plan.

    hear: is given the samples as they come, a sentence or so at a time; they are not kept.
    longest: seconds after which the rest is cut off.
    Raises espeak.EspeakError, and MissingExtraError without numpy.
    """
    if find_spec("numpy") is None:
        raise MissingExtraError("Speech", "mocks")
    import numpy as np

    parts = cut(items, language)
    segments = [part for part in parts if isinstance(part, Segment) and not part.bleep]
    engine = espeak if espeak.available() else tone
    line: list[_Placed] = []
    size, most = 0, longest * RATE
    with closing(engine.speak(segments, voice)) as takes:
        for group in _groups(_with_pauses(parts)):
            members = [_place(part, given, takes) for part, given in group]
            _fit(members)
            for placed in members:
                placed.begin = size / RATE
                samples, placed.samples = placed.samples, placed.samples[:0].copy()
                hear(np.clip(samples[: int(min(max(most - size, 0), len(samples)))], -1.0, 1.0))
                size += len(samples)
            line += members
            if size >= most:
                break
    marks = _marks(_until(items, line), line, size / RATE, longest)
    return Speech(min(size / RATE, longest), marks, engine.NAME)


def _until(items: Sequence[Item], line: Sequence[_Placed]) -> Sequence[Item]:
    """The items up to the first one that was not performed any more."""
    words = sum(len(placed.words) for placed in line)
    pauses = sum(isinstance(placed.what, Pause) and placed.given for placed in line)
    for at, item in enumerate(items):
        words -= isinstance(item, Word)
        pauses -= isinstance(item, Pause)
        if min(words, pauses) < 0:
            return items[:at]
    return items


def _groups(parts: Sequence[tuple[Segment | Pause, bool]]) -> Iterator[list[tuple[Segment | Pause, bool]]]:
    """The parts one by one, but what stands in one `amazon:max-duration` together, with the pauses in it."""
    fits = [part.style.fit if isinstance(part, Segment) else None for part, _ in parts]
    spoken = [at for at, (part, _) in enumerate(parts) if isinstance(part, Segment)]
    for before, after in pairwise(spoken):
        if fits[before] == fits[after]:
            fits[before:after] = [fits[after]] * (after - before)
    for _, group in groupby(range(len(parts)), key=lambda at: fits[at] or at):
        yield [parts[at] for at in group]


def _with_pauses(parts: Sequence[Segment | Pause]) -> list[tuple[Segment | Pause, bool]]:
    """The parts, and the silence that punctuation asks for where a segment ends and no pause is given."""
    out: list[tuple[Segment | Pause, bool]] = []
    sentences = 0
    for at, part in enumerate(parts):
        out.append((part, True))
        following = parts[at + 1] if at + 1 < len(parts) else None
        if isinstance(part, Segment) and isinstance(following, Segment):
            seconds = pause_after(part.words[-1]) / part.style.rate
            breaths = following.style.breaths
            if following.first and breaths is not None:
                sentences += 1
                if sentences % breaths.every == 0:
                    out.append((Pause(breaths.seconds, breaths.loudness), False))
            if seconds:
                out.append((Pause(seconds), False))
    return out


def _place(part: Segment | Pause, given: bool, takes: Iterator[Take]) -> _Placed:
    import numpy as np

    if isinstance(part, Pause):
        return _Placed(part, breath(round(part.seconds * RATE), part.breath), (), (), given)
    take = Take(bleep(RATE), [0.0], [(0.0, "sil")]) if part.bleep else next(takes)
    samples, style = take.samples, part.style
    if style.soft:
        samples = softened(samples)
    if style.compressed:
        samples = compressed(samples)
    if style.gain:
        samples = samples * np.float32(10 ** (style.gain / 20))
    return _Placed(part, samples, take.words, take.sounds, given)


def _fit(members: Sequence[_Placed]) -> None:
    """Speed up what stands in an `amazon:max-duration` and takes longer, its pauses too, up to five times."""
    first = members[0].what
    if isinstance(first, Pause) or first.style.fit is None:
        return
    limit = first.style.fit[1]
    seconds = sum(len(placed.samples) for placed in members) / RATE
    factor = max(limit / seconds, 1 / _FASTEST_FIT) if seconds > limit else 1.0
    if factor < 1.0:
        for placed in members:
            placed.samples = stretched(placed.samples, factor)
            placed.words = [time * factor for time in placed.words]
            placed.sounds = [(time * factor, viseme) for time, viseme in placed.sounds]


def _marks(items: Sequence[Item], line: Sequence[_Placed], end: float, longest: float) -> list[SpeechMark]:
    """Every event in the order of time; at one time a sentence before its marks, words and visemes."""
    times = [placed.begin + time for placed in line for time in placed.words]
    found: list[SpeechMark] = []
    # The first word of a segment may be heard a little later than the segment begins.
    begins = [placed.begin + time * (at > 0) for placed in line for at, time in enumerate(placed.words)]
    after = _times_after(items, line, begins, end)
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
