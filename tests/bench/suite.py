"""A generated suite of 1,000 small tests on our fixtures, and the same tests on moto's, file by file in one pytest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from .pairs import Row

TESTS = 1_000
_IN_A_FILE = 50
_RAW = (
    """
    comprehend = boto3.client("comprehend")
    reply = comprehend.detect_sentiment(Text="Table {number} was wonderful.", LanguageCode="en")
    assert reply["Sentiment"]
""",
    """
    polly = boto3.client("polly")
    polly.put_lexicon(Name="lexicon{number}", Content=LEXICON)
    assert [one["Name"] for one in polly.list_lexicons()["Lexicons"]] == ["lexicon{number}"]
""",
    """
    transcribe = boto3.client("transcribe")
    transcribe.create_vocabulary(VocabularyName="names{number}", LanguageCode="en-US", Phrases=["Aachen"])
    assert transcribe.get_vocabulary(VocabularyName="names{number}")["LanguageCode"] == "en-US"
""",
    """
    forecast = boto3.client("forecast")
    arn = forecast.create_dataset_group(DatasetGroupName="shop{number}", Domain="RETAIL")["DatasetGroupArn"]
    assert forecast.describe_dataset_group(DatasetGroupArn=arn)["Domain"] == "RETAIL"
""",
)
_TYPED = (
    """
    reply = ai.comprehend.detect_sentiment(text="Table {number} was wonderful.", language_code="en")
    assert reply.sentiment
""",
    """
    ai.polly.put_lexicon(name="lexicon{number}", content=LEXICON)
    assert [one.name for one in ai.polly.list_lexicons().lexicons] == ["lexicon{number}"]
""",
    """
    ai.transcribe.create_vocabulary(vocabulary_name="names{number}", language_code="en-US", phrases=["Aachen"])
    assert ai.transcribe.get_vocabulary(vocabulary_name="names{number}").language_code == "en-US"
""",
    """
    arn = ai.forecast.create_dataset_group(dataset_group_name="shop{number}", domain="RETAIL").dataset_group_arn
    assert ai.forecast.describe_dataset_group(dataset_group_arn=arn).domain == "RETAIL"
""",
)
_HEAD = '''
import boto3

LEXICON = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>
</lexicon>"""
'''
_ONCE = """
polly = boto3.client("polly")
"""
_WITH_IT = """
    polly.put_lexicon(Name="lexicon{number}", Content=LEXICON)
    assert [one["Name"] for one in polly.list_lexicons()["Lexicons"]] == ["lexicon{number}"]
"""
_CONFTEST = """
import json
import time
from collections import defaultdict
from pathlib import Path

import pytest
from aiservices_mocks import mock_ai
from moto import mock_aws

spent = defaultdict(list)


@pytest.fixture
def moto():
    with mock_aws():
        yield


@pytest.fixture
def fast():
    with mock_ai(fast=True):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    begin = time.process_time()
    result = yield
    spent[item.path.stem.partition("_")[2].partition("_")[2]].append(time.process_time() - begin)
    return result


def pytest_sessionfinish(session, exitstatus):
    told = {kind: [len(seconds), sum(seconds)] for kind, seconds in spent.items()}
    Path(__file__).with_name("spent.json").write_text(json.dumps(told))
"""


def _file(fixture: str, bodies: tuple[str, ...], numbers: range, head: str = _HEAD) -> str:
    tests = (
        f"\n\ndef test_{number}({fixture}):{bodies[number % len(bodies)].format(number=number)}" for number in numbers
    )
    return head + "".join(tests)


def _write(folder: Path) -> None:
    (folder / "conftest.py").write_text(_CONFTEST)
    (folder / "pytest.ini").write_text("[pytest]\n")
    for begin in range(0, TESTS, _IN_A_FILE):
        numbers = range(begin, begin + _IN_A_FILE)
        files = {
            "raw_ours": _file("ai_boto3", _RAW, numbers),
            "fast_ours": _file("fast", _RAW, numbers),
            "raw_moto": _file("moto", _RAW, numbers),
            "typed_ours": _file("ai", _TYPED, numbers),
            "once_ours": _file("ai_boto3", (_WITH_IT,), numbers, _HEAD + _ONCE),
            "once_moto": _file("moto", (_WITH_IT,), numbers, _HEAD + _ONCE),
        }
        for kind, text in files.items():
            (folder / f"test_{begin:04}_{kind}.py").write_text(text)


def _spent() -> Mapping[str, float]:
    """Microseconds of CPU for a test of each kind, pytest's own among them."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=dict(os.environ))
        if ran.returncode:
            raise RuntimeError(ran.stdout[-2000:] + ran.stderr[-2000:])
        told = json.loads((folder / "spent.json").read_text())
    assert {count for count, _ in told.values()} == {TESTS}
    return {kind: seconds / count * 1e6 for kind, (count, seconds) in told.items()}


def all_rows() -> Iterator[Row]:
    """A client in every test, as moto wants it; our typed client instead; one client for all tests."""
    spent = _spent()
    for what, ours, peer, theirs, limit in (
        ("a small test with a boto3 client of its own, ai_boto3", "raw_ours", "mock_aws", "raw_moto", None),
        ("the same under mock_ai(fast=True)", "fast_ours", "mock_aws", "raw_moto", 1 / 20),
        ("the same on the typed client, ai", "typed_ours", "boto3 on mock_aws", "raw_moto", 1 / 20),
        ("a small test with a boto3 client made once, ai_boto3", "once_ours", "mock_aws", "once_moto", None),
    ):
        a, b = spent[ours], spent[theirs]
        yield Row(f"{what} (of {TESTS:,})", peer, a, b, "µs", a / b, limit)
