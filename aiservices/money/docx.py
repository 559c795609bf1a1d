"""Characters of a Word document, without a parser that the document could trick."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from html import unescape
from io import BytesIO

_PARTS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
_RUN = re.compile(r"<w:t(?:\s[^>]*)?>([^<]*)</w:t>")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,  # an unheard-of compression
    RuntimeError,  # encrypted
    EOFError,
    OSError,
    ValueError,  # no UTF-8
)
_LIMIT = 10_000_000
"""Bytes unpacked; TranslateDocument takes files of 100 KB."""


def characters_of_docx(data: bytes) -> int | None:
    """Code points in the document's runs of text, headers, footers and notes included; None when it cannot be read."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = [info for info in archive.infolist() if _PARTS.fullmatch(info.filename)]
            if not parts or sum(part.file_size for part in parts) > _LIMIT:
                return None
            texts = [archive.read(part).decode("utf-8-sig") for part in parts]
    except _BROKEN:
        return None
    return sum(len(unescape(run)) for text in texts for run in _RUN.findall(text))
