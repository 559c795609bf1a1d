"""Text under limits: sentences, byte and character limits, and offsets that find their way back.

Offsets are Python's: code points from the start of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

# A sentence ends after ., !, ? or their full-width kin with closing quotes, or at a line's end.
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？।؟۔]+[”’」』）]*|\n+")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Inc|Ltd|Co|Corp|vs|etc|e\.g|i\.e|No|Nr|bzw|z\.B|M|Mme|Sra?|Srta|Dott|Sig)\.$"
)


class Piece(NamedTuple):
    """A part of a text and where it begins in it."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""
        return self.start + len(self.text)


def sentences(text: str) -> Iterator[Piece]:
    """The sentences of a text, trimmed, empty ones left out."""
    begin = 0
    for match in _END.finditer(text):
        if match.group().startswith(".") and _ABBREVIATION.search(text[max(begin, match.start() - 12) : match.end()]):
            continue
        yield from _trimmed(text, begin, match.end())
        begin = match.end()
    yield from _trimmed(text, begin, len(text))


def _trimmed(text: str, begin: int, end: int) -> Iterator[Piece]:
    part = text[begin:end]
    kept = part.strip()
    if kept:
        yield Piece(begin + len(part) - len(part.lstrip()), kept)


def utf8_size(text: str) -> int:
    """Bytes of the text on the wire."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def cut(text: str, limit: int, size: Callable[[str], int] = utf8_size) -> list[Piece]:
    """Cut a text into pieces of at most `limit` (bytes; characters with `size=len`), at the best border there is.

    Borders in order: paragraph, sentence, word, character; a character is never cut. The pieces joined are the
    text: nothing is lost. An empty text gives no piece.
    """
    pieces: list[Piece] = []
    begin = 0
    while begin < len(text):
        end = _fit(text, begin, limit, size)
        if end < len(text):
            end = _border(text, begin, end)
        pieces.append(Piece(begin, text[begin:end]))
        begin = end
    return pieces


def _fit(text: str, begin: int, limit: int, size: Callable[[str], int]) -> int:
    """The furthest end at which text[begin:end] still fits, by bisection."""
    low, high = begin, min(len(text), begin + limit)
    if size(text[begin:high]) <= limit:
        return high
    while low < high - 1:
        middle = (low + high) // 2
        if size(text[begin:middle]) <= limit:
            low = middle
        else:
            high = middle
    if low == begin:
        raise ValueError(f"a limit of {limit} is less than one character takes")
    return low


def _border(text: str, begin: int, end: int) -> int:
    """The last good border in the second half of the window, else its end."""
    window = text[begin:end]
    floor = len(window) // 2
    paragraph = window.rfind("\n\n", floor)
    if paragraph >= 0:
        return begin + paragraph + 2
    sentence = max((m.end() for m in _END.finditer(window, floor)), default=0)
    if sentence:
        return begin + sentence
    word = max((m.end() for m in re.finditer(r"\s+", window[floor:])), default=0)
    return begin + floor + word if word else end
