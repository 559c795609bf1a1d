"""Documents that are given with a request: their sizes, their types and the errors that AWS has for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiservices.errors import ServiceError

from .endpoints import Endpoints
from .reading import Read, Unreadable, read

PLAIN, FILE = 10 * 1024, 10 * 1024 * 1024
"""Bytes of plain text, and of any other document. Source:
https://docs.aws.amazon.com/comprehend/latest/dg/idp-inputs-sync.html"""
_ANALYZE = "TEXTRACT_ANALYZE_DOCUMENT"


class Documents(Endpoints):
    """Reads what a request gives as bytes."""

    def document(self, data: bytes, config: Mapping[str, Any] | None) -> Read:
        """The one page of a document."""
        self.check_reader(config)
        try:
            if len(data) > FILE:
                raise Unreadable("DOCUMENT_SIZE_EXCEEDED", f"The document has {len(data)} bytes, at most {FILE}.")
            document = read(data, most=FILE, pages=1)
            if not document.native and len(data) > PLAIN:
                raise Unreadable("DOCUMENT_SIZE_EXCEEDED", f"The text has {len(data)} bytes, at most {PLAIN}.")
        except Unreadable as error:
            raise self._invalid_document(error.reason, str(error)) from None
        return document

    def check_reader(self, config: Mapping[str, Any] | None) -> None:
        """Textract's analysis needs features; its detection has none."""
        if config is None:
            return
        if (config["DocumentReadAction"] == _ANALYZE) != bool(config.get("FeatureTypes")):
            needs = "needs" if config["DocumentReadAction"] == _ANALYZE else "has no"
            raise self.error(
                "InvalidRequestException",
                f"DocumentReadAction {config['DocumentReadAction']} {needs} FeatureTypes (TABLES, FORMS).",
            )

    def _invalid_document(self, reason: str, message: str) -> ServiceError:
        return self.error("InvalidRequestException", message, Reason="INVALID_DOCUMENT", Detail={"Reason": reason})
