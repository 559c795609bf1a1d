"""Amazon Personalize, kept: schemas, dataset groups and what belongs to them, solutions, campaigns, recommenders.

Kept of the real service: states, what must be deleted first, updates that show as `latest...Update`, the fixed lists
of recipes, algorithms and feature transformations. Nothing is trained: a solution version becomes ACTIVE without
metrics, automatic training makes none, and an update shows its new members at once. Metrics of solutions, jobs that
read or write files, events and recommendations are not answered here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from aiservices.api.model import load
from aiservices.call import Reply
from aiservices.errors import ServiceError

from .resources import Life, Resource
from .service import Service, stateful
from .store import Record

_PENDING, _BUSY = "CREATE PENDING", "CREATE IN_PROGRESS"
_QUICK = Life("status", ((_PENDING, 10), (_BUSY, 50), ("ACTIVE", 0)))
_SLOW = Life("status", ((_PENDING, 60), (_BUSY, 600), ("ACTIVE", 0)))
_TRAINING = Life(
    "status",
    ((_PENDING, 60), (_BUSY, 3600), ("ACTIVE", 0)),
    stopped=(("CREATE STOPPING", 60), ("CREATE STOPPED", 0)),
)
_TYPES = {"INTERACTIONS", "ITEMS", "USERS", "ACTIONS", "ACTION_INTERACTIONS"}
_FILTER = re.compile(r"(?is)\s*(INCLUDE|EXCLUDE)\s+(Item|User|Action)ID\s+WHERE\s+\S")
_METRICS = 10
"""Metrics of one metric attribution."""
_DATA = Path(__file__).parent / "data" / "personalize_recipes.json"
_AWS = "arn:aws:personalize:::"
_GROUP = {"datasetGroupArn": "DatasetGroup"}


@cache
def recipes() -> Mapping[str, Mapping[str, str]]:
    """AWS's recipes by their ARN."""
    rows = json.loads(_DATA.read_text("utf-8"))["recipes"]
    return {f"{_AWS}recipe/{row['name']}": row for row in rows}


def _kept(noun: str, **says: Any) -> Resource:
    """A row of a resource that its ARN names, and the ARN its own name."""
    kind = re.sub("(?<=[a-z])(?=[A-Z])", "-", noun).lower()
    id_ = f"{noun[0].lower()}{noun[1:]}Arn"
    return Resource(noun, id_, made="{arn}", **{"arn": f"{kind}/{{name}}", **says})


class Personalize(Service):
    """What Personalize keeps."""

    name = "personalize"
    resources = (
        _kept("Schema"),
        _kept("DatasetGroup", life=_QUICK, steady=True, quota=5),
        _kept(
            "Dataset",
            arn="dataset/{group}/{datasetType}",
            uses={**_GROUP, "schemaArn": "Schema"},
            life=_QUICK,
            steady=True,
        ),
        _kept("EventTracker", arn="event-tracker/{hex:.8}", uses=_GROUP, life=_QUICK, steady=True),
        _kept("Filter", parents=_GROUP, life=_QUICK, steady=True, quota=30),
        _kept("MetricAttribution", uses=_GROUP, life=_QUICK, steady=True),
        _kept(
            "Solution",
            uses=_GROUP,
            life=_QUICK,
            defaults={
                "performHPO": False,
                "performAutoML": False,
                "performAutoTraining": True,
                "performIncrementalUpdate": False,
            },
            steady=True,
            quota=20,
        ),
        _kept(
            "SolutionVersion",
            arn="solution/{solutionName}/{hex:.8}",
            parents={"solutionArn": "Solution"},
            life=_TRAINING,
            defaults={"trainingMode": "FULL", "trainingType": "MANUAL"},
            operations={"stop": "StopSolutionVersionCreation"},
        ),
        _kept(
            "Campaign",
            uses={"solutionVersionArn": "SolutionVersion"},
            life=_SLOW,
            defaults={"minProvisionedTPS": 1},
            steady=True,
            quota=5,
        ),
        _kept(
            "Recommender",
            uses=_GROUP,
            life=_SLOW,
            defaults={"recommenderConfig": {"minRecommendationRequestsPerSecond": 1}},
            steady=True,
            quota=5,
            operations={"stop": ""},
        ),
    )

    # Data.

    @stateful
    def create_schema(self, **request: Any) -> Reply:
        """A schema in Avro's JSON."""
        if not _is_record(request["schema"]):
            raise self._invalid(f"The schema of {len(request['schema'])} characters is not an Avro record with fields.")
        return self.keep("CreateSchema", request)

    @stateful
    def create_dataset(self, **request: Any) -> Reply:
        """A group has one dataset of each type."""
        kind = request["dataset_type"].upper()
        if kind not in _TYPES:
            raise self._invalid(f"The dataset type must be one of {', '.join(sorted(_TYPES))}.")
        group = self._group("CreateDataset", request)
        return self.keep("CreateDataset", request, datasetType=kind, group=group["members"]["name"])

    @stateful
    def update_dataset(self, **request: Any) -> Reply:
        """Another schema."""
        return self._changed("UpdateDataset", request, "latestDatasetUpdate")

    @stateful
    def describe_dataset(self, dataset_arn: str) -> Reply:
        """The dataset and its latest update."""
        return self._described("DescribeDataset", {"datasetArn": dataset_arn})

    @stateful
    def create_event_tracker(self, **request: Any) -> Reply:
        """A group has one event tracker."""
        with self.world.lock:
            self._check_only("EventTracker", request)
            tracking = {"trackingId": self.world.new_id(), "accountId": self.world.account}
            return self.keep("CreateEventTracker", request, **tracking)

    @stateful
    def create_filter(self, **request: Any) -> Reply:
        """A filter of items, users or actions."""
        if not _FILTER.match(request["filter_expression"]):
            raise self._invalid("A filter expression begins with INCLUDE or EXCLUDE ItemID, UserID or ActionID WHERE.")
        return self.keep("CreateFilter", request)

    @stateful
    def create_metric_attribution(self, **request: Any) -> Reply:
        """A group has one metric attribution."""
        with self.world.lock:
            self._check_only("MetricAttribution", request)
            self._check_metrics(request["metrics"])
            return self.keep("CreateMetricAttribution", request)

    @stateful
    def update_metric_attribution(self, **request: Any) -> Reply:
        """Metrics come and go; the place of the reports changes."""
        params = self.named("UpdateMetricAttribution", request)
        added, removed = params.pop("addMetrics", []), params.pop("removeMetrics", [])
        with self.world.lock:
            known = self.keepers["MetricAttribution"].named("UpdateMetricAttribution", params)["members"]["metrics"]
            if missing := {*removed} - {metric["metricName"] for metric in known}:
                raise self.error("ResourceNotFoundException", f"{len(missing)} of the metrics to remove do not exist.")
            metrics = [*(metric for metric in known if metric["metricName"] not in removed), *added]
            self._check_metrics(metrics)
            return self.kept["UpdateMetricAttribution"]({**params, "metrics": metrics})

    @stateful
    def list_metric_attribution_metrics(self, **request: Any) -> Reply:
        """The metrics of one attribution, or of all."""
        params = self.named("ListMetricAttributionMetrics", request)
        arn = params.get("metricAttributionArn")
        records = self.keepers["MetricAttribution"].all({"metricAttributionArn": arn} if arn else {})
        if arn and not records:
            raise self._invalid("The metric attribution that the request names does not exist.")
        metrics = [metric for record in records for metric in record["members"]["metrics"]]
        return self._listed("ListMetricAttributionMetrics", params, "metrics", metrics)

    # Models.

    @stateful
    def create_solution(self, **request: Any) -> Reply:
        """A solution needs a recipe, unless it looks for one itself."""
        if "recipe_arn" in request:
            self._recipe(request["recipe_arn"])
        elif not request.get("perform_auto_ml"):
            raise self._invalid("Give a recipeArn, or set performAutoML.")
        return self.keep("CreateSolution", request)

    @stateful
    def update_solution(self, **request: Any) -> Reply:
        """Training by itself, and its schedule."""
        return self._changed("UpdateSolution", request, "latestSolutionUpdate")

    @stateful
    def describe_solution(self, solution_arn: str) -> Reply:
        """The solution, its latest version and its latest update."""
        reply = self._described("DescribeSolution", {"solutionArn": solution_arn})
        versions = self.keepers["SolutionVersion"].all({"solutionArn": solution_arn})
        if versions:
            shown = self.kept["DescribeSolutionVersion"]({"solutionVersionArn": versions[-1]["arn"]})
            reply["solution"]["latestSolutionVersion"] = _summary(shown["solutionVersion"])
        return reply

    @stateful
    def create_solution_version(self, **request: Any) -> Reply:
        """A version trained as the solution is now."""
        params = self.named("CreateSolutionVersion", request)
        with self.world.lock:
            solution = self.keepers["Solution"].named("CreateSolutionVersion", params)["members"]
            shape = load(self.name).operations["DescribeSolutionVersion"].output
            names = shape.members["solutionVersion"].members if shape else {}
            taken = {name: solution[name] for name in names if name in solution and name != "name"}
            return self.kept["CreateSolutionVersion"]({**taken, "solutionName": solution["name"], **params})

    @stateful
    def create_campaign(self, **request: Any) -> Reply:
        """A campaign of a version that is trained."""
        arn = request["solution_version_arn"]
        return self.keep("CreateCampaign", request, solutionArn=self._trained("CreateCampaign", arn))

    @stateful
    def update_campaign(self, **request: Any) -> Reply:
        """Another version, or another capacity."""
        further = {}
        if arn := request.get("solution_version_arn"):
            further["solutionArn"] = self._trained("UpdateCampaign", arn)
        return self._changed("UpdateCampaign", request, "latestCampaignUpdate", **further)

    @stateful
    def describe_campaign(self, campaign_arn: str) -> Reply:
        """The campaign and its latest update."""
        return self._described("DescribeCampaign", {"campaignArn": campaign_arn})

    @stateful
    def create_recommender(self, **request: Any) -> Reply:
        """A recommender for a use case of the group's domain."""
        group = self._group("CreateRecommender", request)
        domain = group["members"].get("domain")
        if domain is None or self._recipe(request["recipe_arn"]).get("domain") != domain:
            raise self._invalid("A recommender needs a domain dataset group, and a recipe of the same domain.")
        return self.keep("CreateRecommender", request)

    @stateful
    def update_recommender(self, **request: Any) -> Reply:
        """Another configuration."""
        return self._changed("UpdateRecommender", request, "latestRecommenderUpdate")

    @stateful
    def describe_recommender(self, recommender_arn: str) -> Reply:
        """The recommender and its latest update."""
        return self._described("DescribeRecommender", {"recommenderArn": recommender_arn})

    @stateful
    def start_recommender(self, recommender_arn: str) -> Reply:
        """An inactive recommender becomes active."""
        steps = (("START PENDING", 10), ("START IN_PROGRESS", 300), ("ACTIVE", 0))
        return self._switched("StartRecommender", recommender_arn, "INACTIVE", steps)

    @stateful
    def stop_recommender(self, recommender_arn: str) -> Reply:
        """An active recommender becomes inactive."""
        steps = (("STOP PENDING", 10), ("STOP IN_PROGRESS", 60), ("INACTIVE", 0))
        return self._switched("StopRecommender", recommender_arn, "ACTIVE", steps)

    # AWS's own.

    @stateful
    def list_recipes(self, **request: Any) -> Reply:
        """AWS's recipes, of a domain if one is named."""
        params = self.named("ListRecipes", request)
        domain = params.get("domain")
        names = ("name", "domain")
        shown = [
            {**{name: row[name] for name in names if name in row}, "recipeArn": arn, "status": "ACTIVE"}
            for arn, row in recipes().items()
            if domain in (None, row.get("domain"))
        ]
        return self._listed("ListRecipes", params, "recipes", shown)

    @stateful
    def describe_recipe(self, recipe_arn: str) -> Reply:
        """A recipe and what it is made of."""
        row = self._recipe(recipe_arn)
        shown = {"name": row["name"], "recipeArn": recipe_arn, "status": "ACTIVE"}
        if "domain" not in row:
            shown |= {"recipeType": row["recipeType"], "algorithmArn": f"{_AWS}algorithm/{_algorithm(row)}"}
        if "featureTransformation" in row:
            shown["featureTransformationArn"] = f"{_AWS}feature-transformation/{row['featureTransformation']}"
        return {"recipe": shown}

    @stateful
    def describe_algorithm(self, algorithm_arn: str) -> Reply:
        """The algorithm of a recipe."""
        names = {_algorithm(row) for row in recipes().values() if "domain" not in row}
        return {"algorithm": {"name": self._own("algorithm", algorithm_arn, names), "algorithmArn": algorithm_arn}}

    @stateful
    def describe_feature_transformation(self, feature_transformation_arn: str) -> Reply:
        """What a recipe does to the data first."""
        names = {row["featureTransformation"] for row in recipes().values() if "featureTransformation" in row}
        name = self._own("feature-transformation", feature_transformation_arn, names)
        shown = {"name": name, "featureTransformationArn": feature_transformation_arn, "status": "ACTIVE"}
        return {"featureTransformation": shown}

    # What they share.

    def _invalid(self, message: str) -> ServiceError:
        return self.error("InvalidInputException", message)

    def _group(self, operation: str, request: Mapping[str, Any]) -> Record:
        return self.keepers["DatasetGroup"].named(operation, {"datasetGroupArn": request["dataset_group_arn"]})

    def _recipe(self, arn: str) -> Mapping[str, str]:
        if arn not in recipes():
            raise self.error("ResourceNotFoundException", "AWS has no recipe of this ARN; ListRecipes names them.")
        return recipes()[arn]

    def _own(self, kind: str, arn: str, names: set[str]) -> str:
        """The name in the ARN of something of AWS's."""
        name = arn.removeprefix(f"{_AWS}{kind}/")
        if name == arn or name not in names:
            raise self.error("ResourceNotFoundException", f"AWS has no {kind} of this ARN.")
        return name

    def _check_only(self, noun: str, request: Mapping[str, Any]) -> None:
        if self.keepers[noun].all({"datasetGroupArn": request["dataset_group_arn"]}):
            raise self.error("ResourceAlreadyExistsException", f"The dataset group has its {noun} already.")

    def _check_metrics(self, metrics: Sequence[Mapping[str, str]]) -> None:
        if len(metrics) > _METRICS:
            raise self._invalid(f"{len(metrics)} metrics, at most {_METRICS}")
        if len({metric["metricName"] for metric in metrics}) < len(metrics):
            raise self.error("ResourceAlreadyExistsException", "Two metrics have the same name.")

    def _listed(self, operation: str, params: Mapping[str, Any], member: str, items: Sequence[Any]) -> Reply:
        page, token = self.page(operation, params, items, params.get("maxResults") or 100)
        return {member: page} | ({"nextToken": token} if token else {})

    def _trained(self, operation: str, arn: str) -> str:
        """The solution of a version that is ready to be used."""
        version = self.keepers["SolutionVersion"].named(operation, {"solutionVersionArn": arn})
        status = self.keepers["SolutionVersion"].status(version)
        if status != "ACTIVE":
            raise self.error("ResourceInUseException", f"The solution version is {status}; wait until it is ACTIVE.")
        return str(version["members"]["solutionArn"])

    def _changed(self, operation: str, request: Mapping[str, Any], member: str, **further: Any) -> Reply:
        """An update, which shows beside the thing it changes."""
        now = self.world.clock.now()
        times = {"creationDateTime": now, "lastUpdatedDateTime": now}
        return self.keep(operation, request, **further, **{member: {**self.named(operation, request), **times}})

    def _described(self, operation: str, params: Mapping[str, Any]) -> Reply:
        """What the row shows, with the state of the latest update."""
        reply = self.kept[operation](params)
        for shown in reply.values():
            for update in _updates(shown):
                update["status"] = self._status(update["creationDateTime"])
        return reply

    def _status(self, since: datetime) -> str:
        if not self.world.clock.passed(since, 10):
            return _PENDING
        return "ACTIVE" if self.world.clock.passed(since, 310) else _BUSY

    def _switched(self, operation: str, arn: str, wanted: str, steps: tuple[tuple[str, float], ...]) -> Reply:
        keeper = self.keepers["Recommender"]
        with self.world.lock:
            record = keeper.named(operation, {"recommenderArn": arn})
            if (status := keeper.status(record)) != wanted:
                raise self.error("ResourceInUseException", f"The recommender is {status}, not {wanted}.")
            record["steps"], record["since"] = steps, self.world.clock.now()
        return {"recommenderArn": arn}


def _updates(shown: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (value for name, value in shown.items() if name.startswith("latest") and name.endswith("Update"))


def _algorithm(recipe: Mapping[str, str]) -> str:
    return recipe.get("algorithm", recipe["name"])


def _summary(version: Mapping[str, Any]) -> dict[str, Any]:
    """A solution version as lists show it."""
    output = load("personalize").operations["ListSolutionVersions"].output
    names = output.members["solutionVersions"].member.members if output else {}
    return {name: version[name] for name in names if name in version}


def _is_record(text: str) -> bool:
    """Whether it is an Avro schema of a record with fields."""
    try:
        schema = json.loads(text)
    except ValueError:
        return False
    return isinstance(schema, Mapping) and schema.get("type") == "record" and bool(schema.get("fields"))
