"""The kinds of Textract's jobs: what each makes of a document in S3, and the files that it writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

from aiservices.errors import ServiceError
from aiservices_mocks.engines.documents import Page, UnreadableDocument, open_document
from aiservices_mocks.resources import Life, Resource, WorkFailed
from aiservices_mocks.s3 import Objects
from aiservices_mocks.service import Service

from . import lending
from .blocks import Asks, blocks, digest
from .documents import Documents, read_page
from .expenses import expense
from .queries import BY_JOB, Questions, shown

Item = dict[str, Any]
_SECONDS = 30
_TYPES = {b"{": "application/json", b"%": "application/pdf"}
_FOLDER = "textract_output"
"""Where files are written, unless the request says.

Source: https://docs.aws.amazon.com/textract/latest/dg/API_OutputConfig.html
"""


class Read(NamedTuple):
    """A document as a job has read it."""

    data: bytes
    pages: Sequence[Page]
    """Those that could be read."""
    seed: int
    source: str
    """A digest of the document and of what was asked."""
    asks: Asks


class Kind(NamedTuple):
    """One kind of job."""

    noun: str
    version: str
    """The member that shows the version of the model."""
    member: str
    """What its results are called."""
    most: int
    """Results on a page of the answer, and in a file."""
    make: Callable[[Read], list[Item]]
    """The results."""
    features: tuple[str, ...] = ()
    """What is looked for, unless the request says."""
    folder: str = ""
    """Where its files are below the job's own folder."""

    @property
    def row(self) -> Resource:
        """Its jobs. What a document is made into is kept packed: every reader gets results of their own from it."""
        life = Life("JobStatus", (("IN_PROGRESS", _SECONDS), ("SUCCEEDED", 0)), reason="StatusMessage")
        return Resource(self.noun, "JobId", made="{hex64}", life=life, work=partial(_work, self))


def _blocks(read: Read) -> list[Item]:
    return blocks(read.pages, read.seed, read.source, read.asks)


def _expenses(read: Read) -> list[Item]:
    return [expense(page, number, read.seed, read.source) for number, page in enumerate(read.pages, start=1)]


def _lending(read: Read) -> list[Item]:
    return [
        lending.lending(page, number, read.seed, read.source, read.data)
        for number, page in enumerate(read.pages, start=1)
    ]


FEATURES = ("FORMS", "TABLES")
"""What expenses and identity documents are read for; papers for loans may be signed."""
TEXT = Kind("DocumentTextDetection", "DetectDocumentTextModelVersion", "Blocks", 1_000, _blocks)
ANALYSIS = Kind("DocumentAnalysis", "AnalyzeDocumentModelVersion", "Blocks", 1_000, _blocks)
EXPENSE = Kind("ExpenseAnalysis", "AnalyzeExpenseModelVersion", "ExpenseDocuments", 20, _expenses, FEATURES)
LENDING = Kind(
    "LendingAnalysis", "AnalyzeLendingModelVersion", "Results", 30, _lending, (*FEATURES, "SIGNATURES"),
    "detailedResponse/",
)  # fmt: skip
KINDS = (TEXT, ANALYSIS, EXPENSE, LENDING)


def unpacked(job: Mapping[str, Any], places: Iterable[int] | None = None) -> list[Item]:
    """The results of a job that has ended, or those at some places."""
    packed = job["Packed"]
    return [json.loads(packed[place]) for place in (range(len(packed)) if places is None else places)]


def _work(kind: Kind, service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the document, and write what is found where the request says."""
    assert isinstance(service, Documents)
    features = members.get("FeatureTypes", kind.features)
    pages: list[Page] = []
    bad: list[int] = []
    try:
        data = service.stored(members["DocumentLocation"]["S3Object"])
        with open_document(data) as document:
            count = document.pages
            for index in range(count):
                try:
                    pages.append(read_page(document, index, features))
                except UnreadableDocument:
                    bad.append(index + 1)
    except ServiceError:
        raise WorkFailed("INVALID_S3_OBJECT") from None
    except UnreadableDocument:
        raise WorkFailed("BAD_DOCUMENT") from None
    if not pages:
        raise WorkFailed("BAD_DOCUMENT")
    try:
        questions = service.questions(members, count, BY_JOB) if kind is ANALYSIS else Questions()
    except ServiceError as error:  # an adapter is gone, or the document is another by now
        raise WorkFailed(error.code) from None
    asked = questions.of(pages)
    visible = [shown(page, features) for page in pages]
    read = Read(data, visible, service.world.seed, digest(data, features) + questions.source, asked)
    made = kind.make(read)
    ended: dict[str, Any] = {
        "JobStatus": "PARTIAL_SUCCESS" if bad else "SUCCEEDED",
        "DocumentMetadata": {"Pages": count},
        "Engine": " + ".join(sorted({page.engine for page in pages})),
        "Packed": tuple(json.dumps(item) for item in made),
    }
    if kind is LENDING:
        ended["Unsigned"] = tuple(page.number for page in pages if lending.awaits_signature(page))
    if bad:
        ended["Warnings"] = [{"ErrorCode": "BAD_PAGE", "Pages": bad}]
    if "OutputConfig" in members:
        try:
            _write(kind, service, {**members, **ended}, data)
        except ServiceError:
            raise WorkFailed("The output bucket cannot be written to.") from None
    return ended


def _write(kind: Kind, service: Service, job: Mapping[str, Any], data: bytes) -> None:
    """Put the results into a bucket, in files of as many as a page of the answer has, as AWS does.

    Of a bundle for a loan there are a summary and, if it is a PDF, its documents besides.
    """
    output = job["OutputConfig"]
    bucket, folder = output["S3Bucket"], f"{output.get('S3Prefix', _FOLDER).rstrip('/')}/{job['JobId']}"

    files: dict[str, bytes] = {".s3_access_check": b""}

    def put(name: str, body: Mapping[str, Any]) -> None:
        whole = {"JobStatus": job["JobStatus"], "DocumentMetadata": job["DocumentMetadata"], **body}
        files[name] = json.dumps(whole).encode()

    count = len(job["Packed"])
    for number, begin in enumerate(range(0, count, kind.most), 1):
        end = min(begin + kind.most, count)
        more = {"NextToken": str(number + 1)} if end < count else {}
        put(f"{kind.folder}{number}", {kind.member: unpacked(job, range(begin, end)), **more})
    if kind is LENDING:
        results = unpacked(job)
        put("summaryResponse/1", {"Summary": lending.summary(results, job["Unsigned"])})
        files |= {f"splitDocuments/{name}": part for name, part in lending.split(data, results).items()}
    put_all(service.world.s3, bucket, {f"{folder}/{name}": data for name, data in files.items()})


def put_all(s3: Objects, bucket: str, files: Mapping[str, bytes]) -> None:
    """Write all files or none: those before one that fails are removed."""
    written: list[str] = []
    try:
        for key, data in files.items():
            s3.put(bucket, key, data, _TYPES.get(data[:1], "binary/octet-stream"))
            written.append(key)
    except ServiceError:
        for key in written:
            with suppress(ServiceError):
                s3.delete(bucket, key)
        raise
