"""Predictors: trained on what was imported, judged on the end of it, which they did not see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.engines import seasonal
from aiservices_mocks.engines.seasonal import MEAN, Scored, Scores
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.service import Service, computed, stateful
from aiservices_mocks.store import Record
from aiservices_mocks.tags import as_dict

from .base import check_running, estimated, found, invalid, life, noted, ready, unique_id
from .frequency import parse
from .series import (
    Key,
    Plan,
    Series,
    build,
    columns,
    dataset_of,
    imports,
    plan,
    rows_of,
    transformations,
    wrong_filling,
)

LIFE = life(60, 3600)
KINDS = ("0.1", "0.5", "0.9")
"""What is forecast unless told otherwise."""
HORIZON = 500
"""Steps of a forecast."""
_NEW, _AGAIN = 4, 3
"""Which part of the data a horizon can be at most: of a new AutoPredictor, of all others."""
_ALGORITHMS = ("ARIMA", "CNN-QR", "Deep_AR_Plus", "ETS", "NPTS", "Prophet")
_ALGORITHM = "arn:aws:forecast:::algorithm/"
_NEEDED = ("ForecastHorizon", "ForecastFrequency", "DataConfig")
_BESIDE = {"PredictorName", "ReferencePredictorArn", "ExplainPredictor", "MonitorConfig", "Tags"}
"""What can be said of a predictor that is trained again."""
_TAKEN = (
    "ForecastHorizon",
    "ForecastFrequency",
    "ForecastDimensions",
    "ForecastTypes",
    "EncryptionConfig",
    "OptimizationMetric",
    "TimeAlignmentBoundary",
)
"""What it has of the one that it is made of, besides its data."""


class Predictors(Service):
    """AutoPredictors, legacy predictors, and how good they are."""

    @stateful
    def create_auto_predictor(self, **request: Any) -> Reply:
        """A new predictor, or one that is trained again on newer data."""
        params = self.named("CreateAutoPredictor", request)
        if "ReferencePredictorArn" in params:
            members = {**params, **self._retrained(params), "Share": _AGAIN}
        elif missing := [name for name in _NEEDED if name not in params]:
            raise invalid(self, f"{missing[0]} is required to create a new predictor.")
        else:
            members = {**params, "Share": _NEW}
        members |= {**self._checked(members), "IsAutoPredictor": True}
        self._check_beside(params)
        members["Id"] = f"{params['PredictorName']}_{unique_id(self.world)}"
        reply = self.kept["CreateAutoPredictor"](members)
        self._make_beside(reply["PredictorArn"], params)
        return reply

    @stateful
    def create_predictor(self, **request: Any) -> Reply:
        """A legacy predictor, with one algorithm or whichever is best."""
        params = self.named("CreatePredictor", request)
        algorithm, automatic = params.get("AlgorithmArn"), params.get("PerformAutoML", False)
        if bool(algorithm) == automatic:
            raise invalid(self, "Either AlgorithmArn or PerformAutoML must be given, not both.")
        if algorithm and algorithm not in [_ALGORITHM + name for name in _ALGORITHMS]:
            raise invalid(self, f"There is no algorithm {algorithm}.")
        if params.get("PerformHPO") and not (algorithm or "").endswith(("CNN-QR", "Deep_AR_Plus")):
            raise invalid(self, "PerformHPO is for the algorithms CNN-QR and Deep_AR_Plus.")
        horizon = params["ForecastHorizon"]
        given = params.get("EvaluationParameters", {})
        evaluation = {"NumberOfBacktestWindows": 1, "BackTestWindowOffset": horizon, **given}
        if not 1 <= evaluation["NumberOfBacktestWindows"] <= 5:
            raise invalid(self, "NumberOfBacktestWindows must be between 1 and 5.")
        if evaluation["BackTestWindowOffset"] < horizon:
            raise invalid(self, "BackTestWindowOffset must be at least the forecast horizon.")
        members = {"PerformAutoML": False, "PerformHPO": False, **params, **self._checked(params)}
        members |= {"Share": _AGAIN, "IsAutoPredictor": False, "EvaluationParameters": evaluation}
        if automatic:
            members |= {"AlgorithmArn": f"{_ALGORITHM}NPTS", "AutoMLAlgorithmArns": [f"{_ALGORITHM}NPTS"]}
        members["Id"] = params["PredictorName"]
        return self.keepers["Predictor"].answer("create", "CreatePredictor", members)

    def _checked(self, members: Mapping[str, Any]) -> dict[str, Any]:
        """What can be said before training; what the predictor then knows of its data."""
        config = members.get("FeaturizationConfig", members)
        horizon, frequency = members["ForecastHorizon"], config["ForecastFrequency"]
        if not 1 <= horizon <= HORIZON:
            raise invalid(self, f"The forecast horizon must be between 1 and {HORIZON}.")
        kinds = members.get("ForecastTypes", KINDS)
        check_kinds(self, kinds)
        steps = parse(frequency)
        if steps is None:
            raise invalid(self, f"The forecast frequency {frequency} is not valid.")
        group = ready(self, "DatasetGroup", _data(members)["DatasetGroupArn"])
        target = dataset_of(self, group, "TARGET_TIME_SERIES")
        if target is None:
            raise invalid(self, "The dataset group has no TARGET_TIME_SERIES dataset.")
        collected = parse(target["members"].get("DataFrequency", frequency))
        if collected is not None and steps.hours < collected.hours:
            raise invalid(self, "The forecast frequency must not be finer than that of the target time series dataset.")
        if unknown := [name for name in config.get("ForecastDimensions", ()) if name not in columns(target)]:
            raise invalid(self, f"The dimension {unknown[0]} is not in the schema of the target time series dataset.")
        if wrong := wrong_filling(plan(group, members).filling):
            raise invalid(self, f"The transformation {wrong} is not valid.")
        jobs = imports(self, target)
        if not jobs:
            raise invalid(self, "No data was imported into the TARGET_TIME_SERIES dataset of the dataset group.")
        check_running(self, "Predictor")
        for kind in ("RELATED_TIME_SERIES", "ITEM_METADATA"):
            if (beside := dataset_of(self, group, kind)) is not None:
                jobs += imports(self, beside)
        return {
            "DatasetGroupArn": group["arn"],
            "DatasetImportJobArns": [job["arn"] for job in jobs],
            "ForecastTypes": list(kinds),
        }

    def _check_beside(self, params: Mapping[str, Any]) -> None:
        """The names of what is to be made together with a predictor are free."""
        wanted = {"Explainability": params["PredictorName"] if params.get("ExplainPredictor") else None}
        wanted["Monitor"] = params.get("MonitorConfig", {}).get("MonitorName")
        for noun, name in wanted.items():
            if name is not None and self.keepers[noun].all({f"{noun}Name": name}):
                raise self.error("ResourceAlreadyExistsException", f"A {noun} with the name {name} exists already.")

    def _retrained(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """What a predictor takes over from the one that it is made of; a legacy one becomes an AutoPredictor."""
        reference = params["ReferencePredictorArn"]
        if further := sorted(params.keys() - _BESIDE):
            raise invalid(self, f"{further[0]} cannot be given together with ReferencePredictorArn.")
        old = ready(self, "Predictor", reference)["members"]
        members = {**old, **old.get("FeaturizationConfig", {})}
        data = {"DatasetGroupArn": _data(old)["DatasetGroupArn"]}
        if features := members.get("Featurizations"):
            data["AttributeConfigs"] = [
                {"AttributeName": feature["AttributeName"], "Transformations": transformations(feature)}
                for feature in features
            ]
        return {
            **{name: members[name] for name in _TAKEN if name in members},
            "DataConfig": old.get("DataConfig", data),
            "ReferencePredictorSummary": {"Arn": reference, "State": "Active"},
        }

    def _make_beside(self, arn: str, params: Mapping[str, Any]) -> None:
        """The explainability and the monitor that were asked for together with a predictor; they begin after it."""
        training = sum(seconds for _, seconds in LIFE.created)
        about = {"ResourceArn": arn, **({"Tags": params["Tags"]} if as_dict(params.get("Tags")) else {})}
        if params.get("ExplainPredictor"):
            config = {"TimeSeriesGranularity": "ALL", "TimePointGranularity": "ALL"}
            given = {"ExplainabilityName": params["PredictorName"], "ExplainabilityConfig": config}
            self._begin_after("Explainability", "CreateExplainability", {**about, **given}, training)
        if monitor := params.get("MonitorConfig"):
            given = {"MonitorName": monitor["MonitorName"]}
            self._begin_after("Monitor", "CreateMonitor", {**about, **given}, training)

    def _begin_after(self, noun: str, operation: str, params: Mapping[str, Any], seconds: float) -> None:
        keeper = self.keepers[noun]
        reply = keeper.answer("create", operation, params)
        record = found(self, noun, reply[f"{noun}Arn"])
        (first, pending), *rest = record["steps"]
        keeper.enter(record, (first, seconds + pending), *rest, work=True)

    @stateful
    def describe_auto_predictor(self, predictor_arn: str) -> Reply:
        """A predictor with the explainability and the monitor that are about it."""
        record = found(self, "Predictor", predictor_arn)
        if not record["members"]["IsAutoPredictor"]:
            raise invalid(self, "The predictor was made by CreatePredictor; use DescribePredictor.")
        reply = estimated(self, "Predictor", predictor_arn, "DescribeAutoPredictor")
        for noun, member in (("Explainability", "ExplainabilityInfo"), ("Monitor", "MonitorInfo")):
            keeper = self.keepers[noun]
            for about in keeper.all({"ResourceArn": predictor_arn})[:1]:
                reply[member] = {f"{noun}Arn": about["arn"], "Status": keeper.look(about)}
        return reply

    @stateful
    def describe_predictor(self, predictor_arn: str) -> Reply:
        """A predictor as CreatePredictor made it."""
        return estimated(self, "Predictor", predictor_arn)

    @stateful
    def delete_predictor(self, predictor_arn: str) -> Reply:
        """Delete a predictor; those that were made of it know."""
        with self.world.lock:
            reply = self.keep("DeletePredictor", {"predictor_arn": predictor_arn})
            forget_reference(self, predictor_arn)
        return reply

    @computed
    def get_accuracy_metrics(self, predictor_arn: str) -> Reply:
        """The metrics of the back-test, of each window and together."""
        members = ready(self, "Predictor", predictor_arn)["members"]
        judged = [scores(window) for window in members["Windows"]]
        windows = [
            {
                "TestWindowStart": window["start"].replace(tzinfo=UTC),
                "TestWindowEnd": window["end"].replace(tzinfo=UTC),
                "ItemCount": len(window["series"]),
                "EvaluationType": "COMPUTED",
                "Metrics": _metrics(one),
            }
            for window, one in zip(members["Windows"], judged, strict=True)
        ]
        summary = seasonal.mean_scores(judged)
        result: Reply = {"TestWindows": [{"EvaluationType": "SUMMARY", "Metrics": _metrics(summary)}, *windows]}
        if "AlgorithmArn" in members:
            result["AlgorithmArn"] = members["AlgorithmArn"]
        reply = {
            "PredictorEvaluationResults": [result],
            "IsAutoPredictor": members["IsAutoPredictor"],
            "OptimizationMetric": members.get("OptimizationMetric", "AverageWeightedQuantileLoss"),
        }
        if "AutoMLOverrideStrategy" in members:
            reply["AutoMLOverrideStrategy"] = members["AutoMLOverrideStrategy"]
        return noted(reply)


def _data(members: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a predictor says of its data: an AutoPredictor and a legacy one have different names for it."""
    config: Mapping[str, Any] = members.get("DataConfig") or members["InputDataConfig"]
    return config


def forget_reference(service: Service, arn: str) -> None:
    """Let the predictors that were made of one know that it is gone."""
    keeper = service.keepers["Predictor"]
    for record in keeper.all({"ReferencePredictorSummary": {"Arn": arn, "State": "Active"}}):
        keeper.change(record, {"ReferencePredictorSummary": {"Arn": arn, "State": "Deleted"}})


def check_kinds(service: Service, kinds: Sequence[str]) -> None:
    """`mean` and quantiles from 0.01 to 0.99 (the model allows 0 too), at most five, each once."""
    values = {kind if kind == MEAN else float(kind) for kind in kinds}
    if 0.0 in values:
        raise invalid(service, "A forecast type is mean, or a quantile from 0.01 to 0.99.")
    if len(values) < len(kinds) or len(kinds) > 5:
        raise invalid(service, "There can be five forecast types, each of them once.")


def _metrics(scores: Scores) -> dict[str, Any]:
    losses = sorted(scores.losses.items(), key=lambda loss: -float(loss[0]))
    error = {"ForecastType": MEAN, "WAPE": scores.wape, "RMSE": scores.rmse, "MASE": scores.mase, "MAPE": scores.mape}
    return {
        "RMSE": scores.rmse,
        "WeightedQuantileLosses": [{"Quantile": float(kind), "LossValue": loss} for kind, loss in losses],
        "ErrorMetrics": [error],
        "AverageWeightedQuantileLoss": scores.average_loss,
    }


# The back-test.


def scored(series: Mapping[str, Any]) -> Scored:
    """A series of a window, ready to be scored."""
    return Scored(series["actual"], series["predicted"], series["scale"])


def scores(window: Mapping[str, Any]) -> Scores:
    """The metrics of one window."""
    return seasonal.score([scored(series) for series in window["series"]])


def target_series(service: Service, group: Record, how: Plan) -> dict[Key, Series]:
    """The target series of a group as a predictor sees them."""
    dataset = dataset_of(service, group, "TARGET_TIME_SERIES")
    if dataset is None:
        raise WorkFailed("The dataset group has no TARGET_TIME_SERIES dataset any more.")
    return build(rows_of(imports(service, dataset)), columns(dataset), how)


def train(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """What training finds: the back-test windows with what was forecast in them."""
    group = found(service, "DatasetGroup", members["DatasetGroupArn"])
    how, horizon = plan(group, members), members["ForecastHorizon"]
    series = target_series(service, group, how)
    longest = max(len(one.values) for one in series.values())
    share = members["Share"]
    if horizon * share > longest:
        raise WorkFailed(
            f"The forecast horizon of {horizon} is more than 1/{share} of the length of the target time series, "
            f"which have {longest} steps."
        )
    evaluation = members.get("EvaluationParameters", {})
    offset = evaluation.get("BackTestWindowOffset", horizon)
    count = evaluation.get("NumberOfBacktestWindows", 1)
    cuts = [offset + number * horizon for number in range(count)]
    if cuts[-1] >= longest:
        raise WorkFailed("The back-test windows reach beyond the beginning of the target time series.")
    kinds = members["ForecastTypes"]
    windows = [window(series, cut, horizon, how, kinds) for cut in reversed(cuts)]
    details = [
        {
            "TestWindowStart": one["start"].replace(tzinfo=UTC),
            "TestWindowEnd": one["end"].replace(tzinfo=UTC),
            "Status": "ACTIVE",
        }
        for one in windows
    ]
    result: dict[str, Any] = {"Windows": tuple(windows)}
    if "AlgorithmArn" in members:
        execution = {"AlgorithmArn": members["AlgorithmArn"], "TestWindows": details}
        result["PredictorExecutionDetails"] = {"PredictorExecutions": [execution]}
    return result


def window(series: Mapping[Key, Series], cut: int, horizon: int, how: Plan, kinds: Sequence[str]) -> dict[str, Any]:
    """What was forecast of the steps from `cut` before the end, by what was known until then."""
    season = how.frequency.season
    tested: list[dict[str, Any]] = []
    start: datetime | None = None
    for key, (begin, values) in series.items():
        known, actual = values[:-cut], values[len(values) - cut : len(values) - cut + horizon]
        if not known:
            continue
        start = how.frequency.after(begin, len(known))
        predicted = seasonal.forecast(known, season, len(actual), list(dict.fromkeys((*kinds, MEAN))))
        scale = seasonal.scale(known, seasonal.best_season(known, season))
        tested.append({"key": key, "actual": actual, "predicted": predicted, "scale": scale})
    if start is None:
        raise WorkFailed("No time series begins before the back-test window.")
    return {"start": start, "end": how.frequency.after(start, horizon), "series": tuple(tested)}
