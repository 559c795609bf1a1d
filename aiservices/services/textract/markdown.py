"""A page as Markdown: by its layout where the service told it, else by where its lines stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from statistics import median

from .blocks import Page
from .table import Table
from .words import Element, Line

_BULLET = re.compile(r"(?:[-*+•◦▪●‣–]|\(?(?P<number>\d{1,3}|[A-Za-z])[.)])\s+")
_MARKS = re.compile(r"(#{1,6}\s|>|[-+*]\s|=+$|\d+[.)]\s|```|~~~)")
"""What begins something else than a paragraph."""
_HEADINGS = {"LAYOUT_TITLE": "# ", "LAYOUT_SECTION_HEADER": "## "}
_APART = 1.0  # of a line's height; a wider gap below it ends a paragraph
_LARGE = 1.6  # times the height of the page's lines: a heading


def markdown(page: Page) -> str:
    """The page's text; every table stands once, where its first line was."""
    flow = _Flow(page)
    parts = [part for element in page.layout for part in flow.element(element)]
    return "\n\n".join([*parts, *flow.rest()])


class _Flow:
    """What of the page has not been told yet."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._tables = {
            word.raw.get("Id"): table for table in page.tables for cell in table.cells for word in cell.words
        }
        self._told_tables: set[int] = set()
        self._told_lines: set[int] = set()

    def element(self, element: Element) -> Iterator[str]:
        """A part of the layout."""
        parts = self._parts(element.lines)
        if element.kind == "LAYOUT_LIST":
            yield _list(element)
        for part in parts:
            if isinstance(part, Table):
                yield part.to_markdown()
            elif element.kind == "LAYOUT_LIST":
                continue
            elif element.kind in _HEADINGS:
                yield _HEADINGS[element.kind] + " ".join(line.text for line in part)
            elif element.kind == "LAYOUT_KEY_VALUE":
                yield "  \n".join(_rows(part))
            else:
                yield "\n".join(_rows(part))

    def rest(self) -> Iterator[str]:
        """The lines that are in no part of the layout, and the tables without a line."""
        normal = median([line.box.height for line in self._page.lines]) if self._page.lines else 0.0
        for part in self._parts(self._page.lines):
            if isinstance(part, Table):
                yield part.to_markdown()
            else:
                yield from _paragraphs(part, normal)
        for table in self._page.tables:
            if id(table) not in self._told_tables:
                yield table.to_markdown()

    def _parts(self, lines: Iterable[Line]) -> list[list[Line] | Table]:
        """The lines that have not been told, and in the place of those of a table the table."""
        parts: list[list[Line] | Table] = []
        for line in lines:
            key = id(line.raw)
            if key in self._told_lines:
                continue
            self._told_lines.add(key)
            names = [word.raw.get("Id") for word in line.words]
            table = next((self._tables[name] for name in names if name in self._tables), None)
            if table is None:
                if not parts or isinstance(parts[-1], Table):
                    parts.append([])
                parts[-1].append(line)  # type: ignore[union-attr]  # the line above made it a list
            elif id(table) not in self._told_tables:
                self._told_tables.add(id(table))
                parts.append(table)
        return parts


def _list(element: Element) -> str:
    items = [" ".join(line.text for line in item.lines) for item in element.items]
    return "\n".join(map(_item, filter(None, items or [line.text for line in element.lines])))


def _item(text: str) -> str:
    """A list's item with Markdown's own bullet; a number stays."""
    bullet = _BULLET.match(text)
    if bullet is None:
        return f"- {text}"
    rest = text[bullet.end() :]
    number = bullet["number"]
    return f"{number}. {rest}" if number and number.isdecimal() else f"- {text if number else rest}"


def _paragraphs(lines: list[Line], normal: float) -> Iterator[str]:
    """Lines that stand close together, an empty line where there is room between them; large ones are headings."""
    block: list[Line] = []
    before: Line | None = None
    for line in lines:
        gap = line.box.top - (before.box.top + before.box.height) if before else 0.0
        large = bool(normal) and line.box.height > _LARGE * normal
        if block and (large or gap > _APART * normal or gap < -2 * _APART * normal):
            yield "\n".join(_rows(block))
            block = []
        if large:
            yield f"## {line.text}"
        else:
            block.append(line)
        before = line
    if block:
        yield "\n".join(_rows(block))


def _rows(lines: Iterable[Line]) -> list[str]:
    """The texts; lines that stand beside each other on one height are one."""
    rows: list[str] = []
    before: Line | None = None
    for line in lines:
        if before and abs(line.box.top - before.box.top) < line.box.height / 2 and line.box.left > before.box.left:
            rows[-1] = f"{rows[-1]} {line.text}"
        else:
            rows.append(_escaped(line.text))
        before = line
    return rows


def _escaped(text: str) -> str:
    """A line that begins like a heading or a list, as the text that it is."""
    mark = _MARKS.match(text)
    if mark is None:
        return text
    return text.replace(". ", "\\. ", 1).replace(") ", "\\) ", 1) if mark[0][0].isdecimal() else f"\\{text}"
