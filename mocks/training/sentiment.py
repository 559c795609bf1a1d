"""Train the sentiment weights of English, Spanish, French, German, Italian and Portuguese, and print what they reach.

python mocks/training/sentiment.py --data DIR [--language LL]

DIR holds checkouts by name, besides those of sentiment_lexicons.py:
  vaderSentiment   cjhutto/vaderSentiment @ 44fc044cd877 (MIT), with additional_resources/hutto_ICWSM_2014.tar.gz
            unpacked beside it: tweets, editorials and product reviews for training, film reviews for measuring only
  XED       Helsinki-NLP/XED @ 76666d251f14: Projections (CC-BY 4.0), film subtitles with emotions. Joy and trust
            count as positive; anger, disgust, fear and sadness as negative; only anticipation or surprise as neutral;
            lines with both signs are left out. What they call neutral is mostly questions, so only the sign is
            learnt from them, and the bias is English's: a text that says nothing is neutral

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
from aiservices_mocks.engines import maxent, sentiment, sentiment_features
from sentiment_lexicons import lexicon
from weights_file import write

LABELS = ("POSITIVE", "NEGATIVE", "NEUTRAL")
Example = tuple[str, int]
_SURE = 3.0  # how much log odds of the sign weigh against neutral: a sign of 7 to 3 is an opinion
_LEXICON_AT_LEAST = 1.2  # what the lexicon's verdict weighs, also where the subtitles are too few to show it
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


def report(name: str, model: maxent.Model, examples: Sequence[Example], language: str) -> None:
    found = reach(lambda text: model.probabilities(sentiment_features.extract(text, language)), examples)
    figures = f"macro F1 {found.macro_f1:.3f}, accuracy {found.accuracy:.3f}"
    print(f"  {name}: {found.texts} texts, {figures}; sign of the opinionated {found.sign:.3f}")


def vader_alone(examples: Sequence[Example]) -> float:
    def verdict(text: str) -> int:
        compound = sentiment_features.extract(text, "en").get("vader", 0.0)
        return 0 if compound >= 0.05 else 1 if compound <= -0.05 else 2

    return macro_f1([label for _, label in examples], [verdict(text) for text, _ in examples])


def english(data: Path, penalty: float) -> None:
    sets = {name: hutto(data, name) for name in ("tweets", "nytEditorialSnippets", "amazonReviewSnippets")}
    training = [(text, label) for examples in sets.values() for text, label in examples if not held_out(text)]
    model, content = fit(training, "en", penalty, balance=0.0)
    size = write("sentiment_en", content)
    print(f"en: {sum(map(len, sets.values()))} texts, {len(model.weights)} features, {size / 1024:.0f} KB")
    for name, examples in sets.items():
        test = [example for example in examples if held_out(example[0])]
        report(f"{name}, held out", model, test, "en")
        print(f"    VADER alone: macro F1 {vader_alone(test):.3f}")
    films = [example for example in hutto(data, "movieReviewSnippets") if example[1] != 2]
    report("film reviews, a domain not trained on", model, films, "en")
    mixed(data)


def mixed(data: Path) -> None:
    """MIXED on stretches of four sentences of one product review, which people rated one by one.

    Mixed is what has at least a quarter of its opinion on the weaker side. Most of the sentences were trained on.
    """
    path = (
        data / "vaderSentiment" / "additional_resources" / "hutto_ICWSM_2014" / "amazonReviewSnippets_GroundTruth.txt"
    )
    reviews: dict[str, list[tuple[float, str]]] = {}
    for line in path.read_text("latin-1").splitlines():
        name, rating, text = line.split("\t", 2)
        reviews.setdefault(name.split("_")[0], []).append((float(rating), text))
    stretches = [parts[at : at + 4] for parts in reviews.values() for at in range(0, len(parts), 4)]
    hit = wanted = found = 0
    for parts in stretches:
        good, bad = (sum(sign * r * len(t) for r, t in parts if sign * r > 0.5) for sign in (1, -1))
        is_mixed = min(good, bad) > 0 and min(good, bad) >= (good + bad) / 4
        scores = sentiment.score(" ".join(t[0].upper() + t[1:] for _, t in parts), "en")
        told_mixed = max(scores, key=scores.__getitem__) == "MIXED"
        hit += is_mixed and told_mixed
        wanted += is_mixed
        found += told_mixed
    figure = f"F1 {2 * hit / (wanted + found):.3f}, {found} told, {wanted} are"
    print(f"  MIXED on {len(stretches)} stretches of reviews: {figure}")


def other(data: Path, language: str, penalty: float) -> None:
    words = lexicon(language, data)
    write(f"sentiment_{language}", {"lexicon": words})
    examples = xed(data, language)
    training = [example for example in examples if example[1] != 2 and not held_out(example[0])]
    rows = [sentiment_features.extract(text, language) for text, _ in training]
    _, signs = maxent_train.train(rows, [label for _, label in training], LABELS[:2], penalty=penalty, balance=1.0)
    weights = {
        name: [round(_SURE * (p - n) / 2, 3), round(_SURE * (n - p) / 2, 3), 0] for name, (p, n) in signs.items()
    }
    least = max(_LEXICON_AT_LEAST, weights["lexicon"][0])
    weights["lexicon"] = [least, -least, 0]
    model = maxent.Model(LABELS, quiet(), weights)
    content = {"labels": LABELS, "bias": model.bias, "weights": weights, "lexicon": words}
    size = write(f"sentiment_{language}", content)
    print(f"{language}: {len(training)} texts, {len(weights)} features, {len(words)} words, {size / 1024:.0f} KB")
    report("XED, held out", model, [example for example in examples if held_out(example[0])], language)


def fit(
    examples: Sequence[Example], language: str, penalty: float, balance: float
) -> tuple[maxent.Model, dict[str, object]]:
    rows = [sentiment_features.extract(text, language) for text, _ in examples]
    bias, weights = maxent_train.train(rows, [label for _, label in examples], LABELS, penalty=penalty, balance=balance)
    return maxent.Model(LABELS, bias, weights), {"labels": LABELS, "bias": bias, "weights": weights}


def quiet() -> list[float]:
    """The bias under which a text that says nothing is as neutral as the English model finds it."""
    english = maxent.read("sentiment_en")
    good, bad, neutral = maxent.Model(LABELS, english["bias"], {}).probabilities({})
    return [round(math.log(p), 3) for p in ((good + bad) / 2, (good + bad) / 2, neutral)]


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
