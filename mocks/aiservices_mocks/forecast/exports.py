"""Files that forecasts, back-tests, what-if forecasts and explanations are written to, in S3."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.engines import seasonal
from aiservices_mocks.engines.seasonal import MEAN
from aiservices_mocks.places import place
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.service import Service, stateful

from .base import check_running, estimated, found, invalid, path, ready
from .frequency import Frequency
from .predictors import scored
from .series import plan

Cells = Sequence[Any]


class Exports(Service):
    """Jobs that write files."""

    @stateful
    def create_forecast_export_job(self, **request: Any) -> Reply:
        """Write a forecast to S3."""
        forecast = ready(self, "Forecast", request["forecast_arn"])["members"]
        check_running(self, "ForecastExportJob")
        return self.keep("CreateForecastExportJob", request, ForecastName=forecast["ForecastName"])

    @stateful
    def create_predictor_backtest_export_job(self, **request: Any) -> Reply:
        """Write what a predictor forecast in its back-test, and how good that was."""
        predictor = ready(self, "Predictor", request["predictor_arn"])["members"]
        check_running(self, "PredictorBacktestExportJob")
        return self.keep("CreatePredictorBacktestExportJob", request, PredictorId=predictor["Id"])

    @stateful
    def create_what_if_forecast_export(self, **request: Any) -> Reply:
        """Write what-if forecasts of one analysis beside the forecast that they vary."""
        made = [ready(self, "WhatIfForecast", arn)["members"] for arn in request["what_if_forecast_arns"]]
        if len({members["WhatIfAnalysisArn"] for members in made}) > 1:
            raise invalid(self, "The what-if forecasts of an export must be of one what-if analysis.")
        return self.keep("CreateWhatIfForecastExport", request)

    @stateful
    def describe_what_if_forecast_export(self, what_if_forecast_export_arn: str) -> Reply:
        """An export, and how long it will take."""
        return estimated(self, "WhatIfForecastExport", what_if_forecast_export_arn)

    @stateful
    def create_explainability_export(self, **request: Any) -> Reply:
        """Write the impact scores of an explainability."""
        explained = ready(self, "Explainability", request["explainability_arn"])["members"]
        further = {"ExplainabilityName": explained["ExplainabilityName"], "ResourceArn": explained["ResourceArn"]}
        return self.keep("CreateExplainabilityExport", request, **further)


def short_name(kind: str) -> str:
    """What a kind of forecast is called in answers and files: `p10`, `mean`."""
    return kind if kind == MEAN else f"p{round(float(kind) * 100)}"


def write_forecast(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """One row per item and date, one column per kind."""
    forecast = found(service, "Forecast", members["ForecastArn"])["members"]
    kinds = forecast["ForecastTypes"]
    rows = [
        [*series["key"], f"{step.isoformat()}Z", *(series["predicted"][kind][place] for kind in kinds)]
        for series in forecast["Series"]
        for place, step in enumerate(forecast["Steps"])
    ]
    head = [*forecast["Dimensions"], "date", *map(short_name, kinds)]
    return _write(service, members, members["ForecastExportJobName"], "", head, rows)


def write_what_if(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """One row per item and date, the columns of the forecast and of each what-if forecast."""
    made = [found(service, "WhatIfForecast", arn)["members"] for arn in members["WhatIfForecastArns"]]
    analysis = found(service, "WhatIfAnalysis", made[0]["WhatIfAnalysisArn"])["members"]
    baseline = found(service, "Forecast", analysis["ForecastArn"])["members"]
    kinds = baseline["ForecastTypes"]
    names = ["Baseline", *(one["WhatIfForecastName"] for one in made)]
    sources = [{series["key"]: series["predicted"] for series in one["Series"]} for one in (baseline, *made)]
    rows = [
        [*key, f"{step.isoformat()}Z", *(source[key][kind][place] for source in sources for kind in kinds)]
        for key in sources[1]
        for place, step in enumerate(baseline["Steps"])
    ]
    head = [*baseline["Dimensions"], "date", *(f"{name}_{short_name(kind)}" for name in names for kind in kinds)]
    return _write(service, members, members["WhatIfForecastExportName"], "", head, rows)


def write_explainability(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """One row per series, or per series and time where times were chosen: the scores of each attribute."""
    explained = found(service, "Explainability", members["ExplainabilityArn"])["members"]
    impacts = explained["Impacts"]
    scores = [
        f"{name}-{kind}" for name in impacts["Attributes"] for kind in ("RawImpactScore", "NormalizedImpactScore")
    ]
    head = [*impacts["Columns"], *scores]
    rows = [[*row["key"], *(row["scores"][place] for place in range(len(scores)))] for row in impacts["Rows"]]
    return _write(service, members, members["ExplainabilityExportName"], "", head, rows)


def write_backtest(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Two folders: the metrics of each item and window, and what was forecast beside what came."""
    predictor = found(service, "Predictor", members["PredictorArn"])["members"]
    group = found(service, "DatasetGroup", predictor["DatasetGroupArn"])
    how, kinds = plan(group, predictor), predictor["ForecastTypes"]
    name = members["PredictorBacktestExportJobName"]
    metrics = [f"wQL[{kind}]" for kind in kinds if kind != MEAN]
    head = [*how.dimensions, "backtest_window", "backtestwindow_start_time", "backtestwindow_end_time", *metrics]
    head += ["Average wQL", "RMSE", "WAPE", "MAPE", "MASE"]
    _write(service, members, name, "accuracy-metrics-values", head, _accuracies(predictor["Windows"], how.frequency))
    head = [*how.dimensions, "timestamp", how.target, "backtestwindow_start_time", "backtestwindow_end_time"]
    head += [MEAN, *(short_name(kind) for kind in kinds if kind != MEAN)]
    return _write(
        service, members, name, "forecasted-values", head, _values(predictor["Windows"], how.frequency, kinds)
    )


def _accuracies(windows: Sequence[Mapping[str, Any]], frequency: Frequency) -> list[Cells]:
    rows: list[Cells] = []
    of_item: dict[tuple[str, ...], list[seasonal.Scores]] = {}
    for window in windows:
        for series in window["series"]:
            item = seasonal.score([scored(series)])
            of_item.setdefault(series["key"], []).append(item)
            rows.append([*series["key"], "Computed", *_span(window, window, frequency), *_metrics(item)])
    for key, items in of_item.items():
        span = _span(windows[0], windows[-1], frequency)
        rows.append([*key, "Summary", *span, *_metrics(seasonal.mean_scores(items))])
    return rows


def _metrics(item: seasonal.Scores) -> list[float]:
    return [*item.losses.values(), item.average_loss, item.rmse, item.wape, item.mape, item.mase]


def _values(windows: Sequence[Mapping[str, Any]], frequency: Frequency, kinds: Sequence[str]) -> list[Cells]:
    columns = [MEAN, *(kind for kind in kinds if kind != MEAN)]
    return [
        [
            *series["key"],
            frequency.after(window["start"], place).isoformat(),
            actual,
            *_span(window, window, frequency),
            *(series["predicted"][kind][place] for kind in columns),
        ]
        for window in windows
        for series in window["series"]
        for place, actual in enumerate(series["actual"])
    ]


def _span(first: Mapping[str, Any], last: Mapping[str, Any], frequency: Frequency) -> tuple[str, str]:
    end: datetime = frequency.after(last["end"], -1)
    return first["start"].isoformat(), end.isoformat()


def _write(
    service: Service, members: Mapping[str, Any], name: str, folder: str, head: Sequence[str], rows: Sequence[Cells]
) -> Mapping[str, Any]:
    """Put one part in the destination's folder, named after the job and the time."""
    destination = path(members["Destination"])
    where = place(destination)
    if where is None:
        raise WorkFailed(f"The S3 path {destination} is not valid.")
    parquet = members.get("Format") == "PARQUET"
    data = _parquet(head, rows) if parquet else _csv(head, rows)
    time = service.world.clock.now().strftime("%Y-%m-%dT%H-%M-%SZ")
    file = f"{name}_{time}_part0.{'parquet' if parquet else 'csv'}"
    target = where.under(f"{folder}/{file}" if folder else file)
    kind = "application/vnd.apache.parquet" if parquet else "text/csv"
    try:
        service.world.s3.put(target.bucket, target.key, data, kind)
    except ServiceError as error:
        raise WorkFailed(f"The S3 path {destination} cannot be written to: {error.code}.") from None
    return {}


def _csv(head: Sequence[str], rows: Sequence[Cells]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _parquet(head: Sequence[str], rows: Sequence[Cells]) -> bytes:
    try:
        pyarrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise WorkFailed("Writing Parquet files needs the package pyarrow.") from None
    columns = zip(*rows, strict=True) if rows else [() for _ in head]
    table = pyarrow.table({name: list(cells) for name, cells in zip(head, columns, strict=True)})
    data = io.BytesIO()
    parquet.write_table(table, data)
    return data.getvalue()
