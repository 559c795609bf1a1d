"""What a request says: blocks of characters that know their bytes, with styles, spans and things that happen."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace

EMPTY = "\u2060"
"""Stands for the text of a tag that is said in another way and holds none."""


@dataclass(frozen=True, slots=True)
class Breaths:
    """What `amazon:auto-breaths` asks for."""

    seconds: float
    loudness: float
    """1 is the usual."""
    every: int
    """After how many sentences."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a stretch of text is spoken."""

    rate: float = 1.0
    """Speed relative to the voice's own."""
    pitch: float = 1.0
    """Pitch relative to the voice's own."""
    gain: float = 0.0
    """Decibels."""
    language: str | None = None
    """A language of its own; None: the voice's."""
    whisper: bool = False
    tract: float = 1.0
    """Length of the vocal tract relative to the voice's own."""
    soft: bool = False
    compressed: bool = False
    """The loud and the soft nearer to each other."""
    breaths: Breaths | None = None
    """Breathing of its own between sentences."""
    fit: tuple[int, float] | None = None
    """Which `amazon:max-duration` it stands in, and its seconds."""

    def changed(self, rate: float = 1.0, pitch: float = 1.0, gain: float = 0.0, tract: float = 1.0) -> Style:
        """This style changed by a tag, within bounds: tags within tags would leave every one of them."""
        return replace(
            self,
            rate=min(max(self.rate * rate, 0.2), 2.0),
            pitch=min(max(self.pitch * pitch, 0.25), 4.0),
            gain=min(max(self.gain + gain, -120.0), 40.0),
            tract=min(max(self.tract * tract, 0.5), 2.0),
        )


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [begin, end) of a block that are said in another way."""

    begin: int
    end: int
    kind: str
    """`sub`, `say-as`, `phoneme` or `w`."""
    value: str
    """The alias, what to interpret as, the pronunciation in IPA, or the role."""
    detail: str = ""
    """The format of a say-as."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence that was asked for, or a breath."""

    seconds: float
    breath: float = 0.0
    """How loud the breath is; 0: silence, 1: the usual."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A `<mark>`: its name and the bytes of its tag."""

    name: str
    start: int
    end: int


@dataclass
class Block:
    """Text between two borders that no sentence crosses."""

    text: str = ""
    starts: list[int] = field(default_factory=list)
    """Where each character begins in the request, in UTF-8 bytes."""
    ends: list[int] = field(default_factory=list)
    styles: list[tuple[int, Style]] = field(default_factory=list)
    """From this character on, this style."""
    spans: list[Span] = field(default_factory=list)
    events: list[tuple[int, Pause | Mark]] = field(default_factory=list)
    """Before this character, this happens."""
    pause: float = 0.0
    """Seconds of silence behind the block."""

    def style_at(self, position: int) -> Style:
        """The style of a character."""
        at = bisect_right(self.styles, position, key=lambda pair: pair[0]) - 1
        return self.styles[at][1] if at >= 0 else Style()

    def add(self, text: str, start: int, size: int | None = None) -> None:
        """Append characters that begin at a byte of the request; size: bytes of a reference for one character."""
        for character in text:
            width = size if size is not None else len(character.encode("utf-8", "surrogatepass"))
            self.starts.append(start)
            self.ends.append(start + width)
            start += width
        self.text += text


def read_text(text: str) -> tuple[list[Block], int]:
    """Plain text as one block, and its billed characters."""
    block = Block(styles=[(0, Style())])
    block.add(text, 0)
    return [block], len(text)
