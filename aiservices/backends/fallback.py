"""Two backends, of which the second answers what the first cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..call import Backend, Call, Clock, Reply, WallClock, note
from ..errors import AIServicesError, BreakerOpenError, ServiceError, ServiceFaultError, ThrottledError, TransportError
from .pure import chosen, is_pure

_FAILURES = (ServiceFaultError, ThrottledError, TransportError, BreakerOpenError)


class Fallback:
    """Sends a call to the second backend when the first has failed.

        AI(backend=Fallback("aws", "mock"))

    Only pure reads go there: calls whose answer follows from the request alone, as DetectSentiment's does. What makes,
    changes or looks up something, jobs and the reading of S3 objects among it, would find another world at the second.
    `AI` retries each backend by itself, so a retry never changes the backend, and takes names for them.

    on: the errors of the first after which the second is asked; an error of the second is raised with that of the
        first as its cause.
    operations: the only ones for which it is, such as `comprehend.DetectSentiment`; None is all pure reads.
    The reply notes the error's class and code as `fallback`.
    """

    def __init__(
        self,
        first: Backend | str,
        second: Backend | str,
        *,
        on: Iterable[type[AIServicesError]] = _FAILURES,
        operations: Iterable[str] | None = None,
    ) -> None:
        self.first = first
        self.second = second
        self._on = tuple(on)
        self._operations = chosen(operations)

    def over(self, arm: Callable[[Any], Backend]) -> Fallback:
        """The same over whole arms: what `arm` makes of each backend."""
        return Fallback(arm(self.first), arm(self.second), on=self._on, operations=self._operations)

    @property
    def clock(self) -> Clock:
        """The first backend's."""
        clock = getattr(self.first, "clock", None)
        return clock if isinstance(clock, Clock) else WallClock()

    @property
    def bucket(self) -> str | None:
        """Where the first backend stages files by itself."""
        return getattr(self.first, "bucket", None)

    def send(self, call: Call) -> Reply:
        """The first backend's reply, or the second's."""
        first, second = self._opened(self.first), self._opened(self.second)
        try:
            return first.send(call)
        except self._on as error:
            if call.name not in self._operations or not is_pure(call):
                raise
            failure = error
        try:
            reply = second.send(call)
        except AIServicesError as error:
            raise error from failure
        return note(reply, fallback=_reason(failure))

    def _opened(self, backend: Backend | str) -> Backend:
        if isinstance(backend, str):
            from ..errors import InvalidCallError

            raise InvalidCallError(f'"{backend}" is a name that only AI(backend=Fallback(...)) opens; give a backend')
        return backend

    def __repr__(self) -> str:
        return f"<Fallback {self.first!r}, then {self.second!r}>"


def _reason(error: AIServicesError) -> str:
    """What it is, without its words: they may quote what was sent."""
    return f"{type(error).__name__} {error.code}" if isinstance(error, ServiceError) else type(error).__name__
