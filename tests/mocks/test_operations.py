"""Every operation of the models, with what it needs: the mock answers it, and with success."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from aiservices_mocks.examples import example
from aiservices_mocks.resources import VERBS, Resource, Verb

from aiservices.api.model import Operation, load
from aiservices.call import SERVICES
from tests.mocks.kept import survives
from tests.mocks.lives import ROWS, TOKENS, Life
from tests.mocks.prepared import REQUESTS

pytestmark = pytest.mark.usefixtures("witness")

OPERATIONS = [operation for service in SERVICES for operation in load(service).operations.values()]


def name_of(operation: Operation) -> str:
    return f"{operation.service.name}.{operation.name}"


def row_of(operation: Operation) -> tuple[Resource, Verb] | None:
    """The row of the tables that an operation belongs to, and what it does there."""
    for param in ROWS:
        service, row = param.values
        if service == operation.service.name:
            for verb in VERBS:
                if row.operation(verb, operation.service) is operation:
                    return row, verb
    return None


def call(operation: Operation) -> Life:
    """Make what an operation needs, and call it; the world in which that was."""
    service = operation.service.name
    found = row_of(operation)
    life = Life(service, found[0] if found else next((r for r in rows(service)), None))  # type: ignore[arg-type]  # a service without rows needs no row
    prepare = REQUESTS.get(name_of(operation))
    if prepare is not None:
        life.send(operation, prepare(life))
    elif found is None:
        life.send(operation, filled(life, operation))
    elif found[1] == "create":
        life.create(0)
    else:
        named = life.create(0)
        if found[1] != "stop":
            life.settle()
        life.send(operation, {**filled(life, operation, known=named), **asked(operation, named)})
    return life


def asked(operation: Operation, named: Mapping[str, Any]) -> dict[str, Any]:
    """The members that name a resource, as far as the request has them."""
    members = operation.input.members if operation.input else {}
    own = {name: value for name, value in named.items() if name in members}
    return own or dict(named)


def filled(life: Life, operation: Operation, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A request with the members that the model requires; what names a resource names one that is there."""
    if operation.input is None:
        return {}
    members, known = operation.input.members, known or {}
    params: dict[str, Any] = example(operation.input, 1, optional=False)
    wanted = [name for name in members if name in operation.input.required - TOKENS and name not in known]
    named = {**known, **{name: tagged(life) for name in wanted if name.lower() == "resourcearn"}}
    for row in by_fitness(life, operation):
        if row.id not in named and not {row.id, f"{row.id}s"}.isdisjoint(wanted):
            named |= there(life, row, named)
    for name in wanted:
        value = named.get(name) or named.get(name.removesuffix("s")) or other(life, name)
        if value is not None:
            params[name] = [value] if members[name].type == "list" and not isinstance(value, list) else value
    return params


def by_fitness(life: Life, operation: Operation) -> list[Resource]:
    """The rows: first those whose identity the request has as a whole, and among them what the operation is called by."""
    members = operation.input.members if operation.input else {}

    def fitness(row: Resource) -> tuple[int, bool]:
        identity = {row.id, *row.parents, *row.keys}
        return len(identity) if identity <= members.keys() else 0, row.noun in operation.name

    return sorted(life.rows, key=fitness, reverse=True)


def there(life: Life, row: Resource, known: Mapping[str, Any]) -> dict[str, Any]:
    """What names one of these: made under the parents that are known, and in its last state."""
    if row.noun not in life.used_ones:
        life.used_ones[row.noun] = life.create(0, row, **{name: known[name] for name in row.parents if name in known})
        life.settle()
    return life.used_ones[row.noun]


def other(life: Life, member: str) -> Any:
    """What another member than an id names: one that rows have as a parent, or use."""
    for row in life.rows:
        for name, nouns in {**row.parents, **row.uses}.items():
            if name == member:
                return life.used(nouns.split("|")[0])
    return None


def tagged(life: Life) -> str:
    """The ARN of something that has a tag."""
    for row in life.rows:
        if row.arn and life.operation("create", row) is not None:
            named = life.create(0, row)
            service = life.mock._service(life.service)
            assert service is not None
            record = service.keepers[row.noun].find(named)
            assert record is not None
            life.tag(record["arn"], ["team"])
            return str(record["arn"])
    raise AssertionError(f"nothing of {life.service} has an ARN")


def rows(service: str) -> list[Resource]:
    return [param.values[1] for param in ROWS if param.values[0] == service]


@pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)
def test_it_is_answered_with_success(operation: Operation) -> None:
    survives(call(operation).mock)
