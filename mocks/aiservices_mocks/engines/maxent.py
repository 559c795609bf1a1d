"""Maximum entropy (multinomial logistic) classifiers, read from weights and applied in plain Python.

The weights are sparse: training drops every feature that does not pay, so a model is a dictionary of some
thousand words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from . import weights_file


class Model:
    """One classifier: a bias per label, and per feature a weight per label."""

    def __init__(self, labels: Sequence[str], bias: Sequence[float], weights: Mapping[str, Sequence[float]]) -> None:
        self.labels = tuple(labels)
        self.bias = tuple(bias)
        self.weights = weights

    def probabilities(self, features: Mapping[str, float]) -> list[float]:
        """A probability per label, in the labels' order; they add up to 1. Unknown features count nothing."""
        totals = list(self.bias)
        known = self.weights
        for feature, value in features.items():
            row = known.get(feature)
            if row is not None:
                for at, weight in enumerate(row):
                    totals[at] += weight * value
        top = max(totals)
        grown = [math.exp(total - top) for total in totals]
        whole = sum(grown)
        return [one / whole for one in grown]


def read(name: str) -> dict[str, Any]:
    """What a weights file holds, read once."""
    return weights_file.once(f"{name}.json.gz", dict)
