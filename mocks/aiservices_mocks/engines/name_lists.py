"""Entities of types that somebody defined: the names that were annotated or listed, found again.

A model is plain data: names by their first word, each with its type and how often it stood for that in the texts it
was learnt from. A name that never was there is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .entity import Entity

Model = Mapping[str, Any]
Annotated = tuple[str, Sequence[tuple[int, int, str]]]
"""A text, and where in it which type begins and ends."""

_WORD = re.compile(r"\w+|[^\w\s]")


def listed(texts: Iterable[str], names: Iterable[tuple[str, str]]) -> list[Annotated]:
    """Texts annotated with the names of a list (name, type)."""
    model = _indexed(dict.fromkeys(names, (0, 0)))
    return [(text, [(one.begin, one.end, one.type) for one in find(model, text)]) for text in texts]


def train(examples: Sequence[Annotated], names: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """A model of annotated texts, and of further names."""
    told: dict[tuple[str, str], int] = {}
    for text, marks in examples:
        for begin, end, kind in marks:
            if name := text[begin:end].strip():
                told[name, kind] = told.get((name, kind), 0) + 1
    named = {**dict.fromkeys(names, 0), **told}
    every = _indexed(dict.fromkeys(named, (0, 0)))
    seen: dict[str, int] = {}
    for text, _ in examples:
        for one in find(every, text):
            seen[one.text] = seen.get(one.text, 0) + 1
    return _indexed({key: (count, max(seen.get(key[0], 0), count)) for key, count in named.items()})


def find(model: Model, text: str) -> list[Entity]:
    """The names in a text, in order; of names that overlap the first, of those that begin together the longest."""
    found: list[Entity] = []
    firsts = model["firsts"]
    for word in _WORD.finditer(text):
        begin = word.start()
        if found and begin < found[-1].end:
            continue
        for name, kind, score in firsts.get(word.group(), ()):
            end = begin + len(name)
            if text.startswith(name, begin) and not (name[-1].isalnum() and text[end : end + 1].isalnum()):
                found.append(Entity(begin, end, name, kind, score))
                break
    return found


def _indexed(named: Mapping[tuple[str, str], tuple[int, int]]) -> dict[str, Any]:
    """Names with how often they were meant and how often seen, by their first word, the longest and surest first."""
    firsts: dict[str, list[tuple[str, str, float]]] = {}
    for (name, kind), (meant, seen) in named.items():
        first = _WORD.match(name)
        if first is not None:
            firsts.setdefault(first.group(), []).append((name, kind, round((meant + 1) / (seen + 2), 6)))
    for names in firsts.values():
        names.sort(key=lambda one: (-len(one[0]), -one[2], one[1]))
    return {"firsts": {first: [list(one) for one in names] for first, names in firsts.items()}}
