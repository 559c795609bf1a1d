"""Call analytics: what is told of a call, and which categories it is of, on every backend of the rig."""

from __future__ import annotations

from typing import Any

import pytest
from aiservices_mocks import Mock

from tests.sounds import REDACTION, call, fill, read, refused


@pytest.fixture(autouse=True)
def _files(mock: Mock) -> None:
    fill(mock)


def test_a_call_is_analysed(ai: Any, mock: Mock) -> None:
    roles = [{"ChannelId": 0, "ParticipantRole": "CUSTOMER"}, {"ChannelId": 1, "ParticipantRole": "AGENT"}]
    job = call(ai, output_location="s3://results/calls/", channel_definitions=roles)
    assert (job.call_analytics_job_status, job.language_code, job.media_format) == ("COMPLETED", "en-US", "wav")
    assert mock.s3.keys("results") == ["calls/analytics/call.json"]
    file = read(mock, job.transcript.transcript_file_uri)
    assert (file["JobName"], file["JobStatus"], file["ContentMetadata"]) == ("call", "COMPLETED", {"Output": "Raw"})
    assert [turn["ParticipantRole"] for turn in file["Transcript"]][:2] == ["CUSTOMER", "AGENT"]
    told = file["ConversationCharacteristics"]
    assert told["TotalConversationDurationMillis"] == 20000
    talked = sum(turn["EndOffsetMillis"] - turn["BeginOffsetMillis"] for turn in file["Transcript"])
    assert told["TalkTime"]["TotalTimeMillis"] == talked
    assert set(told["TalkSpeed"]["DetailsByParticipant"]) == {"AGENT", "CUSTOMER"}
    (listed,) = ai.transcribe.list_call_analytics_jobs(status="COMPLETED").call_analytics_job_summaries
    assert listed.call_analytics_job_name == "call"
    ai.transcribe.delete_call_analytics_job(call_analytics_job_name="call")
    assert "couldn't be found" in refused(ai.transcribe.get_call_analytics_job, call_analytics_job_name="call")


def test_a_redacted_call_has_a_folder_of_its_own(ai: Any, mock: Mock) -> None:
    settings = {"ContentRedaction": REDACTION, "Summarization": {"GenerateAbstractiveSummary": True}}
    job = call(ai, output_location="s3://results", settings=settings)
    assert mock.s3.keys("results") == ["analytics/call.json", "redacted-analytics/call.json"]
    redacted = read(mock, job.transcript.redacted_transcript_file_uri)
    assert redacted["ContentMetadata"] == {"Output": "Redacted", "RedactionTypes": ["PII"]}
    assert "ContactSummary" in redacted["ConversationCharacteristics"]
    call(ai, "other", output_location="s3://results/mine.json")
    assert "mine.json" in mock.s3.keys("results")
    assert "X-Amz-Signature" in call(ai, "ours").transcript.transcript_file_uri


def test_categories_match_what_is_said(ai: Any, mock: Mock) -> None:
    call(ai, "first", output_location="s3://results/first.json")
    turns = read(mock, "s3://results/first.json")["Transcript"]
    agent, customer = turns[0], turns[1]
    word = agent["Items"][0]["Content"]
    found = {"TranscriptFilterType": "EXACT", "Targets": [word.upper()]}
    rules: dict[str, Any] = {
        "said": [{"TranscriptFilter": found}],
        "by-customer": [{"TranscriptFilter": {**found, "ParticipantRole": "CUSTOMER"}}],
        "not-said": [{"TranscriptFilter": {**found, "Negate": True}}],
        "said-late": [{"TranscriptFilter": {**found, "RelativeTimeRange": {"Last": 5}}}],
        "said-early": [{"TranscriptFilter": {**found, "AbsoluteTimeRange": {"First": 1000}}}],
        "felt": [{"SentimentFilter": {"Sentiments": [customer["Sentiment"]], "ParticipantRole": "CUSTOMER"}}],
        "interrupted": [{"InterruptionFilter": {"Threshold": 1}}],
        "silent": [{"NonTalkTimeFilter": {"Threshold": 60000}}],
        "both": [{"TranscriptFilter": found}, {"NonTalkTimeFilter": {"Threshold": 60000}}],
    }
    for name, given in rules.items():
        ai.transcribe.create_call_analytics_category(category_name=name, rules=given)
    ai.transcribe.create_call_analytics_category(category_name="live", rules=rules["said"], input_type="REAL_TIME")
    call(ai, "second", output_location="s3://results/second.json")
    categories = read(mock, "s3://results/second.json")["Categories"]
    assert categories["MatchedCategories"] == ["said", "said-early", "felt"]
    (point,) = categories["MatchedDetails"]["said"]["PointsOfInterest"]
    assert point["BeginOffsetMillis"] == agent["BeginOffsetMillis"]


def test_a_call_names_what_is_there(ai: Any) -> None:
    assert "vocabulary couldn't be found" in refused(call, ai, settings={"VocabularyName": "none"})
    assert "can't be accessed" in refused(call, ai, output_location="s3://nobody-has-this/a/")
    assert "isn't an S3 URI" in refused(call, ai, output_location="https://example.com/a")
    assert "at least two" in refused(call, ai, settings={"LanguageOptions": ["en-US"]})
    assert "OutputLocation" in refused(call, ai, output_encryption_kms_key_id="alias/mine")
    same = [{"ChannelId": 0, "ParticipantRole": "AGENT"}, {"ChannelId": 1, "ParticipantRole": "AGENT"}]
    assert "ParticipantRole of its own" in refused(call, ai, channel_definitions=same)
    options = {"LanguageOptions": ["de-DE", "fr-FR"]}
    job = call(ai, settings=options)
    assert job.language_code in options["LanguageOptions"]
    assert job.identified_language_score > 0
