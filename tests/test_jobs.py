"""Waiting for jobs and resources, on a clock that nobody waits for."""

from __future__ import annotations

import pickle
from itertools import pairwise
from typing import Any

import pytest
from aiservices_mocks import Clock

from aiservices.errors import DeadlineExceededError, InvalidCallError, JobFailedError
from aiservices.jobs import Job, Progress, counted, find, outcome, wait


def reads(*statuses: str, **members: Any) -> Any:
    left = list(statuses)
    return lambda: {"JobStatus": left.pop(0) if len(left) > 1 else left[0], **members}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("IN_PROGRESS", "running"), ("SUBMITTED", "running"), ("CREATE PENDING", "running"), ("inProgress", "running"),
        ("Building", "running"), ("DELETING", "running"), ("COMPLETED", "done"), ("SUCCEEDED", "done"),
        ("PARTIAL_SUCCESS", "done"), ("ACTIVE", "done"), ("completed", "done"), ("IN_SERVICE", "done"),
        ("ReadyExpressTesting", "done"), ("FAILED", "failed"), ("CREATE FAILED", "failed"), ("CREATE_FAILED", "failed"),
        ("IN_ERROR", "failed"), ("STOPPED", "failed"), ("ABORTED", "failed"),
    ],
)  # fmt: skip
def test_every_products_words_mean_one_of_three_things(status: str, expected: str) -> None:
    assert outcome(status) == expected


def test_waiting_looks_more_and_more_rarely_and_tells_progress() -> None:
    clock = Clock.auto()
    told: list[Progress] = []
    reply = wait(
        reads("SUBMITTED", "IN_PROGRESS", "IN_PROGRESS", "COMPLETED"), clock, what="a job", progress=told.append
    )
    assert reply["JobStatus"] == "COMPLETED"
    assert [one.status for one in told] == ["SUBMITTED", "IN_PROGRESS", "IN_PROGRESS", "COMPLETED"]
    seconds = [one.seconds for one in told]
    gaps = [b - a for a, b in pairwise(seconds)]
    assert gaps == sorted(gaps)
    assert gaps[0] < gaps[-1]


def test_a_failure_is_raised_with_awss_reason() -> None:
    with pytest.raises(JobFailedError, match="no such bucket") as caught:
        wait(reads("FAILED", FailureReason="no such bucket"), Clock.auto(), what="a job")
    assert (caught.value.status, caught.value.reason) == ("FAILED", "no such bucket")


def test_a_timeout_ends_the_wait_and_not_the_job() -> None:
    clock = Clock.auto()
    begin = clock.monotonic()
    with pytest.raises(DeadlineExceededError, match="it runs on"):
        wait(reads("IN_PROGRESS"), clock, what="a job", timeout=60)
    assert clock.monotonic() - begin <= 60


@pytest.mark.parametrize("timeout", ["5", -1, float("nan")])
def test_a_timeout_is_a_number_of_seconds_however_soon_it_ends(timeout: Any) -> None:
    with pytest.raises(InvalidCallError, match="seconds"):
        wait(reads("COMPLETED"), Clock.auto(), what="a job", timeout=timeout)


def test_the_status_is_found_one_structure_down() -> None:
    assert (
        find({"ResponseMetadata": {"HTTPStatus": "x"}, "SynthesisTask": {"TaskStatus": "scheduled"}}, "status")
        == "scheduled"
    )


def test_progress_on_the_console_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    wait(reads("IN_PROGRESS", "COMPLETED", ProgressPercent=40), Clock.auto(), what="a job", progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "a job: IN_PROGRESS 40 %" in err


def test_many_calls_tell_how_many_are_through() -> None:
    told: list[Progress] = []
    clock = Clock.manual()
    double = counted(lambda n: 2 * n, 4, clock, what="comprehend.DetectSentiment", progress=told.append)
    assert [double(n) for n in range(4)] == [0, 2, 4, 6]
    assert [one.percent for one in told] == [25, 50, 75, 100]
    assert [one.status for one in told] == ["IN_PROGRESS"] * 3 + ["COMPLETED"]


def test_without_progress_the_function_is_the_same() -> None:
    assert counted(abs, 3, Clock.manual(), what="x", progress=False) is abs


def test_progress_of_another_kind_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(InvalidCallError, match="not a str"):
        wait(lambda: pytest.fail("asked"), Clock.manual(), what="x", progress="yes")  # type: ignore[arg-type]  # a wrong argument is the test


def test_a_job_says_why_it_cannot_be_pickled() -> None:
    job: Job[str] = Job(None, "id-1", what="x", read=dict, result=str)  # type: ignore[arg-type]  # a wrong argument is the test
    with pytest.raises(TypeError, match="keep its id"):
        pickle.dumps(job)
