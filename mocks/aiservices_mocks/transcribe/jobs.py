"""The four kinds of jobs: how each is begun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.resources import Life, Resource, Work
from aiservices_mocks.service import stateful

from . import checks, work
from .checks import Checks
from .sound import source

_Answer = Callable[[Mapping[str, Any]], Reply]
_RUNNING = 250
"""Jobs of one kind that run at a time.

Source: https://docs.aws.amazon.com/general/latest/gr/transcribe.html (2026-05).
"""
_SECONDS = 60.0
"""How long a job takes, and how long one waits in the queue; AWS promises neither."""


def _job(noun: str, arn: str, work: Work, state: str, **further: Any) -> Resource:
    name, life = f"{noun}Name", Life(state, (("IN_PROGRESS", _SECONDS), ("COMPLETED", 0)))
    arn = f"{arn}/{{{name}}}"
    return Resource(noun, name, arn=arn, life=life, work=work, made_up=True, newest_first=True, **further)


def _output(view: Mapping[str, Any]) -> dict[str, Any]:
    return {"OutputLocationType": "CUSTOMER_BUCKET" if "OutputBucketName" in view else "SERVICE_BUCKET"}


def _context(view: Mapping[str, Any]) -> dict[str, Any]:
    return {"MedicalScribeContextProvided": "MedicalScribeContext" in view}


ROWS = (
    _job("TranscriptionJob", "transcription-job", work.transcribe, "TranscriptionJobStatus", derived=_output),
    _job(
        "MedicalTranscriptionJob", "medical-transcription-job", work.transcribe_medical, "TranscriptionJobStatus",
        derived=_output,
    ),
    _job(
        "MedicalScribeJob", "medical-scribe-job", work.write_notes, "MedicalScribeJobStatus",
        defaults={"LanguageCode": "en-US"}, derived=_context,
    ),
    _job("CallAnalyticsJob", "analytics", work.analyze_call, "CallAnalyticsJobStatus"),
)  # fmt: skip


class Jobs(Checks):
    """Jobs, begun when everything that can be known before they run is right."""

    @cached_property
    def kept(self) -> Mapping[str, _Answer]:
        """What the rows answer; of jobs in AWS's words, and lists say which state was asked for."""
        kept = dict(super().kept)
        for row in ROWS:
            for operation in (f"Get{row.noun}", f"Delete{row.noun}"):
                kept[operation] = self._named(row.noun, kept[operation])
            kept[f"List{row.noun}s"] = _told(kept[f"List{row.noun}s"])
        return kept

    def _named(self, noun: str, answer: _Answer) -> _Answer:
        def asked(params: Mapping[str, Any]) -> Reply:
            if self.keepers[noun].find(params) is None:
                raise self.refuse("The requested job couldn't be found. Check the job name and try your request again.")
            return answer(params)

        return asked

    @stateful
    def start_transcription_job(self, **request: Any) -> Reply:
        """Begin to transcribe."""
        members = self.named("StartTranscriptionJob", request)
        settings, language = members.get("Settings", {}), members.get("LanguageCode")
        for check in (checks.of_languages, checks.of_features, checks.of_output):
            self.check(check(members))
        self.check(checks.of_settings(settings, members.get("LanguageIdSettings", {})))
        self.check_named({**settings, **members.get("ModelSettings", {})}, language)
        for code, one in members.get("LanguageIdSettings", {}).items():
            self.check_named(one, code)
        return self._begin("TranscriptionJob", members, deferred=_may_wait(members))

    @stateful
    def start_medical_transcription_job(self, **request: Any) -> Reply:
        """Begin to transcribe what a doctor says."""
        members = self.named("StartMedicalTranscriptionJob", request)
        settings = members.get("Settings", {})
        if members["LanguageCode"] != "en-US":
            raise self.refuse(
                "The language code that you provided isn't supported. Use en-US and try your request again."
            )
        self.check(checks.of_output(members))
        self.check(checks.of_settings(settings, {}))
        self.check_named(settings, "en-US", "MedicalVocabulary")
        return self._begin("MedicalTranscriptionJob", members)

    @stateful
    def start_medical_scribe_job(self, **request: Any) -> Reply:
        """Begin to write what follows from a visit."""
        members = self.named("StartMedicalScribeJob", request)
        settings = members["Settings"]
        self.check(checks.of_settings(settings, {}))
        channels = settings.get("ChannelIdentification", False)
        if not channels and not settings.get("ShowSpeakerLabels"):
            raise self.refuse("You must specify either ShowSpeakerLabels or ChannelIdentification.")
        if channels != ("ChannelDefinitions" in members):
            raise self.refuse(
                "If you specify ChannelIdentification, you must also specify ChannelDefinitions, and only then."
            )
        self.check(checks.of_channels(members.get("ChannelDefinitions")))
        self.check_named(settings, "en-US")
        return self._begin("MedicalScribeJob", members, deferred=True)

    @stateful
    def start_call_analytics_job(self, **request: Any) -> Reply:
        """Begin to analyse a call."""
        members = self.named("StartCallAnalyticsJob", request)
        settings = members.get("Settings", {})
        languages = settings.get("LanguageIdSettings")
        self.check(checks.of_options(settings.get("LanguageOptions"), languages, identified=True))
        self.check(checks.of_settings(settings, languages or {}))
        self.check(checks.of_channels(members.get("ChannelDefinitions")))
        if "OutputEncryptionKMSKeyId" in members and "OutputLocation" not in members:
            raise self.refuse("If you specify OutputEncryptionKMSKeyId, you must also specify OutputLocation.")
        self.check_named(settings, None)
        for code, one in (languages or {}).items():
            self.check_named(one, code)
        self.check_location(members.get("OutputLocation"))
        if (uri := source(members)) is not None:
            members["Media"] = {"MediaFileUri": uri, **members["Media"]}
        return self._begin("CallAnalyticsJob", members, deferred=True)

    def _begin(self, noun: str, members: Mapping[str, Any], *, deferred: bool = False) -> Reply:
        """Keep the job when its sound is there and its output can be written; it waits while too many run."""
        keeper = self.keepers[noun]
        self.check_name(keeper, members)
        self.check_sound(members)
        self.check_bucket(members.get("OutputBucketName"))
        # Outside the lock: asking for their states may do the work of jobs that have ended.
        full = sum(keeper.status(record) == "IN_PROGRESS" for record in self.world.works.of(keeper)) >= _RUNNING
        if full and not deferred:
            raise self.error(
                "LimitExceededException",
                "You have too many concurrent jobs. Wait until a job has completed and try your request again.",
            )
        with self.world.lock:
            reply = keeper.answer("create", f"Start{noun}", members)
            record, life = keeper.find(members), keeper.row.life
            if not full or record is None or life is None:
                return reply
            keeper.enter(record, ("QUEUED", _SECONDS), *life.created, work=True)
            return {noun: {**reply[noun], life.member: "QUEUED"}}


def _may_wait(members: Mapping[str, Any]) -> bool:
    return bool(members.get("JobExecutionSettings", {}).get("AllowDeferredExecution"))


def _told(answer: _Answer) -> _Answer:
    def asked(params: Mapping[str, Any]) -> Reply:
        return {name: params[name] for name in ("Status",) if name in params} | answer(params)

    return asked
