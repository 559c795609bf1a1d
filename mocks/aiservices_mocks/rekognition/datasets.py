"""The datasets of Custom Labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from aiservices.api.model import load
from aiservices.call import Reply

from ..resources import Life, Resource
from ..service import stateful
from ..store import Record
from . import manifest
from .images import Images

_PAGE = 100
"""Entries or labels that are listed at a time, at most."""
_NOT_READY = ("ResourceNotReadyException", "ResourceInUseException", "InvalidParameterException")
"""What operations call a dataset that is not ready: each the first of these that it knows."""
_DONE = {"CREATE_COMPLETE": "created", "UPDATE_COMPLETE": "updated"}


class Datasets(Images):
    """Datasets: lines of a manifest, with their labels."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "Dataset",
            "DatasetArn",
            made="{arn}",
            arn="project/{ProjectName}/dataset/{Kind}/{millis}",
            unique="DatasetType",
            parents={"ProjectArn": "Project"},
            life=Life("Status", (("CREATE_IN_PROGRESS", 20), ("CREATE_COMPLETE", 0))),
            steady=True,
            operations={"read": ""},
        ),
    )

    @stateful
    def create_dataset(
        self,
        dataset_type: str,
        project_arn: str,
        dataset_source: Mapping[str, Any] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Reply:
        """Make a dataset: empty, of a manifest in S3, or like another one."""
        with self.world.lock:
            project = self._record("Project", "CreateDataset", ProjectArn=project_arn)
            asked = {"dataset_type": dataset_type, "project_arn": project_arn, "tags": tags}
            in_arn = {"ProjectName": project["members"]["ProjectName"], "Kind": dataset_type.lower()}
            return self.keep("CreateDataset", asked, **in_arn, lines=self._source(dataset_source or {}))

    @stateful
    def describe_dataset(self, dataset_arn: str) -> Reply:
        """The state of a dataset, and how much is in it."""
        with self.world.lock:
            dataset = self._record("Dataset", "DescribeDataset", DatasetArn=dataset_arn)
            entries, state = _entries(dataset), self._progress(dataset)
        stats = {
            "LabeledEntries": sum(bool(entry.names) for entry in entries),
            "TotalEntries": len(entries),
            "TotalLabels": len(manifest.count_labels(entries)),
            "ErrorEntries": sum(not entry.source for entry in entries),
        }
        return {"DatasetDescription": {**state, "LastUpdatedTimestamp": dataset["changed"], "DatasetStats": stats}}

    @stateful
    def list_dataset_entries(
        self,
        dataset_arn: str,
        contains_labels: Sequence[str] | None = None,
        labeled: bool | None = None,
        source_ref_contains: str | None = None,
        has_errors: bool | None = None,
        next_token: str | None = None,
        max_results: int | None = None,
    ) -> Reply:
        """The lines of a dataset that pass every filter."""
        entries = _entries(self._ready(dataset_arn, "ListDatasetEntries"))
        lines = [
            entry.line
            for entry in entries
            if (contains_labels is None or entry.names & {*contains_labels})
            and (labeled is None or bool(entry.names) == labeled)
            and (source_ref_contains is None or source_ref_contains in entry.source)
            and (has_errors is None or (not entry.source) == has_errors)
        ]
        params: dict[str, Any] = {"NextToken": next_token, "MaxResults": max_results, "DatasetArn": dataset_arn}
        params |= {"ContainsLabels": contains_labels, "Labeled": labeled}
        params |= {"SourceRefContains": source_ref_contains, "HasErrors": has_errors}
        return self.listed("ListDatasetEntries", params, lines, "DatasetEntries")

    @stateful
    def list_dataset_labels(
        self, dataset_arn: str, next_token: str | None = None, max_results: int | None = None
    ) -> Reply:
        """The labels of a dataset, and how often each is there."""
        counts = manifest.count_labels(_entries(self._ready(dataset_arn, "ListDatasetLabels")))
        labels = [{"LabelName": name, "LabelStats": stats} for name, stats in counts.items()]
        params = {"NextToken": next_token, "MaxResults": max_results, "DatasetArn": dataset_arn}
        return self.listed("ListDatasetLabels", params, labels, "DatasetLabelDescriptions")

    @stateful
    def update_dataset_entries(self, dataset_arn: str, changes: Mapping[str, bytes]) -> Reply:
        """Add lines, or put them in the place of those about the same image."""
        with self.world.lock:
            dataset = self._ready(dataset_arn, "UpdateDatasetEntries")
            lines = [*dataset["members"]["lines"], *self._ground_truth(changes["GroundTruth"])]
            self._fill(dataset, manifest.merged(lines))
        return {}

    @stateful
    def distribute_dataset_entries(self, datasets: Sequence[Mapping[str, str]]) -> Reply:
        """Move a fifth of the training dataset's lines to the test dataset, which must be empty."""
        with self.world.lock:
            both = [self._ready(dataset["Arn"], "DistributeDatasetEntries") for dataset in datasets]
            kinds = {dataset["members"]["DatasetType"]: dataset for dataset in both}
            if len({dataset["members"]["ProjectArn"] for dataset in both}) != 1 or len(kinds) != 2:
                raise self.error("InvalidParameterException", "One training and one test dataset of one project.")
            train, test = kinds["TRAIN"], kinds["TEST"]
            if test["members"]["lines"]:
                raise self.error("InvalidParameterException", "The test dataset is not empty.")
            training, testing = manifest.split(train["members"]["lines"])
            self._fill(train, training)
            self._fill(test, testing)
        return {}

    def _fill(self, dataset: Record, lines: list[str]) -> None:
        keeper = self.keepers["Dataset"]
        keeper.change(dataset, {"lines": lines})
        keeper.enter(dataset, ("UPDATE_IN_PROGRESS", 10), ("UPDATE_COMPLETE", 0))

    def _source(self, source: Mapping[str, Any]) -> list[str]:
        """The lines that a new dataset begins with."""
        if "DatasetArn" in source:
            return list(self._ready(source["DatasetArn"], "CreateDataset")["members"]["lines"])
        place = source.get("GroundTruthManifest", {}).get("S3Object")
        if place is None:
            return []
        return manifest.merged(self._ground_truth(self._object(place)))

    def _ground_truth(self, data: bytes) -> list[str]:
        """The lines of a manifest, or the error for what is none."""
        try:
            lines = manifest.lines(data)
        except UnicodeDecodeError:
            raise self.error("InvalidParameterException", f"{len(data)} bytes that are not UTF-8.") from None
        for number, line in enumerate(lines, 1):
            if not (line.startswith("{") and line.endswith("}")):
                raise self.error("InvalidParameterException", f"Line {number} is not a JSON object.")
        return lines

    def _ready(self, arn: str, operation: str) -> Record:
        dataset = self._record("Dataset", operation, DatasetArn=arn)
        status = self.keepers["Dataset"].status(dataset)
        if not status.endswith("COMPLETE"):
            errors = load(self.name).operations[operation].errors
            code = next(code for code in _NOT_READY if code in errors)
            raise self.error(code, f"The dataset is {status}; wait until it is done.")
        return dataset

    def _progress(self, dataset: Record) -> dict[str, Any]:
        """What DescribeDataset and DescribeProjects both tell of it."""
        status = self.keepers["Dataset"].look(dataset)
        message = f"The dataset is {_DONE.get(status, 'not ready yet')}."
        told = {"Status": status, "StatusMessage": message, "StatusMessageCode": "SUCCESS"}
        return {"CreationTimestamp": dataset["created"], **told}


def _entries(dataset: Record) -> list[manifest.Entry]:
    return [manifest.read(line) for line in dataset["members"]["lines"]]
