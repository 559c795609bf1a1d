"""Checkboxes with the text beside them."""

from __future__ import annotations

from collections.abc import Sequence

from .layout import Box, Field, Line, Selection, Word, union
from .nearby import Nearby

_LONGEST = 60.0  # of the height of a checkbox: a label is no longer
_REACH = 3.0  # of the height of a checkbox: how far its label may stand


def fields(lines: Sequence[Line], selections: Sequence[Selection], used: set[int]) -> list[Field]:
    """Checkboxes with the text beside them: to the right, else to the left; its words are added to `used`."""
    found = []
    texts = Nearby((word for line in lines for word in line.words), lambda word: word.box)
    boxes = Nearby(selections, lambda one: one.box)
    for selection in selections:
        words = _label(selection, texts, boxes)
        words = [word for word in words if id(word) not in used]
        if not words:
            continue
        used.update(id(word) for word in words)
        key_box = union(word.box for word in words)
        found.append(Field(words, [], selection, key_box, selection.box, round(0.9 * selection.confidence, 6)))
    return found


def _label(selection: Selection, texts: Nearby[Word], boxes: Nearby[Selection]) -> list[Word]:
    box = selection.box
    beside = Box(box.left - _LONGEST * box.height, box.top, box.right + _LONGEST * box.height, box.bottom)
    row = [word for word in texts.within(beside) if _level(word, box)]
    others = [
        s.box for s in boxes.within(beside) if s is not selection and abs(s.box.center[1] - box.center[1]) < box.height
    ]
    stop = min((o.left for o in others if o.left > box.right), default=float("inf"))
    begin = max((o.right for o in others if o.right < box.left), default=float("-inf"))
    right = sorted((w for w in row if box.center[0] < w.box.left < stop), key=lambda w: w.box.left)
    label = _together(right, box.right, box.height)
    if label:
        return label
    left = sorted((w for w in row if begin < w.box.right < box.center[0]), key=lambda w: -w.box.right)
    return _together_left(left, box.left, box.height)[::-1]


def _level(word: Word, box: Box) -> bool:
    """Whether a word stands beside a checkbox."""
    shared = min(word.band[1], box.bottom) - max(word.band[0], box.top)
    return shared > 0.4 * min(box.height, word.band[1] - word.band[0])


def _together(words: list[Word], edge: float, height: float) -> list[Word]:
    """Words that follow an edge without a wide gap; a gap wider than the first ends the label."""
    label: list[Word] = []
    for word in words:
        reach = _REACH * height if not label else 0.9 * (word.band[1] - word.band[0])
        if word.box.left - edge > reach:
            break
        label.append(word)
        edge = word.box.right
    return label


def _together_left(words: list[Word], edge: float, height: float) -> list[Word]:
    label: list[Word] = []
    for word in words:
        reach = _REACH * height if not label else 0.9 * (word.band[1] - word.band[0])
        if edge - word.box.right > reach:
            break
        label.append(word)
        edge = word.box.left
    return label
