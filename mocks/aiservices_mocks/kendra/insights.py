"""What users made of the results: their feedback, and snapshots of what was asked and found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Record

from .searching import Searching

_DAY = timedelta(days=1)
_QUERY_HEADER = ["query_content", "count", "ctr", "zero_click_rate", "zero_result_rate"]
_HEADERS = {
    "QUERIES_BY_COUNT": _QUERY_HEADER,
    "QUERIES_BY_ZERO_CLICK_RATE": _QUERY_HEADER,
    "QUERIES_BY_ZERO_RESULT_RATE": _QUERY_HEADER,
    "DOCS_BY_CLICK_COUNT": ["doc_id", "click_count"],
    "AGG_QUERY_DOC_METRICS": ["query_count", "ctr", "zero_click_rate", "zero_result_rate", "clicked_doc_count"],
    "TREND_QUERY_DOC_METRICS": ["date", "query_count", "ctr", "zero_click_rate", "zero_result_rate"],
}
"""The columns of each snapshot: what AWS's guide says it tells, under names of the mock's own."""


class Insights(Searching):
    """Feedback and snapshots, from the queries that are remembered."""

    @stateful
    def submit_feedback(
        self,
        index_id: str,
        query_id: str,
        click_feedback_items: list[dict[str, Any]] | None = None,
        relevance_feedback_items: list[dict[str, Any]] | None = None,
    ) -> Reply:
        """What was clicked of a query's results, and which of them helped."""
        with self.world.lock:
            self._found("Index", Id=index_id)
            query = self._queries.get(f"{index_id}\n{query_id}")
            if query is None:
                raise self.error("ResourceNotFoundException", "The index has answered no query of this id.")
            clicks, opinions = click_feedback_items or [], relevance_feedback_items or []
            if any(one["ResultId"] not in query["results"] for one in (*clicks, *opinions)):
                raise self.error("ValidationException", "The query has no result of this id.")
            more = {"clicks": [*query["clicks"], *clicks], "opinions": [*query.get("opinions", []), *opinions]}
            self._queries[f"{index_id}\n{query_id}"] = {**query, **more}
        return {}

    @stateful
    def get_snapshots(
        self,
        index_id: str,
        interval: str,
        metric_type: str,
        next_token: str | None = None,
        max_results: int | None = None,
    ) -> Reply:
        """What was asked in a week or month, until the end of yesterday."""
        self._found("Index", Id=index_id)
        begin, end = _span(interval, self.world.clock.now())
        asked = [one for one in self._asked(index_id) if begin <= one["at"] < end]
        rows = _rows(metric_type, asked)
        params = {"IndexId": index_id, "Interval": interval, "MetricType": metric_type, "NextToken": next_token}
        page, token = self.page("GetSnapshots", params, rows, max_results or 100)
        reply = {"SnapShotTimeFilter": {"StartTime": begin, "EndTime": end}, "SnapshotsData": page}
        return {**reply, "SnapshotsDataHeader": _HEADERS[metric_type]} | ({"NextToken": token} if token else {})


def _span(interval: str, now: datetime) -> tuple[datetime, datetime]:
    """When an interval begins and ends; weeks begin on Sundays, and today is in none."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    sunday = today - (today.weekday() + 1) % 7 * _DAY
    first = today.replace(day=1)
    before = (first - _DAY).replace(day=1)
    return {
        "THIS_WEEK": (sunday, today),
        "ONE_WEEK_AGO": (sunday - 7 * _DAY, sunday),
        "TWO_WEEKS_AGO": (sunday - 14 * _DAY, sunday - 7 * _DAY),
        "THIS_MONTH": (first, today),
        "ONE_MONTH_AGO": (before, first),
        "TWO_MONTHS_AGO": ((before - _DAY).replace(day=1), before),
    }[interval]


def _rows(metric: str, asked: Sequence[Record]) -> list[list[str]]:
    if metric == "DOCS_BY_CLICK_COUNT":
        clicks = Counter(one["results"][click["ResultId"]] for one in asked for click in one["clicks"])
        return [[name, str(number)] for name, number in clicks.most_common()]
    if metric == "AGG_QUERY_DOC_METRICS":
        clicked = {one["results"][click["ResultId"]] for one in asked for click in one["clicks"]}
        return [[str(len(asked)), *_rates(asked), str(len(clicked))]]
    if metric == "TREND_QUERY_DOC_METRICS":
        days = _grouped(asked, lambda one: one["at"].date().isoformat())
        return [[day, str(len(queries)), *_rates(queries)] for day, queries in sorted(days.items())]
    texts = _grouped((one for one in asked if one["text"].strip()), lambda one: one["text"][:2048])
    rows = [[text, str(len(queries)), *_rates(queries)] for text, queries in texts.items()]
    column = {"QUERIES_BY_COUNT": 1, "QUERIES_BY_ZERO_CLICK_RATE": 3, "QUERIES_BY_ZERO_RESULT_RATE": 4}[metric]
    return sorted(rows, key=lambda row: -float(row[column]))


def _grouped(asked: Iterable[Record], by: Callable[[Record], str]) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for one in asked:
        groups.setdefault(by(one), []).append(one)
    return groups


def _rates(asked: Sequence[Mapping[str, Any]]) -> list[str]:
    """Percents of the queries with a click, without one, and without a result."""
    if not asked:
        return ["0.0", "0.0", "0.0"]
    clicked = sum(1 for one in asked if one["clicks"])
    empty = sum(1 for one in asked if not one["total"])
    return [f"{100 * part / len(asked):.1f}" for part in (clicked, len(asked) - clicked, empty)]
