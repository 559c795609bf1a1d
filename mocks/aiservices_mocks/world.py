"""One world: everything that the handlers of one mock share."""

from __future__ import annotations

import copy
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from operator import length_hint
from typing import TYPE_CHECKING, Any, TypeVar

from .clock import Clock
from .paging import page
from .store import Store
from .works import Works

if TYPE_CHECKING:
    from .s3 import Objects

Item = TypeVar("Item")


class World:
    """State, time, objects and identity of one mock. Everything in it is made when first asked for."""

    def __init__(self, seed: int, clock: Clock, account: str, region: str, s3: Any = None) -> None:
        self.seed = seed
        self.clock = clock
        self.account = account
        self.region = region
        self.lock = threading.RLock()
        """Held around every change of state that takes more than one step; never while an engine runs."""
        self.quotas: dict[str, int] = {}
        """What was said instead of AWS's quotas: service.Noun -> number."""
        self.services: dict[str, Any] = {}
        """The services that answer in this world, by botocore's name; each is made when first asked for."""
        self.works = Works(self.lock, clock)
        """What is still to be done when resources reach their last state."""
        self._client = s3
        self._s3: Objects | None = None
        self._store: Store | None = None
        self._ids = numbers()

    def __repr__(self) -> str:
        return f"<World seed={self.seed} {self.account} {self.region}>"

    @property
    def store(self) -> Store:
        """The tables."""
        if self._store is None:
            with self.lock:
                self._store = self._store or Store(self.lock, self.account, self.region)
        return self._store

    @property
    def s3(self) -> Objects:
        """The objects: in memory, moto's while it is active, or whatever the boto3 client given to the mock reaches."""
        if self._s3 is None:
            with self.lock:
                if self._s3 is None:
                    self._s3 = self._open_s3()
        return self._s3

    def _open_s3(self) -> Objects:
        if self._client is not None:
            from .s3 import Remote

            return Remote(self._client)
        from .memory_s3 import MemoryObjects
        from .s3 import BesideMoto

        return BesideMoto(MemoryObjects(self), self.region)

    def page(
        self, operation: str, params: Mapping[str, Any], items: Sequence[Item], size: int | None = None
    ) -> tuple[list[Item], str | None]:
        """The page of items that a request asks for and the token of the next; see `paging.page`."""
        return page(self.seed, operation, params, items, size)

    def new_id(self, *parts: object) -> str:
        """A new id that looks like a UUID: the same in every run for the same seed and order of calls.

        With parts (a name, a client token) it depends on them and not on the order.
        """
        return uuid_of(self.seed, parts or ("id", next(self._ids)))

    def at(self, account: str, region: str) -> World:
        """The same world as another account or region sees it: with things of its own, the same time and objects."""
        other = copy.copy(self)
        other.account, other.region, other.services = account, region, {}
        other._s3, other._store = self.s3, self.store.scoped(account, region)
        return other

    def copy(self) -> World:
        """A world of its own that remembers the same, at the same time.

        Objects behind a boto3 client are not copied: both worlds see the same ones.
        """
        with self.lock:
            other = World(self.seed, self.clock.copy(), self.account, self.region, self._client)
            other.quotas = dict(self.quotas)
            if self._store is not None:
                other._store = self._store.copy(other.lock)
            if self._s3 is not None:
                other._s3 = self._s3.copy(other)
            other.go_on(self.ids)
        return other

    @property
    def ids(self) -> int:
        """How many ids were given that depend on their order."""
        return upcoming(self._ids)

    def go_on(self, ids: int) -> None:
        """Give ids as if so many had been given before."""
        self._ids = numbers(ids)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


def numbers(first: int = 0) -> Iterator[int]:
    """Numbers from the first on, one each for whoever asks, in any thread."""
    return iter(range(first, sys.maxsize))


def upcoming(counted: Iterator[int]) -> int:
    """The number that is next of `numbers`; it is not taken."""
    return sys.maxsize - length_hint(counted)


def uuid_of(seed: int, parts: Sequence[object]) -> str:
    """A version 4 UUID that follows from a seed and parts."""
    digits = blake2b(repr((seed, *parts)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def uuid_after(number: int) -> str:
    """A version 4 UUID that follows from a number: quick, for ids that nobody has to guess.

    The mixing is SplitMix64's (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
    """
    mixed = (number + 1) * 0x9E3779B97F4A7C15 & _64_BITS
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _64_BITS
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _64_BITS
    tail = (mixed ^ mixed >> 31) * 0xD1342543DE82EF95 & _64_BITS
    head = f"{mixed:016x}"
    rest = f"{(0x8000 | tail >> 50) << 48 | tail & 0xFFFFFFFFFFFF:016x}"
    return f"{head[:8]}-{head[8:12]}-4{head[13:]}-{rest[:4]}-{rest[4:]}"


_64_BITS = (1 << 64) - 1
