"""One server for all tests, a fresh world for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import httpx
import pytest

from aiservices.server import Application, Server


@pytest.fixture(scope="session")
def served() -> Iterator[Server]:
    with Server(Application.of_mock(seed=7)) as server:
        yield server


@pytest.fixture
def server(served: Server) -> Server:
    application = served.application
    assert application.fresh is not None
    application.backend = application.fresh()
    return served


@pytest.fixture
def mock(server: Server) -> Any:
    return server.application.backend


_clients: dict[str, Any] = {}
"""Making one takes longer than most tests; they remember nothing."""


@pytest.fixture
def client(server: Server) -> Callable[..., Any]:
    """A boto3 client of the server."""

    def make(service: str, **how: Any) -> Any:
        given = {"endpoint_url": server.url, "region_name": "us-east-1", **how}
        key = f"{service} {given}"
        if key not in _clients:
            _clients[key] = boto3.session.Session().client(service, **given)
        return _clients[key]

    return make


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url) as client:
        yield client
