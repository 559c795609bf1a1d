"""What Comprehend keeps: custom models, their versions and policies, endpoints, flywheels and their datasets.

Training has its states and times. Its metrics, and a flywheel's iterations, which are nothing but metrics, come from
content and are not answered here; nor is a dataset's count of documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

from aiservices.api.model import load
from aiservices.call import Reply

from .listing import page_size
from .resources import Life, Resource
from .service import Service, stateful
from .store import Record

UNITS = 50
"""Inference units of one endpoint."""

_TRAINING = (("SUBMITTED", 60), ("TRAINING", 3600), ("TRAINED", 0))
_STOPPING = (("STOP_REQUESTED", 60), ("STOPPED", 0))
_MODELS = "DocumentClassifier|EntityRecognizer"
_TASKS = {"DOCUMENT_CLASSIFIER": "DocumentClassificationConfig", "ENTITY_RECOGNIZER": "EntityRecognitionConfig"}


def _stamp(time: datetime) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ")


def _endpoint(view: Mapping[str, Any]) -> dict[str, Any]:
    """What an endpoint serves now: what is desired, and until then what was before."""
    before: Mapping[str, Any] = view["Before"]
    now = view if view["Status"] == "IN_SERVICE" else before
    shown = {"ModelArn": now.get("ModelArn", view["ModelArn"]), "DesiredModelArn": view["ModelArn"]}
    if "DesiredInferenceUnits" in now:
        shown["CurrentInferenceUnits"] = now["DesiredInferenceUnits"]
    if "DataAccessRoleArn" in view:
        shown["DesiredDataAccessRoleArn"] = view["DataAccessRoleArn"]
        shown["DataAccessRoleArn"] = now.get("DataAccessRoleArn", view["DataAccessRoleArn"])
    return shown


def _flywheel(view: Mapping[str, Any]) -> dict[str, Any]:
    """Its data lake is a folder of its own under the one that the caller gives."""
    lake = f"{view['DataLakeS3Uri'].rstrip('/')}/{view['FlywheelName']}/schemaVersion=1"
    return {"DataLakeS3Uri": f"{lake}/{_stamp(view['']['created'])}/"}


def _dataset(view: Mapping[str, Any]) -> dict[str, Any]:
    folder = f"{view['Lake']}datasets/{view['DatasetName']}"
    return {"DatasetS3Uri": f"{folder}/{_stamp(view['']['created'])}/"}


class CustomModels(Service):
    """Comprehend's custom models and what is built on them."""

    token_error = "InvalidRequestException"
    resources = (
        Resource(
            "DocumentClassifier",
            "DocumentClassifierArn",
            made="{arn}",
            arn="document-classifier/{DocumentClassifierName}{Version}",
            life=Life("Status", _TRAINING, stopped=_STOPPING),
            defaults={"Mode": "MULTI_CLASS"},
            steady=True,
            operations={"stop": "StopTrainingDocumentClassifier"},
        ),
        Resource(
            "EntityRecognizer",
            "EntityRecognizerArn",
            made="{arn}",
            arn="entity-recognizer/{RecognizerName}{Version}",
            life=Life("Status", _TRAINING, stopped=_STOPPING),
            steady=True,
            operations={"stop": "StopTrainingEntityRecognizer"},
        ),
        Resource(
            "Endpoint",
            "EndpointArn",
            made="{arn}",
            arn="{Kind}-endpoint/{EndpointName}",
            uses={"ModelArn": _MODELS, "FlywheelArn": "Flywheel"},
            life=Life("Status", (("CREATING", 600), ("IN_SERVICE", 0)), (("UPDATING", 600), ("IN_SERVICE", 0))),
            derived=_endpoint,
            quota=20,
            steady=True,
        ),
        Resource(
            "Flywheel",
            "FlywheelArn",
            made="{arn}",
            arn="flywheel/{FlywheelName}",
            uses={"ActiveModelArn": _MODELS},
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
            life=Life("Status", (("CREATING", 300), ("COMPLETED", 0))),
            defaults={"DatasetType": "TRAIN"},
            derived=_dataset,
        ),
    )

    # Models and their versions.

    @stateful
    def create_document_classifier(self, **request: Any) -> Reply:
        """A classifier, or another version of it."""
        return self._create_model("DocumentClassifier", request)

    @stateful
    def create_entity_recognizer(self, **request: Any) -> Reply:
        """A recognizer, or another version of it."""
        return self._create_model("EntityRecognizer", request)

    @stateful
    def import_model(self, source_model_arn: str, model_name: str | None = None, **given: Any) -> Reply:
        """A copy of a trained model under a name of its own."""
        noun = _noun(source_model_arn)
        name = "DocumentClassifierName" if noun == "DocumentClassifier" else "RecognizerName"
        with self.world.lock:
            self._trained(source_model_arn)
            source = self._record(source_model_arn)["members"]
            copied = {key: source[key] for key in ("LanguageCode", "InputDataConfig", "Mode") if key in source}
            reply = self.kept[f"Create{noun}"](
                {
                    **copied,
                    **self.named("ImportModel", given),
                    name: model_name or source[name],
                    "SourceModelArn": source_model_arn,
                    "Version": _version(given.get("version_name")),
                }
            )
        return {"ModelArn": reply[f"{noun}Arn"]}

    @stateful
    def list_document_classifiers(self, filter: Mapping[str, Any] | None = None, **page: Any) -> Reply:
        """The versions of all classifiers."""
        self._one_filter(filter)
        return self.keep("ListDocumentClassifiers", {"filter": filter, **page})

    @stateful
    def list_entity_recognizers(self, filter: Mapping[str, Any] | None = None, **page: Any) -> Reply:
        """The versions of all recognizers."""
        self._one_filter(filter)
        return self.keep("ListEntityRecognizers", {"filter": filter, **page})

    @stateful
    def list_document_classifier_summaries(self, **page: Any) -> Reply:
        """The names of classifiers with their latest version."""
        return self._summaries("ListDocumentClassifierSummaries", "DocumentClassifier", page)

    @stateful
    def list_entity_recognizer_summaries(self, **page: Any) -> Reply:
        """The names of recognizers with their latest version."""
        return self._summaries("ListEntityRecognizerSummaries", "EntityRecognizer", page)

    def _create_model(self, noun: str, request: Mapping[str, Any]) -> Reply:
        with self.world.lock:
            reply = self.keep(f"Create{noun}", request, Version=_version(request.get("version_name")))
            policy = request.get("model_policy")
            model = self._record(reply[f"{noun}Arn"])
            if policy is not None and "Policy" not in model:
                self._set_policy(model, policy)
        return reply

    def _record(self, arn: str) -> Record:
        noun = _noun(arn)
        record = self.keepers[noun].find({f"{noun}Arn": arn})
        if record is None:
            raise self.error("ResourceNotFoundException", "No custom model has this ARN.")
        return record

    def _trained(self, arn: str) -> Mapping[str, Any]:
        """A model as Describe shows it; one that is not trained cannot be used."""
        noun = _noun(arn)
        shown: Mapping[str, Any] = self.kept[f"Describe{noun}"]({f"{noun}Arn": arn})[f"{noun}Properties"]
        if not shown["Status"].startswith("TRAINED"):
            raise self.error("ResourceUnavailableException", f"The model is {shown['Status']}; it must be TRAINED.")
        return shown

    def _one_filter(self, filter: Mapping[str, Any] | None) -> None:
        kinds = {"SubmitTime" if name.startswith("SubmitTime") else name for name in filter or ()}
        if len(kinds) > 1:
            raise self.error("InvalidFilterException", f"One filter at a time, not {' and '.join(sorted(kinds))}.")

    def _summaries(self, operation: str, noun: str, page: Mapping[str, Any]) -> Reply:
        model, params = load(self.name).operations[operation], self.named(operation, page)
        name = "DocumentClassifierName" if noun == "DocumentClassifier" else "RecognizerName"
        summaries: dict[str, dict[str, Any]] = {}
        with self.world.lock:
            for record in self.world.store.table(self.name, noun).values():
                members = record["members"]
                shown = self.kept[f"Describe{noun}"]({f"{noun}Arn": record["arn"]})[f"{noun}Properties"]
                count = summaries.pop(members[name], {}).get("NumberOfVersions", 0)
                summaries[members[name]] = {
                    name: members[name],
                    "NumberOfVersions": count + 1,
                    "LatestVersionCreatedAt": shown["SubmitTime"],
                    "LatestVersionStatus": shown["Status"],
                    **({"LatestVersionName": shown["VersionName"]} if "VersionName" in shown else {}),
                }
        items, token = self.page(operation, params, list(summaries.values()), page_size(model, params))
        return {f"{noun}SummariesList": items} | ({"NextToken": token} if token else {})

    # Their policies.

    @stateful
    def put_resource_policy(
        self, resource_arn: str, resource_policy: str, policy_revision_id: str | None = None
    ) -> Reply:
        """Give a model a policy, or another one in its place."""
        with self.world.lock:
            model = self._record(resource_arn)
            self._check_revision(model, policy_revision_id)
            return {"PolicyRevisionId": self._set_policy(model, resource_policy)}

    @stateful
    def describe_resource_policy(self, resource_arn: str) -> Reply:
        """The policy of a model."""
        with self.world.lock:
            return {**self._policy(self._record(resource_arn))}

    @stateful
    def delete_resource_policy(self, resource_arn: str, policy_revision_id: str | None = None) -> Reply:
        """Take a model's policy away."""
        with self.world.lock:
            model = self._record(resource_arn)
            self._policy(model)
            self._check_revision(model, policy_revision_id)
            del model["Policy"]
        return {}

    def _policy(self, model: Record) -> Mapping[str, Any]:
        if "Policy" not in model:
            raise self.error("ResourceNotFoundException", "The model has no resource policy.")
        policy: Mapping[str, Any] = model["Policy"]
        return policy

    def _set_policy(self, model: Record, text: str) -> str:
        now, old = self.world.clock.now(), model.get("Policy", {})
        revision = blake2b(self.world.new_id().encode(), digest_size=16).hexdigest()
        model["Policy"] = {
            "ResourcePolicy": text,
            "CreationTime": old.get("CreationTime", now),
            "LastModifiedTime": now,
            "PolicyRevisionId": revision,
        }
        return revision

    def _check_revision(self, model: Record, revision: str | None) -> None:
        if revision is not None and model.get("Policy", {}).get("PolicyRevisionId") != revision:
            raise self.error("InvalidRequestException", "PolicyRevisionId is not that of the current policy.")

    # Endpoints.

    @stateful
    def create_endpoint(self, desired_inference_units: int, **given: Any) -> Reply:
        """An endpoint of a trained model, or of a flywheel's active model."""
        self._check_units(desired_inference_units)
        with self.world.lock:
            arn = given.pop("model_arn", None) or self._active_model(given.get("flywheel_arn"))
            self._trained(arn)
            return self.keep(
                "CreateEndpoint",
                {"desired_inference_units": desired_inference_units, **given},
                ModelArn=arn,
                Kind=_kind(arn),
                Before={},
            )

    @stateful
    def update_endpoint(
        self,
        endpoint_arn: str,
        desired_model_arn: str | None = None,
        desired_inference_units: int | None = None,
        desired_data_access_role_arn: str | None = None,
        flywheel_arn: str | None = None,
    ) -> Reply:
        """Another model, other units or another role, some minutes later."""
        self._check_units(desired_inference_units or 1)
        with self.world.lock:
            if desired_model_arn is None and flywheel_arn is not None:
                desired_model_arn = self._active_model(flywheel_arn)
            if desired_model_arn is not None:
                self._trained(desired_model_arn)
                if f":{_kind(desired_model_arn)}-endpoint/" not in endpoint_arn:
                    raise self.error("InvalidRequestException", "The model is of another kind than the endpoint's.")
            known = self.keepers["Endpoint"].find({"EndpointArn": endpoint_arn})
            changes = {
                "ModelArn": desired_model_arn,
                "DesiredInferenceUnits": desired_inference_units,
                "DataAccessRoleArn": desired_data_access_role_arn,
            }
            before = {name: known["members"][name] for name in changes if name in known["members"]} if known else {}
            return self.keep(
                "UpdateEndpoint",
                {"endpoint_arn": endpoint_arn, "flywheel_arn": flywheel_arn},
                Before=before,
                **{name: value for name, value in changes.items() if value is not None},
            )

    def _check_units(self, units: int) -> None:
        if units > UNITS:
            raise self.error("ResourceLimitExceededException", f"{units} inference units, at most {UNITS}.")

    def _active_model(self, flywheel_arn: str | None) -> str:
        if flywheel_arn is None:
            raise self.error("InvalidRequestException", "Either ModelArn or FlywheelArn must be given.")
        model = self._flywheel(flywheel_arn).get("ActiveModelArn")
        if model is None:
            raise self.error("InvalidRequestException", "The flywheel has no active model yet.")
        return str(model)

    # Flywheels and their datasets.

    @stateful
    def create_flywheel(self, **request: Any) -> Reply:
        """A flywheel around a trained model, or around one that is still to be made."""
        model = request.get("active_model_arn")
        with self.world.lock:
            if model is not None:
                if request.get("model_type") or request.get("task_config"):
                    raise self.error("InvalidRequestException", "ModelType and TaskConfig follow from ActiveModelArn.")
                kind, task = _task(model, self._trained(model))
                request = {**request, "model_type": kind, "task_config": task}
            else:
                self._check_task(request.get("model_type"), request.get("task_config"))
            return self.keep("CreateFlywheel", request)

    @stateful
    def update_flywheel(self, flywheel_arn: str, active_model_arn: str | None = None, **given: Any) -> Reply:
        """Another active model, role, keys or network."""
        with self.world.lock:
            flywheel = self._flywheel(flywheel_arn)
            if active_model_arn is not None:
                kind, _ = _task(active_model_arn, self._trained(active_model_arn))
                if kind != flywheel["ModelType"]:
                    raise self.error(
                        "InvalidRequestException", f"The flywheel's models are of type {flywheel['ModelType']}."
                    )
            if given.get("data_security_config") is not None:
                given["data_security_config"] = {**flywheel["DataSecurityConfig"], **given["data_security_config"]}
            request = {"flywheel_arn": flywheel_arn, "active_model_arn": active_model_arn, **given}
            return self.keep("UpdateFlywheel", request)

    @stateful
    def create_dataset(self, flywheel_arn: str, **given: Any) -> Reply:
        """A dataset for a flywheel to train or test with."""
        with self.world.lock:
            lake = self._flywheel(flywheel_arn)["DataLakeS3Uri"]
            request = {"flywheel_arn": flywheel_arn, **given}
            return self.keep("CreateDataset", request, Flywheel=flywheel_arn.rpartition("/")[2], Lake=lake)

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


def _noun(arn: str) -> str:
    return "DocumentClassifier" if _kind(arn) == "document-classifier" else "EntityRecognizer"


def _kind(arn: str) -> str:
    return arn.split(":")[5].partition("/")[0]


def _version(name: str | None) -> str:
    """The end of a model's ARN; the first version needs no name."""
    return f"/version/{name}" if name else ""


def _task(arn: str, model: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The type and the task of a flywheel around a model."""
    if _noun(arn) == "DocumentClassifier":
        kind, config = "DOCUMENT_CLASSIFIER", {"Mode": model["Mode"]}
    else:
        kind, config = "ENTITY_RECOGNIZER", {"EntityTypes": model["InputDataConfig"]["EntityTypes"]}
    return kind, {"LanguageCode": model["LanguageCode"], _TASKS[kind]: config}
