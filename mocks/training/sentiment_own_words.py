"""Words of opinion that the public lexicons lack or misjudge, written for this project (sentiment_own_words.txt)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_SHARP = ("t", "d", "s", "ß", "z", "sch")
"""How German adjectives end whose highest degree has one more e."""


def own(language: str) -> dict[str, float]:
    """Each word form and its strength."""
    return {entry: strength for entry, strength in _entries(language) if " " not in entry}


def phrases(language: str) -> dict[str, float]:
    """Two words in a row, parted by a space, and their strength."""
    return {entry: strength for entry, strength in _entries(language) if " " in entry}


def _entries(language: str) -> Iterator[tuple[str, float]]:
    block, strength = "", 0.0
    for line in Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines():
        if line.startswith("@"):
            block, value = line[1:].split()
            strength = float(value)
        elif block == language and not line.startswith("#"):
            for entry in line.split():
                yield from ((form.replace("_", " "), strength) for form in _forms(entry))


def _forms(entry: str) -> Iterator[str]:
    """The forms of an entry: with the endings that it lists, or those of its kind of German word."""
    stem, _, kind = entry.partition("+")
    if not kind:
        stem, *endings = entry.split("|")
        yield from (stem + ending for ending in endings or ("",))
        return
    yield stem
    base = stem.removesuffix("e")
    if kind == "v":
        yield from (stem + ending for ending in ("e", "st", "t", "te", "ten"))
        yield stem + ("n" if stem.endswith(("er", "el")) else "en")
    elif kind == "n":
        yield from (stem + ending for ending in ("e", "en", "n", "s"))
    else:
        yield from (base + ending for ending in ("e", "er", "es", "en", "em"))
    if kind == "a":
        most = "est" if base.endswith(_SHARP) else "st"
        yield from (base + ending for ending in ("ere", "eren", "eres"))
        yield from (base + most + ending for ending in ("e", "en", "er", "es"))
