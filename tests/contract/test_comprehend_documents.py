"""PDF, Word, pictures and answers of Textract at Comprehend's custom models: requests at endpoints, and jobs."""

from __future__ import annotations

import contextlib
import io
import json
import tarfile
from importlib.util import find_spec
from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.comprehend.reading import Unreadable, read
from aiservices_mocks.comprehend.reading_blocks import references
from hypothesis import given
from hypothesis import strategies as st

from aiservices.errors import BadRequestError
from tests.documents import Leaf, pdf, scan
from tests.mocks.custom_models import CLASSES, DEVICES, NAMES, ROLE, serve
from tests.mocks.worlds import ask
from tests.word import PAGE, docx

NATIVE = "INFERENCING_NATIVE_DOCUMENT_WITH_PLAINTEXT_TRAINED_MODEL"
READER = {"DocumentReadAction": "TEXTRACT_DETECT_DOCUMENT_TEXT", "DocumentReadMode": "FORCE_DOCUMENT_READ_ACTION"}
needs_ocr = pytest.mark.skipif(find_spec("rapidocr") is None, reason='needs pip install "aiservices[ocr]"')


def page(*lines: str) -> Leaf:
    leaf = Leaf()
    for number, line in enumerate(lines):
        leaf.text(60, 80 + 30 * number, line)
    return leaf


SPAM = pdf(page("claim your free prize"))
REPORT = ("Dear support,", f"My {DEVICES[1]} broke on day 7.")


@pytest.fixture(scope="module")
def served() -> Mock:
    """Trained once for all tests: each has a copy."""
    mock = Mock(seed=7)
    serve(mock)
    return mock


@pytest.fixture
def mock(served: Mock) -> Mock:
    return served.copy()


def test_entities_of_a_pdf_refer_to_its_blocks(ai: Any) -> None:
    found = ai.comprehend.detect_entities(bytes=pdf(page(*REPORT)), endpoint_arn=NAMES).raw
    (entity,) = found["Entities"]
    assert (entity["Text"], entity["Type"]) == (DEVICES[1], "DEVICE")
    assert "BeginOffset" not in entity
    blocks = {block["Id"]: block for block in found["Blocks"]}
    assert [block["Text"] for block in found["Blocks"] if block["BlockType"] == "LINE"] == list(REPORT)
    (reference,) = entity["BlockReferences"]
    line = blocks[reference["BlockId"]]
    assert line["Text"][reference["BeginOffset"] : reference["EndOffset"]] == DEVICES[1]
    words = [(blocks[child["ChildBlockId"]]["Text"], child) for child in reference["ChildBlocks"]]
    assert [word[child["BeginOffset"] : child["EndOffset"]] for word, child in words] == DEVICES[1].split()
    assert {one for relation in line["Relationships"] for one in relation["Ids"]} <= blocks.keys()
    assert 0 < line["Geometry"]["BoundingBox"]["Left"] < 1
    assert found["DocumentMetadata"] == {
        "Pages": 1,
        "ExtractedCharacters": [{"Page": 1, "Count": len("\n".join(REPORT))}],
    }
    assert (found["DocumentType"], found["Errors"]) == ([{"Page": 1, "Type": "NATIVE_PDF"}], [])


def test_an_entity_over_two_lines_refers_to_both(ai: Any) -> None:
    first, last = DEVICES[1].split()
    found = ai.comprehend.detect_entities(bytes=docx([f"My {first}", f"{last} broke on day 7."]), endpoint_arn=NAMES)
    texts = {block.id: block.text for block in found.blocks}
    told = [
        texts[reference.block_id][reference.begin_offset : reference.end_offset]
        for entity in found.entities
        for reference in entity.block_references
    ]
    assert told[0] == first


def test_entities_of_plain_text_have_offsets(ai: Any) -> None:
    text = REPORT[1]
    found = ai.comprehend.detect_entities(bytes=text.encode(), endpoint_arn=NAMES).raw
    (entity,) = found["Entities"]
    assert text[entity["BeginOffset"] : entity["EndOffset"]] == DEVICES[1]
    assert "BlockReferences" not in entity
    assert "Blocks" not in found
    assert found["DocumentType"] == [{"Page": 1, "Type": "PLAIN_TEXT"}]


def test_classes_of_a_document_have_a_page_and_a_warning(ai: Any) -> None:
    found = ai.comprehend.classify_document(bytes=SPAM, endpoint_arn=CLASSES, document_reader_config=READER)
    assert (found.classes[0].name, found.classes[0].page) == ("spam", 1)
    (warning,) = found.warnings
    assert (warning.page, warning.warn_code) == (1, NATIVE)
    plain = ai.comprehend.classify_document(bytes=b"claim your free prize", endpoint_arn=CLASSES)
    assert plain.classes[0].name == "spam"
    assert not plain.warnings


def test_word_documents_and_answers_of_textract_are_read(ai: Any) -> None:
    word = ai.comprehend.classify_document(bytes=docx(["lunch in", "the garden"]), endpoint_arn=CLASSES)
    assert (word.classes[0].name, word.document_type[0].type) == ("ham", "MS_WORD")
    answer = ai.textract.detect_document_text(document={"Bytes": SPAM}).raw
    told = {name: answer[name] for name in ("Blocks", "DocumentMetadata", "DetectDocumentTextModelVersion")}
    read = ai.comprehend.classify_document(bytes=json.dumps(told).encode(), endpoint_arn=CLASSES)
    assert (read.classes[0].name, read.document_type[0].type) == ("spam", "TEXTRACT_DETECT_DOCUMENT_TEXT_JSON")
    found = ai.comprehend.detect_entities(bytes=docx(REPORT), endpoint_arn=NAMES)
    assert [entity.text for entity in found.entities] == [DEVICES[1]]
    assert found.blocks[0].text == REPORT[0]


@needs_ocr
def test_pictures_and_scans_are_read(mock: Mock) -> None:
    slip = Leaf(width=260, height=80)
    slip.text(30, 40, "claim your free prize")
    for kind, told in (("PNG", "IMAGE"), ("JPEG", "IMAGE"), ("TIFF", "IMAGE"), ("PDF", "SCANNED_PDF")):
        data = scan(pdf(slip), kind=kind, dpi=144)
        found = ask(mock, "comprehend.ClassifyDocument", Bytes=data, EndpointArn=CLASSES)
        assert (found["Classes"][0]["Name"], found["DocumentType"]) == ("spam", [{"Page": 1, "Type": told}])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf(page("a"), page("b")), "PAGE_LIMIT_EXCEEDED"),
        (docx(["a", PAGE, "b"]), "PAGE_LIMIT_EXCEEDED"),
        (docx(["a"])[:-40], "UNSUPPORTED_DOC_TYPE"),
        (b'{"Blocks": [{}], "DocumentMetadata": {"Pages": 1}}', "UNSUPPORTED_DOC_TYPE"),
        (b'{"Blocks": [], "DocumentMetadata": {"Pages": 1}}' + b" " * 1024 * 1024, "DOCUMENT_SIZE_EXCEEDED"),
        (b"\x00\xff\x00", "UNSUPPORTED_DOC_TYPE"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused(ai: Any, data: bytes, reason: str) -> None:
    for call in (
        lambda: ai.comprehend.classify_document(bytes=data, endpoint_arn=CLASSES),
        lambda: ai.comprehend.detect_entities(bytes=data, endpoint_arn=NAMES),
    ):
        with pytest.raises(BadRequestError) as caught:
            call()
        assert caught.value.details["Reason"] == "INVALID_DOCUMENT"
        assert caught.value.details["Detail"]["Reason"] == reason


PARTS = (
    "Blocks",
    "BlockType",
    "LINE",
    "WORD",
    "Id",
    "Text",
    "Page",
    "Pages",
    "DocumentMetadata",
    "Relationships",
    "Ids",
)
JSON = st.recursive(
    st.none() | st.integers(-2, 10**9) | st.sampled_from(PARTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(PARTS), inner, max_size=5),
    max_leaves=12,
)


@given(
    st.binary(max_size=40)
    | JSON.map(lambda one: json.dumps({"Blocks": [], "DocumentMetadata": {}, "a": one}).encode()),
    st.lists(JSON, max_size=4),
    st.integers(-1, 10**9),
)
def test_whatever_is_given_is_read_or_refused(data: bytes, blocks: list[Any], pages: int) -> None:
    answer = json.dumps({"Blocks": blocks, "DocumentMetadata": {"Pages": pages}}).encode()
    for one in (data, answer, docx(["a"])[: len(data) * 9]):
        with contextlib.suppress(Unreadable):
            for page_ in read(one).pages:
                references(page_.blocks, 0, len(page_.text))


def test_a_page_with_too_many_characters_is_an_error_of_its_own(ai: Any) -> None:
    found = ai.comprehend.classify_document(bytes=docx(["claim a prize " * 800]), endpoint_arn=CLASSES)
    assert not found.classes
    assert (found.errors[0].page, found.errors[0].error_code) == (1, "PAGE_CHARACTERS_EXCEEDED")


def test_an_analysis_of_textract_needs_features(ai: Any) -> None:
    for config in (
        {"DocumentReadAction": "TEXTRACT_ANALYZE_DOCUMENT"},
        {"DocumentReadAction": "TEXTRACT_DETECT_DOCUMENT_TEXT", "FeatureTypes": ["TABLES"]},
    ):
        with pytest.raises(BadRequestError, match="FeatureTypes"):
            ai.comprehend.classify_document(bytes=SPAM, endpoint_arn=CLASSES, document_reader_config=config)
    config = {"DocumentReadAction": "TEXTRACT_ANALYZE_DOCUMENT", "FeatureTypes": ["TABLES"]}
    assert ai.comprehend.classify_document(bytes=SPAM, endpoint_arn=CLASSES, document_reader_config=config).classes


# Jobs.


def rows(mock: Mock, uri: str, name: str) -> list[dict[str, Any]]:
    """The lines that a job has written."""
    with tarfile.open(fileobj=io.BytesIO(mock.s3[uri.removeprefix("s3://")])) as tar:
        data = tar.extractfile(name).read()  # type: ignore[union-attr]  # the file is there
    return [json.loads(line) for line in data.decode("utf-8").splitlines()]


def job(config: dict[str, Any] | None = None) -> dict[str, Any]:
    where = {"S3Uri": "s3://texts/in/", "InputFormat": "ONE_DOC_PER_FILE"}
    return {
        "input_data_config": where | ({"DocumentReaderConfig": config} if config else {}),
        "output_data_config": {"S3Uri": "s3://results/"},
        "data_access_role_arn": ROLE,
    }


def model_of(ai: Any, endpoint: str) -> str:
    return str(ai.comprehend.describe_endpoint(endpoint_arn=endpoint).endpoint_properties.model_arn)


@pytest.fixture
def _files(mock: Mock) -> None:
    mock.s3.make_bucket("results")
    mock.s3["texts/in/a.pdf"] = pdf(page(*REPORT), page("lunch in the garden"))
    mock.s3["texts/in/b.docx"] = docx(["claim your prize", PAGE, f"My {DEVICES[0]} broke on day 1."])
    mock.s3["texts/in/c.txt"] = f"My {DEVICES[2]} broke on day 2."
    mock.s3["texts/in/d.pdf"] = b"%PDF-1.7 and then nothing"


@pytest.mark.usefixtures("_files")
def test_a_job_finds_entities_page_by_page(ai: Any, mock: Mock) -> None:
    begun = ai.comprehend.start_entities_detection_job(
        entity_recognizer_arn=model_of(ai, NAMES), language_code="en", **job(READER)
    )
    done = ai.comprehend.describe_entities_detection_job(job_id=begun.job_id).entities_detection_job_properties
    assert done.input_data_config.document_reader_config.document_read_mode == READER["DocumentReadMode"]
    first, second, third, fourth, plain, broken = rows(mock, done.output_data_config.s3_uri, "output")
    assert [(row["File"], row["DocumentMetadata"]["PageNumber"]) for row in (first, second, third, fourth)] == [
        ("a.pdf", 1), ("a.pdf", 2), ("b.docx", 1), ("b.docx", 2),
    ]  # fmt: skip
    assert (first["DocumentType"], fourth["DocumentType"]) == ("NativePDF", "MSWord")
    assert first["DocumentMetadata"]["Pages"] == 2
    (entity,) = first["Entities"]
    lines = {block["Id"]: block["Text"] for block in first["Blocks"]}
    (reference,) = entity["BlockReferences"]
    assert lines[reference["BlockId"]] == REPORT[1]
    assert (second["Entities"], third["Entities"]) == ([], [])
    assert [one["Text"] for one in fourth["Entities"]] == [DEVICES[0]]
    assert plain["File"] == "c.txt"
    assert (plain["Entities"][0]["Text"], plain["Entities"][0]["BeginOffset"]) == (DEVICES[2], 3)
    assert (broken["File"], broken["ErrorCode"]) == ("d.pdf", "UNSUPPORTED_DOC_TYPE")


@pytest.mark.usefixtures("_files")
def test_a_job_classifies_page_by_page(ai: Any, mock: Mock) -> None:
    begun = ai.comprehend.start_document_classification_job(
        document_classifier_arn=model_of(ai, CLASSES), **job(READER)
    )
    reply = ai.comprehend.describe_document_classification_job(job_id=begun.job_id)
    done = reply.document_classification_job_properties
    found = rows(mock, done.output_data_config.s3_uri, "predictions.jsonl")
    assert [row["File"] for row in found] == ["a.pdf", "a.pdf", "b.docx", "b.docx", "c.txt", "d.pdf"]
    assert (found[1]["Classes"][0]["Name"], found[2]["Classes"][0]["Name"]) == ("ham", "spam")
    assert found[1]["DocumentMetadata"] == {"PageNumber": 2, "Pages": 2}
    assert "DocumentMetadata" not in found[4]
    assert found[5]["ErrorCode"] == "UNSUPPORTED_DOC_TYPE"
    with pytest.raises(BadRequestError, match="FeatureTypes"):
        ai.comprehend.start_document_classification_job(
            document_classifier_arn=model_of(ai, CLASSES), **job({"DocumentReadAction": "TEXTRACT_ANALYZE_DOCUMENT"})
        )


def test_documents_of_a_job_have_their_number(ai: Any, mock: Mock) -> None:
    for number in range(501):
        mock.s3[f"texts/in/{number}.docx"] = docx(["a"])
    mock.s3.make_bucket("results")
    begun = ai.comprehend.start_document_classification_job(document_classifier_arn=model_of(ai, CLASSES), **job())
    reply = ai.comprehend.describe_document_classification_job(job_id=begun.job_id)
    done = reply.document_classification_job_properties
    assert (done.job_status, done.message) == (
        "FAILED",
        "DOCUMENT_COUNT_EXCEEDED: The input data has more than 500 documents.",
    )
