"""What changes a call: AWS, retries, recordings, and other backends around backends."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .aws import AWS
    from .recording import Recording
    from .replay import Replay
    from .retrying import Retrying

__all__ = ["AWS", "Recording", "Replay", "Retrying"]


def __getattr__(name: str) -> Any:
    """Each is opened when first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{name.lower()}", __name__), name)
    return value
