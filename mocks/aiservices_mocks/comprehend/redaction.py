"""Texts without the personal data that is in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiservices_mocks import engines

MASK = "*"


def redact(text: str, code: str, config: Mapping[str, Any]) -> str:
    """The text with its personal data masked sign by sign, or with the data's type in its place.

    config: a RedactionConfig; types that it does not name stay.
    """
    types = config["PiiEntityTypes"]
    parts, at = [], 0
    for one in engines.pii.find(text, code):
        if "ALL" not in types and one.type not in types:
            continue
        parts += [text[at : one.begin], _instead(one.text, one.type, config)]
        at = one.end
    return "".join([*parts, text[at:]])


def _instead(text: str, kind: str, config: Mapping[str, Any]) -> str:
    if config.get("MaskMode", "MASK") == "MASK":
        return str(config.get("MaskCharacter", MASK)) * len(text)
    return f"[{kind}]"
