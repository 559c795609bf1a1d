"""Sales of two items for Forecast: 60 days of demand that has a week and follows a price, known ten days longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aiservices_mocks import Mock

from tests.mocks.worlds import ask

OURS = "arn:aws:forecast:us-east-1:123456789012:"
ROLE = "arn:aws:iam::123456789012:role/forecast"
GROUP = f"{OURS}dataset-group/stock"
FIRST = datetime(2025, 10, 1)
WEEK = (5, 7, 9, 11, 13, 20, 30)
TARGET = (("item_id", "string"), ("timestamp", "timestamp"), ("demand", "float"))
RELATED = (("item_id", "string"), ("timestamp", "timestamp"), ("price", "float"))


def schema(*columns: tuple[str, str]) -> dict[str, Any]:
    """A schema with these columns."""
    return {"Attributes": [{"AttributeName": name, "AttributeType": kind} for name, kind in columns]}


def source(path: str) -> dict[str, Any]:
    """Where data is, or is to be."""
    return {"S3Config": {"Path": path, "RoleArn": ROLE}}


def day(number: int) -> datetime:
    """A day of the sales."""
    return FIRST + timedelta(days=number)


def price(number: int) -> int:
    """What both items cost on a day."""
    return 10 - number % 5


def demand(number: int, item: str = "a") -> int:
    """How much of an item is sold on a day: 40 more of `b`, and one less for each unit of the price."""
    return WEEK[number % 7] + 20 - price(number) + (40 if item == "b" else 0)


def sales(days: int = 60, first: int = 0, items: Sequence[str] = ("a", "b")) -> str:
    """A file of the demand."""
    rows = [f"{item},{day(n):%Y-%m-%d},{demand(n, item)}" for item in items for n in range(first, days)]
    return "\n".join(rows)


def prices(days: int = 70) -> str:
    """A file of the prices."""
    return "\n".join(f"{item},{day(n):%Y-%m-%d},{price(n)}" for item in ("a", "b") for n in range(days))


def stock(mock: Mock) -> str:
    """The dataset group with everything imported, made if it is not there."""
    groups = ask(mock, "forecast.ListDatasetGroups")["DatasetGroups"]
    if GROUP in [group["DatasetGroupArn"] for group in groups]:
        return GROUP
    arns = [
        imported(mock, "demand", "TARGET_TIME_SERIES", TARGET, sales()),
        imported(mock, "prices", "RELATED_TIME_SERIES", RELATED, prices()),
    ]
    ask(mock, "forecast.CreateDatasetGroup", DatasetGroupName="stock", Domain="RETAIL", DatasetArns=arns)
    mock.clock.advance(hours=1)
    return GROUP


def imported(mock: Mock, name: str, kind: str, columns: Sequence[tuple[str, str]], data: str) -> str:
    """A dataset that a file was imported into."""
    arn = ask(
        mock,
        "forecast.CreateDataset",
        DatasetName=name,
        Domain="RETAIL",
        DatasetType=kind,
        DataFrequency="D",
        Schema=schema(*columns),
    )["DatasetArn"]
    mock.s3[f"stock/{name}.csv"] = data
    mock.clock.advance(hours=1)
    ask(
        mock,
        "forecast.CreateDatasetImportJob",
        DatasetImportJobName="first",
        DatasetArn=arn,
        DataSource=source(f"s3://stock/{name}.csv"),
        TimestampFormat="yyyy-MM-dd",
    )
    mock.clock.advance(hours=1)
    return str(arn)


def predictor(mock: Mock) -> str:
    """A legacy predictor, made if it is not there."""
    arn = f"{OURS}predictor/legacy"
    known = ask(mock, "forecast.ListPredictors")["Predictors"]
    if arn not in [one["PredictorArn"] for one in known]:
        ask(mock, "forecast.CreatePredictor", **legacy(mock))
        mock.clock.advance(days=1)
    return arn


def legacy(mock: Mock) -> dict[str, Any]:
    """What a legacy predictor is made with."""
    return {
        "PredictorName": "legacy",
        "AlgorithmArn": "arn:aws:forecast:::algorithm/NPTS",
        "ForecastHorizon": 7,
        "InputDataConfig": {"DatasetGroupArn": stock(mock)},
        "FeaturizationConfig": {"ForecastFrequency": "D"},
    }


def automatic(mock: Mock, name: str = "auto", **given: Any) -> str:
    """An AutoPredictor, made if it is not there."""
    for one in ask(mock, "forecast.ListPredictors")["Predictors"]:
        if one["PredictorName"] == name:
            return str(one["PredictorArn"])
    arn = ask(mock, "forecast.CreateAutoPredictor", PredictorName=name, **{**learning(mock), **given})["PredictorArn"]
    mock.clock.advance(days=1)
    return str(arn)


def learning(mock: Mock) -> Mapping[str, Any]:
    """What a new predictor is made with."""
    return {"ForecastHorizon": 7, "ForecastFrequency": "D", "DataConfig": {"DatasetGroupArn": stock(mock)}}


def forecast(mock: Mock) -> str:
    """A forecast, made if it is not there."""
    arn = f"{OURS}forecast/week"
    if arn not in [one["ForecastArn"] for one in ask(mock, "forecast.ListForecasts")["Forecasts"]]:
        ask(mock, "forecast.CreateForecast", ForecastName="week", PredictorArn=automatic(mock))
        mock.clock.advance(days=1)
    return arn


def what_if(mock: Mock) -> str:
    """A what-if forecast of a lower price, made if it is not there."""
    arn = f"{OURS}what-if-forecast/cheaper"
    if arn not in [one["WhatIfForecastArn"] for one in ask(mock, "forecast.ListWhatIfForecasts")["WhatIfForecasts"]]:
        analysis = ask(mock, "forecast.CreateWhatIfAnalysis", WhatIfAnalysisName="prices", ForecastArn=forecast(mock))[
            "WhatIfAnalysisArn"
        ]
        mock.clock.advance(hours=1)
        ask(
            mock,
            "forecast.CreateWhatIfForecast",
            WhatIfForecastName="cheaper",
            WhatIfAnalysisArn=analysis,
            TimeSeriesTransformations=[CHEAPER],
        )
        mock.clock.advance(hours=1)
    return arn


CHEAPER = {"Action": {"AttributeName": "price", "Operation": "SUBTRACT", "Value": 2.0}}
