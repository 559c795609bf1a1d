"""The invisible text over a page: what PDFium reads back is the page's text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ctypes import c_uint8, c_uint32
from io import BytesIO
from typing import Any, NamedTuple

from .blocks import Page, corners
from .glyphless import DESCENT, WIDTH, codes, font, to_unicode
from .words import Line, Word

_INVISIBLE = 3  # PDF's text rendering mode
_SMALL = 1e-4  # of the page
_DOTS = 200  # per inch, of a page that becomes a picture
_LONGEST = 5_000  # pixels of such a picture
_QUALITY = 85  # of its JPEG
_BLANK = re.compile(r"[\x00-\x20\x7f]+")
_GAP = "\u2002"
"""A blank that, other than a space, also keeps a hyphen before it from joining two lines."""
_JOINED = "\ufffe"
"""What PDFium writes for a hyphen that ends a line."""


class _Area(NamedTuple):
    """Where a page shows its content: the visible box in the page's own points, and its quarter turns clockwise."""

    left: float
    bottom: float
    width: float
    height: float
    turns: int

    def point(self, x: float, y: float) -> tuple[float, float]:
        """From ratios of the page as it is seen, from its top left, to points of the page."""
        for _ in range(self.turns):
            x, y = y, 1 - x
        return self.left + x * self.width, self.bottom + (1 - y) * self.height

    @property
    def image(self) -> tuple[float, float, float, float, float, float]:
        """The matrix that spreads a picture of the page over it."""
        (x0, y0), (x1, y1), (x2, y2) = self.point(0, 1), self.point(1, 1), self.point(0, 0)
        return x1 - x0, y1 - y0, x2 - x0, y2 - y0, x0, y0


class TextLayer:
    """Lays texts over the pages of one open PDF. Whoever uses it holds PDFium's lock."""

    def __init__(self, pypdfium2: Any, raw: Any, pdf: Any, pages: Iterable[Page]) -> None:
        self._pypdfium2 = pypdfium2
        self._c = raw
        self._pdf = pdf
        lines = [line for page in pages for line in page.lines]
        self._numbers = codes(
            [" ", _GAP, *(line.text for line in lines), *(word.text for line in lines for word in line.words)]
        )
        self._letters = self._font()

    def lay(self, page: Page, *, exact: bool) -> bool:
        """The page's words over it, but those that it has as text itself; whether that changed it.

        exact: when its own text then reads otherwise than the page's, it becomes a picture that has none.
        """
        leaf = self._pdf[page.number - 1]
        left, bottom, right, top = leaf.get_cropbox()
        area = _Area(left, bottom, right - left, top - bottom, leaf.get_rotation() // 90)
        changed = self._without_old_layer(leaf)
        changed = self._add(leaf, area, page) or changed
        leaf.close()
        if exact and not self._reads(page):
            leaf = self._pdf[page.number - 1]
            self._flatten(leaf, area)
            self._add(leaf, area, page)
            leaf.close()
            changed = True
        return changed

    def _add(self, leaf: Any, area: _Area, page: Page) -> bool:
        text = leaf.get_textpage()
        before: Line | None = None
        for line in page.lines:
            words = [word for word in _pieces(line) if not self._stands(text, area, word)]
            if words and _mixable(line, before):
                self._put(leaf, area, _away(line), last=True)
            before = line if words else before
            for number, word in enumerate(words, start=1):
                self._put(leaf, area, word, last=number == len(words))
        text.close()
        leaf.gen_content()
        return before is not None

    def _reads(self, page: Page) -> bool:
        """Whether PDFium reads the page's words, in their order."""
        leaf = self._pdf[page.number - 1]
        text = leaf.get_textpage()
        read = text.get_text_range().replace(_JOINED, "- ")
        text.close()
        leaf.close()
        return bool(read.split() == page.text.split())

    def _flatten(self, leaf: Any, area: _Area) -> None:
        """A picture in the place of all that is drawn; links and form fields stay."""
        scale = min(_DOTS / 72, _LONGEST / max(*leaf.get_size(), 1.0))
        out = BytesIO()
        leaf.render(scale=scale, draw_annots=False).to_pil().convert("RGB").save(out, "JPEG", quality=_QUALITY)
        for found in list(leaf.get_objects(max_depth=1)):
            leaf.remove_obj(found)
        image = self._pypdfium2.PdfImage.new(self._pdf)
        image.load_jpeg(BytesIO(out.getvalue()), inline=True)
        image.set_matrix(self._pypdfium2.PdfMatrix(*area.image))
        leaf.insert_obj(image)
        leaf.gen_content()

    def _without_old_layer(self, leaf: Any) -> bool:
        """Take away the invisible text of an earlier reading, which ours is to replace; whether there was any."""
        c = self._c
        texts = list(leaf.get_objects(filter=[c.FPDF_PAGEOBJ_TEXT], max_depth=1))
        old = [found for found in texts if c.FPDFTextObj_GetTextRenderMode(found.raw) == _INVISIBLE]
        for found in old:
            leaf.remove_obj(found)
        return bool(old)

    def _stands(self, text: Any, area: _Area, word: Word) -> bool:
        """Whether the page has text of its own where the word stands."""
        x, y = area.point(word.box.left + word.box.width / 2, word.box.top + word.box.height / 2)
        reach = max(word.box.height * area.height, word.box.width * area.width / max(len(word.text), 1)) / 2
        return bool(self._c.FPDFText_GetCharIndexAtPos(text.raw, x, y, reach, reach) >= 0)

    def _put(self, leaf: Any, area: _Area, word: Word, *, last: bool) -> None:
        """A word in its place, as wide and as high as it is printed, with a space behind it unless it is the last."""
        c = self._c
        shown = word.text if last else f"{word.text} "
        thing = c.FPDFPageObj_CreateTextObj(self._pdf.raw, self._letters, 1.0)
        c.FPDFText_SetCharcodes(
            thing, (c_uint32 * len(shown))(*(self._numbers[letter] for letter in shown)), len(shown)
        )
        c.FPDFTextObj_SetTextRenderMode(thing, _INVISIBLE)
        (x0, y0), (x1, y1), (x2, y2) = (area.point(*corner) for corner in _corners(word))
        wide = len(word.text) * WIDTH
        along, up = ((x1 - x0) / wide, (y1 - y0) / wide), (x2 - x0, y2 - y0)
        matrix = c.FS_MATRIX(*along, *up, x0 + DESCENT * up[0], y0 + DESCENT * up[1])
        c.FPDFPageObj_SetMatrix(thing, matrix)
        c.FPDFPage_InsertObject(leaf.raw, thing)

    def _font(self) -> Any:
        """The blank font, every letter's number leading to its one glyph."""
        program, glyphs = font(), b"\x00\x01" * (len(self._numbers) + 1)
        found = self._c.FPDFText_LoadCidType2Font(
            self._pdf.raw,
            (c_uint8 * len(program)).from_buffer_copy(program),
            len(program),
            to_unicode(self._numbers).encode(),
            (c_uint8 * len(glyphs)).from_buffer_copy(glyphs),
            len(glyphs),
        )
        assert found  # the program is ours
        return found


def _pieces(line: Line) -> list[Word]:
    """The line's words; the line as one, where a stored answer has none, or where it stands upside down.

    What stands on one height PDFium reads from left to right.
    """
    whole = Word(_BLANK.sub(" ", line.text), line.confidence, line.box, line.page, line.raw)
    (x0, y0), (x1, y1), _ = _corners(whole)
    words = [word for word in line.words if word.text] if x1 - x0 > -abs(y1 - y0) else []
    return words or [whole] * bool(whole.text)


def _mixable(line: Line, before: Line | None) -> bool:
    """Whether PDFium could make one line of two: they share their height (their breadth, of text on its side).

    Or the first ends with a hyphen.
    """
    if before is None or before.text.endswith(("-", "\u00ad")):
        return before is not None
    one, other = line.box, before.box
    high = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    wide = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    return high > 0 or (one.height > one.width and wide > 0)


def _away(line: Line) -> Word:
    """A blank far from a line: PDFium ends there what it takes for one line, and does not sort the next into it."""
    x, y = (line.box.left + 0.5) % 1, (line.box.top + 0.5) % 1
    corners = ((x, y), (x + _SMALL, y), (x + _SMALL, y + _SMALL), (x, y + _SMALL))
    polygon = [{"X": x, "Y": y} for x, y in corners]
    return Word(_GAP, line.confidence, line.box, line.page, {"Geometry": {"Polygon": polygon}})


def _corners(word: Word) -> tuple[tuple[float, float], tuple[float, float], tuple[float, float]]:
    """Where the word begins on its base, where it ends there, and what is above its begin; ratios of the page."""
    (left, top), (right, above), end, begin = corners(word.raw)
    if len({(left, top), (right, above), end, begin}) < 4:  # it stands nowhere: PDF has no text without a size
        right, end, begin = left + _SMALL, (left + _SMALL, top + _SMALL), (left, top + _SMALL)
    return begin, end, (left, top)
