"""The time series of a dataset group: what was imported, brought to the steps and dimensions of a predictor."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from statistics import fmean, median
from typing import Any, NamedTuple

from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.service import Service
from aiservices_mocks.store import Record

from .frequency import Frequency, parse
from .tables import Row

Key = tuple[str, ...]
"""The item of a series and its further dimensions."""

TARGETS = {
    "RETAIL": "demand",
    "CUSTOM": "target_value",
    "INVENTORY_PLANNING": "demand",
    "EC2_CAPACITY": "number_of_instances",
    "WORK_FORCE": "workforce_demand",
    "WEB_TRAFFIC": "value",
    "METRICS": "metric_value",
}
"""The column that is forecast, by domain."""
STEPS = 1_000_000
"""Steps of one series: what begins long before the others end is filled until then."""
_ITEMS = {"EC2_CAPACITY": "instance_type", "WORK_FORCE": "workforce_type", "METRICS": "metric_name"}
_TOGETHER: Mapping[str, Callable[[Sequence[float]], float]] = {
    "sum": math.fsum,
    "avg": fmean,
    "min": min,
    "max": max,
    "first": lambda values: values[0],
}
_FILLINGS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "zero": lambda values: 0.0,
    "mean": fmean,
    "median": median,
    "min": min,
    "max": max,
}


class Series(NamedTuple):
    """Values at every step from a start on."""

    start: datetime
    values: list[float]


def item_name(domain: str) -> str:
    """What the column of items is called in a domain."""
    return _ITEMS.get(domain, "item_id")


def required(domain: str, kind: str) -> tuple[str, ...]:
    """The columns that a dataset's schema must have."""
    item = item_name(domain)
    return {
        "TARGET_TIME_SERIES": (item, "timestamp", TARGETS[domain]),
        "RELATED_TIME_SERIES": (item, "timestamp"),
        "ITEM_METADATA": (item,),
    }[kind]


def columns(dataset: Record) -> list[str]:
    """The names of a dataset's columns."""
    return [attribute["AttributeName"] for attribute in dataset["members"]["Schema"]["Attributes"]]


def dataset_of(service: Service, group: Record, kind: str) -> Record | None:
    """The dataset of a type in a group."""
    datasets = [service.keepers["Dataset"].by_arn(arn) for arn in group["members"]["DatasetArns"]]
    return next((one for one in datasets if one and one["members"]["DatasetType"] == kind), None)


def imports(service: Service, dataset: Record) -> list[Record]:
    """The imports whose rows a dataset has now."""
    keeper = service.keepers["DatasetImportJob"]
    for job in keeper.all({"DatasetArn": dataset["arn"]}):
        keeper.look(job)
    return loaded(service, dataset)


def loaded(service: Service, dataset: Record) -> list[Record]:
    """The last full import and the incremental ones after it, of those that are done.

    The work of an import asks this: it must not wait for another import, whose work may wait for this one.
    """
    jobs = [
        job
        for job in service.keepers["DatasetImportJob"].all({"DatasetArn": dataset["arn"]})
        if "Rows" in job["members"]
    ]
    full = [place for place, job in enumerate(jobs) if job["members"].get("ImportMode", "FULL") == "FULL"]
    return jobs[full[-1] :] if full else jobs


def rows_of(jobs: Sequence[Record]) -> list[Row]:
    """The rows that imports brought."""
    return [row for job in jobs for row in job["members"].get("Rows", ())]


class Plan(NamedTuple):
    """How a predictor sees data."""

    frequency: Frequency
    dimensions: tuple[str, ...]
    target: str
    filling: Mapping[str, str]


def plan(group: Record, members: Mapping[str, Any]) -> Plan:
    """What a predictor's members say about its data."""
    domain = group["members"]["Domain"]
    config = members.get("FeaturizationConfig", members)
    frequency = parse(config["ForecastFrequency"], members.get("TimeAlignmentBoundary"))
    assert frequency is not None
    target = TARGETS[domain]
    filling: dict[str, str] = {}
    for attribute in (members.get("DataConfig") or {}).get("AttributeConfigs", ()):
        if attribute["AttributeName"] == target:
            filling |= attribute["Transformations"]
    for feature in config.get("Featurizations", ()):
        if feature["AttributeName"] == target:
            filling |= transformations(feature)
    return Plan(frequency, (item_name(domain), *config.get("ForecastDimensions", ())), target, filling)


def transformations(feature: Mapping[str, Any]) -> dict[str, str]:
    """What the featurization of a legacy predictor says of an attribute, as an AutoPredictor says it."""
    methods = [method.get("FeaturizationMethodParameters", {}) for method in feature.get("FeaturizationPipeline", ())]
    return {name: how for method in methods for name, how in method.items()}


def wrong_filling(filling: Mapping[str, str]) -> str | None:
    """What cannot be, of how the target's gaps are to be filled."""
    for name, how in filling.items():
        if name == "aggregation":
            right = how in _TOGETHER
        elif name == "frontfill":
            right = how == "none"
        elif name in ("middlefill", "backfill"):
            right = how in (*_FILLINGS, "nan", "value")
        elif name in ("middlefill_value", "backfill_value"):
            right = re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", how) is not None
        else:
            right = False
        if not right:
            return f"{name}: {how}"
    return None


def build(rows: Sequence[Row], names: Sequence[str], plan: Plan) -> dict[Key, Series]:
    """The target series: rows of one step put together, gaps filled, all ended at the same step."""
    places = [names.index(name) for name in plan.dimensions]
    time, value = names.index("timestamp"), names.index(plan.target)
    together = _TOGETHER[plan.filling.get("aggregation", "sum")]
    begin = cache(plan.frequency.start)
    steps: dict[Key, dict[datetime, list[float]]] = {}
    for row in rows:
        if row[value] is None or math.isnan(row[value]):
            continue
        key = tuple(str(row[place]) for place in places)
        steps.setdefault(key, {}).setdefault(begin(row[time]), []).append(float(row[value]))
    if not steps:
        raise WorkFailed("The target time series dataset has no values.")
    end = max(max(known) for known in steps.values())
    return {
        key: _series({step: together(values) for step, values in known.items()}, end, plan)
        for key, known in sorted(steps.items())
    }


def _series(known: Mapping[datetime, float], end: datetime, plan: Plan) -> Series:
    start, last = min(known), max(known)
    count = plan.frequency.between(start, end) + 1
    if count > STEPS:
        raise WorkFailed(f"A time series has {count} steps, at most {STEPS} are allowed.")
    ordered = [known[step] for step in sorted(known)]
    values: list[float] = []
    for number in range(count):
        step = plan.frequency.after(start, number)
        if step in known:
            values.append(known[step])
        else:
            which = "middlefill" if step < last else "backfill"
            values.append(_filled(which, plan.filling, ordered, values[-1]))
    return Series(start, values)


def _filled(which: str, filling: Mapping[str, str], known: Sequence[float], before: float) -> float:
    """The value of a step that has none: 0 unless told otherwise; `nan` leaves it as it was before."""
    how = filling.get(which, "zero")
    if how == "nan":
        return before
    if how == "value":
        return float(filling.get(f"{which}_value", 0))
    return _FILLINGS[how](known)


class Related(NamedTuple):
    """The numeric columns of a related dataset, per step."""

    dimensions: tuple[str, ...]
    values: Mapping[str, Mapping[Key, Mapping[datetime, float]]]
    texts: tuple[str, ...]

    def of(self, name: str, series: Key, dimensions: Sequence[str]) -> Mapping[datetime, float]:
        """A column's values beside a target series, which can have more dimensions."""
        key = tuple(part for part, dimension in zip(series, dimensions, strict=True) if dimension in self.dimensions)
        return self.values[name].get(key, {})


def related(service: Service, group: Record, plan: Plan, dataset: Record | None = None) -> Related | None:
    """What was imported beside the target; None when there is nothing."""
    dataset = dataset or dataset_of(service, group, "RELATED_TIME_SERIES")
    rows = rows_of(imports(service, dataset)) if dataset else []
    if dataset is None or not rows:
        return None
    return relate(rows, dataset["members"]["Schema"]["Attributes"], plan)


def relate(rows: Sequence[Row], attributes: Sequence[Mapping[str, str]], plan: Plan) -> Related:
    """Rows of a related dataset, or of what replaces it, per step."""
    names = [attribute["AttributeName"] for attribute in attributes]
    dimensions = tuple(name for name in plan.dimensions if name in names)
    places = [names.index(name) for name in dimensions]
    time = names.index("timestamp")
    begin = cache(plan.frequency.start)
    numeric = [a["AttributeName"] for a in attributes if a["AttributeType"] in ("integer", "float")]
    found: dict[str, dict[Key, dict[datetime, list[float]]]] = {name: {} for name in numeric}
    for row in rows:
        key = tuple(str(row[place]) for place in places)
        step = begin(row[time])
        for name in numeric:
            cell = row[names.index(name)]
            if cell is not None and not math.isnan(cell):
                found[name].setdefault(key, {}).setdefault(step, []).append(float(cell))
    values = {
        name: {key: {step: fmean(cells) for step, cells in steps.items()} for key, steps in keys.items()}
        for name, keys in found.items()
    }
    texts = tuple(n for n in names if n not in numeric and n not in dimensions and n != "timestamp")
    return Related(dimensions, values, texts)
