"""What a model version learns from stored events, or from a file of them, and how well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aiservices_mocks.engines import fraud_scores
from aiservices_mocks.engines.fraud_scores import Event
from aiservices_mocks.resources import WorkFailed

from .events import instant, read_csv, stored

if TYPE_CHECKING:
    from aiservices_mocks.service import Service

_EVENTS, _EACH = 10_000, 400
"""The fewest events, and the fewest of fraud and of the others, that a model is trained with."""
_TAKEOVERS = "ACCOUNT_TAKEOVER_INSIGHTS"
_SHORT = {"ONLINE_FRAUD_INSIGHTS": "ofi", "TRANSACTION_FRAUD_INSIGHTS": "tfi", _TAKEOVERS: "ati"}


def train(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Train a model version, unless there is too little to learn from."""
    schema = members["trainingDataSchema"]
    try:
        events = _labelled(service, members, schema.get("labelSchema", {}))
        _check(events, members["modelType"])
    except WorkFailed as failure:
        return {"status": "ERROR", **_validated("ERROR", "Training failed", str(failure))}
    learned, tested = fraud_scores.split(events)
    model = fraud_scores.learn(learned, schema["modelVariables"])
    return {"model": model, **_results(service, members["modelType"], model, tested, len(events))}


def _labelled(service: Service, members: Mapping[str, Any], labels: Mapping[str, Any]) -> list[Event]:
    """The events that have one of the labels; those without as the schema treats them."""
    mapper = {label: kind for kind, own in labels.get("labelMapper", {}).items() for label in own}
    takeover = members["modelType"] == _TAKEOVERS
    treated = labels.get("unlabeledEventsTreatment", "LEGIT" if takeover else "IGNORE")
    found = []
    for values, label in _events(service, members):
        kind = mapper.get(label) if label else treated
        if kind in ("FRAUD", "LEGIT"):
            found.append((values, kind == "FRAUD"))
    return found


def _events(service: Service, members: Mapping[str, Any]) -> list[tuple[Mapping[str, str], str]]:
    """Variables and labels."""
    if members["trainingDataSource"] == "EXTERNAL_EVENTS":
        where = members["externalEventsDetail"]["dataLocation"]
        needed = ("EVENT_TIMESTAMP", *members["trainingDataSchema"]["modelVariables"])
        rows = read_csv(service, where, needed)[1]
        return [(row, row.get("EVENT_LABEL", "")) for row in rows]
    model = service.keepers["Model"].find(members)
    window = members["ingestedEventsDetail"]["ingestedEventsTimeWindow"]
    first, last = (instant(window[name]) for name in ("startTime", "endTime"))
    return [
        (event["eventVariables"], event.get("assignedLabel", ""))
        for event in (stored(service, model["members"]["eventTypeName"]) if model else ())
        if first <= instant(event["eventTimestamp"]) <= last
    ]


def _check(events: list[Event], model_type: str) -> None:
    bad = sum(fraud for _, fraud in events)
    if len(events) < _EVENTS:
        raise WorkFailed(f"There are {len(events)} events to train with, and {_EVENTS} are needed.")
    if model_type != _TAKEOVERS and min(bad, len(events) - bad) < _EACH:
        raise WorkFailed(f"There are {bad} events of fraud; at least {_EACH} of fraud and of the others are needed.")


def _validated(kind: str, title: str, content: str) -> dict[str, Any]:
    metrics = {"fileLevelMessages": [{"title": title, "content": content, "type": kind}], "fieldLevelMessages": []}
    return {name: {"dataValidationMetrics": metrics} for name in ("trainingResult", "trainingResultV2")}


def _results(
    service: Service, model_type: str, model: fraud_scores.Model, tested: list[Event], count: int
) -> dict[str, Any]:
    auc, points = fraud_scores.measures(model, tested)
    kinds = service.keepers["Variable"]
    odds = [
        {"variableName": name, "variableType": _type(kinds.find({"name": name})), "variableImportance": apart}
        for name, apart in fraud_scores.importance(model).items()
    ]
    result = _validated("INFO", "Events", f"{count} events were read.")
    result["trainingResult"] |= {
        "trainingMetrics": {"auc": auc, "metricDataPoints": points},
        "variableImportanceMetrics": {"logOddsMetrics": odds},
    }
    result["trainingResultV2"]["variableImportanceMetrics"] = {"logOddsMetrics": odds}
    if model_type != _TAKEOVERS:
        metrics = {"metricDataPoints": points, "modelPerformance": {"auc": auc}}
        result["trainingResultV2"]["trainingMetricsV2"] = {_SHORT[model_type]: metrics}
    return result


def _type(variable: Mapping[str, Any] | None) -> str:
    return str(variable["members"].get("variableType", "")) if variable else ""
