"""A gateway: AWS behind our retries, for callers of any language. AWS is played by a mock's server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from aiservices.commands.serve import gateway as application_of_aws
from aiservices.server import Keys, Server

KEY, SECRET = "AKIDEXAMPLE", "a-secret"


@pytest.fixture
def gateway(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AISERVICES_ENDPOINT_URL", server.url)
    monkeypatch.setenv("AISERVICES_REGION", "us-east-1")
    with Server(application_of_aws(Keys({KEY: SECRET}))) as front:

        def client(service: str, secret: str = SECRET) -> Any:
            return boto3.client(
                service, endpoint_url=front.url, region_name="us-east-1", aws_access_key_id=KEY,
                aws_secret_access_key=secret, config=Config(retries={"total_max_attempts": 1}),
            )  # fmt: skip

        yield client


def test_answers_streams_and_errors_pass_through(gateway):
    reply = gateway("comprehend").detect_sentiment(Text="What a lovely day!", LanguageCode="en")
    assert reply["Sentiment"] == "POSITIVE"
    polly = gateway("polly")
    spoken = polly.synthesize_speech(Text="hello", OutputFormat="pcm", VoiceId="Joanna")
    assert len(spoken["AudioStream"].read()) > 1000
    with pytest.raises(polly.exceptions.LexiconNotFoundException):
        polly.get_lexicon(Name="none")


def test_the_gateway_retries(gateway, mock):
    mock.on("polly.ListLexicons").fails("ServiceFailureException", times=1)
    assert gateway("polly").list_lexicons()["Lexicons"] == []
    mock.calls("polly.ListLexicons").times(2)


def test_only_those_with_a_key_get_through(gateway, mock):
    with pytest.raises(ClientError, match="InvalidSignature"):
        gateway("polly", "wrong").list_lexicons()
    mock.calls().never()


def test_other_services_are_not_passed_on(gateway):
    with pytest.raises(ClientError, match="NotImplemented"):
        gateway("s3").list_buckets()
