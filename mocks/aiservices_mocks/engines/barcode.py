"""The two-dimensional code on the back of American licences: found by zxing-cpp, read as AAMVA lays it down.

Source: https://www.aamva.org/identity/dl-id-card-design-standard (annex D)
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_ELEMENTS = {
    "DCS": "LAST_NAME", "DAC": "FIRST_NAME", "DCT": "FIRST_NAME", "DAD": "MIDDLE_NAME", "DCU": "SUFFIX",
    "DBB": "DATE_OF_BIRTH", "DBA": "EXPIRATION_DATE", "DBD": "DATE_OF_ISSUE", "DAQ": "DOCUMENT_NUMBER",
    "DAG": "ADDRESS", "DAI": "CITY_IN_ADDRESS", "DAJ": "STATE_IN_ADDRESS", "DAK": "ZIP_CODE_IN_ADDRESS", "DCA": "CLASS",
    "DCB": "RESTRICTIONS", "DCD": "ENDORSEMENTS", "DDL": "VETERAN",
}  # fmt: skip
_LINE = re.compile(r"(?:^|[\n\r\x1e]|(?<=\n)DL|DL(?=D))(D[A-D][A-Z])([^\n\r\x1e]*)")


def found(picture: Image) -> str | None:
    """The text of a PDF417 code in a picture; None: there is none, or zxing-cpp is not installed."""
    if find_spec("zxingcpp") is None:
        return None
    import zxingcpp

    codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.PDF417))
    texts = (bytes(code.bytes).decode("latin-1") for code in codes if code.valid)
    return next((text for text in texts if "ANSI" in text[:40]), None)


def licence(text: str) -> dict[str, str]:
    """What an AAMVA code says, by Textract's names of fields; dates as MM/DD/YYYY."""
    fields: dict[str, str] = {}
    for element, raw in _LINE.findall(text):
        kind, value = _ELEMENTS.get(element), raw.strip()
        if kind is None or not value or value.upper() in ("NONE", "UNAVL", "UNK"):
            continue
        if kind.startswith(("DATE", "EXPIRATION")):
            value = _date(value)
        elif kind == "ZIP_CODE_IN_ADDRESS":
            value = value[:5] if value[5:].strip("0 -") == "" else f"{value[:5]}-{value[5:9]}"
        fields.setdefault(kind, value)
    return fields


def _date(digits: str) -> str:
    """MMDDCCYY in the United States, CCYYMMDD in Canada."""
    if not re.fullmatch(r"\d{8}", digits):
        return digits
    if digits[:2] in ("19", "20") and int(digits[4:6]) <= 12:
        return f"{digits[4:6]}/{digits[6:]}/{digits[:4]}"
    return f"{digits[:2]}/{digits[2:4]}/{digits[4:]}"
