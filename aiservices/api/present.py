"""The members of replies that AWS always sends: those that its models require, and those of `present.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

from .model import Shape


def present(shape: Shape, name: str = "") -> frozenset[str]:
    """The members of a structure that are always there, by AWS's name.

    name: of the type, when it is not the model's: `DetectSentimentResponse`.
    """
    return shape.required | _table().get((shape.service.name, name or shape.name), frozenset())


@cache
def _table() -> Mapping[tuple[str, str], frozenset[str]]:
    text = resources.files("aiservices.api").joinpath("present.json").read_text("utf-8")
    rows = json.loads(text)["rows"]
    return {(row["service"], row["type"]): frozenset(row["members"]) for row in rows}
