"""Keys and their values, by where they stand: `Name: Ada`, labels with the value beside, below or in a box, ticks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .layout import Box, Field, Line, Rule, Selection, Table, Word, union
from .tables import is_number

_KEY_WORDS = 7  # a longer text before a colon is a sentence
_VALUE_WORDS = 14  # a longer text after it is a paragraph
_REACH = 20.0  # of the line's height: how far to the right a value may stand
_BELOW = 1.6  # of the line's height: how far below
_LABEL_REACH = 3.0  # of the height of a checkbox: how far its label may stand
_COLON = re.compile(r".*[:：]$")


@dataclass(slots=True)
class _Key:
    words: list[Word]
    line: Line
    value: list[Word]
    """What stands after the colon in the same line."""


def fields(
    lines: Sequence[Line], selections: Sequence[Selection], tables: Sequence[Table], across: Sequence[Rule]
) -> list[Field]:
    """Every key found, from top to bottom."""
    used: set[int] = set()
    found = _ticked(lines, selections, used)
    found += _labelled_cells(tables, used)
    tabled = {id(w) for t in tables if t.ruled for c in t.cells if t.columns > 2 for w in c.words}
    free = [line for line in lines if id(line.words[0]) not in tabled and id(line.words[0]) not in used]
    keys = [key for line in free for key in _keys(line)]
    key_lines = {id(key.line) for key in keys}
    for key in keys:
        if not key.value and id(key.words[-1]) == id(key.line.words[-1]):
            key.value = _beside(key, free, key_lines, used) or _below(key, free, key_lines, used, keys)
        used.update(id(word) for word in key.value)
        found.append(_field(key, across))
    return sorted(found, key=lambda f: (f.key_box.top, f.key_box.left))


def _keys(line: Line) -> list[_Key]:
    """The keys in a line that end with a colon, each with the words up to the next key."""
    ends = [
        i for i, word in enumerate(line.words) if (_COLON.match(word.text) and len(word.text) > 1) or _lone(line, i)
    ]
    if not ends:
        return []
    starts = [0] + [_start(line.words, a + 1, b) for a, b in pairwise(ends)]
    stops = [*starts[1:], len(line.words)]
    keys = []
    for start, end, stop in zip(starts, ends, stops, strict=True):
        words, value = line.words[start : end + 1], line.words[end + 1 : stop]
        if len(words) <= _KEY_WORDS and len(value) <= _VALUE_WORDS and any(c.isalpha() for w in words for c in w.text):
            keys.append(_Key(words, line, value))
    return keys


def _lone(line: Line, i: int) -> bool:
    return line.words[i].text in (":", "：") and i > 0


def _start(words: list[Word], first: int, colon: int) -> int:
    """Where the next key in a line begins: after the widest space between the value and the colon."""
    if colon <= first:
        return colon
    spaces = [(words[i].box.left - words[i - 1].box.right, i) for i in range(first + 1, colon + 1)]
    widest, at = max(spaces)
    usual = sorted(space for space, _ in spaces)[len(spaces) // 2]
    return at if widest > 1.5 * max(usual, 0.01) or len(spaces) == 1 else colon


def _beside(key: _Key, lines: Sequence[Line], key_lines: set[int], used: set[int]) -> list[Word]:
    """The nearest text on the same baseline to the right, unless it is a key itself."""
    height = key.line.height
    right = [
        line
        for line in lines
        if min(line.band[1], key.line.band[1]) - max(line.band[0], key.line.band[0]) > 0.5 * min(line.height, height)
        and 0 <= line.box.left - key.words[-1].box.right <= _REACH * height
    ]
    near = min(right, key=lambda line: line.box.left, default=None)
    if near is None or id(near) in key_lines or id(near.words[0]) in used or len(near.words) > _VALUE_WORDS:
        return []
    return near.words


def _below(key: _Key, lines: Sequence[Line], key_lines: set[int], used: set[int], keys: list[_Key]) -> list[Word]:
    """The text right under the key, beginning where it begins."""
    left, height = key.words[0].box.left, key.line.height
    for line in lines:
        space = line.band[0] - key.line.band[1]
        if abs(line.box.left - left) <= 0.6 * height and -0.3 * height <= space <= _BELOW * height:
            if id(line) in key_lines or id(line.words[0]) in used or len(line.words) > _VALUE_WORDS:
                return []
            return line.words
    return []


def _field(key: _Key, across: Sequence[Rule]) -> Field:
    key_box = union(word.box for word in key.words)
    if key.value:
        value_box = union(word.box for word in key.value)
        space = max(0.0, value_box.left - key_box.right) / (key.line.height * _REACH)
        return Field(key.words, key.value, None, key_box, value_box, round(0.95 - 0.2 * min(1.0, space), 6))
    height = key.line.height
    blank = [
        rule for rule in across
        if key_box.bottom - 0.5 * height <= rule.at <= key_box.bottom + 0.6 * height
        and 0 <= rule.start - key_box.right <= _REACH * height
    ]  # fmt: skip
    if blank:
        rule = min(blank, key=lambda r: r.start)
        return Field(key.words, [], None, key_box, Box(rule.start, key_box.top, rule.end, rule.at), 0.85)
    after = Box(key_box.right, key_box.top, key_box.right + height, key_box.bottom)
    return Field(key.words, [], None, key_box, after, 0.5)


def _labelled_cells(tables: Sequence[Table], used: set[int]) -> list[Field]:
    """Ruled tables of two columns without a header: the left cell names the right one."""
    found = []
    for table in tables:
        if not table.ruled or table.columns != 2 or table.cell(0, 0).header:
            continue
        rows = [(table.cell(r, 0), table.cell(r, 1)) for r in range(table.rows)]
        labels = [left for left, _ in rows if left.words]
        if any(is_number(left.text) or len(left.words) > _KEY_WORDS for left in labels):
            continue
        for left, right in rows:
            if not left.words or len(right.words) > _VALUE_WORDS:
                continue
            used.update(id(word) for word in [*left.words, *right.words])
            key_box = union(word.box for word in left.words)
            value_box = union(word.box for word in right.words) if right.words else right.box
            ticked = right.selections[0] if right.selections and not right.words else None
            found.append(Field(left.words, right.words, ticked, key_box, value_box, 0.9))
    return found


def _ticked(lines: Sequence[Line], selections: Sequence[Selection], used: set[int]) -> list[Field]:
    """Checkboxes with the text beside them: to the right, else to the left."""
    found = []
    for selection in selections:
        words = _label(selection, lines, selections)
        words = [word for word in words if id(word) not in used]
        if not words:
            continue
        used.update(id(word) for word in words)
        key_box = union(word.box for word in words)
        found.append(Field(words, [], selection, key_box, selection.box, round(0.9 * selection.confidence, 6)))
    return found


def _label(selection: Selection, lines: Sequence[Line], selections: Sequence[Selection]) -> list[Word]:
    box = selection.box
    row = [word for line in lines for word in line.words if _level(word, box)]
    others = [s.box for s in selections if s is not selection and abs(s.box.center[1] - box.center[1]) < box.height]
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
        reach = _LABEL_REACH * height if not label else 0.9 * (word.band[1] - word.band[0])
        if word.box.left - edge > reach:
            break
        label.append(word)
        edge = word.box.right
    return label


def _together_left(words: list[Word], edge: float, height: float) -> list[Word]:
    label: list[Word] = []
    for word in words:
        reach = _LABEL_REACH * height if not label else 0.9 * (word.band[1] - word.band[0])
        if edge - word.box.right > reach:
            break
        label.append(word)
        edge = word.box.left
    return label
