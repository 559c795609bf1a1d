"""The records of datasets: imported in bulk, or put one by one; and what is known from those of one group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from aiservices_mocks.engines.co_occurrence import Interaction

from .schemas import Column, Row, columns

if TYPE_CHECKING:
    from aiservices_mocks.service import Service
    from aiservices_mocks.store import Record, Table

Mode = Literal["BULK", "PUT", "ALL"]


def _table(service: Service, dataset: str) -> Table:
    return service.world.store.table("personalize", f"rows of {dataset}")


def rows_of(service: Service, dataset: str, mode: Mode = "ALL") -> list[Row]:
    """The records of a dataset in the order in which they came."""
    with service.world.lock:
        parts = list(_table(service, dataset).values())
    return [row for part in parts if mode in ("ALL", part["mode"]) for row in part["rows"]]


def add(service: Service, dataset: str, mode: Mode, rows: Sequence[Row]) -> None:
    """Put records behind the others; they are never changed, and so need not be copied with their world."""
    _table(service, dataset)[service.world.new_id()] = {"mode": mode, "rows": tuple(rows)}


def replace(service: Service, dataset: str, rows: Sequence[Row]) -> None:
    """Put records in the place of all that were imported."""
    table = _table(service, dataset)
    with service.world.lock:
        for key in [key for key, part in table.items() if part["mode"] == "BULK"]:
            del table[key]
        add(service, dataset, "BULK", rows)


def forget(service: Service, dataset: str, gone: Callable[[Row], bool]) -> int:
    """Take records away; how many there were."""
    table, count = _table(service, dataset), 0
    with service.world.lock:
        for key, part in list(table.items()):
            left = tuple(row for row in part["rows"] if not gone(row))
            count += len(part["rows"]) - len(left)
            if left:
                table[key] = {**part, "rows": left}
            else:
                del table[key]
    return count


def dataset_of(service: Service, group: str, kind: str) -> Record | None:
    """The dataset of one type in a group."""
    found = service.keepers["Dataset"].all({"datasetGroupArn": group, "datasetType": kind})
    return found[0] if found else None


def columns_of(service: Service, dataset: Record) -> dict[str, Column]:
    """The columns of a dataset's schema."""
    schema = service.keepers["Schema"].find({"schemaArn": dataset["members"]["schemaArn"]})
    return columns(schema["members"]["schema"]) if schema else {}


class Known:
    """What the datasets of a group say, read when first asked for."""

    def __init__(self, service: Service, group: str) -> None:
        self._service = service
        self.group = group

    def _rows(self, kind: str) -> list[Row]:
        dataset = dataset_of(self._service, self.group, kind)
        return rows_of(self._service, dataset["arn"]) if dataset else []

    @cached_property
    def items(self) -> Mapping[str, Row]:
        """The newest record of each item."""
        return {row["ITEM_ID"]: _upper(row) for row in self._rows("ITEMS")}

    @cached_property
    def users(self) -> Mapping[str, Row]:
        """The newest record of each user."""
        return {row["USER_ID"]: _upper(row) for row in self._rows("USERS")}

    @cached_property
    def actions(self) -> Mapping[str, Row]:
        """The newest record of each action."""
        return {row["ACTION_ID"]: _upper(row) for row in self._rows("ACTIONS")}

    @cached_property
    def interactions(self) -> list[Row]:
        """What users did with items; sessions whose user is known belong to that user."""
        return self._done("INTERACTIONS", "ITEM_ID")

    @cached_property
    def action_interactions(self) -> list[Row]:
        """What users did with actions."""
        return self._done("ACTION_INTERACTIONS", "ACTION_ID")

    @cached_property
    def by_user(self) -> Mapping[str, list[Row]]:
        """What each user did with items."""
        return grouped(self.interactions, "USER_ID")

    @cached_property
    def actions_by_user(self) -> Mapping[str, list[Row]]:
        """What each user did with actions."""
        return grouped(self.action_interactions, "USER_ID")

    def _done(self, kind: str, what: str) -> list[Row]:
        rows = self._rows(kind)
        users = {row["SESSION_ID"]: row["USER_ID"] for row in rows if row.get("SESSION_ID") and row["USER_ID"]}
        known = [row if row["USER_ID"] else {**row, "USER_ID": users.get(row.get("SESSION_ID"))} for row in rows]
        return [row for row in known if row["USER_ID"] and row.get(what)]

    def events(self, event_type: str = "", least: float | None = None) -> list[Interaction]:
        """The interactions that a model learns from. least: the smallest value of an event that counts."""
        wanted = event_type.lower()
        return [
            interaction(row)
            for row in self.interactions
            if (not wanted or str(row.get("EVENT_TYPE", "")).lower() == wanted)
            and (least is None or (row.get("EVENT_VALUE") or 0) >= least)
        ]


def interaction(row: Row) -> Interaction:
    """What an engine needs to know of an interaction."""
    return Interaction(row["USER_ID"], row["ITEM_ID"], float(row["TIMESTAMP"] or 0))


def grouped(rows: Sequence[Row], column: str) -> dict[str, list[Row]]:
    """Records by what a column has."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def _upper(row: Mapping[str, Any]) -> Row:
    return {name.upper(): value for name, value in row.items()}
