"""The documents that a job or a training reads from S3."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from aiservices.errors import ServiceError
from aiservices_mocks.places import Place, place
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.s3 import Objects

from .reading import Unreadable, read

NO_READ_ACCESS = "NO_READ_ACCESS_TO_INPUT: The provided data access role does not have proper access to the input data."
NO_DOCUMENTS = "NO_READ_ACCESS_TO_INPUT: There are no documents at the S3 location of the input data."

BYTES = 1024 * 1024
"""Of a document. Source: https://docs.aws.amazon.com/comprehend/latest/dg/guidelines-and-limits.html"""

_LINE_END = re.compile(rb"\r\n|\n|\r")


class Document(NamedTuple):
    """A document of a job: the file it is from, its line there, and its text; or why it has none."""

    file: str
    line: int | None
    text: str
    error: tuple[str, str] | None = None


def location(uri: str) -> Place:
    """The place that a URI names."""
    found = place(uri)
    if found is None:
        raise WorkFailed(NO_READ_ACCESS)
    return found


def files(s3: Objects, uri: str) -> Iterator[tuple[str, bytes]]:
    """The files at a location, or under a prefix: their names from there on, and what is in them."""
    source = location(uri)
    try:
        keys = [key for key in s3.keys(source.bucket, source.key) if not key.endswith("/")]
        for key in keys:
            yield _name(key, source.key), s3.get(source.bucket, key)
    except ServiceError:
        raise WorkFailed(NO_READ_ACCESS) from None


def _name(key: str, prefix: str) -> str:
    """What is left of a key without the folder that it was looked for in."""
    if prefix and key.startswith(prefix.rstrip("/") + "/"):
        return key[len(prefix.rstrip("/")) + 1 :]
    return key[prefix.rfind("/") + 1 :]


def documents(s3: Objects, config: Mapping[str, Any], most: int, *, native: bool = False) -> list[Document]:
    """The documents of a job's input, in the order of their keys and lines; none is a failure.

    most: bytes of one; a longer one is an error of its own. native: PDF files and pictures are read as well.
    """
    per_file = config.get("InputFormat") == "ONE_DOC_PER_FILE"
    found: list[Document] = []
    for name, data in files(s3, config["S3Uri"]):
        found += [_whole(name, data, most, native=native)] if per_file else _lines(name, data, most)
    if not found:
        raise WorkFailed(NO_DOCUMENTS)
    return found


def _whole(name: str, data: bytes, most: int, *, native: bool) -> Document:
    if native:
        try:
            return Document(name, None, read(data).text)
        except Unreadable as error:
            return Document(name, None, "", (error.reason, str(error)))
    if len(data) > most:
        return Document(name, None, "", _too_large(most))
    try:
        return Document(name, None, data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Document(name, None, "", ("UNSUPPORTED_ENCODING", "Document is not in UTF-8 format."))


def _lines(name: str, data: bytes, most: int) -> Iterator[Document]:
    """A document per line; empty lines are none."""
    for number, line in enumerate(_LINE_END.split(data)):
        try:
            text = line.decode("utf-8-sig" if number == 0 else "utf-8")
        except UnicodeDecodeError:
            message = "Document is not in UTF-8 format and all subsequent lines are ignored."
            yield Document(name, number, "", ("UNSUPPORTED_ENCODING", message))
            return
        if len(line) > most:
            yield Document(name, number, "", _too_large(most))
        elif text.strip():
            yield Document(name, number, text)


def _too_large(most: int) -> tuple[str, str]:
    return "DOCUMENT_SIZE_EXCEEDED", f"Document size exceeds maximum size limit {most} bytes."
