"""What Personalize recommends, in single answers and in batches, on every backend of the rig."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from aiservices_mocks import Mock

from aiservices.errors import BadRequestError, NotFoundError
from tests.mocks.shop import GENRES, GROUP, OURS, RECIPE, ROLE, campaign, stock
from tests.mocks.worlds import ask

KINDS = ("INTERACTIONS", "ITEMS", "USERS", "ACTIONS", "ACTION_INTERACTIONS")


def genre(item: str) -> str:
    return GENRES[int(item.removeprefix("item-")) % 3]


def ids(reply: Any) -> list[str]:
    return [item.item_id for item in reply.item_list]


@pytest.fixture
def shop(ai: Any, mock: Mock) -> Any:
    """The product, with records of every kind."""
    stock(mock, GROUP, KINDS)
    return ai.personalize


def filtered(shop: Any, expression: str, name: str = "f") -> str:
    return str(shop.create_filter(name=name, dataset_group_arn=GROUP, filter_expression=expression).filter_arn)


def test_users_get_what_goes_with_what_they_have(shop: Any, mock: Mock) -> None:
    arn = campaign(mock, "aws-user-personalization")
    for user in (0, 1, 2):
        reply = shop.get_recommendations(campaign_arn=arn, user_id=f"user-{user}", num_results=12)
        assert [genre(item) for item in ids(reply)] == [GENRES[user]] * 12
        scores = [item.score for item in reply.item_list]
        assert scores == sorted(scores, reverse=True)
        assert reply.recommendation_id.startswith("RID-")
        assert reply.meta.engine == "co-occurrence"
    everything = shop.get_recommendations(campaign_arn=arn, user_id="user-1", num_results=500)
    assert len(ids(everything)) == 60
    assert sum(item.score for item in everything.item_list) == pytest.approx(1, abs=1e-4)
    assert len(ids(shop.get_recommendations(campaign_arn=arn, user_id="nobody"))) == 25


def test_new_events_change_what_is_recommended_at_once(shop: Any, mock: Mock) -> None:
    arn = campaign(mock, "aws-user-personalization")
    tracker = shop.create_event_tracker(name="t", dataset_group_arn=GROUP).tracking_id
    before = ids(shop.get_recommendations(campaign_arn=arn, user_id="new"))
    event = {"eventType": "View", "itemId": "item-4", "sentAt": datetime(2026, 1, 1, tzinfo=UTC)}
    shop.put_events(tracking_id=tracker, session_id="s-1", event_list=[event])
    shop.put_events(tracking_id=tracker, session_id="s-1", user_id="new", event_list=[{**event, "itemId": "item-7"}])
    after = ids(shop.get_recommendations(campaign_arn=arn, user_id="new", num_results=5))
    assert after != before[:5]
    assert {genre(item) for item in after} == {GENRES[1]}


def test_items_get_similar_items(shop: Any, mock: Mock) -> None:
    arn = campaign(mock, "aws-similar-items")
    similar = shop.get_recommendations(campaign_arn=arn, item_id="item-11", num_results=5)
    assert {genre(item) for item in ids(similar)} == {GENRES[2]}
    assert "item-11" not in ids(similar)
    assert similar.item_list[0].score is None
    assert len(ids(shop.get_recommendations(campaign_arn=arn, item_id="unknown"))) == 25
    with pytest.raises(BadRequestError, match="itemId"):
        shop.get_recommendations(campaign_arn=arn, user_id="user-1")


def test_items_are_ranked_for_a_user(shop: Any, mock: Mock) -> None:
    arn = campaign(mock, "aws-personalized-ranking")
    wanted = ["item-0", "item-1", "item-2", "unheard-of"]
    reply = shop.get_personalized_ranking(campaign_arn=arn, user_id="user-1", input_list=wanted)
    ranked = [item.item_id for item in reply.personalized_ranking]
    assert (ranked[0], ranked[-1], sorted(ranked)) == ("item-1", "unheard-of", sorted(wanted))
    other = shop.get_personalized_ranking(campaign_arn=arn, user_id="user-2", input_list=wanted).personalized_ranking
    assert (other[0].item_id, other[-1].item_id) == ("item-2", "unheard-of")
    assert sum(item.score for item in reply.personalized_ranking) == pytest.approx(1, abs=1e-4)
    with pytest.raises(BadRequestError):
        shop.get_recommendations(campaign_arn=arn, user_id="user-1")


def test_actions_are_recommended_by_how_often_they_are_taken(shop: Any, mock: Mock) -> None:
    arn = campaign(mock, "aws-next-best-action")
    eager = shop.get_action_recommendations(campaign_arn=arn, user_id="user-1").action_list
    other = shop.get_action_recommendations(campaign_arn=arn, user_id="user-2").action_list
    scores = [{action.action_id: action.score for action in found} for found in (eager, other)]
    assert scores[0]["rate"] > scores[1]["rate"]
    assert scores[0]["join"] == 0.5
    with pytest.raises(BadRequestError):
        shop.get_personalized_ranking(campaign_arn=arn, user_id="user-1", input_list=["item-1"])


@pytest.mark.parametrize(
    ("expression", "values", "fits"),
    [
        ('INCLUDE ItemID WHERE Items.GENRE IN ("drama", "comedy")', {}, lambda n: n % 3 < 2),
        ("EXCLUDE ItemID WHERE Items.GENRE IN ($GENRE)", {"GENRE": '"drama","comedy"'}, lambda n: n % 3 == 2),
        ("EXCLUDE ItemID WHERE Items.GENRE IN ($GENRE)", {}, lambda n: True),
        ('INCLUDE ItemID WHERE Items.GENRE = "drama" AND Items.PRICE < $P', {"P": "9"}, lambda n: n in (0, 3, 6)),
        ("INCLUDE ItemID WHERE Items.PRICE < 2 OR Items.PRICE >= 58", {}, lambda n: n < 2 or n > 57),
        ("INCLUDE ItemID WHERE Items.PRICE < 9 | EXCLUDE ItemID WHERE Items.PRICE < 5", {}, lambda n: 5 <= n < 9),
        ("INCLUDE ItemID WHERE Items.PRICE < 9 IF CurrentUser.AGE > 18", {}, lambda n: n < 9),
        ("INCLUDE ItemID WHERE Items.PRICE < 9 IF CurrentUser.AGE > 99", {}, lambda n: True),
        ("INCLUDE ItemID WHERE Items.GENRE NOT IN ('drama')", {}, lambda n: n % 3 > 0),
    ],
)
def test_a_filter_leaves_in_what_fits(
    shop: Any, mock: Mock, expression: str, values: dict[str, str], fits: Any
) -> None:
    arn = campaign(mock, "aws-user-personalization")
    request = {"filter_arn": filtered(shop, expression), "filter_values": values, "num_results": 500}
    reply = shop.get_recommendations(campaign_arn=arn, user_id="user-1", **request)
    assert set(ids(reply)) == {f"item-{n}" for n in range(60) if fits(n)}


def test_a_filter_knows_what_the_user_did(shop: Any, mock: Mock) -> None:
    arn = campaign(mock, "aws-user-personalization")
    seen = filtered(shop, 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("view")', "seen")
    unseen = filtered(shop, 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")', "unseen")
    request = {"campaign_arn": arn, "user_id": "user-1", "num_results": 500}
    one, other = (set(ids(shop.get_recommendations(**request, filter_arn=arn))) for arn in (seen, unseen))
    assert one
    assert not one & other
    assert len(one | other) == 60


def test_a_filter_is_refused_that_is_none_or_lacks_values(shop: Any, mock: Mock) -> None:
    arn = campaign(mock, "aws-user-personalization")
    for wrong in (
        "INCLUDE ItemID WHERE Items.GENRE NOT IN ($GENRE)",
        "INCLUDE ItemID WHERE Items.GENRE",
        "INCLUDE ItemID WHERE Films.GENRE IN ('a')",
        "INCLUDE ItemID WHERE Items.A = 1 AND Interactions.EVENT_TYPE IN ('a')",
        "INCLUDE ItemID WHERE Items.A = 1 IF Items.B = 2",
    ):
        with pytest.raises(BadRequestError, match="Could not create filter"):
            filtered(shop, wrong)
    needs = filtered(shop, "INCLUDE ItemID WHERE Items.GENRE IN ($GENRE)")
    with pytest.raises(BadRequestError, match="GENRE"):
        shop.get_recommendations(campaign_arn=arn, user_id="user-1", filter_arn=needs)
    with pytest.raises(NotFoundError):
        shop.get_recommendations(campaign_arn=arn, user_id="user-1", filter_arn=f"{needs}x")


def test_requests_that_nobody_can_answer_are_refused(shop: Any, mock: Mock) -> None:
    arn = campaign(mock, "aws-user-personalization")
    for wrong in (
        {"user_id": "user-1"},
        {"campaign_arn": arn},
        {"campaign_arn": arn, "user_id": "user-1", "num_results": 501},
        {"campaign_arn": arn, "user_id": "user-1", "metadata_columns": {"ITEMS": ["GENRE"]}},
    ):
        with pytest.raises(BadRequestError):
            shop.get_recommendations(**wrong)
    with pytest.raises(NotFoundError):
        shop.get_recommendations(campaign_arn=f"{arn}x", user_id="user-1")


def test_promotions_are_spread_among_the_items_and_metadata_is_shown(shop: Any, mock: Mock) -> None:
    arn = campaign(mock, "aws-user-personalization")
    shop.update_campaign(campaign_arn=arn, campaign_config={"enableMetadataWithRecommendations": True})
    cheap = filtered(shop, "INCLUDE ItemID WHERE Items.GENRE IN ('drama')")
    reply = shop.get_recommendations(
        campaign_arn=arn,
        user_id="user-1",
        num_results=8,
        promotions=[{"name": "drama-week", "percentPromotedItems": 25, "filterArn": cheap}],
        metadata_columns={"ITEMS": ["GENRE", "PRICE"]},
    )
    promoted = [item.promotion_name == "drama-week" for item in reply.item_list]
    assert promoted == [True, False, False, False, True, False, False, False]
    assert [item.metadata["GENRE"] for item in reply.item_list][:2] == ["drama", "comedy"]


def test_a_recommender_hides_what_was_bought(ai: Any, mock: Mock) -> None:
    ai.personalize.create_dataset_group(name="shop", domain="ECOMMERCE")
    stock(mock, GROUP, event_type="Purchase")
    shop = ai.personalize
    arn = shop.create_recommender(
        name="r", dataset_group_arn=GROUP, recipe_arn=f"{RECIPE}aws-ecomm-recommended-for-you"
    ).recommender_arn
    with pytest.raises(NotFoundError):
        shop.get_recommendations(recommender_arn=arn, user_id="user-1")
    assert shop.describe_recommender(recommender_arn=arn).recommender.status == "ACTIVE"
    found = ids(shop.get_recommendations(recommender_arn=arn, user_id="user-1", num_results=500))
    bought = set(ids(shop.get_recommendations(recommender_arn=arn, user_id="nobody", num_results=500))) - set(found)
    assert found
    assert bought
    shop.stop_recommender(recommender_arn=arn)
    shop.describe_recommender(recommender_arn=arn)
    with pytest.raises(NotFoundError):
        shop.get_recommendations(recommender_arn=arn, user_id="user-1")


def test_a_copy_of_the_world_answers_from_records_of_its_own(mock: Mock) -> None:
    stock(mock)
    asked = {"campaignArn": campaign(mock, "aws-user-personalization"), "userId": "user-1"}
    copy = mock.copy()

    def answer(world: Mock) -> Any:
        return ask(world, "personalize-runtime.GetRecommendations", **asked)["itemList"]

    before = answer(mock)
    assert answer(copy) == before
    ask(copy, "personalize.DeleteDataset", datasetArn=f"{OURS}dataset/shop/INTERACTIONS")
    assert answer(copy) != before, "nothing is known of the user any more"
    assert answer(mock) == before


def batch(shop: Any, mock: Mock, recipe: str, lines: list[Any], kind: str = "inference", **request: Any) -> list[Any]:
    """The answers of a batch job."""
    arn = campaign(mock, recipe)
    version = shop.describe_campaign(campaign_arn=arn).campaign.solution_version_arn
    mock.s3["asked/in/questions.json"] = "\n".join(map(str, lines))
    made = getattr(shop, f"create_batch_{kind}_job")(
        job_name=f"{kind}-{recipe}",
        solution_version_arn=version,
        role_arn=ROLE,
        job_input={"s3DataSource": {"path": "s3://asked/in/questions.json"}},
        job_output={"s3DataDestination": {"path": "s3://asked/out/"}},
        **request,
    )
    job = getattr(made, f"batch_{kind}_job_arn")
    shown = getattr(shop, f"describe_batch_{kind}_job")(**{f"batch_{kind}_job_arn": job})
    assert getattr(shown, f"batch_{kind}_job").status == "ACTIVE"
    assert len(getattr(getattr(shop, f"list_batch_{kind}_jobs")(), f"batch_{kind}_jobs")) == 1
    return [json.loads(line) for line in mock.s3["asked/out/questions.json.out"].decode().splitlines()]


def test_a_batch_answers_line_by_line(shop: Any, mock: Mock) -> None:
    lines = ['{"userId": "user-1"}', "{", '{"itemId": "item-1"}', '{"userId": "user-2"}']
    found = batch(shop, mock, "aws-user-personalization", lines, num_results=4)
    assert [line["input"] for line in found] == [{"userId": "user-1"}, None, {"itemId": "item-1"}, {"userId": "user-2"}]
    assert [line["error"] is None for line in found] == [True, False, False, True]
    assert found[1]["output"] is found[2]["output"] is None
    output = found[0]["output"]
    assert {genre(item) for item in output["recommendedItems"]} == {GENRES[1]}
    assert len(output["recommendedItems"]) == len(output["scores"]) == 4
    arn = f"{GROUP.replace('dataset-group/shop', 'campaign/aws-user-personalization')}"
    live = shop.get_recommendations(campaign_arn=arn, user_id="user-1", num_results=4)
    assert output["recommendedItems"] == ids(live)


def test_a_batch_ranks_and_filters_with_values_of_its_own(shop: Any, mock: Mock) -> None:
    wanted = filtered(shop, "INCLUDE ItemID WHERE Items.GENRE IN ($GENRE)")
    question = {"userId": "user-1", "itemList": ["item-1", "item-3", "item-6"], "filterValues": {"GENRE": '"drama"'}}
    lines = [json.dumps(question), '{"userId": "user-1", "itemList": ["item-1"]}', '{"userId": "user-1"}']
    lines += ['{"userId": null, "itemList": ["item-1"]}', '{"userId": "u", "itemList": 1}', "[]", "[" * 3000]
    lines += [json.dumps({**question, "filterValues": ["drama"]})]
    found = batch(shop, mock, "aws-personalized-ranking", lines, filter_arn=wanted)
    assert sorted(found[0]["output"]["recommendedItems"]) == ["item-3", "item-6"]
    assert "GENRE" in found[1]["error"]
    assert "itemList" in found[2]["error"]
    assert "userId" in found[3]["error"]
    assert "itemList" in found[4]["error"]
    assert [line["error"] for line in found[5:7]] == ["The line is not a JSON object."] * 2
    assert "filterValues" in found[7]["error"]


def test_a_batch_names_what_similar_items_have_in_common(shop: Any, mock: Mock) -> None:
    found = batch(
        shop,
        mock,
        "aws-similar-items",
        ['{"itemId": "item-2"}'],
        num_results=3,
        batch_inference_job_mode="THEME_GENERATION",
        theme_generation_config={"fieldsForThemeGeneration": {"itemName": "NAME"}},
    )
    assert found[0]["output"]["theme"] == "action"
    assert found[0]["output"]["itemsThemeRelevanceScores"] == [1.0, 1.0, 1.0]


def test_a_batch_finds_users_for_items(shop: Any, mock: Mock) -> None:
    found = batch(shop, mock, "aws-item-affinity", ['{"itemId": "item-4"}', "{}"], "segment", num_results=5)
    assert (found[0].keys(), found[1]["output"]) == ({"input", "output"}, None)
    users = found[0]["output"]["recommendedUsers"]
    assert {int(user.removeprefix("user-")) % 3 for user in users} == {1}
    assert len(users) == 5


def test_a_batch_by_attributes_writes_them_back(shop: Any, mock: Mock) -> None:
    wanted = 'ITEMS.genre = "drama" AND ITEMS.price < 30'
    lines = [json.dumps({"itemAttributes": wanted}), json.dumps({"itemAttributes": "drama"})]
    found = batch(shop, mock, "aws-item-attribute-affinity", lines, "segment", num_results=1000)
    assert found[0]["itemAttributes"] == wanted
    users = found[0]["output"]["recommendedUsers"]
    assert {int(user.removeprefix("user-")) % 3 for user in users[:10]} == {0}
    assert len(users) == 30
    assert found[1]["output"] is None


def test_a_batch_job_fails_without_input_and_is_refused_where_it_makes_no_sense(shop: Any, mock: Mock) -> None:
    arn = campaign(mock, "aws-popularity-count")
    version = shop.describe_campaign(campaign_arn=arn).campaign.solution_version_arn
    paths = {
        "job_input": {"s3DataSource": {"path": "s3://asked/none.json"}},
        "job_output": {"s3DataDestination": {"path": "s3://asked/out/"}},
    }
    common = {"job_name": "j", "solution_version_arn": version, "role_arn": ROLE}
    job = shop.create_batch_inference_job(**common, **paths).batch_inference_job_arn
    shown = shop.describe_batch_inference_job(batch_inference_job_arn=job).batch_inference_job
    assert (shown.status, shown.failure_reason) == (
        "CREATE FAILED",
        "Insufficient privileges for accessing data in Amazon S3.",
    )
    with pytest.raises(BadRequestError, match="at most 500"):
        shop.create_batch_inference_job(**common, **paths, num_results=501)
    with pytest.raises(BadRequestError, match="USER_SEGMENTATION"):
        shop.create_batch_segment_job(**common, **paths)
    same = {"s3DataDestination": {"path": "s3://asked/none.json"}}
    with pytest.raises(BadRequestError, match="Invalid S3 output path"):
        shop.create_batch_inference_job(**common, job_input=paths["job_input"], job_output=same)
