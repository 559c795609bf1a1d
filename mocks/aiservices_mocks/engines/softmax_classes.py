"""Classes of texts, learnt from labelled ones: softmax regression on the words and letters that a text has.

What counts are words and pairs of words, and runs of two to four letters within words, weighted by how rare they are
(tf-idf) and brought to length one, each kind by itself. Weights are found by stochastic gradient descent, in an order
that the number of examples gives. Where a text has any number of labels, each is told by itself. With MiniLM
installed the same is done on its points besides, and both opinions are averaged.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from aiservices.errors import MissingExtraError

from . import minilm

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Row = tuple[np.ndarray[Any, np.dtype[np.int64]], Floats]
    """Which features a text has, and how much of each."""

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_LETTERS = (2, 3, 4)
_EDGE = "\x01"
_STEP = 2.0
"""Of the first round; later ones are shorter by the root of their number. Chosen, as are the rounds and the reach, on
held-out parts of BANKING77's training set."""
_STEPS, _MOST, _LEAST = 20_000, 20, 5
"""Steps to aim at, and rounds over the examples at most and at least."""
_CONSTANT = 0.3
"""What every text has, so that labels can be frequent or rare in general."""
_REACH = 1.0
"""The length of MiniLM's points."""


class Classes:
    """What was learnt; it never changes."""

    def __init__(self, labels: Sequence[str], several: bool, views: Sequence[tuple[_Grams | _Points, Floats]]) -> None:
        self.labels = list(labels)
        self.several = several
        self._views = views

    def score(self, text: str) -> dict[str, float]:
        """How likely the class of a text is each; with several labels, how likely it has each, whatever the others."""
        if not self.labels:
            return {}
        import numpy as np

        opinions = []
        for view, weights in self._views:
            features, values = view.row(text)
            opinions.append(_likely(values @ weights[features], self.several))
        found = np.mean(opinions, axis=0).tolist()
        return {label: round(share, 6) for label, share in zip(self.labels, found, strict=True)}

    def choose(self, text: str) -> list[str]:
        """The likeliest class of a text, or all labels that it rather has than not."""
        scores = self.score(text)
        if self.several or not scores:
            return [label for label, score in scores.items() if score >= 0.5]
        return [max(scores, key=scores.__getitem__)]


def train(examples: Iterable[tuple[str, Sequence[str]]], *, several: bool = False, alone: bool = False) -> Classes:
    """Learn from texts and their classes. several: a text can have any number of them; alone: without MiniLM."""
    known = [(text, told) for text, told in examples if several or told]
    labels = list(dict.fromkeys(label for _, told in known for label in told))
    number = {label: at for at, label in enumerate(labels)}
    targets = [[number[label] for label in dict.fromkeys(told)] for _, told in known]
    if not labels:
        return Classes([], several, [])
    texts = [text for text, _ in known]
    views: list[_Grams | _Points] = [_Grams(texts)]
    if minilm.available() and not alone:
        views.append(_Points())
    return Classes(labels, several, [(view, _descend(view, texts, targets, len(labels), several)) for view in views])


class _Grams:
    """Words, pairs of words and runs of letters, and how rare each is. The first feature is the constant."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._kinds: list[tuple[dict[str, int], list[float]]] = []
        self.size = 1
        for counts in zip(*map(_counts, texts), strict=True):
            having = Counter(gram for count in counts for gram in count)
            rarity = [1 + math.log((1 + len(texts)) / (1 + number)) for number in having.values()]
            self._kinds.append(({gram: self.size + at for at, gram in enumerate(having)}, rarity))
            self.size += len(having)

    def row(self, text: str) -> Row:
        import numpy as np

        features, values = [0], [_CONSTANT]
        for (numbers, rarity), counts in zip(self._kinds, _counts(text), strict=True):
            first = next(iter(numbers.values()), 0)
            known = [(numbers[gram], count) for gram, count in counts.items() if gram in numbers]
            weights = [(1 + math.log(count)) * rarity[at - first] for at, count in known]
            length = math.sqrt(math.fsum(weight * weight for weight in weights))
            features += [at for at, _ in known]
            values += [weight / length for weight in weights]
        return np.array(features), np.array(values)


class _Points:
    """Where MiniLM sees a text. The first feature is the constant."""

    def __init__(self) -> None:
        self.size = 1 + minilm.encoder().size

    def row(self, text: str) -> Row:
        import numpy as np

        point = minilm.embed([text])[0].astype(np.float64) * _REACH
        return np.arange(self.size), np.concatenate(([_CONSTANT], point))


def _counts(text: str) -> tuple[Counter[str], Counter[str]]:
    """How often a text has which words and pairs of them, and which runs of letters."""
    words = _WORD.findall(text.lower())
    letters: Counter[str] = Counter()
    for word in words:
        framed = f"{_EDGE}{word}{_EDGE}"
        for length in _LETTERS:
            letters.update(framed[at : at + length] for at in range(len(framed) - length + 1))
    return Counter(words) + Counter(f"{one} {other}" for one, other in pairwise(words)), letters


def _descend(
    view: _Grams | _Points, texts: Sequence[str], targets: Sequence[Sequence[int]], classes: int, several: bool
) -> Floats:
    """A row of weights for each feature, a column for each class."""
    try:
        import numpy as np
    except ImportError as error:
        raise MissingExtraError("Learning classes", "mocks") from error
    rows = [view.row(text) for text in texts]
    weights = np.zeros((view.size, classes))
    order = list(range(len(rows)))
    shuffle = random.Random(len(rows)).shuffle
    for turn in range(max(_LEAST, min(_MOST, _STEPS // max(1, len(rows))))):
        shuffle(order)
        step = _STEP / math.sqrt(1 + turn)
        for at in order:
            features, values = rows[at]
            known = weights[features]
            wrong = _likely(values @ known, several)
            wrong[targets[at]] -= 1 if several else 1 / max(1, len(targets[at]))
            weights[features] = known - np.multiply.outer(step * values, wrong)
    return weights


def _likely(sums: Floats, several: bool) -> Floats:
    import numpy as np

    if several:
        found: Floats = 1 / (1 + np.exp(-np.clip(sums, -500, 500)))
        return found
    raised = np.exp(sums - sums.max())
    shares: Floats = raised / raised.sum()
    return shares
