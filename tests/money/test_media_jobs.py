"""Jobs over sound and video: what Transcribe and Rekognition bill, counted once."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from aiservices.call import Call, Reply
from aiservices.money import Charge, Meter, PriceBook, RunUsage

BOOK = PriceBook()
NOTHING = Charge({}, Decimal(0))
UNPRICED = Charge(None, None)

Ask = Callable[..., Charge]


@pytest.fixture
def ask() -> Ask:
    meter = Meter(BOOK)

    def ask(name: str, reply: Reply | None = None, **params: Any) -> Charge:
        service, operation = name.split(".")
        return meter.charge(Call(service, operation, params), reply or {})

    return ask


def sound(seconds: float) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(2)  # two channels are billed once
        out.setsampwidth(2)
        out.setframerate(1_000)
        out.writeframes(bytes(int(seconds * 1_000) * 4))
    return file.getvalue()


def put(ask: Ask, seconds: float) -> dict[str, str]:
    ask("s3.PutObject", {}, Bucket="b", Key="aiservices/transcribe/a.wav", Body=sound(seconds))
    return {"MediaFileUri": "s3://b/aiservices/transcribe/a.wav"}


def transcription(status: str = "COMPLETED", created: int = 1, **told: Any) -> Reply:
    job = {"TranscriptionJobName": "a", "TranscriptionJobStatus": status, "CreationTime": created}
    return {"TranscriptionJob": {**job, "Media": {"MediaFileUri": "s3://b/aiservices/transcribe/a.wav"}, **told}}


# Transcribe. Prices of 2026-09: https://aws.amazon.com/transcribe/pricing/


@pytest.mark.parametrize(
    ("seconds", "told", "dollars"),
    [
        (3_600, {}, "0.36"),  # an hour
        (0.2, {}, "0.0001"),  # up to the next second, without a minimum
        (60, {"ContentRedaction": {"RedactionType": "PII"}}, "0.0084"),  # 60 x (0.0001 + 0.00004)
        (60, {"ModelSettings": {"LanguageModelName": "ours"}}, "0.0120"),  # 60 x (0.0001 + 0.0001)
        (60, {"LanguageIdSettings": {"en-US": {"LanguageModelName": "ours"}}}, "0.0120"),
        (60, {"ToxicityDetection": [{"ToxicityCategories": ["ALL"]}]}, "0.0096"),  # 60 x (0.0001 + 0.00006)
        (60, {"Settings": {"VocabularyName": "v", "ShowSpeakerLabels": True}}, "0.006"),  # included
    ],
)
def test_a_transcription_costs_its_seconds_and_its_addons(
    ask: Ask, seconds: float, told: dict[str, Any], dollars: str
) -> None:
    media = put(ask, seconds)
    begun = ask("transcribe.StartTranscriptionJob", transcription("IN_PROGRESS"), TranscriptionJobName="a", Media=media)
    assert begun == NOTHING
    name = "transcribe.GetTranscriptionJob"
    assert ask(name, transcription("IN_PROGRESS", **told), TranscriptionJobName="a") == NOTHING
    assert ask(name, transcription(**told), TranscriptionJobName="a").cost == Decimal(dollars)
    assert ask(name, transcription(**told), TranscriptionJobName="a") == NOTHING


def test_a_name_is_used_again_when_its_job_was_deleted(ask: Ask) -> None:
    media = put(ask, 10)
    for created in (1, 2):
        begun = transcription("IN_PROGRESS", created)
        ask("transcribe.StartTranscriptionJob", begun, TranscriptionJobName="a", Media=media)
        ended = ask("transcribe.GetTranscriptionJob", transcription(created=created), TranscriptionJobName="a")
        assert ended.cost == Decimal("0.001")
        ask("transcribe.DeleteTranscriptionJob", {}, TranscriptionJobName="a")


def test_identified_languages_tell_the_seconds_of_audio_that_nobody_here_has_seen(ask: Ask) -> None:
    languages = [
        {"LanguageCode": "en-US", "DurationInSeconds": 40.5},
        {"LanguageCode": "fr-FR", "DurationInSeconds": 20.1},
    ]
    found = ask("transcribe.GetTranscriptionJob", transcription(LanguageCodes=languages), TranscriptionJobName="a")
    assert found.units == {"transcribe.batch_standard": 61}


def test_audio_that_nobody_here_has_seen_is_unpriced_once(ask: Ask) -> None:
    assert ask("transcribe.GetTranscriptionJob", transcription(), TranscriptionJobName="a") == UNPRICED
    assert ask("transcribe.GetTranscriptionJob", transcription(), TranscriptionJobName="a") == NOTHING
    assert ask("transcribe.GetTranscriptionJob", transcription("FAILED", 2), TranscriptionJobName="a") == NOTHING


@pytest.mark.parametrize(
    ("what", "status", "settings", "seconds", "dollars"),
    [
        ("MedicalTranscriptionJob", "TranscriptionJobStatus", {}, 900, "1.125"),  # AWS's example: 15 minutes
        ("MedicalTranscriptionJob", "TranscriptionJobStatus", {}, 5_400, "6.750"),  # AWS's example: 90 minutes
        ("MedicalScribeJob", "MedicalScribeJobStatus", {}, 60, "0.10002"),
        ("CallAnalyticsJob", "CallAnalyticsJobStatus", {}, 60, "0.03"),
        ("CallAnalyticsJob", "CallAnalyticsJobStatus", {"LanguageModelName": "ours"}, 60, "0.036"),
        ("CallAnalyticsJob", "CallAnalyticsJobStatus", {"Summarization": {"GenerateAbstractiveSummary": True}}, 60, "0.0324"),
        # A summary is billed as 15 seconds at least.
        ("CallAnalyticsJob", "CallAnalyticsJobStatus", {"Summarization": {"GenerateAbstractiveSummary": True}}, 5, "0.0031"),
    ],
)  # fmt: skip
def test_other_jobs_of_transcribe(
    ask: Ask, what: str, status: str, settings: dict[str, Any], seconds: int, dollars: str
) -> None:
    media = put(ask, seconds)

    def reply(state: str) -> Reply:
        return {what: {f"{what}Name": "a", status: state, "CreationTime": 1, "Media": media, "Settings": settings}}

    assert ask(f"transcribe.Start{what}", reply("IN_PROGRESS"), Media=media) == NOTHING
    assert ask(f"transcribe.Get{what}", reply("COMPLETED")).cost == Decimal(dollars)
    assert ask(f"transcribe.Get{what}", reply("COMPLETED")) == NOTHING


def test_a_call_that_analytics_skipped_in_part_is_unpriced(ask: Ask) -> None:
    media = put(ask, 60)
    job = {"CallAnalyticsJobName": "a", "CallAnalyticsJobStatus": "COMPLETED", "CreationTime": 1, "Media": media}
    skipped = {"CallAnalyticsJobDetails": {"Skipped": [{"Feature": "GENERATIVE_SUMMARIZATION"}]}}
    assert ask("transcribe.GetCallAnalyticsJob", {"CallAnalyticsJob": {**job, **skipped}}) == UNPRICED


# Rekognition: https://aws.amazon.com/rekognition/pricing/


@pytest.mark.parametrize(
    "what",
    ["LabelDetection", "FaceDetection", "CelebrityRecognition", "ContentModeration", "FaceSearch", "TextDetection"],
)
def test_video_costs_its_minutes_with_their_fractions(ask: Ask, what: str) -> None:
    assert ask(f"rekognition.Start{what}", {"JobId": "j"}, Video={}) == NOTHING
    assert ask(f"rekognition.Get{what}", {"JobStatus": "IN_PROGRESS"}, JobId="j") == NOTHING
    ended = {"JobStatus": "SUCCEEDED", "VideoMetadata": {"DurationMillis": 256_284_000}}
    assert ask(f"rekognition.Get{what}", ended, JobId="j").cost == Decimal("427.14"), (
        "4,271.4 minutes, as in AWS's blog"
    )
    assert ask(f"rekognition.Get{what}", ended, JobId="j", NextToken="t") == NOTHING
    assert ask(f"rekognition.Get{what}", {"JobStatus": "FAILED"}, JobId="k") == NOTHING


@pytest.mark.parametrize(
    ("types", "dollars"), [(["SHOT"], "0.10"), (["TECHNICAL_CUE"], "0.10"), (["SHOT", "TECHNICAL_CUE"], "0.20")]
)
def test_segments_cost_by_their_types(ask: Ask, types: list[str], dollars: str) -> None:
    ended = {
        "JobStatus": "SUCCEEDED", "VideoMetadata": [{"DurationMillis": 120_000}], "AudioMetadata": [],
        "SelectedSegmentTypes": [{"Type": one} for one in types],
    }  # fmt: skip
    assert ask("rekognition.GetSegmentDetection", ended, JobId="j").cost == Decimal(dollars)


def test_a_third_of_a_minute_is_told_to_nine_places(ask: Ask) -> None:
    ended = {"JobStatus": "SUCCEEDED", "VideoMetadata": {"DurationMillis": 20_000}}
    assert ask("rekognition.GetLabelDetection", ended, JobId="j").units == {
        "rekognition.video_stored": Decimal("0.333333333")
    }


@pytest.mark.parametrize(
    ("status", "dollars"), [("SUCCEEDED", "0.015"), ("FAILED", "0"), ("EXPIRED", "0"), ("IN_PROGRESS", "0")]
)
def test_a_liveness_check_is_charged_when_it_was_made(ask: Ask, status: str, dollars: str) -> None:
    assert ask("rekognition.CreateFaceLivenessSession", {"SessionId": "s"}) == NOTHING
    ended = {"Status": status, "SessionId": "s"}
    assert ask("rekognition.GetFaceLivenessSessionResults", ended, SessionId="s").cost == Decimal(dollars)
    assert ask("rekognition.GetFaceLivenessSessionResults", ended, SessionId="s").cost == 0


def test_what_one_client_knows_of_its_audio_another_one_charges(ask: Ask) -> None:
    usage = RunUsage()

    def charge(meter: Meter, name: str, reply: Reply, **params: Any) -> Charge:
        service, operation = name.split(".")
        return meter.charge(Call(service, operation, params), reply)

    begins, reads = Meter(BOOK, usage=usage), Meter(BOOK, usage=usage)
    media = {"MediaFileUri": "s3://b/aiservices/transcribe/a.wav"}
    charge(begins, "s3.PutObject", {}, Bucket="b", Key="aiservices/transcribe/a.wav", Body=sound(60))
    charge(begins, "transcribe.StartTranscriptionJob", transcription("IN_PROGRESS"), Media=media)
    ended = [charge(meter, "transcribe.GetTranscriptionJob", transcription()) for meter in (reads, begins)]
    assert [one.cost for one in ended] == [Decimal("0.006"), 0]
