"""The command line `aiservices`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from .commands import costs, doctor, policy, prices, serve, tables, verify
from .errors import AIServicesError

_COMMANDS = (tables, serve, verify, prices, costs, doctor, policy)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 2 for what cannot be done as it was asked."""
    parser = argparse.ArgumentParser(prog="aiservices", description="One typed client over twelve AWS AI services.")
    parser.add_argument("--version", action="store_true", help="the version")
    commands = parser.add_subparsers(dest="command", metavar="command")
    for command in _COMMANDS:
        command.add(commands)
    options = parser.parse_args(_joined(sys.argv[1:] if arguments is None else arguments))
    if options.version:
        from . import __version__

        print(__version__)
        return 0
    if options.command is None:
        parser.print_help()
        return 2
    try:
        code: int = options.run(options)
    except AIServicesError as error:
        print(f"aiservices {options.command}: {error}", file=sys.stderr)
        return 2
    return code


def _joined(arguments: Sequence[str]) -> Sequence[str]:
    """With the words of a command that has two as one."""
    return [costs.RECONCILE, *arguments[2:]] if list(arguments[:2]) == costs.RECONCILE.split() else arguments


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
