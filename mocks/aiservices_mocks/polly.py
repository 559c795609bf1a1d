"""Amazon Polly: speech computed from the text, voices, and lexicons as state.

Kept of AWS: which voice speaks which language with which engine, limits, billed characters, formats and rates,
SSML and its errors, speech marks that fit the audio, lexicons and their rules. Not kept: the voices' sound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiservices.call import Reply, Stream, note

from .service import Service, computed, stateful
from .store import Record, Table

if TYPE_CHECKING:  # opened by the handlers that speak: keeping lexicons needs none of it
    from .engines import speech

_BILLED, _TOTAL = 3000, 6000
_LEXICONS = 100
_TAGS = 50
_PAGE = 50
"""Lexicons of one ListLexicons answer; AWS does not say how many it gives."""


class Polly(Service):
    """Polly as the mock answers it."""

    name = "polly"

    @cached_property
    def _lexicons(self) -> Table:
        return self.world.store.table("polly", "lexicon")

    @computed
    def synthesize_speech(
        self,
        text: str,
        voice_id: str,
        output_format: str,
        engine: str = "standard",
        language_code: str | None = None,
        lexicon_names: Sequence[str] = (),
        sample_rate: str | None = None,
        speech_mark_types: Sequence[str] = (),
        text_type: str = "text",
    ) -> Reply:
        """Speech, or the speech marks of that speech."""
        from .engines import speech

        voice = self._voice(voice_id, engine, language_code)
        self._check_marks(output_format, speech_mark_types, text_type)
        rate = self._rate(output_format, engine, sample_rate)
        blocks, billed = self._read(text, text_type, engine, voice_id)
        lexicons = [self._lexicon(name) for name in lexicon_names]
        language = language_code or voice.language
        script = speech.write_script(text, blocks, lexicons, language)
        try:
            spoken = speech.perform(script, voice, language)
        except speech.EspeakError as error:
            raise self.error("ServiceFailureException", str(error)) from error
        if output_format == "json":
            data = speech.write_marks(spoken.marks, set(speech_mark_types))
        else:
            data = speech.encode(spoken.samples, speech.RATE, output_format, rate)
        reply: Reply = {
            "AudioStream": Stream(data),
            "ContentType": speech.CONTENT_TYPES[output_format],
            "RequestCharacters": billed,
        }
        return note(reply, engine=spoken.engine)

    def _voice(self, voice_id: str, engine: str, language: str | None) -> speech.Voice:
        from .engines import speech

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
        from .engines import speech

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

    def _read(self, text: str, text_type: str, engine: str, voice_id: str) -> tuple[list[Any], int]:
        from .engines import speech

        total = len(text)
        if total > _TOTAL:
            raise self._too_long(f"{total:,} characters, at most {_TOTAL:,}")
        if text_type == "ssml":
            try:
                blocks, billed = speech.read_ssml(text, engine, voice_id)
            except speech.SsmlError as error:
                raise self.error("InvalidSsmlException", f"Invalid SSML request: {error}") from None
        else:
            blocks, billed = speech.read_text(text)
        if billed > _BILLED:
            raise self._too_long(f"{billed:,} billed characters, at most {_BILLED:,}")
        return blocks, billed

    def _too_long(self, how: str) -> Exception:
        return self.error("TextLengthExceededException", f"Maximum text length has been exceeded: {how}")

    def _lexicon(self, name: str) -> speech.Lexicon:
        from .engines import speech

        return speech.read_lexicon(self._record(name)["Lexicon"]["Content"])

    @computed
    def describe_voices(
        self,
        engine: str | None = None,
        language_code: str | None = None,
        include_additional_language_codes: bool = False,
        next_token: str | None = None,
    ) -> Reply:
        """The voices, all in one answer."""
        from .engines import speech

        found = [
            _described(voice)
            for voice in speech.voices().values()
            if (engine is None or engine in voice.engines)
            and (
                language_code is None
                or voice.language == language_code
                or (include_additional_language_codes and voice.speaks(language_code))
            )
        ]
        page, token = self.page("DescribeVoices", {"NextToken": next_token}, found)
        return _with_token({"Voices": page}, token)

    @stateful
    def put_lexicon(self, name: str, content: str, tags: Mapping[str, str] | None = None) -> Reply:
        """Keep a lexicon, in place of one of the same name."""
        from .engines import speech

        try:
            lexicon = speech.read_lexicon(content)
        except speech.LexiconError as error:
            raise self.error(error.code, str(error)) from None
        attributes = {
            "Alphabet": lexicon.alphabet,
            "LanguageCode": lexicon.language,
            "LastModified": self.world.clock.now(),
            "LexiconArn": self.world.arn("polly", f"lexicon/{name}"),
            "LexemesCount": lexicon.lexemes,
            "Size": len(content),
        }
        with self.world.lock:
            old = self._lexicons.get(name)
            if old is None and len(self._lexicons) >= _LEXICONS:
                raise self.error(
                    "MaxLexiconsNumberExceededException", f"There are {_LEXICONS} lexicons, the most there can be"
                )
            kept = dict(tags) if tags is not None else (old["Tags"] if old else {})
            self._check_tags(kept)
            self._lexicons[name] = {
                "Lexicon": {"Name": name, "Content": content},
                "LexiconAttributes": attributes,
                "Description": {"Name": name, "Attributes": attributes},
                "Tags": kept,
            }
        return {}

    @stateful
    def get_lexicon(self, name: str) -> Reply:
        """A lexicon with its content."""
        record = self._record(name)
        return {"Lexicon": record["Lexicon"], "LexiconAttributes": record["LexiconAttributes"]}

    @stateful
    def list_lexicons(self, next_token: str | None = None) -> Reply:
        """What lexicons there are, by name."""
        table = self._lexicons
        if not table and next_token is None:
            return {"Lexicons": []}
        with self.world.lock:
            found = [table[name]["Description"] for name in sorted(table)]
        if len(found) <= _PAGE and next_token is None:
            return {"Lexicons": found}
        page, token = self.page("ListLexicons", {"NextToken": next_token}, found, _PAGE)
        return _with_token({"Lexicons": page}, token)

    @stateful
    def delete_lexicon(self, name: str) -> Reply:
        """Forget a lexicon."""
        with self.world.lock:
            self._record(name)
            del self._lexicons[name]
        return {}

    def _record(self, name: str) -> Record:
        record = self._lexicons.get(name)
        if record is None:
            raise self.error("LexiconNotFoundException", "Lexicon not found")
        return record

    @stateful
    def tag_resource(self, resource_arn: str, tags: Mapping[str, str]) -> Reply:
        """Add tags to a lexicon."""
        with self.world.lock:
            record = self._by_arn(resource_arn)
            merged = {**record["Tags"], **tags}
            self._check_tags(merged)
            record["Tags"] = merged
        return {}

    @stateful
    def untag_resource(self, resource_arn: str, tag_keys: Sequence[str]) -> Reply:
        """Take tags from a lexicon."""
        with self.world.lock:
            record = self._by_arn(resource_arn)
            record["Tags"] = {key: value for key, value in record["Tags"].items() if key not in tag_keys}
        return {}

    @stateful
    def list_tags_for_resource(self, resource_arn: str) -> Reply:
        """The tags of a lexicon; `Tags` is left out when there are none, for the model wants at least one."""
        tags = self._by_arn(resource_arn)["Tags"]
        return {"Tags": dict(tags)} if tags else {}

    def _by_arn(self, arn: str) -> Record:
        prefix = self.world.arn("polly", "lexicon/")
        record = self._lexicons.get(arn[len(prefix) :]) if arn.startswith(prefix) else None
        if record is None:
            raise self.error("ResourceNotFoundException", "There is no lexicon of this ARN")
        return record

    def _check_tags(self, tags: Mapping[str, str]) -> None:
        if len(tags) > _TAGS:
            raise self.error("TooManyTagsException", f"{len(tags)} tags, at most {_TAGS}")


def _described(voice: speech.Voice) -> dict[str, Any]:
    row: dict[str, Any] = {
        "Gender": voice.gender,
        "Id": voice.id,
        "LanguageCode": voice.language,
        "LanguageName": voice.language_name,
        "Name": voice.name,
        "SupportedEngines": list(voice.engines),
    }
    if voice.additional:
        row["AdditionalLanguageCodes"] = list(voice.additional)
    return row


def _with_token(reply: Reply, token: str | None) -> Reply:
    if token is not None:
        reply["NextToken"] = token
    return reply
