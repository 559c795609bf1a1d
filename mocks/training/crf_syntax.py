"""Train the part-of-speech field of one language: python crf_syntax.py en --data DIR."""

from __future__ import annotations

import argparse
from pathlib import Path

import crf_train
from aiservices_mocks.engines import crf, syntax
from aiservices_mocks.engines.syntax import Tagger, attributes, pair
from crf_treebanks import Sentence, corpora
from weights_file import write


def _sequence(sentence: Sentence) -> tuple[list[list[str]], list[str]]:
    words, tags = zip(*sentence.words, strict=True)
    return crf.rows(words, attributes, pair), list(tags)


def main() -> None:
    """Train, calibrate, write and tell the accuracy on the test part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language")
    parser.add_argument("--data", type=Path, required=True, help="folder of the checkouts")
    options = parser.parse_args()
    parts = corpora(options.data, options.language)
    model = crf_train.train(map(_sequence, parts.train))
    tagger = Tagger(model)
    crf_train.calibrate(
        model, [(tagger.emissions([w for w, _ in s.words]), [t for _, t in s.words]) for s in parts.development]
    )
    size = write(f"syntax-{options.language}", model.content())
    print(f"{size:,} bytes, temperature {model.temperature:.1f}")
    for name, test in parts.tests.items():
        print(f"{name}: {accuracy(tagger, test):.4f}")


def accuracy(tagger: Tagger, test: list[Sentence], same: dict[str, str] | None = None) -> float:
    """The share of words tagged right, given the treebank's own tokens; `same` maps tags that count as one."""
    merge = same or {}
    right = sum(
        merge.get(mine, mine) == merge.get(gold, gold)
        for s in test
        for (mine, _), (_, gold) in zip(tagger.tag([w for w, _ in s.words]), s.words, strict=True)
    )
    return right / sum(len(s.words) for s in test)


def raw_f1(test: list[Sentence], language: str) -> float:
    """F1 over (stretch, tag) from raw text: the cutting into words and sentences counts too."""
    right = found = wanted = 0
    for sentence in test:
        gold = set()
        at = 0
        for word, tag in sentence.words:
            at = sentence.text.index(word, at) + len(word)
            gold.add((at - len(word), at, tag))
        mine = {(word.begin, word.end, word.tag) for word in syntax.tag(sentence.text, language)}
        right += len(gold & mine)
        found += len(mine)
        wanted += len(gold)
    return 2 * right / (found + wanted)


if __name__ == "__main__":
    main()
