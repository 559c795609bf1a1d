"""Counts of what happened in conversations: by time, by group, filtered, in order."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

Event = Mapping[str, Any]
"""What happened once: its names of filters and groups with their values, its numbers under `metrics`."""

_BINS = {"OneHour": 3600, "OneDay": 86400}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {"GT": operator.gt, "LT": operator.lt, "EQ": operator.eq}


def chosen(events: Iterable[Event], filters: Sequence[Mapping[str, Any]]) -> list[Event]:
    """The events that pass all filters; of the values of one filter any will do."""
    return [event for event in events if all(_passes(event.get(one["name"]), one) for one in filters)]


def results(events: Sequence[Event], params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The metrics that a request asks for: one result for each bin and group in which something happened."""
    bins, groups = params.get("binBy") or [], [one["name"] for one in params.get("groupBy") or ()]
    found: dict[tuple[Any, ...], list[Event]] = {}
    for event in events:
        key = (*(_bin(event[one["name"]], one["interval"]) for one in bins), *(str(event[name]) for name in groups))
        found.setdefault(key, []).append(event)
    rows = [_row(key, own, bins, groups, params["metrics"]) for key, own in found.items()]
    for index, metric in reversed([*enumerate(params["metrics"])]):
        if "order" in metric:
            rows.sort(key=lambda row: row["metricsResults"][index]["value"], reverse=metric["order"] == "Descending")
    if bins:
        rows.sort(key=lambda row: row["binKeys"][0]["value"], reverse=bins[0].get("order") == "Descending")
    return rows


def _row(
    key: Sequence[Any],
    events: Sequence[Event],
    bins: Sequence[Mapping[str, Any]],
    groups: Sequence[str],
    metrics: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if bins:
        row["binKeys"] = [{"name": one["name"], "value": value} for one, value in zip(bins, key, strict=False)]
    if groups:
        row["groupByKeys"] = [
            {"name": name, "value": value} for name, value in zip(groups, key[len(bins) :], strict=True)
        ]
    row["metricsResults"] = [
        {
            "name": one["name"],
            "statistic": one["statistic"],
            "value": _statistic(one["statistic"], [float(event["metrics"][one["name"]]) for event in events]),
        }
        for one in metrics
    ]
    row[""] = events
    return row


def _statistic(name: str, values: Sequence[float]) -> float:
    if name == "Max":
        return max(values)
    return round(sum(values) / (len(values) if name == "Avg" else 1), 6)


def _bin(time: datetime, interval: str) -> int:
    """When the hour or day began, in seconds."""
    seconds = int(time.timestamp())
    return seconds - seconds % _BINS[interval]


def _passes(value: Any, condition: Mapping[str, Any]) -> bool:
    compare = _COMPARE[condition["operator"]]
    if isinstance(value, (int, float)):
        wanted = [float(one) for one in condition["values"] if one.replace(".", "", 1).isdecimal()]
        return any(compare(value, one) for one in wanted)
    return value is not None and any(compare(str(value), one) for one in condition["values"])
