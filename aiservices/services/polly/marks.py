"""Speech marks: when what is spoken, and where it stands in the text."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ...errors import TransportError

KINDS = ("sentence", "word", "viseme", "ssml")


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that is spoken at a time."""

    type: str
    """`sentence`, `word`, `viseme` or `ssml`."""
    time: float
    """Seconds from the begin of the audio."""
    value: str
    """The sentence or word, the viseme's code, or the name of the SSML mark."""
    start: int | None = None
    """Where it begins in the text, in characters as Python counts them, tags included; None for a viseme."""
    end: int | None = None
    """Where it ends, exclusive."""
    start_byte: int | None = None
    """Where it begins in bytes of UTF-8, as AWS counts."""
    end_byte: int | None = None


class Places:
    """Places in a text by their byte in UTF-8, as characters."""

    def __init__(self, text: str) -> None:
        self._ascii = text.isascii()
        self._begins = [] if self._ascii else [0, *accumulate(len(c.encode("utf-8", "replace")) for c in text)]

    def byte(self, character: int) -> int:
        """The byte at which a character begins."""
        return character if self._ascii else self._begins[character]

    def character(self, byte: int) -> int:
        """The character that a byte belongs to."""
        return byte if self._ascii else max(bisect_right(self._begins, byte) - 1, 0)


def read(stream: bytes, places: Places, moved: int, seconds: float) -> Iterator[Mark]:
    """The marks of one request.

    places: of the whole text. moved: bytes from a place in the request to the same place in the text. seconds: when
    the request's audio begins in the whole.
    """
    try:
        rows = [json.loads(line) for line in stream.splitlines() if line.strip()]
        for row in rows:
            at: Sequence[int | None] = (None, None)
            if "start" in row:
                at = (row["start"] + moved, row["end"] + moved)
            start, end = (None if byte is None else places.character(byte) for byte in at)
            yield Mark(row["type"], seconds + row["time"] / 1000, row["value"], start, end, *at)
    except (ValueError, KeyError, TypeError) as error:
        raise TransportError(f"the speech marks cannot be read: {type(error).__name__}") from None
