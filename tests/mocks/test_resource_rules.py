"""Every rule of every table: it holds, and what shows that it holds fails when the rule is taken out of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from aiservices_mocks import Clock
from aiservices_mocks.backend import service_class
from aiservices_mocks.examples import example
from aiservices_mocks.resources import Resource

from aiservices.api.model import Operation, load
from aiservices.errors import ServiceError
from tests.mocks.lives import (
    GIVEN,
    ROWS,
    TOKENS,
    Life,
    has,
    nothing,
    replaces,
    rows,
    shown_id,
    swapped,
    with_quota,
)


class Rule(NamedTuple):
    """One rule of a row, how to see that it holds, and the row without it."""

    service: str
    row: Resource
    what: str
    holds: Callable[[str, Resource], None]
    without: Resource


def refused(life: Life, operation: Operation, params: Mapping[str, Any]) -> str:
    with pytest.raises(ServiceError) as caught:
        life.send(operation, params)
    return caught.value.code


def needs_parent(member: str) -> Callable[[str, Resource], None]:
    """It is made where its parent is, and goes with it."""

    def holds(service: str, row: Resource) -> None:
        life = Life(service, row)
        first = life.create(0)
        with pytest.raises(ServiceError):
            life.create(1, **{**{n: first[n] for n in row.parents}, member: swapped(first[member])})
        if row.made != "{arn}":
            assert life.keeper.find({**first, member: swapped(first[member])}) is None
        parents = life.keepers[row.parents[member]]
        parent = parents.find({**first, parents.row.id: first[member]})
        assert parent is not None
        parents.remove(parent)
        assert life.keeper.find(first) is None

    return holds


def needs_used(member: str) -> Callable[[str, Resource], None]:
    """What it uses must be there, and cannot be deleted."""

    def holds(service: str, row: Resource) -> None:
        life = Life(service, row)
        create = life.operation("create")
        assert create is not None
        assert create.input is not None
        first = life.create(0)
        noun = row.uses[member].split("|")[0]
        name = life.used(noun)
        unknown: Any = {n: swapped(v) for n, v in name.items()} if isinstance(name, dict) else swapped(name)
        if member in create.input.members and create.input.members[member].type == "list":
            unknown = [unknown]
        with pytest.raises(ServiceError):
            life.create(1, **{n: first[n] for n in row.parents}, **{member: unknown})
        life.settle()
        keeper = life.keepers[noun]
        record = keeper.find(name if isinstance(name, dict) else {**life.used_ones[noun], keeper.row.id: name})
        assert record is not None
        assert row.noun in keeper.rules.users(record)
        delete = life.operation("delete", keeper.row)
        if delete is not None:
            assert "NotFound" not in refused(life, delete, life.used_ones[noun])

    return holds


def has_key(member: str) -> Callable[[str, Resource], None]:
    """Another value of a key names another one."""

    def holds(service: str, row: Resource) -> None:
        life = Life(service, row)
        first = life.create(0)
        assert life.keeper.find(first) is not None
        assert life.keeper.find({**first, member: swapped(first[member])}) is None

    return holds


def has_quota(service: str, row: Resource) -> None:
    with with_quota(service, row, 2):
        life = Life(service, row)
        first = life.create(0)
        parents = {name: first[name] for name in row.parents}
        life.create(1, **parents)
        with pytest.raises(ServiceError) as caught:
            life.create(2, **parents)
    create = life.operation("create")
    assert create is not None
    assert caught.value.code in ([code for code in create.errors if "Exceeded" in code] or ["ValidationException"])


def goes_through_its_states(service: str, row: Resource) -> None:
    life = Life(service, row, Clock.manual())
    assert row.life is not None
    first = life.create(0)
    for state, seconds in row.life.created:
        assert life.state(first) == state
        life.mock.clock.advance(seconds=seconds)
    assert life.state(first) == row.life.created[-1][0]


def changes_state(verb: str) -> Callable[[str, Resource], None]:
    def holds(service: str, row: Resource) -> None:
        life = Life(service, row, Clock.manual())
        assert row.life is not None
        first = life.create(0)
        steps = row.life.updated if verb == "update" else row.life.stopped
        if verb == "update":
            life.settle()
        operation = life.operation(verb)  # type: ignore[arg-type]  # update or stop
        assert operation is not None
        assert operation.input is not None
        optional = TOKENS - operation.input.required
        params = {n: v for n, v in example(operation.input, 1, optional=False).items() if n not in optional}
        given = GIVEN.get((service, row.noun), nothing)(life, 1) if verb == "update" else {}
        params |= {n: v for n, v in given.items() if n in operation.input.members and v is not None}
        life.send(operation, {**params, **first})
        for state, seconds in steps:
            assert life.state(first) == state
            life.mock.clock.advance(seconds=seconds)

    return holds


def is_steady(service: str, row: Resource) -> None:
    life = Life(service, row, Clock.manual())
    delete = life.operation("delete")
    assert delete is not None
    first = life.create(0)
    assert "NotFound" not in refused(life, delete, first)
    life.settle()
    life.send(delete, first)


def is_held(service: str, row: Resource) -> None:
    kind = service_class(service)
    assert kind is not None
    child = next(one for one in kind.resources if row.noun in one.parents.values())
    life = Life(service, child)
    first = life.create(0)
    life.settle()
    delete = life.operation("delete", row)
    assert delete is not None
    member = next(member for member, noun in child.parents.items() if noun == row.noun)
    assert "NotFound" not in refused(life, delete, {**first, row.id: first[member]})


def is_unique(service: str, row: Resource) -> None:
    life = Life(service, row)
    first = life.create(0)
    life.mock.clock.advance(seconds=1)
    with pytest.raises(ServiceError):
        life.create(0, **{name: first[name] for name in row.parents})


def fails_without_its_files(service: str, row: Resource) -> None:
    """What it reads, and the bucket that it writes to, went meanwhile."""
    life = Life(service, row, Clock.manual())
    assert row.life is not None
    first = life.create(0)
    for path in [*life.mock.s3]:
        del life.mock.s3[path]
    for bucket in life.mock.s3.buckets():
        life.mock.s3.send("DeleteBucket", Bucket=bucket)
    life.settle()
    assert life.state(first) == row.life.failed
    assert life.record(first)["members"][row.life.reason]


TWICE = dict.fromkeys(
    (
        "frauddetector-ModelVersion-failed",
        "kendra-DataSourceSyncJob-failed",
        "rekognition-MediaAnalysisJob-failed",
        "translate-ParallelData-failed",
    ),
    "The work itself says so: it tells more than a reason, or goes back to what was before.",
)
"""Rules that a row has although something else has them too, and why."""

WITHOUT_FILES = {
    *("Predictor", "Forecast", "WhatIfAnalysis", "WhatIfForecast", "Explainability", "SolutionVersion", "Recommender"),
    *("BotResourceGeneration", "BotAnalyzer", "TestExecution", "TestSetDiscrepancyReport", "Export"),
}
"""Their work reads what the service keeps, and writes nothing to S3."""


def rules_of(service: str, row: Resource) -> Iterator[Rule]:
    for member in row.parents:
        left = {name: noun for name, noun in row.parents.items() if name != member}
        yield Rule(service, row, f"parent {member}", needs_parent(member), replace(row, parents=left))
    for member in row.uses:
        left = {name: noun for name, noun in row.uses.items() if name != member}
        yield Rule(service, row, f"uses {member}", needs_used(member), replace(row, uses=left))
    for member in row.keys:
        keys = tuple(name for name in row.keys if name != member)
        yield Rule(service, row, f"key {member}", has_key(member), replace(row, keys=keys))
    if row.quota:
        yield Rule(service, row, "quota", has_quota, replace(row, quota=None))
    if row.steady and has(service, row, "delete"):
        yield Rule(service, row, "steady", is_steady, replace(row, steady=False))
    if row.held:
        yield Rule(service, row, "held", is_held, replace(row, held=False))
    if row.unique and not replaces(service, row):
        yield Rule(service, row, "unique", is_unique, replace(row, unique=""))
    if row.life is not None and (has(service, row, "read") or has(service, row, "list")):
        for state, _ in row.life.created:
            left_states = tuple(step for step in row.life.created if step[0] != state)
            mutant = replace(row, life=replace(row.life, created=left_states))
            yield Rule(service, row, f"state {state}", goes_through_its_states, mutant)
        if row.life.updated and has(service, row, "update"):
            mutant = replace(row, life=replace(row.life, updated=()))
            yield Rule(service, row, "updated", changes_state("update"), mutant)
        if row.life.stopped and has(service, row, "stop"):
            yield Rule(service, row, "stopped", changes_state("stop"), replace(row, life=replace(row.life, stopped=())))
        if row.work is not None and row.noun not in WITHOUT_FILES:
            mutant = replace(row, life=replace(row.life, failed="LOST"))
            yield Rule(service, row, "failed", fails_without_its_files, mutant)


def id_of(rule: Rule) -> str:
    return f"{rule.service}-{rule.row.noun}-{rule.what.replace(' ', '-')}"


RULES = [pytest.param(rule, id=id_of(rule)) for param in ROWS for rule in rules_of(*param.values)]


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_holds(rule: Rule) -> None:
    rule.holds(rule.service, rule.row)


@pytest.mark.parametrize("rule", RULES)
def test_without_the_rule_it_does_not_hold(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = service_class(rule.service)
    assert kind is not None
    mutated = tuple(rule.without if one.noun == rule.row.noun else one for one in kind.resources)
    monkeypatch.setattr(kind, "resources", mutated)
    if id_of(rule) in TWICE:
        rule.holds(rule.service, rule.row)
        return
    with pytest.raises((AssertionError, ServiceError, pytest.fail.Exception)):
        rule.holds(rule.service, rule.row)


def test_what_holds_twice_is_a_rule_of_a_table() -> None:
    assert TWICE.keys() <= {param.id for param in RULES}


@pytest.mark.parametrize(("service", "row"), rows(lambda service, row: row.parents))
def test_it_goes_with_its_parent_or_holds_it(service: str, row: Resource) -> None:
    life = Life(service, row)
    first = life.create(0)
    life.settle()
    member, noun = [*row.parents.items()][-1]
    parent = life.keepers[noun].row
    delete, refusal = life.operation("delete", parent), None
    if delete is None:
        return
    try:
        life.send(delete, {parent.id: first[member], **{name: first[name] for name in (*parent.parents, *parent.keys)}})
    except ServiceError as error:
        refusal = error
    assert refusal is None or refusal.code in delete.errors
    assert (refusal is None) == (life.keeper.find(first) is None)


def token_of(service: str, row: Resource) -> str | None:
    """The member of its create that tells a repetition from another request."""
    create = row.operation("create", load(service))
    members = create.input.members if create and create.input else {}
    return next((name for name in members if name in TOKENS), None)


def can_differ(service: str, row: Resource) -> bool:
    """Whether there is another request with the same token and the same parents."""
    create = row.operation("create", load(service))
    members = create.input.members if create and create.input else {}
    return bool(members.keys() & TOKENS and members.keys() - TOKENS - row.parents.keys())


@pytest.mark.parametrize(("service", "row"), rows(token_of))
def test_a_request_that_is_sent_again_makes_nothing_new(service: str, row: Resource) -> None:
    life = Life(service, row)
    token = {str(token_of(service, row)): "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}
    first = life.create(0, **token)
    life.settle()
    create, before = life.operation("create"), kept(life)
    assert create is not None
    again = life.send(create, life.requests[row.noun])
    assert shown_id(again, row) in (None, first[row.id])
    assert kept(life) == before


@pytest.mark.parametrize(("service", "row"), rows(can_differ))
def test_a_token_of_another_request_is_refused(service: str, row: Resource) -> None:
    life = Life(service, row)
    token = {str(token_of(service, row)): "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}
    first = life.create(0, **token)
    life.settle()
    create, before = life.operation("create"), kept(life)
    assert create is not None
    with pytest.raises(ServiceError) as caught:
        life.create(1, **{name: first[name] for name in row.parents}, **token)
    mismatch = [code for code in create.errors if "Idempotent" in code]
    assert caught.value.code in (mismatch or {*create.errors, "ValidationException"})
    assert kept(life) == before


def kept(life: Life) -> str:
    """All that there is of the row."""
    return repr([*life.keeper.shelf])
