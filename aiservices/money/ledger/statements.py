"""What is written at calls, made once. Loads SQLAlchemy."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from .tables import CALLS, JOBS, LEASES, LEDGER, PLEDGES, PURSES, TURNS, USAGE, Exact, exact_add


@cache
def statements(dialect: str) -> SimpleNamespace:
    """The statements of a database; their parameters are named as the columns."""
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    used, job, purse, lease, pledge = (insert(table) for table in (USAGE, JOBS, PURSES, LEASES, PLEDGES))
    call = [column.name for column in CALLS.columns if column.name != "id"]
    mine = sa.and_(
        LEASES.c.budget == sa.bindparam("budget_"),
        LEASES.c.period == sa.bindparam("period_"),
        LEASES.c.holder == sa.bindparam("holder_"),
    )
    one_purse = sa.and_(PURSES.c.budget == sa.bindparam("budget_"), PURSES.c.period == sa.bindparam("period_"))
    of_purse = sa.and_(LEASES.c.budget == sa.bindparam("budget_"), LEASES.c.period == sa.bindparam("period_"))
    one_job = JOBS.c.job == sa.bindparam("job_")
    paid = sa.bindparam("paid", type_=Exact())
    turn = insert(TURNS).values(rate=sa.bindparam("rate"), next=sa.bindparam("first"))
    is_near = sa.and_(TURNS.c.next > sa.bindparam("now"), TURNS.c.next < sa.bindparam("far"))
    zero: Any = sa.literal_column("'0'") if dialect == "sqlite" else sa.literal_column("0")
    return SimpleNamespace(
        call=CALLS.insert().values({name: sa.bindparam(name) for name in call}),
        use=_values(used, USAGE)
        .on_conflict_do_update(
            index_elements=list(USAGE.primary_key),
            set_={"units": exact_add(USAGE.c.units, used.excluded.units)},
        )
        .returning(USAGE.c.units),
        begin=_values(job, JOBS).on_conflict_do_nothing(index_elements=list(JOBS.primary_key)),
        # No row comes back when the job was counted before.
        count=_values(job, JOBS)
        .on_conflict_do_update(
            index_elements=list(JOBS.primary_key), set_={"counted": sa.true()}, where=JOBS.c.counted == sa.false()
        )
        .returning(JOBS.c.job),
        probe=LEDGER.update().values(version=LEDGER.c.version),
        job=sa.select(JOBS.c.begun).where(one_job),
        open=_values(purse, PURSES).on_conflict_do_nothing(index_elements=list(PURSES.primary_key)),
        pay=PURSES.update().where(one_purse).values(spent=exact_add(PURSES.c.spent, paid)),
        fill=PURSES.update().where(one_purse).values(spent=sa.bindparam("spent")),
        # Whoever holds this row gives out what is left; no other process does meanwhile.
        lock=sa.select(PURSES.c.spent).where(one_purse).with_for_update(),
        lapse=LEASES.update()
        .where(of_purse, LEASES.c.expires < sa.bindparam("now"), LEASES.c.free != zero)
        .values(free=zero, lapses=LEASES.c.lapses + sa.literal_column("1")),
        # One statement, one moment: what goes from a lease to a pledge meanwhile is not missed.
        committed=sa.union_all(
            sa.select(LEASES.c.holder, LEASES.c.spent, LEASES.c.armed, LEASES.c.free, LEASES.c.lapses).where(of_purse),
            sa.select(
                sa.literal_column("''"), PLEDGES.c.amount, zero, zero, sa.literal_column("0")
            ).where(PLEDGES.c.budget == sa.bindparam("budget_"), PLEDGES.c.period == sa.bindparam("period_")),
        ),
        lease=_values(lease, LEASES).on_conflict_do_update(
            index_elements=list(LEASES.primary_key),
            set_={name: getattr(lease.excluded, name) for name in ("spent", "armed", "free", "expires", "lapses")},
        ),
        settle=LEASES.update()
        .where(mine, LEASES.c.lapses == sa.bindparam("lapses_"))
        .values({name: sa.bindparam(name) for name in ("spent", "armed", "free", "expires")}),
        mine=sa.select(LEASES.c.spent, LEASES.c.armed, LEASES.c.free, LEASES.c.lapses).where(mine).with_for_update(),
        give_back=LEASES.delete().where(mine),
        pledge=_values(pledge, PLEDGES).on_conflict_do_nothing(index_elements=list(PLEDGES.primary_key)),
        redeem=PLEDGES.delete()
        .where(PLEDGES.c.job == sa.bindparam("job_"))
        .returning(PLEDGES.c.budget, PLEDGES.c.period, PLEDGES.c.amount),
        turn=turn.on_conflict_do_update(
            index_elements=list(TURNS.primary_key),
            set_={"next": sa.case((is_near, TURNS.c.next), else_=sa.bindparam("now")) + sa.bindparam("step")},
        ).returning(TURNS.c.next),
    )  # fmt: skip


def _values(insert: Any, table: sa.Table) -> Any:
    return insert.values({column.name: sa.bindparam(column.name) for column in table.columns})
