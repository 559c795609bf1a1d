"""PDF pages: the text layer exactly, and what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from . import pdfium, textlayer
from .drawings import Drawings
from .faults import UnreadableDocument
from .frame import Frame
from .layout import Sheet

if TYPE_CHECKING:
    from PIL.Image import Image

_SCAN_DPI = 200
_LOOK_SIDE = 800  # pixels of a picture that is only looked at
_LONGEST_SIDE = 4000  # pixels of a rendered page, whatever size the page claims


class PdfFile:
    """An open PDF."""

    def __init__(self, data: bytes) -> None:
        pypdfium2 = pdfium.helpers()
        with pdfium.LOCK:
            try:
                self._pdf = pypdfium2.PdfDocument(data)
                self.pages = len(self._pdf)
            except pypdfium2.PdfiumError as error:
                reason = str(error).lower()
                if "password" in reason or "security" in reason:
                    raise UnreadableDocument("encrypted", "the PDF is protected by a password") from None
                raise UnreadableDocument("broken", "the PDF cannot be parsed") from None
            if self.pages < 1:
                self._pdf.close()
                raise UnreadableDocument("broken", "the PDF has no pages")

    def close(self) -> None:
        """Let go of the file."""
        with pdfium.LOCK:
            self._pdf.close()

    def read(self, index: int) -> Sheet | None:
        """The page's text and drawings; None when its text stands in pictures."""
        with pdfium.LOCK:
            page = self._load(index)
            try:
                return _read(page)
            finally:
                page.close()

    def render(self, index: int, *, scale: float | None = None) -> Image:
        """The page as a picture: grey at 200 dots per inch to be read, in colour at `scale` pixels per point."""
        with pdfium.LOCK:
            page = self._load(index)
            try:
                longest = max(*page.get_size(), 1.0)
                fitting = min(scale or _SCAN_DPI / 72, _LONGEST_SIDE / longest)
                picture = page.render(scale=fitting, grayscale=scale is None).to_pil()
                return cast("Image", picture.convert("L" if scale is None else "RGB"))
            finally:
                page.close()

    def _load(self, index: int) -> Any:
        pypdfium2 = pdfium.helpers()
        try:
            page = self._pdf[index]
            if _has_fields(page):
                # A filled form keeps its values in annotations: printed into the page, they are text like any other.
                self._pdf.init_forms()
                page.close()
                page = self._pdf[index]
                page.flatten()
                page.close()
                page = self._pdf[index]
        except pypdfium2.PdfiumError:
            raise UnreadableDocument("broken", f"page {index + 1} of the PDF cannot be parsed") from None
        return page


def _has_fields(page: Any) -> bool:
    c = pdfium.raw()
    for i in range(c.FPDFPage_GetAnnotCount(page)):
        annotation = c.FPDFPage_GetAnnot(page, i)
        kind = c.FPDFAnnot_GetSubtype(annotation)
        c.FPDFPage_CloseAnnot(annotation)
        if kind == c.FPDF_ANNOT_WIDGET:
            return True
    return False


def _read(page: Any) -> Sheet | None:
    with textlayer.opened(page) as text:
        frame = Frame(page)
        turn = textlayer.main_turn(text, frame)
        if turn:
            frame = Frame(page, -turn)
        sheet = Sheet(frame.width, frame.height, turn=turn)
        textlayer.read(text, frame, sheet)
    drawings = Drawings(page, frame)
    words = [word.box for run in sheet.runs for word in run]
    hidden = drawings.hides_text(words)
    if hidden or (hidden is None and _looks_scanned(page)):
        return None
    sheet.across, sheet.down = drawings.across, drawings.down
    sheet.selections = drawings.checkboxes(sheet.runs)
    return sheet


def _looks_scanned(page: Any) -> bool:
    """Whether a page is mostly paper with some ink, and not a photograph or a plain background."""
    import numpy as np

    width, height = page.get_size()
    scale = min(1.0, _LOOK_SIDE / max(width, height, 1.0))
    pixels = np.asarray(page.render(scale=scale, grayscale=True).to_pil().convert("L"))
    dark, light = float((pixels < 160).mean()), float((pixels > 200).mean())
    return light > 0.6 and dark > 0.002
