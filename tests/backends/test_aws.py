"""The AWS backend over a real boto3 client, answered by botocore's Stubber or by nobody."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import UnStubbedResponseError
from botocore.response import StreamingBody
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st

from aiservices.api.model import load
from aiservices.backends.aws import AWS, Body
from aiservices.call import SERVICES, Call
from aiservices.config import Settings
from aiservices.errors import (
    AccessDeniedError,
    BadRequestError,
    ConflictError,
    InvalidCallError,
    NotFoundError,
    QuotaError,
    ServiceError,
    ServiceFaultError,
    ThrottledError,
    TransportError,
)

CALL = Call("comprehend", "DetectSentiment", {"Text": "Merci !", "LanguageCode": "fr"})
SECRET = "my card is 4111 1111 1111 1111"


@pytest.fixture(scope="module")
def session() -> boto3.Session:
    return boto3.Session("testing", "testing", region_name="us-east-1")


@pytest.fixture
def aws(session: boto3.Session) -> Iterator[AWS]:
    backend = AWS(Settings(region="us-east-1"), session=session)
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def shared(session: boto3.Session) -> Iterator[AWS]:
    """For tests that make many calls and leave nothing behind."""
    backend = AWS(Settings(region="us-east-1"), session=session)
    yield backend
    backend.close()


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine where nobody has set up AWS."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return monkeypatch


def failed(aws: AWS, call: Call) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the tests look at what it is
        aws.send(call)
    return caught.value


def shown(error: Exception) -> str:
    """What a log or a terminal would show of it."""
    return "".join(traceback.format_exception(error))


def test_a_reply_is_boto3s_with_our_note(aws: AWS) -> None:
    with Stubber(aws.client("comprehend")) as stubber:
        stubber.add_response("detect_sentiment", {"Sentiment": "POSITIVE"}, dict(CALL.params))
        reply = aws.send(CALL)
    assert reply["Sentiment"] == "POSITIVE"
    assert reply["ResponseMetadata"]["AIServices"] == {"backend": "aws", "region": "us-east-1"}


@pytest.mark.parametrize(
    ("code", "status", "kind", "retry"),
    [
        ("TooManyRequestsException", 400, ThrottledError, "throttle"),
        ("TextSizeLimitExceededException", 400, BadRequestError, "never"),
        ("ResourceNotFoundException", 400, NotFoundError, "never"),
        ("ResourceInUseException", 400, ConflictError, "wait"),
        ("ResourceLimitExceededException", 400, QuotaError, "never"),
        ("InternalServerException", 500, ServiceFaultError, "transient"),
        ("AccessDeniedException", 400, AccessDeniedError, "never"),
        ("NobodyKnowsException", 400, BadRequestError, "never"),
        ("NobodyKnowsException", 503, ServiceFaultError, "transient"),
        ("NobodyKnowsException", 429, ThrottledError, "throttle"),
    ],
)
def test_an_error_answer_becomes_ours(aws: AWS, code: str, status: int, kind: type, retry: str) -> None:
    with Stubber(aws.client("comprehend")) as stubber:
        stubber.add_client_error("detect_sentiment", code, "it is so", status, response_meta={"RequestId": "r-1"})
        error = failed(aws, CALL)
    assert type(error) is kind
    assert isinstance(error, ServiceError)
    assert (error.code, error.message, error.status, error.request_id) == (code, "it is so", status, "r-1")
    assert (error.service, error.operation, error.retry) == ("comprehend", "DetectSentiment", retry)
    assert str(error).startswith(f"comprehend.DetectSentiment: {code}: it is so")
    assert error.__cause__ is not None
    assert type(error.__cause__).__name__ in (code, "ClientError")


def test_further_members_of_an_error_are_details(aws: AWS) -> None:
    with Stubber(aws.client("comprehend")) as stubber:
        stubber.add_client_error(
            "classify_document",
            "InvalidRequestException",
            "bad",
            modeled_fields={"Reason": "INVALID_DOCUMENT", "Detail": {"Reason": "DOCUMENT_SIZE_EXCEEDED"}},
        )
        error = failed(aws, Call("comprehend", "ClassifyDocument", {"EndpointArn": "arn:" + "a" * 30, "Text": "t"}))
    assert isinstance(error, ServiceError)
    assert error.details == {"Reason": "INVALID_DOCUMENT", "Detail": {"Reason": "DOCUMENT_SIZE_EXCEEDED"}}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"x-amz-retry-after": "1500"}, 1.5),
        ({"x-amz-retry-after": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "whenever"}, None),
        ({}, None),
    ],
)
def test_when_to_come_back_is_read_from_the_headers(aws: AWS, headers: dict[str, str], seconds: float | None) -> None:
    with Stubber(aws.client("polly")) as stubber:
        stubber.add_client_error(
            "list_lexicons", "ThrottlingException", response_meta={"HTTPHeaders": headers}, http_status_code=400
        )
        error = failed(aws, Call("polly", "ListLexicons", {}))
    assert isinstance(error, ThrottledError)
    assert error.retry_after == seconds


# Contents stay out of errors, and out of the traceback's causes.


def test_a_validation_message_does_not_repeat_the_text(aws: AWS) -> None:
    message = (
        f"2 validation errors detected: Value '{SECRET}' at 'text' failed to satisfy constraint: Member must have "
        "length less than or equal to 5; Value 'xx' at 'languageCode' failed to satisfy constraint: Member must "
        "satisfy enum value set: [en, fr]"
    )
    with Stubber(aws.client("comprehend")) as stubber:
        stubber.add_client_error("detect_sentiment", "ValidationException", message)
        error = failed(aws, CALL)
    assert isinstance(error, ServiceError)
    assert SECRET not in shown(error)
    assert "Value (30 characters) at 'text' failed" in str(error)
    assert "Value 'xx' at 'languageCode'" in str(error)
    assert error.message == message


@pytest.mark.parametrize(
    "params",
    [
        {"Text": [SECRET], "LanguageCode": "en"},
        {"Text": SECRET, "LanguageCode": {"a\nb": SECRET}},
        {"Text": SECRET, "LanguageCode": "en", "Extra": SECRET},
        {"Text": SECRET},
    ],
)
def test_parameters_that_botocore_refuses_are_named_not_shown(aws: AWS, params: dict[str, Any]) -> None:
    error = failed(aws, Call("comprehend", "DetectSentiment", params))
    assert isinstance(error, InvalidCallError)
    assert "4111" not in shown(error)
    assert "arameter" in str(error)
    assert str(error).startswith("comprehend.DetectSentiment: ")


@given(text=st.text())
def test_no_value_of_a_wrong_type_is_shown(shared: AWS, text: str) -> None:
    value = f"{text}4111\n, 4111{text}"
    params = {"Image": value, "MaxLabels": value, "Features": [value, {}], "Settings": {"GeneralLabels": value}}
    error = failed(shared, Call("rekognition", "DetectLabels", params))
    assert isinstance(error, InvalidCallError)
    assert "4111" not in shown(error)
    for place in ("Image", "MaxLabels", "Features[1]", "Settings.GeneralLabels"):
        assert f"parameter {place}," in str(error)


def test_a_value_that_cannot_be_written_is_refused_without_showing_it(aws: AWS) -> None:
    call = Call("rekognition", "DetectLabels", {"Image": {"Bytes": io.BytesIO(SECRET.encode())}})
    error = failed(aws, call)
    assert isinstance(error, InvalidCallError)
    assert "4111" not in shown(error)


# Operations, services and versions.


def test_a_misspelt_operation_has_a_nearest_one(aws: AWS) -> None:
    error = failed(aws, Call("comprehend", "DetectSentimant", {}))
    assert isinstance(error, InvalidCallError)
    assert 'did you mean "DetectSentiment"?' in str(error)


@pytest.mark.parametrize(
    ("service", "operation"), [("lexv2-runtime", "StartConversation"), ("polly", "StartSpeechSynthesisStream")]
)
def test_a_two_way_stream_is_not_offered(aws: AWS, service: str, operation: str) -> None:
    error = failed(aws, Call(service, operation, {}))
    assert isinstance(error, InvalidCallError)
    assert "two-way event stream" in str(error)


def test_a_misspelt_service_has_a_nearest_one(aws: AWS) -> None:
    error = failed(aws, Call("comprehand", "DetectSentiment", {}))
    assert isinstance(error, InvalidCallError)
    assert 'did you mean "comprehend"?' in str(error)


def test_other_services_of_aws_work_too(aws: AWS) -> None:
    with Stubber(aws.client("sts")) as stubber:
        stubber.add_response("get_caller_identity", {"Account": "123456789012"})
        assert aws.send(Call("sts", "GetCallerIdentity", {}))["Account"] == "123456789012"
    error = failed(aws, Call("sts", "GetCallerIdentities", {}))
    assert 'did you mean "GetCallerIdentity"?' in str(error)


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_every_operation_of_every_service_has_its_method(aws: AWS, service: str) -> None:
    client = aws.client(service)
    methods = {operation for name, operation in client.meta.method_to_api_mapping.items() if hasattr(client, name)}
    assert set(load(service).operations) <= methods


def test_an_older_boto3_is_named_with_its_version(aws: AWS) -> None:
    aws.client("comprehend").meta.method_to_api_mapping.pop("detect_sentiment")
    error = failed(aws, CALL)
    assert isinstance(error, InvalidCallError)
    assert f"boto3 {boto3.__version__}" in str(error)
    assert "model is of botocore" in str(error)
    assert "pip install -U boto3" in str(error)


@pytest.mark.parametrize("nested", [False, True])
def test_a_parameter_that_an_older_boto3_lacks_is_named_with_its_version(aws: AWS, nested: bool) -> None:
    model = aws.client("translate").meta.service_model.operation_model("TranslateText")
    params: dict[str, Any] = {"Text": "t", "SourceLanguageCode": "en", "TargetLanguageCode": "fr"}
    if nested:
        model.input_shape.members["Settings"].members.pop("Formality")
    else:
        model.input_shape.members.pop("Settings")
    error = failed(aws, Call("translate", "TranslateText", {**params, "Settings": {"Formality": "FORMAL"}}))
    assert isinstance(error, InvalidCallError)
    assert '"Formality"' in str(error) if nested else '"Settings"' in str(error)
    assert f"boto3 {boto3.__version__}" in str(error)
    assert "pip install -U boto3" in str(error)


def test_a_parameter_that_nobody_knows_does_not_blame_boto3(aws: AWS) -> None:
    error = failed(aws, Call("comprehend", "DetectSentiment", {**CALL.params, "Colour": "red"}))
    assert "Colour" in str(error)
    assert "LanguageCode" in str(error)
    assert "pip" not in str(error)


# What is not set up.


def test_no_region_says_what_to_set(bare: pytest.MonkeyPatch) -> None:
    error = failed(AWS(), CALL)
    assert isinstance(error, InvalidCallError)
    assert "AISERVICES_REGION" in str(error)


def test_no_credentials_say_what_to_set(bare: pytest.MonkeyPatch) -> None:
    error = failed(AWS(Settings(region="us-east-1")), CALL)
    assert isinstance(error, InvalidCallError)
    assert "AWS_ACCESS_KEY_ID" in str(error)
    assert "mock" in str(error)


def test_half_of_the_credentials_say_what_to_set(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("AWS_ACCESS_KEY_ID", "half")
    error = failed(AWS(Settings(region="us-east-1")), CALL)
    assert isinstance(error, InvalidCallError)
    assert "AWS_SECRET_ACCESS_KEY" in str(error)


def test_an_unknown_profile_is_named(bare: pytest.MonkeyPatch) -> None:
    error = failed(AWS(Settings(region="us-east-1", profile="nobody")), CALL)
    assert isinstance(error, InvalidCallError)
    assert "(nobody)" in str(error)
    assert "AWS_PROFILE" in str(error)


def test_a_broken_endpoint_is_named(aws: AWS) -> None:
    error = failed(AWS(Settings(region="us-east-1", endpoint_url="localhost")), CALL)
    assert isinstance(error, InvalidCallError)
    assert "http://localhost:4566" in str(error)


# Clients.


def test_a_client_is_made_as_the_settings_say(session: boto3.Session) -> None:
    settings = Settings(region="us-west-2", timeout=7, connect_timeout=3, concurrency=33, fips=True, dual_stack=True)
    aws = AWS(settings, session=session)
    config = aws.client("polly").meta.config
    assert config.retries["total_max_attempts"] == 1
    assert (config.read_timeout, config.connect_timeout, config.max_pool_connections) == (7, 3, 33)
    assert config.user_agent_extra.startswith("aiservices/0.")
    assert (config.use_fips_endpoint, config.use_dualstack_endpoint) == (True, True)
    assert aws.client("polly").meta.region_name == "us-west-2"
    aws.close()


def test_boto3_finds_what_the_settings_leave_open(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(
        "[profile shop]\nregion = eu-central-1\naws_access_key_id = a\naws_secret_access_key = b\n"
    )
    aws = AWS(Settings(profile="shop"))
    assert aws.client("polly").meta.region_name == "eu-central-1"
    aws.close()


def test_an_endpoint_gets_every_call_and_buckets_in_its_path(session: boto3.Session) -> None:
    aws = AWS(Settings(region="us-east-1", endpoint_url="http://store.example:9000"), session=session)
    url = aws.client("s3").generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "k"})
    assert url.startswith("http://store.example:9000/bucket/k?")
    assert aws.client("polly").meta.endpoint_url == "http://store.example:9000"
    aws.close()


def test_threads_get_one_client_per_service_and_region(aws: AWS) -> None:
    gate = threading.Barrier(12)
    made: list[tuple[str, int]] = []

    def ask(service: str) -> None:
        gate.wait()
        made.append((service, id(aws.client(service))))

    threads = [threading.Thread(target=ask, args=(name,)) for name in ("polly", "comprehend", "translate") * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 12
    assert len(set(made)) == 3
    assert aws.client("polly", "eu-west-1") is not aws.client("polly")
    assert aws.client("polly", "eu-west-1").meta.region_name == "eu-west-1"


def test_a_closed_backend_refuses(session: boto3.Session) -> None:
    aws = AWS(Settings(region="us-east-1"), session=session)
    with Stubber(aws.client("comprehend")) as stubber:
        stubber.add_response("detect_sentiment", {"Sentiment": "POSITIVE"})
        aws.send(CALL)
    aws.close()
    aws.close()
    error = failed(aws, CALL)
    assert isinstance(error, InvalidCallError)
    assert "closed" in str(error)


def test_the_stubbers_own_complaints_pass_through(aws: AWS) -> None:
    with Stubber(aws.client("comprehend")):
        error = failed(aws, CALL)
    assert isinstance(error, UnStubbedResponseError)


# Streams.


def spoken(aws: AWS, data: bytes, length: int) -> Body:
    with Stubber(aws.client("polly")) as stubber:
        stubber.add_response("synthesize_speech", {"AudioStream": StreamingBody(io.BytesIO(data), length)})
        params = {"Text": "hi", "OutputFormat": "mp3", "VoiceId": "Joanna"}
        body: Body = aws.send(Call("polly", "SynthesizeSpeech", params))["AudioStream"]
    return body


def test_a_stream_reads_as_botocores(aws: AWS) -> None:
    data = bytes(range(256)) * 16
    assert spoken(aws, data, len(data)).read() == data
    assert b"".join(spoken(aws, data, len(data))) == data
    assert [len(chunk) for chunk in spoken(aws, data, len(data)).iter_chunks(4000)] == [4000, 96]
    with spoken(aws, data, len(data)) as body:
        assert body.read(3) == data[:3]
        assert body.readable()


@pytest.mark.parametrize(
    "text", [b"", b"one", b"one\n", b"one\ntwo", b"one\r\ntwo\r\n\r\nfour", b"\n\n", "é\n€".encode()]
)
@pytest.mark.parametrize("size", [1, 2, 3, 1024])
def test_a_stream_has_lines(aws: AWS, text: bytes, size: int) -> None:
    assert list(spoken(aws, text, len(text)).iter_lines(size)) == text.splitlines()
    assert list(spoken(aws, text, len(text)).iter_lines(size, keepends=True)) == text.splitlines(keepends=True)


def test_a_short_stream_is_a_broken_one(aws: AWS) -> None:
    body = spoken(aws, b"abc", 10)
    with pytest.raises(TransportError, match=r"polly\.SynthesizeSpeech: the stream broke after 3 bytes") as caught:
        list(body)
    assert caught.value.__cause__ is not None


def test_boto3_is_loaded_by_the_first_call_only() -> None:
    code = (
        "import sys; from aiservices.backends.aws import AWS; AWS(); "
        "print(sorted({'boto3', 'botocore', 'urllib3'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
