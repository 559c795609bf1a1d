"""`aiservices serve`: the HTTP front."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..errors import InvalidCallError


def add(commands: Any) -> None:
    """Its arguments."""
    command = commands.add_parser("serve", help="a server for the AWS CLI and for AWS SDKs of any language")
    command.add_argument("--backend", choices=("mock", "aws"), default="mock", help="who answers (default: mock)")
    command.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: 127.0.0.1)")
    command.add_argument("--port", type=int, default=4566, help="the port; 0 takes a free one (default: 4566)")
    command.add_argument("--seed", type=int, help="the mock's seed (default: 0, or the saved state's)")
    command.add_argument("--state", type=Path, metavar="DIR", help="a folder that the mock is saved in and loaded from")
    command.add_argument("--save-every", type=_seconds, metavar="SECONDS", help="save also every so many seconds")
    command.add_argument("--keys", type=Path, help="a file of lines access:secret that requests must be signed with")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until an interrupt or a terminate signal comes."""
    from ..server import Keys, Server, read_keys

    if options.backend == "aws" and options.keys is None:
        raise InvalidCallError("a gateway to AWS demands signatures: give --keys FILE")
    if (options.state and options.backend == "aws") or (options.save_every and not options.state):
        raise InvalidCallError("a mock is saved: --save-every needs --state DIR, and that a mock")
    try:
        keys = Keys(read_keys(options.keys)) if options.keys else None
        application = gateway(keys) if options.backend == "aws" else _mocked(options, keys)
        server = Server(application, options.host, options.port)
    except OSError as error:
        print(f"aiservices serve: {error}", file=sys.stderr)
        return 2
    checked = "must be signed with a key pair of the file" if keys else "are taken as they come, signed by whomever"
    print(f"aiservices serves {options.backend} at {server.url}; requests {checked}", flush=True)
    try:
        server.run()
    except OSError as error:
        print(f"aiservices serve: the state was not saved: {error}", file=sys.stderr)
        return 1
    return 0


def _mocked(options: argparse.Namespace, keys: Any) -> Any:
    """A mock, as it was saved if it was."""
    from ..server import Application

    world = {} if options.seed is None else {"seed": options.seed}
    return Application.of_mock(keys=keys, state=options.state, save_every=options.save_every, **world)


def gateway(keys: Any) -> Any:
    """AWS behind the retries, costs and logs of a client; one stack serves all products."""
    from ..client import AI
    from ..server import Application

    return Application(AI(backend="aws")._caller("comprehend").backend, keys=keys)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < 1e6:
        raise ValueError
    return seconds
