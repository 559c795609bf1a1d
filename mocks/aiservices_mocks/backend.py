"""The mock as a backend: a Call is held against the model, answered by a script or a handler, and logged."""

from __future__ import annotations

import copy
import importlib
import itertools
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from aiservices.api.model import load
from aiservices.call import SERVICES, Call, Reply, note
from aiservices.errors import InvalidCallError, NotMockedError, ServiceError, nearest

from .calls import CallLog, Calls
from .clock import Clock
from .limits import checker
from .script import Handle, Rule, Script
from .service import Handler, Kept, Service, find_handler, keywords
from .store import copied
from .world import World, uuid_after

if TYPE_CHECKING:
    from random import Random

    from .s3 import Objects


_ODD, _48_BITS = 0x5851F42D4C95, (1 << 48) - 1
"""A multiplication by an odd number takes each number of so many bits to another one."""


class _Answer:
    """Everything about one operation that does not change from call to call."""

    __slots__ = ("check", "handler", "makes_up")

    def __init__(
        self, check: Callable[[Mapping[str, Any]], dict[str, Any]], handler: Handler | Kept, makes_up: bool
    ) -> None:
        self.check = check
        self.handler = handler
        self.makes_up = makes_up


class Mock:
    """A world of its own that answers the twelve products: state, clock, S3, script and call log.

    seed: everything made up follows from it. clock: `Clock.auto()` unless told. strict: refuse answers that are made
    up from the model alone. s3: a boto3 S3 client whose objects the mock uses instead of objects in memory.
    quotas: how many of a kind there can be, as `{"transcribe.Vocabulary": 5}`; the others are AWS's (`mock.quotas`).
    Making one costs microseconds; nothing is shared between two.
    """

    def __init__(
        self,
        seed: int = 0,
        clock: Clock | None = None,
        strict: bool = False,
        account: str = "123456789012",
        region: str = "us-east-1",
        s3: Any = None,
        quotas: Mapping[str, int] | None = None,
    ) -> None:
        self.world = World(seed, clock or Clock.auto(), account, region, s3)
        if quotas:
            self.world.quotas = _checked(quotas)
        self.strict = strict
        self.script = Script(self.world.clock, seed)
        """What `on` was told."""
        self._log = CallLog()
        self._answers: dict[tuple[str, str], _Answer] = {}
        self._request_ids = uuid_after(seed * 0x2545F4914F6CDD1D)[:24]
        self._requests = itertools.count()
        self._random: Random | None = None

        self._elsewhere: dict[tuple[str, str], Mock] = {(account, region): self}

    def __repr__(self) -> str:
        return f"<Mock seed={self.world.seed} {self.world.account} {self.world.region}>"

    @property
    def seed(self) -> int:
        """The world's seed."""
        return self.world.seed

    @property
    def clock(self) -> Clock:
        """The world's clock."""
        return self.world.clock

    @property
    def s3(self) -> Objects:
        """The world's objects: `mock.s3["bucket/key"]`."""
        return self.world.s3

    @property
    def random(self) -> Random:
        """Where clients take the waits and idempotency tokens of their calls from.

        It follows the seed, so that a program that is run again does the same again; and all clients of the mock share
        it, so that none gives the token of another's request.
        """
        if self._random is None:
            from random import Random

            with self.world.lock:
                self._random = self._random or Random(self.world.seed)
        return self._random

    @property
    def quotas(self) -> dict[str, int]:
        """How many there can be of each kind, in a region or under one parent: service.Noun -> number."""
        return {**quotas(), **self.world.quotas}

    @property
    def bucket(self) -> str:
        """Where files are staged for jobs when `Settings.bucket` names no bucket."""
        return f"aiservices-{self.world.account}-{self.world.region}"

    def on(self, what: str, predicate: Callable[[Mapping[str, Any]], Any] | None = None, /, **members: Any) -> Rule:
        """Begin a rule for an operation (`comprehend.DetectSentiment`), a product or a service; see `Rule`.

        predicate: a function of the request's members that is true for the calls that are meant.
        members: AWS's names with the value a request must have, or a function that is true for such values; of a
        structure the members that matter.
        """
        return self.script.on(what, members, predicate)

    def calls(self, what: str | None = None, /, **members: Any) -> Calls:
        """The calls so far of an operation, a product or a service; all of them with None.

        members: those calls only whose request has them, as in `on`.
        """
        return self._log.select(what, members)

    def at(self, region: str, account: str | None = None) -> Mock:
        """This mock as another region or account sees it: with things of its own, the same clock, objects and log."""
        place = (account or self.world.account, region)
        with self.world.lock:
            other = self._elsewhere.get(place)
            if other is None:
                other = self._elsewhere[place] = copy.copy(self)
                other.world = self.world.at(*place)
                other._answers = {}
        return other

    def copy(self) -> Mock:
        """A mock of its own that remembers the same at the same time: prepared once, a world for every test.

        Rules (`on`) and the log of calls stay behind.
        """
        with self.world.lock:
            other = Mock(self.seed, strict=self.strict)
            other.world = self.world.copy()
            other.script = Script(other.world.clock, self.seed)
            other._elsewhere = {(other.world.account, other.world.region): other}
            count = next(self._requests)
            self._requests, other._requests = itertools.count(count), itertools.count(count)
            if self._random is not None:
                other.random.setstate(self._random.getstate())
            for keeper, record in self.world.works:
                world = keeper.service.world
                service = other.at(world.region, world.account)._service(keeper.service.name)
                assert service is not None
                service.keepers[keeper.row.noun].adopt(keeper, record)
        return other

    def close(self) -> None:
        """Nothing is held open; the state can still be looked at."""

    def send(self, call: Call) -> Reply:
        """Answer a call. Refused requests change nothing."""
        params: Mapping[str, Any] = call.params
        try:
            if call.service == "s3":
                reply = self._run(call, params, self.world.s3.handler(call.operation), "stateful")
            else:
                answer = self._answers.get((call.service, call.operation)) or self._open(call)
                params = answer.check(params)
                reply = self._run(call, params, answer.handler, answer.handler.fidelity)
                if answer.makes_up:
                    note(reply, output="schema")
        except Exception as error:
            if isinstance(error, ServiceError):
                self._complete(error, call)
            self._log.add(call, params, None, error, at=self.clock.now())
            raise
        self._log.add(call, params, reply, at=self.clock.now())
        return reply

    def _run(self, call: Call, params: Mapping[str, Any], handler: Handle, fidelity: str) -> Reply:
        if self.script.rules:
            act = self.script.take(call, params)
            if act is not None:
                return self._sign(act(call, params, lambda given: self._ask(handler, given, fidelity)), "scripted")
        return self._ask(handler, params, fidelity)

    def _ask(self, handler: Handle, params: Mapping[str, Any], fidelity: str) -> Reply:
        reply = handler(params)
        given_away = fidelity == "stateful" and type(handler) is not Kept  # rows answer in containers of their own
        return self._sign(copied(reply) if given_away else reply, fidelity)

    def _sign(self, reply: Reply, fidelity: str) -> Reply:
        """Say what the reply is; what it says of itself already stands."""
        facts: dict[str, Any] = {"backend": "mock", "fidelity": fidelity}
        metadata: dict[str, Any] = {
            "RequestId": self._request_id(), "HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0,
            "AIServices": facts,
        }  # fmt: skip
        said = reply.get("ResponseMetadata")
        if said:
            metadata |= {**said, "AIServices": {**facts, **said.get("AIServices", {})}}
        reply["ResponseMetadata"] = metadata
        return reply

    def _complete(self, error: ServiceError, call: Call) -> None:
        """Services raise their errors without knowing the operation."""
        if not error.operation:
            error.of(call.operation)
        error.request_id = error.request_id or self._request_id()

    def _request_id(self) -> str:
        return f"{self._request_ids}{next(self._requests) * _ODD & _48_BITS:012x}"

    def _open(self, call: Call) -> _Answer:
        check = checker(call.service, call.operation)
        service = self._service(call.service)
        handler = find_handler(service, call.operation) if service else None
        makes_up = service is not None and service.makes_up(call.operation)
        if handler is None or (self.strict and (makes_up or handler.fidelity == "schema")):
            handler = _missing(call, handler)
        answer = _Answer(check, handler, makes_up)
        self._answers[call.service, call.operation] = answer
        return answer

    def _service(self, name: str) -> Service | None:
        kind = service_class(name)
        known: Service | None = self.world.services.get(name)
        return known or (kind.of(self.world) if kind else None)


@cache
def service_class(name: str) -> type[Service] | None:
    """The class that answers a service: it stands in the module of its product and has the service's name."""
    load(name)
    module = f"{__package__}.{SERVICES[name]}"
    if find_spec(module) is None:
        return None
    classes = vars(importlib.import_module(module)).values()
    found = (c for c in classes if isinstance(c, type) and issubclass(c, Service) and vars(c).get("name") == name)
    return next(found, None)


@cache
def quotas() -> Mapping[str, int]:
    """AWS's default quotas of everything that the mock keeps."""
    rows = ((service, row) for service in SERVICES for row in getattr(service_class(service), "resources", ()))
    return {f"{service}.{row.noun}": row.quota for service, row in rows if row.quota is not None}


def _checked(given: Mapping[str, int]) -> dict[str, int]:
    for name, number in given.items():
        if name not in quotas():
            raise InvalidCallError(f'there is no quota "{name}"{nearest(name, quotas())}')
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise InvalidCallError(f"the quota of {name} is a number from 0 on, not {number!r}")
    return dict(given)


def _missing(call: Call, made_up: Handler | Kept | None) -> Handler:
    """Stands where a script may still answer; otherwise it says what is missing."""
    name = call.name
    why = "strict mode refuses what is made up from the model" if made_up else "the mock has no answer to it"

    def refuse(**members: Any) -> Reply:
        raise NotMockedError(f'{name}: {why}; give it one with mock.on("{name}").returns({{...}})')

    return Handler(refuse, "schema", keywords(call.service, call.operation))
