"""What can be asked about a document, and the requests that ask it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ...api.model import load as model
from ...errors import InvalidCallError, nearest
from .queries import Questions, queries

QUERIES_AT_ONCE, QUERIES_OF_A_JOB = 15, 30
"""Questions of one request, per page. Source: https://docs.aws.amazon.com/textract/latest/dg/limits-document.html"""


class Kind(NamedTuple):
    """What can be asked about a document."""

    job: str
    """As the names of its operations have it: Start..., Get..."""
    member: str
    """What its results are called."""
    at_once: str = ""
    """The operation for a single page; none: there are only jobs."""


TEXT = Kind("DocumentTextDetection", "Blocks", "DetectDocumentText")
ANALYSIS = Kind("DocumentAnalysis", "Blocks", "AnalyzeDocument")
EXPENSE = Kind("ExpenseAnalysis", "ExpenseDocuments", "AnalyzeExpense")
LENDING = Kind("LendingAnalysis", "Results")


class Asked(NamedTuple):
    """What is asked about one document."""

    kind: Kind
    features: tuple[str, ...] = ()
    queries: Sequence[Mapping[str, Any]] = ()
    adapters: Mapping[str, str] | None = None

    def requests(self, most: int, **query: Any) -> list[dict[str, Any]]:
        """The parameters beside the document; more than so many queries are several requests, with nothing else.

        query: members of every query that does not have them itself.
        """
        if self.kind is not ANALYSIS:
            return [{}]
        asked = [{**query, **one} for one in self.queries]
        if not asked:
            return [{"FeatureTypes": list(self.features)}]
        adapters = [{"AdapterId": id, "Version": version, **query} for id, version in (self.adapters or {}).items()]
        more = {"AdaptersConfig": {"Adapters": adapters}} if adapters else {}
        return [
            {
                "FeatureTypes": ["QUERIES"] if begin else list(dict.fromkeys((*self.features, "QUERIES"))),
                "QueriesConfig": {"Queries": asked[begin : begin + most]},
                **more,
            }
            for begin in range(0, len(asked), most)
        ]


def _known_features() -> tuple[str, ...]:
    request = model("textract").operation("AnalyzeDocument").input
    assert request is not None  # it has parameters
    return request.members["FeatureTypes"].member.enum


def analysis(features: Any, asked: str | Questions | None, adapters: Any) -> Asked:
    """What is asked; without features and questions the text alone."""
    if isinstance(features, str):
        features = (features,)
    if not isinstance(features, Iterable):
        raise InvalidCallError(f"features is a list such as ['FORMS', 'TABLES'], not a {type(features).__name__}")
    given, known = list(features), _known_features()
    for feature in given:
        if feature not in known:
            raise InvalidCallError(
                f"features: {feature!r} is none of {', '.join(known)}{nearest(str(feature).upper(), known)}"
            )
    chosen = tuple(dict.fromkeys(given))
    if adapters is not None and not isinstance(adapters, Mapping):
        raise InvalidCallError(f"adapters are id -> version, not a {type(adapters).__name__}")
    if asked is None:
        if "QUERIES" in chosen or adapters:
            raise InvalidCallError("QUERIES and adapters need questions: give queries=...")
        return Asked(ANALYSIS if chosen else TEXT, chosen)
    return Asked(ANALYSIS, tuple(dict.fromkeys((*chosen, "QUERIES"))), queries(asked), adapters)
