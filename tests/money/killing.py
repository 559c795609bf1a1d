"""Writers of one ledger that are killed: `python -m tests.money.killing PLACE COUNT SEED` kills so many.

Prints JSON: for each writer the calls whose reply its caller has seen, and whether it died inside a commit.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from itertools import count
from typing import Any

from aiservices.backends.budgeted import Budgeted
from aiservices.backends.observed import Observed
from aiservices.call import Call, Reply
from aiservices.money import PriceBook
from aiservices.money.budget import Budget
from aiservices.money.ledger import Ledger

BUDGET = Budget(1000)
AT_ONCE = 3
LONGEST = 0.02
"""Seconds that a writer lives after its first call."""


class Answering:
    """Answers at once, as AWS."""

    def __init__(self, writer: int) -> None:
        self._writer = writer
        self._numbers = count()

    def send(self, call: Call) -> Reply:
        said = {"RequestId": f"{self._writer}-{next(self._numbers)}", "AIServices": {"backend": "aws"}}
        return {"Sentiment": "POSITIVE", "ResponseMetadata": said}


def write(place: str, writer: int, out: int) -> None:
    """Call for ever; one byte for each begin and end of a commit, and for each reply that the caller has."""
    ledger = Ledger(place, wait=60)
    commit = ledger.database._commit

    def marked(raw: Any) -> None:
        os.write(out, b"<")
        commit(raw)
        os.write(out, b">")

    ledger.database._commit = marked  # type: ignore[method-assign]  # a witness around it
    stack = Observed(Budgeted(Answering(writer), [BUDGET], ledger), books=ledger)
    for number in count():
        stack.send(call(writer, number))
        os.write(out, b"!")


def call(writer: int, number: int) -> Call:
    text = "word " * (1 + number % 100)
    return Call("comprehend", "DetectSentiment", {"Text": text, "LanguageCode": "en"}, tags={"w": str(writer)})


class Writer:
    """A process that writes, until it is killed."""

    def __init__(self, place: str, number: int) -> None:
        self.number = number
        self.told = b""
        self.dies = 0.0
        self._out, end = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            os.close(self._out)
            try:
                write(place, number, end)
            finally:
                os._exit(1)
        os.close(end)

    def listen(self, chance: random.Random) -> None:
        """Read what it says; at its first commit its time is set."""
        if select.select([self._out], [], [], 0)[0]:
            data = os.read(self._out, 65536)
            if not data:
                raise SystemExit(f"writer {self.number} ended by itself")
            self.told += data
        if self.told and not self.dies:
            self.dies = time.monotonic() + chance.random() * LONGEST

    def kill(self) -> dict[str, object]:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        while data := os.read(self._out, 65536):
            self.told += data
        os.close(self._out)
        commits = self.told.replace(b"!", b"")
        return {"writer": self.number, "seen": self.told.count(b"!"), "in_commit": commits.endswith(b"<")}


def main(place: str, kills: int, seed: int) -> None:
    chance, numbers = random.Random(seed), iter(range(kills))
    PriceBook()  # read once, by their parent
    with Ledger() as ledger:  # so are SQLAlchemy and its statements
        Observed(Budgeted(Answering(-1), [BUDGET], ledger), books=ledger).send(call(0, 0))
    alive: list[Writer] = []
    died = []
    while len(died) < kills:
        while len(alive) < AT_ONCE and (number := next(numbers, None)) is not None:
            alive.append(Writer(place, number))
        select.select([], [], [], 0.0005)
        for writer in list(alive):
            writer.listen(chance)
            if writer.dies and time.monotonic() >= writer.dies:
                alive.remove(writer)
                died.append(writer.kill())
    print(json.dumps(died))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
