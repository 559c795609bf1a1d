"""What a job writes to S3: an archive, or a file beside each of its input's."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from aiservices.errors import ServiceError
from aiservices_mocks.places import Place
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.s3 import Objects

from .inputs import Document, location
from .reading import Page, job_facts

NO_WRITE_ACCESS = (
    "NO_WRITE_ACCESS_TO_OUTPUT: The provided data access role does not have write access to the output S3 URI "
    "or it does not have access to the output S3 KMS Key."
)


def folder(uri: str, account: str, kind: str, job: str) -> Place:
    """Where a job writes: a folder of its own under the one that the caller gives."""
    return location(uri).under(f"{account}-{kind}-{job}/output/")


def put(s3: Objects, to: Place, data: bytes, content_type: str) -> None:
    """Write an object; a bucket that does not take it fails the job."""
    try:
        s3.put(to.bucket, to.key, data, content_type)
    except ServiceError:
        raise WorkFailed(NO_WRITE_ACCESS) from None


def put_all(s3: Objects, to: Place, files: Mapping[str, bytes]) -> None:
    """Write the files into a folder: all of them or none."""
    done: list[Place] = []
    try:
        for name, data in files.items():
            put(s3, to.under(name), data, "text/plain")
            done.append(to.under(name))
    except WorkFailed:
        for place in done:
            s3.delete(place.bucket, place.key)
        raise


def put_archive(s3: Objects, to: Place, files: Mapping[str, bytes]) -> None:
    """Write the files as one tar.gz."""
    put(s3, to, archive(files), "application/x-gzip")


def archive(files: Mapping[str, bytes]) -> bytes:
    """The files in a tar.gz; the same files give the same bytes."""
    import gzip
    import tarfile

    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return gzip.compress(packed.getvalue(), mtime=0)


def row(document: Document, answer: Callable[[str], Mapping[str, Any]]) -> dict[str, Any]:
    """What is answered for a document, with the file and the line that it is; of an unreadable one the error."""
    where = {"File": document.file} | ({} if document.line is None else {"Line": document.line})
    if document.error is not None:
        return {**where, "ErrorCode": document.error[0], "ErrorMessage": document.error[1]}
    return {**where, **answer(document.text)}


def rows(
    documents: Iterable[Document],
    answer: Callable[[str], Mapping[str, Any]],
    of_page: Callable[[Page], Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    """What is answered for each document; for one that is more than plain text a row for each page."""
    for one in documents:
        if one.read is None:
            yield row(one, answer)
            continue
        for number, page in enumerate(one.read.pages, 1):
            yield {"File": one.file, **of_page(page), **job_facts(one.read, number)}


def lines(documents: Iterable[Document], answer: Callable[[str], Mapping[str, Any]]) -> bytes:
    """A line of JSON per document, with its members in order of the alphabet."""
    return json_lines((row(one, answer) for one in documents), sort_keys=True)


def json_lines(rows: Iterable[Mapping[str, Any]], *, sort_keys: bool = False) -> bytes:
    """A line of JSON per row."""
    written = (json.dumps(one, ensure_ascii=False, sort_keys=sort_keys) + "\n" for one in rows)
    return "".join(written).encode("utf-8")


def by_file(documents: Iterable[Document]) -> dict[str, list[Document]]:
    """The documents of each file."""
    found: dict[str, list[Document]] = {}
    for document in documents:
        found.setdefault(document.file, []).append(document)
    return found
