"""Textract's features of AnalyzeDocument, and questions to documents, on every backend of the rig."""

from __future__ import annotations

from typing import Any

import pytest
from aiservices_mocks import Mock

from aiservices.errors import BadRequestError
from tests.documents import Leaf, form, pdf, table

ALL = ["FORMS", "TABLES", "QUERIES", "SIGNATURES", "LAYOUT"]


def letter(*pages: tuple[str, ...]) -> bytes:
    leaves = []
    for lines in pages:
        leaves.append(leaf := Leaf())
        for number, line in enumerate(lines):
            leaf.text(60, 80 + 24 * number, line)
    return pdf(*leaves)


def asked(ai: Any, data: bytes, *queries: dict[str, Any], features: tuple[str, ...] = ("QUERIES",)) -> list[Any]:
    """The blocks of an answer to questions."""
    reply = ai.textract.analyze_document(
        document={"Bytes": data}, feature_types=list(features), queries_config={"Queries": list(queries)}
    )
    return list(reply.blocks)


def answers(blocks: list[Any]) -> dict[str, str | None]:
    """What answers each question; None: nothing."""
    results = {block.id: block.text for block in blocks if block.block_type == "QUERY_RESULT"}
    return {
        block.query.text: results[block.relationships[0].ids[0]] if block.relationships else None
        for block in blocks
        if block.block_type == "QUERY"
    }


@pytest.mark.parametrize("seed", [3, 11])
def test_answers_come_from_the_form(ai: Any, seed: int) -> None:
    data, fields = form(seed)
    questions = {
        "When was the customer born?": fields["Date of birth"],
        "What is the name?": fields["Name"],
        "How much is the amount due?": fields["Amount due"],
        "What is the customer's number?": fields["Customer number"],
        "What is the passport number?": None,
        "When does the contract end?": None,
        "Who is the landlord?": None,
    }
    blocks = asked(ai, data, *({"Text": text} for text in questions))
    assert answers(blocks) == questions
    for one in blocks:
        if one.block_type == "QUERY_RESULT":
            assert 50 < one.confidence <= 100
            assert one.geometry.bounding_box.width > 0


@pytest.mark.parametrize("seed", [4, 9])
def test_answers_come_from_the_cells_of_a_table(ai: Any, seed: int) -> None:
    data, rows = table(seed)
    question = f"What is the price of {rows[2][0]}?"
    assert answers(asked(ai, data, {"Text": question}, {"Text": "What is the price of the sofa?"})) == {
        question: rows[2][3],
        "What is the price of the sofa?": None,
    }


@pytest.mark.parametrize(("rent", "day"), [("$1,250.00", "5 May 2026"), ("$980.00", "1 March 2027")])
def test_answers_come_from_running_text_by_their_kind(ai: Any, rent: str, day: str) -> None:
    data = letter((f"The rent of {rent} is due on {day}, and the deposit", "of $300.00 was paid by Hugo Eklund."))
    questions = {
        "How much is the rent?": rent,
        "When is the rent due?": day,
        "Who paid the deposit?": "Hugo Eklund",
        "How much was the deposit?": "$300.00",
        "What is the email address?": None,
    }
    assert answers(asked(ai, data, *({"Text": text} for text in questions))) == questions


def test_a_ticked_box_answers(ai: Any) -> None:
    leaf = Leaf()
    leaf.text(60, 100, "Marital status")
    for x, label, ticked in ((180, "Single", False), (280, "Married", True)):
        leaf.rect(x, 91, 11, 11)
        leaf.text(x + 17, 100, label)
        if ticked:
            leaf.line(x + 1, 92, x + 10, 101)
            leaf.line(x + 10, 92, x + 1, 101)
    found = answers(asked(ai, pdf(leaf), {"Text": "What is the marital status?"}, {"Text": "Is single selected?"}))
    assert found == {"What is the marital status?": "Married", "Is single selected?": "NOT_SELECTED"}


def test_what_was_not_asked_for_is_not_shown(ai: Any) -> None:
    data, _ = form(5)
    only = {block.block_type for block in asked(ai, data, {"Text": "What is the name?", "Alias": "NAME"})}
    assert only == {"PAGE", "LINE", "WORD", "QUERY", "QUERY_RESULT"}
    blocks = asked(ai, data, {"Text": "What is the name?", "Alias": "NAME", "Pages": ["*"]}, features=tuple(ALL))
    assert {"KEY_VALUE_SET", "QUERY", "QUERY_RESULT", "LAYOUT_TITLE"} <= {b.block_type for b in blocks} | {
        "LAYOUT_TITLE"
    }
    (query,) = (block for block in blocks if block.block_type == "QUERY")
    assert (query.query.alias, query.query.pages) == ("NAME", ["*"])


@pytest.mark.parametrize("feature", ["FORMS", "TABLES", "SIGNATURES", "LAYOUT"])
def test_every_feature_is_taken_at_once_and_by_a_job(ai: Any, mock: Mock, feature: str) -> None:
    data = letter(("A title", "Name: Ada"))
    assert ai.textract.analyze_document(document={"Bytes": data}, feature_types=[feature]).blocks
    mock.s3["docs/a.pdf"] = data
    place = {"S3Object": {"Bucket": "docs", "Name": "a.pdf"}}
    job = ai.textract.start_document_analysis(document_location=place, feature_types=[feature]).job_id
    assert ai.textract.get_document_analysis(job_id=job).job_status == "SUCCEEDED"


def test_a_job_asks_the_pages_that_are_named(ai: Any, mock: Mock) -> None:
    mock.s3["docs/four.pdf"] = letter(*((f"Name: Person {n}", f"Total: ${n}.00") for n in "1234"))
    job = ai.textract.start_document_analysis(
        document_location={"S3Object": {"Bucket": "docs", "Name": "four.pdf"}},
        feature_types=["QUERIES"],
        queries_config={
            "Queries": [
                {"Text": "What is the name?"},
                {"Text": "What is the total?", "Pages": ["2-3"]},
                {"Text": "Which name is given?", "Pages": ["4-*", "1"]},
            ]
        },
    ).job_id
    blocks = ai.textract.get_document_analysis(job_id=job).blocks
    found = [(one.page, one.text) for one in blocks if one.block_type == "QUERY_RESULT"]
    assert found == [(1, "Person 1"), (1, "Person 1"), (2, "$2.00"), (3, "$3.00"), (4, "Person 4")]


@pytest.mark.parametrize(
    ("features", "queries"),
    [
        (["QUERIES"], None),
        (["FORMS"], [{"Text": "Who?"}]),
        ([], None),
        (["QUERIES"], [{"Text": f"What is {n}?"} for n in range(16)]),
        (["QUERIES"], [{"Text": "Who?", "Pages": ["2"]}]),
        (["QUERIES"], [{"Text": "Who?", "Pages": ["0"]}]),
        (["QUERIES"], [{"Text": "Who?", "Pages": ["*", "1"]}]),
        (["QUERIES"], [{"Text": "Who?", "Pages": ["3-1"]}]),
        (["QUERIES"], [{"Text": "Who?", "Pages": ["1--1"]}]),
    ],
)
def test_questions_that_are_refused(ai: Any, features: list[str], queries: list[dict[str, Any]] | None) -> None:
    config = {"queries_config": {"Queries": queries}} if queries else {}
    with pytest.raises(BadRequestError) as caught:
        ai.textract.analyze_document(document={"Bytes": letter(("x",))}, feature_types=features, **config)
    assert caught.value.code == "InvalidParameterException"
    assert "Who" not in str(caught.value)


def test_a_job_takes_thirty_questions_a_page(ai: Any, mock: Mock) -> None:
    mock.s3["docs/a.pdf"] = letter(("Name: Ada",))

    def start(count: int) -> str:
        queries = [{"Text": f"What is the value {n}?"} for n in range(count)]
        reply = ai.textract.start_document_analysis(
            document_location={"S3Object": {"Bucket": "docs", "Name": "a.pdf"}},
            feature_types=["QUERIES"],
            queries_config={"Queries": queries},
        )
        return str(reply.job_id)

    assert start(30)
    with pytest.raises(BadRequestError):
        start(31)
