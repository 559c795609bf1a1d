"""What the operations of Personalize have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.places import Place, place
from aiservices_mocks.service import Service
from aiservices_mocks.store import Record


class Refusing(Service):
    """The error for what is wrong with a request, which all three services have."""

    def _invalid(self, message: str) -> ServiceError:
        return self.error("InvalidInputException", message)


class Asking(Refusing):
    """Look-ups, lists and updates."""

    def _group(self, operation: str, request: Mapping[str, Any]) -> Record:
        return self.keepers["DatasetGroup"].named(operation, {"datasetGroupArn": request["dataset_group_arn"]})

    def _place(self, uri: str, what: str) -> Place:
        found = place(uri)
        if found is None:
            raise self._invalid(f"Invalid {what}. Give it as s3://bucket/key.")
        return found

    def _check_only(self, noun: str, request: Mapping[str, Any]) -> None:
        if self.keepers[noun].all({"datasetGroupArn": request["dataset_group_arn"]}):
            raise self.error("ResourceAlreadyExistsException", f"The dataset group has its {noun} already.")

    def _busy(self, noun: str, members: Mapping[str, Any]) -> int:
        """How many with these members are pending or in progress."""
        keeper = self.keepers[noun]
        return sum(keeper.status(one).endswith(("PENDING", "IN_PROGRESS")) for one in keeper.all(members))

    def _check_idle(self, noun: str, members: Mapping[str, Any]) -> None:
        """Nothing of the kind is being made of what is to be deleted."""
        if self._busy(noun, members):
            raise self.error("ResourceInUseException", f"A {noun} of it is in progress.")

    def _trained(self, operation: str, arn: str) -> Record:
        """A solution version that is ready to be used."""
        keeper = self.keepers["SolutionVersion"]
        version = keeper.named(operation, {"solutionVersionArn": arn})
        status = keeper.status(version)
        if status in ("CREATE FAILED", "CREATE STOPPED"):
            raise self._invalid(f"The solution version is {status}; create another one.")
        if status != "ACTIVE":
            raise self.error("ResourceInUseException", f"The solution version is {status}; wait until it is ACTIVE.")
        return version

    def _changed(self, operation: str, request: Mapping[str, Any], member: str, **further: Any) -> Reply:
        """An update, which shows beside the thing it changes."""
        now = self.world.clock.now()
        times = {"creationDateTime": now, "lastUpdatedDateTime": now}
        return self.keep(operation, request, **further, **{member: {**self.named(operation, request), **times}})

    def _described(self, operation: str, params: Mapping[str, Any]) -> Reply:
        """What the row shows, with the state of the latest update."""
        reply = self.kept[operation](params)
        for shown in reply.values():
            for update in _updates(shown):
                update["status"] = self._status(update["creationDateTime"])
        return reply

    def _status(self, since: datetime) -> str:
        if not self.world.clock.passed(since, 10):
            return "CREATE PENDING"
        return "ACTIVE" if self.world.clock.passed(since, 310) else "CREATE IN_PROGRESS"


def _updates(shown: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (value for name, value in shown.items() if name.startswith("latest") and name.endswith("Update"))
