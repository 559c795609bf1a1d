"""What a collection of texts is about: latent Dirichlet allocation, fitted to its likeliest parameters.

Every word of a text comes from one of the text's topics: expectation maximisation finds the topics' words and the
texts' topics that explain best what is there (Asuncion et al., "On smoothing and inference for topic models", 2009,
section 2.3). Words count the more the fewer texts have them. It begins from the texts that are least alike, so nothing
is left to chance.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from aiservices.errors import MissingExtraError

Vector = dict[str, float]

_WORD = re.compile(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?")
_ROUNDS = 60
_TERMS = 10
"""Words told of a topic. Source: https://docs.aws.amazon.com/comprehend/latest/dg/topic-modeling.html"""
_LEAST = 0.1
"""The share of a text below which it is not said to be about a topic."""
_SETTLED = 1e-4
"""When no share of a text changes more than this in a round, that was the last."""
_TOPIC_IN_TEXT, _WORD_IN_TOPIC = 0.01, 1e-9
"""What each topic counts in a text, and each word in a topic, before anything is seen (the priors, less one)."""
_COMMON = """
a about after all also an and any are as at be because been but by can could did do does each for from get got
had has have he her here him his how i if in into is it its just like me more most my no not now of on one
only or other our out over said she so some such than that the their them then there these they this those to
too under up us very was we were what when where which while who why will with would you your al como con
cuando de del desde donde el ella ellos en entre era es esta este fue ha han hasta hay la las le les lo los me
mi muy más ni nos o para pero por porque que qué se ser si sin sobre su sus también te tiene todo un una uno
unos y ya
"""
_STOPS = frozenset(_COMMON.split())


class Topics(NamedTuple):
    """The terms of each topic with their weights, and of each text its topics with its shares."""

    terms: list[list[tuple[str, float]]]
    shares: list[list[tuple[int, float]]]


def find(texts: Sequence[str], number: int) -> Topics:
    """At most so many topics: no more than there are texts that differ."""
    vectors = _vectors(texts)
    filled = [vector for vector in vectors if vector]
    if not filled:
        return Topics([], [[] for _ in texts])
    words = list(dict.fromkeys(word for vector in filled for word in vector))
    of_texts, of_topics = _fit(filled, words, _unlike(filled, number))
    shares = iter(of_texts)
    return Topics(
        [_terms(dict(zip(words, weights, strict=True))) for weights in of_topics],
        [_shares(next(shares)) if vector else [] for vector in vectors],
    )


def _vectors(texts: Sequence[str]) -> list[Vector]:
    """How often a text has each word, times how rare that is among the texts."""
    counts = [Counter(word for word in _WORD.findall(text.lower()) if word not in _STOPS) for text in texts]
    having = Counter(word for count in counts for word in count)
    rarity = {word: math.log(1 + len(texts) / number) for word, number in having.items()}
    return [{word: times * rarity[word] for word, times in count.items()} for count in counts]


def _unlike(vectors: Sequence[Vector], number: int) -> list[Vector]:
    """The longest text, then again and again the one that is least like those chosen."""
    sizes = [math.sqrt(sum(weight * weight for weight in vector.values())) for vector in vectors]
    chosen = [max(range(len(vectors)), key=sizes.__getitem__)]
    nearest = [0.0] * len(vectors)
    while True:
        last = chosen[-1]
        alike = (
            sum(weight * vectors[last].get(word, 0.0) for word, weight in vector.items()) / (size * sizes[last])
            for vector, size in zip(vectors, sizes, strict=True)
        )
        nearest = [max(pair) for pair in zip(nearest, alike, strict=True)]
        if len(chosen) == number or min(nearest) > 1 - 1e-6:
            return [vectors[at] for at in chosen]
        chosen.append(nearest.index(min(nearest)))


def _fit(vectors: Sequence[Vector], words: Sequence[str], begin: Sequence[Vector]) -> tuple[Any, Any]:
    """The shares of topics in every text, and of words in every topic. begin: a text for each topic."""
    try:
        import numpy as np
    except ImportError as error:
        raise MissingExtraError("Finding topics", "mocks") from error
    number = {word: at for at, word in enumerate(words)}
    cells = [(row, number[word], weight) for row, vector in enumerate(vectors) for word, weight in vector.items()]
    rows, columns, weights = (np.array(one) for one in zip(*cells, strict=True))
    by_word = np.argsort(columns, kind="stable")
    first_of_text = np.unique(rows, return_index=True)[1]
    first_of_word = np.unique(columns[by_word], return_index=True)[1]
    of_texts = np.full((len(vectors), len(begin)), 1 / len(begin))
    of_topics = np.full((len(words), len(begin)), 1 / len(words))
    for topic, vector in enumerate(begin):
        for word, weight in vector.items():
            of_topics[number[word], topic] += weight
    of_topics /= of_topics.sum(0)
    for _ in range(_ROUNDS):
        parts = of_texts[rows] * of_topics[columns]
        parts *= (weights / parts.sum(1))[:, None]
        before, of_texts = of_texts, np.add.reduceat(parts, first_of_text) + _TOPIC_IN_TEXT
        of_texts /= of_texts.sum(1)[:, None]
        of_topics = np.add.reduceat(parts[by_word], first_of_word) + _WORD_IN_TOPIC
        of_topics /= of_topics.sum(0)
        if np.abs(of_texts - before).max() < _SETTLED:
            break
    return of_texts.tolist(), of_topics.T.tolist()


def _terms(weights: Vector) -> list[tuple[str, float]]:
    """The heaviest words; the weights of all words of a topic add up to 1."""
    rounded = sorted(((word, round(weight, 6)) for word, weight in weights.items()), key=lambda one: (-one[1], one[0]))
    return [(word, weight) for word, weight in rounded[:_TERMS] if weight]


def _shares(shares: Sequence[float]) -> list[tuple[int, float]]:
    """The topics that a text is about, the main one first; what is left of the others is shared among them."""
    told = {topic: share for topic, share in enumerate(shares) if share >= min(_LEAST, max(shares))}
    whole = sum(told.values())
    rounded = ((topic, round(share / whole, 6)) for topic, share in told.items())
    return sorted(rounded, key=lambda one: (-one[1], one[0]))
