"""Jobs that bring records into datasets, take them out to S3, and delete those of users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.places import Place, place
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.service import stateful

from .asking import Asking
from .records import add, columns_of, dataset_of, forget, replace, rows_of
from .schemas import REQUIRED, Column, RecordError, Row, read_csv, write_csv

if TYPE_CHECKING:
    from aiservices_mocks.service import Service
    from aiservices_mocks.store import Record

_JOBS = 5
"""Import jobs that can be pending or in progress at a time."""
_NO_ACCESS = "Insufficient privileges for accessing data in Amazon S3."
_KEYS = {"ITEMS": "ITEM_ID", "USERS": "USER_ID", "ACTIONS": "ACTION_ID"}
_OF_USERS = ("INTERACTIONS", "USERS", "ACTION_INTERACTIONS")
_NEW_USER = {"USER_ID": Column("USER_ID", ("string",), 256)}


class Transfers(Asking):
    """The jobs' beginnings."""

    @stateful
    def create_dataset_import_job(self, **request: Any) -> Reply:
        """Read files of a dataset, in the place of the imported records or behind them."""
        self._place(request["data_source"].get("dataLocation", ""), "Data location")
        with self.world.lock:
            if self._busy("DatasetImportJob", {}) >= _JOBS:
                words = f"More than {_JOBS} resources with PENDING or IN_PROGRESS status."
                raise self.error("LimitExceededException", words)
            return self.keep("CreateDatasetImportJob", request)

    @stateful
    def create_dataset_export_job(self, **request: Any) -> Reply:
        """Write the records of a dataset to a folder."""
        self._place(request["job_output"]["s3DataDestination"]["path"], "S3 output path")
        dataset = self.keepers["Dataset"].named("CreateDatasetExportJob", {"datasetArn": request["dataset_arn"]})
        if dataset["members"]["datasetType"].startswith("ACTION"):
            raise self._invalid("Datasets of actions and action interactions cannot be exported.")
        return self.keep("CreateDatasetExportJob", request)

    @stateful
    def create_data_deletion_job(self, **request: Any) -> Reply:
        """Delete what is known of the users that files name."""
        self._place(request["data_source"].get("dataLocation", ""), "Data location")
        return self.keep("CreateDataDeletionJob", request)


def files(service: Service, where: Place) -> list[tuple[str, bytes]]:
    """The objects at a place: the one of this key, or all whose keys begin with it, and their names.

    Raises WorkFailed when they cannot be read, or there are none.
    """
    s3 = service.world.s3
    try:
        keys = [key for key in s3.keys(where.bucket, where.key) if not key.endswith("/")]
        keys = [where.key] if where.key in keys else keys
        found = [(key.rpartition("/")[2], s3.get(where.bucket, key)) for key in keys]
    except ServiceError as error:
        raise WorkFailed(_NO_ACCESS) from error
    if not found:
        raise WorkFailed("There is no file at the given location in Amazon S3.")
    return found


def written(service: Service, where: Place, data: bytes, content_type: str) -> None:
    """Write an object of a job's output."""
    try:
        service.world.s3.put(where.bucket, where.key, data, content_type=content_type)
    except ServiceError as error:
        raise WorkFailed(_NO_ACCESS) from error


def place_of(uri: str) -> Place:
    """The place that a job was begun with."""
    found = place(uri)
    if found is None:
        raise WorkFailed("Invalid Data location.")
    return found


def _dataset(service: Service, members: Mapping[str, Any]) -> Record:
    found = service.keepers["Dataset"].find(members)
    if found is None:
        raise WorkFailed("The dataset was deleted.")
    return found


def import_records(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the files and hold every record against the schema; all are taken, or none."""
    dataset = _dataset(service, members)
    kind = dataset["members"]["datasetType"]
    known = columns_of(service, dataset)
    try:
        found = files(service, place_of(members["dataSource"]["dataLocation"]))
        rows = [row for _, data in found for row in read_csv(data, known)]
    except (WorkFailed, RecordError) as error:
        raise WorkFailed(f"Failed to create a data import job for {kind} dataset. {error}") from error
    if members["importMode"] == "FULL":
        replace(service, dataset["arn"], rows)
    else:
        _join(service, dataset["arn"], kind, rows)
    return {}


def _join(service: Service, arn: str, kind: str, rows: list[Row]) -> None:
    """Add records; those with the id of an old one take its place."""
    if key := _KEYS.get(kind):
        new = {row[key] for row in rows}
        forget(service, arn, lambda row: row[key] in new)
    add(service, arn, "BULK", rows)


def export_records(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write a CSV file with a header; a record that is there twice is written once."""
    dataset = _dataset(service, members)
    names = list(columns_of(service, dataset))
    rows = rows_of(service, dataset["arn"], members["ingestionMode"])
    once = {tuple(row.get(name) for name in names): row for row in rows}
    key = _KEYS.get(dataset["members"]["datasetType"])
    if key and members["ingestionMode"] == "ALL":
        once = {(row[key],): row for row in rows}
    folder = place_of(members["jobOutput"]["s3DataDestination"]["path"])
    part = service.world.new_id("export", members["datasetExportJobArn"])
    written(service, folder.under(f"part-00000-{part}-c000.csv"), write_csv(names, once.values()), "text/csv")
    return {}


def delete_users(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Delete the records of the users that the files name."""
    try:
        found = files(service, place_of(members["dataSource"]["dataLocation"]))
        users = {row["USER_ID"] for _, data in found for row in read_csv(data, _NEW_USER)}
    except RecordError as error:
        raise WorkFailed(str(error)) from error
    datasets = [dataset_of(service, members["datasetGroupArn"], kind) for kind in REQUIRED if kind in _OF_USERS]
    gone = [forget(service, one["arn"], lambda row: row["USER_ID"] in users) for one in datasets if one]
    return {"numDeleted": sum(gone)}
