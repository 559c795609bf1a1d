"""Training, as far as the mock has it: models learnt from what lies in S3, and measured on what they did not see.

A model learns from nine tenths of the examples and is tested with the rest, or with a set of its own; what it was
tested with it never learns from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from aiservices_mocks.engines import custom_names, name_lists, scoring, softmax_classes
from aiservices_mocks.engines.custom_names import Names
from aiservices_mocks.engines.name_lists import Annotated
from aiservices_mocks.engines.scoring import Counts
from aiservices_mocks.engines.softmax_classes import Classes
from aiservices_mocks.resources import WorkFailed

from . import outputs, training_data
from .training_data import Labelled, Marked

EXAMPLES = 10
"""Examples that each class of a classifier has at least. Source:
https://docs.aws.amazon.com/comprehend/latest/dg/guidelines-and-limits.html"""
MENTIONS = 25
"""Annotations that each type of entity has at least. Same source."""
DOCUMENTS = 3
"""Documents that a recognizer has at least. Same source."""

Members = Mapping[str, Any]
Metrics = dict[str, Any]


class Classifier(NamedTuple):
    """A trained classifier, what Describe tells of it, its confusion matrix, and what it was tested with."""

    model: Classes
    metadata: Metrics
    matrix: dict[str, Any]
    tests: Sequence[Labelled]


class Recognizer(NamedTuple):
    """A trained recognizer, what Describe tells of it, and what it was tested with."""

    model: Names
    metadata: Metrics
    tests: Sequence[Annotated]


# Classifiers.


def classifier(service: Any, members: Members) -> Members:
    """The work of a document classifier."""
    if "Trained" in members:
        return {}
    s3, config, several = service.world.s3, members["InputDataConfig"], members["Mode"] == "MULTI_LABEL"
    examples = training_data.labelled(s3, config, "TRAIN", several=several)
    tests = training_data.labelled(s3, config, "TEST", several=several)
    trained = train_classifier(examples, tests, several=several)
    told: dict[str, Any] = {"Trained": trained.model, "ClassifierMetadata": trained.metadata}
    output = members.get("OutputDataConfig", {})
    if "S3Uri" in output:
        job = blake2b(members["DocumentClassifierArn"].encode(), digest_size=16).hexdigest()
        to = outputs.folder(output["S3Uri"], service.world.account, "CLR", job).under("output.tar.gz")
        matrix = json.dumps(trained.matrix, ensure_ascii=False).encode("utf-8")
        outputs.put_archive(s3, to, {"output/confusion_matrix.json": matrix})
        told["OutputDataConfig"] = {**output, "S3Uri": to.uri}
    return told


def train_classifier(examples: Sequence[Labelled], tests: Sequence[Labelled], *, several: bool) -> Classifier:
    """Learn classes from examples; without tests from nine tenths of them."""
    counts: dict[str, int] = {}
    for _, labels in examples:
        for label in labels:
            counts[label] = counts.get(label, 0) + 1
    if len(counts) < 2:
        raise WorkFailed("Insufficient data. Required: At least 2 labels. Consider adding more training data.")
    fewest = min(counts.values())
    if fewest < EXAMPLES:
        raise WorkFailed(
            f"Insufficient data. Required: At least {EXAMPLES} examples for each label; one has {fewest}. "
            "Consider adding more training data."
        )
    if not tests:
        examples, tests = training_data.split(sorted(examples, key=lambda one: one[1]))
    elif not counts.keys() <= {label for _, labels in tests for label in labels}:
        raise WorkFailed("The test data must have an example of each label that the training data has.")
    model = softmax_classes.train(examples, several=several)
    metrics, matrix = measured_classifier(model, tests, several=several)
    metadata = {
        "NumberOfLabels": len(counts),
        "NumberOfTrainedDocuments": len(examples),
        "NumberOfTestDocuments": len(tests),
        "EvaluationMetrics": metrics,
    }
    return Classifier(model, metadata, matrix, tests)


def measured_classifier(model: Classes, tests: Sequence[Labelled], *, several: bool) -> tuple[Metrics, dict[str, Any]]:
    """How well a model classifies texts whose classes are known, and which it takes for which."""
    labels = model.labels
    pairs = [(true, model.choose(text)) for text, true in tests]
    counts = scoring.count(pairs, labels)
    every = scoring.together(counts.values())
    off = sum(len(set(true) ^ set(found)) for true, found in pairs) / (len(pairs) * len(labels))
    exact = scoring.mean(float(set(true) == set(found)) for true, found in pairs)
    metrics = {
        "Accuracy": exact,
        "Precision": scoring.mean(one.precision for one in counts.values()),
        "Recall": scoring.mean(one.recall for one in counts.values()),
        "F1Score": scoring.mean(one.f1 for one in counts.values()),
        "MicroPrecision": every.precision,
        "MicroRecall": every.recall,
        "MicroF1Score": every.f1,
        "HammingLoss": off if several else 1 - exact,
    }
    rounded = {name: round(value, 4) for name, value in metrics.items()}
    kind = "multi_label" if several else "multi_class"
    cells = [_two_by_two(counts[one], len(pairs)) for one in labels] if several else _matrix(pairs, labels)
    return rounded, {"type": kind, "confusion_matrix": cells, "labels": labels, "all_labels": labels}


def _matrix(pairs: Iterable[tuple[Sequence[str], Sequence[str]]], labels: Sequence[str]) -> list[list[int]]:
    """A row per true class, a column per class that was found."""
    known = [(true[0], found[0]) for true, found in pairs if true]
    return [[sum(pair == (true, found) for pair in known) for found in labels] for true in labels]


def _two_by_two(counts: Counts, tests: int) -> list[list[int]]:
    right = tests - counts.right - counts.wrong - counts.missed
    return [[right, counts.wrong], [counts.missed, counts.right]]


# Recognizers.


def recognizer(service: Any, members: Members) -> Members:
    """The work of an entity recognizer."""
    if "Trained" in members:
        return {}
    s3, config = service.world.s3, members["InputDataConfig"]
    types = [one["Type"] for one in config["EntityTypes"]]
    trained = train_recognizer(
        training_data.marked(s3, config, "TRAIN"), training_data.marked(s3, config, "TEST"), types
    )
    return {"Trained": trained.model, "RecognizerMetadata": trained.metadata}


def train_recognizer(told: Marked, tests: Marked, types: Sequence[str]) -> Recognizer:
    """Learn names of these types from examples; without tests from nine tenths of them."""
    names = [name for name in told.names if name[1] in types and name[0]]
    examples, known = _of_types(told, types, names), _of_types(tests, types, names)
    if len(examples) < DOCUMENTS:
        raise WorkFailed(f"Insufficient data. Required: At least {DOCUMENTS} documents, not {len(examples)}.")
    marks = [kind for _, spans in examples for *_, kind in spans]
    for kind in types:
        if names and not any(kind == listed for _, listed in names):
            raise WorkFailed(
                "Insufficient data. Required: At least 1 entity for each entity type in the entity list; "
                f"{kind} has none."
            )
        if not names and marks.count(kind) < MENTIONS:
            raise WorkFailed(
                f"Insufficient data. Required: At least {MENTIONS} annotations for each entity type; "
                f"{kind} has {marks.count(kind)}."
            )
    if not known:
        examples, known = training_data.split(examples)
    model = custom_names.train(examples, names)
    overall, by_type = measured_recognizer(model, known, types)
    trained = [kind for _, spans in examples for *_, kind in spans]
    rows = [
        {"Type": kind, "EvaluationMetrics": by_type[kind], "NumberOfTrainMentions": trained.count(kind)}
        for kind in types
    ]  # fmt: skip
    metadata = {
        "NumberOfTrainedDocuments": len(examples),
        "NumberOfTestDocuments": len(known),
        "EvaluationMetrics": overall,
        "EntityTypes": rows,
    }
    return Recognizer(model, metadata, known)


def _of_types(told: Marked, types: Sequence[str], names: Sequence[tuple[str, str]]) -> list[Annotated]:
    """The examples with the annotations of these types, or with the names of the list where it stands for them."""
    if names:
        return name_lists.listed((text for text, _ in told.texts), names)
    return [(text, [span for span in spans if span[2] in types]) for text, spans in told.texts]


def measured_recognizer(
    model: Names, tests: Sequence[Annotated], types: Sequence[str]
) -> tuple[Metrics, dict[str, Metrics]]:
    """How well a model finds entities that are known: in all, and of each type. In percent."""
    counts = dict.fromkeys(types, Counts())
    for text, spans in tests:
        found = {(one.begin, one.end, one.type) for one in model.find(text)}
        true = {(begin, end, kind) for begin, end, kind in spans}
        for kind in types:
            mine, theirs = ({span for span in group if span[2] == kind} for group in (found, true))
            more = Counts(len(mine & theirs), len(mine - theirs), len(theirs - mine))
            counts[kind] = scoring.together((counts[kind], more))
    return _percent(scoring.together(counts.values())), {kind: _percent(one) for kind, one in counts.items()}


def _percent(counts: Counts) -> Metrics:
    rates = {"Precision": counts.precision, "Recall": counts.recall, "F1Score": counts.f1}
    return {name: round(100 * rate, 4) for name, rate in rates.items()}
