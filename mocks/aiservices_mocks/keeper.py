"""Keeps the resources of one row: creates, shows, lists, changes and deletes them as the model says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar

from aiservices.api.model import Operation, Shape, load
from aiservices.call import Reply

from . import fates
from .listing import Listing, page_size
from .paging import PageTokenError, Tokens
from .resources import Resource, Verb, WorkFailed
from .rules import Rules
from .shelf import Shelf
from .tags import as_dict
from .views import ENDED, RECORD, project

if TYPE_CHECKING:
    from .service import Service
    from .store import Record

_TOKENS = ("ClientRequestToken", "ClientToken", "clientToken", "clientRequestToken")


class Keeper:
    """The things of one row in one world."""

    def __init__(self, service: Service, row: Resource) -> None:
        self.service = service
        self._world = service.world
        self.row = row
        self._model = load(service.name)
        self.shelf = Shelf(row, service.world.store.table(service.name, row.noun))
        self.rules = Rules(service, row, self.shelf)
        self._tokens = service.world.store.table(service.name, f"{row.noun} tokens")
        self._ids = (row.id, *(shown for shown, given in row.renames.items() if given == row.id))

    def find(self, named: Mapping[str, Any]) -> Record | None:
        """The record that a request's members name."""
        return self.shelf.find(named)

    def repeats(self, token: str | None) -> bool:
        """Whether a create with this token was answered before, and what it made is still there."""
        known = self._tokens.get(token) if token is not None else None
        return known is not None and known["key"] in self.shelf

    def by_arn(self, arn: str) -> Record | None:
        """The record with this ARN."""
        return self.shelf.by_arn(arn)

    def all(self, members: Mapping[str, Any]) -> list[Record]:
        """The records that have these members."""
        found = self.shelf.among(members)
        return [r for r in found if all(r["members"].get(name) == v for name, v in members.items())]

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

    def put(self, members: Mapping[str, Any]) -> None:
        """Keep one, in the place of an older one of its name; nothing is checked."""
        self.shelf.add(self._record(dict(members), {}))

    def change(self, record: Record, members: Mapping[str, Any]) -> None:
        """Give a record other values of some members."""
        self.shelf.change(record, {**record["members"], **members})
        record["changed"] = self._world.clock.now()

    def enter(self, record: Record, *steps: tuple[str, float], work: bool = False) -> None:
        """Let a record go through other states from now on. work: its work is done at the last one."""
        record["steps"], record["since"] = steps, self._world.clock.now()
        self._world.works.drop(record)
        if work:
            self._await(record)

    def settle(self, record: Record, *, look: bool = True) -> None:
        """Do the work that is due when a record reaches its last state; looking brings it there on an auto clock."""
        if self._world.works.waits(record):
            seconds = sum(seconds for _, seconds in record["steps"][:-1])
            if look:
                self._world.clock.passed(record["since"], seconds)
            self._world.works.do(record)

    def adopt(self, other: Keeper, record: Record) -> None:
        """Do the work of a copied record as the keeper of the world that it was copied from does its own."""
        self._world.works.add(self, self.shelf[other.shelf.key(record["members"])])

    def work(self, record: Record) -> Callable[[], None]:
        """Do the work of a record; what is returned makes its results known."""
        life, steps = self.row.life, record["steps"]
        result = fates.outcome(record)
        try:
            if result is None:
                result = self.row.work(self.service, record["members"]) if self.row.work is not None else {}
        except WorkFailed as failure:
            result = {life.reason: str(failure), life.member: life.failed} if life else {}
        state = result.get(life.member) if life else None

        def finish() -> None:
            last = (*steps[:-1], (state, 0.0)) if state else steps
            told = {name: value for name, value in result.items() if not life or name != life.member}
            self.shelf.change(record, {**record["members"], **told})
            record["steps"] = last
            fates.fulfil(record)

        return finish

    def has_ended(self, record: Record) -> bool:
        """Whether it has reached the last of its states, and its work is done."""
        return not self._world.works.waits(record) and self._is_final(record)

    def remove(self, record: Record) -> None:
        """Forget a record and what has it as its parent."""
        self._world.works.drop(record)
        for keeper, child in self.rules.children(record):
            keeper.remove(child)
        self.shelf.remove(record)

    # The six verbs.

    def _create(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        token = next((params[name] for name in _TOKENS if params.get(name)), None)
        asked = {name: value for name, value in params.items() if name not in _TOKENS}
        with self._world.lock:
            self.rules.check_parents(operation, params)
            self.rules.check_used(operation, params)
            known = self._tokens.get(token) if token is not None else None
            if known is not None and known["key"] in self.shelf:
                if known["asked"] != asked:
                    raise self.rules.reused(operation)
                return self._shown(self.shelf[known["key"]], operation, look=False)
            if operation.name.startswith("Put") and (old := self.find(asked)) is not None:
                return self._replaced(operation, old, asked)
            record = self._new(operation, asked)
            self.shelf.add(record)
            self._await(record)
            if token is not None:
                self._tokens[token] = {"asked": asked, "key": self.shelf.key(record["members"])}
        return self._shown(record, operation, look=False)

    def _read(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        record = self._named(operation, params)
        self.settle(record)
        with self._world.lock:
            return self._shown(record, operation)

    def _list(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        self.rules.check_parents(operation, params)
        for record in self._world.works.of(self):
            self.settle(record)
        member, element = _listed(operation)
        size = page_size(operation, params)
        listed = Listing(self.row, params, Tokens(self._world.seed, operation.name, params))
        with self._world.lock:
            views, token = self._page(listed, params, size)
            if element.type == "structure":
                items: list[Any] = [project(view, element, self._ids) for view in views]
            else:
                items = [view[self.row.id] for view in views]
        if self.row.id in params and not items and self.rules.knows_missing(operation):
            raise self.rules.not_found(operation)
        reply: Reply = {member: items}
        if token is not None and operation.page_tokens is not None:
            reply[operation.page_tokens[1]] = token
        return reply

    def _update(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        with self._world.lock:
            record = self._named(operation, params)
            self._check_steady(operation, record)
            self.rules.check_used(operation, params)
            changes = {name: value for name, value in params.items() if name not in _TOKENS}
            self.change(record, {**changes, self.row.id: record["members"][self.row.id]})
            if self.row.life and self.row.life.updated:
                self.enter(record, *self.row.life.updated, work=True)
            return self._shown(record, operation, look=False)

    def _delete(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        with self._world.lock:
            record = self._named(operation, params)
            self._check_steady(operation, record)
            self.rules.check_unused(operation, record)
            reply = self._shown(record, operation, look=False)
            self.remove(record)
        return reply

    def _stop(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        record = self._named(operation, params)
        self.settle(record, look=False)
        with self._world.lock:
            if self.row.life and self.row.life.stopped and not self._is_final(record):
                self.enter(record, *self.row.life.stopped)
            return self._shown(record, operation, look=False)

    # What they share.

    def _await(self, record: Record) -> None:
        """Remember that the work of a record that begins is to be done in the end."""
        fates.bind(self.row, record)
        if self.row.work is not None or fates.has_failed(record):
            self._world.works.add(self, record)

    def _named(self, operation: Operation, params: Mapping[str, Any]) -> Record:
        self.rules.check_parents(operation, params)
        record = self.find(params)
        if record is None:
            raise self.rules.not_found(operation)
        return record

    def _page(self, listed: Listing, params: Mapping[str, Any], size: int) -> tuple[list[dict[str, Any]], str | None]:
        """The views of a page, and the token of the next one."""
        try:
            if listed.ordered:
                return listed.sorted_page(map(self._view, self.shelf.among(params)), size)
            return listed.page(map(self._view, self.shelf.among(params, listed.begin)), size)
        except PageTokenError:
            raise self.service.foreign_token() from None

    def _new(self, operation: Operation, asked: Mapping[str, Any]) -> Record:
        row = self.row
        members = {**row.defaults, **asked}
        tags = as_dict(members.pop("Tags", members.pop("tags", None)))
        self.rules.check_room(operation, members)
        if row.made and row.id not in members:
            members[row.id] = self._arn(members) if row.made == "{arn}" else self._filled(row.made, members)
        self.rules.check_free(operation, members)
        return self._record(members, tags)

    def _record(self, members: dict[str, Any], tags: dict[str, str]) -> Record:
        """A new record of these members; its ARN is among them where the row says so."""
        row, now = self.row, self._world.clock.now()
        arn = members[row.id] if row.made == "{arn}" else self._arn(members)
        if row.arn_member:
            members[row.arn_member] = arn
        steps = row.life.created if row.life else ()
        times = {"created": now, "changed": now, "since": now}
        return {"members": members, "arn": arn, "tags": tags, **times, "steps": steps}

    def _replaced(self, operation: Operation, old: Record, asked: Mapping[str, Any]) -> Reply:
        """What a second Put does: the members are the new ones, the thing is the same."""
        tags = as_dict(asked.get("Tags", asked.get("tags")))
        kept = {name: old["members"][name] for name in (self.row.id, self.row.arn_member) if name in old["members"]}
        given = {name: value for name, value in asked.items() if name.lower() != "tags"}
        self.shelf.change(old, {**self.row.defaults, **given, **kept})
        old["tags"] = {**old["tags"], **tags}
        old["changed"] = self._world.clock.now()
        return self._shown(old, operation, look=False)

    def _arn(self, members: Mapping[str, Any]) -> str:
        name = self.service.arn_name or self.service.name
        return self._world.arn(name, self._filled(self.row.arn, members)) if self.row.arn else ""

    def _filled(self, template: str, members: Mapping[str, Any]) -> str:
        if "{number}" in template:
            members = {**members, "number": self._next_number(members)}
        if "{millis}" in template:
            members = {**members, "millis": int(self._world.clock.now().timestamp() * 1000)}
        if "{uuid" in template or "{hex" in template:
            uuid = self._world.new_id()
            digest = blake2b(uuid.encode(), digest_size=32).hexdigest()
            hexes = {"hex": digest[:32], "hex10": digest[:10].upper(), "hex64": digest}
            return template.format_map({**members, "uuid": uuid, **hexes})
        return template.format_map(members)

    def _next_number(self, members: Mapping[str, Any]) -> int:
        """One more than the last there ever was among the siblings."""
        numbers = self._world.store.table(self.service.name, f"{self.row.noun} numbers")
        among = self.shelf.key({**members, self.row.id: ""})
        numbers[among] = {"last": numbers.get(among, {"last": 0})["last"] + 1}
        return int(numbers[among]["last"])

    def _check_steady(self, operation: Operation, record: Record) -> None:
        if self.row.steady and not self._is_final(record):
            raise self.rules.busy(operation, f"is {self._status(record, look=False)}; wait until it is done.")

    # States and views.

    def _status(self, record: Record, *, look: bool) -> str:
        """The state now; on an auto clock a look finds the last one."""
        steps, since, clock = record["steps"], record["since"], self._world.clock
        if len(steps) == 1:
            return str(steps[0][0])
        passed: float = 0
        now = clock.now()
        for state, seconds in steps[:-1]:
            passed += seconds
            if (now - since).total_seconds() >= passed:
                continue
            if not look or not clock.passed(since, passed):
                return str(state)
            now = clock.now()
        return str(steps[-2 if self._world.works.waits(record) else -1][0])

    def _is_final(self, record: Record) -> bool:
        return not record["steps"] or self._status(record, look=False) == record["steps"][-1][0]

    def _view(self, record: Record, *, look: bool = True) -> dict[str, Any]:
        """The members of a record with its state and times under the names that they show under."""
        view = dict(record["members"])
        view[RECORD], view[ENDED] = record, False
        for shown, given in self.row.renames.items():
            if given in view:
                view[shown] = view[given]
        steps = record["steps"]
        if steps and self.row.life:
            status = view[self.row.life.member] = self._status(record, look=look)
            view[ENDED] = status == steps[-1][0]
        if self.row.derived:
            view.update(self.row.derived(view))
        return view

    def _shown(self, record: Record, operation: Operation, *, look: bool = True) -> Reply:
        if operation.output is None:
            return {}
        return project(self._view(record, look=look), operation.output, self._ids)


@cache
def _listed(operation: Operation) -> tuple[str, Shape]:
    """The member of a List reply that holds the things, and the shape of one."""
    members = operation.output.members if operation.output else {}
    return next((name, shape.member) for name, shape in members.items() if shape.type == "list")


Kind = TypeVar("Kind", bound=Keeper)


class Keepers(Mapping[str, Kind]):
    """The keepers of a service by the nouns of their rows; each is made when first asked for."""

    def __init__(self, service: Service, make: Callable[[Service, Resource], Kind]) -> None:
        self._service = service
        self._make = make
        self._rows = {row.noun: row for row in (*service.resources, *service.hidden)}
        self._made: dict[str, Kind] = {}

    def __getitem__(self, noun: str) -> Kind:
        made = self._made.get(noun)
        if made is None:
            row = self._rows[noun]
            with self._service.world.lock:
                made = self._made.get(noun) or self._made.setdefault(noun, self._make(self._service, row))
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
