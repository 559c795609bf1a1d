"""The seam: a Call goes down, a Reply comes up, an Event tells what happened.

Params and replies are dicts in boto3's shape, `ResponseMetadata` included, so that AWS, mocks, recordings and
the HTTP server speak one language. This module imports nothing of ours.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from threading import Event as Flag
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

Reply = dict[str, Any]
Params = Mapping[str, Any]

PRODUCTS: Mapping[str, tuple[str, ...]] = {
    "comprehend": ("comprehend",),
    "forecast": ("forecast", "forecastquery"),
    "lex": ("lexv2-models", "lexv2-runtime"),
    "personalize": ("personalize", "personalize-events", "personalize-runtime"),
    "polly": ("polly",),
    "rekognition": ("rekognition",),
    "textract": ("textract",),
    "transcribe": ("transcribe",),
    "translate": ("translate",),
    "kendra": ("kendra", "kendra-ranking"),
    "codeguru": ("codeguru-reviewer", "codeguruprofiler", "codeguru-security"),
    "fraud_detector": ("frauddetector",),
}
"""Product -> the botocore services it is made of."""

SERVICES: Mapping[str, str] = {service: product for product, names in PRODUCTS.items() for service in names}
"""botocore service -> product."""


@dataclass(frozen=True, slots=True)
class Call:
    """One operation to perform."""

    service: str
    """botocore's name: `comprehend`, `lexv2-runtime`, or `s3`."""
    operation: str
    """AWS's name: `DetectSentiment`."""
    params: Params = field(repr=False)
    """boto3's shape; a stream is a member that iterates or reads. Left out of the repr: it holds contents."""
    key: str | None = None
    """What routing sticks to: a user, a session."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Whom the cost belongs to."""
    deadline: float | None = None
    """When to give up, in the backend clock's monotonic seconds."""
    cancelled: Flag | None = field(default=None, repr=False)
    """Set by a caller who no longer waits: no further attempt starts."""

    @property
    def name(self) -> str:
        """`comprehend.DetectSentiment`."""
        return f"{self.service}.{self.operation}"

    @property
    def product(self) -> str:
        """`fraud_detector` for the service `frauddetector`; a service outside the twelve is its own product."""
        return SERVICES.get(self.service, self.service)


class Event(NamedTuple):
    """What happened: one `attempt` (told by the retry policy), one whole `call` (told from outside), or a change of
    state of a circuit `breaker`, with the call that brought it about."""

    kind: Literal["attempt", "call", "breaker"]
    call: Call
    reply: Reply | None
    """Left out of the repr: it holds contents."""
    error: BaseException | None
    seconds: float
    """Wall time of the attempt, or of the call with its waits."""
    attempts: int
    """Attempts so far, this one included; 0 when nothing was sent."""
    retry_in: float | None = None
    """Attempt only: seconds until the next attempt; None when there is none."""
    units: Mapping[str, Decimal] | None = None
    """Call only: billed units per price row; None when the operation has no known price."""
    cost: Decimal | None = None
    """Call only: US dollars at list price; None when unknown."""
    state: str | None = None
    """Breaker only: `open`, `half-open` or `closed` from now on."""

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items() if name != "reply")
        return f"Event({told})"


class Backend(Protocol):
    """Anything that answers a call: AWS, a mock, a recording, or a policy around another backend."""

    def send(self, call: Call) -> Reply:
        """Answer, or raise one of `aiservices.errors`."""
        ...


class Observer(Protocol):
    """Anything that watches: logs, costs, telemetry. It never changes a call."""

    def see(self, event: Event) -> None:
        """Take note of what happened."""
        ...


@runtime_checkable
class Clock(Protocol):
    """Time as a backend has it: the wall's for AWS, the world's for a mock."""

    def now(self) -> datetime:
        """The time, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that only go forward."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait; a mock's clock goes forward instead."""
        ...


class WallClock:
    """The clock on the wall."""

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only go forward."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


FACT_HEADERS = {"engine": "x-aiservices-engine", "fidelity": "x-aiservices-fidelity", "output": "x-aiservices-output"}
"""What an answer over HTTP says of itself: the fact's name in `AIServices`, and its header."""


class Stream:
    """Bytes of a reply that are read as a stream, as botocore's StreamingBody is: once, from the start."""

    def __init__(self, data: bytes) -> None:
        self._file = BytesIO(data)

    def read(self, amt: int | None = None) -> bytes:
        """The next `amt` bytes; all that are left with None."""
        return self._file.read(amt)

    def iter_chunks(self, chunk_size: int = 1024) -> Iterator[bytes]:
        """The rest in chunks."""
        while chunk := self._file.read(chunk_size):
            yield chunk

    def __iter__(self) -> Iterator[bytes]:
        return self.iter_chunks()

    def close(self) -> None:
        """Let go of the bytes."""
        self._file.close()


def note(reply: Reply, **facts: Any) -> Reply:
    """Write what we know about a reply into `ResponseMetadata["AIServices"]` and return the reply.

    Facts: backend, region, arm, engine, fidelity, output, attempts, cached, fallback, cost; of what begins to
    cost until it is ended, dollars_an_hour and until.
    """
    reply.setdefault("ResponseMetadata", {}).setdefault("AIServices", {}).update(facts)
    return reply


def tell(observers: Iterable[Observer], event: Event) -> None:
    """Show an event to every observer; one that fails is logged and skipped, for watching never breaks a call."""
    for observer in observers:
        try:
            observer.see(event)
        except Exception as error:  # noqa: BLE001 - whatever a foreign observer raises
            from traceback import extract_tb

            # Its type and place only: the message of a foreign error may quote contents.
            last = extract_tb(error.__traceback__)[-1]
            about = {
                "observer": type(observer).__name__,
                "operation": event.call.name,
                "error": type(error).__name__,
                "raised_at": f"{last.filename}:{last.lineno} {last.name}",
            }
            logging.getLogger("aiservices").error("observer failed", extra=about)
