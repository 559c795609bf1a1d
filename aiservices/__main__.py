"""The command line `aiservices`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
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
    _add_serve(commands)
    options = parser.parse_args(arguments)
    if options.version:
        from . import __version__

        print(__version__)
        return 0
    if options.command in ("engines", "coverage"):
        show(options.command, as_json=options.json, as_markdown=options.markdown)
        return 0
    if options.command == "serve":
        return serve(options)
    parser.print_help()
    return 2


def _add_serve(commands: Any) -> None:
    command = commands.add_parser("serve", help="a server for the AWS CLI and for AWS SDKs of any language")
    command.add_argument("--backend", choices=("mock", "aws"), default="mock", help="who answers (default: mock)")
    command.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: 127.0.0.1)")
    command.add_argument("--port", type=int, default=4566, help="the port; 0 takes a free one (default: 4566)")
    command.add_argument("--seed", type=int, default=0, help="the mock's seed (default: 0)")
    command.add_argument("--keys", type=Path, help="a file of lines access:secret that requests must be signed with")


def serve(options: argparse.Namespace) -> int:
    """Serve until an interrupt or a terminate signal comes."""
    from .errors import InvalidCallError, MissingExtraError
    from .server import Application, Keys, Server, read_keys

    if options.backend == "aws" and options.keys is None:
        print("aiservices serve: a gateway to AWS demands signatures: give --keys FILE", file=sys.stderr)
        return 2
    try:
        keys = Keys(read_keys(options.keys)) if options.keys else None
        application = _gateway(keys) if options.backend == "aws" else Application.of_mock(keys=keys, seed=options.seed)
        server = Server(application, options.host, options.port)
    except (InvalidCallError, MissingExtraError, OSError) as error:
        print(f"aiservices serve: {error}", file=sys.stderr)
        return 2
    checked = "must be signed with a key pair of the file" if keys else "are taken as they come, signed by whomever"
    print(f"aiservices serves {options.backend} at {server.url}; requests {checked}", flush=True)
    server.run()
    return 0


def _gateway(keys: Any) -> Any:
    """AWS behind the retries, costs and logs of a client; one stack serves all products."""
    from .client import AI
    from .server import Application

    return Application(AI(backend="aws")._caller("comprehend").backend, keys=keys)


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
