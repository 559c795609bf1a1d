"""Answers in the structure that AWS gives, made by hand: members are left out as the service leaves them out."""

from __future__ import annotations

from itertools import count
from typing import Any

from aiservices.services.textract.document import Document

Block = dict[str, Any]


def geometry(left: float, top: float, width: float, height: float) -> dict[str, Any]:
    right, bottom = left + width, top + height
    return {
        "BoundingBox": {"Left": left, "Top": top, "Width": width, "Height": height},
        "Polygon": [{"X": x, "Y": y} for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))],
    }


class Sheet:
    """Blocks of one document in the making."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._ids = (f"id-{number}" for number in count())
        self._y = 0.05

    @property
    def answer(self) -> dict[str, Any]:
        pages = max((block["Page"] for block in self.blocks), default=1)
        return {"DocumentMetadata": {"Pages": pages}, "Blocks": self.blocks, "AnalyzeDocumentModelVersion": "1.0"}

    @property
    def document(self) -> Document:
        return Document.from_textract(self.answer)

    def add(
        self, kind: str, *children: Block, place: dict[str, Any] | None = None, page: int = 1, **more: Any
    ) -> Block:
        block = {"BlockType": kind, "Id": next(self._ids), "Confidence": 99.0, "Page": page, **more}
        block["Geometry"] = place or geometry(0.1, self._y, 0.5, 0.02)
        if children:
            self.relate(block, "CHILD", *children)
        self.blocks.append(block)
        return block

    @staticmethod
    def relate(block: Block, kind: str, *others: Block) -> None:
        block.setdefault("Relationships", []).append({"Type": kind, "Ids": [one["Id"] for one in others]})

    def line(self, text: str, *, page: int = 1, step: float = 0.03, height: float = 0.02) -> Block:
        self._y += step
        words, left = [], 0.1
        for word in text.split():
            width = 0.01 * len(word)
            words.append(
                self.add("WORD", place=geometry(left, self._y, width, height), page=page, Text=word, TextType="PRINTED")
            )
            left += width + 0.01
        place = geometry(0.1, self._y, left - 0.11, height)
        line = self.add("LINE", *words, place=place, page=page, Text=text)
        line["words"] = words
        return line

    def cell(self, row: int, column: int, *words: Block, kind: str = "CELL", **more: Any) -> Block:
        where = {"RowIndex": row, "ColumnIndex": column, "RowSpan": 1, "ColumnSpan": 1}
        return self.add(kind, *words, **{**where, **more})

    def query(self, text: str, *results: tuple[str, float], alias: str | None = None, page: int = 1) -> Block:
        query = {"Text": text} | ({"Alias": alias} if alias else {})
        found = [self.add("QUERY_RESULT", page=page, Text=answer, Confidence=sure) for answer, sure in results]
        block = self.add("QUERY", page=page, Query=query)
        del block["Geometry"], block["Confidence"]
        if found:
            self.relate(block, "ANSWER", *found)
        return block
