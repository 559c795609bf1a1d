"""Objects, jobs, streams and faults: an application's day, told of the server by its environment alone."""

from __future__ import annotations

import io
import json
import tarfile
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::123456789012:role/reader"


def put(address: str, data: bytes, headers: dict[str, str]) -> int:
    request = urllib.request.Request(address, data, headers, method="PUT")
    with urllib.request.urlopen(request, timeout=20) as reply:
        return int(reply.status)


def test_a_large_file_goes_in_parts_and_comes_back(s3: Any, bucket: str, tmp_path: Path) -> None:
    content = bytes(range(256)) * 60_000
    (tmp_path / "large").write_bytes(content)
    parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20, max_concurrency=4)
    s3.upload_file(str(tmp_path / "large"), bucket, "large ü+.bin", Config=parts)
    s3.get_waiter("object_exists").wait(Bucket=bucket, Key="large ü+.bin", WaiterConfig={"Delay": 0})
    s3.download_file(bucket, "large ü+.bin", str(tmp_path / "again"), Config=parts)
    assert (tmp_path / "again").read_bytes() == content


@pytest.mark.parametrize("data", [b"PK\x05\x06\xff\xfe", b"a=b&c=d", b""])
def test_a_presigned_address_takes_whatever_is_put_there(bucket: str, data: bytes) -> None:
    """urllib, as curl does, calls every body a form unless it is told better."""
    s3 = boto3.client("s3", config=Config(signature_version="s3v4"))
    named = {"Bucket": bucket, "Key": "put"}
    assert put(s3.generate_presigned_url("put_object", Params=named), data, {}) == 200
    with urllib.request.urlopen(s3.generate_presigned_url("get_object", Params=named), timeout=20) as reply:
        assert reply.read() == data


def test_a_document_is_read_by_a_job(client: Any, s3: Any, bucket: str, data: Path) -> None:
    s3.upload_file(str(data / "invoice.pdf"), bucket, "invoice.pdf")
    textract = client("textract")
    place = {"S3Object": {"Bucket": bucket, "Name": "invoice.pdf"}}
    job = textract.start_document_analysis(DocumentLocation=place, FeatureTypes=["TABLES", "FORMS"])
    assert textract.get_document_analysis(JobId=job["JobId"])["JobStatus"] == "SUCCEEDED"
    page = textract.get_document_analysis(JobId=job["JobId"], MaxResults=100)
    blocks = page["Blocks"]
    while "NextToken" in page:
        page = textract.get_document_analysis(JobId=job["JobId"], MaxResults=100, NextToken=page["NextToken"])
        blocks += page["Blocks"]
    assert len(blocks) > 100
    assert len({block["Id"] for block in blocks}) == len(blocks)
    assert {"TABLE", "CELL", "KEY_VALUE_SET"} <= {block["BlockType"] for block in blocks}


def test_texts_are_judged_by_a_job(client: Any, s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="texts/a.txt", Body=b"What a lovely day!\nIch hasse das, schrecklich.\n")
    comprehend = client("comprehend")
    job = comprehend.start_dominant_language_detection_job(
        InputDataConfig={"S3Uri": f"s3://{bucket}/texts/", "InputFormat": "ONE_DOC_PER_LINE"},
        OutputDataConfig={"S3Uri": f"s3://{bucket}/judged/"},
        DataAccessRoleArn=ROLE,
    )
    told = comprehend.describe_dominant_language_detection_job(JobId=job["JobId"])
    place = told["DominantLanguageDetectionJobProperties"]["OutputDataConfig"]["S3Uri"]
    body = s3.get_object(Bucket=bucket, Key=place.removeprefix(f"s3://{bucket}/"))["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        output = archive.extractfile("output")
        assert output is not None
        lines = [json.loads(line) for line in output]
    assert [line["Languages"][0]["LanguageCode"] for line in lines] == ["en", "de"]


def test_code_is_uploaded_to_the_address_that_is_told(client: Any) -> None:
    security = client("codeguru-security")
    upload = security.create_upload_url(scanName="shop")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "import os\n\n\ndef run(name):\n    os.system('ls ' + name)\n")
    assert put(upload["s3Url"], code.getvalue(), upload["requestHeaders"]) == 200
    security.create_scan(scanName="shop", resourceId={"codeArtifactId": upload["codeArtifactId"]})
    assert security.get_scan(scanName="shop")["scanState"] == "Successful"
    pages = security.get_paginator("get_findings").paginate(scanName="shop")
    assert [finding["detectorId"] for page in pages for finding in page["findings"]]


def test_speech_is_streamed_piece_by_piece(client: Any) -> None:
    reply = client("polly").synthesize_speech(Text="hello " * 200, OutputFormat="mp3", VoiceId="Joanna")
    pieces = list(reply["AudioStream"].iter_chunks(4096))
    assert len(pieces) > 5
    assert reply["ContentType"] == "audio/mpeg"


def test_throttling_is_retried_until_it_ends(control: Callable[..., Any]) -> None:
    fault = {"code": "ThrottlingException", "message": "Slow down.", "times": 2}
    control("POST", "script", {"operation": "translate.ListLanguages", "fails": fault})
    translate = boto3.client("translate", config=Config(retries={"mode": "standard", "total_max_attempts": 3}))
    assert translate.list_languages()["ResponseMetadata"]["RetryAttempts"] == 2


def test_errors_are_the_services_own(client: Any) -> None:
    comprehend = client("comprehend")
    with pytest.raises(comprehend.exceptions.ResourceNotFoundException):
        comprehend.describe_endpoint(
            EndpointArn="arn:aws:comprehend:us-east-1:123456789012:document-classifier-endpoint/x"
        )
    with pytest.raises(ClientError) as raised:
        comprehend.detect_sentiment(Text="x", LanguageCode="xx")
    assert raised.value.response["Error"]["Code"] == "ValidationException"
