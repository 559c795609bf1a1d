"""Amounts and dates as paper has them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.services.textract.amounts import amount, day


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$1,234.56", "1234.56"),
        ("1.234,56 €", "1234.56"),
        ("CHF 1'234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1,23,456.00", "123456.00"),
        ("(12.00)", "-12.00"),
        ("12.50-", "-12.50"),
        ("-$3", "-3"),
        ("\u22124", "-4"),
        ("1,234", "1234"),
        ("1.234", "1234"),
        ("0.125", "0.125"),
        ("RM 5.00", "5.00"),
        ("12,-", "12"),
        ("Rs. 100", "100"),
    ],
)
def test_an_amount(text: str, value: str) -> None:
    assert amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "abc", "5.00 6.00", "12/05", "5 items", "10%", "F0016", "00135", "1.2.3", "1,2,3"]
)
def test_no_amount(text: str) -> None:
    assert amount(text) is None


@given(
    st.decimals(0, 10**9, places=2),
    st.sampled_from([(",", "."), (".", ","), ("'", "."), (" ", ","), ("\u202f", ","), ("", "."), ("", ",")]),
    st.sampled_from(["{}", "${}", "{} €", "EUR {}", "USD{}"]),
)
def test_every_way_of_writing_it(value: Decimal, marks: tuple[str, str], around: str) -> None:
    text = f"{value:,.2f}".replace(",", "\0").replace(".", marks[1]).replace("\0", marks[0])
    assert amount(around.format(text)) == value


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_none(text: str) -> None:
    amount(text)
    day(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-21", "21 Sep 2026", "September 21, 2026", "21.09.2026", "21/09/26", "09/21/2026", "Sept 21st, 2026",
        "21 of September 2026", "21-SEP-26", "Date: 21.9.2026, 14:30",
    ],
)  # fmt: skip
def test_a_date(text: str) -> None:
    assert day(text) == date(2026, 9, 21)


def test_a_date_that_could_be_two() -> None:
    assert day("03/04/2026") is None
    assert day("03/04/2026", day_first=True) == date(2026, 4, 3)
    assert day("03/04/2026", day_first=False) == date(2026, 3, 4)
    assert day("04/04/2026") == date(2026, 4, 4)


@pytest.mark.parametrize("text", ["", "31/02/2026", "2026", "12-2026", "20260921", "99/99/2026"])
def test_no_date(text: str) -> None:
    assert day(text) is None


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%b %d, %Y", "%d.%m.%Y"])
)
def test_every_way_of_writing_a_day(value: date, pattern: str) -> None:
    assert day(value.strftime(pattern)) == value
