"""`aiservices serve`."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from aiservices.__main__ import main


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(how):
    command = [sys.executable, "-m", "aiservices", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        said = program.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found, said
        assert "signed by whomever" in said
        assert httpx.get(f"{found[0]}/_aiservices/health", timeout=20).json()["status"] == "ok"
        program.send_signal(how)
        output, errors = program.communicate(timeout=20)
    assert (program.returncode, output, errors) == (0, "", "")


def test_a_gateway_demands_keys(capsys):
    assert main(["serve", "--backend", "aws"]) == 2
    assert "--keys" in capsys.readouterr().err


def test_other_addresses_than_loopback_demand_keys(capsys):
    assert main(["serve", "--host", "0.0.0.0", "--port", "0"]) == 2
    assert "key pairs" in capsys.readouterr().err


def test_wrong_options_are_said(capsys, tmp_path: Path):
    assert main(["serve", "--keys", str(tmp_path / "none"), "--port", "0"]) == 2
    assert "none" in capsys.readouterr().err
    assert main(["serve", "--host", "192.0.2.1", "--port", "0", "--keys", __file__]) == 2
    assert "access:secret" in capsys.readouterr().err
