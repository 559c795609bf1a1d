"""What changes a call: AWS, retries, recordings, and other backends around backends."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .aws import AWS
    from .breaker import Breaker
    from .budgeted import Budgeted
    from .cached import Cache, Cached
    from .fallback import Fallback
    from .limited import Limited
    from .limits import Limits
    from .recording import Recording
    from .replay import Replay
    from .retrying import Retrying

__all__ = [
    "AWS",
    "Breaker",
    "Budgeted",
    "Cache",
    "Cached",
    "Fallback",
    "Limited",
    "Limits",
    "Recording",
    "Replay",
    "Retrying",
]


def __getattr__(name: str) -> Any:
    """Each is opened when first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "cached" if name == "Cache" else name.lower()
    value = globals()[name] = getattr(import_module(f".{module}", __name__), name)
    return value
