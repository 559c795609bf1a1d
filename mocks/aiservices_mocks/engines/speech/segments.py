"""Stretches of speech in one style: what an engine speaks in one breath, and what it gives back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .blocks import Pause, Style
from .durations import tail_feature
from .phonetics import espeak_letters
from .script import Item, Sentence, Word
from .voices import LANGUAGES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

RATE = 22050
"""Samples per second of what engines give."""

_LONGEST = 200
"""Words of a segment: a text without sentences is cut, too, so that memory has a bound."""

_HIRAGANA = re.compile(r"[\u3040-\u309f]")
_WIDE = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
"""Digits and letters as wide as ideographs, which espeak-ng passes over."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")

_PAUSES = {"sentence": 0.3, "clause": 0.15, None: 0.0}
"""Seconds of silence that punctuation asks for, about espeak-ng's."""


@dataclass
class Segment:
    """Words in one style, without a pause of ours between them."""

    style: Style
    language: str
    """espeak-ng's code."""
    words: list[Word] = field(default_factory=list)
    first: bool = False
    """Whether a sentence begins with it."""

    @property
    def bleep(self) -> bool:
        """Whether a tone takes its place."""
        return self.words[0].bleep

    def text(self) -> tuple[str, list[int]]:
        """What to speak, in espeak-ng's notation, and the character at which each word begins in it."""
        parts: list[str] = []
        begins: list[int] = []
        size = 0
        for at, word in enumerate(self.words):
            said = _CONTROLS.sub(" ", word.said.replace("[[", " ").replace("]]", " "))
            said = _WIDE.sub(lambda wide: chr(ord(wide[0]) - 0xFEE0), said)
            if word.ipa:
                said = f"[[{espeak_letters(word.ipa, self.language.split('-')[0])}]]"
            part = said + (word.tail if word.tail.strip() else " " * self._apart(at))
            begins.append(size)
            parts.append(part)
            size += len(part)
        return "".join(parts), begins

    def _apart(self, at: int) -> bool:
        """Whether space follows a word; in Japanese, where none is written, behind the hiragana that end a phrase.

        espeak-ng spells what goes on for too long.
        """
        word, following = self.words[at], self.words[at + 1 : at + 2]
        if word.tail or self.language != "ja" or not following:
            return bool(word.tail)
        return _HIRAGANA.match(word.value[-1:]) is not None and not _HIRAGANA.match(following[0].value)


@dataclass(frozen=True)
class Take:
    """A segment as an engine spoke it."""

    samples: Samples
    """Loudness in -1..1."""
    words: Sequence[float]
    """When each word begins, in seconds."""
    sounds: Sequence[tuple[float, str]]
    """When each viseme begins, in order."""


def cut(items: Sequence[Item], language: str) -> list[Segment | Pause]:
    """The items with their words gathered into segments, at most a sentence each; marks cut nothing."""
    out: list[Segment | Pause] = []
    segment: Segment | None = None
    first = False
    for item in items:
        if isinstance(item, Word):
            if segment is None or not _goes_on(segment, item):
                segment = Segment(item.style, LANGUAGES[item.style.language or language], first=first)
                out.append(segment)
                first = False
            segment.words.append(item)
        elif isinstance(item, Pause):
            segment = None
            out.append(item)
        elif isinstance(item, Sentence):
            segment, first = None, True
    return out


def _goes_on(segment: Segment, word: Word) -> bool:
    if segment.bleep or word.bleep:
        return False
    return segment.style == word.style and len(segment.words) < _LONGEST


def pause_after(word: Word) -> float:
    """Seconds of silence that a word's punctuation asks for."""
    return _PAUSES[tail_feature(word.tail)]
