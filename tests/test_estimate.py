"""What would be spent, and that it is what is spent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas
import pytest
from aiservices_mocks import Mock

from aiservices import AI, AsyncAI
from aiservices.errors import InvalidCallError
from aiservices.money import PriceBook, Tier
from tests.documents import Leaf, pdf

EXAMPLES = Path(__file__).parents[1] / "examples" / "data"
REVIEWS = [f"Review number {number} is a fine text about soup." for number in range(60)]
LONG = "A sentence of some length is spoken here. " * 80


def pages(count: int) -> bytes:
    leaves = []
    for number in range(count):
        leaf = Leaf()
        leaf.text(60, 60, f"Page {number}")
        leaves.append(leaf)
    return pdf(*leaves)


SPENT: dict[str, Callable[[AI], tuple[Any, ...]]] = {
    "an operation": lambda ai: (ai.comprehend.detect_sentiment, {"text": "x" * 777, "language_code": "en"}),
    "many texts": lambda ai: (ai.comprehend.sentiment, REVIEWS),
    "texts in unknown languages": lambda ai: (ai.comprehend.entities, REVIEWS, None),
    "a long text": lambda ai: (ai.comprehend.key_phrases, LONG),
    "a batch of segments": lambda ai: (ai.comprehend.toxicity, REVIEWS),
    "one by one": lambda ai: (ai.comprehend.pii, REVIEWS[:3]),
    "topics": lambda ai: (ai.comprehend.topics, REVIEWS),
    "a job over texts": lambda ai: (ai.comprehend.start, "sentiment", REVIEWS),
    "speech": lambda ai: (ai.polly.speak, "Hello there."),
    "long speech": lambda ai: (ai.polly.speak, LONG),
    "speech by SSML": lambda ai: (ai.polly.speak, "<speak>Hello <break time='1s'/>there &amp; you.</speak>"),
    "speech with marks": lambda ai: (ai.polly.speak, "Hello there.", {"marks": ("word",), "engine": "neural"}),
    "a task of speech": lambda ai: (ai.polly.start, LONG),
    "a page": lambda ai: (ai.textract.read, EXAMPLES / "invoice.pdf"),
    "features": lambda ai: (ai.textract.analyze, EXAMPLES / "invoice.pdf", ["FORMS", "TABLES", "LAYOUT"]),
    "questions": lambda ai: (ai.textract.ask, EXAMPLES / "invoice.pdf", [f"What is number {n}?" for n in range(20)]),
    "seven pages": lambda ai: (ai.textract.read, pages(7)),
    "seven pages with features": lambda ai: (ai.textract.analyze, pages(7), ["FORMS", "TABLES"]),
    "invoices": lambda ai: (ai.textract.expense, [pages(1), pages(3)]),
    "an identity": lambda ai: (ai.textract.identity, pages(1), pages(1)),
    "papers for a loan": lambda ai: (ai.textract.lending, pages(2)),
    "a translation": lambda ai: (
        ai.translate.translate_text,
        {"text": "Good morning", "source_language_code": "en", "target_language_code": "de"},
    ),
    "what is free": lambda ai: (ai.comprehend.list_endpoints,),
}


@pytest.mark.parametrize("what", SPENT)
def test_the_estimate_is_what_is_spent(what: str) -> None:
    mock = Mock()
    ai = AI(backend=mock)
    verb, *given = SPENT[what](ai)
    named = given.pop() if given and isinstance(given[-1], dict) else {}
    told = ai.estimate(verb, *given, **named)
    assert len(mock.calls()) == 0
    result = verb(*given, **named)
    if hasattr(result, "wait"):
        result.wait()
    assert told.dollars == told.low == told.high == ai.costs.would_cost
    assert not told.unpriced
    assert (told.dollars > 0) == (what != "what is free")
    sent = {line.operation: line.calls for line in ai.costs.lines}
    assert {name: sent[name] for name in told.calls if ".Start" not in name and name in sent}.items() <= sent.items()
    assert all(
        told.calls[name] == count for name, count in sent.items() if name.startswith(("polly.S", "comprehend.B"))
    )


def test_a_column_of_a_frame() -> None:
    ai = AI(backend=Mock())
    frame = pandas.DataFrame({"text": REVIEWS})
    told = ai.estimate(ai.comprehend.sentiment, frame, "text")
    assert told.units == {"comprehend.nlp_standard": Decimal(180)}


def test_a_folder(tmp_path: Path) -> None:
    for number in range(1, 4):
        (tmp_path / f"{number}.pdf").write_bytes(pages(number))
    ai = AI(backend=Mock())
    told = ai.estimate(ai.textract.read, tmp_path)
    assert (told.dollars, told.units) == (Decimal("0.009"), {"textract.detect_text": 6})


def test_what_only_aws_knows_has_bounds() -> None:
    ai = AI(backend=Mock())
    told = ai.estimate(ai.textract.start, "s3://bucket/scan.pdf", ["FORMS"])
    assert (told.dollars, told.low, told.high) == (None, Decimal("0.05"), Decimal(150))
    assert str(told).startswith("$0.05 to $150")
    one = ai.estimate(ai.textract.start, "s3://bucket/scan.png", ["FORMS"])
    assert one.dollars == Decimal("0.05")


def test_what_nothing_bounds_says_so() -> None:
    ai = AI(backend=Mock())
    told = ai.estimate(
        ai.comprehend.create_document_classifier,
        document_classifier_name="tickets",
        data_access_role_arn="arn:aws:iam::123456789012:role/r",
        input_data_config={"S3Uri": "s3://bucket/train.csv"},
        language_code="en",
    )
    assert (told.dollars, told.high) == (None, None)


def test_what_runs_on_is_told_by_the_hour() -> None:
    ai = AI(backend=Mock())
    told = ai.estimate(
        ai.comprehend.create_endpoint,
        endpoint_name="tickets",
        model_arn="arn:aws:comprehend:us-east-1:123456789012:document-classifier/tickets",
        desired_inference_units=2,
    )
    assert told.an_hour == Decimal("3.6")  # 2 x 0.0005 a second: https://aws.amazon.com/comprehend/pricing/
    assert "an hour" in str(told)
    assert "an hour" in told._repr_html_()


def test_a_price_that_nobody_knows_is_named_and_in_no_amount() -> None:
    ai = AI(backend=Mock())
    told = ai.estimate(
        ai.codeguru.profiler.post_agent_profile,
        profiling_group_name="g", agent_profile=b"x", content_type="application/json",
    )  # fmt: skip
    assert told.unpriced == {"codeguruprofiler.PostAgentProfile": 1}
    assert told.dollars == 0
    assert "PostAgentProfile" in str(told)


def test_prices_of_yours_count() -> None:
    row = replace(PriceBook()["comprehend.nlp_standard"], tiers=(Tier(None, Decimal("0.00005")),))
    half = PriceBook().with_rows(row)
    ai = AI(backend=Mock(), prices=half)
    assert ai.estimate(ai.comprehend.sentiment, "x").dollars == Decimal("0.00015")


def test_wrong_arguments_raise_as_the_verb_does() -> None:
    ai = AI(backend=Mock())
    with pytest.raises(InvalidCallError, match="features"):
        ai.estimate(ai.textract.analyze, EXAMPLES / "invoice.pdf", ["FROMS"])
    with pytest.raises(InvalidCallError, match="no verb"):
        ai.estimate(len, "text")


def test_async_estimates_without_awaiting() -> None:
    ai = AsyncAI(backend=Mock())
    assert ai.estimate(ai.comprehend.sentiment, REVIEWS).dollars == Decimal("0.018")
