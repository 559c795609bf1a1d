"""How many calls a second AWS allows, by operation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ..api.model import load
from ..call import PRODUCTS, SERVICES, Call
from ..errors import InvalidCallError, nearest


class Rate(NamedTuple):
    """What a call counts against."""

    name: str
    """All calls of this name count together: `textract.DetectDocumentText`."""
    per_second: float | None
    """None: no number is known, or none is wanted."""
    burst: float | None = None
    """Calls that may go at once; None where AWS tells none."""


class Limits:
    """Calls a second, by operation: AWS's default quotas of us-east-1, and what you say of your account.

        AI(limits=Limits({"textract.DetectDocumentText": 100, "polly": None}))

    rates: calls a second of an operation, or of each operation of a product or service; None: no limit. What is not
        named has AWS's default, or none where AWS publishes no number.
    Source: https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html, each service's page; dates and
    addresses are in `limits.json`.
    """

    def __init__(self, rates: Mapping[str, float | None] | None = None) -> None:
        self._own = dict(_spread(rates or {}))

    @classmethod
    def none(cls) -> Limits:
        """No limit of any operation; throttling slows calls down all the same."""
        return cls(dict.fromkeys(PRODUCTS))

    def of(self, call: Call) -> Rate:
        """What a call counts against."""
        if call.name in self._own:
            return Rate(call.name, self._own[call.name])
        for row in _rows().get(call.name, ()):
            if all(_value(call, name) in values for name, values in row["when"].items()):
                return Rate(row["name"] or call.name, row["per_second"], row["burst"])
        return Rate(call.name, None)

    def depends(self, call: Call) -> bool:
        """Whether calls of an operation count against different rates, by their parameters."""
        return call.name not in self._own and any(row["when"] for row in _rows().get(call.name, ()))

    def starts_job(self, call: Call) -> str | None:
        """The name under which jobs that run at once are counted together; None: the call starts none that are."""
        return _jobs().get(call.name)

    def __repr__(self) -> str:
        return f"<Limits {len(self._own)} of your own over AWS's defaults>"


def known() -> int:
    """How many operations have a rate that AWS publishes."""
    return len(_rows())


def _value(call: Call, name: str) -> Any:
    return call.params.get(name)


def _spread(rates: Mapping[str, float | None]) -> Iterable[tuple[str, float | None]]:
    """Rates by operation; what is said of an operation counts more than what is said of its product."""
    for name, rate in sorted(rates.items(), key=lambda pair: "." in pair[0]):
        if rate is not None and (not isinstance(rate, int | float) or isinstance(rate, bool) or not rate > 0):
            raise InvalidCallError(
                f"the limit of {name} is {rate!r}: give calls a second above 0, or None for no limit"
            )
        for operation in _operations(name):
            yield operation, rate


def _operations(name: str) -> list[str]:
    product, _, operation = name.partition(".")
    services = PRODUCTS.get(product) or ((product,) if product in SERVICES else ())
    if not services:
        raise InvalidCallError(f'there is no product or service "{product}"{nearest(product, [*PRODUCTS, *SERVICES])}')
    found = [f"{service}.{one}" for service in services for one in load(service).operations]
    if not operation:
        return found
    wanted = [one for one in found if one.endswith(f".{operation}")]
    if not wanted:
        raise InvalidCallError(f"{product} has no operation {operation}{nearest(operation, _names(found))}")
    return wanted


def _names(operations: Iterable[str]) -> list[str]:
    return [operation.rpartition(".")[2] for operation in operations]


@cache
def _content() -> Any:
    return json.loads(Path(__file__).with_name("limits.json").read_text("utf-8"))


@cache
def _rows() -> Mapping[str, list[dict[str, Any]]]:
    """Which rows are about an operation, the first that fits counts."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _content()["rates"]:
        together = f"{row['service']}.{row['operations'][0]} and its like" if row.get("together") else None
        when = row.get("when", {})
        for operation in row["operations"]:
            name = f"{row['service']}.{operation}"
            of = together or (f"{name} {'/'.join(*when.values())}" if when else None)
            about = {"name": of, "per_second": row["per_second"], "burst": row.get("burst"), "when": when}
            found.setdefault(name, []).append(about)
    return found


@cache
def _jobs() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for row in _content()["jobs"]:
        for operation in row["operations"]:
            counted = row["operations"][0] if row.get("together") else operation
            found[f"{row['service']}.{operation}"] = f"{row['service']}.{counted}"
    return found
