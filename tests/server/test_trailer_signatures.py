"""Signed trailers: what follows the chunks of a body is signed, too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aiservices.api.wire import Malformed, Request
from aiservices.server import Keys
from aiservices.server.body import unchunked

# The example in AWS's documentation of Signature Version 4 for S3, "Signature Calculations for the Authorization
# Header: Including Trailing Headers (Chunked Upload)".
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
HEADERS = {
    "host": "s3.amazonaws.com",
    "x-amz-date": "20130524T000000Z",
    "x-amz-storage-class": "REDUCED_REDUNDANCY",
    "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "content-encoding": "aws-chunked",
    "x-amz-decoded-content-length": "66560",
    "x-amz-trailer": "x-amz-checksum-crc32c",
    "authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
    "SignedHeaders=content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
    "x-amz-storage-class;x-amz-trailer,Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
}
CHUNKS = (
    (65536, b"b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2"),
    (1024, b"1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7"),
    (0, b"2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"),
)
TRAILER = b"x-amz-checksum-crc32c:sOO8/Q==\r\n"
SIGNED = b"x-amz-trailer-signature:%b\r\n" % b"d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"


def read(trailers: bytes, last: bytes = b"\r\n") -> tuple[bytes, dict[str, str]]:
    """The content and the headers of the example, with these trailers."""
    chunks = [b"%x;chunk-signature=%b\r\n%b" % (size, told, b"a" * size) for size, told in CHUNKS]
    request = Request("PUT", "/examplebucket/chunkObject.txt", HEADERS, b"\r\n".join(chunks) + trailers + last)
    keys = Keys({"AKIAIOSFODNN7EXAMPLE": SECRET}, lambda: datetime(2013, 5, 24, tzinfo=UTC))
    found = unchunked(request.body, request.headers, keys.check(request, ""))
    assert isinstance(found, bytes)
    return found, request.headers


def test_signed_trailers_become_headers() -> None:
    content, headers = read(TRAILER + SIGNED)
    assert content == b"a" * 66560
    assert headers["x-amz-checksum-crc32c"] == "sOO8/Q=="


@pytest.mark.parametrize(
    "trailers",
    [TRAILER, TRAILER.replace(b"s", b"t", 1) + SIGNED, SIGNED, TRAILER + SIGNED.replace(b"d81f", b"d81e")],
    ids=["unsigned", "changed", "taken away", "signed otherwise"],
)
def test_trailers_that_are_not_signed_as_they_are_are_refused(trailers: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        read(trailers)
    assert (refused.value.code, refused.value.status) == ("SignatureDoesNotMatch", 403)


def test_trailers_that_are_announced_and_missing_are_refused() -> None:
    with pytest.raises(Malformed):
        read(b"")
