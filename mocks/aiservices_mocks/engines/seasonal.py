"""Forecasts of time series: each step repeats the season before it, and quantiles come from how far that was off.

The season is used where it explains a series better than its last value does. Errors grow with the square root of the
seasons ahead, as they do when each season differs from the one before by an independent amount.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import fmean
from typing import NamedTuple

ENGINE = "seasonal-naive"
MEAN = "mean"
"""The kind of forecast that is not a quantile; the others are named by it: `0.1`."""


class Scored(NamedTuple):
    """One series in a back-test."""

    actual: Sequence[float]
    predicted: Mapping[str, Sequence[float]]
    scale: float
    """The mean error of the naive forecast in the training part."""


class Scores(NamedTuple):
    """How good forecasts were; every one is better the smaller it is."""

    rmse: float
    wape: float
    mape: float
    mase: float
    losses: Mapping[str, float]
    """The weighted loss of each quantile."""

    @property
    def average_loss(self) -> float:
        """The mean of the quantiles' losses."""
        return rounded(fmean(self.losses.values())) if self.losses else 0.0


def rounded(value: float) -> float:
    """Ten significant digits: enough for any unit, and the same on every machine."""
    return float(f"{value:.10g}")


def forecast(values: Sequence[float], season: int, steps: int, kinds: Sequence[str]) -> dict[str, list[float]]:
    """The next steps of a series, by kind."""
    season = best_season(values, season)
    last = values[-season:]
    errors = sorted(_differences(values, season)) or [0.0]
    ahead = [(last[step % len(last)], sqrt(step // season + 1)) for step in range(steps)]
    found: dict[str, list[float]] = {}
    for kind in kinds:
        error = 0.0 if kind == MEAN else quantile(errors, float(kind))
        found[kind] = [rounded(value + error * spread) for value, spread in ahead]
    return found


def best_season(values: Sequence[float], season: int) -> int:
    """The season, or 1 where the last value tells more, or where there are fewer than two seasons."""
    if season <= 1 or len(values) < 2 * season:
        return 1
    return season if scale(values, season) <= scale(values, 1) else 1


def scale(values: Sequence[float], season: int) -> float:
    """The mean error of repeating the season before; 0 when there is none before."""
    errors = _differences(values, season)
    return fmean(map(abs, errors)) if errors else 0.0


def quantile(ordered: Sequence[float], share: float) -> float:
    """The quantile of sorted numbers, between two of them where it falls between."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def score(series: Sequence[Scored]) -> Scores:
    """The metrics of a back-test over all its series.

    Where the actual values sum up to nothing the sums of errors stand as they are, as there is nothing to weigh with.
    """
    pairs = [pair for one in series for pair in zip(one.actual, one.predicted[MEAN], strict=True)]
    errors = [abs(actual - guess) for actual, guess in pairs]
    weight = sum(abs(actual) for actual, _ in pairs) or 1.0
    shares = [abs(actual - guess) / abs(actual) for actual, guess in pairs if actual]
    scaled = [
        fmean(abs(a - p) for a, p in zip(one.actual, one.predicted[MEAN], strict=True)) / one.scale
        for one in series
        if one.scale
    ]
    kinds = [kind for kind in (series[0].predicted if series else ()) if kind != MEAN]
    return Scores(
        rmse=rounded(sqrt(fmean(error * error for error in errors))),
        wape=rounded(sum(errors) / weight),
        mape=rounded(fmean(shares)) if shares else 0.0,
        mase=rounded(fmean(scaled)) if scaled else 0.0,
        losses={kind: rounded(2 * _loss(series, kind) / weight) for kind in kinds},
    )


def mean_scores(scores: Sequence[Scores]) -> Scores:
    """The mean of the metrics of several windows."""
    return Scores(
        rmse=rounded(fmean(one.rmse for one in scores)),
        wape=rounded(fmean(one.wape for one in scores)),
        mape=rounded(fmean(one.mape for one in scores)),
        mase=rounded(fmean(one.mase for one in scores)),
        losses={kind: rounded(fmean(one.losses[kind] for one in scores)) for kind in scores[0].losses},
    )


def effect(values: Sequence[float], drivers: Sequence[float | None], season: int) -> float:
    """How much a series changes when what drives it changes by one: the slope between their seasonal changes.

    Both begin at the same time; a driver that never changes has no effect that could be seen.
    """
    season = best_season(values, season)
    moves = [
        (driver - before, value - value_before)
        for driver, before, value, value_before in zip(drivers[season:], drivers, values[season:], values, strict=False)
        if driver is not None and before is not None
    ]
    spread = sum(move * move for move, _ in moves)
    return rounded(sum(move * answer for move, answer in moves) / spread) if spread else 0.0


def _differences(values: Sequence[float], season: int) -> list[float]:
    return [value - before for value, before in zip(values[season:], values, strict=False)]


def _loss(series: Sequence[Scored], kind: str) -> float:
    share = float(kind)
    return sum(
        max(share * (actual - guess), (share - 1) * (actual - guess))
        for one in series
        for actual, guess in zip(one.actual, one.predicted[kind], strict=True)
    )
