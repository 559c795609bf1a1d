"""Forecast's predictors, their metrics and forecasts, on every backend of the rig."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock

from aiservices.errors import BadRequestError, ConflictError, NotFoundError, QuotaError
from tests.mocks import demand
from tests.mocks.worlds import ask

LEGACY: dict[str, Any] = {
    "predictor_name": "legacy",
    "algorithm_arn": "arn:aws:forecast:::algorithm/ETS",
    "forecast_horizon": 7,
    "featurization_config": {"ForecastFrequency": "D"},
}


def automatic(ai: Any, mock: Any, **members: Any) -> Any:
    """What is shown of a new AutoPredictor."""
    config = {"DatasetGroupArn": demand.stock(mock)}
    given = {"predictor_name": "auto", "forecast_horizon": 7, "forecast_frequency": "D", "data_config": config}
    arn = ai.forecast.create_auto_predictor(**{**given, **members}).predictor_arn
    return ai.forecast.describe_auto_predictor(predictor_arn=arn)


def legacy(ai: Any, mock: Any, **members: Any) -> Any:
    """What is shown of a new legacy predictor."""
    config = {"DatasetGroupArn": demand.stock(mock)}
    arn = ai.forecast.create_predictor(**{**LEGACY, "input_data_config": config, **members}).predictor_arn
    return ai.forecast.describe_predictor(predictor_arn=arn)


def test_an_auto_predictor_has_an_id_in_its_arn(ai: Any, mock: Any) -> None:
    shown = automatic(ai, mock)
    assert shown.status == "ACTIVE"
    assert re.fullmatch(f"{demand.OURS}predictor/auto_01[0-9A-HJKMNP-TV-Z]{{24}}", shown.predictor_arn)
    assert shown.forecast_types == ["0.1", "0.5", "0.9"]
    jobs = [f"{demand.OURS}dataset-import-job/{name}/first" for name in ("demand", "prices")]
    assert shown.dataset_import_job_arns == jobs
    (listed,) = ai.forecast.list_predictors().predictors
    assert (listed.predictor_arn, listed.is_auto_predictor) == (shown.predictor_arn, True)
    assert listed.dataset_group_arn == demand.GROUP
    with pytest.raises(ConflictError):
        automatic(ai, mock)


def test_metrics_are_those_of_the_last_week(ai: Any, mock: Any) -> None:
    """The price moves on by two steps of five each week, and nothing else changes."""
    reply = ai.forecast.get_accuracy_metrics(predictor_arn=automatic(ai, mock).predictor_arn)
    assert reply.meta.engine == "seasonal-naive"
    (result,) = reply.raw["PredictorEvaluationResults"]
    summary, window = result["TestWindows"]
    assert (summary["EvaluationType"], window["EvaluationType"]) == ("SUMMARY", "COMPUTED")
    assert window["TestWindowStart"] == demand.day(53).replace(tzinfo=UTC)
    assert window["TestWindowEnd"] == demand.day(60).replace(tzinfo=UTC)
    assert window["ItemCount"] == 2
    days = [(number, item) for item in ("a", "b") for number in range(53, 60)]
    errors = [abs(demand.demand(n, item) - demand.demand(n - 7, item)) for n, item in days]
    (error,) = window["Metrics"]["ErrorMetrics"]
    assert error["WAPE"] == pytest.approx(sum(errors) / sum(demand.demand(n, item) for n, item in days))
    assert error["RMSE"] == pytest.approx((sum(e * e for e in errors) / len(errors)) ** 0.5)
    losses = {loss["Quantile"]: loss["LossValue"] for loss in window["Metrics"]["WeightedQuantileLosses"]}
    assert losses.keys() == {0.1, 0.5, 0.9}
    assert window["Metrics"]["AverageWeightedQuantileLoss"] == pytest.approx(sum(losses.values()) / 3)
    assert summary["Metrics"] == window["Metrics"]


def test_metrics_are_of_the_data_that_was_learnt(ai: Any, mock: Any) -> None:
    """A week that comes back just so is foreseen; a step in the last week is missed by as much on each day."""
    for name, step in (("steady", 0), ("stepped", 10)):
        sold = [demand.WEEK[n % 7] + (step if n >= 53 else 0) for n in range(60)]
        rows = "\n".join(f"a,{demand.day(n):%Y-%m-%d},{value}" for n, value in enumerate(sold))
        dataset = demand.imported(mock, name, "TARGET_TIME_SERIES", demand.TARGET, rows)
        ask(mock, "forecast.CreateDatasetGroup", DatasetGroupName=name, Domain="RETAIL", DatasetArns=[dataset])
        mock.clock.advance(hours=1)
        config = {"DatasetGroupArn": f"{demand.OURS}dataset-group/{name}"}
        predictor = automatic(ai, mock, predictor_name=name, data_config=config).predictor_arn
        (result,) = ai.forecast.get_accuracy_metrics(predictor_arn=predictor).raw["PredictorEvaluationResults"]
        (error,) = result["TestWindows"][0]["Metrics"]["ErrorMetrics"]
        assert error["RMSE"] == pytest.approx(step)
        assert error["WAPE"] == pytest.approx(step * 7 / sum(sold[53:]))


def test_a_legacy_predictor_has_an_algorithm_and_windows(ai: Any, mock: Any) -> None:
    windows = {"NumberOfBacktestWindows": 2, "BackTestWindowOffset": 10}
    shown = legacy(ai, mock, evaluation_parameters=windows)
    assert shown.predictor_arn == f"{demand.OURS}predictor/legacy"
    assert (shown.status, shown.is_auto_predictor) == ("ACTIVE", False)
    (execution,) = shown.raw["PredictorExecutionDetails"]["PredictorExecutions"]
    assert execution["AlgorithmArn"] == LEGACY["algorithm_arn"]
    starts = [window["TestWindowStart"] for window in execution["TestWindows"]]
    assert starts == [demand.day(60 - cut).replace(tzinfo=UTC) for cut in (17, 10)]
    (result,) = ai.forecast.get_accuracy_metrics(predictor_arn=shown.predictor_arn).raw["PredictorEvaluationResults"]
    assert result["AlgorithmArn"] == LEGACY["algorithm_arn"]
    assert [window["EvaluationType"] for window in result["TestWindows"]] == ["SUMMARY", "COMPUTED", "COMPUTED"]
    with pytest.raises(BadRequestError):
        ai.forecast.describe_auto_predictor(predictor_arn=shown.predictor_arn)


def test_auto_ml_says_what_it_tried(ai: Any, mock: Any) -> None:
    shown = legacy(ai, mock, algorithm_arn=None, perform_auto_ml=True)
    assert shown.algorithm_arn in shown.auto_ml_algorithm_arns


@pytest.mark.parametrize(
    "members",
    [
        {"perform_auto_ml": True},
        {"algorithm_arn": None},
        {"algorithm_arn": "arn:aws:forecast:::algorithm/Guess"},
        {"perform_hpo": True},
        {"forecast_horizon": 501},
        {"forecast_types": ["0.995"]},
        {"forecast_types": [".00"]},
        {"forecast_types": ["0.1", ".1"]},
        {"evaluation_parameters": {"BackTestWindowOffset": 6}},
        {"evaluation_parameters": {"NumberOfBacktestWindows": 6}},
        {"featurization_config": {"ForecastFrequency": "H"}},
        {"featurization_config": {"ForecastFrequency": "D", "ForecastDimensions": ["store"]}},
    ],
)
def test_what_a_predictor_cannot_be_asked(ai: Any, mock: Any, members: dict[str, Any]) -> None:
    with pytest.raises(BadRequestError):
        legacy(ai, mock, **members)


def test_a_predictor_needs_data(ai: Any, mock: Any) -> None:
    group = ai.forecast.create_dataset_group(dataset_group_name="empty", domain="RETAIL").dataset_group_arn
    with pytest.raises(BadRequestError, match="TARGET_TIME_SERIES"):
        automatic(ai, mock, data_config={"DatasetGroupArn": group})
    kind = {"domain": "RETAIL", "dataset_type": "TARGET_TIME_SERIES", "data_frequency": "D"}
    made = ai.forecast.create_dataset(dataset_name="none", schema=demand.schema(*demand.TARGET), **kind)
    ai.forecast.update_dataset_group(dataset_group_arn=group, dataset_arns=[made.dataset_arn])
    with pytest.raises(BadRequestError, match="No data"):
        automatic(ai, mock, data_config={"DatasetGroupArn": group})
    with pytest.raises(NotFoundError):
        automatic(ai, mock, data_config={"DatasetGroupArn": f"{group}s"})


def test_a_horizon_beyond_the_data_fails(ai: Any, mock: Any) -> None:
    shown = automatic(ai, mock, forecast_horizon=16)
    assert shown.status == "CREATE_FAILED"
    assert "1/4" in shown.message
    for use in (
        lambda: ai.forecast.get_accuracy_metrics(predictor_arn=shown.predictor_arn),
        lambda: ai.forecast.create_forecast(forecast_name="none", predictor_arn=shown.predictor_arn),
    ):
        with pytest.raises(BadRequestError, match="CREATE_FAILED"):
            use()


def test_a_predictor_is_trained_again(ai: Any, mock: Any) -> None:
    first = automatic(ai, mock, forecast_types=["mean"]).predictor_arn

    def again(**members: Any) -> Any:
        made = ai.forecast.create_auto_predictor(predictor_name="again", reference_predictor_arn=first, **members)
        return ai.forecast.describe_auto_predictor(predictor_arn=made.predictor_arn)

    with pytest.raises(BadRequestError, match="ForecastHorizon"):
        again(forecast_horizon=3)
    shown = again()
    assert (shown.forecast_horizon, shown.forecast_types, shown.forecast_frequency) == (7, ["mean"], "D")
    assert shown.raw["ReferencePredictorSummary"] == {"Arn": first, "State": "Active"}
    ai.forecast.delete_predictor(predictor_arn=first)
    shown = ai.forecast.describe_auto_predictor(predictor_arn=shown.predictor_arn)
    assert shown.raw["ReferencePredictorSummary"] == {"Arn": first, "State": "Deleted"}


def test_a_legacy_predictor_is_upgraded_with_its_settings(ai: Any, mock: Any) -> None:
    how = {"aggregation": "avg", "middlefill": "mean"}
    filling = [{"FeaturizationMethodName": "filling", "FeaturizationMethodParameters": how}]
    features = [{"AttributeName": "demand", "FeaturizationPipeline": filling}]
    config = {"ForecastFrequency": "D", "Featurizations": features}
    old = legacy(ai, mock, featurization_config=config, optimization_metric="WAPE").predictor_arn
    made = ai.forecast.create_auto_predictor(predictor_name="upgraded", reference_predictor_arn=old)
    shown = ai.forecast.describe_auto_predictor(predictor_arn=made.predictor_arn)
    assert (shown.status, shown.forecast_frequency, shown.optimization_metric) == ("ACTIVE", "D", "WAPE")
    attributes = [{"AttributeName": "demand", "Transformations": how}]
    assert shown.raw["DataConfig"] == {"DatasetGroupArn": demand.GROUP, "AttributeConfigs": attributes}


def test_a_step_can_be_several_units(ai: Any, mock: Any) -> None:
    predictor = demand.automatic(mock, ForecastFrequency="2D", ForecastHorizon=3)
    made = ai.forecast.create_forecast(forecast_name="pairs", predictor_arn=predictor)
    assert ai.forecast.describe_forecast(forecast_arn=made.forecast_arn).status == "ACTIVE"
    found = ai.forecast.query_forecast(forecast_arn=made.forecast_arn, filters={"item_id": "a"})
    times = [datetime.fromisoformat(point["Timestamp"]) for point in found.raw["Forecast"]["Predictions"]["p50"]]
    assert [after - before for before, after in pairwise(times)] == [timedelta(days=2)] * 2


@pytest.mark.parametrize(
    "how", [{"aggregation": "most"}, {"frontfill": "zero"}, {"backfill_value": "x"}, {"filling": "zero"}]
)
def test_gaps_cannot_be_filled_anyhow(ai: Any, mock: Any, how: dict[str, str]) -> None:
    config = {"DatasetGroupArn": demand.stock(mock)}
    changes = [{"AttributeName": "demand", "Transformations": how}]
    with pytest.raises(BadRequestError):
        automatic(ai, mock, data_config={**config, "AttributeConfigs": changes})
    filling = [{"FeaturizationMethodName": "filling", "FeaturizationMethodParameters": how}]
    features = [{"AttributeName": "demand", "FeaturizationPipeline": filling}]
    with pytest.raises(BadRequestError):
        legacy(ai, mock, featurization_config={"ForecastFrequency": "D", "Featurizations": features})
    assert ai.forecast.list_predictors().predictors == []


def test_a_name_that_is_taken_leaves_nothing(ai: Any, mock: Any) -> None:
    demand.automatic(mock, MonitorConfig={"MonitorName": "watch"}, ExplainPredictor=True)
    with pytest.raises(ConflictError):
        automatic(ai, mock, predictor_name="second", monitor_config={"MonitorName": "watch"})
    assert len(ai.forecast.list_predictors().predictors) == 1


def test_new_predictors_need_a_horizon(ai: Any, mock: Any) -> None:
    with pytest.raises(BadRequestError, match="ForecastHorizon"):
        automatic(ai, mock, forecast_horizon=None)


def test_a_forecast_repeats_the_week(ai: Any, mock: Any) -> None:
    arn = demand.forecast(mock)
    shown = ai.forecast.describe_forecast(forecast_arn=arn)
    assert (shown.status, shown.dataset_group_arn) == ("ACTIVE", demand.GROUP)
    (listed,) = ai.forecast.list_forecasts().forecasts
    assert (listed.forecast_arn, listed.created_using_auto_predictor) == (arn, True)
    reply = ai.forecast.query_forecast(forecast_arn=arn, filters={"item_id": "b"})
    assert reply.meta.engine == "seasonal-naive"
    found = reply.raw["Forecast"]["Predictions"]
    assert found.keys() == {"p10", "p50", "p90"}
    assert [point["Timestamp"] for point in found["p50"]] == [demand.day(60 + n).isoformat() for n in range(7)]
    for number, (low, high) in enumerate(zip(found["p10"], found["p90"], strict=True), 53):
        assert low["Value"] < demand.demand(number, "b") < high["Value"] + 1


def test_a_forecast_is_asked_for_dates(ai: Any, mock: Any) -> None:
    arn = demand.forecast(mock)

    def asked(**request: Any) -> list[str]:
        reply = ai.forecast.query_forecast(**{"forecast_arn": arn, "filters": {"item_id": "a"}, **request})
        return [point["Timestamp"] for point in reply.raw["Forecast"]["Predictions"]["p50"]]

    second, third = (demand.day(60 + n).isoformat() for n in (1, 2))
    assert asked(start_date=second, end_date=third) == [second, third]
    assert len(asked(start_date=second)) == 6
    for wrong in (
        {"start_date": third, "end_date": second},
        {"start_date": demand.day(90).isoformat()},
        {"end_date": "soon"},
        {"filters": {"store": "x"}},
        {"next_token": "none"},
    ):
        with pytest.raises(BadRequestError):
            asked(**wrong)
    for missing in ({"filters": {"item_id": "c"}}, {"forecast_arn": f"{arn}s"}):
        with pytest.raises(NotFoundError):
            asked(**missing)
    mock.clock.advance(days=31)
    with pytest.raises(BadRequestError, match="30 days"):
        asked()


def test_some_series_of_a_forecast_are_chosen(ai: Any, mock: Any) -> None:
    predictor = demand.automatic(mock)
    mock.s3["stock/some.csv"] = "b\n"
    schema = demand.schema(("item_id", "string"))

    def made(name: str, file: str) -> Any:
        selector = {"TimeSeriesIdentifiers": {"DataSource": demand.source(file), "Schema": schema}}
        given = {"forecast_types": ["mean", "0.75"], "time_series_selector": selector}
        arn = ai.forecast.create_forecast(forecast_name=name, predictor_arn=predictor, **given).forecast_arn
        return ai.forecast.describe_forecast(forecast_arn=arn)

    shown = made("some", "s3://stock/some.csv")
    reply = ai.forecast.query_forecast(forecast_arn=shown.forecast_arn, filters={"item_id": "b"})
    assert reply.raw["Forecast"]["Predictions"].keys() == {"mean", "p75"}
    with pytest.raises(NotFoundError):
        ai.forecast.query_forecast(forecast_arn=shown.forecast_arn, filters={"item_id": "a"})
    assert made("none", "s3://stock/nothing.csv").status == "CREATE_FAILED"
    with pytest.raises(BadRequestError):
        ai.forecast.create_forecast(
            forecast_name="bad", predictor_arn=predictor, time_series_selector={"TimeSeriesIdentifiers": {}}
        )


def test_a_new_import_moves_the_forecast_on(ai: Any, mock: Any) -> None:
    predictor = demand.automatic(mock)
    mock.s3["stock/demand.csv"] = demand.sales(65, first=60)
    ask(
        mock,
        "forecast.CreateDatasetImportJob",
        DatasetImportJobName="next",
        DatasetArn=f"{demand.OURS}dataset/demand",
        DataSource=demand.source("s3://stock/demand.csv"),
        TimestampFormat="yyyy-MM-dd",
        ImportMode="INCREMENTAL",
    )
    made = ai.forecast.create_forecast(forecast_name="later", predictor_arn=predictor)
    assert ai.forecast.describe_forecast(forecast_arn=made.forecast_arn).status == "ACTIVE"
    reply = ai.forecast.query_forecast(forecast_arn=made.forecast_arn, filters={"item_id": "a"})
    assert reply.raw["Forecast"]["Predictions"]["p50"][0]["Timestamp"] == demand.day(65).isoformat()


def test_series_have_the_dimensions_asked_for(ai: Any, mock: Any) -> None:
    columns = (("item_id", "string"), ("timestamp", "timestamp"), ("demand", "integer"), ("store", "string"))
    rows = [f"a,{demand.day(n):%Y-%m-%d},{n % 7 + size},{store}" for n in range(40) for store, size in STORES]
    target = demand.imported(mock, "stores", "TARGET_TIME_SERIES", columns, "\n".join(rows))
    ask(mock, "forecast.CreateDatasetGroup", DatasetGroupName="stores", Domain="RETAIL", DatasetArns=[target])
    mock.clock.advance(hours=1)
    for dimensions, filters, first in (
        (["store"], {"item_id": "a", "store": "north"}, 5),
        (None, {"item_id": "a"}, 5 + 105),
    ):
        predictor = automatic(
            ai,
            mock,
            predictor_name=f"by_{'store' if dimensions else 'item'}",
            data_config={"DatasetGroupArn": f"{demand.OURS}dataset-group/stores"},
            forecast_dimensions=dimensions,
        ).predictor_arn
        made = ai.forecast.create_forecast(forecast_name=f"of{len(filters)}", predictor_arn=predictor)
        assert ai.forecast.describe_forecast(forecast_arn=made.forecast_arn).status == "ACTIVE"
        reply = ai.forecast.query_forecast(forecast_arn=made.forecast_arn, filters=filters)
        assert reply.raw["Forecast"]["Predictions"]["p50"][0]["Value"] == first


STORES = (("north", 0), ("south", 100))


def test_gaps_are_filled_as_asked(ai: Any, mock: Any) -> None:
    rows = [f"a,{demand.day(n):%Y-%m-%d},8" for n in range(40) if n != 39 - 3]
    target = demand.imported(mock, "gaps", "TARGET_TIME_SERIES", demand.TARGET, "\n".join(rows))
    ask(mock, "forecast.CreateDatasetGroup", DatasetGroupName="gaps", Domain="RETAIL", DatasetArns=[target])
    mock.clock.advance(hours=1)
    for how, value in (({}, 0.0), ({"middlefill": "mean"}, 8.0), ({"middlefill": "value", "middlefill_value": "3"}, 3)):
        config: dict[str, Any] = {"DatasetGroupArn": f"{demand.OURS}dataset-group/gaps"}
        if how:
            config["AttributeConfigs"] = [{"AttributeName": "demand", "Transformations": how}]
        name = f"fill{len(how)}{value:.0f}"
        predictor = automatic(ai, mock, predictor_name=name, data_config=config).predictor_arn
        export = ai.forecast.create_predictor_backtest_export_job(
            predictor_backtest_export_job_name=name,
            predictor_arn=predictor,
            destination=demand.source("s3://stock/out"),
        ).predictor_backtest_export_job_arn
        shown = ai.forecast.describe_predictor_backtest_export_job(predictor_backtest_export_job_arn=export)
        assert shown.status == "ACTIVE"
        (key,) = [key for key in mock.s3 if f"forecasted-values/{name}_" in key]
        actual = [float(line.split(",")[2]) for line in mock.s3[key].decode().splitlines()[1:]]
        assert actual == [8, 8, 8, value, 8, 8, 8]


def test_jobs_say_how_long_they_take() -> None:
    world = Mock(clock=Clock.manual())
    arn = ask(world, "forecast.CreateAutoPredictor", PredictorName="slow", **demand.learning(world))["PredictorArn"]
    assert "EstimatedTimeRemainingInMinutes" not in ask(world, "forecast.DescribeAutoPredictor", PredictorArn=arn)
    world.clock.advance(minutes=31)
    for operation in ("DescribeAutoPredictor", "DescribePredictor"):
        shown = ask(world, f"forecast.{operation}", PredictorArn=arn)
        assert (shown["Status"], shown["EstimatedTimeRemainingInMinutes"]) == ("CREATE_IN_PROGRESS", 30)
    world.clock.advance(minutes=30)
    assert "EstimatedTimeRemainingInMinutes" not in ask(world, "forecast.DescribeAutoPredictor", PredictorArn=arn)
    ask(world, "forecast.CreateForecast", ForecastName="slow", PredictorArn=arn)
    world.clock.advance(minutes=2)
    shown = ask(world, "forecast.DescribeForecast", ForecastArn=f"{demand.OURS}forecast/slow")
    assert shown["EstimatedTimeRemainingInMinutes"] == 29
    assert shown["LastModificationTime"] - shown["CreationTime"] == timedelta(minutes=2)
    world.clock.advance(hours=1)
    shown = ask(world, "forecast.DescribeForecast", ForecastArn=f"{demand.OURS}forecast/slow")
    assert shown["LastModificationTime"] - shown["CreationTime"] == timedelta(minutes=31)
    assert ask(world, "forecast.ListForecasts")["Forecasts"][0]["LastModificationTime"] == shown["LastModificationTime"]


def test_only_a_few_are_made_at_a_time() -> None:
    world = Mock(clock=Clock.manual())
    predictor = demand.automatic(world)
    for number in range(3):
        ask(world, "forecast.CreateForecast", ForecastName=f"f{number}", PredictorArn=predictor)
    with pytest.raises(QuotaError):
        ask(world, "forecast.CreateForecast", ForecastName="f3", PredictorArn=predictor)
    with pytest.raises(ConflictError):
        ask(
            world,
            "forecastquery.QueryForecast",
            ForecastArn=f"{demand.OURS}forecast/f0",
            Filters={"item_id": "a"},
        )
    world.clock.advance(hours=1)
    ask(world, "forecast.CreateForecast", ForecastName="f3", PredictorArn=predictor)
