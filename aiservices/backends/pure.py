"""Which calls are pure reads: their answer follows from the request alone, so that an older or another one will do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..call import Call
from ..errors import InvalidCallError, nearest

PURE: frozenset[str] = frozenset(
    f"{service}.{operation}"
    for service, operations in {
        "comprehend": "BatchDetectDominantLanguage BatchDetectEntities BatchDetectKeyPhrases BatchDetectSentiment"
        " BatchDetectSyntax BatchDetectTargetedSentiment ContainsPiiEntities DetectDominantLanguage DetectEntities"
        " DetectKeyPhrases DetectPiiEntities DetectSentiment DetectSyntax DetectTargetedSentiment DetectToxicContent",
        "polly": "SynthesizeSpeech",
        "rekognition": "CompareFaces DetectFaces DetectLabels DetectModerationLabels DetectProtectiveEquipment"
        " DetectText RecognizeCelebrities",
        "textract": "AnalyzeDocument AnalyzeExpense AnalyzeID DetectDocumentText",
        "translate": "TranslateDocument TranslateText",
    }.items()
    for operation in operations.split()
)
"""The operations that can be one."""

_ELSEWHERE = frozenset(
    (
        "AdaptersConfig",
        "EndpointArn",
        "HumanLoopConfig",
        "LexiconNames",
        "ProjectVersion",
        "S3Object",
        "TerminologyNames",
    )
)
"""Members that bring in what stands elsewhere and may change, or that begin something."""


def is_pure(call: Call) -> bool:
    """Whether nothing but the request decides what the answer to this call is."""
    return call.name in PURE and not _elsewhere(call.params)


def chosen(operations: Iterable[str] | None) -> frozenset[str]:
    """Some of the pure operations, by names such as `comprehend.DetectSentiment`; None: all.

    Raises InvalidCallError for any other: its answer may be another one the next time.
    """
    if operations is None:
        return PURE
    names = frozenset([operations] if isinstance(operations, str) else operations)
    for name in sorted(names - PURE):
        raise InvalidCallError(f"{name} is no operation whose answer follows from its request{nearest(name, PURE)}")
    return names


def _elsewhere(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any((name in _ELSEWHERE and it) or _elsewhere(it) for name, it in value.items())
    return isinstance(value, list | tuple) and any(map(_elsewhere, value))
