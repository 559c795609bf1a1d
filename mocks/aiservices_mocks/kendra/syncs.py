"""Data sources that are synchronized: what a bucket holds comes into the index, what it no longer holds goes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.engines import extraction
from aiservices_mocks.places import Place
from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.service import Service, stateful
from aiservices_mocks.store import Record
from aiservices_mocks.views import ENDED, View

from .documents import RUN, SOURCE, Documents, typed
from .of_index import clear

if TYPE_CHECKING:
    from aiservices_mocks.keeper import Keeper

_METADATA = ".metadata.json"
_EVERY = 1_000_000


def _synchronize(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read a bucket. Of the other connectors none reaches its source from here."""
    assert isinstance(service, Syncs)
    source = service.keepers["DataSource"].find({"IndexId": members["IndexId"], "Id": members["Id"]})
    about: Mapping[str, Any] = source["members"] if source else {"Type": "deleted"}
    bucket = about.get("Configuration", {}).get("S3Configuration")
    if bucket is None:
        only = "the mock reads S3 buckets with an S3Configuration only."
        return _failed(f"The {about['Type']} data source cannot be reached: {only}")
    if "CustomDocumentEnrichmentConfiguration" in about:
        return _failed("The mock does not enrich documents: leave CustomDocumentEnrichmentConfiguration out.")
    return service.read_bucket(members, bucket)


def _without_end(view: View) -> Mapping[str, Any]:
    """That of a custom data source has no end until it is stopped."""
    return {ENDED: False} if view["Status"] == "SYNCING" else {}


SYNC = Resource(
    "DataSourceSyncJob",
    "ExecutionId",
    made="{uuid}",
    parents={"IndexId": "Index", "Id": "DataSource"},
    life=Life(
        "Status",
        (("SYNCING", 120), ("SYNCING_INDEXING", 60), ("SUCCEEDED", 0)),
        stopped=(("STOPPING", 30), ("ABORTED", 0)),
        reason="ErrorMessage",
    ),
    work=_synchronize,
    derived=_without_end,
    newest_first=True,
    operations={"stop": ""},
)


class Syncs(Documents):
    """Sync jobs of data sources."""

    @stateful
    def start_data_source_sync_job(self, id: str, index_id: str) -> Reply:
        """One job at a time; that of a custom data source goes on until it is stopped."""
        with self.world.lock:
            self._active(index_id)
            source = self._found("DataSource", IndexId=index_id, Id=id)
            if (status := self.keepers["DataSource"].status(source)) != "ACTIVE":
                raise self.error("ConflictException", f"The data source is {status}; wait until it is ACTIVE.")
            if self._running(index_id, id) is not None:
                raise self.error("ResourceInUseException", "The data source is being synchronized; wait or stop it.")
            reply = self.keep("StartDataSourceSyncJob", {"id": id, "index_id": index_id})
            if source["members"]["Type"] == "CUSTOM":
                job = self._found("DataSourceSyncJob", IndexId=index_id, Id=id, ExecutionId=reply["ExecutionId"])
                self._syncs.enter(job, ("SYNCING", 0))
        return reply

    @stateful
    def stop_data_source_sync_job(self, id: str, index_id: str) -> Reply:
        """What the custom data source has sent until now is counted; another job is broken off."""
        with self.world.lock:
            source = self._found("DataSource", IndexId=index_id, Id=id)
            job = self._running(index_id, id)
            if job is None:
                return {}
            if source["members"]["Type"] == "CUSTOM":
                self._syncs.change(job, {"Metrics": self._sent(index_id, job)})
                self._syncs.enter(job, ("STOPPING", 30), ("SUCCEEDED", 0))
            else:
                self._syncs.enter(job, ("STOPPING", 30), ("ABORTED", 0))
        return {}

    @stateful
    def list_data_source_sync_jobs(
        self, start_time_filter: dict[str, datetime] | None = None, max_results: int | None = None, **members: Any
    ) -> Reply:
        """The jobs of a data source that began between two times, the last one first."""
        operation, times = "ListDataSourceSyncJobs", start_time_filter or {}
        asked = self.named(operation, {**members, "start_time_filter": start_time_filter})
        every: dict[str, Any] = {name: asked[name] for name in ("IndexId", "Id", "StatusFilter") if name in asked}
        begun = [
            job
            for job in self.kept[operation]({**every, "MaxResults": _EVERY})["History"]
            if times.get("StartTime", job["StartTime"]) <= job["StartTime"] <= times.get("EndTime", job["StartTime"])
        ]
        return self.listed(operation, asked, begun, "History", max_results or 10)

    @stateful
    def delete_data_source(self, id: str, index_id: str) -> Reply:
        """Its documents leave the index with it, and its groups."""
        with self.world.lock:
            reply = self.keep("DeleteDataSource", {"id": id, "index_id": index_id})
            for record in self._documents_of(index_id, id):
                del self._documents[f"{index_id}\n{record['id']}"]
            clear(self.world.store.table(self.name, "group"), index_id, id)
        return reply

    @property
    def _syncs(self) -> Keeper:
        return self.keepers["DataSourceSyncJob"]

    def _running(self, index_id: str, id: str) -> Record | None:
        """The job of a data source that has not ended."""
        last = self._syncs.all({"IndexId": index_id, "Id": id})[-1:]
        ended = ("SUCCEEDED", "FAILED", "ABORTED", "INCOMPLETE")
        return next((job for job in last if self._syncs.status(job) not in ended), None)

    def _sent(self, index_id: str, job: Record) -> dict[str, str]:
        """What was put for a job of a custom data source."""
        name, source = job["members"]["ExecutionId"], job["members"]["Id"]
        mine = [
            one
            for one in self._documents_of(index_id, source)
            if (one["attributes"].get(RUN) == name or (RUN not in one["attributes"] and one["put"] >= job["created"]))
        ]
        counted = {
            "Added": sum(1 for one in mine if not one["updated"] and not one["failure"]),
            "Modified": sum(1 for one in mine if one["updated"] and not one["failure"]),
            "Failed": sum(1 for one in mine if one["failure"]),
            "Deleted": job["members"].get("Deleted", 0),
            "Scanned": len(mine),
        }
        return _metrics(counted)

    # Buckets.

    def read_bucket(self, job: Mapping[str, Any], bucket: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make the documents of a data source those of its bucket, and count what that took."""
        index_id, source = job["IndexId"], job["Id"]
        s3, name = self.world.s3, bucket["BucketName"]
        try:
            wanted = list(_chosen(s3.keys(name), bucket))
            lists = self._lists_of(bucket)
        except ServiceError:
            return _failed(f"The S3 bucket {name} does not exist or cannot be read.")
        except ValueError:
            return _failed("The access control list is no JSON of prefixes and entries.")
        known = {one["place"]: one for one in self._documents_of(index_id, source) if "place" in one}
        counted = dict.fromkeys(("Added", "Modified", "Deleted", "Failed"), 0)
        for key in wanted:
            place = Place(name, key)
            marks = self._marks(place, bucket, lists)
            old = known.pop(place.uri, None)
            if old is not None and old["marks"] == marks:
                continue
            record = self._read_object(index_id, source, place, bucket, lists)
            self.put_document(index_id, {**record, "marks": marks})
            counted["Failed" if record["failure"] else "Modified" if old is not None else "Added"] += 1
        for gone in known.values():
            self._documents.pop(f"{index_id}\n{gone['id']}", None)
        counted["Deleted"] = len(known)
        result: dict[str, Any] = {"Metrics": _metrics({**counted, "Scanned": len(wanted)})}
        if counted["Failed"]:
            result |= {"Status": "INCOMPLETE", "ErrorMessage": f"{counted['Failed']} documents could not be read."}
        return result

    def _marks(self, place: Place, bucket: Mapping[str, Any], lists: Mapping[str, Any]) -> list[str]:
        """What changes when the object, what is said about it, or who may see it changes."""
        etags = []
        for key in (place.key, _metadata_key(place.key, bucket)):
            try:
                etags.append(str(self.world.s3.head(place.bucket, key)["ETag"]))
            except ServiceError:
                etags.append("")
        return [*etags, repr(_list_of(place.uri, lists))]

    def _read_object(
        self, index_id: str, source: str, place: Place, bucket: Mapping[str, Any], lists: Mapping[str, Any]
    ) -> dict[str, Any]:
        about, failure = self._about(place, bucket)
        given = {**about.get("Attributes", {}), SOURCE: source}
        attributes: dict[str, Any] = {"_source_uri": place.url(self.world.region)}
        fields = self._fields(index_id)
        for field, content in given.items():
            if field not in fields:
                failure = failure or f"The index has no field {field}; add it with UpdateIndex."
                continue
            try:
                attributes[field] = typed(content, fields[field]["Type"])
            except ValueError:
                failure = failure or f"{field} is no {fields[field]['Type']}."
        acl = about.get("AccessControlList") or _list_of(place.uri, lists)
        try:
            data = self.world.s3.get(place.bucket, place.key)
        except ServiceError:
            data, failure = b"", "The S3 object cannot be read."
        kind = str(about.get("ContentType", extraction.kind(place.key)))
        title = str(about.get("Title") or place.key.rpartition("/")[2])
        id = str(about.get("DocumentId") or place.uri)
        read = self.document(id, data, kind, attributes, title=title, acl=acl, failure=failure)
        return {**read, "place": place.uri}

    def _about(self, place: Place, bucket: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        """What the metadata file of an object says, and what is wrong with that file."""
        try:
            data = self.world.s3.get(place.bucket, _metadata_key(place.key, bucket))
        except ServiceError:
            return {}, ""
        try:
            about = json.loads(data)
            acl = [_principal(one) for one in about.get("AccessControlList", ())]
            return {**about, "Attributes": dict(about.get("Attributes", {})), "AccessControlList": acl}, ""
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return {}, "The metadata file is no JSON in Amazon Kendra's form."

    def _lists_of(self, bucket: Mapping[str, Any]) -> dict[str, Any]:
        """The entries of the access control file, by the prefix that they are for."""
        path = bucket.get("AccessControlListConfiguration", {}).get("KeyPath")
        if path is None:
            return {}
        key = path.removeprefix("s3://").removeprefix(f"{bucket['BucketName']}/")
        entries = json.loads(self.world.s3.get(bucket["BucketName"], key))
        try:
            return {one["keyPrefix"]: [_principal(entry) for entry in one["aclEntries"]] for one in entries}
        except (TypeError, KeyError) as error:
            raise ValueError("not in Kendra's form") from error


def _chosen(keys: list[str], bucket: Mapping[str, Any]) -> Iterator[str]:
    """The keys of documents: below the prefixes, fitting a pattern, and left out by none."""
    prefixes = tuple(bucket.get("InclusionPrefixes", ())) or ("",)
    inside, outside = bucket.get("InclusionPatterns", ()), bucket.get("ExclusionPatterns", ())
    about = bucket.get("DocumentsMetadataConfiguration", {}).get("S3Prefix")
    for key in keys:
        is_about = key.endswith(_METADATA) or (about is not None and key.startswith(about.rstrip("/") + "/"))
        listed = bucket.get("AccessControlListConfiguration", {}).get("KeyPath", "")
        if is_about or key.endswith("/") or (listed and listed.endswith(key)):
            continue
        fits = not inside or any(fnmatchcase(key, pattern) for pattern in inside)
        if key.startswith(prefixes) and fits and not any(fnmatchcase(key, pattern) for pattern in outside):
            yield key


def _metadata_key(key: str, bucket: Mapping[str, Any]) -> str:
    prefix = bucket.get("DocumentsMetadataConfiguration", {}).get("S3Prefix")
    return f"{prefix.rstrip('/')}/{key}{_METADATA}" if prefix else key + _METADATA


def _list_of(place: str, lists: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries of the longest prefix that a place begins with."""
    prefixes = [prefix for prefix in lists if place.startswith(prefix)]
    found: list[dict[str, Any]] = lists[max(prefixes, key=len)] if prefixes else []
    return found


def _principal(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(entry[name]) for name in ("Name", "Type", "Access")}


def _failed(reason: str) -> dict[str, Any]:
    """The end of a job that could not even begin to read."""
    return {"Status": "FAILED", "ErrorCode": "InvalidRequest", "ErrorMessage": reason, "Metrics": _metrics({})}


def _metrics(counted: Mapping[str, int]) -> dict[str, str]:
    names = ("Added", "Modified", "Deleted", "Failed", "Scanned")
    return {f"Documents{name}": str(counted.get(name, 0)) for name in names}
