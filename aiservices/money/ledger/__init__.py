"""What every call cost, kept in a database: written before the caller has its reply, exact, shared by processes."""

from .ledger import Ledger
from .reading import Sum

__all__ = ["Ledger", "Sum"]
