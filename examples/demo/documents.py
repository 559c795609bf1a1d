"""Paper: a scanned form and an invoice become fields and tables."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from aiservices import AI
from aiservices.services.document import Document

from .section import Section


def digitise(ai: AI, path: Path) -> Document:
    """The document's text, fields and tables."""
    return ai.textract.analyze(path)


def section(name: str, document: Document) -> Section:
    """The fields as rows, the tables and the overlay picture beside them."""
    rows = [{"field": key, "value": value} for key, value in document.forms.items()]
    for number, table in enumerate(document.tables, start=1):
        rows += [{"field": f"table {number}", "value": " | ".join(cells)} for cells in table.rows]
    pieces = [table._repr_html_() for table in document.tables]
    pieces += [_picture(document, number + 1, name) for number in range(len(document.pages))]
    return Section("textract", f"Textract: {name}, {len(document.words)} words", rows, pieces)


def _picture(document: Document, page: int, name: str) -> str:
    out = io.BytesIO()
    document.overlay(page).convert("RGB").save(out, "JPEG", quality=70)
    data = base64.b64encode(out.getvalue()).decode()
    return f'<img alt="{name}, page {page}, with what was found" src="data:image/jpeg;base64,{data}">'
