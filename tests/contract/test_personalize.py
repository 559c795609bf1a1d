"""What Personalize keeps, on every backend of the rig."""

from __future__ import annotations

from typing import Any

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI
from aiservices.errors import BadRequestError, ConflictError, NotFoundError
from tests.mocks.shop import stock

AVRO = '{"type": "record", "name": "Items", "fields": [{"name": "ITEM_ID", "type": "string"}]}'
OURS = "arn:aws:personalize:us-east-1:123456789012:"
RECIPE = "arn:aws:personalize:::recipe/"
GROUP = f"{OURS}dataset-group/shop"


@pytest.fixture
def shop(ai: Any) -> Any:
    """The products, with a dataset group there."""
    ai.personalize.create_dataset_group(name="shop", domain="ECOMMERCE")
    assert ai.personalize.describe_dataset_group(dataset_group_arn=GROUP).dataset_group.status == "ACTIVE"
    return ai.personalize


def campaign(shop: Any, mock: Mock) -> tuple[str, str, str]:
    """The ARNs of a solution, its version and its campaign, all of them ready."""
    stock(mock, GROUP)
    solution = shop.create_solution(
        name="similar", dataset_group_arn=GROUP, recipe_arn=f"{RECIPE}aws-similar-items"
    ).solution_arn
    assert shop.describe_solution(solution_arn=solution).solution.status == "ACTIVE"
    version = shop.create_solution_version(solution_arn=solution).solution_version_arn
    assert shop.describe_solution_version(solution_version_arn=version).solution_version.status == "ACTIVE"
    made = shop.create_campaign(name="home", solution_version_arn=version).campaign_arn
    assert shop.describe_campaign(campaign_arn=made).campaign.status == "ACTIVE"
    return solution, version, made


def test_a_group_is_deleted_after_its_datasets(shop: Any) -> None:
    schema = shop.create_schema(name="items", schema=AVRO).schema_arn
    dataset = shop.create_dataset(
        name="items", schema_arn=schema, dataset_group_arn=GROUP, dataset_type="Items"
    ).dataset_arn
    assert dataset == f"{OURS}dataset/shop/ITEMS"
    assert shop.describe_dataset(dataset_arn=dataset).dataset.dataset_type == "ITEMS"
    with pytest.raises(ConflictError):
        shop.create_dataset(name="again", schema_arn=schema, dataset_group_arn=GROUP, dataset_type="ITEMS")
    with pytest.raises(ConflictError):
        shop.delete_dataset_group(dataset_group_arn=GROUP)
    with pytest.raises(ConflictError):
        shop.delete_schema(schema_arn=schema)
    shop.delete_dataset(dataset_arn=dataset)
    shop.delete_dataset_group(dataset_group_arn=GROUP)
    shop.delete_schema(schema_arn=schema)
    assert shop.list_schemas().schemas == []


def test_what_is_not_right_is_refused(shop: Any) -> None:
    schema = shop.create_schema(name="items", schema=AVRO).schema_arn
    for call in (
        lambda: shop.create_schema(name="bad", schema='{"type": "string"}'),
        lambda: shop.create_schema(name="bad", schema="{"),
        lambda: shop.create_schema(name="bad", schema="[" * 20_000),
        lambda: shop.create_schema(name="bad", schema=AVRO.replace('"string"', '"bytes"')),
        lambda: shop.create_schema(name="bad", schema=AVRO.replace('"string"', "[]")),
        lambda: shop.create_dataset(name="x", schema_arn=schema, dataset_group_arn=GROUP, dataset_type="Films"),
        lambda: shop.create_filter(name="x", dataset_group_arn=GROUP, filter_expression="SELECT *"),
        lambda: shop.create_solution(name="x", dataset_group_arn=GROUP),
        lambda: shop.create_solution(name="x", dataset_group_arn=GROUP, recipe_arn=f"{RECIPE}aws-vod-most-popular"),
        lambda: shop.create_recommender(name="x", dataset_group_arn=GROUP, recipe_arn=f"{RECIPE}aws-vod-most-popular"),
    ):
        with pytest.raises(BadRequestError):
            call()
    for missing in (
        lambda: shop.create_solution(name="x", dataset_group_arn=GROUP, recipe_arn=f"{RECIPE}aws-none"),
        lambda: shop.create_event_tracker(name="x", dataset_group_arn=f"{GROUP}s"),
    ):
        with pytest.raises(NotFoundError):
            missing()


def test_a_dataset_takes_another_schema(shop: Any) -> None:
    old, new = (shop.create_schema(name=name, schema=AVRO).schema_arn for name in ("old", "new"))
    arn = shop.create_dataset(name="i", schema_arn=old, dataset_group_arn=GROUP, dataset_type="Items").dataset_arn
    assert shop.describe_dataset(dataset_arn=arn).dataset.latest_dataset_update is None
    shop.update_dataset(dataset_arn=arn, schema_arn=new)
    shown = shop.describe_dataset(dataset_arn=arn).dataset
    assert shown.schema_arn == shown.latest_dataset_update.schema_arn == new
    assert shown.latest_dataset_update.status == "ACTIVE"


def test_a_group_has_one_event_tracker(shop: Any) -> None:
    made = shop.create_event_tracker(name="clicks", dataset_group_arn=GROUP)
    shown = shop.describe_event_tracker(event_tracker_arn=made.event_tracker_arn).event_tracker
    assert (shown.tracking_id, shown.account_id) == (made.tracking_id, "123456789012")
    with pytest.raises(ConflictError):
        shop.create_event_tracker(name="more", dataset_group_arn=GROUP)


def test_a_filter_name_is_taken_in_every_group(shop: Any) -> None:
    shop.create_dataset_group(name="other")
    expression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("bought")'
    shop.create_filter(name="bought", dataset_group_arn=GROUP, filter_expression=expression)
    with pytest.raises(ConflictError):
        shop.create_filter(name="bought", dataset_group_arn=f"{OURS}dataset-group/other", filter_expression=expression)
    assert [one.name for one in shop.list_filters(dataset_group_arn=GROUP).filters] == ["bought"]
    assert shop.list_filters(dataset_group_arn=f"{OURS}dataset-group/other").filters == []


def test_a_version_is_made_as_the_solution_is(shop: Any, mock: Mock) -> None:
    solution, version, made = campaign(shop, mock)
    assert version.startswith(f"{solution}/")
    shown = shop.describe_solution_version(solution_version_arn=version).solution_version
    assert (shown.recipe_arn, shown.training_mode) == (f"{RECIPE}aws-similar-items", "FULL")
    described = shop.describe_solution(solution_arn=solution).solution
    assert described.latest_solution_version.solution_version_arn == version
    assert [one.campaign_arn for one in shop.list_campaigns(solution_arn=solution).campaigns] == [made]
    assert shop.list_campaigns(solution_arn=f"{solution}s").campaigns == []
    with pytest.raises(ConflictError):
        shop.delete_solution(solution_arn=solution)
    shop.delete_campaign(campaign_arn=made)
    shop.delete_solution(solution_arn=solution)
    with pytest.raises(NotFoundError):
        shop.describe_solution_version(solution_version_arn=version)


def test_updates_show_beside_what_they_change(shop: Any, mock: Mock) -> None:
    solution, _, made = campaign(shop, mock)
    shop.update_campaign(campaign_arn=made, min_provisioned_tps=3)
    shown = shop.describe_campaign(campaign_arn=made).campaign
    assert shown.latest_campaign_update.min_provisioned_tps == shown.min_provisioned_tps == 3
    assert shown.latest_campaign_update.status == "ACTIVE"
    shop.update_solution(solution_arn=solution, perform_auto_training=False)
    described = shop.describe_solution(solution_arn=solution).solution
    assert described.perform_auto_training is False
    assert described.latest_solution_update.status == "ACTIVE"


def test_a_recommender_stops_and_starts(shop: Any, mock: Mock) -> None:
    stock(mock, GROUP)
    arn = shop.create_recommender(
        name="r", dataset_group_arn=GROUP, recipe_arn=f"{RECIPE}aws-ecomm-recommended-for-you"
    ).recommender_arn
    assert shop.describe_recommender(recommender_arn=arn).recommender.status == "ACTIVE"
    with pytest.raises(ConflictError):
        shop.start_recommender(recommender_arn=arn)
    shop.stop_recommender(recommender_arn=arn)
    assert shop.describe_recommender(recommender_arn=arn).recommender.status == "INACTIVE"
    shop.start_recommender(recommender_arn=arn)
    assert shop.describe_recommender(recommender_arn=arn).recommender.status == "ACTIVE"
    shop.update_recommender(recommender_arn=arn, recommender_config={"minRecommendationRequestsPerSecond": 2})
    shown = shop.describe_recommender(recommender_arn=arn).recommender
    assert (shown.status, shown.latest_recommender_update.status) == ("ACTIVE", "ACTIVE")


def test_metrics_come_and_go(shop: Any) -> None:
    def metric(name: str) -> dict[str, str]:
        return {"eventType": "click", "metricName": name, "expression": "SAMPLECOUNT()"}

    output = {"roleArn": "arn:aws:iam::123456789012:role/writer"}
    arn = shop.create_metric_attribution(
        name="m", dataset_group_arn=GROUP, metrics=[metric("a"), metric("b")], metrics_output_config=output
    ).metric_attribution_arn
    assert shop.describe_metric_attribution(metric_attribution_arn=arn).metric_attribution.status == "ACTIVE"
    shop.update_metric_attribution(metric_attribution_arn=arn, add_metrics=[metric("c")], remove_metrics=["a"])
    listed = shop.list_metric_attribution_metrics(metric_attribution_arn=arn)
    assert [one.metric_name for one in listed.metrics] == ["b", "c"]
    with pytest.raises(ConflictError):
        shop.update_metric_attribution(metric_attribution_arn=arn, add_metrics=[metric("c")])
    with pytest.raises(NotFoundError):
        shop.update_metric_attribution(metric_attribution_arn=arn, remove_metrics=["z"])


def test_training_takes_its_time_and_can_be_stopped() -> None:
    mock = Mock(clock=Clock.manual())
    with AI(backend=mock) as ai:
        shop = ai.personalize
        shop.create_dataset_group(name="shop")
        solution = str(
            shop.create_solution(
                name="s", dataset_group_arn=GROUP, recipe_arn=f"{RECIPE}aws-similar-items"
            ).solution_arn
        )
        version = str(shop.create_solution_version(solution_arn=solution).solution_version_arn)
        mock.clock.advance(minutes=5)
        with pytest.raises(ConflictError):
            shop.create_campaign(name="home", solution_version_arn=version)
        shop.stop_solution_version_creation(solution_version_arn=version)
        seen = []
        for _ in range(2):
            shown = shop.describe_solution_version(solution_version_arn=version).solution_version
            seen.append(shown.status if shown else None)
            mock.clock.advance(minutes=2)
        assert seen == ["CREATE STOPPING", "CREATE STOPPED"]


def test_recipes_are_awss(ai: Any) -> None:
    shop = ai.personalize
    everything = list(ai.pages(shop.list_recipes, max_results=7))
    shops = shop.list_recipes(domain="ECOMMERCE").recipes
    assert {one.domain for one in shops} == {"ECOMMERCE"}
    assert 0 < len(shops) < len({one.recipe_arn for one in everything})
    for name, kind, before in (
        ("aws-sims", "RELATED_ITEMS", "sims"),
        ("aws-hrnn-metadata", "USER_PERSONALIZATION", "featurize_metadata"),
    ):
        recipe = shop.describe_recipe(recipe_arn=f"{RECIPE}{name}").recipe
        assert (recipe.name, recipe.recipe_type) == (name, kind)
        assert shop.describe_algorithm(algorithm_arn=recipe.algorithm_arn).algorithm.name == name
        first = shop.describe_feature_transformation(feature_transformation_arn=recipe.feature_transformation_arn)
        assert first.feature_transformation.name == before
    with pytest.raises(NotFoundError):
        shop.describe_algorithm(algorithm_arn=f"{RECIPE}aws-sims")


def test_tags_are_kept(shop: Any) -> None:
    shop.tag_resource(resource_arn=GROUP, tags=[{"tagKey": "a", "tagValue": "1"}, {"tagKey": "b", "tagValue": "2"}])
    shop.untag_resource(resource_arn=GROUP, tag_keys=["a"])
    tags = shop.list_tags_for_resource(resource_arn=GROUP).tags
    assert [(tag.tag_key, tag.tag_value) for tag in tags] == [("b", "2")]
