"""The runner of `make check-clients`: what it must not take for a success."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clients.__main__ import Outcome, _read, clients, outcome
from tests.clients.installed import Apart, Client, MissingTool, Node, client


def report(path: Path, inside: str) -> Path:
    file = path / "report.xml"
    file.write_text(f"<testsuites><testsuite>{inside}</testsuite></testsuites>", "utf-8")
    return file


def test_a_skipped_test_and_no_test_are_problems(tmp_path: Path) -> None:
    passed, skipped = '<testcase name="a"/>', '<testcase name="b"><skipped/></testcase>'
    failed = '<testcase name="c"><failure/></testcase>'
    assert _read(report(tmp_path, passed + failed)) == (1, "")
    assert _read(report(tmp_path, passed + skipped)) == (1, "skipped: b")
    assert _read(report(tmp_path, "")) == (0, "there are no tests")
    assert _read(tmp_path / "none.xml") == (0, "there are no tests")


def test_a_missing_tool_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package.json").write_text(json.dumps({"name": "x", "dependencies": {"a": "1"}}), "utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingTool, match=r"node is not on the PATH: install Node\.js"):
        Node(tmp_path).install()
    done = outcome(Node(tmp_path))
    assert "node is not on the PATH" in done.problem
    assert str(done).endswith("FAILED")


def test_a_folder_is_run_by_what_stands_in_it(tmp_path: Path) -> None:
    assert type(client(tmp_path)) is Client
    (tmp_path / "requirements.txt").write_text("one==1.5\n# What it needs.\ntwo==2\n", "utf-8")
    assert isinstance(client(tmp_path), Apart)
    assert client(tmp_path).version == "1.5"
    (tmp_path / "package.json").write_text(json.dumps({"name": "x", "dependencies": {"a": "1.2"}}), "utf-8")
    assert isinstance(client(tmp_path), Node)
    assert (client(tmp_path).name, client(tmp_path).version) == ("x", "1.2")


def test_every_client_is_pinned() -> None:
    found = clients()
    assert {"boto3", "aiobotocore", "awscli", "javascript", "langchain", "textractor", "node-example"} <= {
        one.name for one in found
    }
    for one in found:
        assert str(Outcome(one)).endswith("passed")
        if isinstance(one, Apart):
            lines = (one.folder / "requirements.txt").read_text("utf-8").splitlines()
            assert all("==" in line for line in lines if not line.startswith(("#", "-e "))), one.name
        if isinstance(one, Node):
            lock = (one.folder / "package-lock.json").read_text("utf-8")
            assert "resolved" not in lock, f"{one.name}: no registry is written down"
            made = json.loads((one.folder / "package.json").read_text("utf-8"))["dependencies"]
            assert all(version[0].isdigit() for version in made.values()), one.name
