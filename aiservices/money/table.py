"""Which operations are priced how, as tables of Markdown: `python -m aiservices.money.table` prints them.

They stand in `docs/costs.md`, and a test holds them against the code.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from .billing import METERED, Rule, count_of
from .jobs import BEGINS, READS
from .prices import Price, PriceBook
from .units import COUNTS

PRODUCTS = ("comprehend", "polly", "textract")
"""Those whose billable operations are all told. They are services of the same name."""


def tables(book: PriceBook) -> str:
    """For each product its price rows, its billable operations, and what stays unknown."""
    return "\n".join(line for product in PRODUCTS for line in _product(product, book)).rstrip()


def operations(product: str, book: PriceBook) -> list[str]:
    """The operations of a product that are counted, or for which the book says why they are not."""
    known = {name for service, name in (*COUNTS, *METERED) if service == product}
    return sorted(
        (known | set(book.rules[product]["unpriced"])) - {name for service, name in READS if service == product}
    )


def _product(product: str, book: PriceBook) -> Iterator[str]:
    rows = [row for row in book if row.id.startswith(f"{product}.") and any(tier.price for tier in row.tiers)]
    yield from (f"### {product.capitalize()}", "", "| price | unit | US dollars | of |", "| --- | --- | --- | --- |")
    for row in rows:
        rounding = "; ".join(filter(None, (row.rounding, row.minimum)))
        yield f"| `{row.id}` | {row.dimension.replace('_', ' ')} | {_dollars(row)} | {rounding or 'each'} |"
    yield from ("", "| operation | counted | prices |", "| --- | --- | --- |")
    alike: dict[str, list[str]] = {}
    for name in operations(product, book):
        prices = ", ".join(f"`{row.id.partition('.')[2]}`" for row in rows if name in _named(row))
        alike.setdefault(f"{_when(product, name)} | {prices or '-'} |", []).append(name)
    yield from (f"| {', '.join(names)} | {told}" for told, names in alike.items())
    why = book.rules[product]["unpriced"]
    if why:
        yield from ("", "| unpriced | why |", "| --- | --- |")
        for reason in dict.fromkeys(why.values()):
            yield f"| {', '.join(name for name, one in sorted(why.items()) if one == reason)} | {reason} |"
    yield ""


def _named(row: Price) -> set[str]:
    return {word for text in row.operations for word in re.findall(r"[A-Z]\w+", text)}


def _dollars(row: Price) -> str:
    first = row.tiers[0]
    return f"{first.price:f}" + (f" for up to {first.up_to}, then {row.tiers[1].price:f}" if first.flat else "")


def _when(product: str, name: str) -> str:
    if (product, name) in COUNTS:
        return "at the call"
    if (product, name) in BEGINS:
        reads = [read for (service, read), one in READS.items() if service == product and one.begins == name]
        return f"once, at the first {' or '.join(reads)} that finds it ended"
    if (product, name) in METERED:
        return "by time, while it is up" if name == "CreateEndpoint" else "the time since the last call that showed it"
    return "never" if count_of(product, name) is Rule.UNPRICED else "free"


if __name__ == "__main__":
    sys.stdout.write(tables(PriceBook.default()) + "\n")
