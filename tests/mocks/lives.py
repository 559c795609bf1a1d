"""One resource of a table in a world of its own, with what it needs to be there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.backend import service_class
from aiservices_mocks.examples import example
from aiservices_mocks.keeper import Keeper
from aiservices_mocks.replies import check_reply
from aiservices_mocks.resources import Resource, Verb
from aiservices_mocks.store import Record
from aiservices_mocks.tags import as_shape

from aiservices.api.model import Operation, load
from aiservices.call import SERVICES, Call, Reply
from aiservices.errors import ServiceError
from tests.mocks.given import GIVEN, nothing

TOKENS = {"ClientRequestToken", "ClientToken", "clientToken", "clientRequestToken"}
ROWS = [
    pytest.param(service, row, id=f"{service}-{row.noun}")
    for service in SERVICES
    for row in getattr(service_class(service), "resources", ())
]


def rows(wanted: Callable[[str, Resource], object]) -> list[Any]:
    """The rows that a rule is about."""
    return [row for row in ROWS if wanted(*row.values)]


def has(service: str, row: Resource, verb: Verb) -> bool:
    return row.operation(verb, load(service)) is not None


@contextmanager
def with_quota(service: str, row: Resource, quota: int) -> Iterator[None]:
    """As long as there can be only so many of what has a quota."""
    kind = service_class(service)
    assert kind is not None
    few = (replace(one, quota=quota) if one.noun == row.noun and one.quota else one for one in kind.resources)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "resources", tuple(few))
        yield


def replaces(service: str, row: Resource) -> bool:
    """Whether making it again puts it in the place of the old one."""
    create = row.operation("create", load(service))
    return create is not None and create.name.startswith(("Put", "Import"))


class Life:
    """One resource in a world of its own, with what it needs to be there."""

    def __init__(self, service: str, row: Resource, clock: Clock | None = None) -> None:
        self.mock = Mock(clock=clock)
        self.service = service
        self.row = row
        self.model = load(service)
        self.used_ones: dict[str, dict[str, Any]] = {}
        self.keys: dict[tuple[str, str], dict[str, Any]] = {}
        self.requests: dict[str, dict[str, Any]] = {}
        """The last create of each kind."""
        self.last: Reply = {}
        """What was answered last."""
        self.tokens = itertools.count()

    def operation(self, verb: Verb, row: Resource | None = None) -> Operation | None:
        return (row or self.row).operation(verb, self.model)

    def send(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        reply = self.last = self.mock.send(Call(self.service, operation.name, wrapped(operation, params)))
        assert check_reply(operation, reply) == [], operation.name
        return reply

    def create(self, seed: int = 0, row: Resource | None = None, **given: Any) -> dict[str, Any]:
        """Make one (and its parents); the members that name it."""
        row = row or self.row
        operation = self.operation("create", row)
        assert operation is not None
        assert operation.input is not None
        optional = TOKENS - operation.input.required
        params = {name: v for name, v in example(operation.input, seed).items() if name not in optional}
        params |= {name: f"token-{next(self.tokens)}" for name in TOKENS & params.keys()}
        params.pop("Tags", None)
        params.pop("tags", None)
        parents = {}
        for member, noun in reversed([*row.parents.items()]):
            if member in parents:
                continue
            parent = next(r for r in self.rows if r.noun == noun)
            parents[member] = given[member] if member in given else self.create(seed, parent)[parent.id]
            parents |= {n: v for n, v in self.beside(noun, parents[member]).items() if n in operation.input.members}
        for member, nouns in row.uses.items():
            noun = nouns.split("|")[0]
            if member in params:
                params[member] = holding(self.used(noun), params[member])
        right = GIVEN.get((self.service, row.noun), nothing)(self, seed)
        params |= parents | right | given
        params = {name: value for name, value in params.items() if value is not None}
        in_arn = re.findall(r"{(\w+)}", row.arn) if row.made == "{arn}" else []
        for name in (row.id, row.unique, *in_arn):
            own = name in params and name not in {**right, **given, **parents}
            if own and isinstance(params[name], str) and not operation.input.members[name].enum:
                params[name] = self.named(params[name], seed)
        self.requests[row.noun] = params
        reply = self.send(operation, params)
        named = params.get(row.id) or shown_id(reply, row)
        assert named, f"{operation.name} does not show {row.id}"
        self.keys[row.noun, str(named)] = {name: params[name] for name in (*row.parents, *row.keys)}
        return {**parents, **self.beside(row.noun, named), row.id: named}

    def beside(self, noun: str, name: Any) -> dict[str, Any]:
        """What belongs to the identity of one that was made, besides its id."""
        return self.keys.get((noun, str(name)), {})

    def used(self, noun: str) -> Any:
        """What names one of these, made when first asked for."""
        row = next(r for r in self.rows if r.noun == noun)
        if noun not in self.used_ones:
            self.used_ones[noun] = self.create(0, row)
            self.settle()
        return self.used_ones[noun] if row.keys else self.used_ones[noun][row.id]

    def named(self, name: str, seed: int) -> str:
        return name[: max(len(name) - 1, 1)] + "abcdefgh"[seed] if len(name) > 1 else "abcdefgh"[seed]

    @property
    def rows(self) -> tuple[Resource, ...]:
        kind = service_class(self.service)
        assert kind is not None
        return kind.resources

    def state(self, named: Mapping[str, Any]) -> Any:
        """The state that is shown of one."""
        assert self.row.life is not None
        read = self.operation("read")
        if read is not None:
            return find(self.send(read, named), self.row.life.member)
        (shown,) = listed(self, named)
        return shown.get(self.row.life.member)

    @property
    def keeper(self) -> Keeper:
        """Who keeps these in the world."""
        return self.keepers[self.row.noun]

    @property
    def keepers(self) -> Mapping[str, Keeper]:
        """Who keeps the things of each row of the service."""
        service = self.mock._service(self.service)
        assert service is not None
        return service.keepers

    def record(self, named: Mapping[str, Any]) -> Record:
        """One that was made, as it is kept."""
        record = self.keeper.find(named)
        assert record is not None
        return record

    def tag(self, arn: str, keys: Sequence[str], untag: bool = False) -> None:
        """Tag, or untag."""
        operation = self.model.operations["UntagResource" if untag else "TagResource"]
        assert operation.input is not None
        params: dict[str, Any] = {}
        for name, shape in operation.input.members.items():
            if name.lower() == "resourcearn":
                params[name] = arn
            else:
                params[name] = list(keys) if untag else as_shape(dict.fromkeys(keys, "v"), shape)
        self.send(operation, params)

    def settle(self) -> None:
        """Let time pass until everything is in its last state."""
        self.mock.clock.advance(days=30)

    def code(self, operation: Operation, params: Mapping[str, Any]) -> str:
        """The code of the refusal."""
        with pytest.raises(ServiceError) as caught:
            self.send(operation, params)
        assert caught.value.code in {*operation.errors, "ValidationException"}, operation.name
        return caught.value.code


ASKED: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("codeguru-reviewer", "CodeReview"): {"Type": "RepositoryAnalysis"},
}
"""Members of a list that say which kind is wanted."""

AWS_MAKES = {"BotAlias": "TSTALIASID", "Intent": "FALLBCKINT", "BotVersion": "DRAFT"}
"""Ids of what is there without a create of its own."""


def wrapped(operation: Operation, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The members of a request, in the structure that the operation takes them in (`DeleteRule`'s `rule`)."""
    members = operation.input.members if operation.input else {}
    around = [name for name, shape in members.items() if shape.type == "structure" and {*params} == {*shape.members}]
    return {around[0]: params} if around and not members.keys() & params.keys() else params


def holding(name: Any, value: Any) -> Any:
    """The name in the form of a value: one, or a list of one."""
    return [name] if isinstance(value, list) else name


def find(reply: Any, member: str) -> Any:
    """The member of a reply, at the top or in the structure around it."""
    for key, value in reply.items():
        if key == member:
            return value
    inner = [v for k, v in reply.items() if isinstance(v, Mapping) and k != "ResponseMetadata"]
    return next((found for one in inner if (found := find(one, member)) is not None), None)


def id_names(row: Resource) -> list[str]:
    """What the id of a resource is called in replies."""
    return [row.id, *(shown for shown, given in row.renames.items() if given == row.id)]


def shown_id(reply: Reply, row: Resource) -> Any:
    """The id that a reply shows."""
    return next((found for name in id_names(row) if (found := find(reply, name)) is not None), None)


def hides_id(operation: Operation, row: Resource) -> bool:
    """Whether the model of a reply has no place for the id."""
    members = operation.output.members if operation.output else {}
    inner = {name for shape in members.values() if shape.type == "structure" for name in shape.members}
    return not any(name in members or name in inner for name in id_names(row))


def listed(life: Life, params: Mapping[str, Any]) -> list[Any]:
    operation = life.operation("list")
    assert operation is not None
    assert operation.output is not None
    members, required = (operation.input.members, operation.input.required) if operation.input else ({}, ())
    own = {life.row.id, *life.row.keys} - {*required}
    wanted = {n: v for n, v in params.items() if n in members and n not in own}
    wanted |= ASKED.get((life.service, life.row.noun), {})
    member = next(n for n, s in operation.output.members.items() if s.type == "list")
    made = AWS_MAKES.get(life.row.noun)
    found: list[Any] = []
    while True:
        reply = life.send(operation, wanted)
        found += [one for one in reply[member] if made is None or one[life.row.id] != made]
        ours, theirs = operation.page_tokens or ("", "")
        if theirs not in reply:
            return found
        wanted[ours] = reply[theirs]


def swapped(name: str) -> str:
    """Another name of the same form."""
    return name[:-1] + ("b" if name[-1] == "a" else "a")
