"""What is AWS's own in Personalize: recipes, algorithms, feature transformations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from aiservices.call import Reply
from aiservices_mocks.service import computed

from .asking import Asking

_DATA = Path(__file__).parents[1] / "data" / "personalize_recipes.json"
_AWS = "arn:aws:personalize:::"


class Use(NamedTuple):
    """What a recipe of a domain is for."""

    kind: str
    """The type of custom recipes that answers the same question."""
    event_type: str = ""
    """The events that it learns from; empty: all."""
    hides: str = ""
    """Items with such events of the user are left out by itself."""


_USES = {
    "aws-ecomm-customers-who-viewed-x-also-viewed": Use("RELATED_ITEMS", "View", hides="Purchase"),
    "aws-ecomm-frequently-bought-together": Use("RELATED_ITEMS", "Purchase"),
    "aws-ecomm-popular-items-by-purchases": Use("POPULAR_ITEMS", "Purchase"),
    "aws-ecomm-popular-items-by-views": Use("POPULAR_ITEMS", "View"),
    "aws-ecomm-recommended-for-you": Use("USER_PERSONALIZATION", hides="Purchase"),
    "aws-vod-because-you-watched-x": Use("RELATED_ITEMS", "Watch", hides="Watch"),
    "aws-vod-more-like-x": Use("RELATED_ITEMS", hides="Watch"),
    "aws-vod-most-popular": Use("POPULAR_ITEMS", "Watch"),
    "aws-vod-trending-now": Use("TRENDING_ITEMS", "Watch"),
    "aws-vod-top-picks": Use("USER_PERSONALIZATION", hides="Watch"),
    "aws-popularity-count": Use("POPULAR_ITEMS"),
    "aws-trending-now": Use("TRENDING_ITEMS"),
}


@cache
def recipes() -> Mapping[str, Mapping[str, str]]:
    """AWS's recipes by their ARN."""
    rows = json.loads(_DATA.read_text("utf-8"))["recipes"]
    return {f"{_AWS}recipe/{row['name']}": row for row in rows}


def use(recipe_arn: str | None) -> Use:
    """What a recipe is for; a solution that looks for a recipe itself finds one for persons."""
    row = recipes().get(recipe_arn or "", {})
    return _USES.get(row.get("name", "")) or Use(row.get("recipeType", "USER_PERSONALIZATION"))


class Recipes(Asking):
    """The operations that show them."""

    @computed
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
        return self.listed("ListRecipes", params, shown, "recipes")

    @computed
    def describe_recipe(self, recipe_arn: str) -> Reply:
        """A recipe and what it is made of."""
        row = self._recipe(recipe_arn)
        shown = {"name": row["name"], "recipeArn": recipe_arn, "status": "ACTIVE"}
        if "domain" not in row:
            shown |= {"recipeType": row["recipeType"], "algorithmArn": f"{_AWS}algorithm/{_algorithm(row)}"}
        if "featureTransformation" in row:
            shown["featureTransformationArn"] = f"{_AWS}feature-transformation/{row['featureTransformation']}"
        return {"recipe": shown}

    @computed
    def describe_algorithm(self, algorithm_arn: str) -> Reply:
        """The algorithm of a recipe."""
        names = {_algorithm(row) for row in recipes().values() if "domain" not in row}
        return {"algorithm": {"name": self._own("algorithm", algorithm_arn, names), "algorithmArn": algorithm_arn}}

    @computed
    def describe_feature_transformation(self, feature_transformation_arn: str) -> Reply:
        """What a recipe does to the data first."""
        names = {row["featureTransformation"] for row in recipes().values() if "featureTransformation" in row}
        name = self._own("feature-transformation", feature_transformation_arn, names)
        shown = {"name": name, "featureTransformationArn": feature_transformation_arn, "status": "ACTIVE"}
        return {"featureTransformation": shown}

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


def _algorithm(recipe: Mapping[str, str]) -> str:
    return recipe.get("algorithm", recipe["name"])
