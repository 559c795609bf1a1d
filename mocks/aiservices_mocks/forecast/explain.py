"""Explainability: how much each attribute moved a forecast.

The impact of a related series' column is its slope times how far it is from its mean. What the built-in engine does not
look at, texts and item metadata, moves nothing: its impact is 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import fmean
from typing import Any, NamedTuple

from aiservices.call import Reply
from aiservices_mocks.engines.seasonal import rounded
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.service import Service, stateful
from aiservices_mocks.store import Record

from .base import check_schema, estimated, found, invalid, moment, path, ready
from .forecasts import read_keys
from .predictors import target_series
from .series import Key, Plan, Related, Series, columns, dataset_of, imports, plan, related
from .what_if import influence

SERIES, POINTS = 50, 500
"""Time series and time points that can be explained."""
_NOTHING = (
    "Explainability needs at least one of: a related time series dataset, an item metadata dataset, or an additional "
    "dataset."
)


class Explanations(Service):
    """Explanations of predictors and forecasts."""

    @stateful
    def create_explainability(self, **request: Any) -> Reply:
        """Explain a predictor as a whole, or a forecast at chosen items and times."""
        arn, config = request["resource_arn"], request["explainability_config"]
        specific = {name: value == "SPECIFIC" for name, value in config.items()}
        noun = "Forecast" if self.keepers["Forecast"].by_arn(arn) is not None else "Predictor"
        members = ready(self, noun, arn)["members"]
        if not members.get("IsAutoPredictor", members.get("CreatedUsingAutoPredictor")):
            raise invalid(self, "Explainability is for predictors and forecasts that were made with an AutoPredictor.")
        if noun == "Predictor":
            if any(specific.values()):
                raise invalid(self, "A predictor is explained with the granularities ALL and ALL.")
            if self.keepers["Explainability"].all({"ResourceArn": arn}):
                raise invalid(self, "The predictor has an explainability already.")
        self._check_specific(request, specific["TimeSeriesGranularity"], specific["TimePointGranularity"])
        return self.keep("CreateExplainability", request)

    def _check_specific(self, request: Mapping[str, Any], series: bool, points: bool) -> None:
        """Where series or points are chosen it is said which, and only there."""
        if series != ("data_source" in request) or series != ("schema" in request):
            raise invalid(
                self, "DataSource and Schema must be given when TimeSeriesGranularity is SPECIFIC, only then."
            )
        if points != ("start_date_time" in request) or points != ("end_date_time" in request):
            raise invalid(
                self, "StartDateTime and EndDateTime must be given when TimePointGranularity is SPECIFIC, only then."
            )
        if series:
            check_schema(self, request["schema"])
        if points:
            start = moment(self, "StartDateTime", request["start_date_time"])
            if start > moment(self, "EndDateTime", request["end_date_time"]):
                raise invalid(self, "StartDateTime must not be after EndDateTime.")

    @stateful
    def describe_explainability(self, explainability_arn: str) -> Reply:
        """An explainability, and how long it will take."""
        return estimated(self, "Explainability", explainability_arn)


class _Attributes(NamedTuple):
    names: tuple[str, ...]
    beside: Related | None


def explain(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """The impact scores of every attribute, for the items and times that were asked for."""
    arn = members["ResourceArn"]
    forecast = service.keepers["Forecast"].by_arn(arn)
    predictor_arn = forecast["members"]["PredictorArn"] if forecast else arn
    predictor = found(service, "Predictor", predictor_arn)
    service.keepers["Predictor"].look(predictor)
    trained = predictor["members"]
    if "Windows" not in trained:
        raise WorkFailed("The predictor that was to be explained could not be trained.")
    group = found(service, "DatasetGroup", trained["DatasetGroupArn"])
    how = plan(group, trained)
    attributes = _attributes(service, group, how, trained)
    history = target_series(service, group, how)
    steps = forecast["members"]["Steps"] if forecast else _last_steps(history, how, trained["ForecastHorizon"])
    config = members["ExplainabilityConfig"]
    by_time = config["TimePointGranularity"] == "SPECIFIC"
    if by_time:
        start, end = (moment(service, name, members[name]) for name in ("StartDateTime", "EndDateTime"))
        steps = [step for step in steps if start <= step <= end]
        if not 1 <= len(steps) <= POINTS:
            raise WorkFailed(
                f"{len(steps)} time points are in the forecast and in the range; there must be 1 to {POINTS}."
            )
    by_series = config["TimeSeriesGranularity"] == "SPECIFIC"
    keys = _chosen(service, members, how, history) if by_series else list(history)
    return {"Impacts": _impacts(keys, steps, by_series, by_time, history, attributes, how)}


def _attributes(service: Service, group: Record, how: Plan, trained: Mapping[str, Any]) -> _Attributes:
    beside = related(service, group, how)
    names = [*beside.values, *beside.texts] if beside else []
    metadata = dataset_of(service, group, "ITEM_METADATA")
    if metadata is not None and imports(service, metadata):
        names += [name for name in columns(metadata) if name not in how.dimensions]
    for further in (trained.get("DataConfig") or {}).get("AdditionalDatasets", ()):
        countries = further.get("Configuration", {}).get("CountryCode", [])
        names += [f"Holiday_{country}" for country in countries] or [f"{further['Name'].capitalize()}_Index"]
    if not names:
        raise WorkFailed(_NOTHING)
    return _Attributes(tuple(names), beside)


def _last_steps(history: Mapping[Key, Series], how: Plan, horizon: int) -> list[datetime]:
    start, values = max(history.values(), key=lambda series: len(series.values))
    return [how.frequency.after(start, step) for step in range(max(len(values) - horizon, 0), len(values))]


def _chosen(service: Service, members: Mapping[str, Any], how: Plan, history: Mapping[Key, Series]) -> list[Key]:
    keys = sorted(read_keys(service, path(members["DataSource"]), members["Schema"], how.dimensions))
    if len(keys) > SERIES:
        raise WorkFailed(f"{len(keys)} time series are to be explained, at most {SERIES} can be.")
    if unknown := [key for key in keys if key not in history]:
        raise WorkFailed(f"{len(unknown)} of the time series to explain are not in the dataset group.")
    return keys


def _impacts(
    keys: Sequence[Key],
    steps: Sequence[datetime],
    by_series: bool,
    by_time: bool,
    history: Mapping[Key, Series],
    attributes: _Attributes,
    how: Plan,
) -> dict[str, Any]:
    """Rows for each item, or all together; for each time, or all together."""
    raw = {key: [_course(key, name, steps, history, attributes, how) for name in attributes.names] for key in keys}
    rows: list[dict[str, Any]] = []
    for some in [[key] for key in keys] if by_series else [keys]:
        for places in [[place] for place in range(len(steps))] if by_time else [range(len(steps))]:
            means = [
                fmean(raw[key][attribute][place] for key in some for place in places)
                for attribute in range(len(attributes.names))
            ]
            most = max(map(abs, means)) or 1.0
            scores = [rounded(score) for mean in means for score in (mean, mean / most)]
            named = [*(some[0] if by_series else ()), *([steps[places[0]].isoformat()] if by_time else [])]
            rows.append({"key": tuple(named), "scores": tuple(scores)})
    heads = [*(how.dimensions if by_series else ()), *(["timestamp"] if by_time else [])]
    return {"Columns": tuple(heads), "Attributes": attributes.names, "Rows": tuple(rows)}


def _course(
    key: Key, name: str, steps: Sequence[datetime], history: Mapping[Key, Series], attributes: _Attributes, how: Plan
) -> list[float]:
    """What one attribute does to one series at every step."""
    if attributes.beside is None or name not in attributes.beside.values:
        return [0.0] * len(steps)
    column = attributes.beside.of(name, key, how.dimensions)
    if not column:
        return [0.0] * len(steps)
    slope, middle = influence(history[key], column, how), fmean(column.values())
    return [slope * (column.get(step, middle) - middle) for step in steps]
