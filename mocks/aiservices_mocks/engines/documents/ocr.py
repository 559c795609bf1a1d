"""Words in pictures, by RapidOCR with the models inside its wheel."""

from __future__ import annotations

import math
import threading
from statistics import median
from typing import TYPE_CHECKING, Any

from aiservices.errors import MissingExtraError

from . import figures
from . import signatures as signatures_
from .ink import bullets, checkboxes, ink_of, rules, slant, tighten, without_rules
from .layout import TURNS, Box, Rule, Selection, Sheet, Signature, Word

if TYPE_CHECKING:
    from PIL.Image import Image

    from .ink import Pixels
    from .signatures import Mark

_LOCK = threading.Lock()
_reader: Any = None
_LEAST_SIDE, _LONGEST_STRIP = 64, 5  # pixels; longer side over shorter side
_ASKED = 7  # lines whose direction is looked at
_WELL = 0.8  # the mean score of letters that are read well
_AS_SURE = 0.97  # a page is read as well when it is turned the right way
Point = tuple[float, float]


def read(picture: Image, *, drawings: bool, signatures: bool = False) -> Sheet:
    """The words of a grey picture; with `drawings` its rules, checkboxes and figures too.

    A slanted page is put upright: the sheet's coordinates are the upright page's, `angle` says how it was turned.
    """
    import numpy as np
    from PIL.Image import Resampling, Transpose

    pixels = np.asarray(picture)
    found, turn = _recognise(pixels), TURNS[0]
    if _sideways(found):
        found, turn = max(((_recognise(np.rot90(pixels, t)), t) for t in TURNS[1::2]), key=lambda one: _sure(one[0]))
    elif _doubtful(found) or _upside_down(pixels, found):
        other = _recognise(np.rot90(pixels, 2))
        if _sure(other) > _AS_SURE * _sure(found):
            found, turn = other, TURNS[2]
    if turn:
        picture = picture.transpose((Transpose.ROTATE_90, Transpose.ROTATE_180, Transpose.ROTATE_270)[turn - 1])
        pixels = np.asarray(picture)
    ink = ink_of(pixels)
    angle = slant(ink, _slant([corners for _, corners in found])) if found else 0.0
    sheet = Sheet(float(picture.width), float(picture.height), angle=angle, turn=turn, engine="rapidocr")
    # Nothing of a slanted page is cut off: it is put upright on a larger one, and everything moved back afterwards.
    upright = picture.rotate(angle, Resampling.BICUBIC, expand=True, fillcolor=255) if angle else picture
    ink = ink_of(np.asarray(upright))
    aside = (upright.width - picture.width) / 2, (upright.height - picture.height) / 2
    center = picture.width / 2, picture.height / 2
    letters = without_rules(ink)
    for words, _ in found:
        run = [Word(text, _moved(_upright(corners, center, angle), aside), score) for text, score, corners in words]
        tighten(letters, run)
        band = min(word.box.top for word in run), max(word.box.bottom for word in run)
        for word in run:
            word.band = band
        sheet.runs.append(run)
    bullets(letters, sheet.runs)
    _look(sheet, ink, letters, drawings, signatures)
    if angle:
        _move(sheet, (-aside[0], -aside[1]))
    return sheet


def _look(sheet: Sheet, ink: Pixels, letters: Pixels, drawings: bool, signatures: bool) -> None:
    """What there is besides words."""
    if drawings or signatures:
        sheet.across, sheet.down = rules(ink)
    if drawings:
        sheet.selections = checkboxes(ink, [word.box for run in sheet.runs for word in run])
        _without_ticks(sheet)
    words = [word for run in sheet.runs for word in run]
    marks: list[Mark] = []
    if signatures:
        marks = signatures_.seen(letters, words)
        height = median(word.band[1] - word.band[0] for word in words) if words else ink.shape[0] / 60
        sheet.signatures = signatures_.weighed(marks, words, sheet.across, height)
        for word in words:
            inside = sum(word.box.overlap(mark.box) for mark in marks)
            word.handwritten = 2 * inside > word.box.width * word.box.height
    if drawings:
        shown = figures.seen(ink, words, sheet.across, sheet.down)
        sheet.pictures = [box for box in shown if not any(box.holds(mark.box.center) for mark in marks)]


def _move(sheet: Sheet, by: Point) -> None:
    for run in sheet.runs:
        for word in run:
            word.box, word.band = _moved(word.box, by), (word.band[0] + by[1], word.band[1] + by[1])
    sheet.across = [Rule(rule.at + by[1], rule.start + by[0], rule.end + by[0]) for rule in sheet.across]
    sheet.down = [Rule(rule.at + by[0], rule.start + by[1], rule.end + by[1]) for rule in sheet.down]
    sheet.pictures = [_moved(box, by) for box in sheet.pictures]
    placed: list[Selection | Signature] = [*sheet.selections, *sheet.signatures]
    for one in placed:
        one.box = _moved(one.box, by)


def _moved(box: Box, by: Point) -> Box:
    return Box(box.left + by[0], box.top + by[1], box.right + by[0], box.bottom + by[1])


def _sideways(found: list[Found]) -> bool:
    """Whether most of the text lies on its side: lines of several letters that are steeper than they are level."""
    lines = [corners for words, corners in found if sum(len(text) for text, _, _ in words) > 2]
    steep = 0
    for corners in lines:
        (begin, end, _, below) = corners
        across, down = math.dist(begin, end), math.dist(begin, below)
        if max(across, down) > 1.5 * min(across, down):
            end = end if across > down else below
            steep += abs(end[1] - begin[1]) > abs(end[0] - begin[0])
    return len(lines) > 1 and 2 * steep > len(lines)


def _doubtful(found: list[Found]) -> bool:
    """Whether it was read badly on the whole, as what stands on its head is."""
    return _sure(found) < _WELL * sum(len(text) for words, _ in found for text, _, _ in words)


def _upside_down(pixels: Any, found: list[Found]) -> bool:
    """Whether the longest lines stand on their heads, as RapidOCR's classifier of lines sees them."""
    longest = sorted((corners for _, corners in found), key=lambda c: math.dist(c[0], c[1]), reverse=True)[:_ASKED]
    heads = 0
    for corners in longest:
        strip = _strip(pixels, corners)
        with _LOCK:
            answer = _reader(_coloured(strip), use_det=False, use_cls=True, use_rec=False)
        heads += answer.cls_res is not None and answer.cls_res[0][0] == "180"
    return 2 * heads > len(longest)


def _strip(pixels: Any, corners: list[Point]) -> Any:
    """A line cut out, level."""
    import cv2
    import numpy as np

    across, down = math.dist(corners[0], corners[1]), math.dist(corners[0], corners[3])
    wide, high = max(1, round(across)), max(1, round(down))
    level = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(corners, np.float32), level)
    return cv2.warpPerspective(np.ascontiguousarray(pixels), matrix, (wide, high), borderMode=cv2.BORDER_REPLICATE)


def _padded(pixels: Any) -> Any:
    """A strip with paper below or beside it: RapidOCR enlarges by the shorter side, whatever becomes of the longer."""
    import numpy as np

    height, width = pixels.shape
    least = max(_LEAST_SIDE, max(height, width) // _LONGEST_STRIP)
    margin = (0, max(0, least - height)), (0, max(0, least - width))
    return np.pad(pixels, margin, constant_values=255) if margin != ((0, 0), (0, 0)) else pixels


def _coloured(pixels: Any) -> Any:
    import numpy as np

    return np.repeat(pixels[:, :, None], 3, axis=2)


def _sure(found: list[Found]) -> float:
    """Letters read, weighed by their scores."""
    return sum(len(text) * score for words, _ in found for text, score, _ in words)


def _without_ticks(sheet: Sheet) -> None:
    """What was read inside of a checkbox is its tick."""
    boxes = [s.box.grown(0.15 * s.box.width) for s in sheet.selections]
    for run in sheet.runs:
        run[:] = [w for w in run if not any(box.holds(w.box.center) and len(w.text) <= 2 for box in boxes)]
    sheet.runs[:] = [run for run in sheet.runs if run]


Part = tuple[str, float, list[Point]]
Found = tuple[list[Part], list[Point]]


def _recognise(pixels: Any) -> list[Found]:
    """The lines of text: their words with score and corners, and the line's corners."""
    global _reader
    if int(pixels.min()) == int(pixels.max()):
        return []  # an empty page, which takes as long to read as a full one
    with _LOCK:
        if _reader is None:
            _reader = _load()
        # Whether a page is upside down is asked of all lines together: of one alone the classifier is often wrong.
        answer = _reader(_coloured(_padded(pixels)), use_det=True, use_cls=False, use_rec=True)
    if answer.boxes is None or answer.txts is None:
        return []
    words = answer.word_results if len(answer.word_results) == len(answer.boxes) else [None] * len(answer.boxes)
    result: list[Found] = []
    for box, text, score, parts in zip(answer.boxes, answer.txts, answer.scores, words, strict=True):
        corners = [(float(x), float(y)) for x, y in box]
        if parts is None or "".join(p[0] for p in parts) != "".join(text.split()):
            spread = _spread(text, corners, float(score))
        else:
            spread = [(p[0], float(p[1]), [(float(x), float(y)) for x, y in p[2]]) for p in parts]
        if words_of_line := _glued(spread, text):
            result.append((words_of_line, corners))
    return result


def _load() -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise MissingExtraError("Reading scans", "ocr") from error
    # One thread each: sums are then added in one order, and the same picture gives the same scores.
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.return_word_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _spread(text: str, corners: list[Point], score: float) -> list[Part]:
    """The words of a line in proportion to their letters, for a line whose words have no places."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    total = max(len(text), 1)
    result, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        a, b = at / total, (at + len(word)) / total
        at += len(word)
        quad = [
            (x0 + (x1 - x0) * a, y0 + (y1 - y0) * a), (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b),
            (x3 + (x2 - x3) * b, y3 + (y2 - y3) * b), (x3 + (x2 - x3) * a, y3 + (y2 - y3) * a),
        ]  # fmt: skip
        result.append((word, score, quad))
    return result


def _glued(parts: list[Part], text: str) -> list[Part]:
    """Parts as the line's text has them: those without a space between them are one word."""
    words = text.split()
    result: list[Part] = []
    i = 0
    for word in words:
        group, length = [], 0
        while i < len(parts) and length < len(word):
            group.append(parts[i])
            length += len(parts[i][0])
            i += 1
        if not group:
            break
        first, last = group[0][2], group[-1][2]
        result.append((word, min(g[1] for g in group), [first[0], last[1], last[2], first[3]]))
    return result


def _slant(lines: list[list[Point]]) -> float:
    """Degrees by which the lines of text fall to the right, by the corners of the longer ones."""
    angles = []
    for (x0, y0), (x1, y1), _, (x3, y3) in lines:
        width, height = math.hypot(x1 - x0, y1 - y0), math.hypot(x3 - x0, y3 - y0)
        if width > 4 * height:
            angles.append(math.degrees(math.atan2(y1 - y0, x1 - x0)))
    angle = median(angles) if angles else 0.0
    return angle if abs(angle) < 45 else 0.0


def _upright(corners: list[Point], center: Point, angle: float) -> Box:
    points = [turned(point, center, -angle) for point in corners] if angle else corners
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def turned(point: Point, center: Point, degrees: float) -> Point:
    """The point, turned clockwise around the center."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = point[0] - center[0], point[1] - center[1]
    return center[0] + x * cos - y * sin, center[1] + x * sin + y * cos
