"""Train and measure the sentiment of mentions in English.

python mocks/training/targeted.py --data DIR

DIR holds checkouts by name:
  MAMS-for-ABSA   siat-nlp/MAMS-for-ABSA @ cddcdb0f423b (Apache-2.0): data/MAMS-ATSA/raw, restaurant reviews that speak
            of several things in one sentence
  vaderSentiment  as sentiment.py has it: a sentence's heads of noun phrases count as rated like the sentence
  LADy      fani-lab/LADy @ 9fa0d61227e1: data/raw/semeval/SemEval-14, the test parts of SemEval 2014 task 4 (Pontiki et
            al. 2014): measured only; terms of conflicting sentiment are left out, as is usual
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import maxent_train
import sentiment
from aiservices_mocks.engines import key_phrases, target_sentiment
from weights_file import write

LABELS = ("POSITIVE", "NEGATIVE", "NEUTRAL")
_LABEL = {"positive": 0, "negative": 1, "neutral": 2}
_TESTS = {"Restaurants": "Restaurants_Test_Gold.xml", "Laptops": "Laptops_Test_Gold.xml"}


class Mentioned(NamedTuple):
    text: str
    begin: int
    end: int
    label: int


def terms(path: Path) -> Iterator[Mentioned]:
    for sentence in ElementTree.parse(path).getroot().iter("sentence"):
        text = sentence.findtext("text") or ""
        for term in sentence.iter("aspectTerm"):
            label = _LABEL.get(term.attrib["polarity"])
            if label is not None:
                yield Mentioned(text, int(term.attrib["from"]), int(term.attrib["to"]), label)


def mams(data: Path, part: str) -> list[Mentioned]:
    return list(terms(data / "MAMS-for-ABSA" / "data" / "MAMS-ATSA" / "raw" / f"{part}.xml"))


def semeval(data: Path, name: str) -> list[Mentioned]:
    return list(terms(data / "LADy" / "data" / "raw" / "semeval" / "SemEval-14" / _TESTS[name]))


def rated(data: Path) -> Iterator[Mentioned]:
    """Two noun phrases of each rated sentence."""
    for name in ("amazonReviewSnippets", "tweets"):
        for text, label in sentiment.hutto(data, name):
            if not sentiment.held_out(text):
                for phrase in key_phrases.find(text, "en")[:2]:
                    begin = phrase.begin + phrase.text.rfind(" ") + 1
                    yield Mentioned(text, begin, phrase.end, label)


def _row(one: Mentioned) -> dict[str, float]:
    return target_sentiment.Judge(target_sentiment.words(one.text)).extract(one.begin, one.end)


def accuracy(examples: list[Mentioned]) -> float:
    right = 0
    for one in examples:
        scores = target_sentiment.Judge(target_sentiment.words(one.text)).scores(one.begin, one.end)
        right += max(scores, key=scores.__getitem__) == LABELS[one.label]
    return right / len(examples)


def figures(data: Path) -> dict[str, tuple[float, int]]:
    """How often mentions are judged as people did, and how many there are."""
    tests = {"MAMS": mams(data, "test"), **{name: semeval(data, name) for name in _TESTS}}
    return {name: (accuracy(examples), len(examples)) for name, examples in tests.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--penalty", type=float, default=2.0)
    options = parser.parse_args()
    examples = mams(options.data, "train") + list(rated(options.data))
    rows = [_row(one) for one in examples]
    bias, weights = maxent_train.train(
        rows, [one.label for one in examples], LABELS, penalty=options.penalty, rare=4, iterations=150
    )
    size = write("targeted", {"labels": LABELS, "bias": bias, "weights": weights})
    print(f"{len(examples)} mentions, {len(weights)} features, {size / 1024:.0f} KB")
    for name, (share, count) in figures(options.data).items():
        print(f"{name}: {share:.3f} of {count}")


if __name__ == "__main__":
    main()
