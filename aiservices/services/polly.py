"""Amazon Polly: text to speech."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

from ..api.polly import PollyOperations
from ..call import Reply
from ..errors import InvalidCallError, nearest
from ..jobs import ProgressTo, counted
from ..text import cut
from .audio import MEDIA_TYPES, Audio, joined

BILLED, TOTAL = 3000, 6000
"""Characters of one SynthesizeSpeech request: billed ones, and with its SSML tags."""

_SSML = re.compile(r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE\s|<speak\b)")


class Polly(PollyOperations):
    """Text to speech: AWS's operations, and `speak` for a text of any length."""

    def speak(
        self,
        text: str,
        voice: str = "Joanna",
        *,
        format: str = "mp3",
        engine: str | None = None,
        language_code: str | None = None,
        sample_rate: int | None = None,
        lexicons: Sequence[str] = (),
        progress: ProgressTo = False,
    ) -> Audio:
        """Speak a text of any length.

        text: plain text, cut at sentence borders into requests of at most 3,000 characters; or SSML when it begins
        with `<speak>`, which is one request and cannot be longer than that (6,000 with its tags).
        format: mp3, ogg_vorbis, ogg_opus, pcm (16 bits, signed), mulaw or alaw. `audio.joined` says how parts join.
        engine: standard, neural, long-form or generative, one that the voice has; None: AWS takes standard.
        language_code: for bilingual voices; None: the voice's own. sample_rate: in hertz; None: the format's own.
        lexicons: names of at most five, stored with `put_lexicon`.
        progress: shows how many of the requests for a long text are answered.
        Billed per character without SSML tags, by engine.
        Source: https://docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html
        """
        if not isinstance(format, str) or format not in MEDIA_TYPES:
            known = ", ".join(MEDIA_TYPES)
            raise InvalidCallError(f"speak: format={format!r} is none of {known}{nearest(str(format), MEDIA_TYPES)}")
        if not isinstance(text, str):
            raise InvalidCallError(f"speak: the text is a {type(text).__name__}, not a str")
        if not text.strip():
            raise InvalidCallError("speak: the text is empty; give it something to say")
        ssml = _SSML.match(text) is not None
        rate = _rate(sample_rate)
        settings: dict[str, Any] = {"VoiceId": voice, "OutputFormat": format, "TextType": "ssml" if ssml else "text"}
        for name, value in (
            ("Engine", engine),
            ("LanguageCode", language_code),
            ("SampleRate", None if rate is None else str(rate)),
            ("LexiconNames", [lexicons] if isinstance(lexicons, str) else list(lexicons or ()) or None),
        ):
            if value is not None:
                settings[name] = value
        pieces = [_checked_ssml(text)] if ssml else [p.text for p in cut(text, BILLED, size=len) if p.text.strip()]
        spoken = counted(
            lambda piece: self._spoken({**settings, "Text": piece}),
            len(pieces),
            self._caller.clock,
            what="polly.SynthesizeSpeech",
            progress=progress,
        )
        answers = self._caller.each(spoken, pieces)
        replies = [reply for _, reply in answers]
        facts = replies[0].get("ResponseMetadata", {}).get("AIServices", {})
        return Audio(
            data=joined([data for data, _ in answers], format),
            format=format,
            characters=sum(int(reply["RequestCharacters"]) for reply in replies),
            voice=voice,
            engine=facts.get("engine") or engine or "standard",
            requested_rate=rate,
            raw=replies,
        )

    def _spoken(self, params: dict[str, Any]) -> tuple[bytes, Reply]:
        """The bytes of one request, and its reply without the stream, which is read once."""
        reply = self._caller.send("polly", "SynthesizeSpeech", params)
        stream = reply["AudioStream"]
        try:
            data = stream.read()
        finally:
            stream.close()
        return data, {name: value for name, value in reply.items() if name != "AudioStream"}


def _rate(rate: object) -> int | None:
    """Hertz as a number; a str of digits is taken, too."""
    if rate is None:
        return None
    if isinstance(rate, bool) or not str(rate).isdecimal() or int(str(rate)) == 0:
        raise InvalidCallError(f"speak: the sample_rate is in hertz, such as 16000, not {str(rate)[:20]!r}")
    return int(str(rate))


def _checked_ssml(text: str) -> str:
    billed = len(html.unescape(re.sub(r"<!--.*?-->|<[^>]*>", "", text, flags=re.DOTALL)))
    if billed > BILLED or len(text) > TOTAL:
        raise InvalidCallError(
            f"speak: the SSML has {billed:,} billed characters and {len(text):,} in all; one request takes {BILLED:,} "
            f"and {TOTAL:,}. Cut it into several <speak> documents, or give plain text, which is cut by itself"
        )
    return text
