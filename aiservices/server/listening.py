"""One port for HTTP/1.1 (uvicorn) and, for clients that open with its preface, HTTP/2 (hypercorn)."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from typing import TYPE_CHECKING

from ..errors import InvalidCallError, MissingExtraError

if TYPE_CHECKING:
    from types import TracebackType

    from .app import Application

_BACKLOG = 1024
_IDLE = 75
"""Seconds that a connection is kept without a request."""
_GRACE = 10
"""Seconds that requests under way have when the server stops."""


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Server:
    """An application at a port: `run` serves until it is told to stop, `with Server(app) as server` beside other work.

    port: 0 takes a free one; `url` tells. Bound elsewhere than to loopback, an application without keys is refused.
    """

    def __init__(self, application: Application, host: str = "127.0.0.1", port: int = 0) -> None:
        if not is_loopback(host) and not application.demands_signatures:
            raise InvalidCallError(
                f"{host} can be reached from other machines: give key pairs that requests must be signed with, "
                "or bind the server to 127.0.0.1"
            )
        try:
            import uvicorn

            from .connection import Connection, Serving
        except ImportError as missing:
            raise MissingExtraError("The server", "server") from missing
        self.application = application
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        name, self.port = self._socket.getsockname()[:2]
        self.url = f"http://[{name}]:{self.port}" if ":" in name else f"http://{name}:{self.port}"
        config = uvicorn.Config(
            application,
            http=Connection,
            interface="asgi3",
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=_IDLE,
            timeout_graceful_shutdown=_GRACE,
        )
        self._server = Serving(config)
        self._thread: threading.Thread | None = None

    def run(self) -> None:
        """Serve until an interrupt or a terminate signal comes, or `stop` is called; requests under way are ended."""
        try:
            with asyncio.Runner(loop_factory=_new_loop) as runner:
                runner.run(self._server.serve(sockets=[self._socket]))
        finally:
            self.application.close()

    def start(self) -> Server:
        """Serve in a thread of its own. Requests can be sent at once."""
        self._thread = threading.Thread(target=self.run, name="aiservices-server", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Answer what is under way, and end."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _new_loop() -> asyncio.AbstractEventLoop:
    """uvloop's where there is one: it saves a tenth of a request's time."""
    try:
        from uvloop import new_event_loop
    except ImportError:  # there is none for Windows
        return asyncio.new_event_loop()
    return new_event_loop()
