"""Follows the relationships between Textract's blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .table import Cell, Table
from .words import Block, Box, Checkbox, Line, Pair, Word


@dataclass(frozen=True, slots=True)
class Page:
    """A page's part of a document."""

    number: int
    lines: tuple[Line, ...] = field(repr=False)
    tables: tuple[Table, ...] = field(repr=False)
    pairs: tuple[Pair, ...] = field(repr=False)

    @property
    def text(self) -> str:
        """A line of text per line."""
        return "\n".join(line.text for line in self.lines)

    @property
    def words(self) -> tuple[Word, ...]:
        """In the order of the lines."""
        return tuple(word for line in self.lines for word in line.words)


class BlockReader:
    """Follows the relationships between blocks."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = list(blocks)
        self._by_id = {block["Id"]: block for block in self._blocks if "Id" in block}
        self._by_page: dict[int, list[Block]] = {}
        for block in self._blocks:
            self._by_page.setdefault(_page(block), []).append(block)
        self.numbers = set(self._by_page)

    def page(self, number: int) -> Page:
        """One page's lines, tables and pairs."""
        blocks = self._by_page.get(number, [])
        return Page(
            number,
            tuple(self._line(block) for block in blocks if block["BlockType"] == "LINE"),
            tuple(self._table(block) for block in blocks if block["BlockType"] == "TABLE"),
            tuple(self._pair(block) for block in blocks if _is_key(block)),
        )

    def checkboxes(self) -> Iterator[Checkbox]:
        """Every selection element, with the label of the key that leads to it."""
        labels: dict[str, str] = {}
        for block in self._blocks:
            if _is_key(block):
                for value in self._related(block, "VALUE"):
                    for child in self._related(value, "CHILD"):
                        labels[child["Id"]] = _label(self._text(block))
        for block in self._blocks:
            if block["BlockType"] == "SELECTION_ELEMENT":
                yield Checkbox(
                    labels.get(block["Id"], ""), _selected(block), _sure(block), _box(block), _page(block), block
                )

    def _related(self, block: Block, kind: str) -> list[Block]:
        return [
            self._by_id[id]
            for relation in block.get("Relationships") or ()
            if relation["Type"] == kind
            for id in relation["Ids"]
            if id in self._by_id
        ]

    def _text(self, block: Block) -> str:
        """The words of a block; ticks in words."""
        parts = []
        for child in self._related(block, "CHILD"):
            if child["BlockType"] == "WORD":
                parts.append(child["Text"])
            elif child["BlockType"] == "SELECTION_ELEMENT":
                parts.append("selected" if _selected(child) else "not selected")
        return " ".join(parts)

    def _line(self, block: Block) -> Line:
        return Line(block.get("Text", ""), _sure(block), _box(block), _page(block), self._words(block), block)

    def _words(self, block: Block) -> tuple[Word, ...]:
        return tuple(
            Word(child["Text"], _sure(child), _box(child), _page(child), child)
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
            min(_sure(block) for block in (key, value) if block is not None),
            _page(key),
            (key, value),
        )

    def _table(self, block: Block) -> Table:
        cells = [child for child in self._related(block, "CHILD") if child["BlockType"] == "CELL"]
        merged_cells = self._related(block, "MERGED_CELL")
        hidden = {child["Id"] for one in merged_cells for child in self._related(one, "CHILD")}
        found = [self._cell(cell, [cell]) for cell in cells if cell["Id"] not in hidden]
        found += [self._cell(one, self._related(one, "CHILD")) for one in merged_cells]
        found.sort(key=lambda cell: (cell.row, cell.column))
        return Table(tuple(found), _page(block), _sure(block), _box(block), block)

    def _cell(self, block: Block, parts: Sequence[Block]) -> Cell:
        texts = (self._text(part) for part in parts)
        return Cell(
            " ".join(filter(None, texts)),
            block["RowIndex"] - 1,
            block["ColumnIndex"] - 1,
            block.get("RowSpan", 1),
            block.get("ColumnSpan", 1),
            any("COLUMN_HEADER" in (one.get("EntityTypes") or ()) for one in (block, *parts)),
            _sure(block),
            _box(block),
            tuple(word for part in parts for word in self._words(part)),
            block,
        )


def _page(block: Block) -> int:
    return int(block.get("Page") or 1)


def _is_key(block: Block) -> bool:
    return block["BlockType"] == "KEY_VALUE_SET" and "KEY" in (block.get("EntityTypes") or ())


def _selected(block: Block) -> bool:
    return bool(block.get("SelectionStatus") == "SELECTED")


def _sure(block: Block) -> float:
    return round(float(block.get("Confidence", 0.0)) / 100, 8)


def _box(block: Block) -> Box:
    box = block.get("Geometry", {}).get("BoundingBox", {})
    return Box(box.get("Left", 0.0), box.get("Top", 0.0), box.get("Width", 0.0), box.get("Height", 0.0))


def _label(text: str) -> str:
    return text.rstrip(" :：")
