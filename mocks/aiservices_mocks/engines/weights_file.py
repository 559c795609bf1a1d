"""What training wrote, read once: JSON in the folder `weights`, compressed or plain."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable
from importlib.resources import files
from typing import Any, TypeVar, cast

T = TypeVar("T")

_made: dict[str, Any] = {}
_lock = threading.Lock()


def once(file: str, make: Callable[[Any], T]) -> T:
    """What `make` makes of a file's content; a file is read, and `make` called, when it is first asked for."""
    if file not in _made:
        with _lock:
            if file not in _made:
                _made[file] = make(_content(file))
    return cast(T, _made[file])


def forget(file: str) -> None:
    """Read the file anew when it is next asked for: training has just written it."""
    _made.pop(file, None)


def _content(file: str) -> Any:
    data = files("aiservices_mocks.engines").joinpath("weights", file).read_bytes()
    return json.loads(gzip.decompress(data) if file.endswith(".gz") else data)
