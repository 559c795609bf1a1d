"""The seasonal engine: what repeats is forecast, what is uncertain is wide, and metrics are what their names say."""

from __future__ import annotations

import pytest
from aiservices_mocks.engines import seasonal
from aiservices_mocks.engines.seasonal import MEAN, Scored
from hypothesis import given
from hypothesis import strategies as st

WEEK = [5.0, 7, 9, 11, 13, 20, 30]
VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


def test_a_series_that_repeats_is_forecast_exactly() -> None:
    found = seasonal.forecast(WEEK * 5, 7, 10, ["0.1", MEAN, "0.9"])
    assert found == {kind: [*WEEK, *WEEK[:3]] for kind in ("0.1", MEAN, "0.9")}


def test_without_two_seasons_the_last_value_stands() -> None:
    assert seasonal.forecast([3.0, 4.0, 8.0], 7, 2, [MEAN]) == {MEAN: [8.0, 8.0]}
    assert seasonal.forecast([3.0], 7, 1, ["0.9", MEAN]) == {"0.9": [3.0], MEAN: [3.0]}


def test_a_walk_has_no_season() -> None:
    walk = [float(number) for number in range(40)]
    assert seasonal.best_season(walk, 7) == 1
    assert seasonal.best_season(WEEK * 5, 7) == 7


def test_errors_grow_with_the_seasons_ahead() -> None:
    noisy = [value + (-1) ** (number // 7) for number, value in enumerate(WEEK * 6)]
    found = seasonal.forecast(noisy, 7, 14, ["0.1", "0.9"])
    widths = [high - low for low, high in zip(found["0.1"], found["0.9"], strict=True)]
    assert widths[0] > 0
    assert widths[7] == pytest.approx(widths[0] * 2**0.5)


@given(VALUES, st.integers(1, 14), st.integers(1, 20))
def test_quantiles_do_not_cross(values: list[float], season: int, steps: int) -> None:
    found = seasonal.forecast(values, season, steps, ["0.1", "0.5", "0.9"])
    for low, middle, high in zip(*found.values(), strict=True):
        assert low <= middle <= high


def test_metrics_by_hand() -> None:
    one = Scored([10.0, 20.0], {MEAN: [12.0, 16.0], "0.9": [15.0, 15.0]}, 2.0)
    found = seasonal.score([one])
    assert found.rmse == pytest.approx(10**0.5)
    assert found.wape == pytest.approx(6 / 30)
    assert found.mape == pytest.approx((0.2 + 0.2) / 2)
    assert found.mase == pytest.approx(3 / 2)
    assert found.losses == {"0.9": pytest.approx(2 * (0.1 * 5 + 0.9 * 5) / 30)}
    assert found.average_loss == found.losses["0.9"]


def test_where_nothing_was_there_the_errors_stand_as_they_are() -> None:
    found = seasonal.score([Scored([0.0, 0.0], {MEAN: [1.0, 2.0]}, 0.0)])
    assert (found.wape, found.mape, found.mase, found.average_loss) == (3.0, 0.0, 0.0, 0.0)


def test_the_mean_of_windows() -> None:
    good, bad = (seasonal.score([Scored([10.0], {MEAN: [guess], "0.5": [guess]}, 1.0)]) for guess in (10.0, 14.0))
    assert seasonal.mean_scores([good, bad]) == (2.0, 0.2, 0.2, 2.0, {"0.5": 0.2})


def test_the_effect_of_what_drives_a_series() -> None:
    prices = [10.0 - number % 5 for number in range(40)]
    sold = [value - 3 * price for value, price in zip(WEEK * 6, prices, strict=False)]
    assert seasonal.effect(sold, prices, 7) == pytest.approx(-3)
    assert seasonal.effect(sold, [8.0] * 40, 7) == 0
    assert seasonal.effect(sold, [None] * 40, 7) == 0
