"""A tone plan: where no speech engine is installed, tones that last as long as the words would.

Each sound is a tone at the voice's pitch, vowels open and consonants damped, falling over a sentence; pauses, marks,
rate, pitch and volume are those of the request. It is no speech, and the metadata says so.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING

from .durations import SHORTEST, end_seconds, tail_seconds, word_seconds
from .phonetics import spelled_visemes, visemes
from .script import Word
from .segments import RATE, Segment, Take
from .voices import Voice

if TYPE_CHECKING:
    from .segments import Samples

NAME = "tone-plan"
_VOWELS = frozenset("aeEioOu@")
_OVERTONES = (1.0, 0.5, 0.33, 0.2, 0.12)
_LOUDNESS = 0.3
_IPA_SOUND = 0.075
"""Seconds of a sound of a given pronunciation."""


def speak(segments: Sequence[Segment], voice: Voice) -> Generator[Take]:
    """The segments as tones."""
    for segment in segments:
        yield _take(segment, voice)


def _take(segment: Segment, voice: Voice) -> Take:
    words: list[float] = []
    sounds: list[tuple[float, str]] = []
    at = 0.0
    for index, word in enumerate(segment.words):
        words.append(at)
        length = _seconds(word, segment)
        found = visemes(word.ipa, segment.language) if word.ipa else spelled_visemes(word.said)
        sounds += [(at + length * place / len(found), viseme) for place, viseme in enumerate(found)]
        at += length
        if index + 1 < len(segment.words):
            pause = tail_seconds(word.tail, segment.language) / segment.style.rate
            if pause:
                sounds.append((at, "sil"))
            at += pause
        else:
            at = max(at + end_seconds(segment.language) / segment.style.rate, words[-1] + SHORTEST)
    if segment.words:
        sounds.append((at, "sil"))
    return Take(_render(segment, voice, sounds, at), words, sounds)


def _seconds(word: Word, segment: Segment) -> float:
    if word.ipa:
        return max(len(visemes(word.ipa)), 1) * _IPA_SOUND / segment.style.rate
    parts = word.said.split()
    length = sum(word_seconds(part.strip(",.;:"), segment.language) for part in parts)
    length += sum(tail_seconds(part[-1], segment.language) for part in parts[:-1])
    return max(length, SHORTEST) / segment.style.rate


def _render(segment: Segment, voice: Voice, sounds: list[tuple[float, str]], seconds: float) -> Samples:
    import numpy as np

    size = round(seconds * RATE)
    loudness = np.zeros(size, dtype=np.float32)
    pitch = np.full(size, voice.hertz * segment.style.pitch, dtype=np.float32)
    for begin, end, viseme in _stretches(sounds, seconds):
        first, last = round(begin * RATE), round(end * RATE)
        if last <= first or viseme == "sil":
            continue
        shape = np.hanning(last - first + 2)[1:-1].astype(np.float32)
        loudness[first:last] = (0.3 + 0.7 * shape) if viseme in _VOWELS else 0.15 + 0.25 * shape
        pitch[first:last] *= 1.15 - 0.25 * (begin / seconds)
    if segment.style.whisper:
        wave = np.random.default_rng(0).standard_normal(size).astype(np.float32) * 0.4
    else:
        phase = 2 * np.pi * np.cumsum(pitch, dtype=np.float64) / RATE
        # A longer vocal tract dampens the overtones.
        wave = np.zeros(size, dtype=np.float32)
        for number, strength in enumerate(_OVERTONES, 1):
            wave += (strength / number ** (segment.style.tract - 1) * np.sin(number * phase)).astype(np.float32)
    out: Samples = wave * loudness * np.float32(_LOUDNESS)
    return out


def _stretches(sounds: list[tuple[float, str]], seconds: float) -> Iterator[tuple[float, float, str]]:
    ends = [*(time for time, _ in sounds[1:]), seconds]
    for (begin, viseme), end in zip(sounds, ends, strict=True):
        yield begin, end, viseme
