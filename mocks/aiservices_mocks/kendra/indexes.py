"""Indexes, the fields of their documents, and how many data sources one has room for."""

from __future__ import annotations

from typing import Any

from aiservices.call import Reply
from aiservices_mocks.service import stateful

from .documents import Documents
from .faqs import Faqs
from .of_index import clear

_DEVELOPER_SOURCES = 5


def _field(name: str, kind: str = "STRING_VALUE", *, search: str = "Sortable", importance: int = 1) -> dict[str, Any]:
    """One of the document fields that every index has; `search` names what can be done with it."""
    relevance: dict[str, Any] = {"Importance": importance}
    if kind == "STRING_VALUE":
        relevance["ValueImportanceMap"] = {}
    elif kind == "LONG_VALUE":
        relevance["RankOrder"] = "ASCENDING"
    elif kind == "DATE_VALUE":
        relevance |= {"Freshness": False, "Duration": "25920000s", "RankOrder": "ASCENDING"}
    can = {word: word in search.split() for word in ("Facetable", "Searchable", "Displayable", "Sortable")}
    return {"Name": name, "Type": kind, "Relevance": relevance, "Search": can}


FIELDS = (
    _field("_authors", "STRING_LIST_VALUE", search=""),
    _field("_category"),
    _field("_created_at", "DATE_VALUE"),
    _field("_data_source_id"),
    _field("_document_title", search="Searchable Displayable Sortable", importance=2),
    _field("_excerpt_page_number", "LONG_VALUE", search="", importance=2),
    _field("_faq_id"),
    _field("_file_type"),
    _field("_language_code"),
    _field("_last_updated_at", "DATE_VALUE"),
    _field("_source_uri", search="Displayable"),
    _field("_tenant_id"),
    _field("_version"),
    _field("_view_count", "LONG_VALUE"),
)
"""The reserved fields. Source: https://docs.aws.amazon.com/kendra/latest/dg/hiw-document-attributes.html"""


class Indexes(Documents, Faqs):
    """What is special about indexes and what is made in them."""

    @stateful
    def describe_index(self, id: str) -> Reply:
        """The index, with how much is in it."""
        reply = self.keep("DescribeIndex", {"id": id})
        there = self.indexed(id)
        texts = {
            "IndexedTextDocumentsCount": len(there),
            "IndexedTextBytes": sum(len(one["text"].encode("utf-8", "surrogatepass")) for one in there),
        }
        answers = {"IndexedQuestionAnswersCount": len(self.questions(id))}
        return {**reply, "IndexStatistics": {"FaqStatistics": answers, "TextDocumentStatistics": texts}}

    @stateful
    def delete_index(self, id: str) -> Reply:
        """Everything in it goes with it, its documents and what was asked too."""
        with self.world.lock:
            reply = self.keep("DeleteIndex", {"id": id})
            for noun in ("document", "query", "group", "entity", "persona"):
                clear(self.world.store.table(self.name, noun), id)
            self.world.store.table(self.name, "suggestions").pop(id, None)
        return reply

    @stateful
    def update_index(self, id: str, **members: Any) -> Reply:
        """Fields of the documents are added or changed one by one."""
        changes = members.pop("document_metadata_configuration_updates", ())
        with self.world.lock:
            record = self._found("Index", Id=id)
            fields = {field["Name"]: field for field in record["members"]["DocumentMetadataConfigurations"]}
            for change in changes:
                old = fields.get(change["Name"], {})
                if old and old["Type"] != change["Type"]:
                    message = f"{change['Name']} is a {old['Type']}: the type of a field cannot be changed."
                    raise self.error("ValidationException", message)
                groups = {name: {**old.get(name, {}), **change.get(name, {})} for name in ("Relevance", "Search")}
                fields[change["Name"]] = {**_field(change["Name"], change["Type"], search=""), **change, **groups}
            reply = self.keep("UpdateIndex", {"id": id, **members})
            self.keepers["Index"].change(record, {"DocumentMetadataConfigurations": list(fields.values())})
        return reply

    @stateful
    def create_data_source(self, index_id: str, **members: Any) -> Reply:
        """A developer index has room for five; only a custom one comes without configuration and role."""
        given = self.named("CreateDataSource", members)
        theirs = [name for name in ("Configuration", "RoleArn", "Schedule") if name in given]
        if members["type"] == "CUSTOM" and theirs:
            raise self.error("ValidationException", f"A CUSTOM data source takes no {theirs[0]}; leave it out.")
        if members["type"] != "CUSTOM" and not {"Configuration", "RoleArn"} <= {*theirs}:
            raise self.error("ValidationException", f"A {members['type']} data source needs Configuration and RoleArn.")
        with self.world.lock:
            self._active(index_id)
            if not self.keepers["DataSource"].repeats(members.get("client_token")):
                self._check_room(index_id)
            return self.keep("CreateDataSource", {"index_id": index_id, **members})

    @stateful
    def create_faq(self, index_id: str, **members: Any) -> Reply:
        """Questions and answers for an active index."""
        return self._made("CreateFaq", index_id, members)

    @stateful
    def create_thesaurus(self, index_id: str, **members: Any) -> Reply:
        """Synonyms for an active index."""
        return self._made("CreateThesaurus", index_id, members)

    @stateful
    def create_query_suggestions_block_list(self, index_id: str, **members: Any) -> Reply:
        """What an active index must not suggest."""
        return self._made("CreateQuerySuggestionsBlockList", index_id, members)

    @stateful
    def create_experience(self, index_id: str, **members: Any) -> Reply:
        """A page to search an active index with."""
        return self._made("CreateExperience", index_id, members)

    @stateful
    def create_access_control_configuration(self, index_id: str, **members: Any) -> Reply:
        """Who may see documents of an active index."""
        return self._made("CreateAccessControlConfiguration", index_id, members)

    def _made(self, operation: str, index_id: str, members: dict[str, Any]) -> Reply:
        """What is made in an index that is ready for it."""
        self._active(index_id)
        return self.keep(operation, {"index_id": index_id, **members})

    def _check_room(self, index_id: str) -> None:
        edition = self._found("Index", Id=index_id)["members"]["Edition"]
        there = len(self._all("DataSource", index_id))
        if edition == "DEVELOPER_EDITION" and there >= _DEVELOPER_SOURCES:
            most = f"An index of the developer edition has at most {_DEVELOPER_SOURCES} data sources."
            raise self.error("ServiceQuotaExceededException", most)
