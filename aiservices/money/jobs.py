"""How AWS counts what one call begins and another one tells the end of: jobs, tasks, training.

A job is billed when it has ended, and counted at the read that first finds it so. What failed costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from math import ceil
from typing import Any, NamedTuple

from ..call import Params, Reply
from .units import Units, analysis, hundreds, pages, speech

JobCount = Callable[["Begun | None", Reply], Units | None]


class Begun(NamedTuple):
    """A job that this client began."""

    params: Params
    documents: Documents | None = None
    """What it reads, where this client put it into S3."""


class Documents(NamedTuple):
    """What can be counted of a text file."""

    lines: int | None
    """Comprehend's units when each line is a document; None when one of them is empty."""
    whole: int
    """The same when the file is one."""
    size: int
    """Bytes."""


class Read(NamedTuple):
    """A call that tells how far a job is."""

    begins: str
    """The operation that begins it."""
    key: Callable[[Params], str]
    """The job's id in the request."""
    status: Callable[[Reply], str]
    units: JobCount
    own: bool = False
    """Whether only the client counts it that began it: a model is described long after its training."""


DONE = frozenset(
    ("SUCCEEDED", "PARTIAL_SUCCESS", "COMPLETED", "completed", "STOPPED", "TRAINED", "TRAINED_WITH_WARNING")
)
FAILED = frozenset(("FAILED", "failed", "IN_ERROR"))


def documents(data: bytes) -> Documents | None:
    """What a file holds; None when it is no text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    lines = text.removesuffix("\n").split("\n")
    whole = hundreds(text)
    return Documents(sum(map(hundreds, lines)) if all(map(str.strip, lines)) else None, whole, len(data))


# Textract: the reads tell the pages; what they cost follows from the features that were asked for at the begin.


def _pages(row: str, begun: Begun | None, reply: Reply) -> Units | None:
    return pages(row, {}, reply)


def _analysis(begun: Begun | None, reply: Reply) -> Units | None:
    return None if begun is None else analysis(begun.params, reply)


# Polly: the task tells its characters and its engine.


def _task(begun: Begun | None, reply: Reply) -> Units | None:
    task = reply["SynthesisTask"]
    return speech(task, task)


# Comprehend: the reads tell nothing that is billed; only who put the documents into S3 can count them.


def _documents(row: str, begun: Begun | None, reply: Reply) -> Units | None:
    if begun is None or begun.documents is None or _inner(reply)["JobStatus"] == "STOPPED":
        return None
    kind = begun.params["InputDataConfig"].get("InputFormat")
    counted = {"ONE_DOC_PER_LINE": begun.documents.lines, "ONE_DOC_PER_FILE": begun.documents.whole}.get(kind)
    return None if counted is None else {row: Decimal(counted)}


def _entities(begun: Begun | None, reply: Reply) -> Units | None:
    custom = begun is not None and (begun.params.get("EntityRecognizerArn") or begun.params.get("FlywheelArn"))
    return _documents("comprehend.custom_async" if custom else "comprehend.nlp_standard", begun, reply)


def _topics(begun: Begun | None, reply: Reply) -> Units | None:
    """A flat fee up to 100 MB, so that only beyond them it matters how AWS rounds; a MB is taken as 1,000,000 bytes."""
    if begun is None or begun.documents is None or _inner(reply)["JobStatus"] == "STOPPED":
        return None
    return {"comprehend.topic_modeling": Decimal(max(ceil(begun.documents.size / 1_000_000), 1))}


def _training(begun: Begun | None, reply: Reply) -> Units | None:
    model = _inner(reply)
    if model["Status"] == "STOPPED":
        return None
    seconds = (model["TrainingEndTime"] - model["TrainingStartTime"]).total_seconds()
    return {"comprehend.custom_training": Decimal(ceil(seconds))}


def _inner(reply: Reply) -> Mapping[str, Any]:
    """The only structure of a Describe reply."""
    (inner,) = (value for name, value in reply.items() if name != "ResponseMetadata")
    found: Mapping[str, Any] = inner
    return found


def _textract(begins: str, count: JobCount) -> Read:
    return Read(begins, lambda params: str(params["JobId"]), lambda reply: str(reply["JobStatus"]), count)


def _comprehend(begins: str, count: JobCount) -> Read:
    return Read(begins, lambda params: str(params["JobId"]), lambda reply: str(_inner(reply)["JobStatus"]), count)


def _model(what: str) -> Read:
    return Read(
        f"Create{what}", lambda params: str(params[f"{what}Arn"]), lambda reply: str(_inner(reply)["Status"]),
        _training, own=True,
    )  # fmt: skip


READS: Mapping[tuple[str, str], Read] = {
    ("polly", "GetSpeechSynthesisTask"): Read(
        "StartSpeechSynthesisTask",
        lambda params: str(params["TaskId"]),
        lambda reply: str(reply["SynthesisTask"]["TaskStatus"]),
        _task,
    ),
    **{
        ("textract", f"Get{what}"): _textract(f"Start{begins}", count)
        for what, begins, count in (
            ("DocumentTextDetection", "DocumentTextDetection", partial(_pages, "textract.detect_text")),
            ("DocumentAnalysis", "DocumentAnalysis", _analysis),
            ("ExpenseAnalysis", "ExpenseAnalysis", partial(_pages, "textract.expense")),
            ("LendingAnalysis", "LendingAnalysis", partial(_pages, "textract.lending")),
            ("LendingAnalysisSummary", "LendingAnalysis", partial(_pages, "textract.lending")),
        )
    },
    **{
        ("comprehend", f"Describe{what}Job"): _comprehend(f"Start{what}Job", count)
        for what, count in (
            ("DominantLanguageDetection", partial(_documents, "comprehend.nlp_standard")),
            ("EntitiesDetection", _entities),
            ("KeyPhrasesDetection", partial(_documents, "comprehend.nlp_standard")),
            ("SentimentDetection", partial(_documents, "comprehend.nlp_standard")),
            ("TargetedSentimentDetection", partial(_documents, "comprehend.nlp_standard")),
            ("PiiEntitiesDetection", partial(_documents, "comprehend.pii_detect")),
            ("EventsDetection", partial(_documents, "comprehend.events")),
            ("DocumentClassification", partial(_documents, "comprehend.custom_async")),
            ("TopicsDetection", _topics),
        )
    },
    ("comprehend", "DescribeDocumentClassifier"): _model("DocumentClassifier"),
    ("comprehend", "DescribeEntityRecognizer"): _model("EntityRecognizer"),
}
"""The calls that tell the end of what another one has begun."""

BEGINS: Mapping[tuple[str, str], str] = {
    **{(service, read.begins): "JobId" for (service, _), read in READS.items()},
    ("polly", "StartSpeechSynthesisTask"): "SynthesisTask",
    ("comprehend", "CreateDocumentClassifier"): "DocumentClassifierArn",
    ("comprehend", "CreateEntityRecognizer"): "EntityRecognizerArn",
}
"""What begins a job, and the member of its reply that has the id."""
