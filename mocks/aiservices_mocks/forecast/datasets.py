"""Datasets, dataset groups, and imports, which read files from S3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.service import Service, stateful

from . import monitors, tables
from .base import check_running, check_schema, estimated, found, invalid, path, ready
from .frequency import parse
from .series import TARGETS, required

_GIGABYTE = 1 << 30


class Datasets(Service):
    """What is kept of data."""

    @stateful
    def create_dataset(self, **request: Any) -> Reply:
        """A dataset whose schema has what its domain and type need; series need a frequency."""
        kind, frequency = request["dataset_type"], request.get("data_frequency")
        if kind == "RELATED_TIME_SERIES" and frequency is None:
            raise invalid(self, "DataFrequency is required for RELATED_TIME_SERIES datasets.")
        if frequency is not None and parse(frequency) is None:
            raise invalid(self, f"The data frequency {frequency} is not valid.")
        types = check_schema(self, request["schema"])
        if missing := [name for name in required(request["domain"], kind) if name not in types]:
            raise invalid(
                self, f"The schema of a {kind} dataset in the domain {request['domain']} must have {missing[0]}."
            )
        target = TARGETS[request["domain"]]
        if kind == "TARGET_TIME_SERIES" and types[target] not in ("integer", "float"):
            raise invalid(self, f"The attribute {target} must be of the type integer or float.")
        return self.keep("CreateDataset", request)

    @stateful
    def describe_dataset(self, dataset_arn: str) -> Reply:
        """A dataset; while data is imported its state is that of the import."""
        keeper = self.keepers["DatasetImportJob"]
        states = [keeper.look(job) for job in keeper.all({"DatasetArn": dataset_arn})]
        reply = self.keep("DescribeDataset", {"dataset_arn": dataset_arn})
        busy = next((state for state in states if state in ("CREATE_PENDING", "CREATE_IN_PROGRESS")), None)
        if busy:
            now = self.world.clock.now()
            return {**reply, "Status": busy.replace("CREATE", "UPDATE"), "LastModificationTime": now}
        failed = bool(states) and states[-1] == "CREATE_FAILED"
        return {**reply, **({"Status": "UPDATE_FAILED"} if failed else {})}

    @stateful
    def create_dataset_group(self, **request: Any) -> Reply:
        """A group of datasets of its domain."""
        self._check_datasets(request.get("dataset_arns", ()), request["domain"])
        return self.keep("CreateDatasetGroup", request)

    @stateful
    def update_dataset_group(self, **request: Any) -> Reply:
        """Other datasets in a group."""
        params = self.named("UpdateDatasetGroup", request)
        with self.world.lock:
            group = self.keepers["DatasetGroup"].named("UpdateDatasetGroup", params)
            self._check_datasets(request["dataset_arns"], group["members"]["Domain"])
            return self.kept["UpdateDatasetGroup"](params)

    @stateful
    def delete_dataset_group(self, dataset_group_arn: str) -> Reply:
        """A group goes without its datasets; a predictor that was made of it must be deleted first."""
        with self.world.lock:
            if self.keepers["Predictor"].all({"DatasetGroupArn": dataset_group_arn}):
                raise self.error(
                    "ResourceInUseException", "The dataset group is used by a predictor; delete that first."
                )
            return self.keep("DeleteDatasetGroup", {"dataset_group_arn": dataset_group_arn})

    def _check_datasets(self, arns: Sequence[str], domain: str) -> None:
        """They must be there, of the group's domain, and no two of one type."""
        types: set[str] = set()
        for arn in arns:
            members: Mapping[str, Any] = found(self, "Dataset", arn)["members"]
            if members["Domain"] != domain:
                raise invalid(self, f"The group's domain is {domain}, a dataset's is another.")
            if members["DatasetType"] in types:
                raise invalid(self, f"Two datasets of type {members['DatasetType']}.")
            types.add(members["DatasetType"])

    @stateful
    def describe_dataset_import_job(self, dataset_import_job_arn: str) -> Reply:
        """An import, and how long it will take."""
        return estimated(self, "DatasetImportJob", dataset_import_job_arn)

    @stateful
    def create_dataset_import_job(self, **request: Any) -> Reply:
        """Read files from S3 into a dataset."""
        dataset = ready(self, "Dataset", request["dataset_arn"])["members"]
        moments = request.get("timestamp_format")
        if moments is not None and not tables.is_format(moments):
            raise invalid(self, f"The timestamp format must be yyyy-MM-dd or {tables.DEFAULT_FORMAT}, not {moments}.")
        frequency = parse(dataset.get("DataFrequency", ""))
        if moments == "yyyy-MM-dd" and frequency is not None and frequency.unit in ("H", "min"):
            raise invalid(self, f"Data of frequency {dataset['DataFrequency']} needs {tables.DEFAULT_FORMAT}.")
        if request.get("time_zone") and request.get("use_geolocation_for_time_zone"):
            raise invalid(self, "Give TimeZone or UseGeolocationForTimeZone, not both.")
        check_running(self, "DatasetImportJob")
        return self.keep("CreateDatasetImportJob", request, DatasetName=dataset["DatasetName"])


def read(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an import finds: its rows, what each column holds, and how much it is."""
    dataset = found(service, "Dataset", members["DatasetArn"])
    attributes = dataset["members"]["Schema"]["Attributes"]
    rows, size = tables.read(
        service.world,
        path(members["DataSource"]),
        attributes,
        moments=members.get("TimestampFormat"),
        kind=members.get("Format"),
    )
    monitors.evaluate(service, dataset, members, rows)
    with service.world.lock:
        service.keepers["Dataset"].change(dataset, {})
    statistics = tables.statistics(rows, attributes)
    return {"Rows": rows, "FieldStatistics": statistics, "DataSize": size / _GIGABYTE}
