"""The voices: who there is, and how each sounds here.

A voice's own pitch is made up from its place among the voices of its gender, so that no two sound alike.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = {
    "arb": "ar", "ar-AE": "ar", "ca-ES": "ca", "cmn-CN": "cmn", "cs-CZ": "cs", "cy-GB": "cy", "da-DK": "da",
    "de-AT": "de", "de-CH": "de", "de-DE": "de", "en-AU": "en", "en-GB": "en", "en-GB-WLS": "en",
    "en-IE": "en", "en-IN": "en", "en-NZ": "en", "en-SG": "en", "en-US": "en-us", "en-ZA": "en",
    "es-ES": "es", "es-MX": "es-419", "es-US": "es-419", "fi-FI": "fi", "fr-BE": "fr-be", "fr-CA": "fr", "fr-FR": "fr",
    "hi-IN": "hi", "is-IS": "is", "it-IT": "it", "ja-JP": "ja", "ko-KR": "ko", "nb-NO": "nb", "nl-BE": "nl",
    "nl-NL": "nl", "pl-PL": "pl", "pt-BR": "pt-br", "pt-PT": "pt", "ro-RO": "ro", "ru-RU": "ru", "sv-SE": "sv",
    "tr-TR": "tr", "yue-CN": "yue",
}  # fmt: skip
"""AWS's language -> the language of espeak-ng that speaks it."""

_DATA = Path(__file__).parents[2] / "data" / "polly_voices.json"
_TIMBRES = {"Female": ("f1", "f2", "f3", "f4", "f5"), "Male": ("m1", "m2", "m3", "m4", "m6", "m7", "m8")}
_REGISTERS = {"Female": (180.0, 250.0), "Male": (92.0, 140.0)}
"""Hertz, from the deepest to the highest voice."""
_CHILD = 1.2


@dataclass(frozen=True)
class Voice:
    """One voice of Polly."""

    id: str
    name: str
    gender: str
    language: str
    language_name: str
    engines: tuple[str, ...]
    additional: tuple[str, ...]
    hertz: float
    """The pitch it speaks at."""
    lift: float
    """Its pitch relative to the middle of its gender."""
    timbre: str
    """The variant of espeak-ng it takes."""

    def speaks(self, language: str) -> bool:
        """Whether it may be asked for in this language."""
        return language == self.language or language in self.additional


@cache
def voices() -> dict[str, Voice]:
    """Every voice by its id, in the order of their languages."""
    rows = json.loads(_DATA.read_text("utf-8"))["voices"]
    places = {
        gender: {row["Id"]: at for at, row in enumerate(sorted(mine, key=lambda row: str(row["Id"])))}
        for gender in _REGISTERS
        for mine in [[row for row in rows if row["Gender"] == gender]]
    }
    return {row["Id"]: _voice(row, places[row["Gender"]]) for row in rows}


def _voice(row: dict[str, object], places: dict[str, int]) -> Voice:
    identifier, gender = str(row["Id"]), str(row["Gender"])
    low, high = _REGISTERS[gender]
    place = places[identifier]
    hertz = low * (high / low) ** (place / max(len(places) - 1, 1)) * (_CHILD if row.get("child") else 1.0)
    return Voice(
        id=identifier,
        name=str(row["Name"]),
        gender=gender,
        language=str(row["LanguageCode"]),
        language_name=str(row["LanguageName"]),
        engines=tuple(row["SupportedEngines"]),  # type: ignore[arg-type]  # the file has the words of the Literal
        additional=tuple(row.get("AdditionalLanguageCodes", ())),  # type: ignore[arg-type]  # the file has the words of the Literal
        hertz=round(hertz, 3),
        lift=hertz / (low * high) ** 0.5,
        timbre=_TIMBRES[gender][place % len(_TIMBRES[gender])],
    )
