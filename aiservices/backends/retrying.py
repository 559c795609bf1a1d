"""The one retry policy.

What helps is told by the error (`errors.json`); how often, how long and whether it is safe is decided here. The
first attempt goes straight through; tenacity drives the ones after it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ..call import SERVICES, Backend, Call, Clock, Event, Observer, Reply, WallClock, note, tell
from ..errors import AIServicesError, DeadlineExceededError, ServiceError, TransportError

if TYPE_CHECKING:
    from random import Random

    from tenacity import RetryCallState

Failure = ServiceError | TransportError

_BASE = {"throttle": 1.0, "transient": 0.05, "once": 0.05}
"""Seconds that the first wait is at most; it doubles with each retry."""
_CAP = 20.0
"""Seconds that a wait of ours is at most."""
_PATIENCE = 60.0
"""Seconds that the service may ask us to wait; a longer wish is the caller's to fulfil."""
_COST = {"throttle": 5, "transient": 14, "once": 14}
"""What a retry takes from the budget, as in AWS's SDKs."""


class RetryBudget:
    """Tokens that retries spend and successes give back, shared by calls: when most fail, retrying ends.

    capacity: tokens when full. A retry after throttling costs 5, any other 14; a success gives back what its last
        retry cost, at least 1.
    """

    def __init__(self, capacity: int = 500) -> None:
        self.capacity = capacity
        self.tokens = capacity
        self._lock = threading.Lock()

    def spend(self, cost: int) -> bool:
        """Take the tokens; False, and nothing taken, when there are not enough."""
        with self._lock:
            if cost > self.tokens:
                return False
            self.tokens -= cost
            return True

    def refund(self, cost: int) -> None:
        """Give tokens back, up to the capacity."""
        if self.tokens < self.capacity:
            with self._lock:
                self.tokens = min(self.capacity, self.tokens + cost)

    def __repr__(self) -> str:
        return f"<RetryBudget {self.tokens} of {self.capacity}>"


class Retrying:
    """Sends a call again when that helps and is safe.

    attempts: tries per call, the first one included.
    observers: are told one `attempt` event per try.
    clock: None is the backend's own, else the wall's. It gives the waits and the call's deadline their time.
    budget: shared with other policies; None makes a new one.
    seed: makes waits and idempotency tokens repeatable, for this policy alone: two of the same seed give the same
        tokens. None takes them from the backend's own `random`, as a mock has one, else from the system's randomness.

    Raises the last error, or DeadlineExceededError when there is no time left for another try.
    """

    def __init__(
        self,
        backend: Backend,
        attempts: int = 4,
        observers: Iterable[Observer] = (),
        clock: Clock | None = None,
        budget: RetryBudget | None = None,
        seed: int | None = None,
    ) -> None:
        self.backend = backend
        self.attempts = attempts
        self.observers = tuple(observers)
        own = getattr(backend, "clock", None)
        self.clock: Clock = clock or (own if isinstance(own, Clock) else WallClock())
        self.budget = budget or RetryBudget()
        self._seed = seed

    def send(self, call: Call) -> Reply:
        """The reply of the first attempt that has one; `attempts` is noted on it."""
        habits = habits_of(call.service, call.operation)
        if habits.token is not None and call.params.get(habits.token) is None:
            call = replace(call, params={**call.params, habits.token: self._new_token()})
        if call.deadline is not None or call.cancelled is not None:
            _refuse_late(call, self.clock)
        start = 0 if habits.body is None else _start(call.params.get(habits.body))
        begin = self.clock.monotonic()
        try:
            reply = self.backend.send(call)
        except (ServiceError, TransportError) as error:
            failure = error
        else:
            self.budget.refund(1)
            return self.succeeded(call, reply, begin, 1)
        return _Rounds(self, call, habits, start, failure, self.clock.monotonic() - begin).run()

    def succeeded(self, call: Call, reply: Reply, begin: float, attempts: int) -> Reply:
        """Note and tell that an attempt has a reply."""
        note(reply, attempts=attempts)
        if self.observers:
            tell(self.observers, Event("attempt", call, reply, None, self.clock.monotonic() - begin, attempts))
        return reply

    @cached_property
    def random(self) -> Random:
        """Where waits and tokens come from."""
        import random

        if self._seed is not None:
            return random.Random(self._seed)
        own = getattr(self.backend, "random", None)
        return own if isinstance(own, random.Random) else random.SystemRandom()

    def _new_token(self) -> str:
        from uuid import UUID

        return str(UUID(int=self.random.getrandbits(128), version=4))

    def __repr__(self) -> str:
        return f"<Retrying {self.backend!r} attempts={self.attempts}>"


class _Rounds:
    """The attempts of one call after its first has failed."""

    def __init__(
        self, policy: Retrying, call: Call, habits: Habits, start: int | None, failure: Failure, seconds: float
    ) -> None:
        self._policy = policy
        self._call = call
        self._habits = habits
        self._start = start
        self._failure = failure
        self._seconds = seconds
        self._attempts = 1
        self._untold = True
        self._replayed = False
        self._had_one_more = False
        self._spent = 1

    def run(self) -> Reply:
        try:
            return self._outcome()
        except AIServicesError as error:
            error.attempts = self._attempts
            raise
        finally:
            if self._untold:
                self._tell(None)

    def _outcome(self) -> Reply:
        try:
            if self._policy.attempts == 1 or not self._helps(self._failure):
                raise self._failure
            return self._again()
        except TransportError as error:
            # An attempt that the deadline cut off: the time is over, whatever it looked like on the wire.
            if _is_late(self._call, self._policy.clock):
                raise self._too_late() from error
            raise

    def _again(self) -> Reply:
        import tenacity

        loop = tenacity.Retrying(
            retry=tenacity.retry_if_exception(self._helps),
            wait=self._wait,
            stop=self._is_over,
            sleep=self._policy.clock.sleep,
            before_sleep=self._retrying,
            reraise=True,
        )
        return loop(self._attempt)

    def _attempt(self) -> Reply:
        if not self._replayed:
            # tenacity begins with an attempt; ours was made before it was loaded.
            self._replayed = True
            raise self._failure
        if self._is_cancelled():
            raise self._failure
        if _is_late(self._call, self._policy.clock):
            raise self._too_late() from self._failure
        self._rewind()
        self._attempts += 1
        begin = self._policy.clock.monotonic()
        try:
            reply = self._policy.backend.send(self._call)
        except (ServiceError, TransportError) as error:
            self._failure = error
            self._seconds = self._policy.clock.monotonic() - begin
            self._untold = True
            raise
        self._policy.budget.refund(self._spent)
        return self._policy.succeeded(self._call, reply, begin, self._attempts)

    def _helps(self, error: BaseException) -> bool:
        """Whether the same call may fare better, and may be sent again."""
        if not isinstance(error, ServiceError | TransportError) or self._is_cancelled():
            return False
        kind = _kind(error)
        if kind not in _BASE or (kind == "once" and self._had_one_more):
            return False
        if isinstance(error, ServiceError) and (error.retry_after or 0) > _PATIENCE:
            return False
        return self._start is not None and (self._habits.may_resend(self._call) or not _is_lost(error))

    def _wait(self, state: RetryCallState) -> float:
        """Full jitter below a ceiling that doubles; never less than the service asked for."""
        ceiling = min(_CAP, _BASE[_kind(self._failure)] * 2.0 ** (state.attempt_number - 1))
        wished = getattr(self._failure, "retry_after", None) or 0.0
        return max(self._policy.random.random() * ceiling, wished)

    def _is_over(self, state: RetryCallState) -> bool:
        if self._attempts >= self._policy.attempts:
            return True
        if _is_late(self._call, self._policy.clock, state.upcoming_sleep):
            raise self._too_late() from self._failure
        cost = _COST[_kind(self._failure)]
        if not self._policy.budget.spend(cost):
            return True
        self._spent = cost
        return False

    def _retrying(self, state: RetryCallState) -> None:
        self._had_one_more = self._had_one_more or _kind(self._failure) == "once"
        self._tell(state.upcoming_sleep)

    def _tell(self, retry_in: float | None) -> None:
        self._untold = False
        event = Event("attempt", self._call, None, self._failure, self._seconds, self._attempts, retry_in)
        tell(self._policy.observers, event)

    def _rewind(self) -> None:
        body = self._call.params.get(self._habits.body) if self._habits.body else None
        if body is not None and hasattr(body, "seek"):
            body.seek(self._start)

    def _is_cancelled(self) -> bool:
        return self._call.cancelled is not None and self._call.cancelled.is_set()

    def _too_late(self) -> DeadlineExceededError:
        tries = "1 attempt" if self._attempts == 1 else f"{self._attempts} attempts"
        return DeadlineExceededError(
            f"{self._call.name}: no time is left after {tries}; the last one failed with: {self._failure}"
        )


def _kind(error: Failure) -> str:
    return "transient" if isinstance(error, TransportError) else error.retry


def _is_lost(error: Failure) -> bool:
    """Whether the service may have done the work although we got no word of it.

    A 5xx whose body nobody could read (botocore makes a code of its number) comes from something between us and
    the service; only 503 says that the work was not begun.
    """
    if isinstance(error, TransportError):
        return error.sent
    return error.status >= 500 and error.status != 503 and error.code == str(error.status)


def _is_late(call: Call, clock: Clock, wait: float = 0.0) -> bool:
    return call.deadline is not None and clock.monotonic() + wait >= call.deadline


def _refuse_late(call: Call, clock: Clock) -> None:
    if call.cancelled is not None and call.cancelled.is_set():
        why = "nobody waits for it any more"
    elif _is_late(call, clock):
        why = "the deadline had passed before it began"
    else:
        return
    error = DeadlineExceededError(f"{call.name}: {why}; nothing was sent")
    error.attempts = 0
    raise error


def _start(body: Any) -> int | None:
    """Where a stream of the request begins, to send it again from there; None when it can be read only once."""
    if body is None or isinstance(body, bytes | bytearray | memoryview | str):
        return 0
    seekable = getattr(body, "seekable", None)
    if not hasattr(body, "seek") or (seekable is not None and not seekable()):
        return None
    return int(body.tell())


class Habits(NamedTuple):
    """What an operation's retries depend on, worked out once."""

    token: str | None
    """The member that makes a repeated request harmless."""
    reads: bool
    """It changes nothing."""
    body: str | None
    """The member that may be a stream."""

    def may_resend(self, call: Call) -> bool:
        """Whether the call does no harm when it is carried out twice."""
        # A human loop is started by what else only reads.
        return self.token is not None or (self.reads and "HumanLoopConfig" not in call.params)


_READS = re.compile(
    r"(?:Batch)?(?:Get|List|Describe|Detect|Search)(?=[A-Z])|Head(?=[A-Z])"
    r"|(?:Analyze|Classify|Compare|Contains|Query|Rescore|Retrieve|Synthesize|Translate)(?=[A-Z]|$)"
)
_READS_TOO = {("rekognition", "RecognizeCelebrities")}
_READS_NOT = {("frauddetector", "GetEventPrediction")}
"""Stores the event and its prediction."""
_TOKENS = ("ClientRequestToken", "ClientToken")


@cache
def habits_of(service: str, operation: str) -> Habits:
    """The habits of an operation, from its name and its model; of a service without model from its name."""
    name = (service, operation)
    reads = name in _READS_TOO or (name not in _READS_NOT and _READS.match(operation) is not None)
    if service not in SERVICES:
        return Habits(None, reads, "Body" if service == "s3" else None)
    from ..api.model import load

    model = load(service).operations.get(operation)
    if model is None or model.input is None:
        return Habits(None, reads, None)
    members = model.input.members
    # Textract's and Rekognition's Start operations have a token that their models do not mark.
    token = model.idempotency_token or next((member for member in _TOKENS if member in members), None)
    payload = model.input.payload
    body = payload if payload is not None and members[payload].type == "blob" else None
    return Habits(token, reads, body)
