"""A recording played against a backend: where its answers differ in shape, codes or states, not in contents."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .api.likeness import unlike
from .api.model import load
from .api.status import status_path
from .backends.cassette import Cassette, Entry
from .backends.scrubbing import NOBODY
from .call import SERVICES, Backend, Call, Reply
from .errors import AIServicesError, ServiceError, TransportError, classify
from .jobs import outcome

_MADE = ("Id", "Ids", "Arn", "Arns", "ARN", "ARNs", "Uri", "URI", "Url", "Token", "Name", "Version", "Key", "Revision")
_TELLING = 8
"""From so many characters on, a made name is known again within other strings."""
_REGION = re.compile(rf"arn:[\w-]+:[\w-]+:([a-z][\w-]+-\d):{NOBODY}:")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was answered otherwise than recorded."""

    line: int
    """In the cassette."""
    call: str
    """`comprehend.DetectSentiment`."""
    kind: str
    """`code`: of the error, "" where there was none; `missing`, `more`: a member; `type`; `state`."""
    where: str = ""
    """The member: `Entities[].Score`."""
    recorded: str = ""
    """The code, type or state."""
    answered: str = ""
    """And what came instead."""

    def __str__(self) -> str:
        said = {
            "code": f"{self.answered or 'an answer'} instead of {self.recorded or 'an answer'}",
            "missing": f"{self.where} is missing",
            "more": f"{self.where} was not recorded",
        }
        other = f"{self.where} is {self.answered}, was {self.recorded}"
        return f"line {self.line}, {self.call}: {said.get(self.kind, other)}"


@dataclass(slots=True)
class Verified:
    """How a backend answered a recording."""

    compared: int = 0
    """Calls whose answers were held against the recording."""
    left_out: int = 0
    """Calls that say nothing of a backend: S3's contents, throttling, failures on the way, contents not recorded."""
    differences: list[Difference] = field(default_factory=list)
    """In the order of the recording."""

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    def __str__(self) -> str:
        calls = len({difference.line for difference in self.differences})
        told = f"{self.compared} calls compared, {calls} differ; {self.left_out} left out"
        return "\n".join([*map(str, self.differences), told])


def verify(path: str | os.PathLike[str], backend: Backend) -> Verified:
    """Send what was recorded to a backend, in order, and compare.

    Names that the backend makes (ids, ARNs, tokens of pages) take the place of the recorded ones in later requests. A
    job may be further than it was in the recording. A mock is asked in the recording's region and account. What stood
    there before the recording began, objects in S3 too, the backend must have already.
    Raises InvalidCallError when the file is no recording.
    """
    cassette = Cassette(path)
    entries = cassette.read()
    at = getattr(backend, "at", None)
    player = _Player(cassette, at(_region(entries), NOBODY) if at else backend)
    for entry in entries:
        player.play(entry)
    return player.verified


def _region(entries: list[Entry]) -> str:
    """Where the recording was made, as its ARNs say; where they do not, it does not matter."""
    found = (_REGION.search(json.dumps(entry.reply)) for entry in entries)
    return next((match[1] for match in found if match), "us-east-1")


class _Player:
    def __init__(self, cassette: Cassette, backend: Backend) -> None:
        self._cassette = cassette
        self._backend = backend
        self._names = _Names()
        self.verified = Verified()

    def play(self, entry: Entry) -> None:
        recorded = self._recorded(entry)
        call = self._cassette.call(entry)
        if call is None or isinstance(recorded, TransportError) or _passes(recorded):
            self.verified.left_out += 1
            return
        answered = self._answered(self._names.instead(call))
        compare = (
            isinstance(recorded, ServiceError) or isinstance(answered, AIServicesError) or call.service in SERVICES
        )
        if not compare:
            self.verified.left_out += 1
            return
        self.verified.compared += 1
        found = (Difference(entry.line, entry.name, *told) for told in self._differences(call, recorded, answered))
        self.verified.differences += found

    def _recorded(self, entry: Entry) -> Reply | AIServicesError:
        service, _, operation = entry.name.partition(".")
        try:
            return self._cassette.answer(Call(service, operation, {}), entry)
        except (ServiceError, TransportError) as error:
            return error

    def _answered(self, call: Call) -> Reply | AIServicesError:
        try:
            return {name: it for name, it in self._backend.send(call).items() if name != "ResponseMetadata"}
        except AIServicesError as error:
            return error

    def _differences(
        self, call: Call, recorded: Reply | AIServicesError, answered: Reply | AIServicesError
    ) -> Iterator[tuple[str, ...]]:
        codes = [_code(it) for it in (recorded, answered)]
        if codes[0] != codes[1]:
            yield ("code", "", *codes)
        if isinstance(recorded, AIServicesError) or isinstance(answered, AIServicesError):
            return
        self._names.learn(recorded, answered)
        operation = load(call.service).operation(call.operation)
        if operation.output is not None and not _further(status_path(operation), recorded, answered):
            for found in unlike(operation.output, recorded, answered):
                if found.kind != "state" or not _runs(found.first) or _runs(found.second):
                    yield found


class _Names:
    """What the backend calls things that were called otherwise in the recording."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}

    def learn(self, recorded: Any, answered: Any, name: str = "") -> None:
        """Take note of names where the two replies have different ones."""
        if isinstance(recorded, Mapping) and isinstance(answered, Mapping):
            for member in recorded.keys() & answered.keys():
                self.learn(recorded[member], answered[member], member)
        elif isinstance(recorded, list) and isinstance(answered, list):
            for one, other in zip(recorded, answered, strict=False):
                self.learn(one, other, name)
        elif isinstance(recorded, str) and isinstance(answered, str) and name.lower().endswith(_ENDINGS):
            if recorded == answered:
                return
            self._given.setdefault(recorded, answered)
            if NOBODY in recorded.split(":")[4:5]:  # the account of an ARN
                self._given.setdefault(NOBODY, [*answered.split(":"), "", "", "", "", NOBODY][4])

    def instead(self, call: Call) -> Call:
        """The call with the backend's own names."""
        return Call(call.service, call.operation, self._instead(call.params))

    def _instead(self, value: Any, name: str = "") -> Any:
        if isinstance(value, Mapping):
            return {member: self._instead(it, member) for member, it in value.items()}
        if isinstance(value, list):
            return [self._instead(it, name) for it in value]
        if not isinstance(value, str):
            return value
        if value in self._given:
            return self._given[value] if len(value) >= _TELLING or name.lower().endswith(_ENDINGS) else value
        for recorded, given in self._given.items():
            value = value.replace(recorded, given) if len(recorded) >= _TELLING else value
        return value


_ENDINGS = tuple(sorted({ending.lower() for ending in _MADE}))


def _code(answer: Reply | AIServicesError) -> str:
    if isinstance(answer, ServiceError):
        return answer.code
    return type(answer).__name__ if isinstance(answer, AIServicesError) else ""


def _passes(recorded: Reply | AIServicesError) -> bool:
    """Whether it is an error that says nothing of the request: another moment has another answer."""
    if not isinstance(recorded, ServiceError):
        return False
    retry, _ = classify(recorded.service, recorded.code, recorded.message, recorded.status)
    return retry in ("throttle", "transient", "once")


def _further(path: tuple[str, ...] | None, recorded: Reply, answered: Reply) -> bool:
    """Whether a job runs in the recording that has ended in the answer."""
    return path is not None and _runs(_at(recorded, path)) and not _runs(_at(answered, path))


def _runs(states: str) -> bool:
    """Whether something still changes by itself."""
    return any(outcome(state) == "running" for state in states.split(", "))


def _at(reply: Any, path: tuple[str, ...]) -> str:
    for name in path:
        reply = reply.get(name, {}) if isinstance(reply, Mapping) else {}
        reply = reply[0] if isinstance(reply, list) and reply else reply
    return reply if isinstance(reply, str) else ""
