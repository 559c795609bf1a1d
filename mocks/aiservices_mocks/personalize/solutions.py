"""Solutions and their versions, campaigns and recommenders of Personalize."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiservices.api.model import load
from aiservices.call import Reply
from aiservices_mocks.service import stateful

from .recipes import Recipes


class Solutions(Recipes):
    """What learns, and what answers from what was learned."""

    @stateful
    def create_solution(self, **request: Any) -> Reply:
        """A solution needs a recipe, unless it looks for one itself."""
        if arn := request.get("recipe_arn"):
            if "domain" in self._recipe(arn):
                raise self._invalid("The recipe is one of a domain; create a recommender, or name a custom recipe.")
        elif not request.get("perform_auto_ml"):
            raise self._invalid("Give a recipeArn, or set performAutoML.")
        return self.keep("CreateSolution", request)

    @stateful
    def update_solution(self, **request: Any) -> Reply:
        """Training by itself, and its schedule."""
        return self._changed("UpdateSolution", request, "latestSolutionUpdate")

    @stateful
    def delete_solution(self, solution_arn: str) -> Reply:
        """Forget a solution with its versions, unless one is in training."""
        named = {"solutionArn": solution_arn}
        with self.world.lock:
            self.keepers["Solution"].named("DeleteSolution", named)
            self._check_idle("SolutionVersion", named)
            return self.kept["DeleteSolution"](named)

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
    def get_solution_metrics(self, solution_version_arn: str) -> Reply:
        """How well a version finds what was hidden from it."""
        version = self._trained("GetSolutionMetrics", solution_version_arn)["members"]
        return {"solutionVersionArn": solution_version_arn, "metrics": dict(version["metrics"])}

    @stateful
    def create_campaign(self, **request: Any) -> Reply:
        """A campaign of a version that is trained."""
        version = self._trained("CreateCampaign", request["solution_version_arn"])
        return self.keep("CreateCampaign", request, solutionArn=version["members"]["solutionArn"])

    @stateful
    def update_campaign(self, **request: Any) -> Reply:
        """Another version, or another capacity."""
        further = {}
        if arn := request.get("solution_version_arn"):
            further["solutionArn"] = self._trained("UpdateCampaign", arn)["members"]["solutionArn"]
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

    def _switched(self, operation: str, arn: str, wanted: str, steps: tuple[tuple[str, float], ...]) -> Reply:
        keeper = self.keepers["Recommender"]
        with self.world.lock:
            record = keeper.named(operation, {"recommenderArn": arn})
            if (status := keeper.status(record)) != wanted:
                raise self.error("ResourceInUseException", f"The recommender is {status}, not {wanted}.")
            keeper.enter(record, *steps)
        return {"recommenderArn": arn}


def _summary(version: Mapping[str, Any]) -> dict[str, Any]:
    """A solution version as lists show it."""
    output = load("personalize").operations["ListSolutionVersions"].output
    names = output.members["solutionVersions"].member.members if output else {}
    return {name: version[name] for name in names if name in version}
