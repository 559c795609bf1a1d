"""`aiservices costs` and `aiservices costs reconcile`: what stands in a ledger."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InvalidCallError

if TYPE_CHECKING:
    from ..money.ledger import Ledger

RECONCILE = "costs reconcile"
"""One command, for `costs` alone takes a ledger."""


def add(commands: Any) -> None:
    """Both commands."""
    _add_costs(commands)
    _add_reconcile(commands)


def _add_costs(commands: Any) -> None:
    command = commands.add_parser("costs", help="what the calls in a ledger cost")
    command.add_argument("ledger", metavar="LEDGER", help="a file, or a URL postgresql://...")
    command.add_argument(
        "--by", default="operation", help="product, operation (default), day, month, account, region or tag:NAME"
    )
    command.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="the first day, as 2026-11-01, in UTC")
    command.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="the last day")
    formats = command.add_mutually_exclusive_group()
    formats.add_argument("--csv", action="store_true", help="a line each, amounts exact")
    formats.add_argument("--json", action="store_true", help="a list of objects, amounts exact")
    command.set_defaults(run=run)


def _add_reconcile(commands: Any) -> None:
    command = commands.add_parser(RECONCILE, help="where a ledger differs from a Cost and Usage Report of AWS")
    command.add_argument("ledger", metavar="LEDGER", help="a file, or a URL postgresql://...")
    command.add_argument(
        "report", nargs="+", type=Path, metavar="REPORT", help="the report's files: .csv, .csv.gz, .zip or .parquet"
    )
    command.add_argument(
        "--since", type=date.fromisoformat, metavar="DAY", help="the first day (default: the report's)"
    )
    command.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="the last day (default: the report's)")
    command.add_argument("--prices", type=Path, metavar="FILE", help="your price file, if the ledger's calls had one")
    command.add_argument("--json", action="store_true", help="an object, amounts exact")
    command.set_defaults(run=reconcile)


def run(options: argparse.Namespace) -> int:
    """Print what a ledger holds."""
    from ..money.ledger import shown

    with _ledger(options) as ledger:
        sums = ledger.sums(options.by, since=options.since, until=options.until)
    show = shown.as_csv if options.csv else shown.as_json if options.json else shown.as_table
    print(show(sums, options.by))
    return 0


def reconcile(options: argparse.Namespace) -> int:
    """Tell where a ledger differs from AWS's bill: 1 if it does."""
    from ..money.prices import PriceBook
    from ..money.reconcile import reconcile as compare

    book = PriceBook.load(options.prices) if options.prices else None
    with _ledger(options) as ledger:
        found = compare(ledger, options.report, since=options.since, until=options.until, book=book)
    print(json.dumps(found.document(), indent=2) if options.json else found)
    return 1 if found.differences else 0


def _ledger(options: argparse.Namespace) -> Ledger:
    """One that is there: a name that was mistyped makes none."""
    from ..money.ledger import Ledger

    if "://" not in options.ledger and not Path(options.ledger).is_file():
        raise InvalidCallError(f"there is no ledger {options.ledger!r}")
    return Ledger(options.ledger)
