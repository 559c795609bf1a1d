"""Train the field that finds names in one language: python crf_entities.py en --data DIR.

Its attributes include parts of speech, so the language's tagger comes first.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import crf_train
from aiservices_mocks.engines import crf, syntax
from aiservices_mocks.engines.mentions import Finder, attributes, context, pair, spans
from crf_names import Named, corpora
from weights_file import write


def _sequence(sentence: Named, tags: list[str]) -> tuple[list[list[str]], list[str]]:
    base = crf.rows(sentence.words, attributes, pair)
    more = context(sentence.words, tags)
    return [row + extra for row, extra in zip(base, more, strict=True)], sentence.labels


def tags_of(sentence: Named) -> list[str]:
    """The parts of speech that the engine gives at run time."""
    return [tag for tag, _ in syntax.tagger(sentence.language).tag(sentence.words)]


def f1(finder: Finder, test: Iterable[Named], types: frozenset[str]) -> float:
    """Micro F1 over exact spans of these types."""
    right = found = wanted = 0
    for sentence in test:
        gold = {span for span in spans(sentence.labels) if span[2] in types}
        mine = {(m.first, m.last, m.type) for m in finder.find(sentence.words, tags_of(sentence)) if m.type in types}
        right += len(gold & mine)
        found += len(mine)
        wanted += len(gold)
    return 2 * right / (found + wanted)


def main() -> None:
    """Train, calibrate, write and tell the F1 of every test set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language")
    parser.add_argument("--data", type=Path, required=True, help="folder of the checkouts")
    options = parser.parse_args()
    language = options.language
    parts = corpora(options.data, language)
    model = crf_train.train(_sequence(sentence, tags_of(sentence)) for sentence in parts.train)
    finder = Finder(model)
    crf_train.calibrate(model, [(finder.emissions(s.words, tags_of(s)), s.labels) for s in parts.development])
    size = write(f"entities-{language}", model.content())
    print(f"{size:,} bytes, temperature {model.temperature:.1f}")
    for name, (test, types) in parts.tests.items():
        print(f"{name}: {f1(finder, test, types):.4f}")


if __name__ == "__main__":
    main()
