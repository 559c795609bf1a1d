"""Amazon Kendra Intelligent Ranking, kept: rescore execution plans. Ranking itself is not answered here."""

from __future__ import annotations

from .resources import Life, Resource
from .service import Service


class KendraRanking(Service):
    """What Kendra Intelligent Ranking keeps."""

    name = "kendra-ranking"
    token_error = "ValidationException"
    resources = (
        Resource(
            "RescoreExecutionPlan",
            "Id",
            made="{uuid}",
            arn="rescore-execution-plan/{Id}",
            arn_member="Arn",
            unique="Name",
            life=Life("Status", (("CREATING", 300), ("ACTIVE", 0)), updated=(("UPDATING", 120), ("ACTIVE", 0))),
            defaults={"CapacityUnits": {"RescoreCapacityUnits": 0}},
            steady=True,
        ),
    )
