"""Words of opinion that the public lexicons lack or misjudge, written for this project (sentiment_own_words.txt)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def own(language: str) -> Iterator[tuple[str, float]]:
    """Each word form and its strength."""
    block, strength = "", 0.0
    for line in Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines():
        if line.startswith("@"):
            block, value = line[1:].split()
            strength = float(value)
        elif block == language and not line.startswith("#"):
            for entry in line.split():
                stem, *endings = entry.split("|")
                yield from ((stem + ending, strength) for ending in endings or ("",))
