"""`mock_ai`: unchanged boto3 code, answered by a mock; with moto, one S3 for both."""

from __future__ import annotations

import asyncio
import os
import unittest

import boto3
import pytest
from aiservices_mocks import Mock, mock_ai
from botocore.client import BaseClient
from moto import mock_aws

from aiservices.errors import InvalidCallError

ORIGINAL = BaseClient._make_api_call
LEXICON = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>
</lexicon>"""


@pytest.fixture(autouse=True)
def _leaves_no_trace(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    yield
    assert BaseClient._make_api_call is ORIGINAL


def kept() -> list[str]:
    """An application's own code."""
    polly = boto3.client("polly")
    polly.put_lexicon(Name=f"lexicon{len(polly.list_lexicons()['Lexicons'])}", Content=LEXICON)
    return [one["Name"] for one in polly.list_lexicons()["Lexicons"]]


def test_a_block_has_a_world_of_its_own():
    again = mock_ai(seed=3)
    for _ in range(2):
        with again as mock:
            assert mock.seed == 3
            assert kept() == ["lexicon0"]
    with again as outer, again as inner:
        kept()
        inner.calls("polly.PutLexicon").times(1)
        outer.calls().times(0)


def test_a_given_mock_is_used_and_cannot_be_described_besides():
    mock = Mock()
    for names in (["lexicon0"], ["lexicon0", "lexicon1"]):
        with mock_ai(mock, fast=True):
            assert kept() == names
    with pytest.raises(InvalidCallError, match="give a mock or what a fresh one is like"):
        mock_ai(mock, seed=1)


def test_a_decorated_function_has_a_world_for_every_call():
    @mock_ai()
    def tested(more: str) -> list[str]:
        return [*kept(), more]

    assert tested("one") == ["lexicon0", "one"]
    assert tested(more="two") == ["lexicon0", "two"]
    assert tested.__name__ == "tested"


def test_a_decorated_coroutine_is_answered_while_it_runs():
    @mock_ai()
    async def tested() -> list[str]:
        await asyncio.sleep(0)
        return kept()

    assert asyncio.run(tested()) == ["lexicon0"]


def test_nobody_needs_credentials(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    with mock_ai(), mock_ai():
        assert kept() == ["lexicon0"]
    assert "AWS_ACCESS_KEY_ID" not in os.environ


def test_an_exception_leaves_no_trace():
    @mock_ai()
    def tested() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        tested()


def test_each_test_of_a_unittest_class_has_its_setup_in_its_world():
    @mock_ai()
    class Tests(unittest.TestCase):
        def setUp(self) -> None:
            kept()

        def test_one(self) -> None:
            assert kept() == ["lexicon0", "lexicon1"]

        def test_two(self) -> None:
            assert kept() == ["lexicon0", "lexicon1"]

    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Tests).run(result)
    assert (result.testsRun, result.failures, result.errors) == (2, [], [])


def test_the_tests_of_a_plain_class_are_decorated():
    @mock_ai()
    class Tests:
        def test_one(self) -> list[str]:
            return kept()

        def helper(self) -> bool:
            return BaseClient._make_api_call is ORIGINAL

    assert Tests().test_one() == ["lexicon0"]
    assert Tests().helper()


def test_tests_without_self_and_nested_classes_of_a_plain_class():
    @mock_ai()
    class Tests:
        @staticmethod
        def test_static() -> list[str]:
            return kept()

        @classmethod
        def test_class(cls) -> tuple[str, list[str]]:
            return cls.__name__, kept()

        async def test_async(self) -> list[str]:
            return kept()

        class testing:
            pass

    assert Tests().test_static() == Tests.test_static() == ["lexicon0"]
    assert Tests().test_class() == ("Tests", ["lexicon0"])
    assert asyncio.run(Tests().test_async()) == ["lexicon0"]
    assert isinstance(Tests.testing, type)


def test_coroutine_tests_of_unittest_have_their_setup_in_their_world():
    @mock_ai()
    class Tests(unittest.IsolatedAsyncioTestCase):
        async def asyncSetUp(self) -> None:
            kept()

        async def test_one(self) -> None:
            assert kept() == ["lexicon0", "lexicon1"]

        async def test_two(self) -> None:
            assert kept() == ["lexicon0", "lexicon1"]

    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Tests).run(result)
    assert (result.testsRun, result.failures, result.errors) == (2, [], [])


def analyse(s3, comprehend) -> str:
    """Stages a text, runs a job over it, and reads what the job wrote."""
    s3.put_object(Bucket="texts", Key="in/one.txt", Body=b"What a lovely day!")
    job = comprehend.start_sentiment_detection_job(
        InputDataConfig={"S3Uri": "s3://texts/in/", "InputFormat": "ONE_DOC_PER_LINE"},
        OutputDataConfig={"S3Uri": "s3://texts/out/"},
        DataAccessRoleArn="arn:aws:iam::123456789012:role/comprehend",
        LanguageCode="en",
    )
    described = comprehend.describe_sentiment_detection_job(JobId=job["JobId"])["SentimentDetectionJobProperties"]
    assert described["JobStatus"] == "COMPLETED"
    [written] = s3.list_objects_v2(Bucket="texts", Prefix="out/")["Contents"]
    return written["Key"].rpartition("/")[2]


@pytest.mark.parametrize("moto_first", [True, False])
def test_jobs_read_and_write_motos_s3_while_it_is_active(moto_first):
    first, second = (mock_aws(), mock_ai()) if moto_first else (mock_ai(), mock_aws())
    with first, second:
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="texts")
        assert analyse(s3, boto3.client("comprehend")) == "output.tar.gz"
        arn = boto3.client("iam").create_role(RoleName="one", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        assert arn.startswith("arn:aws:iam::123456789012:role/")


@mock_aws
@mock_ai()
def under_moto() -> str:
    return staged()


@mock_ai()
@mock_aws
def over_moto() -> str:
    return staged()


def staged() -> str:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="texts")
    assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"
    return analyse(s3, boto3.client("comprehend"))


@pytest.mark.parametrize("decorated", [under_moto, over_moto])
def test_motos_decorator_stands_above_or_below(decorated):
    for _ in range(2):  # each call finds an S3 without the bucket
        assert decorated() == "output.tar.gz"


def test_without_moto_the_objects_are_the_mocks():
    with mock_ai() as mock:
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="texts")
        assert analyse(s3, boto3.client("comprehend")) == "output.tar.gz"
        assert mock.s3["texts/in/one.txt"] == b"What a lovely day!"
