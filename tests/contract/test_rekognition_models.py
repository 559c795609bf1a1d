"""Models of Custom Labels: trained from data that is there, copied, started, stopped, deleted."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.boto3_bridge import bridge
from aiservices_mocks.rekognition import models

from aiservices import AI
from aiservices.errors import BadRequestError, ConflictError, NotFoundError, QuotaError
from tests.pictures import png

OUTPUT = {"S3Bucket": "models", "S3KeyPrefix": "out"}


def line(number: int, label: str = "cat") -> str:
    metadata = {"class-name": label, "type": "groundtruth/image-classification"}
    return json.dumps({"source-ref": f"s3://pictures/{number}.png", "animal": 1, "animal-metadata": metadata})


def boxed(number: int) -> str:
    metadata = {"class-map": {"0": "dog"}, "type": "groundtruth/object-detection"}
    boxes = {"annotations": [{"class_id": 0}]}
    return json.dumps({"source-ref": f"s3://pictures/{number}.png", "boxes": boxes, "boxes-metadata": metadata})


@pytest.fixture(autouse=True)
def _pictures(mock: Mock) -> None:
    fill(mock)


def fill(mock: Mock) -> None:
    for number in range(10):
        mock.s3[f"pictures/{number}.png"] = png(number)
    mock.s3.make_bucket("models")


def project(ai: Any, name: str = "animals") -> str:
    arn: str = ai.rekognition.create_project(project_name=name).project_arn
    return arn


def dataset(ai: Any, arn: str, *lines: str, kind: str = "TRAIN") -> None:
    made = ai.rekognition.create_dataset(project_arn=arn, dataset_type=kind).dataset_arn
    ai.rekognition.describe_dataset(dataset_arn=made)
    if lines:
        changes = {"GroundTruth": "\n".join(lines).encode()}
        ai.rekognition.update_dataset_entries(dataset_arn=made, changes=changes)


def train(ai: Any, arn: str, name: str = "one", **members: Any) -> str:
    made: str = ai.rekognition.create_project_version(
        project_arn=arn, version_name=name, output_config=OUTPUT, **members
    ).project_version_arn
    return made


def describe(ai: Any, arn: str, *names: str) -> list[Any]:
    asked = {"version_names": list(names)} if names else {}
    found: list[Any] = ai.rekognition.describe_project_versions(project_arn=arn, **asked).project_version_descriptions
    return found


def trained(ai: Any) -> tuple[str, str]:
    """A project and its model."""
    arn = project(ai)
    dataset(ai, arn, *(line(number) for number in range(5)), *(boxed(number) for number in range(5, 10)))
    model = train(ai, arn, version_description="first")
    assert describe(ai, arn)[0].status == "TRAINING_COMPLETED"
    return arn, model


def run(ai: Any, arn: str, model: str, **units: int) -> None:
    ai.rekognition.start_project_version(project_version_arn=model, **{"min_inference_units": 1, **units})
    assert {one.status for one in describe(ai, arn) if one.project_version_arn == model} == {"RUNNING"}


def test_training_reads_the_datasets_and_writes_its_manifests(ai: Any, mock: Mock) -> None:
    arn, model = trained(ai)
    told = describe(ai, arn, "one")[0]
    assert model.startswith("arn:aws:rekognition:us-east-1:123456789012:project/animals/version/one/")
    assert (told.project_version_arn, told.feature, told.version_description) == (model, "CUSTOM_LABELS", "first")
    assert told.status_message == "The model is ready to run."
    assert (told.training_end_timestamp - told.creation_timestamp).total_seconds() == 3600
    assert told.billable_training_time_in_seconds == 3600
    assert told.evaluation_result is None, "no engine has measured it"
    summary = json.loads(mock.s3["models/out/ManifestSummary-animals-one.json"])
    assert told.manifest_summary.s3_object.name == "out/ManifestSummary-animals-one.json"
    assert summary["statistics"]["training"]["total_json_lines"] == 8
    assert summary["statistics"]["testing"]["valid_json_lines"] == 2
    assert summary["statistics"]["training"]["use_case"] == "OBJECT_LOCALIZATION"
    place = told.testing_data_result.output.assets[0].ground_truth_manifest.s3_object
    assert mock.s3[f"models/{place.name}"].decode().splitlines() == [line(4), boxed(9)]
    assert told.testing_data_result.output.auto_create is True


def test_training_reads_manifests_where_there_are_no_datasets(ai: Any, mock: Mock) -> None:
    arn = project(ai)
    mock.s3["data/train.manifest"] = "\n".join([line(1), line(2)])
    mock.s3["data/test.manifest"] = line(3, "dog")
    data, test = (
        {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": "data", "Name": f"{kind}.manifest"}}}]}
        for kind in ("train", "test")
    )
    train(ai, arn, training_data=data, testing_data=test)
    told = describe(ai, arn)[0]
    assert (told.status, told.testing_data_result.output.auto_create) == ("TRAINING_COMPLETED", False)
    assert told.training_data_result.input.assets[0].ground_truth_manifest.s3_object.name == "train.manifest"
    with pytest.raises(BadRequestError, match="or neither"):
        train(ai, arn, "two", training_data=data)
    dataset(ai, arn, line(1))
    with pytest.raises(BadRequestError, match="leave TrainingData out"):
        train(ai, arn, "two", training_data=data, testing_data=test)
    mock.s3["data/train.manifest"] = b"\xff"
    other = project(ai, "others")
    train(ai, other, training_data=data, testing_data=test)
    assert "contents are invalid" in describe(ai, other)[0].status_message


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ((), "empty"),
        ((line(77), line(78), line(1)), "too many invalid"),
        (('{"source-ref": "s3://pictures/1.png"}',), "no labeled"),
    ],
)
def test_training_fails_without_data(lines: tuple[str, ...], reason: str, ai: Any) -> None:
    arn = project(ai)
    dataset(ai, arn, *lines)
    model = train(ai, arn)
    told = describe(ai, arn)[0]
    assert told.status == "TRAINING_FAILED"
    assert reason in told.status_message
    with pytest.raises(ConflictError):
        ai.rekognition.start_project_version(project_version_arn=model, min_inference_units=1)
    ai.rekognition.delete_project_version(project_version_arn=model)
    assert describe(ai, arn) == []


def test_training_needs_a_project_a_dataset_and_a_bucket(ai: Any) -> None:
    arn = project(ai)
    with pytest.raises(BadRequestError, match="no training dataset"):
        train(ai, arn)
    with pytest.raises(NotFoundError):
        train(ai, arn.replace("animals", "others"))
    dataset(ai, arn, line(1))
    ai.rekognition.create_project_version(project_arn=arn, version_name="one", output_config={"S3Bucket": "no-bucket"})
    assert "bucket" in describe(ai, arn)[0].status_message
    with pytest.raises(ConflictError):
        train(ai, arn)
    assert len(describe(ai, arn)) == 1


def test_a_model_runs_stops_and_is_deleted_only_then(ai: Any) -> None:
    arn, model = trained(ai)
    rekognition, named = ai.rekognition, {"project_version_arn": model}
    image = {"Bytes": png()}
    with pytest.raises(ConflictError):
        rekognition.stop_project_version(**named)
    with pytest.raises(ConflictError, match="ResourceNotReady"):
        rekognition.detect_custom_labels(**named, image=image)
    run(ai, arn, model, max_inference_units=3)
    told = describe(ai, arn)[0]
    assert told.status_message == "The model is running."
    assert (told.min_inference_units, told.max_inference_units) == (1, 3)
    with pytest.raises(ConflictError):
        rekognition.delete_project_version(**named)
    with pytest.raises(ConflictError):
        rekognition.start_project_version(**named, min_inference_units=1)
    assert rekognition.stop_project_version(**named).status == "STOPPING"
    assert describe(ai, arn)[0].status == "STOPPED"
    run(ai, arn, model)
    rekognition.stop_project_version(**named)
    describe(ai, arn)
    with pytest.raises(ConflictError):
        rekognition.delete_project(project_arn=arn)
    assert rekognition.delete_project_version(**named).status == "DELETING"
    with pytest.raises(NotFoundError):
        rekognition.start_project_version(**named, min_inference_units=1)


def test_a_running_model_detects_its_own_labels(ai: Any) -> None:
    arn, model = trained(ai)
    run(ai, arn, model)

    def detect(seed: int, **asked: Any) -> list[Any]:
        found: list[Any] = ai.rekognition.detect_custom_labels(
            project_version_arn=model, image={"Bytes": png(seed)}, **asked
        ).custom_labels
        return found

    for seed in range(5):
        every = detect(seed, min_confidence=0)
        assert {one.name for one in every} == {"cat", "dog"}
        assert [one.confidence for one in every] == sorted((one.confidence for one in every), reverse=True)
        assert {one.name for one in every if one.geometry} == {"dog"}
        assert detect(seed, min_confidence=0, max_results=1) == every[:1]
        assert detect(seed, min_confidence=every[0].confidence) == every[:1]
    with pytest.raises(BadRequestError, match="InvalidImageFormat"):
        ai.rekognition.detect_custom_labels(project_version_arn=model, image={"Bytes": b"none"})


def test_units_have_bounds_and_two_models_run_at_once(ai: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    arn, model = trained(ai)
    start = ai.rekognition.start_project_version
    with pytest.raises(QuotaError):
        start(project_version_arn=model, min_inference_units=6)
    with pytest.raises(BadRequestError):
        start(project_version_arn=model, min_inference_units=3, max_inference_units=2)
    other = train(ai, arn, "two")
    describe(ai, arn)
    monkeypatch.setattr(models, "_RUNNING_AT_ONCE", 1)
    run(ai, arn, model)
    with pytest.raises(QuotaError, match="LimitExceeded"):
        start(project_version_arn=other, min_inference_units=1)


def test_two_models_are_trained_at_once() -> None:
    mock = Mock(clock=Clock.manual())
    fill(mock)
    with AI(backend=mock) as ai:
        arn = project(ai)
        mock.clock.advance(minutes=1)
        made = ai.rekognition.create_dataset(project_arn=arn, dataset_type="TRAIN").dataset_arn
        mock.clock.advance(minutes=1)
        ai.rekognition.update_dataset_entries(dataset_arn=made, changes={"GroundTruth": line(1).encode()})
        model = train(ai, arn)
        train(ai, arn, "two")
        with pytest.raises(QuotaError, match="LimitExceeded"):
            train(ai, arn, "three")
        with pytest.raises(ConflictError):
            ai.rekognition.delete_project_version(project_version_arn=model)
        assert {one.status for one in describe(ai, arn)} == {"TRAINING_IN_PROGRESS"}
        mock.clock.advance(hours=1)
        assert [one.status for one in describe(ai, arn, "two")] == ["TRAINING_COMPLETED"]
        newest_first = [one.project_version_arn.split("/")[-2] for one in describe(ai, arn)]
        assert newest_first == ["two", "one"]
        train(ai, arn, "three")


def test_a_model_is_copied_and_runs_as_the_first_does(ai: Any) -> None:
    arn, model = trained(ai)
    target = project(ai, "copies")
    asked = {
        "source_project_arn": arn,
        "source_project_version_arn": model,
        "destination_project_arn": target,
        "version_name": "one",
        "output_config": OUTPUT,
    }
    copy = ai.rekognition.copy_project_version(**asked, tags={"team": "a"}).project_version_arn
    told = describe(ai, target)[0]
    assert (told.project_version_arn, told.status) == (copy, "COPYING_COMPLETED")
    assert told.source_project_version_arn == model
    assert told.training_end_timestamp == describe(ai, arn)[0].training_end_timestamp
    assert ai.rekognition.list_tags_for_resource(resource_arn=copy).tags == {"team": "a"}
    run(ai, target, copy)
    found = ai.rekognition.detect_custom_labels(project_version_arn=copy, image={"Bytes": png()}, min_confidence=0)
    assert {one.name for one in found.custom_labels} == {"cat", "dog"}
    with pytest.raises(ConflictError):
        ai.rekognition.copy_project_version(**asked)
    with pytest.raises(BadRequestError, match="same"):
        ai.rekognition.copy_project_version(**{**asked, "destination_project_arn": arn})
    with pytest.raises(NotFoundError):
        ai.rekognition.copy_project_version(**{**asked, "source_project_arn": target})


def test_an_adapter_works_for_bulk_analysis_too(ai: Any, mock: Mock) -> None:
    safe = ai.rekognition.create_project(project_name="safe", feature="CONTENT_MODERATION").project_arn
    dataset(ai, safe, line(1))
    adapter = train(ai, safe)
    mock.s3["pictures/all.jsonl"] = '{"source-ref": "s3://pictures/1.png"}'
    asked = {
        "input": {"S3Object": {"Bucket": "pictures", "Name": "all.jsonl"}},
        "output_config": {"S3Bucket": "models"},
        "operations_config": {"DetectModerationLabels": {"ProjectVersion": adapter}},
    }
    with pytest.raises(ConflictError, match="ResourceNotReady"):
        ai.rekognition.start_media_analysis_job(**asked)
    assert describe(ai, safe)[0].status == "TRAINING_COMPLETED"
    job = ai.rekognition.start_media_analysis_job(**asked).job_id
    told = ai.rekognition.get_media_analysis_job(job_id=job)
    assert (told.status, told.results.model_versions.moderation) == ("SUCCEEDED", "7.0")
    assert told.operations_config.detect_moderation_labels.project_version == adapter


def test_models_and_adapters_are_not_taken_for_each_other(ai: Any) -> None:
    arn, model = trained(ai)
    image = {"Bytes": png()}
    with pytest.raises(BadRequestError, match="CONTENT_MODERATION"):
        ai.rekognition.detect_moderation_labels(image=image, project_version=model)
    moderation = {"ContentModeration": {"ConfidenceThreshold": 60.0}}
    with pytest.raises(BadRequestError, match="feature is CUSTOM_LABELS"):
        train(ai, arn, "two", feature_config=moderation)
    safe = ai.rekognition.create_project(project_name="safe", feature="CONTENT_MODERATION").project_arn
    dataset(ai, safe, line(1))
    adapter = train(ai, safe, feature_config=moderation)
    told = describe(ai, safe)[0]
    assert (told.status, told.feature_config.content_moderation.confidence_threshold) == ("TRAINING_COMPLETED", 60.0)
    assert ai.rekognition.detect_moderation_labels(image=image, project_version=adapter).project_version == adapter
    with pytest.raises(BadRequestError, match="feature is CONTENT_MODERATION"):
        ai.rekognition.start_project_version(project_version_arn=adapter, min_inference_units=1)
    with pytest.raises(BadRequestError, match="feature is CONTENT_MODERATION"):
        ai.rekognition.detect_custom_labels(project_version_arn=adapter, image=image)
    with pytest.raises(BadRequestError, match="feature is CONTENT_MODERATION"):
        ai.rekognition.copy_project_version(
            source_project_arn=safe,
            source_project_version_arn=adapter,
            destination_project_arn=arn,
            version_name="copy",
            output_config=OUTPUT,
        )


def test_boto3s_own_waiters_and_pages_work(mock: Mock) -> None:
    with bridge(mock), AI(backend=mock) as ai:
        client = boto3.client("rekognition", region_name="us-east-1")
        arn = project(ai)
        dataset(ai, arn, line(1))
        model = train(ai, arn)
        client.get_waiter("project_version_training_completed").wait(ProjectArn=arn, VersionNames=["one"])
        client.start_project_version(ProjectVersionArn=model, MinInferenceUnits=1)
        client.get_waiter("project_version_running").wait(ProjectArn=arn, VersionNames=["one"])
        train(ai, arn, "two")
        pages = client.get_paginator("describe_project_versions").paginate(
            ProjectArn=arn, PaginationConfig={"PageSize": 1}
        )
        assert [page["ProjectVersionDescriptions"][0]["Status"] for page in pages] == ["TRAINING_COMPLETED", "RUNNING"]
