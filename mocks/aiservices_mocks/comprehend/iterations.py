"""A flywheel's iteration: another version of its model, trained on its datasets, both measured on the same texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from aiservices_mocks.resources import WorkFailed

from . import lake, training
from .models import NAMES, TYPES, version_suffix
from .training_data import Labelled, Marked

Members = Mapping[str, Any]

DONE = "FULL_ITERATION: Flywheel iteration performed all functions successfully."


def iterate(service: Any, members: Members) -> Members:
    """The work of an iteration."""
    wheel = service.keepers["Flywheel"].named("DescribeFlywheel", members)["members"]
    kind, task = wheel["ModelType"], wheel["TaskConfig"]
    train: list[Any] = []
    tests: list[Any] = []
    for dataset in _datasets(service, members["FlywheelArn"]):
        found = lake.examples(service, dataset["InLake"], kind, task)
        (train if dataset["DatasetType"] == "TRAIN" else tests).extend(found)
    if not train:
        raise WorkFailed("The flywheel has no training data: create a dataset of type TRAIN.")
    active = service.trained(wheel["ActiveModelArn"]) if "ActiveModelArn" in wheel else None
    new, learnt, before = _TURNS[kind](train, tests, task, active)
    told = {"TrainedModelArn": _kept(service, wheel, members, active, learnt), "TrainedModelMetrics": new}
    if active is not None:
        told |= {"EvaluatedModelArn": wheel["ActiveModelArn"], "EvaluatedModelMetrics": before}
    return {**told, "Message": DONE}


def _datasets(service: Any, flywheel: str) -> list[Members]:
    keeper = service.keepers["Dataset"]
    return [one["members"] for one in keeper.all({"FlywheelArn": flywheel}) if keeper.look(one) == "COMPLETED"]


Turn = tuple[Members, dict[str, Any], Members]
"""The metrics of the new model, what is kept of it, and the metrics of the one before."""


def _classifier(train: Sequence[Any], tests: Sequence[Any], task: Members, active: Members | None) -> Turn:
    config = task["DocumentClassificationConfig"]
    mode, labels = config["Mode"], config.get("Labels")
    several = mode == "MULTI_LABEL"
    trained = training.train_classifier(_of(labels, train), _of(labels, tests), several=several)

    def averages(metrics: Members) -> dict[str, float]:
        return {f"Average{name}": metrics[name] for name in ("F1Score", "Precision", "Recall", "Accuracy")}

    before = training.measured_classifier(active["Trained"], trained.tests, several=several)[0] if active else {}
    learnt = {"Trained": trained.model, "ClassifierMetadata": trained.metadata, "Mode": mode}
    return averages(trained.metadata["EvaluationMetrics"]), learnt, averages(before) if before else {}


def _of(labels: Sequence[str] | None, examples: Sequence[Labelled]) -> Sequence[Labelled]:
    """The examples with the flywheel's labels alone: others that come later do not count."""
    if labels is None:
        return examples
    kept = ((text, [label for label in told if label in labels]) for text, told in examples)
    return [(text, told) for text, told in kept if told]


def _recognizer(train: Sequence[Any], tests: Sequence[Any], task: Members, active: Members | None) -> Turn:
    types = [one["Type"] for one in task["EntityRecognitionConfig"]["EntityTypes"]]
    trained = training.train_recognizer(Marked([*train], []), Marked([*tests], []), types)

    def averages(metrics: Members) -> dict[str, float]:
        return {f"Average{name}": value / 100 for name, value in metrics.items()}

    before = training.measured_recognizer(active["Trained"], trained.tests, types)[0] if active else {}
    learnt = {"Trained": trained.model, "RecognizerMetadata": trained.metadata}
    return averages(trained.metadata["EvaluationMetrics"]), learnt, averages(before)


_TURNS: Mapping[str, Callable[..., Turn]] = {"DOCUMENT_CLASSIFIER": _classifier, "ENTITY_RECOGNIZER": _recognizer}


def _kept(service: Any, wheel: Members, members: Members, active: Members | None, learnt: Mapping[str, Any]) -> str:
    """Keep what was learnt as another version of the flywheel's model; its ARN."""
    noun = TYPES[wheel["ModelType"]]
    name = NAMES[noun]
    digest = blake2b(f"{wheel['FlywheelArn']}/{members['FlywheelIterationId']}".encode(), digest_size=4).hexdigest()
    version, task = f"Comprehend-Generated-v1-{digest}", wheel["TaskConfig"]
    types = task.get("EntityRecognitionConfig", {})
    params = {
        name: active[name] if active else wheel["FlywheelName"],
        "VersionName": version,
        "Version": version_suffix(version),
        "LanguageCode": task["LanguageCode"],
        "InputDataConfig": {"DataFormat": "COMPREHEND_CSV", **types},
        "DataAccessRoleArn": wheel["DataAccessRoleArn"],
        "FlywheelArn": wheel["FlywheelArn"],
        **learnt,
    }
    keeper = service.keepers[noun]
    with service.world.lock:
        arn: str = keeper.answer("create", f"Create{noun}", params)[f"{noun}Arn"]
        keeper.enter(keeper.find({f"{noun}Arn": arn}), ("TRAINED", 0.0))
    return arn
