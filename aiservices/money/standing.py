"""What costs while it is up, whether it is used or not: endpoints, indices, campaigns, running models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from ..call import Call, Params, Reply
from .job import amount_of_hours
from .units import Units
from .usage import keep

if TYPE_CHECKING:
    from .memory import Memory

Rates = Mapping[str, Decimal]
"""Units an hour by price row."""


# What each of them costs, from what was asked for or what a description tells.


def endpoint_rates(units: int) -> Rates:
    """Of an endpoint of Comprehend with so many inference units."""
    return {"comprehend.custom_endpoint": Decimal(3600 * units)}


_EDITIONS = {
    "DEVELOPER_EDITION": ("kendra.developer", None, None),
    "ENTERPRISE_EDITION": (
        "kendra.enterprise", "kendra.enterprise_storage_unit", "kendra.enterprise_query_unit",
    ),
    "GEN_AI_ENTERPRISE_EDITION": ("kendra.genai_enterprise", "kendra.genai_storage_unit", "kendra.genai_query_unit"),
}  # fmt: skip


def index_rates(edition: str, capacity: Mapping[str, Any] | None = None) -> Rates | None:
    """Of an index of Kendra with its further capacity units; None for an edition without a price."""
    if edition not in _EDITIONS:
        return None
    base, storage, query = _EDITIONS[edition]
    further = {storage: "StorageCapacityUnits", query: "QueryCapacityUnits"}
    units = {row: Decimal(int((capacity or {}).get(name) or 0)) for row, name in further.items() if row}
    return {base: Decimal(1), **{row: count for row, count in units.items() if count}}


def plan_rates(capacity: Mapping[str, Any] | None) -> Rates:
    """Of an execution plan of Kendra Intelligent Ranking."""
    further = Decimal(int((capacity or {}).get("RescoreCapacityUnits") or 0))
    return {"kendra.ranking_base": Decimal(1), **({"kendra.ranking_extra": further} if further else {})}


def campaign_rates(tps: int) -> Rates:
    """Of a campaign of Personalize that provides so many requests a second, asked or not."""
    return {"personalize.realtime_legacy": Decimal(3600 * tps)}


def model_rates(units: int) -> Rates:
    """Of a running custom model of Rekognition with so many inference units."""
    return {"rekognition.custom_labels_inference": Decimal(60 * units)}


class Kind(NamedTuple):
    """Something that costs while it is up."""

    begins: str
    changes: str | None
    shows: str
    ends: str
    name: str
    """The member of requests, or of the reply that begins it, that names it."""
    rates: Callable[[Params, Memory], Rates | None]
    """When it is begun; None when nobody knows."""
    changed: Callable[[Params, Rates], Rates]
    shown: Callable[[Params, Reply], Iterable[tuple[str, str]]]
    """Names and states that a reply tells."""
    shortest: int = 0
    """Seconds that are billed at least."""


def _endpoint(params: Params, rates: Rates) -> Rates:
    return endpoint_rates(int(params["DesiredInferenceUnits"])) if params.get("DesiredInferenceUnits") else rates


def _index(params: Params, rates: Rates) -> Rates:
    edition = next(edition for edition, (base, _, _) in _EDITIONS.items() if base in rates)
    return index_rates(edition, params["CapacityUnits"]) or rates if params.get("CapacityUnits") else rates


def _plan(params: Params, rates: Rates) -> Rates:
    return plan_rates(params["CapacityUnits"]) if params.get("CapacityUnits") else rates


def _campaign(params: Params, memory: Memory) -> Rates | None:
    """Of a v2 recipe AWS does not say what it costs while it is idle: it has no rates."""
    known = memory.campaigns.provision(params)
    if known is None:
        return None
    is_v2, tps = known
    return {} if is_v2 else campaign_rates(tps)


def _provision(params: Params, rates: Rates) -> Rates:
    return campaign_rates(int(params["minProvisionedTPS"])) if rates and params.get("minProvisionedTPS") else rates


def _described(name: str, *path: str) -> Callable[[Params, Reply], list[tuple[str, str]]]:
    def shown(params: Params, reply: Reply) -> list[tuple[str, str]]:
        status: Any = reply
        for member in path:
            status = status[member]
        return [(str(params[name]), str(status))]

    return shown


def _versions(params: Params, reply: Reply) -> list[tuple[str, str]]:
    return [(str(one["ProjectVersionArn"]), str(one["Status"])) for one in reply["ProjectVersionDescriptions"]]


KINDS: Mapping[str, Kind] = {
    "comprehend": Kind(
        begins="CreateEndpoint",
        changes="UpdateEndpoint",
        shows="DescribeEndpoint",
        ends="DeleteEndpoint",
        name="EndpointArn",
        rates=lambda params, memory: endpoint_rates(int(params["DesiredInferenceUnits"])),
        changed=_endpoint,
        shown=_described("EndpointArn", "EndpointProperties", "Status"),
        shortest=60,
    ),
    "kendra": Kind(
        begins="CreateIndex",
        changes="UpdateIndex",
        shows="DescribeIndex",
        ends="DeleteIndex",
        name="Id",
        rates=lambda params, memory: index_rates(params.get("Edition") or "ENTERPRISE_EDITION"),
        changed=_index,
        shown=_described("Id", "Status"),
    ),
    "kendra-ranking": Kind(
        begins="CreateRescoreExecutionPlan",
        changes="UpdateRescoreExecutionPlan",
        shows="DescribeRescoreExecutionPlan",
        ends="DeleteRescoreExecutionPlan",
        name="Id",
        rates=lambda params, memory: plan_rates(params.get("CapacityUnits")),
        changed=_plan,
        shown=_described("Id", "Status"),
    ),
    "personalize": Kind(
        begins="CreateCampaign",
        changes="UpdateCampaign",
        shows="DescribeCampaign",
        ends="DeleteCampaign",
        name="campaignArn",
        rates=_campaign,
        changed=_provision,
        shown=_described("campaignArn", "campaign", "status"),
    ),
    "rekognition": Kind(
        begins="StartProjectVersion",
        changes=None,
        shows="DescribeProjectVersions",
        ends="StopProjectVersion",
        name="ProjectVersionArn",
        rates=lambda params, memory: model_rates(int(params["MinInferenceUnits"])),
        changed=lambda params, rates: rates,
        shown=_versions,
    ),
}
"""By service."""

_OF = {
    (service, name): kind
    for service, kind in KINDS.items()
    for name in (kind.begins, kind.changes, kind.shows, kind.ends)
    if name
}
OPERATIONS = frozenset(_OF)
"""The calls that begin, change, show or end what costs while it is up."""

_GONE = frozenset(("FAILED", "STOPPED", "CREATE FAILED", "DELETING", "DELETED"))


def begun_by(service: str, operation: str) -> Kind | None:
    """What an operation begins that costs until something ends it."""
    kind = _OF.get((service, operation))
    return kind if kind and kind.begins == operation else None


class Standing:
    """What this client has made that is up; what others made is theirs to count. Thread-safe."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._lock = Lock()
        self._up: dict[tuple[str, str], _Up] = {}

    def units(self, call: Call, reply: Reply) -> Units | None:
        """What is billed since the last call that showed it."""
        kind = _OF[call.service, call.operation]
        now = self._memory.clock.now()
        with self._lock:
            if call.operation == kind.begins:
                return self._begin(kind, call, reply, now)
            if call.operation == kind.shows:
                return self._show(call.service, kind.shown(call.params, reply), now)
            key = (call.service, str(call.params[kind.name]))
            up = self._up.get(key)
            if up is None:
                return None if call.operation == kind.changes else {}
            units = up.since(now)
            if call.operation == kind.ends:
                del self._up[key]
            else:
                up.rates = kind.changed(call.params, up.rates)
            return units

    def _begin(self, kind: Kind, call: Call, reply: Reply, now: datetime) -> Units | None:
        key = (call.service, str({**call.params, **reply}[kind.name]))
        up = self._up.get(key)
        if up is None:
            rates = kind.rates(call.params, self._memory)
            if rates is None:
                return None
            up = _Up(now, rates, kind.shortest)
            keep(self._up, key, up)
        return up.since(now)

    def _show(self, service: str, shown: Iterable[tuple[str, str]], now: datetime) -> Units:
        units: Units = {}
        for name, status in shown:
            up = self._up.get((service, name))
            if up is not None:
                for row, count in up.since(now).items():
                    units[row] = units.get(row, Decimal(0)) + count
                if status in _GONE:
                    del self._up[service, name]
        return units


class _Up:
    """Something that is up."""

    def __init__(self, begun: datetime, rates: Rates, shortest: int) -> None:
        self.rates = rates
        self._begun = begun
        self._shortest = shortest
        self._seconds = 0
        self._spent: dict[str, Decimal] = {}
        """Seconds times the units an hour, by row."""

    def since(self, now: datetime) -> Units:
        """What is billed for the time that was not told yet: whole seconds, and the shortest time at once."""
        seconds = max(ceil((now - self._begun).total_seconds()), self._shortest)
        new = max(seconds - self._seconds, 0)
        self._seconds += new
        units: Units = {}
        for row, rate in self.rates.items():
            before = self._spent.get(row, Decimal(0))
            after = self._spent[row] = before + rate * new
            # Told as the difference of two sums, so that how often one looks does not matter.
            told = amount_of_hours(after) - amount_of_hours(before)
            if told:
                units[row] = told
        return units
