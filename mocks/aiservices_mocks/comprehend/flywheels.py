"""Comprehend's flywheels: their datasets, and the versions of a model that are trained on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.service import stateful

from . import iterations, lake
from .models import LANGUAGES, NOUNS, TYPES, CustomModels, noun_of

_TASKS = {"DOCUMENT_CLASSIFIER": "DocumentClassificationConfig", "ENTITY_RECOGNIZER": "EntityRecognitionConfig"}


def _flywheel(view: Mapping[str, Any]) -> dict[str, Any]:
    """Its data lake is a folder of its own under the one that the caller gives."""
    folder = f"{view['DataLakeS3Uri'].rstrip('/')}/{view['FlywheelName']}/schemaVersion=1"
    return {"DataLakeS3Uri": f"{folder}/{lake.stamp(view['']['created'])}/"}


FLYWHEELS = (
    Resource(
        "Flywheel",
        "FlywheelArn",
        made="{arn}",
        arn="flywheel/{FlywheelName}",
        uses={"ActiveModelArn": NOUNS},
        life=Life("Status", (("CREATING", 300), ("ACTIVE", 0)), (("UPDATING", 60), ("ACTIVE", 0))),
        defaults={"DataSecurityConfig": {}},
        derived=_flywheel,
        quota=20,
        steady=True,
    ),
    Resource(
        "Dataset",
        "DatasetArn",
        made="{arn}",
        arn="flywheel/{Flywheel}/dataset/{DatasetName}",
        parents={"FlywheelArn": "Flywheel"},
        life=Life("Status", (("CREATING", 300), ("COMPLETED", 0)), reason="Message"),
        work=lake.ingest,
        defaults={"DatasetType": "TRAIN"},
        derived=lambda view: {"DatasetS3Uri": lake.dataset_uri(view, view[""]["created"])},
    ),
    Resource(
        "FlywheelIteration",
        "FlywheelIterationId",
        made="{FlywheelIterationId}",
        parents={"FlywheelArn": "Flywheel"},
        life=Life("Status", (("TRAINING", 3600), ("EVALUATING", 600), ("COMPLETED", 0)), reason="Message"),
        work=iterations.iterate,
        operations={"list": "ListFlywheelIterationHistory"},
    ),
)


class Flywheels(CustomModels):
    """Comprehend's flywheels."""

    @stateful
    def create_flywheel(self, **request: Any) -> Reply:
        """A flywheel around a trained model, or around one that is still to be made."""
        model = request.get("active_model_arn")
        if model is not None:
            if request.get("model_type") or request.get("task_config"):
                raise self.error("InvalidRequestException", "ModelType and TaskConfig follow from ActiveModelArn.")
            kind, task = _task(model, self.trained(model))
            request = {**request, "model_type": kind, "task_config": task}
        else:
            self._check_task(request.get("model_type"), request.get("task_config"))
        return self.keep("CreateFlywheel", request)

    @stateful
    def update_flywheel(self, flywheel_arn: str, active_model_arn: str | None = None, **given: Any) -> Reply:
        """Another active model, role, keys or network."""
        flywheel = self._flywheel(flywheel_arn)
        if active_model_arn is not None:
            self.trained(active_model_arn)
            if noun_of(active_model_arn) != TYPES[flywheel["ModelType"]]:
                raise self.error(
                    "InvalidRequestException", f"The flywheel's models are of type {flywheel['ModelType']}."
                )
        if given.get("data_security_config") is not None:
            given["data_security_config"] = {**flywheel["DataSecurityConfig"], **given["data_security_config"]}
        request = {"flywheel_arn": flywheel_arn, "active_model_arn": active_model_arn, **given}
        return self.keep("UpdateFlywheel", request)

    @stateful
    def create_dataset(self, flywheel_arn: str, input_data_config: Mapping[str, Any], **given: Any) -> Reply:
        """A dataset for a flywheel to train or test with, copied into its data lake."""
        flywheel = self._flywheel(flywheel_arn)
        needed = f"{TYPES[flywheel['ModelType']]}InputDataConfig"
        if input_data_config.get("DataFormat") == "AUGMENTED_MANIFEST":
            needed = "AugmentedManifests"
        if not input_data_config.get(needed):
            raise self.error("InvalidRequestException", f"InputDataConfig of this flywheel's datasets needs {needed}.")
        return self.keep(
            "CreateDataset",
            {"flywheel_arn": flywheel_arn, "input_data_config": input_data_config, **given},
            Flywheel=flywheel_arn.rpartition("/")[2],
            Lake=flywheel["DataLakeS3Uri"],
            Kind=flywheel["ModelType"],
            Task=flywheel["TaskConfig"],
        )

    @stateful
    def start_flywheel_iteration(self, flywheel_arn: str, client_request_token: str | None = None) -> Reply:
        """Train another version of a flywheel's model; one at a time."""
        flywheel = self._flywheel(flywheel_arn)
        tokens = self.world.store.table(self.name, "FlywheelIteration tokens by caller")
        turning = self._turns(flywheel_arn)
        with self.world.lock:
            if client_request_token is not None and (known := tokens.get(client_request_token)) is not None:
                if known["FlywheelArn"] != flywheel_arn:
                    raise self.error("InvalidRequestException", "ClientRequestToken is that of another flywheel.")
                return {**known}
            if flywheel["Status"] != "ACTIVE" or turning:
                raise self.error("ResourceInUseException", "The flywheel is busy; wait until it is done.")
            named = {"FlywheelArn": flywheel_arn, "FlywheelIterationId": self._iteration_id(flywheel_arn)}
            self.kept["StartFlywheelIteration"](named)
            keeper = self.keepers["Flywheel"]
            latest = {"LatestFlywheelIteration": named["FlywheelIterationId"]}
            keeper.change(keeper.named("DescribeFlywheel", named), latest)
            if client_request_token is not None:
                tokens[client_request_token] = {**named}
        return {**named}

    @stateful
    def delete_flywheel(self, flywheel_arn: str) -> Reply:
        """Forget a flywheel, its datasets and its history; its data lake and its models stay."""
        if self._turns(flywheel_arn):
            raise self.error("ResourceInUseException", "An iteration of the flywheel runs; wait until it is done.")
        return self.keep("DeleteFlywheel", {"flywheel_arn": flywheel_arn})

    def _turns(self, flywheel_arn: str) -> bool:
        """Whether an iteration of a flywheel runs."""
        keeper = self.keepers["FlywheelIteration"]
        states = [keeper.look(one) for one in keeper.all({"FlywheelArn": flywheel_arn})]
        return not {"TRAINING", "EVALUATING"}.isdisjoint(states)

    def _iteration_id(self, flywheel_arn: str) -> str:
        """The time of its start; of two in a second the other takes the next."""
        keeper, time = self.keepers["FlywheelIteration"], self.world.clock.now()
        while keeper.find({"FlywheelArn": flywheel_arn, "FlywheelIterationId": lake.stamp(time)}) is not None:
            time += timedelta(seconds=1)
        return lake.stamp(time)

    # What others ask for.

    def active_model(self, flywheel_arn: str | None) -> str:
        """The ARN of a flywheel's active model."""
        if flywheel_arn is None:
            raise self.error("InvalidRequestException", "Either ModelArn or FlywheelArn must be given.")
        model = self._flywheel(flywheel_arn).get("ActiveModelArn")
        if model is None:
            raise self.error("InvalidRequestException", "The flywheel has no active model yet.")
        return str(model)

    def _flywheel(self, arn: str) -> Mapping[str, Any]:
        shown: Mapping[str, Any] = self.kept["DescribeFlywheel"]({"FlywheelArn": arn})["FlywheelProperties"]
        return shown

    def _check_task(self, kind: str | None, task: Mapping[str, Any] | None) -> None:
        if kind is None or task is None:
            raise self.error(
                "InvalidRequestException", "ModelType and TaskConfig must be given when ActiveModelArn is not."
            )
        if _TASKS[kind] not in task:
            raise self.error("InvalidRequestException", f"TaskConfig of {kind} must have {_TASKS[kind]}.")
        self.check_language(task["LanguageCode"], LANGUAGES)


def _task(arn: str, model: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The type and the task of a flywheel around a model."""
    if noun_of(arn) == "DocumentClassifier":
        labels = {"Labels": model["Trained"].labels}
        kind, config = "DOCUMENT_CLASSIFIER", {"Mode": model["Mode"], **labels}
    else:
        kind, config = "ENTITY_RECOGNIZER", {"EntityTypes": model["InputDataConfig"]["EntityTypes"]}
    return kind, {"LanguageCode": model["LanguageCode"], _TASKS[kind]: config}
