"""The ledger: exact sums, one row per call, and what it says when something is wrong. Runs on PostgreSQL too."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiservices_mocks import Clock, Mock
from hypothesis import given
from hypothesis import strategies as st

from aiservices import AI
from aiservices.backends.observed import Observed
from aiservices.call import Call, Event, Reply
from aiservices.errors import InvalidCallError, LedgerError, MissingExtraError
from aiservices.money import Budget, Ledger, Meter, PriceBook
from aiservices.money.charge import Charge
from aiservices.money.keeping import Entry
from aiservices.money.ledger import Sum

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
CALL = Call("comprehend", "DetectSentiment", {"Text": "x" * 250, "LanguageCode": "en"}, tags={"tenant": "acme"})


class Time:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Answering:
    """Answers as AWS, and counts how often."""

    def __init__(self, reply: Reply | None = None, backend: str = "aws") -> None:
        self.calls = 0
        self._reply = reply or {}
        self._backend = backend

    def send(self, call: Call) -> Reply:
        self.calls += 1
        facts = {"RequestId": f"r{self.calls}", "AIServices": {"backend": self._backend}}
        return {**self._reply, "ResponseMetadata": facts}


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "costs.db")


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    with Ledger(place) as ledger:
        yield ledger


def stack(ledger: Ledger, backend: Any = None, clock: Time | None = None, book: PriceBook | None = None) -> Observed:
    clock = clock or Time()
    meter = Meter(book or PriceBook(), clock, ledger, account=ledger.account, region="us-east-1")
    return Observed(backend or Answering(), clock=clock, meter=meter, books=ledger)


def enter(ledger: Ledger, cost: Decimal | None, at: datetime = NOON, billed: bool = True, **tags: str) -> None:
    charge = Charge({"polly.neural": Decimal(1)}, cost)
    entry = Entry(at, "", "us-east-1", "polly", "polly.SynthesizeSpeech", charge.units, cost, billed, tags, "r")
    with ledger.booking(()) as booking:
        booking.enter(charge, lambda: entry)


def cost(observed: Observed) -> Decimal:
    found: Decimal = observed.send(CALL)["ResponseMetadata"]["AIServices"]["cost"]
    return found


def test_a_call_is_one_row(ledger: Ledger) -> None:
    stack(ledger).send(CALL)
    (entry,) = ledger.entries()
    assert entry == Entry(
        NOON, "", "us-east-1", "comprehend", "comprehend.DetectSentiment", {"comprehend.nlp_standard": Decimal(3)},
        Decimal("0.0003"), True, {"tenant": "acme"}, "r1",
    )  # fmt: skip


def test_what_is_free_has_no_row_and_what_nobody_can_price_has_one(ledger: Ledger) -> None:
    observed = stack(ledger)
    observed.send(Call("polly", "ListLexicons", {}))
    observed.send(Call("s3", "PutObject", {"Bucket": "b", "Key": "k", "Body": b""}))
    assert ledger.sums("product") == [Sum("s3", 1, 1, Decimal(0), Decimal(0))]


def test_billed_and_saved_are_told_apart(ledger: Ledger) -> None:
    stack(ledger).send(CALL)
    stack(ledger, Answering(backend="mock")).send(CALL)
    assert ledger.sums("tag:tenant") == [Sum("acme", 2, 0, Decimal("0.0003"), Decimal("0.0003"))]


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("product", ["polly"]),
        ("operation", ["polly.SynthesizeSpeech"]),
        ("region", ["us-east-1"]),
        ("account", [""]),
        ("day", ["2026-03-31", "2026-04-01"]),
        ("month", ["2026-03", "2026-04"]),
        ("tag:tenant", ["", "acme", "o\"Neill's"]),
        ("tag:x y", [""]),
    ],
)
def test_sums(ledger: Ledger, by: str, names: list[str]) -> None:
    enter(ledger, Decimal("0.1"), tenant="acme")
    enter(ledger, Decimal("0.2"), NOON + timedelta(days=1), tenant="o\"Neill's")
    enter(ledger, None, NOON + timedelta(days=1))
    sums = ledger.sums(by)
    assert [one.of for one in sums] == names
    assert sum(one.billed for one in sums) == Decimal("0.3")
    assert (sum(one.calls for one in sums), sum(one.unpriced for one in sums)) == (3, 1)


def test_days_bound_the_sums(ledger: Ledger) -> None:
    for day in range(4):
        enter(ledger, Decimal(1), NOON + timedelta(days=day))
    since, until = (NOON + timedelta(days=1)).date(), (NOON + timedelta(days=2)).date()
    assert [one.of for one in ledger.sums("day", since=since, until=until)] == ["2026-04-01", "2026-04-02"]
    assert len(ledger.entries(since=until)) == 2


def test_an_unknown_way_to_sum_is_refused(ledger: Ledger) -> None:
    with pytest.raises(InvalidCallError, match="give one of product, operation, day"):
        ledger.sums("tag:")


@given(st.lists(st.decimals(0, 10**9, places=17, allow_nan=False), max_size=20))
def test_sums_are_exact(costs: list[Decimal]) -> None:
    with Ledger() as ledger:
        for cost in costs:
            enter(ledger, cost)
        assert sum((one.billed for one in ledger.sums()), Decimal(0)) == sum(costs)
        assert [entry.cost for entry in ledger.entries()] == costs


def test_it_is_there_when_it_is_opened_again(place: str) -> None:
    with Ledger(place) as ledger:
        stack(ledger).send(CALL)
    with Ledger(place) as ledger:
        assert [one.billed for one in ledger.sums()] == [Decimal("0.0003")]


# Time


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC), "2026-02-28"),
        (datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), "2026-02-28"),
        # Half past two happens twice in this night; in UTC the two are an hour apart.
        (datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=0), "2026-10-25"),
        (datetime(2026, 11, 1, 0, 30, tzinfo=ZoneInfo("Europe/Berlin")), "2026-10-31"),
    ],
)
def test_days_are_those_of_utc(ledger: Ledger, at: datetime, day: str) -> None:
    enter(ledger, Decimal(1), at)
    assert [one.of for one in ledger.sums("day")] == [day]
    assert [entry.at for entry in ledger.entries()] == [at.astimezone(UTC)]


def test_the_hour_that_comes_twice_is_two_hours(ledger: Ledger) -> None:
    berlin = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    for fold in (0, 1):
        enter(ledger, Decimal(1), berlin.replace(fold=fold))
    first, second = (entry.at for entry in ledger.entries())
    assert second - first == timedelta(hours=1)


TIERED = PriceBook().with_rows(
    {
        "id": "comprehend.nlp_standard",
        "dimension": "unit_100_chars",
        "tiers": [{"up_to": "10", "price": "0.01"}, {"up_to": None, "price": "0.001"}],
    }
)


def test_tiers_count_what_all_processes_used_this_month(place: str) -> None:
    time = Time()
    with Ledger(place) as first, Ledger(place) as second:
        for ledger in (first, second, first, second, second):
            stack(ledger, clock=time, book=TIERED).send(CALL)
        assert first.sums()[0].billed == TIERED.price("comprehend.nlp_standard", 15)
        time.at += timedelta(days=1)  # April
        assert stack(first, clock=time, book=TIERED).send(CALL)["ResponseMetadata"]["AIServices"]["cost"] == Decimal(
            "0.03"
        )
        time.at -= timedelta(days=1)  # the clock is set back
        assert stack(second, clock=time, book=TIERED).send(CALL)["ResponseMetadata"]["AIServices"]["cost"] == Decimal(
            "0.003"
        )


def test_accounts_and_what_was_saved_have_tiers_of_their_own(place: str) -> None:
    for account, backend in (("1", "aws"), ("2", "aws"), ("1", "mock")):
        with Ledger(place, account=account) as ledger:
            observed = stack(ledger, Answering(backend=backend), book=TIERED)
            assert sum(cost(observed) for _ in range(4)) == Decimal("0.102"), "ten units at 0.01, two at 0.001"


# Jobs


def test_a_job_is_counted_once_and_priced_by_whoever_reads_its_end(place: str) -> None:
    begin = Call("textract", "StartDocumentAnalysis", {"DocumentLocation": {}, "FeatureTypes": ["TABLES"]})
    read = Call("textract", "GetDocumentAnalysis", {"JobId": "j"})
    done = {"JobStatus": "SUCCEEDED", "DocumentMetadata": {"Pages": 2}}
    with Ledger(place) as first, Ledger(place) as second:
        stack(first, Answering({"JobId": "j"})).send(begin)
        for ledger in (second, first, second):
            stack(ledger, Answering(done)).send(read)
        (entry,) = first.entries()
        assert (entry.units, entry.cost) == ({"textract.tables": Decimal(2)}, Decimal("0.03"))


# What can go wrong


def test_a_newer_ledger_is_refused(place: str) -> None:
    with Ledger(place) as ledger, ledger.database.connection() as connection:
        connection.exec_driver_sql("UPDATE aiservices_ledger SET version = 99")
    with pytest.raises(LedgerError, match=r"is of version 99, and this program knows 1: update aiservices"):
        Ledger(place)


def test_a_locked_ledger_says_so(tmp_path: Path) -> None:
    place = tmp_path / "costs.db"
    backend = Answering()
    with Ledger(place, wait=0.01) as ledger, closing(sqlite3.connect(place)) as other:
        observed = stack(ledger, backend)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match=r"another process has held it for too long.*had been answered") as caught:
            observed.send(CALL)
        assert caught.value.sent
        with pytest.raises(LedgerError) as caught:
            observed.send(CALL)
        assert (backend.calls, caught.value.sent) == (1, False), "nothing is sent that cannot be written down"
        other.rollback()
        observed.send(CALL)
        assert [one.calls for one in ledger.sums()] == [1]


def test_a_full_disk_says_so_and_a_budget_sends_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "costs.db") as ledger:
        held = ledger.database._held.driver_connection
        pages = held.execute("PRAGMA page_count").fetchone()[0]
        held.execute(f"PRAGMA max_page_count = {pages + 3}")
        backend = Answering()
        with AI(backend=backend, ledger=ledger, budgets=Budget(1000)) as ai:

            def call(size: int) -> None:
                with ai.scope(tags={"note": "x" * size}):
                    ai.comprehend.detect_sentiment(text="hi", language_code="en")

            def fill() -> None:
                for size in range(10_000):
                    call(size)

            with pytest.raises(LedgerError, match="the disk, or what the file may hold, is full"):
                fill()
            assert backend.calls == ledger.sums()[0].calls + 1
            for _ in range(3):
                with pytest.raises(LedgerError):
                    call(9_999)
        held.execute("PRAGMA max_page_count = 100000")


@pytest.mark.parametrize(
    ("contents", "says"),
    [(b"no ledger" * 500, "it is no ledger: the file holds something else"), (None, "it is damaged")],
)
def test_a_corrupt_ledger_says_so(tmp_path: Path, contents: bytes | None, says: str) -> None:
    place = tmp_path / "costs.db"
    if contents is None:
        Ledger(place).close()
        data = bytearray(place.read_bytes())
        data[200:] = b"\xff" * (len(data) - 200)
        contents = bytes(data)
    place.write_bytes(contents)
    with pytest.raises(LedgerError, match=says):
        Ledger(place)


def test_other_places_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LedgerError, match="there is no such folder"):
        Ledger(tmp_path / "none" / "costs.db")
    with pytest.raises(InvalidCallError, match="not one of mysql"):
        Ledger("mysql://somewhere/costs")
    with pytest.raises(LedgerError, match=r"postgresql://127\.0\.0\.1:1/costs cannot be opened") as caught:
        Ledger("postgresql://me:secret@127.0.0.1:1/costs")
    assert "secret" not in str(caught.value)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(MissingExtraError, match=r"aiservices\[ledger\]"):
        Ledger()


def test_a_closed_ledger_is_refused(place: str) -> None:
    ledger = Ledger(place)
    ledger.close()
    ledger.close()
    with pytest.raises(LedgerError, match="is closed"):
        ledger.sums()


def test_a_ledger_that_is_locked_at_its_end_is_closed_all_the_same(tmp_path: Path) -> None:
    place = tmp_path / "costs.db"
    ledger = Ledger(place, wait=0.01)
    ledger.purse(Budget(1), "2026-03").reserve(Decimal("0.1"), Decimal(1))
    with closing(sqlite3.connect(place)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="another process has held it"):
            ledger.close()
        other.rollback()
    ledger.close()
    with pytest.raises(LedgerError, match="is closed"):
        ledger.entries()


def test_the_observers_hear_of_a_call_that_could_not_be_written_down(place: str) -> None:
    events: list[Event] = []

    class Watching:
        def see(self, event: Event) -> None:
            events.append(event)

    ledger = Ledger(place)
    observed = Observed(Answering(), [Watching()], clock=Time(), books=ledger)
    ledger.close()
    with pytest.raises(LedgerError):
        observed.send(CALL)
    assert isinstance(events[0].error, LedgerError)


@pytest.mark.parametrize(("full", "level"), [(False, 1), (True, 2)])
def test_full_waits_for_the_disk(tmp_path: Path, full: bool, level: int) -> None:
    with Ledger(tmp_path / "costs.db", full=full) as ledger:
        held = ledger.database._held.driver_connection
        assert held.execute("PRAGMA synchronous").fetchone() == (level,)
        assert held.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_forked_process_writes_with_a_connection_of_its_own(place: str) -> None:
    with Ledger(place) as ledger:
        observed = stack(ledger)
        observed.send(CALL)
        pid = os.fork()
        if not pid:
            try:
                observed.send(CALL)
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        observed.send(CALL)
        assert [one.calls for one in ledger.sums()] == [3]


# The client


def test_a_client_writes_down_what_its_calls_cost(place: str) -> None:
    mock = Mock(clock=Clock.manual(NOON))
    with AI(backend=mock, ledger=place) as ai:
        with ai.scope(tags={"team": "web"}):
            reply = ai.comprehend.detect_sentiment(text="hi", language_code="en")
        ai.polly.speak("Hello")
    with Ledger(place) as ledger:
        assert ledger.sums("tag:team") == [
            Sum("", 1, 0, Decimal(0), ai.costs.would_cost - Decimal("0.0003")),
            Sum("web", 1, 0, Decimal(0), Decimal("0.0003")),
        ]
        assert {entry.at for entry in ledger.entries()} == {NOON}
        assert reply.meta.request_id == ledger.entries()[0].request_id


@pytest.mark.parametrize("given", [5, b"costs.db", Ledger])
def test_a_client_refuses_what_is_no_ledger(given: Any) -> None:
    with pytest.raises(InvalidCallError, match="ledger is a Ledger, the path of a file or a URL"):
        AI(backend="mock", ledger=given)
