"""Bodies in AWS's chunks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.api.wire import Malformed
from aiservices.server.body import is_chunked, unchunked


def chunked(pieces: list[bytes], trailers: bytes = b"") -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(it), it) for it in pieces if it) + b"0\r\n" + trailers + b"\r\n"


def content(body: bytes, headers: dict[str, str]) -> bytes:
    found = unchunked(body, headers, None)
    if isinstance(found, bytes):
        return found
    with found:
        return found.read()


@given(st.lists(st.binary(max_size=40)))
def test_what_was_cut_is_whole_again(pieces):
    headers = {"content-encoding": "aws-chunked,gzip", "x-amz-decoded-content-length": str(sum(map(len, pieces)))}
    assert content(chunked(pieces, b"x-amz-checksum-crc32:AAAAAA==\r\nother:1\r\n"), headers) == b"".join(pieces)
    assert headers == {
        "content-encoding": "gzip",
        "content-length": str(sum(map(len, pieces))),
        "x-amz-checksum-crc32": "AAAAAA==",
        "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
    }


def test_large_bodies_are_files():
    pieces = [b"x" * 700_000] * 3
    assert content(chunked(pieces), {}) == b"".join(pieces)


@given(st.binary(max_size=80))
def test_anything_else_is_refused_or_read(data):
    try:
        assert len(content(data, {})) <= len(data)
    except Malformed as refused:
        assert refused.status == 400  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"5\r\nhello\r\n",
        b"5\r\nhell",
        b"5\r\nhello0\r\n\r\n",
        b"-5\r\nhello\r\n0\r\n\r\n",
        b"fffffffff\r\n",
        b"0\r\nno trailer\r\n\r\n",
        b"5" * 9000,
    ],
)
def test_cut_off_bodies_are_refused(body):
    with pytest.raises(Malformed):
        content(body, {})


def test_a_length_that_is_not_the_contents_is_refused():
    with pytest.raises(Malformed, match="as long as"):
        content(chunked([b"hello"]), {"x-amz-decoded-content-length": "4"})


def test_which_bodies_are_chunked():
    assert is_chunked({"content-encoding": "aws-chunked"})
    assert is_chunked({"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"})
    assert not is_chunked({"content-encoding": "gzip", "x-amz-content-sha256": "UNSIGNED-PAYLOAD"})
