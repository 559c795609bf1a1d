"""What a world remembers: tables of plain dicts per account and region."""

from __future__ import annotations

import threading
from bisect import bisect_left, insort
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

Record = dict[str, Any]
IndexOf = Callable[[Record], Hashable]


class Run:
    """Keys of records in the order in which those came, by their number."""

    __slots__ = ("_keys", "_numbers")

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._keys: list[str] = []

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, number: int, key: str) -> None:
        """Put a key in its place."""
        if not self._numbers or number > self._numbers[-1]:
            self._numbers.append(number)
            self._keys.append(key)
            return
        insort(self._numbers, number)
        self._keys.insert(bisect_left(self._numbers, number), key)

    def drop(self, number: int) -> None:
        """Take out the key of a number."""
        place = bisect_left(self._numbers, number)
        del self._numbers[place], self._keys[place]

    def after(self, number: int) -> Iterator[str]:
        """The keys whose number is higher, as they are now."""
        return iter(self._keys[bisect_left(self._numbers, number + 1) :])


class Index:
    """Records of a table by something that several can have in common."""

    def __init__(self, of: IndexOf) -> None:
        self._of = of
        self._runs: dict[Hashable, Run] = {}

    def __getitem__(self, value: Hashable) -> Run:
        return self._runs.get(value) or _NOTHING

    def add(self, key: str, record: Record) -> None:
        """Know a record."""
        value = self._of(record)
        run = self._runs.get(value)
        if run is None:
            run = self._runs[value] = Run()
        run.add(record["number"], key)

    def drop(self, key: str, record: Record) -> None:
        """Forget a record."""
        value = self._of(record)
        run = self._runs[value]
        run.drop(record["number"])
        if not run:
            del self._runs[value]


class Names:
    """The key of the record that has a value which no two have; None as a value is no name."""

    def __init__(self, of: IndexOf) -> None:
        self._of = of
        self._keys: dict[Hashable, str] = {}

    def __getitem__(self, value: Hashable) -> str | None:
        return self._keys.get(value)

    def add(self, key: str, record: Record) -> None:
        """Know a record."""
        value = self._of(record)
        if value is not None:
            self._keys[value] = key

    def drop(self, key: str, record: Record) -> None:
        """Forget a record."""
        value = self._of(record)
        if self._keys.get(value) == key:
            del self._keys[value]


_NOTHING = Run()


class Table(MutableMapping[str, Record]):
    """Records by their key, in the order they came. Every step holds the world's lock."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._records: dict[str, Record] = {}
        self._indexes: list[Index | Names] = []
        self._last = 0

    def __getitem__(self, key: str) -> Record:
        return self._records[key]

    def __setitem__(self, key: str, record: Record) -> None:
        with self._lock:
            if self._indexes:
                self._drop(key)
                record.setdefault("number", self._last + 1)
                self._last = max(self._last, record["number"])
            self._records[key] = record
            for index in self._indexes:
                index.add(key, record)

    def discard(self, key: str) -> None:
        """Forget a record, if it is there."""
        with self._lock:
            self._drop(key)
            self._records.pop(key, None)

    def __delitem__(self, key: str) -> None:
        with self._lock:
            self._drop(key)
            del self._records[key]

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(list(self._records))

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, key: object) -> bool:
        return key in self._records

    def find(self, key: str) -> Record | None:
        """A record, if it is there."""
        return self[key] if key in self._records else None

    def __repr__(self) -> str:
        return f"<Table of {len(self)}>"

    def index(self, of: IndexOf) -> Index:
        """The records by what `of` says of them; they get numbers in the order they come."""
        index = Index(of)
        self._know(index)
        return index

    def names(self, of: IndexOf) -> Names:
        """The keys of the records by a name of theirs."""
        names = Names(of)
        self._know(names)
        return names

    def change(self, key: str, **parts: Any) -> None:
        """Give a record other parts, and find it under them from now on."""
        with self._lock:
            record = self._records[key]
            self._drop(key)
            record.update(parts)
            for index in self._indexes:
                index.add(key, record)

    @property
    def last(self) -> int:
        """The highest number that a record has had."""
        return self._last

    def fill(self, records: Iterable[tuple[str, Record]], last: int) -> None:
        """Keep these records in their order, before anybody asks for an index."""
        self._records, self._last = dict(records), last

    def copy(self, lock: threading.RLock) -> Table:
        """The same records in containers of their own; without the indexes, which their user asks for again."""
        other = Table(lock)
        other._records = {key: copied(record) for key, record in self._records.items()}
        other._last = self._last
        return other

    def _know(self, index: Index | Names) -> None:
        with self._lock:
            self._indexes.append(index)
            for key, record in self._records.items():
                if "number" not in record:
                    self._last += 1
                    record["number"] = self._last
                index.add(key, record)

    def _drop(self, key: str) -> None:
        record = self._records.get(key)
        if record is not None:
            for index in self._indexes:
                index.drop(key, record)


def copied(value: Any) -> Any:
    """The same value in containers of its own: what is done to one must not reach the other."""
    if type(value) is dict:
        return {key: copied(content) for key, content in value.items()}
    if type(value) is list:
        return [copied(item) for item in value]
    return value


class Store:
    """Tables by service and noun, one set for each account and region."""

    def __init__(self, lock: threading.RLock, account: str, region: str) -> None:
        self._lock = lock
        self._scope = (account, region)
        self._tables: dict[tuple[str, ...], Table] = {}

    def table(self, service: str, noun: str) -> Table:
        """The table of one kind of thing: `table("polly", "lexicon")`. Made when first asked for."""
        key = (*self._scope, service, noun)
        with self._lock:
            if key not in self._tables:
                self._tables[key] = Table(self._lock)
            return self._tables[key]

    @property
    def tables(self) -> Mapping[tuple[str, ...], Table]:
        """All tables, by account, region, service and noun."""
        return self._tables

    def forget(self, used: Container[tuple[str, str]]) -> None:
        """Drop the tables of accounts and regions in which nothing is kept, nor ever was; but not of those in use."""
        with self._lock:
            kept = {key[:2] for key, table in self._tables.items() if table or table.last}
            for key in [key for key in self._tables if key[:2] not in kept and key[:2] not in used]:
                del self._tables[key]

    def scoped(self, account: str, region: str) -> Store:
        """The same store as another account or region sees it."""
        other = Store(self._lock, account, region)
        other._tables = self._tables
        return other

    def copy(self, lock: threading.RLock) -> Store:
        """A store of its own with the same records."""
        other = Store(lock, *self._scope)
        with self._lock:
            other._tables = {key: table.copy(lock) for key, table in self._tables.items()}
        return other
