"""What one call begins and another one tells the end of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from ..call import Params, Reply
from .units import Units

if TYPE_CHECKING:
    from .memory import Memory

STOPPED = frozenset(("STOPPED", "CREATE STOPPED", "CREATE_STOPPED", "INCOMPLETE", "ABORTED"))
"""What AWS bills of these it does not say."""
DONE = STOPPED | {
    "SUCCEEDED", "PARTIAL_SUCCESS", "COMPLETED", "COMPLETED_WITH_ERROR", "completed", "Completed", "TRAINED",
    "TRAINED_WITH_WARNING", "ACTIVE",
}  # fmt: skip
FAILED = frozenset(("FAILED", "failed", "Failed", "IN_ERROR", "CREATE FAILED", "CREATE_FAILED", "EXPIRED"))


Facts = Mapping[str, Any]
"""What the price of a job depends on beyond what its end tells: plain JSON, no contents."""


def no_facts(params: Params, memory: Memory) -> Facts:
    """Of a job whose end tells all."""
    return {}


class Begin(NamedTuple):
    """A call that begins a job."""

    key: Callable[[Params, Reply], str]
    """The job's id."""
    facts: Callable[[Params, Memory], Facts | None] = no_facts
    """None when its end will not tell what it cost either, so that it is unpriced from the start."""


class Told(NamedTuple):
    """A job as a reply tells of it."""

    key: str
    status: str
    reply: Mapping[str, Any]


JobCount = Callable[["Facts | None", Mapping[str, Any], "Memory"], Units | None]
"""The units of a job that has ended, from the facts of its begin (None: not known here) and what is told of its end."""


class Read(NamedTuple):
    """A call that tells how far jobs are."""

    begins: str
    """The operation that begins them."""
    jobs: Callable[[Params, Reply], Iterable[Told]]
    units: JobCount
    own: bool = False
    """Whether it is counted only where its begin is known: a model is described long after its training."""


def inner(reply: Mapping[str, Any]) -> Mapping[str, Any]:
    """The only structure of a Describe reply."""
    (found,) = (value for name, value in reply.items() if name != "ResponseMetadata")
    told: Mapping[str, Any] = found
    return told


def amount(value: Fraction) -> Decimal:
    """A quantity that is no whole number, to nine places."""
    found = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    return found.quantize(_PLACES, context=_WIDE).normalize(_WIDE)


def amount_of_hours(seconds: Decimal) -> Decimal:
    """Units from seconds times the units an hour, to nine places."""
    return amount(Fraction(seconds) / 3600)


_PLACES = Decimal("1E-9")
_WIDE = Context(prec=50, rounding=ROUND_HALF_EVEN)
