"""Which languages Translate knows, by name and in pairs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parents[1] / "data" / "translate_languages.json"
FORMAL = frozenset(("de", "es", "es-MX", "fr", "fr-CA", "hi", "it", "ja", "ko", "nl", "pt-PT"))
"""Targets in which a text can be formal or not.

Source: https://docs.aws.amazon.com/translate/latest/dg/customizing-translations-formality.html (2025-12).
"""


@cache
def languages() -> Mapping[str, Mapping[str, str]]:
    """Names of languages by the language they are said in and by their code."""
    names: Mapping[str, Mapping[str, str]] = json.loads(_DATA.read_text("utf-8"))["names"]
    return names


def codes() -> list[str]:
    """The codes of languages; `auto` is none."""
    return [code for code in languages()["en"] if code != "auto"]


def are_pair(source: str, target: str) -> bool:
    """Whether there is a translation from one into the other: every language has one into each, itself too."""
    return {source, target} <= {*codes()}
