"""A local mock of the twelve products that computes its answers: `Mock()` is a backend, and a world of its own."""

from .backend import Mock
from .boto3_bridge import mock_ai
from .clock import Clock

__all__ = ["Clock", "Mock", "mock_ai"]
