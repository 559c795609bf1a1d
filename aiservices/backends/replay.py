"""Calls answered from a recording; nothing is ever sent."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from typing import Any, Literal

from ..call import Call, Reply, note
from ..errors import NotRecordedError
from .cassette import Cassette, Entry
from .scrubbing import is_moment

_LONGEST = 80
_DIFFERENCES = 5


class Skipping:
    """A clock on which waiting takes no time."""

    def __init__(self) -> None:
        self._passed = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        """Seconds that only go forward."""
        return self._passed

    def sleep(self, seconds: float) -> None:
        """Let them have passed."""
        with self._lock:
            self._passed += max(seconds, 0.0)


class Replay:
    """A backend that answers from a recording: the call that was recorded for the same request, or an error.

    Requests are the same when service, operation and parameters are: not their order, nor tokens that make a request
    harmless to repeat, nor, where no other request fits better, moments. What was recorded several times for one
    request is answered in that order, the last of it from then on: a job that is asked again and again ends as it did.
    order: "match" answers requests as they come; "recorded" only in the order of the recording.
    Raises NotRecordedError, with the recorded call that is nearest and how it differs.
    """

    def __init__(self, path: str | os.PathLike[str], order: Literal["match", "recorded"] = "match") -> None:
        self._cassette = Cassette(path)
        self._entries = self._cassette.read()
        self._order = order
        self._lock = threading.Lock()
        self._next = 0
        self._waiting: dict[tuple[str, str], list[Entry]] = {}
        self._at_any_time: dict[tuple[str, str], list[Entry]] = {}
        for entry in self._entries:
            self._waiting.setdefault((entry.name, _canonical(entry.params)), []).append(entry)
            self._at_any_time.setdefault((entry.name, _canonical(_timeless(entry.params))), []).append(entry)
        self.clock = Skipping()

    @property
    def bucket(self) -> str | None:
        """Where files were staged in the recording; None: none were."""
        staging = ("s3.CreateBucket", "s3.PutObject")
        staged = (entry.params["Bucket"] for entry in self._entries if entry.name in staging)
        return next(staged, None)

    def __repr__(self) -> str:
        return f"<Replay of {len(self._entries)} calls from {str(self._cassette.path)!r}>"

    def send(self, call: Call) -> Reply:
        """The recorded reply or error."""
        asked = self._cassette.request(call)
        with self._lock:
            entry = self._in_order(call, asked) if self._order == "recorded" else self._matching(call, asked)
        reply = self._cassette.answer(call, entry)
        reply["ResponseMetadata"] = {
            "RequestId": "00000000-0000-4000-8000-000000000000", "HTTPStatusCode": 200, "HTTPHeaders": {},
            "RetryAttempts": 0,
        }  # fmt: skip
        return note(reply, backend="replay")

    def _matching(self, call: Call, asked: Any) -> Entry:
        entries = self._waiting.get((call.name, _canonical(asked)))
        entries = entries or self._at_any_time.get((call.name, _canonical(_timeless(asked))))
        if not entries:
            raise self._unknown(call, asked)
        return entries.pop(0) if len(entries) > 1 else entries[0]

    def _in_order(self, call: Call, asked: Any) -> Entry:
        if self._next == len(self._entries):
            raise NotRecordedError(f"{call.name}: the recording has ended after {self._next} calls")
        entry = self._entries[self._next]
        if entry.name != call.name or _canonical(_timeless(entry.params)) != _canonical(_timeless(asked)):
            told = "; ".join(_differences(entry.params, asked)) if entry.name == call.name else "another operation"
            raise NotRecordedError(f"{call.name}: the recording goes on with {entry.name}: {told}")
        self._next += 1
        return entry

    def _unknown(self, call: Call, asked: Any) -> NotRecordedError:
        same = [entry for entry in self._entries if entry.name == call.name]
        if not same:
            names = ", ".join(sorted({entry.name for entry in self._entries})) or "nothing"
            return NotRecordedError(f"{call.name} is not in the recording, which has {names}. Record it again")
        text = _canonical(asked)
        nearest = max(same, key=lambda entry: SequenceMatcher(None, _canonical(entry.params), text).quick_ratio())
        told = "; ".join(_differences(nearest.params, asked))
        return NotRecordedError(
            f"{call.name} was not recorded with these parameters. The nearest of {len(same)} differs: {told}. "
            "Record it again, if it should be asked so"
        )


def _canonical(params: Any) -> str:
    return json.dumps(params, sort_keys=True, ensure_ascii=False)


def _timeless(value: Any, name: str = "") -> Any:
    """The parameters without their moments."""
    if isinstance(value, Mapping):
        return "" if "$time" in value else {key: _timeless(it, key) for key, it in value.items()}
    if isinstance(value, list):
        return [_timeless(it, name) for it in value]
    return "" if is_moment(name, value) else value


def _differences(recorded: Any, asked: Any) -> list[str]:
    """Where they differ, in a few words each."""
    found = list(_walk(recorded, asked, ""))
    more = [f"and {len(found) - _DIFFERENCES} more"] if len(found) > _DIFFERENCES else []
    return [*found[:_DIFFERENCES], *more]


def _walk(recorded: Any, asked: Any, path: str) -> Iterator[str]:
    if isinstance(recorded, Mapping) and isinstance(asked, Mapping):
        for name in sorted({*recorded, *asked}):
            here = f"{path}.{name}" if path else name
            if name not in asked:
                yield f"{here} is missing"
            elif name not in recorded:
                yield f"{here} was not there"
            else:
                yield from _walk(recorded[name], asked[name], here)
    elif isinstance(recorded, list) and isinstance(asked, list) and len(recorded) == len(asked):
        for number, (one, other) in enumerate(zip(recorded, asked, strict=True)):
            yield from _walk(one, other, f"{path}[{number}]")
    elif recorded != asked:
        yield f"{path} {_other(recorded, asked)}"


def _other(recorded: Any, asked: Any) -> str:
    """How they differ, and where in what cannot be told."""
    was, now = _size(recorded), _size(asked)
    if was != now or not isinstance(asked, str):
        return f"is {now}, was {was}"
    pairs = enumerate(zip(recorded, asked, strict=True), start=1)
    return f"has other words from character {next(number for number, (one, another) in pairs if one != another):,} on"


def _size(value: Any) -> str:
    """A value, or its length: what somebody wrote is not told."""
    if isinstance(value, bool | int | float) or value is None:
        return repr(value)
    if isinstance(value, str) and len(value) <= _LONGEST and " " not in value:
        return repr(value)
    return f"{len(value)} characters" if isinstance(value, str) else f"a {type(value).__name__}"
