"""Pages as Textract's blocks: a flat list whose members name each other by id."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

from aiservices_mocks.engines.documents import Box, Cell, Field, Line, Page, Selection, Span, Table, Turn, Word

Block = dict[str, Any]


def blocks(pages: Iterable[Page], seed: int, source: str) -> list[Block]:
    """The blocks of all pages. Ids follow from the seed and the source, a digest of the document."""
    digest = blake2b(f"{seed}|{source}".encode(), digest_size=16).digest()
    ids = random.Random(int.from_bytes(digest, "big"))
    return [block for page in pages for block in _PageBlocks(page, ids).all()]


def digest(data: bytes, features: Iterable[str]) -> str:
    """The source of a document that is read for these features."""
    return f"{blake2b(data, digest_size=16).hexdigest()}|{','.join(sorted(set(features)))}"


def geometry(page: Page, box: Box) -> dict[str, Any]:
    """Where a box is on the picture of its page."""
    return _Place(page).geometry(box, 0)


class _PageBlocks:
    """Builds one page's blocks in AWS's order: page, lines, words, tables, fields, checkboxes."""

    def __init__(self, page: Page, ids: random.Random) -> None:
        self.page = page
        self._bits = ids.getrandbits
        self._place = _Place(page)
        self._word_ids: dict[int, str] = {}
        self._selection_ids: dict[int, str] = {}

    def all(self) -> list[Block]:
        """The page block first."""
        page = self.page
        whole = self._block("PAGE", Box(0.0, 0.0, page.width, page.height), None)
        lines = [self._line(line) for line in page.lines]
        words = [self._word(word, line.turn) for line in page.lines for word in line.words]
        selections = [self._selection(selection) for selection in page.selections]
        tables = [table for table in page.tables if table.cells]
        grids = [self._table(table) for table in tables]
        pairs = [self._field(field) for field in page.fields]
        children = [*lines, *(grid[0] for grid in grids), *(block for pair in pairs for block in pair)]
        if children:
            whole["Relationships"] = [{"Type": "CHILD", "Ids": [block["Id"] for block in children]}]
        cells = [block for grid in grids for block in grid]
        return [whole, *lines, *words, *cells, *(block for pair in pairs for block in pair), *selections]

    def _id(self) -> str:
        text = f"{self._bits(128):032x}"
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{'89ab'[int(text[16], 16) & 3]}{text[17:20]}-{text[20:]}"

    def _block(self, kind: str, box: Box, confidence: float | None, turn: Turn = 0, id: str | None = None) -> Block:
        block: Block = {"BlockType": kind}
        if confidence is not None:
            block["Confidence"] = round(100.0 * confidence, 6)
        block["Geometry"] = self._place.geometry(box, turn)
        block["Id"] = id or self._id()
        block["Page"] = self.page.number
        return block

    def _line(self, line: Line) -> Block:
        for word in line.words:
            self._word_ids[id(word)] = self._id()
        confidence = sum(word.confidence for word in line.words) / len(line.words)
        block = self._block("LINE", line.box, confidence, line.turn)
        block["Text"] = line.text
        block["Relationships"] = self._children(line.words)
        return block

    def _word(self, word: Word, turn: Turn) -> Block:
        block = self._block("WORD", word.box, word.confidence, turn, self._word_ids[id(word)])
        block["Text"] = word.text
        block["TextType"] = "PRINTED"
        return block

    def _selection(self, selection: Selection) -> Block:
        block = self._block("SELECTION_ELEMENT", selection.box, selection.confidence)
        block["SelectionStatus"] = "SELECTED" if selection.selected else "NOT_SELECTED"
        self._selection_ids[id(selection)] = block["Id"]
        return block

    def _children(self, words: Sequence[Word], selections: Sequence[Selection] = ()) -> list[dict[str, Any]]:
        ids = [self._word_ids[id(word)] for word in words if id(word) in self._word_ids]
        ids += [self._selection_ids[id(selection)] for selection in selections]
        return [{"Type": "CHILD", "Ids": ids}] if ids else []

    def _table(self, table: Table) -> list[Block]:
        cells = [self._cell(cell, table) for cell in table.cells]
        merged = [self._merged(span, table, cells) for span in table.spans]
        block = self._block("TABLE", table.box, table.confidence)
        block["Relationships"] = [{"Type": "CHILD", "Ids": [cell["Id"] for cell in cells]}]
        if merged:
            block["Relationships"].append({"Type": "MERGED_CELL", "Ids": [cell["Id"] for cell in merged]})
        structured = any(cell.header for cell in table.cells)
        block["EntityTypes"] = ["STRUCTURED_TABLE" if structured else "SEMI_STRUCTURED_TABLE"]
        return [block, *cells, *merged]

    def _cell(self, cell: Cell, table: Table) -> Block:
        block = self._block("CELL", cell.box, _sure(cell.words, table.confidence))
        block.update(RowIndex=cell.row + 1, ColumnIndex=cell.column + 1, RowSpan=1, ColumnSpan=1)
        children = self._children(cell.words, cell.selections)
        if children:
            block["Relationships"] = children
        if cell.header:
            block["EntityTypes"] = ["COLUMN_HEADER"]
        return block

    def _merged(self, span: Span, table: Table, cells: Sequence[Block]) -> Block:
        places = [
            row * table.columns + column
            for row in range(span.row, span.row + span.rows)
            for column in range(span.column, span.column + span.columns)
        ]
        first, last = table.cells[places[0]].box, table.cells[places[-1]].box
        box = Box(first.left, first.top, last.right, last.bottom)
        block = self._block("MERGED_CELL", box, table.confidence)
        block.update(RowIndex=span.row + 1, ColumnIndex=span.column + 1, RowSpan=span.rows, ColumnSpan=span.columns)
        block["Relationships"] = [{"Type": "CHILD", "Ids": [cells[place]["Id"] for place in places]}]
        if all(table.cells[place].header for place in places):
            block["EntityTypes"] = ["COLUMN_HEADER"]
        return block

    def _field(self, field: Field) -> tuple[Block, Block]:
        key = self._block("KEY_VALUE_SET", field.key_box, field.confidence)
        value = self._block("KEY_VALUE_SET", field.value_box, field.confidence)
        key["Relationships"] = [{"Type": "VALUE", "Ids": [value["Id"]]}, *self._children(field.key)]
        key["EntityTypes"] = ["KEY"]
        children = self._children(field.value, [field.selection] if field.selection else [])
        if children:
            value["Relationships"] = children
        value["EntityTypes"] = ["VALUE"]
        return key, value


def _sure(words: Sequence[Word], confidence: float) -> float:
    return min([confidence, *(word.confidence for word in words)])


class _Place:
    """From a page's upright coordinates to ratios of the picture as it was given."""

    def __init__(self, page: Page) -> None:
        self.width, self.height = page.width, page.height
        self.angle, self.turn = page.angle, page.turn
        self._cos, self._sin = math.cos(math.radians(page.angle)), math.sin(math.radians(page.angle))

    def geometry(self, box: Box, turn: Turn) -> dict[str, Any]:
        """Bounding box and polygon; the polygon begins where the text begins."""
        if self.angle or self.turn:
            corners = [
                self._point(x, y)
                for x, y in (
                    (box.left, box.top),
                    (box.right, box.top),
                    (box.right, box.bottom),
                    (box.left, box.bottom),
                )
            ]
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            return _geometry(min(xs), min(ys), max(xs), max(ys), corners, turn)
        left, top = round(box.left / self.width, 6), round(box.top / self.height, 6)
        right, bottom = round(box.right / self.width, 6), round(box.bottom / self.height, 6)
        return _geometry(left, top, right, bottom, ((left, top), (right, top), (right, bottom), (left, bottom)), turn)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        if self.angle:
            center_x, center_y = self.width / 2, self.height / 2
            dx, dy = x - center_x, y - center_y
            x, y = center_x + dx * self._cos - dy * self._sin, center_y + dx * self._sin + dy * self._cos
        x, y = x / self.width, y / self.height
        for _ in range(self.turn):
            x, y = 1 - y, x
        return round(min(max(x, 0.0), 1.0), 6), round(min(max(y, 0.0), 1.0), 6)


def _geometry(
    left: float, top: float, right: float, bottom: float, corners: Sequence[tuple[float, float]], turn: Turn
) -> dict[str, Any]:
    if turn:
        corners = [corners[(i + turn) % 4] for i in range(4)]
    return {
        "BoundingBox": {
            "Width": round(right - left, 6),
            "Height": round(bottom - top, 6),
            "Left": left,
            "Top": top,
        },
        "Polygon": [{"X": x, "Y": y} for x, y in corners],
    }
