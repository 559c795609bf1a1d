"""The body of a request: collected within a limit, large ones on disk, and taken out of AWS's chunks."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol

from ..api.wire import Malformed

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

_IN_MEMORY = 1 << 20
_AS_IT_COMES = 1 << 16
"""Bytes of a body that are held in memory while the others are waited for: clients may be many, and slow."""
_LONGEST_LINE = 8192
_DISCARDED = 1 << 32
"""Bytes of a body that is too large which are still taken, so that its sender gets to read why."""
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?\s*")


class Gone(Exception):
    """The client left before its request was whole."""


class Verifier(Protocol):
    """Checks the signatures of chunks, in their order."""

    def chunk(self, data: bytes, signature: str) -> None:
        """The next chunk; the last one is empty."""

    def trailer(self, lines: bytes, signature: str) -> None:
        """What follows the chunks."""


def too_large(limit: int) -> Malformed:
    """The refusal."""
    return Malformed(f"The request is larger than {limit:,} bytes", "RequestEntityTooLargeException", 413)


async def collect(receive: Receive, headers: Mapping[str, str], limit: int) -> bytes | IO[bytes]:
    """The whole body: bytes, or a file when it is large.

    Raises Malformed when it is larger than the limit, and Gone when it ends too early.
    """
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > limit and headers.get("expect", "").lower() == "100-continue":
        raise too_large(limit)
    message = await receive()
    if not message.get("more_body") and message["type"] == "http.request":
        data: bytes = message.get("body", b"")
        if len(data) > limit:
            raise too_large(limit)
        return data
    file: IO[bytes] = SpooledTemporaryFile(_AS_IT_COMES)  # noqa: SIM115 - closed by whoever answers
    size = 0
    while True:
        if message["type"] == "http.disconnect" or size > _DISCARDED:
            file.close()
            raise Gone
        data = message.get("body", b"")
        size += len(data)
        if size <= limit:
            file.write(data)
        if not message.get("more_body"):
            break
        message = await receive()
    if size > limit:
        file.close()
        raise too_large(limit)
    file.seek(0)
    if size > _IN_MEMORY:
        return file
    with file:
        return file.read()


def is_chunked(headers: Mapping[str, str]) -> bool:
    """Whether a body comes in AWS's chunks."""
    hashed = headers.get("x-amz-content-sha256", "")
    return hashed.startswith("STREAMING-") or "aws-chunked" in headers.get("content-encoding", "")


def unchunked(body: bytes | IO[bytes], headers: dict[str, str], verifier: Verifier | None) -> bytes | IO[bytes]:
    """The content of a body in AWS's chunks; the headers become those of the content, with what the trailers say.

    Raises Malformed when the chunks are not as they must be.
    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
    """
    source = BytesIO(body) if isinstance(body, bytes) else body
    content: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by whoever answers
    with source:
        try:
            size = _copy_chunks(source, content, verifier)
            told = _trailers(source, verifier, headers.get("x-amz-content-sha256", "").endswith("-TRAILER"))
        except Malformed:
            content.close()
            raise
    expected = headers.pop("x-amz-decoded-content-length", "")
    if expected and expected != str(size):
        content.close()
        raise Malformed("The body is not as long as x-amz-decoded-content-length says", "IncompleteBody")
    codings = [it.strip() for it in headers.pop("content-encoding", "").split(",")]
    kept = ",".join(it for it in codings if it and it != "aws-chunked")
    headers |= {**told, "content-length": str(size), **({"content-encoding": kept} if kept else {})}
    headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD"
    content.seek(0)
    if size > _IN_MEMORY:
        return content
    with content:
        return content.read()


def _copy_chunks(source: IO[bytes], content: IO[bytes], verifier: Verifier | None) -> int:
    whole = 0
    while True:
        found = _CHUNK.fullmatch(_line(source))
        if found is None:
            raise Malformed("The body is not in AWS's chunks", "IncompleteBody")
        size = int(found[1], 16)
        data = source.read(size)
        if verifier is not None:
            verifier.chunk(data, (found[2] or b"").decode())
        if len(data) != size or (size and source.read(2) != b"\r\n"):
            raise Malformed("A chunk of the body is not as long as it says", "IncompleteBody")
        if not size:
            return whole
        content.write(data)
        whole += size


def _trailers(source: IO[bytes], verifier: Verifier | None, signed: bool) -> dict[str, str]:
    """Headers that follow the chunks. signed: where signatures are checked, they have one even if they are none."""
    told: dict[str, str] = {}
    while line := _line(source).strip():
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or len(told) > 100:
            raise Malformed("The trailers of the body cannot be read", "MalformedTrailerError")
        told[name.strip().lower()] = value.strip()
    signature = told.pop("x-amz-trailer-signature", "")
    if verifier is not None and (told or signature or signed):
        lines = "".join(f"{name}:{value}\n" for name, value in sorted(told.items()))
        verifier.trailer(lines.encode("latin-1"), signature)
    return {name: value for name, value in told.items() if name.startswith("x-amz-checksum-")}


def _line(source: IO[bytes]) -> bytes:
    line = source.readline(_LONGEST_LINE)
    if line and not line.endswith(b"\n"):
        raise Malformed("The body is not in AWS's chunks", "IncompleteBody")
    return line
