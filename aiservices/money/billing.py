"""Which calls are billed: counted, free by a stated rule, or unpriced because nobody can count them, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any

from ..call import PRODUCTS, SERVICES
from .campaigns import OPERATIONS as OF_CAMPAIGNS
from .jobs import BEGINS, READS
from .prices import PriceBook
from .standing import OPERATIONS as OF_STANDING
from .units import COUNTS, Count


class Rule(Enum):
    """What is known about a call whose units are not counted from it alone."""

    FREE = "free"
    UNPRICED = "unpriced"
    METERED = "metered"
    """It begins what is billed by the job or by time, or tells how far that is; see `Meter`."""


METERED = frozenset({*READS, *BEGINS, *OF_STANDING, *OF_CAMPAIGNS})
"""What is counted by a `Meter`, which remembers."""

SECTIONS: Mapping[str, tuple[str, ...]] = {
    {"lex": "lexv2", "fraud_detector": "frauddetector"}.get(product, product): services
    for product, services in PRODUCTS.items()
}
"""The part of `prices.json` that has a product's rules and rows, and the services it is about."""

_OF_SERVICE = {service: section for section, services in SECTIONS.items() for service in services}


@cache
def count_of(service: str, operation: str) -> Count | Rule:
    """The function that counts an operation's units, or what is known instead.

    Free is only what a rule of `prices.json` says. What is listed there as unpriced, what no rule names, and
    everything outside the twelve products (S3) is unpriced.
    """
    counted = COUNTS.get((service, operation))
    if counted is not None:
        return counted
    if (service, operation) in METERED:
        return Rule.METERED
    if service in SERVICES and operation not in _rules(service).get("unpriced", ()) and _free(service, operation):
        return Rule.FREE
    return Rule.UNPRICED


@cache
def reason(service: str, operation: str) -> str | None:
    """Why an operation is free, or what of it stays unpriced; None where there is nothing to explain."""
    if service not in SERVICES:
        return "Another service's bill."
    unpriced: str | None = _rules(service).get("unpriced", {}).get(operation)
    if unpriced is not None:
        return unpriced
    return _free(service, operation) if count_of(service, operation) is Rule.FREE else None


def _free(service: str, operation: str) -> str | None:
    """The rule by which it is free: its product's, or the one of its first word that holds everywhere."""
    for why, names in _rules(service).get("free", {}).items():
        if operation in names.split():
            return str(why)
    first = _FIRST.match(operation)
    for why, verbs in PriceBook().rules["everywhere"]["free"].items():
        if first and first[0] in verbs.split():
            return str(why)
    return None


def _rules(service: str) -> Mapping[str, Any]:
    rules: Mapping[str, Any] = PriceBook().rules[_OF_SERVICE[service]]
    return rules


_FIRST = re.compile(r"(?:Batch)?[A-Z][a-z]+")
