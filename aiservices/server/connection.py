"""A connection: uvicorn's, unless it opens with HTTP/2's preface; then it is handed over to hypercorn."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.asyncio.worker_context import WorkerContext
from hypercorn.config import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from ..errors import TransportError
from .app import raw_headers
from .frames import PREFACE, Frames
from .quick import SMALL

_LONGEST_HEAD = 1 << 16
_HEAD_STEP, _BODY_STEP = 1 << 12, 1 << 16
"""Bytes that are parsed in one go, outside of a body and within one."""
_PATIENCE = 60
"""Seconds without a byte after which a client that owes us some is left."""


class _Flow(FlowControl):
    """Whether a connection is read. While it is held, requests that want more of their bodies do not change that."""

    held = False

    def resume_reading(self) -> None:
        """Read on."""
        if not self.held:
            super().resume_reading()


class Connection(HttpToolsProtocol):
    """One client of an `Application`. Heads have an end, and whoever neither sends nor reads is left after a while."""

    app: Any
    flow: _Flow
    parser: Any
    scope: Any

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Listen."""
        super().connection_made(transport)
        # asyncio does it only for sockets that say TCP; without it a head waits for its body's acknowledgement.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.flow = _Flow(transport)  # pyright: ignore[reportIncompatibleVariableOverride]  # in place of uvicorn's
        self._opening = b""
        self._opened = False
        self._head = 0
        self._heads = 0
        self._in_head = False
        self._moved = 0
        self._small: bytes | None = None
        self._later = b""
        self._ended = False
        self._watch = self.loop.call_later(_PATIENCE, self._look, -1, 0, -1)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop listening."""
        self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """What the client sends."""
        self._moved += 1
        if not self._opened:
            self._opening += data
            if PREFACE.startswith(self._opening[: len(PREFACE)]):
                if len(self._opening) >= len(PREFACE):
                    self._hand_over(self._opening)
                return
            self._opened, data = True, self._opening
        if self._later:
            self._later += data
        else:
            self._take(data)

    def _take(self, data: bytes) -> None:
        """Parse bit by bit, and no further than to a request that has to wait for the one before it.

        Of many requests in one go each would else be an object already.
        """
        at = 0
        while at < len(data) and not self.transport.is_closing():
            if self.pipeline:
                self._later, self.flow.held = data[at:], True
                self.flow.pause_reading()
                return
            step = _BODY_STEP if self._small is None and self.cycle is not None and self.cycle.more_body else _HEAD_STEP
            piece = data[at : at + step]
            at += step
            self._head += len(piece)
            super().data_received(piece)
            if self._head > _LONGEST_HEAD and not self.transport.is_closing():
                self._refuse_head()

    def on_response_complete(self) -> None:
        """The next request that waits is answered; when none does more is parsed, and then more is read."""
        super().on_response_complete()
        if self._later and not self.pipeline:
            self.loop.call_soon(self._take_later)

    def _take_later(self) -> None:
        data, self._later, self.flow.held = self._later, b"", False
        self._take(data)
        if not self.flow.held and not self.transport.is_closing():
            self.flow.resume_reading()
            if self._ended and not self._winds_up():
                self.transport.close()

    def on_message_begin(self) -> None:
        """A request comes."""
        super().on_message_begin()
        self._in_head = True
        self.scope["extensions"] = {"aiservices.drop": {"end": self.transport.abort}}

    def on_headers_complete(self) -> None:
        """Its head is whole. A small request is looked at when its body is there."""
        self._head, self._heads, self._in_head = 0, self._heads + 1, False
        if self._is_small():
            self._small = b""
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of its body."""
        self._head = 0
        if self._small is not None:
            self._small += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """It is whole."""
        body, self._small = self._small, None
        if body is None or not self._answer_at_once(body):
            if body is not None:
                super().on_headers_complete()
                super().on_body(body)
            super().on_message_complete()

    def _is_small(self) -> bool:
        if self.expect_100_continue or self.pipeline or not (self.cycle is None or self.cycle.response_complete):
            return False
        if self.flow.write_paused:  # who does not read what it gets has to wait with the next request
            return False
        lengths = [value for name, value in self.headers if name == b"content-length"]
        return len(lengths) == 1 and lengths[0].isdigit() and int(lengths[0]) <= SMALL and self._is_plain()

    def _is_plain(self) -> bool:
        is_post = self.parser.get_method() == b"POST"
        return is_post and self.parser.get_http_version() == "1.1" and not self.parser.should_upgrade()

    def _answer_at_once(self, body: bytes) -> bool:
        """uvicorn's way, with its task and events for each request, costs as much as a quick answer does."""
        path, _, query = self.url.partition(b"?")
        self.scope |= {"method": self.parser.get_method().decode("ascii"), "raw_path": path, "query_string": query}
        try:
            response = self.app.at_once(self.scope, body)
        except TransportError:
            self.transport.abort()
            return True
        if response is None:
            return False
        lines = [STATUS_LINE[response.status]]
        lines += [b"%b: %b\r\n" % header for header in self.server_state.default_headers]
        lines += [b"%b: %b\r\n" % header for header in raw_headers(response, {})]
        keep = self.parser.should_keep_alive()
        lines += [b"\r\n" if keep else b"connection: close\r\n\r\n", response.body]
        self.transport.write(b"".join(lines))
        if not keep:
            self.transport.close()
        return True

    def _refuse_head(self) -> None:
        self.send_400_response("The head of the request is too large.")

    def _look(self, moved: int, waiting: int, heads: int) -> None:
        """Leave a client that since the last look sent and read nothing, or sent no more than a part of one head."""
        idle = self.cycle is None or self.cycle.response_complete or self.cycle.more_body
        unread = self.transport.get_write_buffer_size()
        stands = self._moved == moved and (unread == waiting if unread else idle)
        if stands or (self._in_head and self._heads == heads):
            self.transport.abort()
            return
        begun = self._heads if self._in_head else -1
        self._watch = self.loop.call_later(_PATIENCE, self._look, self._moved, unread, begun)

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio keeps a connection open for True
        """It sends no more. What it asked for is answered; a request that is not whole never will be."""
        self._ended = True
        return self._winds_up()

    def _winds_up(self) -> bool:
        """Whether there is something to be answered yet; the connection ends with the last answer."""
        if self._later:
            return True
        cycle = self.cycle
        if cycle is None or cycle.response_complete or cycle.more_body:
            return False
        cycle.keep_alive = False
        return True

    def _look_at_frames(self, waiting: int) -> None:
        """Leave a client that reads nothing; of one that sends nothing hypercorn takes care."""
        unread = self.transport.get_write_buffer_size()
        if unread and unread == waiting:
            self.transport.abort()
        elif not self.transport.is_closing():
            self.loop.call_later(_PATIENCE, self._look_at_frames, unread)

    def _hand_over(self, data: bytes) -> None:
        self._watch.cancel()
        self._look_at_frames(0)
        self.connections.discard(self)
        transport = self.transport
        reader = Frames(self.loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=self.loop)
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        writer = asyncio.StreamWriter(transport, protocol, reader, self.loop)
        context = WorkerContext(None)
        app: Any = ASGIWrapper(_with_drop(self.app, transport.abort))
        server = TCPServer(app, self.loop, _CONFIG, context, {}, reader, writer)
        task = self.loop.create_task(server.run())
        handed: Any = _HandedOver(context)
        self.connections.add(handed)
        self.tasks.add(task)

        def ended(done: asyncio.Task[None]) -> None:
            self.tasks.discard(done)
            self.connections.discard(handed)
            if not done.cancelled():
                done.exception()  # of a client's frames that hypercorn does not expect: the connection is closed

        task.add_done_callback(ended)
        reader.feed_data(data)


class Serving(uvicorn.Server):
    """uvicorn's server. A signal stops it and is done with: uvicorn raises it once more."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop when the program is told to."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {it: signal.signal(it, self.handle_exit) for it in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for it, handler in before.items():
                signal.signal(it, handler)


class _HandedOver:
    """Stands for an HTTP/2 connection where uvicorn keeps its own, so that a stop waits for it."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def shutdown(self) -> None:
        """Answer what is under way, and end."""
        self._context.terminated._event.set()


def _with_drop(app: Any, drop: Callable[[], None]) -> Any:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await app(
            {**scope, "extensions": {**scope.get("extensions", {}), "aiservices.drop": {"end": drop}}}, receive, send
        )

    return application


_CONFIG = Config()
_CONFIG.errorlog = None
_CONFIG.include_server_header = False
_CONFIG.keep_alive_timeout = _PATIENCE
_CONFIG.read_timeout = _PATIENCE
