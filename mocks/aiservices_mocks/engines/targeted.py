"""What a text says about whom: its entities and the things it speaks of, each with what is said around it.

Things without a name are the heads of noun phrases. Mentions of one name are one group, and so are the pronouns for
it: they mean what fits and comes first in the nearest sentence before them. There is no knowledge of who is a man or a
woman: whoever was "he" once is not "she".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from aiservices.text import sentences

from . import entities, key_phrases, naming, syntax, target_sentiment

_TYPES = {"TITLE": "OTHER"}
_NAMED = ("PERSON", "LOCATION", "ORGANIZATION", "COMMERCIAL_ITEM", "EVENT", "DATE", "QUANTITY", "OTHER")
_THINGS = ("ORGANIZATION", "COMMERCIAL_ITEM", "EVENT", "OTHER")
_HEAD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*$")
_PLURAL = re.compile(r"[^\W\d_]+[^\Wius\d_]s$")
_PRONOUNS = {
    word: words.split()[0]
    for words in ("he him his himself", "she her hers herself", "it its itself", "they them their theirs themselves")
    for word in words.split()
}
_OF_NOTHING = re.compile(r"it(?:['’]s| is| was)? (?:\w+ )?(?:that|seem(?:s|ed)|appear(?:s|ed)|rain\w*|snow\w*)\b", re.I)


class Mention(NamedTuple):
    """A mention, the scores of its sentiment, and how sure it is that it belongs to its group."""

    begin: int
    end: int
    text: str
    type: str
    score: float
    group_score: float
    sentiment: dict[str, float]

    @property
    def names(self) -> bool:
        """Whether it is a name or a noun, not a pronoun."""
        return self.text.lower() not in _PRONOUNS


Groups = Mapping[naming.Key, Sequence[Mention]]


def find(text: str, language: str) -> list[list[Mention]]:
    """The groups of mentions in the order of their first ones."""
    pieces = list(sentences(text))
    starts = [piece.start for piece in pieces]
    judges: dict[int, target_sentiment.Judge] = {}
    groups: dict[naming.Key, list[Mention]] = {}
    for begin, end, kind, score in sorted([*_mentions(text, language), *_pronouns(text, language)]):
        name = text[begin:end]
        found = naming.group_of(groups, name, kind) if kind else _meant(groups, _PRONOUNS[name.lower()], starts)
        if found is not None:
            key, sure = found
            at = max(bisect_right(starts, begin) - 1, 0)
            if at not in judges:
                judges[at] = target_sentiment.Judge(target_sentiment.words(pieces[at].text, pieces[at].start))
            scores = judges[at].scores(begin, end)
            groups.setdefault(key, []).append(Mention(begin, end, name, key[1], score, sure, scores))
    return list(groups.values())


def _mentions(text: str, language: str) -> Iterator[tuple[int, int, str, float]]:
    named = [one for one in entities.find(text, language) if one.text.lower() not in _PRONOUNS]
    for one in named:
        kind = _TYPES.get(one.type, one.type)
        yield one.begin, one.end, kind if kind in _NAMED else "OTHER", one.score
    for phrase in key_phrases.find(text, language):
        if any(one.begin < phrase.end and phrase.begin < one.end for one in named):
            continue
        head = _HEAD.search(phrase.text)
        if head is not None and head[0].lower() not in _PRONOUNS:
            yield phrase.begin + head.start(), phrase.end, "OTHER", phrase.score


def _pronouns(text: str, language: str) -> Iterator[tuple[int, int, str, float]]:
    """The pronouns that stand for something, as mentions without a type."""
    for token in syntax.tag(text, language):
        if token.tag == "PRON" and token.text.lower() in _PRONOUNS and not _OF_NOTHING.match(text, token.begin):
            yield token.begin, token.end, "", token.score


def _meant(groups: Groups, pronoun: str, starts: Sequence[int]) -> tuple[naming.Key, float] | None:
    """The group that a pronoun belongs to, the surer the fewer fit; None: nothing fits.

    starts: where sentences begin.
    """
    fitting = [
        (bisect_right(starts, one.begin), one.begin, key)
        for key, group in groups.items()
        if _fits(pronoun, key, group)
        for one in group
    ]
    nearest = max((sentence for sentence, *_ in fitting), default=0)
    near = [(begin, key) for sentence, begin, key in fitting if sentence == nearest]
    return (min(near)[1], round(1 / len({key for _, key in near}), 6)) if near else None


def _fits(pronoun: str, key: naming.Key, group: Sequence[Mention]) -> bool:
    name, kind = key
    if kind == "PERSON":
        called = {_PRONOUNS[one.text.lower()] for one in group if not one.names}
        return pronoun in ("he", "she") and called <= {pronoun}
    plural = bool(_PLURAL.search(name))
    return kind in _THINGS and (kind == "ORGANIZATION" or plural == (pronoun == "they")) and pronoun in ("it", "they")
