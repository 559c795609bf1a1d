"""`python -m tests.clients [name ...]`: each client against a server of its own, and a table of what it did.

A tool that is missing, a test that is skipped and a server that has something to complain about are failures.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from .installed import ROOT, Client, client
from .served import ACCESS, SECRET, Served

_LONGEST = 600
"""Seconds that a client's tests may take."""
_AT_ONCE = 2
_SHOWN = 10_000
"""Characters of what a client said before it failed."""


@dataclass(frozen=True)
class Outcome:
    """What came of a client."""

    client: Client
    tests: int = 0
    calls: int = 0
    operations: int = 0
    installed: float = 0
    ran: float = 0
    problem: str = ""

    def __str__(self) -> str:
        counts = f"{self.tests:6}{self.calls:7}{self.operations:12}{self.installed:11.1f}{self.ran:8.1f}"
        return f"{self.client.name:18}{self.client.version:10}{counts}  {'FAILED' if self.problem else 'passed'}"


_HEAD = f"{'client':18}{'version':10}{'tests':>6}{'calls':>7}{'operations':>12}{'install s':>11}{'run s':>8}"


def clients() -> list[Client]:
    """All of them: the folders here, and the example that is an application in JavaScript."""
    here = sorted(path for path in Path(__file__).parent.iterdir() if path.is_dir() and path.name[0] not in "_.")
    return [client(folder) for folder in (*here, ROOT / "examples" / "node")]


def outcome(one: Client) -> Outcome:
    """Install a client and let it meet a server."""
    begin = time.perf_counter()
    try:
        one.install()
        installed = time.perf_counter()
        with TemporaryDirectory(prefix="aiservices-clients-") as name:
            with Served(Path(name)) as server:
                failed = _run(one, server.url, Path(name))
                calls = server.calls()
            tests, unwanted = _read(Path(name) / "report.xml")
            problem = "\n".join(filter(None, (failed, unwanted, server.complaint)))
    except Exception as error:  # noqa: BLE001  # whatever it is, the other clients are to run
        return Outcome(one, problem=f"{type(error).__name__}: {error}")
    operations = len({(call["service"], call["operation"]) for call in calls})
    return Outcome(one, tests, len(calls), operations, installed - begin, time.perf_counter() - installed, problem)


def _run(one: Client, url: str, folder: Path) -> str:
    """What its tests say, if they fail."""
    done = subprocess.run(
        one.command(folder / "report.xml"), cwd=one.home, env=_surroundings(url, folder), timeout=_LONGEST, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.stdout[-_SHOWN:] if done.returncode else ""


def _surroundings(url: str, folder: Path) -> dict[str, str]:
    """What an application is told of AWS; nothing of the developer's own."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AISERVICES_"))}
    return others | {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": ACCESS,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": str(folder / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "EXAMPLES": str(ROOT / "examples" / "data"),
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
    }


def _read(report: Path) -> tuple[int, str]:
    """How many tests passed, and what is wrong with the others, if the run did not say so itself."""
    cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    skipped = [case.get("name") for case in cases if case.find("skipped") is not None]
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    problem = f"skipped: {', '.join(map(str, skipped))}" if skipped else "" if cases else "there are no tests"
    return len(cases) - len(skipped) - len(failed), problem


def main() -> int:
    """The exit code: 0 when all passed."""
    known = {one.name: one for one in clients()}
    parser = argparse.ArgumentParser(prog="python -m tests.clients", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(known)}; none: all")
    names = parser.parse_args().names or list(known)
    if unknown := [name for name in names if name not in known]:
        parser.error(f"there is no client {', '.join(unknown)}; there are {', '.join(known)}")
    begin = time.perf_counter()
    print(_HEAD, flush=True)
    failed = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done in pool.map(outcome, [known[name] for name in names]):
            print(done, flush=True)
            failed += [done] if done.problem else []
    for done in failed:
        print(f"\n{done.client.name}: {done.problem}")
    print(f"{len(names) - len(failed)} of {len(names)} clients passed in {time.perf_counter() - begin:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
