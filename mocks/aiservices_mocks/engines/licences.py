"""What stands on the face of licences, passports and cards: short labels and numbers of fields, and what follows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from . import labels
from .documents import Line, Page

_DATE = r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2} ?[A-Za-z]{3,9}\.? ?/?(?: ?[A-Za-z]{3,5} )?\d{2,4}"
_SHORT = (
    ("DOCUMENT_NUMBER", r"(?:4d\W*)?(?:DLN?|LIC(?:ENSE)?|ID)\W*(?:NO|NUMBER|#)?", r"[A-Z]{0,3}[\d-][\dA-Z -]{4,18}"),
    ("EXPIRATION_DATE", r"(?:4b\W*)?EXP(?:IRES|IRY|IRATION)?(?: DATE)?", _DATE),
    ("DATE_OF_BIRTH", r"(?:3\W*)?(?:DOB|BIRTH ?DATE|DATE OF BIRTH)", _DATE),
    ("DATE_OF_ISSUE", r"(?:4a\W*)?ISS(?:UED?)?(?: DATE)?", _DATE),
    ("LAST_NAME", r"(?:1\W*)?(?:LN|LAST NAME|FAMILY NAME|SURNAME)", r"[A-Z][A-Z' -]+"),
    ("FIRST_NAME", r"(?:2\W*)?(?:FN|FIRST NAME|GIVEN NAMES?)", r"[A-Z][A-Z' ,-]+"),
    ("CLASS", r"(?:9\W*)?CLASS", r"[A-Z0-9]{1,3}"),
    ("ENDORSEMENTS", r"(?:9a\W*)?END(?:ORSEMENTS?)?", r"[A-Z0-9]{1,6}|NONE"),
    ("RESTRICTIONS", r"(?:12\W*)?REST(?:R(?:ICTIONS?)?)?", r"[A-Z0-9 ,]{1,12}|NONE"),
)
_NUMBERED = {"1": "LAST_NAME", "2": "FIRST_NAME", "8": "ADDRESS"}
_CITY = re.compile(r"([A-Z][A-Za-z .'-]+),? +([A-Z]{2}),? +(\d{5}(?:-\d{4})?)$")
_STREET = re.compile(r"(?:8\W+)?(\d+ .*[A-Za-z].*)")
_STATES = (
    "ALABAMA", "ALASKA", "ARIZONA", "ARKANSAS", "CALIFORNIA", "COLORADO", "CONNECTICUT", "DELAWARE", "FLORIDA",
    "GEORGIA", "HAWAII", "IDAHO", "ILLINOIS", "INDIANA", "IOWA", "KANSAS", "KENTUCKY", "LOUISIANA", "MAINE",
    "MARYLAND", "MASSACHUSETTS", "MICHIGAN", "MINNESOTA", "MISSISSIPPI", "MISSOURI", "MONTANA", "NEBRASKA",
    "NEVADA", "NEW HAMPSHIRE", "NEW JERSEY", "NEW MEXICO", "NEW YORK", "NORTH CAROLINA", "NORTH DAKOTA", "OHIO",
    "OKLAHOMA", "OREGON", "PENNSYLVANIA", "RHODE ISLAND", "SOUTH CAROLINA", "SOUTH DAKOTA", "TENNESSEE",
    "TEXAS", "UTAH", "VERMONT", "VIRGINIA", "WASHINGTON", "WEST VIRGINIA", "WISCONSIN", "WYOMING",
)  # fmt: skip
_STATE = re.compile(rf"(?i)\b({'|'.join(sorted(_STATES, key=len, reverse=True))})\b")


class Told(NamedTuple):
    """A value and how surely it was read, 0 to 1."""

    text: str
    sure: float


def read(page: Page) -> dict[str, Told]:
    """The fields that are found, by Textract's names."""
    lines = [line for line in page.lines if not line.turn]
    found = _labelled(page)
    for line in lines:
        for kind, label, value in _SHORT:
            match = re.search(rf"(?:^|\s)(?:{label})\W{{1,3}}({value})(?=$|\s+[A-Z0-9]{{2,}}\b)", line.text)
            if match:
                found.setdefault(kind, Told(match[1].strip(), _sure(line)))
        numbered = re.fullmatch(r"([128])\s+([A-Z0-9].+)", line.text)
        if numbered:
            found.setdefault(_NUMBERED[numbered[1]], Told(numbered[2], _sure(line)))
    _address(lines, found)
    first = found.get("FIRST_NAME")
    if first is not None and " " in first.text and "MIDDLE_NAME" not in found:
        name, _, middle = first.text.replace(",", " ").partition(" ")
        found["FIRST_NAME"], found["MIDDLE_NAME"] = Told(name, first.sure), Told(middle.strip(), first.sure)
    kind = _kind(page.text)
    if kind:
        found["ID_TYPE"] = Told(kind, 0.95)
    if kind.startswith("DRIVER") and (state := _STATE.search(page.text)):
        found.setdefault("STATE_NAME", Told(state[0].upper(), 0.9))
    return found


def _labelled(page: Page) -> dict[str, Told]:
    found: dict[str, Told] = {}
    for field in page.fields:
        kind = labels.identity(re.sub(r"^\d{1,2}[a-d]?\W* (?=\D)", "", " ".join(word.text for word in field.key)))
        if kind != labels.OTHER and field.value:
            found.setdefault(kind, Told(" ".join(word.text for word in field.value), field.confidence))
    return found


def _address(lines: Sequence[Line], found: dict[str, Told]) -> None:
    """The line with city, state and code, and the street on the one before."""
    for at, line in enumerate(lines):
        match = _CITY.search(line.text)
        if match is None:
            continue
        for kind, text in zip(
            ("CITY_IN_ADDRESS", "STATE_IN_ADDRESS", "ZIP_CODE_IN_ADDRESS"), match.groups(), strict=True
        ):
            found.setdefault(kind, Told(text.strip(" ,"), _sure(line)))
        street = _STREET.fullmatch(lines[at - 1].text) if at else None
        known = found.get("ADDRESS")
        if street and (known is None or known.text == street[1]):
            found["ADDRESS"] = Told(f"{street[1]} {match[0]}", _sure(line))
        return


def _kind(text: str) -> str:
    if re.search(r"(?i)driver.?s? licen[cs]e|driving licen[cs]e", text):
        return "DRIVER LICENSE FRONT"
    if re.search(r"(?i)\bpassport\b", text):
        return "PASSPORT"
    return "IDENTITY CARD" if re.search(r"(?i)\bidenti(?:ty|fication) card\b", text) else ""


def _sure(line: Line) -> float:
    return min(word.confidence for word in line.words)
