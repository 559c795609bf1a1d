"""Amazon Forecast: predictors of time series, and their forecasts."""

from __future__ import annotations

from ..api.forecast import ForecastOperations
from ..api.forecastquery import ForecastqueryOperations


class Forecast(ForecastOperations, ForecastqueryOperations):
    """Amazon Forecast: predictors of time series, and their forecasts."""
