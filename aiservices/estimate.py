"""What a verb or an operation would cost, found by a rehearsal: it runs as ever, over a backend that sends nothing."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from types import MethodType
from typing import Any

from .caller import Caller
from .config import Settings
from .errors import InvalidCallError
from .money.prices import EXACT, PriceBook
from .rehearsal import Rehearsal, Rehearsed

_BUCKET = "aiservices-rehearsal"
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Estimate:
    """What calls would cost, in US dollars at list price: volume tiers from the month's first unit, no free tier."""

    dollars: Decimal | None
    """None where it depends on what is not known before: the pages of a file in S3, say."""
    low: Decimal
    high: Decimal | None
    """None where nothing bounds it."""
    units: Mapping[str, Decimal]
    """By price row; of what is not known the least."""
    calls: Mapping[str, int]
    """How often each operation would be called, `textract.DetectDocumentText` for one; S3's are among them."""
    unpriced: Mapping[str, int]
    """Calls whose cost nobody knows; they are in no amount."""
    an_hour: Decimal | None
    """Dollars an hour of what would be up from then on, until it is ended; None: an unknown price."""
    prices_as_of: str
    """When the prices were compiled."""

    def __str__(self) -> str:
        calls = sum(self.calls.values())
        told = f"${self.dollars:f}" if self.dollars is not None else self._range()
        units = ", ".join(f"{count:,f} of {row}" for row, count in self.units.items()) or "nothing billed"
        missing = f"; not in it: {', '.join(self.unpriced)}" if self.unpriced else ""
        if self.an_hour != 0:
            told += f" and {'an unknown price' if self.an_hour is None else f'${self.an_hour:f}'} an hour from then on"
        return f"{told} in {calls} call{'' if calls == 1 else 's'}: {units}{missing} (prices of {self.prices_as_of})"

    def _range(self) -> str:
        return f"${self.low:f} or more" if self.high is None else f"${self.low:f} to ${self.high:f}"

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>"


def estimate(book: PriceBook, settings: Settings, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Estimate:
    """What a method of a product would cost with these arguments."""
    product = getattr(verb, "__self__", None)
    if not isinstance(verb, MethodType) or not hasattr(product, "_caller"):
        raise InvalidCallError(
            f"{getattr(verb, '__name__', 'this')} is no verb or operation of a product: estimate(ai.textract.read, ...)"
        )
    rehearsal = Rehearsal(book)
    rehearsing = copy.copy(product)
    rehearsing._caller = Caller(rehearsal, settings, rehearsal.clock, _BUCKET)  # type: ignore[union-attr]  # it has one
    with suppress(Rehearsed):  # the rest only fetches results
        getattr(rehearsing, verb.__name__)(*args, **kwargs)
    rehearsal.finish()
    return _added(rehearsal, book)


def _added(rehearsal: Rehearsal, book: PriceBook) -> Estimate:
    least: dict[str, Decimal] = {}
    most: dict[str, Decimal] | None = {}
    unpriced = Counter(rehearsal.unpriced)
    for charge in rehearsal.charges:
        if book.cost(charge.least) is None:
            unpriced[charge.operation] += 1
            continue
        _add(least, charge.least)
        if most is not None and charge.most is not None:
            _add(most, charge.most)
        else:
            most = None
    low = book.cost(least) or _ZERO
    high = None if most is None else book.cost(most)
    hours = None if None in rehearsal.an_hour else sum((it for it in rehearsal.an_hour if it is not None), _ZERO)
    dollars = low if most == least else None
    return Estimate(dollars, low, high, least, dict(rehearsal.calls), dict(unpriced), hours, book.date)


def _add(sums: dict[str, Decimal], units: Mapping[str, Decimal]) -> None:
    for row, count in units.items():
        sums[row] = EXACT.add(sums.get(row, _ZERO), count)
