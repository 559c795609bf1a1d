"""Sets of featured results: which documents come first for which queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Record

from .documents import Documents


class FeaturedResults(Documents):
    """What is special about sets of featured results."""

    @stateful
    def create_featured_results_set(self, index_id: str, **members: Any) -> Reply:
        """A set; in two active ones there is no query in common."""
        with self.world.lock:
            self._active(index_id)
            if not self.keepers["FeaturedResultsSet"].repeats(members.get("client_token")):
                self._check_queries(index_id, "", members.get("query_texts", ()), members.get("status", "INACTIVE"))
            return self.keep("CreateFeaturedResultsSet", {"index_id": index_id, **members})

    @stateful
    def update_featured_results_set(self, index_id: str, featured_results_set_id: str, **members: Any) -> Reply:
        """The set as it is now; see `create_featured_results_set`."""
        named = {"index_id": index_id, "featured_results_set_id": featured_results_set_id}
        with self.world.lock:
            found = self._found("FeaturedResultsSet", IndexId=index_id, FeaturedResultsSetId=featured_results_set_id)
            queries = members.get("query_texts", found["members"]["QueryTexts"])
            status = members.get("status", found["members"]["Status"])
            self._check_queries(index_id, featured_results_set_id, queries, status)
            return self.keep("UpdateFeaturedResultsSet", {**named, **members})

    @stateful
    def describe_featured_results_set(self, index_id: str, featured_results_set_id: str) -> Reply:
        """The set and which of its documents the index has."""
        named = {"index_id": index_id, "featured_results_set_id": featured_results_set_id}
        reply = self.keep("DescribeFeaturedResultsSet", named)
        found = self._found("FeaturedResultsSet", IndexId=index_id, FeaturedResultsSetId=featured_results_set_id)
        there = {document["id"]: document for document in self.indexed(index_id)}
        featured = found["members"]["FeaturedDocuments"]
        shown = [_described(there[one["Id"]]) for one in featured if one["Id"] in there]
        missing = [one for one in featured if one["Id"] not in there]
        return {**reply, "FeaturedDocumentsWithMetadata": shown, "FeaturedDocumentsMissing": missing}

    @stateful
    def batch_delete_featured_results_set(self, index_id: str, featured_results_set_ids: list[str]) -> Reply:
        """Those that are not there are in the errors."""
        keeper, errors = self.keepers["FeaturedResultsSet"], []
        with self.world.lock:
            self._found("Index", Id=index_id)
            for name in featured_results_set_ids:
                record = keeper.find({"IndexId": index_id, "FeaturedResultsSetId": name})
                if record is not None:
                    keeper.remove(record)
                    continue
                message = "The set of featured results does not exist."
                errors.append({"Id": name, "ErrorCode": "InvalidRequest", "ErrorMessage": message})
        return {"Errors": errors}

    def _check_queries(self, index_id: str, own: str, queries: Iterable[str], status: str) -> None:
        """No query can be in two active sets."""
        if status != "ACTIVE":
            return
        asked = {query.casefold() for query in queries}
        sets = [record["members"] for record in self._all("FeaturedResultsSet", index_id)]
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


def _described(document: Record) -> dict[str, Any]:
    title = {"Title": document["title"]} if document["title"] else {}
    uri = document["attributes"].get("_source_uri", "")
    return {"Id": document["id"], **title} | ({"URI": uri} if uri else {})
