"""Requests to campaigns of Personalize: what a campaign provides is billed by time, what goes beyond it by request."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from threading import Lock
from typing import Any

from ..call import Call, Clock, Reply
from .units import Units
from .usage import keep

REQUESTS: frozenset[tuple[str, str]] = frozenset(
    ("personalize-runtime", name)
    for name in ("GetActionRecommendations", "GetPersonalizedRanking", "GetRecommendations")
)
"""The calls that ask a campaign."""
OPERATIONS: frozenset[tuple[str, str]] = REQUESTS | {
    ("personalize", name)
    for name in (
        "CreateSolution", "UpdateSolution", "DescribeSolution", "CreateSolutionVersion", "DescribeSolutionVersion",
        "CreateCampaign", "UpdateCampaign", "DescribeCampaign",
    )
}  # fmt: skip
"""These, and the calls that tell which recipe a campaign follows and how much it provides."""

_WINDOW = 300
"""Seconds over which AWS averages the requests to a campaign. Source: `personalize` in prices.json."""


class Campaigns:
    """Knows the recipes of the solutions and campaigns that this client has seen. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._recipes: dict[str, str] = {}
        """By solution and by solution version."""
        self._solutions: dict[str, tuple[str, int]] = {}
        """The solution version and the provisioned TPS, by campaign."""
        self._asked: dict[str, tuple[int, int]] = {}
        """The window and the requests in it, by campaign."""

    def units(self, call: Call, reply: Reply) -> Units | None:
        """What a call adds to the bill by itself; the time of a campaign is counted elsewhere."""
        if call.service == "personalize-runtime":
            return self._request(call)
        with self._lock:
            self._learn(call, reply)
        if call.operation in ("CreateSolution", "UpdateSolution"):
            # A solution trains by itself unless told not to.
            return {} if call.params.get("performAutoTraining") is False else None
        return {}

    def provision(self, params: Mapping[str, Any]) -> tuple[bool, int] | None:
        """Whether a campaign follows a v2 recipe, and its TPS; None when the recipe is not known.

        params: as CreateCampaign takes them, or as DescribeCampaign tells them.
        """
        with self._lock:
            recipe = self._recipe(params["solutionVersionArn"])
        return None if recipe is None else (recipe.endswith("-v2"), max(int(params.get("minProvisionedTPS") or 1), 1))

    def _request(self, call: Call) -> Units | None:
        name = call.params.get("campaignArn")
        with self._lock:
            version, tps = self._solutions.get(str(name), ("", 1))
            recipe = self._recipe(version)
            if recipe is None:
                return None
            units: Units = {}
            if recipe.endswith("-v2"):
                units["personalize.realtime_v2"] = Decimal(1)
            elif self._is_beyond(str(name), tps):
                units["personalize.realtime_legacy"] = Decimal(1)
        if call.params.get("metadataColumns"):
            units["personalize.realtime_metadata"] = Decimal(1)
        return units

    def _is_beyond(self, campaign: str, tps: int) -> bool:
        """Whether the request is one more than the campaign provides in these five minutes."""
        now = int(self._clock.now().timestamp()) // _WINDOW
        window, asked = self._asked.get(campaign, (now, 0))
        asked = asked + 1 if window == now else 1
        keep(self._asked, campaign, (now, asked))
        return asked > tps * _WINDOW

    def _recipe(self, version: str) -> str | None:
        return self._recipes.get(version.removesuffix("/$LATEST"))

    def _learn(self, call: Call, reply: Reply) -> None:
        params = call.params
        match call.operation:
            case "CreateSolution" if params.get("recipeArn"):
                keep(self._recipes, reply["solutionArn"], params["recipeArn"])
            case "DescribeSolution" | "DescribeSolutionVersion":
                told = reply["solution" if call.operation == "DescribeSolution" else "solutionVersion"]
                if told.get("recipeArn"):
                    keep(self._recipes, told.get("solutionVersionArn") or told["solutionArn"], told["recipeArn"])
            case "CreateSolutionVersion" if params["solutionArn"] in self._recipes:
                keep(self._recipes, reply["solutionVersionArn"], self._recipes[params["solutionArn"]])
            case "CreateCampaign":
                self._provide(reply["campaignArn"], params)
            case "UpdateCampaign":
                self._provide(params["campaignArn"], params)
            case "DescribeCampaign":
                self._provide(reply["campaign"]["campaignArn"], reply["campaign"])

    def _provide(self, campaign: str, told: Mapping[str, Any]) -> None:
        version, tps = self._solutions.get(campaign, ("", 1))
        new = (told.get("solutionVersionArn") or version, max(int(told.get("minProvisionedTPS") or tps), 1))
        keep(self._solutions, campaign, new)
