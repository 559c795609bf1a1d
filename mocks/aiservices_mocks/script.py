"""What a test tells a mock to do instead: fail, answer something else, lose a response, take its time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any

from aiservices.api.model import load
from aiservices.call import Call, Reply, Stream
from aiservices.errors import InvalidCallError, TransportError, classify, nearest, service_error

from .calls import Wanted, fits
from .clock import Clock
from .replies import check_reply

Handle = Callable[[Mapping[str, Any]], Reply]
Act = Callable[[Call, Mapping[str, Any], Handle], Reply]

_TICK = 1e-6
"""Seconds; the least that a clock moves."""


class _Step:
    """One thing to do, so many times; without end when `left` is None. It happens to a share of the calls."""

    __slots__ = ("act", "left", "rate")

    def __init__(self, act: Act, times: int | None, rate: float = 1) -> None:
        if times is not None and times < 1:
            raise InvalidCallError(f"times={times}: say how often it happens, at least 1, or None for always")
        if not 0 < rate <= 1:
            raise InvalidCallError(f"rate={rate}: say which share of the calls it happens to, above 0 and at most 1")
        self.act = act
        self.left = times
        self.rate = rate


class Rule:
    """What happens to the calls that a rule covers, step by step in the order it was told.

    `mock.on("comprehend.DetectSentiment", Text="boom").fails("TooManyRequestsException", times=2)`: the first two
    such calls fail, later ones are answered as usual. Rules made later are asked first.
    """

    def __init__(
        self,
        what: str,
        members: Mapping[str, Any],
        predicate: Callable[[Mapping[str, Any]], Any] | None,
        clock: Clock,
        random: Random,
    ) -> None:
        self._wanted = Wanted(what)
        self._members = dict(members)
        self._predicate = predicate
        self._clock = clock
        self._random = random
        self._steps: list[_Step] = []
        self.used = 0
        """How many calls it has answered."""
        self._check_members()

    def __repr__(self) -> str:
        names = "".join(f", {name}=..." for name in self._members)
        return f"<Rule {self._wanted.what}{names}: used {self.used} times>"

    def fails(
        self,
        code: str | Exception,
        times: int | None = None,
        message: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        rate: float = 1,
    ) -> Rule:
        """Fail with AWS's code, or with an exception of your own; nothing else happens.

        times: how often; None for always. retry_after: seconds that the service asks to wait.
        rate: the share of the calls that fail, drawn from the mock's seed; the others are answered as usual.
        """

        def fail(call: Call, params: Mapping[str, Any], handle: Handle) -> Reply:
            if isinstance(code, Exception):
                raise code.with_traceback(None)
            known = status
            if known is None and call.service != "s3":
                known = load(call.service).error_status(code)
                known = known if known != 400 else None
            raise service_error(call.service, call.operation, code, message, status=known, retry_after=retry_after)

        return self._then(fail, times, rate)

    def throttles(self, times: int | None = None, rate: float = 1, retry_after: float | None = None) -> Rule:
        """Fail as the service does when it is asked too often, with its own code."""

        def throttle(call: Call, params: Mapping[str, Any], handle: Handle) -> Reply:
            code = throttling_code(call)
            raise service_error(call.service, call.operation, code, "Rate exceeded", retry_after=retry_after)

        return self._then(throttle, times, rate)

    def returns_each(self, replies: Iterable[Mapping[str, Any]]) -> Rule:
        """Answer each of these once, in order; see `returns`."""
        for reply in replies:
            self.returns(reply, times=1)
        return self

    def returns(self, reply: Mapping[str, Any], times: int | None = None) -> Rule:
        """Answer this, in AWS's names. What the model does not know raises InvalidCallError at once.

        Members may be missing; bytes stand for a stream.
        """
        self._check_reply(reply)
        return self._then(lambda call, params, handle: _fresh(call, reply), times)

    def calls(self, function: Callable[[Mapping[str, Any]], Mapping[str, Any]], times: int | None = None) -> Rule:
        """Answer what a function makes of the request's members."""

        def ask(call: Call, params: Mapping[str, Any], handle: Handle) -> Reply:
            reply = function(params)
            self._check_reply(reply, call)
            return _fresh(call, reply)

        return self._then(ask, times)

    def loses_request(self, times: int | None = 1, rate: float = 1) -> Rule:
        """Lose the connection before the call takes effect, which nobody can tell: TransportError with `sent` true."""

        def lose(call: Call, params: Mapping[str, Any], handle: Handle) -> Reply:
            raise TransportError(f"{call.name}: the connection was lost before the answer came", sent=True)

        return self._then(lose, times, rate)

    def loses_response(self, times: int | None = 1, rate: float = 1) -> Rule:
        """Let the call take effect and lose its answer: TransportError with `sent` true."""

        def lose(call: Call, params: Mapping[str, Any], handle: Handle) -> Reply:
            handle(params)
            raise TransportError(f"{call.name}: the connection was lost before the answer came", sent=True)

        return self._then(lose, times, rate)

    def takes(self, seconds: float, times: int | None = None, rate: float = 1) -> Rule:
        """Let seconds pass on the mock's clock, then answer as usual.

        A call whose deadline comes first takes effect, and its answer too late: TransportError at the deadline.
        """

        def wait(call: Call, params: Mapping[str, Any], handle: Handle) -> Reply:
            left = seconds if call.deadline is None else call.deadline - self._clock.monotonic()
            if left >= seconds:
                self._clock.sleep(seconds)
                return handle(params)
            self._clock.sleep(left + _TICK)
            handle(params)
            raise TransportError(f"{call.name}: the deadline passed before the answer came", sent=True)

        return self._then(wait, times, rate)

    def covers(self, call: Call, params: Mapping[str, Any]) -> bool:
        """Whether a call is meant."""
        return (
            self._wanted.covers(call)
            and all(fits(wanted, params.get(name)) for name, wanted in self._members.items())
            and (self._predicate is None or bool(self._predicate(params)))
        )

    def next_step(self) -> Act | None:
        """What to do now, counted as done; None when the rule is used up."""
        for step in self._steps:
            if step.left == 0:
                continue
            if step.rate < 1 and self._random.random() >= step.rate:
                return None
            if step.left is not None:
                step.left -= 1
            self.used += 1
            return step.act
        return None

    @property
    def pending(self) -> bool:
        """Whether it was never used, or has counted steps left."""
        return not self.used or any(step.left for step in self._steps)

    def _then(self, act: Act, times: int | None, rate: float = 1) -> Rule:
        self._steps.append(_Step(act, times, rate))
        return self

    def _check_members(self) -> None:
        services = self._wanted.services - {"s3"}
        if "s3" in self._wanted.services or not self._members:
            return
        operations = [
            operation
            for service in services
            for name, operation in load(service).operations.items()
            if self._wanted.operation in ("", name)
        ]
        known = {name for operation in operations if operation.input for name in operation.input.members}
        for name in self._members:
            if name not in known:
                raise InvalidCallError(f'{self._wanted.what} takes no "{name}"{nearest(name, known)}')

    def _check_reply(self, reply: Mapping[str, Any], call: Call | None = None) -> None:
        operation = call.operation if call else self._wanted.operation
        if not operation:
            raise InvalidCallError(
                f'returns() needs one operation: say mock.on("{self._wanted.what}.<Operation>") with AWS\'s name'
            )
        for service in [call.service] if call else self._wanted.services:
            if service == "s3":
                continue
            modelled = load(service).operation(operation)
            wrong = check_reply(modelled, _streamed(modelled.output, reply), complete=False)
            if wrong:
                raise InvalidCallError(f"{service}.{operation} cannot answer that: {'; '.join(wrong)}")


class Script:
    """The rules of one mock."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self.rules: list[Rule] = []
        """The newest first."""
        self._clock = clock
        self._seed = seed
        self._lock = threading.Lock()

    def on(
        self, what: str, members: Mapping[str, Any], predicate: Callable[[Mapping[str, Any]], Any] | None = None
    ) -> Rule:
        """A new rule; it does nothing until it is told what."""
        rule = Rule(what, members, predicate, self._clock, Random(f"{self._seed}/{what}"))
        with self._lock:
            self.rules.insert(0, rule)
        return rule

    def take(self, call: Call, params: Mapping[str, Any]) -> Act | None:
        """What the newest rule that covers a call wants done; None to answer as usual."""
        with self._lock:
            rules = list(self.rules)
        for rule in rules:
            if rule.covers(call, params):
                with self._lock:
                    act = rule.next_step()
                if act is not None:
                    return act
        return None

    @property
    def unused(self) -> list[Rule]:
        """Rules that no call has used, or not as often as they were told."""
        return [rule for rule in self.rules if rule.pending]


def throttling_code(call: Call) -> str:
    """The code with which a service says that it is asked too often; modelled ones come first."""
    if call.service == "s3":
        return "SlowDown"
    modelled = load(call.service).operation(call.operation).errors
    own = [code for code in modelled if classify(call.service, code, "")[0] == "throttle"]
    return "ThrottlingException" if "ThrottlingException" in own or not own else own[0]


def _fresh(call: Call, reply: Mapping[str, Any]) -> Reply:
    """A copy of a scripted reply, with a new stream for bytes where the model has one."""
    output = load(call.service).operation(call.operation).output if call.service != "s3" else None
    return _streamed(output, _copied(reply), always=call.service == "s3")


def _streamed(output: Any, reply: Mapping[str, Any], always: bool = False) -> Reply:
    names = {name for name, shape in output.members.items() if shape.streaming} if output else set()
    if always:
        names = {"Body"}
    return {
        name: Stream(value) if name in names and isinstance(value, bytes) else value for name, value in reply.items()
    }


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(content) for key, content in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value
