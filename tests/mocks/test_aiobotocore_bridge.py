"""When aiobotocore is met, and that it is never imported; real clients of it run in tests/clients."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType
from typing import Any

import boto3
import pytest
from aiservices_mocks import Clock, Mock, mock_ai
from aiservices_mocks.aiobotocore_bridge import patches
from botocore.awsrequest import AWSRequest
from botocore.client import BaseClient
from botocore.endpoint import Endpoint
from botocore.exceptions import EndpointConnectionError
from botocore.hooks import HierarchicalEmitter

from aiservices.errors import TransportError

MADE = Endpoint.__init__


def imported(monkeypatch: pytest.MonkeyPatch) -> tuple[type[Endpoint], type[BaseClient]]:
    """Modules with the shape of aiobotocore's, whose methods are the real ones' skeletons."""

    class AioEndpoint(Endpoint):
        async def _do_get_response(self, request: Any, operation_model: Any, context: Any) -> Any:
            said = await self._event_emitter.emit("before-send.polly.ListLexicons", request=request)
            return next((answer for _, answer in said if answer is not None), "the network's")

        async def _needs_retry(self, attempts: int, operation_model: Any) -> Any:
            said = await self._event_emitter.emit("needs-retry.polly.ListLexicons")
            return said[0][1]

    class AioBaseClient(BaseClient):
        async def _make_api_call(self, operation_name: str, api_params: Any) -> Any:
            return "the network's"

    class AioAWSResponse:
        def __init__(self, url: str, status_code: int, headers: Any, raw: Any) -> None:
            self.url, self.status_code, self.headers, self.raw = url, status_code, headers, raw

    for name, held in {"endpoint": AioEndpoint, "client": AioBaseClient, "awsrequest": AioAWSResponse}.items():
        module = ModuleType(f"aiobotocore.{name}")
        setattr(module, held.__name__, held)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return AioEndpoint, AioBaseClient


class Emitter(HierarchicalEmitter):
    """botocore's, awaited."""

    async def emit(self, event_name: str, **told: Any) -> Any:
        return super().emit(event_name, **told)


def endpoint(kind: type[Endpoint]) -> Any:
    return kind("https://polly.us-east-1.amazonaws.com", "polly", Emitter(), http_session=object())


def sent(one: Any) -> Any:
    model = boto3.client("polly", region_name="us-east-1").meta.service_model.operation_model("ListLexicons")
    request = AWSRequest("GET", "https://polly.us-east-1.amazonaws.com/v1/lexicons").prepare()
    return asyncio.run(one._do_get_response(request, model, {"client_region": "us-east-1"}))


def test_it_is_not_imported():
    with mock_ai(), mock_ai(fast=True):
        boto3.client("polly", region_name="us-east-1").list_lexicons()
        assert patches(Mock(), fast=False) == []
        assert not any(name.partition(".")[0] == "aiobotocore" for name in sys.modules)


def test_an_endpoint_made_before_is_answered(monkeypatch):
    kind, client = imported(monkeypatch)
    originals = kind._do_get_response, kind._needs_retry, client._make_api_call
    before = endpoint(kind)
    with mock_ai() as mock:
        answer = sent(before)
        assert answer.status_code == 200
        assert asyncio.run(answer.raw.read()) == b'{"Lexicons":[]}'
    assert sent(before) == "the network's"
    assert (kind._do_get_response, kind._needs_retry, client._make_api_call) == originals
    mock.calls("polly.ListLexicons").once()


def test_it_is_met_with_its_first_endpoint_when_it_is_imported_inside(monkeypatch):
    with mock_ai() as outer:
        kind, _ = imported(monkeypatch)
        original = kind._do_get_response
        with mock_ai() as inner:  # opened later, and still the inner one
            one = endpoint(kind)
            assert sent(one).status_code == 200
        assert sent(one).status_code == 200
    assert kind._do_get_response is original
    assert (len(outer.calls()), len(inner.calls())) == (1, 1)
    assert Endpoint.__init__ is MADE


def test_an_endpoint_made_when_all_is_over_meets_nothing(monkeypatch):
    kind, _ = imported(monkeypatch)
    original = kind._do_get_response
    with mock_ai():
        pass
    endpoint(kind)
    assert kind._do_get_response is original


def test_a_lost_connection_is_botocores(monkeypatch):
    kind, _ = imported(monkeypatch)
    with mock_ai() as mock:
        mock.on("polly").fails(TransportError("no route", sent=False))
        with pytest.raises(EndpointConnectionError):
            sent(endpoint(kind))


@pytest.mark.parametrize(("said", "waited"), [(2.5, 2.5), (None, 0), (False, 0)])
def test_a_wait_passes_on_the_mocks_clock(monkeypatch, said, waited):
    kind, _ = imported(monkeypatch)
    model = boto3.client("polly", region_name="us-east-1").meta.service_model.operation_model("ListLexicons")
    with mock_ai(clock=Clock.manual()) as mock:
        one = endpoint(kind)
        one._event_emitter.register("needs-retry.polly", lambda **told: said)
        left = asyncio.run(one._needs_retry(1, model))
        assert mock.clock.monotonic() == waited
    assert left == (0 if waited else said)
