"""Custom models of Comprehend that are trained and serve: what their examples are, and a world in which they are."""

from __future__ import annotations

from typing import Any

from aiservices_mocks import Mock

from tests.mocks.worlds import ask

ROLE = "arn:aws:iam::123456789012:role/comprehend"
_ARN = "arn:aws:comprehend:us-east-1:123456789012:"
CLASSES = f"{_ARN}document-classifier-endpoint/live"
NAMES = f"{_ARN}entity-recognizer-endpoint/live"

_SPAM = ("win", "prize", "cash", "claim", "free", "money")
_HAM = ("lunch", "meeting", "train", "tomorrow", "garden", "book")
DEVICES = ("AnyPhone", "AnyPad Pro", "AnyWatch")


def examples(spam: int = 20, ham: int = 20) -> str:
    """Texts with their class, as CSV."""
    rows = [
        f"{label},{words[n % 6]} {words[(n // 2 + 1) % 6]} and {words[(n + 3) % 6]} number {n}"
        for label, words, count in (("spam", _SPAM, spam), ("ham", _HAM, ham))
        for n in range(count)
    ]
    return "\n".join(rows) + "\n"


def reports(number: int = 30) -> tuple[str, str]:
    """Lines that name devices, and the annotations of these as CSV."""
    lines, marks = [], ["File,Line,Begin Offset,End Offset,Type"]
    for n in range(number):
        device = DEVICES[n % len(DEVICES)]
        lines.append(f"My {device} broke on day {n}.")
        marks.append(f"reports.txt,{n},3,{3 + len(device)},DEVICE")
    return "\n".join(lines) + "\n", "\n".join(marks) + "\n"


def classifier_input(mock: Mock) -> dict[str, Any]:
    """Put examples of two classes into S3; the input that names them."""
    mock.s3["training/spam.csv"] = examples()
    return {"S3Uri": "s3://training/spam.csv"}


def recognizer_input(mock: Mock, number: int = 30) -> dict[str, Any]:
    """Put annotated lines into S3; the input that names them."""
    mock.s3["training/reports.txt"], mock.s3["training/marks.csv"] = reports(number)
    return {
        "EntityTypes": [{"Type": "DEVICE"}],
        "Documents": {"S3Uri": "s3://training/reports.txt"},
        "Annotations": {"S3Uri": "s3://training/marks.csv"},
    }


def serve(mock: Mock) -> None:
    """Train a classifier and a recognizer, and give each an endpoint."""
    shared = {"DataAccessRoleArn": ROLE, "LanguageCode": "en"}
    classifier = ask(
        mock, "comprehend.CreateDocumentClassifier", DocumentClassifierName="spam",
        InputDataConfig=classifier_input(mock), **shared,
    )["DocumentClassifierArn"]  # fmt: skip
    recognizer = ask(
        mock, "comprehend.CreateEntityRecognizer", RecognizerName="devices",
        InputDataConfig=recognizer_input(mock), **shared,
    )["EntityRecognizerArn"]  # fmt: skip
    for model in (classifier, recognizer):
        ask(mock, "comprehend.CreateEndpoint", EndpointName="live", ModelArn=model, DesiredInferenceUnits=1)
