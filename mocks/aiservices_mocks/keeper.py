"""Keeps the resources of one row: creates, shows, lists, changes and deletes them as the model says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from aiservices.api.model import Operation, Shape, load
from aiservices.call import Reply
from aiservices.errors import ServiceError

from .listing import chosen, ordered, page_size
from .resources import VERBS, Resource
from .tags import as_dict

if TYPE_CHECKING:
    from .service import Service
    from .store import Record

_CREATED = re.compile(r"(?i)(creat|submit|start)\w*$")
_CHANGED = re.compile(r"(?i)(updat|modif)\w*$")
_ENDED = re.compile(r"(?i)(end|complet)\w*$")
_MISSING = re.compile(r"NotFound")
_EXISTS = re.compile(r"AlreadyExist|ResourceInUse|Conflict")
_BUSY = re.compile(r"Conflict|ResourceInUse|Precondition")
_QUOTA = re.compile(r"LimitExceeded|QuotaExceeded")
_TOKENS = ("ClientRequestToken", "ClientToken", "clientToken", "clientRequestToken")


class Keeper:
    """The things of one row in one world."""

    def __init__(self, service: Service, row: Resource) -> None:
        self._service = service
        self._world = service.world
        self.row = row
        self._model = load(service.name)
        self._table = service.world.store.table(service.name, row.noun)
        self._tokens = service.world.store.table(service.name, f"{row.noun} tokens")

    def operations(self) -> Iterator[tuple[str, Callable[[Mapping[str, Any]], Reply]]]:
        """The operations it answers."""
        for verb in VERBS:
            operation = self.row.operation(verb, self._model)
            if operation is not None:
                act: Callable[[Operation, Mapping[str, Any]], Reply] = getattr(self, f"_{verb}")
                yield operation.name, _bound(act, operation)

    def find(self, named: Mapping[str, Any]) -> Record | None:
        """The record that a request's members name."""
        return self._table.get(self._key(named))

    def by_arn(self, arn: str) -> Record | None:
        """The record with this ARN."""
        return next((record for record in self._table.values() if record["arn"] == arn), None)

    # The six verbs.

    def _create(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        token = next((params[name] for name in _TOKENS if params.get(name)), None)
        asked = {name: value for name, value in params.items() if name not in _TOKENS}
        with self._world.lock:
            self._check_parents(operation, params)
            if token is not None and (known := self._tokens.get(token)) is not None:
                if known["asked"] != asked:
                    raise self._error(operation, re.compile("Idempotent|Conflict|InUse"), "the token was used before")
                return self._shown(self._table[known["key"]], operation, look=False)
            record = self._new(operation, asked)
            key = self._key(record["members"])
            self._table[key] = record
            if token is not None:
                self._tokens[token] = {"asked": asked, "key": key}
        return self._shown(record, operation, look=False)

    def _read(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        with self._world.lock:
            return self._shown(self._named(operation, params), operation)

    def _list(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        listed = next(n for n, s in _members(operation.output).items() if s.type == "list")
        element = _members(operation.output)[listed].member
        with self._world.lock:
            self._check_parents(operation, params)
            records = [r for r in self._table.values() if chosen(self._view(r), params, self.row)]
            if element.type == "structure":
                items: list[Any] = [self._project(self._view(record), element) for record in records]
            else:
                items = [record["members"][self.row.id] for record in records]
        page, token = self._service.page(operation.name, params, ordered(items, params), page_size(operation, params))
        reply: Reply = {listed: page}
        if token is not None and operation.page_tokens is not None:
            reply[operation.page_tokens[1]] = token
        return reply

    def _update(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        with self._world.lock:
            record = self._named(operation, params)
            self._check_steady(operation, record)
            changes = {name: value for name, value in params.items() if name not in _TOKENS}
            record["members"] = {**record["members"], **changes, self.row.id: record["members"][self.row.id]}
            record["changed"] = self._world.clock.now()
            if self.row.life and self.row.life.updated:
                record["steps"], record["since"] = self.row.life.updated, record["changed"]
            return self._shown(record, operation, look=False)

    def _delete(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        with self._world.lock:
            record = self._named(operation, params)
            self._check_steady(operation, record)
            reply = self._shown(record, operation, look=False)
            del self._table[self._key(record["members"])]
        return reply

    def _stop(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        with self._world.lock:
            record = self._named(operation, params)
            if self.row.life and self.row.life.stopped and not self._is_final(record, look=False):
                record["steps"], record["since"] = self.row.life.stopped, self._world.clock.now()
            return self._shown(record, operation, look=False)

    # What they share.

    def _key(self, members: Mapping[str, Any]) -> str:
        named = (*self.row.parents, self.row.id)
        return "\n".join(str(members.get(name, "")) for name in named)

    def _new(self, operation: Operation, asked: Mapping[str, Any]) -> Record:
        row, now = self.row, self._world.clock.now()
        members = {**row.defaults, **asked}
        tags = as_dict(members.pop("Tags", members.pop("tags", None)))
        if row.made:
            members[row.id] = self._filled(row.made, members)
        self._check_free(operation, members)
        arn = (
            f"arn:aws:{self._service.arn_name or self._service.name}:{self._world.region}:{self._world.account}:"
            if row.arn
            else ""
        )
        arn += self._filled(row.arn, members)
        if row.arn_member:
            members[row.arn_member] = arn
        steps = row.life.created if row.life else ()
        record: Record = {"members": members, "arn": arn, "tags": tags, "created": now, "changed": now}
        return {**record, "since": now, "steps": steps}

    def _filled(self, template: str, members: Mapping[str, Any]) -> str:
        if "{uuid}" in template or "{hex}" in template:
            uuid = self._world.new_id()
            digest = blake2b(uuid.encode(), digest_size=16).hexdigest()
            return template.format_map({**members, "uuid": uuid, "hex": digest, "hex10": digest[:10].upper()})
        return template.format_map(members)

    def _check_free(self, operation: Operation, members: Mapping[str, Any]) -> None:
        row = self.row
        siblings = [r for r in self._table.values() if all(r["members"].get(p) == members.get(p) for p in row.parents)]
        for name in filter(None, (row.id, row.unique)):
            if any(record["members"].get(name) == members.get(name) for record in siblings):
                raise self._error(operation, _EXISTS, f"A {row.noun} with this {name} exists already.")
        if row.quota is not None and len(siblings) >= row.quota:
            raise self._error(operation, _QUOTA, f"There are {row.quota} of {row.noun}, the most there can be.")

    def _check_parents(self, operation: Operation, params: Mapping[str, Any]) -> None:
        for member, noun in self.row.parents.items():
            keeper = self._service.keepers[noun]
            if member in params and keeper.find({**params, keeper.row.id: params[member]}) is None:
                raise keeper._not_found(operation)

    def _check_steady(self, operation: Operation, record: Record) -> None:
        if self.row.steady and not self._is_final(record, look=False):
            status = self._status(record, look=False)
            raise self._error(operation, _BUSY, f"The {self.row.noun} is {status}; wait until it is done.")

    def _named(self, operation: Operation, params: Mapping[str, Any]) -> Record:
        self._check_parents(operation, params)
        record = self.find(params)
        if record is None:
            raise self._not_found(operation)
        return record

    def _not_found(self, operation: Operation) -> ServiceError:
        message = f"The {self.row.noun} that the request names does not exist."
        if self.row.missing:
            return self._service.error(self.row.missing, message)
        return self._error(operation, _MISSING, message)

    def _error(self, operation: Operation, meaning: re.Pattern[str], message: str) -> ServiceError:
        """The operation's own error of this meaning; services that have none call it a bad request."""
        fallbacks = [code for code in operation.errors if re.search("BadRequest|Validation|Invalid", code)]
        codes = [code for code in operation.errors if meaning.search(code)] or fallbacks or ["ValidationException"]
        return self._service.error(codes[0], message)

    # States and views.

    def _status(self, record: Record, *, look: bool) -> str:
        """The state now; on an auto clock a look finds the last one."""
        passed: float = 0
        now = self._world.clock.now()
        for state, seconds in record["steps"][:-1]:
            passed += seconds
            over = self._world.clock.passed(record["since"], passed) if look else _is_over(record, now, passed)
            if not over:
                return str(state)
        return str(record["steps"][-1][0])

    def _is_final(self, record: Record, *, look: bool) -> bool:
        return not record["steps"] or self._status(record, look=look) == record["steps"][-1][0]

    def _view(self, record: Record, *, look: bool = True) -> dict[str, Any]:
        """The members of a record with its state and times under the names that they show under."""
        view = dict(record["members"])
        view.update({shown: view[given] for shown, given in self.row.renames.items() if given in view})
        if self.row.life:
            view[self.row.life.member] = self._status(record, look=look)
        view[""] = record
        return view

    def _shown(self, record: Record, operation: Operation, *, look: bool = True) -> Reply:
        if operation.output is None:
            return {}
        return self._project(self._view(record, look=look), operation.output)

    def _project(self, view: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
        """What of a record the shape shows: members by name, times by what they are called, itself in a wrapper."""
        shown: dict[str, Any] = {}
        for name, member in shape.members.items():
            if name in view:
                shown[name] = _fitted(view[name], member)
            elif member.type == "timestamp":
                time = self._time(name, view[""])
                if time is not None:
                    shown[name] = time
            elif member.type == "structure" and self.row.id in member.members:
                shown[name] = self._project(view, member)
        return shown

    def _time(self, name: str, record: Record) -> datetime | None:
        if _CHANGED.search(name):
            return max(record["changed"], record["since"])  # type: ignore[no-any-return]
        if _CREATED.search(name):
            return record["created"]  # type: ignore[no-any-return]
        if _ENDED.search(name) and self._is_final(record, look=False):
            return record["since"]  # type: ignore[no-any-return]
        return None


def _bound(act: Callable[[Operation, Mapping[str, Any]], Reply], operation: Operation) -> Callable[..., Reply]:
    return lambda params: act(operation, params)


def _is_over(record: Record, now: datetime, seconds: float) -> bool:
    return (now - record["since"]).total_seconds() >= seconds  # type: ignore[no-any-return]


def _members(shape: Shape | None) -> Mapping[str, Shape]:
    return shape.members if shape else {}


def _fitted(value: Any, shape: Shape) -> Any:
    """The value with the members that the shape has."""
    if shape.type == "structure" and isinstance(value, Mapping) and not shape.document:
        return {name: _fitted(value[name], inner) for name, inner in shape.members.items() if name in value}
    if shape.type == "list" and isinstance(value, list):
        return [_fitted(item, shape.member) for item in value]
    return value
