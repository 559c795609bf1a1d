"""`aiservices verify`: a recording played against a backend."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Its arguments."""
    command = commands.add_parser("verify", help="play a recording against a backend and tell where its answers differ")
    command.add_argument("cassette", type=Path, help="the recording")
    command.add_argument("--backend", choices=("mock", "aws"), default="mock", help="who answers (default: mock)")
    command.add_argument("--json", action="store_true", help="an object, in place of lines")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Tell where a backend's answers differ from a recording: 1 if they do, 2 if nothing could be compared."""
    from ..client import AI
    from ..verify import verify

    with AI(backend=options.backend) as ai:
        verified = verify(options.cassette, ai._routes["*"])
    print(json.dumps(verified.document(), indent=2) if options.json else verified)
    return 1 if verified.differences else 0 if verified.compared else 2
