"""Amazon Kendra and Kendra Intelligent Ranking, kept: indexes and everything that belongs to one.

Documents, queries, sync jobs and ranking are not answered here; files in S3 are named but not read.
"""

from __future__ import annotations

from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.service import Service

from .experiences import Experiences
from .featured import FeaturedResults
from .groups import Groups
from .indexes import FIELDS, Indexes
from .suggestions import Suggestions

_INDEX = {"IndexId": "Index"}
_QUICK = Life("Status", (("CREATING", 60), ("ACTIVE", 0)), updated=(("UPDATING", 60), ("ACTIVE", 0)))


class Kendra(Indexes, FeaturedResults, Experiences, Groups, Suggestions):
    """What Kendra keeps."""

    name = "kendra"
    token_error = "ValidationException"
    resources = (
        Resource(
            "Index",
            "Id",
            made="{uuid}",
            arn="index/{Id}",
            life=Life("Status", (("CREATING", 1800), ("ACTIVE", 0)), updated=(("UPDATING", 300), ("ACTIVE", 0))),
            defaults={
                "Edition": "ENTERPRISE_EDITION",
                "CapacityUnits": {"StorageCapacityUnits": 0, "QueryCapacityUnits": 0},
                "UserContextPolicy": "ATTRIBUTE_FILTER",
                "UserGroupResolutionConfiguration": {"UserGroupResolutionMode": "NONE"},
                "DocumentMetadataConfigurations": list(FIELDS),
            },
            quota=10,
            steady=True,
        ),
        Resource(
            "DataSource",
            "Id",
            made="{uuid}",
            arn="index/{IndexId}/data-source/{Id}",
            parents=_INDEX,
            life=_QUICK,
            defaults={"LanguageCode": "en"},
            quota=50,
            steady=True,
        ),
        Resource(
            "Faq",
            "Id",
            made="{uuid}",
            arn="index/{IndexId}/faq/{Id}",
            parents=_INDEX,
            life=Life("Status", (("CREATING", 120), ("ACTIVE", 0))),
            defaults={"FileFormat": "CSV", "LanguageCode": "en"},
            quota=30,
            steady=True,
        ),
        Resource(
            "Thesaurus",
            "Id",
            made="{uuid}",
            arn="index/{IndexId}/thesaurus/{Id}",
            parents=_INDEX,
            life=_QUICK,
            steady=True,
        ),
        Resource(
            "QuerySuggestionsBlockList",
            "Id",
            made="{uuid}",
            arn="index/{IndexId}/query-suggestions-block-list/{Id}",
            parents=_INDEX,
            life=_QUICK,
            steady=True,
        ),
        Resource(
            "Experience",
            "Id",
            made="{uuid}",
            arn="index/{IndexId}/experience/{Id}",
            parents=_INDEX,
            life=Life("Status", (("CREATING", 60), ("ACTIVE", 0))),
            steady=True,
        ),
        Resource(
            "AccessControlConfiguration",
            "Id",
            made="{uuid}",
            arn="index/{IndexId}/access-control-configuration/{Id}",
            parents=_INDEX,
        ),
        Resource(
            "FeaturedResultsSet",
            "FeaturedResultsSetId",
            made="{uuid}",
            arn="index/{IndexId}/featured-results-set/{FeaturedResultsSetId}",
            parents=_INDEX,
            defaults={"Status": "INACTIVE", "QueryTexts": [], "FeaturedDocuments": []},
            quota=50,
            operations={"delete": ""},
        ),
    )


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
