"""The project's own tests of raw boto3, beside the oldest moto and with the oldest boto3 that are claimed."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import requires, version
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
FILES = [
    "tests/mocks/test_boto3_wire.py",
    "tests/mocks/test_bridge.py",
    "tests/mocks/test_mock_ai.py",
    "tests/mocks/test_s3.py",
    "tests/backends/test_aws_loopback.py",
]


def test_the_oldest_claimed_are_installed() -> None:
    claimed = next(needed for needed in requires("aiservices") or () if needed.startswith("boto3>="))
    assert claimed == f"boto3>={version('boto3')}"
    assert version("boto3") == version("botocore")
    page = (ROOT / "docs" / "testing.md").read_text("utf-8")
    assert re.findall(r"moto\s+(\d+\.\d+\.\d+)\s+or\s+newer", page) == [version("moto")]


def test_the_projects_own_tests_pass() -> None:
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "no:cacheprovider", *FILES]
    done = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout
