"""Train and measure the model of toxic English.

python mocks/training/toxicity.py --data DIR

DIR holds checkouts by name:
  toxicity   surge-ai/toxicity @ ea80324b95ed: toxicity_en.csv (MIT): comments; half, chosen by a checksum, is held out
  hate-speech-and-offensive-language   t-davidson/hate-speech-and-offensive-language @ cb50f7e9eb85: data (MIT): tweets
  vaderSentiment, UD_English-EWT, oos-eval   plain texts, which are not toxic (as sentiment.py, crf_treebanks.py and
            prompt_safety.py have them)
  multi-task-offensive-language-detection   wenliangdai/multi-task-offensive-language-detection @ 6c2071a677e7: OLIDv1.0
            (Zampieri et al. 2019): measured only
"""

from __future__ import annotations

import argparse
import csv
import zlib
from pathlib import Path

import crf_treebanks
import maxent_train
import prompt_safety
import sentiment
from aiservices_mocks.engines import toxicity
from curves import auc
from weights_file import write

Example = tuple[str, int]
_PLAIN = 4_000  # texts of each plain set


def held_out(text: str) -> bool:
    return zlib.crc32(text.encode("utf-8")) % 2 == 0


def surge(data: Path) -> list[Example]:
    with (data / "toxicity" / "toxicity_en.csv").open(encoding="utf-8", newline="") as file:
        return [(row["text"], int(row["is_toxic"] == "Toxic")) for row in csv.DictReader(file)]


def davidson(data: Path) -> list[Example]:
    """0 hate speech, 1 offensive, 2 neither."""
    path = data / "hate-speech-and-offensive-language" / "data" / "labeled_data.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["tweet"], int(row["class"])) for row in csv.DictReader(file)]


def olid(data: Path) -> list[Example]:
    path = data / "multi-task-offensive-language-detection" / "OLIDv1.0" / "olid-training-v1.0.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["tweet"].replace("@USER", "@user"), int(row["subtask_a"] == "OFF")) for row in rows]


def plain(data: Path) -> list[str]:
    """Editorials, product reviews, sentences of a treebank, requests to an assistant."""
    sets = [
        [text for text, _ in sentiment.hutto(data, "nytEditorialSnippets")],
        [text for text, _ in sentiment.hutto(data, "amazonReviewSnippets")],
        [one.text for one in crf_treebanks.read([data / "UD_English-EWT" / "en_ewt-ud-dev.conllu"], split_fused=True)],
        [text for text, _ in prompt_safety.requests(data)],
    ]
    return [text for texts in sets for text in sorted(texts, key=lambda one: zlib.crc32(one.encode()))[:_PLAIN]]


def figures(data: Path) -> dict[str, float]:
    """Areas under the curve on texts that were not trained on."""
    test = [example for example in surge(data) if held_out(example[0])]
    return {
        "surge": auc(lambda text: toxicity.score(text)[0], test),
        "olid": auc(lambda text: toxicity.score(text)[0], olid(data)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--penalty", type=float, default=2.5)
    parser.add_argument("--say", type=int, default=6, help="how often a surge text counts")
    options = parser.parse_args()
    tweets = davidson(options.data)
    ours = [example for example in surge(options.data) if not held_out(example[0])]
    examples = [(text, int(kind != 2)) for text, kind in tweets] + ours * options.say
    examples += [(text, 0) for text in plain(options.data)]
    rows = [toxicity.extract(text) for text, _ in examples]
    labels = ("PLAIN", "TOXIC")
    bias, weights = maxent_train.train(
        rows, [label for _, label in examples], labels, penalty=options.penalty, balance=1.0, rare=4, iterations=150
    )
    size = write("toxicity", {"labels": labels, "bias": bias, "weights": weights})
    print(f"{len(examples)} texts, {len(weights)} features, {size / 1024:.0f} KB")
    hate = [(toxicity.extract(text), int(kind == 0)) for text, kind in tweets if not held_out(text)]
    bias, weights = maxent_train.train(
        [row for row, _ in hate],
        [label for _, label in hate],
        ("OTHER", "HATE"),
        penalty=options.penalty,
        rare=4,
        iterations=150,
    )
    size = write("toxicity_hate", {"labels": ("OTHER", "HATE"), "bias": bias, "weights": weights})
    print(f"hate: {len(weights)} features, {size / 1024:.0f} KB")
    test = [(text, int(kind == 0)) for text, kind in tweets if held_out(text)]
    print(f"hate among tweets held out: AUC {auc(lambda text: toxicity.score(text)[1]['HATE_SPEECH'], test):.3f}")
    for name, figure in figures(options.data).items():
        print(f"{name}: AUC {figure:.3f}")


if __name__ == "__main__":
    main()
