"""What stands on a page: words, lines, tables, fields, in plain values.

Coordinates are the page's own (points or pixels) with the origin at the top left and y growing downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Turn = Literal[0, 1, 2, 3]
"""Clockwise quarter turns of a text: 1 reads from top to bottom."""
TURNS: tuple[Turn, Turn, Turn, Turn] = (0, 1, 2, 3)


class Box(NamedTuple):
    """A rectangle along the axes."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def center(self) -> tuple[float, float]:
        """The point in the middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether the point lies inside."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom

    def overlap(self, other: Box) -> float:
        """The area that both share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height if width > 0 and height > 0 else 0.0

    def grown(self, by: float) -> Box:
        """The rectangle with a margin around it; inside it when `by` is negative."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


def union(boxes: Iterable[Box]) -> Box:
    """The smallest rectangle around them all; there must be one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


@dataclass(slots=True, eq=False)
class Word:
    """A word; compared by identity, for the same text may stand twice."""

    text: str
    box: Box
    """Around the ink."""
    confidence: float = 1.0
    """0..1; a text layer is sure."""
    band: tuple[float, float] = (0.0, 0.0)
    """Top and bottom of the line it stands on, by its font: the same for `a` and `A`."""
    bold: bool = False
    handwritten: bool = False

    def __post_init__(self) -> None:
        if self.band == (0.0, 0.0):
            self.band = (self.box.top, self.box.bottom)


@dataclass(slots=True, eq=False)
class Line:
    """Words that stand side by side without a wide gap."""

    words: list[Word]
    box: Box
    band: tuple[float, float]
    turn: Turn = 0

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def height(self) -> float:
        """Of the line by its fonts."""
        return self.band[1] - self.band[0]

    def words_at(self, start: int, end: int) -> list[Word]:
        """The words that some of the text's characters are of."""
        found, at = [], 0
        for word in self.words:
            if start < at + len(word.text) and at < end:
                found.append(word)
            at += len(word.text) + 1
        return found


def line_of(words: Sequence[Word]) -> Line:
    """A line of these words, which are in reading order."""
    return Line(
        list(words),
        union(word.box for word in words),
        (min(word.band[0] for word in words), max(word.band[1] for word in words)),
    )


class Rule(NamedTuple):
    """A drawn line along an axis: at y (or x) `at`, from `start` to `end`."""

    at: float
    start: float
    end: float


@dataclass(slots=True, eq=False)
class Selection:
    """A checkbox or radio button."""

    box: Box
    selected: bool
    confidence: float = 1.0


@dataclass(slots=True, eq=False)
class Signature:
    """Where somebody signed."""

    box: Box
    confidence: float


Role = Literal["", "COLUMN_HEADER", "TABLE_TITLE", "TABLE_SECTION_TITLE", "TABLE_SUMMARY", "TABLE_FOOTER"]
"""What a cell is for, in AWS's words; empty: it holds data."""


@dataclass(slots=True, eq=False)
class Cell:
    """A cell of a table; row and column count from 0."""

    row: int
    column: int
    box: Box
    words: list[Word] = field(default_factory=list)
    selections: list[Selection] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    role: Role = ""

    @property
    def header(self) -> bool:
        """Whether it names its column."""
        return self.role == "COLUMN_HEADER"

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)


class Span(NamedTuple):
    """A merged cell: the first row and column, and how many of each."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(slots=True, eq=False)
class Table:
    """A grid of cells, row by row; merged ones are named in `spans` and each of their parts has its own words."""

    box: Box
    rows: int
    columns: int
    cells: list[Cell]
    spans: list[Span]
    confidence: float
    ruled: bool
    """Drawn with lines; False: found by how its columns line up."""
    title: list[Line] = field(default_factory=list)
    """What stands above the table and names it."""
    footers: list[list[Line]] = field(default_factory=list)
    """Notes under the table, each of one or more lines."""

    def cell(self, row: int, column: int) -> Cell:
        """The cell at a place."""
        return self.cells[row * self.columns + column]


@dataclass(slots=True, eq=False)
class Field:
    """A key and its value: words, or a checkbox; an empty value has neither."""

    key: list[Word]
    value: list[Word]
    selection: Selection | None
    key_box: Box
    value_box: Box
    """Where the value is, or would be."""
    confidence: float
    signature: Signature | None = None


Kind = Literal[
    "TITLE", "HEADER", "FOOTER", "SECTION_HEADER", "PAGE_NUMBER", "LIST", "FIGURE", "TABLE", "KEY_VALUE", "TEXT"
]


@dataclass(slots=True, eq=False)
class Region:
    """A part of a page by what it is for: lines that are a paragraph, a heading, a table ..."""

    kind: Kind
    box: Box
    lines: list[Line]
    """In reading order; of a figure those that stand in it."""
    parts: list[Region] = field(default_factory=list)
    """Of a list, its items."""
    confidence: float = 1.0


@dataclass(slots=True)
class Sheet:
    """A page as it was read, before its words are put into lines."""

    width: float
    height: float
    runs: list[list[Word]] = field(default_factory=list)
    """Words that followed each other in the source without a wide gap."""
    turned: list[tuple[Turn, list[Word]]] = field(default_factory=list)
    """Runs whose text does not stand upright."""
    across: list[Rule] = field(default_factory=list)
    """Horizontal rules: `at` is y."""
    down: list[Rule] = field(default_factory=list)
    """Vertical rules: `at` is x."""
    selections: list[Selection] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    """Photographs, drawings and charts."""
    signatures: list[Signature] = field(default_factory=list)
    angle: float = 0.0
    """Degrees by which the picture is turned clockwise against this upright frame."""
    turn: Turn = 0
    """Quarter turns by which it is turned besides."""
    engine: str = "pdf text layer"


@dataclass(slots=True)
class Page:
    """A page, read."""

    number: int
    width: float
    height: float
    lines: list[Line]
    tables: list[Table]
    fields: list[Field]
    selections: list[Selection]
    angle: float
    """Degrees by which the picture is turned clockwise against these upright coordinates ..."""
    turn: Turn
    """... and, after that, its clockwise quarter turns."""
    engine: str
    signatures: list[Signature] = field(default_factory=list)
    layout: list[Region] = field(default_factory=list)
    """In reading order."""

    @property
    def words(self) -> list[Word]:
        """In reading order."""
        return [word for line in self.lines for word in line.words]

    @property
    def text(self) -> str:
        """A line of text per line."""
        return "\n".join(line.text for line in self.lines)
