"""`python -m tests.bench [--write FILE]`: the table of speeds, each against a peer in the same run."""

from __future__ import annotations

import argparse
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from . import engines, flow, money, rows, serving, suite
from .pairs import Row

HEAD = """| what | ours | peer | peer's | ours / peer's | at most | kept |
| --- | ---: | --- | ---: | ---: | ---: | --- |"""
INTRODUCTION = """# Performance

Interleaved pairs in one run; medians, and the median of the ratios. Timings are never asserted in tests.
"""


def line(row: Row) -> str:
    limits = [f"{row.limit:.4g}"] if row.limit is not None else []
    limits += [f"{row.at_most:,g} {row.unit}"] if row.at_most is not None else []
    return (
        f"| {row.what} | {row.ours:,.1f} {row.unit} | {row.peer} | {row.theirs:,.1f} {row.unit} "
        f"| {row.ratio:.4f} | {', '.join(limits)} | {('yes' if row.kept else 'NO') if limits else ''} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="the page to write the table into")
    options = parser.parse_args()
    print(HEAD, flush=True)
    lines = []
    parts = (rows, money, serving, flow, suite, engines)
    for row in chain.from_iterable(part.all_rows() for part in parts):
        lines.append(line(row))
        print(lines[-1], flush=True)
    if options.write:
        packages = ", ".join(f"{name} {version(name)}" for name in ("boto3", "moto", "pydantic"))
        measured = f"{datetime.now(UTC):%Y-%m-%d}, `make bench`, Python {platform.python_version()}, {packages}."
        options.write.write_text("\n".join([INTRODUCTION, measured, "", HEAD, *lines, ""]), "utf-8")


if __name__ == "__main__":
    main()
