"""Bulk analysis: a manifest in, a manifest and its summary out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI
from aiservices.errors import BadRequestError, ConflictError, NotFoundError
from tests.pictures import png

CONFIG = {"DetectModerationLabels": {"MinConfidence": 60.0}}
MANIFEST = {"S3Object": {"Bucket": "data", "Name": "m.jsonl"}}


@pytest.fixture(autouse=True)
def _manifest(mock: Mock) -> None:
    fill(mock)


def fill(mock: Mock) -> None:
    for number in range(3):
        mock.s3[f"data/{number}.png"] = png(number)
    sources = [f"s3://data/{number}.png" for number in range(3)]
    mock.s3["data/m.jsonl"] = "\n".join(json.dumps({"source-ref": source}) for source in sources)
    mock.s3.make_bucket("results")


def start(ai: Any, **members: Any) -> str:
    given = {"operations_config": CONFIG, "input": MANIFEST, "output_config": {"S3Bucket": "results"}}
    id: str = ai.rekognition.start_media_analysis_job(**{**given, **members}).job_id
    return id


def test_every_picture_is_analysed_as_alone(ai: Any, mock: Mock) -> None:
    job = start(ai, output_config={"S3Bucket": "results", "S3KeyPrefix": "mine/"}, job_name="first", kms_key_id="key")
    told = ai.rekognition.get_media_analysis_job(job_id=job)
    assert (told.status, told.job_name, told.kms_key_id) == ("SUCCEEDED", "first", "key")
    assert told.completion_timestamp > told.creation_timestamp
    assert told.results.s3_object.name == f"mine/{job}/results.jsonl"
    assert told.results.model_versions.moderation == "7.0"
    lines = [json.loads(line) for line in mock.s3[f"results/mine/{job}/results.jsonl"].splitlines()]
    assert [line["source-ref"] for line in lines] == [f"s3://data/{number}.png" for number in range(3)]
    for number, line in enumerate(lines):
        alone = ai.rekognition.detect_moderation_labels(image={"Bytes": png(number)}, min_confidence=60.0)
        found = [label["Name"] for label in line["detect-moderation-labels"]["ModerationLabels"]]
        assert found == [label.name for label in alone.moderation_labels]
    summary = json.loads(mock.s3[f"results/{told.manifest_summary.s3_object.name}"])
    counts = {"total-json-lines": 3, "valid-json-lines": 3, "invalid-json-lines": 0}
    assert summary == {"version": "1.0", "statistics": counts, "errors": []}


def test_lines_that_cannot_be_handled_are_told(ai: Any, mock: Mock) -> None:
    mock.s3["data/no.png"] = b"no picture"
    lines = ['{"source-ref": "s3://data/1.png"}', "no JSON", '{"source-ref": "s3://data/none.png"}']
    mock.s3["data/m.jsonl"] = "\n".join([*lines, '{"source-ref": "s3://data/no.png"}'])
    job = start(ai)
    assert ai.rekognition.get_media_analysis_job(job_id=job).status == "SUCCEEDED"
    assert len(mock.s3[f"results/{job}/results.jsonl"].splitlines()) == 1
    summary = json.loads(mock.s3[f"results/{job}/manifest-summary.json"])
    assert summary["statistics"]["invalid-json-lines"] == 3
    assert [(error["line-numer"], error["code"], error.get("source-ref")) for error in summary["errors"]] == [
        (2, "InvalidManifestException", None),
        (3, "InvalidS3ObjectException", "s3://data/none.png"),
        (4, "InvalidImageFormatException", "s3://data/no.png"),
    ]


def test_a_job_that_cannot_write_or_read_fails(ai: Any, mock: Mock) -> None:
    job = start(ai, output_config={"S3Bucket": "no-bucket"})
    told = ai.rekognition.get_media_analysis_job(job_id=job)
    assert (told.status, told.failure_details.code, told.results) == ("FAILED", "INVALID_OUTPUT_CONFIG", None)
    gone = start(ai)
    del mock.s3["data/m.jsonl"]
    assert ai.rekognition.get_media_analysis_job(job_id=gone).failure_details.code == "INVALID_S3_OBJECT"
    fill(mock)
    changed = start(ai)
    mock.s3["data/m.jsonl"] = b"\xff"
    assert ai.rekognition.get_media_analysis_job(job_id=changed).failure_details.code == "INVALID_MANIFEST"


def test_what_a_job_needs_is_looked_at_when_it_begins(ai: Any, mock: Mock) -> None:
    with pytest.raises(BadRequestError, match="InvalidS3Object"):
        start(ai, input={"S3Object": {"Bucket": "data", "Name": "none.jsonl"}})
    with pytest.raises(BadRequestError, match="InvalidParameter"):
        start(ai, operations_config={})
    adapter = "arn:aws:rekognition:us-east-1:123456789012:project/safe/version/one/1"
    with pytest.raises(NotFoundError):
        start(ai, operations_config={"DetectModerationLabels": {"ProjectVersion": adapter}})
    for data in (b"", b"\xff", b"{}\n" * 10_001):
        mock.s3["data/m.jsonl"] = data
        with pytest.raises(BadRequestError, match="InvalidManifest"):
            start(ai)
    assert ai.rekognition.list_media_analysis_jobs().media_analysis_jobs == []
    with pytest.raises(NotFoundError):
        ai.rekognition.get_media_analysis_job(job_id="0" * 32)


def test_jobs_are_listed_in_pages_and_begun_once_for_a_token(ai: Any) -> None:
    jobs = [start(ai, client_request_token=f"token-{number}") for number in range(3)]
    assert start(ai, client_request_token="token-0") == jobs[0]
    with pytest.raises(ConflictError, match="IdempotentParameterMismatch"):
        start(ai, client_request_token="token-0", job_name="other")
    first = ai.rekognition.list_media_analysis_jobs(max_results=2)
    rest = ai.rekognition.list_media_analysis_jobs(max_results=2, next_token=first.next_token)
    assert [job.job_id for job in [*first.media_analysis_jobs, *rest.media_analysis_jobs]] == jobs[::-1]
    assert {job.status for job in first.media_analysis_jobs} == {"SUCCEEDED"}


def test_a_job_waits_in_a_queue() -> None:
    mock = Mock(clock=Clock.manual())
    fill(mock)
    with AI(backend=mock) as ai:
        job = start(ai)
        seen = []
        for seconds in (0, 1, 10, 120):
            mock.clock.advance(seconds=seconds)
            seen.append(ai.rekognition.get_media_analysis_job(job_id=job).status)
        assert seen == ["CREATED", "QUEUED", "IN_PROGRESS", "SUCCEEDED"]
