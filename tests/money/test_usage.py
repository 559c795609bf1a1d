"""Volume tiers across a month: each account, region and counter moves by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.call import Call, Reply, note
from aiservices.money import Counter, Meter, PriceBook, RunUsage

BOOK = PriceBook()


class Time:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def pages(count: int, backend: str = "aws", **facts: Any) -> Reply:
    return note({"DocumentMetadata": {"Pages": count}}, backend=backend, **facts)


DETECT = Call("textract", "DetectDocumentText", {})


@pytest.fixture
def time() -> Time:
    return Time(datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC))


def test_a_meter_comes_to_the_next_tier(time: Time) -> None:
    meter = Meter(BOOK, time)
    assert meter.charge(DETECT, pages(999_999)).cost == Decimal("1499.9985")
    assert meter.charge(DETECT, pages(2)).cost == Decimal("0.0021")
    assert meter.charge(DETECT, pages(1)).cost == Decimal("0.0006")


def test_a_month_begins_at_zero_in_utc(time: Time) -> None:
    meter = Meter(BOOK, time)
    meter.charge(DETECT, pages(1_000_000))
    assert meter.charge(DETECT, pages(1)).cost == Decimal("0.0006")
    time.sleep(1)
    assert meter.charge(DETECT, pages(1)).cost == Decimal("0.0015"), "February"
    time.sleep(-1)
    assert meter.charge(DETECT, pages(1)).cost == Decimal("0.0006"), "a clock that goes back counts in January again"


def test_what_aws_did_not_answer_has_counters_of_its_own(time: Time) -> None:
    meter = Meter(BOOK, time)
    meter.charge(DETECT, pages(1_000_000, "mock"))
    meter.charge(DETECT, pages(1_000_000, cached=True))
    assert meter.charge(DETECT, pages(1)).cost == Decimal("0.0015")
    assert meter.charge(DETECT, pages(1, "mock")).cost == Decimal("0.0006")


class Kept(RunUsage):
    """Usage that says what it was asked, and knows what the account used before."""

    def __init__(self, before: int = 0) -> None:
        super().__init__()
        self.before = before
        self.moved: list[tuple[Counter, Decimal]] = []

    def move(self, counter: Counter, quantity: Decimal) -> Decimal:
        self.moved.append((counter, quantity))
        return super().move(counter, quantity) + self.before


def test_a_source_of_usage_tells_what_came_before(time: Time) -> None:
    usage = Kept(before=999_999)
    meter = Meter(BOOK, time, usage, account="123456789012", region="eu-west-1")
    assert meter.charge(DETECT, pages(2)).cost == Decimal("0.0021")
    assert usage.moved == [(Counter("123456789012", "eu-west-1", "2026-01", "textract.detect_text"), Decimal(2))]


def test_features_together_move_the_counters_of_their_parts(time: Time) -> None:
    usage = Kept()
    meter = Meter(BOOK, time, usage)
    meter.charge(Call("textract", "AnalyzeDocument", {"FeatureTypes": ["FORMS"]}), pages(1_000_000))
    both = Call("textract", "AnalyzeDocument", {"FeatureTypes": ["TABLES", "FORMS"]})
    assert meter.charge(both, pages(10)).cost == 10 * (Decimal("0.04") + Decimal("0.015"))
    assert {(counter.name, units) for counter, units in usage.moved} == {
        ("textract.forms", Decimal(1_000_000)), ("textract.forms", Decimal(10)), ("textract.tables", Decimal(10)),
    }  # fmt: skip
    combined = Call("textract", "AnalyzeDocument", {"FeatureTypes": ["FORMS", "QUERIES"]})
    meter.charge(combined, pages(1))
    assert usage.moved[-1][0].name == "textract.forms_queries", "a price and a counter of its own"


def test_each_api_of_comprehend_has_a_counter_and_shares_it_with_its_batch(time: Time) -> None:
    usage = Kept()
    meter = Meter(BOOK, time, usage)
    for operation, params in (
        ("DetectSentiment", {"Text": "a"}), ("BatchDetectSentiment", {"TextList": ["a"]}),
        ("DetectTargetedSentiment", {"Text": "a"}), ("DetectEntities", {"Text": "a"}), ("DetectSyntax", {"Text": "a"}),
    ):  # fmt: skip
        meter.charge(Call("comprehend", operation, params), {})
    assert [counter.name for counter, _ in usage.moved] == [
        "comprehend.nlp_standard/Sentiment", "comprehend.nlp_standard/Sentiment",
        "comprehend.nlp_standard/TargetedSentiment", "comprehend.nlp_standard/Entities", "comprehend.syntax",
    ]  # fmt: skip


def test_a_job_moves_the_counter_of_its_call(time: Time) -> None:
    usage = Kept()
    meter = Meter(BOOK, time, usage)
    meter.charge(Call("s3", "PutObject", {"Bucket": "b", "Key": "x/comprehend/a.txt", "Body": b"a"}), {})
    config = {"S3Uri": "s3://b/x/comprehend/a.txt", "InputFormat": "ONE_DOC_PER_FILE"}
    begin = Call("comprehend", "StartKeyPhrasesDetectionJob", {"InputDataConfig": config})
    meter.charge(begin, {"JobId": "j"})
    assert meter.began(begin, {"JobId": "j"}) == "comprehend j"
    read = Call("comprehend", "DescribeKeyPhrasesDetectionJob", {"JobId": "j"})
    meter.charge(read, {"Properties": {"JobStatus": "COMPLETED"}})
    assert [counter.name for counter, _ in usage.moved] == ["comprehend.nlp_standard/KeyPhrases"]
    assert not usage.once("comprehend j"), "it was counted"
    assert meter.began(read, {}) is None
    assert meter.began(begin, {}) is None, "not AWS's shape"


def test_a_price_that_does_not_depend_on_the_month_moves_nothing(time: Time) -> None:
    usage = Kept()
    Meter(BOOK, time, usage).charge(Call("polly", "SynthesizeSpeech", {}), {"RequestCharacters": 5})
    assert usage.moved == []


def test_a_free_tier_that_is_switched_on_is_used_up(time: Time) -> None:
    meter = Meter(BOOK.with_free_tier(), time)
    costs = [meter.charge(DETECT, pages(600)).cost for _ in range(3)]
    assert costs == [0, 200 * Decimal("0.0015"), 600 * Decimal("0.0015")]


def test_jobs_are_counted_once_across_meters_that_share_their_usage(time: Time) -> None:
    usage = RunUsage()
    read = Call("textract", "GetDocumentTextDetection", {"JobId": "j"})
    ended = {**pages(2), "JobStatus": "SUCCEEDED"}
    assert [Meter(BOOK, time, usage).charge(read, ended).cost for _ in range(2)] == [Decimal("0.003"), 0]


@given(st.lists(st.integers(0, 700_000), max_size=12))
def test_the_parts_of_a_month_add_up_to_the_whole(counts: list[int]) -> None:
    meter = Meter(BOOK, Time(datetime(2026, 2, 1, tzinfo=UTC)))
    costs = [meter.charge(DETECT, pages(count)).cost for count in counts]
    assert sum(cost for cost in costs if cost is not None) == BOOK.price("textract.detect_text", sum(counts))


def test_what_is_remembered_of_jobs_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiservices.money.usage._MOST", 2)
    usage = RunUsage()
    assert [usage.once(name) for name in "abca"] == [True] * 4, "a is forgotten"
