"""Sentiment lexicons of six languages as word -> -4..4: public ones, our own words and emoji.

The data folder holds checkouts by name:
  pattern   clips/pattern @ d25511f9ca7e: pattern/text/{fr,it} (French: PDDL; Italian: BSD-3-Clause)
  VU-sentiment-lexicon   opener-project/VU-sentiment-lexicon @ 35d6edb2b70d: DE-lexicon/germanLex.txt
            (Clematide and Klenner 2010, Apache-2.0)
  LeIA      rafjaa/LeIA @ 5daede629de1: lexicons/vader_lexicon_ptbr.txt (MIT)
  vaderSentiment   cjhutto/vaderSentiment @ 44fc044cd877: vaderSentiment/vader_lexicon.txt (MIT)
  vader_FR  thomas7lieues/vader_FR @ 4147641a762c: vaderSentiment_fr/fr_lexicon.txt (MIT)
  afinn     fnielsen/afinn @ 1d6dfd2b2b8a: afinn/data/AFINN-fr-165.txt (Apache-2.0)
  UD_*      parts of treebanks that plain texts are counted in (see crf_treebanks.py)
  natural   NaturalNode/natural @ 69c59f919630: AFINN in Spanish and Portuguese, lib/natural/sentiment (MIT)

GerVADER is left out: its words are those of SentiWS, which is for non-commercial use only.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import crf_treebanks
from aiservices_mocks.engines import sentiment_features
from sentiment_own_words import own

_LEAST = 0.4  # weaker words say too little
_EMOJI = 3.0
_GERMAN = 1.5  # the strongest of germanLex: its words were rated alone, and many say little in a text
_COMMON = 0.005  # of plain sentences


def french_or_italian(path: Path) -> Iterator[tuple[str, float]]:
    for entry in re.finditer(r'<word form="([^"]+)"[^>]*? polarity="(-?[\d.]+)"', path.read_text("utf-8")):
        yield entry[1].lower(), 4 * float(entry[2])


def german(path: Path) -> Iterator[tuple[str, float]]:
    for line in path.read_text("utf-8").splitlines():
        match = re.match(r"(\S+) (POS|NEG)=(\d+(?:\.\d+)?) (\w+)", line)
        if match is None:
            continue
        word, value = match[1].lower(), _GERMAN * float(match[3]) * (1 if match[2] == "POS" else -1)
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


def rows(path: Path, parted: str = "\t") -> Iterator[tuple[str, float]]:
    """A word and its strength a line, and more: VADER's and AFINN's form."""
    for line in path.read_text("utf-8").splitlines():
        word, _, rest = line.partition(parted)
        if word.replace(" ", "").replace("-", "").replace("'", "").isalpha():
            yield word.lower(), float(rest.split("\t")[0])


def natural(data: Path, name: str) -> Iterator[tuple[str, float]]:
    path = data / "natural" / "lib" / "natural" / "sentiment" / name / f"afinnShortSorted{name}.json"
    yield from ((word, 0.8 * value) for word, value in json.loads(path.read_text("utf-8")).items() if word.isalpha())


def french_afinn(data: Path) -> Iterator[tuple[str, float]]:
    yield from ((word, 0.8 * value) for word, value in rows(data / "afinn" / "afinn" / "data" / "AFINN-fr-165.txt"))


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


def _public(language: str, data: Path) -> Iterator[tuple[str, float]]:
    pattern = data / "pattern" / "pattern" / "text" / language / f"{language}-sentiment.xml"
    if language == "en":
        yield from rows(data / "vaderSentiment" / "vaderSentiment" / "vader_lexicon.txt")
    elif language == "es":
        yield from natural(data, "Spanish")
    elif language == "de":
        yield from german(data / "VU-sentiment-lexicon" / "VUSentimentLexicon" / "DE-lexicon" / "germanLex.txt")
    elif language == "pt":
        yield from rows(data / "LeIA" / "lexicons" / "vader_lexicon_ptbr.txt")
        yield from natural(data, "Portuguese")
    else:
        yield from french_or_italian(pattern)
    if language == "fr":
        yield from rows(data / "vader_FR" / "vaderSentiment_fr" / "fr_lexicon.txt", "->")
        yield from french_afinn(data)


_PLAIN = {
    "es": "UD_Spanish-GSD/es_gsd-ud-dev.conllu",
    "fr": "UD_French-GSD/fr_gsd-ud-dev.conllu",
    "de": "UD_German-GSD/de_gsd-ud-dev.conllu",
    "it": "UD_Italian-PUD/it_pud-ud-test.conllu",
    "pt": "UD_Portuguese-PUD/pt_pud-ud-test.conllu",
}


def _common(language: str, data: Path) -> set[str]:
    """Words that plain texts use too often to tell an opinion."""
    if language not in _PLAIN:
        return set()
    texts = [one.text for one in crf_treebanks.read([data / _PLAIN[language]], split_fused=False)]
    counts = Counter(word for text in texts for word in set(sentiment_features.words(text)))
    return {word for word, count in counts.items() if count >= _COMMON * len(texts)}


def lexicon(language: str, data: Path) -> dict[str, float]:
    """Word -> strength; our own words win."""
    common = _common(language, data)
    words = {word: value for word, value in merged(_public(language, data)).items() if word not in common}
    words.update(own(language))
    words.update(dict.fromkeys(sorted(sentiment_features.GLAD), _EMOJI))
    words.update(dict.fromkeys(sorted(sentiment_features.SAD), -_EMOJI))
    return words
