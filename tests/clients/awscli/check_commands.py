"""The AWS CLI as people type it: commands, waits, files, pages and errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import urllib.request
from pathlib import Path
from typing import Any

import pytest

AWS = str(Path(sys.executable).parent / "aws")
ROLE = "arn:aws:iam::123456789012:role/reader"


def run(*command: str, code: int = 0, **more: str) -> str:
    """What the command prints; what it says of an error, if that is expected."""
    done = subprocess.run([AWS, *command], capture_output=True, text=True, env={**os.environ, **more}, timeout=60)
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


def aws(*command: str) -> Any:
    """The answer, read."""
    return json.loads(run(*command, "--output", "json") or "null")


@pytest.fixture(scope="session")
def bucket() -> str:
    run("s3", "mb", "s3://cli-files")
    return "cli-files"


def test_a_text_is_judged() -> None:
    told = aws("comprehend", "detect-sentiment", "--language-code", "en", "--text", "What a lovely day!")
    assert told["Sentiment"] == "POSITIVE"


def test_what_is_asked_for_is_printed() -> None:
    text = run(
        "comprehend", "batch-detect-dominant-language", "--text-list", "Good morning", "Guten Morgen allerseits",
        "--query", "ResultList[].Languages[0].LanguageCode", "--output", "text",
    )  # fmt: skip
    assert text.split() == ["en", "de"]


def test_a_document_is_staged_and_read(bucket: str, data: Path) -> None:
    run("s3", "cp", str(data / "invoice.pdf"), f"s3://{bucket}/invoice.pdf")
    place = json.dumps({"S3Object": {"Bucket": bucket, "Name": "invoice.pdf"}})
    job = aws("textract", "start-document-text-detection", "--document-location", place)["JobId"]
    found = aws("textract", "get-document-text-detection", "--job-id", job)
    assert found["JobStatus"] == "SUCCEEDED"
    assert "Invoice" in " ".join(block.get("Text", "") for block in found["Blocks"]).title()


def test_a_picture_is_sent_as_bytes(data: Path) -> None:
    picture = f"fileb://{data / 'receipt.jpg'}"
    text = aws("rekognition", "detect-text", "--image-bytes", picture, "--query", "TextDetections[].DetectedText")
    assert any("TOTAL" in line.upper() for line in text)


def test_speech_goes_into_a_file(tmp_path: Path) -> None:
    how = ("--voice-id", "Joanna", "--output-format", "mp3")
    told = aws("polly", "synthesize-speech", "--text", "Good morning", *how, str(tmp_path / "a.mp3"))
    assert told["ContentType"] == "audio/mpeg"
    assert (tmp_path / "a.mp3").stat().st_size > 2000


def test_a_transcript_is_waited_for_and_fetched(bucket: str, sound: bytes, tmp_path: Path) -> None:
    (tmp_path / "call.wav").write_bytes(sound)
    run("s3", "cp", str(tmp_path / "call.wav"), f"s3://{bucket}/call.wav")
    name = ("--transcription-job-name", "call")
    media = f"MediaFileUri=s3://{bucket}/call.wav"
    run("transcribe", "start-transcription-job", *name, "--language-code", "en-US", "--media", media)
    run("transcribe", "wait", "transcription-job-completed", *name)
    address = run(
        "transcribe", "get-transcription-job", *name,
        "--query", "TranscriptionJob.Transcript.TranscriptFileUri", "--output", "text",
    )  # fmt: skip
    with urllib.request.urlopen(address.strip(), timeout=20) as reply:
        assert json.load(reply)["status"] == "COMPLETED"


def test_a_job_of_comprehend_reads_a_folder_and_writes_an_archive(bucket: str, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number, text in enumerate(("I love it, wonderful.", "Terrible, I hate it.")):
        (folder / f"{number}.txt").write_text(text, "utf-8")
    run("s3", "sync", str(folder), f"s3://{bucket}/texts/")
    job = aws(
        "comprehend", "start-sentiment-detection-job", "--language-code", "en", "--data-access-role-arn", ROLE,
        "--input-data-config", f"S3Uri=s3://{bucket}/texts/,InputFormat=ONE_DOC_PER_FILE",
        "--output-data-config", f"S3Uri=s3://{bucket}/judged/",
    )["JobId"]  # fmt: skip
    place = run(
        "comprehend", "describe-sentiment-detection-job", "--job-id", job,
        "--query", "SentimentDetectionJobProperties.OutputDataConfig.S3Uri", "--output", "text",
    ).strip()  # fmt: skip
    run("s3", "cp", place, str(tmp_path / "output.tar.gz"))
    with tarfile.open(tmp_path / "output.tar.gz") as archive:
        output = archive.extractfile("output")
        assert output is not None
        found = {line["File"]: line["Sentiment"] for line in map(json.loads, output)}
    assert found == {"0.txt": "POSITIVE", "1.txt": "NEGATIVE"}


def test_a_list_is_paged_by_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_text("en,de\nhello,hallo\n", "utf-8")
    for number in range(3):
        run(
            "translate", "import-terminology", "--name", f"t{number}", "--merge-strategy", "OVERWRITE",
            "--terminology-data", "Format=CSV", "--data-file", f"fileb://{tmp_path / 'terms.csv'}",
        )  # fmt: skip
    names = aws("translate", "list-terminologies", "--page-size", "1", "--query", "TerminologyPropertiesList[].Name")
    assert names == ["t0", "t1", "t2"]
    first = aws("translate", "list-terminologies", "--max-items", "2")
    rest = aws("translate", "list-terminologies", "--starting-token", first["NextToken"])
    assert [len(it["TerminologyPropertiesList"]) for it in (first, rest)] == [2, 1]


def test_a_bot_is_waited_for() -> None:
    made = aws(
        "lexv2-models", "create-bot", "--bot-name", "Greeter", "--role-arn", ROLE,
        "--data-privacy", "childDirected=false", "--idle-session-ttl-in-seconds", "300",
    )  # fmt: skip
    run("lexv2-models", "wait", "bot-available", "--bot-id", made["botId"])
    assert aws("lexv2-models", "describe-bot", "--bot-id", made["botId"])["botStatus"] == "Available"


def test_other_services_are_there_too(bucket: str) -> None:
    assert aws("sts", "get-caller-identity")["Account"] == "123456789012"
    assert bucket in run("s3", "ls")


def test_errors_are_told_as_the_command_line_tells_them() -> None:
    assert "(LexiconNotFoundException)" in run("polly", "get-lexicon", "--name", "none", code=255)
    told = run("comprehend", "detect-sentiment", "--language-code", "xx", "--text", "x", code=255)
    assert "(ValidationException)" in told
    assert "InvalidSignatureException" in run("polly", "list-lexicons", code=255, AWS_SECRET_ACCESS_KEY="wrong")


def test_a_profile_of_a_configuration_file_is_enough(tmp_path: Path, url: str) -> None:
    profile = [
        "[profile local]", "region = eu-west-1", f"endpoint_url = {url}",
        f"aws_access_key_id = {os.environ['AWS_ACCESS_KEY_ID']}",
        f"aws_secret_access_key = {os.environ['AWS_SECRET_ACCESS_KEY']}",
    ]  # fmt: skip
    (tmp_path / "config").write_text("\n".join(profile), "utf-8")
    bare = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    told = subprocess.run(
        [AWS, "--profile", "local", "comprehend", "detect-dominant-language", "--text", "Bonjour tout le monde"],
        capture_output=True, text=True, env={**bare, "AWS_CONFIG_FILE": str(tmp_path / "config")}, timeout=60, check=True,
    )  # fmt: skip
    assert json.loads(told.stdout)["Languages"][0]["LanguageCode"] == "fr"
