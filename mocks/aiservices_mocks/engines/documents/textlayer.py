"""A PDF page's text layer: every character's place, put together to words and runs of words."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, addressof, byref, c_double, c_int, c_ushort, c_void_p, cast, create_string_buffer
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from . import pdfium
from .layout import TURNS, Box, Sheet, Turn, Word, union

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .frame import Frame

    Corners = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]

_HYPHENS = {0x02: "-", 0xFFFE: "-"}  # what PDFium writes for a hyphen that ends a line
_BLANK = re.compile(r"[\s\x00-\x1f\xad\u200b\ufeff\uffff]+")
_HEAVY = re.compile(rb"(?i)bold|black|heavy|[-,]bd\b")
_FONT_NAME = 128  # bytes of a font's name that are looked at
_SAMPLE = 200  # characters
_WORD_GAP = 0.5  # of the line's height; a wider gap ends a word even without a space
_RUN_GAP = 1.5  # of the line's height; a wider gap ends a run of words


@contextmanager
def opened(page: Any) -> Iterator[Any]:
    """The text layer of an open page."""
    c = pdfium.raw()
    text = c.FPDFText_LoadPage(page)
    try:
        yield text
    finally:
        c.FPDFText_ClosePage(text)


def main_turn(text: Any, frame: Frame) -> Turn:
    """How most of the page's characters are turned, by a sample."""
    layer = _Layer(text, frame)
    turns = Counter(layer.turn(i) for i in range(0, layer.count, layer.count // _SAMPLE + 1))
    return turns.most_common(1)[0][0] if turns else 0


def read(text: Any, frame: Frame, sheet: Sheet) -> None:
    """Fill the sheet's runs."""
    _Layer(text, frame).fill(sheet)


class _Layer:
    def __init__(self, text: Any, frame: Frame) -> None:
        self.c = pdfium.raw()
        self.text = text
        self.frame = frame
        self.count = max(int(self.c.FPDFText_CountChars(text)), 0)
        self.rect = self.c.FS_RECTF()
        self.name = create_string_buffer(_FONT_NAME)

    def fill(self, sheet: Sheet) -> None:
        """Words in the order of the text layer; a new run where the line ends or a gap is wide."""
        if not self.count:
            return
        letters = self._letters()
        corners = self._corners()
        spans = self._cut(_words(letters), corners)
        turn: Turn = 0
        run: list[Word] = []
        last = 0
        for begin, end, box in self._boxes(spans, corners):
            now = self.turn(begin)
            word = self._word(letters, begin, end, box, now)
            if word is None:
                continue
            line_ends = "\n" in letters[last:begin] or "\r" in letters[last:begin]
            if run and (now != turn or line_ends or (not now and not _follows(run[-1], word))):
                _keep(sheet, turn, run)
                run = []
            run.append(word)
            turn, last = now, end
        if run:
            _keep(sheet, turn, run)

    def _letters(self) -> str:
        """One code point per character of the page."""
        buffer = (c_ushort * (self.count + 1))()
        if self.c.FPDFText_GetText(self.text, 0, self.count, buffer) == self.count + 1:
            letters = bytes(buffer)[:-2].decode("utf-16-le", "replace")
            if len(letters) == self.count:
                return letters.translate(_HYPHENS)
        # PDFium leaves characters out of its text or needs two units for one: ask one by one.
        get = self.c.FPDFText_GetUnicode
        codes = (get(self.text, i) for i in range(self.count))
        letters = "".join(chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes)
        return letters.translate(_HYPHENS)

    def _corners(self) -> Corners:
        """Left, top, right, bottom of every character, upright; infinite where there is no ink."""
        import numpy as np

        # Called by address: per character this takes half the time of the wrapper's own conversions.
        prototype = CFUNCTYPE(c_int, c_void_p, c_int, c_void_p, c_void_p, c_void_p, c_void_p)
        get = prototype(cast(self.c.FPDFText_GetCharBox, c_void_p).value or 0)
        text = cast(self.text, c_void_p).value
        buffer = (c_double * (4 * self.count))()
        at = addressof(buffer)
        for i in range(self.count):
            get(text, i, at, at + 8, at + 16, at + 24)
            at += 32
        left, right, bottom, top = np.ctypeslib.as_array(buffer).reshape(-1, 4).T
        empty = ~((right > left) & (top > bottom))
        (x0, y0), (x1, y1) = self.frame.point(left, bottom), self.frame.point(right, top)
        return (
            np.where(empty, np.inf, np.minimum(x0, x1)),
            np.where(empty, np.inf, np.minimum(y0, y1)),
            np.where(empty, -np.inf, np.maximum(x0, x1)),
            np.where(empty, -np.inf, np.maximum(y0, y1)),
        )

    def _cut(self, spans: list[tuple[int, int]], corners: Corners) -> list[tuple[int, int]]:
        """Spans without blanks, cut where their characters stand too far apart to be one word."""
        import numpy as np

        left, top, right, bottom = corners
        with np.errstate(invalid="ignore"):
            sizes = np.maximum(right - left, bottom - top)
            units = np.maximum(np.maximum(sizes[1:], sizes[:-1]), 0.1)
            gaps = left[1:] - right[:-1]
            far = ((gaps > 0.4 * units) | (gaps < -3 * units)) & np.isfinite(gaps)
        suspects: list[int] = far.nonzero()[0].tolist()
        result: list[tuple[int, int]] = []
        for begin, end in spans:
            low = bisect_left(suspects, begin)
            high = bisect_left(suspects, end - 1, low)
            cuts = []
            if low < high and not self.turn(begin):
                height = self._loose(begin).height
                limits = -height - _WORD_GAP * height, _WORD_GAP * height
                cuts = [i + 1 for i in suspects[low:high] if not limits[0] <= gaps[i] <= limits[1]]
            result += pairwise([begin, *cuts, end])
        return result

    def _boxes(self, spans: list[tuple[int, int]], corners: Corners) -> list[tuple[int, int, Box]]:
        import numpy as np

        if not spans:
            return []
        borders = np.array(spans, np.intp).ravel()
        # The last span may end with the last character, which is no index to reduce from.
        borders = borders[:-1] if borders[-1] == self.count else borders
        left, top = (np.minimum.reduceat(part, borders)[::2].tolist() for part in corners[:2])
        right, bottom = (np.maximum.reduceat(part, borders)[::2].tolist() for part in corners[2:])
        return [
            (begin, end, Box(*place))
            for (begin, end), place in zip(spans, zip(left, top, right, bottom, strict=True), strict=True)
        ]

    def turn(self, index: int) -> Turn:
        """How a character is turned on the upright page."""
        angle = self.c.FPDFText_GetCharAngle(self.text, index)
        quarters = round(angle / (math.pi / 2)) if angle > 0 else 0
        return TURNS[(quarters + self.frame.turn) % 4]

    def _loose(self, index: int) -> Box:
        """A character's place by its font, ascent and descent included."""
        rect = self.rect
        if not self.c.FPDFText_GetLooseCharBox(self.text, index, byref(rect)):
            return Box(0.0, 0.0, 0.0, 0.0)
        return self.frame.box(rect.left, rect.bottom, rect.right, rect.top)

    def _bold(self, index: int) -> bool:
        """Whether a font is bold: by its name too, for PDFium knows no weight of fonts that are not embedded."""
        length = self.c.FPDFText_GetFontInfo(self.text, index, self.name, _FONT_NAME, None)
        heavy = bool(_HEAVY.search(self.name.raw[: min(length, _FONT_NAME)]))
        return heavy or self.c.FPDFText_GetFontWeight(self.text, index) >= 600

    def _word(self, letters: str, begin: int, end: int, box: Box, turn: Turn) -> Word | None:
        loose = self._loose(begin)
        if box.right < box.left:  # a font without outlines
            box = union([loose, self._loose(end - 1)])
        frame = self.frame
        if box.right <= 0 or box.bottom <= 0 or box.left >= frame.width or box.top >= frame.height:
            return None
        box = Box(max(box.left, 0.0), max(box.top, 0.0), min(box.right, frame.width), min(box.bottom, frame.height))
        band = (box.top, box.bottom) if turn % 2 or loose.height <= 0 else (loose.top, loose.bottom)
        return Word(letters[begin:end], box, 1.0, band, self._bold(begin))


def _words(letters: str) -> list[tuple[int, int]]:
    """The spans between blanks."""
    spans = []
    begin = 0
    for blank in _BLANK.finditer(letters):
        if blank.start() > begin:
            spans.append((begin, blank.start()))
        begin = blank.end()
    if begin < len(letters):
        spans.append((begin, len(letters)))
    return spans


def _follows(before: Word, word: Word) -> bool:
    heights = before.band[1] - before.band[0], word.band[1] - word.band[0]
    shared = min(before.band[1], word.band[1]) - max(before.band[0], word.band[0])
    gap = word.box.left - before.box.right
    return shared > 0.5 * min(heights) and -0.5 * max(heights) < gap < _RUN_GAP * max(heights)


def _keep(sheet: Sheet, turn: Turn, run: list[Word]) -> None:
    if turn:
        sheet.turned.append((turn, run))
    else:
        sheet.runs.append(run)
