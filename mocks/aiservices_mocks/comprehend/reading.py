"""The text of a document that is given as bytes: plain text, PDF or a picture."""

from __future__ import annotations

from typing import Any, NamedTuple

_TYPES = {"PDF": "NATIVE_PDF", "PNG": "IMAGE", "JPEG": "IMAGE", "TIFF": "IMAGE"}


class Unreadable(Exception):
    """A document without a text; `reason` is AWS's word for why."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Read(NamedTuple):
    """The pages of a document, and AWS's word for its type."""

    pages: list[str]
    type: str

    @property
    def text(self) -> str:
        """All pages."""
        return "\n".join(self.pages)

    @property
    def facts(self) -> dict[str, Any]:
        """What replies say about it."""
        numbers = range(1, len(self.pages) + 1)
        counts = [{"Page": number, "Count": len(page)} for number, page in zip(numbers, self.pages, strict=True)]
        return {
            "DocumentMetadata": {"Pages": len(self.pages), "ExtractedCharacters": counts},
            "DocumentType": [{"Page": number, "Type": self.type} for number in numbers],
            "Errors": [],
        }


def read(data: bytes) -> Read:
    """Read a document; raises Unreadable."""
    from aiservices_mocks.engines.documents import UnreadableDocument, open_document

    try:
        with open_document(data) as document:
            pages = ["\n".join(line.text for line in document.page(number).lines) for number in range(document.pages)]
            return Read(pages, _TYPES[document.kind])
    except UnreadableDocument as error:
        if error.reason != "format":
            raise Unreadable("INVALID_DOCUMENT", "The document cannot be read.") from None
    try:
        return Read([data.decode("utf-8-sig")], "PLAIN_TEXT")
    except UnicodeDecodeError:
        raise Unreadable(
            "UNSUPPORTED_DOC_TYPE", "The document is neither text in UTF-8 nor PDF nor a picture."
        ) from None
