"""What a request for a job must be, beyond what the model says: which members go together, what has to be there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from aiservices.errors import ServiceError
from aiservices_mocks.places import place
from aiservices_mocks.service import Service

from .output import UNWRITABLE
from .sound import UNREADABLE

if TYPE_CHECKING:
    from aiservices_mocks.keeper import Keeper

_MISSING = (
    "The URI that you provided doesn't point to an S3 object. "
    "Make sure that the object exists and try your request again."
)
_REGION = re.compile(r"(?i)https?://(?:[^/]+\.)?s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com")
REDACTED = frozenset(("en-AU", "en-GB", "en-IN", "en-US", "es-US"))
"""Languages in which personal information is taken out.

Source: https://docs.aws.amazon.com/transcribe/latest/dg/supported-languages.html (2026-05).
"""


class Checks(Service):
    """The checks that kinds of jobs share. All of them refuse with BadRequestException."""

    def refuse(self, message: str) -> ServiceError:
        """What AWS answers to a request that is none."""
        return self.error("BadRequestException", message)

    def check(self, reasons: Iterator[str]) -> None:
        """Refuse for the first reason there is."""
        for reason in reasons:
            raise self.refuse(reason)

    def check_name(self, keeper: Keeper, members: Mapping[str, Any]) -> None:
        """Whether a job may be called so."""
        if members[keeper.row.id] in (".", ".."):
            raise self.refuse("The job name can't be '.' or '..'. Use a different job name.")
        if keeper.find(members) is not None:
            raise self.error("ConflictException", "The requested job name already exists. Use a different job name.")

    def check_sound(self, members: Mapping[str, Any]) -> None:
        """Whether the sound is in S3, where this region can read it."""
        uri = members["Media"].get("MediaFileUri")
        if uri is None:
            raise self.refuse("You must specify MediaFileUri. RedactedMediaFileUri is for Call Analytics jobs only.")
        region = _REGION.match(uri)
        if region is not None and region[1] != self.world.region:
            raise self.refuse(
                "The S3 URI that you provided points to the incorrect region. Make sure that the bucket is in the "
                f"{self.world.region} region and try your request again."
            )
        where = place(uri)
        if where is None or not where.key:
            raise self.refuse(_MISSING)
        try:
            self.world.s3.head(*where)
        except ServiceError as error:
            raise self.refuse(_MISSING if error.status == 404 else UNREADABLE) from None

    def check_bucket(self, bucket: str | None) -> None:
        """Whether the output can be written."""
        if bucket is None:
            return
        try:
            self.world.s3.send("HeadBucket", Bucket=bucket)
        except ServiceError:
            raise self.refuse(UNWRITABLE) from None

    def check_location(self, location: str | None) -> None:
        """Whether call analytics can write its output."""
        if location is None:
            return
        where = place(location)
        if where is None:
            raise self.refuse("The output location that you provided isn't an S3 URI.")
        self.check_bucket(where.bucket)

    def check_named(self, settings: Mapping[str, Any], language: str | None, vocabulary: str = "Vocabulary") -> None:
        """Whether what the settings name is there, is ready, and of the language."""
        for member, noun, id, life, words in (
            ("VocabularyName", vocabulary, "VocabularyName", "READY", "vocabulary"),
            ("VocabularyFilterName", "VocabularyFilter", "VocabularyFilterName", "", "vocabulary filter"),
            ("LanguageModelName", "LanguageModel", "ModelName", "COMPLETED", "language model"),
        ):
            if member not in settings:
                continue
            keeper = self.keepers[noun]
            record = keeper.find({id: settings[member]})
            if record is None:
                raise self.refuse(
                    f"The requested {words} couldn't be found. Check the {words} name and try your request again."
                )
            if life and keeper.look(record) != life:
                raise self.refuse(
                    f"The requested {words} isn't ready. Wait until it is {life} and try your request again."
                )
            if language is not None and record["members"].get("LanguageCode") != language:
                raise self.refuse(
                    f"The language code of the {words} doesn't match the language code of the job. "
                    "Check the language code and try your request again."
                )


def of_settings(settings: Mapping[str, Any], languages: Mapping[str, Any]) -> Iterator[str]:
    """Why settings, and those of languages, do not go together."""
    shows, counts = settings.get("ShowSpeakerLabels", False), "MaxSpeakerLabels" in settings
    if shows != counts:
        yield "If you specify ShowSpeakerLabels, you must also specify MaxSpeakerLabels, and the other way round."
    if shows and settings.get("ChannelIdentification"):
        yield "You can't specify both ShowSpeakerLabels and ChannelIdentification in the same request."
    if settings.get("ShowAlternatives", False) != ("MaxAlternatives" in settings):
        yield "If you specify ShowAlternatives, you must also specify MaxAlternatives, and the other way round."
    named = [settings, *languages.values()]
    if "VocabularyFilterMethod" in settings and not any("VocabularyFilterName" in one for one in named):
        yield "If you specify VocabularyFilterMethod, you must also specify VocabularyFilterName."


def of_output(members: Mapping[str, Any]) -> Iterator[str]:
    """Why the members about the output do not go together."""
    for member in ("OutputKey", "OutputEncryptionKMSKeyId"):
        if member in members and "OutputBucketName" not in members:
            yield f"If you specify {member}, you must also specify OutputBucketName."


def of_languages(members: Mapping[str, Any]) -> Iterator[str]:
    """Why what is said about the language does not go together."""
    one, many = members.get("IdentifyLanguage", False), members.get("IdentifyMultipleLanguages", False)
    options, settings = members.get("LanguageOptions"), members.get("LanguageIdSettings")
    if ("LanguageCode" in members) + one + many != 1:
        yield "You must specify exactly one of LanguageCode, IdentifyLanguage and IdentifyMultipleLanguages."
    yield from of_options(options, settings, identified=one or many)
    if (one or many) and {"VocabularyName", "VocabularyFilterName"} & members.get("Settings", {}).keys():
        yield "With language identification, specify vocabularies and vocabulary filters in LanguageIdSettings."
    if (one or many) and "ModelSettings" in members:
        yield "With language identification, specify language models in LanguageIdSettings."
    if many and any("LanguageModelName" in one for one in (settings or {}).values()):
        yield "You can't use language models with IdentifyMultipleLanguages."


def of_options(options: Any, settings: Any, *, identified: bool) -> Iterator[str]:
    """Why language options do not."""
    if options is not None and not identified:
        yield "LanguageOptions needs IdentifyLanguage or IdentifyMultipleLanguages."
    if options is not None and len(set(options)) < 2:
        yield "You must specify at least two different language codes in LanguageOptions."
    if settings is not None and not {*settings} <= {*(options or ())}:
        yield "Every language code of LanguageIdSettings must also be in LanguageOptions."


def of_features(members: Mapping[str, Any]) -> Iterator[str]:
    """Why redaction, toxicity detection and deferred execution do not."""
    code = members.get("LanguageCode")
    if "ContentRedaction" in members and code is not None and code not in REDACTED:
        yield f"Content redaction isn't supported for the language code {code}."
    if "ToxicityDetection" in members and code != "en-US":
        yield "Toxicity detection is supported for the language code en-US only."
    execution = members.get("JobExecutionSettings", {})
    if execution.get("AllowDeferredExecution") and "DataAccessRoleArn" not in execution:
        yield "If you specify AllowDeferredExecution, you must also specify DataAccessRoleArn."


def of_channels(definitions: Any) -> Iterator[str]:
    """Why definitions of channels do not."""
    for member in ("ChannelId", "ParticipantRole"):
        if definitions is not None and len({one.get(member) for one in definitions} - {None}) != len(definitions):
            yield f"Every one of ChannelDefinitions must have a {member} of its own."
