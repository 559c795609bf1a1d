"""The commands that show what a machine and a recording say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aiservices import doctor
from aiservices.__main__ import main


def test_the_doctor_prints_each_finding_and_fails_on_a_problem(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [doctor.Finding("ok", "region", "us-east-1"), doctor.Finding("note", "lifecycle", "closed")]
    asked = []

    def findings(settings: object, *, network: bool) -> list[doctor.Finding]:
        asked.append(network)
        return found

    monkeypatch.setattr(doctor, "findings", findings)
    assert main(["doctor"]) == 0
    found.append(doctor.Finding("problem", "credentials", "none"))
    assert main(["doctor", "--offline"]) == 1
    assert asked == [True, False]
    assert "PROBLEM  credentials: none" in capsys.readouterr().out


def test_a_policy_is_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "calls.log"
    log.write_text('{"message": "call", "operation": "polly.DescribeVoices"}\n', "utf-8")
    assert main(["policy", str(log)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["Statement"] == [{"Effect": "Allow", "Action": ["polly:DescribeVoices"], "Resource": ["*"]}]


def test_what_cannot_be_done_is_said_and_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", str(tmp_path / "none.log")]) == 2
    assert capsys.readouterr().err.startswith("aiservices policy: there is no log")


def test_without_a_command_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    told = capsys.readouterr().out
    assert all(name in told for name in ("serve", "verify", "prices", "costs", "doctor", "policy", "engines"))
