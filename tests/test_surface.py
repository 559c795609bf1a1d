"""The public names, and what an import loads."""

from __future__ import annotations

import subprocess
import sys

import aiservices_mocks
import pytest

import aiservices


def test_the_public_names() -> None:
    assert sorted(aiservices.__all__) == ["AI", "AsyncAI", "Budget", "Estimate", "Job", "Settings"]
    assert sorted(aiservices_mocks.__all__) == ["Clock", "Mock", "mock_ai"]
    for module in (aiservices, aiservices_mocks):
        for name in module.__all__:
            assert getattr(module, name).__doc__


HEAVY = ["boto3", "botocore", "httpx", "moto", "tenacity", "numpy", "PIL", "pypdfium2", "py3langid", "pandas"]


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import aiservices", [*HEAVY, "aiservices_mocks", "asyncio"]),
        ("import aiservices_mocks", HEAVY),
        (
            "from aiservices import AI; ai = AI(backend='mock'); ai.polly.list_lexicons()",
            HEAVY,
        ),
        ("from aiservices import AI, Settings; AI(backend='aws').comprehend", ["boto3", "botocore", *HEAVY]),
    ],
)
def test_what_an_import_loads(code: str, absent: list[str]) -> None:
    check = f"import sys; {code}; print([name for name in {absent!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_version_is_the_distribution_s() -> None:
    from importlib.metadata import version

    assert aiservices.__version__ == version("aiservices")
