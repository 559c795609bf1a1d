"""What Rekognition's resources need to be there: videos, pictures, manifests."""

from __future__ import annotations

import json
from typing import Any

from aiservices_mocks.rekognition.finds import FINDS

from tests.pictures import mp4, png

VIDEO_JOBS = tuple(FINDS)


def filmed(life: Any, seed: int, **given: Any) -> dict[str, Any]:
    """A video that is there."""
    life.mock.s3["films/film.mp4"] = mp4()
    return {"Video": {"S3Object": {"Bucket": "films", "Name": "film.mp4"}}, **given}


def searched(life: Any, seed: int) -> dict[str, Any]:
    """A video, and a collection to search in."""
    return filmed(life, seed, CollectionId=life.used("Collection"))


def many_pictures(life: Any, seed: int) -> dict[str, Any]:
    """A manifest of pictures that are there, and where the results go."""
    life.mock.s3["films/1.png"] = png()
    life.mock.s3["films/manifest.jsonl"] = '{"source-ref": "s3://films/1.png"}'
    place = {"S3Object": {"Bucket": "films", "Name": "manifest.jsonl"}}
    return {
        "Input": place, "OutputConfig": {"S3Bucket": "films"}, "OperationsConfig": {"DetectModerationLabels": {}}
    }  # fmt: skip


def labelled(life: Any, seed: int) -> dict[str, Any]:
    """A manifest of labelled pictures that are there."""
    life.mock.s3["films/1.png"] = png()
    line = {"source-ref": "s3://films/1.png", "cat": 1, "cat-metadata": {"class-name": "cat"}}
    life.mock.s3["films/labels.manifest"] = json.dumps(line)
    manifest = {"GroundTruthManifest": {"S3Object": {"Bucket": "films", "Name": "labels.manifest"}}}
    data = {"TrainingData": {"Assets": [manifest]}, "TestingData": {"AutoCreate": True}}
    return {**data, "OutputConfig": {"S3Bucket": "films", "S3KeyPrefix": "models"}, "FeatureConfig": None}
