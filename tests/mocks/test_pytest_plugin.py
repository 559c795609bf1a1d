"""The pytest plugin, in suites of its own processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SUITE = """
import boto3
import pytest
from aiservices.errors import ThrottledError


def test_a_typed_client(ai, ai_mock):
    assert ai.comprehend.detect_sentiment(text="What a lovely day!", language_code="en").sentiment == "POSITIVE"
    ai_mock.calls("comprehend.DetectSentiment").once()


def test_its_world_is_its_own(ai_mock):
    ai_mock.calls().never()


def test_raw_boto3(ai_boto3):
    client = boto3.client("comprehend", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    client.detect_sentiment(Text="What a lovely day!", LanguageCode="en")
    ai_boto3.calls("comprehend").once()


@pytest.mark.ai_seed(7)
@pytest.mark.ai_fault("polly.ListLexicons", "ThrottlingException", times=1)
def test_markers(ai, ai_mock):
    assert ai_mock.seed == 7
    ai.polly.list_lexicons()
    ai_mock.calls("polly").times(2)
"""


def run(folder: Path, suite: str, *options: str, ini: str = "") -> subprocess.CompletedProcess[str]:
    (folder / "test_suite.py").write_text(suite)
    (folder / "pytest.ini").write_text(f"[pytest]\n{ini}\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly", "-q", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_each_test_has_a_world_and_the_suite_has_a_bill(tmp_path, options):
    ran = run(tmp_path, SUITE, *options)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "4 passed" in ran.stdout
    # 18 characters are three units of $0.0001, asked twice; listing costs nothing
    assert "aiservices: 4 calls answered by mocks; on AWS $0.0006" in ran.stdout


def test_a_suite_that_does_not_use_it_loads_nothing(tmp_path):
    suite = """
import sys

def test_nothing_is_loaded():
    for name in ("aiservices", "boto3", "botocore", "moto", "regex", "pydantic"):
        assert name not in sys.modules, name
    assert "aiservices_mocks.backend" not in sys.modules
"""
    ran = run(tmp_path, suite, "-p", "no:hypothesispytest", "-p", "no:respx", "-p", "no:anyio", "--strict-markers")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "aiservices:" not in ran.stdout


def test_aws_is_out_of_reach_when_the_suite_says_so(tmp_path):
    suite = """
import socket
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import HTTPClientError


def client(service):
    config = Config(retries={"total_max_attempts": 1})
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    return boto3.client(service, region_name="us-east-1", config=config, **keys)


def test_refused():
    for service in ("comprehend", "sts"):
        with pytest.raises(HTTPClientError, match="this suite keeps AWS out of reach"):
            getattr(client(service), {"comprehend": "list_endpoints", "sts": "get_caller_identity"}[service])()
    with pytest.raises(RuntimeError, match="ai_block_network"):
        socket.create_connection(("169.254.169.254", 80))


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_answered_all_the_same(ai_boto3):
    assert client("comprehend").list_endpoints()["EndpointPropertiesList"] == []
"""
    ran = run(tmp_path, suite, ini="ai_block_network = true")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "3 passed" in ran.stdout


def test_on_aws_tests_that_need_the_mock_are_skipped(tmp_path):
    suite = """
def test_needs_the_mock(ai_mock):
    raise AssertionError


def test_does_not(ai, ai_boto3):
    assert ai_boto3 is None
    assert "mock" not in repr(ai).lower()
"""
    ran = run(tmp_path, suite, "--ai-backend=aws", "-rs")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 passed, 1 skipped" in ran.stdout


def test_a_fault_that_does_not_exist_is_named(tmp_path):
    suite = """
import pytest

@pytest.mark.ai_fault("polly.ListLexikons", "ThrottlingException")
def test_one(ai):
    pass
"""
    ran = run(tmp_path, suite)
    assert 'polly has no operation "ListLexikons"; did you mean "ListLexicons"?' in ran.stdout, ran.stdout
