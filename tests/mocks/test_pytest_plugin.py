"""The pytest plugin, in suites of its own processes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiservices_mocks.pytest_backends import cassette

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


FAULTS = """
import pytest
from aiservices.errors import ServiceFaultError, ThrottledError, TransportError
from aiservices_mocks import Mock

LANGUAGE = ("comprehend.DetectDominantLanguage", {"Text": "Hello"})


def ask(mock, what, params):
    from aiservices.call import Call
    return mock.send(Call(*what.split("."), params))


@pytest.mark.ai_fault("comprehend", "throttles", times=1)
class TestAProduct:
    def test_throttled(self, ai_mock):
        with pytest.raises(ThrottledError):
            ask(ai_mock, *LANGUAGE)

    @pytest.mark.ai_fault("comprehend", "InternalServerException", times=1)
    def test_its_own_fault_comes_first(self, ai_mock):
        with pytest.raises(ServiceFaultError):
            ask(ai_mock, *LANGUAGE)


@pytest.mark.ai_fault("comprehend.DetectDominantLanguage", "takes", 40, Text="Hello")
@pytest.mark.ai_fault("comprehend.DetectDominantLanguage", "loses_response", Text="lost")
@pytest.mark.ai_fault("comprehend.DetectDominantLanguage", "returns", {"Languages": []}, Text="none", passes=1)
def test_ways(ai_mock):
    ask(ai_mock, *LANGUAGE)
    assert ai_mock.clock.monotonic() == 40
    with pytest.raises(TransportError):
        ask(ai_mock, LANGUAGE[0], {"Text": "lost"})
    found = [ask(ai_mock, LANGUAGE[0], {"Text": "none"})["Languages"] for _ in range(2)]
    assert found[0] and not found[1]


@pytest.mark.ai_fault("textract.StartDocumentAnalysis", "job_fails", reason="BAD_DOCUMENT")
def test_jobs(ai_mock):
    assert [repr(rule) for rule in ai_mock.script.rules] == ["<Rule textract.StartDocumentAnalysis: used 0 times>"]
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


def test_faults_by_marker(tmp_path):
    ran = run(tmp_path, FAULTS, "--strict-markers")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "4 passed" in ran.stdout


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


SERVED = """
import boto3
import pytest


def client(server, service):
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    return boto3.client(service, region_name="us-east-1", endpoint_url=server.url, **keys)


@pytest.fixture
def letter(ai_mock):
    ai_mock.s3["letters/one.txt"] = b"Dear all"


urls = set()


@pytest.mark.parametrize("number", range(3))
def test_a_world_of_its_own_at_one_server(ai_server, ai_mock, ai, letter, number):
    urls.add(ai_server.url)
    assert len(urls) == 1
    ai_mock.calls("comprehend").never()
    client(ai_server, "polly").put_lexicon(Name=f"lexicon{number}", Content=PLS)
    assert [one.name for one in ai.polly.list_lexicons().lexicons] == [f"lexicon{number}"]
    s3 = client(ai_server, "s3")
    assert s3.get_object(Bucket="letters", Key="one.txt")["Body"].read() == b"Dear all"
    s3.create_bucket(Bucket="other")


@pytest.mark.ai_seed(7)
@pytest.mark.ai_fault("polly.ListLexicons", "ServiceFailureException", times=1)
def test_markers(ai_server, ai_mock):
    client(ai_server, "polly").list_lexicons()
    assert ai_mock.seed == 7
    ai_mock.calls("polly").times(2)


PLS = (
    '<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">'
    "<lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme></lexicon>"
)
"""


def test_one_server_serves_each_test_a_world(tmp_path):
    ran = run(tmp_path, SERVED, "-n", "2")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "4 passed" in ran.stdout


RECORDED = """
import boto3
import pytest


class TestReviews:
    @pytest.mark.parametrize("text", ["What a lovely day!", "Awful."])
    def test_typed(self, ai, text):
        assert ai.comprehend.sentiment(text).sentiment in ("POSITIVE", "NEGATIVE")


def test_raw(ai_boto3):
    client = boto3.client("polly", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    spoken = client.synthesize_speech(Text="hello", OutputFormat="pcm", VoiceId="Joanna")
    assert len(spoken["AudioStream"].read()) > 1000


def test_served(ai_server):
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "endpoint_url": ai_server.url}
    comprehend = boto3.client("comprehend", region_name="us-east-1", **keys)
    assert comprehend.detect_dominant_language(Text="Guten Tag!")["Languages"]


@pytest.mark.ai_fault("polly.ListLexicons", "ServiceFailureException")
def test_with_a_fault(ai):
    with pytest.raises(Exception):
        ai.polly.list_lexicons()


def test_with_the_mock(ai, ai_mock):
    ai_mock.calls().never()
"""


def test_what_a_run_records_another_one_plays(tmp_path):
    recorded = run(tmp_path, RECORDED, "--ai-record")
    assert recorded.returncode == 0, recorded.stdout + recorded.stderr
    folder = tmp_path / "cassettes" / "test_suite"
    names = sorted(path.name for path in folder.glob("*.jsonl"))
    typed = [name for name in names if name.startswith("TestReviews.test_typed-")]
    assert len(typed) == 2
    assert sorted({*names} - {*typed}) == [
        "test_raw.jsonl", "test_served.jsonl", "test_with_a_fault.jsonl", "test_with_the_mock.jsonl"
    ]  # fmt: skip
    assert "Guten Tag!" in (folder / "test_served.jsonl").read_text("utf-8")
    played = run(tmp_path, RECORDED, "--ai-backend=replay", "-rs", ini="ai_block_network = true")
    assert played.returncode == 0, played.stdout + played.stderr
    assert "4 passed, 2 skipped" in played.stdout
    assert "answered by mocks" not in played.stdout


def test_what_was_not_recorded_is_named(tmp_path):
    suite = "def test_one(ai):\n    ai.polly.list_lexicons()\n"
    ran = run(tmp_path, suite, "--ai-backend=replay")
    assert ran.returncode == 1
    assert "this test has no recording at" in ran.stdout
    assert "pytest --ai-record --ai-backend=aws 'test_suite.py::test_one'" in ran.stdout


def test_recordings_live_where_the_ini_file_says(tmp_path):
    (tmp_path / "unit").mkdir()
    (tmp_path / "unit" / "test_more.py").write_text("def test_two(ai):\n    ai.polly.list_lexicons()\n")
    ini = "ai_cassettes = recorded"
    ran = run(tmp_path, "def test_one(ai):\n    ai.polly.list_lexicons()\n", "--ai-record", ini=ini)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.jsonl"))
    assert found == ["recorded/test_suite/test_one.jsonl", "recorded/unit/test_more/test_two.jsonl"]


def test_each_test_has_a_file_of_its_own(tmp_path):
    names = ["test_one", "test_one[a/b]", "test_one[a:b]", "test_one[a b]", "test_one[é]", f"test_one[{'x' * 300}]"]
    names += [f"test_one[{'x' * 301}]", "TestOne::test_one", "test_one[../../up]", "test_one[]"]
    tests = [SimpleNamespace(nodeid=f"test_a.py::{name}", path=tmp_path / "test_a.py") for name in names]
    files = [cassette(test, SimpleNamespace(getini=lambda name: "")) for test in tests]
    assert {file.parent for file in files} == {tmp_path / "cassettes" / "test_a"}
    assert len({file.name.lower() for file in files}) == len(names)
    assert all(re.fullmatch(r"[\w.-]{1,120}\.jsonl", file.name) for file in files)


def test_a_recording_is_not_recorded(tmp_path):
    ran = run(tmp_path, "", "--ai-backend=replay", "--ai-record")
    assert ran.returncode == 4
    assert "--ai-backend=replay has recordings already" in ran.stderr


def test_recording_on_aws_asks_aws_and_only_aws(tmp_path, monkeypatch):
    """A mock stands for AWS; the suite does not know it."""
    monkeypatch.setenv("AISERVICES_REGION", "us-east-1")
    suite = """
import boto3
import pytest
from aiservices_mocks import mock_ai


@pytest.fixture(scope="module", autouse=True)
def aws():
    with mock_ai() as mock:
        yield mock


def test_typed(ai, aws):
    assert "Recording" in repr(ai)
    ai.polly.list_lexicons()
    aws.calls("polly.ListLexicons").once()


def test_raw(ai_boto3, aws):
    assert ai_boto3 is None
    boto3.client("polly", region_name="us-east-1").list_lexicons()
    aws.calls("polly.ListLexicons").times(2)


def test_served(ai_server):
    raise AssertionError
"""
    ran = run(tmp_path, suite, "--ai-backend=aws", "--ai-record", "-p", "no:randomly")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 passed, 1 skipped" in ran.stdout
    for name in ("test_typed", "test_raw"):
        tape = tmp_path / "cassettes" / "test_suite" / f"{name}.jsonl"
        assert "polly.ListLexicons" in tape.read_text("utf-8")
