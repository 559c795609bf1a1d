"""Files of terms in several languages: comma or tab separated with language codes in the first line, or TMX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

_DELIMITERS = {"CSV": ",", "TSV": "\t"}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class TermsError(ValueError):
    """A file that is not one of terms; the message says why, and never what stands in it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A file as it was read."""

    languages: tuple[str, ...]
    """The first one is the source's."""
    rows: tuple[tuple[str, ...], ...]
    """A term in every language; empty where it has none."""
    skipped: int
    """Rows without a source, or with nothing but a source."""

    @property
    def count(self) -> int:
        """How many translations of a source term there are."""
        return sum(1 for row in self.rows for term in row[1:] if term)


def read(data: bytes, format: str, known: Sequence[str]) -> Terms:
    """The terms of a file; one that breaks its format, or names a language that is not known, raises TermsError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TermsError("The file is not UTF-8.") from None
    table = list(_units(text) if format == "TMX" else _lines(text, format))
    languages = tuple(table[0]) if table else ()
    if len(languages) < 2:
        raise TermsError("The file must name a source language and at least one target language.")
    if len(set(languages)) < len(languages):
        raise TermsError("The file names a language twice.")
    spelled = {code.lower(): code for code in known}
    strange = [code for code in languages if code.lower() not in spelled]
    if strange:
        raise TermsError(f"{len(strange)} of the file's {len(languages)} language codes are not supported.")
    rows = [row for row in table[1:] if row[0] and any(row[1:])]
    return Terms(tuple(spelled[code.lower()] for code in languages), tuple(rows), len(table) - 1 - len(rows))


def write(terms: Terms, format: str) -> bytes:
    """The terms as a file."""
    if format == "TMX":
        return _tmx(terms)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=_DELIMITERS[format], lineterminator="\n")
    writer.writerows((terms.languages, *terms.rows))
    return text.getvalue().encode()


def _lines(text: str, format: str) -> Iterator[tuple[str, ...]]:
    width = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_DELIMITERS[format], strict=True):
            if not row:
                continue
            width = width or len(row)
            if len(row) != width:
                raise TermsError(f"A line has {len(row)} columns, the first one {width}.")
            yield tuple(cell.strip() for cell in row)
    except csv.Error:
        raise TermsError(f"The file is not {format}.") from None


def _units(text: str) -> Iterator[tuple[str, ...]]:
    if "<!ENTITY" in text:
        raise TermsError("The file must not define entities.")
    try:
        root = ElementTree.fromstring(text.encode())
    except ElementTree.ParseError:
        raise TermsError("The file is not XML.") from None
    header = root.find("header")
    source = header.get("srclang", "") if header is not None else ""
    units = [dict(_variants(unit)) for unit in root.iter("tu")]
    spoken = {code: None for unit in units for code in unit}
    if source not in spoken:
        raise TermsError("The source language of the file's header has no terms in it.")
    languages = (source, *(code for code in spoken if code != source))
    yield languages
    yield from (tuple(unit.get(code, "") for code in languages) for unit in units)


def _variants(unit: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for variant in unit.iter("tuv"):
        segment = variant.find("seg")
        yield (
            variant.get(_LANG, variant.get("lang", "")),
            "".join(segment.itertext()).strip() if segment is not None else "",
        )


def _tmx(terms: Terms) -> bytes:
    root = ElementTree.Element("tmx", version="1.4")
    attributes = {"datatype": "PlainText", "segtype": "sentence", "adminlang": "en-us", "o-tmf": "none"}
    ElementTree.SubElement(
        root, "header", attributes, srclang=terms.languages[0], creationtool="aiservices", creationtoolversion="1"
    )
    body = ElementTree.SubElement(root, "body")
    for row in terms.rows:
        unit = ElementTree.SubElement(body, "tu")
        for code, term in zip(terms.languages, row, strict=True):
            if term:
                variant = ElementTree.SubElement(unit, "tuv", {_LANG: code})
                ElementTree.SubElement(variant, "seg").text = term
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
