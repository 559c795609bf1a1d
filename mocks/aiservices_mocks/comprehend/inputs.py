"""The documents that a job or a training reads from S3."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from aiservices.errors import ServiceError
from aiservices_mocks.places import Place, place
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.s3 import Objects

from .reading import Read, Unreadable, read

NO_READ_ACCESS = "NO_READ_ACCESS_TO_INPUT: The provided data access role does not have proper access to the input data."
NO_DOCUMENTS = "NO_READ_ACCESS_TO_INPUT: There are no documents at the S3 location of the input data."

KB, MB, GB = 1024, 1024**2, 1024**3
BYTES = 1 * MB
"""Of a document. Source: https://docs.aws.amazon.com/comprehend/latest/dg/guidelines-and-limits.html"""

_LINE_END = re.compile(rb"\r\n|\n|\r")


class Document(NamedTuple):
    """A document of a job: the file it is from, its line there, and its text; or why it has none."""

    file: str
    line: int | None
    text: str
    error: tuple[str, str] | None = None
    read: Read | None = None
    """Of a document that is more than plain text its pages."""


class Limits(NamedTuple):
    """What a job takes. Source: as of `BYTES`."""

    document: int = BYTES
    """Bytes of a document; a larger one is an error of its own."""
    documents: int = 1_000_000
    whole: int = 5 * GB
    """Bytes of all files."""
    native: bool = False
    """PDF, Word, pictures and Textract's answers are read as well, a file each."""


NATIVE_FILES = 500
"""Files of a job where one is more than plain text. Source:
https://docs.aws.amazon.com/comprehend/latest/dg/idp-inputs-async.html"""


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


def documents(s3: Objects, config: Mapping[str, Any], limits: Limits) -> list[Document]:
    """The documents of a job's input, in the order of their keys and lines; none, or too many, is a failure."""
    per_file = config.get("InputFormat") == "ONE_DOC_PER_FILE"
    found: list[Document] = []
    whole = 0
    for name, data in files(s3, config["S3Uri"]):
        whole += len(data)
        if whole > limits.whole:
            raise WorkFailed(f"INPUT_SIZE_EXCEEDED: The input data has more than {limits.whole} bytes.")
        found += [_whole(name, data, limits)] if per_file else _lines(name, data, limits.document)
        if len(found) > limits.documents:
            raise _too_many(limits.documents)
    if not found:
        raise WorkFailed(NO_DOCUMENTS)
    if len(found) > NATIVE_FILES and any(one.read is not None for one in found):
        raise _too_many(NATIVE_FILES)
    return found


def _too_many(most: int) -> WorkFailed:
    return WorkFailed(f"DOCUMENT_COUNT_EXCEEDED: The input data has more than {most} documents.")


def _whole(name: str, data: bytes, limits: Limits) -> Document:
    most = limits.document
    if limits.native:
        try:
            document = read(data)
        except Unreadable as error:
            return Document(name, None, "", (error.reason, str(error)))
        if document.native:
            return Document(name, None, document.text, None, document)
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
