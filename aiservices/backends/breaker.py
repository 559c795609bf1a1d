"""The circuit breaker: while a service is down it is not called, so that callers learn it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from ..call import SERVICES, Backend, Call, Clock, Event, Observer, Reply, WallClock, tell
from ..errors import (
    BreakerOpenError,
    DeadlineExceededError,
    InvalidCallError,
    ServiceError,
    ServiceFaultError,
    TransportError,
)

State = Literal["closed", "open", "half-open"]


@dataclass(slots=True)
class _Circuit:
    """What is known of one product."""

    state: State = "closed"
    failures: int = 0
    """In a row."""
    until: float = 0.0
    """When the next call may try whether it is back, in the clock's monotonic seconds."""


class Breaker:
    """Refuses the calls of a product for a while after several in a row failed because the service did.

    A failure is a ServiceFaultError, a TransportError, or a deadline that passed over one of them; throttling and
    errors of the request are answers of a service that is up. After the pause one call goes through: its answer lets
    the others follow, its failure begins another pause. Each product has a state of its own; other services, S3 among
    them, are let through.

    failures: in a row, after which calls are refused.
    pause: seconds until one call tries again.
    observers: are told one `breaker` event per change of state.
    clock: None is the backend's own, else the wall's.
    Raises BreakerOpenError for a call that is refused; nothing was sent.
    """

    def __init__(
        self,
        backend: Backend,
        failures: int = 5,
        pause: float = 30.0,
        observers: Iterable[Observer] = (),
        clock: Clock | None = None,
    ) -> None:
        if type(failures) is not int or failures < 1:
            raise InvalidCallError(f"failures={failures!r}: give a whole number of failed calls, 1 or more")
        if not isinstance(pause, int | float) or not pause > 0:
            raise InvalidCallError(f"pause={pause!r}: give seconds above 0")
        self.backend = backend
        self.failures = failures
        self.pause = pause
        self.observers = tuple(observers)
        own = getattr(backend, "clock", None)
        self.clock: Clock = clock or (own if isinstance(own, Clock) else WallClock())
        self._lock = Lock()
        self._circuits: dict[str, _Circuit] = {}

    def state(self, product: str) -> State:
        """Whether a product is called (`closed`), refused (`open`), or tried by one call just now (`half-open`)."""
        with self._lock:
            circuit = self._circuits.get(product)
            return circuit.state if circuit else "closed"

    def send(self, call: Call) -> Reply:
        """The backend's reply, unless its product is down."""
        tries = call.service in SERVICES and self._admit(call)
        try:
            reply = self.backend.send(call)
        except BaseException as error:
            if call.service in SERVICES:
                self._failed(call, error, tries)
            raise
        self._is_up(call)
        return reply

    def _admit(self, call: Call) -> bool:
        """Whether the call is the one that tries if the service is back; raises while it is taken to be down."""
        circuit = self._circuits.get(call.product)
        if circuit is None or not circuit.failures:  # nearly every call
            return False
        with self._lock:
            if circuit.state == "closed":
                return False
            left = circuit.until - self.clock.monotonic()
            if circuit.state == "half-open" or left > 0:
                raise BreakerOpenError(call.product, circuit.failures, max(left, 0.0))
            circuit.state = "half-open"
        self._tell(call, "half-open")
        return True

    def _is_up(self, call: Call) -> None:
        circuit = self._circuits.get(call.product)
        if circuit is None or not circuit.failures:
            return
        with self._lock:
            changed = circuit.state != "closed"
            circuit.state, circuit.failures = "closed", 0
        if changed:
            self._tell(call, "closed")

    def _failed(self, call: Call, error: BaseException, tries: bool) -> None:
        if isinstance(error, ServiceFaultError | TransportError) or _ran_out(error):
            self._is_down(call, error)
        elif isinstance(error, ServiceError):
            self._is_up(call)  # it has answered
        elif tries:  # it ended before it told anything: the next call tries
            with self._lock:
                self._circuits[call.product].state = "open"

    def _is_down(self, call: Call, error: BaseException) -> None:
        with self._lock:
            circuit = self._circuits.setdefault(call.product, _Circuit())
            circuit.failures += 1
            opens = circuit.state == "half-open" or (circuit.state == "closed" and circuit.failures >= self.failures)
            if opens:
                circuit.state, circuit.until = "open", self.clock.monotonic() + self.pause
        if opens:
            self._tell(call, "open", error)

    def _tell(self, call: Call, state: State, error: BaseException | None = None) -> None:
        tell(self.observers, Event("breaker", call, None, error, 0.0, 0, state=state))

    def __repr__(self) -> str:
        return f"<Breaker {self.backend!r} failures={self.failures} pause={self.pause}>"


def _ran_out(error: BaseException) -> bool:
    """Whether the time was over while the service failed."""
    return isinstance(error, DeadlineExceededError) and isinstance(error.__cause__, ServiceFaultError | TransportError)
