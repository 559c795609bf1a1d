"""Forecast's data, on every backend of the rig: datasets, groups, imports, tags, and the deletion of a tree."""

from __future__ import annotations

from typing import Any

import pytest

from aiservices.errors import BadRequestError, ConflictError, NotFoundError
from tests.mocks import demand

GROUP = f"{demand.OURS}dataset-group/shop"


def dataset(ai: Any, name: str, kind: str = "TARGET_TIME_SERIES", domain: str = "RETAIL", **members: Any) -> str:
    columns = {"ITEM_METADATA": (("item_id", "string"), ("colour", "string"))}.get(kind, demand.TARGET)
    target = "metric_value" if domain == "METRICS" else "demand"
    renamed = [(name.replace("demand", target), kind) for name, kind in columns]
    if domain == "METRICS":
        renamed[0] = ("metric_name", "string")
    request = {"data_frequency": "D", "schema": demand.schema(*renamed), **members}
    reply = ai.forecast.create_dataset(dataset_name=name, domain=domain, dataset_type=kind, **request)
    arn = reply.dataset_arn
    assert ai.forecast.describe_dataset(dataset_arn=arn).status == "ACTIVE"
    return str(arn)


def load(ai: Any, mock: Any, arn: str, data: str, name: str = "job", **members: Any) -> Any:
    """What is shown of an import of a file."""
    mock.s3["data/file.csv"] = data
    given = {"timestamp_format": "yyyy-MM-dd", "data_source": demand.source("s3://data/file.csv"), **members}
    made = ai.forecast.create_dataset_import_job(dataset_import_job_name=name, dataset_arn=arn, **given)
    return ai.forecast.describe_dataset_import_job(dataset_import_job_arn=made.dataset_import_job_arn)


def test_a_dataset_is_kept_under_its_arn(ai: Any) -> None:
    arn = dataset(ai, "sales")
    assert arn == f"{demand.OURS}dataset/sales"
    shown = ai.forecast.describe_dataset(dataset_arn=arn)
    assert (shown.dataset_name, shown.data_frequency) == ("sales", "D")
    assert shown.raw["Schema"] == demand.schema(*demand.TARGET)
    with pytest.raises(ConflictError):
        dataset(ai, "sales")


@pytest.mark.parametrize(
    "members",
    [
        {"kind": "RELATED_TIME_SERIES", "data_frequency": None},
        {"schema": demand.schema(("item_id", "string"), ("timestamp", "timestamp"))},
        {"schema": demand.schema(*demand.TARGET, ("item_id", "string"))},
        {"schema": {"Attributes": [{"AttributeName": name} for name, _ in demand.TARGET]}},
        {"domain": "METRICS", "schema": demand.schema(*demand.TARGET)},
        {"schema": demand.schema(*demand.TARGET[:2], ("demand", "string"))},
        {"schema": demand.schema(("timestamp", "string"), demand.TARGET[0], demand.TARGET[2])},
        {"data_frequency": "60min"},
    ],
)
def test_a_dataset_has_what_its_domain_and_type_need(ai: Any, members: dict[str, Any]) -> None:
    with pytest.raises(BadRequestError):
        dataset(ai, "sales", **members)


def test_a_group_holds_datasets_of_its_domain(ai: Any) -> None:
    sales, items = dataset(ai, "sales"), dataset(ai, "items", "ITEM_METADATA")
    made = ai.forecast.create_dataset_group(dataset_group_name="shop", domain="RETAIL", dataset_arns=[sales])
    assert made.dataset_group_arn == GROUP
    assert ai.forecast.describe_dataset_group(dataset_group_arn=GROUP).status == "ACTIVE"
    ai.forecast.update_dataset_group(dataset_group_arn=GROUP, dataset_arns=[sales, items])
    assert ai.forecast.describe_dataset_group(dataset_group_arn=GROUP).dataset_arns == [sales, items]
    for wrong, error in (
        ([dataset(ai, "load", domain="METRICS")], BadRequestError),
        ([sales, dataset(ai, "more")], BadRequestError),
        ([f"{sales}s"], NotFoundError),
    ):
        with pytest.raises(error):
            ai.forecast.update_dataset_group(dataset_group_arn=GROUP, dataset_arns=wrong)
    assert ai.forecast.describe_dataset_group(dataset_group_arn=GROUP).dataset_arns == [sales, items]
    ai.forecast.delete_dataset(dataset_arn=items)
    assert ai.forecast.describe_dataset_group(dataset_group_arn=GROUP).dataset_arns == [sales, items]


def test_an_import_says_what_it_found(ai: Any, mock: Any) -> None:
    arn = dataset(ai, "sales")
    before = ai.forecast.describe_dataset(dataset_arn=arn).last_modification_time
    data = "a,2026-01-01,5\na,2026-01-02,\nb,2026-01-03,nan\nb,2026-01-03,6.5\n"
    shown = load(ai, mock, arn, data)
    assert (shown.status, shown.import_mode) == ("ACTIVE", "FULL")
    assert shown.dataset_import_job_arn == f"{demand.OURS}dataset-import-job/sales/job"
    assert shown.data_size == len(data) / 2**30
    found = shown.raw["FieldStatistics"]
    assert (found["item_id"]["Count"], found["item_id"]["CountDistinct"]) == (4, 2)
    times = found["timestamp"]
    assert (times["Min"], times["Max"]) == ("2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z")
    numbers = found["demand"]
    assert [numbers[name] for name in ("Count", "CountNull", "CountNan", "Min", "Max")] == [4, 1, 1, "5.0", "6.5"]
    assert numbers["Avg"] == 5.75
    assert numbers["Stddev"] == pytest.approx(1.06066)
    assert ai.forecast.describe_dataset(dataset_arn=arn).last_modification_time > before


def test_a_folder_is_imported_as_a_whole(ai: Any, mock: Any) -> None:
    arn = dataset(ai, "sales")
    mock.s3["data/in/one.csv"] = "a,2026-01-01 00:00:00,5"
    mock.s3["data/in/two.csv"] = "a,2026-01-02 00:00:00,5"
    mock.s3["data/inside.csv"] = "nothing"
    for path, rows in (("s3://data/in/", 2), ("s3://data/in", 2), ("s3://data/in/one.csv", 1)):
        shown = load(ai, mock, arn, "", f"job{len(path)}", data_source=demand.source(path), timestamp_format=None)
        assert shown.raw["FieldStatistics"]["item_id"]["Count"] == rows


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("", "is empty"),
        ("a,2026-01-01", "has 2 columns, the schema has 3"),
        ("item_id,timestamp,demand\na,2026-01-01,5", "column timestamp is not of the format yyyy-MM-dd: row 1"),
        ("a,2026-01-01,5\na,01.02.2026,5", "column timestamp is not of the format yyyy-MM-dd: row 2"),
        ("a,2026-01-01,many", "column demand is not of the type float"),
        ("a,2026-01-01,1e51", "column demand is not of the type float"),
        ("a,2026-01-01,inf", "column demand is not of the type float"),
        ("a,9999-12-31,5", "column timestamp is not of the format"),
        (",2026-01-01,5", "item_id must have a value"),
    ],
)
def test_bad_data_fails_with_a_reason(ai: Any, mock: Any, data: str, why: str) -> None:
    arn = dataset(ai, "sales")
    shown = load(ai, mock, arn, data)
    assert shown.status == "CREATE_FAILED"
    assert why in shown.message
    assert shown.raw.get("FieldStatistics", {}) == {}
    assert ai.forecast.describe_dataset(dataset_arn=arn).status == "UPDATE_FAILED"


@pytest.mark.parametrize("path", ["s3://nowhere/file.csv", "s3://data/missing.csv"])
def test_an_import_of_nothing_fails_with_a_reason(ai: Any, mock: Any, path: str) -> None:
    shown = load(ai, mock, dataset(ai, "sales"), "a", data_source=demand.source(path))
    assert shown.status == "CREATE_FAILED"
    assert path in shown.message


@pytest.mark.parametrize(
    "members",
    [{"timestamp_format": "dd.MM.yyyy"}, {"time_zone": "Europe/Berlin", "use_geolocation_for_time_zone": True}],
)
def test_what_an_import_cannot_be_asked(ai: Any, mock: Any, members: dict[str, Any]) -> None:
    with pytest.raises(BadRequestError):
        load(ai, mock, dataset(ai, "sales"), "a", **members)


def test_parquet_is_read_where_its_package_is_there(ai: Any, mock: Any) -> None:
    shown = load(ai, mock, dataset(ai, "sales"), "no parquet", format="PARQUET")
    assert shown.status == "CREATE_FAILED"
    assert "Parquet file" in shown.message


def test_imports_are_filtered_and_keep_their_dataset(ai: Any, mock: Any) -> None:
    sales, more = dataset(ai, "sales"), dataset(ai, "more")
    good, bad = load(ai, mock, sales, "a,2026-01-01,5"), load(ai, mock, more, "")

    def listed(key: str, value: str, condition: str = "IS") -> list[str]:
        filters = [{"Key": key, "Value": value, "Condition": condition}]
        found = ai.forecast.list_dataset_import_jobs(filters=filters).dataset_import_jobs
        return [job.dataset_import_job_arn for job in found]

    assert listed("DatasetArn", sales) == listed("Status", "ACTIVE") == [good.dataset_import_job_arn]
    assert listed("DatasetArn", sales, "IS_NOT") == listed("Status", "CREATE_FAILED") == [bad.dataset_import_job_arn]
    with pytest.raises(ConflictError):
        ai.forecast.delete_dataset(dataset_arn=sales)
    ai.forecast.delete_dataset_import_job(dataset_import_job_arn=good.dataset_import_job_arn)
    ai.forecast.delete_dataset(dataset_arn=sales)


def test_a_tree_is_deleted_from_its_root(ai: Any, mock: Any) -> None:
    arn = dataset(ai, "sales")
    load(ai, mock, arn, "a,2026-01-01,5")
    ai.forecast.delete_resource_tree(resource_arn=arn)
    for call in (
        lambda: ai.forecast.describe_dataset(dataset_arn=arn),
        lambda: ai.forecast.delete_resource_tree(resource_arn=arn),
    ):
        with pytest.raises(NotFoundError):
            call()
    assert ai.forecast.list_datasets().datasets == []
    assert ai.forecast.list_dataset_import_jobs().dataset_import_jobs == []


def test_tags_are_kept(ai: Any) -> None:
    arn = dataset(ai, "sales", tags=[{"Key": "team", "Value": "a"}])
    ai.forecast.tag_resource(resource_arn=arn, tags=[{"Key": "stage", "Value": "test"}])
    ai.forecast.untag_resource(resource_arn=arn, tag_keys=["team"])
    tags = ai.forecast.list_tags_for_resource(resource_arn=arn).tags
    assert [(tag.key, tag.value) for tag in tags] == [("stage", "test")]
