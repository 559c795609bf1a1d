"""What Forecast makes of forecasts and predictors, on every backend of the rig: what-ifs, reasons, files, monitors."""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.forecast import Forecast

from aiservices.errors import BadRequestError, ConflictError, NotFoundError
from tests.mocks import demand
from tests.mocks.worlds import ask

OUT = demand.source("s3://stock/out")


def table(mock: Any, pattern: str) -> list[dict[str, str]]:
    """The rows of the one file whose place fits a pattern."""
    time = r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ"
    (key,) = [key for key in mock.s3 if re.fullmatch(f"stock/out/{pattern}_{time}_part0\\.csv", key)]
    assert mock.s3.head("stock", key.removeprefix("stock/"))["ContentType"] == "text/csv"
    return list(csv.DictReader(mock.s3[key].decode().splitlines()))


def values(ai: Any, item: str = "a", arn: str | None = None) -> list[float]:
    """The median of a forecast, or of a what-if forecast."""
    if arn is None:
        reply = ai.forecast.query_forecast(forecast_arn=f"{demand.OURS}forecast/week", filters={"item_id": item})
    else:
        reply = ai.forecast.query_what_if_forecast(what_if_forecast_arn=arn, filters={"item_id": item})
    return [point["Value"] for point in reply.raw["Forecast"]["Predictions"]["p50"]]


def what_if(ai: Any, mock: Any, **members: Any) -> Any:
    """What is shown of a what-if forecast."""
    demand.what_if(mock)
    given = {
        "what_if_forecast_name": "other",
        "what_if_analysis_arn": f"{demand.OURS}what-if-analysis/prices",
        **members,
    }
    made = ai.forecast.create_what_if_forecast(**given)
    return ai.forecast.describe_what_if_forecast(what_if_forecast_arn=made.what_if_forecast_arn)


def test_a_lower_price_sells_more(ai: Any, mock: Any) -> None:
    """One unit of price is one of demand, in the data; the price is lowered by 2."""
    arn = demand.what_if(mock)
    shown = ai.forecast.describe_what_if_forecast(what_if_forecast_arn=arn)
    assert (shown.status, shown.forecast_types) == ("ACTIVE", ["0.1", "0.5", "0.9"])
    assert values(ai, arn=arn) == pytest.approx([value + 2 for value in values(ai)])


def test_conditions_choose_what_is_changed(ai: Any, mock: Any) -> None:
    def condition(name: str, value: str, kind: str) -> dict[str, str]:
        return {"AttributeName": name, "AttributeValue": value, "Condition": kind}

    half = {"AttributeName": "price", "Operation": "MULTIPLY", "Value": 0.5}
    date = f"{demand.day(63):%Y-%m-%d}"
    conditions = [condition("item_id", "b", "EQUALS"), condition("timestamp", date, "LESS_THAN")]
    shown = what_if(ai, mock, time_series_transformations=[{"Action": half, "TimeSeriesConditions": conditions}])
    arn = shown.what_if_forecast_arn
    assert values(ai, "a", arn) == values(ai, "a")
    moved = [demand.price(n) / 2 if n < 63 else 0 for n in range(60, 67)]
    expected = [value + move for value, move in zip(values(ai, "b"), moved, strict=True)]
    assert values(ai, "b", arn) == pytest.approx(expected)


def test_a_related_series_is_replaced(ai: Any, mock: Any) -> None:
    mock.s3["stock/free.csv"] = "\n".join(f"a,{demand.day(n):%Y-%m-%d},0" for n in range(60, 67))
    replaced = {
        **demand.source("s3://stock/free.csv"),
        "Schema": demand.schema(*demand.RELATED),
        "TimestampFormat": "yyyy-MM-dd",
    }
    arn = what_if(ai, mock, time_series_replacements_data_source=replaced).what_if_forecast_arn
    expected = [value + demand.price(n) for n, value in enumerate(values(ai), 60)]
    assert values(ai, "a", arn) == pytest.approx(expected)
    missing = {**replaced, **demand.source("s3://stock/missing.csv")}
    failed = what_if(ai, mock, what_if_forecast_name="failed", time_series_replacements_data_source=missing)
    assert failed.status == "CREATE_FAILED"
    assert "missing.csv" in failed.message


@pytest.mark.parametrize(
    "change",
    [
        None,
        {"AttributeName": "demand", "Operation": "ADD", "Value": 1.0},
        {"AttributeName": "price", "Operation": "DIVIDE", "Value": 0.0},
    ],
)
def test_what_a_what_if_forecast_cannot_change(ai: Any, mock: Any, change: Any) -> None:
    with pytest.raises(BadRequestError):
        what_if(ai, mock, time_series_transformations=[{"Action": change}] if change else [])


def test_what_ifs_are_for_auto_predictors(ai: Any, mock: Any) -> None:
    made = ai.forecast.create_forecast(forecast_name="old", predictor_arn=demand.predictor(mock))
    for ask_it in (
        lambda: ai.forecast.create_what_if_analysis(what_if_analysis_name="no", forecast_arn=made.forecast_arn),
        lambda: ai.forecast.create_monitor(monitor_name="no", resource_arn=demand.predictor(mock)),
        lambda: explain(ai, made.forecast_arn),
    ):
        with pytest.raises(BadRequestError, match="AutoPredictor"):
            ask_it()


def test_what_if_forecasts_are_written_beside_the_forecast(ai: Any, mock: Any) -> None:
    arn = demand.what_if(mock)
    export = ai.forecast.create_what_if_forecast_export(
        what_if_forecast_export_name="both", what_if_forecast_arns=[arn], destination=OUT
    ).what_if_forecast_export_arn
    shown = ai.forecast.describe_what_if_forecast_export(what_if_forecast_export_arn=export)
    assert (shown.status, shown.what_if_forecast_arns) == ("ACTIVE", [arn])
    rows = [row for row in table(mock, "both") if row["item_id"] == "a"]
    assert [float(row["Baseline_p50"]) for row in rows] == values(ai)
    assert [float(row["cheaper_p50"]) for row in rows] == values(ai, arn=arn)
    with pytest.raises(ConflictError):
        ai.forecast.delete_what_if_forecast(what_if_forecast_arn=arn)


def test_a_forecast_is_written(ai: Any, mock: Any) -> None:
    arn = demand.forecast(mock)
    export = ai.forecast.create_forecast_export_job(
        forecast_export_job_name="file", forecast_arn=arn, destination=OUT
    ).forecast_export_job_arn
    assert export == f"{demand.OURS}forecast-export-job/week/file"
    assert ai.forecast.describe_forecast_export_job(forecast_export_job_arn=export).status == "ACTIVE"
    rows = table(mock, "file")
    assert list(rows[0]) == ["item_id", "date", "p10", "p50", "p90"]
    assert rows[0]["date"] == f"{demand.day(60).isoformat()}Z"
    assert [float(row["p50"]) for row in rows if row["item_id"] == "b"] == values(ai, "b")


def test_an_export_to_nowhere_fails_with_a_reason(ai: Any, mock: Any) -> None:
    given = {"forecast_arn": demand.forecast(mock), "destination": demand.source("s3://nowhere/out")}
    export = ai.forecast.create_forecast_export_job(forecast_export_job_name="file", **given).forecast_export_job_arn
    shown = ai.forecast.describe_forecast_export_job(forecast_export_job_arn=export)
    assert shown.status == "CREATE_FAILED"
    assert "s3://nowhere/out" in shown.message


def test_a_back_test_is_written(ai: Any, mock: Any) -> None:
    predictor = demand.predictor(mock)
    export = ai.forecast.create_predictor_backtest_export_job(
        predictor_backtest_export_job_name="test", predictor_arn=predictor, destination=OUT
    ).predictor_backtest_export_job_arn
    shown = ai.forecast.describe_predictor_backtest_export_job(predictor_backtest_export_job_arn=export)
    assert shown.status == "ACTIVE"
    rows = table(mock, "forecasted-values/test")
    assert list(rows[0])[1:5] == ["timestamp", "demand", "backtestwindow_start_time", "backtestwindow_end_time"]
    assert [float(row["demand"]) for row in rows[:7]] == [demand.demand(n) for n in range(53, 60)]
    assert [float(row["mean"]) for row in rows[:7]] == [demand.demand(n) for n in range(46, 53)]
    errors = table(mock, "accuracy-metrics-values/test")
    assert [(row["item_id"], row["backtest_window"]) for row in errors] == [
        (item, window) for window in ("Computed", "Summary") for item in ("a", "b")
    ]
    assert errors[0]["backtestwindow_end_time"] == demand.day(59).isoformat()
    off = [abs(demand.demand(n) - demand.demand(n - 7)) for n in range(53, 60)]
    assert float(errors[0]["WAPE"]) == pytest.approx(sum(off) / sum(demand.demand(n) for n in range(53, 60)))


def explain(ai: Any, arn: str, series: str = "ALL", points: str = "ALL", **members: Any) -> Any:
    """What is shown of an explainability."""
    config = {"TimeSeriesGranularity": series, "TimePointGranularity": points}
    given = {"explainability_name": "why", "resource_arn": arn, "explainability_config": config, **members}
    made = ai.forecast.create_explainability(**given)
    return ai.forecast.describe_explainability(explainability_arn=made.explainability_arn)


def scores(ai: Any, mock: Any, arn: str, name: str) -> list[dict[str, str]]:
    """The file that an explainability is written to."""
    made = ai.forecast.create_explainability_export(
        explainability_export_name=name, explainability_arn=arn, destination=OUT
    )
    shown = ai.forecast.describe_explainability_export(explainability_export_arn=made.explainability_export_arn)
    assert shown.status == "ACTIVE"
    return table(mock, name)


def test_a_predictor_is_explained_as_a_whole(ai: Any, mock: Any) -> None:
    shown = explain(ai, demand.automatic(mock))
    assert shown.status == "ACTIVE"
    (row,) = scores(ai, mock, shown.explainability_arn, "whole")
    assert list(row) == ["price-RawImpactScore", "price-NormalizedImpactScore"]
    assert abs(float(row["price-NormalizedImpactScore"])) == 1
    with pytest.raises(BadRequestError, match="already"):
        explain(ai, demand.automatic(mock), explainability_name="again")
    with pytest.raises(BadRequestError, match="ALL"):
        explain(ai, demand.automatic(mock), "SPECIFIC")


def test_a_forecast_is_explained_at_items_and_times(ai: Any, mock: Any) -> None:
    """A price above its mean of 8 takes as much from the demand as it is above it."""
    mock.s3["stock/some.csv"] = "b\n"
    span = {"start_date_time": demand.day(60).isoformat(), "end_date_time": demand.day(62).isoformat()}
    some = {"data_source": demand.source("s3://stock/some.csv"), "schema": demand.schema(("item_id", "string"))}
    shown = explain(ai, demand.forecast(mock), "SPECIFIC", "SPECIFIC", **span, **some)
    assert shown.status == "ACTIVE"
    rows = scores(ai, mock, shown.explainability_arn, "some")
    assert [(row["item_id"], row["timestamp"]) for row in rows] == [
        ("b", demand.day(n).isoformat()) for n in (60, 61, 62)
    ]
    raw = [float(row["price-RawImpactScore"]) for row in rows]
    assert raw == pytest.approx([8 - demand.price(n) for n in (60, 61, 62)])
    with pytest.raises(BadRequestError):
        explain(ai, demand.forecast(mock), "SPECIFIC", "ALL", explainability_name="bad")
    with pytest.raises(BadRequestError):
        explain(ai, demand.forecast(mock), "ALL", "SPECIFIC", explainability_name="bad")
    late = {"start_date_time": demand.day(90).isoformat(), "end_date_time": demand.day(91).isoformat()}
    failed = explain(ai, demand.forecast(mock), "ALL", "SPECIFIC", explainability_name="late", **late)
    assert failed.status == "CREATE_FAILED"


def test_without_anything_beside_the_target_there_is_no_explanation(ai: Any, mock: Any) -> None:
    target = demand.imported(mock, "alone", "TARGET_TIME_SERIES", demand.TARGET, demand.sales())
    ask(mock, "forecast.CreateDatasetGroup", DatasetGroupName="alone", Domain="RETAIL", DatasetArns=[target])
    mock.clock.advance(hours=1)
    group = {"DatasetGroupArn": f"{demand.OURS}dataset-group/alone"}
    predictor = demand.automatic(mock, "alone", DataConfig=group, ExplainPredictor=True)
    shown = ai.forecast.describe_auto_predictor(predictor_arn=predictor)
    assert shown.status == "ACTIVE"
    assert shown.raw["ExplainabilityInfo"]["Status"] == "CREATE_FAILED"


def test_a_monitor_judges_every_import(ai: Any, mock: Any) -> None:
    predictor = demand.automatic(mock, MonitorConfig={"MonitorName": "watch"})
    monitor = f"{demand.OURS}monitor/watch"
    shown = ai.forecast.describe_auto_predictor(predictor_arn=predictor)
    assert shown.raw["MonitorInfo"] == {"MonitorArn": monitor, "Status": "ACTIVE"}
    assert ai.forecast.list_monitor_evaluations(monitor_arn=monitor).predictor_monitor_evaluations == []
    imports = [("more", 67), ("bad", 67), ("most", 74)]
    for name, days in imports:
        mock.s3["stock/demand.csv"] = "?" if name == "bad" else demand.sales(days)
        again(mock, name)
    found = ai.forecast.list_monitor_evaluations(monitor_arn=monitor).raw["PredictorMonitorEvaluations"]
    jobs = [one["MonitorDataSource"]["DatasetImportJobArn"].rpartition("/")[2] for one in found]
    assert jobs == ["most", "more"]
    assert [one["WindowStartDatetime"].replace(tzinfo=None) for one in found] == [demand.day(67), demand.day(60)]
    assert {metric["MetricName"] for metric in found[0]["MetricResults"]} == METRICS
    assert (found[0]["EvaluationState"], found[0]["NumItemsEvaluated"]) == ("SUCCESS", 2)
    first = ai.forecast.list_monitor_evaluations(monitor_arn=monitor, max_results=1)
    assert len(first.predictor_monitor_evaluations) == 1
    rest = ai.forecast.list_monitor_evaluations(monitor_arn=monitor, max_results=1, next_token=first.next_token)
    assert rest.raw["PredictorMonitorEvaluations"] == found[1:]
    shown = ai.forecast.describe_monitor(monitor_arn=monitor)
    assert shown.last_evaluation_state == "SUCCESS"
    baseline = shown.raw["Baseline"]["PredictorBaseline"]["BaselineMetrics"]
    assert {metric["Name"] for metric in baseline} == METRICS
    with pytest.raises(BadRequestError, match="already"):
        ai.forecast.create_monitor(monitor_name="second", resource_arn=predictor)


METRICS = {"AverageWeightedQuantileLoss", "MAPE", "MASE", "RMSE", "WAPE"}


def again(mock: Any, name: str) -> None:
    """Import the demand once more."""
    ask(
        mock,
        "forecast.CreateDatasetImportJob",
        DatasetImportJobName=name,
        DatasetArn=f"{demand.OURS}dataset/demand",
        DataSource=demand.source("s3://stock/demand.csv"),
        TimestampFormat="yyyy-MM-dd",
    )
    mock.clock.advance(hours=1)


def test_a_monitor_is_stopped_and_resumed(ai: Any, mock: Any) -> None:
    demand.automatic(mock, MonitorConfig={"MonitorName": "watch"})
    monitor = f"{demand.OURS}monitor/watch"

    def status() -> str:
        return str(ai.forecast.describe_monitor(monitor_arn=monitor).status)

    def evaluated() -> int:
        return len(ai.forecast.list_monitor_evaluations(monitor_arn=monitor).predictor_monitor_evaluations)

    ai.forecast.stop_resource(resource_arn=monitor)
    assert status() == "ACTIVE_STOPPED"
    again(mock, "unseen")
    assert evaluated() == 0
    ai.forecast.resume_resource(resource_arn=monitor)
    assert status() == "ACTIVE"
    again(mock, "seen")
    assert ai.forecast.describe_monitor(monitor_arn=monitor).last_evaluation_state == "SUCCESS"
    assert evaluated() == 1
    with pytest.raises(BadRequestError):
        ai.forecast.resume_resource(resource_arn=demand.automatic(mock))
    with pytest.raises(BadRequestError):
        ai.forecast.stop_resource(resource_arn=demand.GROUP)
    with pytest.raises(NotFoundError):
        ai.forecast.stop_resource(resource_arn=f"{monitor}s")


def test_a_stopped_job_leaves_nothing(ai: Any, mock: Any) -> None:
    made = ai.forecast.create_forecast(forecast_name="never", predictor_arn=demand.automatic(mock))
    ai.forecast.stop_resource(resource_arn=made.forecast_arn)
    assert ai.forecast.describe_forecast(forecast_arn=made.forecast_arn).status == "CREATE_STOPPED"
    with pytest.raises(BadRequestError, match="CREATE_STOPPED"):
        ai.forecast.query_forecast(forecast_arn=made.forecast_arn, filters={"item_id": "a"})
    ai.forecast.stop_resource(resource_arn=made.forecast_arn)
    ai.forecast.delete_forecast(forecast_arn=made.forecast_arn)


def test_a_group_goes_with_everything_that_was_made_of_it(ai: Any, mock: Any) -> None:
    demand.what_if(mock)
    with pytest.raises(ConflictError):
        ai.forecast.delete_dataset_group(dataset_group_arn=demand.GROUP)
    ai.forecast.delete_resource_tree(resource_arn=demand.GROUP)
    left = (
        ai.forecast.list_dataset_groups().dataset_groups,
        ai.forecast.list_predictors().predictors,
        ai.forecast.list_forecasts().forecasts,
        ai.forecast.list_what_if_analyses().what_if_analyses,
        ai.forecast.list_what_if_forecasts().what_if_forecasts,
    )
    assert left == ([], [], [], [], [])
    assert len(ai.forecast.list_datasets().datasets) == 2


def test_a_tree_that_still_grows_is_left_alone() -> None:
    mock = Mock(clock=Clock.manual())
    arn = demand.forecast(mock)
    ask(mock, "forecast.CreateForecastExportJob", ForecastExportJobName="now", ForecastArn=arn, Destination=OUT)
    with pytest.raises(ConflictError):
        ask(mock, "forecast.DeleteResourceTree", ResourceArn=demand.GROUP)
    assert ask(mock, "forecast.DescribeForecast", ForecastArn=arn)["Status"] == "ACTIVE"
    mock.clock.advance(hours=1)
    ask(mock, "forecast.DeleteResourceTree", ResourceArn=demand.GROUP)
    assert ask(mock, "forecast.ListForecastExportJobs")["ForecastExportJobs"] == []


def test_a_copy_of_a_mock_goes_its_own_way() -> None:
    mock = Mock()
    arn = demand.forecast(mock)
    other = mock.copy()
    ask(mock, "forecast.DeleteForecast", ForecastArn=arn)
    rows, same = (
        Forecast.of(one.world).keepers["DatasetImportJob"].all({})[0]["members"]["Rows"] for one in (mock, other)
    )
    assert rows is same
    asked = {"ForecastArn": arn, "Filters": {"item_id": "a"}}
    assert ask(other, "forecastquery.QueryForecast", **asked)["Forecast"]["Predictions"]["p50"]
    with pytest.raises(NotFoundError):
        ask(mock, "forecastquery.QueryForecast", **asked)
