"""What one answered call costs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple


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
