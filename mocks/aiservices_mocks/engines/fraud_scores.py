"""How likely an event is fraud: naive Bayes over the bins and values of its variables."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from math import exp, log
from typing import NamedTuple

_BINS = 10
_VALUES = 1000
"""Values of a variable that are told apart, the most frequent."""
_HELD_OUT = 5
"""Every so manieth event is for the measures only."""
_STEPS = range(0, 1000, 100)

Event = tuple[Mapping[str, str], bool]
"""The variables of an event, and whether it was fraud."""


class Odds(NamedTuple):
    """What the values of one variable say."""

    edges: Sequence[float]
    """The borders of its bins; none when its values are no numbers."""
    known: Mapping[str, float]
    """The log odds of fraud by bin or value."""
    other: float
    """Those of a value that was not seen, or seldom."""


class Model(NamedTuple):
    """The log odds of fraud of any event, and what each variable adds to them."""

    prior: float
    variables: Mapping[str, Odds]


def learn(events: Sequence[Event], variables: Sequence[str]) -> Model:
    """Count. Without any fraud to learn from, what is rare counts as odd."""
    bad = sum(fraud for _, fraud in events)
    found = {name: _odds([(values.get(name, ""), fraud) for values, fraud in events]) for name in variables}
    return Model(log((bad + 1) / (len(events) - bad + 1)), found)


def _odds(pairs: Sequence[tuple[str, bool]]) -> Odds:
    edges = _edges([value for value, _ in pairs])
    known = {value for value, _ in Counter(_bin(value, edges) for value, _ in pairs).most_common(_VALUES)}
    good: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    for value, fraud in pairs:
        (bad if fraud else good)[_bin(value, edges)] += 1
    size = len(known) + 1
    all_bad, all_good = bad.total() + size, good.total() + size
    odds = {value: log((bad[value] + 1) / all_bad) - log((good[value] + 1) / all_good) for value in sorted(known)}
    return Odds(edges, odds, log(all_good / all_bad))


def _edges(values: Sequence[str]) -> list[float]:
    """The borders of bins with as many numbers in each; none when they are no numbers."""
    try:
        numbers = sorted(float(value) for value in values if value)
    except ValueError:
        return []
    return sorted({numbers[len(numbers) * part // _BINS] for part in range(1, _BINS)}) if numbers else []


def _bin(value: str, edges: Sequence[float]) -> str:
    if not edges or not value:
        return value
    try:
        return str(bisect_right(edges, float(value)))
    except ValueError:
        return value


def impacts(model: Model, values: Mapping[str, str]) -> dict[str, float]:
    """What each variable adds to the log odds."""
    return {
        name: round(odds.known.get(_bin(values.get(name, ""), odds.edges), odds.other), 6)
        for name, odds in model.variables.items()
    }


def score(model: Model, values: Mapping[str, str]) -> float:
    """From 0 to 1000, the more the more likely fraud."""
    odds = model.prior + sum(impacts(model, values).values())
    return float(round(1000 / (1 + exp(-max(min(odds, 500), -500)))))


def split(events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    """What to learn from, and what to measure with."""
    return [e for n, e in enumerate(events) if n % _HELD_OUT], [e for n, e in enumerate(events) if not n % _HELD_OUT]


def measures(model: Model, events: Sequence[Event]) -> tuple[float, list[dict[str, float]]]:
    """The area under the ROC curve; and at thresholds of the score: false and true positive rates and precision."""
    scored = [(score(model, values), fraud) for values, fraud in events]
    bad = [one for one, fraud in scored if fraud]
    good = sorted(one for one, fraud in scored if not fraud)
    return _auc(bad, good), [_point(threshold, bad, good) for threshold in _STEPS]


def _point(threshold: int, bad: Sequence[float], good: Sequence[float]) -> dict[str, float]:
    hits, alarms = sum(one >= threshold for one in bad), sum(one >= threshold for one in good)
    return {
        "threshold": float(threshold),
        "tpr": round(hits / len(bad), 4) if bad else 0.0,
        "fpr": round(alarms / len(good), 4) if good else 0.0,
        "precision": round(hits / (hits + alarms), 4) if hits + alarms else 0.0,
    }


def _auc(bad: Sequence[float], good: Sequence[float]) -> float:
    """The share of pairs in which the fraud has the higher score; equal ones count half."""
    if not bad or not good:
        return 0.5
    below = sum(bisect_left(good, one) + bisect_right(good, one) for one in bad)
    return round(below / (2 * len(bad) * len(good)), 4)


def importance(model: Model) -> dict[str, float]:
    """How far the values of each variable are apart in their log odds."""
    return {
        name: round(max(odds.known.values(), default=0.0) - min(odds.known.values(), default=0.0), 4)
        for name, odds in model.variables.items()
    }
