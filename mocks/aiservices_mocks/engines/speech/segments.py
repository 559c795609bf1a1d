"""Stretches of speech in one style: what an engine speaks in one breath, and what it gives back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .blocks import Pause, Style
from .durations import tail_feature
from .phonetics import espeak_letters
from .script import Item, Word
from .voices import LANGUAGES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

RATE = 22050
"""Samples per second of what engines give."""

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

    def text(self) -> tuple[str, list[int]]:
        """What to speak, in espeak-ng's notation, and the character at which each word begins in it."""
        parts: list[str] = []
        begins: list[int] = []
        size = 0
        for word in self.words:
            said = _CONTROLS.sub(" ", word.said.replace("[[", " ").replace("]]", " "))
            if word.ipa:
                said = f"[[{espeak_letters(word.ipa, self.language.split('-')[0])}]]"
            part = said + (word.tail if word.tail.strip() else " " if word.tail else "")
            begins.append(size)
            parts.append(part)
            size += len(part)
        return "".join(parts), begins


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
    """The items with their words gathered into segments; marks and sentences cut nothing and are left out."""
    out: list[Segment | Pause] = []
    segment: Segment | None = None
    for item in items:
        if isinstance(item, Word):
            if segment is None or segment.style != item.style:
                segment = Segment(item.style, LANGUAGES[item.style.language or language])
                out.append(segment)
            segment.words.append(item)
        elif isinstance(item, Pause):
            segment = None
            out.append(item)
    return out


def pause_after(word: Word) -> float:
    """Seconds of silence that a word's punctuation asks for."""
    return _PAUSES[tail_feature(word.tail)]
