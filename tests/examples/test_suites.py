"""The examples that are test suites themselves, run in a folder of their own as their readers run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(("name", "tests"), [("boto3_app", 7), ("fastapi_app", 7)])
def test_the_suite_passes_offline(name: str, tests: int, tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    nobody = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "AISERVICES_"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error"]
    ran = subprocess.run(command, cwd=folder, env=nobody, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"{tests} passed" in ran.stdout
    assert re.search(r"aiservices: \d+ calls answered by mocks; on AWS \$0\.\d+", ran.stdout)
