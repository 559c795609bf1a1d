"""A service on this machine's loopback that misbehaves as told, and counts what it carried out."""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple


class Request(NamedTuple):
    """What came in."""

    operation: str
    """From the target header; of a REST call its method and path."""
    body: bytes
    headers: Mapping[str, str]

    @property
    def params(self) -> Any:
        return json.loads(self.body)


class Loopback:
    """Carries out each request and answers `{}` unless the next behaviour of the script says otherwise.

    `requests` are those that came in, `effects` those that were carried out.
    """

    def __init__(self, *script: Behaviour) -> None:
        self.script = deque(script)
        self.requests: list[Request] = []
        self.effects: list[Request] = []
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Loopback:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Exchange:
    """One request and the means to answer it."""

    def __init__(self, service: Loopback, handler: BaseHTTPRequestHandler, request: Request) -> None:
        self.service = service
        self.handler = handler
        self.request = request

    def carry_out(self) -> None:
        self.service.effects.append(self.request)

    def answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.handler.send_response(status)
        self.handler.send_header("x-amzn-requestid", f"request-{len(self.service.requests)}")
        for name, value in {"content-length": str(len(body)), **headers}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(body)
        self.handler.wfile.flush()

    def hang_up(self) -> None:
        self.handler.close_connection = True
        self.handler.connection.shutdown(socket.SHUT_RDWR)


Behaviour = Callable[[Exchange], None]


def works(reply: Mapping[str, Any] | bytes = b"{}", **headers: str) -> Behaviour:
    """Carry it out and answer with JSON, or with these bytes."""
    body = reply if isinstance(reply, bytes) else json.dumps(reply).encode()

    def behave(exchange: Exchange) -> None:
        exchange.carry_out()
        exchange.answer(200, body, headers)

    return behave


def refuses(status: int, code: str, message: str = "no", **headers: str) -> Behaviour:
    """Answer with an error of the service; nothing is carried out."""
    body = json.dumps({"__type": f"com.amazonaws.test#{code}", "message": message}).encode()
    return lambda exchange: exchange.answer(
        status,
        body,
        {"x-amzn-errortype": f"{code}:http://internal/", **{k.replace("_", "-"): v for k, v in headers.items()}},
    )


def fails(status: int, body: bytes, *, effect: bool = False) -> Behaviour:
    """Answer with a status and a body that no service writes, as a proxy does."""

    def behave(exchange: Exchange) -> None:
        if effect:
            exchange.carry_out()
        exchange.answer(status, body, {"content-type": "text/html"})

    return behave


def hangs(*, effect: bool) -> Behaviour:
    """Never answer."""

    def behave(exchange: Exchange) -> None:
        if effect:
            exchange.carry_out()
        exchange.service.over.wait()
        exchange.handler.close_connection = True

    return behave


def drops(*, effect: bool) -> Behaviour:
    """Close the connection instead of answering, before or after the work is done."""

    def behave(exchange: Exchange) -> None:
        if effect:
            exchange.carry_out()
        exchange.hang_up()

    return behave


def breaks_off(body: bytes, length: int) -> Behaviour:
    """Do the work, announce so many bytes, send fewer and close."""

    def behave(exchange: Exchange) -> None:
        exchange.carry_out()
        exchange.answer(200, body, {"content-length": str(length), "content-type": "audio/mpeg"})
        exchange.hang_up()

    return behave


def _handler(service: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            target = self.headers.get("x-amz-target", f"{self.command} {self.path}")
            request = Request(target.rpartition(".")[2], body, dict(self.headers))
            service.requests.append(request)
            behave = service.script.popleft() if service.script else works()
            behave(Exchange(service, self, request))

        do_GET = do_PUT = do_DELETE = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
