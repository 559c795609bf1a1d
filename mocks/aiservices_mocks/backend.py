"""The mock as a backend: a Call is held against the model, answered by a script or a handler, and logged."""

from __future__ import annotations

import copy
import importlib
import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from aiservices.api.model import load
from aiservices.call import SERVICES, Call, Reply, note
from aiservices.errors import InvalidCallError, MissingExtraError, NotMockedError, ServiceError, nearest

from .calls import CallLog, Calls
from .clock import Clock
from .completion import essential
from .fates import Fate, Job, fated, is_told, shows
from .fates import told as told_of
from .limits import checker
from .script import Rule, Script
from .service import Handler, Kept, Service, find_handler, keywords
from .store import copied
from .world import World, numbers, upcoming, uuid_after

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from .s3 import Objects


Handle = Callable[[Mapping[str, Any]], Reply]
_READS = re.compile(r"(?:Batch)?(?:Get|List|Describe|Search|Query)(?=[A-Z]|$)")
"""Operations that change nothing."""
_PLACES = 256
"""Other regions and accounts of one mock that are kept at hand; what is in the others is kept all the same."""
_ODD, _48_BITS = 0x5851F42D4C95, (1 << 48) - 1
"""A multiplication by an odd number takes each number of so many bits to another one."""


class _Answer:
    """Everything about one operation that does not change from call to call."""

    __slots__ = ("check", "handler", "makes_up", "refused", "told")

    def __init__(
        self,
        check: Callable[[Mapping[str, Any]], dict[str, Any]],
        handler: Handler | Kept,
        makes_up: bool,
        refused: Handler | Kept | None,
        told: Callable[[Mapping[str, Any], Reply], Reply] | None,
    ) -> None:
        self.check = check
        self.handler = handler
        self.makes_up = makes_up
        self.refused = refused
        """What strict mode does not let answer."""
        self.told = told
        """Makes of a request and its reply what a script told of the job that is shown."""


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
        self._requests = numbers()
        self._random: Random | None = None

        self._elsewhere: WeakValueDictionary[tuple[str, str], Mock] = WeakValueDictionary({(account, region): self})
        self._recent: dict[tuple[str, str], Mock] = {}

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
        world = self.world
        if region == world.region and account in (None, world.account):
            return self
        place = (account or world.account, region)
        with world.lock:
            other = self._elsewhere.get(place)
            if other is None:
                other = self._elsewhere[place] = copy.copy(self)
                other.world = self.world.at(*place)
                other._answers = {}
                self._recent[place] = other
                if len(self._recent) > _PLACES:
                    self._forget_places()
        return other

    def _forget_places(self) -> None:
        """Let go of the older half of the places in which nothing is under way: requests may name any number."""
        busy = {keeper.service.world for keeper, _ in self.world.works}
        old = list(self._recent.items())[: _PLACES // 2]
        for place in [place for place, mock in old if mock.world not in busy]:
            del self._recent[place]
        del old  # what nobody else holds is gone now
        self.world.store.forget(self._elsewhere)

    def copy(self) -> Mock:
        """A mock of its own that remembers the same at the same time: prepared once, a world for every test.

        Rules (`on`) and the log of calls stay behind.
        """
        with self.world.lock:
            other = Mock(self.seed, strict=self.strict)
            other.world = self.world.copy()
            other.script = Script(other.world.clock, self.seed)
            other._elsewhere = WeakValueDictionary({(other.world.account, other.world.region): other})
            other._go_on(*self._told())
            for keeper, record in self.world.works:
                world = keeper.service.world
                service = other.at(world.region, world.account)._service(keeper.service.name)
                assert service is not None
                service.keepers[keeper.row.noun].adopt(keeper, record)
        return other

    def save(self, path: str | Path, *, remote: bool = False) -> None:
        """Save the world in a folder, in the place of what was saved there; `load` makes the same mock of it again.

        remote: objects behind a boto3 client too; else those are left where they are. Rules (`on`) and the log of
        calls stay behind. A program that ends meanwhile leaves the old state or the new one.
        """
        from .state import save

        save(self, path, remote=remote)

    @classmethod
    def load(cls, path: str | Path, *, s3: Any = None) -> Mock:
        """The mock that was saved in a folder, with all that it remembered, at the time that it was.

        s3: a boto3 S3 client, as `Mock` takes it; objects that were saved are put there. Nothing in the folder runs,
        whoever wrote it. Raises InvalidCallError when it cannot be read; the folder is never changed.
        """
        from .state import load

        return load(path, s3)

    def _told(self) -> tuple[int, Any]:
        """How many requests were answered, and where chance goes on from; None: it was not needed yet."""
        return upcoming(self._requests), self._random.getstate() if self._random is not None else None

    def _go_on(self, requests: int, chance: Any) -> None:
        """Go on as a mock that told this."""
        self._requests = numbers(requests)
        if chance is not None:
            self.random.setstate(chance)

    def _resume(self, service: str, noun: str, key: str) -> None:
        """The work of a record is still to be done."""
        found = self._service(service)
        if found is None:
            raise KeyError(service)
        keeper = found.keepers[noun]
        self.world.works.add(keeper, keeper.shelf[key])

    def close(self) -> None:
        """Nothing is held open; the state can still be looked at."""

    def send(self, call: Call) -> Reply:
        """Answer a call. Refused requests change nothing."""
        params: Mapping[str, Any] = call.params
        try:
            if call.service == "s3":
                reply = self._run(call, params, self.world.s3.handler(call.operation), "stateful", None)
            else:
                answer = self._answers.get((call.service, call.operation)) or self._open(call)
                params = answer.check(params)
                reply = self._run(call, params, answer.handler, answer.handler.fidelity, answer)
                if answer.makes_up:
                    note(reply, output="schema")
        except Exception as error:
            if isinstance(error, ServiceError):
                self._complete(error, call)
            self._log.add(call, params, None, error, at=self.clock.now())
            raise
        self._log.add(call, params, reply, at=self.clock.now())
        return reply

    def _run(
        self, call: Call, params: Mapping[str, Any], handler: Handle, fidelity: str, answer: _Answer | None
    ) -> Reply:
        if self.script.rules:
            act = self.script.take(call, params)
            if act is not None:
                return self._sign(act(call, params, _Usual(self, call, handler, fidelity, answer)), "scripted")
        return self._ask(handler, params, fidelity, answer)

    def _ask(self, handler: Handle, params: Mapping[str, Any], fidelity: str, answer: _Answer | None) -> Reply:
        reply = handler(params)
        if answer is not None and answer.told is not None:
            reply = answer.told(params, reply)
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
        refused, told = None, None
        if handler is None or (self.strict and (makes_up or handler.fidelity == "schema")):
            refused, handler = handler, _missing(call, handler)
        noun = shows(call.service, call.operation)
        if noun is not None and service is not None:
            told = partial(told_of, service, noun, call.operation)
        answer = _Answer(check, handler, makes_up, refused, told)
        self._answers[call.service, call.operation] = answer
        return answer

    def _service(self, name: str) -> Service | None:
        kind = service_class(name)
        known: Service | None = self.world.services.get(name)
        return known or (kind.of(self.world) if kind else None)


class _Usual:
    """What the mock does with one call by itself, for a script that does it in part."""

    def __init__(self, mock: Mock, call: Call, handler: Handle, fidelity: str, answer: _Answer | None) -> None:
        self._mock = mock
        self._call = call
        self._handler = handler
        self._fidelity = fidelity
        self._answer = answer

    def __call__(self, params: Mapping[str, Any]) -> Reply:
        return self._mock._ask(self._handler, params, self._fidelity, self._answer)

    def rest(self, params: Mapping[str, Any]) -> Reply:
        """The usual answer of what changes nothing; else, and in the place of an error, what AWS always sends.

        That is made up, and in strict mode left out.
        """
        if self._fidelity != "stateful" or _READS.match(self._call.operation):
            try:
                return self(params)
            except (ServiceError, NotMockedError, MissingExtraError):
                pass
        if self._mock.strict:
            return {}
        from .made_up import made_up

        operation = load(self._call.service).operation(self._call.operation)
        return essential(operation, made_up(operation, params, self._mock.seed))

    def begin(self, job: Job, fate: Fate, params: Mapping[str, Any]) -> Reply:
        """The usual answer; what it begins has this fate. Strict mode refuses ends that would be made up."""
        handler, known = self._handler, self._answer
        if known is not None and known.refused is not None and is_told(fate):
            handler, fate = known.refused, {**fate, "idle": known.makes_up}
        with fated(job, fate):
            return self._mock._ask(handler, params, self._fidelity, known)


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
