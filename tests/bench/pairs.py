"""Fair pairs: ours and the peer's in turn, in one run; the median of the ratios."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

os.environ.setdefault("AWS_ACCESS_KEY_ID", "testing")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "testing")
os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio` is ours / peer's; `limit` is what it may be at most, None: it is only told."""

    what: str
    peer: str
    ours: float
    theirs: float
    unit: str
    ratio: float
    limit: float | None
    at_most: float | None = None
    """Besides, what ours may be at most, in `unit`."""

    @property
    def kept(self) -> bool:
        return (self.limit is None or self.ratio <= self.limit) and (self.at_most is None or self.ours <= self.at_most)


def row(
    what: str,
    peer: str,
    ours: Callable[[], float],
    theirs: Callable[[], float],
    *,
    unit: str,
    limit: float | None = None,
    rounds: int = 7,
    at_most: float | None = None,
) -> Row:
    """Measure both in turn. The callables return what they measured, in `unit`."""
    ours(), theirs()
    # Who goes first changes from pair to pair: a machine that warms up or tires favours nobody.
    pairs = [(ours(), theirs()) if number % 2 else (theirs(), ours())[::-1] for number in range(rounds)]
    return Row(
        what,
        peer,
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        unit,
        statistics.median(a / b for a, b in pairs),
        limit,
        at_most,
    )


def timed(work: Callable[[], object], times: int) -> Callable[[], float]:
    """Microseconds of CPU per call of `work`, over `times` calls."""

    def measure() -> float:
        begin = time.process_time()
        for _ in range(times):
            work()
        return (time.process_time() - begin) / times * 1e6

    return measure


def process(code: str, figure: str = "cpu") -> Callable[[], float]:
    """A fresh Python's CPU milliseconds (`cpu`) or peak memory in MB (`memory`) for running `code`."""
    # ru_maxrss would count the parent's memory before exec; VmHWM is the program's own.
    probe = """
import json, resource
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(json.dumps({"cpu": (used.ru_utime + used.ru_stime) * 1e3, "memory": int(peak) / 1024}))
"""

    def measure() -> float:
        run = subprocess.run(
            [sys.executable, "-c", f"{code}\n{probe}"], capture_output=True, text=True, check=True, env=_ENVIRONMENT
        )
        return float(json.loads(run.stdout.splitlines()[-1])[figure]) - (_bare(figure) if figure == "cpu" else 0)

    return measure


# Installed packages are compiled: so are ours, at the first run.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
_BARE: dict[str, float] = {}


def _bare(figure: str) -> float:
    """What a Python that does nothing costs."""
    if figure not in _BARE:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(5):
            subprocess.run([sys.executable, "-c", "import json, resource"], check=True, env=_ENVIRONMENT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        _BARE[figure] = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3 / 5
    return _BARE[figure]
