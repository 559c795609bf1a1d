"""Prices by row: what a unit of something costs, up to which monthly usage, says who and when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

EXACT = Context(prec=100, traps=[Inexact, InvalidOperation])
"""Arithmetic that rounds nothing, whatever precision the program around has set."""

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tier:
    """A price that holds up to a usage of one account, region and calendar month."""

    up_to: Decimal | None
    """Where it ends, inclusive, in the row's dimension; None: nowhere."""
    price: Decimal | None
    """US dollars a unit; None when nobody could say."""
    flat: bool = False
    """The price is for the whole tier, not for a unit."""

    def covers(self, units: Decimal | int) -> bool:
        """Whether so many units, the first of the month, all have this price each."""
        return self.price is not None and not self.flat and units >= 0 and (self.up_to is None or units <= self.up_to)


@dataclass(frozen=True, slots=True)
class Price:
    """One row of the price book."""

    id: str
    """`comprehend.nlp_standard`."""
    dimension: str
    """What a unit is: `character`, `page`, `unit_100_chars` ..."""
    tiers: tuple[Tier, ...]
    operations: tuple[str, ...] = ()
    """What is charged by it, in words."""
    rounding: str | None = None
    minimum: str | None = None
    tier_scope: str | None = None
    """What the tiers count, where it is not the account's month."""
    addon: bool = False
    """Charged on top of a base row."""
    free_tier: str | None = None
    source: tuple[str, ...] = ()
    """Names in the book's `sources`."""
    as_of: str = ""
    """When the source said so."""
    confidence: str = ""
    """`high`, `medium` or `low`, as the book's `meta` explains."""
    notes: str | None = None

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Price:
        """A row as `prices.json` has it; numbers stand there as strings."""
        return cls(
            id=row["id"],
            dimension=row["dimension"],
            tiers=tuple(_tier(row["id"], tier) for tier in row["tiers"]),
            operations=tuple(row.get("operations", ())),
            rounding=row.get("rounding"),
            minimum=row.get("minimum"),
            tier_scope=row.get("tier_scope"),
            addon=row.get("addon", False),
            free_tier=row.get("free_tier"),
            source=tuple(row.get("source", ())),
            as_of=str(row.get("as_of", "")),
            confidence=row.get("confidence", ""),
            notes=row.get("notes"),
        )

    def of(self, units: Decimal | int, used: Decimal | int = 0) -> Decimal | None:
        """US dollars for the units when `used` units came before them this month; None when a price is unknown.

        Graduated: each tier prices only the usage that falls inside it.
        """
        first = self.tiers[0]
        if not used and first.covers(units):  # nearly every call: on the way of each of them
            return EXACT.multiply(Decimal(units), first.price)  # type: ignore[arg-type]  # it covers: not None
        begin, end = Decimal(used), EXACT.add(Decimal(used), Decimal(units))
        if begin < 0 or end < begin:
            raise ValueError(f"{self.id}: units={units} after used={used}: usage only grows")
        total, floor = _ZERO, _ZERO
        for tier in self.tiers:
            ceiling = end if tier.up_to is None else min(end, tier.up_to)
            inside = EXACT.subtract(ceiling, max(begin, floor))
            if inside > 0:
                if tier.price is None:
                    return None
                if not tier.flat:
                    total = EXACT.add(total, EXACT.multiply(inside, tier.price))
                elif begin <= floor:
                    total = EXACT.add(total, tier.price)
            if tier.up_to is None or end <= tier.up_to:
                return total
            floor = tier.up_to
        return None


class PriceBook:
    """Prices by id, dated.

    `PriceBook.default()` is AWS's list as shipped; `PriceBook.load(path)` reads a file of the same form;
    `book.with_rows(...)` is a book in which some rows are yours.
    """

    def __init__(
        self,
        rows: Iterable[Price],
        meta: Mapping[str, Any] | None = None,
        sources: Mapping[str, Any] | None = None,
        rules: Mapping[str, Any] | None = None,
    ) -> None:
        self._rows = {row.id: row for row in rows}
        self.meta: Mapping[str, Any] = meta or {}
        """Region, currency, the date it was compiled, and how to read it."""
        self.sources: Mapping[str, Any] = sources or {}
        """Where the numbers come from."""
        self.rules: Mapping[str, Any] = rules or {}
        """How each product counts; under `unpriced`, by operation, what stays unknown and why."""

    @classmethod
    @cache
    def default(cls) -> PriceBook:
        """The prices that are shipped: list prices of us-east-1 in US dollars."""
        return cls.load(Path(__file__).with_name("prices.json"))

    @classmethod
    def load(cls, path: str | Path) -> PriceBook:
        """A book from a JSON file: `{"meta": {...}, "sources": {...}, "rows": [...]}`."""
        data = json.loads(Path(path).read_text("utf-8"))
        rows = [Price.from_json(row) for row in data["rows"]]
        if len({row.id for row in rows}) < len(rows):
            raise ValueError(f"{path}: two rows have the same id")
        return cls(rows, data.get("meta"), data.get("sources"), data.get("rules"))

    def with_rows(self, *rows: Price | Mapping[str, Any]) -> PriceBook:
        """A new book with these rows, `Price`s or dicts as in the file, added or put in place of those here."""
        new = (row if isinstance(row, Price) else Price.from_json(row) for row in rows)
        return PriceBook([*self, *new], self.meta, self.sources, self.rules)

    @property
    def date(self) -> str:
        """When it was compiled; an empty string when it does not say."""
        return str(self.meta.get("compiled", ""))

    @property
    def region(self) -> str:
        """Whose prices they are."""
        return str(self.meta.get("region", ""))

    def price(self, row: str, units: Decimal | int, used: Decimal | int = 0) -> Decimal | None:
        """US dollars for units of a row when `used` came before them this month; None when the price is unknown."""
        known = self._rows.get(row)
        return None if known is None else known.of(units, used)

    def cost(self, units: Mapping[str, Decimal]) -> Decimal | None:
        """US dollars for units by row at the first tier; None when any of the prices is unknown."""
        if len(units) == 1:
            ((row, count),) = units.items()
            return self.price(row, count)
        total = _ZERO
        for row, count in units.items():
            price = self.price(row, count)
            if price is None:
                return None
            total = EXACT.add(total, price)
        return total

    def __getitem__(self, row: str) -> Price:
        return self._rows[row]

    def __contains__(self, row: object) -> bool:
        return row in self._rows

    def __iter__(self) -> Iterator[Price]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<PriceBook {len(self)} rows, {self.region}, {self.date}>"


def _tier(row: str, tier: Mapping[str, Any]) -> Tier:
    price, up_to = tier["price"], tier["up_to"]
    if isinstance(price, float):
        raise ValueError(f"{row}: write the price {price} as a string; a float is not exact")
    return Tier(
        None if up_to is None else Decimal(up_to), None if price is None else Decimal(price), tier.get("flat", False)
    )
