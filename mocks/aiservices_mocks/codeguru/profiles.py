"""The profiles that agents send: when they were taken, what they say together, what stands out in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, cast

from aiservices.call import Reply, Stream, note
from aiservices.errors import NotMockedError
from aiservices_mocks.engines import profiles as engine
from aiservices_mocks.service import Service, computed, stateful
from aiservices_mocks.store import Index, Record, Table

PERIODS = {"PT5M": timedelta(minutes=5), "PT1H": timedelta(hours=1), "P1D": timedelta(days=1)}
_KEPT = {"PT5M": timedelta(days=15), "PT1H": timedelta(days=60)}
"""How long aggregates are there. Source: https://docs.aws.amazon.com/codeguru/latest/profiler-ug/quotas.html"""
_JSON, _ION = "application/json", "application/x-amzn-ion"
_WEEK = timedelta(days=7)


class Profiles(Service):
    """Profiles in JSON are added up; those in Ion are counted, and refused when somebody asks what is in them."""

    def _group(self, name: str) -> Record:
        found = self.keepers["ProfilingGroup"].find({"profilingGroupName": name})
        if found is None:
            raise self.error("ResourceNotFoundException", "The profiling group does not exist.")
        return found

    @stateful
    def post_agent_profile(
        self, agent_profile: bytes, content_type: str, profiling_group_name: str, profile_token: str | None = None
    ) -> Reply:
        """Keep a profile; the same token again is the same profile."""
        if content_type not in (_JSON, _ION):
            raise self.error("ValidationException", f"The content type must be {_JSON} or {_ION}.")
        now = self.world.clock.now()
        posted: Record = {"group": profiling_group_name, "at": now}
        if content_type == _JSON:
            try:
                read = engine.read(agent_profile)
            except engine.UnreadableProfile as error:
                raise self.error("ValidationException", f"The agent profile cannot be read: {error}.") from None
            posted["callgraph"] = read["callgraph"]
            if "start" in read:
                posted["at"] = datetime.fromtimestamp(read["start"] / 1000, UTC)
        with self.world.lock:
            group = self._group(profiling_group_name)
            key = f"{profiling_group_name}\n{profile_token or self.world.new_id()}"
            if key in self._posted:
                return {}
            self._posted[key] = posted
            latest = {"start": _floor(posted["at"], PERIODS["PT5M"]), "period": "PT5M"}
            status = {
                **group["members"]["profilingStatus"],
                "latestAgentProfileReportedAt": now,
                "latestAggregatedProfile": latest,
            }
            self.keepers["ProfilingGroup"].change(group, {"profilingStatus": status})
        return {}

    @stateful
    def list_profile_times(
        self,
        end_time: datetime,
        period: str,
        profiling_group_name: str,
        start_time: datetime,
        max_results: int | None = None,
        next_token: str | None = None,
        order_by: str = "TimestampDescending",
    ) -> Reply:
        """When the aggregates of a period begin that lie in the range."""
        self._check_range(start_time, end_time)
        times = self._times(profiling_group_name, period, start_time, end_time)
        if order_by == "TimestampDescending":
            times.reverse()
        params = {"group": profiling_group_name, "period": period, "start": start_time, "end": end_time, "by": order_by}
        items = [{"start": time} for time in times]
        params["nextToken"] = next_token
        return self.listed("ListProfileTimes", params, items, "profileTimes", max_results or 100)

    @computed
    def get_profile(
        self,
        profiling_group_name: str,
        accept: str = _JSON,
        end_time: datetime | None = None,
        max_depth: int | None = None,
        period: str | None = None,
        start_time: datetime | None = None,
    ) -> Reply:
        """What the profiles of a time say together: the latest of a period, or between two times."""
        if accept not in (_JSON, _ION, "*/*"):
            raise self.error("ValidationException", f"Accept must be {_JSON} or {_ION}.")
        if accept == _ION:
            raise NotMockedError(f"codeguruprofiler.GetProfile: {_ION} is not mocked; ask for {_JSON}")
        begin, end = self._asked_range(profiling_group_name, start_time, end_time, period)
        posted = self._between(profiling_group_name, begin, end)
        if not posted:
            raise self.error("ResourceNotFoundException", "There is no profile of this time.")
        profile = {
            "start": int(begin.timestamp() * 1000),
            "end": int(end.timestamp() * 1000),
            "callgraph": engine.merged(posted, max_depth),
        }
        blob = json.dumps(profile, separators=(",", ":")).encode()
        return note({"profile": Stream(blob), "contentType": _JSON}, engine="call-graphs", fidelity="computed")

    @computed
    def batch_get_frame_metric_data(
        self,
        profiling_group_name: str,
        end_time: datetime | None = None,
        frame_metrics: list[dict[str, Any]] | None = None,
        period: str | None = None,
        start_time: datetime | None = None,
        target_resolution: str = "PT5M",
    ) -> Reply:
        """Which part of the time, 0 to 1, frames were on the stack; without metrics those of every frame there is."""
        begin, end = self._asked_range(profiling_group_name, start_time, end_time, period)
        step = PERIODS[target_resolution]
        graphs = _by_time(self._between(profiling_group_name, begin, end), step)
        if frame_metrics is None:
            names = sorted({name for graph in graphs.values() for name in engine.shares(graph)})
            frame_metrics = [_metric(name) for name in names]
        shares = {
            states: [engine.shares(graph, states) for graph in graphs.values()]
            for states in {tuple(metric["threadStates"]) for metric in frame_metrics}
        }
        data = [
            {
                "frameMetric": metric,
                "values": [one.get(metric["frameName"], 0.0) for one in shares[tuple(metric["threadStates"])]],
            }
            for metric in frame_metrics
        ]
        reply = {
            "startTime": begin,
            "endTime": end,
            "resolution": target_resolution,
            "endTimes": [{"value": one + step} for one in graphs],
            "frameMetricData": data,
            "unprocessedEndTimes": {},
        }
        return note(reply, engine="call-graphs", fidelity="computed")

    # What stands out.

    @computed
    def get_recommendations(
        self, end_time: datetime, profiling_group_name: str, start_time: datetime, locale: str = "en-US"
    ) -> Reply:
        """Patterns of needless work that took more than their threshold, and frames that were seen unusually often."""
        self._check_range(start_time, end_time)
        self._group(profiling_group_name)
        reply = {
            "profilingGroupName": profiling_group_name,
            "profileStartTime": start_time,
            "profileEndTime": end_time,
            "anomalies": _within(self._anomalies(profiling_group_name), start_time, end_time),
            "recommendations": self._recommendations(profiling_group_name, start_time, end_time),
        }
        return note(reply, engine="call-graphs", fidelity="computed")

    @stateful
    def list_findings_reports(
        self,
        end_time: datetime,
        profiling_group_name: str,
        start_time: datetime,
        daily_reports_only: bool = False,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Reply:
        """A report for every day of which there are profiles."""
        self._check_range(start_time, end_time)
        days = self._times(profiling_group_name, "P1D", start_time, end_time)
        params = {"group": profiling_group_name, "start": start_time, "end": end_time, "daily": daily_reports_only}
        page, token = self.page("ListFindingsReports", {**params, "nextToken": next_token}, days, max_results or 100)
        reports = self._reports(profiling_group_name, page)
        return {"findingsReportSummaries": reports} | ({"nextToken": token} if token else {})

    @stateful
    def get_findings_report_account_summary(
        self, daily_reports_only: bool = False, max_results: int | None = None, next_token: str | None = None
    ) -> Reply:
        """The latest report of every group that has findings."""
        summaries = []
        for group in self.keepers["ProfilingGroup"].all({}):
            name = group["members"]["profilingGroupName"]
            days = self._times(name, "P1D", datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
            summaries += [report for report in self._reports(name, days[-1:]) if report["totalNumberOfFindings"]]
        params = {"daily": daily_reports_only, "nextToken": next_token}
        return self.listed("GetFindingsReportAccountSummary", params, summaries, "reportSummaries", max_results or 100)

    @stateful
    def submit_feedback(
        self, anomaly_instance_id: str, profiling_group_name: str, type: str, comment: str | None = None
    ) -> Reply:
        """Whether an anomaly that was found is one."""
        self._group(profiling_group_name)
        found = [instance["id"] for one in self._anomalies(profiling_group_name) for instance in one["instances"]]
        if anomaly_instance_id not in found:
            raise self.error("ResourceNotFoundException", "The profiling group has no such anomaly.")
        self._feedback[f"{profiling_group_name}\n{anomaly_instance_id}"] = {"type": type, "comment": comment}
        return {}

    def _recommendations(self, group: str, begin: datetime, end: datetime) -> list[dict[str, Any]]:
        graph = engine.merged(self._between(group, begin, end, ion=True))
        found = []
        for pattern in engine.PATTERNS:
            total, frames = engine.matches(graph, pattern)
            if total > pattern.percent:
                found.append(_recommendation(pattern, frames, total, begin, end))
        return found

    def _anomalies(self, group: str) -> list[dict[str, Any]]:
        """The frames that were on the stack far more, or far less, in some hours than in those before."""
        step = PERIODS["PT1H"]
        graphs = _by_time((record for record in self._of(group) if "callgraph" in record), step)
        starts, shares = list(graphs), [engine.shares(graph) for graph in graphs.values()]
        found = []
        for frame in sorted({name for one in shares for name in one}):
            runs = engine.unusual([one.get(frame, 0.0) for one in shares])
            if runs:
                shown = f"{100 * runs[-1].value:.1f} percent of the time, and {100 * runs[-1].usual:.1f} percent before"
                spans = [(starts[run.first], starts[run.last] + step) for run in runs]
                instances = [self._instance(group, frame, *span) for span in spans]
                reason = f"The frame was on the stack for {shown}."
                found.append({"metric": _metric(frame), "reason": reason, "instances": instances})
        return found

    def _instance(self, group: str, frame: str, begin: datetime, end: datetime) -> dict[str, Any]:
        id = self.world.new_id("anomaly", group, frame, begin)
        given = self._feedback.get(f"{group}\n{id}")
        told = {"userFeedback": {"type": given["type"]}} if given else {}
        return {"id": id, "startTime": begin, "endTime": end, **told}

    def _reports(self, group: str, days: Sequence[datetime]) -> list[dict[str, Any]]:
        """A report for each of these days."""
        anomalies, day = self._anomalies(group), PERIODS["P1D"]
        return [
            {
                "id": self.world.new_id("report", group, start),
                "profilingGroupName": group,
                "profileStartTime": start,
                "profileEndTime": start + day,
                "totalNumberOfFindings": len(self._recommendations(group, start, start + day))
                + len(_within(anomalies, start, start + day)),
            }
            for start in days
        ]

    # Which profiles are meant.

    def _times(self, group: str, period: str, begin: datetime, end: datetime) -> list[datetime]:
        """When the aggregates begin that have ended and are still there."""
        self._group(group)
        step = PERIODS[period]
        starts = sorted({_floor(record["at"], step) for record in self._of(group)})
        asked = [start for start in starts if begin <= start < end]
        there = [start for start in asked if self.world.clock.passed(start, step.total_seconds())]
        now = self.world.clock.now()
        return [start for start in there if period not in _KEPT or now - start <= _KEPT[period]]

    def _asked_range(
        self, group: str, start: datetime | None, end: datetime | None, period: str | None
    ) -> tuple[datetime, datetime]:
        """Two of the three say which time is meant; the period alone the latest one of which there are profiles."""
        self._group(group)
        length = PERIODS.get(period) if period is not None else None
        if period is not None and length is None:
            raise self.error("ValidationException", "The period must be PT5M, PT1H or P1D.")
        if length is not None and start is None and end is None:
            times = [record["at"] for record in self._of(group)]
            begin = _floor(max(times, default=self.world.clock.now()), length)
            return begin, begin + length
        if [start, end, length].count(None) != 1:
            raise self.error("ValidationException", "Give two of startTime, endTime and period, or the period alone.")
        begin = start if start is not None else cast(datetime, end) - cast(timedelta, length)
        until = end if end is not None else begin + cast(timedelta, length)
        self._check_range(begin, until)
        if until - begin > _WEEK:
            raise self.error("ValidationException", "The time between start and end must be 7 days at most.")
        return begin, until

    def _check_range(self, begin: datetime, end: datetime) -> None:
        if begin >= end:
            raise self.error("ValidationException", "The start must be before the end.")

    def _of(self, group: str) -> list[Record]:
        return [self._posted[key] for key in self._by_group[group].after(0)]

    def _between(self, group: str, begin: datetime, end: datetime, *, ion: bool = False) -> list[Record]:
        """The profiles of a time. ion: those in Ion are passed over; else they are refused."""
        found = [record for record in self._of(group) if begin <= record["at"] < end]
        readable = [record for record in found if "callgraph" in record]
        if len(readable) < len(found) and not ion:
            raise NotMockedError(f"codeguruprofiler: profiles in {_ION} are counted, but not read; post {_JSON}")
        return readable

    def forget(self, group: str) -> None:
        """Forget what was sent and said about a group."""
        for table in (self._posted, self._feedback):
            for key in [key for key in table if key.startswith(f"{group}\n")]:
                del table[key]

    @property
    def _posted(self) -> Table:
        return self.world.store.table(self.name, "profile")

    @cached_property
    def _by_group(self) -> Index:
        return self._posted.index(lambda record: record["group"])

    @property
    def _feedback(self) -> Table:
        return self.world.store.table(self.name, "feedback")


def _floor(time: datetime, step: timedelta) -> datetime:
    seconds = step.total_seconds()
    return datetime.fromtimestamp(time.timestamp() // seconds * seconds, UTC)


def _by_time(records: Iterable[Record], step: timedelta) -> dict[datetime, engine.Node]:
    """What the profiles of each step say together, by when it begins."""
    steps: dict[datetime, list[Record]] = {}
    for record in sorted(records, key=lambda one: one["at"]):
        steps.setdefault(_floor(record["at"], step), []).append(record)
    return {start: engine.merged(group) for start, group in steps.items()}


def _metric(frame: str) -> dict[str, Any]:
    return {"frameName": frame, "type": "AggregatedRelativeTotalTime", "threadStates": []}


def _within(anomalies: Iterable[dict[str, Any]], begin: datetime, end: datetime) -> list[dict[str, Any]]:
    """The anomalies with those instances that are, at least in part, of a time."""
    found = []
    for one in anomalies:
        there = [each for each in one["instances"] if each["startTime"] < end and each["endTime"] > begin]
        found += [{**one, "instances": there}] if there else []
    return found


def _recommendation(
    pattern: engine.Pattern, frames: list[tuple[str, int, float]], total: float, begin: datetime, end: datetime
) -> dict[str, Any]:
    top = [
        {"frameAddress": frame, "targetFramesIndex": place, "thresholdBreachValue": percent}
        for frame, place, percent in frames
    ]
    return {
        "allMatchesCount": len(frames),
        "allMatchesSum": total,
        "startTime": begin,
        "endTime": end,
        "pattern": {
            "id": pattern.id,
            "name": pattern.name,
            "description": pattern.says,
            "resolutionSteps": pattern.advice,
            "targetFrames": [[name] for name in pattern.frames],
            "thresholdPercent": pattern.percent,
        },
        "topMatches": top[:10],
    }
