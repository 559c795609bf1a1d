"""A local mock of the twelve products that computes its answers: `Mock()` is a backend, and a world of its own."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .backend import Mock
    from .boto3_bridge import mock_ai
    from .clock import Clock

__all__ = ["Clock", "Mock", "mock_ai"]

_HOMES = {"Clock": ".clock", "Mock": ".backend", "mock_ai": ".boto3_bridge"}


def __getattr__(name: str) -> Any:
    """Opened when first asked for: pytest imports this package for its plugin, in suites that never use it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name], __name__), name)
    return value
