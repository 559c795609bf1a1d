"""The kinds of Textract's jobs: what each makes of a document in S3, and the files that it writes."""

from __future__ import annotations

import json
import marshal
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from aiservices.errors import ServiceError
from aiservices_mocks.engines.documents import Page, UnreadableDocument, open_document
from aiservices_mocks.resources import Life, Resource, WorkFailed
from aiservices_mocks.service import Service

from . import forms
from .blocks import blocks, digest
from .documents import Documents, read_page

Item = dict[str, Any]
_SECONDS = 30
_FOLDER = "textract_output"
"""Where files are written, unless the request says.

Source: https://docs.aws.amazon.com/textract/latest/dg/API_OutputConfig.html
"""


class Kind(NamedTuple):
    """One kind of job."""

    noun: str
    version: str
    """The member that shows the version of the model."""
    member: str
    """What its results are called."""
    most: int
    """Results on a page of the answer, and in a file."""
    make: Callable[[Sequence[Page], int, str], list[Item]]
    """The results of the pages that could be read, from a seed and a digest of the document."""
    features: tuple[str, ...] = ()
    """What is looked for, unless the request says."""
    folder: str = ""
    """Where its files are below the job's own folder."""

    @property
    def row(self) -> Resource:
        """Its jobs. What a document is made into is kept packed: every reader gets results of their own from it."""
        life = Life("JobStatus", (("IN_PROGRESS", _SECONDS), ("SUCCEEDED", 0)), reason="StatusMessage")
        return Resource(self.noun, "JobId", made="{hex64}", life=life, work=partial(_work, self))


def _expenses(pages: Sequence[Page], seed: int, source: str) -> list[Item]:
    return [forms.expense(page, number, seed, source) for number, page in enumerate(pages, start=1)]


def _lending(pages: Sequence[Page], seed: int, source: str) -> list[Item]:
    return [forms.lending(page, number, seed, source) for number, page in enumerate(pages, start=1)]


TEXT = Kind("DocumentTextDetection", "DetectDocumentTextModelVersion", "Blocks", 1_000, blocks)
ANALYSIS = Kind("DocumentAnalysis", "AnalyzeDocumentModelVersion", "Blocks", 1_000, blocks)
EXPENSE = Kind(
    "ExpenseAnalysis", "AnalyzeExpenseModelVersion", "ExpenseDocuments", 20, _expenses, forms.FEATURES
)  # fmt: skip
LENDING = Kind(
    "LendingAnalysis", "AnalyzeLendingModelVersion", "Results", 30, _lending, forms.FEATURES, "detailedResponse/"
)  # fmt: skip
KINDS = (TEXT, ANALYSIS, EXPENSE, LENDING)


def unpacked(job: Mapping[str, Any], places: Iterable[int] | None = None) -> list[Item]:
    """The results of a job that has ended, or those at some places."""
    packed = job["Packed"]
    return [marshal.loads(packed[place]) for place in (range(len(packed)) if places is None else places)]


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
    made = kind.make(pages, service.world.seed, digest(data, features))
    ended: dict[str, Any] = {
        "JobStatus": "PARTIAL_SUCCESS" if bad else "SUCCEEDED",
        "DocumentMetadata": {"Pages": count},
        "Engine": " + ".join(sorted({page.engine for page in pages})),
        "Packed": tuple(marshal.dumps(item) for item in made),
    }
    if bad:
        ended["Warnings"] = [{"ErrorCode": "BAD_PAGE", "Pages": bad}]
    if "OutputConfig" in members:
        try:
            _write(kind, service, {**members, **ended})
        except ServiceError:
            raise WorkFailed("The output bucket cannot be written to.") from None
    return ended


def _write(kind: Kind, service: Service, job: Mapping[str, Any]) -> None:
    """Put the results into a bucket, in files of as many as a page of the answer has, as AWS does.

    Of a bundle for a loan there is a summary besides; its documents are not split into files.
    """
    output = job["OutputConfig"]
    bucket, folder = output["S3Bucket"], f"{output.get('S3Prefix', _FOLDER).rstrip('/')}/{job['JobId']}"

    def put(name: str, body: Mapping[str, Any]) -> None:
        whole = {"JobStatus": job["JobStatus"], "DocumentMetadata": job["DocumentMetadata"], **body}
        service.world.s3.put(bucket, f"{folder}/{name}", json.dumps(whole).encode(), "application/json")

    service.world.s3.put(bucket, f"{folder}/.s3_access_check", b"")
    count = len(job["Packed"])
    for number, begin in enumerate(range(0, count, kind.most), 1):
        end = min(begin + kind.most, count)
        more = {"NextToken": str(number + 1)} if end < count else {}
        put(f"{kind.folder}{number}", {kind.member: unpacked(job, range(begin, end)), **more})
    if kind is LENDING:
        put("summaryResponse/1", {"Summary": forms.summary(unpacked(job))})
