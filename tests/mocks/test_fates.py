"""Jobs that take their course as a test tells them: every kind that the tables of resources know, and some in detail."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from aiservices_mocks import Clock, Mock, mock_ai
from aiservices_mocks.fates import Job, begun_by
from aiservices_mocks.resources import Resource
from aiservices_mocks.script import Rule

from aiservices.api.model import load
from aiservices.errors import InvalidCallError, NotMockedError
from tests.mocks.lived_in import LETTER
from tests.mocks.lives import ROWS, Life, find
from tests.mocks.worlds import ask

REASON = "The test wanted it."
DOCUMENT = {"S3Object": {"Bucket": "docs", "Name": "letter.pdf"}}
BLOCKS = [{"BlockType": "LINE", "Text": "as told"}]


def job_of(service: str, row: Resource) -> Job | None:
    create = row.operation("create", load(service))
    return begun_by(service, create.name) if create is not None else None


JOBS = [row for row in ROWS if job_of(*row.values) is not None]
WITHOUT_REASON = {
    "forecast-Dataset", "forecast-DatasetGroup", "lexv2-models-BotAlias", "lexv2-models-BotAnalyzer",
    "personalize-EventTracker", "frauddetector-EventsDeletion", "frauddetector-ModelVersion",
}  # fmt: skip
"""AWS says that they have failed, and not why."""


def begun(service: str, row: Resource, clock: Clock | None = None) -> tuple[Life, Rule]:
    """A world in which one can be begun, and the rule for what begins it."""
    life, job = Life(service, row, clock), job_of(service, row)
    assert job is not None
    return life, life.mock.on(f"{service}.{job.operation.name}")


def state(life: Life, named: dict[str, Any]) -> Any:
    """The state that is shown of one."""
    job = job_of(life.service, life.row)
    if job is None or job.shown is None or life.operation("read") is not None:
        return life.state(named)
    assert job.shown.input is not None
    shown = life.send(job.shown, {name: value for name, value in named.items() if name in job.shown.input.members})
    assert life.row.life is not None
    return find(shown, life.row.life.member)


def test_every_product_has_jobs_and_most_things_that_take_their_time_are_known():
    assert len(JOBS) > 90


@pytest.mark.parametrize(("service", "row"), JOBS)
def test_any_job_fails_for_the_reason_that_was_told(service, row):
    life, rule = begun(service, row)
    if row.noun == "Project":
        with pytest.raises(InvalidCallError, match="no state for having failed"):
            rule.job_fails()
        return
    if f"{service}-{row.noun}" in WITHOUT_REASON:
        with pytest.raises(InvalidCallError, match="no reason"):
            rule.job_fails(REASON)
        rule.job_fails()
    else:
        rule.job_fails(REASON)
    named = life.create()
    failed = state(life, named).upper()
    assert "FAIL" in failed or "ERROR" in failed
    assert (REASON in repr(life.record(named))) != (f"{service}-{row.noun}" in WITHOUT_REASON)


@pytest.mark.parametrize(("service", "row"), JOBS)
def test_any_job_hangs_for_as_long_as_one_waits(service, row):
    for clock in (Clock.auto(), Clock.manual()):
        life, rule = begun(service, row, clock)
        rule.job_hangs()
        named = life.create()
        life.mock.clock.advance(days=400)
        assert state(life, named) == row.life.created[-2][0]


@pytest.mark.parametrize(("service", "row"), JOBS)
def test_any_job_takes_the_time_that_was_told(service, row):
    life, rule = begun(service, row, Clock.manual())
    rule.job_takes(7)
    named = life.create()
    life.mock.clock.advance(seconds=6.5)
    before = state(life, named)
    assert before in [name for name, _ in row.life.created[:-1]]
    life.mock.clock.advance(seconds=0.5)
    assert state(life, named) != before


def analysing(mock: Mock) -> Any:
    mock.s3["docs/letter.pdf"] = LETTER
    return mock.on("textract.StartDocumentAnalysis")


def analysed(mock: Mock) -> Any:
    """What a job finds."""
    job = ask(mock, "textract.StartDocumentAnalysis", DocumentLocation=DOCUMENT, FeatureTypes=["FORMS"])["JobId"]
    return ask(mock, "textract.GetDocumentAnalysis", JobId=job)


def test_a_job_shows_in_the_end_what_was_told_and_for_the_rest_what_it_found():
    mock = Mock()
    analysing(mock).job_returns({"Blocks": BLOCKS}, times=1)
    found = analysed(mock)
    assert found["Blocks"] == BLOCKS
    assert (found["JobStatus"], found["DocumentMetadata"]) == ("SUCCEEDED", {"Pages": 2})
    assert len(analysed(mock)["Blocks"]) > 1
    found["Blocks"].clear()
    assert BLOCKS


def test_nothing_of_it_shows_before_the_end():
    mock = Mock(clock=Clock.manual())
    analysing(mock).job_returns({"Blocks": BLOCKS}, after=100)
    job = ask(mock, "textract.StartDocumentAnalysis", DocumentLocation=DOCUMENT, FeatureTypes=["FORMS"])["JobId"]
    mock.clock.advance(seconds=99)
    assert "Blocks" not in ask(mock, "textract.GetDocumentAnalysis", JobId=job)
    mock.clock.advance(seconds=1)
    assert ask(mock, "textract.GetDocumentAnalysis", JobId=job)["Blocks"] == BLOCKS


def test_a_job_whose_input_is_gone_ends_as_told_all_the_same():
    mock = Mock()
    analysing(mock).job_returns({"Blocks": BLOCKS, "DocumentMetadata": {"Pages": 1}})
    job = ask(mock, "textract.StartDocumentAnalysis", DocumentLocation=DOCUMENT, FeatureTypes=["FORMS"])["JobId"]
    del mock.s3["docs/letter.pdf"]
    found = ask(mock, "textract.GetDocumentAnalysis", JobId=job)
    assert (found["JobStatus"], found["Blocks"], "StatusMessage" in found) == ("SUCCEEDED", BLOCKS, False)


def test_jobs_follow_each_other_as_told_and_copies_remember(tmp_path):
    mock = Mock()
    analysing(mock).passes(1).job_fails("BAD_DOCUMENT", times=1).job_returns({"JobStatus": "PARTIAL_SUCCESS"}, times=1)
    assert [analysed(mock)["JobStatus"] for _ in range(4)] == ["SUCCEEDED", "FAILED", "PARTIAL_SUCCESS", "SUCCEEDED"]
    analysing(mock).job_fails("BAD_DOCUMENT")
    job = ask(mock, "textract.StartDocumentAnalysis", DocumentLocation=DOCUMENT, FeatureTypes=["FORMS"])["JobId"]
    mock.save(tmp_path / "state")
    for world in (mock.copy(), Mock.load(tmp_path / "state"), mock):
        found = ask(world, "textract.GetDocumentAnalysis", JobId=job)
        assert (found["JobStatus"], found["StatusMessage"]) == ("FAILED", "BAD_DOCUMENT")


def test_a_transcript_can_be_an_object_of_your_own():
    mock = Mock(strict=True)
    mock.s3["calls/one.wav"] = b"RIFF"
    mock.s3["results/one.json"] = '{"results": {"transcripts": [{"transcript": "Hello."}]}}'
    place = "https://s3.us-east-1.amazonaws.com/results/one.json"
    start = mock.on("transcribe.StartTranscriptionJob")
    start.job_returns({"TranscriptionJob": {"Transcript": {"TranscriptFileUri": place}}}, times=1)
    given = {"Media": {"MediaFileUri": "s3://calls/one.wav"}, "LanguageCode": "en-US"}
    ask(mock, "transcribe.StartTranscriptionJob", TranscriptionJobName="one", **given)
    found = ask(mock, "transcribe.GetTranscriptionJob", TranscriptionJobName="one")["TranscriptionJob"]
    assert found["TranscriptionJobStatus"] == "COMPLETED"
    assert found["Transcript"]["TranscriptFileUri"] == place
    assert found["Media"] == given["Media"]


def test_strict_mode_begins_jobs_whose_end_is_told_and_no_others_that_make_it_up():
    mock = Mock(strict=True)
    mock.s3["texts/in/a.txt"] = "Hello"
    mock.s3.make_bucket("results")
    mock.on("translate.StartTextTranslationJob").job_fails(REASON, times=1).job_hangs(times=1).job_takes(3)
    given = {
        "InputDataConfig": {"S3Uri": "s3://texts/in/", "ContentType": "text/plain"},
        "OutputDataConfig": {"S3Uri": "s3://results/out/"}, "DataAccessRoleArn": "arn:aws:iam::123456789012:role/r",
        "SourceLanguageCode": "en", "TargetLanguageCodes": ["fr"],
    }  # fmt: skip
    states = []
    for token in ("a", "b"):
        job = ask(mock, "translate.StartTextTranslationJob", ClientToken=token, **given)["JobId"]
        shown = ask(mock, "translate.DescribeTextTranslationJob", JobId=job)["TextTranslationJobProperties"]
        states.append(shown["JobStatus"])
    assert states == ["FAILED", "IN_PROGRESS"]
    assert shown["SourceLanguageCode"] == "en"


def test_raw_boto3_sees_it_too():
    with mock_ai(clock=Clock.manual()) as mock:
        mock.s3["texts/one.txt"] = "What a lovely day!\n"
        mock.on("comprehend.StartSentimentDetectionJob").job_fails("No access.", after=30)
        comprehend = boto3.client("comprehend", region_name="us-east-1")
        job = comprehend.start_sentiment_detection_job(
            InputDataConfig={"S3Uri": "s3://texts/", "InputFormat": "ONE_DOC_PER_LINE"},
            OutputDataConfig={"S3Uri": "s3://texts/out/"},
            DataAccessRoleArn="arn:aws:iam::123456789012:role/comprehend",
            LanguageCode="en",
        )["JobId"]
        mock.clock.advance(seconds=30)
        shown = comprehend.describe_sentiment_detection_job(JobId=job)["SentimentDetectionJobProperties"]
        assert (shown["JobStatus"], shown["Message"]) == ("FAILED", "No access.")
        assert "texts/out" not in " ".join(mock.s3)


def test_what_cannot_be_told_is_refused_at_once():
    mock = Mock()
    for what, tell, said in (
        ("comprehend.DetectSentiment", lambda rule: rule.job_fails(), "begins no job"),
        ("textract", lambda rule: rule.job_hangs(), "needs one operation"),
        ("s3.PutObject", lambda rule: rule.job_takes(3), "begins no job"),
        ("textract.StartDocumentAnalysis", lambda rule: rule.job_returns({"Block": []}), 'did you mean "Blocks"'),
        ("textract.StartDocumentAnalysis", lambda rule: rule.job_takes(-1), "from 0 on"),
        ("kendra.StartDataSourceSyncJob", lambda rule: rule.job_returns({}), "lists only"),
    ):
        with pytest.raises(InvalidCallError, match=said):
            tell(mock.on(what))
    with pytest.raises(NotMockedError):
        ask(Mock(strict=True), "rekognition.DetectFaces", Image={"Bytes": b"x"})
