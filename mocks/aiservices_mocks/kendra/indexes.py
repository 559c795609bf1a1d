"""Indexes, the fields of their documents, and how many data sources one has room for."""

from __future__ import annotations

from typing import Any

from aiservices.call import Reply
from aiservices_mocks.service import stateful

from .of_index import OfIndex, under

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


class Indexes(OfIndex):
    """What is special about indexes and data sources."""

    @stateful
    def update_index(self, id: str, **members: Any) -> Reply:
        """Fields of the documents are added or changed one by one."""
        changes = members.pop("document_metadata_configuration_updates", ())
        with self.world.lock:
            reply = self._kept("UpdateIndex", id=id, **members)
            record = self._found("Index", Id=id)
            fields = {field["Name"]: field for field in record["members"]["DocumentMetadataConfigurations"]}
            for change in changes:
                old = fields.get(change["Name"], {})
                groups = {name: {**old.get(name, {}), **change.get(name, {})} for name in ("Relevance", "Search")}
                fields[change["Name"]] = {**_field(change["Name"], change["Type"], search=""), **change, **groups}
            record["members"]["DocumentMetadataConfigurations"] = list(fields.values())
        return reply

    @stateful
    def create_data_source(self, index_id: str, **members: Any) -> Reply:
        """A developer index has room for five; only a custom one comes without configuration and role."""
        theirs = [word for word in ("configuration", "role_arn", "schedule") if word in members]
        if members["type"] == "CUSTOM" and theirs:
            raise self.error("ValidationException", f"A CUSTOM data source takes no {theirs[0]}; leave it out.")
        if members["type"] != "CUSTOM" and not {"configuration", "role_arn"} <= {*theirs}:
            raise self.error("ValidationException", f"A {members['type']} data source needs Configuration and RoleArn.")
        with self.world.lock:
            if not self.keepers["DataSource"].repeats(members.get("client_token")):
                self._check_room(index_id)
            return self._kept("CreateDataSource", index_id=index_id, **members)

    def _check_room(self, index_id: str) -> None:
        edition = self._found("Index", Id=index_id)["members"]["Edition"]
        there = under(self.world.store.table(self.name, "DataSource"), index_id)
        if edition == "DEVELOPER_EDITION" and len(there) >= _DEVELOPER_SOURCES:
            most = f"An index of the developer edition has at most {_DEVELOPER_SOURCES} data sources."
            raise self.error("ServiceQuotaExceededException", most)
