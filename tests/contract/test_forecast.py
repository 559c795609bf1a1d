"""What Forecast keeps, on every backend of the rig."""

from __future__ import annotations

from typing import Any

import pytest

from aiservices.errors import BadRequestError, ConflictError, NotFoundError

SCHEMA = {"Attributes": [{"AttributeName": "item_id", "AttributeType": "string"}]}
GROUP = "arn:aws:forecast:us-east-1:123456789012:dataset-group/shop"


def dataset(ai: Any, name: str, kind: str = "TARGET_TIME_SERIES", domain: str = "RETAIL", **members: Any) -> str:
    reply = ai.forecast.create_dataset(
        dataset_name=name, domain=domain, dataset_type=kind, schema=SCHEMA, **{"data_frequency": "D", **members}
    )
    arn = reply.dataset_arn
    assert ai.forecast.describe_dataset(dataset_arn=arn).status == "ACTIVE"
    return str(arn)


def test_a_dataset_is_kept_under_its_arn(ai: Any) -> None:
    arn = dataset(ai, "sales")
    assert arn == "arn:aws:forecast:us-east-1:123456789012:dataset/sales"
    shown = ai.forecast.describe_dataset(dataset_arn=arn)
    assert (shown.dataset_name, shown.data_frequency, shown.raw["Schema"]) == ("sales", "D", SCHEMA)
    with pytest.raises(ConflictError):
        dataset(ai, "sales")


def test_a_related_series_needs_a_frequency(ai: Any) -> None:
    with pytest.raises(BadRequestError):
        dataset(ai, "prices", "RELATED_TIME_SERIES", data_frequency=None)


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


def test_a_tree_is_deleted_from_its_root(ai: Any) -> None:
    arn = dataset(ai, "sales")
    ai.forecast.delete_resource_tree(resource_arn=arn)
    for call in (
        lambda: ai.forecast.describe_dataset(dataset_arn=arn),
        lambda: ai.forecast.delete_resource_tree(resource_arn=arn),
    ):
        with pytest.raises(NotFoundError):
            call()
    assert ai.forecast.list_datasets().datasets == []


def test_tags_are_kept(ai: Any) -> None:
    arn = dataset(ai, "sales", tags=[{"Key": "team", "Value": "a"}])
    ai.forecast.tag_resource(resource_arn=arn, tags=[{"Key": "stage", "Value": "test"}])
    ai.forecast.untag_resource(resource_arn=arn, tag_keys=["team"])
    tags = ai.forecast.list_tags_for_resource(resource_arn=arn).tags
    assert [(tag.key, tag.value) for tag in tags] == [("stage", "test")]
