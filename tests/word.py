"""Word documents for tests, as small as Word takes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DAY = (2026, 1, 1, 0, 0, 0)
PAGE = "\f"
"""A line that ends a page."""


def docx(lines: Sequence[str]) -> bytes:
    """A document with a paragraph for each line."""
    body = "".join(
        '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        if line == PAGE
        else f'<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for line in lines
    )
    return package(f'{_HEAD}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'.encode())


def package(document: bytes, name: str = "word/document.xml") -> bytes:
    """A package with this as its text."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for part, content in (("[Content_Types].xml", f"{_HEAD}<Types/>".encode()), (name, document)):
            file.writestr(zipfile.ZipInfo(part, _DAY), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
