"""How often a series has a value: steps, their beginnings, and what they are aligned to."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from aiservices_mocks.forecast.frequency import Frequency, parse
from hypothesis import given
from hypothesis import strategies as st

MOMENT = datetime(2026, 5, 14, 13, 47)
NAMES = ["1min", "15min", "30min", "H", "6H", "D", "3D", "W", "2W", "M", "3M", "Y"]


def frequency(text: str, **boundary: object) -> Frequency:
    found = parse(text, boundary)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("15min", datetime(2026, 5, 14, 13, 45)),
        ("H", datetime(2026, 5, 14, 13)),
        ("6H", datetime(2026, 5, 14, 12)),
        ("D", datetime(2026, 5, 14)),
        ("W", datetime(2026, 5, 11)),
        ("M", datetime(2026, 5, 1)),
        ("3M", datetime(2026, 4, 1)),
        ("Y", datetime(2026, 1, 1)),
    ],
)
def test_where_steps_begin(text: str, start: datetime) -> None:
    assert frequency(text).start(MOMENT) == start


@pytest.mark.parametrize(
    ("text", "boundary", "start"),
    [
        ("D", {"Hour": 14}, datetime(2026, 5, 13, 14)),
        ("W", {"DayOfWeek": "SUNDAY"}, datetime(2026, 5, 10)),
        ("M", {"DayOfMonth": 15}, datetime(2026, 4, 15)),
        ("Y", {"Month": "JULY"}, datetime(2025, 7, 1)),
    ],
)
def test_what_steps_are_aligned_to(text: str, boundary: dict[str, object], start: datetime) -> None:
    assert frequency(text, **boundary).start(MOMENT) == start


@pytest.mark.parametrize("text", ["", "0D", "7D", "24H", "60min", "12M", "2Y", "5W", "d", "1", "DD"])
def test_what_is_no_frequency(text: str) -> None:
    assert parse(text) is None


@given(
    st.sampled_from(NAMES),
    st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)),
    st.integers(0, 200),
)
def test_steps_are_counted_as_they_are_made(text: str, moment: datetime, steps: int) -> None:
    found = frequency(text)
    start = found.start(moment)
    assert start <= moment < found.after(start, 1) + timedelta(microseconds=1)
    later = found.after(start, steps)
    assert found.between(start, later) == steps
    assert found.season >= 1
