"""Which calls are billed: counted, free, or unpriced because nobody can count them from the call alone."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from ..call import SERVICES
from .jobs import BEGINS, READS
from .units import COUNTS, Count


class Rule(Enum):
    """What is known about a call whose units are not counted."""

    FREE = "free"
    UNPRICED = "unpriced"
    METERED = "metered"
    """It begins what is billed by the job or by time, or tells how far that is; see `Meter`."""


@cache
def count_of(service: str, operation: str) -> Count | Rule:
    """The function that counts an operation's units, or what is known instead.

    Bookkeeping that no price row names is free. What computes, or begins something that AWS bills by time or by job,
    is unpriced, as is everything outside the twelve products (S3).
    """
    counted = COUNTS.get((service, operation))
    if counted is not None:
        return counted
    if (service, operation) in METERED:
        return Rule.METERED
    if service not in SERVICES or operation in _BILLED.get(service, ()):
        return Rule.UNPRICED
    if operation in _FREE.get(service, ()) or _BOOKKEEPING.match(operation):
        return Rule.FREE
    return Rule.UNPRICED


METERED = frozenset(
    {
        *READS,
        *BEGINS,
        *(("comprehend", f"{verb}Endpoint") for verb in ("Create", "Describe", "Update", "Delete")),
    }
)
"""What is counted by a `Meter`."""

_BOOKKEEPING = re.compile(
    r"(?:Batch)?(?:Create|Delete|Describe|Get|List|Put|Update)(?=[A-Z])"
    r"|(?:Add|Associate|Build|Cancel|Clear|Configure|Copy|Disassociate|Distribute|Import|Remove|Resume|Stop|Submit"
    r"|Tag|Untag)(?=[A-Z])"
)

_FREE: dict[str, frozenset[str]] = {
    # The index is billed by the hour, however much it is asked; so is the ranking's capacity.
    "kendra": frozenset({"Query", "Retrieve"}),
    "kendra-ranking": frozenset({"Rescore"}),
    "forecastquery": frozenset({"QueryForecast", "QueryWhatIfForecast"}),
    "lexv2-models": frozenset({"SearchAssociatedTranscripts", "StartImport"}),
    # The running model is billed by the minute.
    "rekognition": frozenset({"DetectCustomLabels"}),
}
"""Named like work, billed like bookkeeping."""

_BILLED: dict[str, frozenset[str]] = {
    # A model costs by the month that it is there.
    "comprehend": frozenset({"ImportModel"}),
    "forecast": frozenset(
        {
            "CreateAutoPredictor",
            "CreateDatasetImportJob",
            "CreateExplainability",
            "CreateForecast",
            "CreatePredictor",
            "CreateWhatIfForecast",
        }
    ),
    "personalize": frozenset(
        {
            "CreateBatchInferenceJob",
            "CreateBatchSegmentJob",
            "CreateCampaign",
            "CreateDatasetImportJob",
            "CreateRecommender",
            # A solution trains by itself unless told not to.
            "CreateSolution",
            "CreateSolutionVersion",
            "UpdateCampaign",
            "UpdateRecommender",
            "UpdateSolution",
        }
    ),
    "personalize-events": frozenset({"PutActionInteractions", "PutActions", "PutEvents", "PutItems", "PutUsers"}),
    "personalize-runtime": frozenset({"GetActionRecommendations", "GetPersonalizedRanking", "GetRecommendations"}),
    "rekognition": frozenset(
        {
            "CreateFaceLivenessSession",
            "CreateProjectVersion",
            "CreateUser",
            "GetFaceLivenessSessionResults",
        }
    ),
    "kendra": frozenset({"CreateIndex", "UpdateIndex"}),
    "kendra-ranking": frozenset({"CreateRescoreExecutionPlan", "UpdateRescoreExecutionPlan"}),
    "codeguru-reviewer": frozenset({"AssociateRepository", "CreateCodeReview"}),
    "frauddetector": frozenset(
        {
            "CreateBatchImportJob",
            "CreateBatchPredictionJob",
            "CreateModelVersion",
            "GetEventPrediction",
            "UpdateModelVersion",
            "UpdateModelVersionStatus",
        }
    ),
}
"""Named like bookkeeping, but a price row names what they begin or do."""
