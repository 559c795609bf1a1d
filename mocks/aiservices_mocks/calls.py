"""What a mock was asked: the log of calls, to look at and to assert on."""

from __future__ import annotations

import re
import threading
from base64 import b64encode
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import isfinite
from typing import Any, overload

from aiservices.api.model import load
from aiservices.call import PRODUCTS, SERVICES, Call, Reply, Stream
from aiservices.errors import InvalidCallError, nearest

_SHOWN = 10
_LONGEST = 60
_ITEMS = 3
_SECRET = re.compile(r"secret|password|credential|private|(?<!next)token", re.IGNORECASE)
KEPT = 10_000
"""Calls that a log remembers; older ones are forgotten, so that a long-running mock does not grow for ever."""
KEPT_BYTES = 64 * 1024**2
"""Bytes of content (texts, images, documents) in the requests that a log remembers."""


class Recorded:
    """One call that reached the mock, with what came of it."""

    __slots__ = ("at", "call", "error", "params", "reply")

    def __init__(
        self, call: Call, params: Mapping[str, Any], reply: Reply | None, error: BaseException | None, at: datetime
    ) -> None:
        self.at = at
        """When it was answered, by the mock's clock."""
        self.call = call
        self.params = params
        """The request, blobs as bytes; as it was sent when it broke the model."""
        self.reply = reply
        """The answer without its streams; None when there was an error."""
        self.error = error
        """The error; None when there was an answer."""

    def document(self) -> dict[str, Any]:
        """What it was, in JSON's words: bytes as Base64, secrets left out; `error` is AWS's code, or a class's name."""
        error = getattr(self.error, "code", None) or (type(self.error).__name__ if self.error else None)
        call, at = self.call, self.at.isoformat()
        params = _in_json("", self.params)
        return {"service": call.service, "operation": call.operation, "params": params, "at": at, "error": error}

    def __repr__(self) -> str:
        return f"<Recorded {self.call.name}: {type(self.error).__name__ if self.error else 'ok'}>"


class Calls(Sequence[Recorded]):
    """Recorded calls in the order they were answered."""

    def __init__(self, what: str, recorded: Sequence[Recorded], seen: Sequence[Recorded] | None = None) -> None:
        """seen: what is told when there are not as many as asserted: calls that nearly were meant."""
        self._what = what
        self._recorded = tuple(recorded)
        self._seen = self._recorded if seen is None else seen

    def __repr__(self) -> str:
        return f"<Calls {self._what}: {len(self)}>"

    @overload
    def __getitem__(self, index: int) -> Recorded: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Recorded]: ...
    def __getitem__(self, index: int | slice) -> Recorded | Sequence[Recorded]:
        return self._recorded[index]

    def __len__(self) -> int:
        return len(self._recorded)

    @property
    def last(self) -> Recorded:
        """The latest call; AssertionError when there was none."""
        if not self._recorded:
            raise AssertionError(f"{self._what} was never called")
        return self._recorded[-1]

    def times(self, count: int) -> Calls:
        """Assert how many calls there were, and return them."""
        if len(self) != count:
            seen = "".join(f"\n  {told(recorded)}" for recorded in self._seen[:_SHOWN]) or " nothing"
            more = f"\n  and {len(self._seen) - _SHOWN} more" if len(self._seen) > _SHOWN else ""
            raise AssertionError(f"{self._what} was called {_times(len(self))}, not {_times(count)}; seen:{seen}{more}")
        return self

    def once(self) -> Calls:
        """Assert that there was one call, and return it."""
        return self.times(1)

    def never(self) -> Calls:
        """Assert that there was none."""
        return self.times(0)

    def with_(self, **members: Any) -> Calls:
        """Assert that some of the calls had these members in their request, and return them.

        members: AWS's names with a value, or a function that is true for it; of a structure the members that matter.
        """
        found = self.having(members)
        if not found:
            wrong = "".join(f"\n  {_difference(members, recorded)}" for recorded in self._recorded[:_SHOWN])
            raise AssertionError(f"no call of {self._what} had {shown(members)}; seen:{wrong or ' nothing'}")
        return found

    def having(self, members: Mapping[str, Any]) -> Calls:
        """Those whose request has the members."""
        found = [r for r in self._recorded if all(fits(it, r.params.get(name)) for name, it in members.items())]
        return Calls(f"{self._what} with {shown(members)}", found, self._recorded)


class CallLog:
    """The latest calls of one mock; at most `KEPT` with at most `KEPT_BYTES` of content, but always the last one."""

    def __init__(self) -> None:
        self._recorded: deque[tuple[Recorded, int]] = deque()
        self._bytes = 0
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Recorded]:
        with self._lock:
            return iter([recorded for recorded, _ in self._recorded])

    def add(
        self,
        call: Call,
        params: Mapping[str, Any],
        reply: Reply | None,
        error: BaseException | None = None,
        *,
        at: datetime,
    ) -> None:
        """Remember a call."""
        if reply is not None:
            reply = {name: value for name, value in reply.items() if type(value) is not Stream}
        size = _content(params)
        with self._lock:
            self._recorded.append((Recorded(call, params, reply, error, at), size))
            self._bytes += size
            while len(self._recorded) > KEPT or (self._bytes > KEPT_BYTES and len(self._recorded) > 1):
                self._bytes -= self._recorded.popleft()[1]

    def select(self, what: str | None, members: Mapping[str, Any]) -> Calls:
        """The calls of a product, a service or an operation (`comprehend.DetectSentiment`); all of them with None."""
        wanted = Wanted(what) if what is not None else None
        found = [recorded for recorded in self if wanted is None or wanted.covers(recorded.call)]
        calls = Calls(what or "the mock", found)
        return calls.having(members) if members else calls


class Wanted:
    """Which calls a text such as `lex`, `polly.SynthesizeSpeech` or `s3.PutObject` means.

    The first word is a product or a botocore service, the second AWS's operation. What does not exist raises
    InvalidCallError with the nearest right name.
    """

    __slots__ = ("operation", "services", "what")

    def __init__(self, what: str) -> None:
        name, _, operation = what.partition(".")
        services = PRODUCTS.get(name) or ((name,) if name in SERVICES or name == "s3" else ())
        if not services:
            known = (*PRODUCTS, *SERVICES, "s3")
            raise InvalidCallError(f'there is no product or service "{name}"{nearest(name, known)}')
        if operation:
            services = tuple(service for service in services if operation in _operations(service))
            if not services:
                known = tuple(each for service in PRODUCTS.get(name, (name,)) for each in _operations(service))
                raise InvalidCallError(f'{name} has no operation "{operation}"{nearest(operation, known)}')
        self.what = what
        self.services = frozenset(services)
        self.operation = operation

    def covers(self, call: Call) -> bool:
        """Whether a call is meant."""
        return call.service in self.services and self.operation in ("", call.operation)


def _content(params: Mapping[str, Any]) -> int:
    """Bytes of the large members of a request, roughly: batches of short texts do not count."""
    size = 0
    for value in params.values():
        if type(value) is str or type(value) is bytes:
            size += len(value)
        elif type(value) is dict:
            size += _content(value)
    return size


def _operations(service: str) -> Sequence[str]:
    if service == "s3":
        from .s3 import OPERATIONS

        return OPERATIONS
    return tuple(load(service).operations)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def fits(wanted: Any, value: Any) -> bool:
    """Whether a member is as wanted: equal, true for a function; of a structure only the members that are named."""
    if callable(wanted):
        return bool(wanted(value))
    if isinstance(wanted, Mapping) and isinstance(value, Mapping):
        return all(fits(inner, value.get(name)) for name, inner in wanted.items())
    return bool(wanted == value)


def told(recorded: Recorded) -> str:
    """A call in a line: its members shortened, secrets left out."""
    failed = f" -> {type(recorded.error).__name__}" if recorded.error else ""
    return f"{recorded.call.name}({shown(recorded.params)}){failed}"


def shown(members: Mapping[str, Any]) -> str:
    """Members and values, shortened."""
    return ", ".join(f"{name}={_value(name, value)}" for name, value in members.items())


def _value(name: str, value: Any) -> str:
    if _SECRET.search(name):
        return "***"
    if isinstance(value, str):
        return repr(value) if len(value) <= _LONGEST else f"{value[:_LONGEST]!r}... ({len(value):,} characters)"
    if isinstance(value, bytes | bytearray):
        return f"<{len(value):,} bytes>"
    if isinstance(value, Mapping):
        return f"{{{shown(value)}}}"
    if isinstance(value, list | tuple):
        items = ", ".join(_value("", item) for item in value[:_ITEMS])
        return f"[{items}, {len(value) - _ITEMS:,} more]" if len(value) > _ITEMS else f"[{items}]"
    if callable(value):
        return f"<{getattr(value, '__name__', 'a function')}>"
    return repr(value)


def _in_json(name: str, value: Any) -> Any:
    if _SECRET.search(name):
        return "***"
    if isinstance(value, Mapping):
        return {key: _in_json(key, it) for key, it in value.items()}
    if isinstance(value, list | tuple):
        return [_in_json("", it) for it in value]
    if isinstance(value, bytes | bytearray):
        return b64encode(value).decode()
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _difference(members: Mapping[str, Any], recorded: Recorded) -> str:
    """A call, and where its members are not as wanted."""
    wrong = [
        f"{name} is {_value(name, recorded.params[name]) if name in recorded.params else 'missing'}"
        for name, wanted in members.items()
        if not fits(wanted, recorded.params.get(name))
    ]
    return f"{recorded.call.name}: {', '.join(wrong)}"
