"""What one answered call costs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from ..call import Call, Reply
from .billing import Rule, count_of
from .prices import PriceBook


class Charge(NamedTuple):
    """Units and their price."""

    units: Mapping[str, Decimal] | None
    """By price row; empty when nothing is billed, None when nobody knows how to count."""
    cost: Decimal | None
    """US dollars at list price; None when unknown."""


NOTHING = Charge(MappingProxyType({}), Decimal(0))
"""What bookkeeping and failed calls cost."""
UNPRICED = Charge(None, None)
"""What a call costs whose units or price nobody knows."""


def charge(call: Call, reply: Reply, book: PriceBook) -> Charge:
    """What a call that was answered is billed at list price, at the first volume tier and without free tiers.

    A reply or a request that has not AWS's shape (a scripted one, say) is unpriced: counting never fails a call.
    """
    count = count_of(call.service, call.operation)
    if count is Rule.FREE:
        return NOTHING
    if count is Rule.UNPRICED:
        return UNPRICED
    try:
        units = count(call.params, reply)
        return UNPRICED if units is None else Charge(units, book.cost(units))
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError):
        return UNPRICED
