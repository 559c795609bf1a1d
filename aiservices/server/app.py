"""The HTTP front of a backend as an ASGI application: any AWS SDK of any language gets its answers.

Ours are the operations of the twelve products; other services are answered by moto, if it is there.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any
from uuid import uuid4

from ..api.wire import Malformed, Request, Response, Route, Router
from ..api.wire.messages import Headers
from ..api.wire.routes import refusal, scope
from ..call import Backend
from ..errors import (
    AIServicesError,
    BudgetExceededError,
    DeadlineExceededError,
    InvalidCallError,
    MissingExtraError,
    ServiceError,
    TransportError,
)
from .beside import Moto, installed, objects
from .body import Gone, Receive, collect, is_chunked, unchunked
from .control import PREFIX, Control
from .keeping import Keeping
from .links import leads_away, led_here
from .presigned import as_posted
from .quick import Quick
from .signatures import Keys

LIMIT = 128 << 20
"""Bytes of a body for our services: Kendra takes documents of 50 MB, which Base64 makes a third longer."""
_LIMIT_BESIDE = 5 << 30
"""Bytes of a body for others: the largest object that S3 takes in one request."""
_PIECE = 1 << 16
_NOT_OURS = (
    "This server answers the twelve AI services; a mock's answers others (S3, STS ...) too "
    'when moto is there: pip install "aiservices[server]"'
)
_ACCESS_KEY = re.compile(r"Credential=([^/,\s]+)/")
_ACCOUNT = re.compile(r"\d{12}")
_OF_THE_CONNECTION = {b"connection", b"transfer-encoding", b"keep-alive"}
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]{2,10}){1,2}-\d")

Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class Application:
    """An ASGI application over any backend.

    fresh: makes the backend that takes the place of this one when a reset is asked for; None: it cannot be reset.
    moto: answers other services; None: they are refused.
    keys: every request must be signed with one of these; None: signatures are not looked at.
    threads: how many calls are worked on at once. limit: bytes of a body for our services.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        fresh: Callable[[], Backend] | None = None,
        moto: Moto | None = None,
        keys: Keys | None = None,
        threads: int = 32,
        limit: int = LIMIT,
    ) -> None:
        self.backend = backend
        """Who answers from now on."""
        self.fresh = fresh
        self.moto = moto
        self._keys = keys
        self.limit = limit
        """Bytes of a body for our services."""
        self._router = Router()
        self._control = Control(self)
        self._quick = Quick()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="aiservices-server")
        self.keeping: Keeping | None = None
        """Where the backend is saved; None: nowhere."""

    @classmethod
    def of_mock(
        cls, *, keys: Keys | None = None, state: Path | None = None, save_every: float | None = None, **world: Any
    ) -> Application:
        """A mock's, with moto beside it if that is installed: the mock's jobs use moto's S3.

        world: of the mock, as `Mock` takes it: seed, clock, strict, region ...
        state: a folder that the mock, S3's objects included, is loaded from if it was saved there, and saved in when
        the application is closed; save_every: and each so many seconds. Raises InvalidCallError when another program
        saves there, and when what is there cannot be read.
        """
        try:
            mocks = import_module("aiservices_mocks")
        except ImportError as missing:
            raise MissingExtraError("The mock backend", "mocks") from missing
        beside = installed()

        s3 = objects(world.get("region", "us-east-1")) if beside else None

        def fresh() -> Backend:
            backend: Backend = mocks.Mock(**{"s3": s3, **world})
            return backend

        application = cls(fresh(), fresh=fresh, moto=Moto() if beside else None, keys=keys)
        if state is not None:
            kept = Keeping(application, import_module("aiservices_mocks.state").State(state), save_every)
            saved = kept.load(world.get("s3", s3), world.get("seed"))
            if saved is not None:
                application.backend, world["seed"] = saved, saved.seed
            application.keeping = kept
            kept.start()
        return application

    @property
    def demands_signatures(self) -> bool:
        """Whether requests must be signed."""
        return self._keys is not None

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        request, query = _request(scope)
        route, problem = self._route(request)
        limit = self.limit if route or problem or request.path.startswith(PREFIX) else _LIMIT_BESIDE
        headers: dict[str, str] = {}
        try:
            request.body = await collect(receive, request.headers, limit)
        except Gone:
            return
        except Malformed as refused:
            problem = refused
            waits = "expect" in request.headers and scope["http_version"].startswith("1")  # its body never comes
            headers = {"Connection": "close"} if waits else {}
        try:
            if self._quick.holds(route, request.body):
                response = self._answer(request, query, route, problem)
            else:
                loop = asyncio.get_running_loop()
                response = await loop.run_in_executor(self._pool, self._answer, request, query, route, problem)
        except TransportError:  # no readable answer came: so none goes out
            await _drop(scope, receive)
            return
        await self._write(response, headers, send)

    def at_once(self, scope: Mapping[str, Any], body: bytes) -> Response | None:
        """The answer to a request whose operation is known to be quick; None: it is to be called as ASGI has it.

        Raises TransportError when the connection is to be ended without one.
        """
        request, query = _request(scope)
        route, problem = self._route(request)
        if not self._quick.holds(route, body):
            return None
        request.body = body
        return self._answer(request, query, route, problem)

    def _route(self, request: Request) -> tuple[Route | None, Malformed | None]:
        if request.path.startswith(PREFIX):
            return None, None
        try:
            return self._router.route(as_posted(request)), None
        except Malformed as problem:
            return None, problem

    def _answer(self, request: Request, query: str, route: Route | None, problem: Malformed | None) -> Response:
        """What goes out; raises TransportError when it is nothing."""
        try:
            if problem is not None:
                raise problem
            self._open_body(request, query)
            if route is not None:
                return self._ask(route, request)
            if request.path.startswith(PREFIX):
                return self._control.answer(request)
            if self.moto is None:
                raise Malformed(_NOT_OURS, "NotImplemented", 501)
            return self.moto.answer(request, query)
        except Malformed as refused:
            return route.refusal(refused, str(uuid4())) if route else self._refusal(request, refused)
        finally:
            if self.keeping is not None:
                self.keeping.changed = True
            if hasattr(request.body, "close"):
                request.body.close()

    def _open_body(self, request: Request, query: str) -> None:
        """Check who sent the request, and take its body out of AWS's chunks."""
        verifier = None
        if self._keys is not None and request.path != f"{PREFIX}health":
            verifier = self._keys.check(request, query)
        if is_chunked(request.headers):
            request.body = unchunked(request.body, request.headers, verifier)

    def _ask(self, route: Route, request: Request) -> Response:
        try:
            call = route.read(as_posted(request))
            backend, begin, began = self._backend_for(request), perf_counter(), thread_time()
            reply = backend.send(call)
            self._quick.learn(route, reply, thread_time() - began, perf_counter() - begin)
            response = route.answer(reply)
            if self.moto is None or not leads_away(route.operation, response):
                return response
            return route.answer(led_here(reply, route.operation, request, self._keys))
        except ServiceError as error:
            response = route.fault(error)
            if error.retry_after is None:
                return response
            return Response(
                response.status, {**response.headers, "Retry-After": f"{error.retry_after:g}"}, response.body
            )
        except TransportError:
            raise
        except AIServicesError as error:
            raise _unanswered(error) from error
        except Malformed:
            raise
        except Exception as error:
            _log_failure(route, error)
            raise Malformed("The server failed: see its log", "InternalServerException", 500) from error

    def _refusal(self, request: Request, problem: Malformed) -> Response:
        """A refusal where no operation is known, in the protocol that the request seems to speak."""
        made_id = str(uuid4())
        if request.path.startswith("/service/"):
            return refusal(problem, "smithy-rpc-v2-cbor", made_id)
        if "x-amz-target" in request.headers:
            return refusal(problem, "json", made_id)
        signed = scope(request)
        if signed is None or signed[1] in self._router.signing_names or request.path.startswith(PREFIX):
            return refusal(problem, "rest-json", made_id)
        said = f"<Code>{_escaped(problem.code)}</Code><Message>{_escaped(problem.message)}</Message>"
        text = f"<Error>{said}<RequestId>{made_id}</RequestId></Error>"
        if signed[1] != "s3":
            text = f"<ErrorResponse><Error>{said}</Error><RequestId>{made_id}</RequestId></ErrorResponse>"
        return Response(problem.status, {"Content-Type": "application/xml"}, text.encode())

    def _backend_for(self, request: Request) -> Any:
        """The backend, as the region and the account of the caller see it."""
        at = getattr(self.backend, "at", None)
        signed = scope(request)
        if at is None or signed is None or not _REGION.fullmatch(signed[0]):
            return self.backend
        return at(signed[0], self._account(request))

    def _account(self, request: Request) -> str | None:
        found = _ACCESS_KEY.search(request.headers.get("authorization", ""))
        if found is None:
            return None
        if _ACCOUNT.fullmatch(found[1]):
            return found[1]
        return self.moto.account(found[1]) if self.moto else None

    async def _write(self, response: Response, more: Mapping[str, str], send: Send) -> None:
        body = response.body
        await send({"type": "http.response.start", "status": response.status, "headers": raw_headers(response, more)})
        if isinstance(body, bytes):
            await send({"type": "http.response.body", "body": body})
            return
        loop = asyncio.get_running_loop()
        try:
            while piece := await loop.run_in_executor(self._pool, body.read, _PIECE):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            body.close()

    def close(self) -> None:
        """Let the calls that are under way end, take no more, and save what is kept."""
        self._pool.shutdown()
        if self.keeping is not None:
            self.keeping.close()


def _request(scope: Mapping[str, Any]) -> tuple[Request, str]:
    """The request as the protocols see it, without its body, and its query as it came."""
    headers = Headers()
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin-1"), value.decode("latin-1")
        headers[name] = f"{headers[name]},{text}" if name in headers else text
    query = scope["query_string"].decode("latin-1")
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    return Request(scope["method"], f"{path}?{query}" if query else path, headers), query


def raw_headers(response: Response, more: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as they go out; what would end a value is left out."""
    told = {**response.headers, **more}
    if type(response.body) is bytes:
        told.setdefault("Content-Length", str(len(response.body)))
    return [
        (low, (value if value.isprintable() else _CONTROLS.sub(" ", value)).encode("latin-1", "replace"))
        for name, value in told.items()
        if (low := _low(name)) not in _OF_THE_CONNECTION or name in more
    ]


@lru_cache(256)
def _low(name: str) -> bytes:
    return name.lower().encode("latin-1")


async def _drop(scope: Mapping[str, Any], receive: Receive) -> None:
    """End the connection without an answer."""
    scope.get("extensions", {})["aiservices.drop"]["end"]()
    while (await receive())["type"] != "http.disconnect":
        pass


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unanswered(error: AIServicesError) -> Malformed:
    """What a caller of AWS understands when there is no answer of the service's."""
    if isinstance(error, InvalidCallError):
        return Malformed(str(error), "ValidationException")
    if isinstance(error, BudgetExceededError):
        return Malformed(str(error), "ServiceQuotaExceededException", 402)
    if isinstance(error, DeadlineExceededError):
        return Malformed(str(error), "RequestTimeoutException", 408)
    return Malformed(str(error), "NotImplementedException", 501)


def _log_failure(route: Route, error: Exception) -> None:
    """Its type and place only: the message of a foreign error may quote contents."""
    from traceback import extract_tb

    last = extract_tb(error.__traceback__)[-1]
    about = {
        "operation": f"{route.operation.service.name}.{route.operation.name}",
        "error": type(error).__name__,
        "raised_at": f"{last.filename}:{last.lineno} {last.name}",
    }
    message = "call failed in the server: %(operation)s: %(error)s at %(raised_at)s"
    logging.getLogger("aiservices").error(message, about, extra=about)
