"""What Fraud Detector's detectors are made of: variables, events, lists, rules, versions of detectors and models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.api.model import load
from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.engines import detector_rules
from aiservices_mocks.places import place
from aiservices_mocks.service import stateful

from .asking import Asking
from .events import moment, statistics

_ELEMENTS = 100_000
"""Elements of one list."""
_MODEL_STEPS = {
    ("TRAINING_IN_PROGRESS", "TRAINING_CANCELLED"): (("TRAINING_CANCELLED", 0),),
    ("TRAINING_COMPLETE", "ACTIVE"): (("ACTIVATE_REQUESTED", 30), ("ACTIVATE_IN_PROGRESS", 600), ("ACTIVE", 0)),
    ("ACTIVE", "INACTIVE"): (("INACTIVATE_REQUESTED", 30), ("INACTIVATE_IN_PROGRESS", 300), ("INACTIVE", 0)),
}
"""The changes of a model version's status that can be asked for, and the states on the way."""
_GIVEN = ("trainingDataSource", "trainingDataSchema", "externalEventsDetail", "ingestedEventsDetail")
"""What a model version is trained with."""
_DETECTOR_STEPS = {("DRAFT", "ACTIVE"), ("ACTIVE", "INACTIVE"), ("INACTIVE", "ACTIVE")}


class Definitions(Asking):
    """What can be made, changed and forgotten."""

    # Variables.

    @stateful
    def batch_create_variable(self, variable_entries: Sequence[Mapping[str, Any]], tags: Any = None) -> Reply:
        """Make many; what cannot be made is told, the rest is made."""
        errors = []
        for entry in variable_entries:
            try:
                self._check_entry(entry)
                self.kept["CreateVariable"]({**entry, **({"tags": tags} if tags else {})})
            except ServiceError as error:
                errors.append({"name": entry.get("name", ""), "code": error.status or 400, "message": error.message})
        return {"errors": errors}

    @stateful
    def batch_get_variable(self, names: Sequence[str]) -> Reply:
        """Show many."""
        keeper = self.keepers["Variable"]
        known = [name for name in names if keeper.find({"name": name})]
        shown = [self.kept["GetVariables"]({"name": name})["variables"][0] for name in known]
        message = "The variable does not exist."
        return {
            "variables": shown,
            "errors": [{"name": name, "code": 404, "message": message} for name in names if name not in known],
        }

    def _check_entry(self, entry: Mapping[str, Any]) -> None:
        """An entry is as CreateVariable wants it; the model of entries says less."""
        shape = load(self.name).operations["CreateVariable"].input
        for name in ("name", "dataType", "dataSource", "defaultValue"):
            if not entry.get(name):
                raise self._wrong(f"The variable has no {name}.")
            choice = shape.members[name].enum if shape else ()
            if choice and entry[name] not in choice:
                raise self._wrong(f"The {name} of the variable is not one of {', '.join(choice)}.")

    # Events.

    @stateful
    def send_event(self, event_type_name: str, **request: Any) -> Reply:
        """Store an event that its type allows."""
        kind = self.keepers["EventType"].named("SendEvent", {"name": event_type_name})["members"]
        if kind.get("eventIngestion") == "DISABLED":
            raise self._wrong("The event type does not store events: its event ingestion is DISABLED.")
        self._check_event(kind, request["event_timestamp"], request["event_variables"], request["entities"])
        label = request.get("assigned_label")
        if label is not None and label not in kind.get("labels", ()):
            raise self._wrong("The assigned label is not one of the event type.")
        return self.keep("SendEvent", {**request, "event_type_name": event_type_name})

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
            reply = self.kept["DeleteEventsByEventType"](named)
            for event in events.all(named):
                events.remove(event)
        return reply

    @stateful
    def get_event_types(self, **request: Any) -> Reply:
        """Event types, and what is stored of their events."""
        reply = self.keep("GetEventTypes", request)
        for shown in reply["eventTypes"]:
            if found := statistics(self, shown["name"]):
                shown["ingestedEventStatistics"] = found
        return reply

    # Lists.

    @stateful
    def get_list_elements(self, name: str, next_token: str | None = None, max_results: int | None = None) -> Reply:
        """The elements of a list, in pages."""
        record = self.keepers["List"].named("GetListElements", {"name": name})
        params = {"name": name, "nextToken": next_token}
        return self.listed("GetListElements", params, record["members"]["elements"], "elements", max_results or 5000)

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
                raise self._wrong(f"The list holds {known}; its type cannot be changed.")
            old = record["members"]["elements"]
            new = old if elements is None else _changed(old, elements, update_mode)
            if len(new) > _ELEMENTS:
                raise self._wrong(f"{len(new)} elements, at most {_ELEMENTS}.")
            changes = {"name": name, "description": description, "variable_type": variable_type, "elements": new}
            return self.keep("UpdateList", changes)

    @stateful
    def delete_list(self, name: str) -> Reply:
        """Forget a list that no rule names."""
        with self.world.lock:
            expressions = [rule["members"]["expression"] for rule in self.keepers["Rule"].all({})]
            if any(name in detector_rules.read(expression).lists for expression in expressions):
                raise self.error("ConflictException", "The list is used by a rule; delete that first.")
            return self.keep("DeleteList", {"name": name})

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
                raise self._wrong("A rule of this id exists; update it for another version.")
            self._check_rule(detector_id, members["expression"])
            return self.kept["CreateRule"]({**named, **members})

    @stateful
    def update_rule_version(self, rule: Mapping[str, str], **members: Any) -> Reply:
        """The next version of a rule."""
        named = {name: rule[name] for name in ("detectorId", "ruleId")}
        with self.world.lock:
            self.keepers["Rule"].named("UpdateRuleVersion", rule)
            self._check_rule(rule["detectorId"], members["expression"])
            return self._answer("Rule", "create", "UpdateRuleVersion", {**named, **members})

    def _check_rule(self, detector_id: str, expression: str) -> None:
        """The expression can be read, and its variables and lists exist."""
        try:
            rule = detector_rules.read(expression)
        except detector_rules.RuleError as error:
            raise self._wrong(f"The rule expression is not valid. {error}") from error
        detector = self.keepers["Detector"].find({"detectorId": detector_id})
        if detector is None:
            return
        kind = self.keepers["EventType"].find({"name": detector["members"]["eventTypeName"]})
        known = {*(kind["members"]["eventVariables"] if kind else ()), *self._score_names()}
        if missing := rule.variables - known:
            names = ", ".join(sorted(missing))
            raise self._wrong(f"The rule has variables that the event type has not: {names}.")
        if rule.tree[0] == "variable" and not self._is_boolean(rule.tree[1]):
            raise self._wrong("The rule expression is not valid. It is not true or false.")
        lists = self.keepers["List"]
        if unknown := [name for name in rule.lists if lists.find({"name": name}) is None]:
            raise self._wrong(f"The rule has lists that do not exist: {len(unknown)}.")

    def _is_boolean(self, name: str) -> bool:
        variable = self.keepers["Variable"].find({"name": name})
        return variable is not None and variable["members"]["dataType"] == "BOOLEAN"

    def _score_names(self) -> set[str]:
        """The variables that models give."""
        of_models = {f"{one['members']['modelId']}_insightscore" for one in self.keepers["Model"].all({})}
        kept = [one["members"] for one in self.keepers["Variable"].all({})]
        return of_models | {one["name"] for one in kept if one["dataSource"] != "EVENT"}

    @stateful
    def update_rule_metadata(self, rule: Mapping[str, str], description: str) -> Reply:
        """Another description of a version."""
        return self._answer("Rule", "update", "UpdateRuleMetadata", {**rule, "description": description})

    @stateful
    def delete_rule(self, rule: Mapping[str, str]) -> Reply:
        """Forget a version that no detector version has."""
        return self.kept["DeleteRule"](rule)

    @stateful
    def update_detector_version(self, **request: Any) -> Reply:
        """Change a draft."""
        with self.world.lock:
            status = self._of_detector("UpdateDetectorVersion", request)["status"]
            if status != "DRAFT":
                raise self._wrong(f"The detector version is {status}; only a DRAFT changes.")
            return self.keep("UpdateDetectorVersion", request)

    @stateful
    def update_detector_version_metadata(self, **request: Any) -> Reply:
        """Another description of a detector version."""
        params = self.named("UpdateDetectorVersionMetadata", request)
        return self._answer("DetectorVersion", "update", "UpdateDetectorVersionMetadata", params)

    @stateful
    def update_detector_version_status(self, **request: Any) -> Reply:
        """Take a detector version into use, or out of it; one at a time is in use."""
        operation, new, keeper = "UpdateDetectorVersionStatus", request["status"], self.keepers["DetectorVersion"]
        with self.world.lock:
            old = self._of_detector(operation, request)["status"]
            if (old, new) not in _DETECTOR_STEPS:
                raise self._wrong(f"A detector version that is {old} cannot become {new}.")
            for other in keeper.all({"detectorId": request["detector_id"], "status": "ACTIVE"}):
                keeper.change(other, {"status": "INACTIVE"})
            return self._answer("DetectorVersion", "update", operation, self.named(operation, request))

    @stateful
    def delete_detector_version(self, **request: Any) -> Reply:
        """Forget a detector version that is not in use."""
        with self.world.lock:
            if self._of_detector("DeleteDetectorVersion", request)["status"] == "ACTIVE":
                raise self.error("ConflictException", "The detector version is ACTIVE; make it INACTIVE first.")
            return self.keep("DeleteDetectorVersion", request)

    def _of_detector(self, operation: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """The members of the detector version that a request names."""
        record = self.keepers["DetectorVersion"].named(operation, self.named(operation, request))
        members: Mapping[str, Any] = record["members"]
        return members

    # Models.

    @stateful
    def create_model_version(self, **request: Any) -> Reply:
        """Train a model; where its events are is told in the way that the source of its data needs."""
        self._check_source(self.named("CreateModelVersion", request))
        return self.keep("CreateModelVersion", request)

    def _check_source(self, given: Mapping[str, Any]) -> None:
        source = given["trainingDataSource"]
        member = "externalEventsDetail" if source == "EXTERNAL_EVENTS" else "ingestedEventsDetail"
        detail = given.get(member)
        if not detail:
            raise self._wrong(f"Training with {source} needs the {member}.")
        if "dataLocation" in detail and place(detail["dataLocation"]) is None:
            raise self._wrong("The data location is not one of Amazon S3; give it as s3://bucket/key.")
        if any(moment(time) is None for time in detail.get("ingestedEventsTimeWindow", {}).values()):
            raise self._wrong("The times of the window must be in UTC in the form of ISO 8601.")

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
                raise self._wrong("There are 99 minor versions; create another major version.")
            old = {name: first["members"].get(name) for name in _GIVEN}
            given = {
                **model,
                **old,
                "modelVersionNumber": f"{major_version_number}.{minor:02}",
                "externalEventsDetail": external_events_detail or old["externalEventsDetail"],
                "ingestedEventsDetail": ingested_events_detail or old["ingestedEventsDetail"],
                "tags": tags,
            }
            self._check_source(given)
            return self._answer("ModelVersion", "create", "UpdateModelVersion", given)

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


def _changed(known: Sequence[str], given: Sequence[str], mode: str) -> list[str]:
    if mode == "REMOVE":
        gone = set(given)
        return [element for element in known if element not in gone]
    return list(dict.fromkeys([*known, *given] if mode == "APPEND" else given))
