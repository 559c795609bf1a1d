"""What-if analyses: what a forecast becomes when a related series takes another course.

A related column moves the forecast by the slope between its own changes and those of the target, item by item. Where
a column never changed, or has no values beyond the target's end, the what-if forecast is the forecast.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.engines import seasonal
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.service import Service, stateful
from aiservices_mocks.store import Record

from . import tables
from .base import check_schema, estimated, found, invalid, path, ready
from .forecasts import check_selector, selected
from .predictors import target_series
from .series import Key, Plan, Related, Series, dataset_of, plan, relate, related

_MADE: Mapping[str, Callable[[float, float], float]] = {
    "ADD": operator.add,
    "SUBTRACT": operator.sub,
    "MULTIPLY": operator.mul,
    "DIVIDE": operator.truediv,
}
_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "EQUALS": operator.eq,
    "NOT_EQUALS": operator.ne,
    "LESS_THAN": operator.lt,
    "GREATER_THAN": operator.gt,
}
LEAST, MOST = 1e-50, 1e50
"""What a column can be changed by, so that the result is a number still."""


class WhatIf(Service):
    """What-if analyses and their forecasts."""

    @stateful
    def create_what_if_analysis(self, **request: Any) -> Reply:
        """An analysis of a forecast that an AutoPredictor made."""
        forecast = ready(self, "Forecast", request["forecast_arn"])["members"]
        if not forecast["CreatedUsingAutoPredictor"]:
            raise invalid(self, "A what-if analysis needs a forecast that an AutoPredictor made.")
        check_selector(self, request.get("time_series_selector"))
        return self.keep("CreateWhatIfAnalysis", request)

    @stateful
    def create_what_if_forecast(self, **request: Any) -> Reply:
        """A forecast for a related series that is changed, or replaced."""
        analysis = ready(self, "WhatIfAnalysis", request["what_if_analysis_arn"])["members"]
        changes = request.get("time_series_transformations") or []
        replaced = request.get("time_series_replacements_data_source")
        if bool(changes) == (replaced is not None):
            raise invalid(self, "Give either TimeSeriesTransformations or TimeSeriesReplacementsDataSource.")
        forecast = found(self, "Forecast", analysis["ForecastArn"])["members"]
        group = found(self, "DatasetGroup", forecast["DatasetGroupArn"])
        dataset = dataset_of(self, group, "RELATED_TIME_SERIES")
        if dataset is None:
            raise invalid(self, "A what-if forecast needs a RELATED_TIME_SERIES dataset in the dataset group.")
        for change in changes:
            self._check_change(dataset, change)
        moments = (replaced or {}).get("TimestampFormat")
        if moments is not None and not tables.is_format(moments):
            raise invalid(self, f"The timestamp format must be yyyy-MM-dd or {tables.DEFAULT_FORMAT}, not {moments}.")
        if replaced and "timestamp" not in check_schema(self, replaced["Schema"]):
            raise invalid(self, "The schema of the replacements must have timestamp.")
        return self.keep("CreateWhatIfForecast", request, ForecastTypes=forecast["ForecastTypes"])

    @stateful
    def describe_what_if_analysis(self, what_if_analysis_arn: str) -> Reply:
        """An analysis, and how long it will take."""
        return estimated(self, "WhatIfAnalysis", what_if_analysis_arn)

    @stateful
    def describe_what_if_forecast(self, what_if_forecast_arn: str) -> Reply:
        """A what-if forecast, and how long it will take."""
        return estimated(self, "WhatIfForecast", what_if_forecast_arn)

    def _check_change(self, dataset: Record, change: Mapping[str, Any]) -> None:
        """It changes a number of the related dataset, and its conditions are about columns of that."""
        if "Action" not in change:
            raise invalid(self, "Every transformation needs an action.")
        kinds = {a["AttributeName"]: a["AttributeType"] for a in dataset["members"]["Schema"]["Attributes"]}
        name = change["Action"]["AttributeName"]
        if kinds.get(name) not in ("integer", "float"):
            raise invalid(self, f"{name} is not a numeric attribute of the RELATED_TIME_SERIES dataset.")
        value = change["Action"]["Value"]
        if change["Action"]["Operation"] == "DIVIDE" and not value:
            raise invalid(self, "A transformation cannot divide by 0.")
        if not LEAST <= abs(value or 1) <= MOST:
            raise invalid(self, f"A transformation cannot be by {value}.")
        for condition in change.get("TimeSeriesConditions", ()):
            if condition["AttributeName"] not in kinds:
                raise invalid(self, f"{condition['AttributeName']} is not an attribute of the related dataset.")


def analyse(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """The series that an analysis is about, where they were chosen."""
    forecast = found(service, "Forecast", members["ForecastArn"])["members"]
    chosen = selected(service, members.get("TimeSeriesSelector"), forecast["Dimensions"])
    if chosen is None:
        return {}
    if chosen - {series["key"] for series in forecast["Series"]}:
        raise WorkFailed("The forecast does not have all of the time series that were chosen.")
    return {"Chosen": tuple(sorted(chosen))}


def vary(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """The forecast's values, moved by what the changed columns do to the target."""
    analysis = found(service, "WhatIfAnalysis", members["WhatIfAnalysisArn"])["members"]
    forecast = found(service, "Forecast", analysis["ForecastArn"])["members"]
    predictor = found(service, "Predictor", forecast["PredictorArn"])["members"]
    group = found(service, "DatasetGroup", forecast["DatasetGroupArn"])
    how = plan(group, predictor)
    beside = related(service, group, how)
    if beside is None:
        raise WorkFailed("No data was imported into the RELATED_TIME_SERIES dataset.")
    history = target_series(service, group, how)
    steps: Sequence[datetime] = forecast["Steps"]
    chosen = analysis.get("Chosen", ())
    replaced = _replacements(service, members, how)
    result = []
    for series in forecast["Series"]:
        key = series["key"]
        if chosen and key not in chosen:
            continue
        shifts = [0.0] * len(steps)
        for name, moves in _moves(key, how.dimensions, steps, beside, replaced, members).items():
            slope = influence(history.get(key), beside.of(name, key, how.dimensions), how)
            shifts = [shift + slope * move for shift, move in zip(shifts, moves, strict=True)]
        moved = {
            kind: [seasonal.rounded(value + shift) for value, shift in zip(values, shifts, strict=True)]
            for kind, values in series["predicted"].items()
        }
        result.append({"key": key, "predicted": moved})
    return {"Dimensions": forecast["Dimensions"], "Steps": steps, "Series": tuple(result)}


def influence(series: Series | None, column: Mapping[datetime, float], how: Plan) -> float:
    """What a column of a related series does to a target series."""
    if series is None:
        return 0.0
    drivers = [column.get(how.frequency.after(series.start, step)) for step in range(len(series.values))]
    return seasonal.effect(series.values, drivers, how.frequency.season)


def _replacements(service: Service, members: Mapping[str, Any], how: Plan) -> Related | None:
    source = members.get("TimeSeriesReplacementsDataSource")
    if source is None:
        return None
    attributes = source["Schema"]["Attributes"]
    rows, _ = tables.read(
        service.world, path(source), attributes, moments=source.get("TimestampFormat"), kind=source.get("Format")
    )
    return relate(rows, attributes, how)


def _moves(
    key: Key,
    dimensions: Sequence[str],
    steps: Sequence[datetime],
    beside: Related,
    replaced: Related | None,
    members: Mapping[str, Any],
) -> dict[str, list[float]]:
    """By how much each changed column differs from its own course at each step."""
    courses = {name: beside.of(name, key, dimensions) for name in beside.values}
    found: dict[str, list[float]] = {}
    if replaced is not None:
        for name in replaced.values.keys() & courses.keys():
            other = replaced.of(name, key, dimensions)
            found[name] = [
                other[step] - courses[name][step] if step in other and step in courses[name] else 0.0 for step in steps
            ]
        return found
    texts = dict(zip(dimensions, key, strict=True))
    for place, step in enumerate(steps):
        before = {name: course[step] for name, course in courses.items() if step in course}
        after = dict(before)
        for change in members.get("TimeSeriesTransformations", ()):
            action = change["Action"]
            conditions = change.get("TimeSeriesConditions", ())
            if action["AttributeName"] in after and all(_holds(one, step, texts, before) for one in conditions):
                changed = _MADE[action["Operation"]](after[action["AttributeName"]], action["Value"])
                after[action["AttributeName"]] = changed
        for name, value in after.items():
            found.setdefault(name, [0.0] * len(steps))[place] = value - before[name]
    return found


def _holds(
    condition: Mapping[str, str], step: datetime, texts: Mapping[str, str], numbers: Mapping[str, float]
) -> bool:
    name, wanted = condition["AttributeName"], condition["AttributeValue"]
    holds = _HOLDS[condition["Condition"]]
    if name == "timestamp":
        return holds(step.strftime("%Y-%m-%d %H:%M:%S"), wanted if len(wanted) > 10 else f"{wanted} 00:00:00")
    if name in numbers:
        try:
            return holds(numbers[name], float(wanted))
        except ValueError:
            return False
    return holds(texts.get(name, ""), wanted)
