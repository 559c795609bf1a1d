"""What calls cost: prices as data, units per operation, exact in Decimal."""

from .charge import Charge, charge
from .prices import Price, PriceBook, Tier

__all__ = ["Charge", "Price", "PriceBook", "Tier", "charge"]
