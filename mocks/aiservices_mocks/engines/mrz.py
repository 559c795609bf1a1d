"""The lines of passports and cards that machines read: three formats, with their check digits.

Source: ICAO Doc 9303, parts 4 to 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 3, 1)
_LOST = 3  # fillers at the end of a line that OCR may have lost or added
_DIGITS = str.maketrans("OQDILBSZG", "000118526")
_LETTERS = str.maketrans("01825", "OIBZS")
_FORMATS = {(44, 2): "TD3", (36, 2): "TD2", (30, 3): "TD1"}


@dataclass(frozen=True, slots=True)
class Zone:
    """What a zone says. Dates are None when they are none."""

    lines: tuple[str, ...]
    kind: str
    """P, I, A, C, V: of the document."""
    country: str
    surname: str
    given: str
    number: str
    nationality: str
    born: date | None
    sex: str
    expires: date | None
    checks: tuple[bool, ...]
    """Whether number, birth, expiry and the whole fit their check digits."""

    @property
    def valid(self) -> bool:
        """Whether all check digits fit."""
        return all(self.checks)


def check_digit(text: str) -> int:
    """Of digits, letters and fillers."""
    values = (0 if c == "<" else int(c) if c.isdigit() else ord(c) - 55 for c in text)
    return sum(value * _WEIGHTS[i % 3] for i, value in enumerate(values)) % 10


def zone(texts: Iterable[str]) -> Zone | None:
    """The zone among some lines of text, if there is one: OCR's confusions of letters and digits are undone."""
    lines = [cleaned for text in texts if len(cleaned := _cleaned(text)) in (44, 36, 30)]
    for (length, count), form in _FORMATS.items():
        for at in range(len(lines) - count + 1):
            group = lines[at : at + count]
            if all(len(line) == length for line in group) and "<" in "".join(group):
                return _card(group) if form == "TD1" else _booklet(group)
    return None


def _cleaned(text: str) -> str:
    """A line as the zone's alphabet has it; fillers at its end that were lost or added are mended."""
    line = re.sub(r"[^A-Z0-9<]", "", text.upper().replace("«", "<<").replace(" ", ""))
    bare = line.rstrip("<")
    for length in (44, 36, 30):
        if line.endswith("<<") and len(bare) < length and abs(len(line) - length) <= _LOST:
            return bare.ljust(length, "<")
    return line


def _booklet(lines: list[str]) -> Zone:
    first, second = lines
    number, born, expires = second[:9], second[13:19].translate(_DIGITS), second[21:27].translate(_DIGITS)
    digits = [second[at].translate(_DIGITS) for at in (9, 19, 27)]
    long = len(second) == 44
    rest = second[28:42] + second[42:43].translate(_DIGITS) if long else second[28:35]
    whole = number + digits[0] + born + digits[1] + expires + digits[2] + rest
    checks = (
        _fits(number, digits[0]), _fits(born, digits[1]), _fits(expires, digits[2]),
        _fits(whole, second[-1].translate(_DIGITS)),
    )  # fmt: skip
    return _made(lines, first[5:], number, second[10:13], born, second[20], expires, checks)


def _card(lines: list[str]) -> Zone:
    first, second, third = lines
    number, born, expires = first[5:14], second[:6].translate(_DIGITS), second[8:14].translate(_DIGITS)
    digits = [first[14].translate(_DIGITS), second[6].translate(_DIGITS), second[14].translate(_DIGITS)]
    whole = first[5:14] + digits[0] + first[15:30] + born + digits[1] + expires + digits[2] + second[18:29]
    checks = (
        _fits(number, digits[0]), _fits(born, digits[1]), _fits(expires, digits[2]),
        _fits(whole, second[29].translate(_DIGITS)),
    )  # fmt: skip
    return _made(lines, third, number, second[15:18], born, second[7], expires, checks)


def _fits(text: str, digit: str) -> bool:
    return digit.isdigit() and check_digit(text) == int(digit)


def _made(
    lines: list[str],
    names: str,
    number: str,
    nationality: str,
    born: str,
    sex: str,
    expires: str,
    checks: tuple[bool, ...],
) -> Zone:
    country = lines[0][2:5]
    surname, _, given = names.translate(_LETTERS).partition("<<")
    until = _date(expires, 2000)
    birth = _date(born, 2000)
    if birth is not None and birth > (until or date(2025, 1, 1)):
        birth = _date(born, 1900)
    return Zone(
        tuple(lines), lines[0][0], _spaced(country.translate(_LETTERS)), _spaced(surname), _spaced(given),
        number.replace("<", ""), _spaced(nationality.translate(_LETTERS)), birth, sex.replace("<", ""), until, checks,
    )  # fmt: skip


def _spaced(text: str) -> str:
    return " ".join(text.replace("<", " ").split())


def _date(digits: str, century: int) -> date | None:
    try:
        return date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None
