"""botocore's requests answered as if by AWS: on the wire, below signing and serialization, above the network.

An endpoint sends its requests through `before-send` handlers, and takes an answer that one of them gives for the
server's. So does a stand-in for the endpoint that is put before it: botocore's own parsers, errors and retries run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from aiservices.api.model import Operation, load
from aiservices.api.wire import Malformed, Request, Response, Route
from aiservices.api.wire.bindings import Template
from aiservices.call import Backend, Clock, WallClock
from aiservices.errors import ServiceError, TransportError

from .asking import ask
from .stalling import Stalling


class StandIn:
    """Stands for an endpoint, and answers some of its events."""

    def __init__(self, endpoint: Any, events: Mapping[str, Callable[[Any], Any]]) -> None:
        """events: by the first word of an event's name, a function of what the real handlers said."""
        self._endpoint = endpoint
        self._event_emitter = self
        self._events = events

    def __getattr__(self, name: str) -> Any:
        return getattr(self._endpoint, name)

    def emit(self, event_name: str, **told: Any) -> Any:
        """As botocore's emitter: (handler, answer) pairs."""
        emitter = self._endpoint._event_emitter
        answer = self._events.get(event_name.partition(".")[0])
        return emitter.emit(event_name, **told) if answer is None else answer(lambda: emitter.emit(event_name, **told))


class Answering(StandIn):
    """Stands for an endpoint: what AWS would answer is answered by a backend."""


def sending(backend: Backend, endpoint: Any, request: Any, model: Any, context: Mapping[str, Any]) -> Answering:
    """The endpoint, for one attempt of a request."""
    return Answering(endpoint, {"before-send": lambda _: [(None, _answer(backend, endpoint, request, model, context))]})


def retrying(backend: Backend, endpoint: Any) -> Answering:
    """The endpoint, for the wait before the next attempt: it passes on the backend's clock."""
    clock = clock_of(backend)

    def wait(ask: Callable[[], Any]) -> Any:
        said = next((answer for _, answer in ask() if answer is not None), None)
        if said is None or said is False:
            return [(None, said)]
        clock.sleep(said)
        return [(None, 0)]

    return Answering(endpoint, {"needs-retry": wait})


def _answer(backend: Backend, endpoint: Any, request: Any, model: Any, context: Mapping[str, Any]) -> Any:
    from botocore.awsrequest import AWSResponse

    response = _respond(backend, endpoint, request, model, context)
    if isinstance(response.body, Stalling):
        headers = _headers({**response.headers, "Content-Length": str(response.body.size)})
        return AWSResponse(request.url, response.status, headers, _Stalled(response.body, request.url))
    status, headers, body = _received(response, request.url)
    return AWSResponse(request.url, status, headers, _Raw(body))


def respond(
    backend: Backend, endpoint: Any, request: Any, model: Any, context: Mapping[str, Any]
) -> tuple[int, Any, bytes]:
    """Status, headers and body of the backend's answer to a prepared request; a lost one is botocore's error."""
    return _received(_respond(backend, endpoint, request, model, context), request.url)


def _received(response: Response, url: str) -> tuple[int, Any, bytes]:
    from botocore.exceptions import ReadTimeoutError

    told = response.body
    try:
        data = told.read() if hasattr(told, "read") else told
    except TransportError as error:
        raise ReadTimeoutError(endpoint_url=url) from error
    return response.status, _headers({**response.headers, "Content-Length": str(len(data))}), data


def _respond(backend: Backend, endpoint: Any, request: Any, model: Any, context: Mapping[str, Any]) -> Response:
    from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

    operation = load(model.service_model.service_name).operation(model.name)
    asked = _request(request, urlsplit(endpoint.host).path)
    route = _route(operation, model.service_model.resolved_protocol, asked)
    config = context.get("client_config")
    clock = clock_of(backend)
    deadline = clock.monotonic() + config.read_timeout if config and config.read_timeout else None
    try:
        return route.answer(ask(backend, context["client_region"], replace(route.read(asked), deadline=deadline)))
    except ServiceError as error:
        return route.fault(error)
    except Malformed as problem:
        return route.refusal(problem)
    except TransportError as error:
        if not error.sent:
            raise EndpointConnectionError(endpoint_url=request.url) from error
        late = deadline is not None and clock.monotonic() > deadline
        kind = ReadTimeoutError if late else ConnectionClosedError
        raise kind(endpoint_url=request.url) from error


def clock_of(backend: Backend) -> Clock:
    """The clock on which waits pass."""
    clock = getattr(backend, "clock", None)
    return clock if isinstance(clock, Clock) else WallClock()


def _request(request: Any, prefix: str) -> Request:
    """The prepared request; `prefix` is the path of an endpoint URL that has one."""
    url = urlsplit(request.url)
    path = url.path.removeprefix(prefix.rstrip("/")) if prefix.strip("/") else url.path
    headers = {name: _text(value) for name, value in request.headers.items()}
    body = request.body
    data = b"" if body is None else body.encode() if isinstance(body, str) else body
    return Request(request.method, f"{path}?{url.query}", headers, data)


def _text(value: Any) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def _route(operation: Operation, protocol: str, request: Request) -> Route:
    labels = _template(operation).labels(request) if protocol == "rest-json" else {}
    assert labels is not None, "botocore's own path fits"
    return Route(operation, protocol, labels)


@cache
def _template(operation: Operation) -> Template:
    return Template(operation)


def _headers(told: Mapping[str, str]) -> Any:
    from botocore.compat import HTTPHeaders

    headers = HTTPHeaders()
    for name, value in told.items():
        headers[name] = value
    return headers


class _Raw(BytesIO):
    """A body as urllib3 has it."""

    def stream(self, amt: int = 65536, **_: Any) -> Iterator[bytes]:
        """In chunks."""
        while chunk := self.read(amt):
            yield chunk


class _Stalled:
    """A body as urllib3 has it, received while it is read."""

    def __init__(self, body: Stalling, url: str) -> None:
        self._body = body
        self._url = url

    def read(self, amt: int | None = None) -> bytes:
        """The next bytes, or urllib3's error when they come too late."""
        from urllib3.exceptions import ReadTimeoutError

        try:
            return self._body.read(amt)
        except TransportError as error:
            raise ReadTimeoutError(None, self._url, "Read timed out.") from error  # type: ignore[arg-type]

    def stream(self, amt: int = 65536, **_: Any) -> Iterator[bytes]:
        """In chunks."""
        while chunk := self.read(amt):
            yield chunk

    def close(self) -> None:
        """Nothing is open."""
        self._body.close()
