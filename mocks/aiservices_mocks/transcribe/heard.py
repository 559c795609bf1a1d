"""What is heard in a file until a recogniser hears it: made-up words at times that fit how long the sound is.

The same bytes give the same words, whatever the job is called. The words belong to no language, so that nobody takes
them for what was said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from random import Random
from typing import NamedTuple

_BEGINS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "dr", "kl", "pl", "st", "tr")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ou")
_ENDS = ("", "", "", "l", "m", "n", "r", "s", "t")
_SENSITIVE = ("NAME", "PHONE", "EMAIL", "ADDRESS", "CREDIT_DEBIT_NUMBER", "SSN")
_HOW_OFTEN = 0.15
"""How many sentences have something in them that redaction takes out."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word."""

    text: str
    start: float
    end: float
    confidence: float
    after: str = ""
    """The punctuation behind it."""
    kind: str = ""
    """Which personal information it is, by the names of `PiiEntityTypes`."""


class Turn(NamedTuple):
    """What somebody says without a pause."""

    speaker: int
    words: tuple[Word, ...]

    @property
    def start(self) -> float:
        """When the first word begins."""
        return self.words[0].start

    @property
    def end(self) -> float:
        """When the last word ends."""
        return self.words[-1].end


def dice(data: bytes, seed: int, *parts: object) -> Random:
    """Chance that follows from a file, the world's seed, and what it is for."""
    digest = blake2b(repr((seed, parts)).encode(), digest_size=8)
    digest.update(data)
    return Random(int.from_bytes(digest.digest(), "big"))


def hear(data: bytes, seconds: float, speakers: int, seed: int) -> list[Turn]:
    """The turns in a file; speakers take turns, 0 begins. Something is said even in the shortest one."""
    random = dice(data, seed, "words")
    turns: list[Turn] = []
    now = min(random.uniform(0.05, 0.4), seconds / 10)
    while not turns or now + 0.6 < seconds:
        words = tuple(_sentence(random, now, seconds))
        turns.append(Turn(len(turns) % speakers, words))
        now = words[-1].end + random.uniform(0.3, 1.6)
    return turns


def _sentence(random: Random, begin: float, limit: float) -> Iterator[Word]:
    """Four to twelve words, or as many as there is time for."""
    texts = [_word(random) for _ in range(random.randrange(4, 13))]
    texts[0] = texts[0].capitalize()
    kinds = [""] * len(texts)
    if random.random() < _HOW_OFTEN:
        at = random.randrange(1, len(texts))
        kinds[at] = _SENSITIVE[random.randrange(len(_SENSITIVE))]
        texts[at] = _personal(random, kinds[at])
    now = begin
    last = "?" if random.random() < 0.15 else "."
    for at, text in enumerate(texts):
        end = round(min(now + random.uniform(0.12, 0.2) + 0.04 * len(text), limit), 3)
        over = at == len(texts) - 1 or end + 0.3 > limit
        after = last if over else "," if random.random() < 0.1 else ""
        yield Word(text, round(now, 3), end, round(random.uniform(0.55, 1.0), 3), after, kinds[at])
        if over:
            return
        now = end + random.uniform(0.0, 0.06)


def _word(random: Random) -> str:
    return "".join(_syllable(random) for _ in range(random.randrange(1, 4)))


def _syllable(random: Random) -> str:
    return "".join(part[random.randrange(len(part))] for part in (_BEGINS, _VOWELS, _ENDS))


def _personal(random: Random, kind: str) -> str:
    """Something of a kind that belongs to nobody."""
    if kind == "NAME":
        return _word(random).capitalize()
    if kind == "EMAIL":
        return f"{_word(random)}@example.com"
    if kind == "ADDRESS":
        return f"{random.randrange(1, 100)} {_word(random).capitalize()} Street"
    number = f"{random.randrange(100):02}"
    return {"PHONE": f"555-01{number}", "SSN": f"000-{number}-0000"}.get(kind, f"4000 0000 0000 00{number}")
