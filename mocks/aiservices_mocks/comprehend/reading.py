"""Documents given as files: plain text, PDF, Word, pictures and what Textract answered, with the blocks of their text.

Kept of AWS: its words for types and errors, a line and a word for each block, references from entities to blocks.
FORCE_DOCUMENT_READ_ACTION changes nothing: PDF is read by Textract's engine in any case.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from aiservices_mocks.engines import word_documents

from .reading_blocks import Block, joined, line_blocks, lines_and_words

MB = 1024 * 1024
CHARACTERS = 10_000
"""Of a page. Source: https://docs.aws.amazon.com/comprehend/latest/dg/idp-inputs-sync.html"""
TEXTRACT = 1 * MB
"""Bytes of an answer of Textract. Same source."""

_TYPES = {
    "NATIVE_PDF": "NativePDF",
    "SCANNED_PDF": "ScannedPDF",
    "MS_WORD": "MSWord",
    "IMAGE": "Image",
    "PLAIN_TEXT": "PlainText",
    "TEXTRACT_DETECT_DOCUMENT_TEXT_JSON": "TextractDetectDocumentTextJSON",
    "TEXTRACT_ANALYZE_DOCUMENT_JSON": "TextractAnalyzeDocumentJSON",
}
"""AWS's words for types, as replies and as jobs have them."""
_SIZES = {"MS_WORD": 5 * MB, "IMAGE": 10 * MB}
_LARGEST = 50 * MB
"""Bytes of a document of a job. Source: https://docs.aws.amazon.com/comprehend/latest/dg/idp-inputs-async.html"""
PAGES = 100
"""Of a document of a job. Same source."""


class Unreadable(Exception):
    """A document without a text; `reason` is AWS's word for why."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Page(NamedTuple):
    """The text of a page, its lines and words as blocks, and AWS's word for what kept it from being read."""

    text: str
    blocks: list[Block]
    type: str
    error: str = ""


class Read(NamedTuple):
    """The pages of a document."""

    pages: list[Page]

    @property
    def text(self) -> str:
        """All pages."""
        return "\n".join(page.text for page in self.pages)

    @property
    def native(self) -> bool:
        """Whether it is more than plain text."""
        return self.pages[0].type != "PLAIN_TEXT"

    @property
    def facts(self) -> dict[str, Any]:
        """What replies say about it."""
        numbered = list(enumerate(self.pages, 1))
        counts = [{"Page": number, "Count": len(page.text)} for number, page in numbered]
        return {
            "DocumentMetadata": {"Pages": len(self.pages), "ExtractedCharacters": counts},
            "DocumentType": [{"Page": number, "Type": page.type} for number, page in numbered],
            "Errors": [error for number, page in numbered for error in page_errors(page, number)],
        }


def page_errors(page: Page, number: int) -> list[dict[str, Any]]:
    """What kept a page from being read, as replies say it."""
    if not page.error:
        return []
    messages = {
        "PAGE_CHARACTERS_EXCEEDED": f"The page has more than {CHARACTERS} characters.",
        "TEXTRACT_BAD_PAGE": "The page cannot be read.",
    }
    return [{"Page": number, "ErrorCode": page.error, "ErrorMessage": messages[page.error]}]


def job_facts(document: Read, number: int) -> dict[str, Any]:
    """What a job's output says about a page of a document."""
    page = document.pages[number - 1]
    told = {
        "DocumentMetadata": {"PageNumber": number, "Pages": len(document.pages)},
        "DocumentType": _TYPES[page.type],
        "Version": "2021-04-30",
    }
    errors = page_errors(page, number)
    return {**told, "Errors": errors} if errors else told


def read(data: bytes, *, most: int = _LARGEST, pages: int = PAGES) -> Read:
    """Read a document; raises Unreadable.

    most: bytes of a PDF; of the other types too, where it is less than they have. pages: of a PDF or a Word document.
    """
    if word_documents.is_word(data):
        _check(len(data), min(most, _SIZES["MS_WORD"]) if most == _LARGEST else most)
        found = _of_word(data)
    elif (answer := _textract(data)) is not None:
        _check(len(data), TEXTRACT)
        found = _of_textract(answer, pages)
    else:
        found = _of_file(data, most, pages) or _of_text(data)
    if len(found) > pages:
        raise _too_many(len(found), pages)
    return Read([page if len(page.text) <= CHARACTERS else _unread(page) for page in found])


def _unread(page: Page) -> Page:
    if page.type == "PLAIN_TEXT":
        return page
    return Page("", [], page.type, "PAGE_CHARACTERS_EXCEEDED")


def _too_many(number: int, most: int) -> Unreadable:
    return Unreadable("PAGE_LIMIT_EXCEEDED", f"The document has {number} pages, at most {most}.")


def _check(size: int, most: int) -> None:
    if size > most:
        raise Unreadable("DOCUMENT_SIZE_EXCEEDED", f"The document has {size} bytes, at most {most}.")


def _of_text(data: bytes) -> list[Page]:
    try:
        return [Page(data.decode("utf-8-sig"), [], "PLAIN_TEXT")]
    except UnicodeDecodeError:
        raise Unreadable(
            "UNSUPPORTED_DOC_TYPE", "The document is neither text in UTF-8 nor PDF nor Word nor a picture."
        ) from None


def _of_file(data: bytes, most: int, pages: int) -> list[Page] | None:
    """The pages of a PDF or a picture; None of what is neither."""
    from aiservices_mocks.engines.documents import UnreadableDocument, open_document

    try:
        with open_document(data) as document:
            _check(len(data), most if document.kind == "PDF" else min(most, _SIZES["IMAGE"]))
            if document.pages > (pages if document.kind == "PDF" else 1):
                raise _too_many(document.pages, pages if document.kind == "PDF" else 1)
            return [_page(document, number) for number in range(document.pages)]
    except UnreadableDocument as error:
        if error.reason == "format":
            return None
        raise Unreadable("UNSUPPORTED_DOC_TYPE", "The document is broken, encrypted or too large.") from None


def _page(document: Any, number: int) -> Page:
    from aiservices_mocks.engines.documents import UnreadableDocument
    from aiservices_mocks.textract.blocks import blocks

    native = "NATIVE_PDF" if document.kind == "PDF" else "IMAGE"
    try:
        page = document.page(number)
    except UnreadableDocument:
        return Page("", [], native, "TEXTRACT_BAD_PAGE")
    scanned = document.kind == "PDF" and page.engine != "pdf text layer"
    found = lines_and_words(blocks([page], 0, f"page {number}"))
    return Page(joined(found), found, "SCANNED_PDF" if scanned else native)


def _of_word(data: bytes) -> list[Page]:
    try:
        found = word_documents.pages(data)
    except word_documents.UnreadableWord as error:
        raise Unreadable("UNSUPPORTED_DOC_TYPE", str(error)) from None
    pages = []
    for number, lines in enumerate(found, 1):
        blocks = [block for at, line in enumerate(lines) for block in line_blocks(line, number, at)]
        pages.append(Page(joined(blocks), blocks, "MS_WORD"))
    return pages


def _textract(data: bytes) -> Mapping[str, Any] | None:
    """An answer of Textract; None of what is none."""
    if data.lstrip()[:1] != b"{":
        return None
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer.get("Blocks"), list) and "DocumentMetadata" in answer else None


def _of_textract(answer: Mapping[str, Any], most: int) -> list[Page]:
    detected = "DetectDocumentTextModelVersion" in answer
    kind = f"TEXTRACT_{'DETECT_DOCUMENT_TEXT' if detected else 'ANALYZE_DOCUMENT'}_JSON"
    try:
        blocks = lines_and_words(answer["Blocks"])
        pages = int(answer["DocumentMetadata"]["Pages"])
        if pages > most:
            raise _too_many(pages, most)
        by_page: dict[int, list[Block]] = {number: [] for number in range(1, max(pages, 1) + 1)}
        for block in blocks:
            by_page[block["Page"]].append(block)
        return [Page(joined(one), one, kind) for one in by_page.values()]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unreadable("UNSUPPORTED_DOC_TYPE", "The document is no complete answer of Textract.") from None
