"""New prices from AWS's public Price List: offer files that a user has downloaded.

Their form: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import InvalidCallError
from . import offers
from .listing import tiers_in_words
from .price import EXACT, Price, Tier
from .price_file import tier_json
from .prices import PriceBook

Tiers = tuple[Tier, ...]


@dataclass
class Refreshed:
    """What offer files say, beside a book."""

    region: str
    rows: dict[str, Tiers] = field(default_factory=dict)
    """What they say of each row."""
    changes: list[str] = field(default_factory=list)
    """Where that differs from the book, in words."""
    kept: dict[str, str] = field(default_factory=dict)
    """Rows of the offers' products that stay as they are, and why."""
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    """The offers, by the name that the rows' `source` has."""

    def document(self) -> dict[str, Any]:
        """A price file that has what is new; `PriceBook.load` puts it on top of AWS's list."""
        dates = [source["date"] for source in self.sources.values()]
        of = {row: name for name, source in self.sources.items() for row in _rows_of(source["offer"])}
        rows = [
            {
                "id": row, "tiers": [tier_json(tier) for tier in tiers], "source": [of[row]],
                "as_of": self.sources[of[row]]["date"], "confidence": "high",
            }
            for row, tiers in self.rows.items()
        ]  # fmt: skip
        meta = {"compiled": max(dates), "region": self.region} if dates else {"region": self.region}
        return {"meta": meta, "sources": self.sources, "rows": rows}

    def __str__(self) -> str:
        lines = [f"{len(self.rows)} rows of {self.region} read, {len(self.changes)} of them changed"]
        lines += [f"  {change}" for change in self.changes]
        lines += [f"  kept {row}: {why}" for row, why in self.kept.items()]
        return "\n".join(lines)


def refresh(files: Iterable[str | Path], book: PriceBook, region: str | None = None) -> Refreshed:
    """What offer files say of a region's prices, None the book's.

    Raises InvalidCallError for a file that is none, or of another service.
    """
    found = Refreshed(region or book.region)
    for file in files:
        _read(_offer(file), str(file), book, found)
    for row, tiers in found.rows.items():
        old = book[row].tiers
        if _plain(old) != _plain(tiers):
            found.changes.append(f"{row}: {tiers_in_words(old)} -> {tiers_in_words(tiers)}")
    return found


def _offer(file: str | Path) -> Mapping[str, Any]:
    try:
        offer = json.loads(Path(file).read_text("utf-8"))
    except OSError as error:
        raise InvalidCallError(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise InvalidCallError(f"{file} is no JSON; offers are downloaded as .../current/<region>/index.json") from None
    parts = ("offerCode", "publicationDate", "products", "terms")
    if not isinstance(offer, dict) or not all(part in offer for part in parts):
        raise InvalidCallError(f"{file} is no offer file: it has no {', '.join(parts)}")
    if offer["offerCode"] not in offers.rules():
        raise InvalidCallError(f"{file} is the offer {offer['offerCode']}; known are {', '.join(offers.rules())}")
    return offer


def _read(offer: Mapping[str, Any], file: str, book: PriceBook, found: Refreshed) -> None:
    code, date = str(offer["offerCode"]), str(offer["publicationDate"])[:10]
    try:
        priced = list(_products(offer, found.region))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise InvalidCallError(f"{file} has not the form of an offer file: {error!r}") from None
    if not priced:
        raise InvalidCallError(f"{file} has no products of {found.region}")
    found.sources[f"offer-{code}-{date}"] = {
        "what": f"AWS Price List offer {code}", "offer": code, "date": date, "version": str(offer.get("version", "")),
    }  # fmt: skip
    rules = offers.rules()[code]
    for row, rule in rules.items():
        try:
            found.rows[row] = _tiers(rule, book[row], offers.unit(book[row].dimension), priced, found)
        except _KeptError as why:
            found.kept[row] = str(why)
    section = next(iter(rules)).partition(".")[0]
    for other in book:
        free = all(tier.price == 0 for tier in other.tiers)
        if other.id.startswith(f"{section}.") and other.id not in rules and not free:
            found.kept[other.id] = "its usage type is not known"


class _KeptError(Exception):
    """Why a row stays as it is."""


def _tiers(rule: Any, old: Price, unit: str, priced: list[_Product], found: Refreshed) -> Tiers:
    if isinstance(rule, list):
        return _agreed(rule, unit, priced)
    if "sum" in rule:
        parts = [found.rows.get(row) for row in rule["sum"]]
        if None in parts:
            raise _KeptError(f"a part of it was not read: {', '.join(rule['sum'])}")
        return _sum([part for part in parts if part])
    (first,), (then,) = _agreed([rule["flat"]], unit, priced), _agreed([rule["then"]], unit, priced)
    return Tier(old.tiers[0].up_to, first.price, flat=True), then


def _agreed(names: list[str], unit: str, priced: list[_Product]) -> Tiers:
    products = [one for one in priced if one.names & set(names)]
    if not products:
        raise _KeptError(f"the offer has no {' or '.join(names)}")
    for one in products:
        if unit not in one.unit.lower():
            raise _KeptError(f"the offer counts {' and '.join(names)} in {one.unit!r}, which is another unit")
    tiers = [one.tiers for one in products]
    if any(_plain(one) != _plain(tiers[0]) for one in tiers):
        raise _KeptError(
            f"{' and '.join(names)} do not agree: {'; '.join(sorted({tiers_in_words(one) for one in tiers}))}"
        )
    return tiers[0]


def _sum(parts: list[Tiers]) -> Tiers:
    """Tiers that end at the same usage, added."""
    if any([tier.up_to for tier in part] != [tier.up_to for tier in parts[0]] for part in parts):
        raise _KeptError("its parts have different tiers")
    total = []
    for tiers in zip(*parts, strict=True):
        price = Decimal(0)
        for tier in tiers:
            price = EXACT.add(price, tier.price or Decimal(0))
        total.append(Tier(tiers[0].up_to, price))
    return tuple(total)


class _Product(NamedTuple):
    """A product of an offer."""

    names: set[str]
    """Its usage type without the region's prefix, and its group."""
    unit: str
    tiers: Tiers


def _products(offer: Mapping[str, Any], region: str) -> Iterator[_Product]:
    """The products of the region that are sold on demand."""
    terms = offer["terms"].get("OnDemand", {})
    for sku, product in offer["products"].items():
        told = product["attributes"]
        if told.get("regionCode", region) != region or sku not in terms:
            continue
        names = {offers.without_region(str(told.get("usagetype", "")))}
        if told.get("groupDescription"):
            names.add(f"group:{told['groupDescription']}")
        for term in terms[sku].values():
            dimensions = list(term["priceDimensions"].values())
            yield _Product(names, str(dimensions[0]["unit"]), _dimensions(dimensions))


def _dimensions(dimensions: Iterable[Mapping[str, Any]]) -> Tiers:
    ranges = sorted((_number(one["beginRange"]), one["endRange"], one["pricePerUnit"]) for one in dimensions)
    tiers, end = [], Decimal(0)
    for begin, until, price in ranges:
        if begin != end:
            raise ValueError(f"the tiers have a gap or overlap at {begin}")
        up_to = None if until == "Inf" else _number(until)
        tiers.append(Tier(up_to, _number(price["USD"])))
        end = Decimal("Infinity") if up_to is None else up_to
    if not tiers or tiers[-1].up_to is not None:
        raise ValueError("the last tier has an end")
    return tuple(tiers)


def _number(text: Any) -> Decimal:
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        raise ValueError(f"{text!r} is no number") from None
    if not number.is_finite() or number < 0:
        raise ValueError(f"{text!r} is no price or usage")
    return number.normalize()


def _plain(tiers: Tiers) -> list[tuple[Decimal | None, Decimal | None, bool]]:
    return [(tier.up_to, tier.price, tier.flat) for tier in tiers]


def _rows_of(code: str) -> Iterable[str]:
    return offers.rules()[code]
