"""A price book as text: a table, JSON that `PriceBook.load` reads again, CSV."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..errors import InvalidCallError
from .price import Price, Tier
from .price_file import tier_json
from .prices import PriceBook


def document(book: PriceBook) -> dict[str, Any]:
    """The book as a price file has it."""
    return {"meta": dict(book.meta), "sources": dict(book.sources), "rows": [_row(row) for row in book]}


def as_json(told: Mapping[str, Any]) -> str:
    """A price file, one row on a line."""
    parts = [
        f" {json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}" for name, part in told.items() if name != "rows"
    ]
    rows = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in told["rows"])
    return "{\n" + ",\n".join([*parts, f' "rows": [\n{rows}\n ]']) + "\n}\n"


def as_csv(book: PriceBook) -> str:
    """One line a tier, for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("row", "unit", "from", "up_to", "dollars", "flat", "region", "as_of", "confidence", "operations"))
    for row in book:
        begin = "0"
        for tier in row.tiers:
            writer.writerow(
                (
                    row.id, row.dimension, begin, _amount(tier.up_to), _amount(tier.price), "yes" if tier.flat else "",
                    book.region, row.as_of, row.confidence, "; ".join(row.operations),
                )
            )  # fmt: skip
            begin = _amount(tier.up_to)
    return out.getvalue()


def as_table(book: PriceBook) -> str:
    """One line a row, and whose prices they are."""
    rows = [("row", "unit", "US dollars", "as of", "confidence"), *(_cells(row) for row in book)]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, f"{len(book)} rows, {book.region}, compiled {book.date}; list prices without tax."])


def write(told: Mapping[str, Any], path: Path) -> None:
    """Write a price file; what stood there stays until the new one is whole and can be used."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        new.write_text(as_json(told), "utf-8")
        PriceBook.load(new)
        new.replace(path)
    except OSError as error:
        raise InvalidCallError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        new.unlink(missing_ok=True)


def _row(row: Price) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": row.id,
        "operations": list(row.operations),
        "dimension": row.dimension,
        "rounding": row.rounding,
        "minimum": row.minimum,
        "tiers": [tier_json(tier) for tier in row.tiers],
        "tier_scope": row.tier_scope,
        "per_api": row.per_api,
        "addon": row.addon,
        "free_tier": row.free_tier,
        "free_units": None if row.free_units is None else _amount(row.free_units),
        "source": list(row.source),
        "as_of": row.as_of,
        "confidence": row.confidence,
        "notes": row.notes,
    }
    return {name: value for name, value in told.items() if value not in (None, False, "", [])}


def _cells(row: Price) -> tuple[str, ...]:
    return (row.id, row.dimension, tiers_in_words(row.tiers), row.as_of, row.confidence)


def tiers_in_words(tiers: Iterable[Tier]) -> str:
    """`0.0001 up to 10,000,000, 0.00005`."""
    return ", ".join(
        f"{'unknown' if tier.price is None else _amount(tier.price)}"
        f"{' flat' if tier.flat else ''}{'' if tier.up_to is None else f' up to {tier.up_to:,f}'}"
        for tier in tiers
    )


def _amount(value: Any) -> str:
    return "" if value is None else format(value, "f")
