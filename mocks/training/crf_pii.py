"""Train the field for personal names and addresses: python crf_pii.py --data DIR.

Its attributes include parts of speech and entities, so their English fields come first. Every fifth template of the
synthetic documents is held out; sentences without places from UNER-EWT's test part, which the entity field did not see,
add names and everyday text, and made_addresses.py further addresses.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import crf_train
import made_addresses
import presidio
from aiservices_mocks.engines import crf, mentions, pii, pii_names, syntax
from aiservices_mocks.engines.tokens import Token
from crf_names import corpora
from weights_file import write

_SEED, _COUNT = 1, 1_500  # of the made documents
_MADE = -1  # their template
_TYPES = {"PERSON": "NAME", "STREET_ADDRESS": "ADDRESS", "GPE": "ADDRESS", "ZIP_CODE": "ADDRESS"}


@dataclass(frozen=True)
class Document:
    """A text with its names and addresses as (begin, end, type), parts of one address joined."""

    text: str
    spans: list[tuple[int, int, str]]
    template: int


def documents(data: Path) -> list[Document]:
    """The synthetic documents, in order."""
    return [_document(record) for record in presidio.records(data)]


def _document(record: Mapping[str, Any]) -> Document:
    text = record["full_text"]
    spans: list[tuple[int, int, str]] = []
    parts = sorted((s["start_position"], s["end_position"], _TYPES.get(s["entity_type"])) for s in record["spans"])
    for begin, end, kind in parts:
        if kind is None:
            continue
        if spans and spans[-1][2] == kind == "ADDRESS" and not text[spans[-1][1] : begin].strip(" \t\n\r,;#"):
            spans[-1] = (spans[-1][0], end, kind)
        else:
            spans.append((begin, end, kind))
    return Document(text, spans, record["template_id"])


def _labels(tokens: list[Token], spans: list[tuple[int, int, str]]) -> list[str]:
    labels: list[str] = []
    for token in tokens:
        label = "O"
        for begin, end, kind in spans:
            if token.begin < end and token.end > begin:
                first = token.begin <= begin or not labels or labels[-1][2:] != kind
                label = f"{'B' if first else 'I'}-{kind}"
        labels.append(label)
    return labels


Example = tuple[list[str], list[list[str]], list[str]]  # words, context rows, labels


def examples(chosen: list[Document]) -> list[Example]:
    """The blocks of documents."""
    return [
        ([t.text for t in tokens], pii_names.described(document.text, tokens).rows, _labels(tokens, document.spans))
        for document in chosen
        for tokens in pii_names.blocks(document.text)
    ]


def _everyday(data: Path) -> list[Example]:
    result = []
    for sentence in corpora(data, "en").tests["EWT"][0]:
        if any("LOCATION" in label for label in sentence.labels):
            continue
        tags = [tag for tag, _ in syntax.tagger("en").tag(sentence.words)]
        found = mentions.finder("entities-en").find(sentence.words, tags)
        rows = pii_names.context(sentence.words, tags, found, [False] * len(sentence.words))
        labels = [f"{x[:2]}NAME" if x.endswith("PERSON") else "O" for x in sentence.labels]
        result.append((sentence.words, rows, labels))
    return result


def _rows(words: list[str], rows: list[list[str]]) -> list[list[str]]:
    base = crf.rows(words, pii_names.attributes, lambda first, second: ("", ""))
    return [[a for a in mine + more if a] for mine, more in zip(base, rows, strict=True)]


def scores(chosen: list[Document]) -> dict[str, tuple[float, float]]:
    """Precision and recall by type; an address counts as found where at least half of it is."""
    result = {}
    for kind in ("NAME", "ADDRESS"):
        right = found = hit = wanted = 0
        for document in chosen:
            gold = [s for s in document.spans if s[2] == kind]
            mine = [e for e in pii.find(document.text, "en") if e.type == kind]
            wanted += len(gold)
            found += len(mine)
            right += sum(any(_match(kind, e.begin, e.end, b, f) for b, f, _ in gold) for e in mine)
            hit += sum(any(_match(kind, e.begin, e.end, b, f) for e in mine) for b, f, _ in gold)
        result[kind] = (right / max(1, found), hit / max(1, wanted))
    return result


def _match(kind: str, begin: int, end: int, gold_begin: int, gold_end: int) -> bool:
    if kind == "NAME":
        return (begin, end) == (gold_begin, gold_end)
    return 2 * (min(end, gold_end) - max(begin, gold_begin)) >= max(end - begin, gold_end - gold_begin)


def main() -> None:
    """Train, calibrate, write and tell precision and recall on the held-out templates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the checkouts")
    data = parser.parse_args().data
    known = documents(data)
    seen = [d for d in known if d.template % 5]
    made = [Document(one.text, one.spans, _MADE) for one in made_addresses.Maker(data, _SEED).make(_COUNT)]
    train = examples([d for at, d in enumerate(seen) if at % 10] + made) + _everyday(data)
    model = crf_train.train((_rows(words, rows), labels) for words, rows, labels in train)
    finder = pii_names.Finder(model)
    development = examples(seen[::10])
    crf_train.calibrate(model, [(finder.emissions(words, rows), labels) for words, rows, labels in development])
    size = write("pii-names", model.content())
    print(f"{size:,} bytes, temperature {model.temperature:.1f}")
    for kind, (precision, recall) in scores(held_out(data)).items():
        print(f"{kind}: precision {precision:.3f}, recall {recall:.3f}")


def held_out(data: Path) -> list[Document]:
    """The documents of the templates that no training saw."""
    return [document for document in documents(data) if document.template % 5 == 0]


if __name__ == "__main__":
    main()
