"""Amazon Polly: speech computed from the text, at once or as a task into S3; voices; lexicons as state.

Kept of AWS: which voice speaks which language with which engine, limits, billed characters, formats and rates,
SSML and its errors, speech marks that fit the audio, lexicons and their rules. Not kept: the voices' sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from aiservices.call import Reply, Stream, note
from aiservices_mocks.resources import Resource
from aiservices_mocks.service import computed, stateful
from aiservices_mocks.store import Record
from aiservices_mocks.tags import MOST
from aiservices_mocks.views import RECORD

from .speaking import Limits, content_type
from .tasks import ROW, Tasks

if TYPE_CHECKING:  # opened by the handlers that speak: keeping lexicons needs none of it
    from aiservices_mocks.engines import speech

_LIMITS = Limits(3000, 6000, 600.0)
_PAGE = 50
"""Lexicons of one ListLexicons answer; AWS does not say how many it gives."""


def _attributes(lexicon: Record) -> dict[str, Any]:
    names = ("Alphabet", "LanguageCode", "LexiconArn", "LexemesCount", "Size")
    return {**{name: lexicon["members"][name] for name in names}, "LastModified": lexicon["changed"]}


class Polly(Tasks):
    """Polly as the mock answers it."""

    name = "polly"
    resources = (
        Resource(
            "Lexicon",
            "Name",
            arn="lexicon/{Name}",
            arn_member="LexiconArn",
            derived=lambda view: {"LexiconAttributes": _attributes(view[RECORD])},
            quota=100,  # https://docs.aws.amazon.com/polly/latest/dg/limits.html
        ),
        ROW,
    )

    @computed
    def synthesize_speech(self, output_format: str, **given: Any) -> Reply:
        """Speech, or the speech marks of that speech."""
        request = self.read_request(self.named("SynthesizeSpeech", {"output_format": output_format, **given}), _LIMITS)
        data, spoken_by = self.perform(request)
        reply: Reply = {
            "AudioStream": Stream(data),
            "ContentType": content_type(output_format),
            "RequestCharacters": request.billed,
        }
        return note(reply, engine=spoken_by)

    @computed
    def describe_voices(
        self,
        engine: str | None = None,
        language_code: str | None = None,
        include_additional_language_codes: bool = False,
        next_token: str | None = None,
    ) -> Reply:
        """The voices, all in one answer."""
        from aiservices_mocks.engines import speech

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
        from aiservices_mocks.engines import speech

        try:
            lexicon = speech.read_lexicon(content)
        except speech.LexiconError as error:
            raise self.error(error.code, str(error)) from None
        with self.world.lock:
            old = self.keepers["Lexicon"].find({"Name": name})
            count = len({**(old["tags"] if old else {}), **(tags or {})})
            if count > MOST:
                raise self.error("TooManyTagsException", f"{count} tags, at most {MOST}")
            return self.keep(
                "PutLexicon", {"name": name, "content": content, "tags": tags}, Alphabet=lexicon.alphabet,
                LanguageCode=lexicon.language, LexemesCount=lexicon.lexemes, Size=len(content),
            )  # fmt: skip

    @stateful
    def list_lexicons(self, next_token: str | None = None) -> Reply:
        """What lexicons there are, by name."""
        with self.world.lock:
            shelf = self.keepers["Lexicon"].shelf
            found = [{"Name": one["members"]["Name"], "Attributes": _attributes(one)} for one in shelf]
        found.sort(key=itemgetter("Name"))
        page, token = self.page("ListLexicons", {"NextToken": next_token}, found, _PAGE)
        return _with_token({"Lexicons": page}, token)


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
