"""What a test tells a mock to do instead: fail, answer something else, lose a response, take its time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from random import Random
from typing import Any, Protocol

from aiservices.api.model import Operation, load
from aiservices.call import Call, Reply, Stream
from aiservices.errors import InvalidCallError, TransportError, classify, nearest, service_error

from . import fates
from .calls import Wanted, fits
from .clock import FOREVER, Clock
from .completion import completed, is_whole
from .fates import Job
from .item_failures import Which, batch
from .replies import check_reply
from .stalling import Stalling


class Usual(Protocol):
    """What the mock does by itself."""

    def __call__(self, params: Mapping[str, Any], /) -> Reply:
        """Its answer."""
        ...

    def rest(self, params: Mapping[str, Any], /) -> Reply:
        """What completes a scripted answer: nothing is changed by it."""
        ...

    def begin(self, job: Job, fate: fates.Fate, params: Mapping[str, Any], /) -> Reply:
        """Its answer, and what it begins takes its course as told."""
        ...


Act = Callable[[Call, Mapping[str, Any], Usual], Reply]

_NEARLY = 0.9
"""How much alike a misspelt code and the right one are; services also give codes that their models do not have."""
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

        A code that is nearly one of the model's raises InvalidCallError; with a status it is taken as it is.
        times: how often; None for always. retry_after: seconds that the service asks to wait.
        rate: the share of the calls that fail, drawn from the mock's seed; the others are answered as usual.
        """

        if isinstance(code, str) and status is None:
            self._check_code(code)

        def fail(call: Call, params: Mapping[str, Any], usual: Usual) -> Reply:
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

        def throttle(call: Call, params: Mapping[str, Any], usual: Usual) -> Reply:
            code = throttling_code(call)
            raise service_error(call.service, call.operation, code, "Rate exceeded", retry_after=retry_after)

        return self._then(throttle, times, rate)

    def passes(self, times: int = 1) -> Rule:
        """Answer as usual so many times before what is told next: `passes(2).fails(code, times=1)` fails the third."""
        return self._then(lambda call, params, usual: usual(params), times)

    def returns_each(self, replies: Iterable[Mapping[str, Any]]) -> Rule:
        """Answer each of these once, in order; see `returns`."""
        for reply in replies:
            self.returns(reply, times=1)
        return self

    def returns(self, reply: Mapping[str, Any], times: int | None = None) -> Rule:
        """Answer this, in AWS's names. What the model does not know raises InvalidCallError at once.

        Bytes stand for a stream. Members that are left out are those of the usual answer; an operation that changes
        something is not carried out, and what AWS always sends is then made up from the model, as it is where the
        usual answer is an error (a picture that is none, say). Structures are completed member by member; lists and
        maps are as given.
        """
        self._check_reply(reply)
        return self._then(lambda call, params, usual: _answered(call, params, usual, reply), times)

    def calls(self, function: Callable[[Mapping[str, Any]], Mapping[str, Any]], times: int | None = None) -> Rule:
        """Answer what a function makes of the request's members, completed as in `returns`."""

        def ask(call: Call, params: Mapping[str, Any], usual: Usual) -> Reply:
            reply = function(params)
            self._check_reply(reply, call)
            return _answered(call, params, usual, reply)

        return self._then(ask, times)

    def fails_items(
        self, which: Which, code: str, message: str = "", times: int | None = None, rate: float = 1
    ) -> Rule:
        """Fail some items of a batch and answer the others: in `ErrorList`, or whatever the operation calls it.

        which: their indexes, or a function that is true for an item that fails.
        """
        if not callable(which):
            which = frozenset(which)
        for service in self._wanted.services:
            batch(service, self._one_operation("fails_items"))

        def fail(call: Call, params: Mapping[str, Any], usual: Usual) -> Reply:
            return batch(call.service, call.operation).answer(params, which, code, message, usual)

        return self._then(fail, times, rate)

    def stalls(self, seconds: float, after: int = 0, times: int | None = None, rate: float = 1) -> Rule:
        """Let a stream of the answer stop for seconds of the mock's clock, after so many bytes.

        Who waits less long (a deadline, boto3's `read_timeout`) gets TransportError, or boto3's ReadTimeoutError, while
        reading.
        """
        operation = self._one_operation("stalls")
        for service in self._wanted.services:
            if not _streams(service, operation):
                raise InvalidCallError(f"{service}.{operation} answers no stream: let it take its time with takes()")

        def stall(call: Call, params: Mapping[str, Any], usual: Usual) -> Reply:
            patience = None if call.deadline is None else call.deadline - self._clock.monotonic()
            reply = usual(params)
            for name in _streams(call.service, call.operation) & reply.keys():
                data = reply[name].read()
                reply[name] = Stalling(data, after, seconds, patience, self._clock, call.name)
            return reply

        return self._then(stall, times, rate)

    @property
    def shown(self) -> Operation:
        """The operation that shows the job which the rule's own operation begins."""
        return self._jobs("job_returns")[0].shows

    def job_returns(self, reply: Mapping[str, Any], after: float | None = None, times: int | None = None) -> Rule:
        """Let the job that the call begins end well, and show this: what its Get or Describe answers then, or a part.

        The rest is as the job found it; a job that found no readable input ends well all the same.
        after: seconds on the mock's clock until it ends; None: as many as usual.
        """
        for job in self._jobs("job_returns"):
            job.check(reply)
        return self._job({"reply": _copied(reply), **_seconds(after)}, times, 1)

    def job_fails(
        self, reason: str = "", after: float | None = None, times: int | None = None, rate: float = 1
    ) -> Rule:
        """Let the job that the call begins fail, for a reason in AWS's words. after: as in `job_returns`."""
        jobs = self._jobs("job_fails")
        failures = {job.operation.service.name: job.failure(reason) for job in jobs}
        return self._job(_seconds(after), times, rate, failures)

    def job_takes(self, seconds: float, times: int | None = None, rate: float = 1) -> Rule:
        """Let the job that the call begins end as usual, after so many seconds on the mock's clock."""
        self._jobs("job_takes")
        return self._job(_seconds(seconds), times, rate)

    def job_hangs(self, times: int | None = None, rate: float = 1) -> Rule:
        """Let the job that the call begins never end."""
        self._jobs("job_hangs")
        return self._job(_seconds(FOREVER), times, rate)

    def loses_request(self, times: int | None = 1, rate: float = 1) -> Rule:
        """Lose the connection before the call takes effect, which nobody can tell: TransportError with `sent` true."""

        def lose(call: Call, params: Mapping[str, Any], usual: Usual) -> Reply:
            raise TransportError(f"{call.name}: the connection was lost before the answer came", sent=True)

        return self._then(lose, times, rate)

    def loses_response(self, times: int | None = 1, rate: float = 1) -> Rule:
        """Let the call take effect and lose its answer: TransportError with `sent` true."""

        def lose(call: Call, params: Mapping[str, Any], usual: Usual) -> Reply:
            usual(params)
            raise TransportError(f"{call.name}: the connection was lost before the answer came", sent=True)

        return self._then(lose, times, rate)

    def takes(self, seconds: float, times: int | None = None, rate: float = 1) -> Rule:
        """Let seconds pass on the mock's clock, then answer as usual.

        A call whose deadline comes first takes effect, and its answer too late: TransportError at the deadline.
        """

        def wait(call: Call, params: Mapping[str, Any], usual: Usual) -> Reply:
            left = seconds if call.deadline is None else call.deadline - self._clock.monotonic()
            if left >= seconds:
                self._clock.sleep(seconds)
                return usual(params)
            self._clock.sleep(left + _TICK)
            usual(params)
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

    def _job(
        self, fate: fates.Fate, times: int | None, rate: float, failures: Mapping[str, Mapping[str, Any]] | None = None
    ) -> Rule:
        def begin(call: Call, params: Mapping[str, Any], usual: Usual) -> Reply:
            job = fates.begun_by(call.service, call.operation)
            assert job is not None, "the rule was checked"
            fails = {"fails": failures[call.service]} if failures else {}
            return usual.begin(job, {**fate, **fails}, params)

        return self._then(begin, times, rate)

    def _jobs(self, method: str) -> list[Job]:
        """What the operation of this rule begins."""
        operation = self._one_operation(method)
        jobs = []
        for service in self._wanted.services:
            job = fates.begun_by(service, operation) if service != "s3" else None
            if job is None:
                raise InvalidCallError(f"{service}.{operation} begins no job: {method}() is for what takes its time")
            jobs.append(job)
        return jobs

    def _one_operation(self, method: str) -> str:
        if not self._wanted.operation:
            raise InvalidCallError(
                f'{method}() needs one operation: say mock.on("{self._wanted.what}.<Operation>") with AWS\'s name'
            )
        return self._wanted.operation

    def _operations(self) -> list[Operation]:
        """The operations that the rule is for; S3's have no model."""
        return [
            operation
            for service in self._wanted.services - {"s3"}
            for name, operation in load(service).operations.items()
            if self._wanted.operation in ("", name)
        ]

    def _check_code(self, code: str) -> None:
        services = map(load, self._wanted.services - {"s3"})
        known = {error for service in services for one in service.operations.values() for error in one.errors}
        if code not in known and (near := get_close_matches(code, known, n=1, cutoff=_NEARLY)):
            raise InvalidCallError(f'{self._wanted.what} has no error "{code}"; did you mean "{near[0]}"?')

    def _check_members(self) -> None:
        if "s3" in self._wanted.services or not self._members:
            return
        known = {name for operation in self._operations() if operation.input for name in operation.input.members}
        for name in self._members:
            if name not in known:
                raise InvalidCallError(f'{self._wanted.what} takes no "{name}"{nearest(name, known)}')

    def _check_reply(self, reply: Mapping[str, Any], call: Call | None = None) -> None:
        operation = call.operation if call else self._one_operation("returns")
        for service in [call.service] if call else self._wanted.services:
            if service == "s3":
                continue
            modelled = load(service).operation(operation)
            wrong = check_reply(modelled, _streamed(_streams(service, operation), reply), complete=False)
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


def _answered(call: Call, params: Mapping[str, Any], usual: Usual, given: Mapping[str, Any]) -> Reply:
    """A copy of what is given, completed, with a new stream for bytes where the model has one."""
    if call.service == "s3":
        return _streamed({"Body"}, _copied(given))
    operation = load(call.service).operation(call.operation)
    reply = _streamed(_streams(call.service, call.operation), _copied(given))
    return reply if is_whole(operation, reply) else completed(operation, reply, usual.rest(params))


def _streams(service: str, operation: str) -> set[str]:
    """The members of an operation's reply that are streams."""
    if service == "s3":
        return {"Body"} if operation == "GetObject" else set()
    output = load(service).operation(operation).output
    return {name for name, shape in output.members.items() if shape.streaming} if output else set()


def _streamed(names: set[str], reply: Mapping[str, Any]) -> Reply:
    return {
        name: Stream(value) if name in names and isinstance(value, bytes) else value for name, value in reply.items()
    }


def _seconds(after: float | None) -> dict[str, float]:
    if after is not None and not after >= 0:
        raise InvalidCallError(f"a job ends after {after} seconds: say a number from 0 on")
    return {} if after is None else {"seconds": min(float(after), FOREVER)}


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(content) for key, content in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value
