"""The price book: prices by row id, dated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import InvalidCallError, nearest
from . import price_file
from .price import EXACT, Price, Tier

__all__ = ["EXACT", "Price", "PriceBook", "Tier"]

_ZERO = Decimal(0)


class PriceBook:
    """Prices by row id, dated.

    `PriceBook()` is AWS's list as shipped: us-east-1, US dollars. `PriceBook.load(path)` puts a file of yours on top,
    `book.with_rows(...)` rows, `book.discounted("0.9")` a discount; each gives a new book, and a book never changes.
    """

    def __init__(
        self,
        rows: Iterable[Price] | None = None,
        meta: Mapping[str, Any] | None = None,
        sources: Mapping[str, Any] | None = None,
        rules: Mapping[str, Any] | None = None,
        dimensions: Mapping[str, str] | None = None,
    ) -> None:
        shipped = _shipped() if rows is None else None
        given = shipped.rows if shipped else rows or ()
        self._rows = {row.id: row for row in given}
        self.meta: Mapping[str, Any] = (shipped.meta if shipped else meta) or {}
        """Region, currency, the date it was compiled, and how to read it."""
        self.sources: Mapping[str, Any] = (shipped.sources if shipped else sources) or {}
        """Where the numbers come from."""
        self.rules: Mapping[str, Any] = (shipped.rules if shipped else rules) or {}
        """How each product counts; what stays unpriced or is free, by operation, and why."""
        self.dimensions: Mapping[str, str] = (shipped.dimensions if shipped else dimensions) or {}
        """What can be counted, in words."""
        self.volumes = frozenset(row.id for row in self if row.has_volumes)
        """The rows whose price depends on what the month had before."""

    @classmethod
    def load(cls, path: str | Path) -> PriceBook:
        """AWS's list with what a file says on top of it: `{"meta": {...}, "discount": "0.9", "rows": [...]}`.

        A row of the file that stands in AWS's list needs its id and what is new. Where the file's `meta.region` is
        another one, the rows that it does not have are unknown; a discount is taken off the rest, rows of the file
        are as they say.
        Raises InvalidCallError, with every row that cannot be used and the reason.
        """
        base = cls()
        told = price_file.read(path, base._rows, base.dimensions)
        region = told.meta.get("region", base.region)
        return base._over(told.rows, {**base.meta, **told.meta}, region, told.discount, told.sources, told.dimensions)

    def with_rows(self, *rows: Price | Mapping[str, Any], region: str | None = None) -> PriceBook:
        """A new book with these rows, `Price`s or dicts as in a file, added or put in place of those here.

        region: whose prices they are; those of the other rows are then unknown.
        Raises InvalidCallError when a row cannot be used.
        """
        new = [self._checked(row) for row in rows]
        return self._over(new, {**self.meta, "region": region or self.region}, region or self.region)

    def discounted(self, factor: Decimal | str | int, only: str = "*") -> PriceBook:
        """A new book with prices times a factor: `"0.9"` is ten percent off.

        only: a product ("polly") or a row id ("polly.neural").
        """
        told = price_file.content({"discount": {only: factor}}, "the factor", self._rows)
        return self._over([], self.meta, self.region, told.discount)

    def with_free_tier(self) -> PriceBook:
        """A new book in which the free units of each month cost nothing; see `Price.free_units`."""
        return PriceBook(
            [row.with_free_tier() for row in self],
            {**self.meta, "free_tier": True},
            self.sources,
            self.rules,
            self.dimensions,
        )

    def _checked(self, row: Price | Mapping[str, Any]) -> Price:
        if not isinstance(row, Price):
            return price_file.row(row, self._rows, self.dimensions)
        old = self._rows.get(row.id)
        if old and old.dimension != row.dimension:
            raise InvalidCallError(f"row {row.id}: it is counted in {old.dimension}, not in {row.dimension}")
        return row

    def _over(
        self,
        rows: Iterable[Price],
        meta: Mapping[str, Any],
        region: str,
        discount: Mapping[str, Decimal] | None = None,
        sources: Mapping[str, Any] | None = None,
        dimensions: Mapping[str, str] | None = None,
    ) -> PriceBook:
        off = discount or {}
        kept = dict(self._rows)
        for name, row in kept.items():
            factor = next((off[key] for key in (row.id, row.product, "*") if key in off), None)
            kept[name] = row.unknown() if region != self.region else row if factor is None else row.times(factor)
        kept.update((row.id, row) for row in rows)
        return PriceBook(
            kept.values(), meta, {**self.sources, **(sources or {})}, self.rules,
            {**self.dimensions, **(dimensions or {})},
        )  # fmt: skip

    @property
    def date(self) -> str:
        """When it was compiled; an empty string when it does not say."""
        return str(self.meta.get("compiled", ""))

    @property
    def region(self) -> str:
        """Whose prices they are."""
        return str(self.meta.get("region", ""))

    def price(self, row_id: str, quantity: Decimal | int, *, before: Decimal | int = 0) -> Decimal | None:
        """US dollars for a billed quantity of a row, in its dimension; None when the price is unknown.

        before: what the month had before it in the same counter, for the volume tiers.
        Raises InvalidCallError when there is no such row, or when a number is not one of usage.
        """
        row = self._rows.get(row_id)
        if row is None:
            raise InvalidCallError(f'there is no price row "{row_id}"{nearest(str(row_id), self._rows)}')
        return row.of(quantity, before)

    def cost(self, units: Mapping[str, Decimal], before: Mapping[str, Decimal] | None = None) -> Decimal | None:
        """US dollars for units by row, and what came before them by row; None when any of the prices is unknown."""
        total = _ZERO
        for name, count in units.items():
            row = self._rows.get(name)
            price = None if row is None else row.of(count, before.get(name, _ZERO) if before else _ZERO)
            if price is None:
                return None
            total = EXACT.add(total, price) if total else price
        return total

    def get(self, row: str) -> Price | None:
        """A row, or None."""
        return self._rows.get(row)

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


@cache
def _shipped() -> price_file.Content:
    return price_file.read(Path(__file__).with_name("prices.json"))
