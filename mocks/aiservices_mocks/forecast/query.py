"""Forecast Query: one item's values out of a forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.service import Service, computed

from .base import end, invalid, moment, noted, ready
from .exports import short_name

DAYS = 30
"""How long a forecast can be asked."""


class ForecastQuery(Service):
    """Answers from the forecasts that the other service made."""

    name = "forecastquery"

    @computed
    def query_forecast(self, forecast_arn: str, filters: dict[str, str], **request: Any) -> Reply:
        """The forecast of one item between two dates."""
        return self._answer("Forecast", forecast_arn, filters, request)

    @computed
    def query_what_if_forecast(self, what_if_forecast_arn: str, filters: dict[str, str], **request: Any) -> Reply:
        """The what-if forecast of one item between two dates."""
        return self._answer("WhatIfForecast", what_if_forecast_arn, filters, request)

    def _answer(self, noun: str, arn: str, filters: Mapping[str, str], request: Mapping[str, Any]) -> Reply:
        if request.get("next_token") is not None:
            raise self.error(self.token_error, "The specified next token is not valid.")
        record = self._made(noun, arn)
        members = record["members"]
        dimensions = members["Dimensions"]
        if unknown := [name for name in filters if name not in dimensions]:
            raise invalid(self, f"{unknown[0]} is not a dimension of the forecast; it has {', '.join(dimensions)}.")
        if missing := [name for name in dimensions if name not in filters]:
            raise invalid(self, f"The filter must have a value for {missing[0]}.")
        key = tuple(filters[name] for name in dimensions)
        series = next((one for one in members["Series"] if one["key"] == key), None)
        if series is None:
            raise self.error("ResourceNotFoundException", "The forecast has no item with the values of the filters.")
        return self._between(members["Steps"], series["predicted"], request)

    def _made(self, noun: str, arn: str) -> Any:
        """The forecast that is asked, if it is done and not too old."""
        from . import Forecast

        record = ready(Forecast.of(self.world), noun, arn, self)
        if self.world.clock.now() - end(record) > timedelta(days=DAYS):
            raise invalid(self, f"The forecast was made more than {DAYS} days ago and cannot be queried any more.")
        return record

    def _between(
        self, steps: Sequence[datetime], predicted: Mapping[str, Sequence[float]], request: Mapping[str, Any]
    ) -> Reply:
        first, last = request.get("start_date"), request.get("end_date")
        begin = steps[0] if first is None else moment(self, "StartDate", first)
        until = steps[-1] if last is None else moment(self, "EndDate", last)
        if begin > until:
            raise invalid(self, "StartDate must not be after EndDate.")
        if begin > steps[-1] or until < steps[0]:
            raise invalid(self, f"The forecast is from {steps[0].isoformat()} to {steps[-1].isoformat()}.")
        places = [place for place, step in enumerate(steps) if begin <= step <= until]
        predictions = {
            short_name(kind): [{"Timestamp": steps[place].isoformat(), "Value": values[place]} for place in places]
            for kind, values in predicted.items()
        }
        return noted({"Forecast": {"Predictions": predictions}})
