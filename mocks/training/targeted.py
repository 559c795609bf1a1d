"""Train and measure the sentiment of mentions in English.

python mocks/training/targeted.py --data DIR

DIR holds checkouts by name:
  MAMS-for-ABSA   siat-nlp/MAMS-for-ABSA @ cddcdb0f423b (Apache-2.0): data/MAMS-ATSA/raw, restaurant reviews that speak
            of several things in one sentence
  vaderSentiment  as sentiment.py has it: a sentence's heads of noun phrases count as rated like the sentence
  nltk_data       nltk/nltk_data @ 5db857e6f7df: product_reviews_1, product_reviews_2 and opinion_lexicon of
            packages/corpora (Minqing Hu and Bing Liu, CC BY 4.0), unpacked there: what is said of products' features;
            heads of noun phrases in sentences without a rated feature count as neutral
  yaso-tsa        IBM/yaso-tsa @ 7c83da107496: TSA-MD (CDLA-Sharing 1.0), reviews of many kinds
  LADy      fani-lab/LADy @ 9fa0d61227e1: data/raw/semeval/SemEval-14, the test parts of SemEval 2014 task 4 (Pontiki et
            al. 2014): measured only; terms of conflicting sentiment are left out, as is usual
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import maxent_train
import sentiment
from aiservices_mocks.engines import key_phrases, maxent, target_sentiment
from weights_file import write

LABELS = ("POSITIVE", "NEGATIVE", "NEUTRAL")
_LABEL = {"positive": 0, "negative": 1, "neutral": 2}
_FEATURE = re.compile(r"([^,\[\]]+?)\s*\[([+-]?)\d\]+((?:\[\w+\])*)")
_ABSENT = ("[u]", "[p]")  # the feature is not in its sentence by name
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


def products(data: Path) -> Iterator[Mentioned]:
    """Features of products as rated, each where its sentence first has it, and neutral noun phrases."""
    for path in sorted((data / "nltk_data").glob("product_reviews_*/*.txt")):
        for line in path.read_text("utf-8").splitlines() if path.stem != "README" else ():
            marks, parted, text = line.partition("##")
            if parted and not marks.strip():
                heads = ((one.begin + one.text.rfind(" ") + 1, one.end) for one in key_phrases.find(text, "en")[:2])
                yield from (Mentioned(text, *head, 2) for head in heads if text[slice(*head)].isalpha())
            else:
                yield from _features(marks, text)


def _features(marks: str, text: str) -> Iterator[Mentioned]:
    rated: dict[tuple[int, int], set[int]] = {}
    for feature, sign, about in _FEATURE.findall(marks):
        place = re.search(rf"(?<!\w){re.escape(feature.strip())}s?(?!\w)", text, re.IGNORECASE)
        if place and not any(mark in about for mark in _ABSENT):
            rated.setdefault(place.span(), set()).add(1 if sign == "-" else 0)
    yield from (Mentioned(text, *place, *labels) for place, labels in rated.items() if len(labels) == 1)


def reviews(data: Path) -> Iterator[Mentioned]:
    """Targets of opinion in reviews of many kinds, none of them neutral."""
    for part in ("train", "dev"):
        for review in json.loads((data / "yaso-tsa" / "TSA-MD" / f"TSA-MD.{part}.json").read_text("utf-8")):
            for target in review["targets"]:
                label = _LABEL.get(target["sentiment"])
                if label is not None:
                    place = target["location"]
                    yield Mentioned(review["text"], place["begin"], place["end"], label)


def opinion_words(data: Path) -> dict[str, int]:
    """Words of opinion that VADER's lexicon lacks: 1 or -1."""
    known = maxent.read("sentiment_en")["lexicon"]
    found = {}
    for name, sign in (("positive", 1), ("negative", -1)):
        lines = (data / "nltk_data" / "opinion_lexicon" / f"{name}-words.txt").read_text("latin-1").splitlines()
        found.update({word: sign for word in lines if word.isalpha() and word not in known})
    return found


def half_neutral(examples: Iterable[Mentioned]) -> list[Mentioned]:
    """The examples with every second neutral one: where they come from, plain reviews have fewer."""
    parts: tuple[list[Mentioned], list[Mentioned]] = ([], [])
    for one in examples:
        parts[one.label == 2].append(one)
    return [*parts[0], *parts[1][::2]]


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
    words = opinion_words(options.data)
    write("targeted", {"lexicon": words})
    target_sentiment.forget()
    examples = [
        *half_neutral(mams(options.data, "train")),
        *half_neutral(products(options.data)),
        *rated(options.data),
        *reviews(options.data),
    ]
    bias, weights = maxent_train.train(
        [_row(one) for one in examples],
        [one.label for one in examples],
        LABELS,
        penalty=options.penalty,
        rare=4,
        iterations=150,
    )
    size = write("targeted", {"labels": LABELS, "bias": bias, "weights": weights, "lexicon": words})
    target_sentiment.forget()
    print(f"{len(examples)} mentions, {len(weights)} features, {size / 1024:.0f} KB")
    for name, (share, count) in figures(options.data).items():
        print(f"{name}: {share:.3f} of {count}")


if __name__ == "__main__":
    main()
