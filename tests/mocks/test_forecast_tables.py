"""Files of training data: whatever they hold, they are read or refused with a reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.forecast import tables
from aiservices_mocks.resources import WorkFailed
from hypothesis import given
from hypothesis import strategies as st

COLUMNS = (("item_id", "string"), ("timestamp", "timestamp"), ("demand", "float"), ("count", "integer"))
ATTRIBUTES = [{"AttributeName": name, "AttributeType": kind} for name, kind in COLUMNS]


def read(data: bytes, **how: Any) -> tuple[tuple[Any, ...], ...]:
    mock = Mock()
    mock.s3["data/file.csv"] = data
    rows, size = tables.read(mock.world, "s3://data/file.csv", ATTRIBUTES, **how)
    assert size == len(data)
    return rows


def test_every_kind_of_value() -> None:
    data = b'\xef\xbb\xbf"a, b",2026-05-01 13:00:00,1.5,3\r\n\r\nc,2026-05-02 00:00:00,NaN,\n'
    first, second = read(data)
    assert first == ("a, b", datetime(2026, 5, 1, 13), 1.5, 3)
    assert (second[1], second[3]) == (datetime(2026, 5, 2), None)
    assert math.isnan(second[2])


def test_a_day_can_have_a_time_where_days_are_said() -> None:
    rows = read(b"a,2026-05-01,1,1\na,2026-05-01 13:00:00,1,1", moments="yyyy-MM-dd")
    assert [row[1].hour for row in rows] == [0, 13]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"a,2026-05-01 13:00:00,1_0x,3",
        b"a,2026-05-01 13:00:00,1,3.5",
        b"a,2026-05-01 13:00:00,1," + b"9" * 5000,
        b"a,2026-05-01 13:00:00,1,9999999999999999999",
        b"a,2026-05-01,1,1",
        b"a,0001-01-01 00:00:00,1,1",
        b"a,2026-13-01 00:00:00,1,1",
    ],
)
def test_what_is_refused(data: bytes) -> None:
    with pytest.raises(WorkFailed):
        read(data)


CELL = st.one_of(
    st.just("a"),
    st.just("2026-05-01 13:00:00"),
    st.text('0123456789-.e+naif,"\x00 ', max_size=12),
    st.floats().map(str),
    st.datetimes().map(str),
)


@given(st.lists(st.lists(CELL, min_size=3, max_size=5), max_size=4))
def test_rows_are_read_or_refused(lines: Sequence[Sequence[str]]) -> None:
    try:
        rows = read("\n".join(map(",".join, lines)).encode())
    except WorkFailed:
        return
    found = tables.statistics(rows, ATTRIBUTES)
    assert {one["Count"] for one in found.values()} == {len(rows)}


@given(st.binary(max_size=60), st.sampled_from(["CSV", "PARQUET"]))
def test_bytes_are_read_or_refused(data: bytes, kind: str) -> None:
    try:
        rows = read(data, kind=kind)
    except WorkFailed:
        return
    assert all(len(row) == len(ATTRIBUTES) for row in rows)
