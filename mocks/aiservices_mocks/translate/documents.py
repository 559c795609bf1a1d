"""Documents that are translated: which parts of one are text, and the document with other texts in it."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import NamedTuple

_OFFICE = "application/vnd.openxmlformats-officedocument."
WORD = f"{_OFFICE}wordprocessingml.document"
_XLIFF = "application/x-xliff+xml"


class DocumentError(ValueError):
    """A document that is not of its type; the message says why."""


class _Package(NamedTuple):
    """A zip of XML files: which have texts, and in which elements."""

    files: re.Pattern[str]
    texts: re.Pattern[str]


def _package(files: str, tag: str) -> _Package:
    return _Package(re.compile(files), re.compile(rf"(<{tag}(?:\s[^<>]*[^<>/])?>)([^<]+)(</{tag}>)"))


_PACKAGES: Mapping[str, _Package] = {
    WORD: _package(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml", "w:t"),
    f"{_OFFICE}presentationml.presentation": _package(r"ppt/(slides|notesSlides)/[^/]+\.xml", "a:t"),
    f"{_OFFICE}spreadsheetml.sheet": _package(r"xl/(sharedStrings|worksheets/[^/]+)\.xml", "t"),
}
SINGLE = ("text/plain", "text/html", WORD)
"""What TranslateDocument takes."""
BATCH = (*SINGLE[:2], *_PACKAGES, _XLIFF)
"""What batches take."""

_SILENT = re.compile(r"(?is)(<(script|style)\b[^>]*>.*?(?:</\2\s*>|\Z)|<!--.*?(?:-->|\Z)|<![^>]*>)")
"""What of HTML is no text; what is not closed goes on to the end."""
_UNIT = re.compile(
    r"(?s)(<source\b[^<>]*>)([^<]*(?:<(?!/?source\b)[^<]*)*)(</source>)(\s*<target\b[^<>]*(?:/>|>.*?</target>))?"
)


def translated(data: bytes, content_type: str, wording: Callable[[str], str]) -> bytes:
    """The document with its texts as `wording` has them, and all else as it was."""
    if content_type in _PACKAGES:
        return _packed(data, _PACKAGES[content_type], wording)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise DocumentError("The document is not encoded in UTF-8.") from None
    return _written(text, content_type, wording).encode()


def text_of(data: bytes, content_type: str) -> str:
    """What is written in a document."""
    found: list[str] = []

    def read(text: str) -> str:
        found.append(text)
        return text

    translated(data, content_type, read)
    return "\n".join(found)


def _written(text: str, content_type: str, wording: Callable[[str], str]) -> str:
    if content_type == "text/html":
        parts = _SILENT.split(text)
        # Every match leaves two groups behind: all of it, and the name of its element.
        return "".join(wording(part) if at % 3 == 0 else part for at, part in enumerate(parts) if at % 3 < 2 and part)
    if content_type == _XLIFF:
        return _UNIT.sub(lambda m: f"{m[1]}{m[2]}{m[3]}<target>{wording(m[2])}</target>", text)
    return wording(text)


def _packed(data: bytes, package: _Package, wording: Callable[[str], str]) -> bytes:
    out = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for member in old.infolist():
                content = old.read(member)
                if package.files.fullmatch(member.filename):
                    text = content.decode("utf-8")
                    content = package.texts.sub(lambda m: m[1] + wording(m[2]) + m[3], text).encode()
                new.writestr(member, content)
    except (
        zipfile.BadZipFile,
        UnicodeDecodeError,
        NotImplementedError,  # zipfile's word for a compression that it has not
        RuntimeError,
        OSError,
        EOFError,
        zlib.error,
    ) as error:
        raise DocumentError("The document is not a file of its content type.") from error
    return out.getvalue()
