"""What is recorded of calls: readable lines of JSON, big things in files beside them, nothing that identifies.

A cassette begins with a line that says what it is; each further line is a call with its reply or its error. Account
ids, keys, signatures and tokens are written as what they are not, in requests and in replies alike, so that a request
still matches. Bytes stand in `<cassette>.files/`, under their digest.
"""

from __future__ import annotations

import json
import os
import warnings
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..api.model import Shape, load
from ..call import SERVICES, Call, Reply, Stream
from ..errors import AIServicesError, InvalidCallError, ServiceError, TransportError, service_error
from .retrying import habits_of
from .scrubbing import Contents, Scrubber, digest, is_content, is_moment, named, scrubbed

_VERSION = 1
_SMALL = 256
"""Bytes that stand in the line itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded call."""

    name: str
    """`comprehend.DetectSentiment`."""
    params: Any
    """The request as it is written."""
    reply: Any = None
    """The reply as it is written; None where there was an error."""
    error: Mapping[str, Any] | None = None
    source: str = ""
    """Where a call stands that was not recorded but documented."""
    line: int = 0
    """In the cassette, from 1."""


class Cassette:
    """A file of recorded calls."""

    def __init__(self, path: str | os.PathLike[str], contents: Contents = "keep") -> None:
        self.path = Path(path)
        self.files = self.path.with_name(self.path.name + ".files")
        self.contents: Contents = contents

    def begin(self) -> None:
        """Write the first line, in place of what there was; the files beside it go, too."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        head = {"cassette": _VERSION, "recorded": _now(), "contents": self.contents}
        self.path.write_text(json.dumps(head) + "\n", "utf-8")
        for file in self.files.glob("*.bin"):
            file.unlink()

    def add(self, call: Call, reply: Reply | None, error: AIServicesError | None) -> None:
        """Write a call behind the others."""
        scrubber = Scrubber(self.contents)
        line: dict[str, Any] = {"call": call.name, "at": _now(), "params": self._request(call, scrubber.request)}
        if reply is not None:
            told = {name: value for name, value in reply.items() if name != "ResponseMetadata"}
            line["reply"] = self._written(told, _shape(call, "output"), scrubber.reply)
        if isinstance(error, ServiceError):
            modelled = _operation(call).errors.get(error.code) if call.service in SERVICES else None
            line["error"] = {
                "code": error.code, "message": scrubber.message(error.message), "status": error.status,
                "retry_after": error.retry_after,
                "details": self._written(dict(error.details), modelled, scrubber.reply),
            }  # fmt: skip
        elif isinstance(error, TransportError):
            line["error"] = {"lost": scrubbed(str(error)), "sent": error.sent}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def read(self) -> list[Entry]:
        """The calls. A last line that was cut off is left out with a warning."""
        try:
            head_line, *lines = self.path.read_bytes().split(b"\n")
            head = json.loads(head_line)
            version = head["cassette"]
            self.contents = head["contents"]
        except FileNotFoundError:
            raise InvalidCallError(f"there is no recording {str(self.path)!r}") from None
        except (ValueError, LookupError, TypeError):
            raise InvalidCallError(f"{str(self.path)!r} is no recording: its first line does not say so") from None
        if version != _VERSION:
            raise InvalidCallError(f"{str(self.path)!r} is a recording of version {version}; this reads {_VERSION}")
        return list(self._entries(lines))

    def _entries(self, lines: list[bytes]) -> Iterator[Entry]:
        for number, line in enumerate(lines, start=2):
            last = number == len(lines) + 1  # nothing but what was cut off stands behind the last line feed
            if last and not line:
                return
            try:
                said = json.loads(line)
                known = (said.get("reply"), said.get("error"), said.get("source", ""))
                yield Entry(said["call"], said["params"], *known, line=number)
            except (ValueError, LookupError, TypeError, AttributeError):
                if not last:
                    raise InvalidCallError(f"{str(self.path)!r}: line {number} is no recorded call") from None
                warnings.warn(f"{str(self.path)!r} ends in the middle of a call, which is left out", stacklevel=4)

    def request(self, call: Call) -> Any:
        """A request as it is written: without the token that makes repeating it harmless."""
        return self._request(call, Scrubber(self.contents).request)

    def _request(self, call: Call, told: Callable[[str], Any]) -> Any:
        token = habits_of(call.service, call.operation).token
        params = {name: value for name, value in call.params.items() if name != token and value is not None}
        return self._written(params, _shape(call, "input"), told)

    def call(self, entry: Entry) -> Call | None:
        """The recorded call, to be sent again; None when what it held is not in the recording."""
        service, _, operation = entry.name.partition(".")
        return None if _lacks(entry.params) else Call(service, operation, self._as_boto3(entry.params))

    def answer(self, call: Call, entry: Entry) -> Reply:
        """The recorded reply; a recorded error is raised."""
        if entry.error is None:
            reply: Reply = self._as_boto3(entry.reply)
            return reply
        told = entry.error
        if "lost" in told:
            raise TransportError(told["lost"], sent=told["sent"])
        raise service_error(
            call.service, call.operation, told["code"], told["message"], status=told["status"],
            retry_after=told["retry_after"], details=self._as_boto3(told["details"]),
        )  # fmt: skip

    def _written(self, value: Any, shape: Shape | None, told: Callable[[str], Any], name: str = "") -> Any:
        """JSON for a value. told: what is written of a text somebody wrote."""
        if isinstance(value, Mapping):
            return {key: self._member(key, it, shape, told) for key, it in value.items() if it is not None}
        if isinstance(value, list | tuple):
            inner = shape.member if shape is not None and shape.type == "list" else None
            return [self._written(it, inner, told, name) for it in value]
        if shape is not None and shape.type == "timestamp":
            return _moment(value)
        if isinstance(value, str):
            content = is_content(shape, name) and not is_moment(name, value)
            return named(name, value) or (told(value) if content else scrubbed(value))
        if isinstance(value, datetime | date):
            return {"$time": value.isoformat()}
        if isinstance(value, Decimal):
            return {"$number": str(value)}
        return value if value is None or isinstance(value, bool | int | float) else self._blob(value)

    def _member(self, key: str, value: Any, shape: Shape | None, told: Callable[[str], Any]) -> Any:
        if shape is not None and shape.type == "map":
            chosen = named(key, value) if isinstance(value, str) else None
            return chosen or self._written(value, shape.value, told)
        members = shape.members if shape is not None and shape.type == "structure" else {}
        return self._written(value, members.get(key), told, key)

    def _blob(self, value: Any) -> Any:
        kind, data = "$stream" if isinstance(value, Kept) else "$bytes", _without_identities(bytes(value))
        if self.contents != "keep":  # what a picture shows cannot be taken out of it
            return {kind: "", "sha256": digest(data), "size": len(data)}
        if len(data) <= _SMALL:
            return {kind: b64encode(data).decode()}
        self.files.mkdir(parents=True, exist_ok=True)
        file = self.files / f"{digest(data)}.bin"
        if not file.exists():
            part = file.with_suffix(".part")
            part.write_bytes(data)
            part.replace(file)
        return {kind: "", "file": file.name}

    def _as_boto3(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._as_boto3(it) for it in value]
        if not isinstance(value, dict):
            return value
        for kind, made in _MADE.items():
            if kind in value:
                return made(self._data(value, kind) if kind in ("$bytes", "$stream") else value[kind])
        return {name: self._as_boto3(it) for name, it in value.items()}

    def _data(self, value: Mapping[str, Any], kind: str) -> bytes:
        if "file" in value:
            try:
                return (self.files / Path(value["file"]).name).read_bytes()
            except OSError:
                raise InvalidCallError(f"{str(self.path)!r} lacks its file {value['file']!r}") from None
        return b64decode(value[kind]) or bytes(int(value.get("size", 0)))


class Kept(bytes):
    """What a stream had."""


def buffered(value: Any) -> Any:
    """The same request or reply, with the bytes of its streams."""
    if isinstance(value, Mapping):
        return {name: buffered(it) for name, it in value.items()}
    if isinstance(value, list | tuple):
        return [buffered(it) for it in value]
    return Kept(_read(value)) if hasattr(value, "read") else value


def streamed(value: Any, stream: Callable[[bytes], Any] = Stream) -> Any:
    """With streams again, for whoever reads them."""
    if isinstance(value, dict):
        return {name: streamed(it, stream) for name, it in value.items()}
    if isinstance(value, list):
        return [streamed(it, stream) for it in value]
    return stream(bytes(value)) if isinstance(value, Kept) else value


_MADE: Mapping[str, Callable[[Any], Any]] = {
    "$bytes": bytes,
    "$stream": Stream,
    "$time": lambda text: datetime.fromisoformat(text),
    "$number": Decimal,
}


def _read(stream: Any) -> bytes:
    data = stream.read()
    return data.encode() if isinstance(data, str) else bytes(data)


def _without_identities(data: bytes) -> bytes:
    """A file of text, such as a job's result, without account ids and keys; any other as it is."""
    try:
        return scrubbed(data.decode()).encode()
    except UnicodeDecodeError:
        return data


def _moment(value: Any) -> Any:
    """A moment, however it was said."""
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        elif isinstance(value, int | float):
            value = datetime.fromtimestamp(value, UTC)
        return {"$time": value.isoformat()}
    except (ValueError, OverflowError, OSError, AttributeError):
        return value


def _lacks(params: Any) -> bool:
    """Whether contents are known by their hash only."""
    if isinstance(params, list):
        return any(map(_lacks, params))
    if not isinstance(params, dict):
        return False
    return "$sha256" in params or {"sha256", "size"} <= params.keys() or any(map(_lacks, params.values()))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _operation(call: Call) -> Any:
    return load(call.service).operation(call.operation)


def _shape(call: Call, side: str) -> Shape | None:
    return getattr(_operation(call), side) if call.service in SERVICES else None
