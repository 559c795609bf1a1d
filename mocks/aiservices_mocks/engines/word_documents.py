"""The text of Word documents (.docx): paragraphs in order, those of tables too, a page ending where Word ended it.

Headers, footers, notes and comments are not read. A file that unpacks to more than `LARGEST` is refused before it is
unpacked, one that declares entities of its own before it is parsed.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

LARGEST = 50 * 1024 * 1024
"""Bytes of the unpacked text."""
_TEXT = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BROKEN = "The Word document cannot be read."


class UnreadableWord(ValueError):
    """The document is broken, encrypted or too large."""


def is_word(data: bytes) -> bool:
    """Whether these bytes are a package with a Word document in it."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _TEXT in package.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def pages(data: bytes) -> list[list[str]]:
    """The lines of each page."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(_TEXT) as file:
            content = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, NotImplementedError, EOFError, OSError):
        raise UnreadableWord(_BROKEN) from None
    if len(content) > LARGEST:
        raise UnreadableWord("The Word document is too large.")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnreadableWord(_BROKEN)
    try:
        body = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise UnreadableWord(_BROKEN) from None
    found: list[list[str]] = [[]]
    for paragraph in body.iter(f"{_W}p"):
        line = ""
        for part in _parts(paragraph):
            if part in "\n\f":
                found[-1].append(line)
                line = ""
                found += [[]] if part == "\f" else []
            else:
                line += part
        found[-1].append(line)
    return [[line for line in lines if line.strip()] for lines in found]


def _parts(paragraph: ElementTree.Element) -> Iterator[str]:
    """The texts of a paragraph, the ends of its lines, and the ends of pages as form feeds."""
    waiting = list(reversed(list(paragraph)))
    while waiting:
        element = waiting.pop()
        name = element.tag.removeprefix(_W) if isinstance(element.tag, str) else ""
        if name == "t" and element.text:
            yield element.text
        elif name == "tab":
            yield "\t"
        elif name in ("br", "cr", "lastRenderedPageBreak"):
            page = name == "lastRenderedPageBreak" or element.get(f"{_W}type") == "page"
            yield "\f" if page else "\n"
        elif name not in ("p", "pPr", "rPr", "del", "instrText"):
            waiting += reversed(list(element))
