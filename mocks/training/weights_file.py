"""Write weights so that the same content gives the same bytes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiservices_mocks.engines import weights_file

WEIGHTS = Path(__file__).parents[1] / "aiservices_mocks" / "engines" / "weights"


def write(name: str, content: Mapping[str, Any]) -> int:
    """Write a weights file, which is read anew from now on; returns its size in bytes."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    data = gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)
    (WEIGHTS / f"{name}.json.gz").write_bytes(data)
    weights_file.forget(f"{name}.json.gz")
    return len(data)
