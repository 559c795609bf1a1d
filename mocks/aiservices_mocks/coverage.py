"""Every operation of the models: what the mock's answer to it is, and the test that proves it.

The table is written by the test run (`make coverage`), which watches what the tests see: `computed` was seen to give
different answers to different requests, `stateful` to read what another operation wrote, or to write what another one
read. `schema` answers are made up from the model.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Literal, NamedTuple

from aiservices.api.model import load
from aiservices.call import SERVICES

TABLE = Path(__file__).with_name("data") / "coverage.json"

Worth = Literal["computed", "stateful", "schema"]


class Operation(NamedTuple):
    """One operation."""

    service: str
    operation: str
    fidelity: Worth
    """Where its reply comes from."""
    output: str
    """`schema` when it begins work whose output in S3 is made up from the model; else empty."""
    test: str
    """As pytest names it."""


@cache
def operations() -> tuple[Operation, ...]:
    """All of them, in the order of the models."""
    table = json.loads(TABLE.read_text("utf-8"))
    return tuple(
        Operation(service, name, *table[service][name])
        for service in SERVICES
        for name in load(service).operations
        if name in table.get(service, {})
    )


def write(found: list[Operation]) -> None:
    """Write the table, an operation a line."""
    services = {one.service: [other for other in found if other.service == one.service] for one in found}
    parts = []
    for service, rows in services.items():
        lines = ",\n".join(f"    {json.dumps(one.operation)}: {json.dumps(one[2:])}" for one in rows)
        parts.append(f"  {json.dumps(service)}: {{\n{lines}\n  }}")
    operations.cache_clear()
    TABLE.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def counts(found: tuple[Operation, ...]) -> Counter[str]:
    """How many there are of each fidelity."""
    return Counter(one.fidelity for one in found)


def rows() -> list[dict[str, str]]:
    """The operations as objects."""
    return [one._asdict() for one in operations()]


def blocks(width: int) -> str:
    """The table for a terminal of so many columns: an operation a line, its test below where it does not fit."""
    found = operations()
    name = max(len(one.operation) for one in found)
    lines = []
    for service in SERVICES:
        kept = [one for one in found if one.service == service]
        lines.append(f"{SERVICES[service]}: {service} ({_summary(tuple(kept))})")
        for one in kept:
            line = f"  {one.operation:{name}}  {_worth(one)}"
            fits = len(line) + 2 + len(one.test) <= width
            lines += [f"{line}  {one.test}"] if fits else [line, *wrap(one.test, width, initial_indent=" " * 6)]
        lines.append("")
    return "\n".join([*lines, f"{len(found)} operations: {_summary(found)}"])


def markdown() -> str:
    """The tables of the documentation."""
    found = operations()
    lines = [
        f"{len(found)} operations: {_summary(found)}.",
        "",
        "| service | operations | computed | stateful | schema |",
    ]
    lines.append("|---|---:|---:|---:|---:|")
    for service in SERVICES:
        kept = tuple(one for one in found if one.service == service)
        count = counts(kept)
        numbers = " | ".join(str(count[worth]) for worth in ("computed", "stateful", "schema"))
        lines.append(f"| [{service}](#{service}) | {len(kept)} | {numbers} |")
    for service in SERVICES:
        lines += ["", f"## {service}", "", "| operation | answer | proved by |", "|---|---|---|"]
        lines += [f"| {one.operation} | {_worth(one)} | `{one.test}` |" for one in found if one.service == service]
    return "\n".join(lines)


def _worth(one: Operation) -> str:
    return f"{one.fidelity}, writes {one.output}" if one.output else one.fidelity


def _summary(found: tuple[Operation, ...]) -> str:
    return ", ".join(f"{number} {worth}" for worth, number in sorted(counts(found).items()))
