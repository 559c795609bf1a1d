"""Comprehend's jobs: what they read, what they write and where, and how they end."""

from __future__ import annotations

import csv
import io
import json
import tarfile
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock
from hypothesis import given, settings
from hypothesis import strategies as st

from aiservices import AI
from aiservices.errors import BadRequestError, ConflictError, NotFoundError, ServiceError, service_error
from tests.documents import Leaf, pdf
from tests.mocks.custom_models import DEVICES, ROLE, classifier_input, recognizer_input

ACCOUNT = "123456789012"
KINDS = {
    "sentiment": "SENTIMENT",
    "targeted_sentiment": "TS",
    "entities": "NER",
    "key_phrases": "KP",
    "dominant_language": "LANGUAGE",
    "pii_entities": "PII",
    "events": "EVENTS",
    "topics": "TOPICS",
}
FURTHER: dict[str, dict[str, Any]] = {
    "pii_entities": {"mode": "ONLY_OFFSETS"},
    "events": {"target_event_types": ["CORPORATE_ACQUISITION", "BANKRUPTCY"]},
}
NO_LANGUAGE = {"dominant_language", "topics"}
APART = {"pii_entities", "events"}
LINES = "What a wonderful day!\r\nThe worst service I ever had.\n\nJane lives in Berlin."
TEXTS = [(0, "What a wonderful day!"), (1, "The worst service I ever had."), (3, "Jane lives in Berlin.")]


def start(ai: Any, kind: str, uri: str = "s3://texts/in/", form: str | None = None, **members: Any) -> Any:
    """Begin a job of a kind; what Start answers."""
    config = {"S3Uri": uri} | ({"InputFormat": form} if form else {})
    language = {} if kind in NO_LANGUAGE else {"language_code": "en"}
    shared = {"output_data_config": {"S3Uri": "s3://results/jobs"}, "data_access_role_arn": ROLE}
    return getattr(ai.comprehend, f"start_{kind}_detection_job")(
        input_data_config=config, **{**shared, **language, **FURTHER.get(kind, {}), **members}
    )


def described(ai: Any, kind: str, job: str) -> Any:
    """The properties of a job."""
    reply = getattr(ai.comprehend, f"describe_{kind}_detection_job")(job_id=job)
    return getattr(reply, f"{kind}_detection_job_properties")


def ended(ai: Any, mock: Mock, kind: str, **how: Any) -> Any:
    """The properties of a job over these texts that has ended."""
    mock.s3.make_bucket("results")
    return described(ai, kind, start(ai, kind, **how).job_id)


def files(mock: Mock, uri: str) -> dict[str, bytes]:
    """What a job has written: the files of its archive, or those in its folder."""
    path = uri.removeprefix("s3://")
    if not path.endswith(".tar.gz"):
        return {key.removeprefix(path): mock.s3[key] for key in mock.s3 if key.startswith(path)}
    with tarfile.open(fileobj=io.BytesIO(mock.s3[path])) as tar:
        return {name: tar.extractfile(name).read() for name in tar.getnames()}  # type: ignore[union-attr]  # every name is a file


def rows(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.decode("utf-8").splitlines()]


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"))))


# What all kinds have in common.


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_has_ids_names_and_a_place_of_its_own(ai: Any, mock: Mock, kind: str) -> None:
    mock.s3["texts/in/a.txt"] = LINES
    mock.s3.make_bucket("results")
    begun = start(ai, kind, job_name="first")
    assert begun.job_status == "SUBMITTED"
    assert len(begun.job_id) == 32
    assert set(begun.job_id) <= set("0123456789abcdef")
    word = kind.replace("_", "-")
    assert begun.job_arn == f"arn:aws:comprehend:us-east-1:{ACCOUNT}:{word}-detection-job/{begun.job_id}"
    found = described(ai, kind, begun.job_id)
    assert (found.job_status, found.job_name, found.message) == ("COMPLETED", "first", None)
    assert found.end_time > found.submit_time
    folder = f"s3://results/jobs/{ACCOUNT}-{KINDS[kind]}-{begun.job_id}/output/"
    assert found.output_data_config.s3_uri == folder + ("" if kind in APART else "output.tar.gz")
    assert found.input_data_config.input_format == "ONE_DOC_PER_LINE"
    assert files(mock, found.output_data_config.s3_uri)
    with pytest.raises(NotFoundError) as caught:
        getattr(ai.comprehend, f"describe_{kind}_detection_job")(job_id="0" * 32)
    assert caught.value.code == "JobNotFoundException"


@pytest.mark.parametrize("kind", KINDS)
def test_jobs_are_listed_by_one_filter_at_a_time(ai: Any, mock: Mock, kind: str) -> None:
    mock.s3["texts/in/a.txt"] = LINES
    mock.s3.make_bucket("results")
    listing = getattr(ai.comprehend, f"list_{kind}_detection_jobs")

    def names(**members: Any) -> list[str]:
        return [job.job_name for job in getattr(listing(**members), f"{kind}_detection_job_properties_list")]

    for name in ("one", "two"):
        start(ai, kind, job_name=name)
        mock.clock.advance(hours=1)
    middle = mock.clock.now()
    start(ai, kind, job_name="three")
    assert names() == ["one", "two", "three"]
    assert names(filter={"JobName": "two"}) == ["two"]
    assert names(filter={"SubmitTimeAfter": middle.replace(year=middle.year - 1)}) == ["one", "two", "three"]
    assert names(filter={"SubmitTimeBefore": middle}) == ["one", "two"]
    assert names(filter={"JobStatus": "FAILED"}) == []
    first = listing(max_results=2)
    assert names(max_results=2, next_token=first.next_token) == ["three"]
    with pytest.raises(ServiceError) as caught:
        listing(filter={"JobName": "two", "JobStatus": "COMPLETED"})
    assert caught.value.code == "InvalidFilterException"
    with pytest.raises(BadRequestError):
        listing(next_token="other")


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_moves_with_the_clock_and_is_stopped(kind: str) -> None:
    clock = Clock.manual()
    mock = Mock(clock=clock)
    mock.s3["texts/in/a.txt"] = LINES
    mock.s3.make_bucket("results")
    with AI(backend=mock) as ai:
        job = start(ai, kind).job_id
        clock.advance(minutes=2)
        assert described(ai, kind, job).job_status == "IN_PROGRESS"
        if kind == "topics":
            return
        stopped = getattr(ai.comprehend, f"stop_{kind}_detection_job")(job_id=job)
        assert stopped.job_status == "STOP_REQUESTED"
        clock.advance(hours=1)
        assert described(ai, kind, job).job_status == "STOPPED"
        assert not [key for key in mock.s3 if key.startswith("results/")]
        done = start(ai, kind).job_id
        clock.advance(hours=1)
        assert getattr(ai.comprehend, f"stop_{kind}_detection_job")(job_id=done).job_status == "COMPLETED"
        assert described(ai, kind, done).job_status == "COMPLETED"


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_that_cannot_read_or_write_says_so(ai: Any, mock: Mock, kind: str) -> None:
    missing = ended(ai, mock, kind, uri="s3://nobody/in/")
    assert missing.job_status == "FAILED"
    assert missing.message == (
        "NO_READ_ACCESS_TO_INPUT: The provided data access role does not have proper access to the input data."
    )
    mock.s3["texts/in/a.txt"] = LINES
    nothing = ended(ai, mock, kind, uri="s3://texts/other/")
    assert nothing.job_status == "FAILED"
    assert nothing.message
    closed = described(ai, kind, start(ai, kind, output_data_config={"S3Uri": "s3://nowhere/"}).job_id)
    assert closed.job_status == "FAILED"
    assert closed.message.startswith("NO_WRITE_ACCESS_TO_OUTPUT: ")
    assert closed.end_time > closed.submit_time


def test_a_token_begins_one_job(ai: Any, mock: Mock) -> None:
    mock.s3["texts/in/a.txt"] = LINES
    first = start(ai, "sentiment", client_request_token="once")
    assert start(ai, "sentiment", client_request_token="once").job_id == first.job_id
    with pytest.raises(ServiceError, match="token was used before"):
        start(ai, "sentiment", client_request_token="once", job_name="another")


def test_tags_are_kept_on_jobs(ai: Any, mock: Mock) -> None:
    mock.s3["texts/in/a.txt"] = LINES
    arn = start(ai, "entities", tags=[{"Key": "team", "Value": "a"}]).job_arn
    ai.comprehend.tag_resource(resource_arn=arn, tags=[{"Key": "stage", "Value": "test"}])
    found = ai.comprehend.list_tags_for_resource(resource_arn=arn).tags
    assert [(tag.key, tag.value) for tag in found] == [("team", "a"), ("stage", "test")]


# What they answer.


SAME = {
    "sentiment": ("detect_sentiment", {"language_code": "en"}, ("Sentiment", "SentimentScore")),
    "entities": ("detect_entities", {"language_code": "en"}, ("Entities",)),
    "key_phrases": ("detect_key_phrases", {"language_code": "en"}, ("KeyPhrases",)),
    "dominant_language": ("detect_dominant_language", {}, ("Languages",)),
}


@pytest.mark.parametrize("kind", SAME)
def test_a_job_answers_each_line_as_the_request_does(ai: Any, mock: Mock, kind: str) -> None:
    mock.s3["texts/in/a.txt"] = LINES
    mock.s3["texts/in/more/b.txt"] = "One more.\n"
    mock.s3["texts/in/folder/"] = ""
    operation, params, members = SAME[kind]
    written = files(mock, ended(ai, mock, kind).output_data_config.s3_uri)
    assert list(written) == ["output"]
    found = rows(written["output"])
    expected = [("a.txt", line, text) for line, text in TEXTS] + [("more/b.txt", 0, "One more.")]
    assert [(row["File"], row["Line"]) for row in found] == [(file, line) for file, line, _ in expected]
    for row, (_, _, text) in zip(found, expected, strict=True):
        reply = getattr(ai.comprehend, operation)(text=text, **params).raw
        assert {name: row[name] for name in members} == {name: reply[name] for name in members}
        assert row.keys() == {*members, "File", "Line"}


@pytest.mark.parametrize("kind", SAME)
def test_a_file_can_be_a_document(ai: Any, mock: Mock, kind: str) -> None:
    mock.s3["texts/in/a.txt"] = LINES
    mock.s3["texts/in/b.txt"] = "One more.\n"
    written = files(mock, ended(ai, mock, kind, form="ONE_DOC_PER_FILE").output_data_config.s3_uri)
    found = rows(written["output"])
    assert [row["File"] for row in found] == ["a.txt", "b.txt"]
    assert all("Line" not in row for row in found)


def test_an_uri_can_name_one_file_or_begin_with_its_name(ai: Any, mock: Mock) -> None:
    mock.s3["texts/data1.txt"] = "One."
    mock.s3["texts/data2.txt"] = "Two."
    one = files(mock, ended(ai, mock, "sentiment", uri="s3://texts/data2.txt").output_data_config.s3_uri)
    assert [row["File"] for row in rows(one["output"])] == ["data2.txt"]
    both = files(mock, ended(ai, mock, "sentiment", uri="s3://texts/data").output_data_config.s3_uri)
    assert [row["File"] for row in rows(both["output"])] == ["data1.txt", "data2.txt"]


def test_documents_that_cannot_be_read_are_errors_of_their_own(ai: Any, mock: Mock) -> None:
    mock.s3["texts/in/a.txt"] = b"Good.\n" + b"x" * 5121 + b"\nBad: \xff\nNever read."
    mock.s3["texts/in/b.txt"] = "Fine."
    done = ended(ai, mock, "sentiment")
    assert done.job_status == "COMPLETED"
    first, large, broken, other = rows(files(mock, done.output_data_config.s3_uri)["output"])
    assert (first["Line"], other["File"]) == (0, "b.txt")
    assert large == {
        "File": "a.txt",
        "Line": 1,
        "ErrorCode": "DOCUMENT_SIZE_EXCEEDED",
        "ErrorMessage": "Document size exceeds maximum size limit 5120 bytes.",
    }
    assert broken == {
        "File": "a.txt",
        "Line": 2,
        "ErrorCode": "UNSUPPORTED_ENCODING",
        "ErrorMessage": "Document is not in UTF-8 format and all subsequent lines are ignored.",
    }
    whole = ended(ai, mock, "sentiment", form="ONE_DOC_PER_FILE")
    large, fine = rows(files(mock, whole.output_data_config.s3_uri)["output"])
    assert large["ErrorCode"] == "DOCUMENT_SIZE_EXCEEDED"
    assert "Sentiment" in fine


LIMITS = {
    "targeted_sentiment": (30_001, "DOCUMENT_COUNT_EXCEEDED: The input data has more than 30000 documents."),
    "events": (5_001, "DOCUMENT_COUNT_EXCEEDED: The input data has more than 5000 documents."),
}


@pytest.mark.parametrize("kind", LIMITS)
def test_a_job_takes_so_many_documents(mock: Mock, kind: str) -> None:
    lines, message = LIMITS[kind]
    mock.s3["texts/in/a.txt"] = "a\n" * lines
    with AI(backend=mock) as ai:
        failed = ended(ai, mock, kind)
    assert (failed.job_status, failed.message) == ("FAILED", message)
    assert not [key for key in mock.s3 if key.startswith("results/")]


def test_a_job_of_events_takes_so_many_bytes(mock: Mock) -> None:
    for number in range(6):
        mock.s3[f"texts/in/{number}.txt"] = b"x" * 10 * 1024 * 1024
    with AI(backend=mock) as ai:
        failed = ended(ai, mock, "events", form="ONE_DOC_PER_FILE")
    assert failed.message == "INPUT_SIZE_EXCEEDED: The input data has more than 52428800 bytes."


@pytest.mark.parametrize("kind", sorted(APART))
def test_a_job_that_cannot_write_all_writes_nothing(mock: Mock, kind: str) -> None:
    for name in ("a", "b", "c"):
        mock.s3[f"texts/in/{name}.txt"] = LINES
    mock.s3.make_bucket("results")
    put = type(mock.s3).put

    def full(self: Any, bucket: str, key: str, *rest: Any) -> None:
        if key.endswith("c.txt.out"):
            raise service_error("s3", "PutObject", "SlowDown", "no more")
        put(self, bucket, key, *rest)

    with AI(backend=mock) as ai, pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(mock.s3), "put", full)
        failed = described(ai, kind, start(ai, kind).job_id)
    assert failed.message.startswith("NO_WRITE_ACCESS_TO_OUTPUT: ")
    assert not [key for key in mock.s3 if key.startswith("results/")]


def test_targeted_sentiment_writes_a_file_for_each_of_the_input(ai: Any, mock: Mock) -> None:
    mock.s3["texts/in/a.txt"] = "Ada Lovelace was wonderful."
    mock.s3["texts/in/b.txt"] = "The soup was terrible."
    written = files(mock, ended(ai, mock, "targeted_sentiment").output_data_config.s3_uri)
    assert list(written) == ["a.txt.out", "b.txt.out"]
    (row,) = rows(written["b.txt.out"])
    assert (row["File"], row["Line"]) == ("b.txt", 0)
    mention = row["Entities"][0]["Mentions"][0]
    assert (mention["Text"], mention["MentionSentiment"]["Sentiment"]) == ("soup", "NEGATIVE")


PERSONAL = "Write to jane@example.com.\nNothing here.\nCard 4111 1111 1111 1111, mail x@example.org"


def test_personal_data_is_placed(ai: Any, mock: Mock) -> None:
    mock.s3["texts/in/a.txt"] = PERSONAL
    written = files(mock, ended(ai, mock, "pii_entities").output_data_config.s3_uri)
    assert list(written) == ["a.txt.out"]
    found = rows(written["a.txt.out"])
    assert [(row["Line"], [one["Type"] for one in row["Entities"]]) for row in found] == [
        (0, ["EMAIL"]),
        (1, []),
        (2, ["CREDIT_DEBIT_NUMBER", "EMAIL"]),
    ]
    first = found[0]["Entities"][0]
    assert PERSONAL[first["BeginOffset"] : first["EndOffset"]] == "jane@example.com"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            {"PiiEntityTypes": ["ALL"]},
            "Write to ****************.\nNothing here.\nCard *******************, mail *************\n",
        ),
        (
            {"PiiEntityTypes": ["EMAIL"], "MaskMode": "MASK", "MaskCharacter": "#"},
            "Write to ################.\nNothing here.\nCard 4111 1111 1111 1111, mail #############\n",
        ),
        (
            {"PiiEntityTypes": ["ALL"], "MaskMode": "REPLACE_WITH_PII_ENTITY_TYPE"},
            "Write to [EMAIL].\nNothing here.\nCard [CREDIT_DEBIT_NUMBER], mail [EMAIL]\n",
        ),
    ],
)
def test_personal_data_is_taken_out(ai: Any, mock: Mock, config: dict[str, Any], expected: str) -> None:
    mock.s3["texts/in/a.txt"] = PERSONAL
    done = ended(ai, mock, "pii_entities", mode="ONLY_REDACTION", redaction_config=config)
    assert done.redaction_config.pii_entity_types == config["PiiEntityTypes"]
    assert files(mock, done.output_data_config.s3_uri) == {"a.txt.out": expected.encode()}
    mock.s3["texts/gaps/c.txt"] = "\n\njane@example.com\n\nbye\n"
    gaps = ended(
        ai, mock, "pii_entities", uri="s3://texts/gaps/", mode="ONLY_REDACTION", redaction_config=config
    )  # fmt: skip
    lines = files(mock, gaps.output_data_config.s3_uri)["c.txt.out"].decode().split("\n")
    assert [lines[n] for n in (0, 1, 3, 4, 5)] == ["", "", "", "bye", ""]
    mock.s3["texts/whole/b.txt"] = PERSONAL
    whole = ended(
        ai,
        mock,
        "pii_entities",
        uri="s3://texts/whole/",
        form="ONE_DOC_PER_FILE",
        mode="ONLY_REDACTION",
        redaction_config=config,
    )
    assert files(mock, whole.output_data_config.s3_uri) == {"b.txt.out": expected.removesuffix("\n").encode()}


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("pii_entities", {"mode": "ONLY_REDACTION"}),
        ("pii_entities", {"mode": "ONLY_REDACTION", "redaction_config": {"MaskMode": "MASK"}}),
        ("pii_entities", {"redaction_config": {"PiiEntityTypes": ["ALL"]}}),
        ("pii_entities", {"language_code": "fr"}),
        ("targeted_sentiment", {"language_code": "es"}),
        ("events", {"language_code": "es"}),
        ("events", {"target_event_types": ["BIRTHDAY"]}),
        ("entities", {"entity_recognizer_arn": f"arn:aws:comprehend:us-east-1:{ACCOUNT}:entity-recognizer/none"}),
    ],
)
def test_what_cannot_be_done_is_refused_at_the_start(ai: Any, kind: str, members: dict[str, Any]) -> None:
    with pytest.raises((BadRequestError, NotFoundError)):
        start(ai, kind, **members)
    assert not getattr(getattr(ai.comprehend, f"list_{kind}_detection_jobs")(), f"{kind}_detection_job_properties_list")


def test_events_have_triggers_and_arguments(ai: Any, mock: Mock) -> None:
    text = "In 2021, Microsoft purchased Nuance for 19.7 billion dollars.\nNothing happened."
    mock.s3["texts/in/a.txt"] = text
    done = ended(ai, mock, "events")
    assert done.target_event_types == FURTHER["events"]["target_event_types"]
    first, second = rows(files(mock, done.output_data_config.s3_uri)["a.txt.out"])
    (event,) = first["Events"]
    assert (event["Type"], event["Triggers"][0]["Text"]) == ("CORPORATE_ACQUISITION", "purchased")
    roles = {a["Role"]: first["Entities"][a["EntityIndex"]]["Mentions"][0]["Text"] for a in event["Arguments"]}
    assert roles["INVESTOR"] == "Microsoft"
    assert "dollars" in roles["AMOUNT"]
    assert "2021" in roles["DATE"]
    assert (second["Events"], second["Entities"], second["Line"]) == ([], [], 1)
    other = ended(ai, mock, "events", target_event_types=["BANKRUPTCY"])
    assert rows(files(mock, other.output_data_config.s3_uri)["a.txt.out"])[0]["Events"] == []


def test_topics_are_what_texts_share(ai: Any, mock: Mock) -> None:
    cooking = [f"Boil the pasta with salt and tomato sauce, then serve plate {n}." for n in range(6)]
    sailing = [f"The boat with two sails left the harbour in strong wind {n}." for n in range(6)]
    mock.s3["texts/in/a.txt"] = "\n".join(cooking + sailing)
    done = ended(ai, mock, "topics", number_of_topics=2)
    assert done.number_of_topics == 2
    written = files(mock, done.output_data_config.s3_uri)
    assert list(written) == ["topic-terms.csv", "doc-topics.csv"]
    head, *terms = table(written["topic-terms.csv"])
    assert head == ["topic", "term", "weight"]
    words = {topic: {term for number, term, _ in terms if number == topic} for topic in ("000", "001")}
    assert {frozenset(words[topic] & {"pasta", "boat"}) for topic in words} == {
        frozenset({"pasta"}),
        frozenset({"boat"}),
    }
    head, *shares = table(written["doc-topics.csv"])
    assert head == ["docname", "topic", "proportion"]
    main = {}
    for name, topic, share in shares:
        main.setdefault(name, (topic, float(share)))
    assert list(main) == [f"a.txt:{n}" for n in range(12)]
    assert len({main[f"a.txt:{n}"][0] for n in range(6)}) == len({main[f"a.txt:{n}"][0] for n in range(6, 12)}) == 1
    assert main["a.txt:0"][0] != main["a.txt:11"][0]
    assert ended(ai, mock, "topics").number_of_topics == 10


@settings(max_examples=25)
@given(st.lists(st.binary(max_size=30) | st.text(max_size=30).map(str.encode), min_size=1, max_size=3), st.booleans())
def test_whatever_lies_in_s3_every_job_ends(parts: list[bytes], whole: bool) -> None:
    mock = Mock()
    for number, data in enumerate(parts):
        mock.s3[f"texts/in/{number}"] = data
    with AI(backend=mock) as ai:
        for kind in KINDS:
            done = ended(ai, mock, kind, form="ONE_DOC_PER_FILE" if whole else "ONE_DOC_PER_LINE")
            assert done.job_status in ("COMPLETED", "FAILED")
            assert done.job_status == "COMPLETED" or done.message


# Over models of one's own.


def classifier(ai: Any, mock: Mock, **members: Any) -> str:
    shared = {"data_access_role_arn": ROLE, "language_code": "en", "input_data_config": classifier_input(mock)}
    made = ai.comprehend.create_document_classifier(document_classifier_name="spam", **shared, **members)
    return str(made.document_classifier_arn)


def classification(ai: Any, **members: Any) -> Any:
    places = {"input_data_config": {"S3Uri": "s3://texts/in/"}, "output_data_config": {"S3Uri": "s3://results/"}}
    return ai.comprehend.start_document_classification_job(data_access_role_arn=ROLE, **{**places, **members})


def test_documents_are_classified(ai: Any, mock: Mock) -> None:
    model = classifier(ai, mock)
    mock.s3["texts/in/a.txt"] = "claim your free prize\nmeeting in the garden tomorrow\n"
    mock.s3.make_bucket("results")
    begun = classification(ai, document_classifier_arn=model)
    assert begun.document_classifier_arn == model
    job = ai.comprehend.describe_document_classification_job(job_id=begun.job_id)
    found = job.document_classification_job_properties
    assert (found.job_status, found.document_classifier_arn) == ("COMPLETED", model)
    place = f"s3://results/{ACCOUNT}-CLN-{begun.job_id}/output/output.tar.gz"
    assert found.output_data_config.s3_uri == place
    spam, ham = rows(files(mock, place)["predictions.jsonl"])
    assert [*spam] == ["File", "Line", "Classes"]
    assert (spam["File"], spam["Line"], spam["Classes"][0]["Name"]) == ("a.txt", "0", "spam")
    assert (ham["Line"], ham["Classes"][0]["Name"]) == ("1", "ham")
    listed = ai.comprehend.list_document_classification_jobs().document_classification_job_properties_list
    assert [one.job_id for one in listed] == [begun.job_id]


def test_files_of_several_types_are_classified(ai: Any, mock: Mock) -> None:
    model = classifier(ai, mock)
    leaf = Leaf()
    leaf.text(60, 80, "claim your free prize")
    mock.s3["texts/in/a.pdf"] = pdf(leaf)
    mock.s3["texts/in/b.txt"] = "meeting in the garden"
    mock.s3["texts/in/c.bin"] = b"\xff"
    mock.s3.make_bucket("results")
    config = {"S3Uri": "s3://texts/in/", "InputFormat": "ONE_DOC_PER_FILE"}
    job = classification(ai, document_classifier_arn=model, input_data_config=config).job_id
    found = ai.comprehend.describe_document_classification_job(job_id=job).document_classification_job_properties
    spam, ham, broken = rows(files(mock, found.output_data_config.s3_uri)["predictions.jsonl"])
    assert [row["File"] for row in (spam, ham, broken)] == ["a.pdf", "b.txt", "c.bin"]
    assert (spam["Classes"][0]["Name"], ham["Classes"][0]["Name"]) == ("spam", "ham")
    assert broken["ErrorCode"] == "UNSUPPORTED_DOC_TYPE"


def test_a_document_that_cannot_be_read_is_an_error_among_redacted_ones(ai: Any, mock: Mock) -> None:
    mock.s3["texts/in/a.txt"] = b"x@example.com\nBad: \xff"
    done = ended(ai, mock, "pii_entities", mode="ONLY_REDACTION", redaction_config={"PiiEntityTypes": ["ALL"]})
    first, error = files(mock, done.output_data_config.s3_uri)["a.txt.out"].decode().splitlines()
    assert first == "*" * 13
    assert json.loads(error)["ErrorCode"] == "UNSUPPORTED_ENCODING"


def test_a_model_that_is_not_trained_starts_no_job() -> None:
    mock = Mock(clock=Clock.manual())
    with AI(backend=mock) as ai:
        model = classifier(ai, mock)
        with pytest.raises(ConflictError) as caught:
            classification(ai, document_classifier_arn=model)
        assert caught.value.code == "ResourceUnavailableException"
        with pytest.raises(NotFoundError):
            classification(ai, document_classifier_arn=model + "x")
        with pytest.raises(BadRequestError):
            classification(ai)


def test_a_job_names_its_model_once(ai: Any, mock: Mock) -> None:
    model = classifier(ai, mock)
    wheel = ai.comprehend.create_flywheel(
        flywheel_name="wheel", active_model_arn=model, data_access_role_arn=ROLE, data_lake_s3_uri="s3://lake/"
    ).flywheel_arn
    assert classification(ai, flywheel_arn=wheel).document_classifier_arn == model
    with pytest.raises(BadRequestError, match="Give DocumentClassifierArn or FlywheelArn, not both"):
        classification(ai, document_classifier_arn=model, flywheel_arn=wheel)
    with pytest.raises(BadRequestError, match="is no EntityRecognizer"):
        start(ai, "entities", flywheel_arn=wheel)


def test_a_model_stays_while_a_job_uses_it() -> None:
    clock = Clock.manual()
    mock = Mock(clock=clock)
    mock.s3["texts/in/a.txt"] = LINES
    mock.s3.make_bucket("results")
    with AI(backend=mock) as ai:
        model = classifier(ai, mock)
        clock.advance(hours=2)
        classification(ai, document_classifier_arn=model)
        with pytest.raises(ConflictError) as caught:
            ai.comprehend.delete_document_classifier(document_classifier_arn=model)
        assert caught.value.code == "ResourceInUseException"
        clock.advance(hours=2)
        ai.comprehend.delete_document_classifier(document_classifier_arn=model)


def test_entities_of_ones_own_are_found(ai: Any, mock: Mock) -> None:
    model = ai.comprehend.create_entity_recognizer(
        recognizer_name="devices",
        data_access_role_arn=ROLE,
        language_code="en",
        input_data_config=recognizer_input(mock),
    ).entity_recognizer_arn
    text = f"Jeff Bezos likes the {DEVICES[1]}."
    mock.s3["texts/in/a.txt"] = text
    begun = start(ai, "entities", entity_recognizer_arn=model)
    assert begun.entity_recognizer_arn == model
    mock.s3.make_bucket("results")
    done = described(ai, "entities", begun.job_id)
    assert done.entity_recognizer_arn == model
    (row,) = rows(files(mock, done.output_data_config.s3_uri)["output"])
    (entity,) = row["Entities"]
    assert (entity["Type"], text[entity["BeginOffset"] : entity["EndOffset"]]) == ("DEVICE", DEVICES[1])
