"""What a collection of texts is about: non-negative factors of how much each text has of each word.

Words count by tf-idf. The factors begin with the largest singular vectors (Boutsidis and Gallopoulos, "SVD based
initialization", 2008) and are refined one after the other until they settle (Cichocki and Phan, "Fast local
algorithms for large scale nonnegative matrix factorizations", 2009). Nothing is left to chance.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from aiservices.errors import MissingExtraError

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Numbers = np.ndarray[Any, np.dtype[np.int64]]

_WORD = re.compile(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?")
_ROUNDS, _TURNS = 100, 20
"""Refinements at most, and turns of the search for the singular vectors."""
_TERMS = 10
"""Words told of a topic. Source: https://docs.aws.amazon.com/comprehend/latest/dg/topic-modeling.html"""
_LEAST = 0.1
"""The share of a text below which it is not said to be about a topic."""
_SETTLED = 1e-4
"""When nothing changes more than this share of the largest in a round, that was the last."""
_RARE, _COMMON = 2, 0.5
"""Texts that have a word at least, and the share of texts at most; where that leaves none, all words count."""
_STOP_WORDS = """
a about after all also an and any are as at be because been but by can could did do does each for from get got
had has have he her here him his how i if in into is it its just like me more most my no not now of on one
only or other our out over said she so some such than that the their them then there these they this those to
too under up us very was we were what when where which while who why will with would you your al como con
cuando de del desde donde el ella ellos en entre era es esta este fue ha han hasta hay la las le les lo los me
mi muy más ni nos o para pero por porque que qué se ser si sin sobre su sus también te tiene todo un una uno
unos y ya
"""
_STOPS = frozenset(_STOP_WORDS.split())


class Topics(NamedTuple):
    """The terms of each topic with their weights, and of each text its topics with its shares."""

    terms: list[list[tuple[str, float]]]
    shares: list[list[tuple[int, float]]]


def find(texts: Sequence[str], number: int) -> Topics:
    """At most so many topics, the most prominent first: no more than there are texts, or words, that differ."""
    table = _Table(texts)
    if not table.words:
        return Topics([], [[] for _ in texts])
    of_texts, of_words = _factors(table, min(number, table.rank))
    of_texts, of_words = _ordered(of_texts, of_words)
    terms = [_terms(dict(zip(table.words, weights, strict=True))) for weights in of_words.T.tolist()]
    return Topics(terms, [_shares(shares) for shares in of_texts.tolist()])


class _Table:
    """How much each text has of each word, as the cells that are not empty."""

    def __init__(self, texts: Sequence[str]) -> None:
        try:
            import numpy as np
        except ImportError as error:
            raise MissingExtraError("Finding topics", "mocks") from error
        counts = [Counter(word for word in _WORD.findall(text.lower()) if word not in _STOPS) for text in texts]
        having = Counter(word for count in counts for word in count)
        self.words = [word for word, texts_ in having.items() if _RARE <= texts_ <= _COMMON * len(texts)]
        self.words = self.words or list(having)
        number = {word: at for at, word in enumerate(self.words)}
        rows: list[int] = []
        columns: list[int] = []
        weights: list[float] = []
        different = set()
        for row, count in enumerate(counts):
            cells = {
                number[word]: (1 + math.log(times)) * (1 + math.log((1 + len(texts)) / (1 + having[word])))
                for word, times in count.items()
                if word in number
            }
            length = math.sqrt(math.fsum(weight * weight for weight in cells.values()))
            rows += [row] * len(cells)
            columns += cells
            weights += [weight / length for weight in cells.values()]
            different.add(tuple(sorted(cells.items())))
        self.size = (len(texts), len(self.words))
        self.rank = min(len(different - {()}), len(self.words))
        self._cells = (np.array(rows, np.int64), np.array(columns, np.int64), np.array(weights))

    def times(self, right: Floats) -> Floats:
        """The table times a matrix with a row for each word."""
        rows, columns, _ = self._cells
        return self._product(rows, columns, right, self.size[0])

    def turned_times(self, right: Floats) -> Floats:
        """The table, its rows made columns, times a matrix with a row for each text."""
        rows, columns, _ = self._cells
        return self._product(columns, rows, right, self.size[1])

    def _product(self, into: Numbers, out_of: Numbers, right: Floats, size: int) -> Floats:
        import numpy as np

        weights = self._cells[2]
        sums = (np.bincount(into, weights * column[out_of], minlength=size) for column in right.T)
        return np.stack(list(sums), axis=1)


def _factors(table: _Table, number: int) -> tuple[Floats, Floats]:
    """How much of each topic each text has, and how much of each word each topic."""
    of_texts, of_words = _begin(table, number)
    for _ in range(_ROUNDS):
        before = of_texts.copy()
        _refine(of_texts, table.times(of_words), of_words.T @ of_words)
        _refine(of_words, table.turned_times(of_texts), of_texts.T @ of_texts)
        if abs(of_texts - before).max() <= _SETTLED * of_texts.max():
            break
    return of_texts, of_words


def _refine(factor: Floats, target: Floats, other: Floats) -> None:
    """Bring each column of a factor to where it fits best when all others stay."""
    for column in range(len(other)):
        if other[column, column] > 0:
            better = factor[:, column] + (target[:, column] - factor @ other[:, column]) / other[column, column]
            factor[:, column] = better.clip(0)


def _begin(table: _Table, number: int) -> tuple[Floats, Floats]:
    """The positive or the negative parts of the largest singular vectors, whichever is more."""
    import numpy as np

    width = min(number + 5, *table.size)
    space = np.cos(np.outer(np.arange(1, table.size[1] + 1), np.arange(1, width + 1)))
    for _ in range(_TURNS):
        space = np.linalg.qr(table.turned_times(np.linalg.qr(table.times(space))[0]))[0]
    left, sizes, right = np.linalg.svd(table.times(space), full_matrices=False)
    right = space @ right.T
    of_texts, of_words = np.zeros((table.size[0], number)), np.zeros((table.size[1], number))
    for topic in range(number):
        parts = [((sign * left[:, topic]).clip(0), (sign * right[:, topic]).clip(0)) for sign in (1, -1)]
        weights = [float(np.linalg.norm(text) * np.linalg.norm(word)) for text, word in parts]
        weight, (text, word) = max(zip(weights, parts, strict=True), key=lambda one: one[0])
        if weight > 0:
            scale = math.sqrt(sizes[topic] * weight)
            of_texts[:, topic] = scale * text / np.linalg.norm(text)
            of_words[:, topic] = scale * word / np.linalg.norm(word)
    return of_texts, of_words


def _ordered(of_texts: Floats, of_words: Floats) -> tuple[Floats, Floats]:
    """Words as shares of their topic, texts in as many parts of topics as their words are; the largest topic first."""
    sums = of_words.sum(0)
    kept = [topic for topic in range(len(sums)) if sums[topic] > 0]
    of_texts, of_words = of_texts[:, kept] * sums[kept], of_words[:, kept] / sums[kept]
    order = sorted(range(len(kept)), key=lambda topic: -round(float(of_texts[:, topic].sum()), 6))
    return of_texts[:, order], of_words[:, order]


def _terms(weights: dict[str, float]) -> list[tuple[str, float]]:
    """The heaviest words; the weights of all words of a topic add up to 1."""
    rounded = sorted(((word, round(weight, 6)) for word, weight in weights.items()), key=lambda one: (-one[1], one[0]))
    return [(word, weight) for word, weight in rounded[:_TERMS] if weight]


def _shares(parts: Sequence[float]) -> list[tuple[int, float]]:
    """The topics that a text is about, the main one first; what is left of the others is shared among them."""
    every = math.fsum(parts)
    if not every:
        return []
    shares = [part / every for part in parts]
    told = {topic: share for topic, share in enumerate(shares) if share >= min(_LEAST, max(shares))}
    whole = sum(told.values())
    rounded = ((topic, round(share / whole, 6)) for topic, share in told.items())
    return sorted(rounded, key=lambda one: (-one[1], one[0]))
