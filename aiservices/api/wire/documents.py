"""Message bodies: one JSON or CBOR document."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any

from .messages import Malformed, Request

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_MOST = 128 * 1024 * 1024
"""Bytes of a compressed body, once it is unpacked."""


def content(request: Request) -> bytes:
    """The body, unpacked when it came compressed."""
    data = request.content()
    coding = request.headers.get("content-encoding", "").rpartition(",")[2].strip().lower()
    if not data or coding not in ("gzip", "deflate"):
        return data
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)  # tells gzip and zlib apart by itself
    try:
        whole = unpacking.decompress(data, _MOST)
    except zlib.error:
        raise Malformed("The body is not what its Content-Encoding says") from None
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise Malformed("The body is too large or cut off, once it is unpacked")
    return whole


def read_structure(data: bytes, read: Callable[[bytes], Any]) -> dict[str, Any]:
    """A body that is a structure; nothing at all is an empty one."""
    document = read(data) if data.strip() else {}
    if isinstance(document, dict):
        return document
    kind = "list" if isinstance(document, list) else "value"
    raise Malformed(f"Start of {kind} found where not expected")


def read_json(data: bytes) -> Any:
    """The document."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise Malformed("Unable to parse the body: it is no JSON") from None


def write_json(value: Any) -> bytes:
    """The document."""
    return _ENCODER.encode(value).encode()


def read_cbor(data: bytes) -> Any:
    """The document."""
    import cbor2

    try:
        return cbor2.loads(data)
    except (cbor2.CBORDecodeError, ValueError, TypeError, ArithmeticError, RecursionError, LookupError):
        raise Malformed("Unable to parse the body: it is no CBOR") from None


def write_cbor(value: Any) -> bytes:
    """The document."""
    import cbor2

    return bytes(cbor2.dumps(value))
