"""How well scores tell two classes apart, and how far they can be believed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence


def auc(judge: Callable[[str], float], examples: Sequence[tuple[str, int]]) -> float:
    """The area under the curve: how likely a text of class 1 scores above one of class 0."""
    scored = sorted((judge(text), label) for text, label in examples)
    ranks, at = 0.0, 0
    while at < len(scored):
        same = at
        while same < len(scored) and scored[same][0] == scored[at][0]:
            same += 1
        ranks += sum(label for _, label in scored[at:same]) * (at + 1 + same) / 2
        at = same
    positive = sum(label for _, label in scored)
    return (ranks - positive * (positive + 1) / 2) / (positive * (len(scored) - positive))


def calibration_error(told: Iterable[tuple[float, bool]], bins: int = 10) -> float:
    """How far the scores of answers are from how often they are right, on average over bins of scores."""
    piles: dict[int, list[tuple[float, bool]]] = {}
    for score, right in told:
        piles.setdefault(min(int(score * bins), bins - 1), []).append((score, right))
    whole = sum(map(len, piles.values()))
    return sum(abs(sum(s for s, _ in pile) - sum(r for _, r in pile)) for pile in piles.values()) / whole
