"""aiobotocore's clients in this process: no server, and nothing may be connected to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiobotocore.client import AioBaseClient
from aiobotocore.endpoint import AioEndpoint
from aiobotocore.session import get_session
from aiservices_mocks import Mock, mock_ai
from botocore.client import BaseClient
from botocore.endpoint import Endpoint

METHODS = {
    (owner, name): vars(owner)[name]
    for owner in (Endpoint, AioEndpoint, BaseClient, AioBaseClient)
    for name in ("__init__", "_do_get_response", "_needs_retry", "_make_api_call")
    if name in vars(owner)
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _no_network_no_waits_and_no_trace(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError(f"not to be called: {args}")

    sleep = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda seconds, *result: refuse(seconds) if seconds else sleep(0, *result))
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    yield
    assert {(owner, name): vars(owner).get(name) for owner, name in METHODS} == METHODS


@pytest.fixture(params=["wire", "fast"])
def fast(request: pytest.FixtureRequest) -> bool:
    """Both ways to answer."""
    return bool(request.param == "fast")


@pytest.fixture
def mock(fast: bool) -> Iterator[Mock]:
    with mock_ai(fast=fast) as mock:
        yield mock


@pytest.fixture
def wired() -> Iterator[Mock]:
    """A mock that answers below botocore's serialization and retries."""
    with mock_ai() as mock:
        yield mock


@pytest.fixture
def client() -> Callable[..., Any]:
    """Opens a client: `async with client("polly") as polly`."""
    session = get_session()
    return session.create_client
