"""The stored events of Fraud Detector, and CSV files of events."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiservices.errors import ServiceError
from aiservices_mocks.places import Place, place
from aiservices_mocks.resources import WorkFailed

if TYPE_CHECKING:
    from aiservices_mocks.service import Service

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)\Z")
ID = re.compile(r"[0-9a-z_-]{1,64}\Z")
"""The id of an event."""

Row = dict[str, str]


def moment(text: str) -> datetime | None:
    """The time that an ISO 8601 text in UTC says; None when it is none."""
    if not _TIME.match(text):
        return None
    try:
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        return None


def instant(text: str) -> float:
    """The seconds since 1970 at a time that was found to be one."""
    time = moment(text)
    return time.timestamp() if time else 0.0


def written_time(time: datetime) -> str:
    """A time as the service writes it."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"


def stored(service: Service, event_type: str) -> list[Mapping[str, Any]]:
    """The members of the stored events of a type."""
    return [record["members"] for record in service.keepers["Event"].all({"eventTypeName": event_type})]


def store(service: Service, events: Sequence[Mapping[str, Any]]) -> None:
    """Keep many events, each in the place of an older one with its id."""
    with service.world.lock:
        for event in events:
            service.keepers["Event"].put(event)


def statistics(service: Service, event_type: str) -> dict[str, Any]:
    """What is stored of a type: how many, how much, from when to when; nothing when there are none."""
    records = service.keepers["Event"].all({"eventTypeName": event_type})
    if not records:
        return {}
    events = [record["members"] for record in records]
    times = [event["eventTimestamp"] for event in events]
    texts = (text for event in events for pair in event["eventVariables"].items() for text in pair)
    return {
        "numberOfEvents": len(events),
        "eventDataSizeInBytes": sum(len(text.encode()) for text in texts),
        "leastRecentEvent": min(times, key=instant),
        "mostRecentEvent": max(times, key=instant),
        "lastUpdatedTime": written_time(max(record["changed"] for record in records)),
    }


def read_csv(service: Service, uri: str, needed: Sequence[str]) -> tuple[list[str], list[Row]]:
    """The header and the rows of a CSV file in S3; WorkFailed when it cannot be read or has not what is needed."""
    where = place_of(uri)
    try:
        text = service.world.s3.get(where.bucket, where.key).decode("utf-8-sig")
    except ServiceError as error:
        raise WorkFailed(f"The input file could not be read from Amazon S3: {error.code}.") from error
    except UnicodeDecodeError as error:
        raise WorkFailed("The input file is not encoded in UTF-8.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    try:
        header = list(reader.fieldnames or ())
        rows = [{name: row[name] or "" for name in header} for row in reader]
    except csv.Error as error:
        raise WorkFailed(f"The input file is not CSV: {error}.") from error
    if missing := [name for name in needed if name not in header]:
        raise WorkFailed(f"The input file is missing the following headers: {', '.join(missing)}.")
    return header, rows


def write_csv(service: Service, where: Place, header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    """Write a CSV file to S3."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    try:
        service.world.s3.put(where.bucket, where.key, file.getvalue().encode(), content_type="text/csv")
    except ServiceError as error:
        raise WorkFailed(f"The output file could not be written to Amazon S3: {error.code}.") from error


def place_of(uri: str) -> Place:
    """The place that a job was begun with."""
    found = place(uri)
    if found is None:
        raise WorkFailed("The path is not one of Amazon S3.")
    return found
