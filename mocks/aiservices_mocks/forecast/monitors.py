"""Monitors: how good a predictor is on each import that comes after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.engines.seasonal import Scores
from aiservices_mocks.listing import chosen
from aiservices_mocks.resources import Life, WorkFailed
from aiservices_mocks.service import Service, stateful
from aiservices_mocks.store import Record

from .base import ACTIVE, found, invalid, ready
from .predictors import scores, window
from .series import build, columns, dataset_of, imports, loaded, plan, rows_of
from .tables import Row

LIFE = Life(
    "Status",
    (("CREATE_PENDING", 60), ("CREATE_IN_PROGRESS", 300), (ACTIVE, 0)),
    stopped=(("ACTIVE_STOPPING", 30), ("ACTIVE_STOPPED", 0)),
    failed="CREATE_FAILED",
    reason="Message",
)


class Monitors(Service):
    """Monitors and what they found."""

    @stateful
    def create_monitor(self, **request: Any) -> Reply:
        """Watch an AutoPredictor."""
        arn = request["resource_arn"]
        if not ready(self, "Predictor", arn)["members"]["IsAutoPredictor"]:
            raise invalid(self, "Only a predictor that CreateAutoPredictor made can be monitored.")
        if self.keepers["Monitor"].all({"ResourceArn": arn}):
            raise invalid(self, "The predictor has a monitor already.")
        return self.keep("CreateMonitor", request)

    @stateful
    def describe_monitor(self, monitor_arn: str) -> Reply:
        """A monitor, the metrics of its predictor's back-test, and how the last evaluation went."""
        reply = self.keep("DescribeMonitor", {"monitor_arn": monitor_arn})
        members = self._judged(monitor_arn)
        predictor = found(self, "Predictor", members["ResourceArn"])["members"]
        if windows := predictor.get("Windows"):
            baseline = [{"Name": name, "Value": value} for name, value in _metrics(scores(windows[-1])).items()]
            reply["Baseline"] = {"PredictorBaseline": {"BaselineMetrics": baseline}}
        for last in members.get("Evaluations", ())[-1:]:
            reply["LastEvaluationTime"] = last["EvaluationTime"]
            reply["LastEvaluationState"] = last["EvaluationState"]
        return reply

    @stateful
    def list_monitor_evaluations(self, monitor_arn: str, **request: Any) -> Reply:
        """What a monitor found, the latest first."""
        every = self._judged(monitor_arn).get("Evaluations", ())
        params = {"MonitorArn": monitor_arn, **self.named("ListMonitorEvaluations", request)}
        row = self.keepers["Monitor"].row
        filters = {"Filters": params.get("Filters", [])}
        wanted = [one for one in reversed(every) if chosen(one, filters, row)]
        return self.listed("ListMonitorEvaluations", params, wanted, "PredictorMonitorEvaluations")

    def _judged(self, monitor_arn: str) -> Mapping[str, Any]:
        """A monitor's members, after the imports that it is to evaluate were looked at."""
        monitor = found(self, "Monitor", monitor_arn)
        predictor = found(self, "Predictor", monitor["members"]["ResourceArn"])["members"]
        group = found(self, "DatasetGroup", predictor["DatasetGroupArn"])
        if (target := dataset_of(self, group, "TARGET_TIME_SERIES")) is not None:
            imports(self, target)
        members: Mapping[str, Any] = monitor["members"]
        return members


def evaluate(service: Service, dataset: Record, members: Mapping[str, Any], rows: Sequence[Row]) -> None:
    """Let the monitors look at an import into their predictors' target data.

    members, rows: of the import, which is not among the dataset's yet.
    """
    keeper = service.keepers["Monitor"]
    job = found(service, "DatasetImportJob", members["DatasetImportJobArn"])
    if dataset["members"]["DatasetType"] != "TARGET_TIME_SERIES":
        return
    for monitor in keeper.all({}):
        if monitor["created"] > job["created"] or keeper.look(monitor) != ACTIVE:
            continue
        predictor = found(service, "Predictor", monitor["members"]["ResourceArn"])["members"]
        group = service.keepers["DatasetGroup"].by_arn(predictor["DatasetGroupArn"])
        if group is None or dataset["arn"] not in group["members"]["DatasetArns"]:
            continue
        evaluation = {
            "ResourceArn": monitor["members"]["ResourceArn"],
            "MonitorArn": monitor["arn"],
            "EvaluationTime": service.world.clock.now(),
            "MonitorDataSource": {
                "DatasetImportJobArn": job["arn"],
                "PredictorArn": monitor["members"]["ResourceArn"],
            },
            **_evaluation(service, dataset, group, predictor, members, rows),
        }
        with service.world.lock:
            before = monitor["members"].get("Evaluations", [])
            keeper.change(monitor, {"Evaluations": [*before, evaluation]})


def _evaluation(
    service: Service,
    dataset: Record,
    group: Record,
    predictor: Mapping[str, Any],
    members: Mapping[str, Any],
    rows: Sequence[Row],
) -> dict[str, Any]:
    how, horizon = plan(group, predictor), predictor["ForecastHorizon"]
    if members.get("ImportMode") == "INCREMENTAL":
        rows = [*rows_of(loaded(service, dataset)), *rows]
    try:
        series = build(rows, columns(dataset), how)
        seen = window(series, horizon, horizon, how, predictor["ForecastTypes"])
    except WorkFailed as failure:
        return {"EvaluationState": "FAILURE", "Message": str(failure)}
    return {
        "EvaluationState": "SUCCESS",
        "WindowStartDatetime": seen["start"].replace(tzinfo=UTC),
        "WindowEndDatetime": seen["end"].replace(tzinfo=UTC),
        "MetricResults": [{"MetricName": n, "MetricValue": v} for n, v in _metrics(scores(seen)).items()],
        "NumItemsEvaluated": len(seen["series"]),
    }


def _metrics(found: Scores) -> dict[str, float]:
    return {
        "AverageWeightedQuantileLoss": found.average_loss,
        "MAPE": found.mape,
        "MASE": found.mase,
        "RMSE": found.rmse,
        "WAPE": found.wape,
    }
