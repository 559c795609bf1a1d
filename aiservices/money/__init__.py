"""What calls cost: prices as data, units per operation, exact in Decimal."""

from .charge import Charge
from .meter import Meter
from .prices import Price, PriceBook, Tier

__all__ = ["Charge", "Meter", "Price", "PriceBook", "Tier"]
