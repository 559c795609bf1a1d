from __future__ import annotations

import itertools
import json
import random
from importlib.resources import files

import pytest
from aiservices_mocks.engines import crf, weights_file
from hypothesis import given
from hypothesis import strategies as st


def _model(rng: random.Random, labels: int) -> crf.Model:
    transitions = [[rng.randint(-30, 30) for _ in range(labels)] for _ in range(labels)]
    return crf.Model([f"L{n}" for n in range(labels)], transitions, {"b": [0, 5, labels - 1, -5]}, 20.0)


def _score(model: crf.Model, emissions: list[list[float]], path: tuple[int, ...]) -> float:
    transitions = model.content()["transitions"]
    inside = sum(emission[label] for emission, label in zip(emissions, path, strict=True))
    return inside + sum(transitions[a][b] for a, b in itertools.pairwise(path))


@given(st.integers(), st.integers(2, 4), st.integers(1, 5))
def test_decoding_finds_the_best_of_all_paths(seed: int, labels: int, length: int) -> None:
    rng = random.Random(seed)
    model = _model(rng, labels)
    emissions = [[float(rng.randint(-60, 60)) for _ in range(labels)] for _ in range(length)]
    best = max(_score(model, emissions, path) for path in itertools.product(range(labels), repeat=length))
    assert _score(model, emissions, tuple(model.decode(emissions))) == best


@given(st.integers(), st.integers(1, 5))
def test_confidences_follow_the_temperature(seed: int, length: int) -> None:
    rng = random.Random(seed)
    model = _model(rng, 3)
    emissions = [[float(rng.randint(-60, 60)) for _ in range(3)] for _ in range(length)]
    path = model.decode(emissions)
    sharp = model.confidences(emissions, path)
    model.temperature = 2000.0
    soft = model.confidences(emissions, path)
    assert all(0 < low <= high <= 1 for low, high in zip(soft, sharp, strict=True))
    assert all(score == pytest.approx(1 / 3, abs=0.05) for score in soft)


def test_a_model_reads_what_it_wrote() -> None:
    model = _model(random.Random(3), 3)
    again = crf.Model.read(json.loads(json.dumps(model.content())))
    assert again.content() == model.content()
    assert again.vector(["b", "unknown"]) == [5.0, 0.0, -5.0]


def test_no_words_have_no_labels() -> None:
    model = _model(random.Random(1), 2)
    assert model.decode([]) == []
    assert model.confidences([], []) == []


@given(st.lists(st.sampled_from(["a", "b", "Cc", "d1"]), max_size=6))
def test_a_window_adds_up_what_training_saw(words: list[str]) -> None:
    def attributes(word: str, offset: int) -> list[str]:
        return [f"{offset}{word}", f"{offset}{crf.shape(word)}"]

    def pair(word: str, following: str) -> tuple[str, str]:
        return f"+{word}{following}", f"-{word}{following}"

    rng = random.Random(7)
    rows = crf.rows(words, attributes, pair)
    known = sorted({attribute for row in rows for attribute in row})
    weights = {attribute: [0, rng.randint(-9, 9), 1, rng.randint(-9, 9)] for attribute in known}
    model = crf.Model(["x", "y"], [[0, 0], [0, 0]], weights, 1.0)
    assert crf.Window(model, attributes, pair).emissions(words) == [model.vector(row) for row in rows]


def test_shapes_show_case_and_digits() -> None:
    assert [crf.shape(word) for word in ("Berlin", "NATO", "3.14", "iPhone", "don't", "東京")] == [
        "Xx",
        "X",
        "d.d",
        "xXx",
        "x'x",
        "x",
    ]


def test_weights_are_read_once() -> None:
    assert crf.load("syntax-en") is crf.load("syntax-en")


def test_weights_that_training_has_written_are_read_anew() -> None:
    before = weights_file.once("entities-words.json", dict)
    weights_file.forget("entities-words.json")
    again = weights_file.once("entities-words.json", dict)
    assert again == before
    assert again is not before


def test_the_weights_stay_small() -> None:
    folder = files("aiservices_mocks.engines").joinpath("weights")
    sizes = [len(f.read_bytes()) for f in folder.iterdir() if f.name.startswith(("syntax-", "entities-", "pii-"))]
    assert len(sizes) >= 12
    assert sum(sizes) < 6_000_000
