"""What a world remembers: tables of plain dicts per account and region, and tokens for their pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from hashlib import blake2b
from typing import Any, TypeVar

from aiservices.api.model import snake

Record = dict[str, Any]
Item = TypeVar("Item")

_TOKENS = frozenset(("next_token", "next_page_token", "pagination_token"))
_SIZES = frozenset(("max_results", "max_items", "page_size", "max_page_size", "limit"))


class PageTokenError(ValueError):
    """A token that belongs to another operation, to other parameters, or to no page at all."""


class Table(MutableMapping[str, Record]):
    """Records by their id, in the order they came. Every step holds the world's lock."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._records: dict[str, Record] = {}

    def __getitem__(self, key: str) -> Record:
        with self._lock:
            return self._records[key]

    def __setitem__(self, key: str, record: Record) -> None:
        with self._lock:
            self._records[key] = record

    def __delitem__(self, key: str) -> None:
        with self._lock:
            del self._records[key]

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(list(self._records))

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, key: object) -> bool:
        with self._lock:
            return key in self._records

    def __repr__(self) -> str:
        return f"<Table of {len(self)}>"


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

    def scoped(self, account: str, region: str) -> Store:
        """The same store as another account or region sees it."""
        other = Store(self._lock, account, region)
        other._tables = self._tables
        return other


def page(
    seed: int, operation: str, params: Mapping[str, Any], items: Sequence[Item], size: int | None
) -> tuple[list[Item], str | None]:
    """The page that `params` ask for, and the token of the next one.

    params: the request's members in either spelling, the token among them. A token is bound to the operation and
    to every other parameter but the page's size; any other token raises PageTokenError.
    """
    if (size is None or len(items) <= size) and not any(params.values()):
        return list(items), None
    names = {snake(name): value for name, value in params.items() if value is not None}
    token = next((names[name] for name in _TOKENS if name in names), None)
    if token is None and (size is None or len(items) <= size):
        return list(items), None
    mark = _mark(seed, operation, {k: v for k, v in names.items() if k not in _TOKENS and k not in _SIZES})
    begin = 0 if token is None else _read(token, mark)
    end = len(items) if size is None else begin + max(size, 1)
    return list(items[begin:end]), (_write(end, mark) if end < len(items) else None)


def _mark(seed: int, operation: str, params: Mapping[str, Any]) -> bytes:
    return repr((seed, operation, sorted(params.items()))).encode("utf-8", "surrogatepass")


def _write(offset: int, mark: bytes) -> str:
    count = f"{offset:08x}"
    return count + blake2b(mark + count.encode(), digest_size=20).hexdigest()


def _read(token: str, mark: bytes) -> int:
    try:
        offset = int(token[:8], 16)
    except ValueError:
        offset = 0
    if _write(offset, mark) != token:
        raise PageTokenError("this token belongs to another list")
    return offset
