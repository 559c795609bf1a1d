"""Which operation a request is for: by signing name, then target, then path, then host."""

from __future__ import annotations

import pytest

from aiservices.api.wire import Malformed, Request
from aiservices.api.wire.routes import Router

ROUTER = Router()
TARGET = "Comprehend_20171127.DetectSentiment"


def routed(method: str = "POST", target: str = "/", signed: str = "", **headers: str) -> str | None:
    """The operation that a request is for; None when it is for no service of ours."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    if signed:
        scope = f"Credential=AKIDEXAMPLE/20261121/us-east-1/{signed}/aws4_request"
        told["Authorization"] = f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=00"
    route = ROUTER.route(Request(method, target, told))
    return f"{route.operation.service.name}.{route.operation.name}" if route else None


@pytest.mark.parametrize("service", ["s3", "sts", "dynamodb", "bedrock"])
def test_what_is_signed_for_another_service_is_not_ours_whatever_else_it_says(service: str) -> None:
    assert routed(signed=service, X_Amz_Target=TARGET, Host="comprehend.us-east-1.amazonaws.com") is None
    assert routed("GET", "/bots/", signed=service) is None
    presigned = f"/v1/speech?X-Amz-Credential=A%2F20261121%2Fus-east-1%2F{service}%2Faws4_request"
    assert routed("GET", presigned) is None


def test_a_target_comes_before_a_path() -> None:
    assert routed("POST", "/v1/speech", X_Amz_Target=TARGET) == "comprehend.DetectSentiment"
    assert routed("POST", "/v1/speech", signed="polly", X_Amz_Target=TARGET) == "comprehend.DetectSentiment"
    assert routed("POST", "/v1/speech") == "polly.SynthesizeSpeech"


def test_a_path_is_the_signing_names() -> None:
    for signed, found in (("lex", "lexv2-models"), ("codeguru-security", "codeguru-security")):
        assert routed("GET", "/tags/arn%3Ax", signed=signed) == f"{found}.ListTagsForResource"
    with pytest.raises(Malformed) as refused:
        routed("GET", "/tags/arn%3Ax", signed="polly")
    assert (refused.value.code, refused.value.status) == ("UnknownOperationException", 404)


@pytest.mark.parametrize(
    ("host", "service"),
    [
        ("models-v2-lex.eu-west-1.amazonaws.com", "lexv2-models"),
        ("codeguru-profiler.us-east-1.amazonaws.com", "codeguruprofiler"),
        ("codeguru-security.us-east-1.api.aws", "codeguru-security"),
        ("codeguru-security.us-east-1.amazonaws.com:4566", "codeguru-security"),
    ],
)
def test_a_path_that_several_services_have_is_the_hosts(host: str, service: str) -> None:
    assert routed("GET", "/tags/arn%3Ax", Host=host) == f"{service}.ListTagsForResource"


def test_an_unsigned_request_that_fits_nothing_is_not_ours() -> None:
    assert routed("GET", "/bucket/key", Host="localhost:4566") is None
    assert routed("POST", "/", X_Amz_Target="DynamoDB_20120810.GetItem") is None


def test_the_path_with_more_told_parts_comes_first() -> None:
    assert routed("GET", "/bots/ABCDEFGHIJ/botversions/1/", signed="lex") == "lexv2-models.DescribeBotVersion"
    assert routed("PUT", "/bots/ABCDEFGHIJ/", signed="lex") == "lexv2-models.UpdateBot"
    assert routed("PUT", "/bots/", signed="lex") == "lexv2-models.CreateBot"
