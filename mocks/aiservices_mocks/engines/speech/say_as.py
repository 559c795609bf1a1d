"""How `<say-as>` reads its text: as plain words that any engine can speak.

Spelling, digits, ordinals and telephone numbers are language-neutral; dates and times have words in six languages,
fractions, units and addresses in English: elsewhere the engine reads them as they are written.
Source: https://docs.aws.amazon.com/polly/latest/dg/say-as-tag.html
"""

from __future__ import annotations

import re
from itertools import groupby

from .spoken_words import ADDRESS, DATES, MINUTES, ORDINALS, UNITS

_PARTS = {"m": "month", "d": "day", "y": "year"}
_GROUPS = {7: (3, 4), 10: (3, 3, 4), 11: (1, 3, 3, 4)}
"""How the digits of a telephone number stand together, by their number."""
_TIMES = {2: "double", 3: "triple"}


def said_as(text: str, kind: str, form: str, language: str) -> str:
    """What to say for a text that is to be interpreted as `kind`; language: espeak-ng's code."""
    text = text.strip()
    tongue = language.split("-")[0]
    if kind in ("characters", "spell-out"):
        return ", ".join(character for character in text if not character.isspace())
    if kind == "digits":
        return " ".join(_spread(text))
    if kind == "telephone":
        return _telephone(text, british=language == "en")
    if kind in ("cardinal", "number"):
        return re.sub(r"(?<=[0-9])[,\s](?=[0-9]{3}\b)", "", text)
    if kind == "ordinal":
        return _ordinal(text, tongue)
    if kind == "date":
        return _date(text, form, tongue)
    if kind == "time":
        return _time(text, tongue)
    if tongue != "en":
        return text.replace("/", " ").replace("+", " ") if kind == "fraction" else text
    if kind == "fraction":
        return _fraction(text)
    if kind == "unit":
        return _unit(text)
    if kind == "address":
        return _address(text)
    return text


def _spread(text: str) -> list[str]:
    """Each digit of its own, and words."""
    return re.findall(r"[0-9]|[^\W\d_]+", text)


def _telephone(text: str, british: bool) -> str:
    number, _, extension = re.sub(r"(?i)\s*(?:ext\.?|extension)\s*", "x", text).partition("x")
    groups = re.findall(r"[0-9]+", number)
    if len(groups) == 1 and len(groups[0]) in _GROUPS:
        digits, groups = groups[0], []
        for size in _GROUPS[len(digits)]:
            groups.append(digits[:size])
            digits = digits[size:]
    said = ("plus " if number.lstrip().startswith("+") else "") + ", ".join(_each(group, british) for group in groups)
    return f"{said}, extension {_each(extension, british)}" if extension.strip() else said


def _each(digits: str, british: bool) -> str:
    if not british:
        return " ".join(_spread(digits))
    runs = [(digit, len(list(run))) for digit, run in groupby(_spread(digits))]
    return " ".join(f"{_TIMES[count]} {digit}" if count in _TIMES else " ".join(digit * count) for digit, count in runs)


def _ordinal(text: str, tongue: str) -> str:
    number = re.sub(r"[,.\s](?=[0-9]{3}\b)", "", text)
    if not number.isdecimal():
        return text
    if tongue == "en":
        last = int(number[-2:])
        ending = "th" if 11 <= last <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(last % 10, "th")
        return number + ending
    return number + ORDINALS.get(tongue, ".")


def _date(text: str, form: str, tongue: str) -> str:
    parts = re.findall(r"[0-9?]+", text)
    if len(parts) == 1 and len(parts[0]) == 8 and form in ("", "yyyymmdd"):
        parts, form = [parts[0][:4], parts[0][4:6], parts[0][6:]], "ymd"
    if not parts or len(form) != len(parts) or set(form) - set(_PARTS):
        return text
    told = {_PARTS[letter]: part for letter, part in zip(form, parts, strict=True) if part.strip("?")}
    language = DATES.get(tongue)
    if language is None or not all(part.isdecimal() for part in told.values()):
        return " ".join(told.values())
    day, month, year = told.get("day", ""), told.get("month", ""), told.get("year", "")
    if month:
        month = dict(enumerate(language.months, 1)).get(int(_shortest(month)[:3]), month)
    if day:
        day = _shortest(day)
        if language.ordinal or (day == "1" and tongue == "fr"):
            day = _ordinal(day, tongue)
    if tongue == "en":
        first = f"{month} {day}".strip()
        return f"{first}, {year}" if first and year and day else f"{first} {year}".strip()
    return language.joined.join(part for part in (day, month, year) if part)


def _time(text: str, tongue: str) -> str:
    found = re.fullmatch(r"(?:([0-9]+)['′])?\s*(?:([0-9]+)(?:[\"″]|''))?", text)
    if not found or not any(found.groups()) or tongue not in MINUTES:
        return text
    said = [
        f"{_shortest(count)} {one if _shortest(count) == '1' else many}"
        for count, (one, many) in zip(found.groups(), MINUTES[tongue], strict=True)
        if count
    ]
    return " ".join(said)


def _shortest(number: str) -> str:
    """A number without the zeros before it; of any length, which `int` is not."""
    return number.lstrip("0") or "0"


def _fraction(text: str) -> str:
    found = re.fullmatch(r"(?:([0-9]+)\s*\+\s*)?([0-9]+)\s*/\s*([0-9]+)", text)
    if not found:
        return text
    whole, above, below = found.groups()
    names = {"2": ("half", "halves"), "4": ("quarter", "quarters")}
    one, many = names.get(below, (_ordinal(below, "en"), _ordinal(below, "en") + "s"))
    if not whole:
        return f"{above} {one if above == '1' else many}"
    article = "an" if below in ("8", "11", "18") else "a"
    return f"{whole} and {f'{article} {one}' if above == '1' else f'{above} {many}'}"


def _unit(text: str) -> str:
    found = re.fullmatch(r"([0-9][0-9.,]*(?:\s*[+/]\s*[0-9]+)*)?\s*([^\s0-9][^0-9]*)", text)
    if not found:
        return text
    number, unit = (found[1] or "").strip(), found[2].strip()
    one, many = UNITS.get(unit) or UNITS.get(unit.casefold()) or _named(unit)
    if "/" in number:
        part = _fraction(number)
        return f"{part} {many}" if "+" in number else f"{part} of {'an' if one[0] in 'aeiou' else 'a'} {one}"
    return f"{number} {one if number in ('', '1') else many}".strip()


def _named(unit: str) -> tuple[str, str]:
    """A unit by its name, in singular and plural."""
    for one, many in UNITS.values():
        if unit.casefold() in (one.casefold(), many.casefold()):
            return one, many
    return unit, unit


def _address(text: str) -> str:
    """Abbreviations written out; a house number of three or more digits in pairs, a postal code digit by digit."""
    words = [
        ADDRESS.get(word.rstrip(".,").casefold(), word.rstrip(".,")) + "," * word.endswith(",") for word in text.split()
    ]
    said = re.sub(r"\b[0-9]{5}(?:-[0-9]{4})?\b", lambda code: " ".join(_spread(code[0])), " ".join(words))
    return re.sub(r"\b([0-9]{1,2})([1-9][0-9])\b", r"\1 \2", said)
