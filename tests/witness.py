"""Watches what tests see of the mock, and makes the table of operations of it.

An operation is proven `computed` by a test in which two of its requests got two different answers; `stateful` by one in
which it read what another operation had written, or wrote what another one then read; `schema` by any answer. What a
refused request did does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Mock, coverage
from aiservices_mocks.backend import service_class
from aiservices_mocks.store import Record, Table

from aiservices.api.model import load
from aiservices.call import SERVICES, Call, Reply, Stream

PAGE = Path(__file__).parent.parent / "docs" / "coverage.md"
BEGIN, END = "<!-- coverage -->", "<!-- /coverage -->"

Place = tuple[int, str]
"""A table and a key in it."""


class Doing:
    """One call while it is answered."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.read: list[Place] = []
        self.wrote: list[Place] = []


_doing: ContextVar[Doing | None] = ContextVar("doing", default=None)


class Witness:
    """What one test has shown."""

    def __init__(self) -> None:
        self.proven: set[str] = set()
        """`comprehend.DetectSentiment computed` ..."""
        self._writers: dict[Place, set[str]] = defaultdict(set)
        self._tables: list[Table] = []  # kept alive, so that no two have one id
        self._answers: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def place(self, table: Table, key: str) -> Place:
        """A record's place."""
        if not any(known is table for known in self._tables):
            self._tables.append(table)
        return id(table), key

    def see(self, doing: Doing, reply: Reply) -> None:
        """Take note of a call that was answered."""
        name, facts = doing.call.name, reply["ResponseMetadata"]["AIServices"]
        for place in doing.read:
            others = self._writers[place] - {name}
            self.proven |= {f"{one} stateful" for one in (others and {name, *others})}
        for place in doing.wrote:
            self._writers[place].add(name)
        if facts["fidelity"] == "computed":
            said = repr({member: value for member, value in reply.items() if member != "ResponseMetadata"})
            pair = (repr(doing.call.params), _content(reply) + said)
            if any(asked != pair[0] and answered != pair[1] for asked, answered in self._answers[name]):
                self.proven.add(f"{name} computed")
            self._answers[name].append(pair)
        self.proven.add(f"{name} schema")


def _content(reply: Mapping[str, Any]) -> str:
    """The contents of streams, which stay to be read."""
    return " ".join(str(hash(value._file.getvalue())) for value in reply.values() if isinstance(value, Stream))


@contextmanager
def watching(patch: pytest.MonkeyPatch) -> Iterator[Witness]:
    """Watch every mock while the block runs."""
    witness = Witness()
    run, get, put, change = Mock._run, Table.__getitem__, Table.__setitem__, Table.change

    def watched_run(self: Mock, call: Call, params: Any, handler: Any, fidelity: str, *more: Any) -> Reply:
        doing = Doing(call)
        token = _doing.set(doing)
        try:
            reply = run(self, call, params, handler, fidelity, *more)
        finally:
            _doing.reset(token)
        if call.service in SERVICES and reply["ResponseMetadata"]["AIServices"].get("fidelity") != "scripted":
            witness.see(doing, reply)
        return reply

    def watched_get(self: Table, key: str) -> Record:
        record = get(self, key)
        if doing := _doing.get():
            doing.read.append(witness.place(self, key))
        return record

    def watched_put(self: Table, key: str, record: Record) -> None:
        put(self, key, record)
        if doing := _doing.get():
            doing.wrote.append(witness.place(self, key))

    def watched_change(self: Table, key: str, **parts: Any) -> None:
        change(self, key, **parts)
        if doing := _doing.get():
            doing.wrote.append(witness.place(self, key))

    patch.setattr(Mock, "_run", watched_run)
    patch.setattr(Table, "__getitem__", watched_get)
    patch.setattr(Table, "__setitem__", watched_put)
    patch.setattr(Table, "change", watched_change)
    yield witness


class Proofs:
    """What the tests of a run have proven, gathered from all workers: a plugin of pytest."""

    def __init__(self, write: bool) -> None:
        self._write = write
        self._passed: set[str] = set()
        self._wrong: list[str] = []
        self.tests: dict[str, set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take note of a test that passed. Its parameters do not count."""
        if report.when == "call" and report.passed:
            self._passed.add(report.nodeid)
        if report.when == "teardown" and report.passed and report.nodeid in self._passed:
            for claim in dict(report.user_properties).get("proven", ()):
                self.tests[claim].add(report.nodeid.partition("[")[0])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the table if everything is proven, or hold it against what was seen."""
        found, self._wrong = self.table()
        if self._write and not self._wrong:
            coverage.write(found)
            head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
            PAGE.write_text(f"{head}{BEGIN}\n\n{coverage.markdown()}\n\n{END}{rest.partition(END)[2]}", "utf-8")
        elif not self._write and not self._wrong and tuple(found) != coverage.operations():
            self._wrong = ["the table of operations is not what the tests show: run `make coverage`"]
        if self._wrong and session.exitstatus == 0:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say what is not proven."""
        for line in self._wrong:
            terminalreporter.write_line(line, red=True)

    def table(self) -> tuple[list[coverage.Operation], list[str]]:
        """The table that follows, and what is not proven."""
        found, missing = [], []
        for service in SERVICES:
            for name in load(service).operations:
                claim, output = claimed(service, name)
                tests = self.tests.get(f"{service}.{name} {claim}")
                if not tests:
                    missing.append(f"{service}.{name} is said to be {claim or 'unanswered'}, and no test shows it")
                else:
                    best = min(tests, key=lambda test: ("contract" not in test, service not in test, test))
                    found.append(coverage.Operation(service, name, claim, output, best))
        return found, missing


def claimed(service: str, operation: str) -> tuple[Any, str]:
    """What the mock says of an operation: its fidelity, and `schema` if it writes what is made up."""
    from aiservices_mocks.service import find_handler

    kind = service_class(service)
    if kind is None:
        return "", ""
    one = kind(Mock().world)
    handler = find_handler(one, operation)
    return (handler.fidelity if handler else ""), ("schema" if one.makes_up(operation) else "")
