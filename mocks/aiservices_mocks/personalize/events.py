"""Amazon Personalize's events: records that are put into datasets one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Record

from .asking import Refusing
from .control import Personalize
from .records import add, columns_of, dataset_of
from .schemas import Column, RecordError, Row, checked, from_properties


class PersonalizeEvents(Refusing):
    """What is put into the datasets of a group, some of them through its event tracker."""

    name = "personalize-events"

    @stateful
    def put_events(
        self,
        tracking_id: str,
        session_id: str,
        event_list: Sequence[Mapping[str, Any]],
        user_id: str | None = None,
    ) -> Reply:
        """What a user, or somebody in a session, did with items."""
        who = {"USER_ID": user_id, "SESSION_ID": session_id}
        rows = [{**who, **_event(event), "ITEM_ID": event.get("itemId")} for event in event_list]
        properties = [event.get("properties") for event in event_list]
        dataset = self._tracked(tracking_id, "INTERACTIONS", "InvalidInputException")
        self._add(dataset, rows, properties, loose=("USER_ID", "ITEM_ID"))
        return {}

    @stateful
    def put_action_interactions(self, tracking_id: str, action_interactions: Sequence[Mapping[str, Any]]) -> Reply:
        """What users did with actions."""
        rows = [
            {
                **_event(one, "timestamp"),
                "USER_ID": one.get("userId"),
                "SESSION_ID": one["sessionId"],
                "ACTION_ID": one["actionId"],
            }
            for one in action_interactions
        ]
        dataset = self._tracked(tracking_id, "ACTION_INTERACTIONS", "ResourceNotFoundException")
        self._add(dataset, rows, [one.get("properties") for one in action_interactions], loose=("USER_ID",))
        return {}

    @stateful
    def put_items(self, dataset_arn: str, items: Sequence[Mapping[str, Any]]) -> Reply:
        """Items, or what is new about them."""
        return self._put(dataset_arn, "ITEMS", "ITEM_ID", "itemId", items)

    @stateful
    def put_users(self, dataset_arn: str, users: Sequence[Mapping[str, Any]]) -> Reply:
        """Users, or what is new about them."""
        return self._put(dataset_arn, "USERS", "USER_ID", "userId", users)

    @stateful
    def put_actions(self, dataset_arn: str, actions: Sequence[Mapping[str, Any]]) -> Reply:
        """Actions, or what is new about them."""
        return self._put(dataset_arn, "ACTIONS", "ACTION_ID", "actionId", actions)

    def _put(self, arn: str, kind: str, column: str, member: str, given: Sequence[Mapping[str, Any]]) -> Reply:
        dataset = Personalize.of(self.world).keepers["Dataset"].find({"datasetArn": arn})
        if dataset is None:
            raise self.error("ResourceNotFoundException", "No dataset has this ARN.")
        if dataset["members"]["datasetType"] != kind:
            raise self._invalid(f"The dataset is one of {dataset['members']['datasetType']}, not of {kind}.")
        self._add(dataset, [{column: one[member]} for one in given], [one.get("properties") for one in given])
        return {}

    def _tracked(self, tracking_id: str, kind: str, missing: str) -> Record:
        """The dataset of one type in the group of an event tracker."""
        kept = Personalize.of(self.world)
        trackers = kept.keepers["EventTracker"].all({"trackingId": tracking_id})
        if not trackers:
            raise self.error(missing, "No event tracker has this tracking id.")
        dataset = dataset_of(kept, trackers[0]["members"]["datasetGroupArn"], kind)
        if dataset is None:
            raise self.error(missing, f"The dataset group of the event tracker has no dataset of {kind}.")
        return dataset

    def _add(
        self,
        dataset: Record,
        given: Sequence[Row],
        properties: Sequence[str | None],
        loose: Sequence[str] = (),
    ) -> None:
        """Hold records against the schema, all of them, and then add them.

        loose: columns that may be without value here.
        """
        kept = Personalize.of(self.world)
        known = {
            name: column._replace(types=(*column.types, "null")) if name in loose else column
            for name, column in columns_of(kept, dataset).items()
        }
        rows = [self._row(row, text, known) for row, text in zip(given, properties, strict=True)]
        add(kept, dataset["arn"], "PUT", rows)

    def _row(self, given: Row, properties: str | None, known: Mapping[str, Column]) -> Row:
        try:
            told = from_properties(properties, known) if properties else {}
            return {**given, **checked({**told, **given}, known)}
        except RecordError as error:
            raise self._invalid(str(error)) from error


def _event(event: Mapping[str, Any], time: str = "sentAt") -> Row:
    """The columns that events of both kinds have."""
    row: Row = {"EVENT_TYPE": event["eventType"], "TIMESTAMP": int(event[time].timestamp())}
    if "eventValue" in event:
        row["EVENT_VALUE"] = event["eventValue"]
    if "recommendationId" in event:
        row["RECOMMENDATION_ID"] = event["recommendationId"]
    if "impression" in event:
        row["IMPRESSION"] = "|".join(event["impression"])
    return row
