"""A ledger beside AWS's bill: what was counted here, and what was billed there, by usage type."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Context, Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..call import PRODUCTS
from ..errors import InvalidCallError
from . import offers
from .cost_usage import Item, read
from .keeping import Entry
from .price import EXACT
from .prices import PriceBook
from .reconciled import Amount, Line, Reconciled
from .table import TITLES
from .usage import counter_name

if TYPE_CHECKING:
    from .ledger import Ledger


def reconcile(
    ledger: Ledger,
    reports: Iterable[str | Path],
    *,
    since: date | None = None,
    until: date | None = None,
    book: PriceBook | None = None,
) -> Reconciled:
    """Where the calls that AWS answered differ from the usage in a Cost and Usage Report.

    reports: the files of one report; AWS cuts large ones into several.
    since, until: days of UTC, both included; without them the report's: from the start of its billing period to the
        last day that it has usage of.
    book: the prices that the ledger's calls were charged at; they share out what a call cost that several rows price.
    Raises InvalidCallError for what is no such report, and for one of other accounts, regions or days than the ledger.
    """
    bill = _Bill(since, until)
    for path in reports:
        for item in read(path):
            bill.add(item)
    first, last = bill.days()
    entries = [entry for entry in ledger.entries(since=first, until=last) if entry.billed]
    if not entries:
        raise InvalidCallError(_without_calls(ledger, first, last))
    notes: list[str] = []
    amounts = _of_the_same("region", _of_the_same("account", bill.amounts, entries, notes), entries, notes)
    comparison = _Comparison(book or PriceBook())
    others: defaultdict[str, Decimal] = defaultdict(Decimal)
    for place, amount in amounts.items():
        if place.kind == _USAGE:
            comparison.bill(place, amount)
        else:
            others[place.kind] = EXACT.add(others[place.kind], amount.dollars)
    for entry in entries:
        comparison.count(entry)
    return Reconciled(first, last, list(comparison.lines()), dict(others), dict(comparison.unpriced), notes)


_USAGE = "Usage"
"""The kind of line items that have what was used, free or not; taxes, credits and discounts are others."""
_ZERO = Decimal(0)
_FINE = Decimal("1E-12")
_LONG = Context(prec=60, rounding=ROUND_DOWN)


class _Place(NamedTuple):
    """What line items have in common that are added up."""

    kind: str
    code: str
    """Of the offer."""
    usage_type: str
    group: str
    unit: str
    account: str
    region: str


@dataclass
class _Bill:
    """The line items of the twelve products, added up, and the days that the report covers."""

    since: date | None
    until: date | None
    amounts: dict[_Place, Amount] = field(default_factory=dict)
    _first: date | None = None
    _last: date | None = None

    def add(self, item: Item) -> None:
        """Another line item."""
        if (self.since and item.last < self.since) or (self.until and item.first > self.until):
            return
        code = _code(item.product)
        if item.kind == _USAGE:
            if code and ((self.since and item.first < self.since) or (self.until and item.last > self.until)):
                raise InvalidCallError(
                    f"a line item of the report covers {item.first} to {item.last}, which cannot be cut at "
                    f"{self.since or item.first} to {self.until or item.last}; give other days, or a report by the day"
                )
            begin = item.month or item.first.replace(day=1)
            self._first = min(self._first or begin, begin)
            self._last = max(self._last or item.last, item.last)
        if code:
            place = _Place(item.kind, code, item.usage_type, item.group, item.unit, item.account, item.region)
            self.amounts[place] = _added(self.amounts.get(place), item.quantity, item.dollars)

    def days(self) -> tuple[date, date]:
        """The first and the last one."""
        if self._first is None or self._last is None:
            between = f" between {self.since or 'its begin'} and {self.until or 'its end'}"
            raise InvalidCallError(f"the report has no usage{between if self.since or self.until else ''}")
        return self.since or self._first, self.until or self._last


class _Sides:
    """A line that is being added up."""

    def __init__(self) -> None:
        self.usage_types: set[str] = set()
        self.ledger: Amount | None = None
        self.report: Amount | None = None


class _Key(NamedTuple):
    product: str
    row: str
    counter: str
    """The row, one of the kinds of calls that it counts apart, or a usage type of no known row."""


class _Comparison:
    """Both sides by price row."""

    def __init__(self, book: PriceBook) -> None:
        self._book = book
        self._sides: defaultdict[_Key, _Sides] = defaultdict(_Sides)
        self._known: defaultdict[str, set[str]] = defaultdict(set)
        for code in offers.rules():
            for name, row in _rows(code).items():
                self._known[self._counter(row, name)].add(name.removeprefix("group:"))
        self.unpriced: Counter[str] = Counter()

    def bill(self, place: _Place, amount: Amount) -> None:
        """What the report says."""
        rows = _rows(place.code)
        bare = offers.without_region(place.usage_type)
        name = next((name for name in (bare, f"group:{place.group}") if name in rows), "")
        row = rows.get(name, "")
        product = self._book[next(iter(offers.rules()[place.code]))].product
        sides = self._sides[_Key(product, row, self._counter(row, name) if row else bare)]
        sides.usage_types.add(place.usage_type)
        quantity = amount.quantity if row and self._is_counted_alike(place, row) else None
        sides.report = _added(sides.report, quantity, amount.dollars)

    def count(self, entry: Entry) -> None:
        """What the ledger says."""
        if entry.cost is None and entry.product in PRODUCTS:
            self.unpriced[entry.operation] += 1
        parts = list(_parts(entry.units or {}))
        for (row, quantity), dollars in zip(parts, self._shares(entry.cost or _ZERO, parts), strict=True):
            counter = self._counter(row, entry.operation.partition(".")[2])
            sides = self._sides[_Key(entry.product, row, counter)]
            sides.ledger = _added(sides.ledger, quantity, dollars)

    def lines(self) -> Iterator[Line]:
        """Sorted."""
        for key, sides in sorted(self._sides.items()):
            names = sides.usage_types or self._known.get(key.counter, set())
            yield Line(key.product, key.row, tuple(sorted(names)), sides.ledger, sides.report)

    def _counter(self, row: str, name: str) -> str:
        """What an operation, or the usage type that is named after it, adds to."""
        price = self._book.get(row)
        return counter_name(price, name.replace("Tgt", "Targeted")) if price else row

    def _is_counted_alike(self, place: _Place, row: str) -> bool:
        """Whether the report's unit is the row's; where it does not say, its list prices' unit is taken."""
        rule, word = offers.rules()[place.code][row], offers.unit(self._book[row].dimension)
        if isinstance(rule, dict) or not word:
            return False
        return not place.unit or (word in place.unit.lower() and not place.unit[0].isdigit())

    def _shares(self, cost: Decimal, parts: Sequence[tuple[str, Decimal]]) -> list[Decimal]:
        """What each row has of a call's cost, in proportion to its list prices; nothing is lost by rounding."""
        if len(parts) < 2:
            return [cost] * len(parts)
        weights = [self._book.cost({row: quantity}) or _ZERO for row, quantity in parts]
        whole = sum(weights, _ZERO)
        shares = [
            _LONG.divide(_LONG.multiply(cost, weight), whole).quantize(_FINE, context=_LONG) if whole else _ZERO
            for weight in weights[1:]
        ]
        rest = cost
        for share in shares:
            rest = EXACT.subtract(rest, share)
        return [rest, *shares]


def _parts(units: Mapping[str, Decimal]) -> Iterator[tuple[str, Decimal]]:
    """Rows as AWS bills them: what is the sum of several rows is billed as these."""
    for row, quantity in units.items():
        for part in _sums().get(row, [row]):
            yield part, quantity


@cache
def _sums() -> Mapping[str, Sequence[str]]:
    return {row: rule["sum"] for rules in offers.rules().values() for row, rule in rules.items() if "sum" in rule}


@cache
def _rows(code: str) -> Mapping[str, str]:
    """The row of each usage type of an offer."""
    found = {}
    for row, rule in offers.rules()[code].items():
        names = rule if isinstance(rule, list) else [] if "sum" in rule else [rule["flat"], rule["then"]]
        found.update(dict.fromkeys(names, row))
    return found


@cache
def _code(product: str) -> str | None:
    """The offer of a product, which a report names by its code or in words; None for other products of AWS."""
    if product in offers.rules():
        return product
    codes = {TITLES[next(iter(rules)).partition(".")[0]]: code for code, rules in offers.rules().items()}
    return codes.get(product.removeprefix("Amazon "))


def _added(amount: Amount | None, quantity: Decimal | None, dollars: Decimal) -> Amount:
    if amount is None:
        return Amount(quantity, dollars)
    known = amount.quantity is not None and quantity is not None
    total = EXACT.add(amount.quantity, quantity) if known else None  # type: ignore[arg-type]  # both are known
    return Amount(total, EXACT.add(amount.dollars, dollars))


def _of_the_same(
    what: Literal["account", "region"], amounts: Mapping[_Place, Amount], entries: Iterable[Entry], notes: list[str]
) -> dict[_Place, Amount]:
    """What the report has of the ledger's accounts or regions; what it does not name stays."""
    mine: set[str] = {getattr(entry, what) for entry in entries} - {""}
    theirs: set[str] = {getattr(place, what) for place in amounts} - {""}
    if mine and theirs and not mine & theirs:
        raise InvalidCallError(f"the report is of {what} {_listed(theirs)}, the ledger of {_listed(mine)}")
    if not mine and len(theirs) > 1:
        notes.append(f"the ledger names no {what}: those of the report, {_listed(theirs)}, are compared together")
    if mine and theirs - mine:
        notes.append(f"left out of the report, for the ledger has no such {what}: {_listed(theirs - mine)}")
    kept = {*mine, ""} if mine else theirs | {""}
    return {place: amount for place, amount in amounts.items() if getattr(place, what) in kept}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _without_calls(ledger: Ledger, first: date, last: date) -> str:
    days = sorted({entry.at.date() for entry in ledger.entries() if entry.billed})
    if not days:
        return "the ledger has no calls that AWS billed; what mocks, recordings and caches answer is on no bill"
    return f"the report is of {first} to {last}; the ledger's calls that AWS billed are of {days[0]} to {days[-1]}"
