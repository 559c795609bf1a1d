"""Textract's verbs on every backend of the rig: ask, expense, identity, lending, their jobs, and what they refuse."""

from __future__ import annotations

import pickle
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiservices_mocks import Mock
from aiservices_mocks.clock import Clock
from PIL import Image

from aiservices import AI
from aiservices.errors import BadRequestError, DeadlineExceededError, InvalidCallError
from aiservices.services.textract.document import Document
from aiservices.services.textract.expense import Expense
from aiservices.services.textract.lending import Lending
from tests.documents import Leaf, form, pdf, scan


@pytest.fixture(autouse=True)
def _staging(mock: Mock) -> None:
    mock.s3.make_bucket("staging")


def written(*lines: str) -> Leaf:
    leaf = Leaf()
    for number, line in enumerate(lines):
        leaf.text(60, 60 + 24 * number, line)
    return leaf


def letter(name: str, town: str) -> Leaf:
    return written("Registration", f"Name: {name}", f"Town: {town}")


def bill(number: int, total: str) -> Leaf:
    return written("Invoice", f"Invoice Number: {number}", f"Total: {total}")


def card(first: str, last: str, born: str) -> Leaf:
    return written("PASSPORT", f"Surname: {last}", f"Given Names: {first}", f"Date of Birth: {born}")


# Questions


@pytest.mark.parametrize(("name", "town"), [("Ada Eklund", "Lund"), ("Bruno Keller", "Basel")])
def test_a_question_is_answered_from_the_document(ai: Any, name: str, town: str) -> None:
    data = pdf(letter(name, town))
    answer = ai.textract.ask(data, "What is the name?")
    assert (answer.text, answer.question, answer.page) == (name, "What is the name?", 1)
    assert 0 < answer.confidence <= 1
    answers = ai.textract.ask(data, {"who": "What is the name?", "where": "What is the town?"})
    assert answers.to_dict() == {"who": name, "where": town}
    assert ai.textract.ask(data, ["What is the town?"])["What is the town?"].text == town


def test_what_the_document_does_not_say_has_no_answer(ai: Any) -> None:
    answer = ai.textract.ask(pdf(written("A short letter")), "What is the policy number?")
    assert (answer.text, answer.confidence, answer.box) == ("", None, None)


def test_questions_to_several_pages_go_to_all_of_them(ai: Any, mock: Mock) -> None:
    data = pdf(written("A cover"), letter("Ada Eklund", "Lund"))
    answer = ai.textract.ask(data, "What is the name?")
    assert (answer.text, answer.page) == ("Ada Eklund", 2)
    mock.calls("textract.StartDocumentAnalysis", QueriesConfig=lambda c: c["Queries"][0]["Pages"] == ["*"]).times(1)


def test_questions_to_many_documents(ai: Any) -> None:
    many = ai.textract.ask(
        [pdf(letter("Ada Eklund", "Lund")), b"", pdf(letter("Bruno Keller", "Basel"))], "What is the name?"
    )
    assert {i: one.text for i, one in many.done.items()} == {0: "Ada Eklund", 2: "Bruno Keller"}
    assert list(many.failed) == [1]
    assert many.to_dicts()[0]["answer"] == "Ada Eklund"


def fields(count: int) -> Leaf:
    leaf = Leaf()
    for number in range(count):
        leaf.text(60 + 250 * (number % 2), 60 + 24 * (number // 2), f"Item {number:02d}: value{number:02d}")
    return leaf


def test_more_questions_than_a_request_takes_are_several_requests(ai: Any, mock: Mock) -> None:
    questions = {f"q{number}": f"What is item {number:02d}?" for number in range(34)}
    answers = ai.textract.ask(pdf(fields(34)), questions)
    assert answers.to_dict() == {f"q{number}": f"value{number:02d}" for number in range(34)}
    mock.calls("textract.AnalyzeDocument").times(3)
    answers = ai.textract.ask(pdf(fields(34), written("the end")), questions)
    assert answers.to_dict() == {f"q{number}": f"value{number:02d}" for number in range(34)}
    mock.calls("textract.StartDocumentAnalysis").times(2)


def test_the_requests_for_more_questions_ask_for_nothing_else(ai: Any, mock: Mock) -> None:
    questions = [f"What is item {number:02d}?" for number in range(16)]
    document = ai.textract.analyze(pdf(fields(16)), ["FORMS"], queries=questions)
    assert len(document.forms) == 16
    assert len(document.answers) == 16
    assert document.answers["What is item 15?"].text == "value15"
    mock.calls("textract.AnalyzeDocument", FeatureTypes=["FORMS", "QUERIES"]).times(1)
    mock.calls("textract.AnalyzeDocument", FeatureTypes=["QUERIES"]).times(1)
    assert len({block["Id"] for block in document.raw["Blocks"]}) == len(document.raw["Blocks"])


def test_a_question_asked_twice_is_asked_once(ai: Any, mock: Mock) -> None:
    assert len(ai.textract.ask(pdf(letter("Ada", "Lund")), ["What is the name?"] * 20)) == 1
    mock.calls("textract.AnalyzeDocument").times(1)


def test_awss_own_queries_are_taken(ai: Any, mock: Mock) -> None:
    data = pdf(letter("Ada Eklund", "Lund"), letter("Bruno Keller", "Basel"))
    answers = ai.textract.ask(data, [{"Text": "What is the name?", "Alias": "who", "Pages": ["2"]}])
    assert answers["who"].text == "Bruno Keller"


def test_adapters_go_with_the_questions(mock: Mock) -> None:
    seen: list[Any] = []
    mock.on("textract.AnalyzeDocument", AdaptersConfig=lambda given: not seen.append(given)).returns({"Blocks": []})
    with AI(backend=mock) as ai:
        answer = ai.textract.ask(pdf(letter("Ada", "Lund")), "What is the name?", adapters={"0123456789ab": "1"})
    assert seen == [{"Adapters": [{"AdapterId": "0123456789ab", "Version": "1"}]}]
    assert (answer.question, answer.text, answer.confidence) == ("What is the name?", "", None)


@pytest.mark.parametrize(
    ("queries", "message"),
    [
        (None, "queries is empty"),
        ([], "queries is empty"),
        ({}, "queries is empty"),
        (7, "not a int"),
        (b"What?", "not a bytes"),
        ([""], "query 1: its Text is empty"),
        (["What?", None], "query 2: its Text is a NoneType"),
        ({"": "What?"}, "its Alias is empty"),
        ({3: "What?"}, "its Alias is a int"),
    ],
)
def test_what_is_no_question(ai: Any, mock: Mock, queries: Any, message: str) -> None:
    with pytest.raises(InvalidCallError, match=message):
        ai.textract.ask(b"data", queries)
    mock.calls().times(0)


def test_features_and_adapters_that_do_not_fit(ai: Any, mock: Mock) -> None:
    data = pdf(letter("Ada", "Lund"))
    for call, message in (
        (lambda: ai.textract.analyze(data, ["FORM"]), 'did you mean "FORMS"'),
        (lambda: ai.textract.analyze(data, "tables"), 'did you mean "TABLES"'),
        (lambda: ai.textract.start(data, ["LAYOUTS"]), 'did you mean "LAYOUT"'),
        (lambda: ai.textract.analyze(data, [3]), "3 is none of"),
        (lambda: ai.textract.analyze(data, [["FORMS"]]), "is none of"),
        (lambda: ai.textract.analyze(data, []), "features is empty"),
        (lambda: ai.textract.analyze(data, ["QUERIES"]), "need questions"),
        (lambda: ai.textract.analyze(data, adapters={"a": "1"}), "need questions"),
        (lambda: ai.textract.ask(data, "What?", adapters=["a"]), "id -> version"),
        (lambda: ai.textract.start(data, queries=[f"What {n}?" for n in range(31)]), "31 queries: a job takes 30"),
    ):
        with pytest.raises(InvalidCallError, match=message):
            call()
    mock.calls().times(0)


# Invoices and receipts


@pytest.mark.parametrize(("number", "total"), [(17, "$1,005.00"), (18, "$60.50")])
def test_an_invoice(ai: Any, number: int, total: str) -> None:
    found = ai.textract.expense(pdf(bill(number, total)))
    assert (found.number, found.total) == (str(number), Decimal(total.strip("$").replace(",", "")))
    assert found.currency == "USD"
    assert f"Total: {total}" in found.document.text


def test_several_pages_of_invoices_are_read_by_a_job(ai: Any, mock: Mock) -> None:
    found = ai.textract.expense(pdf(*(bill(number, f"${number}.00") for number in range(1, 26))))
    assert [one.total for one in found.documents] == [Decimal(f"{number}.00") for number in range(1, 26)]
    mock.calls("textract.StartExpenseAnalysis").times(1)
    mock.calls("textract.AnalyzeExpense").times(0)
    mock.calls("textract.GetExpenseAnalysis").times(2)


def test_many_receipts_in_a_folder(ai: Any, tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.pdf").write_bytes(pdf(bill(number, f"${number}.00")))
    (tmp_path / "notes.txt").write_text("no document")
    (tmp_path / "sub.pdf").mkdir()
    many = ai.textract.expense(tmp_path)
    assert [one.total for one in many] == [Decimal("1.00"), Decimal("2.00")]
    assert many.to_dicts()[1]["number"] == "2"
    pytest.importorskip("pandas")
    assert many.to_pandas()["number"].to_dict() == {"1.pdf": "1", "2.pdf": "2"}


# Identity documents


@pytest.mark.parametrize(
    ("first", "last", "born"), [("MARIA", "SILVA", "04/21/1980"), ("HUGO", "EKLUND", "12/03/1975")]
)
def test_an_identity_document(ai: Any, first: str, last: str, born: str) -> None:
    found = ai.textract.identity(pdf(card(first, last, born)))
    assert (found["FIRST_NAME"], found["LAST_NAME"]) == (first, last)
    month, day, year = map(int, born.split("/"))
    assert [found.dates["DATE_OF_BIRTH"].timetuple()[:3]] == [(year, month, day)]
    assert "MRZ_CODE" not in found.fields


def test_front_and_back_are_one_document(ai: Any, mock: Mock) -> None:
    front, back = pdf(written("DRIVER LICENSE", "First Name: MARIA")), pdf(written("DRIVER LICENSE", "Class: B"))
    found = ai.textract.identity(front, back)
    assert (found["FIRST_NAME"], found["CLASS"]) == ("MARIA", "B")
    mock.calls("textract.AnalyzeID", DocumentPages=lambda pages: len(pages) == 2).times(1)
    mock.s3["cards/front.pdf"] = front
    many = ai.textract.identity([(front, back), "s3://cards/front.pdf", (), (front, back, back)])
    assert [one["FIRST_NAME"] for one in many.done.values()] == ["MARIA", "MARIA"]
    assert "0 sides" in str(many.failed[2])
    assert "3 sides" in str(many.failed[3])
    with pytest.raises(InvalidCallError, match="give tuples"):
        ai.textract.identity([front], back)


# Papers for a loan


def test_papers_for_a_loan(ai: Any, mock: Mock) -> None:
    data = pdf(written("Pay Stub", "Employee Name: Maria Silva"), bill(5, "$5.00"))
    found = ai.textract.lending(data)
    first, second = found.pages
    assert first.fields["EMPLOYEE_NAME"] == ["Maria Silva"]
    assert second.expense.total == Decimal("5.00")
    assert found.documents == {"PAYSLIPS": [[1]], "INVOICES": [[2]]}
    mock.calls("textract.GetLendingAnalysisSummary").times(1)


# Jobs


def test_every_kind_of_job_is_found_by_its_id(ai: Any) -> None:
    data = pdf(letter("Ada Eklund", "Lund"), bill(5, "$5.00"))
    started = [
        (ai.textract.start(data), Document),
        (ai.textract.start(data, ["FORMS"], queries="What is the name?"), Document),
        (ai.textract.start_expense(data), Expense),
        (ai.textract.start_lending(data), Lending),
    ]
    for job, kind in started:
        again = ai.textract.job(job.id)
        assert again.what == job.what
        assert isinstance(again.wait(), kind)
        assert again.wait().to_dict() == job.wait().to_dict()
    assert started[1][0].wait().answers["What is the name?"].text == "Ada Eklund"
    with pytest.raises(InvalidCallError, match="knows no job"):
        ai.textract.job("0" * 64)


def test_progress_is_told_of_every_verb(ai: Any) -> None:
    data = pdf(letter("Ada", "Lund"), bill(1, "$1.00"))
    for verb, more in (("read", ()), ("ask", ("What is the name?",)), ("expense", ()), ("lending", ())):
        told: list[Any] = []
        getattr(ai.textract, verb)(data, *more, progress=told.append)
        assert told[-1].status == "SUCCEEDED"
    told = []
    ai.textract.identity([pdf(card("A", "B", "01/02/1990"))] * 2, progress=told.append)
    assert [one.percent for one in told] == [50, 100]


def test_the_time_for_several_jobs_is_one_time() -> None:
    mock = Mock(clock=Clock.manual())
    first, second = "a" * 64, "b" * 64
    mock.on("textract.StartDocumentAnalysis").returns_each([{"JobId": first}, {"JobId": second}])
    running = {"JobStatus": "IN_PROGRESS"}
    done = {"JobStatus": "SUCCEEDED", "DocumentMetadata": {"Pages": 2}, "Blocks": []}
    mock.on("textract.GetDocumentAnalysis", JobId=first).returns(running, times=3).returns(done)
    mock.on("textract.GetDocumentAnalysis", JobId=second).returns(running)
    with AI(backend=mock) as ai:
        begin = mock.clock.monotonic()
        with pytest.raises(DeadlineExceededError):
            ai.textract.ask(pdf(fields(34), written("end")), [f"What is item {n:02d}?" for n in range(34)], timeout=8)
        assert 4 < mock.clock.monotonic() - begin <= 8


# Sources


def test_every_verb_takes_every_kind_of_source(ai: Any, mock: Mock, tmp_path: Path) -> None:
    data = pdf(bill(7, "$7.00"))
    path = tmp_path / "bill.pdf"
    path.write_bytes(data)
    mock.s3["docs/bill.pdf"] = data
    for source in (data, bytearray(data), path, str(path), BytesIO(data), "s3://docs/bill.pdf"):
        assert ai.textract.expense(source).number == "7"
    for source in (path, "s3://docs/bill.pdf"):
        assert ai.textract.ask(source, "What is the total?").text == "$7.00"
        assert ai.textract.lending(source).pages[0].kind == "INVOICES"
        assert ai.textract.identity(source).document.lines


def test_the_documents_of_a_series_keep_its_index(ai: Any, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    (tmp_path / "bill.pdf").write_bytes(pdf(bill(7, "$7.00")))
    frame = pandas.DataFrame({"file": [tmp_path / "bill.pdf", tmp_path / "none.pdf"]}, index=["may", "june"])
    many = ai.textract.expense(frame["file"])
    assert many.to_pandas().loc["may", "number"] == "7"
    assert "no file" in many.to_pandas().loc["june", "error"]
    assert all(name in many._repr_html_() for name in ("<th>may</th>", "<th>june</th>"))
    with pytest.raises(InvalidCallError, match="give the column"):
        ai.textract.expense(frame)
    with pytest.raises(InvalidCallError, match="fromarray"):
        ai.textract.read(np.zeros((4, 4, 3), np.uint8))


def test_a_pil_image_is_a_source(mock: Mock) -> None:
    mock.on("textract.AnalyzeExpense", Document=lambda d: d["Bytes"].startswith(b"\x89PNG")).returns(
        {"ExpenseDocuments": []}
    )
    mock.on("textract.AnalyzeID").returns({"IdentityDocuments": []})
    with AI(backend=mock) as ai:
        assert ai.textract.expense(Image.new("RGB", (30, 20))).fields == []
        assert ai.textract.identity(Image.new("CMYK", (30, 20)), Image.new("L", (9, 9))).fields == {}


def test_nothing_and_no_documents(ai: Any, mock: Mock, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no document")
    for verb, more in (("read", ()), ("ask", ("What?",)), ("expense", ()), ("identity", ()), ("lending", ())):
        call = getattr(ai.textract, verb)
        for source, message in (
            (tmp_path, r"has no \.jpeg"),
            (tmp_path / "missing.pdf", "no file"),
            (b"", "empty"),
            ("", "is a folder"),
            (None, "NoneType is no file"),
            (3.5, "float is no file"),
            ("s3://bucket", "names no object"),
            (Image.new("L", (0, 5)), "no pixels"),
        ):
            with pytest.raises(InvalidCallError, match=message):
                call(source, *more)
        assert len(call([], *more)) == 0
    mock.calls().times(0)


def test_a_single_page_that_the_service_refuses_is_no_job(ai: Any, mock: Mock) -> None:
    with pytest.raises(BadRequestError):
        ai.textract.expense(b"plain text")
    mock.calls("textract.StartExpenseAnalysis").times(0)


def test_a_document_in_s3_can_be_made_searchable(mock: Mock) -> None:
    mock.s3["docs/form.pdf"] = form(3)[0]
    with AI(backend=mock) as ai:
        document = ai.textract.read("s3://docs/form.pdf")
        mock.calls("s3.GetObject").times(0)
        assert document.to_searchable_pdf() == form(3)[0]
        assert document.overlay().size == (918, 1188)
        mock.calls("s3.GetObject").times(1)
        again = pickle.loads(pickle.dumps(ai.textract.read("s3://docs/form.pdf")))
    assert again.text == document.text
    with pytest.raises(InvalidCallError, match="source="):
        again.to_searchable_pdf()


def test_a_scan_of_several_pages_becomes_searchable(ai: Any) -> None:
    pytest.importorskip("rapidocr")
    pypdfium2 = pytest.importorskip("pypdfium2")
    images = [Image.open(BytesIO(scan(pdf(letter(name, "Lund")), dpi=100))) for name in ("Ada", "Bruno")]
    out = BytesIO()
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:])
    document = ai.textract.read(out.getvalue())
    made = pypdfium2.PdfDocument(document.to_searchable_pdf())
    assert [page.get_textpage().get_text_range().split() for page in made] == [p.text.split() for p in document.pages]
    assert "Bruno" in document.pages[1].text
    made.close()
