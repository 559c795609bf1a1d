"""HTTP messages, as far as the protocols look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl


class Malformed(Exception):
    """A request that cannot be read: its AWS code, HTTP status and what is wrong, as AWS words it."""

    def __init__(self, message: str, code: str = "SerializationException", status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status


class Headers(dict[str, str]):
    """Headers whose names are in small letters already."""


class Request:
    """An HTTP request whose body has arrived, or comes as a stream."""

    __slots__ = ("body", "headers", "method", "path", "query")

    def __init__(self, method: str, target: str, headers: Mapping[str, str], body: Any = b"") -> None:
        """target: path and query as they stand in the request line. body: bytes, or a stream with `read`."""
        path, _, query = target.partition("?")
        self.method = method.upper()
        self.path = path or "/"
        self.query = parse_qsl(query, keep_blank_values=True) if query else []
        self.headers = headers if type(headers) is Headers else {name.lower(): value for name, value in headers.items()}
        self.body = body

    def content(self) -> bytes:
        """The whole body."""
        return bytes(self.body.read() if hasattr(self.body, "read") else self.body)


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response. `body` is bytes, or a stream with `read` and `close`."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = b""
