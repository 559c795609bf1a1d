"""What Polly is asked to say, held against what can be known before it is sent. Pure, nothing is sent."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ... import files
from ...errors import InvalidCallError, nearest
from ...text import cut
from . import marks as speech_marks
from . import ssml
from .audio import MEDIA_TYPES

BILLED, TOTAL = 3_000, 6_000
"""Characters of one SynthesizeSpeech request: billed ones, and with its SSML tags."""
TASK_BILLED, TASK_TOTAL = 100_000, 200_000
"""The same of a synthesis task."""


class Speech(NamedTuple):
    """Something to say, and how."""

    text: str
    pieces: list[ssml.Piece]
    """One per request."""
    params: dict[str, Any]
    """What all requests for it have in common."""
    sound: dict[str, Any]
    """What those for its sound have besides."""
    rate: int | None


def plan(
    verb: str,
    source: str | os.PathLike[str],
    voice: str,
    format: str,
    engine: str | None,
    language_code: str | None,
    lexicons: Sequence[str],
    sample_rate: object = None,
    *,
    whole: bool = False,
) -> Speech:
    """What shall be said. whole: in one task, not in several requests."""
    if not isinstance(format, str) or format not in MEDIA_TYPES:
        known = ", ".join(MEDIA_TYPES)
        raise InvalidCallError(f"{verb}: format={format!r} is none of {known}{nearest(str(format), MEDIA_TYPES)}")
    text = _text(verb, source)
    marked_up = ssml.is_ssml(text)
    check(verb, "voice", voice, "VoiceId")
    params: dict[str, Any] = {"VoiceId": voice, "TextType": "ssml" if marked_up else "text"}
    if engine is not None:
        check(verb, "engine", engine, "Engine")
        params["Engine"] = engine
    if language_code is not None:
        check(verb, "language_code", language_code, "LanguageCode")
        params["LanguageCode"] = language_code
    if lexicons:
        params["LexiconNames"] = [lexicons] if isinstance(lexicons, str) else list(lexicons)
    rate = _rate(verb, sample_rate)
    sound = {"OutputFormat": format} | ({} if rate is None else {"SampleRate": str(rate)})
    return Speech(text, _whole(text, marked_up) if whole else _pieces(verb, text, marked_up), params, sound, rate)


def _text(verb: str, source: str | os.PathLike[str]) -> str:
    if isinstance(source, os.PathLike):
        try:
            source = files.read(Path(source)).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InvalidCallError(f"{verb}: the file {str(source)!r} is no text in UTF-8") from None
    if not isinstance(source, str):
        raise InvalidCallError(f"{verb}: the text is a {type(source).__name__}, not a str; a file is a Path")
    if not source.strip():
        raise InvalidCallError(f"{verb}: the text is empty; give it something to say")
    return source


def _pieces(verb: str, text: str, marked_up: bool) -> list[ssml.Piece]:
    if marked_up:
        pieces = ssml.cut(text, BILLED, TOTAL)
    else:
        pieces = [ssml.Piece(one.text, one.start, 0) for one in cut(text, BILLED, size=len) if one.text.strip()]
    if not pieces:
        raise InvalidCallError(f"{verb}: the SSML says nothing: it is {len(text):,} characters of tags and comments")
    return pieces


def _whole(text: str, marked_up: bool) -> list[ssml.Piece]:
    billed = ssml.billed(text) if marked_up else len(text)
    if billed > TASK_BILLED or len(text) > TASK_TOTAL:
        raise InvalidCallError(
            f"start: the text has {billed:,} billed characters and {len(text):,} in all; a task takes {TASK_BILLED:,} "
            f"and {TASK_TOTAL:,}. Start several, or call speak, which cuts it by itself"
        )
    return [ssml.Piece(text, 0, 0)]


def kinds_of(verb: str, kinds: Sequence[str]) -> dict[str, Any]:
    """The members that ask for speech marks; none when no kind is named."""
    named = [kinds] if isinstance(kinds, str) else list(kinds)
    for kind in named:
        if kind not in speech_marks.KINDS:
            known = ", ".join(speech_marks.KINDS)
            raise InvalidCallError(
                f"{verb}: {kind!r} is no kind of speech mark ({known}){nearest(str(kind), speech_marks.KINDS)}"
            )
    return {"OutputFormat": "json", "SpeechMarkTypes": list(dict.fromkeys(named))} if named else {}


def _rate(verb: str, rate: object) -> int | None:
    """Hertz as a number; a str of digits is taken, too."""
    if rate is None:
        return None
    if isinstance(rate, bool) or not str(rate).isdecimal() or int(str(rate)) == 0:
        raise InvalidCallError(f"{verb}: the sample_rate is in hertz, such as 16000, not {str(rate)[:20]!r}")
    return int(str(rate))


def enum(shape: str) -> Sequence[str]:
    """The words that a shape of Polly's model takes."""
    from ...api.model import load

    return load("polly").shape(shape).enum


def check(verb: str, what: str, word: object, shape: str) -> None:
    """Refuse a misspelt word. One that is like none of the known may be new: AWS shall judge it."""
    known = enum(shape)
    if not isinstance(word, str):
        raise InvalidCallError(f"{verb}: {what} is a str such as {known[0]!r}, not a {type(word).__name__}")
    if word not in known:
        by_small = {one.lower(): one for one in known}
        near = by_small.get(word.lower())
        hint = f'; did you mean "{near}"?' if near else nearest(word, known)
        if hint:
            raise InvalidCallError(f"{verb}: there is no {what} {word[:40]!r}{hint}")
