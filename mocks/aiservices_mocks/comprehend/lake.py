"""The data lake of a flywheel: the files of its datasets, copied there, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aiservices_mocks.engines import name_lists
from aiservices_mocks.resources import WorkFailed

from . import inputs, outputs, training_data

Members = Mapping[str, Any]

_PARTS = ("Documents", "Annotations", "EntityList")


def stamp(time: datetime) -> str:
    """A time as folders and iterations are called after it."""
    return time.strftime("%Y%m%dT%H%M%SZ")


def dataset_uri(members: Members, created: datetime) -> str:
    """Where the files of a dataset are."""
    return f"{members['Lake']}datasets/{members['DatasetName']}/{stamp(created)}/"


def ingest(service: Any, members: Members) -> Members:
    """The work of a dataset: copy what it is made of into the lake, and count its documents."""
    created = service.keepers["Dataset"].named("DescribeDataset", members)["created"]
    config = _copied(service, members["InputDataConfig"], dataset_uri(members, created))
    found = examples(service, config, members["Kind"], members["Task"])
    if not found:
        raise WorkFailed(inputs.NO_DOCUMENTS)
    return {"InLake": config, "NumberOfDocuments": len(found)}


def _copied(service: Any, given: Members, uri: str) -> dict[str, Any]:
    """The input as a model's input would name it, with its files in the lake."""

    def copy(source: str, name: str) -> str:
        to = inputs.location(f"{uri}{name}")
        for file, data in inputs.files(service.world.s3, source):
            outputs.put(service.world.s3, to.under(file), data, "binary/octet-stream")
        return f"{to.uri.rstrip('/')}/"

    config: dict[str, Any] = {"DataFormat": given.get("DataFormat", "COMPREHEND_CSV")}
    if "AugmentedManifests" in given:
        manifests = enumerate(given["AugmentedManifests"], 1)
        copied = [{**one, "S3Uri": copy(one["S3Uri"], f"manifests/{number}/")} for number, one in manifests]
        return {"DataFormat": "AUGMENTED_MANIFEST", "AugmentedManifests": copied}
    if "DocumentClassifierInputDataConfig" in given:
        labels = given["DocumentClassifierInputDataConfig"]
        return {**config, **labels, "S3Uri": copy(labels["S3Uri"], "")}
    parts = given["EntityRecognizerInputDataConfig"]
    for name in _PARTS:
        if name in parts:
            config[name] = {**parts[name], "S3Uri": copy(parts[name]["S3Uri"], f"{name.lower()}/")}
    return config


def examples(service: Any, config: Members, kind: str, task: Members) -> list[Any]:
    """The texts of a dataset with their classes, or with their entities. kind, task: those of its flywheel."""
    if kind == "DOCUMENT_CLASSIFIER":
        several = task["DocumentClassificationConfig"]["Mode"] == "MULTI_LABEL"
        return training_data.labelled(service.world.s3, config, "TRAIN", several=several)
    found = training_data.marked(service.world.s3, config, "TRAIN")
    return name_lists.listed((text for text, _ in found.texts), found.names) if found.names else found.texts
