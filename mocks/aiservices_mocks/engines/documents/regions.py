"""The parts of a page by what they are for: headings, paragraphs, lists, tables, figures, headers and footers."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from .layout import Box, Field, Kind, Line, Region, Sheet, Table, union
from .paragraphs import Sizes, headings, lists, paragraphs

_MARGIN = 0.085  # of the page's height: headers and footers stand in it
_APART = 0.6  # of the line's height: at least so far from the rest of the page
_LARGE = 1.25  # of the usual size: too large for a header
_PAGE_NUMBER = re.compile(
    r"(?i)^(?:[-–—(\[]\s*)?(?:(?:page|seite|página|pagina|p\.)\s*)?(?:\d{1,4}|[ivxl]{1,6})"
    r"(?:\s*(?:of|/|von|de|di|sur)\s*\d{1,4})?(?:\s*[-–—)\]])?$"
)
_OF_FIELDS = 0.6  # share of a line's words that are keys and values
_LEAST_FIELDS = 2
_VALUE_WORDS = 8


def regions(sheet: Sheet, lines: Sequence[Line], tables: Sequence[Table], fields: Sequence[Field]) -> list[Region]:
    """Every part of the page, in reading order."""
    whole: dict[int, tuple[str, int]] = {}
    for number, table in enumerate(tables):
        words = {id(word) for cell in table.cells for word in cell.words}
        whole.update((id(line), ("table", number)) for line in lines if id(line.words[0]) in words)
    for number, picture in enumerate(sheet.pictures):
        inside = (line for line in lines if id(line) not in whole and picture.holds(line.box.center))
        whole.update((id(line), ("picture", number)) for line in inside)
    free = [line for line in lines if id(line) not in whole]
    sizes = Sizes(free or lines, sheet.engine == "pdf text layer")
    whole.update((id(line), (kind, 0)) for line, kind in _margins(sheet, lines, free, sizes))
    fields = [field for field in fields if len(field.value) <= _VALUE_WORDS]  # more is a paragraph under its heading
    filled = {id(word) for field in fields for word in [*field.key, *field.value]}
    whole.update(_filled_in([line for line in free if id(line) not in whole], fields, filled))
    found = _blocks(lines, whole, tables, sheet.pictures, filled) + _texts(lines, whole, sizes, sheet.height)
    found.sort(key=lambda one: one[0])
    return _with_pictures(
        [region for _, region in found], sheet, {n for kind, n in whole.values() if kind == "picture"}
    )


def _margins(sheet: Sheet, lines: Sequence[Line], free: Sequence[Line], sizes: Sizes) -> Iterable[tuple[Line, Kind]]:
    """Headers, footers and page numbers: small texts in the margin, apart from the rest, and what is beyond."""
    edge = _MARGIN * sheet.height
    above = sorted((line for line in free if line.band[1] < edge), key=lambda line: -line.band[1])
    below = sorted((line for line in free if line.band[0] > sheet.height - edge), key=lambda line: line.band[0])
    tops, bottoms = sorted(line.band[0] for line in lines), sorted(line.band[1] for line in lines)
    for outside, kind in ((above, "HEADER"), (below, "FOOTER")):
        reached = False
        for line in outside:
            gap = _gap(line, tops, bottoms, kind == "HEADER")
            if gap is None:
                continue
            reached = reached or (gap > _APART * line.height and sizes.of(line) < _LARGE * sizes.usual)
            if _PAGE_NUMBER.match(line.text) and gap > -0.2 * line.height:
                yield line, "PAGE_NUMBER"
            elif reached:
                yield line, "HEADER" if kind == "HEADER" else "FOOTER"


def _gap(line: Line, tops: Sequence[float], bottoms: Sequence[float], top: bool) -> float | None:
    """The empty space towards the middle of the page, by where lines begin and end; None where nothing else is."""
    slack = 0.3 * line.height
    if top:
        below = bisect_right(tops, line.band[1] - slack)
        return tops[below] - line.band[1] if below < len(tops) else None
    above = bisect_left(bottoms, line.band[0] + slack)
    return line.band[0] - bottoms[above - 1] if above else None


def _filled_in(free: Sequence[Line], fields: Sequence[Field], filled: set[int]) -> dict[int, tuple[str, int]]:
    """Lines of keys and values that follow each other, where there are several fields."""
    keys = {id(word) for field in fields for word in field.key}
    found: dict[int, tuple[str, int]] = {}
    group: list[Line] = []
    number = 0
    for line in [*free, None]:
        if line and sum(id(word) in filled for word in line.words) >= _OF_FIELDS * len(line.words):
            group.append(line)
            continue
        if sum(any(id(word) in keys for word in one.words) for one in group) >= _LEAST_FIELDS:
            found.update((id(one), ("field", number)) for one in group)
            number += 1
        group = []
    return found


def _blocks(
    lines: Sequence[Line],
    whole: dict[int, tuple[str, int]],
    tables: Sequence[Table],
    pictures: Sequence[Box],
    filled: set[int],
) -> list[tuple[int, Region]]:
    """Tables, pictures with text, groups of fields, headers and footers, each with the place of its first line."""
    groups: dict[tuple[str, int], list[tuple[int, Line]]] = {}
    for at, line in enumerate(lines):
        if id(line) in whole:
            groups.setdefault(whole[id(line)], []).append((at, line))
    found = []
    for (kind, number), members in groups.items():
        inside = [line for _, line in members]
        box, sure = union(line.box for line in inside), 0.95
        shown: Kind
        if kind == "table":
            table = tables[number]
            words = [word for cell in table.cells for word in cell.words]
            form = not any(cell.header for cell in table.cells) and sum(map(filled.__contains__, map(id, words)))
            shown = "KEY_VALUE" if form > 0.8 * len(words) else "TABLE"
            box, sure = union([box, table.box]), table.confidence
        elif kind == "picture":
            shown, box = "FIGURE", pictures[number]
        elif kind == "field":
            shown = "KEY_VALUE"
        else:
            shown = "PAGE_NUMBER" if kind == "PAGE_NUMBER" else "HEADER" if kind == "HEADER" else "FOOTER"
        found.append((members[0][0], Region(shown, box, inside, [], round(sure * _legible(inside), 6))))
    return found


def _texts(
    lines: Sequence[Line], whole: dict[int, tuple[str, int]], sizes: Sizes, height: float
) -> list[tuple[int, Region]]:
    """Paragraphs, headings and lists, each with the place of its first line."""
    runs: list[list[Line]] = [[]]
    for line in lines:
        if id(line) in whole:
            runs.append([])
        else:
            runs[-1].append(line)
    cut = paragraphs(runs, sizes)
    headings([paragraph for run in cut for paragraph in run], sizes, height)
    at = {id(line): place for place, line in enumerate(lines)}
    return [(at[id(one.lines[0])], one.region()) for run in cut for one in lists(run)]


def _legible(lines: Sequence[Line]) -> float:
    words = [word.confidence for line in lines for word in line.words]
    return sum(words) / len(words)


def _with_pictures(found: list[Region], sheet: Sheet, told: set[int]) -> list[Region]:
    """With the pictures that have no text in them, each before what stands below it."""
    for number, box in enumerate(sheet.pictures):
        if number in told:
            continue
        below = (
            i
            for i, region in enumerate(found)
            if region.kind in ("FOOTER", "PAGE_NUMBER")
            or (region.box.top >= box.center[1] and min(region.box.right, box.right) > max(region.box.left, box.left))
        )
        found.insert(next(below, len(found)), Region("FIGURE", box, [], [], 0.9))
    return found
