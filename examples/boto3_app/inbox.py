"""Letters in S3, sorted: who is to answer first, and what may be shown. Raw boto3, nothing of aiservices."""

from __future__ import annotations

import json
from collections.abc import Iterator

import boto3
from botocore.exceptions import ClientError

REGION = "us-east-1"
KNOWN = ("en", "es")
"""Languages in which Comprehend finds personal data."""


def letters(bucket: str) -> Iterator[tuple[str, str]]:
    """Name and text of what lies in the bucket's inbox."""
    s3 = boto3.client("s3", region_name=REGION)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="inbox/"):
        for found in page.get("Contents", []):
            body = s3.get_object(Bucket=bucket, Key=found["Key"])["Body"]
            yield found["Key"].removeprefix("inbox/"), body.read().decode()


def sort(bucket: str) -> dict[str, str]:
    """Write each letter without personal data to `sorted/<mood>/`; the mood of each, `unread` where AWS had none."""
    s3 = boto3.client("s3", region_name=REGION)
    moods = {}
    for name, text in letters(bucket):
        try:
            moods[name], shown = read(text)
        except ClientError as error:
            moods[name], shown = "unread", json.dumps(error.response["Error"])
        s3.put_object(Bucket=bucket, Key=f"sorted/{moods[name]}/{name}", Body=shown.encode())
    return moods


def read(text: str) -> tuple[str, str]:
    """The mood of a letter, and its words without personal data."""
    comprehend = boto3.client("comprehend", region_name=REGION)
    languages = comprehend.detect_dominant_language(Text=text)["Languages"]
    language = max(languages, key=lambda one: one["Score"])["LanguageCode"]
    mood = comprehend.detect_sentiment(Text=text, LanguageCode=language)["Sentiment"].lower()
    if language in KNOWN:
        found = comprehend.detect_pii_entities(Text=text, LanguageCode=language)["Entities"]
        for one in sorted(found, key=lambda one: -one["BeginOffset"]):
            text = f"{text[: one['BeginOffset']]}[{one['Type']}]{text[one['EndOffset'] :]}"
    return mood, text
