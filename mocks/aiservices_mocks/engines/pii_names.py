"""Personal names and addresses in English text, by a conditional random field over words and what entities they are.

Unlike sentences, addresses run over line ends; a place named on its own counts as an address, as the real service
has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from aiservices.text import sentences

from . import crf, gazetteer, mentions, syntax
from .entity import Entity
from .tokens import Token, tokenize

_SENTENCE_END = re.compile(r"[.!?。]['\"”’)\]]*\s*$")
_STREET = re.compile(
    r"(?:st|ave|rd|ln|dr|blvd|apt)\.?|street|avenue|road|lane|drive|boulevard|court|ct|way|place|pl|square|highway|hwy|"
    r"parkway|terrace|circle|suite|apartment|floor|unit|box|p\.o\.|building"
)

_VERBS = frozenset(
    ("is", "are", "was", "were", "has", "have", "had", "be", "been", "does", "do", "did", "will", "can", "may", "must",
     "should", "would", "could")
)  # fmt: skip
_KNOWN_PLACE = re.compile(r"\b(?:city|country|state)\b(?!-)")
_CODE_WORDS = frozenset(("zip", "zipcode", "postal", "postcode", "post", "code"))
_CODE_WORDS_BEFORE = 5


def attributes(word: str, offset: int) -> list[str]:
    """What a word says about the label of the word `offset` places before it."""
    lower, outline = word.lower(), crf.shape(word)
    row = [f"{offset}w={lower}", f"{offset}o={outline}"]
    if _STREET.fullmatch(lower):
        row.append(f"{offset}street")
    if lower.isdigit():
        row.append(f"{offset}d={min(len(lower), 6)}")
    if offset in (0, -1, 1):
        row.append(f"{offset}s={lower[-3:]}")
    if offset == 0:
        row += ["b", f"p={lower[:3]}", f"s2={lower[-2:]}"]
    return row


def context(
    words: Sequence[str], tags: Sequence[str], found: Sequence[mentions.Mention], lines: Sequence[bool]
) -> list[list[str]]:
    """What else tells names and addresses: the entity a word is in, lists, parts of speech, line starts."""
    kinds = ["O"] * len(words)
    for mention in found:
        kinds[mention.first : mention.last] = [mention.type] * (mention.last - mention.first)
    rows = mentions.context(words, tags)
    last = len(words) - 1
    for at, row in enumerate(rows):
        before, after = kinds[max(at - 1, 0)], kinds[min(at + 1, last)]
        row += [f"e={kinds[at]}", f"ee={before}|{kinds[at]}", f"e+={kinds[at]}|{after}"]
        if lines[at]:
            row.append("line")
        if at < last and lines[at + 1]:
            row.append("line+")
    return rows


def _silent(word: str, following: str) -> tuple[str, str]:
    return "", ""


class Finder:
    """The field with the entity finder and tagger that it builds on."""

    def __init__(self, model: crf.Model) -> None:
        self._model = model
        self._window = crf.Window(model, attributes, _silent)

    def emissions(self, words: Sequence[str], rows: Sequence[Sequence[str]]) -> list[crf.Vector]:
        """The labels' scores of every word, given what `context` tells."""
        emissions = self._window.emissions(words)
        for emission, row in zip(emissions, rows, strict=True):
            self._model.add(row, emission)
        return emissions

    def find(self, words: Sequence[str], rows: Sequence[Sequence[str]]) -> list[mentions.Mention]:
        """Names and addresses in a row of words."""
        emissions = self.emissions(words, rows)
        path = self._model.decode(emissions)
        sure = self._model.confidences(emissions, path)
        labels = [self._model.labels[label] for label in path]
        return [mentions.Mention(b, e, kind, min(sure[b:e])) for b, e, kind in mentions.spans(labels)]


@cache
def finder() -> Finder:
    """The finder over the weights that ship."""
    return Finder(crf.load("pii-names"))


def blocks(text: str) -> list[list[Token]]:
    """The tokens of the text by sentence, line ends inside a sentence not counted."""
    result: list[list[Token]] = []
    open_ = False
    for piece in sentences(text):
        tokens = [Token(b + piece.start, e + piece.start, word) for b, e, word in tokenize(piece.text)]
        if open_:
            result[-1] += tokens
        else:
            result.append(tokens)
        open_ = not _SENTENCE_END.search(piece.text)
    return result


class Described(NamedTuple):
    """A block's context rows, the persons and known places that the entity field sees in it."""

    rows: list[list[str]]
    persons: list[mentions.Mention]
    places: list[mentions.Mention]


def described(text: str, tokens: Sequence[Token]) -> Described:
    """What is known of one block before names and addresses are told apart."""
    words = [token.text for token in tokens]
    tags = [tag for tag, _ in syntax.tagger("en").tag(words)]
    found = mentions.finder("entities-en").find(words, tags)
    lines = [at > 0 and "\n" in text[tokens[at - 1].end : token.begin] for at, token in enumerate(tokens)]
    persons = [mention for mention in found if mention.type == "PERSON"]
    marks = gazetteer.load().mark(words)
    places = [one for one in found if one.type == "LOCATION" and _KNOWN_PLACE.search(marks[one.first])]
    return Described(context(words, tags, found, lines), persons, places)


def find(text: str) -> list[Entity]:
    """Names (NAME) and addresses (ADDRESS) in an English text, in order; parts of one address are one."""
    found: list[Entity] = []
    for tokens in blocks(text):
        rows, persons, places = described(text, tokens)
        words = [token.text for token in tokens]
        named = _widened(finder().find(words, rows), persons)
        for mention in _with_places(named, places):
            if mention.type == "ADDRESS" and (_counts_something(words, mention) or _tells(words, mention)):
                continue
            begin, end = tokens[mention.first].begin, tokens[mention.last - 1].end
            found.append(Entity(begin, end, text[begin:end], mention.type, round(mention.score, 6)))
    return joined(text, found)


def _counts_something(words: Sequence[str], mention: mentions.Mention) -> bool:
    """Whether it is but a number after a word, as in `ticket 12345`, and no word speaks of a postal code."""
    if not all(word.isdigit() for word in words[mention.first : mention.last]):
        return False
    before = [word.lower() for word in words[max(0, mention.first - _CODE_WORDS_BEFORE) : mention.first]]
    return bool(before) and before[-1].isalpha() and _CODE_WORDS.isdisjoint(before)


def _tells(words: Sequence[str], mention: mentions.Mention) -> bool:
    """Whether a verb is in it: it is a sentence then, such as `Chapter 11 has 40`."""
    return not _VERBS.isdisjoint(words[mention.first : mention.last])


def _with_places(found: list[mentions.Mention], places: list[mentions.Mention]) -> list[mentions.Mention]:
    """With places that lists know too, where nothing else was found or the whole place passed for a name."""
    spans = {(place.first, place.last) for place in places}
    kept = [one for one in found if one.type != "NAME" or (one.first, one.last) not in spans]
    taken = {at for one in kept for at in range(one.first, one.last)}
    free = [place for place in places if taken.isdisjoint(range(place.first, place.last))]
    return sorted([*kept, *(place._replace(type="ADDRESS") for place in free)])


def _widened(found: list[mentions.Mention], persons: list[mentions.Mention]) -> list[mentions.Mention]:
    """A name inside a person's longer name becomes the longer one, unless another find stands in the way."""
    result: list[mentions.Mention] = []
    for at, mention in enumerate(found):
        low = result[-1].last if result else 0
        high = found[at + 1].first if at + 1 < len(found) else persons[-1].last if persons else mention.last
        for person in persons:
            inside = person.first <= mention.first and mention.last <= person.last
            if mention.type == "NAME" and inside and low <= person.first and person.last <= high:
                mention = mention._replace(first=person.first, last=person.last)
        result.append(mention)
    return result


def joined(text: str, found: list[Entity]) -> list[Entity]:
    """Addresses that overlap, or have nothing but commas and space between them, made one."""
    result: list[Entity] = []
    for entity in sorted(found):
        last = result[-1] if result else None
        if last and last.type == entity.type == "ADDRESS" and not text[last.end : entity.begin].strip(" \t\n\r,;#"):
            end = max(last.end, entity.end)
            sure = max if entity.begin < last.end else min
            score = sure(last.score, entity.score)
            result[-1] = Entity(last.begin, end, text[last.begin : end], "ADDRESS", score)
        else:
            result.append(entity)
    return result
