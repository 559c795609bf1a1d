"""Check digits of the numbers that name people, cards, accounts and vehicles.

Every function takes the characters of the number alone, separators removed, and says whether they add up.
"""

from __future__ import annotations

from collections.abc import Sequence


def _digits(number: str) -> list[int]:
    return [int(char) for char in number]


def luhn(number: str) -> bool:
    """Cards, Canada's social insurance numbers, Ontario's health cards (ISO/IEC 7812-1)."""
    doubled = [int(char) * (1 + at % 2) for at, char in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def aba(number: str) -> bool:
    """A routing number of an American bank."""
    digits = _digits(number)
    first = int(number[:2])
    return (first <= 12 or 21 <= first <= 32 or 61 <= first <= 72 or first == 80) and _weighed(
        digits, (3, 7, 1) * 3
    ) % 10 == 0


def _weighed(digits: Sequence[int], weights: Sequence[int]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))


_IBANS = """
    AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BR:29 BY:28 CH:21 CR:22 CY:28 CZ:24 DE:22 DK:18 DO:28
    EE:20 EG:29 ES:24 FI:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 GT:28 HR:21 HU:28 IE:22 IL:23 IQ:23 IS:26
    IT:27 JO:30 KW:30 KZ:20 LB:28 LC:32 LI:21 LT:20 LU:20 LV:21 LY:25 MC:27 MD:24 ME:22 MK:19 MR:27 MT:31 MU:30
    NL:18 NO:15 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24 RS:22 SA:24 SC:31 SE:24 SI:19 SK:24 SM:27 ST:25 SV:28 TL:23
    TN:24 TR:26 UA:29 VA:22 VG:24 XK:20
"""
_IBAN_LENGTHS = {pair[:2]: int(pair[3:]) for pair in _IBANS.split()}


def iban(number: str) -> bool:
    """An international bank account number: its country's length, and 97 leaves 1 (ISO 13616)."""
    number = number.upper()
    if _IBAN_LENGTHS.get(number[:2]) != len(number):
        return False
    return int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 == 1


def nhs(number: str) -> bool:
    """A British health service number (modulo 11)."""
    digits = _digits(number)
    check = 11 - _weighed(digits[:9], range(10, 1, -1)) % 11
    return check != 10 and check % 11 == digits[9]


def utr(number: str) -> bool:
    """A British unique taxpayer reference: the first digit checks the other nine."""
    digits = _digits(number)
    return digits[0] == int("21987654321"[_weighed(digits[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11])


_DIHEDRAL = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTED = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def verhoeff(number: str) -> bool:
    """An Indian Aadhaar number (Verhoeff 1969)."""
    check = 0
    for at, char in enumerate(reversed(number)):
        check = int(_DIHEDRAL[check][int(_PERMUTED[at % 8][int(char)])])
    return check == 0


_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", _digits("12345678123457923456789"), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin(number: str) -> bool:
    """A vehicle identification number with North America's check digit (49 CFR 565.15)."""
    values = [int(char) if char.isdigit() else _VIN_VALUES[char] for char in number.upper()]
    check = "0123456789X"[_weighed(values, _VIN_WEIGHTS) % 11]
    return number[8].upper() == check


def ssn(number: str) -> bool:
    """An American social security number that can have been given out."""
    return number[:3] not in ("000", "666") and number[0] != "9" and number[3:5] != "00" and number[5:] != "0000"


def itin(number: str) -> bool:
    """An American individual taxpayer number: 9 in front, the ranges in use in the middle."""
    middle = int(number[3:5])
    return number[0] == "9" and (50 <= middle <= 65 or 70 <= middle <= 88 or 90 <= middle <= 92 or middle >= 94)
