"""What is up in an account and costs while it is up, found by List and Describe calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from ..errors import AIServicesError, ServiceError
from .found import FINDERS, Found, Send
from .price import EXACT
from .prices import PriceBook

HOURS = 730
"""Of a month, as AWS's calculators have it."""

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is up."""

    product: str
    kind: str
    """`endpoint`, `index`, `campaign` ..."""
    name: str
    """Its ARN or id."""
    dollars_an_hour: Decimal | None
    """At list price; None when nobody knows."""
    dollars_a_month: Decimal | None
    """Of 730 hours."""
    note: str = ""
    """Why nobody knows, or what is not in the price."""


class Running(Sequence[Item]):
    """What is up, the dearest first. Shows itself as a table."""

    def __init__(self, items: Iterable[Item], unlisted: Mapping[str, str] | None = None) -> None:
        self._items = sorted(items, key=lambda item: (-(item.dollars_a_month or _ZERO), item.product, item.name))
        self.unlisted = dict(unlisted or {})
        """Services that could not be asked, and why: what they run is missing here."""

    @property
    def dollars_an_hour(self) -> Decimal:
        """Of all whose price is known."""
        return _sum(item.dollars_an_hour for item in self)

    @property
    def dollars_a_month(self) -> Decimal:
        """Of all whose price is known, for 730 hours."""
        return _sum(item.dollars_a_month for item in self)

    @property
    def unpriced(self) -> list[Item]:
        """What is up at a price that nobody knows."""
        return [item for item in self if item.dollars_an_hour is None]

    def report(self) -> str:
        """A table, and what is missing in it."""
        rows = [_HEAD, *(_cells(item) for item in self), self._total()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join([*lines, *self._notes()])

    def __getitem__(self, index: Any) -> Any:
        return self._items[index]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __str__(self) -> str:
        return self.report()

    def __repr__(self) -> str:
        unknown = f", {len(self.unpriced)} unpriced" if self.unpriced else ""
        return f"<Running {len(self)} things: ${self.dollars_an_hour:.4f} an hour{unknown}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{cell}</th>" for cell in _HEAD)
        rows = [*(_cells(item) for item in self), self._total()]
        body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"

    def _total(self) -> tuple[str, ...]:
        return ("total", "", "", _dollars(self.dollars_an_hour), _dollars(self.dollars_a_month), "")

    def _notes(self) -> list[str]:
        return [f"{service} could not be asked: {why}" for service, why in self.unlisted.items()]


def running(send: Send, book: PriceBook, products: Iterable[str]) -> Running:
    """What is up in some products. A service that refuses to list is named, and the others are asked all the same."""
    items: list[Item] = []
    unlisted: dict[str, str] = {}
    wanted = set(products)
    for product, service, find in FINDERS:
        if product not in wanted:
            continue
        try:
            items += [_priced(product, found, book) for found in find(send)]
        except ServiceError as error:
            unlisted[service] = error.code
        except AIServicesError as error:
            unlisted[service] = type(error).__name__
    return Running(items, unlisted)


def _priced(product: str, found: Found, book: PriceBook) -> Item:
    hour, month = _hour(found, book), _month(found, book)
    return Item(product, found.kind, found.name, hour, month, found.note)


def _hour(found: Found, book: PriceBook) -> Decimal | None:
    by_time, by_month = book.cost(found.an_hour or {}), book.cost(found.a_month or {})
    if by_time is None or by_month is None or found.is_unknown:
        return None
    return EXACT.add(by_time, (by_month / HOURS).quantize(_CENTS))


def _month(found: Found, book: PriceBook) -> Decimal | None:
    hours = {row: EXACT.multiply(count, Decimal(HOURS)) for row, count in (found.an_hour or {}).items()}
    by_time, by_month = book.cost(hours), book.cost(found.a_month or {})
    return None if by_time is None or by_month is None or found.is_unknown else EXACT.add(by_time, by_month)


_HEAD = ("product", "kind", "name", "$/hour", "$/month", "note")
_CENTS = Decimal("1E-9")


def _cells(item: Item) -> tuple[str, ...]:
    return (
        item.product,
        item.kind,
        item.name,
        _dollars(item.dollars_an_hour),
        _dollars(item.dollars_a_month),
        item.note,
    )


def _dollars(amount: Decimal | None) -> str:
    return "unknown" if amount is None else f"{amount:,.4f}"


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    total = _ZERO
    for amount in amounts:
        total = EXACT.add(total, amount or _ZERO)
    return total
