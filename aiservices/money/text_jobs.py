"""Jobs over texts and documents: Textract, Comprehend, Translate."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from math import ceil
from typing import Any

from ..call import Params, Reply
from .job import STOPPED, Begin, Facts, JobCount, Read, Told, inner
from .memory import Memory
from .units import Units, analysis, pages

# Textract: the reads tell the pages; what they cost follows from the features that were asked for at the begin.


def _pages(row: str, begun: Facts | None, reply: Mapping[str, Any], memory: Memory) -> Units | None:
    return pages(row, {}, dict(reply))


def _analysis(begun: Facts | None, reply: Mapping[str, Any], memory: Memory) -> Units | None:
    return None if begun is None else analysis(begun, dict(reply))


def _features(params: Params, memory: Memory) -> Facts:
    """As `analysis` reads them."""
    adapters = (params.get("AdaptersConfig") or {}).get("Adapters")
    return {"FeatureTypes": list(params["FeatureTypes"]), "AdaptersConfig": {"Adapters": ["used"] if adapters else []}}


def _by_id(params: Params, reply: Reply) -> list[Told]:
    return [Told(str(params["JobId"]), str(reply["JobStatus"]), reply)]


# Comprehend: the reads tell nothing that is billed; only who put the documents into S3 can count them.


def _documents(row: str, begun: Facts | None, job: Mapping[str, Any], memory: Memory) -> Units | None:
    if begun is None or begun["units"] is None or job["JobStatus"] in STOPPED:
        return None
    return {row: Decimal(begun["units"])}


def _entities(begun: Facts | None, job: Mapping[str, Any], memory: Memory) -> Units | None:
    custom = begun is not None and begun["custom"]
    return _documents("comprehend.custom_async" if custom else "comprehend.nlp_standard", begun, job, memory)


def _topics(begun: Facts | None, job: Mapping[str, Any], memory: Memory) -> Units | None:
    """A flat fee up to 100 MB, so that only beyond them it matters how AWS rounds; a MB is taken as 1,000,000 bytes."""
    if begun is None or job["JobStatus"] in STOPPED:
        return None
    return {"comprehend.topic_modeling": Decimal(max(ceil(begun["bytes"] / 1_000_000), 1))}


def _input(params: Params, memory: Memory) -> Facts | None:
    file = memory.staged.at(params["InputDataConfig"]["S3Uri"])
    if file is None or file.documents is None:
        return None
    kind = params["InputDataConfig"].get("InputFormat")
    units = {"ONE_DOC_PER_LINE": file.documents.lines, "ONE_DOC_PER_FILE": file.documents.whole}.get(kind)
    custom = bool(params.get("EntityRecognizerArn") or params.get("FlywheelArn"))
    return {"units": units, "bytes": file.size, "custom": custom}


def _described(params: Params, reply: Reply) -> list[Told]:
    job = inner(reply)
    return [Told(str(params["JobId"]), str(job["JobStatus"]), job)]


# Translate: the characters of all documents below a folder, once per target language.


def _translation(begun: Facts | None, job: Mapping[str, Any], memory: Memory) -> Units | None:
    told = job["JobDetails"]
    if begun is None or begun["characters"] is None or job["JobStatus"] != "COMPLETED":
        return None
    if begun["documents"] != told["InputDocumentsCount"] or told.get("DocumentsWithErrorsCount"):
        return None  # others have put documents there, or not all were translated
    row = "translate.active_custom" if job.get("ParallelDataNames") else "translate.batch"
    return {row: Decimal(begun["characters"] * len(job["TargetLanguageCodes"]))}


def _folder(params: Params, memory: Memory) -> Facts:
    files = memory.staged.below(params["InputDataConfig"]["S3Uri"])
    counted = [file.characters for file in files if file.characters is not None]
    return {"documents": len(files), "characters": sum(counted) if len(counted) == len(files) > 0 else None}


_COMPREHEND: Mapping[str, JobCount] = {
    "DominantLanguageDetection": partial(_documents, "comprehend.nlp_standard"),
    "EntitiesDetection": _entities,
    "KeyPhrasesDetection": partial(_documents, "comprehend.nlp_standard"),
    "SentimentDetection": partial(_documents, "comprehend.nlp_standard"),
    "TargetedSentimentDetection": partial(_documents, "comprehend.nlp_standard"),
    "PiiEntitiesDetection": partial(_documents, "comprehend.pii_detect"),
    "EventsDetection": partial(_documents, "comprehend.events"),
    "DocumentClassification": partial(_documents, "comprehend.custom_async"),
    "TopicsDetection": _topics,
}

READS: Mapping[tuple[str, str], Read] = {
    **{
        ("textract", f"Get{what}"): Read(f"Start{begins}", _by_id, count)
        for what, begins, count in (
            ("DocumentTextDetection", "DocumentTextDetection", partial(_pages, "textract.detect_text")),
            ("DocumentAnalysis", "DocumentAnalysis", _analysis),
            ("ExpenseAnalysis", "ExpenseAnalysis", partial(_pages, "textract.expense")),
            ("LendingAnalysis", "LendingAnalysis", partial(_pages, "textract.lending")),
            ("LendingAnalysisSummary", "LendingAnalysis", partial(_pages, "textract.lending")),
        )
    },
    **{
        ("comprehend", f"Describe{what}Job"): Read(f"Start{what}Job", _described, count)
        for what, count in _COMPREHEND.items()
    },
    ("translate", "DescribeTextTranslationJob"): Read("StartTextTranslationJob", _described, _translation),
}


def _job_id(params: Params, reply: Reply) -> str:
    return str(reply["JobId"])


BEGINS: Mapping[tuple[str, str], Begin] = {
    **{(service, read.begins): Begin(_job_id) for (service, _), read in READS.items()},
    ("textract", "StartDocumentAnalysis"): Begin(_job_id, _features),
    **{("comprehend", f"Start{what}Job"): Begin(_job_id, _input) for what in _COMPREHEND},
    ("translate", "StartTextTranslationJob"): Begin(_job_id, _folder),
}
