"""Labels and the values that belong to them, by where they stand and how they look, weighed over the whole page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from .fields_parts import Cells, Part, alike, label_likeness, usual_height, value_likeness
from .layout import Box, Rule
from .nearby import Nearby

Relation = Literal["right", "below", "above"]
"""Where the value stands, as seen from its label."""

_REACH = 25.0  # of the line's height: how far to the right a value may stand
_ASIDE = 25.0  # of the line's height: how far to the side of its label's edges a value above or below may be
_DEEP = 1.7  # of the line's height: how far below
_LEAST = 2.1  # what a label and its value must reach together
_ROW = 1.2  # what it says that a label and a value are alone between two lines across the page
_LIKELY = 1.2  # what they reach at the first look
_LOOSE = 1.6  # of the label's height: a value's line that high is taken to have been seen too high
_CLOSE = 0.75  # of the line's height: lines of one value are this close
_VALUE_WORDS = 40
_SHORT = 6  # words of a value in a column of values, at most


class Pair(NamedTuple):
    """A label with its value; `score` is what speaks for it."""

    key: Part
    value: Part
    relation: Relation
    score: float
    more: Sequence[Part] = ()
    """Further lines of the value."""


def pairs(found: Sequence[Part], cells: Cells) -> list[Pair]:
    """Labels with values. Twice: what most pairs of the first look have in common counts in the second."""
    usual = usual_height(found)
    labels = {id(part): label_likeness(part, cells, usual) for part in found}
    values = {id(part): value_likeness(part, cells, usual) for part in found}
    possible = []
    near = Nearby(found, lambda part: part.place)
    middles = sorted(part.box.center[1] for part in found)
    for key in found:
        if labels[id(key)] <= -1.5:
            continue
        for value, relation, place in _near(key, near, middles, cells):
            contrast = 0.0 if alike(key, value) else 0.9
            looks = labels[id(key)] + values[id(value)] - max(0.0, 0.5 * labels[id(value)])
            score = looks + place + contrast + (_written(key, value, cells) if relation != "above" else 0.0)
            possible.append(Pair(key, value, relation, score))
    first = _chosen(possible, _LIKELY)
    habits: Counter[tuple[Relation, bool, bool]] = Counter()
    for pair in first:
        habits[_habit(pair)] += 1
    total = max(habits.total(), 1)
    columns = Counter(_columns(pair, usual) for pair in possible if len(pair.value.words) <= _SHORT)

    def again(pair: Pair) -> Pair:
        habit = 2.0 * habits[_habit(pair)] / total - 0.5 if total > 2 else 0.0
        key, value = _columns(pair, usual)
        steps = (-1, 0, 1)
        rows = sum(columns[key + a, value + b] for a in steps for b in steps) if pair.relation == "right" else 0
        return pair._replace(score=pair.score + habit + (0.4 * min(rows - 1, 5) if rows > 2 else 0.0))

    return _chosen([again(pair) for pair in possible], _LEAST, lambda pair, taken: continued(pair, found, taken, cells))


def _columns(pair: Pair, usual: float) -> tuple[int, int]:
    """In which columns of the page, about, the label and the value of a pair in a row begin."""
    step = 0.5 * usual if pair.relation == "right" else float("inf")
    return round(pair.key.box.left / step), round(pair.value.box.left / step)


def _written(key: Part, value: Part, cells: Cells) -> float:
    """How much the place to write in says: a box around the value alone, or a line under it alone."""
    if value.cell is not None:
        return 1.5 if key.cell is None and value.cell.height <= 4 * value.height else 0.0
    rule = cells.under(value.box, value.height)
    if rule is None or (rule.start <= key.box.center[0] <= rule.end and _level(key, value)):
        return 0.0
    return 0.0 if cells.under(key.box, key.height) is not None else 1.5


def _habit(pair: Pair) -> tuple[Relation, bool, bool]:
    return pair.relation, pair.key.bold, pair.value.bold


def _chosen(
    possible: Sequence[Pair], least: float, lines: Callable[[Pair, set[int]], list[Part]] | None = None
) -> list[Pair]:
    """The best pairs in which no part is twice. A label with a mark takes all lines of its value at once."""
    taken: set[int] = set()
    result = []
    for pair in sorted(possible, key=lambda p: (-p.score, p.key.band[0], p.key.box.left)):
        if pair.score < least:
            break
        if id(pair.key) in taken or id(pair.value) in taken:
            continue
        taken.update((id(pair.key), id(pair.value)))
        if lines is not None and pair.key.marked:
            pair = pair._replace(more=lines(pair, taken)[1:])
        result.append(pair)
    return result


def _near(key: Part, near: Nearby[Part], middles: Sequence[float], cells: Cells) -> list[tuple[Part, Relation, float]]:
    """What could be a part's value, and how well it stands for that."""
    result: list[tuple[Part, Relation, float]] = []
    box, height, (top, bottom) = key.box, key.height, key.band
    right = near.within(Box(box.right - 0.2 * height, top, box.right + _REACH * height, bottom))
    right = [part for part in right if part is not key and _level(key, part)]
    right = [part for part in right if -0.2 * key.height <= part.box.left - key.box.right]
    if right:
        value = min(right, key=lambda part: part.box.left)
        space = (value.box.left - key.box.right) / key.height
        if space <= _REACH:
            alone = _ROW if cells.row(key.box, value.box, 4 * key.height, middles) == 2 else 0.0
            result.append((value, "right", 1.0 - 0.045 * space - _walls(key, value) + alone))
    left, edge = box.left - _ASIDE * height, box.right + _ASIDE * height
    if key.cell is not None:
        left, edge = min(left, key.cell.left), max(edge, key.cell.right)
    for value in near.within(Box(left, bottom - 0.35 * height, edge, bottom + _DEEP * height)):
        if value is key:
            continue
        space = (value.band[0] - key.band[1]) / key.height
        if value.height > _LOOSE * key.height:  # a scan's band may reach into the line above
            space = max(space, (value.box.top - key.box.bottom) / key.height)
        if -0.35 <= space <= _DEEP and (fit := _under(key, value, cells)) is not None:
            ruled = cells.between(
                key.box.bottom, value.box.center[1], key.box.left, min(key.box.right, value.box.right)
            )
            same = key.cell is not None and key.cell == value.cell
            score = 0.9 - 0.4 * max(space, 0.0) + fit - (1.0 if ruled else 0.0) + (1.2 if same else 0.0)
            result.append((value, "below", score))
    for value in near.within(Box(left, top - 1.2 * height, edge, top + 0.4 * height)) if key.cell is None else ():
        space = (key.band[0] - value.band[1]) / key.height
        rule = cells.under(value.box, value.height) if value is not key and -0.4 <= space <= 1.2 else None
        if rule is not None and _on(rule, key, value) and rule.at <= key.box.center[1]:
            result.append((value, "above", 2.4))
    return result


def _on(rule: Rule, key: Part, value: Part) -> bool:
    """Whether a label stands under the line on which its value is written."""
    slack = key.height
    inside = rule.start - slack <= key.box.left and key.box.right <= rule.end + slack
    return inside and rule.start - slack <= value.box.left and value.box.right <= rule.end + slack


def _level(a: Part, b: Part) -> bool:
    shared = min(a.band[1], b.band[1]) - max(a.band[0], b.band[0])
    return shared > 0.5 * min(a.height, b.height)


def _walls(key: Part, value: Part) -> float:
    """How much speaks against a value to the right, seen by the drawn boxes of both."""
    if key.cell == value.cell:
        return 0.0
    if key.cell is None or value.cell is None:
        return 0.0 if key.cell is None else 1.0
    near = abs(value.cell.left - key.cell.right) <= 0.5 * key.height
    return 0.4 if near else 1.5


def _under(key: Part, value: Part, cells: Cells) -> float | None:
    """How well a part stands under another: begins where it begins, or in the same box; None: it does not."""
    height = key.height
    if key.cell is not None and key.cell == value.cell:
        return 0.2 if abs(value.box.left - key.box.left) <= 1.5 * height else 0.0
    apart = abs(value.box.left - key.box.left)
    if apart <= 0.8 * height:
        return 0.2
    if abs(value.box.center[0] - key.box.center[0]) <= 0.6 * height:
        return 0.0
    if apart <= 3 * height and value.cell is not None and value.cell.left <= key.box.left + height and key.cell is None:
        return 0.1
    rule = cells.under(value.box, value.height) if apart <= 3 * height else None
    if rule is not None and abs(rule.start - key.box.left) <= 2.5 * height:
        return 0.1
    return None


def continued(pair: Pair, found: Sequence[Part], taken: set[int], cells: Cells) -> list[Part]:
    """The further lines of a value, in order."""
    lines = [pair.value, *pair.more]
    edge = pair.value.box.left
    while True:
        last = lines[-1]
        following = None
        for part in _begun(found, last.band[1] - 0.35 * last.height, last.band[1] + _CLOSE * last.height):
            space = part.band[0] - last.band[1]
            if (
                -0.35 * last.height <= space <= _CLOSE * last.height
                and abs(part.box.left - edge) <= 0.7 * last.height
                and id(part) not in taken
                and part is not pair.key
                and not part.marked
                and part.cell == last.cell
                and alike(part, last)
                and not _labelled(part, found)
                and sum(len(line.words) for line in [*lines, part]) <= _VALUE_WORDS
                and (
                    not cells.between(last.box.bottom, part.box.center[1], part.box.left, part.box.right)
                    or _lined(last, part, cells)
                )
            ):
                following = part
                break
        if following is None:
            return lines
        taken.add(id(following))
        lines.append(following)


def _begun(found: Sequence[Part], low: float, high: float) -> Sequence[Part]:
    """The parts, which are in order, whose lines begin between two heights."""
    begin = bisect_left(found, low, key=_top)
    return found[begin : bisect_right(found, high, begin, key=_top)]


def _top(part: Part) -> float:
    return part.band[0]


def _lined(last: Part, part: Part, cells: Cells) -> bool:
    """Whether both lines stand on rules of the same length, as in a space for several lines."""
    first, second = cells.under(last.box, last.height), cells.under(part.box, part.height)
    if first is None or second is None:
        return False
    return abs(first.end - second.end) <= last.height and cells.after(part) is None


def _labelled(part: Part, found: Sequence[Part]) -> bool:
    """Whether something stands to the left on the same height, so that this belongs to that."""
    return any(
        other is not part
        and other.cell == part.cell
        and _level(other, part)
        and 0 <= part.box.left - other.box.right <= _REACH * part.height
        for other in found
    )


def widened(key: Part, found: Sequence[Part], taken: set[int]) -> list[Part]:
    """The lines of a long label, in order: those right above it that are set alike."""
    lines = [key]
    while True:
        first = lines[0]
        before = [
            part
            for part in _begun(found, first.band[0] - 2 * first.height, first.band[0])
            if -0.35 * first.height <= first.band[0] - part.band[1] <= 0.3 * first.height
            and abs(part.box.left - first.box.left) <= 0.4 * first.height
            and id(part) not in taken
            and part.cell == first.cell
            and not part.marked
            and alike(part, first)
            and len(part.words) >= 3
            and part.text[:1].isupper()
            and not first.text[:1].isupper()
        ]
        if not before:
            return lines
        taken.add(id(before[0]))
        lines.insert(0, before[0])
