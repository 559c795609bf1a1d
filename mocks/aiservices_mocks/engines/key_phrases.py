"""Key phrases: noun phrases with their determiners and modifiers, cut by patterns over parts of speech.

Languages without a tagger get runs of content words, the longer the surer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

from . import content_runs, syntax


class Phrase(NamedTuple):
    """A phrase, where it stands, and how sure the model is of it (0..1)."""

    begin: int
    end: int
    text: str
    score: float


# One letter per token, so that a pattern over tags is a regular expression over a string.
_LETTERS = {"NOUN": "N", "PROPN": "N", "NUM": "M", "DET": "D", "ADJ": "A", "SYM": "S", "O": "N"}
_POSSESSIVES = frozenset(["my", "your", "his", "her", "its", "our", "their"])
_GERMANIC = re.compile(r"[DP]*(?:[AMS]|V(?=A)|H(?=[ANM]))*N(?:[NM]|H(?=[ANM])|A(?=N)|G[AM]*(?=N))*|[DP]*S?M+S?|T")
_ROMANCE = re.compile(r"[DP]*M?(?:V(?=A)|A)*N(?:[NMA]|H(?=[ANM])|V(?=A)|O(?=[NM]))*|S?M+S?(?:ON(?:OM)?)?|T")
_ROMANCE_OF = {
    "es": frozenset({"de"}),
    "fr": frozenset({"de", "d'", "d’"}),
    "it": frozenset({"di", "d'", "d’"}),
    "pt": frozenset({"de"}),
}
_HYPHENS = frozenset("-–/")
_DAYS = re.compile(  # they stand beside a noun phrase, not in it
    r"today|tomorrow|yesterday|tonight|hoy|ayer|mañana|aujourd['’]hui|demain|hier|heute|gestern|oggi|domani|ieri|"
    r"hoje|ontem|amanhã"
)


def find(text: str, language: str) -> list[Phrase]:
    """The phrases of a text in order; none overlap."""
    if language in syntax.LANGUAGES:
        return [phrase for words in syntax.tag_sentences(text, language) for phrase in _chunks(text, words, language)]
    return [
        Phrase(begin, end, text[begin:end], round(1.0 - 0.5 / (1 + size), 6))
        for begin, end, size in content_runs.find(text, language)
    ]


def _chunks(text: str, words: list[syntax.Tagged], language: str) -> Iterable[Phrase]:
    letters = "".join(_letter(word, before, language) for word, before in zip(words, [None, *words], strict=False))
    pattern = _ROMANCE if language in _ROMANCE_OF else _GERMANIC
    for match in pattern.finditer(letters):
        inside = words[match.start() : match.end()]
        begin, end = inside[0].begin, inside[-1].end
        score = math.prod(word.score for word in inside) ** (1 / len(inside))
        yield Phrase(begin, end, text[begin:end], round(score, 6))


def _letter(word: syntax.Tagged, before: syntax.Tagged | None, language: str) -> str:
    lower = word.text.lower()
    if _DAYS.fullmatch(lower) and word.tag in ("NOUN", "ADV"):
        return "T" if word.tag == "NOUN" or language == "en" else "."
    if word.text in _HYPHENS and before is not None and before.end == word.begin:
        return "H"
    if word.tag == "PRON":
        return "P" if language == "en" and lower in _POSSESSIVES else "."
    if word.tag == "PART":
        return "G" if lower in ("'s", "’s", "'", "’") else "."
    if word.tag == "ADV":
        return "V"
    if word.tag == "ADP":
        return "O" if lower in _ROMANCE_OF.get(language, ()) else "."
    return _LETTERS.get(word.tag, ".")
