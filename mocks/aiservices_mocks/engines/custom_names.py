"""Entities of types that somebody defined, learnt from annotated texts: what stands in them and what around them.

A linear chain over words, trained as an averaged perceptron (Collins, "Discriminative training methods for hidden
Markov models", 2002), decoded as the fields of `crf` are. A word shows itself, its outline, its beginnings and ends,
its neighbours, and whether it is part of a name that another text has; so names that never were there are found by
their context. Of a list of names those are found too that no text has.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from aiservices.errors import MissingExtraError
from aiservices.text import sentences

from . import crf, name_lists
from .entity import Entity
from .name_lists import Annotated

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float64]]

_TOKEN = re.compile(r"\w+|[^\w\s]")
_OUTSIDE = "O"
_UNAWARE = 5
"""One line in so many is learnt as if its names were unknown, so that what stands around them counts too."""
_SURE = 0.9
"""The score of a name that was seen eight times and was an entity each time: it is one wherever it stands."""
_LINE = re.compile(r"[^\r\n]+")
_LONG = 500
"""Characters of a line that is cut into sentences."""
_ROUNDS = 10
_ALWAYS = 0.75
"""The score of a name that was seen twice and was an entity both times."""
_MARGIN = 16.0
"""By which a right label must win while it is learnt."""
_DOUBT = 0.05
"""The share of wrong labels that scores leave room for: hardly any is where they are scaled, on what was learnt."""
_SCALED_ON = 2_000
"""Words."""
_TEMPERATURES = tuple(2 ** (half / 2) for half in range(-2, 15))


class _Word(NamedTuple):
    begin: int
    end: int
    text: str


class _Known:
    """Names by their words in small letters: of which types they were, and how often."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], Counter[str]] = {}
        self._longest = 0

    def learn(self, name: tuple[str, ...], kind: str) -> None:
        self._names.setdefault(name, Counter())[kind] += 1
        self._longest = max(self._longest, len(name))

    def tell(self, words: Sequence[str], own: Mapping[tuple[tuple[str, ...], str], int]) -> list[list[str]]:
        """Of each word what names it is part of, the longest from where one begins. own: names to be counted less."""
        told: list[list[str]] = [[] for _ in words]
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + self._longest), at, -1):
                name = tuple(words[at:end])
                kinds = [kind for kind, count in self._names.get(name, {}).items() if count > own.get((name, kind), 0)]
                if kinds:
                    for place in range(at, end):
                        told[place] += [f"{'in' if place > at else 'at'} {kind}" for kind in kinds]
                    at = end - 1
                    break
            at += 1
        return told


class Names:
    """What was learnt; it never changes.

    names: those that were annotated, or listed, as `name_lists` finds them; listed: whether they are entities wherever
    they stand. Otherwise a name that always was one only makes what is found of it whole.
    """

    def __init__(self, model: crf.Model, known: _Known, names: Mapping[str, Any], listed: bool) -> None:
        self._model = model
        self._known = known
        self._names = names
        self._listed = listed

    def find(self, text: str) -> list[Entity]:
        """The entities in a text, in order."""
        found = [entity for sentence in _sentences(text, ()) for entity in self._in(text, sentence)]
        for name in name_lists.find(self._names, text):
            parts = [one for one in found if one.begin < name.end and one.end > name.begin]
            if not parts and (self._listed or name.score >= _SURE):
                found.append(name)
            elif parts and name.score >= _ALWAYS and all(_is_part(one, name) for one in parts):
                sure = max(one.score for one in parts)
                found = [one for one in found if one not in parts] + [name._replace(score=sure)]
        return sorted(found)

    def _in(self, text: str, words: Sequence[_Word]) -> list[Entity]:
        model = self._model
        emissions = [model.vector(row) for row in _attributes([word.text for word in words], self._known, {})]
        path = model.decode(emissions)
        sure = model.confidences(emissions, path)
        found = []
        for first, last, kind in _spans([model.labels[label] for label in path]):
            begin, end = words[first].begin, words[last].end
            found.append(Entity(begin, end, text[begin:end], kind, round(min(sure[first : last + 1]), 6)))
        return found


def _is_part(one: Entity, name: Entity) -> bool:
    return one.type == name.type and name.begin <= one.begin and one.end <= name.end


def train(examples: Sequence[Annotated], names: Iterable[tuple[str, str]] = ()) -> Names:
    """Learn from annotated texts; with a list of names and their types, find all of these too."""
    known = _Known()
    told: list[tuple[list[str], list[str]]] = []
    for text, marks in examples:
        for sentence in _sentences(text, marks):
            labels = _labels(sentence, marks)
            words = [word.text for word in sentence]
            told.append((words, labels))
            for name, kind in _names(words, labels):
                known.learn(name, kind)
    listed = list(dict.fromkeys(names))
    for listed_name, kind in listed:
        known.learn(tuple(_TOKEN.findall(listed_name.lower())), kind)
    rows = [
        _attributes(words, _Known() if at % _UNAWARE == 0 else known, Counter(_names(words, labels)))
        for at, (words, labels) in enumerate(told)
    ]
    model = _learn(rows, [labels for _, labels in told])
    return Names(model, known, name_lists.train([*examples], listed), bool(listed))


def _sentences(text: str, marks: Sequence[tuple[int, int, str]]) -> list[list[_Word]]:
    """The words of each line, or of each sentence of a long one; none ends within what is marked."""
    found: list[list[_Word]] = []
    for begin, end in _pieces(text):
        words = [_Word(match.start(), match.end(), match[0]) for match in _TOKEN.finditer(text, begin, end)]
        if found and words and any(begin < words[0].begin < end for begin, end, _ in marks):
            found[-1] += words
        elif words:
            found.append(words)
    return found


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    for line in _LINE.finditer(text):
        if len(line[0]) <= _LONG:
            yield line.span()
        else:
            yield from ((line.start() + one.start, line.start() + one.end) for one in sentences(line[0]))


def _labels(words: Sequence[_Word], marks: Sequence[tuple[int, int, str]]) -> list[str]:
    """Of each word whether it begins an entity, goes on with one, or is outside; of marks that overlap the first."""
    labels = [_OUTSIDE] * len(words)
    for begin, end, kind in marks:
        inside = [at for at, word in enumerate(words) if word.begin < end and word.end > begin]
        if all(labels[at] == _OUTSIDE for at in inside):
            for at in inside:
                labels[at] = f"I-{kind}" if at > inside[0] else f"B-{kind}"
    return labels


def _spans(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """The first and the last word of each entity, and its type."""
    found: list[tuple[int, int, str]] = []
    for at, label in enumerate(labels):
        kind = label[2:]
        if label.startswith("I-") and found and found[-1][1:] == (at - 1, kind):
            found[-1] = (found[-1][0], at, kind)
        elif label != _OUTSIDE:
            found.append((at, at, kind))
    return found


def _names(words: Sequence[str], labels: Sequence[str]) -> list[tuple[tuple[str, ...], str]]:
    return [(tuple(word.lower() for word in words[first : last + 1]), kind) for first, last, kind in _spans(labels)]


def _attributes(words: Sequence[str], known: _Known, own: Mapping[tuple[tuple[str, ...], str], int]) -> list[list[str]]:
    """What each word of a sentence shows. own: the names that this very sentence has told of."""
    small = [word.lower() for word in words]
    outline = ["^", *(crf.shape(word) for word in words), "$"]
    near = ["^^", "^", *small, "$", "$$"]
    names = [[], *known.tell(small, own), []]
    rows = []
    for at, word in enumerate(small):
        before2, before, _, after, after2 = near[at : at + 5]
        rows.append(
            [
                "any",
                f"0={word}",
                f"0s={outline[at + 1]}",
                *(f"p={word[:length]}" for length in (1, 2, 3)),
                *(f"e={word[-length:]}" for length in (1, 2, 3, 4)),
                f"-1={before}",
                f"-2={before2}",
                f"1={after}",
                f"2={after2}",
                f"-1s={outline[at]}",
                f"1s={outline[at + 2]}",
                f"-1,0={before} {word}",
                f"0,1={word} {after}",
                f"-2,-1={before2} {before}",
                f"1,2={after} {after2}",
                *(f"{place}k={name}" for place in (-1, 0, 1) for name in names[at + 1 + place]),
            ]
        )
    return [list(dict.fromkeys(row)) for row in rows]


def _learn(rows: Sequence[Sequence[Sequence[str]]], labels: Sequence[Sequence[str]]) -> crf.Model:
    try:
        import numpy as np
    except ImportError as error:
        raise MissingExtraError("Learning entities", "mocks") from error
    numbers = {"": 0}
    kinds = {_OUTSIDE: 0}
    for row in labels:
        for label in row:
            kinds.setdefault(label, len(kinds))
    coded = []
    for sentence, row in zip(rows, labels, strict=True):
        widest = max(map(len, sentence))
        shown = [[numbers.setdefault(one, len(numbers)) for one in word] for word in sentence]
        padded = np.array([word + [0] * (widest - len(word)) for word in shown])
        coded.append((padded, [kinds[label] for label in row]))
    weights, moves = _perceive(coded, len(numbers), len(kinds))
    attributes = {name: _sparse(weights[at]) for name, at in numbers.items() if weights[at].any()}
    model = crf.Model(list(kinds), moves.tolist(), attributes, 1.0)
    model.temperature = _temperature(model, rows, coded)
    return model


def _sparse(row: Floats) -> list[Any]:
    return [part for label in row.nonzero()[0] for part in (int(label), round(float(row[label]), 6))]


def _perceive(coded: Sequence[tuple[Any, list[int]]], features: int, labels: int) -> tuple[Floats, Floats]:
    """The weights of features and of moves from label to label, averaged over all steps."""
    import numpy as np

    weights, summed = np.zeros((features, labels)), np.zeros((features, labels))
    moves, moved = np.zeros((labels, labels)), np.zeros((labels, labels))
    order = list(range(len(coded)))
    shuffle = random.Random(len(coded)).shuffle
    step = 1
    for _ in range(_ROUNDS):
        shuffle(order)
        mistakes = False
        for at in order:
            shown, true = coded[at]
            emissions = weights[shown].sum(1) + _MARGIN
            emissions[range(len(true)), true] -= _MARGIN
            found = _best(emissions, moves)
            if found != true:
                mistakes = True
                for row, right, wrong in zip(shown, true, found, strict=True):
                    if right != wrong:
                        for table, size in ((weights, 1), (summed, step)):
                            table[row, right] += size
                            table[row, wrong] -= size
                            table[0] = 0  # what fills the shorter rows
                for move, other in zip(pairwise(true), pairwise(found), strict=True):
                    for table, size in ((moves, 1), (moved, step)):
                        table[move] += size
                        table[other] -= size
            step += 1
        if not mistakes:
            break
    return weights - summed / step, moves - moved / step


def _best(emissions: Floats, moves: Floats) -> list[int]:
    """The labels of the best path."""
    import numpy as np

    scores, back = emissions[0], []
    every = np.arange(len(moves))
    for emission in emissions[1:]:
        arriving = scores[:, None] + moves
        origin = arriving.argmax(0)
        back.append(origin)
        scores = arriving[origin, every] + emission
    path = [int(scores.argmax())]
    for origin in reversed(back):
        path.append(int(origin[path[-1]]))
    return path[::-1]


def _temperature(
    model: crf.Model, rows: Sequence[Sequence[Sequence[str]]], coded: Sequence[tuple[Any, list[int]]]
) -> float:
    """What makes the scores of the right labels likeliest, if each can be wrong after all."""
    sample, words = [], 0
    for sentence, (_, true) in zip(rows, coded, strict=True):
        sample.append(([model.vector(row) for row in sentence], true))
        words += len(true)
        if words >= _SCALED_ON:
            break

    def likelihood(temperature: float) -> float:
        model.temperature = temperature
        sure = (score for emissions, true in sample for score in model.confidences(emissions, true))
        return math.fsum(
            (1 - _DOUBT) * math.log(max(score, 1e-12)) + _DOUBT * math.log(max(1 - score, 1e-12)) for score in sure
        )

    return max(_TEMPERATURES, key=likelihood)
