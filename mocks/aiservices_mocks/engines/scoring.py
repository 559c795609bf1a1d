"""How well a model answers texts whose answers are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Counts(NamedTuple):
    """What was found rightly, what wrongly, and what was missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """The share of what is there that was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / both if both else 0.0


def count(pairs: Iterable[tuple[Sequence[str], Sequence[str]]], labels: Iterable[str]) -> dict[str, Counts]:
    """For each label how its answers went; a pair is what is true and what was found."""
    known = list(pairs)
    return {
        label: Counts(
            sum(label in true and label in found for true, found in known),
            sum(label not in true and label in found for true, found in known),
            sum(label in true and label not in found for true, found in known),
        )
        for label in labels
    }


def together(counts: Iterable[Counts]) -> Counts:
    """The counts of all labels."""
    rows = list(counts)
    return Counts(*(sum(column) for column in zip(*rows, strict=True))) if rows else Counts()


def mean(values: Iterable[float]) -> float:
    """Their mean; 0 when there are none."""
    rows = list(values)
    return sum(rows) / len(rows) if rows else 0.0
