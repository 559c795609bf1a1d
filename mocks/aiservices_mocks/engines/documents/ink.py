"""What the pixels of a page show: its slant, ruled lines, boxes to tick, and where exactly a word's ink is.

Ink is 255, paper 0.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from .layout import Box, Rule, Selection, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_RULE_LENGTH = 1 / 40  # of the page's longer side
_SAMPLE = 150_000  # points of ink that a slant is measured by
_STEPS = (0.2, 0.04)  # degrees: the search for the slant, coarse, then fine
_BETTER = 1.02  # how much sharper the lines must stand than on an unturned page


def ink_of(pixels: Pixels) -> Pixels:
    """The ink of a grey picture, its border between light and dark chosen from the picture itself."""
    import cv2

    _, ink = cv2.threshold(pixels, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return cast("Pixels", ink)


def slant(ink: Pixels, guess: float) -> float:
    """Degrees by which lines fall to the right: the angle at which rows of ink stand sharpest.

    Searched around a guess, within 1.5 degrees. 0 when no angle is clearly better than none.
    """
    import numpy as np

    ys, xs = np.nonzero(ink)
    if len(ys) < 100:
        return 0.0
    step = max(1, len(ys) // _SAMPLE)
    y, x = ys[::step].astype(np.float32), xs[::step].astype(np.float32)

    def sharpness(degrees: float) -> float:
        rows = (y - x * math.tan(math.radians(degrees)) + ink.shape[1]).astype(np.int64)
        counts = np.bincount(rows).astype(np.float64)
        return float((np.diff(counts) ** 2).sum())

    best = guess
    width = 1.5
    for size in _STEPS:
        steps = round(width / size)
        best = max((best + i * size for i in range(-steps, steps + 1)), key=sharpness)
        width = size
    return round(best, 3) if sharpness(best) > _BETTER * sharpness(0.0) else 0.0


def tighten(ink: Pixels, run: list[Word]) -> None:
    """Put the boxes of a line's words, which OCR only estimates, around their ink."""
    import numpy as np

    height, width = ink.shape
    top = max(0, int(min(word.box.top for word in run)))
    bottom = min(height, math.ceil(max(word.box.bottom for word in run)))
    left = max(0, int(run[0].box.left - 0.3 * (bottom - top)))
    right = min(width, math.ceil(run[-1].box.right + 0.3 * (bottom - top)))
    part = ink[top:bottom, left:right] > 0
    if not part.any():
        return
    columns: NDArray[np.bool_] = np.any(part, axis=0)
    cuts = [left, *_cuts(columns, left, run, bottom - top), right]
    for word, (begin, end) in zip(run, pairwise(cuts), strict=True):
        own = part[:, begin - left : end - left]
        across, down = np.flatnonzero(own.any(0)), np.flatnonzero(own.any(1))
        if len(across):
            word.box = Box(
                float(begin + across[0]), float(top + down[0]), float(begin + across[-1] + 1), float(top + down[-1] + 1)
            )


def _cuts(columns: NDArray[np.bool_], left: int, run: list[Word], height: int) -> list[int]:
    """Where a line is cut between its words: in the widest gap near the estimated border."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([1], columns.astype(np.int8), [1]))))
    empty = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    gaps = [(a + left, b + left) for a, b in empty if a > 0 and b < len(columns)]  # the margins are none
    cuts: list[int] = []
    for before, word in pairwise(run):
        border = (before.box.right + word.box.left) / 2
        near = [(b - a, (a + b) // 2) for a, b in gaps if a - 0.6 * height <= border <= b + 0.6 * height]
        cut = max(near)[1] if near else round(border)
        cuts.append(max(cut, cuts[-1] if cuts else left))
    return cuts


def bullets(ink: Pixels, runs: list[list[Word]]) -> None:
    """Put a bullet before each line that has one; OCR overlooks them. A single dot is dirt."""
    import cv2

    found: list[tuple[list[Word], Box]] = []
    for run in runs:
        top, bottom = run[0].band
        height = bottom - top
        left, right = round(run[0].box.left - 3.5 * height), round(run[0].box.left - 0.25 * height)
        patch = ink[max(0, round(top)) : round(bottom), max(0, left) : max(0, right)]
        if not patch.size:
            continue
        count, _, stats, _ = cv2.connectedComponentsWithStats(patch, connectivity=8)
        x, y, w, h, area = (int(value) for value in stats[-1])
        middle = (y + h / 2) / height
        small = 0.12 * height <= min(w, h) and max(w, h) <= 0.55 * height and max(w, h) <= 1.6 * min(w, h)
        if count == 2 and small and area >= 0.55 * w * h and 0.25 <= middle <= 0.8:
            begin = max(0, left) + x, max(0, round(top)) + y
            found.append((run, Box(float(begin[0]), float(begin[1]), float(begin[0] + w), float(begin[1] + h))))
    for run, box in found:
        if any(other is not box and abs(other.left - box.left) < box.width for _, other in found):
            run.insert(0, Word("\u2022", box, 0.8, run[0].band))


def rules(ink: Pixels) -> tuple[list[Rule], list[Rule]]:
    """Horizontal and vertical lines that are drawn."""
    length = max(20, int(max(ink.shape) * _RULE_LENGTH))
    across = [Rule(y + h / 2, float(x), float(x + w)) for x, y, w, h in _strokes(ink, (length, 1)) if h <= length / 3]
    down = [Rule(x + w / 2, float(y), float(y + h)) for x, y, w, h in _strokes(ink, (1, length)) if w <= length / 3]
    return across, down


def without_rules(ink: Pixels) -> Pixels:
    """The ink without long straight strokes, which touch letters."""
    import cv2

    length = max(20, int(max(ink.shape) * _RULE_LENGTH))
    for kernel in ((2 * length, 1), (1, 2 * length)):
        opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, kernel))
        # Their frayed edges go with them.
        opened = cv2.dilate(opened, cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5)))
        ink = cast("Pixels", cv2.subtract(ink, opened))
    return ink


def _strokes(ink: Pixels, kernel: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    import cv2

    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, kernel))
    # Joined across the gaps of a pixel that a slant or noise leaves.
    opened = cv2.dilate(opened, cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3)))
    _, _, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    return [(int(s[0]), int(s[1]), int(s[2]), int(s[3])) for s in stats[1:]]


def checkboxes(ink: Pixels, words: list[Box]) -> list[Selection]:
    """Small empty or ticked squares that are drawn ; `words` tell how big they may be."""
    import cv2

    heights = sorted(box.height for box in words)
    usual = heights[len(heights) // 2] if heights else max(ink.shape) / 60
    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return []
    found: list[Selection] = []
    for contour, links in zip(contours, tree[0], strict=True):
        if links[3] >= 0 or links[2] < 0:  # a hole, or without one
            continue
        x, y, w, h = cv2.boundingRect(contour)
        if not (0.45 * usual <= min(w, h) and max(w, h) <= 2.2 * usual and 0.8 <= w / h <= 1.25):
            continue
        if cv2.contourArea(contour) < 0.9 * (w - 1) * (h - 1) or not _framed(ink[y : y + h, x : x + w]):
            continue
        square = Box(float(x), float(y), float(x + w), float(y + h))
        if any(_is_letter(square, word) for word in words):
            continue
        border = max(2, round(0.18 * min(w, h)))
        inside = ink[y + border : y + h - border, x + border : x + w - border]
        filled = float((inside > 0).mean()) if inside.size else 0.0
        sure = min(1.0, 0.7 + 3 * abs(filled - 0.06))
        found.append(Selection(square, filled > 0.06, round(sure, 6)))
    return sorted(found, key=lambda s: (s.box.top, s.box.left))


def _is_letter(square: Box, word: Box) -> bool:
    """Whether it stands inside a word and is lower than that: an o of small print, say."""
    across = word.left + 0.15 * square.height < square.left and square.right < word.right - 0.15 * square.height
    return across and word.top <= square.center[1] <= word.bottom and square.height < 0.85 * word.height


def _framed(ink: Pixels) -> bool:
    """Whether all four sides are straight strokes, which no letter's are."""
    depth = max(2, min(ink.shape) // 6)
    sides = (ink[:depth].max(0), ink[-depth:].max(0), ink[:, :depth].max(1), ink[:, -depth:].max(1))
    return all(float((side > 0).mean()) >= 0.9 for side in sides)
