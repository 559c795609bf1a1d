"""What is billed by the job or by time is counted once, where a call tells its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock
from hypothesis import given
from hypothesis import strategies as st

from aiservices import AI
from aiservices.call import Call, Reply
from aiservices.money import Charge, Meter, PriceBook, RunUsage
from aiservices.money.jobs import READS
from aiservices.money.staged import documents
from aiservices.money.units import hundreds

BOOK = PriceBook()
NOTHING: Charge = Charge({}, Decimal(0))
UNPRICED: Charge = Charge(None, None)
T0 = datetime(2026, 1, 1, tzinfo=UTC)


class Time:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = T0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - T0).total_seconds()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def ask(time: Time) -> Callable[..., Charge]:
    meter = Meter(BOOK, time)

    def ask(name: str, reply: Reply | None = None, **params: Any) -> Charge:
        service, operation = name.split(".")
        return meter.charge(Call(service, operation, params), reply or {})

    return ask


Ask = Callable[..., Charge]


def done(pages: int, status: str = "SUCCEEDED") -> Reply:
    return {"JobStatus": status, "DocumentMetadata": {"Pages": pages}, "ResponseMetadata": {}}


# Textract


@pytest.mark.parametrize(
    ("begins", "read", "dollars"),
    [
        ("StartDocumentTextDetection", "GetDocumentTextDetection", "0.06"),
        ("StartExpenseAnalysis", "GetExpenseAnalysis", "0.40"),
        ("StartLendingAnalysis", "GetLendingAnalysis", "2.80"),
        ("StartLendingAnalysis", "GetLendingAnalysisSummary", "2.80"),
    ],
)
def test_a_job_is_charged_at_the_read_that_first_finds_it_ended(ask: Ask, begins: str, read: str, dollars: str) -> None:
    assert ask(f"textract.{begins}", {"JobId": "a"}, DocumentLocation={}) == NOTHING
    assert ask(f"textract.{read}", {"JobStatus": "IN_PROGRESS"}, JobId="a") == NOTHING
    assert ask(f"textract.{read}", done(40), JobId="a").cost == Decimal(dollars)
    assert ask(f"textract.{read}", done(40), JobId="a", NextToken="t") == NOTHING, "its further pages"
    assert ask(f"textract.{read}", done(40), JobId="b").cost == Decimal(dollars), "begun by another process"


def test_lending_has_two_reads_and_one_price(ask: Ask) -> None:
    assert ask("textract.GetLendingAnalysisSummary", done(1), JobId="a").cost == Decimal("0.07")
    assert ask("textract.GetLendingAnalysis", done(1), JobId="a") == NOTHING


@pytest.mark.parametrize(
    ("features", "adapted", "pages", "dollars"),
    [
        (["FORMS", "TABLES"], False, 5_000, "325"),  # AWS's own example
        (["TABLES", "QUERIES"], False, 10, "0.20"),
        (["QUERIES"], True, 10, "0.25"),
        (["LAYOUT"], False, 3, "0.012"),
    ],
)
def test_an_analysis_costs_what_was_asked_for_at_its_begin(
    ask: Ask, features: list[str], adapted: bool, pages: int, dollars: str
) -> None:
    config = {"AdaptersConfig": {"Adapters": [{"AdapterId": "a", "Version": "1"}]}} if adapted else {}
    ask("textract.StartDocumentAnalysis", {"JobId": "a"}, FeatureTypes=features, **config)
    assert ask("textract.GetDocumentAnalysis", done(pages, "PARTIAL_SUCCESS"), JobId="a").cost == Decimal(dollars)


def test_an_analysis_begun_elsewhere_is_unpriced_once(ask: Ask) -> None:
    assert ask("textract.GetDocumentAnalysis", done(2), JobId="a") == UNPRICED
    assert ask("textract.GetDocumentAnalysis", done(2), JobId="a") == NOTHING


def test_what_failed_costs_nothing(ask: Ask) -> None:
    ask("textract.StartDocumentAnalysis", {"JobId": "a"}, FeatureTypes=["FORMS"])
    assert ask("textract.GetDocumentAnalysis", {"JobStatus": "FAILED"}, JobId="a") == NOTHING
    failed = {"SynthesisTask": {"TaskStatus": "failed"}}
    assert ask("polly.GetSpeechSynthesisTask", failed, TaskId="a") == NOTHING


def test_two_threads_that_read_the_same_end_count_it_once(time: Time) -> None:
    class Yielding(RunUsage):
        """Lets another thread go first, whenever it is asked whether a job was counted."""

        def once(self, job: str) -> bool:
            if not costs:
                costs.append(Decimal(-1))  # it is the other thread's turn
                costs[0] = charge()
            return super().once(job)

    def charge() -> Decimal | None:
        return meter.charge(Call("textract", "GetDocumentTextDetection", {"JobId": "a"}), done(2)).cost

    costs: list[Decimal | None] = []
    meter = Meter(BOOK, time, Yielding())
    costs.append(charge())
    assert costs == [Decimal("0.003"), 0]


# Polly


@pytest.mark.parametrize(
    ("engine", "dollars"), [(None, "0.40"), ("neural", "1.60"), ("long-form", "10"), ("generative", "3")]
)
def test_a_task_costs_its_characters_at_the_price_of_its_engine(ask: Ask, engine: str | None, dollars: str) -> None:
    task: dict[str, Any] = {"TaskId": "a", "RequestCharacters": 100_000, **({"Engine": engine} if engine else {})}
    begun = ask("polly.StartSpeechSynthesisTask", {"SynthesisTask": {**task, "TaskStatus": "scheduled"}}, Text="x")
    assert begun == NOTHING
    for status, cost in (("inProgress", "0"), ("completed", dollars), ("completed", "0")):
        reply = {"SynthesisTask": {**task, "TaskStatus": status}}
        assert ask("polly.GetSpeechSynthesisTask", reply, TaskId="a").cost == Decimal(cost)


# Comprehend's jobs


def put(ask: Ask, text: str, key: str = "aiservices/comprehend/a.txt") -> str:
    assert ask("s3.PutObject", {}, Bucket="b", Key=key, Body=text.encode()) == UNPRICED
    return f"s3://b/{key}"


def ended(status: str = "COMPLETED") -> Reply:
    return {"SomeJobProperties": {"JobStatus": status}, "ResponseMetadata": {}}


@pytest.mark.parametrize(
    ("job", "further", "dollars"),
    [
        ("SentimentDetection", {}, "6"),
        ("TargetedSentimentDetection", {}, "6"),
        ("KeyPhrasesDetection", {}, "6"),
        ("DominantLanguageDetection", {}, "6"),
        ("EntitiesDetection", {}, "6"),
        ("EntitiesDetection", {"EntityRecognizerArn": "arn"}, "30"),
        ("EntitiesDetection", {"FlywheelArn": "arn"}, "30"),
        ("PiiEntitiesDetection", {}, "6"),
        ("EventsDetection", {}, "180"),
        ("DocumentClassification", {}, "30"),
    ],
)
def test_a_job_over_documents_that_this_client_put_there(
    ask: Ask, job: str, further: dict[str, str], dollars: str
) -> None:
    where = put(ask, ("x" * 550 + "\n") * 10_000)
    config = {"S3Uri": where, "InputFormat": "ONE_DOC_PER_LINE"}
    assert ask(f"comprehend.Start{job}Job", {"JobId": "a"}, InputDataConfig=config, **further) == NOTHING
    assert ask(f"comprehend.Describe{job}Job", ended("IN_PROGRESS"), JobId="a") == NOTHING
    assert ask(f"comprehend.Describe{job}Job", ended(), JobId="a").cost == Decimal(dollars)
    assert ask(f"comprehend.Describe{job}Job", ended(), JobId="a") == NOTHING


def test_a_job_over_documents_that_nobody_here_has_seen_is_unpriced_from_the_start(ask: Ask) -> None:
    config = {"S3Uri": "s3://b/elsewhere.txt", "InputFormat": "ONE_DOC_PER_LINE"}
    assert ask("comprehend.StartSentimentDetectionJob", {"JobId": "a"}, InputDataConfig=config) == UNPRICED
    assert ask("comprehend.DescribeSentimentDetectionJob", ended(), JobId="a") == NOTHING


def test_a_job_over_documents_that_another_client_began_is_unpriced_once(ask: Ask) -> None:
    assert ask("comprehend.DescribeSentimentDetectionJob", ended("IN_PROGRESS"), JobId="a") == NOTHING
    assert ask("comprehend.DescribeSentimentDetectionJob", ended(), JobId="a") == UNPRICED
    assert ask("comprehend.DescribeSentimentDetectionJob", ended(), JobId="a") == NOTHING
    assert ask("comprehend.DescribeTopicsDetectionJob", ended(), JobId="b") == UNPRICED
    assert ask("comprehend.DescribeTopicsDetectionJob", ended("FAILED"), JobId="c") == NOTHING


@pytest.mark.parametrize(
    ("text", "format", "status"),
    [
        ("a\nb", "ONE_DOC_PER_LINE", "STOPPED"),
        ("a\n\nb", "ONE_DOC_PER_LINE", "COMPLETED"),  # does AWS bill an empty line?
        ("a\nb", None, "COMPLETED"),
    ],
)
def test_what_cannot_be_counted_is_unpriced_at_the_end(ask: Ask, text: str, format: str | None, status: str) -> None:
    config = {"S3Uri": put(ask, text), **({"InputFormat": format} if format else {})}
    ask("comprehend.StartSentimentDetectionJob", {"JobId": "a"}, InputDataConfig=config)
    assert ask("comprehend.DescribeSentimentDetectionJob", ended(status), JobId="a") == UNPRICED


@pytest.mark.parametrize(
    ("size", "dollars"), [(1, "1"), (99_999_999, "1"), (100_000_001, "1.004"), (150_000_000, "1.20")]
)
def test_topics_cost_a_flat_fee_and_then_by_the_megabyte(ask: Ask, size: int, dollars: str) -> None:
    config = {"S3Uri": put(ask, "x" * size), "InputFormat": "ONE_DOC_PER_FILE"}
    ask("comprehend.StartTopicsDetectionJob", {"JobId": "a"}, InputDataConfig=config)
    assert ask("comprehend.DescribeTopicsDetectionJob", ended(), JobId="a").cost == Decimal(dollars)


@given(st.lists(st.text(st.characters(exclude_characters="\n", codec="utf-8"), min_size=1), min_size=1))
def test_lines_count_as_documents_of_their_own(lines: list[str]) -> None:
    found = documents("\n".join(lines).removeprefix("\ufeff").encode())
    assert found is not None
    if found.lines is not None:
        assert found.lines >= 3 * len(lines)
        assert found.lines == sum(map(hundreds, "\n".join(lines).removeprefix("\ufeff").removesuffix("\n").split("\n")))
    assert found.whole <= (found.lines or found.whole) + 1
    assert documents(b"\xff\xfe\x00") is None


# Comprehend's models and endpoints


def model(status: str, seconds: float = 3_600) -> Reply:
    times = {"TrainingStartTime": T0, "TrainingEndTime": T0 + timedelta(seconds=seconds)}
    return {"DocumentClassifierProperties": {"Status": status, **(times if status != "TRAINING" else {})}}


def test_training_is_charged_by_the_second_by_who_had_it_made(ask: Ask) -> None:
    assert ask("comprehend.CreateDocumentClassifier", {"DocumentClassifierArn": "a"}) == NOTHING
    name = "comprehend.DescribeDocumentClassifier"
    assert ask(name, model("TRAINING"), DocumentClassifierArn="a") == NOTHING
    assert ask(name, model("TRAINED", 3_599.2), DocumentClassifierArn="a").cost == Decimal("2.9988")
    assert ask(name, model("TRAINED"), DocumentClassifierArn="a") == NOTHING
    assert ask(name, model("TRAINED"), DocumentClassifierArn="another's") == NOTHING


@pytest.mark.parametrize(("status", "charge"), [("IN_ERROR", NOTHING), ("STOPPED", UNPRICED)])
def test_training_that_did_not_end_well(ask: Ask, status: str, charge: Charge) -> None:
    ask("comprehend.CreateDocumentClassifier", {"DocumentClassifierArn": "a"})
    assert ask("comprehend.DescribeDocumentClassifier", model(status), DocumentClassifierArn="a") == charge


def endpoint(ask: Ask, verb: str, status: str = "IN_SERVICE", **params: Any) -> Decimal | None:
    reply = {"EndpointArn": "e"} if verb == "Create" else {"EndpointProperties": {"Status": status}}
    name = {} if verb == "Create" else {"EndpointArn": "e"}
    return ask(f"comprehend.{verb}Endpoint", reply, **name, **params).cost


def test_an_endpoint_is_charged_while_it_is_up(ask: Ask, time: Time) -> None:
    assert endpoint(ask, "Create", DesiredInferenceUnits=2) == Decimal("0.06"), "60 seconds at least"
    time.sleep(20)
    assert endpoint(ask, "Describe") == 0
    time.sleep(1_780)
    assert endpoint(ask, "Update", DesiredInferenceUnits=1) == 1_740 * 2 * Decimal("0.0005")
    time.sleep(1_800)
    assert endpoint(ask, "Delete") == 1_800 * Decimal("0.0005")
    assert endpoint(ask, "Describe") == 0, "gone, or another client's"


def test_another_client_s_endpoint(ask: Ask) -> None:
    assert endpoint(ask, "Describe") == endpoint(ask, "Delete") == 0
    assert endpoint(ask, "Update", DesiredInferenceUnits=9) is None


def test_an_endpoint_that_failed_is_no_longer_charged(ask: Ask, time: Time) -> None:
    endpoint(ask, "Create", DesiredInferenceUnits=1)
    endpoint(ask, "Describe", "FAILED")
    time.sleep(9_999)
    assert endpoint(ask, "Describe", "FAILED") == 0


@given(st.integers(1, 10), st.lists(st.floats(0, 1e5), max_size=8))
def test_how_often_an_endpoint_is_looked_at_does_not_matter(units: int, looks: list[float]) -> None:
    time = Time()
    meter = Meter(BOOK, time)

    def send(verb: str) -> Decimal:
        call = Call("comprehend", f"{verb}Endpoint", {"EndpointArn": "e", "DesiredInferenceUnits": units})
        cost = meter.charge(call, {"EndpointArn": "e", "EndpointProperties": {"Status": "IN_SERVICE"}}).cost
        assert cost is not None
        assert cost >= 0
        return cost

    total = send("Create")
    for seconds in looks:
        time.sleep(seconds)
        total += send("Describe")
    total += send("Delete")
    assert total == max(60, ceil((time.at - T0).total_seconds())) * units * Decimal("0.0005")


# All


@pytest.mark.parametrize("name", [f"{service}.{operation}" for service, operation in READS])
def test_what_has_not_awss_shape_is_unpriced(ask: Ask, name: str) -> None:
    assert ask(name) == UNPRICED
    assert ask(name, {"JobStatus": 5, "SynthesisTask": None}, JobId="a", TaskId="a") in (UNPRICED, NOTHING)


def test_what_is_remembered_is_bounded(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiservices.money.usage._MOST", 2)
    for name in "abc":
        ask("textract.StartDocumentAnalysis", {"JobId": name}, FeatureTypes=["FORMS"])
    costs = [ask("textract.GetDocumentAnalysis", done(1), JobId=name).cost for name in "cba"]
    assert costs == [Decimal("0.05"), Decimal("0.05"), None]


# Through a client


def test_a_client_counts_its_jobs() -> None:
    with AI(backend=Mock(clock=Clock.manual())) as ai:
        job = ai.polly.start("Welcome to our little shop.", engine="neural")
        assert not job.done
        assert ai.costs.would_cost == 0
        spoken = job.wait()
        job.wait()
        assert ai.costs.by_product["polly"] == 27 * Decimal("0.000016")
        assert spoken.raw[0]["ResponseMetadata"]["AIServices"]["cost"] == 27 * Decimal("0.000016")
        assert not any(name.startswith("polly") for name in ai.costs.unpriced)
