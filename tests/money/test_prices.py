"""The price book: what stands in the file, and what a usage costs."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aiservices.money
from aiservices.money import Price, PriceBook, Tier

FILE = Path(aiservices.money.__file__).with_name("prices.json")
BOOK = PriceBook.default()


def no_float(text: str) -> Any:
    raise AssertionError(f"{text} is a float")


RAW = json.loads(FILE.read_text("utf-8"), parse_float=no_float)


def test_every_service_has_its_rows() -> None:
    assert Counter(row["id"].partition(".")[0] for row in RAW["rows"]) == {
        "comprehend": 12,
        "textract": 18,
        "rekognition": 16,
        "polly": 5,
        "transcribe": 10,
        "translate": 5,
        "lexv2": 8,
        "personalize": 13,
        "forecast": 6,
        "kendra": 13,
        "frauddetector": 7,
        "codeguru": 6,
    }
    assert len(BOOK) == len({row["id"] for row in RAW["rows"]}) == 119


def test_one_row_stands_on_one_line() -> None:
    lines = [line.strip().rstrip(",") for line in FILE.read_text("utf-8").splitlines()]
    assert [json.loads(line) for line in lines if line.startswith('{"id"')] == RAW["rows"]


@pytest.mark.parametrize("raw", RAW["rows"], ids=lambda row: str(row["id"]))
def test_a_row_is_sound(raw: dict[str, Any]) -> None:
    row = BOOK[raw["id"]]
    assert row.operations
    assert row.dimension
    assert row.as_of
    assert row.confidence in BOOK.meta["confidence"]
    assert row.source
    assert set(row.source) <= set(BOOK.sources)
    bounds = [tier.up_to for tier in row.tiers]
    assert bounds[-1] is None
    closed = [bound for bound in bounds[:-1] if bound is not None]
    assert len(closed) == len(bounds) - 1
    assert closed == sorted(set(closed))
    for tier, written in zip(row.tiers, raw["tiers"], strict=True):
        assert tier.price == (None if written["price"] is None else Decimal(written["price"]))
        assert tier.price is None or tier.price >= 0


def test_unknown_prices_are_known_as_such() -> None:
    unknown = {
        row.id: [tier.price is None for tier in row.tiers] for row in BOOK if None in [t.price for t in row.tiers]
    }
    assert unknown == {
        "transcribe.call_analytics_streaming": [False, True, True, True],
        "frauddetector.prediction_ofi": [False, True],
        "frauddetector.prediction_tfi": [True],
        "frauddetector.prediction_ati": [True],
        "frauddetector.prediction_rules": [True],
        "frauddetector.stored_events": [True],
    }


def test_the_book_is_dated() -> None:
    assert (BOOK.date, BOOK.region, BOOK.meta["currency"]) == ("2026-11-20", "us-east-1", "USD")


@pytest.mark.parametrize(
    ("row", "units", "dollars"),
    [
        ("lexv2.speech_request", 8_000, "32"),
        ("lexv2.text_request", 2_000, "1.50"),
        ("textract.forms_tables", 5_000, "325"),
        ("transcribe.medical", 900, "1.125"),
        ("transcribe.medical", 5_400, "6.75"),
        ("rekognition.image_group2", 2_500_000, "2200"),
        ("comprehend.nlp_standard", 12_000_000, "1100"),
        ("comprehend.topic_modeling", 150, "1.20"),
        ("comprehend.topic_modeling", 1, "1"),
        ("polly.neural", 1_000_000, "16"),
        ("translate.text", 1_000_000, "15"),
        ("transcribe.batch_standard", 3_600, "0.36"),
        ("textract.detect_text", 1_200_000, "1620"),
        ("forecast.data_points", 251, "320.80"),
        ("codeguru.profiler", 40_000, "180"),
    ],
)
def test_worked_examples(row: str, units: int, dollars: str) -> None:
    assert BOOK.price(row, units) == Decimal(dollars)


def test_the_tiers_begin_where_the_month_stands() -> None:
    assert BOOK.price("textract.detect_text", 2, used=999_999) == Decimal("0.0015") + Decimal("0.0006")
    assert BOOK.price("textract.detect_text", 1, used=1_000_000) == Decimal("0.0006")


def test_a_flat_fee_is_charged_once() -> None:
    assert BOOK.price("comprehend.topic_modeling", 10, used=50) == 0
    assert BOOK.price("comprehend.topic_modeling", 60, used=50) == Decimal("0.04")


def test_unknown_is_none_and_never_zero() -> None:
    assert BOOK.price("frauddetector.prediction_tfi", 1) is None
    assert BOOK.price("no.such_row", 1) is None
    assert BOOK.price("frauddetector.prediction_ofi", 100_000) == Decimal(3_000)
    assert BOOK.price("frauddetector.prediction_ofi", 100_001) is None
    assert BOOK.cost({"polly.neural": Decimal(1), "no.such_row": Decimal(1)}) is None
    assert BOOK.cost({}) == 0


def test_usage_does_not_shrink() -> None:
    with pytest.raises(ValueError, match=r"polly\.neural"):
        BOOK.price("polly.neural", -1)


def test_rows_of_ones_own(tmp_path: Path) -> None:
    cheaper = {"id": "polly.neural", "dimension": "character", "tiers": [{"up_to": None, "price": "0.00001"}]}
    book = BOOK.with_rows(cheaper, Price("my.row", "page", (Tier(None, Decimal(2)),)))
    assert book.price("polly.neural", 100_000) == 1
    assert book.price("my.row", 3) == 6
    assert BOOK.price("polly.neural", 100_000) == Decimal("1.6")
    assert len(book) == len(BOOK) + 1
    file = tmp_path / "prices.json"
    file.write_text(json.dumps({"meta": {"compiled": "2030-01-01"}, "rows": [cheaper]}))
    loaded = PriceBook.load(file)
    assert (len(loaded), loaded.date, loaded.price("polly.neural", 1)) == (1, "2030-01-01", Decimal("0.00001"))
    assert "polly.neural" in loaded
    file.write_text(json.dumps({"rows": [cheaper, cheaper]}))
    with pytest.raises(ValueError, match="same id"):
        PriceBook.load(file)


def test_a_float_price_is_refused() -> None:
    with pytest.raises(ValueError, match="string"):
        BOOK.with_rows({"id": "a.b", "dimension": "page", "tiers": [{"up_to": None, "price": 0.1}]})


amounts = st.decimals(min_value=0, max_value=10**9, places=9)
counts = st.decimals(min_value=0, max_value=10**6, places=2)


@st.composite
def prices(draw: st.DrawFn) -> Price:
    bounds = sorted(draw(st.sets(st.integers(1, 10**6), max_size=4)))
    tiers = [Tier(Decimal(bound), draw(amounts)) for bound in bounds]
    return Price("a.row", "unit", (*tiers, Tier(None, draw(amounts))))


def slowly(price: Price, begin: Fraction, end: Fraction) -> Fraction:
    """The same by definition: the overlap of the usage with every tier."""
    total, floor = Fraction(0), Fraction(0)
    for tier in price.tiers:
        ceiling = end if tier.up_to is None else Fraction(tier.up_to)
        assert tier.price is not None
        total += max(Fraction(0), min(end, ceiling) - max(begin, floor)) * Fraction(tier.price)
        floor = ceiling
    return total


@given(prices(), counts, counts)
def test_graduated_and_exact(price: Price, units: Decimal, used: Decimal) -> None:
    cost = price.of(units, used)
    assert cost is not None
    assert Fraction(cost) == slowly(price, Fraction(used), Fraction(used) + Fraction(units))


@given(prices(), counts, counts)
def test_a_month_is_the_sum_of_its_parts(price: Price, first: Decimal, second: Decimal) -> None:
    parts = [price.of(first), price.of(second, used=first)]
    whole = price.of(first + second)
    assert whole is not None
    assert Fraction(whole) == sum(Fraction(part) for part in parts if part is not None)


@given(prices(), counts, counts, counts)
def test_more_never_costs_less(price: Price, units: Decimal, more: Decimal, used: Decimal) -> None:
    less, much = price.of(units, used), price.of(units + more, used)
    assert less is not None
    assert much is not None
    assert less <= much


@given(prices(), counts)
def test_the_programs_own_precision_does_not_matter(price: Price, units: Decimal) -> None:
    expected = price.of(units)
    with localcontext(prec=3):
        assert price.of(units) == expected
