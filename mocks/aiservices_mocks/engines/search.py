"""Search over texts: BM25 with titles counted twice, passages, excerpts and where the words of a query stand in them.

Source: Robertson, Zaragoza: "The Probabilistic Relevance Framework: BM25 and Beyond" (2009).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

_K1, _B = 1.2, 0.75
_TITLE = 2
"""How often a word of the title counts."""
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_END = re.compile(r"(?<![.!?])[.!?]++(?=\s|$)|\n+")
"""Of a sentence."""
_COMMON = (
    "a an and are as at be by can do does for from how i in is it its me my of on or our that the their there this to"
    " was we what when where which who why will with you your"
)
_STOPS = frozenset(_COMMON.split())
_PASSAGE = 200
"""Words of a passage, at most."""


class Ranked(NamedTuple):
    """One text of those that were searched: its place among them, its score, and which part of the query it has."""

    place: int
    score: float
    coverage: float
    """0 to 1, rare words weighing more."""


def terms(text: str) -> list[str]:
    """The words of a query that count: without the commonest, unless there are no others."""
    found = [word[0].lower() for word in _WORD.finditer(text)]
    return [_stem(word) for word in found if word not in _STOPS] or [_stem(word) for word in found]


@lru_cache(maxsize=20_000)
def counts(text: str) -> Mapping[str, int]:
    """How often each word is in a text."""
    return Counter(_stem(found[0]) for found in _WORD.finditer(text))


def words(text: str) -> set[str]:
    """The different words of a text, in small letters."""
    return {found[0].lower() for found in _WORD.finditer(text)}


def rank(
    query: Sequence[str], texts: Sequence[tuple[str, str]], alike: Mapping[str, Sequence[str]] | None = None
) -> list[Ranked]:
    """Titles and bodies that have a word of the query, best first.

    alike: words of the query -> words and phrases that are as good.
    """
    often = {
        word: [_often(word, (alike or {}).get(word, ()), title, body) for title, body in texts]
        for word in dict.fromkeys(query)
    }
    lengths = [_TITLE * sum(counts(title).values()) + sum(counts(body).values()) for title, body in texts]
    mean = sum(lengths) / len(lengths) if lengths else 0.0
    idf = {word: _idf(sum(1 for number in row if number), len(texts)) for word, row in often.items()}
    whole = sum(idf.values())
    found = []
    for place, length in enumerate(lengths):
        there = {word: row[place] for word, row in often.items() if row[place]}
        if there:
            slow = _K1 * (1 - _B + _B * length / mean)
            score = sum(idf[word] * number * (_K1 + 1) / (number + slow) for word, number in there.items())
            covered = sum(idf[word] for word in there)
            found.append(Ranked(place, round(score, 6), round(covered / whole, 6)))
    return sorted(found, key=lambda one: (-one.score, one.place))


def _often(word: str, others: Sequence[str], title: str, body: str) -> int:
    """How often a word, or one that is as good, is in a title and a body."""
    number = _TITLE * counts(title).get(word, 0) + counts(body).get(word, 0)
    return number + sum(_TITLE * len(spots(other, title)) + len(spots(other, body)) for other in others)


def spots(phrase: str, text: str) -> list[tuple[int, int]]:
    """Where a phrase begins and ends in a text."""
    wanted = [_stem(found[0]) for found in _WORD.finditer(phrase)]
    if not wanted or any(word not in counts(text) for word in wanted):
        return []
    there = [(_stem(found[0]), *found.span()) for found in _WORD.finditer(text)]
    size = len(wanted)
    places = [place for place in range(len(there)) if [word for word, _, _ in there[place : place + size]] == wanted]
    return [(there[place][1], there[place + size - 1][2]) for place in places]


def highlights(query: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Where words of the query begin and end in a text."""
    return [found.span() for found in _WORD.finditer(text) if _stem(found[0]) in query]


def passages(text: str) -> list[str]:
    """A text in passages of whole sentences, where those are not too long."""
    made: list[str] = []
    begin = held = last = 0
    for end in (*(found.end() for found in _END.finditer(text)), len(text)):
        size = len(_WORD.findall(text, last, end))
        if held and held + size > _PASSAGE:
            made.append(text[begin:last].strip())
            begin, held = last, 0
        held, last = held + size, end
    made.append(text[begin:].strip())
    return [cut for passage in made if passage for cut in _cut(passage)]


def excerpt(query: Sequence[str], text: str, width: int = 300) -> str:
    """The stretch of a text with most of the words of a query."""
    marked = highlights(query, text)
    if len(text) <= width or not marked:
        return text[:width].strip()
    found = [(begin, end, _stem(text[begin:end])) for begin, end in marked]
    best, most, last = 0, 0, 0
    inside: Counter[str] = Counter()
    for first, (begin, _, stem) in enumerate(found):
        while last < len(found) and (last <= first or found[last][1] <= begin + width):
            inside[found[last][2]] += 1
            last += 1
        if len(inside) > most:
            best, most = begin, len(inside)
        inside[stem] -= 1
        if not inside[stem]:
            del inside[stem]
    start = max(best - width // 5, 0)
    start = text.find(" ", start) + 1 if start else 0
    return text[start : start + width].strip()


def corrections(text: str, known: Iterable[str]) -> list[tuple[int, int, str]]:
    """Words of a query that no text has, with the nearest that one has."""
    vocabulary = sorted(known)
    stems = {_stem(word) for word in vocabulary}
    found = []
    for word in _WORD.finditer(text):
        if word[0].lower() in _STOPS or _stem(word[0]) in stems or len(word[0]) < 4:
            continue
        near = get_close_matches(word[0].lower(), vocabulary, n=1, cutoff=0.75)
        found += [(*word.span(), near[0])] if near else []
    return found


def likeness(query: Sequence[str], text: str) -> float:
    """The cosine between the words of a query and of another, 0 to 1."""
    mine, other = Counter(query), Counter(terms(text))
    dot = sum(number * other[word] for word, number in mine.items())
    lengths = math.hypot(*mine.values()) * math.hypot(*other.values())
    return dot / lengths if lengths else 0.0


def _idf(having: int, of: int) -> float:
    return math.log(1 + (of - having + 0.5) / (having + 0.5))


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    """A word without the commonest English endings, in small letters."""
    word = word.lower()
    for ending, rest in (("ies", "y"), ("sses", "ss"), ("'s", ""), ("’s", ""), ("ing", ""), ("ed", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            return word[: -len(ending)] + rest
    return word


def _cut(passage: str) -> list[str]:
    words = list(_WORD.finditer(passage))
    starts = [words[place].start() for place in range(0, len(words), _PASSAGE)] or [0]
    return [passage[a:b].strip() for a, b in zip([0, *starts[1:]], [*starts[1:], len(passage)], strict=True)]
