"""A recording played against a backend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI
from aiservices.__main__ import main
from aiservices.backends import Recording
from aiservices.call import Backend, Call
from aiservices.errors import InvalidCallError, ServiceError
from aiservices.verify import Difference, verify

ROLE = "arn:aws:iam::210987654321:role/reads"
PAGE = b"<html><body>words</body></html>"


def elsewhere() -> Mock:
    """A world that gives other names: what stands for AWS."""
    return Mock(seed=11, account="210987654321", clock=Clock.manual("2026-01-01T00:00:00Z"))


def session(mock: Mock, backend: Backend) -> None:
    def ask(name: str, **params: Any) -> Any:
        service, _, operation = name.partition(".")
        return backend.send(Call(service, operation, params))

    ask("comprehend.DetectSentiment", Text="Great!", LanguageCode="en")
    index = ask("kendra.CreateIndex", Name="one", RoleArn=ROLE)["Id"]
    ask("kendra.DescribeIndex", Id=index)
    mock.clock.advance(hours=2)
    ask("kendra.DescribeIndex", Id=index)
    for name in ("two", "three"):
        ask("kendra.CreateIndex", Name=name, RoleArn=ROLE)
    token = ask("kendra.ListIndices", MaxResults=2)["NextToken"]
    ask("kendra.ListIndices", MaxResults=2, NextToken=token)
    ask("s3.CreateBucket", Bucket="texts")
    ask("s3.PutObject", Bucket="texts", Key="in.txt", Body=b"Great!\nAwful.")
    job = ask(
        "comprehend.StartSentimentDetectionJob", InputDataConfig={"S3Uri": "s3://texts/in.txt"}, LanguageCode="en",
        OutputDataConfig={"S3Uri": "s3://texts/out"}, DataAccessRoleArn=ROLE,
    )  # fmt: skip
    ask("comprehend.DescribeSentimentDetectionJob", JobId=job["JobId"])
    mock.clock.advance(hours=2)
    done = ask("comprehend.DescribeSentimentDetectionJob", JobId=job["JobId"])
    uri = done["SentimentDetectionJobProperties"]["OutputDataConfig"]["S3Uri"]
    ask("s3.GetObject", Bucket="texts", Key=uri.removeprefix("s3://texts/"))
    ask("comprehend.ListTagsForResource", ResourceArn=job["JobArn"])
    with pytest.raises(ServiceError):
        ask("polly.GetLexicon", Name="none")
    mock.on("polly.ListLexicons").throttles(times=1)
    with pytest.raises(ServiceError):
        ask("polly.ListLexicons")


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    mock, path = elsewhere(), tmp_path / "tape.jsonl"
    session(mock, Recording(mock, path))
    return path


def changed(tape: Path, name: str, change: Callable[[dict[str, Any]], Any]) -> None:
    """Let AWS have answered otherwise."""
    lines = [json.loads(line) for line in tape.read_text("utf-8").splitlines()]
    for line in lines[1:]:
        if line["call"] == name:
            change(line)
    tape.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


def test_another_world_answers_alike_under_its_own_names(tape: Path) -> None:
    verified = verify(tape, Mock())
    assert verified.differences == []
    assert (verified.compared, verified.left_out) == (13, 4)  # S3's replies and the throttled call are left out
    assert str(verified) == "13 calls compared, 0 differ; 4 left out"


def test_buckets_named_after_the_account_are_the_same_ones(tmp_path: Path) -> None:
    """Those of the verbs are; and ARNs that the caller wrote have the region of the recording."""
    path = tmp_path / "tape.jsonl"
    mock = elsewhere().at("eu-west-1")
    with AI(backend=Recording(mock, path)) as ai:
        started = ai.comprehend.start("sentiment", ["Great!", "Awful."])
        mock.clock.advance(hours=2)
        started.wait()
        arn = f"arn:aws:comprehend:eu-west-1:210987654321:sentiment-detection-job/{started.id}"
        ai.comprehend.tag_resource(resource_arn=arn, tags=[{"Key": "team", "Value": "search"}])
    verified = verify(path, Mock())
    assert (verified.differences, verified.compared >= 3) == ([], True)


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        (
            "comprehend.DetectSentiment",
            lambda line: line["reply"]["SentimentScore"].pop("Mixed"),
            "line 2, comprehend.DetectSentiment: SentimentScore.Mixed was not recorded",
        ),
        (
            "comprehend.DetectSentiment",
            lambda line: line["reply"].update(Sentiment=1, Confidence="x"),
            "line 2, comprehend.DetectSentiment: Confidence is missing\n"
            "line 2, comprehend.DetectSentiment: Sentiment is string, was number",
        ),
        (
            "comprehend.StartSentimentDetectionJob",
            lambda line: line["reply"].update(JobStatus="FAILED"),
            "line 12, comprehend.StartSentimentDetectionJob: JobStatus is SUBMITTED, was FAILED",
        ),
        (
            "polly.GetLexicon",
            lambda line: line["error"].update(code="InvalidLexiconException"),
            "line 17, polly.GetLexicon: LexiconNotFoundException instead of InvalidLexiconException",
        ),
        (
            "polly.GetLexicon",
            lambda line: (line.pop("error"), line.update(reply={"Lexicon": {}})),
            "line 17, polly.GetLexicon: LexiconNotFoundException instead of an answer",
        ),
    ],
)
def test_it_tells_where_answers_differ(tape: Path, name: str, change: Callable[[Any], Any], told: str) -> None:
    changed(tape, name, change)
    verified = verify(tape, Mock())
    assert str(verified) == f"{told}\n13 calls compared, 1 differ; 4 left out"


def test_a_job_that_failed_is_no_job_that_is_further(tape: Path) -> None:
    def fail(line: dict[str, Any]) -> None:
        line["reply"]["SentimentDetectionJobProperties"]["JobStatus"] = "FAILED"

    changed(tape, "comprehend.DescribeSentimentDetectionJob", fail)
    where = "SentimentDetectionJobProperties.JobStatus"
    found = [one for one in verify(tape, Mock()).differences if one.kind == "state"]
    assert [(one.where, one.recorded, one.answered) for one in found] == [(where, "FAILED", "COMPLETED")] * 2


def test_contents_are_not_told(tape: Path) -> None:
    changed(tape, "comprehend.DetectSentiment", lambda line: line.update(params={"Text": "My secret words"}))
    [difference] = verify(tape, Mock()).differences
    assert difference == Difference(2, "comprehend.DetectSentiment", "code", "", "", "ValidationException")


def test_what_the_mock_does_not_answer_is_a_difference(tape: Path) -> None:
    mock = Mock()
    mock.on("kendra.DescribeIndex").loses_response()
    codes = [one.answered for one in verify(tape, mock).differences]
    assert codes == ["TransportError"]


def test_contents_that_were_not_recorded_are_left_out(tmp_path: Path) -> None:
    mock, path = elsewhere(), tmp_path / "tape.jsonl"
    session(mock, Recording(mock, path, "hash"))
    played = Mock()
    assert verify(path, played).left_out == 4
    played.calls("comprehend.DetectSentiment").never()
    played.calls("s3.PutObject").never()
    played.calls("kendra.DescribeIndex").times(2)


def test_the_command(tape: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tape), "--backend", "mock"]) == 0
    assert capsys.readouterr().out == "13 calls compared, 0 differ; 4 left out\n"
    changed(tape, "comprehend.DetectSentiment", lambda line: line["reply"].pop("Sentiment"))
    assert main(["verify", str(tape)]) == 1
    assert "Sentiment was not recorded" in capsys.readouterr().out
    assert main(["verify", str(tape), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["differences"] == [
        {"line": 2, "call": "comprehend.DetectSentiment", "kind": "more", "where": "Sentiment", "recorded": "", "answered": ""}
    ]  # fmt: skip
    assert main(["verify", str(tape.parent / "none")]) == 2
    assert "there is no recording" in capsys.readouterr().err


def test_nothing_compared_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tape.jsonl"
    Recording(Mock(), path)
    assert main(["verify", str(path)]) == 2


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidCallError, match="there is no recording"):
        verify(tmp_path / "none", Mock())
