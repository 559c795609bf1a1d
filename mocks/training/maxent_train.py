"""Train a maximum entropy classifier with an L1 penalty, in numpy (FISTA: Beck and Teboulle 2009)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def train(
    rows: Sequence[Mapping[str, float]],
    targets: Sequence[int],
    labels: Sequence[str],
    *,
    penalty: float,
    rare: int = 3,
    iterations: int = 300,
    balance: float = 0.0,
) -> tuple[list[float], dict[str, list[float]]]:
    """Bias and weights. Features in fewer than `rare` rows are dropped; `balance` 1 gives classes equal say, 0 none."""
    counts = Counter(name for row in rows for name in row)
    names = sorted(name for name, count in counts.items() if count >= rare)
    number = {name: at for at, name in enumerate(names)}
    of_row, column, value = [], [], []
    for at, row in enumerate(rows):
        for name, amount in row.items():
            if name in number:
                of_row.append(at)
                column.append(number[name])
                value.append(amount)
    matrix = _Sparse(np.array(of_row), np.array(column), np.array(value), len(rows), len(names))
    truth = np.eye(len(labels))[np.array(targets)]
    share = truth.mean(0)
    say = (truth * (1 / (len(labels) * share)) ** balance).sum(1)
    weights, bias = _fista(matrix, truth, say / say.mean(), penalty, iterations)
    kept = {
        name: [round(float(w), 3) for w in weights[at]]
        for name, at in number.items()
        if np.abs(weights[at]).max() > 5e-4
    }
    return [round(float(b), 4) for b in bias], kept


class _Sparse:
    def __init__(
        self, row: NDArray[np.int64], column: NDArray[np.int64], value: Array, rows: int, columns: int
    ) -> None:
        self.row, self.column, self.value, self.rows, self.columns = row, column, value, rows, columns

    def times(self, weights: Array) -> Array:
        parts = weights[self.column] * self.value[:, None]
        return np.stack([np.bincount(self.row, part, self.rows) for part in parts.T], axis=1)

    def transposed_times(self, errors: Array) -> Array:
        parts = errors[self.row] * self.value[:, None]
        return np.stack([np.bincount(self.column, part, self.columns) for part in parts.T], axis=1)

    def largest(self) -> float:
        """The largest eigenvalue of its square, by power iteration: it bounds the step."""
        vector = np.ones((self.columns, 1))
        size = 1.0
        for _ in range(30):
            vector = self.transposed_times(self.times(vector))
            size = float(np.linalg.norm(vector))
            vector /= size
        return size


def _fista(matrix: _Sparse, truth: Array, say: Array, penalty: float, iterations: int) -> tuple[Array, Array]:
    rows, classes = truth.shape
    step = 2 * rows / ((matrix.largest() + rows) * float(say.max()))
    weights = ahead = np.zeros((matrix.columns, classes))
    bias = bias_ahead = np.log(truth.mean(0))
    pace = 1.0
    for _ in range(iterations):
        scores = matrix.times(ahead) + bias_ahead
        scores = np.exp(scores - scores.max(1, keepdims=True))
        errors = (scores / scores.sum(1, keepdims=True) - truth) * say[:, None] / rows
        moved = ahead - step * matrix.transposed_times(errors)
        shrunk = np.sign(moved) * np.maximum(np.abs(moved) - step * penalty / rows, 0)
        bias_new = bias_ahead - step * errors.sum(0)
        quicker = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = shrunk + (pace - 1) / quicker * (shrunk - weights)
        bias_ahead = bias_new + (pace - 1) / quicker * (bias_new - bias)
        weights, bias, pace = shrunk, bias_new, quicker
    return weights, bias
