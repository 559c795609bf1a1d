"""Speech marks as Polly streams them: a JSON object per line, in the order of time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from .performance import SpeechMark


def write_marks(marks: Iterable[SpeechMark], kinds: Collection[str]) -> bytes:
    """The marks of the asked kinds; times in whole milliseconds, places in bytes of the request."""
    return b"".join(_line(mark) for mark in marks if mark.kind in kinds)


def _line(mark: SpeechMark) -> bytes:
    row: dict[str, object] = {"time": round(mark.time * 1000), "type": mark.kind}
    if mark.kind != "viseme":
        row |= {"start": mark.start, "end": mark.end}
    row["value"] = mark.value
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
