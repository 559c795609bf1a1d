"""aiobotocore answered as boto3 is: it has overrides of its own, coroutines, of all that `boto3_bridge` patches.

The answers are computed in the event loop's own thread, one after the other. aiobotocore is never imported here: its
clients exist only where it has been.

What moto answers is made readable to aiobotocore, which moto alone does not do: so the two share one S3 here as well.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from functools import partial
from importlib import import_module
from inspect import isawaitable
from io import BytesIO
from typing import Any

from aiservices.call import Backend

from .asking import answers
from .patch import Patch
from .s3 import moto_is_active

Pairs = list[tuple[Any, Any]]


def patches(backend: Backend, fast: bool) -> list[Patch]:
    """aiobotocore's classes patched, so that the backend answers; none while it is not imported."""
    client = getattr(sys.modules.get("aiobotocore.client"), "AioBaseClient", None)
    endpoint = getattr(sys.modules.get("aiobotocore.endpoint"), "AioEndpoint", None)
    if client is None or endpoint is None:
        return []
    made = [
        Patch(client, "_make_api_call", partial(_api_call, backend, fast)),
        Patch(endpoint, "_do_get_response", partial(_attempt, backend, fast)),
    ]
    if not fast:
        made.append(Patch(endpoint, "_needs_retry", partial(_needs_retry, backend)))
    return made


def _api_call(backend: Backend, fast: bool, below: Any, patch: Patch) -> Any:
    async def api_call(client: Any, operation_name: str, api_params: Mapping[str, Any]) -> Any:
        service = client.meta.service_model.service_name
        if patch.closed or not (fast or service == "s3") or not answers(backend, service):
            return await below(client, operation_name, api_params)
        from .boto3_fast import answer_prepared, handled

        prepared = await client._emit_api_params(**handled(client, operation_name, api_params))
        read = {name: await _whole(value) for name, value in prepared.items()}
        return answer_prepared(backend, client, operation_name, read, partial(_stream, client.meta.endpoint_url))

    return api_call


def _attempt(backend: Backend, fast: bool, below: Any, patch: Patch) -> Any:
    async def do_get_response(endpoint: Any, request: Any, operation_model: Any, context: Mapping[str, Any]) -> Any:
        if patch.closed:
            return await below(endpoint, request, operation_model, context)
        from .boto3_wire import Answering, StandIn

        if not fast and answers(backend, operation_model.service_model.service_name):
            if not isinstance(endpoint, Answering):  # an inner bridge answers already
                request = await _read(request)
                send = partial(_answer, backend, endpoint, request, operation_model, context)
                endpoint = Answering(endpoint, {"before-send": send})
        elif moto_is_active():
            request = await _read(request)
            endpoint = StandIn(endpoint, {"before-send": _readable})
        return await below(endpoint, request, operation_model, context)

    return do_get_response


def _needs_retry(backend: Backend, below: Any, patch: Patch) -> Any:
    async def needs_retry(endpoint: Any, attempts: int, operation_model: Any, *told: Any, **named: Any) -> Any:
        if not patch.closed and answers(backend, operation_model.service_model.service_name):
            from .boto3_wire import Answering

            if not isinstance(endpoint, Answering):
                endpoint = Answering(endpoint, {"needs-retry": partial(_wait, backend)})
        return await below(endpoint, attempts, operation_model, *told, **named)

    return needs_retry


async def _answer(
    backend: Backend, endpoint: Any, request: Any, model: Any, context: Mapping[str, Any], _: Callable[[], Any]
) -> Pairs:
    """The backend's answer to a request, in the place of what handlers of `before-send` would give."""
    from .boto3_wire import respond

    return [(None, _response(request.url, *respond(backend, endpoint, request, model, context)))]


async def _wait(backend: Backend, ask: Callable[[], Awaitable[Pairs]]) -> Pairs:
    """The wait before the next attempt passes on the backend's clock."""
    from .boto3_wire import clock_of

    said = next((answer for _, answer in await ask() if answer is not None), None)
    if said is None or said is False:
        return [(None, said)]
    clock_of(backend).sleep(said)
    return [(None, 0)]


async def _readable(ask: Callable[[], Awaitable[Pairs]]) -> Pairs:
    """What moto gives is botocore's response; aiobotocore awaits what it reads of one."""
    kind = import_module("aiobotocore.awsrequest").AioAWSResponse

    def readable(said: Any) -> Any:
        if said is None or isinstance(said, kind):
            return said
        return _response(said.url, said.status_code, said.headers, said.content)

    return [(handler, readable(said)) for handler, said in await ask()]


def _response(url: str, status: int, headers: Any, body: bytes) -> Any:
    return import_module("aiobotocore.awsrequest").AioAWSResponse(url, status, headers, _Raw(url, body))


def _stream(url: str, body: Any) -> Any:
    """A body as aiobotocore has it."""
    data = body.read()
    return import_module("aiobotocore.response").StreamingBody(_Raw(url, data), len(data))


async def _read(request: Any) -> Any:
    """The request with a body of bytes; botocore rewinds that of its own before it tries again."""
    read = copy(request)
    read.body = await _whole(request.body)
    return read


async def _whole(body: Any) -> Any:
    """A body that is read with `await` or `async for`, as bytes; anything else as it is."""
    if hasattr(body, "__aiter__"):
        return b"".join([chunk async for chunk in body])
    if not hasattr(body, "read"):
        return body
    data = body.read()
    return await data if isawaitable(data) else data


class _Raw:
    """A response as aiohttp has it, received already."""

    def __init__(self, url: str, data: bytes) -> None:
        self.url = url
        self.content = _Content(data)

    async def __aenter__(self) -> _Raw:
        return self

    async def __aexit__(self, *raised: object) -> None:
        self.close()

    async def read(self) -> bytes:
        return await self.content.read()

    def close(self) -> None:
        """Nothing is open."""


class _Content:
    def __init__(self, data: bytes) -> None:
        self._file = BytesIO(data)
        self._length = len(data)

    async def read(self, n: int = -1) -> bytes:
        return self._file.read(n)

    def at_eof(self) -> bool:
        return self._file.tell() >= self._length
