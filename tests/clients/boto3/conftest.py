"""boto3's clients, made once, told of the server by the environment alone."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest


@pytest.fixture(scope="session")
def client() -> Callable[..., Any]:
    return cache(boto3.client)


@pytest.fixture(scope="session")
def s3(client: Any) -> Any:
    return client("s3")


@pytest.fixture(scope="session")
def bucket(s3: Any) -> str:
    s3.create_bucket(Bucket="boto3-files")
    s3.get_waiter("bucket_exists").wait(Bucket="boto3-files", WaiterConfig={"Delay": 0})
    return "boto3-files"


@pytest.fixture(scope="session")
def control(url: str) -> Callable[..., Any]:
    """Ask what the server has beside AWS's protocols; it demands a signature there too."""

    def ask(method: str, name: str, body: Any = None) -> Any:
        request = AWSRequest(method, f"{url}/_aiservices/{name}", data=json.dumps(body).encode())
        SigV4Auth(boto3.Session().get_credentials(), "aiservices", "us-east-1").add_auth(request)
        sent = urllib.request.Request(request.url, request.data, dict(request.headers), method=method)
        with urllib.request.urlopen(sent, timeout=20) as reply:
            return json.load(reply)

    return ask
