"""The documents of indexes: put, deleted, and how far each of them is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from aiservices.call import Reply
from aiservices.errors import NotMockedError, ServiceError
from aiservices_mocks.engines import extraction
from aiservices_mocks.places import Place
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Index, Record, Table

from .filters import WrongFilter, plain
from .of_index import OfIndex

_SECONDS = 60
"""Until a document can be found."""
_INLINE, _STORED = 5 * 1024 * 1024, 50 * 1024 * 1024
"""Bytes of a document. Source: https://docs.aws.amazon.com/kendra/latest/APIReference/API_BatchPutDocument.html"""
SOURCE, RUN = "_data_source_id", "_data_source_sync_job_execution_id"
_FOR_SOURCES = {RUN: "STRING_VALUE"}


class Unfit(Exception):
    """A document that cannot be put into an index; says why."""


class Documents(OfIndex):
    """The documents are kept with their text, attributes and lists of who may see them."""

    @stateful
    def batch_put_document(
        self,
        index_id: str,
        documents: list[dict[str, Any]],
        role_arn: str | None = None,
        custom_document_enrichment_configuration: dict[str, Any] | None = None,
    ) -> Reply:
        """Those that cannot be taken are in the failures; those that cannot be read fail later."""
        if custom_document_enrichment_configuration is not None:
            raise NotMockedError("kendra.BatchPutDocument: CustomDocumentEnrichmentConfiguration is not mocked")
        fields = self._fields(index_id)
        if any("S3Path" in one for one in documents) and role_arn is None:
            raise self.error("ValidationException", "Documents in S3 need a RoleArn.")
        failed = []
        for given in documents:
            try:
                record = self._taken(index_id, given, fields)
            except Unfit as error:
                failed.append({"Id": given["Id"], "ErrorCode": "InvalidRequest", "ErrorMessage": str(error)})
                continue
            self.put_document(index_id, record)
        return {"FailedDocuments": failed}

    @stateful
    def batch_delete_document(
        self,
        index_id: str,
        document_id_list: list[str],
        data_source_sync_job_metric_target: dict[str, str] | None = None,
    ) -> Reply:
        """Those that are not there are not missed; a sync job that is named counts the others."""
        self._active(index_id)
        target = data_source_sync_job_metric_target or {}
        if target:
            self._found("DataSource", IndexId=index_id, Id=target["DataSourceId"])
        with self.world.lock:
            gone = [self._documents.pop(f"{index_id}\n{name}", None) for name in document_id_list]
            if "DataSourceSyncJobId" in target:
                job = {"Id": target["DataSourceId"], "ExecutionId": target["DataSourceSyncJobId"]}
                record = self._found("DataSourceSyncJob", IndexId=index_id, **job)
                deleted = record["members"].get("Deleted", 0) + sum(1 for one in gone if one is not None)
                self.keepers["DataSourceSyncJob"].change(record, {"Deleted": deleted})
        return {"FailedDocuments": []}

    @stateful
    def batch_get_document_status(self, index_id: str, document_info_list: list[dict[str, Any]]) -> Reply:
        """How far each document is; one that is not there is NOT_FOUND."""
        self._active(index_id)
        return {"Errors": [], "DocumentStatusList": [self._status(index_id, one) for one in document_info_list]}

    def _status(self, index_id: str, asked: Mapping[str, Any]) -> dict[str, str]:
        name = asked["DocumentId"]
        found = self._documents.get(f"{index_id}\n{name}")
        if found is None:
            return {"DocumentId": name, "DocumentStatus": "NOT_FOUND"}
        if not self.world.clock.passed(found["put"], _SECONDS):
            return {"DocumentId": name, "DocumentStatus": "PROCESSING"}
        if found["failure"]:
            status = "UPDATE_FAILED" if found["updated"] else "FAILED"
            why = {"FailureCode": "InvalidRequest", "FailureReason": found["failure"]}
            return {"DocumentId": name, "DocumentStatus": status, **why}
        return {"DocumentId": name, "DocumentStatus": "UPDATED" if found["updated"] else "INDEXED"}

    def put_document(self, index_id: str, record: Mapping[str, Any]) -> None:
        """Keep a document, in the place of the one of its id."""
        key = f"{index_id}\n{record['id']}"
        with self.world.lock:
            told = {"index": index_id, "put": self.world.clock.now(), "updated": key in self._documents}
            self._documents[key] = {**record, **told}

    def document(
        self,
        id: str,
        data: bytes,
        kind: str,
        attributes: Mapping[str, Any],
        *,
        title: str = "",
        acl: Iterable[Mapping[str, Any]] = (),
        hierarchy: Iterable[Iterable[Mapping[str, Any]]] = (),
        failure: str = "",
    ) -> dict[str, Any]:
        """A document read from its bytes; what cannot be read says why in `failure`."""
        own = text = ""
        if not failure:
            try:
                own, text = extraction.text(data, kind)
            except extraction.UnreadableText as error:
                failure = str(error)
        return {
            "id": id,
            "title": title or str(attributes.get("_document_title", "")) or own,
            "text": text,
            "attributes": dict(attributes),
            "acl": [dict(one) for one in acl],
            "hierarchy": [[dict(one) for one in level] for level in hierarchy],
            "failure": failure,
            "source": attributes.get(SOURCE, ""),
        }

    def indexed(self, index_id: str) -> list[Record]:
        """The documents that can be found by now."""
        passed = self.world.clock.passed
        return [one for one in self._documents_of(index_id) if passed(one["put"], _SECONDS) and not one["failure"]]

    def _fields(self, index_id: str) -> dict[str, dict[str, Any]]:
        """The fields that the documents of an active index have, by name."""
        configured = self._active(index_id)["members"]["DocumentMetadataConfigurations"]
        return {field["Name"]: field for field in configured}

    def _taken(self, index_id: str, given: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
        if ("Blob" in given) == ("S3Path" in given):
            raise Unfit("Give either Blob or S3Path.")
        if "AccessControlList" in given and "HierarchicalAccessControlList" in given:
            raise Unfit("Give either AccessControlList or HierarchicalAccessControlList.")
        attributes = read_attributes(given.get("Attributes", ()), fields)
        lists = self._lists(index_id, given)
        data, failure, kind = bytes(given.get("Blob", b"")), "", given.get("ContentType", "PLAIN_TEXT")
        if "S3Path" in given:
            place = given["S3Path"]
            kind = given.get("ContentType", extraction.kind(place["Key"]))
            attributes.setdefault("_source_uri", Place(place["Bucket"], place["Key"]).url(self.world.region))
            try:
                data = self.world.s3.get(place["Bucket"], place["Key"])
            except ServiceError:
                failure = "The S3 object does not exist or cannot be read."
        most = _STORED if "S3Path" in given else _INLINE
        if len(data) > most:
            raise Unfit(f"The document has {len(data):,} bytes, at most {most:,}.")
        return self.document(
            given["Id"], data, kind, attributes, title=given.get("Title", ""), failure=failure, **lists
        )

    def _lists(self, index_id: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Who may see a document: as it says itself, or as the configuration that it names."""
        if "AccessControlConfigurationId" in given:
            named = {"IndexId": index_id, "Id": given["AccessControlConfigurationId"]}
            found = self.keepers["AccessControlConfiguration"].find(named)
            if found is None:
                raise Unfit("The index has no access control configuration of this id.")
            given = found["members"]
        levels = [level["PrincipalList"] for level in given.get("HierarchicalAccessControlList", ())]
        return {"acl": given.get("AccessControlList", ()), "hierarchy": levels}

    def _documents_of(self, index_id: str, source: str | None = None) -> list[Record]:
        """The documents of an index, or of one of its data sources."""
        found = [self._documents[key] for key in self._by_index[index_id].after(0)]
        return found if source is None else [one for one in found if one["source"] == source]

    @property
    def _documents(self) -> Table:
        return self.world.store.table(self.name, "document")

    @cached_property
    def _by_index(self) -> Index:
        return self._documents.index(lambda record: record["index"])


def read_attributes(given: Iterable[Mapping[str, Any]], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes by name, each of them a field of the index and of its type."""
    attributes = {}
    for one in given:
        kind = _FOR_SOURCES.get(one["Key"]) or fields.get(one["Key"], {}).get("Type")
        if kind is None:
            raise Unfit(f"The index has no field {one['Key']}; add it with UpdateIndex.")
        try:
            found, content = plain(one["Value"])
        except WrongFilter as error:
            raise Unfit(str(error)) from None
        if found != kind:
            raise Unfit(f"{one['Key']} is a {kind} of the index, not a {found}.")
        attributes[one["Key"]] = content
    return attributes


def typed(content: Any, kind: str) -> Any:
    """A value from JSON as a field of this type has it; ValueError when it is of another."""
    if kind == "DATE_VALUE":
        date = datetime.fromisoformat(str(content))
        return date if date.tzinfo else date.replace(tzinfo=UTC)
    fitting = {"STRING_VALUE": str, "LONG_VALUE": int, "STRING_LIST_VALUE": list}[kind]
    items = content if isinstance(content, list) else [""]
    if type(content) is not fitting or not all(isinstance(item, str) for item in items):
        raise ValueError(f"not a {kind}")
    return content
