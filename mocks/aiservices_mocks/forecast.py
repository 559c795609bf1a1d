"""Amazon Forecast, kept: datasets and dataset groups, their tags, and the deletion of a tree.

Importing, training, forecasting and explaining compute from data and are not answered here; nor are StopResource and
ResumeResource, which are about such jobs. As on the real service a group does not keep its datasets from being deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.call import Reply

from .resources import Life, Resource
from .service import Service, stateful

_LIFE = Life("Status", (("CREATE_PENDING", 5), ("CREATE_IN_PROGRESS", 10), ("ACTIVE", 0)))


class Forecast(Service):
    """What Forecast keeps."""

    name = "forecast"
    resources = (
        Resource(
            "Dataset", "DatasetArn", made="{arn}", arn="dataset/{DatasetName}", life=_LIFE, steady=True, quota=1500
        ),
        Resource(
            "DatasetGroup",
            "DatasetGroupArn",
            made="{arn}",
            arn="dataset-group/{DatasetGroupName}",
            life=_LIFE,
            defaults={"DatasetArns": []},
            steady=True,
            quota=500,
        ),
    )

    @stateful
    def create_dataset(self, **request: Any) -> Reply:
        """A dataset; related time series need a frequency."""
        if request["dataset_type"] == "RELATED_TIME_SERIES" and "data_frequency" not in request:
            raise self.error("InvalidInputException", "DataFrequency is required for RELATED_TIME_SERIES datasets.")
        return self.keep("CreateDataset", request)

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
    def delete_resource_tree(self, resource_arn: str) -> Reply:
        """Neither datasets nor groups have children that are kept: the tree is the resource itself."""
        for noun, keeper in self.keepers.items():
            if keeper.by_arn(resource_arn) is not None:
                return keeper.answer("delete", f"Delete{noun}", {keeper.row.id: resource_arn})
        raise self.error("ResourceNotFoundException", "No resource has this ARN.")

    def _check_datasets(self, arns: Sequence[str], domain: str) -> None:
        """They must be there, of the group's domain, and no two of one type."""
        types: set[str] = set()
        for arn in arns:
            dataset = self.keepers["Dataset"].find({"DatasetArn": arn})
            if dataset is None:
                raise self.error("ResourceNotFoundException", "A dataset of the group does not exist.")
            members: Mapping[str, Any] = dataset["members"]
            if members["Domain"] != domain:
                raise self.error("InvalidInputException", f"The group's domain is {domain}, a dataset's is another.")
            if members["DatasetType"] in types:
                raise self.error("InvalidInputException", f"Two datasets of type {members['DatasetType']}.")
            types.add(members["DatasetType"])
