"""Linear-chain conditional random fields, decoded in plain Python.

The weights are trained elsewhere and read from a compressed JSON file: labels, transitions between labels, and for
each attribute of a token the labels it speaks for or against. Decoding is exact: a label is left out at a place only
when no neighbours could make it win.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any

from . import weights_file

Vector = list[float]  # one number per label
OFFSETS = (-2, -1, 0, 1, 2)
_KEPT_WORDS = 20_000


class Model:
    """Weights of one field; `temperature` turns score differences into calibrated confidence."""

    def __init__(
        self,
        labels: Sequence[str],
        transitions: Sequence[Sequence[float]],
        attributes: dict[str, list[int]],
        temperature: float,
    ) -> None:
        self.labels = tuple(labels)
        self.temperature = temperature
        self._transitions = [list(map(float, row)) for row in transitions]
        self._into = [[row[label] for row in self._transitions] for label in range(len(labels))]
        self._attributes = attributes
        self._content = {"labels": list(labels), "transitions": transitions, "attributes": attributes}
        self._lag, self._slack = self._lags()

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Model:
        """The model in a file's content."""
        return cls(content["labels"], content["transitions"], content["attributes"], content["temperature"])

    def content(self) -> dict[str, Any]:
        """What `read` takes, as plain values."""
        return {**self._content, "temperature": self.temperature}

    def _lags(self) -> tuple[list[Vector], list[Vector]]:
        """How far label j may lag behind label k at one place and still be on the best path, as [k][j].

        The first: in the scores of paths up to there; the second: in what is said for the labels there.
        """
        count = range(len(self.labels))
        out, into = self._transitions, self._into

        def gain(rows: list[Vector], j: int, k: int) -> float:
            return max(0.0, *(a - b for a, b in zip(rows[j], rows[k], strict=True)))

        onward = [[gain(out, j, k) for j in count] for k in count]
        return onward, [[onward[k][j] + gain(into, j, k) for j in count] for k in count]

    def vector(self, attributes: Iterable[str]) -> Vector:
        """What these attributes together say for each label."""
        total = [0.0] * len(self.labels)
        self.add(attributes, total)
        return total

    def add(self, attributes: Iterable[str], total: Vector) -> None:
        """Add what attributes say to a vector in place."""
        for weights in filter(None, map(self._attributes.get, attributes)):
            pairs = iter(weights)
            for at, weight in zip(pairs, pairs, strict=True):
                total[at] += weight

    def decode(self, emissions: Sequence[Vector]) -> list[int]:
        """The best sequence of labels, as indices."""
        if not emissions:
            return []
        into, slack, lag = self._into, self._slack, self._lag
        scores: list[tuple[int, float]] = [(-1, 0.0)]
        back: list[dict[int, int]] = []
        for position, emission in enumerate(emissions):
            top = max(emission)
            best = emission.index(top)
            kept = [j for j, (e, s) in enumerate(zip(emission, slack[best], strict=True)) if top - e <= s]
            pointers: dict[int, int] = {}
            now: list[tuple[int, float]] = []
            for label in kept:
                if position == 0:
                    now.append((label, emission[label]))
                    continue
                arriving = into[label]
                origin, value = scores[0][0], scores[0][1] + arriving[scores[0][0]]
                for previous, score in scores[1:]:
                    if score + arriving[previous] > value:
                        origin, value = previous, score + arriving[previous]
                pointers[label] = origin
                now.append((label, value + emission[label]))
            back.append(pointers)
            best, most = max(now, key=itemgetter(1))
            scores = [(label, score) for label, score in now if most - score <= lag[best][label]]
        label = max(scores, key=itemgetter(1))[0]
        path = [label]
        for pointers in reversed(back[1:]):
            label = pointers[label]
            path.append(label)
        path.reverse()
        return path

    def confidences(self, emissions: Sequence[Vector], path: Sequence[int]) -> list[float]:
        """For each place of a decoded path, the probability of its label given its neighbours' labels."""
        out, into, exp = self._transitions, self._into, math.exp
        scale, negligible = 1.0 / self.temperature, 20.0 * self.temperature
        nothing = [0.0] * len(self.labels)
        last = len(path) - 1
        result: list[float] = []
        for position, (emission, label) in enumerate(zip(emissions, path, strict=True)):
            before = out[path[position - 1]] if position else nothing
            after = into[path[position + 1]] if position < last else nothing
            local = [a + b + c for a, b, c in zip(emission, before, after, strict=False)]
            mine = local[label]
            floor = mine - negligible
            result.append(1.0 / sum([exp((value - mine) * scale) for value in local if value > floor]))
        return result


class Window:
    """Emissions of words seen with their neighbours, what each word adds at each distance being worked out once.

    attributes: what a word says about the label of the word `offset` places before it; pair: what two words in a
    row say about the first and about the second.
    """

    def __init__(
        self,
        model: Model,
        attributes: Callable[[str, int], list[str]],
        pair: Callable[[str, str], tuple[str, str]],
    ) -> None:
        self._model = model
        self._attributes = attributes
        self._pair = pair
        self._known: dict[int, dict[str, Vector]] = {offset: {} for offset in OFFSETS}
        self._edges = {offset: model.vector([edge(offset)]) for offset in OFFSETS}

    def _vectors(self, words: Sequence[str], offset: int) -> list[Vector]:
        known, model = self._known[offset], self._model
        if len(known) > _KEPT_WORDS:
            known = self._known[offset] = {}
        found = []
        for word in words:
            vector = known.get(word)
            if vector is None:
                vector = known[word] = model.vector(self._attributes(word, offset))
            found.append(vector)
        return found

    def emissions(self, words: Sequence[str]) -> list[Vector]:
        """The labels' scores of every word of a sentence."""
        edges = self._edges
        before1 = [edges[-1], *self._vectors(words, -1)]
        before2 = [edges[-2], edges[-2], *self._vectors(words, -2)]
        after1 = [*self._vectors(words[1:], 1), edges[1]]
        after2 = [*self._vectors(words[2:], 2), edges[2], edges[2]]
        rows = zip(self._vectors(words, 0), before1, after1, before2, after2, strict=False)  # the shortest rules
        emissions = [[a + b + c + d + e for a, b, c, d, e in zip(*row, strict=True)] for row in rows]
        for at, both in enumerate(pairwise(words)):
            first, second = self._pair(*both)
            self._model.add((first,), emissions[at])
            self._model.add((second,), emissions[at + 1])
        return emissions


def rows(
    words: Sequence[str],
    attributes: Callable[[str, int], list[str]],
    pair: Callable[[str, str], tuple[str, str]],
) -> list[list[str]]:
    """Every word's attributes in full, as training wants them: what `Window.emissions` adds up."""
    result: list[list[str]] = [[] for _ in words]
    for at, row in enumerate(result):
        for offset in OFFSETS:
            inside = 0 <= at + offset < len(words)
            row += attributes(words[at + offset], offset) if inside else [edge(offset)]
    for at, both in enumerate(pairwise(words)):
        first, second = pair(*both)
        result[at].append(first)
        result[at + 1].append(second)
    return result


def edge(offset: int) -> str:
    """The attribute of a place outside the sentence."""
    return f"{offset}edge"


def shape(word: str) -> str:
    """The word's outline: "Xx" for "Berlin", "d.d" for "3.14", "X" for "NATO"."""
    outline = ""
    for char in word:
        kind = "X" if char.isupper() else "x" if char.isalpha() else "d" if char.isdigit() else char
        if not outline.endswith(kind):
            outline += kind
    return outline


def load(name: str) -> Model:
    """The model of this name, read once."""
    return weights_file.once(f"{name}.json.gz", Model.read)
