"""`aiservices prices`: what AWS charges."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Its arguments and steps."""
    command = commands.add_parser("prices", help="what AWS charges: list, export, check and renew the prices")
    formats = command.add_mutually_exclusive_group()
    formats.add_argument("--json", action="store_true", help="a price file, to change and to load again")
    formats.add_argument("--csv", action="store_true", help="a line a tier, for spreadsheets")
    command.add_argument("--file", type=Path, help="a price file of yours, on top of AWS's list")
    steps = command.add_subparsers(dest="step", metavar="step")
    check = steps.add_parser("validate", help="say whether a price file can be used, and which rows cannot")
    check.add_argument("file", type=Path, metavar="FILE")
    renew = steps.add_parser("refresh", help="read AWS's Price List offers (index.json) and show what changed")
    renew.add_argument("offers", type=Path, nargs="+", metavar="FILE")
    renew.add_argument("--region", default="us-east-1", help="whose prices to read (default: us-east-1)")
    renew.add_argument("--output", type=Path, metavar="FILE", help="the price file to write or to replace")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show the prices, check a price file, or make one from offers."""
    from ..money import listing
    from ..money.prices import PriceBook

    if options.step == "refresh":
        return _refresh(options)
    book = PriceBook.load(options.file) if options.file else PriceBook()
    if options.step == "validate":
        print(f"{options.file} can be used: {book}")
    elif options.json:
        print(listing.as_json(listing.document(book)), end="")
    else:
        print(listing.as_csv(book) if options.csv else listing.as_table(book), end="" if options.csv else "\n")
    return 0


def _refresh(options: argparse.Namespace) -> int:
    from ..money import listing
    from ..money.prices import PriceBook
    from ..money.refresh import refresh

    found = refresh(options.offers, PriceBook(), options.region)
    print(found)
    if options.output:
        listing.write(found.document(), options.output)
        print(f"written to {options.output}; use it with AI(prices={str(options.output)!r})")
    return 0
