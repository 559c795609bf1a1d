"""Signatures: pen strokes that are no text, drawn in a PDF or seen in the pixels of a scan."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from .layout import Box, Rule, Signature, Word, union

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

Points = Sequence[tuple[float, float]]
_NEAR = 0.9  # of a line's height: strokes this near are of one hand
_WIDTH, _HEIGHT = (3.2, 34.0), (0.9, 11.0)  # of a line's height: how big a signature is
_SLIM = 0.75  # its width over its height, at least
_LONG = 1.7  # of the diagonal: the way that the pen goes, at least
_TURNS = 3  # times that the pen turns back, both across and down
_MOST_STROKES = 60
_COVERED = 0.4  # share of a signature that words may cover
_SIGN = re.compile(
    r"(?i)\b(?:sign(?:ed|ature|atures|atory)?|unterschrift|unterzeichne\w*|gezeichnet|signé|firma(?:to|do)?|assinatura|"
    r"sincerely|faithfully|regards|approved|authori[sz]ed|witness|x_+)\b"
)
_REACH = 4.0  # of a line's height: how far a word that tells of a signature may be
_INK = (0.015, 0.4)  # share of its rectangle that is ink
_PEN = 0.45  # of a letter's height: thicker strokes are no pen's
_LOOPS = 0.08  # share of columns of pixels that cross three strokes or more
_READ, _TALL = 0.85, 2.2  # a word read so surely is print, unless it is so much higher than usual


class Stroke(NamedTuple):
    """A line drawn freely."""

    points: Points
    filled: bool


class Mark(NamedTuple):
    """What may be a signature."""

    box: Box
    shape: float
    """0..1: how much its strokes look like writing."""


def weighed(marks: Iterable[Mark], words: Sequence[Word], across: Sequence[Rule], height: float) -> list[Signature]:
    """The marks as signatures, each as sure as its shape, a line to sign on and words about signing near it make it."""
    found = [Signature(mark.box, _sure(mark, words, across, height)) for mark in marks]
    return sorted(found, key=lambda one: (one.box.top, one.box.left))


def drawn(strokes: Sequence[Stroke], words: Sequence[Word], height: float) -> list[Mark]:
    """The marks among the lines drawn on a page whose lines of text are that high."""
    found = []
    for group in _groups([_box(stroke.points) for stroke in strokes], _NEAR * height):
        box = union(_box(strokes[i].points) for i in group)
        if not _fits(box, height) or len(group) > _MOST_STROKES:
            continue
        members = [strokes[i] for i in group]
        length = sum(math.dist(a, b) for stroke in members for a, b in pairwise(stroke.points))
        long = length / math.hypot(box.width, box.height) / (2.0 if all(s.filled for s in members) else 1.0)
        turns = [sum(_turns([p[axis] for p in stroke.points]) for stroke in members) for axis in (0, 1)]
        main = max(_box(stroke.points).width for stroke in members)
        least = 0.25 if any(not stroke.filled for stroke in members) else 0.5  # outlines of letters are filled too
        if long < _LONG or min(turns) < _TURNS or main < least * box.width or _is_covered(box, words):
            continue
        found.append(Mark(box, min(1.0, long / 4)))
    return found


def _turns(values: Sequence[float]) -> int:
    """How often a value turns back."""
    steps = [b - a for a, b in pairwise(values) if abs(b - a) > 0.3]
    return sum((a > 0) != (b > 0) for a, b in pairwise(steps))


def seen(ink: Pixels, words: Sequence[Word]) -> list[Mark]:
    """The marks in ink without ruled lines; the words tell how big letters are, and what is print."""
    import cv2
    import numpy as np

    heights = sorted(word.box.height for word in words)
    height = heights[len(heights) // 2] if heights else min(ink.shape) / 4
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    parts = [Box(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h, _ in stats[1:count].tolist()]
    printed = [word for word in words if word.confidence >= _READ and word.box.height < _TALL * height]
    read = [word.box for word in printed]
    big = [
        i
        for i, box in enumerate(parts)
        if box.height >= 1.25 * height
        and box.width >= 1.25 * height
        and _fits_part(box, height)
        and not any(word.overlap(box) > 0.5 * box.width * box.height for word in read)
        and _is_pen(labels[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] == i + 1, height)
    ]
    found = []
    for group in _groups([parts[i] for i in big], 1.2 * height):
        box = union(parts[big[i]] for i in group)
        near = [part for part in parts if part.height > 0.3 * height and box.grown(0.3 * height).holds(part.center)]
        near = [part for part in near if not any(word.holds(part.center) for word in read)]
        box = union([box, *near])
        if not _fits(box, height) or _is_covered(box, printed):
            continue
        inside = ink[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] > 0
        edges = np.diff(np.pad(inside, ((1, 0), (0, 0))).astype(np.int8), axis=0) == 1
        loops = float((edges.sum(axis=0) >= _TURNS).mean())
        if _INK[0] <= float(inside.mean()) <= _INK[1] and loops >= _LOOPS:
            found.append(Mark(box, min(1.0, 2 * loops)))
    return found


def _is_pen(mask: NDArray[np.bool_], height: float) -> bool:
    """Whether a connected piece of ink is thin."""
    import cv2
    import numpy as np

    whole = mask.astype(np.uint8)
    inner = cv2.erode(cv2.copyMakeBorder(whole, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0), np.ones((3, 3), np.uint8))
    area = int(whole.sum())
    edge = area - int(inner.sum())
    return 2 * area <= max(_PEN * height, 3.0) * edge and area <= _INK[1] * mask.size


def _fits_part(box: Box, height: float) -> bool:
    return box.width <= _WIDTH[1] * height and box.height <= _HEIGHT[1] * height


def _fits(box: Box, height: float) -> bool:
    wide, high = box.width / height, box.height / height
    return _WIDTH[0] <= wide <= _WIDTH[1] and _HEIGHT[0] <= high <= _HEIGHT[1] and wide >= _SLIM * high


def _is_covered(box: Box, words: Iterable[Word]) -> bool:
    return sum(box.overlap(word.box) for word in words) > _COVERED * box.width * box.height


def _sure(mark: Mark, words: Sequence[Word], across: Sequence[Rule], height: float) -> float:
    box = mark.box
    lined = any(
        abs(rule.at - box.bottom) < 1.5 * height + 0.5 * box.height and rule.start < box.center[0] < rule.end
        for rule in across
    )
    around = box.grown(_REACH * height)
    told = any(_SIGN.search(word.text) for word in words if around.holds(word.box.center))
    return round(min(0.98, 0.35 + 0.3 * mark.shape + 0.15 * lined + 0.2 * told), 6)


def _groups(boxes: Sequence[Box], near: float) -> list[list[int]]:
    """Which boxes are near each other, directly or through others."""
    groups: list[tuple[Box, list[int]]] = []
    for i, box in enumerate(boxes):
        around, members = box, [i]
        apart = []
        for other, inside in groups:
            if other.grown(near).overlap(around.grown(0.01)) > 0:
                around, members = union([around, other]), inside + members
            else:
                apart.append((other, inside))
        groups = [*apart, (around, members)]
    return [members for _, members in groups]


def _box(points: Points) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))
