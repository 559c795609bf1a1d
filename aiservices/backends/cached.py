"""Answers that were given before: exact, by what was asked."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from ..call import Backend, Call, Clock, Reply, WallClock, note
from ..errors import InvalidCallError
from .cassette import Kept, buffered, streamed
from .pure import chosen, is_pure

_MOST = 256 * 2**20
_LOG = logging.getLogger("aiservices")


class Cache:
    """Answers that were given, and which of them are kept.

        AI(cache=Cache("answers.sqlite", seconds=86_400))

    It holds what was answered: texts, words found in documents, speech.

    path: a SQLite file, which several processes may share; None keeps the answers in memory. A file that fails later
        on is logged, and calls go on without it.
    seconds: how long an answer holds; None: for ever.
    operations: the only ones that are kept, such as `comprehend.DetectSentiment`; None is all pure reads: those whose
        answer follows from the request alone.
    size: bytes of answers, about; of those in memory the ones not asked for longest go first, of a file's the oldest.
    clock: None is the wall's.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        seconds: float | None = None,
        operations: Iterable[str] | None = None,
        size: int = _MOST,
        clock: Clock | None = None,
    ) -> None:
        if seconds is not None and (not isinstance(seconds, int | float) or not seconds > 0):
            raise InvalidCallError(f"seconds={seconds!r}: give how long an answer holds, above 0; None is for ever")
        self._seconds = seconds
        self._operations = chosen(operations)
        self._clock = clock or WallClock()
        self._answers: _Answers = _InMemory(size) if path is None else _InFile(Path(path), size)

    def key(self, call: Call, whose: str) -> str | None:
        """What an answer is kept under: service, operation and parameters, bytes by their SHA-256; None: it is not."""
        if call.name not in self._operations or not is_pure(call):
            return None
        try:
            asked = json.dumps([whose, call.name, call.params], sort_keys=True, default=_by_digest)
        except TypeError:  # a parameter that only the backend can read
            return None
        return hashlib.sha256(asked.encode()).hexdigest()

    def get(self, key: str) -> Reply | None:
        """The answer under a key that still holds."""
        since = float("-inf") if self._seconds is None else self._clock.now().timestamp() - self._seconds
        kept = self._answers.get(key, since)
        if kept is None:
            return None
        reply: Reply = json.loads(kept, object_hook=_untagged)
        return reply

    def put(self, key: str, reply: Reply) -> None:
        """Keep an answer whose streams are read."""
        self._answers.put(key, self._clock.now().timestamp(), _packed(reply))

    def close(self) -> None:
        """Close the file, or forget the answers."""
        self._answers.close()

    def __repr__(self) -> str:
        return f"<Cache {self._answers!r}>"


class Cached:
    """Answers a call again as it was answered before, when its answer follows from the request alone.

    A hit is billed nothing, meets no budget and no rate limit, and is noted as `cached`. Errors are never kept; answers
    of different backends are kept apart.
    """

    def __init__(self, backend: Backend, cache: Cache, whose: str | None = None) -> None:
        """whose: whose answers they are; None is what the backend says of itself."""
        self.backend = backend
        self.cache = cache
        self._whose = whose or name_of(backend)

    def send(self, call: Call) -> Reply:
        """The reply that was kept, else the backend's."""
        key = self.cache.key(call, self._whose)
        if key is None:
            return self.backend.send(call)
        kept = self.cache.get(key)
        if kept is not None:
            return note(streamed(kept), cached=True, attempts=0)
        reply = buffered(self.backend.send(call))
        self.cache.put(key, reply)
        fresh: Reply = streamed(reply)
        return fresh

    def __repr__(self) -> str:
        return f"<Cached {self.backend!r} {self.cache!r}>"


def name_of(backend: Backend) -> str:
    """Whose answers they are: what a backend says of itself, where that is the same in every process."""
    told = repr(backend)
    return f"{type(backend).__module__}.{type(backend).__qualname__}" if " at 0x" in told else told


class _Answers(Protocol):
    """Where answers are kept. Thread-safe."""

    def get(self, key: str, since: float) -> bytes | None:
        """What was put under a key, not before a time in seconds since 1970."""
        ...

    def put(self, key: str, at: float, answer: bytes) -> None: ...

    def close(self) -> None: ...


class _InMemory:
    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def get(self, key: str, since: float) -> bytes | None:
        with self._lock:
            at, answer = self._kept.get(key, (0.0, None))
            if answer is None or at < since:
                return None
            self._kept.move_to_end(key)
            return answer

    def put(self, key: str, at: float, answer: bytes) -> None:
        with self._lock:
            _, old = self._kept.pop(key, (at, b""))
            self._kept[key] = (at, answer)
            self._size += len(answer) - len(old)
            while self._size > self._most:
                _, (_, gone) = self._kept.popitem(last=False)
                self._size -= len(gone)

    def close(self) -> None:
        with self._lock:
            self._kept.clear()
            self._size = 0

    def __repr__(self) -> str:
        return f"{len(self._kept)} answers in memory"


_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, at REAL NOT NULL, answer BLOB NOT NULL) WITHOUT ROWID"
)
_LOOKED_AFTER = 200
"""Answers written between two looks at the file's size."""


class _InFile:
    def __init__(self, path: Path, most: int) -> None:
        self._path = path
        self._most = most
        self._lock = Lock()
        self._written = 0
        try:
            self._file = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=NORMAL")
            self._file.execute(_SCHEMA)
            self._file.execute("SELECT key, at, answer FROM answer LIMIT 1")
        except sqlite3.Error as error:
            raise InvalidCallError(f"{str(path)!r} is no cache that can be used: {error}. Give another path") from error

    def get(self, key: str, since: float) -> bytes | None:
        rows = self._run("SELECT answer FROM answer WHERE key = ? AND at >= ?", key, since)
        return rows[0][0] if rows else None

    def put(self, key: str, at: float, answer: bytes) -> None:
        self._run("INSERT OR REPLACE INTO answer VALUES (?, ?, ?)", key, at, answer)
        self._written += 1
        if self._written % _LOOKED_AFTER == 1:
            # The oldest go, from the one with which those after it are too much.
            self._run(
                "DELETE FROM answer WHERE at <= (SELECT max(at) FROM (SELECT at, sum(length(answer)) OVER "
                "(ORDER BY at DESC, key) AS whole FROM answer) WHERE whole > ?)",
                self._most,
            )

    def _run(self, statement: str, *values: Any) -> list[Any]:
        try:
            with self._lock:
                return self._file.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            _LOG.error("cache failed", extra={"cache": str(self._path), "error": f"{type(error).__name__}: {error}"})
            return []

    def close(self) -> None:
        with self._lock:
            self._file.close()

    def __repr__(self) -> str:
        return f"in {str(self._path)!r}"


def _packed(reply: Reply) -> bytes:
    """The reply as JSON, with what is known of it but not what this one call took."""
    metadata = dict(reply.get("ResponseMetadata", {}))
    facts = metadata.get("AIServices", {})
    metadata["AIServices"] = {name: it for name, it in facts.items() if name not in ("attempts", "cost")}
    return json.dumps({**reply, "ResponseMetadata": metadata}, ensure_ascii=False, default=_tagged).encode()


def _tagged(value: Any) -> Any:
    if isinstance(value, bytes | bytearray):
        return {"$stream" if isinstance(value, Kept) else "$bytes": b64encode(value).decode()}
    raise TypeError(f"a {type(value).__name__} in a reply cannot be kept")


def _untagged(found: dict[str, Any]) -> Any:
    if "$stream" in found:
        return Kept(b64decode(found["$stream"]))
    return b64decode(found["$bytes"]) if "$bytes" in found else found


def _by_digest(value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return {"sha256": hashlib.sha256(value).hexdigest()}
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} has no digest")
