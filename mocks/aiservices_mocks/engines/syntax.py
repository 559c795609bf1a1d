"""Parts of speech, by a conditional random field trained on Universal Dependencies treebanks.

Two habits of the real service are kept: every coordinating conjunction is CONJ, and a copula is VERB. German is the
weakest (about 34,000 words to learn from), Portuguese, French and English the best; `mocks/training/quality.py` prints
the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from aiservices.text import sentences

from . import crf
from .tokens import tokenize

LANGUAGES = ("en", "es", "fr", "de", "it", "pt")


class Tagged(NamedTuple):
    """A token with its part of speech and how sure the model is of it (0..1)."""

    begin: int
    end: int
    text: str
    tag: str
    score: float


def attributes(word: str, offset: int) -> list[str]:
    """What a word says about the tag of the word `offset` places before it."""
    lower = word.lower()
    if offset in (-2, 2):
        return [f"{offset}w={lower}"]
    if offset in (-1, 1):
        return [
            f"{offset}w={lower}",
            f"{offset}s={lower[-3:]}",
            f"{offset}z={lower[-2:]}",
            f"{offset}o={crf.shape(word)}",
        ]
    own = ["b", f"w={lower}", f"W={word}", f"o={crf.shape(word)}", f"c={word[0].isupper()}"]
    own += [f"p{n}={lower[:n]}" for n in (1, 2, 3) if len(lower) > n]
    own += [f"s{n}={lower[-n:]}" for n in (1, 2, 3, 4, 5) if len(lower) > n]
    if "-" in lower:
        own.append(f"h={lower.rsplit('-')[-1]}")
    return own


def pair(word: str, following: str) -> tuple[str, str]:
    """What two words in a row say about the first and about the second."""
    both = f"{word.lower()}|{following.lower()}"
    return f"+{both}", f"-{both}"


class Tagger:
    """One language's field."""

    def __init__(self, model: crf.Model) -> None:
        self._model = model
        self._window = crf.Window(model, attributes, pair)

    def emissions(self, words: Sequence[str]) -> list[crf.Vector]:
        """The tags' scores of every word of a sentence."""
        return self._window.emissions(words)

    def tag(self, words: Sequence[str]) -> list[tuple[str, float]]:
        """Each word's tag and confidence."""
        emissions = self.emissions(words)
        path = self._model.decode(emissions)
        sure = self._model.confidences(emissions, path)
        return [(self._model.labels[label], score) for label, score in zip(path, sure, strict=True)]


@cache
def tagger(language: str) -> Tagger:
    """The tagger of one of LANGUAGES."""
    return Tagger(crf.load(f"syntax-{language}"))


def tag(text: str, language: str) -> list[Tagged]:
    """The text's tokens in order with their parts of speech.

    language: one of LANGUAGES; ValueError for another.
    """
    return [Tagged(*word[:4], round(word.score, 6)) for sentence in tag_sentences(text, language) for word in sentence]


def tag_sentences(text: str, language: str) -> list[list[Tagged]]:
    """The same sentence by sentence, scores not rounded."""
    if language not in LANGUAGES:
        raise ValueError(f"no tagger for language {language!r}; there is one for {', '.join(LANGUAGES)}")
    model = tagger(language)
    result = []
    for piece in sentences(text):
        tokens = tokenize(piece.text, language)
        tags = model.tag([token.text for token in tokens])
        start = piece.start
        result.append(
            [
                Tagged(begin + start, end + start, word, part, score)
                for (begin, end, word), (part, score) in zip(tokens, tags, strict=True)
            ]
        )
    return result
