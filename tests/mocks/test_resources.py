"""One life of every resource in every table: made, shown, listed, changed, tagged, deleted, missed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.backend import service_class
from aiservices_mocks.replies import check_reply
from aiservices_mocks.resources import Resource, Verb

from aiservices.api.model import Operation, load
from aiservices.call import SERVICES, Call, Reply
from aiservices.errors import ServiceError
from tests.shapes import example

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

    def operation(self, verb: Verb, row: Resource | None = None) -> Operation | None:
        return (row or self.row).operation(verb, self.model)

    def send(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        reply = self.mock.send(Call(self.service, operation.name, params))
        assert check_reply(operation, reply) == [], operation.name
        return reply

    def create(self, seed: int = 0, row: Resource | None = None, **given: Any) -> dict[str, Any]:
        """Make one (and its parents); the members that name it."""
        row = row or self.row
        operation = self.operation("create", row)
        assert operation is not None
        assert operation.input is not None
        params = {name: v for name, v in example(operation.input, seed).items() if name not in TOKENS}
        params.pop("Tags", None)
        params.pop("tags", None)
        parents = {}
        for member, noun in row.parents.items():
            parent = next(r for r in self.rows if r.noun == noun)
            parents[member] = given[member] if member in given else self.create(seed, parent)[parent.id]
        params |= parents | given
        for name in (row.id, row.unique):
            if name in params and name not in given and isinstance(params[name], str):
                params[name] = self.named(params[name], seed)
        reply = self.send(operation, params)
        named = params.get(row.id) or find(reply, row.id)
        assert named, f"{operation.name} does not show {row.id}"
        return {**parents, row.id: named}

    def named(self, name: str, seed: int) -> str:
        return name[: max(len(name) - 1, 1)] + "abcdefgh"[seed] if len(name) > 1 else "abcdefgh"[seed]

    @property
    def rows(self) -> tuple[Resource, ...]:
        kind = service_class(self.service)
        assert kind is not None
        return kind.resources

    def settle(self) -> None:
        """Let time pass until everything is in its last state."""
        self.mock.clock.advance(days=30)

    def code(self, operation: Operation, params: Mapping[str, Any]) -> str:
        """The code of the refusal."""
        with pytest.raises(ServiceError) as caught:
            self.send(operation, params)
        assert caught.value.code in {*operation.errors, "ValidationException"}, operation.name
        return caught.value.code


def find(reply: Any, member: str) -> Any:
    """The member of a reply, at the top or in the structure around it."""
    for key, value in reply.items():
        if key == member:
            return value
    inner = [v for k, v in reply.items() if isinstance(v, Mapping) and k != "ResponseMetadata"]
    return next((found for one in inner if (found := find(one, member)) is not None), None)


def listed(life: Life, params: Mapping[str, Any]) -> list[Any]:
    operation = life.operation("list")
    assert operation is not None
    assert operation.output is not None
    wanted = {n: v for n, v in params.items() if operation.input and n in operation.input.members and n != life.row.id}
    member = next(n for n, s in operation.output.members.items() if s.type == "list")
    found = life.send(operation, wanted)[member]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(("service", "row"), ROWS)
def test_it_is_shown_and_listed_until_it_is_deleted(service: str, row: Resource) -> None:
    life = Life(service, row)
    first, second = life.create(0), None
    if row.made or not row.unique:
        second = life.create(1, **{name: first[name] for name in row.parents})
    life.settle()
    read, delete = life.operation("read"), life.operation("delete")
    if read is not None:
        assert find(life.send(read, first), row.id) == first[row.id]
    if life.operation("list") is not None:
        assert len(listed(life, first)) == (2 if second else 1)
    if delete is None:
        return
    life.send(delete, first)
    if read is not None:
        assert "ResourceInUse" not in life.code(read, first)
    if life.operation("list") is not None:
        assert len(listed(life, first)) == (1 if second else 0)
    life.code(delete, first)


@pytest.mark.parametrize(
    ("service", "row"), rows(lambda service, row: (not row.made or row.unique) and not replaces(service, row))
)
def test_a_second_one_of_the_same_name_is_refused(service: str, row: Resource) -> None:
    life = Life(service, row)
    create = life.operation("create")
    assert create is not None
    first = life.create(0)
    same = {name: first[name] for name in row.parents} | ({} if row.made else {row.id: first[row.id]})
    with pytest.raises(ServiceError) as caught:
        life.create(0, **same)
    assert caught.value.code in create.errors


@pytest.mark.parametrize(("service", "row"), rows(lambda service, row: row.parents))
def test_its_parents_must_exist(service: str, row: Resource) -> None:
    life = Life(service, row)
    first = life.create(0)
    member = next(iter(row.parents))
    with pytest.raises(ServiceError):
        life.create(1, **{**{n: first[n] for n in row.parents}, member: swapped(first[member])})


def swapped(name: str) -> str:
    """Another name of the same form."""
    return name[:-1] + ("b" if name[-1] == "a" else "a")


@pytest.mark.parametrize(("service", "row"), rows(lambda service, row: row.life and has(service, row, "read")))
def test_its_states_follow_the_clock(service: str, row: Resource) -> None:
    life = Life(service, row, Clock.manual())
    assert row.life is not None
    steps = row.life.created
    first = life.create(0)
    read = life.operation("read")
    assert read is not None
    for state, seconds in steps:
        shown = find(life.send(read, first), row.life.member)
        assert shown == state
        life.mock.clock.advance(seconds=seconds)
    assert find(life.send(read, first), row.life.member) == steps[-1][0]


@pytest.mark.parametrize(("service", "row"), rows(lambda service, row: row.quota))
def test_there_are_no_more_than_its_quota(service: str, row: Resource, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    kind = service_class(service)
    assert kind is not None
    small = tuple(replace(one, quota=2) if one.noun == row.noun else one for one in kind.resources)
    monkeypatch.setattr(kind, "resources", small)
    life = Life(service, next(one for one in small if one.noun == row.noun))
    first = life.create(0)
    parents = {name: first[name] for name in row.parents}
    life.create(1, **parents)
    with pytest.raises(ServiceError) as caught:
        life.create(2, **parents)
    assert "Exceeded" in caught.value.code
