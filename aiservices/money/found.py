"""Finders: which Get, List and Describe calls tell what is up, product by product."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from ..call import Params, Reply
from .standing import Rates, campaign_rates, endpoint_rates, index_rates, model_rates, plan_rates

Send = Callable[[str, str, Params], Reply]


class Found(NamedTuple):
    """Something that is up."""

    kind: str
    name: str
    an_hour: Rates | None = None
    """Units an hour by price row."""
    a_month: Rates | None = None
    """Units a month by price row."""
    note: str = ""

    @property
    def is_unknown(self) -> bool:
        """Whether nobody knows what it costs."""
        return self.an_hour is None and self.a_month is None


def _endpoints(send: Send) -> Iterator[Found]:
    for one in _listed(send, "comprehend", "ListEndpoints", "EndpointPropertiesList"):
        if one["Status"] in ("CREATING", "IN_SERVICE", "UPDATING"):
            units = int(one.get("CurrentInferenceUnits") or one.get("DesiredInferenceUnits") or 1)
            yield Found("endpoint", one["EndpointArn"], endpoint_rates(units))


def _models(send: Send) -> Iterator[Found]:
    for what in ("DocumentClassifier", "EntityRecognizer"):
        for one in _listed(send, "comprehend", f"List{what}s", f"{what}PropertiesList"):
            if one["Status"] in ("TRAINED", "TRAINED_WITH_WARNING"):
                yield Found("stored model", one[f"{what}Arn"], a_month=_one("comprehend.custom_model_storage"))


def _indices(send: Send) -> Iterator[Found]:
    for one in _listed(send, "kendra", "ListIndices", "IndexConfigurationSummaryItems"):
        if one["Status"] in ("DELETING", "FAILED"):
            continue
        edition = one.get("Edition") or "ENTERPRISE_EDITION"
        told = send("kendra", "DescribeIndex", {"Id": one["Id"]})
        connectors = 0
        if edition == "GEN_AI_ENTERPRISE_EDITION":
            connectors = sum(1 for _ in _listed(send, "kendra", "ListDataSources", "SummaryItems", IndexId=one["Id"]))
        by_month = {"kendra.genai_connector": Decimal(connectors)} if connectors else None
        rates = index_rates(edition, told.get("CapacityUnits"))
        yield Found("index", one["Id"], rates, by_month, "" if rates else f"no price is known for {edition}")


def _plans(send: Send) -> Iterator[Found]:
    for one in _listed(send, "kendra-ranking", "ListRescoreExecutionPlans", "SummaryItems"):
        if one["Status"] not in ("DELETING", "FAILED"):
            told = send("kendra-ranking", "DescribeRescoreExecutionPlan", {"Id": one["Id"]})
            yield Found("rescore execution plan", one["Id"], plan_rates(told.get("CapacityUnits")))


def _campaigns(send: Send) -> Iterator[Found]:
    for one in _listed(send, "personalize", "ListCampaigns", "campaigns"):
        if one["status"] in ("CREATE FAILED", "DELETE IN_PROGRESS", "DELETE PENDING"):
            continue
        name = one["campaignArn"]
        told = send("personalize", "DescribeCampaign", {"campaignArn": name})["campaign"]
        if _recipe(send, told["solutionVersionArn"]).endswith("-v2"):
            yield Found("campaign", name, note="of a v2 recipe: AWS does not say what it costs while it is idle")
        else:
            yield Found("campaign", name, campaign_rates(max(int(told.get("minProvisionedTPS") or 1), 1)))


def _recipe(send: Send, version: str) -> str:
    """Of a solution version, also where a campaign follows the latest one."""
    if version.endswith("/$LATEST"):
        told = send("personalize", "DescribeSolution", {"solutionArn": version.removesuffix("/$LATEST")})["solution"]
    else:
        told = send("personalize", "DescribeSolutionVersion", {"solutionVersionArn": version})["solutionVersion"]
    return str(told.get("recipeArn") or "")


def _recommenders(send: Send) -> Iterator[Found]:
    for one in _listed(send, "personalize", "ListRecommenders", "recommenders"):
        if one["status"] in ("ACTIVE", "CREATE PENDING", "CREATE IN_PROGRESS"):
            yield Found("recommender", one["recommenderArn"], note="by the users of its data sets, which are not told")


def _custom_labels(send: Send) -> Iterator[Found]:
    for project in _listed(send, "rekognition", "DescribeProjects", "ProjectDescriptions"):
        versions = _listed(
            send, "rekognition", "DescribeProjectVersions", "ProjectVersionDescriptions",
            ProjectArn=project["ProjectArn"],
        )  # fmt: skip
        for one in versions:
            if one["Status"] in ("STARTING", "RUNNING"):
                least = int(one.get("MinInferenceUnits") or 1)
                most = int(one.get("MaxInferenceUnits") or least)
                note = f"of {least} inference units; scales up to {most}" if most > least else ""
                yield Found("running model", one["ProjectVersionArn"], model_rates(least), note=note)


def _collections(send: Send) -> Iterator[Found]:
    for name in _listed(send, "rekognition", "ListCollections", "CollectionIds"):
        told = send("rekognition", "DescribeCollection", {"CollectionId": name})
        kept = {
            "rekognition.face_storage": Decimal(int(told.get("FaceCount") or 0)),
            "rekognition.user_storage": Decimal(int(told.get("UserCount") or 0)),
        }
        if any(kept.values()):
            yield Found("collection", str(name), a_month={row: count for row, count in kept.items() if count})


def _streams(send: Send) -> Iterator[Found]:
    for one in _listed(send, "rekognition", "ListStreamProcessors", "StreamProcessors"):
        if one["Status"] in ("STARTING", "RUNNING", "UPDATING"):
            yield Found("stream processor", one["Name"], note="by the minutes of video that it processes")


def _fraud_models(send: Send) -> Iterator[Found]:
    for one in _listed(send, "frauddetector", "DescribeModelVersions", "modelVersionDetails"):
        if one["status"] == "ACTIVE":
            yield Found("deployed model", one["arn"], note="by compute hours, and no reply tells how many it takes")


def _repositories(send: Send) -> Iterator[Found]:
    for one in _listed(send, "codeguru-reviewer", "ListRepositoryAssociations", "RepositoryAssociationSummaries"):
        if one["State"] == "Associated":
            price = _one("codeguru.reviewer_first_100k")
            yield Found("repository", one["AssociationArn"], a_month=price, note="of 100,000 lines; more cost more")


FINDERS: tuple[tuple[str, str, Callable[[Send], Iterator[Found]]], ...] = (
    ("comprehend", "comprehend", _endpoints),
    ("comprehend", "comprehend", _models),
    ("personalize", "personalize", _campaigns),
    ("personalize", "personalize", _recommenders),
    ("rekognition", "rekognition", _custom_labels),
    ("rekognition", "rekognition", _collections),
    ("rekognition", "rekognition", _streams),
    ("kendra", "kendra", _indices),
    ("kendra", "kendra-ranking", _plans),
    ("fraud_detector", "frauddetector", _fraud_models),
    ("codeguru", "codeguru-reviewer", _repositories),
)
"""Product, service, and what finds things of one kind there."""


def _listed(send: Send, service: str, operation: str, member: str, **params: Any) -> Iterator[Any]:
    """The items of all pages."""
    seen: set[Any] = set()
    while True:
        reply = send(service, operation, params)
        yield from reply.get(member) or ()
        name = "NextToken" if "NextToken" in reply else "nextToken"
        token = reply.get(name)
        if not token or token in seen:
            return
        seen.add(token)
        params = {**params, name: token}


def _one(row: str) -> Mapping[str, Decimal]:
    return {row: Decimal(1)}
