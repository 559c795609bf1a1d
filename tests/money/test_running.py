"""What is up, found by List and Describe calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from aiservices_mocks import Mock

from aiservices import AI
from aiservices.call import PRODUCTS, Reply
from aiservices.errors import InvalidCallError, TransportError, service_error
from aiservices.money import PriceBook
from aiservices.money.running import Running, running
from aiservices.observers import Costs

BOOK = PriceBook()
ROLE = "arn:aws:iam::123456789012:role/service"


class Account:
    """Answers List and Describe calls from a table; what it does not have is empty."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, service: str, operation: str, params: Mapping[str, Any]) -> Reply:
        self.asked.append(f"{service}.{operation}")
        answer = self.answers.get(operation, {})
        if isinstance(answer, Exception):
            raise answer
        found: Reply = answer(params) if callable(answer) else answer
        return found


def up(*products: str, **answers: Any) -> Running:
    return running(Account(**answers), BOOK, products or PRODUCTS)


def test_nothing_runs() -> None:
    nothing = up()
    assert list(nothing) == []
    assert (nothing.dollars_an_hour, nothing.dollars_a_month) == (0, 0)
    assert repr(nothing) == "<Running 0 things: $0.0000 an hour>"


def test_endpoints_of_all_pages() -> None:
    def endpoints(params: Mapping[str, Any]) -> Reply:
        name, status = ("a", "IN_SERVICE") if "NextToken" not in params else ("b", "DELETING")
        told = {"EndpointArn": name, "Status": status, "CurrentInferenceUnits": 2}
        return {"EndpointPropertiesList": [told], **({} if "NextToken" in params else {"NextToken": "t"})}

    (item,) = up(ListEndpoints=endpoints)
    assert (item.product, item.kind, item.name) == ("comprehend", "endpoint", "a")
    assert item.dollars_an_hour == Decimal("3.6"), "2 x 3,600 x 0.0005"
    assert item.dollars_a_month == Decimal(2_628), "730 hours"


def test_indices_with_their_units_and_connectors() -> None:
    editions = {
        "i": "ENTERPRISE_EDITION",
        "g": "GEN_AI_ENTERPRISE_EDITION",
        "n": "NOVEL_EDITION",
        "d": "DEVELOPER_EDITION",
    }
    listed = [
        {"Id": key, "Edition": value, "Status": "DELETING" if key == "d" else "ACTIVE"}
        for key, value in editions.items()
    ]
    found = up(
        "kendra",
        ListIndices={"IndexConfigurationSummaryItems": listed},
        DescribeIndex=lambda params: {"CapacityUnits": {"StorageCapacityUnits": 1 if params["Id"] == "i" else 0, "QueryCapacityUnits": 0}},
        ListDataSources={"SummaryItems": [{"Id": "1"}, {"Id": "2"}]},
    )  # fmt: skip
    assert [(item.name, item.dollars_an_hour, item.dollars_a_month) for item in found] == [
        ("i", Decimal("2.10"), Decimal("1533.00")),  # (1.40 + 0.70) x 730
        ("g", Decimal("0.402191781"), Decimal("293.60")),  # 0.32 x 730 + 2 x 30
        ("n", None, None),
    ]
    assert [item.note for item in found.unpriced] == ["no price is known for NOVEL_EDITION"]


def test_campaigns_by_their_recipe() -> None:
    campaigns = [{"campaignArn": name, "status": "ACTIVE"} for name in ("old", "new", "latest")]
    versions = {"old": "v-old", "new": "v-new", "latest": "s/$LATEST"}
    found = up(
        "personalize",
        ListCampaigns={"campaigns": campaigns},
        DescribeCampaign=lambda params: {"campaign": {"solutionVersionArn": versions[params["campaignArn"]], "minProvisionedTPS": 2}},
        DescribeSolutionVersion=lambda params: {"solutionVersion": {"recipeArn": "recipe/aws-x" + ("-v2" if "new" in params["solutionVersionArn"] else "")}},
        DescribeSolution={"solution": {"recipeArn": "recipe/aws-sims"}},
        ListRecommenders={"recommenders": [{"recommenderArn": "r", "status": "ACTIVE"}]},
    )  # fmt: skip
    hour = 7_200 * Decimal("0.000055555")
    assert {item.name: item.dollars_an_hour for item in found} == {"old": hour, "latest": hour, "new": None, "r": None}


def test_models_faces_and_streams_of_rekognition() -> None:
    found = up(
        "rekognition",
        DescribeProjects={"ProjectDescriptions": [{"ProjectArn": "p"}]},
        DescribeProjectVersions={
            "ProjectVersionDescriptions": [
                {"ProjectVersionArn": "m", "Status": "RUNNING", "MinInferenceUnits": 1, "MaxInferenceUnits": 3},
                {"ProjectVersionArn": "x", "Status": "STOPPED"},
            ]
        },
        ListCollections={"CollectionIds": ["staff", "empty"]},
        DescribeCollection=lambda params: {"FaceCount": 1_000_000 if params["CollectionId"] == "staff" else 0, "UserCount": 0},
        ListStreamProcessors={"StreamProcessors": [{"Name": "s", "Status": "RUNNING"}, {"Name": "t", "Status": "STOPPED"}]},
    )  # fmt: skip
    told = {item.name: item for item in found}
    assert told.keys() == {"m", "staff", "s"}
    assert told["m"].dollars_an_hour == Decimal("4.0000002")
    assert told["m"].note == "of 1 inference units; scales up to 3"
    assert told["staff"].dollars_a_month == 10, "1,000,000 x 0.00001"
    assert told["s"].dollars_an_hour is None


def test_the_rest() -> None:
    found = up(
        ListDocumentClassifiers={"DocumentClassifierPropertiesList": [{"DocumentClassifierArn": "c", "Status": "TRAINED"}]},
        ListRescoreExecutionPlans={"SummaryItems": [{"Id": "p", "Status": "ACTIVE"}]},
        DescribeRescoreExecutionPlan={"CapacityUnits": {"RescoreCapacityUnits": 2}},
        DescribeModelVersions={"modelVersionDetails": [{"arn": "f", "status": "ACTIVE"}, {"arn": "g", "status": "INACTIVE"}]},
        ListRepositoryAssociations={"RepositoryAssociationSummaries": [{"AssociationArn": "a", "State": "Associated"}]},
    )  # fmt: skip
    assert {(item.product, item.kind): item.dollars_a_month for item in found} == {
        ("kendra", "rescore execution plan"): Decimal("107.31"),  # (0.14 + 2 x 0.0035) x 730
        ("codeguru", "repository"): 10,
        ("comprehend", "stored model"): Decimal("0.50"),
        ("fraud_detector", "deployed model"): None,
    }
    assert found.dollars_a_month == Decimal("117.81")


def test_a_service_that_refuses_is_named_and_the_others_are_asked() -> None:
    found = up(
        ListIndices=service_error("kendra", "ListIndices", "AccessDeniedException", "no"),
        ListCampaigns=TransportError("lost"),
        ListRepositoryAssociations={"RepositoryAssociationSummaries": [{"AssociationArn": "a", "State": "Associated"}]},
    )
    assert found.unlisted == {"personalize": "TransportError", "kendra": "AccessDeniedException"}
    assert len(found) == 1
    assert "kendra could not be asked: AccessDeniedException" in str(found)
    assert "kendra could not be asked" in found._repr_html_()


def test_a_table_shows_the_dearest_first() -> None:
    endpoints = [
        {"EndpointArn": f"e{units}", "Status": "IN_SERVICE", "CurrentInferenceUnits": units} for units in (1, 3)
    ]
    found = up("comprehend", ListEndpoints={"EndpointPropertiesList": endpoints})
    lines = str(found).splitlines()
    assert [line.split()[2] for line in lines[1:3]] == ["e3", "e1"]
    assert lines[3].split() == ["total", "7.2000", "5,256.0000"]
    assert (found[0].name, found[-1].name) == ("e3", "e1")
    assert "<td>e3</td>" in found._repr_html_()


# Through a client


@pytest.fixture
def ai() -> Iterator[AI]:
    with AI(backend=Mock()) as client:
        yield client


def test_a_client_tells_what_runs_also_what_another_one_made(ai: AI) -> None:
    assert list(ai.costs.running()) == []
    index = ai.kendra.create_index(name="docs", role_arn=ROLE, edition="DEVELOPER_EDITION")
    assert index.meta.dollars_an_hour == Decimal("1.125")
    ai.kendra.ranking.create_rescore_execution_plan(name="plan")
    found = ai.costs.running()
    assert [(item.kind, item.dollars_an_hour) for item in found] == [
        ("index", Decimal("1.125")), ("rescore execution plan", Decimal("0.14")),
    ]  # fmt: skip
    with AI(backend=ai._routes["*"]) as other:
        assert len(other.costs.running()) == 2
    ai.kendra.delete_index(id=index.id)
    assert [item.kind for item in ai.costs.running() if item.name == index.id] == []


def test_only_the_products_that_have_a_backend_are_asked() -> None:
    with AI(backend={"polly": Mock()}) as ai:
        assert list(ai.costs.running()) == []
        assert ai.costs.calls == 0


def test_costs_without_a_client_cannot_tell() -> None:
    with pytest.raises(InvalidCallError, match=r"ai\.costs\.running"):
        Costs().running()
