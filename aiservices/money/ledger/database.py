"""Where a ledger is kept: opened, its transactions, and what it says when something is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from ...errors import InvalidCallError, LedgerError, MissingExtraError
from ..prices import EXACT

if TYPE_CHECKING:
    import sqlalchemy as sa

_TEXTS: dict[Any, str] = {}
Write = Callable[..., Any]
"""Runs a statement with its parameters, and returns the DBAPI's cursor."""


class Database:
    """A SQLite file, a SQLite database in memory, or a PostgreSQL server. Thread-safe; a forked process opens its own.

    place: a file, a URL `postgresql://...`, or None for memory.
    full: SQLite survives a power cut too, not only a killed process.
    wait: seconds that another process may hold the ledger.
    """

    def __init__(self, place: str | Path | None, *, full: bool = False, wait: float = 10.0) -> None:
        try:
            import sqlalchemy  # noqa: F401
        except ImportError as missing:
            raise MissingExtraError("A ledger", "ledger") from missing
        self.name = _shown(place)
        self._url = _url(place)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        """There is one writer at a time."""
        self._full = full
        self._wait = wait
        self._lock = RLock()
        self.closed = False
        self.failed = False
        """Whether the last thing that was to be written was not."""
        self._open()

    def _open(self) -> None:
        self.pid = os.getpid()
        self.engine = self._engine()
        self._held: Any = None
        with self._told("opened"):
            try:
                if self.is_sqlite:
                    self._held = self.engine.raw_connection()
                self._prepare()
            except BaseException:
                self._let_go()
                raise

    def _engine(self) -> sa.Engine:
        import sqlalchemy as sa
        from sqlalchemy import event
        from sqlalchemy.pool import StaticPool

        if not self.is_sqlite:
            try:
                engine = sa.create_engine(
                    self._url, pool_size=16, max_overflow=48, pool_use_lifo=True, pool_pre_ping=True
                )
            except ImportError as missing:
                raise MissingExtraError("A ledger in PostgreSQL", "postgres") from missing
            event.listen(engine, "connect", self._set_up_postgres)
            return engine
        engine = sa.create_engine(
            self._url, paramstyle="named", poolclass=StaticPool,
            connect_args={"timeout": self._wait, "check_same_thread": False, "isolation_level": None},
        )  # fmt: skip
        event.listen(engine, "connect", self._set_up_sqlite)
        event.listen(engine, "begin", _begin)
        return engine

    def _set_up_postgres(self, connection: Any, record: object) -> None:
        connection.execute(f"SET lock_timeout = {max(int(self._wait * 1000), 1)}")
        connection.commit()

    def _set_up_sqlite(self, connection: Any, record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
        connection.execute(f"PRAGMA synchronous={'FULL' if self._full else 'NORMAL'}")
        connection.create_function("exact_add", 2, _add, deterministic=True)
        connection.create_aggregate("exact_sum", 1, _Sum)

    def _prepare(self) -> None:
        """Make the tables in a new ledger; read the version of an old one."""
        import sqlalchemy as sa

        from . import tables

        with self.engine.begin() as connection:
            if not self.is_sqlite:
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(7216305)"))
            if not sa.inspect(connection).has_table(tables.LEDGER.name):
                tables.METADATA.create_all(connection)
                connection.execute(tables.LEDGER.insert().values(version=tables.VERSION))
            version = connection.scalar(sa.select(sa.func.max(tables.LEDGER.c.version)))
        if version != tables.VERSION:
            raise LedgerError(
                f"the ledger {self.name} is of version {version}, and this program knows {tables.VERSION}: "
                "update aiservices, or give another ledger"
            )

    @contextmanager
    def connection(self, *, reading: bool = False) -> Iterator[sa.Connection]:
        """A transaction of SQLAlchemy's, for what is not on the way of every call. reading: no writer waits for it."""
        with self._told("read" if reading else "written"), self._mine():
            engine = self.engine.execution_options(reading=reading)
            with engine.begin() as connection:
                yield connection

    @contextmanager
    def transaction(self, *, sent: bool = False) -> Iterator[Write]:
        """A transaction for what is written at every call: prepared statements on the driver's own cursor.

        SQLAlchemy's execution costs 60 microseconds a statement more.
        """
        with self._told("written", sent=sent), self._mine():
            raw = self._held if self.is_sqlite else self.engine.raw_connection()
            try:
                cursor = raw.cursor()
                if self.is_sqlite:
                    cursor.execute("BEGIN IMMEDIATE")
                try:
                    yield lambda statement, /, **values: cursor.execute(self._text(statement), values)
                    self._commit(raw)
                    self.failed = False
                except BaseException:
                    raw.rollback()
                    raise
                finally:
                    cursor.close()
            finally:
                if not self.is_sqlite:
                    raw.close()

    def _commit(self, raw: Any) -> None:
        raw.commit()

    @contextmanager
    def _mine(self) -> Iterator[None]:
        """One thread at a time in SQLite; connections of this process, none that a parent left."""
        if self.closed:
            raise LedgerError(f"the ledger {self.name} is closed; open another one")
        if self.pid != os.getpid():
            self._lock = RLock()
            self.engine.dispose(close=False)
            self._open()
        if not self.is_sqlite:
            yield
            return
        with self._lock:
            yield

    def _text(self, statement: Any) -> str:
        text = _TEXTS.get(statement)
        if text is None:  # each database has statements of its own
            text = _TEXTS[statement] = str(statement.compile(dialect=self.engine.dialect))
        return text

    @contextmanager
    def _told(self, what: str, *, sent: bool = False) -> Iterator[None]:
        """The database's failures in words that say what to do."""
        try:
            yield
        except Exception as error:
            cause = getattr(error, "orig", None) or error
            if not (type(cause).__module__ or "").startswith(("sqlite3", "psycopg", "sqlalchemy")):
                raise
            self.failed = True
            answered = "; the call had been answered, and what it cost is not written down" if sent else ""
            raise LedgerError(f"the ledger {self.name} cannot be {what}: {_why(cause)}{answered}", sent=sent) from error

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            self.closed = True
            if self.pid == os.getpid():
                self._let_go()

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.close()
        self.engine.dispose()


def _begin(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


class _Sum:
    """SQLite's aggregate over decimal text."""

    def __init__(self) -> None:
        self._total: Decimal | None = None

    def step(self, value: str | None) -> None:
        """One row; NULL is none."""
        if value is not None:
            self._total = Decimal(value) if self._total is None else EXACT.add(self._total, Decimal(value))

    def finalize(self) -> str | None:
        """The sum."""
        return None if self._total is None else format(self._total, "f")


def _add(first: str, second: str) -> str:
    return format(EXACT.add(Decimal(first), Decimal(second)), "f")


def _url(place: str | Path | None) -> sa.URL:
    import sqlalchemy as sa

    text = "" if place is None else os.fspath(place)
    if "://" not in text:
        return sa.URL.create("sqlite", database=str(Path(text).expanduser().absolute()) if text else None)
    scheme, _, rest = text.partition("://")
    if scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        return sa.make_url(f"postgresql+psycopg://{rest}")
    raise InvalidCallError(f'a ledger is a file or a URL "postgresql://...", not one of {scheme}')


def _shown(place: str | Path | None) -> str:
    """Without the password."""
    if place is None:
        return "in memory"
    text = os.fspath(place)
    if "://" not in text:
        return f"{text!r}"
    scheme, _, rest = text.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


_HELD = "another process has held it for too long. Try again, or give it longer: Ledger(..., wait=seconds)"
_FULL = "the disk, or what the file may hold, is full. Make room; until then nothing is sent"
_REASONS: Mapping[str, str] = {
    "locked": _HELD,
    "lock timeout": _HELD,
    "full": _FULL,
    "no space left": _FULL,
    "malformed": "it is damaged. Restore it from a copy, or begin a new one under another name",
    "not a database": "it is no ledger: the file holds something else. Give another name",
    "unable to open": "there is no such folder, or it may not be opened",
    "disk i/o": _FULL,
    "readonly": "it may only be read. Give this program the right to write the file and its folder",
}


def _why(cause: BaseException) -> str:
    said = str(cause).strip()
    reason = next((told for sign, told in _REASONS.items() if sign in said.lower()), "")
    first = said.splitlines()[0] if said else type(cause).__name__
    return f"{reason} ({first})" if reason else first


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Decimals as text, which both databases take as they are."""
    return {name: _plain(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def _plain(value: Decimal) -> str:
    return format(value, "f") if value else "0"
