"""Noun phrases of a treebank, read off its dependencies, to measure key phrases with.

A phrase is a noun, name or number with what stands around it and depends on it: determiner, possessor, adjectives,
numbers, parts of a compound or a name, with what depends on these. Phrases inside a phrase are left out, and so are
pronouns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_HEADS = frozenset({"NOUN", "PROPN", "NUM", "SYM"})
_INSIDE = frozenset({"det", "amod", "compound", "nummod", "nmod:poss", "flat", "goeswith"})


class _Word(NamedTuple):
    begin: int
    end: int
    upos: str
    head: int
    relation: str


Spans = set[tuple[int, int]]


def read(path: Path) -> Iterator[tuple[str, Spans]]:
    """Every sentence's text with the stretches of its phrases."""
    for block in path.read_text("utf-8").split("\n\n"):
        lines = block.splitlines()
        text = next((line[9:] for line in lines if line.startswith("# text = ")), "")
        if text:
            yield text, _phrases(_words(text, lines))


def _words(text: str, lines: Sequence[str]) -> list[_Word]:
    found = []
    at = 0
    for line in lines:
        if line and line[0].isdigit() and line.split("\t")[0].isdigit():
            _, form, _, upos, _, _, head, relation, *_ = line.split("\t")
            begin = text.find(form, at)
            if begin < 0:  # a part of a fused word may be spelled otherwise
                begin, form = at, ""
            at = begin + len(form)
            found.append(_Word(begin, at, upos, int(head), relation))
    return found


def _phrases(words: Sequence[_Word]) -> Spans:
    below: dict[int, list[int]] = {}
    for number, word in enumerate(words, 1):
        below.setdefault(word.head, []).append(number)

    def whole(number: int) -> Iterator[int]:
        yield number
        for child in below.get(number, ()):
            yield from whole(child)

    found = set()
    for number, word in enumerate(words, 1):
        if word.upos in _HEADS and word.relation.split(":")[0] not in ("compound", "flat", "nummod"):
            inside = {number}
            for child in below.get(number, ()):
                relation = words[child - 1].relation
                if relation in _INSIDE or relation.split(":")[0] in _INSIDE:
                    inside.update(whole(child))
            if word.upos == "SYM" and len(inside) == 1:  # a smile, a bullet
                continue
            first = last = number
            while first - 1 in inside:
                first -= 1
            while last + 1 in inside:
                last += 1
            found.add((words[first - 1].begin, words[last - 1].end))
    return {one for one in found if not any(a <= one[0] and one[1] <= b for a, b in found - {one})}
