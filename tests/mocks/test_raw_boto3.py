"""What the tables keep, asked for by raw boto3: its methods, paginators and waiters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
import pytest
from aiservices_mocks.boto3_bridge import bridge
from aiservices_mocks.replies import check_reply
from aiservices_mocks.resources import Resource
from botocore.exceptions import ClientError

from aiservices.api.model import Operation, load
from aiservices.call import SERVICES
from tests.mocks.lives import Life, has, listed, rows
from tests.mocks.prepared_pictures import starting
from tests.mocks.prepared_texts import building
from tests.mocks.test_operations import asked, filled, row_of

pytestmark = pytest.mark.usefixtures("witness")

PAGINATORS = [
    pytest.param(operation, id=f"{service}-{operation.name}")
    for service in SERVICES
    for operation in load(service).operations.values()
    if operation.name in load(service).raw.get("paginators", {}) and (row_of(operation) or ("", ""))[1] == "list"
]
BEGUN: Mapping[str, Callable[[Life], dict[str, Any]]] = {
    "BotLocaleBuilt": building,
    "BotLocaleExpressTestingAvailable": building,
    "ProjectVersionRunning": starting,
}
"""What begins that which a waiter waits for, where that is not a create, and names it."""
WAITERS = [(service, name) for service in SERVICES for name in load(service).raw.get("waiters", {})]


@cache
def client_of(service: str) -> Any:
    return boto3.client(service, region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")


@contextmanager
def bridged(life: Life) -> Iterator[Any]:
    """A raw client that the world of a life answers."""
    with bridge(life.mock):
        yield client_of(life.service)


def send(client: Any, operation: Operation, params: dict[str, Any]) -> dict[str, Any]:
    reply: dict[str, Any] = getattr(client, operation.python_name)(**params)
    assert check_reply(operation, reply) == []
    return reply


@pytest.mark.parametrize(("service", "row"), rows(lambda service, row: has(service, row, "read")))
def test_a_resource_is_described_and_deleted(service: str, row: Resource) -> None:
    life = Life(service, row)
    named = life.create(0)
    life.settle()
    read, delete = life.operation("read"), life.operation("delete")
    assert read is not None
    with bridged(life) as client:
        send(client, read, {**filled(life, read, known=named), **asked(read, named)})
        if delete is None:
            return
        send(client, delete, {**filled(life, delete, known=named), **asked(delete, named)})
        with pytest.raises(ClientError) as caught:
            send(client, read, {**filled(life, read, known=named), **asked(read, named)})
        assert caught.value.response["Error"]["Code"] in {*read.errors, "ValidationException"}


@pytest.mark.parametrize("operation", PAGINATORS)
def test_its_paginator_finds_all(operation: Operation) -> None:
    found = row_of(operation)
    assert found is not None
    life = Life(operation.service.name, found[0])
    first = life.create(0)
    for seed in (1, 2) if life.row.made else ():
        life.create(seed, **{name: first[name] for name in life.row.parents})
    life.settle()
    expected = listed(life, first)
    params = {**filled(life, operation, known=first)}
    params |= {n: v for n, v in asked(operation, first).items() if n in operation.input.required}  # type: ignore[union-attr]  # what is paged takes a token
    with bridged(life) as client:
        paginator = client.get_paginator(operation.python_name)
        size = {"PaginationConfig": {"PageSize": 1}} if paginator._limit_key else {}
        pages = list(paginator.paginate(**params, **size))
    assert operation.output is not None
    member = next(name for name, shape in operation.output.members.items() if shape.type == "list")
    assert [item for page in pages for item in page[member]] == expected


@pytest.mark.parametrize(("service", "name"), WAITERS)
def test_its_waiters_do_not_sleep(service: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: pytest.fail(f"{name} slept {seconds} s"))
    operation = load(service).operations[load(service).raw["waiters"][name]["operation"]]
    found = row_of(operation)
    assert found is not None, operation.name
    life = Life(service, found[0])
    named = BEGUN[name](life) if name in BEGUN else life.create(0)
    with bridged(life) as client:
        waiter = client.get_waiter(next(one for one in client.waiter_names if one.replace("_", "") == name.lower()))
        waiter.wait(**{**filled(life, operation, known=named), **asked(operation, named)})
