"""Sentiment lexicons of five languages as word -> -4..4: public ones, and our own words (all of Spanish).

The data folder holds checkouts by name:
  pattern   clips/pattern @ d25511f9ca7e: pattern/text/{fr,it} (French: PDDL; Italian: BSD-3-Clause)
  VU-sentiment-lexicon   opener-project/VU-sentiment-lexicon @ 35d6edb2b70d: DE-lexicon/germanLex.txt
            (Clematide and Klenner 2010, Apache-2.0)
  LeIA      rafjaa/LeIA @ 5daede629de1: lexicons/vader_lexicon_ptbr.txt (MIT)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sentiment_own_words import own

_LEAST = 0.4  # weaker words say too little


def french_or_italian(path: Path) -> Iterator[tuple[str, float]]:
    for entry in re.finditer(r'<word form="([^"]+)"[^>]*? polarity="(-?[\d.]+)"', path.read_text("utf-8")):
        yield entry[1].lower(), 4 * float(entry[2])


def german(path: Path) -> Iterator[tuple[str, float]]:
    for line in path.read_text("utf-8").splitlines():
        match = re.match(r"(\S+) (POS|NEG)=(\d+(?:\.\d+)?) (\w+)", line)
        if match is None:
            continue
        word, value = match[1].lower(), 3 * float(match[3]) * (1 if match[2] == "POS" else -1)
        yield word, value
        if match[4].startswith("adj"):
            stem = re.sub("e$", "", word)
            stem = re.sub("el$", "l", stem) if word.endswith("el") else stem
            yield from ((stem + ending, value) for ending in ("e", "er", "es", "en", "em", "ere", "ste", "sten"))
        elif match[4].startswith("nom"):
            yield from ((word + ending, value) for ending in ("n", "s"))
        elif word.endswith("en"):
            stem = word[:-2]
            yield from ((stem + ending, value) for ending in ("e", "t", "te", "ten"))


def portuguese(path: Path) -> Iterator[tuple[str, float]]:
    for line in path.read_text("utf-8").splitlines():
        word, _, rest = line.partition("\t")
        if word.replace(" ", "").isalpha():
            yield word.lower(), float(rest.split("\t")[0])


def merged(entries: Iterator[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for word, value in entries:
        found.setdefault(word, []).append(value)
    means = {word: round(sum(values) / len(values), 1) for word, values in found.items()}
    return {
        word: means[word]
        for word in sorted(means)
        if abs(means[word]) >= _LEAST and "_" not in word and " " not in word
    }


def lexicon(language: str, data: Path) -> dict[str, float]:
    """Word -> strength; our own words win."""
    pattern = data / "pattern" / "pattern" / "text"
    words: dict[str, float] = {}
    if language == "de":
        words = merged(german(data / "VU-sentiment-lexicon" / "VUSentimentLexicon" / "DE-lexicon" / "germanLex.txt"))
    elif language == "pt":
        words = merged(portuguese(data / "LeIA" / "lexicons" / "vader_lexicon_ptbr.txt"))
    elif language in ("fr", "it"):
        words = merged(french_or_italian(pattern / language / f"{language}-sentiment.xml"))
    words.update(own(language))
    return words
