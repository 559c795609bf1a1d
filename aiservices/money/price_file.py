"""Price files: JSON that says what units cost, checked row by row before any of it is used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import InvalidCallError, nearest
from .price import EXACT, Price, Tier


class Content(NamedTuple):
    """What a price file says."""

    rows: list[Price]
    meta: Mapping[str, Any]
    sources: Mapping[str, Any]
    dimensions: Mapping[str, str]
    """What can be counted, in words."""
    rules: Mapping[str, Any]
    """How each product counts; what stays unpriced and what is free, and why."""
    discount: Mapping[str, Decimal]
    """Factors by product or row id, `*` for the rest."""


def read(path: str | Path, base: Mapping[str, Price] | None = None, dimensions: Iterable[str] = ()) -> Content:
    """The content of a price file.

    base: rows that the file's may complete: an id that stands here needs no more than what is new.
    dimensions: what can be counted, besides what the file itself explains.
    Raises InvalidCallError with the rows and the reasons when anything in it cannot be used.
    """
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise InvalidCallError(f"{path} is no price file: {reason}") from None
    try:
        data = json.loads(text, parse_float=_Float)
    except (ValueError, RecursionError) as error:
        raise InvalidCallError(f"{path} is no price file: {error}") from None
    return content(data, str(path), base, dimensions)


def content(data: Any, where: str, base: Mapping[str, Price] | None = None, dimensions: Iterable[str] = ()) -> Content:
    """The same from what JSON says; `where` names it in messages."""
    problems: list[str] = []
    if not isinstance(data, dict):
        raise InvalidCallError(f'{where} is no price file: it is an object with "rows"')
    parts: dict[str, dict[str, Any]] = {}
    for name in ("meta", "sources", "dimensions", "rules"):
        part = data.get(name, {})
        parts[name] = part if isinstance(part, dict) else {}
        if not isinstance(part, dict):
            problems.append(f'"{name}" is an object')
    parts_known = _PARTS if base else (*_PARTS, "rules")
    problems += [f'"{name}" is unknown{nearest(name, parts_known)}' for name in data if name not in parts_known]
    known = {*dimensions, *parts["dimensions"]}
    rows = _rows(data.get("rows", []), base or {}, known, problems)
    discount = _discount(data.get("discount", {}), base or {}, problems)
    if problems:
        raise InvalidCallError(f"{where} is refused, nothing of it is used:\n  " + "\n  ".join(problems))
    return Content(rows, parts["meta"], parts["sources"], parts["dimensions"], parts["rules"], discount)


def row(data: Mapping[str, Any], base: Mapping[str, Price], dimensions: Iterable[str]) -> Price:
    """One row as the file has it. Raises InvalidCallError with the reason."""
    problems: list[str] = []
    rows = _rows([data], base, set(dimensions), problems)
    if problems:
        raise InvalidCallError("; ".join(problems))
    return rows[0]


def factor(value: Any) -> Decimal:
    """A discount as a number: `"0.9"` leaves nine tenths of a price."""
    number = _decimal(value)
    if number < 0:
        raise _WrongError(f"{value} is negative")
    return number


def tier_json(tier: Tier) -> dict[str, Any]:
    """A tier as a file has it."""
    up_to, price = (None if value is None else format(value, "f") for value in (tier.up_to, tier.price))
    return {"up_to": up_to, "price": price, **({"flat": True} if tier.flat else {})}


_PARTS = ("meta", "sources", "dimensions", "discount", "rows")
_WORDS = ("rounding", "minimum", "tier_scope", "free_tier", "as_of", "confidence", "notes")
_OLDER = ("previous_tiers_until_2025", "lower_tiers_without_thresholds")
"""Told for people; nothing is priced by them."""
_MEMBERS = frozenset(
    ("id", "operations", "dimension", "tiers", "per_api", "addon", "free_units", "source", *_WORDS, *_OLDER)
)
_TIER = frozenset(("from", "up_to", "price", "flat"))


class _Float(str):
    """A number of the file that JSON would make a float."""


class _WrongError(Exception):
    """What is wrong with a row."""


def _rows(data: Any, base: Mapping[str, Price], dimensions: set[str], problems: list[str]) -> list[Price]:
    if not isinstance(data, list):
        problems.append('"rows" is a list of objects')
        return []
    rows: dict[str, Price] = {}
    for number, raw in enumerate(data, 1):
        name = raw.get("id") if isinstance(raw, dict) else None
        label = f"row {name}" if isinstance(name, str) and name else f"row number {number}"
        try:
            price = _row(raw, base, dimensions)
            if price.id in rows:
                raise _WrongError("another row has the same id")
            rows[price.id] = price
        except _WrongError as wrong:
            problems.append(f"{label}: {wrong}")
    return list(rows.values())


def _row(raw: Any, base: Mapping[str, Price], dimensions: set[str]) -> Price:
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or "." not in raw["id"]:
        raise _WrongError('a row is an object with an "id" like "polly.neural"')
    for member in raw:
        if member not in _MEMBERS:
            raise _WrongError(f'"{member}" is unknown{nearest(str(member), _MEMBERS)}')
    old = base.get(raw["id"])
    try:
        return Price(id=raw["id"], dimension=_dimension(raw, old, dimensions), **_told(raw, old))
    except _WrongError as wrong:
        if old is not None:
            raise
        raise _WrongError(f"{wrong}{nearest(raw['id'], base)}") from None


def _dimension(raw: Mapping[str, Any], old: Price | None, dimensions: set[str]) -> str:
    if old is None and "dimension" not in raw:
        raise _WrongError('it is not in AWS\'s list, and a new row needs its "dimension" and "tiers"')
    dimension = raw.get("dimension", old.dimension if old else None)
    if not isinstance(dimension, str) or dimension not in dimensions:
        hint = nearest(dimension, dimensions) if isinstance(dimension, str) else ""
        raise _WrongError(f"the dimension {dimension!r} is unknown{hint}")
    if old and dimension != old.dimension:
        raise _WrongError(f"it is counted in {old.dimension}, not in {dimension}")
    return dimension


def _told(raw: Mapping[str, Any], old: Price | None) -> dict[str, Any]:
    """Everything but the id and the dimension; what the file does not say is as it was."""
    told: dict[str, Any] = {}
    if "tiers" in raw or old is None:
        told["tiers"] = _tiers(raw.get("tiers"))
    for name in ("per_api", "addon"):
        if name in raw:
            told[name] = _flag(name, raw[name])
    for name in _WORDS:
        if name in raw:
            told[name] = _word(name, raw[name])
    for name in ("operations", "source"):
        if name in raw:
            told[name] = _list(name, raw[name])
    if "free_units" in raw:
        told["free_units"] = _amount("free_units", raw["free_units"])
    if old is None:
        return told
    kept = ("tiers", "operations", "per_api", "addon", *_WORDS, "source", "free_units")
    return {**{name: getattr(old, name) for name in kept}, **told}


def _tiers(raw: Any) -> tuple[Tier, ...]:
    """Each begins where the last one ends, and the last one has no end."""
    if not isinstance(raw, list) or not raw:
        raise _WrongError('"tiers" is a list like [{"up_to": null, "price": "0.01"}]')
    tiers = tuple(_checked(raw))
    if tiers[-1].up_to is not None:
        raise _WrongError(f'nothing is said above {tiers[-1].up_to}: the last tier has "up_to": null')
    return tiers


def _checked(raw: list[Any]) -> Iterator[Tier]:
    end: Decimal | None = Decimal(0)
    for number, one in enumerate(raw, 1):
        if not isinstance(one, dict) or "price" not in one or "up_to" not in one or not one.keys() <= _TIER:
            raise _WrongError(f'tier {number} is an object with "up_to" and "price"')
        if end is None:
            raise _WrongError(f"tier {number} overlaps the one before it, which has no end")
        begin = _amount(f'tier {number}: "from"', one.get("from", end))
        if begin != end:
            raise _WrongError(f"tier {number} {'overlaps' if begin < end else 'leaves a gap to'} the one before it")
        up_to = None if one["up_to"] is None else _amount(f'tier {number}: "up_to"', one["up_to"])
        if up_to is not None and up_to <= end:
            raise _WrongError(f"tier {number} ends at {up_to} and so overlaps what ends at {end}")
        price = None if one["price"] is None else _amount(f'tier {number}: "price"', one["price"])
        yield Tier(up_to, price, _flag("flat", one.get("flat", False)))
        end = up_to


def _amount(what: str, value: Any) -> Decimal:
    try:
        number = _decimal(value)
    except _WrongError as wrong:
        raise _WrongError(f"{what}: {wrong}") from None
    if number < 0:
        raise _WrongError(f"{what}: {value} is negative")
    return number


def _decimal(value: Any) -> Decimal:
    if isinstance(value, _Float | float):
        raise _WrongError(f'{value} is a float, which is not exact; write it as a string: "{value}"')
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise _WrongError(f"{value!r} is no number")
    try:
        number = EXACT.create_decimal(value)
    except ArithmeticError:
        raise _WrongError(f"{value!r} is no number, or one of more than 100 digits") from None
    if not number.is_finite():
        raise _WrongError(f"{value!r} is no number")
    return number


def _flag(what: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _WrongError(f'"{what}" is true or false')
    return value


def _word(what: str, value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or isinstance(value, _Float)):
        raise _WrongError(f'"{what}" is a text')
    return value


def _list(what: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _WrongError(f'"{what}" is a list of texts')
    return tuple(value)


def _discount(raw: Any, base: Mapping[str, Price], problems: list[str]) -> dict[str, Decimal]:
    factors = raw if isinstance(raw, dict) else {"*": raw}
    known = {"*", *base, *(row.product for row in base.values())}
    found: dict[str, Decimal] = {}
    for name, value in factors.items():
        if name not in known:
            problems.append(f"discount {name}: there is no such product or price row{nearest(name, known)}")
        try:
            found[name] = factor(value)
        except _WrongError as wrong:
            problems.append(f"discount {name}: {wrong}")
    return found
