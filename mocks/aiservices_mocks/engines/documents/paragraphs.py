"""Lines of running text to paragraphs, headings and items of lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import mean, median

from .layout import Box, Kind, Line, Region, Word, union

MARK = re.compile(r"^(?:[•·▪◦‣○●■□➢✓*–—-]|\(?\d{1,2}[.)]|\(?[A-Za-z][.)]|\(?[ivx]{1,4}[.)])(?=\s|$)")
_NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.|[A-Z]\.)\s+[A-Z]")
_SPACE = 0.3  # of the line's height: so much more space than usual begins a paragraph
_INDENT = (0.8, 5.0)  # of the line's height: how far a first line may be set in
_SAME, _SAME_SEEN = 1.16, 1.35  # sizes that differ more are different, by fonts and by ink
_LEGIBLE = 0.7  # a line read less surely than that may have other letters
_TITLE, _HEADING, _HEADING_SEEN = 1.45, 1.12, 1.25  # of the usual size
_HEADING_WORDS, _HEADING_LINES = 14, 3
_UPPER = 0.5  # of the page's height: a title stands in this part
_ASCENDING, _DESCENDING = re.compile(r"[A-Z0-9bdfhkltß(\[{/|]"), re.compile(r"[gjpqy,;()\[\]{}|]")


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together."""

    lines: list[Line]
    size: float
    bold: bool
    marked: bool
    """It begins with a bullet or a number."""
    kind: Kind = "TEXT"
    items: list[Paragraph] = field(default_factory=list)

    @property
    def box(self) -> Box:
        """Around its lines."""
        return union(line.box for line in self.lines)

    @property
    def words(self) -> int:
        """How many it has."""
        return sum(len(line.words) for line in self.lines)

    def region(self) -> Region:
        """As a part of the page; its confidence is that of its words, less where little speaks for its kind."""
        words = [word.confidence for line in self.lines for word in line.words]
        told = 0.98 if self.kind != "TEXT" or len(self.lines) > 1 or self.words > 5 else 0.9
        parts = [item.region() for item in self.items]
        return Region(self.kind, self.box, self.lines, parts, round(told * sum(words) / len(words), 6))


class Sizes:
    """How big the letters of a page are."""

    def __init__(self, lines: Sequence[Line], exact: bool) -> None:
        """exact: lines are as high as their font says, and not as their ink is."""
        self._exact = exact
        self.same = _SAME if exact else _SAME_SEEN
        """Lines that differ more in size are of different paragraphs."""
        self.larger = _HEADING if exact else _HEADING_SEEN
        """How much larger than usual a heading is."""
        self.usual = 1.0
        letters = sorted((self.of(line), sum(len(word.text) for word in line.words)) for line in lines)
        half = sum(count for _, count in letters) / 2
        for size, count in letters:
            half -= count
            if half <= 0:
                self.usual = size
                break
        heavy = sum(len(word.text) for line in lines for word in line.words if word.bold)
        self.bold = 2 * heavy > sum(count for _, count in letters)
        """Whether the page is mostly bold, so that bold says nothing."""

    def of(self, line: Line) -> float:
        """The height of the line's font; from ink it is told by how far its letters reach, if these are known."""
        if self._exact:
            return line.height
        if mean(word.confidence for word in line.words) < _LEGIBLE:
            return self.usual
        return median(_by_ink(word) for word in line.words)


def _by_ink(word: Word) -> float:
    up, down = bool(_ASCENDING.search(word.text)), bool(_DESCENDING.search(word.text))
    return word.box.height / (0.5 + 0.25 * up + 0.21 * down)


def paragraphs(runs: Sequence[Sequence[Line]], sizes: Sizes) -> list[list[Paragraph]]:
    """The paragraphs of each run of lines, which are in reading order and have nothing between them."""
    usual = _usual_space(runs)
    return [_cut(run, sizes, usual) for run in runs]


def _usual_space(runs: Sequence[Sequence[Line]]) -> float:
    """Between lines of a paragraph, in heights of a line."""
    spaces = [
        (line.band[0] - before.band[1]) / line.height
        for run in runs
        for before, line in pairwise(run)
        if abs(before.box.left - line.box.left) < line.height and line.height > 0
    ]
    near = [space for space in spaces if -0.5 < space < 1.5]
    return min(median(near), 1.0) if near else 0.0


def _cut(run: Sequence[Line], sizes: Sizes, usual: float) -> list[Paragraph]:
    found: list[Paragraph] = []
    for line in run:
        if found and _goes_on(found[-1], line, sizes, usual):
            found[-1].lines.append(line)
        else:
            bold = all(word.bold for word in line.words)
            found.append(Paragraph([line], sizes.of(line), bold, bool(MARK.match(line.text))))
    return found


def _goes_on(paragraph: Paragraph, line: Line, sizes: Sizes, usual: float) -> bool:
    """Whether a line continues the paragraph that ends right before it."""
    last, height = paragraph.lines[-1], line.height
    space = line.band[0] - last.band[1]
    if MARK.fullmatch(last.text):  # a bullet that stands apart from its text
        return abs(line.band[0] - last.band[0]) < 0.6 * height and line.box.left > last.box.left
    if not -0.6 * height < space < (usual + _SPACE) * height or MARK.match(line.text):
        return False
    if min(line.box.right, last.box.right) <= max(line.box.left, last.box.left):
        return False
    size = sizes.of(line)
    if max(size, paragraph.size) > sizes.same * min(size, paragraph.size):
        return False
    if paragraph.bold != all(word.bold for word in line.words) and (paragraph.bold or len(paragraph.lines) > 1):
        return paragraph.marked
    left = paragraph.lines[-1 if len(paragraph.lines) > 1 else 0].box.left
    indent = line.box.left - left
    return paragraph.marked or not _INDENT[0] * height < indent < _INDENT[1] * height or len(paragraph.lines) == 1


def headings(found: Sequence[Paragraph], sizes: Sizes, height: float) -> None:
    """Tell titles and headings of sections from text. `found` are all paragraphs of a page of this height."""
    largest = max((paragraph.size for paragraph in found), default=0.0)
    titled = False
    for i, paragraph in enumerate(found):
        if len(paragraph.lines) > _HEADING_LINES or paragraph.words > _HEADING_WORDS:
            continue
        if not any(c.isalpha() for line in paragraph.lines for c in line.text):
            continue
        ratio = paragraph.size / sizes.usual
        if ratio >= _TITLE and not titled and paragraph.size >= 0.95 * largest and paragraph.box.top < _UPPER * height:
            paragraph.kind = "TITLE"
            titled = True
        elif ratio >= sizes.larger or (
            not paragraph.lines[-1].text.endswith((".", ",", ";")) and _stands_out(found, i, sizes)
        ):
            paragraph.kind = "SECTION_HEADER"


def _stands_out(found: Sequence[Paragraph], at: int, sizes: Sizes) -> bool:
    """Whether a short paragraph is set apart from the text that follows it: bold, in capitals, or numbered."""
    paragraph = found[at]
    if paragraph.lines[-1].text.endswith((".", ",", ";")):
        return False
    after = found[at + 1] if at + 1 < len(found) else None
    follows = after is not None and after.box.top > paragraph.box.top and after.bold < paragraph.bold
    if paragraph.bold and not sizes.bold:
        return True
    text = paragraph.lines[0].text
    capitals = text.isupper() and sum(c.isalpha() for c in text) > 3 and len(paragraph.lines) == 1
    numbered = bool(_NUMBERED.match(text)) and not paragraph.marked and len(paragraph.lines) == 1
    longer = after is not None and after.words > 2 * paragraph.words and not after.lines[0].text.isupper()
    return (capitals or numbered) and (follows or longer)


def lists(found: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs, with items that follow each other as lists."""
    groups: list[list[Paragraph]] = []
    for paragraph in found:
        item = paragraph.marked and paragraph.kind == "TEXT"
        if item and groups and groups[-1][-1].marked and _next_item(groups[-1][-1], paragraph):
            groups[-1].append(paragraph)
        else:
            groups.append([paragraph])
    return [_list(group) if len(group) > 1 else group[0] for group in groups]


def _list(items: list[Paragraph]) -> Paragraph:
    lines = [line for item in items for line in item.lines]
    return Paragraph(lines, items[0].size, False, True, "LIST", items)


def _next_item(before: Paragraph, item: Paragraph) -> bool:
    height = item.lines[0].height
    if before.kind != "TEXT":
        return False
    space = item.box.top - before.box.bottom
    return -height < space < 2.0 * height and abs(item.box.left - before.box.left) < 6 * height
