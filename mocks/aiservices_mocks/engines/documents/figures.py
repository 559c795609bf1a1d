"""Figures: pictures and drawings on a page that are neither text nor tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from .layout import Box, Rule, Word, union

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_LEAST = 0.045  # of the page's sides: a smaller drawing is an ornament
_MOST = 0.85  # of the page's area: a larger one is its background
_NEAR = 0.02  # of the page's height: shapes this near are one drawing
_SHAPES = 3  # a drawing has at least so many
_TEXT = 0.35  # share of a drawing that words may cover
_RULE = 4.0  # pixels to each side of a ruled line
_DENSE = 0.04  # share of a picture in a scan that is ink


def figures(
    pictures: Iterable[Box], shapes: Sequence[Box], words: Sequence[Word], size: tuple[float, float]
) -> list[Box]:
    """Pictures, and drawings that are made of several shapes."""
    drawings: list[tuple[Box, int]] = []
    for shape in shapes:
        near, count, apart = shape, 1, []
        for other, members in drawings:
            if other.grown(_NEAR * size[1]).overlap(near.grown(0.01)) > 0:
                near, count = union([near, other]), count + members
            else:
                apart.append((other, members))
        drawings = [*apart, (near, count)]
    found = [box for box, count in drawings if count >= _SHAPES and not _mostly_text(box, words)]
    kept: list[Box] = []
    for box in sorted([*pictures, *found], key=lambda one: -one.width * one.height):
        if _fits(box, size) and not any(other.grown(1.0).holds(box.center) for other in kept):
            kept.append(box)
    return sorted(kept, key=lambda one: (one.top, one.left))


def seen(ink: Pixels, words: Sequence[Word], across: Iterable[Rule], down: Iterable[Rule]) -> list[Box]:
    """Patches of ink in a scan that are neither words nor ruled lines."""
    import cv2
    import numpy as np

    rest = ink.copy()
    thin = [Box(rule.start, rule.at, rule.end, rule.at) for rule in across]
    thin += [Box(rule.at, rule.start, rule.at, rule.end) for rule in down]
    for box in [*(word.box.grown(0.15 * word.box.height) for word in words), *(line.grown(_RULE) for line in thin)]:
        left, top, right, bottom = (max(0, round(edge)) for edge in box)
        rest[top:bottom, left:right] = 0
    height, width = ink.shape
    reach = max(3, max(height, width) // 90)
    joined = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(cast("Pixels", joined), connectivity=8)
    found = []
    for x, y, w, h, _ in stats[1:].tolist():
        box = Box(float(x), float(y), float(x + w), float(y + h))
        dense = float((rest[y : y + h, x : x + w] > 0).mean()) >= _DENSE
        if dense and min(w / width, h / height) >= _LEAST and not _mostly_text(box, words):
            found.append(box)
    return figures(found, [], words, (float(width), float(height)))


def _fits(box: Box, size: tuple[float, float]) -> bool:
    wide, high = box.width / size[0], box.height / size[1]
    return min(wide, high) >= 0.5 * _LEAST and max(wide, high) >= _LEAST and wide * high <= _MOST


def _mostly_text(box: Box, words: Sequence[Word]) -> bool:
    return sum(box.overlap(word.box) for word in words) > _TEXT * box.width * box.height
