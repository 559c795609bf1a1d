"""From a PDF page's own coordinates to upright ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from . import pdfium
from .layout import TURNS, Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Number = TypeVar("Number", float, "NDArray[np.float64]")


class Frame:
    """From a page's own coordinates to upright ones with the origin at the top left, y downwards."""

    def __init__(self, page: Any, turn: int = 0) -> None:
        """turn: clockwise quarter turns beyond the page's own rotation, to put text upright that lies on its side."""
        c = pdfium.raw()
        rect = c.FS_RECTF()
        c.FPDF_GetPageBoundingBox(page, rect)
        self.left, self.top, self.right, self.bottom = rect.left, rect.top, rect.right, rect.bottom
        self.turn = TURNS[(c.FPDFPage_GetRotation(page) + turn) % 4]
        width, height = abs(self.right - self.left) or 1.0, abs(self.top - self.bottom) or 1.0
        self.width, self.height = (height, width) if self.turn % 2 else (width, height)

    def point(self, x: Number, y: Number) -> tuple[Number, Number]:
        """The upright place of a point, or of arrays of them."""
        if self.turn == 0:
            return x - self.left, self.top - y
        if self.turn == 1:
            return y - self.bottom, x - self.left
        if self.turn == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """The upright place of a rectangle."""
        x0, y0 = self.point(left, bottom)
        x1, y1 = self.point(right, top)
        return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
