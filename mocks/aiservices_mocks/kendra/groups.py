"""Groups of users: which users and groups are in one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from aiservices.call import Reply
from aiservices.errors import NotMockedError
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Record, Table

from .of_index import OfIndex, under

_SECONDS = 60
"""Until a mapping is processed."""


class Groups(OfIndex):
    """The mappings of principals."""

    @stateful
    def put_principal_mapping(
        self,
        index_id: str,
        group_id: str,
        group_members: dict[str, Any],
        data_source_id: str = "",
        ordering_id: int | None = None,
        role_arn: str | None = None,
    ) -> Reply:
        """The mapping with the greatest ordering id is in force; without one it is the time in milliseconds."""
        if "S3PathforGroupMembers" in group_members:
            raise NotMockedError("kendra.PutPrincipalMapping: S3PathforGroupMembers is not mocked; give MemberUsers")
        now = self.world.clock.now()
        ordering = int(now.timestamp() * 1000) if ordering_id is None else ordering_id
        with self.world.lock:
            self._check_source(index_id, data_source_id)
            key = f"{index_id}\n{data_source_id}\n{group_id}"
            action = {"GroupId": group_id, "OrderingId": ordering, "members": group_members, "received": now}
            self._groups[key] = {**self._groups.get(key, {}), str(ordering): action}
        return {}

    @stateful
    def describe_principal_mapping(self, index_id: str, group_id: str, data_source_id: str = "") -> Reply:
        """What was put for a group, and whether it is processed."""
        with self.world.lock:
            actions = self._group(index_id, data_source_id, group_id)
            summaries = [self._action(action) for action in actions.values()]
        named = {"DataSourceId": data_source_id} if data_source_id else {}
        return {"IndexId": index_id, **named, "GroupId": group_id, "GroupOrderingIdSummaries": summaries}

    @stateful
    def delete_principal_mapping(
        self, index_id: str, group_id: str, data_source_id: str = "", ordering_id: int | None = None
    ) -> Reply:
        """With an ordering id only what was put with it or before; what came later stays."""
        with self.world.lock:
            actions = self._group(index_id, data_source_id, group_id)
            last = math.inf if ordering_id is None else ordering_id
            later = {name: action for name, action in actions.items() if action["OrderingId"] > last}
            key = f"{index_id}\n{data_source_id}\n{group_id}"
            if later:
                self._groups[key] = later
            else:
                del self._groups[key]
        return {}

    @stateful
    def list_groups_older_than_ordering_id(
        self,
        index_id: str,
        ordering_id: int,
        data_source_id: str = "",
        next_token: str | None = None,
        max_results: int | None = None,
    ) -> Reply:
        """The groups whose latest mapping is older."""
        with self.world.lock:
            self._check_source(index_id, data_source_id)
            latest = [
                max(group.values(), key=lambda action: int(action["OrderingId"]))
                for group in under(self._groups, index_id, data_source_id)
            ]
        older = [action for action in latest if action["OrderingId"] < ordering_id]
        items = [{"GroupId": action["GroupId"], "OrderingId": action["OrderingId"]} for action in older]
        params = {"IndexId": index_id, "DataSourceId": data_source_id, "OrderingId": ordering_id}
        params["NextToken"] = next_token
        return self.listed("ListGroupsOlderThanOrderingId", params, items, "GroupsSummaries", max_results)

    def _group(self, index_id: str, data_source_id: str, group_id: str) -> Record:
        self._check_source(index_id, data_source_id)
        found = self._groups.get(f"{index_id}\n{data_source_id}\n{group_id}")
        if found is None:
            raise self.error("ResourceNotFoundException", "The index has no mapping of this group.")
        return found

    def _action(self, action: Mapping[str, Any]) -> dict[str, Any]:
        done = self.world.clock.passed(action["received"], _SECONDS)
        status = "SUCCEEDED" if done else "PROCESSING"
        times = {"ReceivedAt": action["received"], "LastUpdatedAt": action["received"]}
        return {"Status": status, **times, "OrderingId": action["OrderingId"]}

    def _check_source(self, index_id: str, data_source_id: str) -> None:
        self._found("Index", Id=index_id)
        if data_source_id:
            self._found("DataSource", IndexId=index_id, Id=data_source_id)

    @property
    def _groups(self) -> Table:
        return self.world.store.table(self.name, "group")
