"""Jobs over data sets and code: training, imports, syncs, reviews."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from ..call import Params, Reply
from .job import STOPPED, Begin, Facts, Read, Told, amount, inner
from .memory import Memory
from .units import GIGABYTE, Units

# Comprehend: training by the second.


def _training(begun: Facts | None, model: Mapping[str, Any], memory: Memory) -> Units | None:
    if model["Status"] in STOPPED:
        return None
    seconds = (model["TrainingEndTime"] - model["TrainingStartTime"]).total_seconds()
    return {"comprehend.custom_training": Decimal(ceil(seconds))}


def _model(what: str) -> Read:
    def jobs(params: Params, reply: Reply) -> list[Told]:
        model = inner(reply)
        return [Told(str(params[f"{what}Arn"]), str(model["Status"]), model)]

    return Read(f"Create{what}", jobs, _training, own=True)


# Rekognition: the description tells the seconds that are billed.


def _custom_labels(begun: Facts | None, version: Mapping[str, Any], memory: Memory) -> Units | None:
    moderation = version.get("Feature") == "CONTENT_MODERATION"
    row = "rekognition.custom_moderation_training" if moderation else "rekognition.custom_labels_training"
    return {row: amount(Fraction(int(version["BillableTrainingTimeInSeconds"]), 60))}


def _versions(params: Params, reply: Reply) -> list[Told]:
    """A model that was started or stopped since was trained before."""
    jobs = []
    for version in reply["ProjectVersionDescriptions"]:
        trained = version.get("BillableTrainingTimeInSeconds") is not None
        status = "FAILED" if version["Status"] == "TRAINING_FAILED" else "COMPLETED" if trained else "running"
        jobs.append(Told(str(version["ProjectVersionArn"]), status, version))
    return jobs


# Personalize and Forecast: the descriptions tell training hours and gigabytes.


def _solution_version(begun: Facts | None, version: Mapping[str, Any], memory: Memory) -> Units | None:
    if str(version.get("recipeArn", "")).endswith("-v2"):
        return None  # by the interactions in the data, which nobody tells
    if version["status"] in STOPPED:
        return None
    return {"personalize.training": Decimal(str(version["trainingHours"]))}


def _solution_versions(params: Params, reply: Reply) -> list[Told]:
    version = reply["solutionVersion"]
    return [Told(str(params["solutionVersionArn"]), str(version["status"]), version)]


def _import_for_personalize(begun: Facts | None, job: Mapping[str, Any], memory: Memory) -> Units | None:
    return None if begun is None else {"personalize.ingestion": Decimal(begun["bytes"]) / GIGABYTE}


def _file(params: Params, memory: Memory) -> Facts | None:
    file = memory.staged.at(params["dataSource"]["dataLocation"])
    return None if file is None else {"bytes": file.size}


def _imports_for_personalize(params: Params, reply: Reply) -> list[Told]:
    job = reply["datasetImportJob"]
    return [Told(str(params["datasetImportJobArn"]), str(job["status"]), job)]


def _import_for_forecast(begun: Facts | None, job: Mapping[str, Any], memory: Memory) -> Units | None:
    return None if job["Status"] in STOPPED else {"forecast.import": Decimal(str(job["DataSize"]))}


def _imports_for_forecast(params: Params, reply: Reply) -> list[Told]:
    return [Told(str(params["DatasetImportJobArn"]), str(reply["Status"]), reply)]


# Kendra: a sync of a data source costs by its documents and its time; a GenAI index pays its connectors by the month.


def _sync(begun: Facts | None, run: Mapping[str, Any], memory: Memory) -> Units | None:
    if run["Status"] in STOPPED:
        return None
    took = (run["EndTime"] - run["StartTime"]).total_seconds()
    return {
        "kendra.connector_scan": Decimal(int(run["Metrics"]["DocumentsScanned"])),
        "kendra.connector_sync": amount(Fraction(took) / 3600),
    }


def _index(params: Params, memory: Memory) -> Facts | None:
    edition = memory.edition(params["IndexId"])
    return {"edition": edition} if edition in ("DEVELOPER_EDITION", "ENTERPRISE_EDITION") else None


def _syncs(params: Params, reply: Reply) -> list[Told]:
    return [Told(str(run["ExecutionId"]), str(run["Status"]), run) for run in reply["History"]]


# CodeGuru Reviewer: the month's price of the repository is charged at the first full review of the month.

_LINES = 100_000


def _review(begun: Facts | None, review: Mapping[str, Any], memory: Memory) -> Units | None:
    if review["Type"] != "RepositoryAnalysis":
        return {}  # pull requests are in the month's price
    if not memory.first_of_month(review["AssociationArn"]):
        return None  # how many full reviews the month's price has in it was not verified
    further = max(ceil(int(review["Metrics"]["MeteredLinesOfCodeCount"]) / _LINES) - 1, 0)
    units = {"codeguru.reviewer_first_100k": Decimal(1)}
    return {**units, "codeguru.reviewer_additional_100k": Decimal(further)} if further else units


def _reviews(params: Params, reply: Reply) -> list[Told]:
    review = reply["CodeReview"]
    return [Told(str(params["CodeReviewArn"]), str(review["State"]), review)]


READS: Mapping[tuple[str, str], Read] = {
    ("comprehend", "DescribeDocumentClassifier"): _model("DocumentClassifier"),
    ("comprehend", "DescribeEntityRecognizer"): _model("EntityRecognizer"),
    ("rekognition", "DescribeProjectVersions"): Read("CreateProjectVersion", _versions, _custom_labels, own=True),
    ("personalize", "DescribeSolutionVersion"): Read(
        "CreateSolutionVersion", _solution_versions, _solution_version, own=True
    ),
    ("personalize", "DescribeDatasetImportJob"): Read(
        "CreateDatasetImportJob", _imports_for_personalize, _import_for_personalize, own=True
    ),
    ("forecast", "DescribeDatasetImportJob"): Read(
        "CreateDatasetImportJob", _imports_for_forecast, _import_for_forecast, own=True
    ),
    ("kendra", "ListDataSourceSyncJobs"): Read("StartDataSourceSyncJob", _syncs, _sync, own=True),
    ("codeguru-reviewer", "DescribeCodeReview"): Read("CreateCodeReview", _reviews, _review, own=True),
}

BEGINS: Mapping[tuple[str, str], Begin] = {
    ("comprehend", "CreateDocumentClassifier"): Begin(lambda params, reply: str(reply["DocumentClassifierArn"])),
    ("comprehend", "CreateEntityRecognizer"): Begin(lambda params, reply: str(reply["EntityRecognizerArn"])),
    ("rekognition", "CreateProjectVersion"): Begin(lambda params, reply: str(reply["ProjectVersionArn"])),
    ("personalize", "CreateSolutionVersion"): Begin(lambda params, reply: str(reply["solutionVersionArn"])),
    ("personalize", "CreateDatasetImportJob"): Begin(
        lambda params, reply: str(reply["datasetImportJobArn"]),
        _file,
    ),
    ("forecast", "CreateDatasetImportJob"): Begin(lambda params, reply: str(reply["DatasetImportJobArn"])),
    ("kendra", "StartDataSourceSyncJob"): Begin(
        lambda params, reply: str(reply["ExecutionId"]),
        _index,
    ),
    ("codeguru-reviewer", "CreateCodeReview"): Begin(lambda params, reply: str(reply["CodeReview"]["CodeReviewArn"])),
}
