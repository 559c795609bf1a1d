"""How documents come in: by bytes or from S3, of the formats and sizes that AWS takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.errors import ServiceError
from aiservices_mocks.engines.documents import OpenDocument, Page, UnreadableDocument, open_document
from aiservices_mocks.service import Service

from .queries import Invalid, Questions, Weights
from .queries import questions as asked_of

VERSION = "1.0"
"""Of the models, as every answer shows it."""
_SYNC_BYTES = 10 * 1024 * 1024
_ASYNC_BYTES = {"PDF": 500 * 1024 * 1024, "TIFF": 500 * 1024 * 1024}
_ASYNC_PAGES = 3_000
_TRAINED = ("ACTIVE", "AT_RISK")
_CODES = {
    "format": ("UnsupportedDocumentException", "Request has unsupported document format"),
    "encrypted": ("UnsupportedDocumentException", "Request has an encrypted document"),
    "pages": ("UnsupportedDocumentException", "Request has unsupported document format"),
    "broken": ("BadDocumentException", "Request has a document that cannot be read"),
    "large": ("DocumentTooLargeException", "Request has a document that is too large"),
}


class Documents(Service):
    """Reads documents, with the errors of the service."""

    def _sync_bytes(self, document: Mapping[str, Any]) -> bytes:
        if ("Bytes" in document) == ("S3Object" in document):
            raise self.error("InvalidParameterException", "Request has invalid parameters: give Bytes or S3Object")
        data = document["Bytes"] if "Bytes" in document else self.stored(document["S3Object"])
        if len(data) > _SYNC_BYTES:
            raise self._unreadable(UnreadableDocument("large", ""))
        return bytes(data)

    def stored(self, place: Mapping[str, Any]) -> bytes:
        """What an object in S3 holds."""
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

    def _read(self, data: bytes, features: Sequence[str]) -> Page:
        """The one page of a document."""
        try:
            with open_document(data) as document:
                if document.pages > 1:
                    raise UnreadableDocument("pages", "a job reads documents of several pages")
                return read_page(document, 0, features)
        except UnreadableDocument as error:
            raise self._unreadable(error) from None

    def questions(self, request: Mapping[str, Any], count: int, most: int) -> Questions:
        """What is asked of a document of `count` pages."""
        if not request["FeatureTypes"]:
            raise self._invalid("FeatureTypes is empty")
        try:
            return asked_of(request, count, most, self._learnt)
        except Invalid as error:
            raise self._invalid(str(error)) from None

    def _learnt(self, adapter: Mapping[str, Any]) -> Weights:
        """What the version of an adapter has learnt."""
        named = {"AdapterId": adapter["AdapterId"], "AdapterVersion": adapter["Version"]}
        record = self.keepers["AdapterVersion"].find(named)
        if record is None or self.keepers["AdapterVersion"].look(record) not in _TRAINED:
            raise Invalid("AdaptersConfig names no adapter version that is active")
        weights: Weights = record["members"].get("Learnt", {})
        return weights

    def _invalid(self, message: str) -> ServiceError:
        return self.error("InvalidParameterException", f"Request has invalid parameters: {message}")

    def _unreadable(self, error: UnreadableDocument) -> ServiceError:
        code, message = _CODES[error.reason]
        return self.error(code, f"{message}: {error}" if str(error) and error.reason == "large" else message)

    def _inspect(self, data: bytes) -> int:
        """The number of pages of a job's document; refuses what keeps it from starting."""
        try:
            with open_document(data) as document:
                if len(data) > _ASYNC_BYTES.get(document.kind, _SYNC_BYTES) or document.pages > _ASYNC_PAGES:
                    raise UnreadableDocument("large", "")
                return document.pages
        except UnreadableDocument as error:
            raise self._unreadable(error) from None

    def _check_writable(self, output: Mapping[str, Any]) -> None:
        """Refuse an output bucket that is not there, before a job has begun."""
        try:
            self.world.s3.send("HeadBucket", Bucket=output["S3Bucket"])
        except ServiceError as error:
            raise self.error(
                "InvalidS3ObjectException", "Unable to write to the output bucket. Check that it exists."
            ) from error


def read_page(document: OpenDocument, index: int, features: Sequence[str]) -> Page:
    """A page with what the features ask for; questions are answered from tables and forms."""
    asked = "QUERIES" in features
    return document.page(
        index,
        tables=asked or "TABLES" in features,
        forms=asked or "FORMS" in features,
        layout="LAYOUT" in features,
        signatures="SIGNATURES" in features,
    )
