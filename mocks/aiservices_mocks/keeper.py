"""Keeps the resources of one row: creates, shows, lists, changes and deletes them as the model says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from aiservices.api.model import Operation, Shape, load
from aiservices.call import Reply
from aiservices.errors import ServiceError

from .listing import chosen, descends, page_size, sort_key
from .resources import VERBS, Resource, Verb, WorkFailed
from .tags import as_dict, as_shape

if TYPE_CHECKING:
    from .service import Service
    from .store import Record

_CREATED = re.compile(r"(?i)(creat|submit|start)\w*$")
_CHANGED = re.compile(r"(?i)(updat|modif)\w*$")
_ENDED = re.compile(r"(?i)(end|complet)\w*$")
_MISSING = re.compile(r"NotFound")
_REUSED = re.compile(r"Idempotent")
_EXISTS = re.compile(r"AlreadyExist|ResourceInUse|Conflict")
_BUSY = re.compile(r"Conflict|ResourceInUse|Precondition|ConcurrentModification")
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

    def repeats(self, token: str | None) -> bool:
        """Whether a create with this token was answered before, and what it made is still there."""
        known = self._tokens.get(token) if token is not None else None
        return known is not None and known["key"] in self._table

    def by_arn(self, arn: str) -> Record | None:
        """The record with this ARN."""
        return next((record for record in self._table.values() if record["arn"] == arn), None)

    def all(self, members: Mapping[str, Any]) -> list[Record]:
        """The records that have these members."""
        return [r for r in self._table.values() if all(r["members"].get(name) == v for name, v in members.items())]

    def finds(self, name: Any, params: Mapping[str, Any]) -> bool:
        """Whether there is one that a member of a request names, by id or in a structure."""
        return self.find(name if isinstance(name, Mapping) else {**params, self.row.id: name}) is not None

    def answer(self, verb: Verb, operation: str, params: Mapping[str, Any]) -> Reply:
        """What a verb of this row answers when it is another operation that asks: with its members and errors."""
        act: Callable[[Operation, Mapping[str, Any]], Reply] = getattr(self, f"_{verb}")
        return act(self._model.operations[operation], params)

    def named(self, operation: str, params: Mapping[str, Any]) -> Record:
        """The record that a request of an operation names, or that operation's error when there is none."""
        return self._named(self._model.operations[operation], params)

    def status(self, record: Record) -> str:
        """Its state now, as an operation that changes it finds it."""
        self.settle(record, look=False)
        return self._status(record, look=False)

    def look(self, record: Record) -> str:
        """Its state as one who looks finds it: on an auto clock the last one."""
        self.settle(record)
        return self._status(record, look=True)

    def change(self, record: Record, members: Mapping[str, Any]) -> None:
        """Give a record other values of some members."""
        record["members"] = {**record["members"], **members}
        record["changed"] = self._world.clock.now()

    def enter(self, record: Record, *steps: tuple[str, float], work: bool = False) -> None:
        """Let a record go through other states from now on. work: its work is done at the last one."""
        record["steps"], record["since"] = steps, self._world.clock.now()
        self._world.works.drop(record)
        if work and self.row.work is not None:
            self._world.works.add(self, record)

    def settle(self, record: Record, *, look: bool = True) -> None:
        """Do the work that is due when a record reaches its last state; looking brings it there on an auto clock."""
        if self._world.works.waits(record):
            seconds = sum(seconds for _, seconds in record["steps"][:-1])
            if look:
                self._world.clock.passed(record["since"], seconds)
            self._world.works.do(record)

    def work(self, record: Record) -> Callable[[], None]:
        """Do the work of a record; what is returned makes its results known."""
        assert self.row.work is not None
        life, steps = self.row.life, record["steps"]
        result: Mapping[str, Any]
        try:
            result = self.row.work(self._service, record["members"])
        except WorkFailed as failure:
            result = {life.reason: str(failure), life.member: life.failed} if life else {}
        state = result.get(life.member) if life else None

        def finish() -> None:
            last = (*steps[:-1], (state, 0.0)) if state else steps
            told = {name: value for name, value in result.items() if not life or name != life.member}
            record["members"], record["steps"] = {**record["members"], **told}, last

        return finish

    def remove(self, record: Record) -> None:
        """Forget a record and what has it as its parent."""
        self._world.works.drop(record)
        for keeper, child in self._children(record):
            keeper.remove(child)
        self._table.pop(self._key(record["members"]), None)

    # The six verbs.

    def _create(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        token = next((params[name] for name in _TOKENS if params.get(name)), None)
        asked = {name: value for name, value in params.items() if name not in _TOKENS}
        with self._world.lock:
            self._check_parents(operation, params)
            self._check_used(operation, params)
            known = self._tokens.get(token) if token is not None else None
            if known is not None and known["key"] in self._table:
                if known["asked"] != asked:
                    reused = any(_REUSED.search(code) for code in operation.errors)
                    raise self._error(operation, _REUSED if reused else _EXISTS, "The token was used before.")
                return self._shown(self._table[known["key"]], operation, look=False)
            if operation.name.startswith("Put") and (old := self.find(asked)) is not None:
                return self._replaced(operation, old, asked)
            record = self._new(operation, asked)
            key = self._key(record["members"])
            self._table[key] = record
            if self.row.work is not None:
                self._world.works.add(self, record)
            if token is not None:
                self._tokens[token] = {"asked": asked, "key": key}
        return self._shown(record, operation, look=False)

    def _read(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        record = self._named(operation, params)
        self.settle(record)
        with self._world.lock:
            return self._shown(record, operation)

    def _list(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        listed = next(n for n, s in _members(operation.output).items() if s.type == "list")
        element = _members(operation.output)[listed].member
        self._check_parents(operation, params)
        for record in self._world.works.of(self):
            self.settle(record)
        with self._world.lock:
            views = [view for view in map(self._view, self._table.values()) if chosen(view, params, self.row)]
            if (key := sort_key(params)) is not None:
                views.sort(key=key)
            if descends(params):
                views.reverse()
            if element.type == "structure":
                items: list[Any] = [self._project(view, element) for view in views]
            else:
                items = [view[self.row.id] for view in views]
        if self.row.id in params and not items and any(_MISSING.search(code) for code in operation.errors):
            raise self._not_found(operation)
        page, token = self._service.page(operation.name, params, items, page_size(operation, params))
        reply: Reply = {listed: page}
        if token is not None and operation.page_tokens is not None:
            reply[operation.page_tokens[1]] = token
        return reply

    def _update(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        with self._world.lock:
            record = self._named(operation, params)
            self._check_steady(operation, record)
            self._check_used(operation, params)
            changes = {name: value for name, value in params.items() if name not in _TOKENS}
            self.change(record, {**changes, self.row.id: record["members"][self.row.id]})
            if self.row.life and self.row.life.updated:
                self.enter(record, *self.row.life.updated, work=True)
            return self._shown(record, operation, look=False)

    def _delete(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        with self._world.lock:
            record = self._named(operation, params)
            self._check_steady(operation, record)
            self._check_unused(operation, record)
            reply = self._shown(record, operation, look=False)
            self.remove(record)
        return reply

    def _stop(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        record = self._named(operation, params)
        self.settle(record, look=False)
        with self._world.lock:
            if self.row.life and self.row.life.stopped and not self._is_final(record, look=False):
                self.enter(record, *self.row.life.stopped)
            return self._shown(record, operation, look=False)

    # What they share.

    @property
    def _identity(self) -> tuple[str, ...]:
        return (*self.row.parents, *self.row.keys, self.row.id)

    def _key(self, members: Mapping[str, Any]) -> str:
        named = (self.row.id,) if self.row.made == "{arn}" else self._identity
        return "\n".join(str(members.get(name, "")) for name in named)

    def _new(self, operation: Operation, asked: Mapping[str, Any]) -> Record:
        row, now = self.row, self._world.clock.now()
        members = {**row.defaults, **asked}
        tags = as_dict(members.pop("Tags", members.pop("tags", None)))
        if row.made and row.id not in members:
            members[row.id] = self._arn(members) if row.made == "{arn}" else self._filled(row.made, members)
        self._check_free(operation, members)
        arn = members[row.id] if row.made == "{arn}" else self._arn(members)
        if row.arn_member:
            members[row.arn_member] = arn
        steps = row.life.created if row.life else ()
        record: Record = {"members": members, "arn": arn, "tags": tags, "created": now, "changed": now}
        return {**record, "since": now, "steps": steps}

    def _replaced(self, operation: Operation, old: Record, asked: Mapping[str, Any]) -> Reply:
        """What a second Put does: the members are the new ones, the thing is the same."""
        tags = as_dict(asked.get("Tags", asked.get("tags")))
        kept = {name: old["members"][name] for name in (self.row.id, self.row.arn_member) if name in old["members"]}
        given = {name: value for name, value in asked.items() if name.lower() != "tags"}
        old["members"] = {}
        self.change(old, {**self.row.defaults, **given, **kept})
        old["tags"] = {**old["tags"], **tags}
        return self._shown(old, operation, look=False)

    def _arn(self, members: Mapping[str, Any]) -> str:
        name = self._service.arn_name or self._service.name
        return self._world.arn(name, self._filled(self.row.arn, members)) if self.row.arn else ""

    def _filled(self, template: str, members: Mapping[str, Any]) -> str:
        if "{number}" in template:
            members = {**members, "number": self._next_number(members)}
        if "{millis}" in template:
            members = {**members, "millis": int(self._world.clock.now().timestamp() * 1000)}
        if "{uuid" in template or "{hex" in template:
            uuid = self._world.new_id()
            digest = blake2b(uuid.encode(), digest_size=16).hexdigest()
            return template.format_map({**members, "uuid": uuid, "hex": digest, "hex10": digest[:10].upper()})
        return template.format_map(members)

    def _next_number(self, members: Mapping[str, Any]) -> int:
        """One more than the last there ever was among the siblings."""
        numbers = self._world.store.table(self._service.name, f"{self.row.noun} numbers")
        among = self._key({**members, self.row.id: ""})
        numbers[among] = {"last": numbers.get(among, {"last": 0})["last"] + 1}
        return int(numbers[among]["last"])

    def _check_free(self, operation: Operation, members: Mapping[str, Any]) -> None:
        row = self.row
        siblings = self.all({name: members.get(name) for name in row.parents})
        same = {name: members.get(name) for name in row.keys}
        for name in filter(None, (row.id, row.unique)):
            same_too = {**same, name: members.get(name)}
            if any(all(r["members"].get(part) == v for part, v in same_too.items()) for r in siblings):
                raise self._error(operation, _EXISTS, f"A {row.noun} with this {name} exists already.")
        if row.made == "{arn}" and self._key(members) in self._table:
            raise self._error(operation, _EXISTS, f"A {row.noun} with this {row.id} exists already.")
        if row.quota is not None and len(siblings) >= row.quota:
            raise self._error(operation, _QUOTA, f"There are {row.quota} of {row.noun}, the most there can be.")

    def _check_parents(self, operation: Operation, params: Mapping[str, Any]) -> None:
        for member, noun in self.row.parents.items():
            keeper = self._service.keepers[noun]
            known = member in params and all(name in params for name in keeper.row.keys)
            if known and keeper.find({**params, keeper.row.id: params[member]}) is None:
                raise keeper._not_found(operation)

    def _check_used(self, operation: Operation, params: Mapping[str, Any]) -> None:
        for member, nouns in self.row.uses.items():
            keepers = [self._service.keepers[noun] for noun in nouns.split("|")]
            for name in _names(params.get(member)):
                if not any(keeper.finds(name, params) for keeper in keepers):
                    raise self._error(
                        operation, _MISSING, f"The {keepers[0].row.noun} that {member} names does not exist."
                    )

    def _check_unused(self, operation: Operation, record: Record) -> None:
        if users := list(self._users(record)):
            raise self._error(operation, _BUSY, f"The {self.row.noun} is used by a {users[0]}; delete that first.")

    def _users(self, record: Record) -> Iterator[str]:
        """The nouns of what keeps a record, or a child of it, from being deleted."""
        for keeper in self._service.keepers.values():
            uses = keeper.row.uses
            members = [member for member in uses if self.row.noun in uses[member].split("|")]
            names = [name for r in keeper._table.values() for m in members for name in _names(r["members"].get(m))]
            if any(self._is_named(record, name) for name in names):
                yield keeper.row.noun
        for keeper, child in self._children(record):
            yield from [keeper.row.noun] if self.row.held else keeper._users(child)

    def _is_named(self, record: Record, name: Any) -> bool:
        members = record["members"]
        if isinstance(name, Mapping):
            return all(name.get(part) == members.get(part) for part in self._identity)
        return bool(name == members[self.row.id])

    def _children(self, parent: Record) -> list[tuple[Keeper, Record]]:
        """What has this record as its parent, and who keeps it."""
        known = {name: parent["members"].get(name) for name in self._identity[:-1]}
        return [
            (keeper, child)
            for keeper in self._service.keepers.values()
            for member, noun in keeper.row.parents.items()
            if noun == self.row.noun
            for child in keeper._table.values()
            if child["members"].get(member) == parent["members"][self.row.id]
            and all(child["members"].get(name, value) == value for name, value in known.items())
        ]

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
        if self._world.works.waits(record) and len(record["steps"]) > 1:
            return str(record["steps"][-2][0])
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
        if self.row.derived:
            view.update(self.row.derived(view))
        return view

    def _shown(self, record: Record, operation: Operation, *, look: bool = True) -> Reply:
        if operation.output is None:
            return {}
        return self._project(self._view(record, look=look), operation.output)

    def _project(self, view: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
        """What of a record the shape shows: members by name, times by what they are called, itself in a wrapper."""
        shown: dict[str, Any] = {}
        for name, member in shape.members.items():
            if name in view and (member.type != "structure" or isinstance(view[name], Mapping)):
                shown[name] = _fitted(view[name], member)
            elif name in ("Tags", "tags"):
                if view[""]["tags"] or not member.min:
                    shown[name] = as_shape(view[""]["tags"], member)
            elif member.type == "timestamp" or member.name == "time" or name.endswith("Timestamp"):
                time = self._time(name, view[""])
                if time is not None:
                    shown[name] = _as_type(time, member.type)
            elif member.type == "structure" and any(name in member.members for name in self._id_names()):
                shown[name] = self._project(view, member)
        return shown

    def _id_names(self) -> list[str]:
        """What its id is called in replies."""
        return [self.row.id, *(shown for shown, given in self.row.renames.items() if given == self.row.id)]

    def _time(self, name: str, record: Record) -> datetime | None:
        if _CHANGED.search(name):
            changed: datetime = max(record["changed"], record["since"])
            return changed
        if _CREATED.search(name):
            created: datetime = record["created"]
            return created
        if _ENDED.search(name) and self._is_final(record, look=False):
            end: datetime = record["since"] + timedelta(seconds=sum(seconds for _, seconds in record["steps"][:-1]))
            return end
        return None


def _bound(act: Callable[[Operation, Mapping[str, Any]], Reply], operation: Operation) -> Callable[..., Reply]:
    return lambda params: act(operation, params)


def _is_over(record: Record, now: datetime, seconds: float) -> bool:
    since: datetime = record["since"]
    return (now - since).total_seconds() >= seconds


def _as_type(time: datetime, kind: str) -> datetime | int | str:
    """A time, where the model has a number for it the seconds, where a string `2026-01-31T12:00:00.000Z`."""
    if kind == "timestamp":
        return time
    if kind in ("long", "integer"):
        return int(time.timestamp())
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"


def _names(value: Any) -> list[Any]:
    """The names in a member that holds one, or a list of them, or is not there."""
    return [] if value is None else value if isinstance(value, list) else [value]


def _members(shape: Shape | None) -> Mapping[str, Shape]:
    return shape.members if shape else {}


def _fitted(value: Any, shape: Shape) -> Any:
    """The value with the members that the shape has."""
    if shape.type == "structure" and isinstance(value, Mapping) and not shape.document:
        return {name: _fitted(value[name], inner) for name, inner in shape.members.items() if name in value}
    if shape.type == "list" and isinstance(value, list):
        return [_fitted(item, shape.member) for item in value]
    return value
