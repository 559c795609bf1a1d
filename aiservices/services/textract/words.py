"""What stands on a document's pages: words, lines, checkboxes, signatures, pairs of a form, parts of the layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Block = Mapping[str, Any]
"""AWS's own record."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands, as ratios of the page's width and height."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word."""

    text: str
    confidence: float
    """0..1."""
    box: Box
    page: int
    raw: Block = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text."""

    text: str
    confidence: float
    """0..1."""
    box: Box
    page: int
    words: tuple[Word, ...] = field(repr=False)
    raw: Block = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Checkbox:
    """A box to tick, with the text beside it where a form has one."""

    label: str
    selected: bool
    confidence: float
    """0..1."""
    box: Box
    page: int
    raw: Block = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Pair:
    """A key of a form and its value."""

    key: str
    value: str
    """`True`-like words for checkboxes: `selected`, `not selected`."""
    selected: bool | None
    """Whether the value is a ticked box; None when it is text."""
    confidence: float
    """0..1."""
    page: int
    raw: tuple[Block, Block | None] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Signature:
    """Where somebody signed."""

    confidence: float
    """0..1."""
    box: Box
    page: int
    raw: Block = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a page's layout: a title, a paragraph, a list, a table's or a picture's place."""

    kind: str
    """AWS's name: LAYOUT_TITLE, LAYOUT_SECTION_HEADER, LAYOUT_TEXT, LAYOUT_LIST, LAYOUT_TABLE ..."""
    lines: tuple[Line, ...] = field(repr=False)
    """Of a list, those of its items."""
    items: tuple[Element, ...] = field(repr=False)
    """Of a list, its parts."""
    confidence: float
    """0..1."""
    box: Box
    page: int
    raw: Block = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """A line of text per line."""
        return "\n".join(line.text for line in self.lines)
