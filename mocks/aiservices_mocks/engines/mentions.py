"""Names in a row of tagged words, by a conditional random field in BIO labels."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from . import crf, gazetteer


class Mention(NamedTuple):
    """Words from `first` up to `last` (exclusive) that name something of this type."""

    first: int
    last: int
    type: str
    score: float


def attributes(word: str, offset: int) -> list[str]:
    """What a word says about the label of the word `offset` places before it."""
    lower, outline = word.lower(), crf.shape(word)
    if offset in (-2, 2):
        return [f"{offset}w={lower}", f"{offset}o={outline}"]
    if offset in (-1, 1):
        return [f"{offset}w={lower}", f"{offset}o={outline}", f"{offset}s={lower[-3:]}"]
    own = ["b", f"w={lower}", f"o={outline}"]
    own += [f"p{n}={lower[:n]}" for n in (2, 3, 4) if len(lower) > n]
    own += [f"s{n}={lower[-n:]}" for n in (1, 2, 3, 4) if len(lower) > n]
    return own


def pair(word: str, following: str) -> tuple[str, str]:
    """What two words in a row say about the first and about the second."""
    both = f"{word.lower()}|{following.lower()}"
    return f"+{both}", f"-{both}"


def context(words: Sequence[str], tags: Sequence[str]) -> list[list[str]]:
    """What else tells names: parts of speech, lists of known names, neighbours' outlines, shouting."""
    marks = gazetteer.load().mark(words)
    outlines = [crf.shape(word) for word in words]
    letters = [word for word in words if word.isalpha()]
    loud = len(letters) > 2 and sum(word.isupper() or word.istitle() for word in letters) > 0.6 * len(letters)
    last = len(words) - 1
    rows = []
    for at in range(len(words)):
        before, after = max(at - 1, 0), min(at + 1, last)
        row = [
            f"t={tags[at]}",
            f"-t={tags[before]}",
            f"+t={tags[after]}",
            f"tt={tags[before]}|{tags[at]}|{tags[after]}",
            f"oo={outlines[before]}|{outlines[at]}|{outlines[after]}",
        ]
        if loud:
            row.append(f"l={outlines[at]}")
        if marks[at]:
            row += [f"g={marks[at]}", f"go={marks[at]}|{outlines[at]}", f"gt={marks[at]}|{tags[at]}"]
        if marks[before]:
            row.append(f"-g={marks[before]}")
        if marks[after]:
            row.append(f"+g={marks[after]}")
        rows.append(row)
    return rows


class Finder:
    """One model, with what it has worked out about words it has seen."""

    def __init__(self, model: crf.Model) -> None:
        self._model = model
        self._window = crf.Window(model, attributes, pair)

    def emissions(self, words: Sequence[str], tags: Sequence[str]) -> list[crf.Vector]:
        """The labels' scores of every word of a sentence."""
        emissions = self._window.emissions(words)
        for emission, row in zip(emissions, context(words, tags), strict=True):
            self._model.add(row, emission)
        return emissions

    def find(self, words: Sequence[str], tags: Sequence[str]) -> list[Mention]:
        """The names in a sentence, in order; a name's score is that of its least sure word."""
        emissions = self.emissions(words, tags)
        path = self._model.decode(emissions)
        sure = self._model.confidences(emissions, path)
        labels = [self._model.labels[label] for label in path]
        return [Mention(first, last, kind, min(sure[first:last])) for first, last, kind in spans(labels)]


def spans(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """The stretches that BIO labels mark; an I- after another type begins anew."""
    found: list[tuple[int, int, str]] = []
    for at, (before, label) in enumerate(pairwise(["O", *labels])):
        if label == "O":
            continue
        kind = label[2:]
        if label[0] == "I" and before != "O" and before[2:] == kind:
            found[-1] = (found[-1][0], at + 1, kind)
        else:
            found.append((at, at + 1, kind))
    return found


@cache
def finder(name: str) -> Finder:
    """The finder over the weights of this name."""
    return Finder(crf.load(name))
