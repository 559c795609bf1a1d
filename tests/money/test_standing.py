"""What costs while it is up is charged for the time since the last call that showed it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.call import Call, Reply
from aiservices.money import Charge, Meter, PriceBook

BOOK = PriceBook()
NOTHING = Charge({}, Decimal(0))
UNPRICED = Charge(None, None)
T0 = datetime(2026, 1, 1, tzinfo=UTC)


class Time:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = T0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - T0).total_seconds()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class World:
    """A meter, its clock, and calls to it."""

    def __init__(self) -> None:
        self.time = Time()
        self.meter = Meter(BOOK, self.time)

    def ask(self, name: str, reply: Reply | None = None, **params: Any) -> Charge:
        service, operation = name.split(".")
        return self.meter.charge(Call(service, operation, params), reply or {})

    def hours(self, count: float) -> None:
        self.time.sleep(count * 3600)


@pytest.fixture
def world() -> World:
    return World()


# Kendra: dollars an hour, https://aws.amazon.com/kendra/pricing/


@pytest.mark.parametrize(
    ("edition", "hour", "extended"),
    [
        ("DEVELOPER_EDITION", "1.125", "1.125"),
        ("ENTERPRISE_EDITION", "1.40", "4.20"),  # 1.40 + 0.70 for storage + 3 x 0.70 for queries
        ("GEN_AI_ENTERPRISE_EDITION", "0.32", "0.78"),  # 0.32 + 0.25 + 3 x 0.07
    ],
)
def test_an_index_costs_by_the_hour_and_its_further_units_besides(
    world: World, edition: str, hour: str, extended: str
) -> None:
    assert world.ask("kendra.CreateIndex", {"Id": "i"}, Name="n", RoleArn="r", Edition=edition) == NOTHING
    world.hours(10)
    assert world.ask(
        "kendra.DescribeIndex", {"Id": "i", "Edition": edition, "Status": "ACTIVE"}, Id="i"
    ).cost == 10 * Decimal(hour)
    world.hours(2)
    units = {"StorageCapacityUnits": 1, "QueryCapacityUnits": 3}
    assert world.ask("kendra.UpdateIndex", {}, Id="i", CapacityUnits=units).cost == 2 * Decimal(hour)
    world.hours(1)
    assert world.ask("kendra.UpdateIndex", {}, Id="i", Name="only a name").cost == Decimal(extended)
    world.hours(1)
    assert world.ask("kendra.DeleteIndex", {}, Id="i").cost == Decimal(extended)
    world.hours(5)
    assert world.ask("kendra.DescribeIndex", {"Id": "i", "Edition": edition, "Status": "DELETING"}, Id="i") == NOTHING


def test_an_index_is_of_the_enterprise_edition_unless_it_says_so(world: World) -> None:
    world.ask("kendra.CreateIndex", {"Id": "i"}, Name="n")
    world.hours(1)
    assert world.ask("kendra.DeleteIndex", {}, Id="i").cost == Decimal("1.40")


def test_an_index_without_a_price_that_failed_or_of_another_client(world: World) -> None:
    assert world.ask("kendra.CreateIndex", {"Id": "n"}, Edition="NOVEL_EDITION") == UNPRICED
    world.ask("kendra.CreateIndex", {"Id": "i"}, Edition="DEVELOPER_EDITION")
    failed = {"Id": "i", "Edition": "DEVELOPER_EDITION", "Status": "FAILED"}
    world.ask("kendra.DescribeIndex", failed, Id="i")
    world.hours(9)
    assert world.ask("kendra.DescribeIndex", failed, Id="i") == NOTHING
    assert world.ask("kendra.UpdateIndex", {}, Id="other") == UNPRICED
    assert world.ask("kendra.DeleteIndex", {}, Id="other") == NOTHING


def test_a_rescore_execution_plan(world: World) -> None:
    world.ask(
        "kendra-ranking.CreateRescoreExecutionPlan", {"Id": "p"}, Name="n", CapacityUnits={"RescoreCapacityUnits": 10}
    )
    world.hours(100)
    told = {"Id": "p", "Status": "ACTIVE"}
    found = world.ask("kendra-ranking.DescribeRescoreExecutionPlan", told, Id="p")
    assert found.cost == Decimal("17.5"), "100 x (0.14 + 10 x 0.0035)"
    world.ask("kendra-ranking.UpdateRescoreExecutionPlan", {}, Id="p", CapacityUnits={"RescoreCapacityUnits": 0})
    world.hours(1)
    assert world.ask("kendra-ranking.DeleteRescoreExecutionPlan", {}, Id="p").cost == Decimal("0.14")


# Rekognition: 0.06666667 a minute, which is 4 dollars an hour


def test_a_running_model_costs_its_least_inference_units(world: World) -> None:
    world.ask("rekognition.StartProjectVersion", {"Status": "STARTING"}, ProjectVersionArn="m", MinInferenceUnits=2)
    world.hours(1)
    both = {
        "ProjectVersionDescriptions": [
            {"ProjectVersionArn": "m", "Status": "RUNNING"},
            {"ProjectVersionArn": "x", "Status": "RUNNING"},
        ]
    }
    assert world.ask("rekognition.DescribeProjectVersions", both, ProjectArn="p").cost == 120 * Decimal("0.06666667")
    world.time.sleep(30)
    stopped = world.ask("rekognition.StopProjectVersion", {"Status": "STOPPING"}, ProjectVersionArn="m")
    assert stopped.units == {"rekognition.custom_labels_inference": 1}
    assert world.ask("rekognition.StopProjectVersion", {"Status": "STOPPING"}, ProjectVersionArn="m") == NOTHING


# Personalize: a campaign provides requests, asked or not


def solution(world: World, recipe: str = "aws-user-personalization", version: str = "v") -> None:
    arn = f"arn:aws:personalize:::recipe/{recipe}"
    made = world.ask("personalize.CreateSolution", {"solutionArn": "s"}, recipeArn=arn, performAutoTraining=False)
    assert made == NOTHING
    world.ask("personalize.CreateSolutionVersion", {"solutionVersionArn": version}, solutionArn="s")


def test_an_idle_campaign_costs_what_it_provides(world: World) -> None:
    solution(world)
    assert (
        world.ask("personalize.CreateCampaign", {"campaignArn": "c"}, solutionVersionArn="v", minProvisionedTPS=1)
        == NOTHING
    )
    world.hours(720)
    told = {"campaign": {"campaignArn": "c", "solutionVersionArn": "v", "minProvisionedTPS": 1, "status": "ACTIVE"}}
    month = world.ask("personalize.DescribeCampaign", told, campaignArn="c")
    assert month.units == {"personalize.realtime_legacy": 720 * 3600}
    assert month.cost == 720 * 3600 * Decimal("0.000055555"), "about 144 dollars for 30 days"
    world.ask("personalize.UpdateCampaign", {"campaignArn": "c"}, campaignArn="c", minProvisionedTPS=5)
    world.hours(1)
    assert world.ask("personalize.DeleteCampaign", {}, campaignArn="c").units == {"personalize.realtime_legacy": 18_000}


def test_only_requests_beyond_what_the_campaign_provides_cost_besides(world: World) -> None:
    solution(world)
    world.ask("personalize.CreateCampaign", {"campaignArn": "c"}, solutionVersionArn="v", minProvisionedTPS=1)

    def ask() -> Decimal | None:
        return world.ask("personalize-runtime.GetRecommendations", {}, campaignArn="c", userId="u").cost

    assert [ask() for _ in range(300)] == [0] * 300, "1 TPS over five minutes"
    assert [ask(), ask()] == [Decimal("0.000055555")] * 2
    world.time.sleep(300)
    assert ask() == 0, "the next five minutes"


def test_a_v2_recipe_costs_by_the_request(world: World) -> None:
    solution(world, "aws-personalized-ranking-v2")
    assert world.ask("personalize.CreateCampaign", {"campaignArn": "c"}, solutionVersionArn="v") == NOTHING
    world.hours(9)
    told = {"campaign": {"campaignArn": "c", "solutionVersionArn": "v", "status": "ACTIVE"}}
    assert world.ask("personalize.DescribeCampaign", told, campaignArn="c") == NOTHING
    asked = {"campaignArn": "c", "userId": "u"}
    assert world.ask("personalize-runtime.GetPersonalizedRanking", **asked).cost == Decimal("0.00015")
    more = world.ask("personalize-runtime.GetPersonalizedRanking", metadataColumns={"ITEMS": ["A"]}, **asked)
    assert more.cost == Decimal("0.0001667"), "0.00015 + 0.0000167"


@pytest.mark.parametrize("version", ["v", "s/$LATEST"])
def test_a_campaign_is_known_from_descriptions(world: World, version: str) -> None:
    recipe = {"recipeArn": "arn:aws:personalize:::recipe/aws-sims", "solutionArn": "s"}
    world.ask("personalize.DescribeSolution", {"solution": recipe}, solutionArn="s")
    world.ask(
        "personalize.DescribeSolutionVersion",
        {"solutionVersion": {**recipe, "solutionVersionArn": "v", "status": "ACTIVE"}},
        solutionVersionArn="v",
    )
    told = {"campaign": {"campaignArn": "c", "solutionVersionArn": version, "minProvisionedTPS": 1, "status": "ACTIVE"}}
    assert world.ask("personalize.DescribeCampaign", told, campaignArn="c") == NOTHING
    assert world.ask("personalize-runtime.GetRecommendations", campaignArn="c") == NOTHING, "within what it provides"


def test_what_this_client_does_not_know_of_personalize_is_unpriced(world: World) -> None:
    assert world.ask("personalize-runtime.GetRecommendations", campaignArn="unknown") == UNPRICED
    assert world.ask("personalize-runtime.GetRecommendations", recommenderArn="r", userId="u") == UNPRICED
    assert world.ask("personalize.CreateCampaign", {"campaignArn": "c"}, solutionVersionArn="unknown") == UNPRICED
    recipe = "arn:aws:personalize:::recipe/aws-sims"
    assert world.ask("personalize.CreateSolution", {"solutionArn": "s"}, recipeArn=recipe) == UNPRICED, (
        "it trains by itself"
    )
    assert world.ask("personalize.UpdateSolution", {}, solutionArn="s", performAutoTraining=True) == UNPRICED
    assert world.ask("personalize.UpdateSolution", {}, solutionArn="s", performAutoTraining=False) == NOTHING


# All


def test_what_begins_to_cost_says_so(world: World) -> None:
    solution(world)

    def runs_on(name: str, **params: Any) -> tuple[Decimal | None, str] | None:
        service, operation = name.split(".")
        return world.meter.runs_on(Call(service, operation, params))

    assert runs_on("comprehend.CreateEndpoint", DesiredInferenceUnits=2) == (Decimal("3.6"), "DeleteEndpoint")
    assert runs_on("kendra.CreateIndex", Edition="DEVELOPER_EDITION") == (Decimal("1.125"), "DeleteIndex")
    assert runs_on("rekognition.StartProjectVersion", MinInferenceUnits=1) == (
        Decimal("4.0000002"),
        "StopProjectVersion",
    )
    assert runs_on("personalize.CreateCampaign", solutionVersionArn="v") == (Decimal("0.199998"), "DeleteCampaign")
    assert runs_on("personalize.CreateCampaign", solutionVersionArn="unknown") == (None, "DeleteCampaign")
    assert runs_on("comprehend.CreateEndpoint") == (None, "DeleteEndpoint"), "not AWS's shape"
    assert runs_on("comprehend.DeleteEndpoint", EndpointArn="e") is None
    assert runs_on("comprehend.DetectSentiment", Text="a") is None


@given(st.lists(st.tuples(st.floats(0, 50_000), st.sampled_from([0, 1, 7])), max_size=8))
def test_how_often_an_index_is_looked_at_does_not_matter(looks: list[tuple[float, int]]) -> None:
    world, hours = World(), Decimal(0)
    spent, at, rate = Decimal(0), 0, 1  # seconds times units of storage, by definition
    world.ask("kendra.CreateIndex", {"Id": "i"}, Edition="ENTERPRISE_EDITION")
    for seconds, units in looks:
        world.time.sleep(seconds)
        now = -int(-(world.time.at - T0).total_seconds() // 1)
        spent += (now - at) * (rate - 1)
        at, rate = now, 1 + units
        found = world.ask(
            "kendra.UpdateIndex", {}, Id="i", CapacityUnits={"StorageCapacityUnits": units, "QueryCapacityUnits": 0}
        )
        assert found.units is not None
        hours += found.units.get("kendra.enterprise_storage_unit", Decimal(0))
    assert abs(hours - spent / 3600) <= Decimal("5E-10"), "nine places, however often"
