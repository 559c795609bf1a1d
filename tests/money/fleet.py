"""Processes that share one budget, some of them killed: `python -m tests.money.fleet PLACE`.

Prints JSON: what AWS would bill (each answer counts, whether its caller has seen it or not), and the calls refused.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from aiservices.backends.budgeted import Budgeted
from aiservices.backends.observed import Observed
from aiservices.call import Call, Reply, WallClock
from aiservices.errors import BudgetExceededError
from aiservices.money import Budget, Ledger

PROCESSES, CALLS, KILLED = 8, 200, 3
BUDGET = Budget("0.50")
"""The 1,600 calls would cost 1.04."""


class Later(WallClock):
    """When the leases of the dead have run out."""

    def now(self) -> datetime:
        return super().now() + timedelta(minutes=3)


class Billing:
    """Answers, and says so before anything else can happen."""

    def __init__(self, out: int) -> None:
        self._out = out

    def send(self, call: Call) -> Reply:
        os.write(self._out, b"%d\n" % max(3, -(-len(call.params["Text"]) // 100)))
        return {"Sentiment": "POSITIVE", "ResponseMetadata": {"AIServices": {"backend": "aws"}}}


def work(ledger: Ledger, out: int, texts: list[str], enough: Callable[[int], bool]) -> None:
    """Send the texts; R for each call that is refused, until that is enough."""
    stack = Observed(Budgeted(Billing(out), [BUDGET], ledger), books=ledger)
    refused = 0
    for text in texts:
        try:
            stack.send(Call("comprehend", "DetectSentiment", {"Text": text, "LanguageCode": "en"}))
        except BudgetExceededError:
            os.write(out, b"R\n")
            refused += 1
            if enough(refused):
                break
    ledger.close()


def texts(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)
    return ["x" * chance.randrange(1, 1000) for _ in range(count)]


def main(place: str) -> None:
    with Ledger(place) as ledger:  # SQLAlchemy is loaded once, by their parent
        ledger.sums()
    pids, pipes = [], []
    for number in range(PROCESSES):
        told, out = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                work(Ledger(place, wait=60), out, texts(number, CALLS), lambda refused: False)
            finally:
                os._exit(0)
        os.close(out)
        pids.append(pid)
        pipes.append(told)
    said = dict.fromkeys(pipes, b"")
    doomed = dict(zip(pipes[:KILLED], pids, strict=False))
    while said.keys() & set(pipes):
        for pipe in select.select(pipes, [], [])[0]:
            data = os.read(pipe, 65536)
            said[pipe] += data
            if not data:
                pipes.remove(pipe)
            # Each of them in the middle of its calls, somewhere.
            elif pipe in doomed and said[pipe].count(b"\n") > 60:
                os.kill(doomed.pop(pipe), signal.SIGKILL)
    for pid in pids:
        os.waitpid(pid, 0)
    told, out = os.pipe()
    before = _units(said.values())
    work(Ledger(place, clock=Later()), out, ["x"] * CALLS * PROCESSES, bool)
    os.close(out)
    with os.fdopen(told, "rb") as rest:
        after = _units([rest.read()])
    refused = sum(text.count(b"R") for text in said.values())
    price = Decimal("0.0001")
    print(json.dumps({"refused": refused, "alive": str(before * price), "in_the_end": str((before + after) * price)}))


def _units(said: object) -> int:
    return sum(int(line) for text in said for line in text.split() if line != b"R")  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(sys.argv[1])
