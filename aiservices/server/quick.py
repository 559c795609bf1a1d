"""Which operations are answered at once: a hop to a thread and back costs more than they do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..api.model import Operation
from ..api.wire import Route

_QUICK = 0.001
"""Seconds of this thread's own work: on a busy machine a clock on the wall tells of others' work too."""
_SLOW = 0.01
_WAITED = 0.5
"""Seconds beyond its own work: what it did was wait."""
_PROVEN = 3
SMALL = 1 << 14
"""Bytes of a body."""


class Quick:
    """Operations that a mock computes from the request alone, and that have lately been quick with small requests.

    One that is slow is worked on in a thread from then on, until it has been quick again several times.
    """

    def __init__(self) -> None:
        self._proven: dict[Operation, int] = {}

    def holds(self, route: Route | None, body: Any) -> bool:
        """Whether a call is expected to be quick."""
        if route is None or type(body) is not bytes or len(body) > SMALL:
            return False
        return self._proven.get(route.operation, 0) >= _PROVEN

    def learn(self, route: Route, reply: Mapping[str, Any], worked: float, passed: float) -> None:
        """Remember how long a call took: seconds of work, and seconds that passed."""
        computed = reply.get("ResponseMetadata", {}).get("AIServices", {}).get("fidelity") == "computed"
        if not computed or worked > _SLOW or passed - worked > _WAITED:
            self._proven.pop(route.operation, None)
        elif worked < _QUICK:
            self._proven[route.operation] = self._proven.get(route.operation, 0) + 1
