"""A document as Textract saw it: text, tables and forms out of AWS's blocks."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sized
from functools import cached_property
from math import inf
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ... import files
from ...errors import InvalidCallError
from ..shown import plural, table
from .blocks import BlockReader, Page
from .markdown import markdown
from .queries import Answer, Answers
from .stored import Stored, answers, merged, write
from .table import Cell, Table
from .words import Box, Checkbox, Element, Line, Pair, Signature, Word

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = [
    "Answer",
    "Answers",
    "Box",
    "Cell",
    "Checkbox",
    "Document",
    "Element",
    "Line",
    "Page",
    "Pair",
    "Signature",
    "Table",
    "Word",
]

_MOST_PAGES = 3_000
"""Of a document that Textract reads; an answer that claims more has them only as far as it has blocks of them."""


class Document:
    """What Textract found. Made by `ai.textract.read`, `analyze` and `ask`, or from AWS's stored answer."""

    def __init__(self, raw: Mapping[str, Any], source: bytes | Callable[[], bytes] | None = None) -> None:
        self.raw = raw
        """AWS's answer; of a job that took several, with all their blocks."""
        self._source = source
        """The document itself, or what fetches it."""

    @classmethod
    def from_textract(cls, answer: Stored, source: bytes | str | PathLike[str] | None = None) -> Document:
        """From what AWS answered: a dict, its JSON, a JSON file, a list of these, the folder that a job wrote to.

        source: the document itself, its bytes or path, for `overlay` and `to_searchable_pdf`.
        """
        data = None if source is None else files.read(source)
        return cls(merged(answers(answer, "Blocks"), "Blocks"), data)

    def __getstate__(self) -> dict[str, Any]:
        # What fetches the source belongs to its client and stays behind.
        return {"raw": self.raw, "_source": None if callable(self._source) else self._source}

    @cached_property
    def _reader(self) -> BlockReader:
        return BlockReader(self.raw.get("Blocks") or ())

    @cached_property
    def pages(self) -> list[Page]:
        """Page by page."""
        told = (self.raw.get("DocumentMetadata") or {}).get("Pages")
        count = min(told, _MOST_PAGES) if isinstance(told, int) else 0
        numbers = self._reader.numbers | set(range(1, count + 1))
        return [self._reader.page(number) for number in sorted(numbers)]

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
        return [found for page in self.pages for found in page.tables]

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
    def answers(self) -> Answers:
        """Alias or question -> what answers it, where there were queries."""
        return Answers(self._reader.answers())

    @cached_property
    def checkboxes(self) -> list[Checkbox]:
        """All boxes to tick."""
        return list(self._reader.checkboxes())

    @cached_property
    def signatures(self) -> list[Signature]:
        """Where somebody signed, where SIGNATURES was asked for."""
        return list(self._reader.signatures())

    @property
    def layout(self) -> list[Element]:
        """The parts of all pages in reading order, where LAYOUT was asked for."""
        return [element for page in self.pages for element in page.layout]

    @property
    def confidence(self) -> float | None:
        """How sure the service is of the words, 0..1, on average; None without words."""
        words = self.words
        return sum(word.confidence for word in words) / len(words) if words else None

    def __repr__(self) -> str:
        parts = [plural(len(self.pages), "page"), plural(len(self.words), "word")]
        found: dict[str, Sized] = {"table": self.tables, "field": self.pairs, "answer": self.answers}
        found["signature"] = self.signatures
        parts += [plural(len(things), name) for name, things in found.items() if things]
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
        """Text with tables in their places, pages apart by a rule.

        With LAYOUT: headings, lists and paragraphs as the service tells them; without it large lines are headings.
        """
        return "\n\n---\n\n".join(markdown(page) for page in self.pages)

    def to_searchable_pdf(self, path: str | PathLike[str] | None = None, *, exact: bool = True) -> bytes:
        """The document as a PDF whose text can be searched and copied, also written to the path if one is given.

        A picture becomes a page under its text, which nobody sees. A page of a PDF keeps what it has, its own text
        too, and gets the words that are missing.
        exact: a page whose own text reads otherwise than the document's becomes a picture (200 dots per inch), so that
        nothing else is read; False keeps it as it is. Needs the document itself, pypdfium2 and Pillow.
        """
        from .searchable import searchable

        data = searchable(self._data("to_searchable_pdf"), self.pages, exact=exact)
        if path is not None:
            Path(path).write_bytes(data)
        return data

    def save(self, path: str | PathLike[str]) -> None:
        """Write AWS's answer as JSON; `from_textract` reads it."""
        write(self.raw, path)

    def overlay(self, page: int = 1, *, scale: float = 1.5) -> Image:
        """The page as a picture with boxes.

        Lines blue, tables red, fields green and orange, ticks purple, signatures black, answers turquoise.

        page: counts from 1. scale: of a PDF, pixels per point. Needs the document itself and, for PDF, pypdfium2.
        """
        from .overlay import draw

        if not isinstance(page, int) or not 1 <= page <= len(self.pages):
            raise InvalidCallError(f"page={page!r}: this document has pages 1 to {len(self.pages)}")
        if not isinstance(scale, int | float) or not 0 < scale < inf:
            raise InvalidCallError(f"scale={scale!r}: give pixels per point, above 0")
        return draw(self._data("overlay"), self.raw.get("Blocks") or (), page, scale)

    def _data(self, what: str) -> bytes:
        """The document itself."""
        if callable(self._source):
            self._source = self._source()
        if self._source is None:
            raise InvalidCallError(f"{what} needs the document itself: give Document.from_textract(..., source=path)")
        return self._source

    def _repr_html_(self) -> str:
        parts = [f"<p>{html.escape(repr(self))}</p>"]
        if self.pairs:
            parts.append(table((pair.key, pair.value) for pair in self.pairs))
        parts += [self.answers._repr_html_()] * bool(self.answers)
        parts += [one._repr_html_() for one in self.tables]
        text = self.text
        shown = text if len(text) <= 2000 else text[:2000] + " …"
        parts.append(f'<pre style="white-space: pre-wrap">{html.escape(shown)}</pre>')
        return "".join(parts)
