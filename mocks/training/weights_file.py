"""Write weights so that the same content gives the same bytes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).parents[1] / "aiservices_mocks" / "engines" / "weights"


def write(name: str, content: dict[str, Any]) -> int:
    """Write a weights file; returns its size in bytes."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    data = gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)
    (WEIGHTS / f"{name}.json.gz").write_bytes(data)
    return len(data)
