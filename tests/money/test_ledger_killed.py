"""A killed process loses nothing that its caller saw, and nothing is counted twice."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from aiservices.call import WallClock
from aiservices.money.ledger import Ledger

from .killing import BUDGET

ROOT = Path(__file__).parent.parent.parent
KILLS = 100


def kill(place: str, kills: int = KILLS) -> list[dict[str, Any]]:
    """Kill so many writers of a ledger at random times; what they had told."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.money.killing", place, str(kills), "1"],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    died: list[dict[str, Any]] = json.loads(done.stdout)
    assert len(died) == kills
    return died


def check(ledger: Ledger, died: list[dict[str, Any]]) -> None:
    """What the writers' callers saw is there, and each call is there once."""
    entries = ledger.entries()
    written = Counter(str(entry.request_id) for entry in entries)
    assert max(written.values()) == 1
    for writer in died:
        mine = [name for name in written if name.startswith(f"{writer['writer']}-")]
        seen = {f"{writer['writer']}-{number}" for number in range(writer["seen"])}
        assert seen <= set(mine), "a reply was seen, but what it cost is not written down"
        assert len(mine) <= writer["seen"] + 1, "more than the call on its way"
    cost = sum((entry.cost for entry in entries if entry.cost), Decimal(0))
    (told,) = ledger.sums("product")
    assert (told.calls, told.billed) == (len(entries), cost)
    with ledger.database.connection() as connection:
        units = connection.exec_driver_sql("SELECT units FROM aiservices_usage").fetchall()
        spent = connection.exec_driver_sql("SELECT spent FROM aiservices_leases").fetchall()
    used = sum((sum(entry.units.values()) for entry in entries if entry.units), Decimal(0))
    assert [Decimal(row[0]) for row in units] == [used]
    assert sum(Decimal(row[0]) for row in spent) == cost, "the budget has spent what the calls cost"
    left = ledger.left(BUDGET)
    assert 0 <= BUDGET.limit - cost - left < Decimal("0.02") * len(died), "the dead keep what was on its way, no more"


class Later(WallClock):
    """When all leases have run out."""

    def now(self) -> datetime:
        return super().now() + timedelta(minutes=3)


def test_a_hundred_kills(tmp_path: Path) -> None:
    place = tmp_path / "costs.db"
    died = kill(str(place))
    assert sum(writer["in_commit"] for writer in died) > 0, "none was killed inside a commit"
    with sqlite3.connect(place) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()

    with Ledger(place, clock=Later()) as ledger:
        check(ledger, died)
