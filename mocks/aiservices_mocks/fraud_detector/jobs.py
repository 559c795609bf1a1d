"""Jobs of Fraud Detector: files of events that are stored, or judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.places import Place, place
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.service import stateful

from .events import ID, Row, moment, place_of, read_csv, store, write_csv
from .judging import EventError, judge
from .predictions import Predictions

if TYPE_CHECKING:
    from aiservices_mocks.service import Service
    from aiservices_mocks.store import Record

_TIME = "EVENT_TIMESTAMP"
_NEEDED = ("EVENT_ID", _TIME, "ENTITY_ID", "ENTITY_TYPE")
_LABEL, _LABEL_TIME = "EVENT_LABEL", "LABEL_TIMESTAMP"
_APPENDED = ("MODEL_SCORES", "OUTCOMES", "STATUS", "RULE_RESULTS")


class Jobs(Predictions):
    """The jobs' beginnings."""

    @stateful
    def create_batch_import_job(self, **request: Any) -> Reply:
        """Store the events of a file."""
        self._check_paths(request)
        kind = self.keepers["EventType"].named("CreateBatchImportJob", {"name": request["event_type_name"]})
        if kind["members"].get("eventIngestion") == "DISABLED":
            raise self._wrong("The event type does not store events: its event ingestion is DISABLED.")
        return self.keep("CreateBatchImportJob", request)

    @stateful
    def create_batch_prediction_job(self, **request: Any) -> Reply:
        """Judge the events of a file by a version of a detector; one job runs at a time."""
        operation = "CreateBatchPredictionJob"
        self._check_paths(request)
        version = self._version(operation, request["detector_name"], request.get("detector_version"))
        self._kind(operation, request["detector_name"], request["event_type_name"])
        self._check_batch(version)
        keeper = self.keepers["BatchPredictionJob"]
        with self.world.lock:
            if any(keeper.status(one).startswith("IN_PROGRESS") for one in keeper.all({})):
                raise self._wrong("There is a batch prediction job in progress; one can run at a time.")
            number = version["members"]["detectorVersionId"]
            return self.keep(operation, request, detectorVersion=number)

    def _check_paths(self, request: Mapping[str, Any]) -> None:
        for name in ("input_path", "output_path"):
            if place(request[name]) is None:
                raise self._wrong(f"The {name.replace('_', ' ')} is not one of Amazon S3.")

    def _check_batch(self, version: Record) -> None:
        """What only single predictions say in other words."""
        try:
            self._check_models(version)
        except ServiceError as error:
            raise self._wrong(error.message) from error


def import_events(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Store the events that are right; write the others, and what is wrong with them, to a file."""
    kind = service.keepers["EventType"].find({"name": members["eventTypeName"]})
    if kind is None:
        raise WorkFailed("The event type was deleted.")
    of = kind["members"]
    header, rows = read_csv(service, members["inputPath"], (*_NEEDED, *of["eventVariables"]))
    good: list[dict[str, Any]] = []
    bad: list[dict[str, str]] = []
    for row in rows:
        if wrong := _problem(row, of):
            bad.append({**row, "ERROR": wrong})
        else:
            good.append(_event(row, of))
    store(service, good)
    if bad:
        write_csv(service, _inside(members, "errors.csv"), [*header, "ERROR"], bad)
    return {"processedRecordsCount": len(good), "failedRecordsCount": len(bad), "totalRecordsCount": len(rows)}


def _problem(row: Row, kind: Mapping[str, Any]) -> str:
    if not ID.match(row["EVENT_ID"]):
        return "EVENT_ID must have 1 to 64 of the characters 0-9, a-z, _ and -."
    for name in (_TIME, _LABEL_TIME):
        if (name == _TIME or row.get(name)) and moment(row[name]) is None:
            return f"{name} is not a time in UTC in the form of ISO 8601."
    if row["ENTITY_TYPE"] not in kind["entityTypes"] or not row["ENTITY_ID"]:
        return "ENTITY_TYPE must be one of the event type, and ENTITY_ID not empty."
    if row.get(_LABEL) and row[_LABEL] not in kind.get("labels", ()):
        return f"{_LABEL} is not one of the event type."
    return ""


def _event(row: Row, kind: Mapping[str, Any]) -> dict[str, Any]:
    event = {
        "eventId": row["EVENT_ID"],
        "eventTypeName": kind["name"],
        "eventTimestamp": row[_TIME],
        "eventVariables": {name: row[name] for name in kind["eventVariables"] if row[name]},
        "entities": [{"entityType": row["ENTITY_TYPE"], "entityId": row["ENTITY_ID"]}],
    }
    if row.get(_LABEL):
        event["assignedLabel"] = row[_LABEL]
        event["labelTimestamp"] = row.get(_LABEL_TIME) or row[_TIME]
    return event


def predict_events(service: Jobs, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Judge every row, and write the rows again with what came out."""
    named = {"detectorId": members["detectorName"], "detectorVersionId": members["detectorVersion"]}
    version = service.keepers["DetectorVersion"].find(named)
    kind = service.keepers["EventType"].find({"name": members["eventTypeName"]})
    if version is None or kind is None:
        raise WorkFailed("The detector version or the event type was deleted.")
    header, rows = read_csv(service, members["inputPath"], (_TIME,))
    judged = [{**row, **_judged(service, version, kind, row)} for row in rows]
    write_csv(service, _inside(members, "predictions.csv"), [*header, *_APPENDED], judged)
    return {
        "processedRecordsCount": sum(row["STATUS"] == "SUCCESS" for row in judged),
        "totalRecordsCount": len(rows),
    }


def _judged(service: Jobs, version: Record, kind: Record, row: Row) -> Row:
    variables = {name: row[name] for name in kind["members"]["eventVariables"] if row.get(name)}
    if moment(row[_TIME]) is None:
        return dict.fromkeys(_APPENDED, "") | {"STATUS": f"{_TIME} is not a time in UTC in the form of ISO 8601."}
    try:
        found = judge(service, version, kind, variables)
    except EventError as error:
        return dict.fromkeys(_APPENDED, "") | {"STATUS": str(error)}
    scores = {f"{one['modelId']}_insightscore": one["score"] for one in found.scores}
    return {
        "MODEL_SCORES": json.dumps(scores),
        "OUTCOMES": json.dumps(found.outcomes),
        "STATUS": "SUCCESS",
        "RULE_RESULTS": json.dumps([rule["ruleId"] for rule in found.rules if rule["matched"]]),
    }


def _inside(members: Mapping[str, Any], name: str) -> Place:
    """A file of a job's output: in the folder that the output path names, or that path itself when it is a file's."""
    where = place_of(members["outputPath"])
    return where if where.key.endswith(".csv") else where.under(f"{members['jobId']}-{name}")
