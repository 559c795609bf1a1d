"""The records of one row of resources in one world, found by whatever names them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from .resources import Resource
from .store import Record, Table


class Shelf:
    """A record is found by its identity (its parents' ids, further keys, its id), its ARN, or what it has in common.

    A record has `members`, `arn`, `tags`, times (`created`, `changed`, `since`) and the `steps` of its life.
    """

    def __init__(self, row: Resource, table: Table) -> None:
        self._row = row
        self._table = table
        self.identity = (*row.parents, *row.keys, row.id)
        """The members that together name one."""
        self._key_members = (row.id,) if row.made == "{arn}" else self.identity
        self._parents = tuple(row.parents)
        self._siblings = table.index(self._family)
        self._arns = table.names(lambda record: record["arn"] or None)
        self._named = table.names(self._name)

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[Record]:
        return iter([self._table[key] for key in self._table])

    def __contains__(self, key: object) -> bool:
        return key in self._table

    def __getitem__(self, key: str) -> Record:
        return self._table[key]

    def key(self, members: Mapping[str, Any]) -> str:
        """What a record with these members is kept under."""
        return "\n".join([str(members.get(name, "")) for name in self._key_members])

    def find(self, members: Mapping[str, Any]) -> Record | None:
        """The record that these members name."""
        return self._table.find(self.key(members))

    def by_arn(self, arn: str) -> Record | None:
        """The record with this ARN."""
        key = self._arns[arn]
        return self._table[key] if key is not None else None

    def add(self, record: Record) -> None:
        """Keep a record."""
        self._table[self.key(record["members"])] = record

    def remove(self, record: Record) -> None:
        """Forget a record, if it is kept."""
        self._table.discard(self.key(record["members"]))

    def change(self, record: Record, members: Mapping[str, Any]) -> None:
        """Give a record other members; those that name it stay."""
        self._table.change(self.key(record["members"]), members=members)

    def taken(self, members: Mapping[str, Any]) -> str | None:
        """The member by which these members name a record that is there already."""
        unique = self._row.unique
        if unique and self._named[self._name({"members": members})] is not None:
            return unique
        return self._row.id if self.key(members) in self._table else None

    def count(self, members: Mapping[str, Any]) -> int:
        """How many have the same parents."""
        return len(self._siblings[self._family({"members": members})])

    def among(self, members: Mapping[str, Any], after: int = 0) -> Iterator[Record]:
        """The records with the same parents, as far as those are named, from the one after this number on."""
        named = [name for name in self._parents if name in members]
        if len(named) == len(self._parents):
            run = self._siblings[tuple([members[name] for name in named])]
            return map(self._table.__getitem__, run.after(after))
        found = (record for record in self if record["number"] > after)
        return (record for record in found if all(record["members"].get(name) == members[name] for name in named))

    def _family(self, record: Record) -> Hashable:
        members = record["members"]
        return tuple(members.get(name) for name in self._parents)

    def _name(self, record: Record) -> Hashable:
        row, members = self._row, record["members"]
        value = members.get(row.unique) if row.unique else None
        if value is None:
            return None
        keys = [members.get(name) for name in row.keys]
        return self._family(record), *keys, value if isinstance(value, str) else repr(value)
