"""Files of sound, and Transcribe's jobs begun with them and awaited."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from wave import open as open_wave

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.places import place

from aiservices.errors import BadRequestError

ROLE = "arn:aws:iam::123456789012:role/reader"
REDACTION = {"RedactionType": "PII", "RedactionOutput": "redacted_and_unredacted"}
LABELS = {"ShowSpeakerLabels": True, "MaxSpeakerLabels": 2}


def wav(seconds: float = 20, rate: int = 16000, channels: int = 1, tone: int = 1) -> bytes:
    """A file of sound; another tone is another content."""
    file = BytesIO()
    with open_wave(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(bytes((tone, 0)) * int(rate * seconds) * channels)
    return file.getvalue()


def fill(mock: Mock) -> None:
    """Files that jobs read, and a bucket that they write into."""
    mock.s3["media/talk.wav"] = wav()
    mock.s3["media/stereo.wav"] = wav(channels=2)
    mock.s3.make_bucket("results")


def start(ai: Any, name: str = "talk", uri: str = "s3://media/talk.wav", **members: Any) -> Any:
    """Begin a job, in American English unless another language, or finding it out, is asked for."""
    if not any("language" in member for member in members if member != "language_id_settings"):
        members["language_code"] = "en-US"
    given = {member: value for member, value in members.items() if value is not None}
    media = {"MediaFileUri": uri}
    return ai.transcribe.start_transcription_job(transcription_job_name=name, media=media, **given).transcription_job


def get(ai: Any, name: str = "talk") -> Any:
    return ai.transcribe.get_transcription_job(transcription_job_name=name).transcription_job


def done(ai: Any, name: str = "talk", **members: Any) -> Any:
    start(ai, name, **members)
    found = get(ai, name)
    assert found.transcription_job_status == "COMPLETED", found.failure_reason
    return found


def medical(ai: Any, name: str = "visit", **members: Any) -> Any:
    given = {
        "language_code": "en-US",
        "media": {"MediaFileUri": "s3://media/talk.wav"},
        "output_bucket_name": "results",
        "specialty": "PRIMARYCARE",
        "type": "DICTATION",
    }
    ai.transcribe.start_medical_transcription_job(medical_transcription_job_name=name, **{**given, **members})
    return ai.transcribe.get_medical_transcription_job(medical_transcription_job_name=name).medical_transcription_job


def scribe(
    ai: Any, name: str = "visit", settings: Any = LABELS, uri: str = "s3://media/talk.wav", **members: Any
) -> Any:
    media = {"media": {"MediaFileUri": uri}, "output_bucket_name": "results", "data_access_role_arn": ROLE}
    ai.transcribe.start_medical_scribe_job(medical_scribe_job_name=name, settings=settings, **{**media, **members})
    return ai.transcribe.get_medical_scribe_job(medical_scribe_job_name=name).medical_scribe_job


def call(ai: Any, name: str = "call", uri: str = "s3://media/stereo.wav", **members: Any) -> Any:
    ai.transcribe.start_call_analytics_job(call_analytics_job_name=name, media={"MediaFileUri": uri}, **members)
    return ai.transcribe.get_call_analytics_job(call_analytics_job_name=name).call_analytics_job


def read(mock: Mock, uri: str) -> Any:
    where = place(uri)
    assert where is not None
    return json.loads(mock.s3.get(*where))


def refused(call: Any, *args: Any, **members: Any) -> str:
    with pytest.raises(BadRequestError) as caught:
        call(*args, **members)
    assert caught.value.code == "BadRequestException"
    return str(caught.value)
