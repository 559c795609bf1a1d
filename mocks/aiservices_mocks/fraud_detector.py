"""Amazon Fraud Detector, kept: what detectors are made of, their rules and versions, models' versions, events, lists.

Kept of the real service: every Put replaces, every Get lists and is not found when it names one that is not there,
what is used cannot be deleted, versions have numbers, detector and model versions change their status as AWS lets
them. A trained model version has no metrics: nothing is trained. Predictions, and batch jobs, which write files, are
not answered here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.call import Reply
from aiservices.errors import ServiceError

from .resources import Life, Resource
from .service import Service, stateful

_ELEMENTS = 100_000
"""Elements of one list."""
_TRAINING = (("TRAINING_IN_PROGRESS", 3600), ("TRAINING_COMPLETE", 0))
_MODEL_STEPS = {
    ("TRAINING_IN_PROGRESS", "TRAINING_CANCELLED"): (("TRAINING_CANCELLED", 0),),
    ("TRAINING_COMPLETE", "ACTIVE"): (("ACTIVATE_REQUESTED", 30), ("ACTIVATE_IN_PROGRESS", 600), ("ACTIVE", 0)),
    ("ACTIVE", "INACTIVE"): (("INACTIVATE_REQUESTED", 30), ("INACTIVATE_IN_PROGRESS", 300), ("INACTIVE", 0)),
}
"""The changes of a model version's status that can be asked for, and the states on the way."""
_DETECTOR_STEPS = {("DRAFT", "ACTIVE"), ("ACTIVE", "INACTIVE"), ("INACTIVE", "ACTIVE")}


class FraudDetector(Service):
    """What Fraud Detector keeps."""

    name = "frauddetector"
    token_error = "ValidationException"
    resources = (
        Resource("Variable", "name", arn="variable/{name}", arn_member="arn", operations={"list": "GetVariables"}),
        Resource("Label", "name", arn="label/{name}", arn_member="arn", operations={"list": "GetLabels"}),
        Resource("Outcome", "name", arn="outcome/{name}", arn_member="arn", operations={"list": "GetOutcomes"}),
        Resource(
            "EntityType", "name", arn="entity-type/{name}", arn_member="arn", operations={"list": "GetEntityTypes"}
        ),
        Resource(
            "EventType",
            "name",
            arn="event-type/{name}",
            arn_member="arn",
            uses={"eventVariables": "Variable", "labels": "Label", "entityTypes": "EntityType"},
            operations={"list": "GetEventTypes"},
        ),
        Resource(
            "Event",
            "eventId",
            parents={"eventTypeName": "EventType"},
            uses={"assignedLabel": "Label"},
            renames={"currentLabel": "assignedLabel"},
            operations={"create": "SendEvent", "update": "UpdateEventLabel"},
        ),
        Resource(
            "EventsDeletion",
            "eventTypeName",
            unique="eventTypeName",
            parents={"eventTypeName": "EventType"},
            life=Life(
                "eventsDeletionStatus", (("IN_PROGRESS_INITIALIZING", 30), ("IN_PROGRESS", 300), ("COMPLETE", 0))
            ),
            operations={"create": "DeleteEventsByEventType", "read": "GetDeleteEventsByEventTypeStatus"},
        ),
        Resource(
            "List",
            "name",
            arn="list/{name}",
            arn_member="arn",
            defaults={"elements": []},
            operations={"list": "GetListsMetadata"},
        ),
        Resource(
            "Detector",
            "detectorId",
            arn="detector/{detectorId}",
            arn_member="arn",
            uses={"eventTypeName": "EventType"},
            held=True,
            operations={"list": "GetDetectors"},
        ),
        Resource(
            "Rule",
            "ruleVersion",
            made="{number}",
            arn="rule/{detectorId}/{ruleId}/{ruleVersion}",
            arn_member="arn",
            parents={"detectorId": "Detector"},
            keys=("ruleId",),
            uses={"outcomes": "Outcome"},
            operations={"list": "GetRules", "update": "UpdateRuleMetadata"},
        ),
        Resource(
            "DetectorVersion",
            "detectorVersionId",
            made="{number}",
            arn="detector-version/{detectorId}/{detectorVersionId}",
            arn_member="arn",
            parents={"detectorId": "Detector"},
            uses={"rules": "Rule", "modelVersions": "ModelVersion", "externalModelEndpoints": "ExternalModel"},
            defaults={"status": "DRAFT", "ruleExecutionMode": "FIRST_MATCHED"},
        ),
        Resource(
            "Model",
            "modelId",
            arn="model/{modelType}/{modelId}",
            arn_member="arn",
            keys=("modelType",),
            uses={"eventTypeName": "EventType"},
            quota=50,
            operations={"list": "GetModels"},
        ),
        Resource(
            "ModelVersion",
            "modelVersionNumber",
            made="{number}.0",
            arn="model-version/{modelType}/{modelId}/{modelVersionNumber}",
            arn_member="arn",
            parents={"modelId": "Model"},
            keys=("modelType",),
            life=Life("status", _TRAINING),
            operations={"list": "DescribeModelVersions"},
        ),
        Resource(
            "ExternalModel",
            "modelEndpoint",
            arn="external-model/{modelEndpoint}",
            arn_member="arn",
            operations={"list": "GetExternalModels"},
        ),
    )

    # Variables.

    @stateful
    def batch_create_variable(self, variable_entries: Sequence[Mapping[str, Any]], tags: Any = None) -> Reply:
        """Make many; what cannot be made is told, the rest is made."""
        errors = []
        for entry in variable_entries:
            try:
                self._check_entry(entry)
                self._answer("Variable", "create", "CreateVariable", {**entry, "tags": tags})
            except ServiceError as error:
                errors.append({"name": entry.get("name", ""), "code": error.status or 400, "message": error.message})
        return {"errors": errors}

    @stateful
    def batch_get_variable(self, names: Sequence[str]) -> Reply:
        """Show many."""
        keeper = self.keepers["Variable"]
        known = [name for name in names if keeper.find({"name": name})]
        shown = [self._answer("Variable", "list", "GetVariables", {"name": name})["variables"][0] for name in known]
        message = "The variable does not exist."
        return {
            "variables": shown,
            "errors": [{"name": name, "code": 404, "message": message} for name in names if name not in known],
        }

    def _check_entry(self, entry: Mapping[str, Any]) -> None:
        missing = [name for name in ("name", "dataType", "dataSource", "defaultValue") if not entry.get(name)]
        if missing:
            raise self.error("ValidationException", f"The variable has no {missing[0]}.")

    # Events.

    @stateful
    def delete_events_by_event_type(self, event_type_name: str) -> Reply:
        """Forget every event of a type."""
        named = {"eventTypeName": event_type_name}
        keeper, events = self.keepers["EventsDeletion"], self.keepers["Event"]
        with self.world.lock:
            before = keeper.find(named)
            if before is not None:
                if keeper.status(before) != "COMPLETE":
                    raise self.error("ConflictException", "The events of this type are being deleted.")
                keeper.remove(before)
            reply = self._answer("EventsDeletion", "create", "DeleteEventsByEventType", named)
            for event in events.all(named):
                events.remove(event)
        return reply

    # Lists.

    @stateful
    def get_list_elements(self, name: str, next_token: str | None = None, max_results: int | None = None) -> Reply:
        """The elements of a list, in pages."""
        record = self.keepers["List"].named("GetListElements", {"name": name})
        params = {"name": name, "nextToken": next_token}
        page, token = self.page("GetListElements", params, record["members"]["elements"], max_results or 5000)
        return {"elements": page} | ({"nextToken": token} if token else {})

    @stateful
    def update_list(
        self,
        name: str,
        elements: Sequence[str] | None = None,
        description: str | None = None,
        update_mode: str = "REPLACE",
        variable_type: str | None = None,
    ) -> Reply:
        """Put elements in the place of the old ones, add them, or take them away."""
        with self.world.lock:
            record = self.keepers["List"].named("UpdateList", {"name": name})
            known = record["members"].get("variableType")
            if variable_type and known and variable_type != known:
                raise self.error("ValidationException", f"The list holds {known}; its type cannot be changed.")
            old = record["members"]["elements"]
            new = old if elements is None else _changed(old, elements, update_mode)
            if len(new) > _ELEMENTS:
                raise self.error("ValidationException", f"{len(new)} elements, at most {_ELEMENTS}.")
            changes = {"name": name, "description": description, "variableType": variable_type, "elements": new}
            return self._answer("List", "update", "UpdateList", changes)

    # Detectors and rules.

    @stateful
    def describe_detector(
        self, detector_id: str, next_token: str | None = None, max_results: int | None = None
    ) -> Reply:
        """A detector and its versions."""
        named = {"detectorId": detector_id}
        page = {**named, "nextToken": next_token, "maxResults": max_results}
        versions = self._answer("DetectorVersion", "list", "DescribeDetector", page)
        return {**self._answer("Detector", "read", "DescribeDetector", named), **versions}

    @stateful
    def create_rule(self, rule_id: str, detector_id: str, **members: Any) -> Reply:
        """The first version of a rule."""
        named = {"detectorId": detector_id, "ruleId": rule_id}
        with self.world.lock:
            if self.keepers["Rule"].all(named):
                raise self.error("ValidationException", "A rule of this id exists; update it for another version.")
            return self._answer("Rule", "create", "CreateRule", {**named, **members})

    @stateful
    def update_rule_version(self, rule: Mapping[str, str], **members: Any) -> Reply:
        """The next version of a rule."""
        named = {name: rule[name] for name in ("detectorId", "ruleId")}
        with self.world.lock:
            self.keepers["Rule"].named("UpdateRuleVersion", rule)
            return self._answer("Rule", "create", "UpdateRuleVersion", {**named, **members})

    @stateful
    def update_rule_metadata(self, rule: Mapping[str, str], description: str) -> Reply:
        """Another description of a version."""
        return self._answer("Rule", "update", "UpdateRuleMetadata", {**rule, "description": description})

    @stateful
    def delete_rule(self, rule: Mapping[str, str]) -> Reply:
        """Forget a version that no detector version has."""
        return self._answer("Rule", "delete", "DeleteRule", rule)

    @stateful
    def update_detector_version(
        self,
        detector_id: str,
        detector_version_id: str,
        external_model_endpoints: Sequence[str],
        rules: Sequence[Mapping[str, str]],
        description: str | None = None,
        model_versions: Sequence[Mapping[str, str]] | None = None,
        rule_execution_mode: str | None = None,
    ) -> Reply:
        """Change a draft."""
        changes = {
            "detectorId": detector_id,
            "detectorVersionId": detector_version_id,
            "externalModelEndpoints": external_model_endpoints,
            "rules": rules,
            "description": description,
            "modelVersions": model_versions,
            "ruleExecutionMode": rule_execution_mode,
        }
        with self.world.lock:
            status = self.keepers["DetectorVersion"].named("UpdateDetectorVersion", changes)["members"]["status"]
            if status != "DRAFT":
                raise self.error("ValidationException", f"The detector version is {status}; only a DRAFT changes.")
            return self._answer("DetectorVersion", "update", "UpdateDetectorVersion", changes)

    @stateful
    def update_detector_version_metadata(self, detector_id: str, detector_version_id: str, description: str) -> Reply:
        """Another description of a detector version."""
        changes = {"detectorId": detector_id, "detectorVersionId": detector_version_id, "description": description}
        return self._answer("DetectorVersion", "update", "UpdateDetectorVersionMetadata", changes)

    @stateful
    def update_detector_version_status(self, detector_id: str, detector_version_id: str, status: str) -> Reply:
        """Take a detector version into use, or out of it; one at a time is in use."""
        named = {"detectorId": detector_id, "detectorVersionId": detector_version_id}
        keeper = self.keepers["DetectorVersion"]
        with self.world.lock:
            old = keeper.named("UpdateDetectorVersionStatus", named)["members"]["status"]
            if (old, status) not in _DETECTOR_STEPS:
                raise self.error("ValidationException", f"A detector version that is {old} cannot become {status}.")
            for other in keeper.all({"detectorId": detector_id, "status": "ACTIVE"}):
                other["members"] = {**other["members"], "status": "INACTIVE"}
            return self._answer("DetectorVersion", "update", "UpdateDetectorVersionStatus", {**named, "status": status})

    @stateful
    def delete_detector_version(self, detector_id: str, detector_version_id: str) -> Reply:
        """Forget a detector version that is not in use."""
        named = {"detectorId": detector_id, "detectorVersionId": detector_version_id}
        with self.world.lock:
            record = self.keepers["DetectorVersion"].named("DeleteDetectorVersion", named)
            if record["members"]["status"] == "ACTIVE":
                raise self.error("ConflictException", "The detector version is ACTIVE; make it INACTIVE first.")
            return self._answer("DetectorVersion", "delete", "DeleteDetectorVersion", named)

    # Models.

    @stateful
    def update_model_version(
        self,
        model_id: str,
        model_type: str,
        major_version_number: str,
        external_events_detail: Mapping[str, Any] | None = None,
        ingested_events_detail: Mapping[str, Any] | None = None,
        tags: Any = None,
    ) -> Reply:
        """Train a version again: another minor version, with the newer data."""
        keeper = self.keepers["ModelVersion"]
        model = {"modelId": model_id, "modelType": model_type}
        with self.world.lock:
            first = keeper.named("UpdateModelVersion", {**model, "modelVersionNumber": f"{major_version_number}.0"})
            minors = [record["members"]["modelVersionNumber"].split(".") for record in keeper.all(model)]
            minor = max(int(minor) for major, minor in minors if major == major_version_number) + 1
            if minor > 99:
                raise self.error("ValidationException", "There are 99 minor versions; create another major version.")
            given = {**first["members"], "modelVersionNumber": f"{major_version_number}.{minor:02}", "tags": tags}
            newer = {"externalEventsDetail": external_events_detail, "ingestedEventsDetail": ingested_events_detail}
            return self._answer(
                "ModelVersion", "create", "UpdateModelVersion", {**given, **{k: v for k, v in newer.items() if v}}
            )

    @stateful
    def update_model_version_status(
        self, model_id: str, model_type: str, model_version_number: str, status: str
    ) -> Reply:
        """Deploy a trained version, take it back, or give its training up."""
        named = {"modelId": model_id, "modelType": model_type, "modelVersionNumber": model_version_number}
        keeper = self.keepers["ModelVersion"]
        with self.world.lock:
            record = keeper.named("UpdateModelVersionStatus", named)
            old = keeper.status(record)
            steps = _MODEL_STEPS.get((old, status))
            if steps is None:
                raise self.error("ConflictException", f"A model version that is {old} cannot become {status}.")
            keeper.enter(record, *steps)
        return {}

    # The key that everything is encrypted with.

    @stateful
    def put_kms_encryption_key(self, kms_encryption_key_arn: str) -> Reply:
        """Use another key."""
        self.world.store.table(self.name, "KMSKey")["key"] = {"kmsEncryptionKeyArn": kms_encryption_key_arn}
        return {}

    @stateful
    def get_kms_encryption_key(self) -> Reply:
        """The key in use; DEFAULT is AWS's own."""
        default = {"kmsEncryptionKeyArn": "DEFAULT"}
        return {"kmsKey": dict(self.world.store.table(self.name, "KMSKey").get("key", default))}

    def _answer(self, noun: str, verb: Any, operation: str, params: Mapping[str, Any]) -> Reply:
        given = {name: value for name, value in params.items() if value is not None}
        return self.keepers[noun].answer(verb, operation, given)


def _changed(known: Sequence[str], given: Sequence[str], mode: str) -> list[str]:
    if mode == "REMOVE":
        gone = set(given)
        return [element for element in known if element not in gone]
    return list(dict.fromkeys([*known, *given] if mode == "APPEND" else given))
