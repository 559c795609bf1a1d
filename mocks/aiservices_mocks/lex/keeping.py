"""What Lex does with everything that it keeps: whole updates, deletions that take a while, errors of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aiservices.api.model import Operation
from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.keeper import Keeper
from aiservices_mocks.resources import Resource
from aiservices_mocks.rules import Rules
from aiservices_mocks.store import Record

if TYPE_CHECKING:
    from aiservices_mocks.service import Service

CONFLICT, PRECONDITION = "ConflictException", "PreconditionFailedException"


class LexRules(Rules):
    """What is missing is a failed precondition wherever the operation has no error for it."""

    def _error(self, operation: Operation, meaning: re.Pattern[str], message: str) -> ServiceError:
        errors = operation.errors
        if CONFLICT in errors and meaning.search(CONFLICT):
            return self._service.error(CONFLICT, message)
        if PRECONDITION in errors and not any(meaning.search(code) for code in errors):
            return self._service.error(PRECONDITION, message)
        return super()._error(operation, meaning, message)


class LexKeeper(Keeper):
    """Keeps the things of one row as Lex V2 does.

    What the caller leaves out of an update is gone; lists say of what they are; what is deleted answers that it is
    being deleted.
    """

    def __init__(self, service: Service, row: Resource) -> None:
        super().__init__(service, row)
        self.rules = LexRules(service, row, self.shelf)

    def copy(self, record: Record, **members: Any) -> None:
        """Keep another one that differs in these members only, its identity among them."""
        copied = {part: value for part, value in record.items() if part != "number"}
        self.shelf.add({**copied, "members": {**record["members"], **members}})

    def _list(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        reply = super()._list(operation, params)
        shown = operation.output.members if operation.output else {}
        asked = {name: value for name, value in params.items() if name in shown}
        asked.pop(operation.page_tokens[1] if operation.page_tokens else "", None)
        return {**asked, **reply}

    def _update(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        with self._world.lock:
            record = self._named(operation, params)
            self._check_steady(operation, record)
            self.rules.check_used(operation, params)
            self._check_name(operation, record, params)
            accepted = operation.input.members if operation.input else {}
            left = {name: v for name, v in record["members"].items() if name not in accepted or name in params}
            self.shelf.change(record, {**self.row.defaults, **left})
            return super()._update(operation, params)

    def _check_name(self, operation: Operation, record: Record, params: Mapping[str, Any]) -> None:
        """No other one beside it has the name that it is to have."""
        unique, members = self.row.unique, record["members"]
        if params.get(unique) not in (None, members.get(unique)):
            self.rules.check_free(operation, {**members, unique: params[unique], self.row.id: ""})

    def _delete(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        reply = super()._delete(operation, params)
        if self.row.life is not None and self.row.life.member in reply:
            reply[self.row.life.member] = "Deleting"
        return reply
