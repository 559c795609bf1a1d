"""The table of operations: it is whole, it says what the code says, and the tests that it names exist."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path

import pytest
from aiservices_mocks import coverage

from aiservices.__main__ import main
from aiservices.api.model import load
from aiservices.call import SERVICES
from tests.witness import BEGIN, END, PAGE, claimed

ROOT = Path(__file__).parent.parent.parent
MOST_SCHEMA = 80


@cache
def functions_in(path: str) -> frozenset[str]:
    """The names of the test functions of a file."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_operation_is_in_it_once() -> None:
    known = [(service, operation) for service in SERVICES for operation in load(service).operations]
    assert [one[:2] for one in coverage.operations()] == known


@pytest.mark.parametrize("service", SERVICES)
def test_it_says_what_the_mock_says_of_itself(service: str) -> None:
    for one in coverage.operations():
        if one.service == service:
            assert (one.fidelity, one.output) == claimed(service, one.operation), one.operation


def test_every_test_that_it_names_exists() -> None:
    for one in coverage.operations():
        path, _, name = one.test.partition("::")
        assert name in functions_in(path), one.operation


def test_little_is_made_up() -> None:
    assert coverage.counts(coverage.operations())["schema"] <= MOST_SCHEMA


def test_the_page_is_printed_by_code() -> None:
    page = PAGE.read_text("utf-8")
    assert page.partition(BEGIN)[2].partition(END)[0].strip() == coverage.markdown(), "run `make coverage`"


@pytest.mark.parametrize("columns", [60, 200])
def test_the_command_prints_every_operation(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["coverage"]) == 0
    lines = capsys.readouterr().out.splitlines()
    found = [line.split()[0] for line in lines if line.startswith("  ") and not line.startswith("   ")]
    assert found == [one.operation for one in coverage.operations()]
    assert lines[-1].startswith(f"{len(found)} operations: ")


def test_the_command_prints_objects(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == coverage.rows()
    assert {"service", "operation", "fidelity", "test"} <= printed[0].keys()
