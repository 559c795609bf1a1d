"""Forecasts of all series of a predictor, or of those that were chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.engines import seasonal
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.service import Service, stateful

from . import tables
from .base import check_running, check_schema, estimated, found, invalid, path, ready
from .predictors import check_kinds, target_series
from .series import plan


class Forecasts(Service):
    """Forecasts."""

    @stateful
    def create_forecast(self, **request: Any) -> Reply:
        """Forecast what comes after the latest data of a predictor's dataset group."""
        predictor = ready(self, "Predictor", request["predictor_arn"])["members"]
        kinds = request.get("forecast_types") or predictor["ForecastTypes"]
        check_kinds(self, kinds)
        check_selector(self, request.get("time_series_selector"))
        check_running(self, "Forecast")
        return self.keep(
            "CreateForecast",
            request,
            ForecastTypes=list(kinds),
            DatasetGroupArn=predictor["DatasetGroupArn"],
            CreatedUsingAutoPredictor=predictor["IsAutoPredictor"],
        )

    @stateful
    def describe_forecast(self, forecast_arn: str) -> Reply:
        """A forecast, and how long it will take."""
        return estimated(self, "Forecast", forecast_arn)


def check_selector(service: Service, selector: Mapping[str, Any] | None) -> None:
    """A selector says where its series stand and what the columns of the file are."""
    if selector is None:
        return
    given = selector.get("TimeSeriesIdentifiers", {})
    if "DataSource" not in given or not given.get("Schema", {}).get("Attributes"):
        raise invalid(service, "TimeSeriesIdentifiers needs DataSource and Schema.")
    check_schema(service, given["Schema"])


def selected(
    service: Service, selector: Mapping[str, Any] | None, dimensions: tuple[str, ...]
) -> set[tuple[str, ...]] | None:
    """The series that a selector's file names; None: all."""
    if selector is None:
        return None
    given = selector["TimeSeriesIdentifiers"]
    return read_keys(service, path(given["DataSource"]), given["Schema"], dimensions, given.get("Format"))


def read_keys(
    service: Service, where: str, schema: Mapping[str, Any], dimensions: tuple[str, ...], kind: str | None = None
) -> set[tuple[str, ...]]:
    """The series that a file lists by their dimensions."""
    attributes = schema["Attributes"]
    names = [attribute["AttributeName"] for attribute in attributes]
    if missing := [name for name in dimensions if name not in names]:
        raise WorkFailed(f"The schema of the time series must have the dimension {missing[0]}.")
    rows, _ = tables.read(service.world, where, attributes, kind=kind)
    return {tuple(str(row[names.index(name)]) for name in dimensions) for row in rows}


def predict(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a forecast says: for each series the values of the steps that follow."""
    predictor = found(service, "Predictor", members["PredictorArn"])["members"]
    group = found(service, "DatasetGroup", members["DatasetGroupArn"])
    how, horizon = plan(group, predictor), predictor["ForecastHorizon"]
    series = target_series(service, group, how)
    chosen = selected(service, members.get("TimeSeriesSelector"), how.dimensions)
    if chosen is not None:
        if unknown := chosen - series.keys():
            raise WorkFailed(f"{len(unknown)} of the time series to forecast are not in the dataset group.")
        series = {key: one for key, one in series.items() if key in chosen}
    start, values = next(iter(series.values()))
    first = how.frequency.after(start, len(values))
    return {
        "Dimensions": how.dimensions,
        "Steps": tuple(how.frequency.after(first, step) for step in range(horizon)),
        "Series": tuple(
            {
                "key": key,
                "predicted": seasonal.forecast(one.values, how.frequency.season, horizon, members["ForecastTypes"]),
            }
            for key, one in series.items()
        ),
    }
