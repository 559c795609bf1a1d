"""The command line `aiservices`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

_WIDEST = 120
_TABLES = {"engines": "aiservices_mocks.engines.catalog_text", "coverage": "aiservices_mocks.coverage"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(prog="aiservices", description="One typed client over twelve AWS AI services.")
    parser.add_argument("--version", action="store_true", help="the version")
    commands = parser.add_subparsers(dest="command", metavar="command")
    engines = commands.add_parser("engines", help="what computes the mock's answers, and how to install better engines")
    coverage = commands.add_parser(
        "coverage", help="every operation: how the mock answers it, and the test that proves it"
    )
    for command in (engines, coverage):
        formats = command.add_mutually_exclusive_group()
        formats.add_argument("--json", action="store_true", help="a list of objects")
        formats.add_argument("--markdown", action="store_true", help="the tables of the documentation")
    options = parser.parse_args(arguments)
    if options.version:
        from . import __version__

        print(__version__)
        return 0
    if options.command in ("engines", "coverage"):
        show(options.command, as_json=options.json, as_markdown=options.markdown)
        return 0
    parser.print_help()
    return 2


def show(table: str, *, as_json: bool = False, as_markdown: bool = False) -> None:
    """Print a table of the mock's: all engines, installed or not, or all operations."""
    text: Any = import_module(_TABLES[table])
    if as_json:
        print(json.dumps(text.rows(), indent=2, ensure_ascii=False))
    elif as_markdown:
        print(text.markdown())
    else:
        print(text.blocks(min(shutil.get_terminal_size().columns, _WIDEST)))


def run() -> int:
    """The program: a reader that has seen enough (`aiservices coverage | head`) is no error."""
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is flushed at exit goes nowhere
        return 0
    return code


if __name__ == "__main__":
    sys.exit(run())
