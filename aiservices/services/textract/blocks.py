"""Follows the relationships between Textract's blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...errors import InvalidCallError
from .queries import Answer
from .table import Cell, Table
from .words import Block, Box, Checkbox, Element, Line, Pair, Signature, Word

# The names on the left are AWS's; those on the right stand in answers that were stored before it had them.
_TITLES, _FOOTERS = ("TABLE_TITLE", "TITLE"), ("TABLE_FOOTER", "FOOTER")
_TODAY = {"TITLE": "TABLE_TITLE", "FOOTER": "TABLE_FOOTER", "SECTION_TITLE": "TABLE_SECTION_TITLE"}
_MOST_PLACES = 10_000  # rows or columns of a table: a stored answer may say anything


@dataclass(frozen=True, slots=True)
class Page:
    """A page's part of a document."""

    number: int
    lines: tuple[Line, ...] = field(repr=False)
    tables: tuple[Table, ...] = field(repr=False)
    pairs: tuple[Pair, ...] = field(repr=False)
    layout: tuple[Element, ...] = field(repr=False)
    """Its parts in reading order, where LAYOUT was asked for."""

    @property
    def text(self) -> str:
        """A line of text per line."""
        return "\n".join(line.text for line in self.lines)

    @property
    def words(self) -> tuple[Word, ...]:
        """In the order of the lines."""
        return tuple(word for line in self.lines for word in line.words)


class BlockReader:
    """Follows the relationships between blocks. Stored answers lack members or have null for them: neither hurts."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = list(blocks)
        self._by_id = {block["Id"]: block for block in self._blocks if isinstance(block.get("Id"), str)}
        self._by_page: dict[int, list[Block]] = {}
        for block in self._blocks:
            self._by_page.setdefault(page_of(block), []).append(block)
        self.numbers = set(self._by_page)

    def page(self, number: int) -> Page:
        """What stands on one page."""
        blocks = self._by_page.get(number, [])
        parts = [block for block in blocks if str(block["BlockType"]).startswith("LAYOUT_")]
        inner = {child.get("Id") for part in parts for child in self._related(part, "CHILD")}
        return Page(
            number,
            tuple(self._line(block) for block in blocks if block["BlockType"] == "LINE"),
            tuple(self._table(block) for block in blocks if block["BlockType"] == "TABLE"),
            tuple(self._pair(block) for block in blocks if is_key(block)),
            tuple(self._element(part) for part in parts if part.get("Id") not in inner),
        )

    def checkboxes(self) -> Iterator[Checkbox]:
        """Every selection element, with the label of the key that leads to it."""
        labels: dict[str, str] = {}
        for block in self._blocks:
            if is_key(block):
                for value in self._related(block, "VALUE"):
                    for child in self._related(value, "CHILD"):
                        labels[child["Id"]] = _label(self._text(block))
        for block in self._kind("SELECTION_ELEMENT"):
            label = labels.get(str(block.get("Id")), "")
            yield Checkbox(label, _selected(block), sure(block), box(block), page_of(block), block)

    def signatures(self) -> Iterator[Signature]:
        """Every signature."""
        for block in self._kind("SIGNATURE"):
            yield Signature(sure(block), box(block), page_of(block), block)

    def answers(self) -> Iterator[Answer]:
        """Every answer to a query; one without text for a query that nothing answers."""
        for block in self._kind("QUERY"):
            query: Mapping[str, Any] = block.get("Query") or {}
            question, alias = str(query.get("Text") or ""), query.get("Alias") or None
            found = self._related(block, "ANSWER")
            for one in found:
                place = box(one) if one.get("Geometry") else None
                text = str(one.get("Text") or "")
                yield Answer(question, alias, text, sure(one), page_of(block), place, (block, one))
            if not found:
                yield Answer(question, alias, "", None, page_of(block), None, (block, None))

    def _kind(self, kind: str) -> Iterator[Block]:
        return (block for block in self._blocks if block["BlockType"] == kind)

    def _related(self, block: Block, *kinds: str) -> list[Block]:
        return [
            self._by_id[id]
            for relation in block.get("Relationships") or ()
            if relation.get("Type") in kinds
            for id in relation.get("Ids") or ()
            if id in self._by_id
        ]

    def _text(self, block: Block) -> str:
        """The words of a block; ticks in words."""
        parts = []
        for child in self._related(block, "CHILD"):
            if child["BlockType"] == "WORD":
                parts.append(str(child.get("Text") or ""))
            elif child["BlockType"] == "SELECTION_ELEMENT":
                parts.append("selected" if _selected(child) else "not selected")
        return " ".join(parts)

    def _line(self, block: Block) -> Line:
        words = self._words(block)
        text = str(block.get("Text") or "") or " ".join(word.text for word in words)
        return Line(text, sure(block), box(block), page_of(block), words, block)

    def _words(self, block: Block) -> tuple[Word, ...]:
        return tuple(
            Word(str(child.get("Text") or ""), sure(child), box(child), page_of(child), child)
            for child in self._related(block, "CHILD")
            if child["BlockType"] == "WORD"
        )

    def _pair(self, key: Block) -> Pair:
        value = next(iter(self._related(key, "VALUE")), None)
        ticks = [c for c in self._related(value, "CHILD") if c["BlockType"] == "SELECTION_ELEMENT"] if value else []
        return Pair(
            _label(self._text(key)),
            self._text(value) if value else "",
            _selected(ticks[0]) if ticks else None,
            min(sure(block) for block in (key, value) if block is not None),
            page_of(key),
            (key, value),
        )

    def _element(self, block: Block) -> Element:
        """A part of the layout. A list's parts are elements themselves, but have none of their own."""
        children = self._related(block, "CHILD")
        parts = [child for child in children if str(child["BlockType"]).startswith("LAYOUT_")]
        items = tuple(self._leaf(part, self._related(part, "CHILD"), ()) for part in parts)
        return self._leaf(block, children, items)

    def _leaf(self, block: Block, children: Iterable[Block], items: tuple[Element, ...]) -> Element:
        lines = tuple(self._line(child) for child in children if child["BlockType"] == "LINE")
        lines += tuple(line for item in items for line in item.lines)
        return Element(str(block["BlockType"]), lines, items, sure(block), box(block), page_of(block), block)

    def _table(self, block: Block) -> Table:
        cells = [child for child in self._related(block, "CHILD") if child["BlockType"] == "CELL"]
        merged_cells = self._related(block, "MERGED_CELL")
        hidden = {child["Id"] for one in merged_cells for child in self._related(one, "CHILD")}
        found = [self._cell(cell, [cell]) for cell in cells if cell["Id"] not in hidden]
        found += [self._cell(one, self._related(one, "CHILD")) for one in merged_cells]
        found.sort(key=lambda cell: (cell.row, cell.column))
        for cell in found:
            if max(cell.row + cell.row_span, cell.column + cell.column_span) > _MOST_PLACES:
                raise InvalidCallError(
                    f"a table on page {page_of(block)} has a cell at row {cell.row + 1}, column {cell.column + 1} over "
                    f"{cell.row_span} x {cell.column_span} places; tables have at most {_MOST_PLACES} rows and columns"
                )
        title = " ".join(filter(None, (self._text(one) for one in self._related(block, *_TITLES))))
        footers = tuple(filter(None, (self._text(one) for one in self._related(block, *_FOOTERS))))
        return Table(tuple(found), page_of(block), sure(block), box(block), title, footers, block)

    def _cell(self, block: Block, parts: Sequence[Block]) -> Cell:
        texts = (self._text(part) for part in parts)
        kinds = [str(kind) for one in (block, *parts) for kind in one.get("EntityTypes") or ()]
        return Cell(
            " ".join(filter(None, texts)),
            _count(block.get("RowIndex")) - 1,
            _count(block.get("ColumnIndex")) - 1,
            _count(block.get("RowSpan")),
            _count(block.get("ColumnSpan")),
            tuple(dict.fromkeys(_TODAY.get(kind, kind) for kind in kinds)),
            sure(block),
            box(block),
            tuple(word for part in parts for word in self._words(part)),
            block,
        )


def sure(detection: Mapping[str, Any]) -> float:
    """AWS's confidence as 0..1; 0 where none is told."""
    return round(_number(detection.get("Confidence")) / 100, 8)


def box(detection: Mapping[str, Any]) -> Box:
    """Where a detection stands; empty where that is not told."""
    found = (detection.get("Geometry") or {}).get("BoundingBox") or {}
    return Box(*(_number(found.get(name)) for name in ("Left", "Top", "Width", "Height")))


def corners(detection: Mapping[str, Any]) -> list[tuple[float, float]]:
    """The four corners, clockwise from the one where the text begins; of the box, where no polygon is told."""
    polygon = (detection.get("Geometry") or {}).get("Polygon") or ()
    found = [(_number(point.get("X")), _number(point.get("Y"))) for point in polygon]
    if len(found) == 4:
        return found
    place = box(detection)
    left, top, width, height = place.left, place.top, place.width, place.height
    return [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 1


def page_of(block: Block) -> int:
    """The page's number; a single page's blocks need not have it."""
    return _count(block.get("Page"))


def is_key(block: Block) -> bool:
    """Whether it is the key of a pair."""
    return block["BlockType"] in ("KEY_VALUE_SET", "KEY") and "KEY" in (block.get("EntityTypes") or ())


def _selected(block: Block) -> bool:
    return bool(block.get("SelectionStatus") == "SELECTED")


def _label(text: str) -> str:
    return text.rstrip(" :：")
