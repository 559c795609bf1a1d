"""Textract on every backend of the rig: operations, jobs, verbs, and what they refuse."""

from __future__ import annotations

import json
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.clock import Clock
from aiservices_mocks.textract.jobs import put_all
from PIL import Image

from aiservices import AI
from aiservices.errors import (
    BadRequestError,
    InvalidCallError,
    JobFailedError,
    ServiceError,
    service_error,
)
from tests.documents import Leaf, form, pdf, pdf_of, picture_pdf, table
from tests.mocks.made import invoice


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
    assert f"answers/{id}/1" not in mock.s3.keys("out")
    mock.clock.advance(minutes=1)
    assert b"to be kept" in mock.s3[f"out/answers/{id}/1"]


@pytest.mark.parametrize(
    ("gone", "reason"), [("docs/a.pdf", "INVALID_S3_OBJECT"), ("out", "The output bucket cannot be written to.")]
)
def test_a_job_fails_when_what_it_needs_goes_away(ai: Any, mock: Mock, gone: str, reason: str) -> None:
    mock.s3["docs/a.pdf"] = letter("a")
    mock.s3.make_bucket("out")
    id = ai.textract.start_document_text_detection(
        document_location={"S3Object": {"Bucket": "docs", "Name": "a.pdf"}}, output_config={"S3Bucket": "out"}
    ).job_id
    bucket, _, key = gone.partition("/")
    if key:
        mock.s3.delete(bucket, key)
    else:
        mock.s3.send("DeleteBucket", Bucket=bucket)
    found = ai.textract.get_document_text_detection(job_id=id)
    assert (found.job_status, found.status_message, found.blocks) == ("FAILED", reason, [])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"plain text", "UnsupportedDocumentException"),
        (b"%PDF-1.7 broken", "BadDocumentException"),
        (letter("one", "two"), "UnsupportedDocumentException"),
        (b"%PDF-1.7" + bytes(10 * 1024 * 1024 - 8), "BadDocumentException"),
        (letter("cut off")[:400], "BadDocumentException"),
        (pdf_of(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"), "BadDocumentException"),
        (letter("one").replace(b"/Count 1", b"/Count 7"), "UnsupportedDocumentException"),
        (picture_pdf(31_623, 31_623), "DocumentTooLargeException"),
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


def test_a_document_is_what_its_bytes_say_whatever_its_name(ai: Any, mock: Mock) -> None:
    mock.s3["docs/letter.png"] = letter("Dear all")
    mock.s3["docs/animation.pdf"] = b"GIF89a" + bytes(40)
    places = [{"S3Object": {"Bucket": "docs", "Name": name}} for name in ("letter.png", "animation.pdf")]
    assert texts(ai.textract.detect_document_text(document=places[0]).blocks, "LINE") == ["Dear all"]
    for call in (
        lambda: ai.textract.detect_document_text(document=places[1]),
        lambda: ai.textract.start_document_text_detection(document_location=places[1]),
    ):
        with pytest.raises(BadRequestError) as caught:
            call()
        assert code_of(caught) == "UnsupportedDocumentException"


def test_a_job_with_nothing_but_a_gigantic_picture_fails(ai: Any, mock: Mock) -> None:
    mock.s3["docs/bomb.pdf"] = picture_pdf(31_623, 31_623)
    location = {"S3Object": {"Bucket": "docs", "Name": "bomb.pdf"}}
    id = ai.textract.start_document_text_detection(document_location=location).job_id
    found = ai.textract.get_document_text_detection(job_id=id)
    assert (found.job_status, found.status_message) == ("FAILED", "BAD_DOCUMENT")


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


# Expenses, identity documents, papers for loans


def begin(ai: Any, mock: Mock, kind: str, data: bytes, **settings: Any) -> str:
    mock.s3["docs/in.pdf"] = data
    start = getattr(ai.textract, f"start_{kind}_analysis")
    return str(start(document_location={"S3Object": {"Bucket": "docs", "Name": "in.pdf"}}, **settings).job_id)


def written(*lines: str) -> Leaf:
    leaf = Leaf()
    for number, line in enumerate(lines):
        leaf.text(60, 60 + 24 * number, line)
    return leaf


def test_an_invoice_is_told_by_its_labels_and_its_table(ai: Any) -> None:
    reply = ai.textract.analyze_expense(document={"Bytes": invoice()})
    assert reply.document_metadata.pages == 1
    found = reply.expense_documents[0]
    fields = {one.type.text: one for one in found.summary_fields}
    assert {kind: one.value_detection.text for kind, one in fields.items()} == {
        "INVOICE_RECEIPT_ID": "4711",
        "INVOICE_RECEIPT_DATE": "2026-01-05",
        "OTHER": "blue",
        "TOTAL": "$120.00",
        "VENDOR_NAME": "ACME Corp",
    }
    assert (fields["TOTAL"].currency.code, fields["TOTAL"].label_detection.text) == ("USD", "Total:")
    items = found.line_item_groups[0].line_items
    assert [[(one.type.text, one.value_detection.text) for one in item.line_item_expense_fields] for item in items] == [
        [("ITEM", "Blue chair"), ("QUANTITY", "2"), ("PRICE", "$20.00"), ("EXPENSE_ROW", "Blue chair 2 $20.00")],
        [("ITEM", "Table"), ("QUANTITY", "1"), ("PRICE", "$80.00"), ("EXPENSE_ROW", "Table 1 $80.00")],
    ]
    assert "Total: $120.00" in texts(found.blocks, "LINE")


def test_every_invoice_has_its_own_total(ai: Any) -> None:
    for number, total in (("17", "$5.00"), ("18", "$60.50")):
        data = pdf(written("Invoice", f"Invoice Number: {number}", f"Total: {total}"))
        (found,) = ai.textract.analyze_expense(document={"Bytes": data}).expense_documents
        told = {one.type.text: one.value_detection.text for one in found.summary_fields}
        assert told == {"INVOICE_RECEIPT_ID": number, "TOTAL": total}


def test_every_passport_has_its_own_holder(ai: Any) -> None:
    for first, last, born in (("MARIA", "SILVA", "1980-04-21"), ("HUGO", "EKLUND", "1975-12-03")):
        year, month, day = born.split("-")
        card = written("PASSPORT", f"Surname: {last}", f"Given Names: {first}", f"Date of Birth: {month}/{day}/{year}")
        (found,) = ai.textract.analyze_id(document_pages=[{"Bytes": pdf(card)}]).identity_documents
        told = {one.type.text: one.value_detection for one in found.identity_document_fields}
        assert (told["FIRST_NAME"].text, told["LAST_NAME"].text) == (first, last)
        assert told["DATE_OF_BIRTH"].normalized_value.value == f"{born}T00:00:00"


def test_an_identity_document_tells_every_kind_of_field(ai: Any) -> None:
    card = written(
        "PASSPORT", "Surname: SILVA", "Given Names: MARIA", "Date of Birth: 04/21/1980", "P<UTOSILVA<<MARIA<<<"
    )
    reply = ai.textract.analyze_id(document_pages=[{"Bytes": pdf(card)}, {"Bytes": letter("nothing here")}])
    assert reply.document_metadata.pages == 2
    first, second = reply.identity_documents
    found = {one.type.text: one.value_detection for one in first.identity_document_fields}
    assert (found["FIRST_NAME"].text, found["LAST_NAME"].text, found["CLASS"].text) == ("MARIA", "SILVA", "")
    assert found["DATE_OF_BIRTH"].normalized_value.value == "1980-04-21T00:00:00"
    assert found["MRZ_CODE"].text == "P<UTOSILVA<<MARIA<<<"
    assert {one.value_detection.text for one in second.identity_document_fields} == {""}
    assert len(second.identity_document_fields) == 21


@pytest.mark.parametrize("operation", ["analyze_expense", "analyze_id"])
def test_what_cannot_be_read_is_refused_as_everywhere(ai: Any, operation: str) -> None:
    def ask(document: dict[str, Any]) -> None:
        given = {"document": document} if operation == "analyze_expense" else {"document_pages": [document]}
        getattr(ai.textract, operation)(**given)

    for document, code in (
        ({"Bytes": b"plain text"}, "UnsupportedDocumentException"),
        ({"Bytes": letter("one", "two")}, "UnsupportedDocumentException"),
        ({"S3Object": {"Bucket": "docs", "Name": "nothing.pdf"}}, "InvalidS3ObjectException"),
        ({}, "InvalidParameterException"),
    ):
        with pytest.raises(BadRequestError) as caught:
            ask(document)
        assert code_of(caught) == code


def test_a_job_reads_an_invoice_on_every_page(ai: Any, mock: Mock) -> None:
    data = pdf(*(written(f"Invoice Number: {n}", f"Total: ${n}.00") for n in range(1, 4)))
    mock.s3["out/.keep"] = b""
    id = begin(ai, mock, "expense", data, output_config={"S3Bucket": "out"})
    first = ai.textract.get_expense_analysis(job_id=id, max_results=2)
    assert (first.job_status, first.document_metadata.pages) == ("SUCCEEDED", 3)
    rest = ai.textract.get_expense_analysis(job_id=id, max_results=2, next_token=first.next_token)
    documents = [*first.expense_documents, *rest.expense_documents]
    assert [one.expense_index for one in documents] == [1, 2, 3]
    assert [one.summary_fields[0].value_detection.text for one in documents] == ["1", "2", "3"]
    assert [one.summary_fields[0].page_number for one in documents] == [1, 2, 3]
    body = json.loads(mock.s3[f"out/textract_output/{id}/1"])
    assert (body["JobStatus"], len(body["ExpenseDocuments"])) == ("SUCCEEDED", 3)
    with pytest.raises(BadRequestError) as caught:
        ai.textract.get_lending_analysis(job_id=id)
    assert code_of(caught) == "InvalidJobIdException"


def test_a_bundle_for_a_loan_is_sorted(ai: Any, mock: Mock) -> None:
    mock.s3["out/.keep"] = b""
    pages = (
        written("Pay Stub", "Employee Name: Maria Silva"),
        written("Pay Stub", "Net Pay: $100.00"),
        written("Invoice", "Total: $5.00"),
        written("A letter"),
    )
    id = begin(ai, mock, "lending", pdf(*pages), output_config={"S3Bucket": "out", "S3Prefix": "loans"})
    reply = ai.textract.get_lending_analysis(job_id=id)
    kinds = [one.page_classification.page_type[0].value for one in reply.results]
    assert kinds == ["PAYSLIPS", "PAYSLIPS", "INVOICES", "UNCLASSIFIED"]
    field = reply.results[0].extractions[0].lending_document.lending_fields[0]
    assert (field.type, field.value_detections[0].text) == ("EMPLOYEE_NAME", "Maria Silva")
    assert reply.results[2].extractions[0].expense_document.summary_fields[0].type.text == "TOTAL"
    summary = ai.textract.get_lending_analysis_summary(job_id=id).summary
    assert [(one.type, one.split_documents[0].pages) for one in summary.document_groups] == [
        ("PAYSLIPS", [1, 2]),
        ("INVOICES", [3]),
        ("UNCLASSIFIED", [4]),
    ]
    assert "PAYSLIPS" not in summary.undetected_document_types
    assert "BANK_STATEMENT" in summary.undetected_document_types
    assert len(json.loads(mock.s3[f"out/loans/{id}/detailedResponse/1"])["Results"]) == 4
    written_summary = json.loads(mock.s3[f"out/loans/{id}/summaryResponse/1"])["Summary"]
    assert [one["Type"] for one in written_summary["DocumentGroups"]] == kinds[1:]


def test_every_bundle_is_sorted_by_itself(ai: Any, mock: Mock) -> None:
    for lines, kind, field, value in (
        (("Pay Stub", "Employee Name: Maria Silva"), "PAYSLIPS", "EMPLOYEE_NAME", "Maria Silva"),
        (("Bank Statement", "Account Number: 4711"), "BANK_STATEMENT", "ACCOUNT_NUMBER", "4711"),
    ):
        id = begin(ai, mock, "lending", pdf(written(*lines)))
        (result,) = ai.textract.get_lending_analysis(job_id=id).results
        assert result.page_classification.page_type[0].value == kind
        told = result.extractions[0].lending_document.lending_fields
        assert {one.type: one.value_detections[0].text for one in told} == {field: value}
        summary = ai.textract.get_lending_analysis_summary(job_id=id).summary
        assert [one.type for one in summary.document_groups] == [kind]
        assert kind not in summary.undetected_document_types


@pytest.mark.parametrize("kind", ["expense", "lending"])
def test_other_jobs_take_their_time_too(kind: str) -> None:
    mock = Mock(clock=Clock.manual())
    with AI(backend=mock) as ai:
        id = begin(ai, mock, kind, letter("one"), client_request_token="once")
        assert begin(ai, mock, kind, letter("one"), client_request_token="once") == id
        read = getattr(ai.textract, f"get_{kind}_analysis")
        assert read(job_id=id).job_status == "IN_PROGRESS"
        mock.clock.advance(minutes=1)
        assert read(job_id=id).job_status == "SUCCEEDED"


def test_a_job_keeps_what_it_is_told(ai: Any, mock: Mock) -> None:
    mock.s3["docs/a.pdf"] = letter("kept")
    channel = {"SNSTopicArn": "arn:aws:sns:us-east-1:123456789012:done", "RoleArn": "arn:aws:iam::123456789012:role/r"}
    id = ai.textract.start_document_analysis(
        document_location={"S3Object": {"Bucket": "docs", "Name": "a.pdf"}},
        feature_types=["LAYOUT"],
        job_tag="batch-7",
        notification_channel=channel,
        client_request_token="once",
    ).job_id
    kept = mock.world.store.table("textract", "DocumentAnalysis")
    (record,) = (one for one in kept.values() if one["members"]["JobId"] == id)
    assert record["members"]["JobTag"] == "batch-7"
    assert record["members"]["NotificationChannel"] == channel


def test_pages_that_cannot_be_read_are_warned_of(ai: Any, mock: Mock) -> None:
    """The second picture of a TIFF is larger than Textract takes; the others are read."""
    pytest.importorskip("rapidocr")
    sizes = ((300, 200), (10_500, 20), (300, 200))
    pictures = [Image.new("L", size, 255) for size in sizes]
    out = BytesIO()
    pictures[0].save(out, "TIFF", save_all=True, append_images=pictures[1:])
    mock.s3["docs/three.tiff"] = out.getvalue()
    id = ai.textract.start_document_text_detection(
        document_location={"S3Object": {"Bucket": "docs", "Name": "three.tiff"}}
    ).job_id
    found = ai.textract.get_document_text_detection(job_id=id)
    assert (found.job_status, found.document_metadata.pages) == ("PARTIAL_SUCCESS", 3)
    assert [warning.pages for warning in found.warnings] == [[2]]
    assert [block.page for block in found.blocks if block.block_type == "PAGE"] == [1, 3]


class _Full:
    """An S3 that takes two files."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, bucket: str, key: str, data: bytes, _: str) -> None:
        if len(self.files) == 2:
            raise service_error("s3", "PutObject", "SlowDown", "Reduce your request rate.", status=503)
        self.files[key] = data

    def delete(self, bucket: str, key: str) -> None:
        del self.files[key]


def test_what_cannot_be_written_whole_is_not_written() -> None:
    s3: Any = _Full()
    with pytest.raises(ServiceError):
        put_all(s3, "out", {"a": b"1", "b": b"2", "c": b"3"})
    assert s3.files == {}
    put_all(s3, "out", {"a": b"1", "b": b"2"})
    assert s3.files == {"a": b"1", "b": b"2"}
