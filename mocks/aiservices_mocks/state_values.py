"""What a world remembers as JSON and back: the plain values that records are made of, and models that were trained.

Reading makes plain values and the models named here, and nothing else: a state that somebody else wrote runs no code.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from importlib import import_module
from math import prod
from typing import Any

_LARGE = 1 << 16
"""Bytes from which on a value gets a file of its own."""
_MARK = "$"
"""What a key begins with that says how to read its value."""
_MODELS = frozenset(
    {
        "co_occurrence.Model", "crf.Model", "custom_names.Names", "custom_names._Known", "fraud_scores.Model",
        "fraud_scores.Odds", "softmax_classes.Classes", "softmax_classes._Grams", "softmax_classes._Points",
    }
)  # fmt: skip
"""Classes of the engines whose objects records hold: named tuples, or plain objects that never change."""
_ENGINES = f"{__package__}.engines."
_NUMBERS = "biuf"
"""Kinds of numpy's arrays."""

Put = Callable[[bytes], str]
Get = Callable[[str], bytes]


class UnreadableError(Exception):
    """What is read is nothing that was written."""


def to_json(value: Any, put: Put) -> Any:
    """A value as JSON has it; raises TypeError for one that no record may hold.

    put: keeps bytes that are too many to stand among the others, and gives the name that they are found by.
    """
    kind = type(value)
    if value is None or kind in (str, int, float, bool):
        return value
    if kind is dict:
        if all(type(key) is str and not key.startswith(_MARK) for key in value):
            return {key: to_json(content, put) for key, content in value.items()}
        return {"$map": _pairs(value, put)}
    if kind is list:
        return [to_json(item, put) for item in value]
    if kind is tuple:
        return {"$tuple": [to_json(item, put) for item in value]}
    if kind is bytes:
        return {"$file": put(value)} if len(value) > _LARGE else {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if kind is Counter:
        return {"$counter": _pairs(value, put)}
    if isinstance(value, float):  # numpy's is one
        return float(value)
    if kind.__module__ == "numpy" and kind.__name__ == "ndarray" and value.dtype.kind in _NUMBERS:
        told = {"type": value.dtype.str, "shape": list(value.shape), "of": to_json(value.tobytes(), put)}
        return {"$array": told}
    return {"$model": _name_of(kind), "has": {key: to_json(part, put) for key, part in _parts(value).items()}}


def from_json(value: Any, get: Get) -> Any:
    """The value that `to_json` was given; raises UnreadableError for what it never gave.

    get: finds bytes by the name that `put` gave them.
    """
    try:
        return _read(value, get)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise UnreadableError(f"{type(error).__name__}: {error}") from error


def _read(value: Any, get: Get) -> Any:
    if isinstance(value, list):
        return [_read(item, get) for item in value]
    if not isinstance(value, dict):
        return value
    mark = next(iter(value), "")
    if not mark.startswith(_MARK):
        return {key: _read(content, get) for key, content in value.items()}
    return _MARKED[mark](value, get)


def _pairs(value: Mapping[Any, Any], put: Put) -> list[list[Any]]:
    return [[to_json(key, put), to_json(content, put)] for key, content in value.items()]


def _read_pairs(pairs: Iterable[Any], get: Get) -> dict[Any, Any]:
    return {_read(key, get): _read(content, get) for key, content in pairs}


def _read_time(value: Mapping[str, Any], get: Get) -> datetime:
    return datetime.fromisoformat(value["$time"])


def _read_array(value: Mapping[str, Any], get: Get) -> Any:
    import numpy as np

    told = value["$array"]
    kind, shape = np.dtype(told["type"]), tuple(told["shape"])
    if kind.kind not in _NUMBERS:
        raise ValueError(f"an array of {kind}")
    data = _read(told["of"], get)
    if len(data) != kind.itemsize * prod(shape):
        raise ValueError("an array of another size than it says")
    return np.frombuffer(data, kind).reshape(shape).copy()


def _read_model(value: Mapping[str, Any], get: Get) -> Any:
    name = value["$model"]
    if name not in _MODELS:
        raise ValueError(f"a model {name!r}")
    module, _, called = name.partition(".")
    kind: Any = getattr(import_module(_ENGINES + module), called)
    has = {key: _read(part, get) for key, part in value["has"].items()}
    if issubclass(kind, tuple):
        return kind(**has)
    if hasattr(kind, "read"):
        return kind.read(has)
    made = object.__new__(kind)
    vars(made).update(has)
    return made


def _name_of(kind: type) -> str:
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix(_ENGINES)
    if name not in _MODELS:
        raise TypeError(f"a world that holds a {kind.__module__}.{kind.__qualname__} cannot be saved")
    return name


def _parts(model: Any) -> Mapping[str, Any]:
    """What a model is made of; one with `content` and `read` says so itself."""
    if isinstance(model, tuple):
        named: Any = model
        return dict(named._asdict())
    return dict(model.content() if hasattr(model, "content") else vars(model))


_MARKED: Mapping[str, Callable[[Mapping[str, Any], Get], Any]] = {
    "$map": lambda value, get: _read_pairs(value["$map"], get),
    "$counter": lambda value, get: Counter(_read_pairs(value["$counter"], get)),
    "$tuple": lambda value, get: tuple(_read(value["$tuple"], get)),
    "$bytes": lambda value, get: base64.b64decode(value["$bytes"], validate=True),
    "$file": lambda value, get: get(value["$file"]),
    "$time": _read_time,
    "$array": _read_array,
    "$model": _read_model,
}
