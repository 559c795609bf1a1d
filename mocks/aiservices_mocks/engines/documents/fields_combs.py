"""Combs: characters that are written one by one into places of their own, and belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from .layout import Box, Rule, Word, union

_LEAST = 4  # places of a comb
_UNEVEN = 0.22  # of a place's width: how far places may differ
_WIDEST = 2.6  # of the character's height: a wider place is a cell of a table
_MOST_RULES = 3_000  # more are a drawing
_APART = 0.3  # of the line's height: the least space between two characters


def joined(runs: Sequence[list[Word]], down: Sequence[Rule]) -> list[list[Word]]:
    """The runs, with one word for each comb."""
    groups = [*_drawn([word for run in runs for word in run], down)]
    taken = {id(word) for group in groups for word in group}
    groups += [group for run in runs for group in _spaced([word for word in run if id(word) not in taken])]
    if not groups:
        return list(runs)
    whole = {id(word): group for group in groups for word in group}
    result = []
    for run in runs:
        kept = [one for word in run if (one := _instead(word, whole.get(id(word)))) is not None]
        if kept:
            result.append(kept)
    return result


def _instead(word: Word, group: list[Word] | None) -> Word | None:
    """What stands for a word: itself, the word that its comb makes, or nothing for the comb's further characters."""
    if group is None:
        return word
    if group[0] is not word:
        return None
    bands = [one.band for one in group]
    band = min(top for top, _ in bands), max(bottom for _, bottom in bands)
    text = "".join(one.text for one in group)
    return Word(text, union(one.box for one in group), min(one.confidence for one in group), band, word.bold)


def _spaced(run: list[Word]) -> Iterator[list[Word]]:
    """Single characters at even steps."""
    group: list[Word] = []
    for word in [*run, None]:
        if word is not None and len(word.text) == 1 and (not group or _apart(group[-1], word)):
            group.append(word)
            continue
        if len(group) >= _LEAST and _even([one.box.center[0] for one in group], group[0]):
            yield group
        group = [word] if word is not None and len(word.text) == 1 else []


def _apart(before: Word, word: Word) -> bool:
    height = word.band[1] - word.band[0]
    return _APART * height <= word.box.left - before.box.right <= _WIDEST * height


def _even(centers: Sequence[float], word: Word) -> bool:
    steps = [b - a for a, b in pairwise(centers)]
    usual = median(steps)
    near = all(abs(step - usual * max(1, round(step / usual))) <= _UNEVEN * usual for step in steps)
    return near and usual <= _WIDEST * (word.band[1] - word.band[0])


def _drawn(words: Sequence[Word], down: Sequence[Rule]) -> Iterator[list[Word]]:
    """Words in rows of narrow boxes of one width, at most one character in each."""
    for strip, places in _strips(down):
        inside = sorted((w for w in words if strip.holds(w.box.center)), key=lambda w: (w.box.left, w.box.right))
        letters = sum(len(word.text) for word in inside)
        if len(inside) > 1 and _LEAST - 1 <= letters <= places:
            height = max(word.box.height for word in inside)
            if strip.width / places <= _WIDEST * height:
                yield inside


def _strips(down: Sequence[Rule]) -> Iterator[tuple[Box, int]]:
    """Rows of vertical rules of one height at even steps, and how many places each has."""
    if len(down) > _MOST_RULES:
        return
    left = sorted(down, key=lambda rule: (round(rule.start), rule.at))
    rows: list[list[Rule]] = []
    for rule in left:
        row = next((r for r in rows if _same_height(r[0], rule)), None)
        if row is None:
            rows.append([rule])
        else:
            row.append(rule)
    for row in rows:
        row.sort(key=lambda rule: rule.at)
        once = [row[0], *(b for a, b in pairwise(row) if b.at - a.at > 0.15 * (b.end - b.start))]
        yield from _even_runs(once)


def _same_height(a: Rule, b: Rule) -> bool:
    height = a.end - a.start
    return abs(a.start - b.start) <= 0.15 * height and abs(a.end - b.end) <= 0.15 * height


def _even_runs(row: Sequence[Rule]) -> Iterator[tuple[Box, int]]:
    begin = 0
    for i in range(1, len(row) + 1):
        ends = i == len(row)
        if not ends and i - begin >= 2:
            step = row[begin + 1].at - row[begin].at
            ends = abs(row[i].at - row[i - 1].at - step) > _UNEVEN * step
        if ends:
            if i - begin > _LEAST:
                yield Box(row[begin].at, row[begin].start, row[i - 1].at, row[begin].end), i - 1 - begin
            begin = i - 1
