"""What is recorded of calls: readable lines of JSON, big things in files beside them, nothing that identifies.

A cassette begins with a line that says what it is; each further line is a call with its reply or its error. Account
ids, keys, signatures and tokens are written as what they are not, in requests and in replies alike, so that a request
still matches. Bytes stand in `<cassette>.files/`, under their digest.
"""

from __future__ import annotations

import json
import os
import re
import warnings
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from ..api.model import Shape, load
from ..call import SERVICES, Call, Reply, Stream
from ..errors import AIServicesError, InvalidCallError, MissingExtraError, ServiceError, TransportError, service_error

Contents = Literal["keep", "redact", "hash"]
"""What is kept of texts, images and documents: all; all but personal data; nothing but that requests match."""

_VERSION = 1
_ACCOUNT = re.compile(r"(?<=:)\d{12}(?=:)|(?<=-)\d{12}(?=-)")
_SCRUBBED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), "AKIAXXXXXXXXXXXXXXXX"),
    (re.compile(r"(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s\"]+", re.IGNORECASE), r"\1XXXX"),
)
_TOKEN = re.compile(r"(?:next|page|pagination|continuation|session|security|upload).*token", re.IGNORECASE)
_PSEUDONYM = re.compile(r"token-[0-9a-f]{16}")
_SECRET = re.compile(r"secret|password|accesskey", re.IGNORECASE)
_NAMING = ("Id", "Arn", "ARN", "Uri", "Type", "Code", "Name", "Status", "Bucket", "Key", "Token")
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


class Cassette:
    """A file of recorded calls."""

    def __init__(self, path: str | os.PathLike[str], contents: Contents = "keep") -> None:
        self.path = Path(path)
        self.files = self.path.with_name(self.path.name + ".files")
        self.contents: Contents = contents

    def begin(self) -> None:
        """Write the first line, in place of what there was."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        head = {"cassette": _VERSION, "recorded": _now(), "contents": self.contents}
        self.path.write_text(json.dumps(head) + "\n", "utf-8")

    def add(self, call: Call, reply: Reply | None, error: AIServicesError | None) -> None:
        """Write a call behind the others."""
        line: dict[str, Any] = {
            "call": call.name, "at": _now(), "params": self.request(call),
        }  # fmt: skip
        if reply is not None:
            told = {name: value for name, value in reply.items() if name != "ResponseMetadata"}
            line["reply"] = self._written(told, _shape(call, "output"), masked=self.contents == "hash")
        if isinstance(error, ServiceError):
            line["error"] = {
                "code": error.code, "message": scrubbed(error.message), "status": error.status,
                "retry_after": error.retry_after, "details": self._written(dict(error.details), None),
            }  # fmt: skip
        elif isinstance(error, TransportError):
            line["error"] = {"lost": str(error), "sent": error.sent}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def read(self) -> list[Entry]:
        """The calls. A last line that was cut off is left out with a warning."""
        try:
            lines = self.path.read_text("utf-8").splitlines()
            head = json.loads(lines[0])
            version = head["cassette"]
            self.contents = head["contents"]
        except FileNotFoundError:
            raise InvalidCallError(f"there is no recording {str(self.path)!r}") from None
        except (ValueError, LookupError, TypeError):
            raise InvalidCallError(f"{str(self.path)!r} is no recording: its first line does not say so") from None
        if version != _VERSION:
            raise InvalidCallError(f"{str(self.path)!r} is a recording of version {version}; this reads {_VERSION}")
        return list(self._entries(lines[1:]))

    def _entries(self, lines: list[str]) -> Iterator[Entry]:
        for number, line in enumerate(lines, start=2):
            try:
                said = json.loads(line)
                yield Entry(said["call"], said["params"], said.get("reply"), said.get("error"))
            except (ValueError, LookupError, TypeError):
                if number <= len(lines):
                    raise InvalidCallError(f"{str(self.path)!r}: line {number} is no recorded call") from None
                warnings.warn(f"{str(self.path)!r} ends in the middle of a call, which is left out", stacklevel=4)

    def request(self, call: Call) -> Any:
        """A request as it is written: without the token that makes repeating it harmless."""
        left_out = None if call.service not in SERVICES else _operation(call).idempotency_token
        params = {name: value for name, value in call.params.items() if name != left_out and value is not None}
        return self._written(params, _shape(call, "input"), hashed=self.contents == "hash")

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

    def _written(
        self, value: Any, shape: Shape | None, *, hashed: bool = False, masked: bool = False, name: str = ""
    ) -> Any:
        """JSON for a value. hashed, masked: what becomes of contents in a request, and in a reply."""
        if isinstance(value, Mapping):
            members = shape.members if shape is not None and shape.type == "structure" else {}
            each = shape.value if shape is not None and shape.type == "map" else None
            return {
                key: self._written(it, members.get(key, each), hashed=hashed, masked=masked, name=key)
                for key, it in value.items()
                if it is not None
            }
        if isinstance(value, list | tuple):
            inner = shape.member if shape is not None and shape.type == "list" else None
            return [self._written(it, inner, hashed=hashed, masked=masked, name=name) for it in value]
        if isinstance(value, str):
            return self._text(value, shape, hashed, masked, name)
        if isinstance(value, datetime | date):
            return {"$time": value.isoformat()}
        if isinstance(value, Decimal):
            return {"$number": str(value)}
        if value is None or isinstance(value, bool | int | float):
            return value
        return self._blob(value, hashed or masked)

    def _text(self, value: str, shape: Shape | None, hashed: bool, masked: bool, name: str) -> Any:
        if _SECRET.search(name):
            return "XXXX"
        if _TOKEN.search(name) and not _PSEUDONYM.fullmatch(value):
            return f"token-{_digest(value.encode())}"
        if not _is_content(shape, name):
            return scrubbed(value)
        if hashed:
            return {"$sha256": _digest(value.encode())}
        if masked:
            return "x" * len(value)
        return scrubbed(_redacted(value) if self.contents == "redact" else value)

    def _blob(self, value: Any, hashed: bool) -> Any:
        kind, data = "$stream" if isinstance(value, Kept) else "$bytes", bytes(value)
        if hashed or self.contents != "keep":  # what a picture shows cannot be taken out of it
            return {kind: "", "sha256": _digest(data), "size": len(data)}
        if len(data) <= _SMALL:
            return {kind: b64encode(data).decode()}
        self.files.mkdir(parents=True, exist_ok=True)
        file = self.files / f"{_digest(data)}.bin"
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


def scrubbed(text: str) -> str:
    """Without account ids, access keys and signatures."""
    text = _ACCOUNT.sub("000000000000", text)
    for pattern, instead in _SCRUBBED:
        text = pattern.sub(instead, text)
    return text


_MADE: Mapping[str, Callable[[Any], Any]] = {
    "$bytes": bytes,
    "$stream": Stream,
    "$time": lambda text: datetime.fromisoformat(text),
    "$number": Decimal,
}


def _read(stream: Any) -> bytes:
    data = stream.read()
    return data.encode() if isinstance(data, str) else bytes(data)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]


def _operation(call: Call) -> Any:
    return load(call.service).operation(call.operation)


def _shape(call: Call, side: str) -> Shape | None:
    return getattr(_operation(call), side) if call.service in SERVICES else None


def _is_content(shape: Shape | None, name: str) -> bool:
    """Whether a string is what somebody wrote: it has no pattern of an id, is one of no list, and names no place."""
    if shape is None:
        return False
    return not (shape.enum or shape.pattern or name.endswith(_NAMING))


def _redacted(text: str) -> str:
    try:
        pii = import_module("aiservices_mocks.engines.pii")
    except ImportError as missing:
        raise MissingExtraError("A recording without personal data", "mocks") from missing
    kept: list[str] = []
    end = 0
    for found in pii.find(text, "en"):
        kept += [text[end : found.begin], f"[{found.type}]"]
        end = found.end
    return "".join([*kept, text[end:]])
