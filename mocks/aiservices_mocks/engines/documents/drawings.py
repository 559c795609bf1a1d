"""What is drawn on a PDF page: rules, boxes to tick, and pictures that may hold text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ctypes import byref, c_float, c_int, c_uint
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from . import pdfium
from .faults import UnreadableDocument
from .layout import Box, Rule, Selection, Word, union
from .pictures import MOST_PIXELS, bounded
from .signatures import Stroke

if TYPE_CHECKING:
    from .frame import Frame

_MOST_OBJECTS = 20_000  # a map or a plan has more; nothing in it is a table
_THIN = 3.0  # points: a filled rectangle up to this wide is a line
_SHORT = 8.0  # points: shorter strokes are no rules
_FEW_POINTS, _MOST_POINTS = 200, 3_000  # of a path that is looked at, without and with signatures
_MOST_SHAPES = 300
_MOST_SQUARES = 1_000  # boxes to tick; what has more is a pattern
_TICK_POINTS = 3  # a tick has as many
_TICK_BOX = (5.0, 26.0)  # points: sides of a box to tick
_TICKS = frozenset("xX✓✔✕✖✗✘☑☒■●•4l85n")  # the digits and letters are ZapfDingbats without a Unicode map
_OPEN_BOXES, _TICKED_BOXES = frozenset("☐□❏❐❑❒◻○❍"), frozenset("☑☒☓🗹🗷⊠")
_SPARSE = 0.02  # share of a picture that words cover: a scan with a text layer behind it has more
_OUTLINES = 200  # paths on a page without text: letters drawn as outlines


class Drawings:
    """The drawn objects of one page."""

    def __init__(self, page: Any, frame: Frame, *, strokes: bool = False) -> None:
        """strokes: look at lines that are drawn freely too, which takes longer."""
        self.across: list[Rule] = []
        self.down: list[Rule] = []
        self.strokes: list[Stroke] = []
        self.shapes: list[Box] = []
        """Filled, curved and slanted parts of drawings."""
        self.pictures: list[Box] = []
        self._frame = frame
        self._most = _MOST_POINTS if strokes else _FEW_POINTS
        self._squares: list[Box] = []
        self._marks: list[Box] = []
        self._paths = 0
        for kind, item, matrix in _walk(page):
            if kind == "image":
                self.pictures.append(_clip(self._bounds(item, matrix), frame))
            else:
                self._paths += 1
                self._path(item, matrix)

    def hides_text(self, words: Sequence[Box]) -> bool | None:
        """Whether the page's text stands in a picture or in outlines, where the text layer does not tell it.

        None: a big picture with a few words over it, which is a stamped scan or a decorated page.
        """
        if not words:
            return bool(self.pictures) or self._paths > _OUTLINES
        big = [p for p in self.pictures if p.width * p.height > 0.5 * self._frame.width * self._frame.height]
        if not big:
            return False
        covered = sum(word.width * word.height for word in words if any(p.holds(word.center) for p in big))
        if not covered:
            return True
        return None if covered < _SPARSE * sum(p.width * p.height for p in big) else False

    def checkboxes(self, runs: list[list[Word]]) -> list[Selection]:
        """Boxes to tick, drawn or as characters; the characters that make or tick them leave the runs."""
        squares = _apart(self._squares) if len(self._squares) <= _MOST_SQUARES else []
        found: list[Selection] = []
        words = [word for run in runs for word in run]
        ticks: set[int] = set()
        for square in squares:
            inside = [w for w in words if square.grown(1.0).holds(w.box.center)]
            if any(not set(w.text) <= _TICKS for w in inside):
                continue
            marked = any(_marks(square, mark) for mark in self._marks)
            ticks.update(id(w) for w in inside)
            found.append(Selection(square, marked or bool(inside)))
        for word in words:
            if id(word) not in ticks and len(word.text) == 1 and word.text in _OPEN_BOXES | _TICKED_BOXES:
                ticks.add(id(word))
                found.append(Selection(word.box, word.text in _TICKED_BOXES))
        for run in runs:
            run[:] = [word for word in run if id(word) not in ticks]
        runs[:] = [run for run in runs if run]
        return sorted(found, key=lambda s: (s.box.top, s.box.left))

    def _path(self, item: Any, matrix: Matrix) -> None:
        c = pdfium.raw()
        fill, stroke = c_int(), c_int()
        c.FPDFPath_GetDrawMode(item, byref(fill), byref(stroke))
        stroked = bool(stroke.value) and _visible(item, c.FPDFPageObj_GetStrokeColor)
        filled = bool(fill.value) and _visible(item, c.FPDFPageObj_GetFillColor)
        if not (stroked or filled):
            return
        segments = c.FPDFPath_CountSegments(item)
        if segments > self._most:
            if len(self.shapes) < _MOST_SHAPES:
                self.shapes.append(_clip(self._bounds(item, matrix), self._frame))
            return
        for points, closed, curved in _subpaths(item, segments, matrix, self._frame):
            box = Box(
                min(x for x, _ in points), min(y for _, y in points),
                max(x for x, _ in points), max(y for _, y in points),
            )  # fmt: skip
            self._sort_out(points, box, closed or filled, curved, stroked)
            if (curved or not _along_axes(points)) or (filled and min(box.width, box.height) > _THIN):
                self._draw(points, box, filled and not stroked)

    def _sort_out(self, points: list[tuple[float, float]], box: Box, closed: bool, curved: bool, stroked: bool) -> None:
        low, high = _TICK_BOX
        square = low <= box.width <= high and low <= box.height <= high and 0.75 <= box.width / box.height <= 1.34
        if square and stroked and closed and (curved or _rectangular(points, box)):
            self._squares.append(box)
            return
        if max(box.width, box.height) <= high and not (closed and _rectangular(points, box) and min(box[2:]) == 0):
            self._marks.append(box)
        if curved:
            return
        if closed and not stroked:
            if _rectangular(points, box):
                self._thin(box)
            return
        ends = [*points[1:], points[0]] if closed else points[1:]
        for (x0, y0), (x1, y1) in zip(points, ends, strict=False):
            if abs(y1 - y0) <= 0.5 and abs(x1 - x0) >= _SHORT:
                self.across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x1 - x0) <= 0.5 and abs(y1 - y0) >= _SHORT:
                self.down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    def _draw(self, points: list[tuple[float, float]], box: Box, filled: bool) -> None:
        if len(self.shapes) < _MOST_SHAPES:
            self.shapes.append(box)
        pen = self._most == _MOST_POINTS and len(points) > _TICK_POINTS and box.width < 0.7 * self._frame.width
        if pen and not _rectangular(points, box) and len(self.strokes) < _MOST_SHAPES:
            self.strokes.append(Stroke(points, filled))

    def _thin(self, box: Box) -> None:
        if box.height <= _THIN and box.width >= _SHORT:
            self.across.append(Rule((box.top + box.bottom) / 2, box.left, box.right))
        elif box.width <= _THIN and box.height >= _SHORT:
            self.down.append(Rule((box.left + box.right) / 2, box.top, box.bottom))

    def _bounds(self, item: Any, matrix: Matrix) -> Box:
        c = pdfium.raw()
        left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
        c.FPDFPageObj_GetBounds(item, byref(left), byref(bottom), byref(right), byref(top))
        corners = [_apply(matrix, x, y) for x in (left.value, right.value) for y in (bottom.value, top.value)]
        points = [self._frame.point(x, y) for x, y in corners]
        return union(Box(x, y, x, y) for x, y in points)


Matrix = tuple[float, float, float, float, float, float]
_UNCHANGED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _apply(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b = _apply(outer, inner[0], inner[1]), _apply(outer, inner[2], inner[3])
    e = _apply(outer, inner[4], inner[5])
    return a[0] - outer[4], a[1] - outer[5], b[0] - outer[4], b[1] - outer[5], e[0], e[1]


def _matrix(item: Any) -> Matrix:
    c = pdfium.raw()
    m = c.FS_MATRIX()
    return (m.a, m.b, m.c, m.d, m.e, m.f) if c.FPDFPageObj_GetMatrix(item, m) else _UNCHANGED


def _walk(page: Any) -> Iterator[tuple[str, Any, Matrix]]:
    """Images and paths with the matrix that leads to the page, those inside of form objects included."""
    c = pdfium.raw()
    left = _MOST_OBJECTS
    todo = [
        (c.FPDFPage_GetObject(page, i), _UNCHANGED, 0) for i in range(min(c.FPDFPage_CountObjects(page), _MOST_OBJECTS))
    ]
    todo.reverse()
    while todo and left:
        left -= 1
        item, matrix, depth = todo.pop()
        kind = c.FPDFPageObj_GetType(item)
        if kind == c.FPDF_PAGEOBJ_PATH:
            yield "path", item, _times(_matrix(item), matrix)
        elif kind == c.FPDF_PAGEOBJ_IMAGE:
            yield "image", item, matrix
        elif kind == c.FPDF_PAGEOBJ_FORM and depth < 8:
            inner = _times(_matrix(item), matrix)
            count = min(c.FPDFFormObj_CountObjects(item), _MOST_OBJECTS)
            todo.extend((c.FPDFFormObj_GetObject(item, i), inner, depth + 1) for i in reversed(range(count)))


def check_pictures(page: Any) -> None:
    """Refuse a page whose pictures are too big to be decoded, one of them or all together."""
    c = pdfium.raw()
    width, height = c_uint(), c_uint()
    pixels = 0
    for kind, item, _ in _walk(page):
        if kind == "image" and c.FPDFImageObj_GetImagePixelSize(item, byref(width), byref(height)):
            if width.value and height.value:
                bounded((width.value, height.value))
            pixels += width.value * height.value
    if pixels > 2 * MOST_PIXELS:
        raise UnreadableDocument("large", f"a page has pictures of {pixels:,} pixels, at most {2 * MOST_PIXELS:,}")


def _subpaths(
    item: Any, segments: int, matrix: Matrix, frame: Frame
) -> Iterator[tuple[list[tuple[float, float]], bool, bool]]:
    """The points of each part of a path, whether it is closed, whether it has curves."""
    c = pdfium.raw()
    x, y = c_float(), c_float()
    points: list[tuple[float, float]] = []
    closed = curved = False
    for i in range(segments):
        segment = c.FPDFPath_GetPathSegment(item, i)
        kind = c.FPDFPathSegment_GetType(segment)
        if kind == c.FPDF_SEGMENT_MOVETO and points:
            if len(points) > 1:
                yield points, closed, curved
            points, closed, curved = [], False, False
        curved = curved or kind == c.FPDF_SEGMENT_BEZIERTO
        if c.FPDFPathSegment_GetPoint(segment, byref(x), byref(y)):
            points.append(frame.point(*_apply(matrix, x.value, y.value)))
        closed = closed or bool(c.FPDFPathSegment_GetClose(segment))
    if len(points) > 1:
        yield points, closed, curved


def _visible(item: Any, color_of: Any) -> bool:
    r, g, b, a = c_uint(), c_uint(), c_uint(), c_uint()
    if not color_of(item, byref(r), byref(g), byref(b), byref(a)):
        return True
    return a.value > 16 and min(r.value, g.value, b.value) < 245


def _along_axes(points: list[tuple[float, float]]) -> bool:
    return all(abs(x1 - x0) <= 0.5 or abs(y1 - y0) <= 0.5 for (x0, y0), (x1, y1) in pairwise(points))


def _rectangular(points: list[tuple[float, float]], box: Box) -> bool:
    near = 0.6
    on_corner = all(
        min(abs(x - box.left), abs(x - box.right)) <= near and min(abs(y - box.top), abs(y - box.bottom)) <= near
        for x, y in points
    )
    return on_corner and len(points) >= 4


def _marks(square: Box, mark: Box) -> bool:
    """Whether a small drawing ticks the box: inside it, and not just a dot."""
    return (
        square.grown(2.0).holds((mark.left, mark.top))
        and square.grown(2.0).holds((mark.right, mark.bottom))
        and max(mark.width, mark.height) >= 0.3 * min(square.width, square.height)
    )


def _apart(squares: list[Box]) -> list[Box]:
    """Each square once, without those that stand side by side: these are places for letters, not to tick."""
    once: list[Box] = []
    for square in sorted(squares, key=lambda b: b.width * b.height):
        if not any(other.grown(1.0).holds(square.center) for other in once):
            once.append(square)
    return [s for s in once if not any(o is not s and s.grown(0.8).overlap(o.grown(0.8)) > 0 for o in once)]


def _clip(box: Box, frame: Frame) -> Box:
    return Box(
        min(max(box.left, 0.0), frame.width), min(max(box.top, 0.0), frame.height),
        min(max(box.right, 0.0), frame.width), min(max(box.bottom, 0.0), frame.height),
    )  # fmt: skip
