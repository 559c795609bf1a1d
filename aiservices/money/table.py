"""Which operations are priced how, as tables of Markdown: `python -m aiservices.money.table` prints them.

They stand in `docs/costs.md`, and a test holds them against the code.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from . import campaigns, standing
from .billing import SECTIONS
from .jobs import BEGINS, READS
from .prices import Price, PriceBook
from .units import COUNTS

TITLES = {
    "comprehend": "Comprehend", "textract": "Textract", "rekognition": "Rekognition", "polly": "Polly",
    "transcribe": "Transcribe", "translate": "Translate", "lexv2": "Lex", "personalize": "Personalize",
    "forecast": "Forecast", "kendra": "Kendra", "frauddetector": "Fraud Detector", "codeguru": "CodeGuru",
}  # fmt: skip
"""The twelve products, by what the ids of their price rows begin with."""


def tables(book: PriceBook) -> str:
    """For each product its price rows, its billable operations, and what stays unknown."""
    return "\n".join(line for section in TITLES for line in _product(section, book)).rstrip()


def operations(section: str, book: PriceBook) -> list[tuple[str, str]]:
    """The operations of a product that are counted, or of which the book says what is not, with their services."""
    counted = {*COUNTS, *BEGINS, *standing.OPERATIONS, *campaigns.REQUESTS} - READS.keys()
    known = {name: service for service, name in counted if service in SECTIONS[section]}
    return sorted((name, known.get(name, "")) for name in known.keys() | book.rules[section]["unpriced"].keys())


def _product(section: str, book: PriceBook) -> Iterator[str]:
    rows = [row for row in book if row.id.startswith(f"{section}.") and any(tier.price != 0 for tier in row.tiers)]
    yield from (f"### {TITLES[section]}", "", "| price | unit | US dollars | of |", "| --- | --- | --- | --- |")
    for row in rows:
        rounding = "; ".join(filter(None, (row.rounding, row.minimum)))
        yield f"| `{row.id}` | {row.dimension.replace('_', ' ')} | {_dollars(row)} | {rounding or 'each'} |"
    yield from ("", "| operation | counted | prices |", "| --- | --- | --- |")
    alike: dict[str, list[str]] = {}
    for name, service in operations(section, book):
        prices = ", ".join(f"`{row.id.partition('.')[2]}`" for row in rows if name in _named(row))
        alike.setdefault(f"{_when(service, name)} | {prices or '-'} |", []).append(name)
    yield from (f"| {', '.join(names)} | {told}" for told, names in alike.items())
    why = book.rules[section]["unpriced"]
    if why:
        yield from ("", "| unpriced | why |", "| --- | --- |")
        for reason in dict.fromkeys(why.values()):
            yield f"| {', '.join(name for name, one in sorted(why.items()) if one == reason)} | {reason} |"
    yield ""


def _named(row: Price) -> set[str]:
    return {word for text in row.operations for word in re.findall(r"[A-Z]\w+", text)}


def _dollars(row: Price) -> str:
    first = row.tiers[0]
    if first.price is None:
        return "unknown"
    then = f" for up to {first.up_to}, then {row.tiers[1].price:f}" if first.flat or not first.price else ""
    return f"{first.price:f}{then}"


def _when(service: str, name: str) -> str:
    if (service, name) in COUNTS:
        return "at the call"
    if (service, name) in campaigns.REQUESTS:
        return "at the call, beyond what the campaign provides"
    if (service, name) in BEGINS:
        reads = [read for (of, read), one in READS.items() if of == service and one.begins == name]
        return f"once, at the first {' or '.join(reads)} that finds it ended"
    if (service, name) in standing.OPERATIONS:
        begins = standing.begun_by(service, name)
        return "by time, while it is up" if begins else "the time since the last call that showed it"
    return "never"


if __name__ == "__main__":
    sys.stdout.write(tables(PriceBook()) + "\n")
