"""Transcribe's jobs: what they take, what they refuse, what they write, on every backend of the rig."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.transcribe import jobs, sound

from aiservices import AI
from aiservices.errors import BadRequestError, ConflictError, NotFoundError, NotMockedError, ServiceError
from tests.sounds import REDACTION, ROLE, call, done, fill, get, medical, read, refused, scribe, start, wav


@pytest.fixture(autouse=True)
def _files(mock: Mock) -> None:
    fill(mock)


def test_a_job_is_transcribed_into_the_services_bucket(ai: Any, mock: Mock) -> None:
    assert start(ai).transcription_job_status == "IN_PROGRESS"
    job = get(ai)
    assert (job.transcription_job_status, job.media_format, job.media_sample_rate_hertz) == ("COMPLETED", "wav", 16000)
    assert job.completion_time > job.creation_time
    uri = job.transcript.transcript_file_uri
    assert re.match(
        r"https://s3\.us-east-1\.amazonaws\.com/aws-transcribe-us-east-1-prod/123456789012/talk/\S+/asr", uri
    )
    assert "X-Amz-Expires=900&" in uri
    file = read(mock, uri)
    assert (file["jobName"], file["accountId"], file["status"]) == ("talk", "123456789012", "COMPLETED")
    assert set(file["results"]) == {"transcripts", "items", "audio_segments"}
    (summary,) = ai.transcribe.list_transcription_jobs().transcription_job_summaries
    assert summary.output_location_type == "SERVICE_BUCKET"


def test_the_words_fit_the_sound_and_the_same_sound_has_the_same_words(ai: Any, mock: Mock) -> None:
    mock.s3["media/other.wav"] = wav(tone=2)
    mock.s3["media/again.wav"] = wav()
    mock.s3["media/long.wav"] = wav(60)
    results = {}
    for name in ("talk", "again", "other", "long"):
        job = done(ai, name, uri=f"s3://media/{name}.wav")
        results[name] = read(mock, job.transcript.transcript_file_uri)["results"]
    assert results["talk"] == results["again"]
    assert results["talk"]["transcripts"] != results["other"]["transcripts"]
    for name, seconds in (("talk", 20), ("long", 60)):
        times = [
            (float(item["start_time"]), float(item["end_time"]))
            for item in results[name]["items"]
            if item["type"] == "pronunciation"
        ]
        assert times == sorted(times)
        assert all(begin < end for begin, end in times)
        assert seconds * 0.8 < times[-1][1] <= seconds


def test_items_segments_and_the_text_are_the_same_words(ai: Any, mock: Mock) -> None:
    results = read(mock, done(ai).transcript.transcript_file_uri)["results"]
    said = ""
    for item in results["items"]:
        word = item["alternatives"][0]["content"]
        said += word if item["type"] == "punctuation" else f" {word}"
        assert ("start_time" in item) == (item["type"] == "pronunciation")
    assert said.strip() == results["transcripts"][0]["transcript"]
    assert " ".join(one["transcript"] for one in results["audio_segments"]) == said.strip()
    assert [id for one in results["audio_segments"] for id in one["items"]] == list(range(len(results["items"])))


@pytest.mark.parametrize(
    ("key", "written"),
    [
        (None, "talk.json"),
        ("mine.json", "mine.json"),
        ("folder/mine.json", "folder/mine.json"),
        ("folder/", "folder/talk.json"),
        ("folder/mine", "folder/mine/talk.json"),
    ],
)
def test_the_transcript_goes_where_it_is_asked_to(ai: Any, mock: Mock, key: str | None, written: str) -> None:
    job = done(ai, output_bucket_name="results", output_key=key)
    assert mock.s3.keys("results") == [written]
    assert job.transcript.transcript_file_uri == f"https://s3.us-east-1.amazonaws.com/results/{written}"
    (summary,) = ai.transcribe.list_transcription_jobs().transcription_job_summaries
    assert summary.output_location_type == "CUSTOMER_BUCKET"


@pytest.mark.parametrize(
    "uri",
    [
        "s3://media/talk.wav",
        "https://s3.amazonaws.com/media/talk.wav",
        "https://s3.us-east-1.amazonaws.com/media/talk.wav",
        "https://s3-us-east-1.amazonaws.com/media/talk.wav",
        "https://media.s3.amazonaws.com/talk.wav",
        "https://media.s3.us-east-1.amazonaws.com/talk.wav",
    ],
)
def test_the_media_is_found_in_every_form_of_its_address(ai: Any, uri: str) -> None:
    assert done(ai, uri=uri).media.media_file_uri == uri


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("s3://media/none.wav", "doesn't point to an S3 object"),
        ("s3://nobody-has-this/talk.wav", "doesn't point to an S3 object"),
        ("s3://media", "doesn't point to an S3 object"),
        ("https://example.com/talk.wav", "doesn't point to an S3 object"),
        ("https://s3.eu-west-1.amazonaws.com/media/talk.wav", "incorrect region"),
    ],
)
def test_media_that_is_not_there_is_refused_at_once(ai: Any, uri: str, words: str) -> None:
    assert words in refused(start, ai, uri=uri)
    assert ai.transcribe.list_transcription_jobs().transcription_job_summaries == []


def test_sound_that_is_to_be_redacted_is_of_a_call(ai: Any) -> None:
    redacted = {"media": {"RedactedMediaFileUri": "s3://media/stereo.wav"}}
    begin = ai.transcribe.start_transcription_job
    assert "MediaFileUri" in refused(begin, transcription_job_name="talk", language_code="en-US", **redacted)
    ai.transcribe.start_call_analytics_job(call_analytics_job_name="call", **redacted)
    found = ai.transcribe.get_call_analytics_job(call_analytics_job_name="call").call_analytics_job
    assert found.call_analytics_job_status == "COMPLETED"


def test_names_are_unique_and_unknown_ones_are_bad_requests(ai: Any) -> None:
    start(ai)
    with pytest.raises(ConflictError, match="already exists"):
        start(ai)
    assert "couldn't be found" in refused(get, ai, "other")
    delete = ai.transcribe.delete_transcription_job
    assert "couldn't be found" in refused(delete, transcription_job_name="other")
    delete(transcription_job_name="talk")
    assert "couldn't be found" in refused(get, ai)
    start(ai)
    assert "can't be '.'" in refused(start, ai, "..")


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"language_code": None}, "exactly one of"),
    ({"language_code": "en-US", "identify_language": True}, "exactly one of"),
    ({"identify_language": True, "identify_multiple_languages": True}, "exactly one of"),
    ({"language_code": "en-US", "language_options": ["en-US", "de-DE"]}, "LanguageOptions needs"),
    ({"identify_language": True, "language_options": ["en-US"]}, "at least two"),
    ({"identify_language": True, "settings": {"VocabularyName": "tech"}}, "LanguageIdSettings"),
    (
        {
            "identify_language": True,
            "language_options": ["en-US", "de-DE"],
            "language_id_settings": {"fr-FR": {"VocabularyName": "tech"}},
        },
        "LanguageOptions",
    ),
    ({"identify_language": True, "model_settings": {"LanguageModelName": "calls"}}, "LanguageIdSettings"),
    ({"settings": {"ShowSpeakerLabels": True}}, "MaxSpeakerLabels"),
    ({"settings": {"MaxSpeakerLabels": 2}}, "ShowSpeakerLabels"),
    ({"settings": {"ShowAlternatives": True}}, "MaxAlternatives"),
    ({"settings": {"VocabularyFilterMethod": "mask"}}, "VocabularyFilterName"),
    (
        {"settings": {"ShowSpeakerLabels": True, "MaxSpeakerLabels": 2, "ChannelIdentification": True}},
        "both ShowSpeakerLabels and ChannelIdentification",
    ),
    ({"settings": {"VocabularyName": "none"}}, "The requested vocabulary couldn't be found"),
    ({"settings": {"VocabularyFilterName": "none"}}, "vocabulary filter couldn't be found"),
    ({"model_settings": {"LanguageModelName": "none"}}, "language model couldn't be found"),
    ({"output_key": "a.json"}, "OutputBucketName"),
    ({"output_encryption_kms_key_id": "alias/mine"}, "OutputBucketName"),
    ({"output_bucket_name": "nobody-has-this"}, "can't be accessed"),
    ({"language_code": "de-DE", "toxicity_detection": [{"ToxicityCategories": ["ALL"]}]}, "en-US only"),
    (
        {"language_code": "de-DE", "content_redaction": {"RedactionType": "PII", "RedactionOutput": "redacted"}},
        "redaction isn't supported",
    ),
    ({"job_execution_settings": {"AllowDeferredExecution": True}}, "DataAccessRoleArn"),
]


@pytest.mark.parametrize(("members", "words"), BROKEN)
def test_members_that_do_not_go_together_are_refused(ai: Any, members: dict[str, Any], words: str) -> None:
    message = refused(start, ai, **members)
    assert words in message
    assert ai.transcribe.list_transcription_jobs().transcription_job_summaries == []


def test_what_a_job_names_must_be_ready_and_of_its_language() -> None:
    mock = Mock(clock=Clock.manual())
    mock.s3["media/talk.wav"] = wav()
    with AI(backend=mock) as ai:
        ai.transcribe.create_vocabulary(vocabulary_name="tech", language_code="en-US", phrases=["lambda"])
        settings = {"VocabularyName": "tech"}
        assert "isn't ready" in refused(start, ai, settings=settings)
        mock.clock.advance(minutes=1)
        assert "language code of the vocabulary" in refused(start, ai, language_code="de-DE", settings=settings)
        start(ai, settings=settings)
        assert get(ai).settings.vocabulary_name == "tech"


def test_states_follow_the_clock_and_a_running_job_can_be_deleted() -> None:
    mock = Mock(clock=Clock.manual())
    mock.s3["media/talk.wav"] = wav()
    mock.s3.make_bucket("results")
    with AI(backend=mock) as ai:
        start(ai, output_bucket_name="results")
        job = get(ai)
        assert (job.transcription_job_status, job.transcript, job.completion_time) == ("IN_PROGRESS", None, None)
        assert mock.s3.keys("results") == []
        mock.clock.advance(minutes=5)
        assert get(ai).completion_time - get(ai).creation_time == timedelta(minutes=1)
        assert mock.s3.keys("results") == ["talk.json"]
        start(ai, "gone", output_bucket_name="results")
        ai.transcribe.delete_transcription_job(transcription_job_name="gone")
        mock.clock.advance(minutes=5)
        assert mock.s3.keys("results") == ["talk.json"]


def test_strict_mode_begins_no_job_whose_words_are_made_up() -> None:
    mock = Mock(strict=True)
    mock.s3["media/talk.wav"] = wav()
    mock.s3.make_bucket("results")
    with AI(backend=mock) as ai:
        for begin in (start, medical, scribe, call):
            with pytest.raises(NotMockedError):
                begin(ai)
        assert ai.transcribe.list_transcription_jobs().transcription_job_summaries == []


def test_a_copy_of_the_world_goes_on_by_itself() -> None:
    mock = Mock(clock=Clock.manual())
    mock.s3["media/talk.wav"] = wav()
    mock.s3.make_bucket("results")
    with AI(backend=mock) as ai:
        start(ai, output_bucket_name="results")
        copy = mock.copy()
        copy.clock.advance(minutes=5)
        assert (copy.s3.keys("results"), mock.s3.keys("results")) == (["talk.json"], [])
        mock.clock.advance(minutes=5)
        assert copy.s3["results/talk.json"] == mock.s3["results/talk.json"]


def test_too_many_jobs_are_refused_or_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_RUNNING", 2)
    mock = Mock(clock=Clock.manual())
    mock.s3["media/talk.wav"] = wav()
    with AI(backend=mock) as ai:
        start(ai, "one")
        start(ai, "two")
        with pytest.raises(ServiceError) as caught:
            start(ai, "three")
        assert caught.value.code == "LimitExceededException"
        waits = {"AllowDeferredExecution": True, "DataAccessRoleArn": ROLE}
        assert start(ai, "three", job_execution_settings=waits).transcription_job_status == "QUEUED"
        assert get(ai, "three").transcription_job_status == "QUEUED"
        mock.clock.advance(seconds=61)
        assert [get(ai, name).transcription_job_status for name in ("one", "three")] == ["COMPLETED", "IN_PROGRESS"]
        mock.clock.advance(seconds=61)
        assert get(ai, "three").transcription_job_status == "COMPLETED"


def test_lists_begin_with_the_last_and_are_filtered_and_paged(ai: Any, mock: Mock) -> None:
    mock.s3["media/broken.wav"] = b"no sound at all"
    for number in range(3):
        start(ai, f"Talk-{number}")
    start(ai, "broken", uri="s3://media/broken.wav")
    get(ai, "broken")

    def names(**members: Any) -> list[str]:
        found = ai.transcribe.list_transcription_jobs(**members)
        assert found.status == members.get("status")
        return [one.transcription_job_name for one in found.transcription_job_summaries]

    assert names() == ["broken", "Talk-2", "Talk-1", "Talk-0"]
    assert names(job_name_contains="talk") == ["Talk-2", "Talk-1", "Talk-0"]
    assert names(status="FAILED") == ["broken"]
    assert names(status="COMPLETED", job_name_contains="-1") == ["Talk-1"]
    first = ai.transcribe.list_transcription_jobs(max_results=3)
    assert names(max_results=3, next_token=first.next_token) == ["Talk-0"]
    refused(ai.transcribe.list_transcription_jobs, next_token=first.next_token, status="FAILED")
    refused(ai.transcribe.list_call_analytics_jobs, next_token=first.next_token)


FAILING: list[tuple[bytes, dict[str, Any], str]] = [
    (b"", {}, "Unsupported media format."),
    (b"words, not sound", {"media_format": "wav"}, "Unsupported media format."),
    (wav(1), {"media_format": "mp3"}, "The media format provided does not match the detected media format."),
    (wav(1), {"media_sample_rate_hertz": 8000}, "The sample rate provided does not match the detected sample rate."),
    (wav(1, rate=96000), {}, "Invalid sample rate for audio file."),
    (wav(1, channels=3), {}, "Invalid number of channels: number of channels too large."),
    (wav(1)[:20], {}, "The data in your input media file isn't valid."),
    (wav(0.2), {}, "Invalid audio duration: audio duration too small."),
]


@pytest.mark.parametrize(("data", "members", "reason"), FAILING)
def test_sound_that_is_not_taken_fails_for_a_reason(
    ai: Any, mock: Mock, data: bytes, members: dict[str, Any], reason: str
) -> None:
    mock.s3["media/talk.wav"] = data
    start(ai, **members)
    job = get(ai)
    assert job.transcription_job_status == "FAILED"
    assert job.failure_reason.startswith(reason)
    assert job.transcript is None
    (listed,) = ai.transcribe.list_transcription_jobs(status="FAILED").transcription_job_summaries
    assert listed.failure_reason == job.failure_reason


def test_what_is_too_long_or_too_large_or_gone_fails(ai: Any, mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    long = bytearray(wav(1, rate=8000))
    long[28:32] = (1).to_bytes(4, "little")  # a byte a second
    mock.s3["media/long.wav"] = bytes(long) + bytes(20000)
    long[40:44] = (2**32 - 1).to_bytes(4, "little")
    mock.s3["media/longer.wav"] = bytes(long) + bytes(20000)
    assert done(ai, "long", uri="s3://media/long.wav").media_format == "wav"
    start(ai, "longer", uri="s3://media/longer.wav")
    assert "28800 seconds" in get(ai, "longer").failure_reason
    ai.transcribe.start_call_analytics_job(
        call_analytics_job_name="call", media={"MediaFileUri": "s3://media/long.wav"}
    )
    call = ai.transcribe.get_call_analytics_job(call_analytics_job_name="call").call_analytics_job
    assert "14400 seconds" in call.failure_reason
    start(ai, "gone")
    mock.s3.delete("media", "talk.wav")
    assert "can't be accessed" in get(ai, "gone").failure_reason
    monkeypatch.setattr(sound, "STANDARD", sound.Limits(28800, size=100))
    start(ai, "large", uri="s3://media/stereo.wav")
    assert get(ai, "large").failure_reason == "Invalid file size: file size too large."


def test_a_bucket_that_is_gone_when_the_output_is_written_fails(ai: Any, mock: Mock) -> None:
    start(ai, output_bucket_name="results")
    mock.s3.send("DeleteBucket", Bucket="results")
    assert "write permission" in get(ai).failure_reason


def test_speakers_are_labelled(ai: Any, mock: Mock) -> None:
    job = done(ai, settings={"ShowSpeakerLabels": True, "MaxSpeakerLabels": 2})
    results = read(mock, job.transcript.transcript_file_uri)["results"]
    labels = results["speaker_labels"]
    heard = {segment["speaker_label"] for segment in labels["segments"]}
    assert labels["speakers"] == len(heard) <= 2
    assert heard == {item["speaker_label"] for item in results["items"]}
    words = [item for item in results["items"] if item["type"] == "pronunciation"]
    times = [item["start_time"] for segment in labels["segments"] for item in segment["items"]]
    assert times == [item["start_time"] for item in words]


def test_channels_are_told_apart(ai: Any, mock: Mock) -> None:
    job = done(ai, uri="s3://media/stereo.wav", settings={"ChannelIdentification": True})
    results = read(mock, job.transcript.transcript_file_uri)["results"]
    channels = results["channel_labels"]
    assert channels["number_of_channels"] == 2
    assert [channel["channel_label"] for channel in channels["channels"]] == ["ch_0", "ch_1"]
    assert sum(len(channel["items"]) for channel in channels["channels"]) == len(results["items"])


def test_alternatives_are_shown_for_every_segment(ai: Any, mock: Mock) -> None:
    job = done(ai, settings={"ShowAlternatives": True, "MaxAlternatives": 3})
    results = read(mock, job.transcript.transcript_file_uri)["results"]
    for segment, plain in zip(results["segments"], results["audio_segments"], strict=True):
        transcripts = [one["transcript"] for one in segment["alternatives"]]
        assert transcripts[0] == plain["transcript"]
        assert 1 <= len(set(transcripts)) == len(transcripts) <= 3


def test_languages_are_identified_among_the_options(ai: Any, mock: Mock) -> None:
    options = ["de-DE", "fr-FR"]
    job = done(ai, identify_language=True, language_options=options)
    assert job.language_code in options
    assert 0 < job.identified_language_score <= 1
    results = read(mock, job.transcript.transcript_file_uri)["results"]
    assert results["language_code"] == job.language_code
    assert {one["code"] for one in results["language_identification"]} == set(options)
    many = done(ai, "many", identify_multiple_languages=True, language_options=options)
    (spoken,) = many.language_codes
    assert (spoken.language_code in options, spoken.duration_in_seconds) == (True, 20)
    results = read(mock, many.transcript.transcript_file_uri)["results"]
    assert results["language_codes"] == [{"language_code": spoken.language_code, "duration_in_seconds": 20.0}]


def test_a_vocabulary_filter_masks_removes_or_tags(ai: Any, mock: Mock) -> None:
    plain = read(mock, done(ai).transcript.transcript_file_uri)["results"]
    word = next(item for item in plain["items"] if item["type"] == "pronunciation")["alternatives"][0]["content"]
    ai.transcribe.create_vocabulary_filter(vocabulary_filter_name="words", language_code="en-US", words=[word.lower()])
    mock.s3["media/words.txt"] = f"{word}\n\n"
    ai.transcribe.create_vocabulary_filter(
        vocabulary_filter_name="file", language_code="en-US", vocabulary_filter_file_uri="s3://media/words.txt"
    )

    def first(method: str, name: str = "words") -> Any:
        settings = {"VocabularyFilterName": name, "VocabularyFilterMethod": method}
        job = done(ai, f"{method}-{name}", settings=settings)
        return read(mock, job.transcript.transcript_file_uri)["results"]["items"][0]

    options = {"language_options": ["en-US", "en-GB"], "settings": {"VocabularyFilterMethod": "tag"}}
    each = {code: {"VocabularyFilterName": "words"} for code in ("en-US", "en-GB")}
    assert "language code of the vocabulary filter" in refused(
        start, ai, "each", identify_language=True, language_id_settings=each, **options
    )
    assert first("mask")["alternatives"][0]["content"] == "***"
    assert first("mask", "file")["alternatives"][0]["content"] == "***"
    assert first("remove")["alternatives"][0]["content"] != word
    assert (first("tag")["alternatives"][0]["content"], first("tag", "file")["vocabularyFilterMatch"]) == (word, True)


def test_redaction_takes_personal_information_out(ai: Any, mock: Mock) -> None:
    mock.s3["media/long.wav"] = wav(600)
    job = done(ai, uri="s3://media/long.wav", output_bucket_name="results", content_redaction=REDACTION)
    assert mock.s3.keys("results") == ["redacted-talk.json", "talk.json"]
    assert job.transcript.redacted_transcript_file_uri.endswith("/redacted-talk.json")
    whole, redacted = (read(mock, f"s3://results/{name}talk.json") for name in ("", "redacted-"))
    assert (whole.get("isRedacted"), redacted["isRedacted"]) == (None, True)
    taken = 0
    for before, after in zip(whole["results"]["items"], redacted["results"]["items"], strict=True):
        said, shown = before["alternatives"][0], after["alternatives"][0]
        if "redactions" in shown:
            taken += 1
            assert shown["content"] == "[PII]"
            assert said["content"] not in redacted["results"]["transcripts"][0]["transcript"]
        else:
            assert said == shown
    assert taken == redacted["results"]["transcripts"][0]["transcript"].count("[PII]") > 2
    only = {"RedactionType": "PII", "RedactionOutput": "redacted", "PiiEntityTypes": ["NAME"]}
    job = done(ai, "names", uri="s3://media/long.wav", output_bucket_name="results", content_redaction=only)
    assert job.transcript.transcript_file_uri is None
    items = read(mock, "s3://results/redacted-names.json")["results"]["items"]
    kinds = {one["type"] for item in items for one in item["alternatives"][0].get("redactions", ())}
    assert kinds == {"NAME"}


def test_subtitles_are_written_beside_the_transcript(ai: Any, mock: Mock) -> None:
    wanted = {"Formats": ["srt", "vtt"], "OutputStartIndex": 1}
    job = done(ai, output_bucket_name="results", output_key="out/mine.json", subtitles=wanted)
    assert mock.s3.keys("results") == ["out/mine.json", "out/mine.srt", "out/mine.vtt"]
    base = "https://s3.us-east-1.amazonaws.com/results/out/mine."
    assert job.subtitles.subtitle_file_uris == [f"{base}srt", f"{base}vtt"]
    srt, vtt = (mock.s3[f"results/out/mine.{format}"].decode() for format in ("srt", "vtt"))
    cues = re.findall(r"(\d+)\n(\d\d:\d\d:\d\d,\d{3}) --> (\d\d:\d\d:\d\d,\d{3})\n(.+)\n", srt)
    assert [int(cue[0]) for cue in cues] == list(range(1, len(cues) + 1))
    assert all(begin < end for _, begin, end, _ in cues)
    transcript = read(mock, "s3://results/out/mine.json")["results"]["transcripts"][0]["transcript"]
    assert " ".join(cue[3] for cue in cues) == transcript
    times = re.findall(r"(\d\d:\d\d:\d\d)\.(\d{3}) --> (\d\d:\d\d:\d\d)\.(\d{3})\n", vtt)
    assert [(f"{a},{b}", f"{c},{d}") for a, b, c, d in times] == [cue[1:3] for cue in cues]
    assert vtt.startswith("WEBVTT\n\n1\n00:00:00.")


def test_toxicity_is_reported_when_asked_for(ai: Any, mock: Mock) -> None:
    job = done(ai, toxicity_detection=[{"ToxicityCategories": ["ALL"]}])
    found = read(mock, job.transcript.transcript_file_uri)["results"]["toxicity_detection"]
    assert found
    assert all(0 <= one["toxicity"] <= 1 and len(one["categories"]) == 7 for one in found)


def test_jobs_have_tags(ai: Any) -> None:
    start(ai, tags=[{"Key": "team", "Value": "a"}])
    arn = "arn:aws:transcribe:us-east-1:123456789012:transcription-job/talk"
    assert [tag.key for tag in ai.transcribe.list_tags_for_resource(resource_arn=arn).tags] == ["team"]
    assert get(ai).tags[0].value == "a"
    ai.transcribe.delete_transcription_job(transcription_job_name="talk")
    with pytest.raises((NotFoundError, BadRequestError)):
        ai.transcribe.list_tags_for_resource(resource_arn=arn)
