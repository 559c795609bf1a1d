"""Jobs over data sets and code: training, imports, syncs, translations, reviews."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from aiservices.call import Call, Reply
from aiservices.money import Charge, Meter, PriceBook

BOOK = PriceBook()
NOTHING = Charge({}, Decimal(0))
UNPRICED = Charge(None, None)
T0 = datetime(2026, 1, 1, tzinfo=UTC)

Ask = Callable[..., Charge]


@pytest.fixture
def ask() -> Ask:
    meter = Meter(BOOK)

    def ask(name: str, reply: Reply | None = None, **params: Any) -> Charge:
        service, operation = name.split(".")
        return meter.charge(Call(service, operation, params), reply or {})

    return ask


# Rekognition: 1 dollar an hour of training, 5 for moderation


def versions(*told: dict[str, Any]) -> Reply:
    return {"ProjectVersionDescriptions": list(told)}


def test_custom_labels_are_charged_what_the_description_bills(ask: Ask) -> None:
    assert ask("rekognition.CreateProjectVersion", {"ProjectVersionArn": "a"}, ProjectArn="p") == NOTHING
    name = "rekognition.DescribeProjectVersions"
    assert ask(name, versions({"ProjectVersionArn": "a", "Status": "TRAINING_IN_PROGRESS"}), ProjectArn="p") == NOTHING
    trained = {"ProjectVersionArn": "a", "Status": "TRAINING_COMPLETED", "BillableTrainingTimeInSeconds": 5_400}
    others = {"ProjectVersionArn": "b", "Status": "RUNNING", "BillableTrainingTimeInSeconds": 9_999}
    assert ask(name, versions(others, trained), ProjectArn="p").units == {"rekognition.custom_labels_training": 90}
    assert ask(name, versions(others, trained), ProjectArn="p") == NOTHING


def test_training_for_moderation_has_its_price_also_when_the_model_runs_already(ask: Ask) -> None:
    ask("rekognition.CreateProjectVersion", {"ProjectVersionArn": "a"}, ProjectArn="p")
    told = {
        "ProjectVersionArn": "a", "Status": "RUNNING", "Feature": "CONTENT_MODERATION", "BillableTrainingTimeInSeconds": 60,
    }  # fmt: skip
    found = ask("rekognition.DescribeProjectVersions", versions(told), ProjectArn="p")
    assert found.cost == Decimal("0.08333333")


def test_a_copy_was_not_trained_here(ask: Ask) -> None:
    ask("rekognition.CreateProjectVersion", {"ProjectVersionArn": "a"}, ProjectArn="p")
    told = versions({"ProjectVersionArn": "a", "Status": "STOPPED"})
    assert ask("rekognition.DescribeProjectVersions", told, ProjectArn="p") == NOTHING


def test_training_that_failed_costs_nothing(ask: Ask) -> None:
    ask("rekognition.CreateProjectVersion", {"ProjectVersionArn": "a"}, ProjectArn="p")
    failed = versions({"ProjectVersionArn": "a", "Status": "TRAINING_FAILED"})
    assert ask("rekognition.DescribeProjectVersions", failed, ProjectArn="p") == NOTHING


# Personalize


def solution_version(status: str, recipe: str = "aws-user-personalization", **told: Any) -> Reply:
    return {
        "solutionVersion": {
            "solutionVersionArn": "v", "status": status, "recipeArn": f"arn:aws:personalize:::recipe/{recipe}", **told,
        }
    }  # fmt: skip


def test_training_hours_are_charged_as_they_are_told(ask: Ask) -> None:
    assert ask("personalize.CreateSolutionVersion", {"solutionVersionArn": "v"}, solutionArn="s") == NOTHING
    name = "personalize.DescribeSolutionVersion"
    assert ask(name, solution_version("CREATE IN_PROGRESS"), solutionVersionArn="v") == NOTHING
    ended = solution_version("ACTIVE", trainingHours=2.5)
    assert ask(name, ended, solutionVersionArn="v").cost == Decimal("0.6"), "2.5 x 0.24"
    assert ask(name, ended, solutionVersionArn="v") == NOTHING
    assert ask(name, ended, solutionVersionArn="another's") == NOTHING


@pytest.mark.parametrize(
    ("ended", "charge"),
    [
        (solution_version("ACTIVE", "aws-user-personalization-v2", trainingHours=2.5), UNPRICED),
        (solution_version("CREATE STOPPED", trainingHours=1), UNPRICED),
        (solution_version("CREATE FAILED"), NOTHING),
    ],
)
def test_training_of_another_kind(ask: Ask, ended: Reply, charge: Charge) -> None:
    ask("personalize.CreateSolutionVersion", {"solutionVersionArn": "v"}, solutionArn="s")
    assert ask("personalize.DescribeSolutionVersion", ended, solutionVersionArn="v") == charge


def test_an_import_costs_the_file_that_this_client_put_there(ask: Ask) -> None:
    ask("s3.PutObject", {}, Bucket="b", Key="aiservices/personalize/a.csv", Body=b"x" * 2_000_000)
    source = {"dataLocation": "s3://b/aiservices/personalize/a.csv"}
    assert ask("personalize.CreateDatasetImportJob", {"datasetImportJobArn": "j"}, dataSource=source) == NOTHING
    ended = {"datasetImportJob": {"status": "ACTIVE", "dataSource": source}}
    found = ask("personalize.DescribeDatasetImportJob", ended, datasetImportJobArn="j")
    assert found.cost == Decimal("0.0001"), "0.002 GB x 0.05"
    elsewhere = {"dataLocation": "s3://b/elsewhere.csv"}
    assert ask("personalize.CreateDatasetImportJob", {"datasetImportJobArn": "k"}, dataSource=elsewhere) == UNPRICED
    assert ask("personalize.DescribeDatasetImportJob", ended, datasetImportJobArn="k") == NOTHING


# Forecast


def test_an_import_of_forecast_tells_its_gigabytes(ask: Ask) -> None:
    assert ask("forecast.CreateDatasetImportJob", {"DatasetImportJobArn": "j"}) == NOTHING
    ended = {"Status": "ACTIVE", "DataSize": 2.5}
    assert ask("forecast.DescribeDatasetImportJob", ended, DatasetImportJobArn="j").cost == Decimal("0.22"), (
        "2.5 x 0.088"
    )
    assert ask("forecast.DescribeDatasetImportJob", ended, DatasetImportJobArn="j") == NOTHING


def test_an_import_of_forecast_that_was_stopped_is_unpriced(ask: Ask) -> None:
    ask("forecast.CreateDatasetImportJob", {"DatasetImportJobArn": "j"})
    assert ask("forecast.DescribeDatasetImportJob", {"Status": "CREATE_STOPPED"}, DatasetImportJobArn="j") == UNPRICED


# Kendra


def run(status: str, hours: float = 2) -> Reply:
    times = {"StartTime": T0, "EndTime": T0 + timedelta(hours=hours)}
    return {"History": [{"ExecutionId": "e", "Status": status, **times, "Metrics": {"DocumentsScanned": "500000"}}]}


def test_a_sync_costs_its_documents_and_its_time(ask: Ask) -> None:
    ask("kendra.DescribeIndex", {"Id": "i", "Edition": "DEVELOPER_EDITION", "Status": "ACTIVE"}, Id="i")
    assert ask("kendra.StartDataSourceSyncJob", {"ExecutionId": "e"}, Id="d", IndexId="i") == NOTHING
    name = "kendra.ListDataSourceSyncJobs"
    assert ask(name, run("SYNCING"), Id="d", IndexId="i") == NOTHING
    assert ask(name, run("SUCCEEDED"), Id="d", IndexId="i").cost == Decimal("1.2"), "500,000 x 0.000001 + 2 x 0.35"
    assert ask(name, run("SUCCEEDED"), Id="d", IndexId="i") == NOTHING


@pytest.mark.parametrize(("status", "charge"), [("ABORTED", UNPRICED), ("INCOMPLETE", UNPRICED), ("FAILED", NOTHING)])
def test_a_sync_that_did_not_end_well(ask: Ask, status: str, charge: Charge) -> None:
    ask("kendra.CreateIndex", {"Id": "i"}, Edition="ENTERPRISE_EDITION")
    ask("kendra.StartDataSourceSyncJob", {"ExecutionId": "e"}, Id="d", IndexId="i")
    assert ask("kendra.ListDataSourceSyncJobs", run(status), Id="d", IndexId="i") == charge


def test_a_sync_of_a_genai_index_or_of_an_unknown_one_is_unpriced_from_the_start(ask: Ask) -> None:
    ask("kendra.CreateIndex", {"Id": "g"}, Edition="GEN_AI_ENTERPRISE_EDITION")
    for index in ("g", "unknown"):
        assert ask("kendra.StartDataSourceSyncJob", {"ExecutionId": index}, Id="d", IndexId=index) == UNPRICED
    assert ask("kendra.ListDataSourceSyncJobs", run("SUCCEEDED"), Id="d", IndexId="g") == NOTHING


# Translate


def put(ask: Ask, name: str, body: bytes) -> None:
    ask("s3.PutObject", {}, Bucket="b", Key=f"aiservices/translate/job/{name}", Body=body)


FOLDER = {"S3Uri": "s3://b/aiservices/translate/job/", "ContentType": "text/plain"}


def translation(documents: int = 2, languages: int = 1, status: str = "COMPLETED", **told: Any) -> Reply:
    return {
        "TextTranslationJobProperties": {
            "JobStatus": status, "InputDataConfig": FOLDER, "JobDetails": {"InputDocumentsCount": documents},
            "TargetLanguageCodes": ["fr", "de", "es"][:languages], **told,
        }
    }  # fmt: skip


def begin_translation(ask: Ask) -> None:
    assert ask("translate.StartTextTranslationJob", {"JobId": "j"}, InputDataConfig=FOLDER) == NOTHING


@pytest.mark.parametrize(
    ("told", "dollars"),
    [
        (translation(), "0.0003"),  # 20 characters x 0.000015
        (translation(languages=3), "0.0009"),
        (translation(ParallelDataNames=["ours"]), "0.0012"),  # 20 x 0.00006
    ],
)
def test_a_translation_costs_the_characters_that_this_client_put_there(ask: Ask, told: Reply, dollars: str) -> None:
    put(ask, "a.txt", "Grüße aus Wien".encode())  # 14 characters
    put(ask, "b.html", b"<p>x</p>"[2:])  # 6
    begin_translation(ask)
    assert ask("translate.DescribeTextTranslationJob", translation(status="IN_PROGRESS"), JobId="j") == NOTHING
    assert ask("translate.DescribeTextTranslationJob", told, JobId="j").cost == Decimal(dollars)
    assert ask("translate.DescribeTextTranslationJob", told, JobId="j") == NOTHING


@pytest.mark.parametrize(
    "told",
    [
        translation(documents=3), translation(status="STOPPED"), translation(status="COMPLETED_WITH_ERROR"),
        translation(JobDetails={"InputDocumentsCount": 2, "DocumentsWithErrorsCount": 1}),
    ],
)  # fmt: skip
def test_a_translation_of_which_not_all_is_known_is_unpriced(ask: Ask, told: Reply) -> None:
    put(ask, "a.txt", b"one")
    put(ask, "b.txt", b"two")
    begin_translation(ask)
    assert ask("translate.DescribeTextTranslationJob", told, JobId="j") == UNPRICED


@pytest.mark.parametrize("files", [{}, {"a.txt": b"\xff\xfe", "b.txt": b"x"}, {"a.xlsx": b"PK", "b.txt": b"x"}])
def test_a_translation_of_what_cannot_be_counted_is_unpriced(ask: Ask, files: dict[str, bytes]) -> None:
    for name, body in files.items():
        put(ask, name, body)
    begin_translation(ask)
    assert ask("translate.DescribeTextTranslationJob", translation(len(files)), JobId="j") == UNPRICED


# CodeGuru Reviewer


def review(lines: int, kind: str = "RepositoryAnalysis", state: str = "Completed") -> Reply:
    return {
        "CodeReview": {
            "CodeReviewArn": "r", "State": state, "Type": kind, "AssociationArn": "a",
            "Metrics": {"MeteredLinesOfCodeCount": lines},
        }
    }  # fmt: skip


@pytest.mark.parametrize(("lines", "dollars"), [(1, "10"), (100_000, "10"), (100_001, "40"), (350_000, "100")])
def test_the_first_full_review_of_a_month_costs_the_repository_s_month(ask: Ask, lines: int, dollars: str) -> None:
    for arn, cost in (("r", Decimal(dollars)), ("r2", None)):
        assert ask("codeguru-reviewer.CreateCodeReview", {"CodeReview": {"CodeReviewArn": arn}}) == NOTHING
        assert ask("codeguru-reviewer.DescribeCodeReview", review(lines, state="Pending"), CodeReviewArn=arn) == NOTHING
        assert ask("codeguru-reviewer.DescribeCodeReview", review(lines), CodeReviewArn=arn).cost == cost
        assert ask("codeguru-reviewer.DescribeCodeReview", review(lines), CodeReviewArn=arn) == NOTHING


def test_a_pull_request_is_in_the_month_s_price(ask: Ask) -> None:
    ask("codeguru-reviewer.CreateCodeReview", {"CodeReview": {"CodeReviewArn": "r"}})
    assert ask("codeguru-reviewer.DescribeCodeReview", review(5, "PullRequest"), CodeReviewArn="r") == NOTHING
