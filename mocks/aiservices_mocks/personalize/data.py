"""Schemas, datasets, event trackers, filters and metric attributions of Personalize."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.engines import item_filters
from aiservices_mocks.service import stateful

from .asking import Asking
from .records import forget
from .schemas import REQUIRED, columns, is_record

_METRICS = 10
"""Metrics of one metric attribution."""


class Data(Asking):
    """What a dataset group is made of."""

    @stateful
    def create_schema(self, **request: Any) -> Reply:
        """A schema in Avro's JSON."""
        if not is_record(request["schema"]):
            raise self._invalid(f"The schema of {len(request['schema'])} characters is not an Avro record with fields.")
        return self.keep("CreateSchema", request)

    @stateful
    def create_dataset(self, **request: Any) -> Reply:
        """A group has one dataset of each type; the schema has the columns that the type needs."""
        kind = request["dataset_type"].upper()
        if kind not in REQUIRED:
            raise self._invalid(f"The dataset type must be one of {', '.join(sorted(REQUIRED))}.")
        group = self._group("CreateDataset", request)
        self._check_columns("CreateDataset", request["schema_arn"], kind)
        return self.keep("CreateDataset", request, datasetType=kind, group=group["members"]["name"])

    @stateful
    def update_dataset(self, **request: Any) -> Reply:
        """Another schema."""
        dataset = self.keepers["Dataset"].named("UpdateDataset", self.named("UpdateDataset", request))
        self._check_columns("UpdateDataset", request["schema_arn"], dataset["members"]["datasetType"])
        return self._changed("UpdateDataset", request, "latestDatasetUpdate")

    @stateful
    def describe_dataset(self, dataset_arn: str) -> Reply:
        """The dataset and its latest update."""
        return self._described("DescribeDataset", {"datasetArn": dataset_arn})

    @stateful
    def delete_dataset(self, dataset_arn: str) -> Reply:
        """Forget a dataset with its records, unless some are being imported or learned from."""
        named = {"datasetArn": dataset_arn}
        with self.world.lock:
            dataset = self.keepers["Dataset"].named("DeleteDataset", named)["members"]
            self._check_idle("DatasetImportJob", named)
            self._check_idle("SolutionVersion", {"datasetGroupArn": dataset["datasetGroupArn"]})
            reply = self.kept["DeleteDataset"](named)
            forget(self, dataset_arn, lambda row: True)
        return reply

    def _check_columns(self, operation: str, schema_arn: str, kind: str) -> None:
        schema = self.keepers["Schema"].named(operation, {"schemaArn": schema_arn})
        known = columns(schema["members"]["schema"])
        if missing := [name for name in REQUIRED[kind] if name not in known]:
            raise self._invalid(f"The schema of a dataset of {kind} needs the fields {', '.join(missing)}.")

    @stateful
    def create_event_tracker(self, **request: Any) -> Reply:
        """A group has one event tracker."""
        with self.world.lock:
            self._check_only("EventTracker", request)
            tracking = {"trackingId": self.world.new_id(), "accountId": self.world.account}
            return self.keep("CreateEventTracker", request, **tracking)

    @stateful
    def create_filter(self, **request: Any) -> Reply:
        """A filter of items, users or actions."""
        try:
            item_filters.read(request["filter_expression"])
        except item_filters.FilterError as error:
            raise self._invalid(f"Could not create filter. {error}") from error
        return self.keep("CreateFilter", request)

    @stateful
    def create_metric_attribution(self, **request: Any) -> Reply:
        """A group has one metric attribution."""
        with self.world.lock:
            self._check_only("MetricAttribution", request)
            self._check_metrics(request["metrics"])
            return self.keep("CreateMetricAttribution", request)

    @stateful
    def update_metric_attribution(self, **request: Any) -> Reply:
        """Metrics come and go; the place of the reports changes."""
        params = self.named("UpdateMetricAttribution", request)
        added, removed = params.pop("addMetrics", []), params.pop("removeMetrics", [])
        with self.world.lock:
            known = self.keepers["MetricAttribution"].named("UpdateMetricAttribution", params)["members"]["metrics"]
            if missing := {*removed} - {metric["metricName"] for metric in known}:
                raise self.error("ResourceNotFoundException", f"{len(missing)} of the metrics to remove do not exist.")
            metrics = [*(metric for metric in known if metric["metricName"] not in removed), *added]
            self._check_metrics(metrics)
            return self.kept["UpdateMetricAttribution"]({**params, "metrics": metrics})

    @stateful
    def list_metric_attribution_metrics(self, **request: Any) -> Reply:
        """The metrics of one attribution, or of all."""
        params = self.named("ListMetricAttributionMetrics", request)
        arn = params.get("metricAttributionArn")
        records = self.keepers["MetricAttribution"].all({"metricAttributionArn": arn} if arn else {})
        if arn and not records:
            raise self._invalid("The metric attribution that the request names does not exist.")
        metrics = [metric for record in records for metric in record["members"]["metrics"]]
        return self.listed("ListMetricAttributionMetrics", params, metrics, "metrics")

    def _check_metrics(self, metrics: Sequence[Mapping[str, str]]) -> None:
        if len(metrics) > _METRICS:
            raise self._invalid(f"{len(metrics)} metrics, at most {_METRICS}")
        if len({metric["metricName"] for metric in metrics}) < len(metrics):
            raise self.error("ResourceAlreadyExistsException", "Two metrics have the same name.")
