"""Sentences of Universal Dependencies treebanks, in the real service's tags.

A word fused of several ("del", "im", "dámelo") is one token with the tag of its first part, unless its parts
spell it out ("do" + "n't" in English). CCONJ becomes CONJ, a copula VERB, X becomes O.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

Word = tuple[str, str]  # form, tag


@dataclass(frozen=True)
class Sentence:
    """A sentence's id, raw text and tagged words."""

    name: str
    text: str
    words: list[Word]


def service_tag(upos: str, deprel: str) -> str:
    """The tag that the real service gives where a treebank has this one."""
    if upos == "AUX" and deprel.split(":")[0] == "cop":
        return "VERB"
    return {"CCONJ": "CONJ", "X": "O"}.get(upos, upos)


def read(paths: Iterable[Path], *, split_fused: bool) -> Iterator[Sentence]:
    """The sentences of CoNLL-U files, in order."""
    for path in paths:
        for block in path.read_text("utf-8").split("\n\n"):
            sentence = _sentence(block.splitlines(), split_fused)
            if sentence.words:
                yield sentence


def _sentence(lines: list[str], split_fused: bool) -> Sentence:
    name = text = ""
    words: list[Word] = []
    fused: tuple[str, int, list[Word]] | None = None
    for line in lines:
        if line.startswith("# sent_id = "):
            name = line[12:]
        elif line.startswith("# text = "):
            text = line[9:]
        if not line or line[0] == "#":
            continue
        number, form, _, upos, _, _, _, deprel, *_ = line.split("\t")
        if "." in number:
            continue
        if "-" in number:
            fused = (form, int(number.split("-")[1]), [])
            continue
        word = (form, service_tag(upos, deprel))
        if fused is None:
            words.append(word)
            continue
        fused[2].append(word)
        if int(number) == fused[1]:
            surface, parts = fused[0], fused[2]
            spelled = split_fused and "".join(part for part, _ in parts) == surface
            words += parts if spelled else [(surface, parts[0][1])]
            fused = None
    return Sentence(name, text, words)


@dataclass(frozen=True)
class Corpora:
    """The sentences of a language: to train on, to fit the temperature on, and to measure by test set."""

    train: list[Sentence]
    development: list[Sentence]
    tests: dict[str, list[Sentence]]


def corpora(data: Path, language: str) -> Corpora:
    """What a language is trained and measured on. Large training files may be missing from a checkout; none is used."""
    return _CORPORA[language](data)


def _files(language: str, *paths: Path) -> list[Sentence]:
    return list(read(paths, split_fused=language == "en"))


def _english(data: Path) -> Corpora:
    root = data / "UD_English-EWT"
    listed = (root / "not-to-release/file-lists/files.train").read_text().split()
    train = _files("en", *(root / "not-to-release/sources" / name for name in listed))
    known = _held_out(
        _files("en", root / "en_ewt-ud-dev.conllu"), {"EWT": _files("en", root / "en_ewt-ud-test.conllu")}
    )
    pud = _files("en", data / "UD_English-PUD/en_pud-ud-test.conllu")
    return Corpora(train + known.train + pud, known.development, known.tests)


def _spanish(data: Path) -> Corpora:
    gsd = data / "UD_Spanish-GSD"
    train = _files("es", gsd / "es_gsd-ud-dev.conllu")
    pud = _files("es", data / "UD_Spanish-PUD/es_pud-ud-test.conllu")
    return Corpora(train, pud, {"GSD": _files("es", gsd / "es_gsd-ud-test.conllu")})


def _german(data: Path) -> Corpora:
    gsd = data / "UD_German-GSD"
    known = _files("de", gsd / "de_gsd-ud-dev.conllu", data / "UD_German-PUD/de_pud-ud-test.conllu")
    return _held_out(known, {"GSD": _files("de", gsd / "de_gsd-ud-test.conllu")})


def _french(data: Path) -> Corpora:
    sequoia, gsd = data / "UD_French-Sequoia", data / "UD_French-GSD"
    pud = data / "UD_French-PUD/fr_pud-ud-test.conllu"
    train = _files("fr", sequoia / "fr_sequoia-ud-train.conllu", gsd / "fr_gsd-ud-dev.conllu", pud)
    tests = {
        "Sequoia": _files("fr", sequoia / "fr_sequoia-ud-test.conllu"),
        "GSD": _files("fr", gsd / "fr_gsd-ud-test.conllu"),
    }
    return Corpora(train, _files("fr", sequoia / "fr_sequoia-ud-dev.conllu"), tests)


def _italian(data: Path) -> Corpora:
    markit, twittiro = data / "UD_Italian-MarkIT", data / "UD_Italian-TWITTIRO"
    pud = _files("it", data / "UD_Italian-PUD/it_pud-ud-test.conllu")
    train = _files("it", markit / "it_markit-ud-train.conllu", twittiro / "it_twittiro-ud-train.conllu")
    train += [sentence for at, sentence in enumerate(pud) if at % 8]  # comes as a test part only
    tests = {"PUD, every eighth": pud[::8], "MarkIT": _files("it", markit / "it_markit-ud-test.conllu")}
    return Corpora(train, _files("it", markit / "it_markit-ud-dev.conllu"), tests)


def _portuguese(data: Path) -> Corpora:
    documents = data / "UD_Portuguese-GSD/not-to-release/documents"
    train, development, test = (
        _files("pt", *sorted(documents.glob(f"pt_gsd-ud-{part}-*.conllu"))) for part in ("train", "dev", "test")
    )
    return Corpora(train, development, {"GSD": test})


def _held_out(known: list[Sentence], tests: dict[str, list[Sentence]]) -> Corpora:
    """Every tenth of the known sentences is kept for the temperature."""
    train = [sentence for at, sentence in enumerate(known) if at % 10]
    return Corpora(train, known[::10], tests)


_CORPORA: dict[str, Callable[[Path], Corpora]] = {
    "en": _english,
    "es": _spanish,
    "de": _german,
    "fr": _french,
    "it": _italian,
    "pt": _portuguese,
}
