"""What a unit of something costs: one row of the price book, with its volume tiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Context, Decimal, Inexact, InvalidOperation
from types import MappingProxyType

from ..errors import InvalidCallError

EXACT = Context(prec=100, traps=[Inexact, InvalidOperation])
"""Arithmetic that rounds nothing, whatever precision the program around has set."""

_ZERO = Decimal(0)
_SECTIONS: Mapping[str, str] = MappingProxyType({"lexv2": "lex", "frauddetector": "fraud_detector"})


@dataclass(frozen=True, slots=True)
class Tier:
    """A price that holds up to a usage of one account, region and calendar month."""

    up_to: Decimal | None
    """Where it ends, inclusive, in the row's dimension; None: nowhere."""
    price: Decimal | None
    """US dollars a unit; None when nobody could say."""
    flat: bool = False
    """The price is for the whole tier, not for a unit."""

    def covers(self, quantity: Decimal | int, before: Decimal | int) -> bool:
        """Whether a quantity after what came before it is all within this tier, the first of its row."""
        if self.price is None or self.flat or quantity < 0 or before < 0:
            return False
        return self.up_to is None or EXACT.add(Decimal(before), Decimal(quantity)) <= self.up_to


@dataclass(frozen=True, slots=True)
class Price:
    """One row of the price book."""

    id: str
    """`comprehend.nlp_standard`."""
    dimension: str
    """What a unit is: `character`, `page`, `unit_100_chars` ...; the book's `dimensions` say it in words."""
    tiers: tuple[Tier, ...]
    operations: tuple[str, ...] = ()
    """What is charged by it, in words."""
    rounding: str | None = None
    minimum: str | None = None
    tier_scope: str | None = None
    """What the tiers count, where it is not the account's month."""
    per_api: bool = False
    """Each operation (with its batch and its job) moves a monthly counter of its own."""
    addon: bool = False
    """Charged on top of a base row."""
    free_tier: str | None = None
    free_units: Decimal | None = None
    """What the free tier gives a month, where it can be told in the row's dimension."""
    source: tuple[str, ...] = ()
    """Names in the book's `sources`."""
    as_of: str = ""
    """When the source said so."""
    confidence: str = ""
    """`high`, `medium` or `low`, as the book's `meta` explains."""
    notes: str | None = None

    @property
    def product(self) -> str:
        """`fraud_detector` for `frauddetector.training`."""
        section = self.id.partition(".")[0]
        return _SECTIONS.get(section, section)

    @property
    def is_flat(self) -> bool:
        """Whether a request pays a fixed sum, so that what came before it does not matter."""
        return any(tier.flat for tier in self.tiers)

    @property
    def has_volumes(self) -> bool:
        """Whether what was used earlier in the month changes the price."""
        return len(self.tiers) > 1 and not self.is_flat

    def of(self, quantity: Decimal | int, before: Decimal | int = 0) -> Decimal | None:
        """US dollars for a quantity when `before` came before it this month; None when a price is unknown.

        Graduated: each tier prices only the usage that falls inside it. A row with a flat tier prices each request by
        itself.
        """
        first = self.tiers[0]
        if _is_plain(quantity) and _is_plain(before) and first.covers(quantity, before):  # nearly every call
            return EXACT.multiply(Decimal(quantity), first.price)  # type: ignore[arg-type]  # it covers: not None
        begin = _ZERO if self.is_flat else _number(self.id, "before", before)
        end = EXACT.add(begin, _number(self.id, "quantity", quantity))
        total, floor = _ZERO, _ZERO
        for tier in self.tiers:
            ceiling = end if tier.up_to is None else min(end, tier.up_to)
            inside = EXACT.subtract(ceiling, max(begin, floor))
            if inside > 0:
                if tier.price is None:
                    return None
                total = EXACT.add(total, tier.price if tier.flat else EXACT.multiply(inside, tier.price))
            if tier.up_to is None or end <= tier.up_to:
                return total
            floor = tier.up_to
        return None

    def times(self, factor: Decimal) -> Price:
        """The row at a discount, or at a premium: every price times the factor."""
        return replace(
            self,
            tiers=tuple(
                replace(tier, price=None if tier.price is None else EXACT.multiply(tier.price, factor))
                for tier in self.tiers
            ),
        )

    def unknown(self) -> Price:
        """The row without its prices."""
        return replace(self, tiers=(Tier(None, None),))

    def with_free_tier(self) -> Price:
        """The row with the units of the free tier in front: the first of the month, and counted by the volume tiers."""
        if self.free_units is None or self.is_flat:
            return self
        later = tuple(tier for tier in self.tiers if tier.up_to is None or tier.up_to > self.free_units)
        return replace(self, tiers=(Tier(self.free_units, _ZERO), *later))


def _is_plain(value: Decimal | int) -> bool:
    return type(value) is int or (type(value) is Decimal and value.is_finite())


def _number(row: str, what: str, value: Decimal | int) -> Decimal:
    if type(value) not in (Decimal, int):
        raise InvalidCallError(f"{row}: {what} is a Decimal or an int, which are exact, not a {type(value).__name__}")
    number = Decimal(value)
    if not number.is_finite() or number < 0:
        raise InvalidCallError(f"{row}: {what}={value}: usage is a number from 0")
    return number
