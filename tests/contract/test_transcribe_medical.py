"""Transcribe's medical jobs and scribe jobs, on every backend of the rig."""

from __future__ import annotations

from typing import Any

import pytest
from aiservices_mocks import Mock

from tests.sounds import LABELS, fill, medical, read, refused, scribe, wav


@pytest.fixture(autouse=True)
def _files(mock: Mock) -> None:
    fill(mock)


def test_a_medical_job_writes_into_its_folder(ai: Any, mock: Mock) -> None:
    job = medical(ai, content_identification_type="PHI", type="CONVERSATION")
    assert (job.transcription_job_status, job.type, job.media_sample_rate_hertz) == ("COMPLETED", "CONVERSATION", 16000)
    assert job.transcript.transcript_file_uri == "https://s3.us-east-1.amazonaws.com/results/medical/visit.json"
    assert "entities" in read(mock, job.transcript.transcript_file_uri)["results"]
    medical(ai, "other", output_key="mine/a.json")
    assert mock.s3.keys("results") == ["medical/visit.json", "mine/a.json"]
    listed = ai.transcribe.list_medical_transcription_jobs(status="COMPLETED").medical_transcription_job_summaries
    assert [one.medical_transcription_job_name for one in listed] == ["other", "visit"]
    ai.transcribe.delete_medical_transcription_job(medical_transcription_job_name="visit")
    call = ai.transcribe.get_medical_transcription_job
    assert "couldn't be found" in refused(call, medical_transcription_job_name="visit")


def test_a_medical_job_is_in_american_english_at_a_high_rate(ai: Any, mock: Mock) -> None:
    assert "en-US" in refused(medical, ai, language_code="en-GB")
    assert "MaxSpeakerLabels" in refused(medical, ai, settings={"ShowSpeakerLabels": True})
    assert "vocabulary couldn't be found" in refused(medical, ai, settings={"VocabularyName": "none"})
    mock.s3["media/talk.wav"] = wav(1, rate=8000)
    assert medical(ai).failure_reason == "Invalid sample rate for audio file."


def test_a_scribe_job_writes_the_conversation_and_the_note(ai: Any, mock: Mock) -> None:
    template = {**LABELS, "ClinicalNoteGenerationSettings": {"NoteTemplate": "DAP"}}
    job = scribe(ai, settings=template, medical_scribe_context={"PatientContext": {"Pronouns": "SHE_HER"}})
    assert (job.medical_scribe_job_status, job.language_code, job.medical_scribe_context_provided) == (
        "COMPLETED",
        "en-US",
        True,
    )
    assert mock.s3.keys("results") == ["visit/summary.json", "visit/transcript.json"]
    talk = read(mock, job.medical_scribe_output.transcript_file_uri)["Conversation"]
    note = read(mock, job.medical_scribe_output.clinical_document_uri)["ClinicalDocumentation"]
    assert [section["SectionName"] for section in note["Sections"]] == ["DATA", "ASSESSMENT", "PLAN"]
    known = {segment["SegmentId"]: segment["Content"] for segment in talk["TranscriptSegments"]}
    for section in note["Sections"]:
        for said in section["Summary"]:
            assert [known[link["SegmentId"]] for link in said["EvidenceLinks"]] == [said["SummarizedSegment"]]
    (listed,) = ai.transcribe.list_medical_scribe_jobs().medical_scribe_job_summaries
    assert listed.medical_scribe_job_name == "visit"
    ai.transcribe.delete_medical_scribe_job(medical_scribe_job_name="visit")
    assert ai.transcribe.list_medical_scribe_jobs().medical_scribe_job_summaries == []


def test_the_roles_of_a_visit_follow_its_channels(ai: Any, mock: Mock) -> None:
    roles = [{"ChannelId": 0, "ParticipantRole": "PATIENT"}, {"ChannelId": 1, "ParticipantRole": "CLINICIAN"}]
    scribe(ai, uri="s3://media/stereo.wav", settings={"ChannelIdentification": True}, channel_definitions=roles)
    segments = read(mock, "s3://results/visit/transcript.json")["Conversation"]["TranscriptSegments"]
    assert segments[0]["ParticipantDetails"]["ParticipantRole"] == "PATIENT_0"
    assert segments[1]["ParticipantDetails"]["ParticipantRole"] == "CLINICIAN_0"


def test_a_scribe_job_must_tell_who_speaks(ai: Any) -> None:
    assert "either ShowSpeakerLabels" in refused(scribe, ai, settings={"ShowSpeakerLabels": False})
    assert "ChannelDefinitions" in refused(scribe, ai, settings={"ChannelIdentification": True})
    same = [{"ChannelId": 0, "ParticipantRole": "PATIENT"}, {"ChannelId": 0, "ParticipantRole": "CLINICIAN"}]
    channels = {"ChannelIdentification": True}
    assert "ChannelId of its own" in refused(scribe, ai, settings=channels, channel_definitions=same)
