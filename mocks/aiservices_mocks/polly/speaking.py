"""What is asked of a voice, held against what it can do, and then spoken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from aiservices_mocks.service import Service

if TYPE_CHECKING:  # opened by what speaks: keeping lexicons needs none of it
    from aiservices_mocks.engines import speech


class Limits(NamedTuple):
    """What one request may say."""

    billed: int
    """Characters without the tags of SSML."""
    total: int
    """All characters."""
    seconds: float
    """What would be spoken later is cut off."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something to say that the voice can say."""

    text: str
    blocks: list[Any]
    billed: int
    voice: speech.Voice
    language: str
    lexicons: list[speech.Lexicon]
    output: str
    rate: int
    marks: frozenset[str]
    longest: float
    """Seconds after which it is cut off."""


def content_type(output_format: str) -> str:
    """The content type of a format."""
    from aiservices_mocks.engines import speech

    return speech.CONTENT_TYPES[output_format]


def _unheard(samples: object) -> None:
    """Marks need no sound."""


class Speaking(Service):
    """What synthesizing at once and as a task have in common."""

    def read_request(self, members: Mapping[str, Any], limits: Limits) -> Request:
        """What is asked for, or Polly's error."""
        voice_id, output = members["VoiceId"], members["OutputFormat"]
        engine, text_type = members.get("Engine", "standard"), members.get("TextType", "text")
        marks: Sequence[str] = members.get("SpeechMarkTypes", ())
        voice = self._voice(voice_id, engine, members.get("LanguageCode"))
        self._check_marks(output, marks, text_type)
        rate = self._rate(output, engine, members.get("SampleRate"))
        blocks, billed = self._read(members["Text"], text_type, engine, voice_id, limits)
        return Request(
            text=members["Text"], blocks=blocks, billed=billed,
            voice=voice, language=members.get("LanguageCode", voice.language),
            lexicons=[self._lexicon(name) for name in members.get("LexiconNames", ())],
            output=output, rate=rate, marks=frozenset(marks), longest=limits.seconds,
        )  # fmt: skip

    def perform(self, request: Request) -> tuple[bytes, str]:
        """The sound or the marks, and which engine spoke."""
        from aiservices_mocks.engines import speech

        script = speech.write_script(request.text, request.blocks, request.lexicons, request.language)
        marks_only = request.output == "json"
        encoder = None if marks_only else speech.Encoder(speech.RATE, request.output, request.rate)
        hear = encoder.write if encoder else _unheard
        try:
            spoken = speech.perform(script, request.voice, request.language, hear, request.longest)
        except speech.EspeakError as error:
            raise self.error("ServiceFailureException", str(error)) from error
        data = encoder.close() if encoder else speech.write_marks(spoken.marks, request.marks)
        return data, spoken.engine

    def _voice(self, voice_id: str, engine: str, language: str | None) -> speech.Voice:
        from aiservices_mocks.engines import speech

        voice = speech.voices()[voice_id]
        if engine not in voice.engines:
            raise self.error(
                "EngineNotSupportedException", f"This voice does not support the selected engine: {engine}"
            )
        if language is not None and not voice.speaks(language):
            raise self.error(
                "LanguageNotSupportedException", f"This voice does not support the selected language: {language}"
            )
        return voice

    def _check_marks(self, output_format: str, kinds: Sequence[str], text_type: str) -> None:
        if kinds and output_format != "json":
            raise self.error(
                "MarksNotSupportedForFormatException",
                f"Speech marks are not supported for the OutputFormat {output_format}, only for json",
            )
        if "ssml" in kinds and text_type != "ssml":
            raise self.error(
                "SsmlMarksNotSupportedForTextTypeException", "SSML speech marks are not supported for plain text"
            )
        if output_format == "json" and not kinds:
            raise self.error(
                "ValidationException",
                "SpeechMarkTypes is required for the OutputFormat json",
                reason="fieldValidationFailed",
            )

    def _rate(self, output_format: str, engine: str, sample_rate: str | None) -> int:
        from aiservices_mocks.engines import speech

        if output_format == "json":
            return 0
        if sample_rate is None:
            return speech.default_rate(output_format, engine)
        rates = speech.RATES[output_format]
        if sample_rate not in map(str, rates):
            known = ", ".join(map(str, rates))
            raise self.error(
                "InvalidSampleRateException",
                f"The sample rate is not supported for the OutputFormat {output_format}, which has {known}",
            )
        return int(sample_rate)

    def _read(self, text: str, text_type: str, engine: str, voice_id: str, limits: Limits) -> tuple[list[Any], int]:
        from aiservices_mocks.engines import speech

        if len(text) > limits.total:
            raise self._too_long(f"{len(text):,} characters, at most {limits.total:,}")
        if text_type == "ssml":
            try:
                blocks, billed = speech.read_ssml(text, engine, voice_id)
            except speech.SsmlError as error:
                raise self.error("InvalidSsmlException", f"Invalid SSML request: {error}") from None
        else:
            blocks, billed = speech.read_text(text)
        if billed > limits.billed:
            raise self._too_long(f"{billed:,} billed characters, at most {limits.billed:,}")
        return blocks, billed

    def _too_long(self, how: str) -> Exception:
        return self.error("TextLengthExceededException", f"Maximum text length has been exceeded: {how}")

    def _lexicon(self, name: str) -> speech.Lexicon:
        from aiservices_mocks.engines import speech

        record = self.keepers["Lexicon"].named("GetLexicon", {"Name": name})
        return speech.read_lexicon(record["members"]["Content"])
