"""`aiservices policy`: the least IAM policy for calls that were made."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Its arguments."""
    command = commands.add_parser("policy", help="the least IAM policy that the calls in a log or a recording need")
    command.add_argument("log", type=Path, metavar="LOG", help="lines of JSONFormatter, or a recording")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print it as JSON."""
    from ..policy import policy

    print(json.dumps(policy(options.log), indent=2))
    return 0
