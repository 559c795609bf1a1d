"""PDF pages: the text layer exactly, and what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from statistics import median
from typing import TYPE_CHECKING, Any, cast

from . import pdfium, textlayer
from .drawings import Drawings, check_pictures
from .faults import UnreadableDocument
from .figures import figures
from .frame import Frame
from .ink import ink_of
from .layout import Box, Sheet, Turn
from .signatures import Mark, drawn, seen, weighed

if TYPE_CHECKING:
    from PIL.Image import Image

_SCAN_DPI = 200
_LOOK_SIDE = 800  # pixels of a picture that is only looked at
_USUAL_HEIGHT = 12.0  # points of a line
_PASTED = (25.0, 10.0), (330.0, 150.0)  # points: how big a picture of a signature is
_PASTED_DPI, _MOST_PASTED = 150, 20
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
                # PDFium may name the error of a file before, so the file itself must speak of it too.
                reason = str(error).lower()
                if b"/Encrypt" in data and ("password" in reason or "security" in reason):
                    raise UnreadableDocument("encrypted", "the PDF is protected by a password") from None
                raise UnreadableDocument("broken", "the PDF cannot be parsed") from None
            if self.pages < 1:
                self._pdf.close()
                raise UnreadableDocument("broken", "the PDF has no pages")

    def close(self) -> None:
        """Let go of the file."""
        with pdfium.LOCK:
            self._pdf.close()

    def read(self, index: int, *, signatures: bool = False) -> Sheet | None:
        """The page's text and drawings; None when its text stands in pictures."""
        with pdfium.LOCK:
            page = self._load(index)
            try:
                return _read(page, signatures)
            finally:
                page.close()

    def render(self, index: int, *, scale: float | None = None) -> Image:
        """The page as a picture: grey at 200 dots per inch to be read, in colour at `scale` pixels per point."""
        with pdfium.LOCK:
            page = self._load(index)
            try:
                fitting = min(scale or _SCAN_DPI / 72, _LONGEST_SIDE / max(*page.get_size(), 1.0))
                return _rendered(page, fitting, "L" if scale is None else "RGB")
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


def _rendered(page: Any, scale: float, mode: str = "L") -> Image:
    check_pictures(page)
    return cast("Image", page.render(scale=scale, grayscale=mode == "L").to_pil().convert(mode))


def _has_fields(page: Any) -> bool:
    c = pdfium.raw()
    for i in range(c.FPDFPage_GetAnnotCount(page)):
        annotation = c.FPDFPage_GetAnnot(page, i)
        kind = c.FPDFAnnot_GetSubtype(annotation)
        c.FPDFPage_CloseAnnot(annotation)
        if kind == c.FPDF_ANNOT_WIDGET:
            return True
    return False


def _read(page: Any, signatures: bool) -> Sheet | None:
    with textlayer.opened(page) as text:
        frame = Frame(page)
        turn = textlayer.main_turn(text, frame)
        if turn:
            frame = Frame(page, -turn)
        sheet = Sheet(frame.width, frame.height, turn=turn)
        textlayer.read(text, frame, sheet)
    drawings = Drawings(page, frame, strokes=signatures)
    words = [word for run in sheet.runs for word in run]
    hidden = drawings.hides_text([word.box for word in words])
    if hidden or (hidden is None and _looks_scanned(page)):
        return None
    sheet.across, sheet.down = drawings.across, drawings.down
    sheet.selections = drawings.checkboxes(sheet.runs)
    signed: list[Mark] = []
    if signatures:
        height = median(word.band[1] - word.band[0] for word in words) if words else _USUAL_HEIGHT
        signed = drawn(drawings.strokes, words, height) + _pasted(page, drawings.pictures, frame, turn)
        sheet.signatures = weighed(signed, words, sheet.across, height)
    shown = figures(drawings.pictures, drawings.shapes, words, (sheet.width, sheet.height))
    sheet.pictures = [box for box in shown if not any(box.grown(2.0).holds(mark.box.center) for mark in signed)]
    return sheet


def _pasted(page: Any, pictures: Sequence[Box], frame: Frame, turn: Turn) -> list[Mark]:
    """Signatures that are small pictures: looked at as on a scan, where OpenCV is installed."""
    low, high = _PASTED
    small = [box for box in pictures if low[0] <= box.width <= high[0] and low[1] <= box.height <= high[1]]
    if not small or find_spec("cv2") is None:
        return []
    import numpy as np

    scale = min(_PASTED_DPI / 72, _LONGEST_SIDE / max(frame.width, frame.height))
    pixels = np.rot90(np.asarray(_rendered(page, scale)), turn)
    found = []
    for box in small[:_MOST_PASTED]:
        left, top, right, bottom = (round(edge * scale) for edge in box)
        patch = pixels[top:bottom, left:right]
        if min(patch.shape) > 4:
            for mark in seen(ink_of(np.ascontiguousarray(patch)), []):
                x0, y0, x1, y1 = (edge / scale for edge in mark.box)
                found.append(mark._replace(box=Box(box.left + x0, box.top + y0, box.left + x1, box.top + y1)))
    return found


def _looks_scanned(page: Any) -> bool:
    """Whether a page is mostly paper with some ink, and not a photograph or a plain background."""
    import numpy as np

    width, height = page.get_size()
    scale = min(1.0, _LOOK_SIDE / max(width, height, 1.0))
    pixels = np.asarray(_rendered(page, scale))
    dark, light = float((pixels < 160).mean()), float((pixels > 200).mean())
    return light > 0.6 and dark > 0.002
