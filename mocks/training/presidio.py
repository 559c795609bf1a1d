"""Presidio's synthetic documents: microsoft/presidio-research @ 7622dec1e5f7, MIT."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def records(data: Path) -> list[dict[str, Any]]:
    """The documents as they stand: full_text, spans, template_id."""
    path = data / "presidio-research" / "data" / "synth_dataset_v2.json"
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return found
