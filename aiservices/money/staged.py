"""Files that this client put into S3 for a service, as far as a bill depends on them."""

from __future__ import annotations

from fractions import Fraction
from threading import Lock
from typing import NamedTuple

from ..call import Call
from .media import seconds_of
from .units import hundreds
from .usage import keep


class Documents(NamedTuple):
    """What can be counted of a text file that Comprehend reads."""

    lines: int | None
    """Comprehend's units when each line is a document; None when one of them is empty."""
    whole: int
    """The same when the file is one."""
    size: int
    """Bytes."""


class File(NamedTuple):
    """What is known of a file that was put into S3."""

    size: int
    """Bytes."""
    documents: Documents | None = None
    """Of a text for Comprehend."""
    characters: int | None = None
    """Of a document for Translate."""
    seconds: Fraction | None = None
    """Of audio for Transcribe."""


class Staged:
    """Remembers the files; their contents it forgets. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._files: dict[tuple[str, str], File] = {}

    def see(self, call: Call) -> None:
        """Take note of a file that a verb puts into S3."""
        params = call.params
        body = params.get("Body")
        if isinstance(body, bytes):
            found = _measured(f"/{params['Key']}", body)
            with self._lock:
                keep(self._files, (params["Bucket"], params["Key"]), found)

    def at(self, uri: str) -> File | None:
        """The file at `s3://bucket/key`, if this client put it there."""
        with self._lock:
            return self._files.get(_place(uri))

    def below(self, uri: str) -> list[File]:
        """The files that this client put below a folder of S3."""
        bucket, prefix = _place(uri)
        with self._lock:
            return [file for (where, key), file in self._files.items() if where == bucket and key.startswith(prefix)]


def documents(data: bytes) -> Documents | None:
    """What a file holds; None when it is no text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    lines = text.removesuffix("\n").split("\n")
    whole = hundreds(text)
    return Documents(sum(map(hundreds, lines)) if all(map(str.strip, lines)) else None, whole, len(data))


def _measured(key: str, body: bytes) -> File:
    """Only what the bill of the product depends on that the file was put there for."""
    if "/comprehend/" in key and key.endswith(".txt"):
        return File(len(body), documents=documents(body))
    if "/translate/" in key:
        return File(len(body), characters=_characters(key, body))
    if "/transcribe/" in key:
        return File(len(body), seconds=seconds_of(body))
    return File(len(body))


def _characters(key: str, body: bytes) -> int | None:
    if key.endswith(".docx"):
        from .docx import characters_of_docx

        return characters_of_docx(body)
    if not key.endswith((".txt", ".html", ".htm")):
        return None
    try:
        return len(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None


def _place(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
