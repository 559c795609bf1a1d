"""What must hold before the resources of a row are made, changed or deleted, and the errors when it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiservices.api.model import Operation
from aiservices.errors import ServiceError

if TYPE_CHECKING:
    from .keeper import Keeper
    from .resources import Resource
    from .service import Service
    from .shelf import Shelf
    from .store import Record

_MISSING = re.compile(r"NotFound")
_REUSED = re.compile(r"Idempotent")
_EXISTS = re.compile(r"AlreadyExist|ResourceInUse|Conflict")
_BUSY = re.compile(r"Conflict|ResourceInUse|Precondition|ConcurrentModification")
_QUOTA = re.compile(r"LimitExceeded|QuotaExceeded|NumberExceeded")
_BAD = re.compile(r"BadRequest|Validation|Invalid")


class Rules:
    """Of one row in one world."""

    def __init__(self, service: Service, row: Resource, shelf: Shelf) -> None:
        self._service = service
        self._row = row
        self._shelf = shelf

    def check_free(self, operation: Operation, members: Mapping[str, Any]) -> None:
        """There is none of this name."""
        if (member := self._shelf.taken(members)) is not None:
            raise self._error(operation, _EXISTS, f"Another {self._row.title} has this {member} already.")

    def check_room(self, operation: Operation, members: Mapping[str, Any]) -> None:
        """There are fewer than the quota, among those with the same parents."""
        service, row = self._service, self._row
        quota = service.world.quotas.get(f"{service.name}.{row.noun}", row.quota)
        if quota is not None and self._shelf.count(members) >= quota:
            raise self._error(operation, _QUOTA, f"There are {quota} of {row.title}, the most there can be.")

    def check_parents(self, operation: Operation, params: Mapping[str, Any]) -> None:
        """The parents that a request names are there."""
        for member, noun in self._row.parents.items():
            keeper = self._service.keepers[noun]
            known = member in params and all(name in params for name in keeper.row.keys)
            if known and keeper.find({**params, keeper.row.id: params[member]}) is None:
                raise keeper.rules.not_found(operation)

    def check_used(self, operation: Operation, params: Mapping[str, Any]) -> None:
        """What a request wants to use is there."""
        for member, nouns in self._row.uses.items():
            keepers = [self._service.keepers[noun] for noun in nouns.split("|")]
            for name in _names(params.get(member)):
                if not any(keeper.finds(name, params) for keeper in keepers):
                    title = keepers[0].row.title
                    raise self._error(operation, _MISSING, f"The {title} that {member} names does not exist.")

    def check_unused(self, operation: Operation, record: Record) -> None:
        """Nothing uses a record or what belongs to it."""
        user = next(self.users(record), None)
        if user is not None:
            title = self._service.keepers[user].row.title
            raise self._error(operation, _BUSY, f"The {self._row.title} is in use; delete the {title} first.")

    def users(self, record: Record) -> Iterator[str]:
        """The nouns of what keeps a record, or a child of it, from being deleted."""
        for keeper, members in self._using:
            names = (name for r in keeper.shelf for m in members for name in _names(r["members"].get(m)))
            if any(self._is_named(record, name) for name in names):
                yield keeper.row.noun
        for keeper, child in self.children(record):
            yield from [keeper.row.noun] if self._row.held else keeper.rules.users(child)

    def children(self, parent: Record) -> list[tuple[Keeper, Record]]:
        """What has this record as its parent, and who keeps it."""
        found: list[tuple[Keeper, Record]] = []
        members = parent["members"]
        known = {name: members.get(name) for name in self._shelf.identity[:-1]}
        for keeper, member in self._belonging:
            named = {name: value for name, value in known.items() if name in keeper.row.parents}
            family = keeper.shelf.among({**named, member: members[self._row.id]})
            found += [(keeper, child) for child in family if _agrees(child["members"], known)]
        return found

    @cached_property
    def _using(self) -> list[tuple[Keeper, list[str]]]:
        """Who keeps what may use one of these, and the members that name it."""
        found = [
            (keeper, [member for member, nouns in keeper.row.uses.items() if self._row.noun in nouns.split("|")])
            for keeper in self._service.keepers.values()
        ]
        return [(keeper, members) for keeper, members in found if members]

    @cached_property
    def _belonging(self) -> list[tuple[Keeper, str]]:
        """Who keeps what has one of these as its parent, and the member that names it."""
        keepers = self._service.keepers.values()
        return [(k, member) for k in keepers for member, noun in k.row.parents.items() if noun == self._row.noun]

    def knows_missing(self, operation: Operation) -> bool:
        """Whether the operation has an error for what is not there."""
        return any(_MISSING.search(code) for code in operation.errors)

    def not_found(self, operation: Operation) -> ServiceError:
        """There is none that the request names."""
        message = f"The {self._row.title} that the request names does not exist."
        return self._error(operation, _MISSING, message)

    def reused(self, operation: Operation) -> ServiceError:
        """A client token that came with another request before."""
        reused = any(_REUSED.search(code) for code in operation.errors)
        return self._error(operation, _REUSED if reused else _EXISTS, "The token was used before.")

    def busy(self, operation: Operation, why: str) -> ServiceError:
        """It cannot be changed now."""
        return self._error(operation, _BUSY, f"The {self._row.title} {why}")

    def _is_named(self, record: Record, name: Any) -> bool:
        members = record["members"]
        if isinstance(name, Mapping):
            return all(name.get(part) == members.get(part) for part in self._shelf.identity)
        return bool(name == members[self._row.id])

    def _error(self, operation: Operation, meaning: re.Pattern[str], message: str) -> ServiceError:
        """The operation's own error of this meaning; services that have none call it a bad request."""
        codes = [code for code in operation.errors if meaning.search(code)]
        codes += [code for code in operation.errors if _BAD.search(code)]
        return self._service.error(codes[0] if codes else "ValidationException", message)


def _names(value: Any) -> list[Any]:
    """The names in a member that holds one, or a list of them, or is not there."""
    return [] if value is None else value if isinstance(value, list) else [value]


def _agrees(members: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    return all(members.get(name, value) == value for name, value in known.items())
