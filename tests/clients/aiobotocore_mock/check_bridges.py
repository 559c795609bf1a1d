"""Where `mock_ai` begins and ends for aiobotocore: before and after, nested, in threads, beside moto."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import Any

import boto3
import pytest
from aiobotocore.session import get_session
from aiservices_mocks import Mock, mock_ai
from botocore.exceptions import HTTPClientError
from moto import mock_aws

pytestmark = pytest.mark.anyio
Open = Callable[..., Any]
TEXT = {"Text": "What a lovely day!", "LanguageCode": "en"}


async def test_clients_made_before_and_after_are_answered(client: Open, fast: bool) -> None:
    async with client("polly") as before:
        with mock_ai(fast=fast) as mock:
            async with client("polly") as after:
                assert (await before.list_lexicons())["Lexicons"] == (await after.list_lexicons())["Lexicons"] == []
        mock.calls("polly").times(2)
        with pytest.raises((AssertionError, HTTPClientError)):
            await before.list_lexicons()


async def test_the_innermost_answers(client: Open) -> None:
    async with client("polly") as polly:
        with mock_ai() as outer:
            with mock_ai() as inner:
                await polly.list_lexicons()
            with mock_ai(fast=True) as fast:
                await polly.list_lexicons()
            await polly.list_lexicons()
    for mock in (outer, inner, fast):
        mock.calls().times(1)


async def test_an_exception_leaves_no_trace(fast: bool) -> None:
    with pytest.raises(KeyError), mock_ai(fast=fast), mock_ai():
        raise KeyError


async def test_bridges_can_close_in_another_order(client: Open) -> None:
    first, second = mock_ai(), mock_ai()
    one, two = first.__enter__(), second.__enter__()
    first.__exit__(None, None, None)
    async with client("polly") as polly:
        await polly.list_lexicons()
    second.__exit__(None, None, None)
    assert (len(one.calls()), len(two.calls())) == (0, 1)


def test_threads_each_with_a_loop_of_their_own(mock: Mock, client: Open) -> None:
    async def ask() -> str:
        async with client("comprehend") as comprehend:
            return str((await comprehend.detect_sentiment(**TEXT))["Sentiment"])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: asyncio.run(ask()), range(8))) == ["POSITIVE"] * 8
    mock.calls().times(8)


async def test_nobody_needs_credentials(mock: Mock) -> None:
    async with get_session().create_client("comprehend", region_name="us-east-1") as comprehend:
        assert (await comprehend.detect_sentiment(**TEXT))["Sentiment"] == "POSITIVE"


async def test_both_kinds_of_clients_share_a_world(mock: Mock, client: Open) -> None:
    boto3.client("s3").create_bucket(Bucket="shared")
    async with client("s3") as s3:
        assert [one["Name"] for one in (await s3.list_buckets())["Buckets"]] == ["shared"]


@mock_ai()
async def test_a_decorated_coroutine_is_answered(client: Open) -> None:
    async with client("comprehend") as comprehend:
        assert (await comprehend.detect_sentiment(**TEXT))["Sentiment"] == "POSITIVE"


async def test_pytests_fixture_answers(ai_boto3: Mock, client: Open) -> None:
    async with client("comprehend") as comprehend:
        await comprehend.detect_sentiment(**TEXT)
    ai_boto3.calls("comprehend.DetectSentiment").once()


@pytest.mark.parametrize("moto_first", [True, False])
async def test_beside_moto_all_is_answered_and_there_is_one_s3(client: Open, fast: bool, moto_first: bool) -> None:
    contexts = [mock_aws(), mock_ai(fast=fast)]
    async with AsyncExitStack() as stack:
        for context in contexts if moto_first else reversed(contexts):
            stack.enter_context(context)
        s3, sts, iam, comprehend = [
            await stack.enter_async_context(client(service, region_name="us-east-1"))
            for service in ("s3", "sts", "iam", "comprehend")
        ]
        assert (await sts.get_caller_identity())["Account"] == "123456789012"
        role = (await iam.create_role(RoleName="reader", AssumeRolePolicyDocument="{}"))["Role"]["Arn"]
        await s3.create_bucket(Bucket="texts")
        await s3.put_object(Bucket="texts", Key="in/one.txt", Body=b"What a lovely day!")
        assert boto3.client("s3").get_object(Bucket="texts", Key="in/one.txt")["Body"].read() == b"What a lovely day!"
        await comprehend.start_sentiment_detection_job(
            InputDataConfig={"S3Uri": "s3://texts/in/", "InputFormat": "ONE_DOC_PER_LINE"},
            OutputDataConfig={"S3Uri": "s3://texts/out/"}, DataAccessRoleArn=role, LanguageCode="en",
        )  # fmt: skip
        assert (await comprehend.list_sentiment_detection_jobs())["SentimentDetectionJobPropertiesList"]
        [written] = (await s3.list_objects_v2(Bucket="texts", Prefix="out/"))["Contents"]
        body = (await s3.get_object(Bucket="texts", Key=written["Key"]))["Body"]
        assert (await body.read())[:2] == b"\x1f\x8b"
        with pytest.raises(s3.exceptions.NoSuchKey):
            await s3.get_object(Bucket="texts", Key="none")


LATE = """
import asyncio, sys
from aiservices_mocks import mock_ai

async def ask(session):
    async with session.create_client("comprehend", region_name="us-east-1") as comprehend:
        await comprehend.detect_sentiment(Text="A lovely day", LanguageCode="en")

with mock_ai() as outer:
    assert not any(name.startswith("aiobotocore") for name in sys.modules), "mock_ai imported it"
    from aiobotocore.client import AioBaseClient
    from aiobotocore.session import get_session
    original = AioBaseClient._make_api_call
    with mock_ai(fast=fast) as inner:
        asyncio.run(ask(get_session()))
    asyncio.run(ask(get_session()))
    assert AioBaseClient._make_api_call is not original
assert AioBaseClient._make_api_call is original
print(len(inner.calls()), len(outer.calls()))
"""


def test_aiobotocore_may_be_imported_inside_the_block(fast: bool) -> None:
    program = LATE.replace("fast=fast", f"fast={fast}")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=dict(os.environ))
    assert (done.stdout, done.stderr) == ("1 1\n", "")


async def test_httpx_as_its_transport_is_answered_too(mock: Mock, client: Open) -> None:
    from aiobotocore.config import AioConfig
    from aiobotocore.httpxsession import HttpxSession

    async with client("polly", config=AioConfig(http_session_cls=HttpxSession)) as polly:
        spoken = await polly.synthesize_speech(Text="hello", OutputFormat="pcm", VoiceId="Joanna")
        assert await spoken["AudioStream"].read()
