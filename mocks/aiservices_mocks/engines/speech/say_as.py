"""How `<say-as>` reads its text: as plain words that any engine can speak."""

from __future__ import annotations

import re

_ORDINALS = {"en": "th", "fr": "e", "es": ".º", "it": "º", "pt": "º", "de": ".", "da": ".", "nb": ".", "nl": "e"}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
_DATE_PARTS = {"m": "month", "d": "day", "y": "year"}
_UNITS = {
    "km": "kilometers", "m": "meters", "cm": "centimeters", "mm": "millimeters", "kg": "kilograms", "g": "grams",
    "mg": "milligrams", "lb": "pounds", "oz": "ounces", "ft": "feet", "in": "inches", "mi": "miles", "l": "liters",
    "ml": "milliliters", "h": "hours", "min": "minutes", "s": "seconds", "mph": "miles per hour",
    "km/h": "kilometers per hour", "°c": "degrees Celsius", "°f": "degrees Fahrenheit",
}  # fmt: skip
_BLEEP = "beep"


def said_as(text: str, kind: str, form: str, language: str) -> str:
    """What to say for a text that is to be interpreted as `kind`; language: espeak-ng's code.

    Dates, fractions, units and times in minutes and seconds become English words in English; in other languages
    their numbers are read in order.
    """
    text = text.strip()
    english = language.startswith("en")
    if kind in ("characters", "spell-out"):
        return ", ".join(character for character in text if not character.isspace())
    if kind in ("digits", "telephone"):
        return _digits(text, grouped=kind == "telephone")
    if kind == "ordinal":
        return _ordinal(text, language)
    if kind == "expletive":
        return _BLEEP
    if kind == "date":
        return _date(text, form, english)
    if kind == "fraction":
        return _fraction(text, english)
    if kind == "unit" and english:
        return re.sub(r"([0-9.,]+)\s*([^\s0-9]+)", _unit, text)
    if kind == "time" and english:
        return _time(text)
    return text


def _digits(text: str, grouped: bool) -> str:
    groups = re.findall(r"[0-9]+|[^\W\d_]+", text)
    joined = [" ".join(group) if group[0].isdigit() else group for group in groups]
    return (", " if grouped else " ").join(joined)


def _ordinal(text: str, language: str) -> str:
    found = re.fullmatch(r"([0-9][0-9,.]*)", text)
    if not found:
        return text
    number, tongue = found[1].replace(",", ""), language.split("-")[0]
    if tongue == "en" and number.isdigit():
        last = int(number) % 100
        ending = "th" if 11 <= last <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(last % 10, "th")
        return number + ending
    return number + _ORDINALS.get(tongue, ".")


def _date(text: str, form: str, english: bool) -> str:
    parts = re.findall(r"[0-9?]+", text)
    if len(parts) == 1 and len(parts[0]) == 8:
        parts, form = [parts[0][:4], parts[0][4:6], parts[0][6:]], "ymd"
    if not english or not parts or len(form) != len(parts) or set(form) - set(_DATE_PARTS):
        return text if not parts else " ".join(part for part in parts if part.strip("?"))
    by_part = {_DATE_PARTS[letter]: part for letter, part in zip(form, parts, strict=True) if part.strip("?")}
    words = []
    month = by_part.get("month", "")
    if month.isdigit():
        words.append(_MONTHS[int(month) - 1] if 1 <= int(month) <= 12 else month)
    if "day" in by_part:
        words.append(_ordinal(str(int(by_part["day"])), "en"))
    if "year" in by_part:
        words.append(("," if words else "") + by_part["year"])
    return " ".join(words).replace(" ,", ", ")


def _fraction(text: str, english: bool) -> str:
    found = re.fullmatch(r"(?:([0-9]+)\s*\+\s*)?([0-9]+)\s*/\s*([0-9]+)", text)
    if not found or not english:
        return text.replace("/", " ").replace("+", " ")
    whole, above, below = found.groups()
    names = {"2": ("half", "halves"), "4": ("quarter", "quarters")}
    one, many = names.get(below, (_ordinal(below, "en"), _ordinal(below, "en") + "s"))
    part = f"{above} {one if above == '1' else many}"
    return f"{whole} and {part}" if whole else part


def _unit(found: re.Match[str]) -> str:
    return f"{found[1]} {_UNITS.get(found[2].casefold(), found[2])}"


def _time(text: str) -> str:
    found = re.fullmatch(r"(?:([0-9]+)')?(?:([0-9]+)\")?", text)
    if not found or not any(found.groups()):
        return text
    minutes, seconds = found.groups()
    said = [f"{minutes} minute{'' if minutes == '1' else 's'}"] if minutes else []
    said += [f"{seconds} second{'' if seconds == '1' else 's'}"] if seconds else []
    return " ".join(said)
