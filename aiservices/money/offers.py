"""Which usage types of AWS's bills and price lists belong to which price rows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


def rules() -> Mapping[str, Mapping[str, Any]]:
    """By offer code and price row: a list of usage types, or what the row is put together from."""
    offers: Mapping[str, Mapping[str, Any]] = _data()["offers"]
    return offers


def unit(dimension: str) -> str:
    """A word that AWS's name of the unit has; empty where nobody knows."""
    return str(_data()["units"].get(dimension, ""))


def without_region(usage_type: str) -> str:
    """`DetectSentiment` for `USE1-DetectSentiment`."""
    return _PREFIX.sub("", usage_type)


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(Path(__file__).with_name("offers.json").read_text("utf-8"))
    return data


_PREFIX = re.compile(r"^(?:[A-Z]{2,4}\d|EU)-")
