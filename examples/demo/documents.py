"""Paper: forms become fields, tables and answers; a receipt what was paid for; a passport who holds it."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from aiservices import AI
from aiservices.services.textract.document import Document
from aiservices.services.textract.expense import Expense
from aiservices.services.textract.identity import Identity

from .section import Section

QUESTIONS = {
    "invoice": {"due": "When is the payment due?", "rate": "What is the VAT?"},
    "return_form": {"buyer": "What is the full name?", "bought": "When was it purchased?"},
}
"""What is asked of a paper, by its name."""


def sections(ai: AI, folder: Path) -> list[Section]:
    """A section for each paper in a folder; a receipt and a passport are told by their names."""
    found = []
    for path in sorted(p for p in folder.iterdir() if p.suffix in (".pdf", ".jpg", ".png")):
        if path.stem == "receipt":
            found.append(receipt(path, ai.textract.expense(path)))
        elif path.stem == "identity":
            found.append(identity(path, ai.textract.identity(path)))
        else:
            found.append(section(path.name, digitise(ai, path)))
    return found


def digitise(ai: AI, path: Path) -> Document:
    """The document's text, fields and tables, and what it answers."""
    return ai.textract.analyze(path, queries=QUESTIONS.get(path.stem))


def section(name: str, document: Document) -> Section:
    """The fields, answers and tables as rows, the tables and the overlay picture beside them."""
    rows = [{"field": key, "value": value} for key, value in document.forms.items()]
    rows += [{"field": one.question, "value": one.text or "(no answer)"} for one in document.answers.values()]
    for number, table in enumerate(document.tables, start=1):
        rows += [{"field": f"table {number}", "value": " | ".join(cells)} for cells in table.rows]
    pieces = [table._repr_html_() for table in document.tables]
    for page in document.pages:
        out = io.BytesIO()
        document.overlay(page.number).convert("RGB").save(out, "JPEG", quality=70)
        pieces.append(_picture(f"{name}, page {page.number}, with what was found", out.getvalue()))
    return Section("textract", f"Textract: {name}, {len(document.words)} words", rows, pieces)


def receipt(path: Path, found: Expense) -> Section:
    """Who sold, when, for how much, and the lines of items."""
    rows = [{"field": one.type, "value": one.text} for one in found.fields]
    rows += [{"field": "item", "value": " | ".join(cells)} for cells in found.items.rows]
    title = f"Textract: {path.name}, {found.total} {found.currency or ''} on {found.date}"
    return Section("textract", title, rows, [found.items._repr_html_(), _picture(path.name, path.read_bytes())])


def identity(path: Path, found: Identity) -> Section:
    """What the document says of its holder; dates as the service normalised them."""
    rows = [{"field": type, "value": f"{found.dates.get(type, text)}"} for type, text in found.to_dict().items()]
    return Section("textract", f"Textract: {path.name}, {found.name}", rows, [_picture(path.name, path.read_bytes())])


def _picture(text: str, jpeg: bytes) -> str:
    return f'<img alt="{text}" src="data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}">'
