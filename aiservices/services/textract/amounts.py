"""Amounts and dates as people write them on paper."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

_NUMBER = re.compile(r"\d(?:[\d.,'’\u00a0\u202f ]*\d)?")
_SIGN = re.compile(r"[-\u2212]")
_AROUND = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]{1,3}|[Ee]uros?)(?![^\W\d_])\.?|[$€£¥₹₩₽₺₫₴₦₱₪฿¢]|[-+\u2212()\s*:=]|,-+")
"""What may stand around a number that is an amount: a currency, a sign, brackets."""
_GROUPED = re.compile(r"\d{1,3}(?P<mark>[., '])\d{3}(?:(?P=mark)\d{3})*|\d{1,2}(?:(?P<indian>,)\d\d)+,\d{3}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_WRITTEN = (
    re.compile(
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s\-/]*(?:of\s+)?{_MONTH},?[\s\-/]*(?P<year>\d{{4}}|\d\d)\b", re.I
    ),
    re.compile(rf"{_MONTH}[\s\-/]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[\s\-/]+(?P<year>\d{{4}}|\d\d)\b", re.I),
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"),
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)(?!\d)")


def amount(text: str) -> Decimal | None:
    """The amount that a text is, or None: `$1,234.56`, `1.234,56 €`, `CHF 1'234.50`, `(12.00)`, `12.50-`.

    A single mark with three digits behind it parts thousands: `1.234` and `1,234` are both 1234.
    """
    found = list(_NUMBER.finditer(text))
    if len(found) != 1:
        return None
    before, after = text[: found[0].start()], text[found[0].end() :]
    if _AROUND.sub("", before).strip() or _AROUND.sub("", after).strip():
        return None
    number = _plain(found[0].group())
    if number is None:
        return None
    negative = (bool(_SIGN.search(before)) or bool(re.match(r"\s*[-\u2212]", after))) or (
        "(" in before and ")" in after
    )
    return -number if negative else number


def _plain(text: str) -> Decimal | None:
    """A number without the marks that part its thousands."""
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
    if text.isdecimal() and text.isascii():
        return None if text.startswith("0") and len(text) > 1 else Decimal(text)
    grouped = _GROUPED.fullmatch(text)
    if grouped and not text.startswith("0"):
        return Decimal(re.sub(r"\D", "", text))
    cents = re.search(r"([.,])(\d+)$", text)
    if cents is None or not text.isascii():
        return None
    whole = text[: cents.start()]
    marked = _GROUPED.fullmatch(whole)
    if not (whole.isdecimal() or (marked and (marked["mark"] or marked["indian"]) != cents[1])):
        return None
    return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{cents[2]}")


def day(text: str, *, day_first: bool | None = None) -> date | None:
    """The date that stands in a text, or None: `2026-09-21`, `21 Sep 2026`, `September 21, 2026`, `21.09.2026`.

    day_first: how `03/04/2026` is meant; None: with dots the day comes first, and otherwise what could be both is None.
    Years of two digits are in this century.
    """
    for pattern in _WRITTEN:
        if match := pattern.search(text):
            month = match["month"].lower()
            number = int(month) if month.isdecimal() else _MONTHS.index(month[:3]) + 1
            return _date(match["year"], number, int(match["day"]))
    match = _NUMERIC.search(text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if day_first is None and match[2] == ".":
        day_first = True
    if day_first is None and first <= 12 and second <= 12 and first != second:
        return None
    if first > 12 or (day_first and second <= 12):
        return _date(match[4], second, first)
    return _date(match[4], first, second)


def _date(year: str, month: int, day: int) -> date | None:
    try:
        return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    except ValueError:
        return None
