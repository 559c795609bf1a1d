"""Textract: text, tables and forms, computed from the document.

Kept of AWS: the structure of the blocks, sizes and page limits, jobs with their states, tokens and pages, results
written to `OutputConfig`. Not kept: notifications to SNS, KMS keys, human review; LAYOUT, QUERIES, SIGNATURES and
adapters are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.call import Reply, note
from aiservices.errors import NotMockedError, ServiceError
from aiservices_mocks.engines.documents import Page, UnreadableDocument, open_document
from aiservices_mocks.service import Service, computed, stateful

from .blocks import blocks
from .jobs import Jobs
from .reading import digest, read_page

_SYNC_BYTES = 10 * 1024 * 1024
_ASYNC_BYTES = {"PDF": 500 * 1024 * 1024, "TIFF": 500 * 1024 * 1024}
_ASYNC_PAGES = 3_000
_DETECT, _ANALYZE = "DetectDocumentTextModelVersion", "AnalyzeDocumentModelVersion"
_VERSION = "1.0"
_CODES = {
    "format": ("UnsupportedDocumentException", "Request has unsupported document format"),
    "encrypted": ("UnsupportedDocumentException", "Request has an encrypted document"),
    "pages": ("UnsupportedDocumentException", "Request has unsupported document format"),
    "broken": ("BadDocumentException", "Request has a document that cannot be read"),
    "large": ("DocumentTooLargeException", "Request has a document that is too large"),
}


class Textract(Service):
    """DetectDocumentText, AnalyzeDocument and their jobs."""

    name = "textract"
    token_error = "InvalidParameterException"

    @computed
    def detect_document_text(self, document: Mapping[str, Any]) -> Reply:
        """Lines and words of a document of one page."""
        pages, found = self._read(self._sync_bytes(document), ())
        return _answer(pages, {"Blocks": found, _DETECT: _VERSION})

    @computed
    def analyze_document(
        self,
        document: Mapping[str, Any],
        feature_types: Sequence[str],
        human_loop_config: Mapping[str, Any] | None = None,
        queries_config: Mapping[str, Any] | None = None,
        adapters_config: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Lines, words, tables and fields of a document of one page."""
        self._check_features("AnalyzeDocument", feature_types, adapters_config)
        if human_loop_config is not None:
            raise NotMockedError("textract.AnalyzeDocument: HumanLoopConfig is not mocked: leave it out")
        pages, found = self._read(self._sync_bytes(document), feature_types)
        return _answer(pages, {"Blocks": found, _ANALYZE: _VERSION})

    @stateful
    def start_document_text_detection(
        self,
        document_location: Mapping[str, Any],
        client_request_token: str | None = None,
        job_tag: str | None = None,
        notification_channel: Mapping[str, Any] | None = None,
        output_config: Mapping[str, Any] | None = None,
        kms_key_id: str | None = None,
    ) -> Reply:
        """Begin to read a document of any number of pages."""
        return self._start("text", document_location, (), client_request_token, job_tag, output_config)

    @computed
    def get_document_text_detection(
        self, job_id: str, max_results: int | None = None, next_token: str | None = None
    ) -> Reply:
        """What the job has read, a page of blocks at a time."""
        return self._get("GetDocumentTextDetection", "text", job_id, max_results, next_token, _DETECT)

    @stateful
    def start_document_analysis(
        self,
        document_location: Mapping[str, Any],
        feature_types: Sequence[str],
        client_request_token: str | None = None,
        job_tag: str | None = None,
        notification_channel: Mapping[str, Any] | None = None,
        output_config: Mapping[str, Any] | None = None,
        kms_key_id: str | None = None,
        queries_config: Mapping[str, Any] | None = None,
        adapters_config: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Begin to analyse a document of any number of pages."""
        self._check_features("StartDocumentAnalysis", feature_types, adapters_config)
        return self._start("analysis", document_location, feature_types, client_request_token, job_tag, output_config)

    @computed
    def get_document_analysis(
        self, job_id: str, max_results: int | None = None, next_token: str | None = None
    ) -> Reply:
        """What the job has found, a page of blocks at a time."""
        return self._get("GetDocumentAnalysis", "analysis", job_id, max_results, next_token, _ANALYZE)

    def _check_features(self, operation: str, features: Sequence[str], adapters: Mapping[str, Any] | None) -> None:
        if not features:
            raise self.error("InvalidParameterException", "Request has invalid parameters: FeatureTypes is empty")
        missing = sorted(set(features) - {"FORMS", "TABLES"})
        if adapters is not None:
            missing.append("adapters")
        if missing:
            raise NotMockedError(f"textract.{operation}: {', '.join(missing)} is not mocked; FORMS and TABLES are")

    def _sync_bytes(self, document: Mapping[str, Any]) -> bytes:
        if ("Bytes" in document) == ("S3Object" in document):
            raise self.error("InvalidParameterException", "Request has invalid parameters: give Bytes or S3Object")
        data = document["Bytes"] if "Bytes" in document else self._object(document["S3Object"])
        if len(data) > _SYNC_BYTES:
            raise self._unreadable(UnreadableDocument("large", ""))
        return bytes(data)

    def _object(self, place: Mapping[str, Any]) -> bytes:
        if "Bucket" not in place or "Name" not in place:
            raise self.error("InvalidParameterException", "Request has invalid parameters: Bucket and Name")
        version = {"VersionId": place["Version"]} if "Version" in place else {}
        try:
            body = self.world.s3.send("GetObject", Bucket=place["Bucket"], Key=place["Name"], **version)["Body"]
            try:
                return bytes(body.read())
            finally:
                body.close()
        except ServiceError as error:
            raise self.error(
                "InvalidS3ObjectException",
                "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
            ) from error

    def _read(self, data: bytes, features: Sequence[str]) -> tuple[list[Page], list[dict[str, Any]]]:
        try:
            with open_document(data) as document:
                if document.pages > 1:
                    raise UnreadableDocument("pages", "a job reads documents of several pages")
                pages = [read_page(document, 0, features)]
        except UnreadableDocument as error:
            raise self._unreadable(error) from None
        return pages, blocks(pages, self.world.seed, digest(data, features))

    def _unreadable(self, error: UnreadableDocument) -> ServiceError:
        code, message = _CODES[error.reason]
        return self.error(code, f"{message}: {error}" if str(error) and error.reason == "large" else message)

    def _start(
        self,
        kind: str,
        location: Mapping[str, Any],
        features: Sequence[str],
        token: str | None,
        tag: str | None,
        output: Mapping[str, Any] | None,
    ) -> Reply:
        if "S3Object" not in location:
            raise self.error("InvalidParameterException", "Request has invalid parameters: S3Object is missing")
        jobs = Jobs(self.world)
        request = {"location": location, "features": sorted(features), "tag": tag, "output": output}
        if token is not None:
            known = jobs.by_token(kind, token)
            if known is not None and known["request"] != request:
                raise self.error(
                    "IdempotentParameterMismatchException", "The client token was used for another request"
                )
            if known is not None:
                return {"JobId": known["id"]}
        data = self._object(location["S3Object"])
        pages = self._inspect(data)
        if output is not None:
            self._check_writable(output)
        job = jobs.start(kind, request, token, data=data, pages=pages)
        if output is not None:
            self._write(job, output)
        return {"JobId": job["id"]}

    def _inspect(self, data: bytes) -> int:
        """How many pages a job would read; raises what keeps it from starting."""
        try:
            with open_document(data) as document:
                if len(data) > _ASYNC_BYTES.get(document.kind, _SYNC_BYTES) or document.pages > _ASYNC_PAGES:
                    raise UnreadableDocument("large", "")
                return document.pages
        except UnreadableDocument as error:
            raise self._unreadable(error) from None

    def _get(self, operation: str, kind: str, id: str, size: int | None, token: str | None, version: str) -> Reply:
        jobs = Jobs(self.world)
        job = jobs.find(kind, id)
        if job is None:
            raise self.error("InvalidJobIdException", "Request has invalid Job Id")
        if not jobs.ended(job):
            return note({"JobStatus": "IN_PROGRESS", version: _VERSION}, fidelity="computed")
        result = jobs.result(job)
        reply: Reply = {"JobStatus": result.status, version: _VERSION}
        if result.message:
            return note({**reply, "StatusMessage": result.message}, fidelity="computed")
        params = {"JobId": id, "NextToken": token}
        part, more = self.page(operation, params, range(result.count), min(size or 1000, 1000))
        reply |= {"DocumentMetadata": {"Pages": job["pages"]}, "Blocks": result.blocks(part)}
        if result.warnings:
            reply["Warnings"] = result.warnings
        if more is not None:
            reply["NextToken"] = more
        return note(reply, engine=result.engine, fidelity="computed")

    def _write(self, job: dict[str, Any], output: Mapping[str, Any]) -> None:
        """Put the results where OutputConfig says."""
        Jobs(self.world).write(job, output["S3Bucket"], output.get("S3Prefix", "textract_output"))

    def _check_writable(self, output: Mapping[str, Any]) -> None:
        """Refuse an output bucket that is not there, before a job has begun."""
        try:
            self.world.s3.send("HeadBucket", Bucket=output["S3Bucket"])
        except ServiceError as error:
            raise self.error(
                "InvalidS3ObjectException", "Unable to write to the output bucket. Check that it exists."
            ) from error


def _answer(pages: Sequence[Page], reply: Reply) -> Reply:
    return note({"DocumentMetadata": {"Pages": len(pages)}, **reply}, engine=pages[0].engine, fidelity="computed")
