"""What calls cost: prices as data, units per operation, exact in Decimal."""

from typing import TYPE_CHECKING, Any

from .budget import Budget
from .charge import Charge
from .meter import Meter
from .prices import Price, PriceBook, Tier
from .usage import Counter, RunUsage, Usage

if TYPE_CHECKING:
    from .ledger import Ledger

__all__ = ["Budget", "Charge", "Counter", "Ledger", "Meter", "Price", "PriceBook", "RunUsage", "Tier", "Usage"]


def __getattr__(name: str) -> Any:
    """The ledger is loaded when first asked for."""
    if name != "Ledger":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .ledger import Ledger

    globals()[name] = Ledger
    return Ledger
