"""Stopping, resuming, and deleting with everything that was made of it."""

from __future__ import annotations

from collections.abc import Iterator

from aiservices.call import Reply
from aiservices_mocks.keeper import Keeper
from aiservices_mocks.service import Service, stateful
from aiservices_mocks.store import Record

from .base import invalid
from .predictors import forget_reference

_RUNS = ("CREATE_PENDING", "CREATE_IN_PROGRESS")
_KEPT = ("Dataset", "DatasetGroup")
"""What is no job and cannot be stopped."""


class Tree(Service):
    """Operations on whatever has an ARN."""

    @stateful
    def delete_resource_tree(self, resource_arn: str) -> Reply:
        """Delete a resource and everything below it, if none of that is being made or stopped."""
        keeper, record = self._any(resource_arn)
        tree = [(keeper, record), *self._below(keeper, record)]
        for one, child in tree:
            status = one.look(child)
            if child["steps"] and status != child["steps"][-1][0]:
                raise self.error("ResourceInUseException", f"The {one.row.noun} {child['arn']} is {status}.")
        with self.world.lock:
            for one, child in reversed(tree):
                one.remove(child)
                if one.row.noun == "Predictor":
                    forget_reference(self, child["arn"])
        return {}

    @stateful
    def stop_resource(self, resource_arn: str) -> Reply:
        """Stop a job that is on its way, or a monitor; what has ended stays as it is."""
        keeper, record = self._any(resource_arn)
        if keeper.row.noun in _KEPT:
            raise invalid(self, f"A {keeper.row.noun} cannot be stopped.")
        status = keeper.status(record)
        with self.world.lock:
            assert keeper.row.life is not None
            if status in _RUNS:
                keeper.enter(record, ("CREATE_STOPPING", 30), ("CREATE_STOPPED", 0))
            elif keeper.row.noun == "Monitor" and status == "ACTIVE":
                keeper.enter(record, *keeper.row.life.stopped)
        return {}

    @stateful
    def resume_resource(self, resource_arn: str) -> Reply:
        """Let a stopped monitor watch again."""
        keeper, record = self._any(resource_arn)
        if keeper.row.noun != "Monitor":
            raise invalid(self, f"A {keeper.row.noun} cannot be resumed; only a monitor can.")
        status = keeper.look(record)
        if status == "ACTIVE_STOPPED":
            with self.world.lock:
                keeper.enter(record, ("ACTIVE", 0))
        elif status != "ACTIVE":
            raise invalid(self, f"The monitor is {status}; it must be ACTIVE_STOPPED.")
        return {}

    def _any(self, arn: str) -> tuple[Keeper, Record]:
        for keeper in self.keepers.values():
            if (record := keeper.by_arn(arn)) is not None:
                return keeper, record
        raise self.error("ResourceNotFoundException", f"Could not find a resource with ARN {arn}.")

    def _below(self, parent: Keeper, record: Record) -> Iterator[tuple[Keeper, Record]]:
        """What was made of it, and what was made of that."""
        for keeper in self.keepers.values():
            uses = {
                **keeper.row.uses,
                **({"DatasetGroupArn": "DatasetGroup"} if keeper.row.noun == "Predictor" else {}),
            }
            members = [member for member, nouns in uses.items() if parent.row.noun in nouns.split("|")]
            for child in keeper.all({}):
                if any(_names(child, member, record["arn"]) for member in members):
                    yield keeper, child
                    yield from self._below(keeper, child)


def _names(child: Record, member: str, arn: str) -> bool:
    value = child["members"].get(member)
    return bool(arn in value if isinstance(value, list) else arn == value)
