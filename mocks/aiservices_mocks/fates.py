"""What a script makes of the jobs, and of other things that take their time, which a call begins.

Found by the tables of resources: whatever has states of its own can be told to fail, to take longer or never to end,
and what is shown of it in the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from aiservices.api.model import Operation, Shape, load
from aiservices.call import Reply
from aiservices.errors import InvalidCallError

from .clock import FOREVER
from .completion import completed
from .replies import check_reply
from .store import copied

if TYPE_CHECKING:
    from .resources import Life, Resource
    from .service import Service
    from .store import Record

_SHOWS = ("Describe", "Get")
_BEGINS = re.compile(r"(?:Create|Start|Import|Put)(?=[A-Z])")
_FAILED = re.compile(r"(?i)fail|error")
_REASON = re.compile(r"(?i)(?:failure|error|status|state)?(?:reasons?|message|details)$")
_KEPT = "fate"
"""Where a record remembers it."""
_DEEP = 3

Steps = tuple[tuple[str, float], ...]
Fate = Mapping[str, Any]
"""Plain values, as records are kept: `fails` (members of the record once it has failed), `seconds` until it ends,
`reply` (what the operation that shows it answers in the end), `idle` (its own work is not done)."""


@dataclass(frozen=True)
class Job:
    """What an operation begins."""

    operation: Operation
    row: Resource

    @property
    def shown(self) -> Operation | None:
        """The operation that shows it; None when only lists do."""
        noun = _BEGINS.sub("", self.operation.name)
        operations = self.operation.service.operations
        named = next((operations[verb + noun] for verb in _SHOWS if verb + noun in operations), None)
        return named or self.row.operation("read", self.operation.service)

    @property
    def shows(self) -> Operation:
        """The operation that shows it; InvalidCallError when there is none."""
        if self.shown is None:
            name = f"{self.operation.service.name}.{self.operation.name}"
            raise InvalidCallError(f"what {name} begins is shown in lists only: script those with returns()")
        return self.shown

    def failure(self, reason: str) -> dict[str, Any]:
        """The members of the record once it has failed."""
        life = self.row.life
        assert life is not None
        name, what = self.operation.name, f"{self.operation.service.name}.{self.operation.name}"
        state = self._member(lambda member, shape: member == life.member)
        states = state[1].enum if state else ()
        failed = life.failed if life.failed in states or not states else next(filter(_FAILED.search, states), None)
        if failed is None:
            raise InvalidCallError(f"what {what} begins has no state for having failed")
        told = self._member(lambda member, shape: member == life.reason)
        told = told or self._member(lambda member, shape: _REASON.match(member) is not None)
        if not reason:
            return {life.member: failed}
        value = _reason(told[1], reason) if told else None
        if told is None or value is None:
            raise InvalidCallError(f"AWS gives no reason when what {name} begins fails: leave it out")
        return {life.member: failed, told[0]: value}

    def check(self, reply: Mapping[str, Any]) -> None:
        """Whether the operation that shows it can answer this."""
        wrong = check_reply(self.shows, reply, complete=False)
        if wrong:
            raise InvalidCallError(f"{self.shows.name} cannot answer that: {'; '.join(wrong)}")

    def _member(self, meant: Callable[[str, Shape], bool]) -> tuple[str, Shape] | None:
        """A member of what is shown of it."""
        operation = self.shown or self.row.operation("list", self.operation.service)
        return next(_members(operation.output, meant, _DEEP), None) if operation and operation.output else None


def _members(shape: Shape, meant: Callable[[str, Shape], bool], deep: int) -> Iterator[tuple[str, Shape]]:
    """Those nearest to the top first."""
    shape = shape.member if shape.type == "list" else shape
    if shape.type != "structure":
        return
    yield from ((name, inner) for name, inner in shape.members.items() if meant(name, inner))
    if deep:
        for inner in shape.members.values():
            yield from _members(inner, meant, deep - 1)


def _reason(shape: Shape, reason: str) -> Any:
    """A reason in the form that a member has; None when it has none for words."""
    if shape.type == "string":
        return reason
    if shape.type == "list" and shape.member.type == "string":
        return [reason]
    if shape.type == "structure":
        words = next((name for name, inner in shape.members.items() if name.lower().endswith("message")), None)
        return {words: reason} if words else None
    return None


@cache
def begun_by(service: str, operation: str) -> Job | None:
    """What an operation begins that takes its time; None when it begins nothing like that."""
    from .backend import service_class

    model, kind = load(service), service_class(service)
    for row in kind.resources if kind else ():
        create = row.operation("create", model)
        if create is not None and create.name == operation and row.life is not None and len(row.life.created) > 1:
            return Job(create, row)
    return None


@contextmanager
def fated(job: Job, fate: Fate) -> Iterator[None]:
    """What the job's row makes inside the block has this fate."""
    token = _given.set((job.row, fate))
    try:
        yield
    finally:
        _given.reset(token)


def is_told(fate: Fate) -> bool:
    """Whether it says how the job ends, so that its own work does not matter."""
    return "fails" in fate or "reply" in fate or fate.get("seconds", 0) >= FOREVER


_given: ContextVar[tuple[Resource, Fate] | None] = ContextVar("aiservices_mocks_fate", default=None)


def bind(row: Resource, record: Record) -> None:
    """Give a record that begins to go through states the fate that was told, if one was."""
    given = _given.get()
    if given is None or given[0] is not row:
        return
    fate = given[1]
    record[_KEPT] = dict(fate)
    if "seconds" in fate:
        record["steps"] = _lasting(record["steps"], fate["seconds"])


def _lasting(steps: Steps, seconds: float) -> Steps:
    """The states, the last one reached after so many seconds: all of them before take their share."""
    usual = sum(duration for _, duration in steps[:-1])
    if seconds >= FOREVER or not usual:
        *before, (state, _) = steps[:-1]
        return (*before, (state, seconds), steps[-1])
    return (*((state, duration * seconds / usual) for state, duration in steps[:-1]), steps[-1])


def outcome(record: Record) -> Mapping[str, Any] | None:
    """What a record's own work would have returned, had it been as it was told; None when it is to be done."""
    fate = record.get(_KEPT, {})
    result: Mapping[str, Any] | None = fate.get("fails", {} if fate.get("idle") else None)
    return result


def has_failed(record: Record) -> bool:
    """Whether it will fail as it was told."""
    return "fails" in record.get(_KEPT, {})


def fulfil(record: Record) -> None:
    """It has come as it was told: what the record begins later takes its own course."""
    fate = record.pop(_KEPT, {})
    if "reply" in fate:
        record[_KEPT] = {"reply": fate["reply"]}


def shows(service: str, operation: str) -> str | None:
    """The noun of the things that an operation shows one of."""
    return _shown(service).get(operation)


@cache
def _shown(service: str) -> Mapping[str, str]:
    from .backend import service_class

    model, kind = load(service), service_class(service)
    creates = ((row, row.operation("create", model)) for row in (kind.resources if kind else ()))
    jobs = ((row, begun_by(service, create.name)) for row, create in creates if create is not None)
    return {job.shown.name: row.noun for row, job in jobs if job is not None and job.shown is not None}


def told(service: Service, noun: str, operation: str, params: Mapping[str, Any], reply: Reply) -> Reply:
    """A reply about one thing, with what was told of it once it has ended; that it has ended well, too."""
    keeper = service.keepers[noun]
    record = keeper.find(params)
    given = record.get(_KEPT, {}).get("reply") if record is not None else None
    if record is None or given is None or not keeper.has_ended(record):
        return reply
    life = keeper.row.life
    rest = _mended(reply, life) if life is not None and record["steps"][-1][0] == life.failed else reply
    whole = completed(load(service.name).operations[operation], copied(given), rest)
    return {**whole, "ResponseMetadata": reply.get("ResponseMetadata", {})}


def _mended(value: Any, life: Life) -> Any:
    """What is shown of a failure as it would have been of a success."""
    if not isinstance(value, Mapping):
        return value
    mended = {name: _mended(inner, life) for name, inner in value.items() if name != life.reason}
    return {**mended, life.member: life.created[-1][0]} if life.member in mended else mended
