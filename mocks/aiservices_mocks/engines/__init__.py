"""What computes the answers: plain functions over plain values.

`engines.sentiment` imports the engine when it is first named: an answer waits for the engine that it needs, not for
all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import (
        entities,
        events,
        key_phrases,
        language,
        pii,
        prompt_safety,
        sentiment,
        sentiment_features,
        syntax,
        targeted,
        topics,
        toxicity,
    )

    __all__ = [
        "entities",
        "events",
        "key_phrases",
        "language",
        "pii",
        "prompt_safety",
        "sentiment",
        "sentiment_features",
        "syntax",
        "targeted",
        "topics",
        "toxicity",
    ]
else:
    from importlib import import_module
    from importlib.util import find_spec

    def __getattr__(name: str) -> Any:
        if name.startswith("_") or find_spec(f"{__name__}.{name}") is None:
            raise AttributeError(f"there is no engine {name!r}")
        return import_module(f"{__name__}.{name}")
