"""The command line `aiservices`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(prog="aiservices", description="One typed client over twelve AWS AI services.")
    parser.add_argument("--version", action="store_true", help="the version")
    commands = parser.add_subparsers(dest="command", metavar="command")
    engines = commands.add_parser("engines", help="what computes the mock's answers, and how to install better engines")
    engines.add_argument("--json", action="store_true", help="a list of objects")
    options = parser.parse_args(arguments)
    if options.version:
        from . import __version__

        print(__version__)
        return 0
    if options.command == "engines":
        return show_engines(as_json=options.json)
    parser.print_help()
    return 2


def show_engines(*, as_json: bool) -> int:
    """Print every engine, installed or not."""
    catalog: Any = import_module("aiservices_mocks.engines.catalog")
    rows = [
        {
            "engine": engine.name,
            "product": engine.product,
            "computes": engine.computes,
            "tier": engine.tier,
            "installed": engine.installed,
            "licence": engine.licence,
            "figure": engine.figure,
            "install": engine.install,
        }
        for engine in catalog.ENGINES
    ]
    if as_json:
        print(json.dumps(rows, indent=2))
    else:
        print(table([{**row, "installed": "yes" if row["installed"] else "no"} for row in rows]))
    return 0


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as a table of aligned columns."""
    heads = list(rows[0])
    lines: Iterable[list[str]] = [heads, *([str(row[head]) for head in heads] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


if __name__ == "__main__":
    sys.exit(main())
