"""Named entities, dates and quantities in a text.

English and Portuguese names come from fields trained on their own corpora; Spanish, French, German and Italian ones
from a field trained on English, Portuguese and German that leans on parts of speech, outlines and lists; Arabic,
Hindi, Japanese, Korean and Chinese ones from signs beside the name (titles, endings, a list of places), and names in
Latin letters. Dates and quantities come from rules in all of them.

`mocks/training/quality.py` prints the figures. No corpus of Spanish, French or Italian names with a free licence was
found: there it prints how many names of translated sentences are found.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import chain

from . import gazetteer, measures, mentions, native_names, syntax
from .entity import Entity

_WEIGHTS = {"en": "entities-en", "pt": "entities-pt"}
_CODE = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]*[^\s<>\"“”.,;:!?)\]}'’]"
    r"|[\w.+-]*\w@\w[\w-]*(?:\.\w[\w-]*)+"
    r"|(?<![\w@.])[@#][^\W\d]\w+"
    r"|(?<![\w-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])"
    r"|(?<![\w.,-])(?:\d{4}[ -]){3}\d{4}(?![\w-])|(?<![\w.,-])(?:X{4,}\d{2,}|\d{7,})(?![\w.,-]\d|\w)"
)
_ADDRESS = re.compile(
    r"(?<![\w-])\d{1,5}[A-Z]?(?: (?:[NSEW]\.?|[A-Z][\w'’-]+|\d+(?:st|nd|rd|th))){1,4}? "
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Square|Highway|Parkway)\b\.?"
)
_LATIN = r"[A-Z](?:[A-Za-z\u00c0-\u024f0-9&'’.-]*[A-Za-z\u00c0-\u024f0-9])?"
_LATIN_NAME = re.compile(rf"{_LATIN}(?:[ ・]{_LATIN})*")
_COMPANY = re.compile(r"(?:Inc|Corp|Ltd|LLC|GmbH|AG|Group|Bank|University|Company|Co)\.?$")


def find(text: str, language: str) -> list[Entity]:
    """The entities of a text in order; none overlap.

    language: any of the service's codes; a name in a language without a field is found by its signs alone.
    """
    codes = [_sign(match, "OTHER") for match in _CODE.finditer(text)]
    if language == "en":
        codes += [_sign(match, "LOCATION") for match in _ADDRESS.finditer(text)]
    if language in syntax.LANGUAGES:
        tagged = syntax.tag_sentences(text, language)
        found = _measured(text, language, list(chain.from_iterable(tagged)))
        names = [entity for sentence in tagged for entity in _named(text, language, sentence)]
    else:
        found = [
            Entity(m.begin, m.end, text[m.begin : m.end], m.type, _evidence(m.end - m.begin))
            for m in measures.find(text, language)
        ]
        names = [*_signed(text, language), *_latin(text)]
    return _merged(text, codes, found, names)


def _named(text: str, language: str, sentence: list[syntax.Tagged]) -> Iterable[Entity]:
    finder = mentions.finder(_WEIGHTS.get(language, "entities-latin"))
    for mention in finder.find([word.text for word in sentence], [word.tag for word in sentence]):
        begin, end = sentence[mention.first].begin, sentence[mention.last - 1].end
        yield Entity(begin, end, text[begin:end], mention.type, round(mention.score, 6))


def _measured(text: str, language: str, words: list[syntax.Tagged]) -> list[Entity]:
    """Dates and quantities; as sure as the tagger is of their words. A month that is a verb is none."""
    found = []
    at = 0
    for begin, end, kind in measures.find(text, language):
        while at < len(words) and words[at].end <= begin:
            at += 1
        last = at
        while last < len(words) and words[last].begin < end:
            last += 1
        inside = words[at:last]
        if not inside or (len(inside) == 1 and inside[0].tag in ("VERB", "AUX")):
            continue
        score = math.prod(word.score for word in inside) ** (1 / len(inside))
        found.append(Entity(begin, end, text[begin:end], kind, round(score, 6)))
    return found


def _sign(match: re.Match[str], kind: str) -> Entity:
    """What is known by its form alone; a longer match is surer."""
    return Entity(match.start(), match.end(), match.group(), kind, _evidence(len(match.group())))


def _signed(text: str, language: str) -> Iterable[Entity]:
    for begin, end, kind, signs in native_names.find(text, language):
        yield Entity(begin, end, text[begin:end], kind, _evidence(end - begin + 2 * signs))


def _latin(text: str) -> Iterable[Entity]:
    """Names in Latin letters inside a text of another script, typed by the lists and by company endings."""
    lists = gazetteer.load()
    for match in _LATIN_NAME.finditer(text):
        name = match.group()
        words = re.split("[ ・]", name)
        kinds = lists.kinds(name) or lists.kinds(words[0])
        if _COMPANY.search(name) or (name.isupper() and len(name) > 1):
            kind, signs = "ORGANIZATION", 2
        elif any(place in kinds for place in ("city", "country", "state")):
            kind, signs = "LOCATION", 2
        elif "first" in kinds:
            kind, signs = "PERSON", len(words)
        elif len(name) > 2:
            kind, signs = "ORGANIZATION" if len(words) == 1 else "OTHER", 0
        else:
            continue
        yield Entity(match.start(), match.end(), name, kind, _evidence(len(words) + 2 * signs))


def _evidence(signs: int) -> float:
    """A score for a rule's match: half the doubt goes with every two signs that speak for it."""
    return round(1.0 - 0.5 * 0.7071**signs, 6)


def _merged(text: str, codes: list[Entity], found: list[Entity], names: list[Entity]) -> list[Entity]:
    """One row of entities without overlaps: codes first, then names that hold a measure within, measures, names."""
    measured, dated = bytearray(len(text)), bytearray(len(text))
    for measure in found:
        covered = b"\x01" * (measure.end - measure.begin)
        measured[measure.begin : measure.end] = covered
        if measure.type == "DATE":
            dated[measure.begin : measure.end] = covered
    codes = [code for code in codes if not all(dated[code.begin : code.end])]
    wider = [name for name in names if _holds(measured, name)]
    taken = bytearray(len(text))
    kept: list[Entity] = []
    for entity in chain(codes, wider, found, names):
        if not any(taken[entity.begin : entity.end]):
            taken[entity.begin : entity.end] = b"\x01" * (entity.end - entity.begin)
            kept.append(entity)
    return sorted(kept)


def _holds(measured: bytearray, name: Entity) -> bool:
    """Whether a whole date or quantity stands inside a longer name ("World War 2")."""
    inside = measured[name.begin : name.end]
    around = measured[max(name.begin - 1, 0) : name.begin] + measured[name.end : name.end + 1]
    return any(inside) and not all(inside) and not (any(around) and (inside[0] or inside[-1]))
