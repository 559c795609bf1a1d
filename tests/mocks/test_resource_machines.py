"""Any sequence of calls, for every kind of resource: what is listed can be described, and the other way round."""

from __future__ import annotations

from typing import Any

import pytest
from aiservices_mocks import Clock
from aiservices_mocks.examples import example
from aiservices_mocks.resources import Resource
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from aiservices.api.model import Operation, load
from aiservices.call import Reply
from aiservices.errors import ServiceError
from tests.mocks.lives import AWS_MAKES, ROWS, TOKENS, Life, hides_id, listed, shown_id, with_quota

COMMON = {"ValidationException", "AccessDeniedException", "ThrottlingException"}
QUOTA = 2
"""Of what has one, instead of its own."""
SEEDS = st.integers(0, 2)


class Machine(RuleBasedStateMachine):
    """One kind of resource in one world on a manual clock."""

    service: str
    row: Resource

    def __init__(self) -> None:
        super().__init__()
        self.life = Life(self.service, self.row, Clock.manual())
        self.alive: dict[str, dict[str, Any]] = {}
        self.parents: dict[str, Any] = {}

    @initialize()
    def begin(self) -> None:
        """The first one, and what it belongs to."""
        first = self.life.create(0)
        self.parents = {name: first[name] for name in self.row.parents}
        self.keep(first)

    def keep(self, named: dict[str, Any]) -> None:
        self.alive[self.life.keeper.shelf.key(named)] = named

    def send(self, operation: Operation, params: dict[str, Any]) -> Reply | None:
        """The answer; None for a refusal, which must be one of the model's."""
        try:
            return self.life.send(operation, params)
        except ServiceError as error:
            self.check(operation, error)
            return None

    def check(self, operation: Operation, error: ServiceError) -> None:
        """A refusal is one that the model knows."""
        assert error.code in {*operation.errors, *COMMON}, f"{operation.name}: {error.code}"

    @rule(seed=SEEDS)
    def create(self, seed: int) -> None:
        create = self.life.operation("create")
        assert create is not None
        try:
            self.keep(self.life.create(seed, **self.parents))
            assert self.row.quota is None or len(self.alive) <= QUOTA
        except ServiceError as error:
            self.check(create, error)

    @precondition(lambda self: self.alive and self.life.operation("update"))
    @rule(which=SEEDS, seed=SEEDS)
    def update(self, which: int, seed: int) -> None:
        operation = self.life.operation("update")
        assert operation is not None
        assert operation.input is not None
        params = {n: v for n, v in example(operation.input, seed).items() if n not in TOKENS | {"Tags", "tags"}}
        one = self.one(which)
        reply = self.send(operation, {**params, **one})
        named = shown_id(reply, self.row) if reply else None
        if named not in (None, one[self.row.id]):  # a new version of a model
            self.keep({**one, self.row.id: named})

    @precondition(lambda self: self.alive and self.life.operation("stop"))
    @rule(which=SEEDS)
    def stop(self, which: int) -> None:
        operation = self.life.operation("stop")
        assert operation is not None
        self.send(operation, self.one(which))

    @precondition(lambda self: self.alive and self.life.operation("delete"))
    @rule(which=SEEDS)
    def delete(self, which: int) -> None:
        operation = self.life.operation("delete")
        assert operation is not None
        one = self.one(which)
        if self.send(operation, one) is not None:
            del self.alive[self.life.keeper.shelf.key(one)]
            read = self.life.operation("read")
            assert read is None or self.send(read, one) is None, "deleted, and still described"

    @precondition(lambda self: self.alive and "TagResource" in load(self.service).operations)
    @rule(which=SEEDS, keys=st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True), untag=st.booleans())
    def tag(self, which: int, keys: list[str], untag: bool) -> None:
        record = self.life.record(self.one(which))
        try:
            self.life.tag(record["arn"], keys, untag)
        except ServiceError as error:
            self.check(load(self.service).operations["UntagResource" if untag else "TagResource"], error)

    @rule(minutes=st.sampled_from([1, 30, 6000]))
    def wait(self, minutes: int) -> None:
        self.life.mock.clock.advance(minutes=minutes)

    @invariant()
    def what_is_listed_is_what_can_be_described(self) -> None:
        read = self.life.operation("read")
        for one in self.alive.values() if read else ():
            shown = self.life.send(read, one)
            assert hides_id(read, self.row) or shown_id(shown, self.row) == one[self.row.id]
        if self.alive and self.life.operation("list") is not None:
            assert len(listed(self.life, next(iter(self.alive.values())))) == len(self.alive)
        made = AWS_MAKES.get(self.row.noun)
        there = self.life.keeper.all(self.parents)
        assert len([one for one in there if one["members"][self.row.id] != made]) == len(self.alive)

    def one(self, which: int) -> dict[str, Any]:
        names = sorted(self.alive)
        return self.alive[names[which % len(names)]]


@pytest.mark.parametrize(("service", "row"), ROWS)
def test_any_sequence_of_calls_leaves_a_whole_world(service: str, row: Resource) -> None:
    machine = type(f"{row.noun}Machine", (Machine,), {"service": service, "row": row})
    few = settings(max_examples=5, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    with with_quota(service, row, QUOTA):
        run_state_machine_as_test(machine, settings=few)
