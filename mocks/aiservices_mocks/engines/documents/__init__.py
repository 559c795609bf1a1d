"""Reading documents: PDF by its text layer, scans and pictures by OCR; lines, tables and fields by geometry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from . import ocr
from .assembly import assemble
from .faults import UnreadableDocument
from .layout import (
    Box,
    Cell,
    Field,
    Line,
    Page,
    Region,
    Selection,
    Sheet,
    Signature,
    Span,
    Table,
    Turn,
    Word,
)
from .pdf import PdfFile
from .pictures import PictureFile

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = [
    "Box",
    "Cell",
    "Field",
    "Line",
    "OpenDocument",
    "Page",
    "Region",
    "Selection",
    "Signature",
    "Span",
    "Table",
    "Turn",
    "UnreadableDocument",
    "Word",
    "open_document",
    "picture",
    "read",
]


class OpenDocument:
    """A document whose pages can be read."""

    def __init__(self, file: PdfFile | PictureFile, kind: str) -> None:
        self._file = file
        self.kind = kind
        """PDF, PNG, JPEG or TIFF."""
        self.pages = file.pages

    def page(
        self, index: int, *, tables: bool = False, forms: bool = False, layout: bool = False, signatures: bool = False
    ) -> Page:
        """Read a page, counted from 0."""
        sheet: Sheet | None = self._file.read(index, signatures=signatures)
        if sheet is None:
            picture = self._file.render(index)
            sheet = ocr.read(picture, drawings=tables or forms or layout, signatures=signatures)
        return assemble(sheet, index + 1, tables=tables, forms=forms, layout=layout)


@contextmanager
def open_document(data: bytes) -> Iterator[OpenDocument]:
    """The document in these bytes; raises UnreadableDocument."""
    kind = _kind(data)
    file = PdfFile(data) if kind == "PDF" else PictureFile(data, kind)
    try:
        yield OpenDocument(file, kind)
    finally:
        file.close()


def read(
    data: bytes, *, tables: bool = False, forms: bool = False, layout: bool = False, signatures: bool = False
) -> list[Page]:
    """All pages of a document."""
    with open_document(data) as document:
        return [
            document.page(i, tables=tables, forms=forms, layout=layout, signatures=signatures)
            for i in range(document.pages)
        ]


def picture(data: bytes, index: int, scale: float = 1.5) -> Image:
    """A page, counted from 0, in colour; `scale` is pixels per point of a PDF."""
    kind = _kind(data)
    file = PdfFile(data) if kind == "PDF" else PictureFile(data, kind)
    try:
        return file.render(index, scale=scale).convert("RGB")
    finally:
        file.close()


def _kind(data: bytes) -> str:
    if b"%PDF-" in data[:1024]:
        return "PDF"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] in (b"II*\x00", b"MM\x00*"):
        return "TIFF"
    raise UnreadableDocument("format", "the document is neither PDF, PNG, JPEG nor TIFF")
