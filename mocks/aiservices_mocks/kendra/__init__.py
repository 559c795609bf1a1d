"""Amazon Kendra and Kendra Intelligent Ranking: indexes with their documents, and search over them.

Documents come by BatchPutDocument or from buckets that are synchronized, and are found by BM25. Other connectors reach
nothing from here and say so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aiservices.call import Reply, note
from aiservices_mocks.engines import search
from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.service import Service, computed

from .experiences import Experiences
from .faqs import read_faq
from .featured import FeaturedResults
from .groups import Groups
from .indexes import FIELDS, Indexes
from .insights import Insights
from .suggestions import Suggestions
from .syncs import SYNC, Syncs
from .word_lists import read_block_list, read_thesaurus

_INDEX = {"IndexId": "Index"}
_QUICK = Life("Status", (("CREATING", 60), ("ACTIVE", 0)), updated=(("UPDATING", 60), ("ACTIVE", 0)))
_LIST = replace(_QUICK, reason="ErrorMessage")


class Kendra(Indexes, Syncs, FeaturedResults, Experiences, Groups, Insights, Suggestions):
    """What is in indexes, and what is asked of them."""

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
        SYNC,
        Resource(
            "Faq",
            "Id",
            made="{uuid}",
            arn="index/{IndexId}/faq/{Id}",
            parents=_INDEX,
            life=Life("Status", (("CREATING", 120), ("ACTIVE", 0)), reason="ErrorMessage"),
            work=read_faq,
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
            life=_LIST,
            work=read_thesaurus,
            steady=True,
        ),
        Resource(
            "QuerySuggestionsBlockList",
            "Id",
            made="{uuid}",
            arn="index/{IndexId}/query-suggestions-block-list/{Id}",
            parents=_INDEX,
            life=_LIST,
            work=read_block_list,
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
    """Plans, and results of other search services put into another order."""

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

    @computed
    def rescore(self, rescore_execution_plan_id: str, search_query: str, documents: list[dict[str, Any]]) -> Reply:
        """The documents by how much they have of the query; their first scores decide between equals."""
        keeper = self.keepers["RescoreExecutionPlan"]
        plan = keeper.named(
            "Rescore", {"RescoreExecutionPlanId": rescore_execution_plan_id, "Id": rescore_execution_plan_id}
        )
        if (status := keeper.status(plan)) not in ("ACTIVE", "UPDATING"):
            raise self.error("ConflictException", f"The rescore execution plan is {status}; wait until it is ACTIVE.")
        for one in documents:
            if not {"Title", "TokenizedTitle"} & {*one} and not {"Body", "TokenizedBody"} & {*one}:
                raise self.error("ValidationException", "A document needs a title or a body.")
        texts = [(_text(one, "Title"), _text(one, "Body")) for one in documents]
        scores = {one.place: one.score for one in search.rank(search.terms(search_query), texts)}
        order = sorted(
            range(len(documents)),
            key=lambda place: (-scores.get(place, 0.0), -documents[place]["OriginalScore"], place),
        )
        items = [{"DocumentId": documents[place]["Id"], "Score": scores.get(place, 0.0)} for place in order]
        return note({"RescoreId": self.world.new_id(), "ResultItems": items}, engine="bm25", fidelity="computed")


def _text(document: dict[str, Any], name: str) -> str:
    """A title or body, as one text."""
    return str(document.get(name) or " ".join(document.get(f"Tokenized{name}", ())))
