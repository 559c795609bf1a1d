"""What calls cost when some of it is only known later: a meter remembers what was begun."""

from __future__ import annotations

from decimal import Decimal

from ..call import Call, Clock, Reply, WallClock
from . import standing
from .billing import Rule, count_of
from .campaigns import OPERATIONS as OF_CAMPAIGNS
from .charge import NOTHING, UNPRICED, Charge
from .job import DONE, FAILED, Read, Told
from .jobs import BEGINS, READS
from .memory import Memory
from .price import EXACT
from .prices import PriceBook
from .units import Units
from .usage import Counter, RunUsage, Usage, counter_name

_UNBILLED = "unbilled"
_ZERO = Decimal(0)
_MISSHAPEN = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError)


class Meter:
    """Charges calls. Thread-safe.

    A job is charged once, at the read that first finds it ended; what costs while it is up for the time since the
    last call that showed it. A reply or a request that has not AWS's shape (a scripted one, say) is unpriced: counting
    never fails a call.

    clock: tells how long things are up, and which month it is.
    usage: what was used earlier in the month, for the volume tiers, and which jobs were counted; None begins at zero,
        so that it knows what this meter saw. What a mock, a recording or a cache answered has counters of its own.
    account, region: whose usage it is.
    """

    def __init__(
        self,
        book: PriceBook,
        clock: Clock | None = None,
        usage: Usage | None = None,
        *,
        account: str = "",
        region: str = "",
    ) -> None:
        self.book = book
        self.account = account
        self.region = region
        self._usage = usage or RunUsage()
        self._memory = Memory(clock or WallClock())
        self._standing = standing.Standing(self._memory)

    def charge(self, call: Call, reply: Reply) -> Charge:
        """What a call that was answered is billed. Each call is charged once."""
        count = count_of(call.service, call.operation)
        if count is Rule.FREE:
            return NOTHING
        try:
            if count is Rule.UNPRICED:
                if call.operation == "PutObject":
                    self._memory.staged.see(call)
                return UNPRICED
            units = self._metered(call, reply) if count is Rule.METERED else count(call.params, reply)
            return UNPRICED if units is None else Charge(units, self._cost(call, reply, units))
        except _MISSHAPEN:
            return UNPRICED

    def began(self, call: Call, reply: Reply) -> str | None:
        """The job that a call began, by the name that `Usage.once` is asked at its end; None when it began none."""
        begin = BEGINS.get((call.service, call.operation))
        try:
            return None if begin is None else _named(call.service, begin.key(call.params, reply))
        except _MISSHAPEN:
            return None

    def runs_on(self, call: Call) -> tuple[Decimal | None, str] | None:
        """Dollars an hour that a call begins to cost (None: unknown) and what ends them; None if it begins nothing."""
        kind = standing.begun_by(call.service, call.operation)
        if kind is None:
            return None
        try:
            rates = kind.rates(call.params, self._memory)
            return (self.book.cost(rates) if rates else None), kind.ends
        except _MISSHAPEN:
            return None, kind.ends

    @property
    def memory(self) -> Memory:
        """What it remembers of the calls so far."""
        return self._memory

    def region_of(self, reply: Reply) -> str:
        """Where a call was billed: AWS's backend knows it, else it is what this meter was told."""
        return str(reply.get("ResponseMetadata", {}).get("AIServices", {}).get("region") or self.region)

    def _cost(self, call: Call, reply: Reply, units: Units) -> Decimal | None:
        """At the volume tiers that the month has come to."""
        volumes = self.book.volumes
        before = {}
        for row, quantity in units.items():
            if row in volumes:
                account = self.account if is_billed(reply) else _UNBILLED
                name = counter_name(self.book[row], call.operation)
                counter = Counter(account, self.region_of(reply), self._memory.month, name)
                before[row] = self._usage.move(counter, quantity)
        return self.book.cost(units, before)

    def _metered(self, call: Call, reply: Reply) -> Units | None:
        name = (call.service, call.operation)
        if call.operation in ("CreateIndex", "DescribeIndex"):
            self._see_index(call, reply)
        parts: list[Units | None] = []
        if name in OF_CAMPAIGNS:
            parts.append(self._memory.campaigns.units(call, reply))
        if name in standing.OPERATIONS:
            parts.append(self._standing.units(call, reply))
        if name in BEGINS:
            parts.append(self._begin(call, reply))
        if name in READS:
            read = READS[name]
            parts += [self._ended(call.service, read, told) for told in read.jobs(call.params, reply)]
        return _together(parts)

    def _see_index(self, call: Call, reply: Reply) -> None:
        told = reply if call.operation == "DescribeIndex" else {"Edition": "ENTERPRISE_EDITION", **call.params, **reply}
        self._memory.see_edition(told["Id"], told["Edition"])

    def _begin(self, call: Call, reply: Reply) -> Units | None:
        """Nothing so far; None when its end will not tell what it cost either."""
        begin = BEGINS[call.service, call.operation]
        key = begin.key(call.params, reply)
        facts = begin.facts(call.params, self._memory)
        if facts is None:
            self._usage.once(_named(call.service, key))
            return None
        self._usage.begin(_named(call.service, key), facts)
        return {}

    def _ended(self, service: str, read: Read, told: Told) -> Units | None:
        """What a job cost that ended, the first time that it is seen so."""
        if told.status not in DONE | FAILED:
            return {}
        job = _named(service, told.key)
        facts = self._usage.facts(job)
        if facts is None and read.own:
            return {}  # counted, or to be counted by who began it
        if not self._usage.once(job):
            return {}
        return {} if told.status in FAILED else read.units(facts, told.reply, self._memory)


def is_billed(reply: Reply) -> bool:
    """Whether AWS answered, and not a mock, a recording or a cache."""
    facts = reply.get("ResponseMetadata", {}).get("AIServices", {})
    return facts.get("backend") == "aws" and not facts.get("cached")


def _together(parts: list[Units | None]) -> Units | None:
    """All units of a call; None when some of them are unknown."""
    units: Units = {}
    for part in parts:
        if part is None:
            return None
        for row, count in part.items():
            units[row] = EXACT.add(units.get(row, _ZERO), count)
    return units


def _named(service: str, job: str) -> str:
    return f"{service} {job}"
