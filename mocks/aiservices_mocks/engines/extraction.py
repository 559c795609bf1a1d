"""The plain text of documents: what their formats wrap it in is taken off."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from html.parser import HTMLParser

from . import word_documents

_ENDINGS = {
    "pdf": "PDF", "html": "HTML", "htm": "HTML", "doc": "MS_WORD", "docx": "MS_WORD", "txt": "PLAIN_TEXT", "ppt": "PPT",
    "pptx": "PPT", "rtf": "RTF", "xml": "XML", "xslt": "XSLT", "xls": "MS_EXCEL", "xlsx": "MS_EXCEL", "csv": "CSV",
    "json": "JSON", "md": "MD",
}  # fmt: skip
_PARTS = {"PPT": r"ppt/slides/slide\d+\.xml", "MS_EXCEL": r"xl/sharedStrings\.xml"}
_MOST = 50 * 1024 * 1024


class UnreadableText(Exception):
    """There is no text to be had; says why."""


def kind(name: str) -> str:
    """What a file is by its name; plain text when the name does not tell."""
    return _ENDINGS.get(name.rpartition(".")[2].lower(), "PLAIN_TEXT")


def text(data: bytes, kind: str) -> tuple[str, str]:
    """The title that a document gives itself, or none, and its text."""
    if kind == "PDF":
        return "", _pdf(data)
    if kind == "MS_WORD":
        return "", _word(data)
    if kind in _PARTS:
        return "", _office(data, kind)
    try:
        plain = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableText("the document is not UTF-8") from None
    if kind in ("HTML", "XML", "XSLT"):
        page = _Page()
        page.feed(plain)
        page.close()
        return page.title.strip(), page.text()
    if kind == "RTF":
        plain = re.sub(r"\\'[0-9a-f]{2}|\\[a-z]+-?\d* ?|[{}]", "", plain)
    return "", plain.strip()


class _Page(HTMLParser):
    """Collects what a page shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self._pieces: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag ends a word."""
        if tag in ("script", "style", "title"):
            self._inside.append(tag)
        self._pieces.append("\n" if tag in ("p", "br", "div", "li", "tr", "h1", "h2", "h3") else " ")

    def handle_endtag(self, tag: str) -> None:
        """So does its end."""
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()
        self._pieces.append(" ")

    def handle_data(self, data: str) -> None:
        """What is shown, but no scripts and styles."""
        inside = self._inside[-1] if self._inside else ""
        if inside == "title":
            self.title += data
        elif not inside:
            self._pieces.append(data)

    def text(self) -> str:
        """With single spaces."""
        lines = (" ".join(line.split()) for line in "".join(self._pieces).split("\n"))
        return "\n".join(line for line in lines if line)


def _pdf(data: bytes) -> str:
    from .documents import UnreadableDocument, open_document

    try:
        with open_document(data) as document:
            pages = [document.page(index, tables=False, forms=False).text for index in range(document.pages)]
    except UnreadableDocument as error:
        raise UnreadableText(f"the PDF cannot be read: {error.reason}") from None
    return "\n".join(pages)


def _word(data: bytes) -> str:
    try:
        return "\n".join(line for page in word_documents.pages(data) for line in page)
    except word_documents.UnreadableWord as error:
        raise UnreadableText(str(error)) from None


def _office(data: bytes, kind: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [part for part in archive.infolist() if re.fullmatch(_PARTS[kind], part.filename)]
            if sum(part.file_size for part in parts) > _MOST:
                raise UnreadableText("the document has more than 50 MB of text")
            texts = [archive.read(part).decode("utf-8", "replace") for part in parts]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):  # broken, unheard of, locked
        raise UnreadableText(f"the {kind} document is not in the XML format") from None
    page = _Page()
    page.feed("\n".join(re.sub(r"</(?:a:p|si)>", "<br>", part) for part in texts))
    page.close()
    return page.text()
