"""A document as Textract saw it: text, tables and forms out of AWS's blocks."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from math import inf
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import files
from ..errors import InvalidCallError
from .blocks import BlockReader, Page
from .table import Cell, Table
from .words import Box, Checkbox, Line, Pair, Word

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Box", "Cell", "Checkbox", "Document", "Line", "Page", "Pair", "Table", "Word", "merged"]


class Document:
    """What Textract found. Made by `ai.textract.read` and `analyze`, or from AWS's stored answer."""

    def __init__(self, raw: Mapping[str, Any], source: bytes | None = None) -> None:
        self.raw = raw
        """AWS's answer; of a job that took several, with all their blocks."""
        self._source = source

    @classmethod
    def from_textract(
        cls,
        answer: Mapping[str, Any] | list[Mapping[str, Any]] | str | bytes | PathLike[str],
        source: bytes | str | PathLike[str] | None = None,
    ) -> Document:
        """From what AWS answered: a dict, its JSON, a JSON file, or a list of these dicts (a job's pages).

        source: the document itself, its bytes or path, for `overlay`.
        """
        if isinstance(answer, PathLike):
            answer = files.read(answer)
        if isinstance(answer, str | bytes):
            try:
                answer = json.loads(answer)
            except (ValueError, RecursionError) as error:
                raise InvalidCallError("this is no JSON; give Textract's answer, or a Path to it") from error
        answers = [answer] if isinstance(answer, Mapping) else answer
        if not isinstance(answers, list) or not answers or not all(map(_is_answer, answers)):
            raise InvalidCallError('this is no answer of Textract: it has no list "Blocks" of blocks with their type')
        data = None if source is None else files.read(source)
        return cls(merged(answers), data)

    @cached_property
    def pages(self) -> list[Page]:
        """Page by page."""
        reader = BlockReader(self.raw.get("Blocks", ()))
        count = max([int(self.raw.get("DocumentMetadata", {}).get("Pages", 0)), *reader.numbers, 0])
        return [reader.page(number) for number in range(1, count + 1)]

    @property
    def text(self) -> str:
        """All lines, an empty line between pages."""
        return "\n\n".join(page.text for page in self.pages)

    @property
    def lines(self) -> list[Line]:
        """All lines in reading order."""
        return [line for page in self.pages for line in page.lines]

    @property
    def words(self) -> list[Word]:
        """All words in reading order."""
        return [word for page in self.pages for word in page.words]

    @property
    def tables(self) -> list[Table]:
        """All tables."""
        return [table for page in self.pages for table in page.tables]

    @property
    def pairs(self) -> list[Pair]:
        """All keys with their values, those that occur twice included."""
        return [pair for page in self.pages for pair in page.pairs]

    @property
    def forms(self) -> dict[str, str]:
        """Key -> value; the first one, where a key occurs twice (`pairs` has them all). Keys are without colon."""
        forms: dict[str, str] = {}
        for pair in self.pairs:
            forms.setdefault(pair.key, pair.value)
        return forms

    @cached_property
    def checkboxes(self) -> list[Checkbox]:
        """All boxes to tick."""
        return list(BlockReader(self.raw.get("Blocks", ())).checkboxes())

    @property
    def confidence(self) -> float | None:
        """How sure the service is of the words, 0..1, on average; None without words."""
        words = self.words
        return sum(word.confidence for word in words) / len(words) if words else None

    def __repr__(self) -> str:
        parts = [f"{len(self.pages)} pages", f"{len(self.words)} words"]
        parts += [f"{len(self.tables)} tables"] * bool(self.tables) + [f"{len(self.pairs)} fields"] * bool(self.pairs)
        return f"<Document: {', '.join(parts)}>"

    def to_dict(self) -> dict[str, Any]:
        """A flat summary, a row of a table of many documents."""
        return {
            "pages": len(self.pages),
            "words": len(self.words),
            "tables": len(self.tables),
            "fields": len(self.pairs),
            "confidence": self.confidence,
            "text": self.text,
        }

    def to_markdown(self) -> str:
        """Text with tables in their places, pages apart by a rule."""
        return "\n\n---\n\n".join(_page_markdown(page) for page in self.pages)

    def save(self, path: str | PathLike[str]) -> None:
        """Write AWS's answer as JSON; `from_textract` reads it."""
        kept = {name: value for name, value in self.raw.items() if name != "ResponseMetadata"}
        Path(path).write_text(json.dumps(kept, ensure_ascii=False), "utf-8")

    def overlay(self, page: int = 1, *, scale: float = 1.5) -> Image:
        """The page as a picture with boxes: lines blue, tables red, fields green and orange, ticks purple.

        page: counts from 1. scale: of a PDF, pixels per point. Needs the document itself and, for PDF, pypdfium2.
        """
        from .overlay import draw

        if not isinstance(page, int) or not 1 <= page <= len(self.pages):
            raise InvalidCallError(f"page={page!r}: this document has pages 1 to {len(self.pages)}")
        if not 0 < scale < inf:
            raise InvalidCallError(f"scale={scale!r}: give pixels per point, above 0")
        if self._source is None:
            raise InvalidCallError("the picture of the page is not here: give from_textract(..., source=path)")
        return draw(self._source, self.raw.get("Blocks", ()), page, scale)

    def _repr_html_(self) -> str:
        parts = [f"<p>{html.escape(repr(self))}</p>"]
        if self.pairs:
            rows = "".join(f"<tr><th>{html.escape(p.key)}</th><td>{html.escape(p.value)}</td></tr>" for p in self.pairs)
            parts.append(f"<table>{rows}</table>")
        parts += [table._repr_html_() for table in self.tables]
        text = self.text
        shown = text if len(text) <= 2000 else text[:2000] + " …"
        parts.append(f'<pre style="white-space: pre-wrap">{html.escape(shown)}</pre>')
        return "".join(parts)


def _is_answer(value: object) -> bool:
    if not isinstance(value, Mapping) or not isinstance(value.get("Blocks"), list):
        return False
    return all(isinstance(block, Mapping) and "BlockType" in block for block in value["Blocks"])


def merged(answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The pages of a job's answer as one answer."""
    whole = {name: value for name, value in answers[0].items() if name != "NextToken"}
    whole["Blocks"] = [block for answer in answers for block in answer["Blocks"]]
    return whole


def _page_markdown(page: Page) -> str:
    """The page's lines; a table stands where its first line was."""
    inside = {w.raw["Id"]: table for table in page.tables for cell in table.cells for w in cell.words}
    shown: set[int] = set()
    parts: list[str] = []
    for line in page.lines:
        table = next((inside[w.raw["Id"]] for w in line.words if w.raw["Id"] in inside), None)
        if table is None:
            parts.append(line.text)
        elif id(table) not in shown:
            shown.add(id(table))
            parts.append(f"\n{table.to_markdown()}\n")
    return "\n".join(parts).strip()
