"""Train the sentiment weights of English, Spanish, French, German, Italian and Portuguese, and print what they reach.

python mocks/training/sentiment.py --data DIR [--language LL]

DIR holds checkouts by name, besides those of sentiment_lexicons.py:
  vaderSentiment   cjhutto/vaderSentiment @ 44fc044cd877 (MIT), with additional_resources/hutto_ICWSM_2014.tar.gz
            unpacked beside it: tweets, editorials and product reviews for training, film reviews for measuring only
  XED       Helsinki-NLP/XED @ 76666d251f14: Projections (CC-BY 4.0), film subtitles with emotions. Joy and trust
            count as positive; anger, disgust, fear and sadness as negative; only anticipation or surprise as neutral;
            lines with both signs are left out. What they call neutral is mostly questions, so only the sign is
            learnt from them
  xlm-t     cardiffnlp/xlm-t @ 874214d64d96 (Apache-2.0; the tweets are of eight shared tasks with terms of their own):
            data/sentiment. No word is learnt from it: its validation parts fit how much words, lexicon, marks and
            silence weigh, some numbers a language, so that scores can be believed; its test parts measure

A tenth of each set, chosen by a checksum of its text, is held out and never trained on.
"""

from __future__ import annotations

import argparse
import math
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import maxent_train
import numpy as np
from aiservices_mocks.engines import maxent, sentiment, sentiment_features
from sentiment_lexicons import lexicon
from sentiment_own_words import phrases
from weights_file import write

LABELS = ("POSITIVE", "NEGATIVE", "NEUTRAL")
Example = tuple[str, int]
_TWEETS = {"en": "english", "es": "spanish", "fr": "french", "de": "german", "it": "italian", "pt": "portuguese"}
_SHARPNESS = 2.0  # how much surer of a clause English is than calibrated: best on `stretches`
_AT_LEAST = 0.3  # no group of features is silenced by a small set
_PHRASE = 0.4  # what a phrase's strength counts against the lexicon's
_MARKS = ("glad", "sad", "rated+", "rated-", "!")
_XED = {"es": ("es",), "fr": ("fr",), "de": ("de",), "it": ("it",), "pt": ("pt", "br")}


def held_out(text: str) -> bool:
    return zlib.crc32(text.encode("utf-8")) % 10 == 0


def hutto(data: Path, name: str) -> list[Example]:
    """Means of 20 people's ratings from -4 to 4; those close to the border of neutral are left out."""
    path = data / "vaderSentiment" / "additional_resources" / "hutto_ICWSM_2014" / f"{name}_GroundTruth.txt"
    found = []
    for line in path.read_text("latin-1").splitlines():
        _, rating, text = line.split("\t", 2)
        mean = float(rating)
        if not 0.4 < abs(mean) < 0.6:
            found.append((text, 2 if abs(mean) <= 0.5 else 0 if mean > 0 else 1))
    return found


def xed(data: Path, language: str) -> list[Example]:
    found: dict[str, int] = {}
    for part in _XED[language]:
        for line in (data / "XED" / "Projections" / f"{part}-projections.tsv").read_text("utf-8").splitlines():
            text, tab, marks = line.rpartition("\t")
            if not tab or not all(mark.strip().isdigit() for mark in marks.split(",")):
                continue
            emotions = {int(mark) for mark in marks.split(",")}
            good, bad = bool(emotions & {5, 8}), bool(emotions & {1, 3, 4, 6})
            if not (good and bad):
                found[text] = 0 if good else 1 if bad else 2
    return list(found.items())


def tweets(data: Path, language: str, part: str) -> list[Example]:
    """part: "val" or "test"."""
    folder = data / "xlm-t" / "data" / "sentiment" / _TWEETS[language]
    texts = (folder / f"{part}_text.txt").read_text("utf-8").splitlines()
    labels = (folder / f"{part}_labels.txt").read_text("utf-8").split()
    return [(text, (1, 2, 0)[int(label)]) for text, label in zip(texts, labels, strict=True)]


def macro_f1(truth: Sequence[int], guess: Sequence[int], classes: Iterable[int] = (0, 1, 2)) -> float:
    scores = []
    for one in classes:
        hit = sum(t == g == one for t, g in zip(truth, guess, strict=True))
        scores.append(2 * hit / max(1, sum(t == one for t in truth) + sum(g == one for g in guess)))
    return sum(scores) / len(scores)


def best(scores: Sequence[float]) -> int:
    return max(range(len(scores)), key=scores.__getitem__)


@dataclass(frozen=True)
class Reach:
    """How often labels are told right; `sign` among texts of opinion, whether good outweighs bad."""

    texts: int
    macro_f1: float
    accuracy: float
    sign: float


def reach(judge: Callable[[str], Sequence[float]], examples: Sequence[Example]) -> Reach:
    """judge: a text's scores in the order of LABELS."""
    told = [judge(text) for text, _ in examples]
    truth = [label for _, label in examples]
    guess = [best(scores) for scores in told]
    signs = [label == (scores[0] <= scores[1]) for label, scores in zip(truth, told, strict=True) if label != 2]
    right = sum(t == g for t, g in zip(truth, guess, strict=True)) / len(truth)
    return Reach(len(truth), macro_f1(truth, guess), right, sum(signs) / len(signs))


def report(name: str, examples: Sequence[Example], language: str) -> None:
    found = reach(lambda text: list(sentiment.score(text, language).values()), examples)
    figures = f"macro F1 {found.macro_f1:.3f}, accuracy {found.accuracy:.3f}"
    print(f"  {name}: {found.texts} texts, {figures}; sign of the opinionated {found.sign:.3f}")


def english(data: Path, penalty: float) -> None:
    sets = {name: hutto(data, name) for name in ("tweets", "nytEditorialSnippets", "amazonReviewSnippets")}
    training = [(text, label) for examples in sets.values() for text, label in examples if not held_out(text)]
    words = lexicon("en", data)
    write("sentiment_en", {"lexicon": words})
    rows = [sentiment_features.extract(text, "en") for text, _ in training]
    bias, weights = maxent_train.train(rows, [label for _, label in training], LABELS, penalty=penalty)
    model = tempered(maxent.Model(LABELS, bias, weights), tweets(data, "en", "val"), "en")
    size = keep("en", model, words, _SHARPNESS)
    print(f"en: {sum(map(len, sets.values()))} texts, {len(model.weights)} features, {size / 1024:.0f} KB")
    for name, examples in sets.items():
        test = [example for example in examples if held_out(example[0])]
        report(f"{name}, held out", test, "en")
    report("tweets, test part of another set", tweets(data, "en", "test"), "en")
    films = [example for example in hutto(data, "movieReviewSnippets") if example[1] != 2]
    report("film reviews, a domain not trained on", films, "en")
    mixed(data)


def stretches(data: Path) -> list[tuple[str, bool]]:
    """Stretches of four sentences of one product review, which people rated one by one, and whether they are mixed.

    Mixed is what has at least a quarter of its opinion on the weaker side. Most of the sentences were trained on.
    """
    path = (
        data / "vaderSentiment" / "additional_resources" / "hutto_ICWSM_2014" / "amazonReviewSnippets_GroundTruth.txt"
    )
    reviews: dict[str, list[tuple[float, str]]] = {}
    for line in path.read_text("latin-1").splitlines():
        name, rating, text = line.split("\t", 2)
        reviews.setdefault(name.split("_")[0], []).append((float(rating), text))
    found = []
    for parts in (all_parts[at : at + 4] for all_parts in reviews.values() for at in range(0, len(all_parts), 4)):
        good, bad = (sum(sign * r * len(t) for r, t in parts if sign * r > 0.5) for sign in (1, -1))
        is_mixed = min(good, bad) > 0 and min(good, bad) >= (good + bad) / 4
        found.append((" ".join(t[0].upper() + t[1:] for _, t in parts), is_mixed))
    return found


def called_mixed(text: str) -> bool:
    scores = sentiment.score(text, "en")
    return max(scores, key=scores.__getitem__) == "MIXED"


def mixed(data: Path) -> None:
    known = [(called_mixed(text), is_mixed) for text, is_mixed in stretches(data)]
    hit, told, are = (sum(rows) for rows in ([a and b for a, b in known], [a for a, _ in known], [b for _, b in known]))
    print(f"  MIXED on {len(known)} stretches of reviews: F1 {2 * hit / (told + are):.3f}, {told} told, {are} are")


def other(data: Path, language: str, penalty: float) -> None:
    words = lexicon(language, data)
    write(f"sentiment_{language}", {"lexicon": words})
    examples = xed(data, language)
    training = [example for example in examples if example[1] != 2 and not held_out(example[0])]
    rows = [sentiment_features.extract(text, language) for text, _ in training]
    _, signs = maxent_train.train(rows, [label for _, label in training], LABELS[:2], penalty=penalty, balance=1.0)
    weights = {
        name: [(p - n) / 2, (n - p) / 2, 0.0] for name, (p, n) in signs.items() if not name.startswith("lexicon")
    }
    english = maxent.read("sentiment_en")["weights"]  # subtitles have no emoji, and the lexicon is to weigh as there
    shared = {name: row for name, row in english.items() if name in _MARKS or name.startswith("lexicon")}
    groups = [
        {name for name in weights if name not in shared},
        {name for name in shared if name not in _MARKS},
        {name for name in shared if name in _MARKS},
    ]
    start = maxent.Model(LABELS, [0.0, 0.0, 0.0], {**weights, **shared})
    model = phrased(believable(start, groups, tweets(data, language, "val"), language), language)
    size = settle(data, language, model, words)
    print(f"{language}: {len(training)} texts, {len(model.weights)} features, {len(words)} words, {size / 1024:.0f} KB")
    report("XED, held out", [example for example in examples if held_out(example[0])], language)
    report("tweets, test part", tweets(data, language, "test"), language)


def phrased(model: maxent.Model, language: str) -> maxent.Model:
    """The model with our own phrases, which say more than the lexicon knows of their words, or the contrary."""
    said = {
        f"b={phrase}": [round(_PHRASE * part, 3) for part in (strength, -strength, -abs(strength) / 2)]
        for phrase, strength in phrases(language).items()
    }
    return maxent.Model(model.labels, model.bias, {**model.weights, **said})


def tempered(model: maxent.Model, examples: Sequence[Example], language: str) -> maxent.Model:
    """The model as sure as makes the examples likeliest; what it answers stays."""

    def cooled(share: float) -> maxent.Model:
        weights = {name: [round(share * value, 3) for value in row] for name, row in model.weights.items()}
        return maxent.Model(LABELS, [round(share * one, 4) for one in model.bias], weights)

    def doubt(share: float) -> float:
        judge = cooled(share)
        rows = ((sentiment_features.extract(text, language), label) for text, label in examples)
        return -sum(math.log(judge.probabilities(row)[label]) for row, label in rows)

    share = min((step / 20 for step in range(8, 26)), key=doubt)
    print(f"  {language}: as sure as {share:.2f} of what was learnt")
    return cooled(share)


def believable(
    model: maxent.Model, groups: Sequence[set[str]], examples: Sequence[Example], language: str
) -> maxent.Model:
    """The model with each group of features scaled and the bias moved to where the examples are likeliest."""
    rows = [sentiment_features.extract(text, language) for text, _ in examples]
    sums = np.zeros((len(rows), len(groups), len(LABELS)))
    for at, row in enumerate(rows):
        for number, group in enumerate(groups):
            for name in row.keys() & group:
                sums[at, number] += row[name] * np.array(model.weights.get(name, (0.0, 0.0, 0.0)))
    truth = np.eye(len(LABELS))[[label for _, label in examples]]
    scales, bias = np.ones(len(groups)), np.array(model.bias)
    for _ in range(2_000):
        scores = np.einsum("g,ngl->nl", scales, sums) + bias
        shares = np.exp(scores - scores.max(1, keepdims=True))
        errors = shares / shares.sum(1, keepdims=True) - truth
        scales = np.maximum(_AT_LEAST, scales - 0.1 * (np.einsum("nl,ngl->g", errors, sums) / len(rows)))
        bias = bias - 0.1 * errors.mean(0)
    print(f"  {language}: groups weigh {', '.join(f'{scale:.2f}' for scale in scales)}")
    scaled = {
        name: [round(float(scale) * value, 3) for value in model.weights[name]]
        for scale, group in zip(scales, groups, strict=True)
        for name in sorted(group)
    }
    kept = {name: row for name, row in scaled.items() if any(abs(value) > 0.01 for value in row)}
    return maxent.Model(LABELS, [round(float(one), 3) for one in bias], kept)


def keep(language: str, model: maxent.Model, words: dict[str, float], sharpness: float) -> int:
    """Write the weights; returns their size."""
    content = {"labels": LABELS, "bias": model.bias, "weights": model.weights, "sharpness": sharpness}
    size = write(f"sentiment_{language}", {**content, "lexicon": words})
    sentiment.forget()
    return size


def settle(data: Path, language: str, model: maxent.Model, words: dict[str, float]) -> int:
    """Write the weights, as sharp as makes clauses as decided as English ones are; returns their size."""
    mark = decision(data, "en")

    def missed(sharpness: float) -> float:
        keep(language, model, words, sharpness)
        return abs(decision(data, language) - mark)

    sharpness = min((step / 5 for step in range(6, 21)), key=missed)
    print(f"  {language}: clauses are judged {sharpness} times as sharply")
    return keep(language, model, words, sharpness)


def decision(data: Path, language: str) -> float:
    """How decided the clauses of tweets are, on average."""
    signs = [sign for text, _ in tweets(data, language, "val") for _, sign in sentiment.signs(text, language)]
    return sum(map(abs, signs)) / len(signs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--language", choices=sentiment_features.LANGUAGES)
    parser.add_argument("--penalty", type=float, default=2.0)
    options = parser.parse_args()
    for language in [options.language] if options.language else sentiment_features.LANGUAGES:
        english(options.data, options.penalty) if language == "en" else other(options.data, language, options.penalty)


if __name__ == "__main__":
    main()
