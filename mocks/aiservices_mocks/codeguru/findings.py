"""What scans have found: findings with their times, open until a later run of the scan no longer finds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

from aiservices.call import Reply, note
from aiservices_mocks.engines.python_rules import Finding
from aiservices_mocks.service import Service, computed, stateful
from aiservices_mocks.store import Index, Record, Table

_SEVERITIES = ("Info", "Low", "Medium", "High", "Critical")
_DAY = timedelta(days=1)
_ENGINE = "python-rules"


class Findings(Service):
    """The findings of all scans, and how many there were when."""

    def settle_findings(self, scan: str, found: Sequence[Finding]) -> None:
        """Take what a run has found: new findings are opened, missing ones closed, returning ones opened again."""
        now = self.world.clock.now()
        fresh = dict(_named(scan, found))
        with self.world.lock:
            for id, finding in fresh.items():
                known, shown = self._findings.get(f"{scan}\n{id}"), _shown(scan, id, finding)
                is_open = known is not None and known["closed"] is None
                if known and is_open and known["shown"] == shown:
                    continue
                times = {"created": known["created"] if known else now, "updated": now, "closed": None}
                opened = known["opened"] if known and is_open else now
                self._findings[f"{scan}\n{id}"] = {"id": id, "scan": scan, **times, "opened": opened, "shown": shown}
            for record in self._of(scan):
                if record["id"] not in fresh and record["closed"] is None:
                    self._findings.change(f"{scan}\n{record['id']}", closed=now, updated=now)

    @computed
    def get_findings(
        self, scan_name: str, next_token: str | None = None, max_results: int | None = None, status: str = "Open"
    ) -> Reply:
        """The findings of a scan: the open ones, unless others are asked for."""
        scan = self.keepers["Scan"].find({"scanName": scan_name})
        if scan is None:
            raise self.error("ResourceNotFoundException", "There is no scan of this name.", resourceId=scan_name)
        if self.keepers["Scan"].look(scan) == "InProgress":
            message = "The scan is InProgress; wait until it is done."
            raise self.error("ConflictException", message, resourceId=scan_name)
        items = [one for one in map(_view, self._of(scan_name)) if status in ("All", one["status"])]
        params = {"scanName": scan_name, "status": status, "nextToken": next_token}
        reply = self.listed("GetFindings", params, items, "findings", max_results)
        return note(reply, engine=_ENGINE, fidelity="computed")

    @computed
    def batch_get_findings(self, finding_identifiers: list[dict[str, str]]) -> Reply:
        """The named findings; those that are not there are in the failures."""
        found: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        seen = set()
        for named in finding_identifiers:
            key = f"{named['scanName']}\n{named['findingId']}"
            scan = self.keepers["Scan"].find({"scanName": named["scanName"]})
            if scan is not None:
                self.keepers["Scan"].settle(scan)
            record = self._findings.get(key)
            if key in seen:
                failed.append({**named, "errorCode": "DUPLICATE_IDENTIFIER", "message": "It is asked for twice."})
            elif scan is None:
                failed.append({**named, "errorCode": "INVALID_SCAN_NAME", "message": "There is no scan of this name."})
            elif record is None:
                failed.append({**named, "errorCode": "ITEM_DOES_NOT_EXIST", "message": "The scan has no such finding."})
            else:
                found.append(_view(record))
            seen.add(key)
        return note({"findings": found, "failedFindings": failed}, engine=_ENGINE, fidelity="computed")

    @stateful
    def get_metrics_summary(self, date: datetime) -> Reply:
        """What was open at the end of a day, and where most of it was."""
        self._settle_scans()
        day = _day(date)
        there = [record for record in self._findings.values() if _is_open(record, day + _DAY)]
        scans = Counter(record["scan"] for record in there)
        critical = Counter(record["scan"] for record in there if record["shown"]["severity"] == "Critical")
        categories = Counter(record["shown"]["detectorName"] for record in there)
        summary = {
            "date": day,
            "openFindings": _numbers(there),
            "categoriesWithMostFindings": [
                {"categoryName": name, "findingNumber": number} for name, number in categories.most_common(5)
            ],
            "scansWithMostOpenFindings": _most(scans),
            "scansWithMostOpenCriticalFindings": _most(critical),
        }
        return {"metricsSummary": summary}

    @stateful
    def list_findings_metrics(
        self, start_date: datetime, end_date: datetime, next_token: str | None = None, max_results: int | None = None
    ) -> Reply:
        """Day by day what was found, closed and open, and how many days it took to close."""
        first, last = _day(start_date), _day(end_date)
        if first > last:
            raise self.error("ValidationException", "The start date must not be after the end date.")
        if last - first > timedelta(days=365 * 10):
            raise self.error("ValidationException", "The dates must be at most ten years apart.")
        self._settle_scans()
        days = [first + n * _DAY for n in range((last - first).days + 1)]
        params = {"startDate": start_date, "endDate": end_date, "nextToken": next_token}
        reply = self.listed("ListFindingsMetrics", params, days, "findingsMetrics", max_results)
        return {**reply, "findingsMetrics": [self._metrics(day) for day in reply["findingsMetrics"]]}

    def _metrics(self, day: datetime) -> dict[str, Any]:
        every = list(self._findings.values())
        closed = [r for r in every if r["closed"] is not None and day <= r["closed"] < day + _DAY]
        took: dict[str, list[float]] = {}
        for record in closed:
            took.setdefault(record["shown"]["severity"], []).append((record["closed"] - record["opened"]) / _DAY)
        return {
            "date": day,
            "newFindings": _numbers(r for r in every if day <= r["created"] < day + _DAY),
            "closedFindings": _numbers(closed),
            "openFindings": _numbers(r for r in every if _is_open(r, day + _DAY)),
            "meanTimeToClose": {name.lower(): sum(days) / len(days) for name, days in took.items()},
        }

    def _settle_scans(self) -> None:
        """Let the scans whose time has come be done."""
        keeper = self.keepers["Scan"]
        for scan in keeper.all({}):
            keeper.settle(scan, look=False)

    def _of(self, scan: str) -> list[Record]:
        return [self._findings[key] for key in self._by_scan[scan].after(0)]

    @cached_property
    def _by_scan(self) -> Index:
        return self._findings.index(lambda record: record["scan"])

    @property
    def _findings(self) -> Table:
        return self.world.store.table(self.name, "finding")


def _named(scan: str, found: Iterable[Finding]) -> Iterator[tuple[str, Finding]]:
    """Findings by ids that stay the same for the same code in the same file, wherever its lines have moved to."""
    seen: Counter[str] = Counter()
    for finding in found:
        about = repr((scan, finding.rule.id, finding.path, [line.strip() for line in finding.snippet]))
        yield sha256(f"{about}{seen[about]}".encode("utf-8", "surrogatepass")).hexdigest(), finding
        seen[about] += 1


def _shown(scan: str, id: str, finding: Finding) -> dict[str, Any]:
    rule = finding.rule
    lines = [{"number": n, "content": line} for n, line in enumerate(finding.snippet, finding.start)]
    path = {
        "name": finding.path.rpartition("/")[2],
        "path": finding.path,
        "startLine": finding.start,
        "endLine": finding.end,
        "codeSnippet": lines,
    }
    weaknesses = [f"CWE-{rule.cwe}"] if rule.cwe else []
    return {
        "id": id,
        "generatorId": f"python-{rule.id}",
        "type": rule.category,
        "title": rule.name,
        "description": rule.says,
        "severity": rule.severity,
        "resource": {"id": scan, "subResourceId": finding.path},
        "vulnerability": {"id": id, "filePath": path, "relatedVulnerabilities": weaknesses, "itemCount": 1},
        "remediation": {"recommendation": {"text": rule.advice}, "suggestedFixes": []},
        "detectorId": f"python/{rule.id}@v1.0",
        "detectorName": rule.name,
        "detectorTags": ["python", *(["security"] if rule.security else []), *(word.lower() for word in weaknesses)],
        "ruleId": f"python-{rule.id}",
    }


def _view(record: Mapping[str, Any]) -> dict[str, Any]:
    status = "Open" if record["closed"] is None else "Closed"
    return {**record["shown"], "createdAt": record["created"], "updatedAt": record["updated"], "status": status}


def _is_open(record: Mapping[str, Any], at: datetime) -> bool:
    return bool(record["opened"] < at and (record["closed"] is None or record["closed"] >= at))


def _numbers(records: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    counts = Counter(record["shown"]["severity"] for record in records)
    return {name.lower(): float(counts[name]) for name in _SEVERITIES}


def _most(scans: Counter[str]) -> list[dict[str, Any]]:
    return [{"scanName": name, "findingNumber": number} for name, number in scans.most_common(3)]


def _day(time: datetime) -> datetime:
    """When the day of a time begins."""
    return time.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
