"""Jobs over sound and video: Polly, Transcribe, Rekognition."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import ceil
from typing import Any

from ..call import Params, Reply
from .job import Begin, Facts, JobCount, Read, Told, amount, inner
from .memory import Memory
from .units import Units, speech

# Polly: the task tells its characters and its engine.


def _task(begun: Facts | None, task: Mapping[str, Any], memory: Memory) -> Units | None:
    return speech(task, dict(task))


def _tasks(params: Params, reply: Reply) -> list[Told]:
    task = reply["SynthesisTask"]
    return [Told(str(params["TaskId"]), str(task["TaskStatus"]), task)]


# Transcribe: seconds of audio, rounded up. The minimum of 15 seconds of older pages is not applied: AWS's page of
# 2026 states none but for summaries.

_SHORTEST_SUMMARY = 15


def _transcription(begun: Facts | None, job: Mapping[str, Any], memory: Memory) -> Units | None:
    seconds = _seconds(begun, job, memory)
    if seconds is None:
        return None
    own_model = (job.get("ModelSettings") or {}).get("LanguageModelName") or _own_models(job)
    addons = {
        "transcribe.pii_redaction": job.get("ContentRedaction"),
        "transcribe.custom_language_model": own_model,
        "transcribe.toxicity": job.get("ToxicityDetection"),
    }
    return {"transcribe.batch_standard": seconds, **{row: seconds for row, wanted in addons.items() if wanted}}


def _call(begun: Facts | None, job: Mapping[str, Any], memory: Memory) -> Units | None:
    seconds = _seconds(begun, job, memory)
    if seconds is None or (job.get("CallAnalyticsJobDetails") or {}).get("Skipped"):
        return None
    settings = job.get("Settings") or {}
    units = {"transcribe.call_analytics_post_call": seconds}
    if settings.get("LanguageModelName") or _own_models(settings):
        units["transcribe.custom_language_model"] = seconds
    if (settings.get("Summarization") or {}).get("GenerateAbstractiveSummary"):
        units["transcribe.call_summarization"] = max(seconds, Decimal(_SHORTEST_SUMMARY))
    return units


def _plain(row: str, begun: Facts | None, job: Mapping[str, Any], memory: Memory) -> Units | None:
    seconds = _seconds(begun, job, memory)
    return None if seconds is None else {row: seconds}


def _seconds(begun: Facts | None, job: Mapping[str, Any], memory: Memory) -> Decimal | None:
    """Of the audio where this client put it into S3; else what the languages that were identified add up to."""
    known = None if begun is None else begun["seconds"]
    if known is None:
        known = _media(job, memory)["seconds"]
    if known is not None:
        return Decimal(known)
    told = [language["DurationInSeconds"] for language in job.get("LanguageCodes") or ()]
    return Decimal(ceil(sum(map(Decimal, map(str, told))))) if told else None


def _media(params: Params, memory: Memory) -> Facts:
    file = memory.staged.at(params["Media"]["MediaFileUri"])
    return {"seconds": None if file is None or file.seconds is None else ceil(file.seconds)}


def _own_models(settings: Mapping[str, Any]) -> bool:
    return any(one.get("LanguageModelName") for one in (settings.get("LanguageIdSettings") or {}).values())


def _named(params: Params, reply: Reply) -> list[Told]:
    """A name can be used again when its job was deleted, so the time belongs to the key."""
    job = inner(reply)
    (name,) = (value for member, value in job.items() if member.endswith("JobName"))
    (status,) = (value for member, value in job.items() if member.endswith("JobStatus"))
    return [Told(f"{name} {job['CreationTime']}", str(status), job)]


# Rekognition: minutes of video; their fractions count.


def _minutes(row: str, begun: Facts | None, reply: Mapping[str, Any], memory: Memory) -> Units | None:
    return {row: _length(reply["VideoMetadata"])}


def _segments(begun: Facts | None, reply: Mapping[str, Any], memory: Memory) -> Units | None:
    rows = {"SHOT": "rekognition.video_segment_shot", "TECHNICAL_CUE": "rekognition.video_segment_cues"}
    minutes = _length(reply["VideoMetadata"][0])
    return {rows[one["Type"]]: minutes for one in reply["SelectedSegmentTypes"]}


def _length(video: Mapping[str, Any]) -> Decimal:
    return amount(Fraction(int(video["DurationMillis"]), 60_000))


def _by_id(params: Params, reply: Reply) -> list[Told]:
    return [Told(str(params["JobId"]), str(reply["JobStatus"]), reply)]


# A face liveness check is made by the session's end user, between two calls.


def _check(begun: Facts | None, reply: Mapping[str, Any], memory: Memory) -> Units | None:
    return {"rekognition.face_liveness": Decimal(1)}


def _session(params: Params, reply: Reply) -> list[Told]:
    return [Told(str(params["SessionId"]), str(reply["Status"]), reply)]


_TRANSCRIBE: Mapping[str, JobCount] = {
    "TranscriptionJob": _transcription,
    "MedicalTranscriptionJob": partial(_plain, "transcribe.medical"),
    "MedicalScribeJob": partial(_plain, "transcribe.health_scribe"),
    "CallAnalyticsJob": _call,
}
_VIDEO = (
    "LabelDetection", "FaceDetection", "CelebrityRecognition", "ContentModeration", "FaceSearch", "TextDetection"
)  # fmt: skip

READS: Mapping[tuple[str, str], Read] = {
    ("polly", "GetSpeechSynthesisTask"): Read("StartSpeechSynthesisTask", _tasks, _task),
    **{("transcribe", f"Get{what}"): Read(f"Start{what}", _named, count) for what, count in _TRANSCRIBE.items()},
    **{
        ("rekognition", f"Get{what}"): Read(f"Start{what}", _by_id, partial(_minutes, "rekognition.video_stored"))
        for what in _VIDEO
    },
    ("rekognition", "GetSegmentDetection"): Read("StartSegmentDetection", _by_id, _segments),
    ("rekognition", "GetFaceLivenessSessionResults"): Read("CreateFaceLivenessSession", _session, _check),
}

BEGINS: Mapping[tuple[str, str], Begin] = {
    ("polly", "StartSpeechSynthesisTask"): Begin(lambda params, reply: str(reply["SynthesisTask"]["TaskId"])),
    **{
        ("transcribe", f"Start{what}"): Begin(lambda params, reply: _named(params, reply)[0].key, _media)
        for what in _TRANSCRIBE
    },
    **{
        ("rekognition", f"Start{what}"): Begin(lambda params, reply: str(reply["JobId"]))
        for what in (*_VIDEO, "SegmentDetection")
    },
    ("rekognition", "CreateFaceLivenessSession"): Begin(lambda params, reply: str(reply["SessionId"])),
}
