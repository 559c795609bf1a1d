"""Which operations are answered at once: a hop to a thread and back costs more than they do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..api.wire import Route

_QUICK = 0.001
"""Seconds."""
_SLOW = 0.01
_PROVEN = 3
SMALL = 1 << 14
"""Bytes of a body."""


class Quick:
    """Operations that a mock computes from the request alone, and that have lately been quick with small requests.

    One that is slow is worked on in a thread from then on, until it has been quick again several times.
    """

    def __init__(self) -> None:
        self._proven: dict[str, int] = {}

    def holds(self, route: Route | None, body: Any) -> bool:
        """Whether a call is expected to be quick."""
        if route is None or type(body) is not bytes or len(body) > SMALL:
            return False
        return self._proven.get(_name(route), 0) >= _PROVEN

    def learn(self, route: Route, reply: Mapping[str, Any], seconds: float) -> None:
        """Remember how long a call took."""
        if reply.get("ResponseMetadata", {}).get("AIServices", {}).get("fidelity") != "computed" or seconds > _SLOW:
            self._proven.pop(_name(route), None)
        elif seconds < _QUICK:
            self._proven[_name(route)] = self._proven.get(_name(route), 0) + 1


def _name(route: Route) -> str:
    return f"{route.operation.service.name}.{route.operation.name}"
