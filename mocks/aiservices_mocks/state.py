"""A mock's world in a folder: saved as it is, and loaded again as if nothing had happened in between.

Kept are tables, objects, what waits to be done, time, quotas, and what ids and chance go on from. Rules (`on`) and the
log of calls stay behind, as they do in a copy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiservices.errors import InvalidCallError

from .clock import Clock
from .state_folder import Folder
from .state_objects import Shelved
from .state_values import UnreadableError, from_json, to_json

if TYPE_CHECKING:
    from .backend import Mock
    from .keeper import Keeper
    from .store import Record, Table
    from .world import World


class State:
    """A folder that one mock is saved in again and again; no other program can meanwhile.

    Raises InvalidCallError when another one does, and when what is in the folder cannot be read; nothing is changed.
    """

    def __init__(self, path: str | Path) -> None:
        self._folder = Folder(path, write=True)
        try:
            self._objects = Shelved(self._folder)
            self._saved = self._folder.read()
        except InvalidCallError:
            self._folder.close()
            raise

    @property
    def path(self) -> Path:
        """The folder."""
        return self._folder.path

    def load(self, s3: Any = None) -> Mock | None:
        """The mock that was saved; None when none was. s3: as of `load`."""
        return None if self._saved is None else _load(self._folder, self._saved, self._objects, s3)

    def save(self, mock: Mock, *, remote: bool = False) -> None:
        """Save a mock in the place of what was saved; remote: as of `save`."""
        self._folder.begin()
        content = _content(self._folder, mock, self._objects, remote)
        if content != self._saved:
            self._folder.switch(content)
            self._saved = content
        self._folder.tidy()

    def close(self) -> None:
        """Let others have the folder."""
        self._folder.close()


def save(mock: Mock, path: str | Path, *, remote: bool) -> None:
    """Save a mock once."""
    state = State(path)
    try:
        state.save(mock, remote=remote)
    finally:
        state.close()


def load(path: str | Path, s3: Any) -> Mock:
    """The mock that was saved in a folder."""
    with Folder(path, write=False) as folder:
        saved = folder.read()
        if saved is None:
            raise InvalidCallError(f"there is no saved state in {folder.path}")
        return _load(folder, saved, Shelved(folder), s3)


# Saving.


def _content(folder: Folder, mock: Mock, objects: Shelved, remote: bool) -> dict[str, Any]:
    world = mock.world
    with world.lock:
        told = _told(mock)
        tables = world.store.copy(world.lock).tables
    # Objects come after the tables: what a record says that was written is there.
    return {
        **told,
        "tables": [_table(folder, key, table) for key, table in tables.items() if table or table.last],
        "objects": objects.save(world.s3, remote),
    }


def _told(mock: Mock) -> dict[str, Any]:
    world, (requests, chance) = mock.world, mock._told()
    return {
        "seed": world.seed,
        "strict": mock.strict,
        "account": world.account,
        "region": world.region,
        "quotas": dict(world.quotas),
        "clock": mock.clock.told(),
        "ids": world.ids,
        "requests": requests,
        "random": to_json(chance, _none),
        "waiting": [_place(keeper, record) for keeper, record in world.works],
    }


def _place(keeper: Keeper, record: Record) -> list[str]:
    world, key = keeper.service.world, keeper.shelf.key(record["members"])
    return [world.account, world.region, keeper.service.name, keeper.row.noun, key]


def _table(folder: Folder, key: tuple[str, ...], table: Table) -> dict[str, Any]:
    account, region, service, noun = key
    lines = (json.dumps([name, to_json(record, folder.put)]) for name, record in table.items())
    piece = folder.put("\n".join(lines).encode())
    place = {"account": account, "region": region, "service": service, "noun": noun}
    return {**place, "last": table.last, "records": len(table), "piece": piece}


def _none(data: bytes) -> str:
    raise TypeError("chance is made of numbers")


# Loading.

_KINDS: Mapping[str, type] = {
    "seed": int, "strict": bool, "account": str, "region": str, "quotas": dict, "clock": dict, "ids": int,
    "requests": int, "waiting": list, "tables": list,
}  # fmt: skip


def _load(folder: Folder, saved: Mapping[str, Any], objects: Shelved, s3: Any) -> Mock:
    """Everything is read before anything is made of it."""
    from .backend import Mock

    try:
        for name, kind in _KINDS.items():
            if type(saved[name]) is not kind:
                raise TypeError(f"{name} is no {kind.__name__}")
        given = {name: saved[name] for name in ("seed", "strict", "account", "region")}
        mock = Mock(**given, clock=Clock.of(saved["clock"]), s3=s3)
        world = mock.world
        world.quotas = dict(saved["quotas"])
        mock._go_on(saved["requests"], from_json(saved["random"], folder.get))
        world.go_on(saved["ids"])
        for told in saved["tables"]:
            _fill(world, folder, told)
        for account, region, service, noun, key in saved["waiting"]:
            mock.at(region, account)._resume(service, noun, key)
        objects.load(saved["objects"], world)
    except InvalidCallError:
        raise
    except (UnreadableError, AttributeError, LookupError, TypeError, ValueError, OverflowError) as error:
        raise folder.damaged(f"it cannot be read ({error})") from error
    return mock


def _fill(world: World, folder: Folder, told: Mapping[str, Any]) -> None:
    table = world.store.scoped(told["account"], told["region"]).table(told["service"], told["noun"])
    table.fill(_records(folder, told), told["last"])


def _records(folder: Folder, told: Mapping[str, Any]) -> Iterator[tuple[str, Record]]:
    for line in folder.get(told["piece"]).splitlines():
        key, record = json.loads(line)
        yield key, from_json(record, folder.get)
