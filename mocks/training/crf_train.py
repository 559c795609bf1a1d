"""Train a field with python-crfsuite and write its weights as compressed JSON.

crfsuite's averaged perceptron shuffles with libc's rand, so identical bytes need a fresh process per model: every
training script trains one model per run.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from aiservices_mocks.engines.crf import Model, Vector

_SCALE = 20  # weights are kept as whole twentieths


def train(
    sequences: Iterable[tuple[list[list[str]], list[str]]],
    *,
    iterations: int = 12,
    smallest: float = 0.5,
    rare: int = 2,
) -> Model:
    """Train on (attributes per token, labels); weights under `smallest` and attributes under `rare` are dropped."""
    import pycrfsuite  # type: ignore[import-untyped]  # late: measuring needs none of it

    trainer = pycrfsuite.Trainer(algorithm="ap", verbose=False)
    trainer.set_params({"max_iterations": iterations, "feature.minfreq": rare})
    for rows, labels in sequences:
        trainer.append(rows, labels)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
        names = sorted(tagger.labels())
    number = {label: at for at, label in enumerate(names)}
    transitions = [[0] * len(names) for _ in names]
    for (before, after), weight in info.transitions.items():
        transitions[number[before]][number[after]] = round(weight * _SCALE)
    attributes: dict[str, list[int]] = {}
    for (attribute, label), weight in sorted(info.state_features.items()):
        if abs(weight) >= smallest:
            attributes.setdefault(attribute, []).extend((number[label], round(weight * _SCALE)))
    return Model(names, transitions, attributes, float(_SCALE))


def calibrate(model: Model, sentences: Sequence[tuple[list[Vector], list[str]]]) -> float:
    """The temperature under which confidences are likeliest on unseen (emissions, labels)."""
    decoded = [(emissions, model.decode(emissions), labels) for emissions, labels in sentences]

    def loss(temperature: float) -> float:
        model.temperature = temperature
        total = 0.0
        for emissions, path, labels in decoded:
            for label, sure, gold in zip(path, model.confidences(emissions, path), labels, strict=True):
                right = model.labels[label] == gold
                total -= math.log(max(1e-6, sure if right else 1.0 - sure))
        return total

    model.temperature = min((_SCALE * 1.25**power for power in range(-4, 22)), key=loss)
    return model.temperature
