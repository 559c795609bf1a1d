"""Sets of featured results: which documents come first for which queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.service import stateful

from .of_index import OfIndex, under


class FeaturedResults(OfIndex):
    """What is special about sets of featured results."""

    @stateful
    def create_featured_results_set(self, index_id: str, **members: Any) -> Reply:
        """A set; in two active ones there is no query in common."""
        with self.world.lock:
            if not self.keepers["FeaturedResultsSet"].repeats(members.get("client_token")):
                self._check_queries(index_id, "", members.get("query_texts", ()), members.get("status", "INACTIVE"))
            return self._kept("CreateFeaturedResultsSet", index_id=index_id, **members)

    @stateful
    def update_featured_results_set(self, index_id: str, featured_results_set_id: str, **members: Any) -> Reply:
        """The set as it is now; see `create_featured_results_set`."""
        named = {"index_id": index_id, "featured_results_set_id": featured_results_set_id}
        with self.world.lock:
            found = self._found("FeaturedResultsSet", IndexId=index_id, FeaturedResultsSetId=featured_results_set_id)
            queries = members.get("query_texts", found["members"]["QueryTexts"])
            status = members.get("status", found["members"]["Status"])
            self._check_queries(index_id, featured_results_set_id, queries, status)
            return self._kept("UpdateFeaturedResultsSet", **named, **members)

    @stateful
    def describe_featured_results_set(self, index_id: str, featured_results_set_id: str) -> Reply:
        """The set and which of its documents the index has."""
        named = {"index_id": index_id, "featured_results_set_id": featured_results_set_id}
        reply = self._kept("DescribeFeaturedResultsSet", **named)
        found = self._found("FeaturedResultsSet", IndexId=index_id, FeaturedResultsSetId=featured_results_set_id)
        # No document can be put into an index here yet, so each featured one is missing.
        missing = found["members"]["FeaturedDocuments"]
        return {**reply, "FeaturedDocumentsWithMetadata": [], "FeaturedDocumentsMissing": missing}

    @stateful
    def batch_delete_featured_results_set(self, index_id: str, featured_results_set_ids: list[str]) -> Reply:
        """Those that are not there are in the errors."""
        self._found("Index", Id=index_id)
        table = self.world.store.table(self.name, "FeaturedResultsSet")
        errors = []
        for name in featured_results_set_ids:
            if table.pop(f"{index_id}\n{name}", None) is None:
                message = "The set of featured results does not exist."
                errors.append({"Id": name, "ErrorCode": "InvalidRequest", "ErrorMessage": message})
        return {"Errors": errors}

    def _check_queries(self, index_id: str, own: str, queries: Iterable[str], status: str) -> None:
        """No query can be in two active sets."""
        if status != "ACTIVE":
            return
        asked = {query.casefold() for query in queries}
        sets = [
            record["members"] for record in under(self.world.store.table(self.name, "FeaturedResultsSet"), index_id)
        ]
        others = [one for one in sets if one["Status"] == "ACTIVE" and one["FeaturedResultsSetId"] != own]
        clashes = [
            {"QueryText": query, "SetName": other["FeaturedResultsSetName"], "SetId": other["FeaturedResultsSetId"]}
            for other in others
            for query in other["QueryTexts"]
            if query.casefold() in asked
        ]
        if clashes:
            message = f"{len(clashes)} of the queries are in another active set of featured results."
            raise self.error("FeaturedResultsConflictException", message, ConflictingItems=clashes)
