"""Which operations are billed, free, or unpriced."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from aiservices.api.model import load
from aiservices.call import PRODUCTS, SERVICES, Call
from aiservices.money import Meter, PriceBook, table
from aiservices.money.billing import METERED, Rule, count_of
from aiservices.money.jobs import BEGINS, READS
from aiservices.money.units import COUNTS

BOOK = PriceBook.default()
SECTIONS = {
    "lexv2": PRODUCTS["lex"],
    "frauddetector": ("frauddetector",),
    **{product: services for product, services in PRODUCTS.items() if product not in ("lex", "fraud_detector")},
}
FREE_ALTHOUGH_NAMED = {("rekognition", "StopProjectVersion")}
"""It ends what is billed by time."""


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_price_row_names_is_not_free(service: str) -> None:
    operations = load(service).operations
    for row in BOOK:
        if service not in SECTIONS[row.id.partition(".")[0]] or all(tier.price == 0 for tier in row.tiers):
            continue
        named = {word for text in row.operations for word in re.findall(r"[A-Z]\w+", text)} & operations.keys()
        for operation in named:
            free = count_of(service, operation) is Rule.FREE
            assert free == ((service, operation) in FREE_ALTHOUGH_NAMED), f"{row.id} names {operation}"


def test_every_counted_operation_exists_and_its_row_names_it() -> None:
    for service, operation in COUNTS:
        assert operation in load(service).operations
        assert any(operation in " ".join(row.operations) for row in BOOK if row.id.startswith(service))


@pytest.mark.parametrize(
    "name",
    [
        "polly.ListLexicons", "polly.DescribeVoices", "polly.PutLexicon", "polly.ListSpeechSynthesisTasks",
        "comprehend.TagResource", "comprehend.ListEndpoints", "comprehend.StopEntitiesDetectionJob",
        "transcribe.GetTranscriptionJob", "textract.GetAdapterVersion", "textract.CreateAdapter",
        "kendra.Query", "kendra-ranking.Rescore", "forecastquery.QueryForecast", "lexv2-models.BuildBotLocale",
        "codeguru-security.CreateScan", "frauddetector.BatchGetVariable", "translate.ImportTerminology",
    ],
)  # fmt: skip
def test_bookkeeping_is_known_to_cost_nothing(name: str) -> None:
    service, operation = name.split(".")
    assert Meter(BOOK).charge(Call(service, operation, {}), {}) == ({}, Decimal(0))


@pytest.mark.parametrize(
    "name",
    [
        "transcribe.StartTranscriptionJob", "comprehend.StartFlywheelIteration", "comprehend.StartTopicsDetectionJob",
        "comprehend.ImportModel", "polly.SynthesizeSpeech", "lexv2-runtime.RecognizeText",
        "personalize-runtime.GetRecommendations", "personalize.CreateSolutionVersion", "kendra.CreateIndex",
        "frauddetector.GetEventPrediction", "rekognition.StartLabelDetection", "s3.PutObject", "s3.GetObject",
        "comprehend.DreamOfSheep",
    ],
)  # fmt: skip
def test_what_computes_or_begins_a_bill_is_unpriced_and_not_zero(name: str) -> None:
    service, operation = name.split(".")
    assert Meter(BOOK).charge(Call(service, operation, {}), {}) == (None, None)


def test_most_operations_are_bookkeeping() -> None:
    rules = [count_of(service, name) for service in SERVICES for name in load(service).operations]
    assert sum(rule is Rule.FREE for rule in rules) > 0.75 * len(rules)
    assert sum(callable(rule) for rule in rules) == len(COUNTS)


def test_an_operation_is_counted_in_one_way() -> None:
    assert not METERED & set(COUNTS)
    for service, operation in METERED:
        assert operation in load(service).operations
    for (service, _), read in READS.items():
        assert (service, read.begins) in BEGINS


@pytest.mark.parametrize("product", table.PRODUCTS)
def test_all_that_is_billed_is_counted_or_says_why_not(product: str) -> None:
    why = BOOK.rules[product]["unpriced"]
    unpriced = {name for name in load(product).operations if count_of(product, name) is Rule.UNPRICED}
    assert unpriced <= set(why) <= set(table.operations(product, BOOK))
    for name in why:
        assert name in load(product).operations


def test_the_tables_in_the_docs_are_the_code_s() -> None:
    page = (Path(__file__).parents[2] / "docs" / "costs.md").read_text("utf-8")
    told = table.tables(BOOK)
    assert told in page, "run python -m aiservices.money.table and put it into docs/costs.md"
    assert told.count("\n### ") == len(table.PRODUCTS) - 1
