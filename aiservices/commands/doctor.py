"""`aiservices doctor`: what this machine and this account can do."""

from __future__ import annotations

import argparse
from typing import Any

_SIGNS = {"ok": "  ok   ", "note": "  note ", "problem": "PROBLEM"}


def add(commands: Any) -> None:
    """Its arguments."""
    command = commands.add_parser("doctor", help="credentials, region, reachability, extras, and what AWS has closed")
    command.add_argument("--offline", action="store_true", help="send nothing")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print each finding as it comes: 1 when something keeps calls to AWS from working."""
    from ..config import Settings
    from ..doctor import findings

    problems = 0
    for finding in findings(Settings.from_env(), network=not options.offline):
        problems += finding.state == "problem"
        print(f"{_SIGNS[finding.state]}  {finding.what}: {finding.told}", flush=True)
    return 1 if problems else 0
