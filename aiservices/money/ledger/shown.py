"""Sums of a ledger as text: a table, CSV, JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO

from ..prices import EXACT
from .reading import Sum

_HEAD = ("calls", "unpriced", "billed", "saved")


def as_table(sums: Sequence[Sum], by: str) -> str:
    """Columns for people, with a total."""
    rows = [(by, *_HEAD), *map(_cells, [*sums, _total(sums)])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows)
    return "\n".join(lines)


def as_csv(sums: Sequence[Sum], by: str) -> str:
    """A line each, amounts exact."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((by, *_HEAD))
    writer.writerows((one.of, one.calls, one.unpriced, f"{one.billed:f}", f"{one.saved:f}") for one in sums)
    return out.getvalue().rstrip("\n")


def as_json(sums: Sequence[Sum], by: str) -> str:
    """A list of objects; amounts are strings, which are exact."""
    rows = [
        {
            by: one.of,
            "calls": one.calls,
            "unpriced": one.unpriced,
            "billed": f"{one.billed:f}",
            "saved": f"{one.saved:f}",
        }
        for one in sums
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def _cells(one: Sum) -> tuple[str, ...]:
    return (one.of or "(none)", f"{one.calls:,}", f"{one.unpriced:,}", f"{one.billed:,.6f}", f"{one.saved:,.6f}")


def _total(sums: Sequence[Sum]) -> Sum:
    billed = saved = Decimal(0)
    for one in sums:
        billed, saved = EXACT.add(billed, one.billed), EXACT.add(saved, one.saved)
    return Sum("total", sum(one.calls for one in sums), sum(one.unpriced for one in sums), billed, saved)
