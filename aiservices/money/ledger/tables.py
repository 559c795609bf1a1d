"""The ledger's tables. Amounts and units are exact: NUMERIC in PostgreSQL, decimal text in SQLite. Loads SQLAlchemy."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

VERSION = 1
"""Of the tables; a ledger that says a higher one is a newer program's."""

METADATA = sa.MetaData()


class Exact(sa.TypeDecorator[Decimal]):
    """A decimal number that no database rounds."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """NUMERIC where it is exact."""
        return dialect.type_descriptor(sa.Text() if dialect.name == "sqlite" else sa.Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> Any:
        """Text for SQLite."""
        return value if value is None or dialect.name != "sqlite" else format(value, "f")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        """A Decimal from either."""
        return None if value is None else Decimal(value)


class exact_sum(GenericFunction[Decimal]):
    """The sum of exact numbers, as exact."""

    type = Exact()
    name = "exact_sum"
    inherit_cache = True


@compiles(exact_sum, "postgresql")
def _sum(element: Any, compiler: Any, **options: Any) -> str:
    return f"sum({compiler.process(element.clauses, **options)})"


class exact_add(GenericFunction[Decimal]):
    """The sum of two exact numbers."""

    type = Exact()
    name = "exact_add"
    inherit_cache = True


@compiles(exact_add, "postgresql")
def _add(element: Any, compiler: Any, **options: Any) -> str:
    return " + ".join(compiler.process(clause, **options) for clause in element.clauses)


def _table(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(f"aiservices_{name}", METADATA, *columns)


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **options)


def _exact(name: str) -> sa.Column[Decimal]:
    return sa.Column(name, Exact, nullable=False)


LEDGER = _table("ledger", sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))
CALLS = _table(
    "calls",
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    _text("at"),
    _text("day"),
    _text("account"),
    _text("region"),
    _text("product"),
    _text("operation"),
    sa.Column("units", sa.Text),
    sa.Column("cost", Exact),
    sa.Column("billed", sa.Boolean, nullable=False),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("request_id", sa.Text),
)
"""One row per metered call. `at` and `day` are ISO 8601 in UTC; `units` is JSON, by price row."""
# SQLite reads all of a file in a second or so, and an index would cost each call a sixth more.
sa.Index("aiservices_calls_day", CALLS.c.day).ddl_if(dialect="postgresql")
USAGE = _table(
    "usage",
    _text("account", primary_key=True),
    _text("region", primary_key=True),
    _text("month", primary_key=True),
    _text("name", primary_key=True),
    _exact("units"),
)
"""What the volume tiers count."""
JOBS = _table(
    "jobs",
    _text("job", primary_key=True),
    sa.Column("begun", sa.Text),
    sa.Column("counted", sa.Boolean, nullable=False),
)
"""`begun` is what the price depends on, as JSON, where a client of this ledger began the job."""
PURSES = _table("purses", _text("budget", primary_key=True), _text("period", primary_key=True), _exact("spent"))
"""What was spent of a budget before it had leases, and by those that were given back."""
LEASES = _table(
    "leases",
    _text("budget", primary_key=True),
    _text("period", primary_key=True),
    _text("holder", primary_key=True),
    _exact("spent"),
    _exact("armed"),
    _exact("free"),
    sa.Column("expires", sa.Float, nullable=False),
    sa.Column("lapses", sa.Integer, nullable=False),
)
"""Blocks of budgets that processes hold: spent; armed, which may be on its way to AWS; and free, which returns when the
lease has run out (`expires`, in seconds of the epoch), and `lapses` counts how often it did."""
PLEDGES = _table(
    "pledges",
    _text("job", primary_key=True),
    _text("budget", primary_key=True),
    _text("period", primary_key=True),
    _exact("amount"),
)
"""What jobs that have begun may cost."""
TURNS = _table("turns", _text("rate", primary_key=True), sa.Column("next", sa.Float, nullable=False))
"""When the next call of a rate may go, in seconds of the epoch."""
