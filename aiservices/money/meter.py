"""What calls cost when some of it is only known later: a meter remembers what was begun."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from math import ceil
from threading import Lock
from typing import Any

from ..call import Call, Clock, Reply, WallClock
from .billing import Rule, count_of
from .charge import NOTHING, UNPRICED, Charge
from .jobs import BEGINS, DONE, FAILED, READS, Begun, Documents, Read, documents
from .prices import PriceBook
from .units import Units

_MOST = 10_000
"""Jobs, files and endpoints that are remembered; the oldest go first."""
_SHORTEST = 60
"""Seconds that an endpoint is billed at least. Source: `comprehend.custom_endpoint` in prices.json."""


class Meter:
    """Charges calls at list price, at the first volume tier and without free tiers. Thread-safe.

    A job is charged once, at the read that first finds it ended; an endpoint for the time since the last call that
    showed it. A reply or a request that has not AWS's shape (a scripted one, say) is unpriced: counting never fails a
    call.

    clock: tells how long endpoints are up.
    """

    def __init__(self, book: PriceBook, clock: Clock | None = None) -> None:
        self._book = book
        self._clock = clock or WallClock()
        self._lock = Lock()
        self._begun: dict[tuple[str, str], Begun] = {}
        self._counted: dict[tuple[str, str], None] = {}
        self._files: dict[tuple[str, str], Documents] = {}
        self._endpoints: dict[str, _Endpoint] = {}

    def charge(self, call: Call, reply: Reply) -> Charge:
        """What a call that was answered is billed."""
        count = count_of(call.service, call.operation)
        if count is Rule.FREE:
            return NOTHING
        try:
            if count is Rule.UNPRICED:
                if call.operation == "PutObject":
                    self._see_file(call)
                return UNPRICED
            units = self._metered(call, reply) if count is Rule.METERED else count(call.params, reply)
            return UNPRICED if units is None else Charge(units, self._book.cost(units))
        except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError):
            return UNPRICED

    def _metered(self, call: Call, reply: Reply) -> Units | None:
        if call.operation.endswith("Endpoint"):
            return self._endpoint(call, reply)
        read = READS.get((call.service, call.operation))
        return self._begin(call, reply) if read is None else self._read(call, reply, read)

    def _begin(self, call: Call, reply: Reply) -> Units | None:
        """Nothing so far; None when its end will not tell what it cost either."""
        told: Any = reply[BEGINS[call.service, call.operation]]
        key = (call.service, str(told["TaskId"] if isinstance(told, dict) else told))
        staged = None
        with self._lock:
            if call.service == "comprehend" and call.operation.startswith("Start"):
                staged = self._files.get(_place(call.params["InputDataConfig"]["S3Uri"]))
                if staged is None:
                    _keep(self._counted, key, None)
                    return None
            _keep(self._begun, key, Begun(call.params, staged))
        return {}

    def _read(self, call: Call, reply: Reply, read: Read) -> Units | None:
        key, status = (call.service, read.key(call.params)), read.status(reply)
        if status not in DONE | FAILED:
            return {}
        with self._lock:
            begun = self._begun.pop(key, None)
            if key in self._counted or (begun is None and read.own):
                return {}  # counted, or to be counted by who began it
            _keep(self._counted, key, None)
        return {} if status in FAILED else read.units(begun, reply)

    def _see_file(self, call: Call) -> None:
        """Take note of a text that a verb puts into S3 for a job of Comprehend."""
        params = call.params
        body = params.get("Body")
        if "/comprehend/" in params["Key"] and params["Key"].endswith(".txt") and isinstance(body, bytes):
            found = documents(body)
            if found is not None:
                with self._lock:
                    _keep(self._files, (params["Bucket"], params["Key"]), found)

    def _endpoint(self, call: Call, reply: Reply) -> Units | None:
        """The time of an endpoint that this client made; others' are theirs to count."""
        now = self._clock.now()
        name = reply["EndpointArn"] if call.operation == "CreateEndpoint" else call.params["EndpointArn"]
        with self._lock:
            up = self._endpoints.get(name)
            if call.operation == "CreateEndpoint":
                if up is None:
                    up = _Endpoint(now, int(call.params["DesiredInferenceUnits"]))
                    _keep(self._endpoints, name, up)
                return up.since(now)
            if up is None:
                return None if call.operation == "UpdateEndpoint" else {}
            units = up.since(now)
            if call.operation == "UpdateEndpoint":
                up.units = int(call.params.get("DesiredInferenceUnits") or up.units)
            elif call.operation == "DeleteEndpoint" or reply["EndpointProperties"]["Status"] == "FAILED":
                del self._endpoints[name]
            return units


class _Endpoint:
    """An endpoint that is up."""

    def __init__(self, begun: datetime, units: int) -> None:
        self.units = units
        """Inference units."""
        self._begun = begun
        self._told = 0

    def since(self, now: datetime) -> Units:
        """What is billed for the time that was not told yet: whole seconds, and the shortest time at once."""
        seconds = max(ceil((now - self._begun).total_seconds()), _SHORTEST)
        new, self._told = max(seconds - self._told, 0), max(seconds, self._told)
        return {"comprehend.custom_endpoint": Decimal(new * self.units)} if new else {}


def _keep(known: dict[Any, Any], key: Any, value: Any) -> None:
    """Remember something, and forget the oldest; under the lock."""
    known[key] = value
    if len(known) > _MOST:
        del known[next(iter(known))]


def _place(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
