"""Identity documents: the face by its labels, the lines that machines read, the code on the back."""

from __future__ import annotations

from typing import Any

from aiservices_mocks.engines import barcode, labels, licences, mrz
from aiservices_mocks.engines.documents import Page, picture
from aiservices_mocks.engines.licences import Told

from .expenses import percent, text_blocks


def identity(page: Page, number: int, seed: int, source: str, data: bytes) -> dict[str, Any]:
    """What is known of the person; a kind of field that is not found is empty. data: the page's document."""
    found = licences.read(page)
    read = _zone(page)
    for kind, told in {**read, **_code(page, data)}.items():
        found.setdefault(kind, told)
    fields = [_field(kind, *found.get(kind, ("", 0.0))) for kind in labels.IDENTITY]
    return {"DocumentIndex": number, "IdentityDocumentFields": fields, "Blocks": text_blocks(page, seed, source)}


def _zone(page: Page) -> dict[str, Told]:
    """What the lines for machines say. Where a check digit is wrong, it is less sure."""
    texts = [line.text for line in page.lines]
    raw = labels.machine_readable(texts)
    zone = mrz.zone(texts)
    if zone is None:
        return {"MRZ_CODE": Told(raw, 0.5)} if raw else {}
    number, birth, expiry, whole = (0.98 if fits else 0.4 for fits in zone.checks)
    first, _, middle = zone.given.partition(" ")
    found = {
        "MRZ_CODE": Told(" ".join(zone.lines), whole),
        "LAST_NAME": Told(zone.surname, whole),
        "FIRST_NAME": Told(first, whole),
        "MIDDLE_NAME": Told(middle, whole),
        "DOCUMENT_NUMBER": Told(zone.number, number),
        "DATE_OF_BIRTH": Told(zone.born.isoformat() if zone.born else "", birth),
        "EXPIRATION_DATE": Told(zone.expires.isoformat() if zone.expires else "", expiry),
        "ID_TYPE": Told("PASSPORT" if zone.kind == "P" else "IDENTITY CARD", 0.95),
    }
    return {kind: told for kind, told in found.items() if told.text}


def _code(page: Page, data: bytes) -> dict[str, Told]:
    """What the code on the back of a licence says."""
    text = barcode.found(picture(data, page.number - 1))
    if text is None:
        return {}
    found = {kind: Told(value, 0.99) for kind, value in barcode.licence(text).items()}
    return {"ID_TYPE": Told("DRIVER LICENSE BACK", 0.95), **found}


def _field(kind: str, text: str, sure: float) -> dict[str, Any]:
    value: dict[str, Any] = {"Text": text, "Confidence": percent(sure)}
    if "DATE" in kind and (date := labels.date(text)):
        value["NormalizedValue"] = {"Value": date, "ValueType": "DATE"}
    return {"Type": {"Text": kind}, "ValueDetection": value}
