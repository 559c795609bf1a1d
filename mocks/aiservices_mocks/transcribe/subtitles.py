"""Subtitles of a transcript: SubRip and WebVTT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .heard import Turn, Word
from .transcripts import text

_LETTERS, _SECONDS = 80, 7.0
"""What one subtitle holds at most."""


def write(format: str, turns: Sequence[Turn], first: int, secrets: frozenset[str] | None = None) -> bytes:
    """The subtitles in a format, `srt` or `vtt`; their numbers begin with `first`."""
    point = "," if format == "srt" else "."
    lines = ["WEBVTT\n"] if format == "vtt" else []
    for number, words in enumerate(_cues(turns, secrets), first):
        times = f"{_clock(words[0].start, point)} --> {_clock(words[-1].end, point)}"
        lines.append(f"{number}\n{times}\n{text(words, secrets)}\n")
    return "\n".join(lines).encode()


def _cues(turns: Sequence[Turn], secrets: frozenset[str] | None) -> Iterator[list[Word]]:
    for turn in turns:
        cue: list[Word] = []
        for word in turn.words:
            long = cue and (len(text([*cue, word], secrets)) > _LETTERS or word.end - cue[0].start > _SECONDS)
            if long:
                yield cue
                cue = []
            cue.append(word)
        yield cue


def _clock(seconds: float, point: str) -> str:
    millis = round(seconds * 1000)
    return f"{millis // 3_600_000:02}:{millis // 60_000 % 60:02}:{millis // 1000 % 60:02}{point}{millis % 1000:03}"
