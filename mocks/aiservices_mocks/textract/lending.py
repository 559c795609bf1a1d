"""Papers for loans: what each page is, what it says, whether it is signed, and which papers a bundle has."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any

from aiservices_mocks.engines import labels
from aiservices_mocks.engines.documents import Field, Line, Page, pdfium
from aiservices_mocks.engines.scoring import mean

from .blocks import geometry
from .expenses import detection, expense, percent, words
from .identities import identity

_NUMBER = re.compile(r"(?im)^\W*page\W+(\d+)(?:\W+(?:of|/)\W*\d+)?\W*$|\bpage (\d+) of \d+\b")
_TO_SIGN = re.compile(r"(?i)\b(?:signature|signed by|sign here)\b")
_ID = re.compile(rb"/ID\[<[0-9A-F]{32}><[0-9A-F]{32}>\]")


def lending(page: Page, number: int, seed: int, source: str, data: bytes) -> dict[str, Any]:
    """What paper a page is, and its fields; number: which invoice or identity document of all, from 1.

    The fields of papers are called by their labels: `Borrower Name` is BORROWER_NAME.
    """
    kind = labels.page(page.text)
    if kind in ("INVOICES", "RECEIPT"):
        found = {"ExpenseDocument": expense(page, number, seed, source)}
    elif kind == "IDENTITY_DOCUMENT":
        found = {"IdentityDocument": identity(page, number, seed, source, data)}
    else:
        signed = [{"Confidence": percent(s.confidence), "Geometry": geometry(page, s.box)} for s in page.signatures]
        fields = [_field(page, field) for field in page.fields]
        found = {"LendingDocument": {"LendingFields": fields, "SignatureDetections": signed}}
    sure = _legibility(page.lines) if kind != labels.UNCLASSIFIED else 0.0
    printed = _NUMBER.search(page.text)
    classes = {
        "PageType": [{"Value": kind, "Confidence": percent(sure)}],
        "PageNumber": [{"Value": (printed[1] or printed[2]) if printed else "undetected", "Confidence": 100.0}],
    }
    return {"Page": page.number, "PageClassification": classes, "Extractions": [found]}


def awaits_signature(page: Page) -> bool:
    """Whether a page has a place to sign and nothing there."""
    return not page.signatures and bool(_TO_SIGN.search(page.text))


def summary(results: Sequence[dict[str, Any]], unsigned: Iterable[int] = ()) -> dict[str, Any]:
    """Which papers there are in a bundle: pages of one kind that follow each other are one document.

    unsigned: pages with a place to sign and nothing there.
    """
    missing = set(unsigned)
    signed = {
        result["Page"]
        for result in results
        for one in result["Extractions"]
        if one.get("LendingDocument", {}).get("SignatureDetections")
    }
    groups: dict[str, list[list[int]]] = {}
    for kind, pages in documents(results):
        groups.setdefault(kind, []).append(pages)
    return {
        "DocumentGroups": [
            {
                "Type": kind,
                "SplitDocuments": [{"Index": n, "Pages": pages} for n, pages in enumerate(parts, start=1)],
                "DetectedSignatures": [{"Page": page} for pages in parts for page in pages if page in signed],
                "UndetectedSignatures": [{"Page": page} for pages in parts for page in pages if page in missing],
            }
            for kind, parts in groups.items()
        ],
        "UndetectedDocumentTypes": [kind for kind in labels.PAGES if kind not in groups],
    }


def documents(results: Iterable[dict[str, Any]]) -> Iterator[tuple[str, list[int]]]:
    """The bundle cut where the kind of paper changes, or where a printed page number begins again."""
    last, pages = "", list[int]()
    for result in results:
        kind = result["PageClassification"]["PageType"][0]["Value"]
        first = result["PageClassification"]["PageNumber"][0]["Value"] == "1"
        if pages and (kind != last or first):
            yield last, pages
            pages = []
        last = kind
        pages = [*pages, result["Page"]]
    if pages:
        yield last, pages


def split(data: bytes, results: Iterable[dict[str, Any]]) -> dict[str, bytes]:
    """The documents of a bundle as PDF files, by their names: `PAYSLIPS_1.pdf`; nothing for a picture."""
    if b"%PDF-" not in data[:1024]:
        return {}
    pypdfium2 = pdfium.helpers()
    files: dict[str, bytes] = {}
    count: dict[str, int] = {}
    with pdfium.LOCK:
        source = pypdfium2.PdfDocument(data)
        try:
            for kind, pages in documents(results):
                count[kind] = count.get(kind, 0) + 1
                files[f"{kind}_{count[kind]}.pdf"] = _timeless(_part(source, pages))
        finally:
            source.close()
    return files


def _part(source: Any, pages: Sequence[int]) -> bytes:
    part = pdfium.helpers().PdfDocument.new()
    try:
        part.import_pages(source, [page - 1 for page in pages])
        out = io.BytesIO()
        part.save(out)
        return out.getvalue()
    finally:
        part.close()


def _timeless(data: bytes) -> bytes:
    """A file without the hour and the random number that PDFium writes: the same bundle gives the same bytes."""
    data = re.sub(rb"\(D:\d{14}", b"(D:" + b"2000" + b"01" * 2 + b"0" * 6, data)
    mark = blake2b(_ID.sub(b"", data), digest_size=16).hexdigest().upper().encode()
    return _ID.sub(b"/ID[<" + mark + b"><" + mark + b">]", data)


def _field(page: Page, field: Field) -> dict[str, Any]:
    value: dict[str, Any] = {"Text": words(field.value), "Geometry": geometry(page, field.value_box)}
    value |= {"Confidence": percent(field.confidence)}
    if field.selection is not None:
        value["SelectionStatus"] = "SELECTED" if field.selection.selected else "NOT_SELECTED"
    return {
        "Type": re.sub(r"\W+", "_", words(field.key).upper()).strip("_") or labels.OTHER,
        "KeyDetection": detection(page, words(field.key), field.key, field.confidence),
        "ValueDetections": [value] if field.value or field.selection else [],
    }


def _legibility(lines: Iterable[Line]) -> float:
    """How surely the words of some lines were read, 0 to 1."""
    return mean(word.confidence for line in lines for word in line.words)
