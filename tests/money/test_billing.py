"""Which operations are billed, free, or unpriced."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from aiservices.api.model import load
from aiservices.call import SERVICES, Call
from aiservices.money import Meter, PriceBook, table
from aiservices.money.billing import METERED, SECTIONS, Rule, count_of, reason
from aiservices.money.jobs import BEGINS, READS
from aiservices.money.units import COUNTS

BOOK = PriceBook()


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_price_row_names_is_not_free(service: str) -> None:
    operations = load(service).operations
    for row in BOOK:
        if service not in SECTIONS[row.id.partition(".")[0]] or all(tier.price == 0 for tier in row.tiers):
            continue
        named = {word for text in row.operations for word in re.findall(r"[A-Z]\w+", text)} & operations.keys()
        for operation in named:
            assert count_of(service, operation) is not Rule.FREE, f"{row.id} names {operation}"


def test_every_counted_operation_exists_and_its_row_names_it() -> None:
    of = {service: section for section, services in SECTIONS.items() for service in services}
    for service, operation in COUNTS:
        assert operation in load(service).operations
        assert any(operation in " ".join(row.operations) for row in BOOK if row.id.startswith(of[service]))


ALL = [(service, operation) for service in SERVICES for operation in load(service).operations]


def test_there_is_no_fourth_kind() -> None:
    """Each operation is priced, free by a rule that is stated, or listed as unpriced with its reason."""
    assert len(ALL) == 714
    for service, operation in ALL:
        rule, why = count_of(service, operation), reason(service, operation)
        if rule in (Rule.FREE, Rule.UNPRICED):
            assert why, f"{service}.{operation} is {rule}: say why in prices.json"


def test_an_operation_that_no_rule_names_is_unpriced_without_a_reason() -> None:
    assert count_of("polly", "CreateVoice") is Rule.UNPRICED
    assert reason("polly", "CreateVoice") is None
    assert reason("s3", "PutObject") == "Another service's bill."
    assert reason("polly", "ListLexicons") == "Reading what is there costs nothing."
    assert reason("polly", "SynthesizeSpeech") is None


def test_the_rules_name_operations_that_exist_and_each_in_one_way() -> None:
    for section, services in SECTIONS.items():
        there = {name for service in services for name in load(service).operations}
        rules = BOOK.rules[section]
        free = [name for names in rules["free"].values() for name in names.split()]
        assert len(free) == len(set(free))
        assert {*free, *rules["unpriced"]} <= there
        assert not set(free) & rules["unpriced"].keys()
        for service in services:
            priced = {name for name in load(service).operations if count_of(service, name) not in (Rule.FREE,)}
            assert not priced & set(free) - _of_others(section, service)


def _of_others(section: str, service: str) -> set[str]:
    return {name for other in SECTIONS[section] if other != service for name in load(other).operations}


@pytest.mark.parametrize(
    "name",
    [
        "polly.ListLexicons", "polly.DescribeVoices", "polly.PutLexicon", "polly.ListSpeechSynthesisTasks",
        "comprehend.TagResource", "comprehend.ListEndpoints", "comprehend.StopEntitiesDetectionJob",
        "transcribe.GetVocabulary", "textract.GetAdapterVersion", "textract.CreateAdapter",
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
        "comprehend.ImportModel", "polly.SynthesizeSpeech", "lexv2-runtime.RecognizeUtterance",
        "personalize-runtime.GetRecommendations", "personalize.CreateSolutionVersion", "kendra.CreateIndex",
        "frauddetector.SendEvent", "rekognition.StartLabelDetection", "s3.PutObject", "s3.GetObject",
        "comprehend.DreamOfSheep",
    ],
)  # fmt: skip
def test_what_computes_or_begins_a_bill_is_unpriced_and_not_zero(name: str) -> None:
    service, operation = name.split(".")
    assert Meter(BOOK).charge(Call(service, operation, {}), {}) == (None, None)


def test_most_operations_are_bookkeeping() -> None:
    rules = [count_of(service, name) for service, name in ALL]
    assert sum(rule is Rule.FREE for rule in rules) > 0.7 * len(rules)
    assert sum(callable(rule) for rule in rules) == len(COUNTS)


def test_an_operation_is_counted_in_one_way() -> None:
    assert not METERED & set(COUNTS)
    for service, operation in METERED:
        assert operation in load(service).operations
    for (service, _), read in READS.items():
        assert (service, read.begins) in BEGINS


@pytest.mark.parametrize("section", SECTIONS)
def test_all_that_is_billed_stands_in_the_tables(section: str) -> None:
    told = {name for name, _ in table.operations(section, BOOK)}
    billed = {name for service in SECTIONS[section] for name in load(service).operations if _is_billed(service, name)}
    assert billed <= told


def _is_billed(service: str, name: str) -> bool:
    return count_of(service, name) is Rule.UNPRICED or (service, name) in COUNTS or (service, name) in BEGINS


def test_the_tables_in_the_docs_are_the_code_s() -> None:
    page = (Path(__file__).parents[2] / "docs" / "costs.md").read_text("utf-8")
    told = table.tables(BOOK)
    assert told in page, "run python -m aiservices.money.table and put it into docs/costs.md"
    assert told.count("\n### ") == len(table.TITLES) - 1
