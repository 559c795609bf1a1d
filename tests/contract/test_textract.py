"""Textract on every backend of the rig: operations, jobs, verbs, and what they refuse."""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.clock import Clock
from PIL import Image

from aiservices import AI
from aiservices.errors import (
    BadRequestError,
    InvalidCallError,
    JobFailedError,
    NotMockedError,
    ServiceError,
)
from tests.documents import Leaf, form, pdf, table


@pytest.fixture(autouse=True)
def _staging(mock: Mock) -> None:
    mock.s3.make_bucket("staging")


def letter(*texts: str) -> bytes:
    leaves = []
    for text in texts:
        leaf = Leaf()
        leaf.text(60, 80, text)
        leaves.append(leaf)
    return pdf(*leaves)


def texts(blocks: list[Any], kind: str) -> list[str]:
    return [block.text for block in blocks if block.block_type == kind]


def code_of(error: pytest.ExceptionInfo[ServiceError]) -> str:
    return error.value.code


@pytest.mark.parametrize("text", ["Dear Ada, thank you.", "Invoice 2024-17 of 3 May"])
def test_words_and_lines_follow_the_document(ai: Any, text: str) -> None:
    reply = ai.textract.detect_document_text(document={"Bytes": letter(text)})
    assert reply.document_metadata.pages == 1
    assert [block.block_type for block in reply.blocks][:2] == ["PAGE", "LINE"]
    assert texts(reply.blocks, "LINE") == [text]
    assert texts(reply.blocks, "WORD") == text.split()
    line = next(block for block in reply.blocks if block.block_type == "LINE")
    words = [block.id for block in reply.blocks if block.block_type == "WORD"]
    assert [(one.type, one.ids) for one in line.relationships] == [("CHILD", words)]
    box = line.geometry.bounding_box
    assert box.left == pytest.approx(60 / 612, abs=0.005)
    assert box.top + box.height == pytest.approx(80 / 792, abs=0.006)
    assert len(line.geometry.polygon) == 4


def test_every_block_is_named_once_and_every_name_is_a_block(ai: Any) -> None:
    reply = ai.textract.analyze_document(document={"Bytes": table(3)[0]}, feature_types=["TABLES", "FORMS"])
    ids = [block.id for block in reply.blocks]
    assert len(set(ids)) == len(ids)
    named = [id for block in reply.blocks for one in block.relationships for id in one.ids]
    assert set(named) <= set(ids)
    cells = [block for block in reply.blocks if block.block_type == "CELL"]
    assert (cells[0].row_index, cells[0].column_index, cells[0].row_span) == (1, 1, 1)
    assert cells[0].entity_types == ["COLUMN_HEADER"]


def test_a_form_and_a_table(ai: Any) -> None:
    data, expected = form(31)
    assert ai.textract.analyze(data).forms == expected
    data, rows = table(32)
    found = ai.textract.analyze(data, ["TABLES"])
    assert [one.rows for one in found.tables] == [rows]
    assert found.forms == {}


def test_a_document_of_several_pages_is_read_by_a_job(ai: Any, mock: Mock) -> None:
    found = ai.textract.read(letter("The first page", "The second page", "The third"))
    assert [page.text for page in found.pages] == ["The first page", "The second page", "The third"]
    assert [word.page for word in found.words] == [1, 1, 1, 2, 2, 2, 3, 3]
    mock.calls("textract.StartDocumentTextDetection").times(1)
    mock.calls("textract.DetectDocumentText").times(0)


def test_a_long_job_is_read_page_by_page_of_the_answer(ai: Any, mock: Mock) -> None:
    leaves = []
    for page in range(6):
        leaves.append(leaf := Leaf())
        for line in range(40):
            leaf.text(60, 60 + 16 * line, f"page {page} line {line} of many words")
    found = ai.textract.read(pdf(*leaves))
    assert len(found.words) == 6 * 40 * 7
    assert len(found.raw["Blocks"]) == 6 * (1 + 40 + 280)
    mock.calls("textract.GetDocumentTextDetection").times(2)


def test_pages_of_a_job_are_bounded_by_max_results(ai: Any, mock: Mock) -> None:
    mock.s3["docs/letter.pdf"] = letter("one two three", "four five six")
    place = {"S3Object": {"Bucket": "docs", "Name": "letter.pdf"}}
    id = ai.textract.start_document_analysis(document_location=place, feature_types=["FORMS"]).job_id
    assert len(id) == 64
    seen: list[str] = []
    token = None
    while True:
        reply = ai.textract.get_document_analysis(job_id=id, max_results=3, next_token=token)
        assert reply.job_status == "SUCCEEDED"
        assert reply.document_metadata.pages == 2
        assert len(reply.blocks) <= 3
        seen += texts(reply.blocks, "WORD")
        token = reply.next_token
        if token is None:
            break
    assert seen == ["one", "two", "three", "four", "five", "six"]
    with pytest.raises(BadRequestError) as caught:
        ai.textract.get_document_analysis(job_id=id, next_token="not-a-token")
    assert code_of(caught) == "InvalidParameterException"
    with pytest.raises(BadRequestError) as caught:
        ai.textract.get_document_text_detection(job_id=id)
    assert code_of(caught) == "InvalidJobIdException"


def test_a_client_token_begins_one_job(ai: Any, mock: Mock) -> None:
    mock.s3["docs/a.pdf"] = letter("a")
    mock.s3["docs/b.pdf"] = letter("b")

    def start(name: str) -> str:
        return str(
            ai.textract.start_document_text_detection(
                document_location={"S3Object": {"Bucket": "docs", "Name": name}}, client_request_token="once"
            ).job_id
        )

    assert start("a.pdf") == start("a.pdf")
    with pytest.raises(ServiceError) as caught:
        start("b.pdf")
    assert code_of(caught) == "IdempotentParameterMismatchException"


def test_results_are_written_where_the_request_says(ai: Any, mock: Mock) -> None:
    mock.s3["docs/a.pdf"] = letter("to be kept")
    mock.s3["out/.keep"] = b""
    id = ai.textract.start_document_text_detection(
        document_location={"S3Object": {"Bucket": "docs", "Name": "a.pdf"}},
        output_config={"S3Bucket": "out", "S3Prefix": "answers"},
    ).job_id
    assert b"to be kept" in mock.s3[f"out/answers/{id}/1"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"plain text", "UnsupportedDocumentException"),
        (b"%PDF-1.7 broken", "BadDocumentException"),
        (letter("one", "two"), "UnsupportedDocumentException"),
        (b"%PDF-1.7" + bytes(10 * 1024 * 1024 - 8), "BadDocumentException"),
    ],
)
def test_what_a_single_call_refuses(ai: Any, data: bytes, code: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        ai.textract.detect_document_text(document={"Bytes": data})
    assert code_of(caught) == code
    assert len(str(caught.value)) < 300


def test_objects_that_are_missing_or_too_large(ai: Any, mock: Mock) -> None:
    mock.s3["docs/large.pdf"] = letter("x") + bytes(10 * 1024 * 1024)
    for name, code in (("nothing.pdf", "InvalidS3ObjectException"), ("large.pdf", "DocumentTooLargeException")):
        with pytest.raises(BadRequestError) as caught:
            ai.textract.detect_document_text(document={"S3Object": {"Bucket": "docs", "Name": name}})
        assert code_of(caught) == code
    with pytest.raises(BadRequestError) as caught:
        ai.textract.detect_document_text(document={})
    assert code_of(caught) == "InvalidParameterException"


@pytest.mark.parametrize("feature", ["QUERIES", "LAYOUT", "SIGNATURES"])
def test_features_without_an_engine_are_refused_by_name(mock: Mock, feature: str) -> None:
    with AI(backend=mock) as ai, pytest.raises(NotMockedError, match=feature):
        ai.textract.analyze_document(document={"Bytes": letter("x")}, feature_types=["FORMS", feature])


def test_an_object_in_s3_of_several_pages(ai: Any, mock: Mock) -> None:
    mock.s3["docs/two.pdf"] = letter("first", "second")
    assert ai.textract.read("s3://docs/two.pdf").text == "first\n\nsecond"
    mock.s3["docs/one.pdf"] = letter("only")
    assert ai.textract.read("s3://docs/one.pdf").text == "only"


def test_every_kind_of_source(ai: Any, tmp_path: Path) -> None:
    data = letter("the same words")
    path = tmp_path / "letter.pdf"
    path.write_bytes(data)
    for source in (data, bytearray(data), path, str(path), BytesIO(data)):
        assert ai.textract.read(source).text == "the same words"
    with path.open("rb") as file:
        assert ai.textract.read(file).text == "the same words"
    with pytest.raises(InvalidCallError, match="no file"):
        ai.textract.read(tmp_path / "nothing.pdf")
    with pytest.raises(InvalidCallError, match="empty"):
        ai.textract.read(b"")
    with pytest.raises(InvalidCallError, match="binary"):
        ai.textract.read(StringIO("text"))


def test_many_documents_and_the_failed_ones_again(ai: Any, mock: Mock, tmp_path: Path) -> None:
    for name, text in (("a.pdf", "first"), ("b.pdf", "second"), ("c.pdf", "third")):
        (tmp_path / name).write_bytes(letter(text))
    (tmp_path / "notes.txt").write_text("not a document")
    mock.on("textract.DetectDocumentText", Document=lambda d: d["Bytes"] == letter("second")).fails(
        "InvalidParameterException", times=1
    )
    many = ai.textract.read(tmp_path)
    assert {i: one.text for i, one in many.done.items()} == {0: "first", 2: "third"}
    assert list(many.failed) == [1]
    with pytest.raises(BadRequestError):
        many[1]
    again = many.retry_failed()
    assert [one.text for one in again] == ["first", "second", "third"]
    assert again.failed == {}
    mock.calls("textract.DetectDocumentText").times(4)


def test_what_is_no_document_is_said(ai: Any, mock: Mock, tmp_path: Path) -> None:
    with pytest.raises(InvalidCallError, match="dict is no file"):
        ai.textract.read({"Bytes": letter("x")})
    with pytest.raises(InvalidCallError, match="is a folder"):
        ai.textract.start(tmp_path)
    with pytest.raises(InvalidCallError, match="no pixels"):
        ai.textract.read(Image.new("RGB", (0, 0)))
    for features in (None, 3):
        with pytest.raises(InvalidCallError, match="features is a list"):
            ai.textract.analyze(letter("x"), features)
        with pytest.raises(InvalidCallError, match="features is a list"):
            ai.textract.start(letter("x"), features)
    with pytest.raises(InvalidCallError, match=r"of [\d,]+ characters") as caught:
        ai.textract.read(letter("Maria Silva").decode("latin-1"))
    assert "PDF" not in str(caught.value)
    mock.calls().times(0)


def test_many_documents_tell_how_many_are_read(ai: Any) -> None:
    told: list[Any] = []
    ai.textract.read([letter("one"), b"", letter("two", "pages")], progress=told.append)
    assert [round(one.percent) for one in told] == [33, 67, 100]
    assert told[-1].status == "COMPLETED"


def test_a_pil_image_goes_as_png(mock: Mock) -> None:
    seen: list[bytes] = []
    mock.on("textract.DetectDocumentText", Document=lambda d: not seen.append(d["Bytes"])).returns({"Blocks": []})
    with AI(backend=mock) as ai:
        ai.textract.read(Image.new("RGB", (30, 20)))
    assert seen[0].startswith(b"\x89PNG")


def test_jobs_run_as_long_as_the_clock_says() -> None:
    mock = Mock(clock=Clock.manual())
    with AI(backend=mock) as ai:
        job = ai.textract.start(letter("one", "two"), ["TABLES"])
        assert job.status == "IN_PROGRESS"
        assert not job.done
        mock.clock.advance(minutes=1)
        assert job.status == "SUCCEEDED"
        assert job.wait().text == "one\n\ntwo"
        seconds: list[float] = []
        other = ai.textract.start(letter("three"))
        assert other.wait(progress=lambda p: seconds.append(p.seconds)).text == "three"
        assert len(seconds) > 1


def test_a_job_that_fails_says_so(mock: Mock) -> None:
    mock.on("textract.GetDocumentTextDetection").returns({"JobStatus": "FAILED", "StatusMessage": "BAD_DOCUMENT"})
    with AI(backend=mock) as ai, pytest.raises(JobFailedError, match="BAD_DOCUMENT"):
        ai.textract.read(letter("one", "two"))


def test_ids_follow_from_the_seed_and_the_document() -> None:
    def ids(seed: int, text: str) -> list[str]:
        reply = AI(backend=Mock(seed=seed)).textract.detect_document_text(document={"Bytes": letter(text)})
        return [block.id for block in reply.blocks]

    assert ids(1, "word") == ids(1, "word")
    assert not set(ids(1, "word")) & set(ids(2, "word"))
    assert not set(ids(1, "word")) & set(ids(1, "words"))


def test_a_changed_answer_does_not_change_the_job(mock: Mock) -> None:
    mock.s3["docs/a.pdf"] = letter("untouched")
    with AI(backend=mock) as ai:
        place = {"S3Object": {"Bucket": "docs", "Name": "a.pdf"}}
        id = ai.textract.start_document_text_detection(document_location=place).job_id
        ai.textract.get_document_text_detection(job_id=id).raw["Blocks"][1]["Text"] = "changed"
        assert texts(ai.textract.get_document_text_detection(job_id=id).blocks, "LINE") == ["untouched"]


def test_many_documents_at_once_do_not_mix(mock: Mock) -> None:
    with AI(backend=mock) as ai:
        many = ai.textract.read([letter(f"document {i}", f"its second page {i}") for i in range(24)])
        assert [one.text for one in many] == [f"document {i}\n\nits second page {i}" for i in range(24)]
