"""Signatures: what botocore's signers make is accepted, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http.client import HTTPMessage
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import httpx
import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from aiservices.api.wire import Malformed, Request
from aiservices.errors import InvalidCallError
from aiservices.server import Application, Keys, Server, read_keys
from aiservices.server.body import unchunked

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SIGNERS = {
    "header": lambda who, service: SigV4Auth(who, service, "us-east-1"),
    "s3": lambda who, service: S3SigV4Auth(who, "s3", "us-east-1"),
    "query": lambda who, service: SigV4QueryAuth(who, service, "us-east-1", expires=60),
    "s3-query": lambda who, service: S3SigV4QueryAuth(who, "s3", "us-east-1", expires=60),
}


def signed(how: str, method: str, url: str, body: bytes = b"", *, secret: str = SECRET) -> tuple[Request, str]:
    """A request as it arrives, and its query."""
    body = b"" if how.endswith("query") else body  # botocore moves it into the query
    made = AWSRequest(method, url, {"Host": urlsplit(url).netloc, "X-Amz-Target": "A.B"}, body)
    SIGNERS[how](Credentials(KEY, secret), "comprehend").add_auth(made)
    made.context.clear()
    arrived = urlsplit(made.prepare().url)
    headers = {name: str(value) for name, value in made.headers.items()}
    return Request(method, f"{arrived.path or '/'}?{arrived.query}", headers, body), arrived.query


def keys(after: timedelta = timedelta()) -> Keys:
    return Keys({KEY: SECRET}, lambda: datetime.now(UTC) + after)


@pytest.mark.parametrize("how", SIGNERS)
@given(path=st.text("abc/ .~ü%+", max_size=12), body=st.binary(max_size=20), value=st.text("ab &=+ü%/", max_size=6))
def test_botocores_signatures_are_accepted(how, path, body, value):
    url = str(httpx.URL("https://localhost:4566/x" + path.replace("%", "%25"), params={"q": value, "b": "", "a": "1"}))
    request, query = signed(how, "POST", url.replace("+", "%20"), body)
    assert keys().check(request, query) is None


@pytest.mark.parametrize(("sent_to", "accepted"), [("localhost:4566", True), ("elsewhere", False)])
def test_over_http2_the_host_is_signed_by_its_other_name(sent_to, accepted):
    """The AWS SDK for JavaScript does so; botocore's signer makes it out of a header of that name."""
    made = AWSRequest("POST", "https://localhost:4566/", {":authority": "localhost:4566", "Host": "left out"})
    signer = SigV4Auth(Credentials(KEY, SECRET), "polly", "us-east-1")
    signer.headers_to_sign = lambda request: _without_host(request.headers)
    signer.add_auth(made)
    headers = {name: str(value) for name, value in made.headers.items() if name != ":authority"}
    assert ";host" not in headers["Authorization"]
    request = Request("POST", "/", {**headers, "Host": sent_to})
    if accepted:
        assert keys().check(request, "") is None
    else:
        with pytest.raises(Malformed):
            keys().check(request, "")


def _without_host(headers):
    kept = HTTPMessage()
    for name in (":authority", "X-Amz-Date"):
        kept[name.lower()] = headers[name]
    return kept


def test_an_address_that_the_server_signs_is_good_for_one_request_and_an_hour():
    asking, _ = signed("header", "POST", "https://localhost/")
    path = keys().presigned(asking, "PUT", "/bucket/a b.zip", "eu-west-1")
    query = path.partition("?")[2]
    assert keys().check(Request("PUT", path, {"host": "localhost"}, b"any body"), query) is None
    assert keys(timedelta(minutes=59)).check(Request("PUT", path, {"host": "localhost"}), query) is None
    for late, method, where in ((61, "PUT", path), (0, "GET", path), (0, "PUT", path.replace("a b", "b"))):
        with pytest.raises(Malformed):
            keys(timedelta(minutes=late)).check(Request(method, where, {"host": "localhost"}), query)


@pytest.mark.parametrize("how", SIGNERS)
@pytest.mark.parametrize("changed", ["method", "path", "query", "body", "header", "host", "secret"])
def test_what_was_changed_is_refused(how, changed):
    secret = "another" if changed == "secret" else SECRET
    request, query = signed(how, "POST", "https://localhost/a/b?x=1", b"hello", secret=secret)
    if changed == "method":
        request.method = "PUT"
    elif changed == "path":
        request.path = "/a/c"
    elif changed == "query":
        query = query.replace("x=1", "x=2")
    elif changed == "body":
        request.body = b"jello"
    elif changed == "header":
        request.headers["x-amz-target"] = "A.C"
    elif changed == "host":
        request.headers["host"] = "elsewhere"
    if (changed, how) == ("body", "s3-query"):  # is not signed
        assert keys().check(request, query) is None
        return
    with pytest.raises(Malformed) as refused:
        keys().check(request, query)
    assert refused.value.code in ("InvalidSignatureException", "SignatureDoesNotMatch", "XAmzContentSHA256Mismatch")
    assert refused.value.status == 403


@pytest.mark.parametrize(
    ("how", "minutes", "code"),
    [
        ("header", 16, "InvalidSignatureException"),
        ("header", -16, "InvalidSignatureException"),
        ("s3", 16, "RequestTimeTooSkewed"),
        ("query", 2, "InvalidSignatureException"),
        ("s3-query", 2, "AccessDenied"),
        ("s3-query", -16, "RequestTimeTooSkewed"),
    ],
)
def test_what_is_too_old_or_of_the_future_is_refused(how, minutes, code):
    request, query = signed(how, "POST", "https://localhost/")
    assert keys().check(request, query) is None
    with pytest.raises(Malformed) as refused:
        keys(timedelta(minutes=minutes)).check(request, query)
    assert refused.value.code == code


def test_a_strange_key_is_refused():
    request, query = signed("header", "POST", "https://localhost/")
    with pytest.raises(Malformed) as refused:
        Keys({"OTHER": SECRET}).check(request, query)
    assert refused.value.code == "UnrecognizedClientException"


@pytest.mark.parametrize(
    "authorization",
    [
        "", "Basic abc", "AWS4-HMAC-SHA256 nothing",
        f"AWS4-HMAC-SHA256 Credential={KEY}, SignedHeaders=host, Signature={'0' * 64}",
        f"AWS4-HMAC-SHA256 Credential={KEY}/20260101/us-east-1/s3/aws4_request, SignedHeaders=date, Signature={'0' * 64}",
        f"AWS4-HMAC-SHA256 Credential={KEY}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature={'0' * 64}",
    ],
)  # fmt: skip
def test_what_is_not_signed_as_it_must_be_is_refused(authorization):
    request = Request("POST", "/", {"authorization": authorization, "host": "x", "x-amz-date": "now"})
    with pytest.raises(Malformed) as refused:
        keys().check(request, "")
    assert refused.value.status in (400, 403)


AMAZONS_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
AMAZONS_HEADERS = {
    "host": "s3.amazonaws.com",
    "x-amz-date": "20130524T000000Z",
    "x-amz-storage-class": "REDUCED_REDUNDANCY",
    "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "content-encoding": "aws-chunked",
    "x-amz-decoded-content-length": "66560",
    "content-length": "66824",
    "authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
    "SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
    "x-amz-decoded-content-length;x-amz-storage-class,"
    "Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
}
AMAZONS_CHUNKS = (
    (65536, b"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
    (1024, b"0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
    (0, b"b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
)


def amazons(letter: bytes = b"a", last: bytes = b"") -> bytes:
    """The content of the example of a body in signed chunks in AWS's documentation of Signature Version 4 for S3."""
    body = b"".join(
        b"%x;chunk-signature=%b\r\n%b\r\n" % (size, last or signature if not size else signature, letter * size)
        for size, signature in AMAZONS_CHUNKS
    )
    request = Request("PUT", "/examplebucket/chunkObject.txt", AMAZONS_HEADERS, body)
    then = datetime(2013, 5, 24, tzinfo=UTC)
    chunks = Keys({"AKIAIOSFODNN7EXAMPLE": AMAZONS_SECRET}, lambda: then).check(request, "")
    assert chunks is not None
    found = unchunked(body, request.headers, chunks)
    assert isinstance(found, bytes)
    return found


def test_signed_chunks_are_checked():
    assert amazons() == b"a" * 66560
    for changed in ({"letter": b"b"}, {"last": b"0" * 64}):
        with pytest.raises(Malformed) as refused:
            amazons(**changed)
        assert refused.value.code == "SignatureDoesNotMatch"


def test_a_server_with_keys_serves_those_who_have_one():
    one_try = Config(retries={"total_max_attempts": 1})
    with Server(Application.of_mock(keys=keys())) as server:

        def client(service, secret=SECRET, config=one_try):
            return boto3.client(
                service, endpoint_url=server.url, region_name="us-east-1", aws_access_key_id=KEY,
                aws_secret_access_key=secret, config=config,
            )  # fmt: skip

        assert client("polly").list_lexicons()["Lexicons"] == []
        client("comprehend").detect_sentiment(Text="ü", LanguageCode="en")
        s3 = client("s3")
        s3.create_bucket(Bucket="signed")
        s3.put_object(Bucket="signed", Key="a b/ü+.bin", Body=b"x" * 2_000_000)
        named = {"Bucket": "signed", "Key": "a b/ü+.bin"}
        address = client("s3", config=Config(signature_version="s3v4")).generate_presigned_url("get_object", named)
        assert httpx.get(address).content == b"x" * 2_000_000
        old = httpx.get(s3.generate_presigned_url("get_object", named))
        assert (old.status_code, "AWS4-HMAC-SHA256" in old.text) == (400, True)
        for service, ask in (("polly", "list_lexicons"), ("s3", "list_buckets"), ("comprehend", "list_endpoints")):
            with pytest.raises(ClientError) as raised:
                getattr(client(service, "wrong"), ask)()
            assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
            assert "Signature" in raised.value.response["Error"]["Code"]
        assert httpx.get(f"{server.url}/_aiservices/health").status_code == 200
        assert httpx.post(f"{server.url}/_aiservices/reset").status_code == 403
        assert httpx.get(f"{server.url}/signed/x").status_code == 403


def test_elsewhere_than_on_loopback_keys_are_demanded():
    with pytest.raises(InvalidCallError, match="key pairs"):
        Server(Application.of_mock(), host="0.0.0.0")


def test_key_files(tmp_path: Path):
    file = tmp_path / "keys"
    file.write_text("# of the team\nAKID:secret:with/colons\n\nOTHER:x\n")
    assert read_keys(file) == {"AKID": "secret:with/colons", "OTHER": "x"}
    for wrong in ("", "AKID\n", ":x\n"):
        file.write_text(wrong)
        with pytest.raises(InvalidCallError) as raised:
            read_keys(file)
        assert "access:secret" in str(raised.value)
