"""`aiservices engines` and `aiservices coverage`: tables of the mock."""

from __future__ import annotations

import argparse
import json
import shutil
from functools import partial
from importlib import import_module
from typing import Any

_WIDEST = 120


def add(commands: Any) -> None:
    """Both commands."""
    for name, module, about in (
        (
            "engines",
            "aiservices_mocks.engines.catalog_text",
            "what computes the mock's answers, and how to install more",
        ),
        (
            "coverage",
            "aiservices_mocks.coverage",
            "every operation: how the mock answers it, and the test that proves it",
        ),
    ):
        command = commands.add_parser(name, help=about)
        formats = command.add_mutually_exclusive_group()
        formats.add_argument("--json", action="store_true", help="a list of objects")
        formats.add_argument("--markdown", action="store_true", help="the tables of the documentation")
        command.set_defaults(run=partial(run, module))


def run(module: str, options: argparse.Namespace) -> int:
    """Print a table: all engines, installed or not, or all operations."""
    text: Any = import_module(module)
    if options.json:
        print(json.dumps(text.rows(), indent=2, ensure_ascii=False))
    elif options.markdown:
        print(text.markdown())
    else:
        print(text.blocks(min(shutil.get_terminal_size().columns, _WIDEST)))
    return 0
