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
from aiservices.call import PRODUCTS
from aiservices.errors import InvalidCallError
from aiservices.money import Price, PriceBook, Tier

FILE = Path(aiservices.money.__file__).with_name("prices.json")
BOOK = PriceBook()


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


VECTORS = json.loads((Path(__file__).parents[1] / "data" / "money" / "vectors.json").read_text("utf-8"))["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["usage"]))
def test_worked_examples(vector: dict[str, Any]) -> None:
    prices = [BOOK.price(row, quantity) for row, quantity in vector["rows"]]
    assert sum(price for price in prices if price is not None) == Decimal(vector["usd"])
    assert None not in prices
    assert BOOK.cost({row: Decimal(quantity) for row, quantity in vector["rows"]}) == Decimal(vector["usd"])


def test_forms_with_tables_cost_their_sum() -> None:
    assert BOOK.price("textract.forms_tables", 5_000) == Decimal(325)


def test_the_tiers_begin_where_the_month_stands() -> None:
    assert BOOK.price("textract.detect_text", 2, before=999_999) == Decimal("0.0015") + Decimal("0.0006")
    assert BOOK.price("textract.detect_text", 1, before=1_000_000) == Decimal("0.0006")
    assert BOOK.price("textract.detect_text", 0, before=5) == 0


@pytest.mark.parametrize(("megabytes", "dollars"), [(0, "0"), (1, "1"), (100, "1"), (101, "1.004"), (150, "1.20")])
def test_a_row_with_a_flat_tier_prices_each_request_by_itself(megabytes: int, dollars: str) -> None:
    assert BOOK.price("comprehend.topic_modeling", megabytes) == Decimal(dollars)
    assert BOOK.price("comprehend.topic_modeling", megabytes, before=5_000) == Decimal(dollars)


def test_unknown_is_none_and_never_zero() -> None:
    assert BOOK.price("frauddetector.prediction_tfi", 1) is None
    assert BOOK.price("frauddetector.prediction_ofi", 100_000) == Decimal(3_000)
    assert BOOK.price("frauddetector.prediction_ofi", 100_001) is None
    assert BOOK.cost({"polly.neural": Decimal(1), "no.such_row": Decimal(1)}) is None
    assert BOOK.cost({}) == 0


def test_a_row_that_does_not_exist_is_named_with_its_nearest() -> None:
    with pytest.raises(InvalidCallError, match=r'"polly\.neurla"; did you mean "polly\.neural"\?'):
        BOOK.price("polly.neurla", 1)


@pytest.mark.parametrize("wrong", [-1, 0.5, "5", True, Decimal("nan"), Decimal("inf"), None])
def test_usage_is_an_exact_number_from_zero(wrong: Any) -> None:
    with pytest.raises(InvalidCallError, match=r"polly\.neural: quantity"):
        BOOK.price("polly.neural", wrong)
    with pytest.raises(InvalidCallError, match=r"textract\.forms: before"):
        BOOK.price("textract.forms", 1, before=wrong if wrong is not None else "5")


def test_rows_of_ones_own() -> None:
    cheaper = {"id": "polly.neural", "tiers": [{"up_to": None, "price": "0.00001"}]}
    book = BOOK.with_rows(cheaper, Price("my.row", "page", (Tier(None, Decimal(2)),)))
    assert book.price("polly.neural", 100_000) == 1
    assert book["polly.neural"].source == BOOK["polly.neural"].source
    assert book.price("my.row", 3) == 6
    assert BOOK.price("polly.neural", 100_000) == Decimal("1.6")
    assert len(book) == len(BOOK) + 1
    with pytest.raises(InvalidCallError, match=r"polly\.neural: it is counted in character, not in page"):
        BOOK.with_rows(Price("polly.neural", "page", (Tier(None, Decimal(2)),)))
    with pytest.raises(InvalidCallError, match="float"):
        BOOK.with_rows({"id": "polly.neural", "tiers": [{"up_to": None, "price": 0.1}]})


def test_another_region_s_prices_are_unknown_until_they_are_given() -> None:
    book = BOOK.with_rows({"id": "polly.neural", "tiers": [{"up_to": None, "price": "0.000017"}]}, region="eu-west-3")
    assert (book.region, book.price("polly.neural", 1_000_000)) == ("eu-west-3", 17)
    assert book.price("polly.standard", 1) is None


def test_discounts() -> None:
    assert BOOK.discounted("0.9").price("polly.neural", 1_000_000) == Decimal("14.4")
    polly = BOOK.discounted("0.5", only="polly")
    assert polly.price("polly.neural", 1_000_000) == 8
    assert polly.price("lexv2.text_request", 4) == Decimal("0.003")
    assert BOOK.discounted(0, only="lex").price("lexv2.text_request", 4) == 0
    assert BOOK.discounted("0.5", only="textract.forms").price("textract.forms", 1_000_001) == 25_000 + Decimal("0.02")
    assert BOOK.discounted("0.5").price("frauddetector.prediction_tfi", 1) is None
    with pytest.raises(InvalidCallError, match='did you mean "polly"'):
        BOOK.discounted("0.5", only="poly")
    with pytest.raises(InvalidCallError, match="float"):
        BOOK.discounted(0.5)  # type: ignore[arg-type]  # what a type checker would refuse
    with pytest.raises(InvalidCallError, match="negative"):
        BOOK.discounted("-1")


def test_the_free_tier_is_off_unless_it_is_switched_on() -> None:
    free = BOOK.with_free_tier()
    assert BOOK.price("textract.detect_text", 1_500) == Decimal("2.25")
    assert free.price("textract.detect_text", 1_500) == Decimal("0.75")
    assert free.price("textract.detect_text", 1, before=1_000) == Decimal("0.0015")
    assert free.price("textract.detect_text", 1, before=1_000_000) == Decimal("0.0006")
    assert free.price("polly.neural", 1_000_001) == Decimal("0.000016")
    assert free.price("comprehend.custom_async", 3) == BOOK.price("comprehend.custom_async", 3), "it has none"


def test_a_book_says_what_it_is() -> None:
    assert repr(BOOK) == "<PriceBook 119 rows, us-east-1, 2026-11-20>"
    assert "polly.neural" in BOOK
    assert BOOK.get("no.such_row") is None
    assert {row.product for row in BOOK} == set(PRODUCTS)
    assert BOOK.dimensions.keys() == {row.dimension for row in BOOK}


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
    parts = [price.of(first), price.of(second, before=first)]
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


VOLUMES = [row for row in BOOK if not row.is_flat and all(tier.price is not None for tier in row.tiers)]


@given(st.sampled_from(VOLUMES), counts, counts)
def test_every_shipped_row_is_graduated_and_adds_up(row: Price, units: Decimal, before: Decimal) -> None:
    cost, whole, first = row.of(units, before), row.of(before + units), row.of(before)
    assert cost is not None
    assert Fraction(cost) == slowly(row, Fraction(before), Fraction(before) + Fraction(units))
    assert whole is not None
    assert first is not None
    assert Fraction(first) + Fraction(cost) == Fraction(whole)


@given(
    st.sampled_from([row for row in VOLUMES if row.has_volumes]), st.integers(1, 40), st.integers(-20, 20), st.data()
)
def test_every_shipped_row_equals_walking_its_tiers_unit_by_unit(
    row: Price, units: int, shift: int, data: st.DataObject
) -> None:
    border = int(data.draw(st.sampled_from([tier.up_to for tier in row.tiers if tier.up_to is not None])))
    before = max(border + shift, 0)
    total = Decimal(0)
    for number in range(before + 1, before + units + 1):
        tier = next(tier for tier in row.tiers if tier.up_to is None or number <= tier.up_to)
        assert tier.price is not None
        total += tier.price
    assert BOOK.price(row.id, units, before=before) == total


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_flat_fee_is_walked_request_by_request(megabytes: int, before: int) -> None:
    expected = Decimal(0) if not megabytes else Decimal(1) + max(megabytes - 100, 0) * Decimal("0.004")
    assert BOOK.price("comprehend.topic_modeling", megabytes, before=before) == expected
