"""Amazon Transcribe, kept: vocabularies, vocabulary filters, language models and call analytics categories.

Transcribing itself is not answered here.
"""

from __future__ import annotations

from .resources import Life, Resource
from .service import Service


class Transcribe(Service):
    """What Transcribe keeps for its jobs."""

    name = "transcribe"
    token_error = "BadRequestException"
    resources = (
        Resource(
            "Vocabulary",
            "VocabularyName",
            arn="vocabulary/{VocabularyName}",
            life=Life("VocabularyState", (("PENDING", 30), ("READY", 0)), updated=(("PENDING", 30), ("READY", 0))),
            quota=100,
        ),
        Resource(
            "MedicalVocabulary",
            "VocabularyName",
            arn="medical-vocabulary/{VocabularyName}",
            life=Life("VocabularyState", (("PENDING", 30), ("READY", 0)), updated=(("PENDING", 30), ("READY", 0))),
            quota=100,
        ),
        Resource("VocabularyFilter", "VocabularyFilterName", arn="vocabulary-filter/{VocabularyFilterName}", quota=100),
        Resource(
            "LanguageModel",
            "ModelName",
            arn="language-model/{ModelName}",
            life=Life("ModelStatus", (("IN_PROGRESS", 6 * 3600), ("COMPLETED", 0))),
        ),
        Resource("CallAnalyticsCategory", "CategoryName", arn="analytics-category/{CategoryName}"),
    )
