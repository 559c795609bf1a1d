"""What solution versions and recommenders learn: counts of what goes with what, if there is enough to learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aiservices_mocks.engines import co_occurrence
from aiservices_mocks.engines.co_occurrence import Interaction
from aiservices_mocks.resources import WorkFailed

from .recipes import use
from .records import Known

if TYPE_CHECKING:
    from aiservices_mocks.service import Service

TRAINING = 3600
"""Seconds that a version is in training."""
_INTERACTIONS, _USERS, _EACH = 1000, 25, 2
"""The fewest interactions, and the fewest users with so many each."""
_RANKS: Mapping[str, co_occurrence.Rank] = {
    "POPULAR_ITEMS": lambda model, history: co_occurrence.popular(model),
    "TRENDING_ITEMS": lambda model, history: co_occurrence.trending(model),
    "RELATED_ITEMS": lambda model, history: co_occurrence.related(model, history[-1]),
}
"""What a recipe suggests, for its metrics; the others suggest what is chosen for a person."""
_UNMEASURED = ("USER_SEGMENTATION", "PERSONALIZED_ACTIONS")


def train_version(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Train a solution version."""
    threshold = members.get("solutionConfig", {}).get("eventValueThreshold")
    event_type = members.get("eventType", "")
    events = Known(service, members["datasetGroupArn"]).events(event_type, float(threshold) if threshold else None)
    _check(events, event_type)
    metrics = _measures(events, use(members.get("recipeArn")).kind)
    return {"trainingHours": TRAINING / 3600, "model": co_occurrence.learn(events), "metrics": metrics}


def train_recommender(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Train a recommender."""
    purpose = use(members["recipeArn"])
    events = Known(service, members["datasetGroupArn"]).events(purpose.event_type)
    _check(events, purpose.event_type)
    return {"model": co_occurrence.learn(events), "modelMetrics": _measures(events, purpose.kind)}


def _check(events: list[Interaction], event_type: str) -> None:
    if len(events) < _INTERACTIONS:
        after = f" after filtering by event type: {event_type}" if event_type else ""
        raise WorkFailed(f"Create failed. Dataset has fewer than {_INTERACTIONS} interactions{after}.")
    counts = Counter(event.user for event in events)
    if sum(count >= _EACH for count in counts.values()) < _USERS:
        raise WorkFailed(
            f"Create failed. Dataset has fewer than {_USERS} users with at least {_EACH} interactions each."
        )


def _measures(events: list[Interaction], kind: str) -> dict[str, float]:
    return {} if kind in _UNMEASURED else co_occurrence.measures(events, _RANKS.get(kind, co_occurrence.chosen))
