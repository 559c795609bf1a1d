"""Calls written down as they happen."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from io import BytesIO
from typing import Any

from ..call import Backend, Call, Clock, Reply, WallClock
from ..errors import ServiceError, TransportError
from .cassette import Cassette, buffered, streamed
from .scrubbing import Contents


class Recording:
    """A backend whose calls, replies and errors are written to a file, to be answered from it by `Replay`.

    path: of the cassette, one line of JSON for each call; what it had is replaced. Account ids, keys, signatures and
    tokens are never written.
    contents: "keep" writes texts, images and documents as they are: treat the file as you treat them. "redact" takes
    personal data out of texts, and pictures and documents out altogether; "hash" writes of a request's contents only
    what matches it again, and of a reply's only their length.
    """

    def __init__(self, backend: Backend, path: str | os.PathLike[str], contents: Contents = "keep") -> None:
        self.backend = backend
        self._cassette = Cassette(path, contents)
        self._cassette.begin()
        self._lock = threading.Lock()
        own = getattr(backend, "clock", None)
        self.clock: Clock = own if isinstance(own, Clock) else WallClock()

    @property
    def bucket(self) -> str | None:
        """The backend's own, where files are staged without `Settings.bucket`; None: it has none."""
        return getattr(self.backend, "bucket", None)

    @property
    def at(self) -> Callable[..., Recording] | None:
        """Of a backend with regions (a mock): the same recording of what it is in another one."""
        return None if getattr(self.backend, "at", None) is None else self._at

    def _at(self, region: str, account: str | None = None) -> Recording:
        backend: Any = self.backend
        other = copy(self)
        other.backend = backend.at(region, account)
        return other

    def __repr__(self) -> str:
        return f"<Recording {self.backend!r} to {str(self._cassette.path)!r}>"

    def send(self, call: Call) -> Reply:
        """The backend's reply, once it is written down."""
        kept = replace(call, params=buffered(call.params))
        try:
            reply = self.backend.send(replace(call, params=streamed(kept.params, BytesIO)))
        except (ServiceError, TransportError) as error:
            self._add(kept, None, error)
            raise
        known: Reply = buffered(reply)
        self._add(kept, known, None)
        answer: Reply = streamed(known)
        return answer

    def _add(self, call: Call, reply: Reply | None, error: ServiceError | TransportError | None) -> None:
        with self._lock:
            self._cassette.add(call, reply, error)

    def close(self) -> None:
        """Close the backend; every call has been written already."""
        close = getattr(self.backend, "close", None)
        if close is not None:
            close()
