"""What Comprehend's custom models and topics reach on public sets, each figure in a sentence."""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from aiservices_mocks.engines import custom_names, scoring, softmax_classes, topics
from aiservices_mocks.engines.name_lists import Annotated
from aiservices_mocks.engines.scoring import Counts

FEW = 10
_SECTIONS = 5


def classes(data: Path) -> str:
    """Requests to a bank, of 77 kinds; without MiniLM."""
    return _classes(data, alone=True)


def classes_with_points(data: Path) -> str:
    """The same with MiniLM, whose wheel must be installed."""
    return _classes(data, alone=False)


def _classes(data: Path, *, alone: bool) -> str:
    train, test = (_requests(data, part) for part in ("train", "test"))
    seen: Counter[str] = Counter()
    few = []
    for text, label in train:
        seen[label] += 1
        if seen[label] <= FEW:
            few.append((text, label))
    whole, part = (_accuracy(examples, test, alone=alone) for examples in (train, few))
    return (
        f"accuracy on the {len(test):,} test requests of BANKING77, {len(seen)} classes: {whole:.3f} learnt from "
        f"{len(train):,} examples, {part:.3f} from {FEW} of each class"
    )


def _requests(data: Path, part: str) -> list[tuple[str, str]]:
    with (data / "task-specific-datasets" / "banking_data" / f"{part}.csv").open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]


def _accuracy(train: Sequence[tuple[str, str]], test: Sequence[tuple[str, str]], *, alone: bool) -> float:
    model = softmax_classes.train([(text, [label]) for text, label in train], alone=alone)
    return scoring.mean(float(model.choose(text) == [label]) for text, label in test)


def names(data: Path) -> str:
    """Slots of seven intents, a model each."""
    counts, texts = [], 0
    folder = data / "nlu-benchmark" / "2017-06-custom-intent-engines"
    for intent in sorted(path for path in folder.iterdir() if path.is_dir()):
        model = custom_names.train(_annotated(intent / f"train_{intent.name}_full.json"))
        for text, marks in _annotated(intent / f"validate_{intent.name}.json"):
            found = {(one.begin, one.end, one.type) for one in model.find(text)}
            true = set(marks)
            counts.append(Counts(len(found & true), len(found - true), len(true - found)))
            texts += 1
    return (
        f"F1 {scoring.together(counts).f1:.3f} of exact slots in the {texts} validation sentences of SNIPS, 7 intents"
    )


def _annotated(file: Path) -> list[Annotated]:
    raw = file.read_bytes()
    try:
        content = json.loads(raw)
    except UnicodeDecodeError:
        content = json.loads(raw.decode("latin-1"))
    ((_, requests),) = content.items()
    return [_put_together(request["data"]) for request in requests]


def _put_together(parts: Sequence[dict[str, str]]) -> Annotated:
    text, marks = "", []
    for part in parts:
        inside = part["text"].strip()
        if "entity" in part and inside:
            begin = len(text) + part["text"].index(inside)
            marks.append((begin, begin + len(inside), part["entity"]))
        text += part["text"]
    return text, marks


def sections(data: Path) -> str:
    """News of five sections, found again as topics."""
    files = sorted((data / "bbc").glob("bbc/*/*.txt"))
    texts = [file.read_text("latin-1") for file in files]
    found = topics.find(texts, _SECTIONS)
    main = [shares[0][0] if shares else -1 for shares in found.shares]
    alike = _alike([file.parent.name for file in files], main)
    return f"normalised mutual information {alike:.3f} of main topics and sections, {len(files):,} BBC news, 5 topics"


def _alike(one: Sequence[object], other: Sequence[object]) -> float:
    """Normalised mutual information: 1 when either tells the other, 0 when neither does."""
    pairs = list(zip(one, other, strict=True))
    firsts, seconds, both = Counter(one), Counter(other), Counter(pairs)
    shared = sum(n / len(pairs) * math.log(n * len(pairs) / (firsts[a] * seconds[b])) for (a, b), n in both.items())
    mean = (_entropy(firsts) + _entropy(seconds)) / 2
    return shared / mean if mean else 0.0


def _entropy(counts: Counter[object]) -> float:
    whole = counts.total()
    return -sum(n / whole * math.log(n / whole) for n in counts.values())
