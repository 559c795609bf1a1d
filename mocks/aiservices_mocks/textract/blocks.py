"""Pages as Textract's blocks: a flat list whose members name each other by id."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, NamedTuple

from aiservices_mocks.engines.documents import (
    Box,
    Cell,
    Field,
    Line,
    Page,
    Region,
    Selection,
    Signature,
    Span,
    Table,
    Turn,
    Word,
)
from aiservices_mocks.engines.documents.layout import union

from .geometry import Place

Block = dict[str, Any]


class Answer(NamedTuple):
    """What answers a question: a text and where it stands on its page."""

    text: str
    box: Box
    confidence: float
    """0..1."""


class Asked(NamedTuple):
    """A question that was asked of a page, as the request has it, and what answers it there."""

    query: Mapping[str, Any]
    answers: Sequence[Answer]


Asks = Mapping[int, Sequence[Asked]]
"""The questions by number of page."""
_NONE: Asks = MappingProxyType({})


def blocks(pages: Iterable[Page], seed: int, source: str, queries: Asks = _NONE) -> list[Block]:
    """The blocks of all pages. Ids follow from the seed and the source, a digest of the document."""
    digest = blake2b(f"{seed}|{source}".encode(), digest_size=16).digest()
    ids = random.Random(int.from_bytes(digest, "big"))
    return [block for page in pages for block in _PageBlocks(page, ids).all(queries.get(page.number, ()))]


def digest(data: bytes, features: Iterable[str]) -> str:
    """The source of a document that is read for these features."""
    return f"{blake2b(data, digest_size=16).hexdigest()}|{','.join(sorted(set(features)))}"


def geometry(page: Page, box: Box) -> dict[str, Any]:
    """Where a box is on the picture of its page."""
    return Place(page).geometry(box, 0)


class _PageBlocks:
    """Builds one page's blocks in AWS's order: text, ticks, tables, fields, queries, signatures, layout."""

    def __init__(self, page: Page, ids: random.Random) -> None:
        self.page = page
        self._bits = ids.getrandbits
        self._place = Place(page)
        self._ids: dict[int, str] = {}
        """Of lines, words, checkboxes and signatures, by the identity of what they show."""

    def all(self, asked: Sequence[Asked]) -> list[Block]:
        """The page block first; it names what no other block contains, and all parts of its layout."""
        page = self.page
        whole = self._block("PAGE", Box(0.0, 0.0, page.width, page.height), None)
        lines = [self._line(line) for line in page.lines]
        words = [self._word(word, line.turn) for line in page.lines for word in line.words]
        selections = [self._selection(selection) for selection in page.selections]
        signatures = [self._signature(signature) for signature in page.signatures]
        grids = [self._table(table) for table in page.tables if table.cells]
        pairs = [block for field in page.fields for block in self._field(field)]
        queries = [block for one in asked for block in self._query(one)]
        layout = [block for region in page.layout for block in self._region(region)]
        tops = [*lines, *(grid[0] for grid in grids), *pairs, *queries, *signatures, *layout]
        if tops:
            whole["Relationships"] = [_named("CHILD", tops)]
        cells = [block for grid in grids for block in grid]
        return [whole, *lines, *words, *selections, *cells, *pairs, *queries, *signatures, *layout]

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
            self._ids[id(word)] = self._id()
        confidence = sum(word.confidence for word in line.words) / len(line.words)
        block = self._block("LINE", line.box, confidence, line.turn)
        self._ids[id(line)] = block["Id"]
        block["Text"] = line.text
        block["Relationships"] = self._children(line.words)
        return block

    def _word(self, word: Word, turn: Turn) -> Block:
        block = self._block("WORD", word.box, word.confidence, turn, self._ids[id(word)])
        block["Geometry"]["RotationAngle"] = 90.0 * ((turn + self.page.turn) % 4)
        block["Text"] = word.text
        block["TextType"] = "HANDWRITING" if word.handwritten else "PRINTED"
        return block

    def _selection(self, selection: Selection) -> Block:
        block = self._block("SELECTION_ELEMENT", selection.box, selection.confidence)
        block["SelectionStatus"] = "SELECTED" if selection.selected else "NOT_SELECTED"
        self._ids[id(selection)] = block["Id"]
        return block

    def _signature(self, signature: Signature) -> Block:
        block = self._block("SIGNATURE", signature.box, signature.confidence)
        self._ids[id(signature)] = block["Id"]
        return block

    def _children(self, *found: Sequence[Line | Word | Selection | Signature]) -> list[dict[str, Any]]:
        """The relationship to all of these that are blocks."""
        ids = [self._ids[id(one)] for some in found for one in some if id(one) in self._ids]
        return [{"Type": "CHILD", "Ids": ids}] if ids else []

    def _table(self, table: Table) -> list[Block]:
        cells = [self._cell(cell, table) for cell in table.cells]
        merged = [self._merged(span, table, cells) for span in table.spans]
        titles = [self._caption("TABLE_TITLE", table.title, table)] if table.title else []
        footers = [self._caption("TABLE_FOOTER", note, table) for note in table.footers]
        block = self._block("TABLE", table.box, table.confidence)
        parts = {"CHILD": cells, "MERGED_CELL": merged, "TABLE_TITLE": titles, "TABLE_FOOTER": footers}
        block["Relationships"] = [_named(kind, some) for kind, some in parts.items() if some]
        structured = any(cell.header for cell in table.cells)
        block["EntityTypes"] = ["STRUCTURED_TABLE" if structured else "SEMI_STRUCTURED_TABLE"]
        return [block, *cells, *merged, *titles, *footers]

    def _cell(self, cell: Cell, table: Table) -> Block:
        block = self._block("CELL", cell.box, _sure(cell.words, table.confidence))
        block.update(RowIndex=cell.row + 1, ColumnIndex=cell.column + 1, RowSpan=1, ColumnSpan=1)
        children = self._children(cell.signatures, cell.words, cell.selections)
        if children:
            block["Relationships"] = children
        if cell.role:
            block["EntityTypes"] = [cell.role]
        return block

    def _merged(self, span: Span, table: Table, cells: Sequence[Block]) -> Block:
        places = [
            row * table.columns + column
            for row in range(span.row, span.row + span.rows)
            for column in range(span.column, span.column + span.columns)
        ]
        box = union(table.cells[place].box for place in places)
        block = self._block("MERGED_CELL", box, table.confidence)
        block.update(RowIndex=span.row + 1, ColumnIndex=span.column + 1, RowSpan=span.rows, ColumnSpan=span.columns)
        block["Relationships"] = [_named("CHILD", [cells[place] for place in places])]
        roles = {table.cells[place].role for place in places}
        if len(roles) == 1 and roles != {""}:
            block["EntityTypes"] = list(roles)
        return block

    def _caption(self, kind: str, lines: Sequence[Line], table: Table) -> Block:
        words = [word for line in lines for word in line.words]
        block = self._block(kind, union(line.box for line in lines), _sure(words, table.confidence))
        block["Relationships"] = self._children(words)
        return block

    def _field(self, field: Field) -> tuple[Block, Block]:
        key = self._block("KEY_VALUE_SET", field.key_box, field.confidence)
        value = self._block("KEY_VALUE_SET", field.value_box, field.confidence)
        key["Relationships"] = [_named("VALUE", [value]), *self._children(field.key)]
        key["EntityTypes"] = ["KEY"]
        signed = [field.signature] if field.signature else []
        ticked = [field.selection] if field.selection else []
        if children := self._children(signed, field.value, ticked):
            value["Relationships"] = children
        value["EntityTypes"] = ["VALUE"]
        return key, value

    def _query(self, asked: Asked) -> list[Block]:
        query: Block = {"BlockType": "QUERY", "Id": self._id(), "Page": self.page.number, "Query": dict(asked.query)}
        answers = []
        for answer in asked.answers:
            block = self._block("QUERY_RESULT", answer.box, answer.confidence)
            block["Text"] = answer.text
            answers.append(block)
        if answers:
            query["Relationships"] = [_named("ANSWER", answers)]
        return [query, *answers]

    def _region(self, region: Region) -> list[Block]:
        """A list is followed by its items, which it names; the others name their lines."""
        block = self._block(f"LAYOUT_{region.kind}", region.box, region.confidence)
        items = [one for part in region.parts for one in self._region(part)]
        children = [_named("CHILD", items)] if items else self._children(region.lines)
        if children:
            block["Relationships"] = children
        return [block, *items]


def _named(kind: str, found: Iterable[Block]) -> dict[str, Any]:
    return {"Type": kind, "Ids": [block["Id"] for block in found]}


def _sure(words: Sequence[Word], confidence: float) -> float:
    return min([confidence, *(word.confidence for word in words)])
