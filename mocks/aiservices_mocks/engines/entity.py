"""What engines find in a text."""

from __future__ import annotations

from typing import NamedTuple


class Entity(NamedTuple):
    """A stretch of the text, what it is, and how sure the engine is of it (0..1)."""

    begin: int
    end: int
    text: str
    type: str
    score: float
