"""Predictions of Fraud Detector: made, kept, listed and explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aiservices.call import Reply, note
from aiservices_mocks.service import computed, stateful

from .asking import Asking
from .events import ID, moment, store, written_time
from .judging import EventError, Judgement, judge

if TYPE_CHECKING:
    from aiservices_mocks.store import Record, Table

_ENGINE = "detector-rules"
_FILTERS = {
    "event_id": "eventId",
    "event_type": "eventTypeName",
    "detector_id": "detectorId",
    "detector_version_id": "detectorVersionId",
}
_SUMMARY = (*_FILTERS.values(), "eventTimestamp", "predictionTimestamp")
_UNSHOWN = ("entities",)


class Predictions(Asking):
    """Single predictions, and everything about the past ones."""

    @computed
    def get_event_prediction(
        self,
        detector_id: str,
        event_id: str,
        event_type_name: str,
        entities: Sequence[Mapping[str, str]],
        event_timestamp: str,
        event_variables: Mapping[str, str],
        detector_version_id: str | None = None,
        external_model_endpoint_data_blobs: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Judge an event, and keep what came out."""
        version = self._version("GetEventPrediction", detector_id, detector_version_id)
        kind = self._kind("GetEventPrediction", detector_id, event_type_name)
        self._check_models(version)
        if not ID.match(event_id):
            raise self._wrong("The event id must have 1 to 64 of the characters 0-9, a-z, _ and -.")
        self._check_event(kind["members"], event_timestamp, event_variables, entities)
        try:
            found = judge(self, version, kind, event_variables)
        except EventError as error:
            raise self._wrong(str(error)) from error
        event = {
            "eventId": event_id,
            "eventTypeName": event_type_name,
            "eventTimestamp": event_timestamp,
            "eventVariables": dict(event_variables),
            "entities": list(entities),
        }
        self._remember(version, kind, event, found)
        return note(_shown(found), engine=_ENGINE)

    @stateful
    def delete_event(self, event_id: str, event_type_name: str, delete_audit_history: bool = False) -> Reply:
        """Forget an event, and what was said of it if that is to go too."""
        named = {"eventId": event_id, "eventTypeName": event_type_name}
        with self.world.lock:
            reply = self.kept["DeleteEvent"](named)
            for key, one in list(self._predictions.items()) if delete_audit_history else ():
                if all(one[name] == value for name, value in named.items()):
                    del self._predictions[key]
        return reply

    @stateful
    def list_event_predictions(
        self,
        prediction_time_range: Mapping[str, str] | None = None,
        next_token: str | None = None,
        max_results: int | None = None,
        **filters: Any,
    ) -> Reply:
        """Past predictions, of an event, an event type, a detector or its version, and of some time."""
        wanted = {_FILTERS[name]: condition.get("value") for name, condition in filters.items() if condition}
        first, last = self._range(prediction_time_range)
        chosen = [
            {name: one[name] for name in _SUMMARY}
            for one in self._predictions.values()
            if all(one[name] == value for name, value in wanted.items() if value is not None)
            and first <= one["predictionTimestamp"] <= last
        ]
        params = {"nextToken": next_token, "maxResults": max_results, "range": [first, last], **wanted}
        return self.listed("ListEventPredictions", params, chosen, "eventPredictionSummaries")

    @stateful
    def get_event_prediction_metadata(
        self,
        event_id: str,
        event_type_name: str,
        detector_id: str,
        detector_version_id: str,
        prediction_timestamp: str,
    ) -> Reply:
        """How a prediction came about."""
        key = _key(event_id, event_type_name, detector_id, detector_version_id, prediction_timestamp)
        if key not in self._predictions:
            raise self.error("ResourceNotFoundException", "There is no such prediction.")
        return dict(self._predictions[key])

    def _range(self, given: Mapping[str, str] | None) -> tuple[str, str]:
        if not given:
            return "", "~"
        times = [moment(given[name]) for name in ("startTime", "endTime")]
        if times[0] is None or times[1] is None or times[0] > times[1]:
            raise self._wrong("The time range is not one: give a start and an end in the form of ISO 8601.")
        return written_time(times[0]), written_time(times[1])

    # What predictions need, and leave behind.

    @property
    def _predictions(self) -> Table:
        return self.world.store.table(self.name, "Prediction")

    def _version(self, operation: str, detector_id: str, number: str | None) -> Record:
        """The version of a detector that is named, or else the one in use."""
        self.keepers["Detector"].named(operation, {"detectorId": detector_id})
        keeper = self.keepers["DetectorVersion"]
        if number is not None:
            return keeper.named(operation, {"detectorId": detector_id, "detectorVersionId": number})
        found = keeper.all({"detectorId": detector_id, "status": "ACTIVE"})
        if not found:
            raise self.error("ResourceNotFoundException", "The detector has no version that is ACTIVE.")
        return found[0]

    def _kind(self, operation: str, detector_id: str, event_type: str) -> Record:
        """The event type, if it is the detector's."""
        kind = self.keepers["EventType"].named(operation, {"name": event_type})
        detector = self.keepers["Detector"].named(operation, {"detectorId": detector_id})
        if detector["members"]["eventTypeName"] != event_type:
            raise self._wrong("The detector is for another event type.")
        return kind

    def _check_models(self, version: Record) -> None:
        """Models are in use; those of others cannot be asked from here."""
        keeper = self.keepers["ModelVersion"]
        for named in version["members"].get("modelVersions", ()):
            status = keeper.status(keeper.named("GetModelVersion", named))
            if status != "ACTIVE":
                raise self.error("ConflictException", f"A model version of the detector is {status}, not ACTIVE.")
        if version["members"].get("externalModelEndpoints"):
            raise self.error("ResourceUnavailableException", "The endpoint of the external model did not answer.")

    def _remember(self, version: Record, kind: Record, event: Mapping[str, Any], found: Judgement) -> None:
        """Keep a prediction, and the event itself where its type says so."""
        members, now = version["members"], written_time(self.world.clock.now())
        entity: Mapping[str, str] = next(iter(event["entities"]), {})
        about = {
            **{name: value for name, value in event.items() if name not in _UNSHOWN},
            **{name: entity[name] for name in ("entityId", "entityType") if name in entity},
            "detectorId": members["detectorId"],
            "detectorVersionId": members["detectorVersionId"],
            "detectorVersionStatus": members["status"],
            "eventVariables": self._variables(event["eventVariables"], found),
            "rules": list(found.rules),
            "ruleExecutionMode": members["ruleExecutionMode"],
            "outcomes": found.outcomes,
            "evaluatedModelVersions": [_evaluation(one) for one in found.scores],
            "evaluatedExternalModels": [],
            "predictionTimestamp": now,
        }
        key = _key(event["eventId"], event["eventTypeName"], members["detectorId"], members["detectorVersionId"], now)
        with self.world.lock:
            self._predictions[key] = about
            if kind["members"].get("eventIngestion") == "ENABLED" and not self.keepers["Event"].find(event):
                store(self, [event])

    def _variables(self, given: Mapping[str, str], found: Judgement) -> list[dict[str, str]]:
        shown = []
        for name, value in found.values.items():
            variable = self.keepers["Variable"].find({"name": name})
            source = variable["members"]["dataSource"] if variable else "MODEL_SCORE"
            shown.append({"name": name, "value": given.get(name) or _text(value), "source": source})
        return shown


def _key(*parts: str) -> str:
    return "\n".join(parts)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _named(one: Mapping[str, Any]) -> dict[str, str]:
    return {name: one[name] for name in ("modelId", "modelType", "modelVersionNumber", "arn") if name in one}


def _shown(found: Judgement) -> Reply:
    return {
        "modelScores": [
            {"modelVersion": _named(one), "scores": {f"{one['modelId']}_insightscore": one["score"]}}
            for one in found.scores
        ],
        "ruleResults": [
            {"ruleId": rule["ruleId"], "outcomes": list(rule["outcomes"])} for rule in found.rules if rule["matched"]
        ],
        "externalModelOutputs": [],
    }


def _evaluation(one: Mapping[str, Any]) -> dict[str, Any]:
    """The score of a model, and what each variable added to it."""
    impacts: Mapping[str, float] = one["impacts"]
    most = max(map(abs, impacts.values()), default=0.0) or 1.0
    explained = [
        {"eventVariableName": name, "relativeImpact": str(round(5 * odds / most)), "logOddsImpact": odds}
        for name, odds in impacts.items()
    ]
    return {
        "modelId": one["modelId"],
        "modelVersion": one["modelVersionNumber"],
        "modelType": one["modelType"],
        "evaluations": [
            {
                "outputVariableName": f"{one['modelId']}_insightscore",
                "evaluationScore": str(one["score"]),
                "predictionExplanations": {"variableImpactExplanations": explained},
            }
        ],
    }
