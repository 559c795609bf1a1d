"""Bad input over a raw socket: always a 4xx, never a hang, and the next client is served."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO
from weakref import WeakKeyDictionary

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiservices.server import Application, Server

SENTIMENT = b'{"Text": "What a lovely day!", "LanguageCode": "en"}'
SCOPE = "AWS4-HMAC-SHA256 Credential=testing/20261121/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=00"
TARGET = b"X-Amz-Target: Comprehend_20171127.DetectSentiment\r\n"


@pytest.fixture
def connection(server: Server) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as made:
        yield made
        file = _files.pop(made, None)
        if file is not None:
            file.close()


_files: WeakKeyDictionary[socket.socket, BinaryIO] = WeakKeyDictionary()


def answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """The next one on a connection."""
    if connection not in _files:
        _files[connection] = connection.makefile("rb")
    file = _files[connection]
    status = int(file.readline().split()[1])
    headers = {}
    while line := file.readline().strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    if status == 100:
        return answer(connection)
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(file.readline(), 16):
            body += file.read(size)
            file.readline()
        file.readline()
        return status, headers, body
    return status, headers, file.read(int(headers["content-length"]))


def post(body: bytes, *more: bytes) -> bytes:
    lines = [b"POST / HTTP/1.1", b"Host: localhost", b"Content-Length: %d" % len(body), *more]
    return b"\r\n".join(lines) + b"\r\n" + TARGET + b"\r\n" + body


def test_a_connection_is_kept(connection):
    for _ in range(6):  # the first ones by way of a thread, the others at once
        connection.sendall(post(SENTIMENT))
        status, headers, body = answer(connection)
        assert (status, json.loads(body)["Sentiment"]) == (200, "POSITIVE")
        assert headers["content-type"] == "application/x-amz-json-1.1"
        assert "date" in headers


def test_requests_may_follow_each_other_without_waiting(connection):
    texts = ["What a lovely day!", "This is awful, I hate it."] * 6
    connection.sendall(b"".join(post(json.dumps({"Text": text, "LanguageCode": "en"}).encode()) for text in texts))
    found = [json.loads(answer(connection)[2])["Sentiment"] for _ in texts]
    assert found == ["POSITIVE", "NEGATIVE"] * 6


def test_a_connection_is_closed_when_asked(connection):
    for warm in (False, True):
        connection.sendall(post(SENTIMENT, *([b"Connection: close"] if warm else [])))
        assert answer(connection)[0] == 200
    assert connection.recv(1) == b""


def test_a_chunked_body_is_read(connection):
    pieces = b"".join(b"%x\r\n%b\r\n" % (len(it), it) for it in (SENTIMENT[:10], SENTIMENT[10:])) + b"0\r\n\r\n"
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n" + TARGET + b"\r\n"
    connection.sendall(head + pieces)
    assert json.loads(answer(connection)[2])["Sentiment"] == "POSITIVE"


def test_a_client_that_waits_for_100_is_told_to_go_on(connection):
    connection.sendall(post(SENTIMENT, b"Expect: 100-continue").removesuffix(SENTIMENT))
    assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.sendall(SENTIMENT)
    assert answer(connection)[0] == 200


def test_a_compressed_body_is_read(connection):
    connection.sendall(post(gzip.compress(SENTIMENT), b"Content-Encoding: gzip"))
    assert json.loads(answer(connection)[2])["Sentiment"] == "POSITIVE"


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        (post(b"{"), 400, "SerializationException"),
        (post(b"[]"), 400, "SerializationException"),
        (post(b"{}"), 400, "ValidationException"),
        (post(b'{"Text": 5, "LanguageCode": "en"}'), 400, "SerializationException"),
        (post(b"\xff\xfe"), 400, "SerializationException"),
        (post(b"[" * 100_000), 400, "SerializationException"),
        (post(b"no gzip", b"Content-Encoding: gzip"), 400, "SerializationException"),
        (post(b"zz\r\n", b"Content-Encoding: aws-chunked"), 400, "IncompleteBody"),
        (post(SENTIMENT).replace(b"DetectSentiment", b"DetectNothing"), 400, "UnknownOperationException"),
        (b"GET /v1/nothing HTTP/1.1\r\nAuthorization: %b\r\nHost: x\r\n\r\n" % SCOPE.format("polly").encode(),
         404, "UnknownOperationException"),
        (b"POST /service/Comprehend_20171127/operation/Nothing HTTP/1.1\r\nHost: x\r\ncontent-length: 0\r\n\r\n",
         400, "UnknownOperationException"),
    ],
)  # fmt: skip
def test_bad_requests_are_refused_and_the_connection_is_kept(connection, request_, status, code):
    connection.sendall(request_)
    told, _, body = answer(connection)
    assert told == status, body
    assert code.encode() in body
    connection.sendall(post(SENTIMENT))
    assert answer(connection)[0] == 200


@pytest.mark.parametrize("service", ["s3", "dynamodb", "sagemaker", "nothing", "iam", "", "ö", "bedrock", "logs"])
@pytest.mark.parametrize("start", [b"GET /", b"POST /?Action=%00", b"PUT /%ff%fe/%", b"DELETE //..//x", b"BREW /"])
def test_bad_requests_for_other_services_are_4xx(connection, service, start):
    signed = SCOPE.format(service).encode()
    connection.sendall(
        start + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nAuthorization: " + signed + b"\r\n\r\n\xff{"
    )
    assert answer(connection)[0] < 500


def test_garbage_is_400(connection):
    connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 50 + b"\r\n\r\n")
    assert answer(connection)[0] == 400
    assert connection.recv(1) == b""


def test_a_head_without_end_is_cut_off(connection):
    connection.sendall(b"GET / HTTP/1.1\r\n")
    with pytest.raises(OSError, match=r"reset|Broken pipe"):  # noqa: PT012 - which of the lines is the last one is open
        for number in range(100_000):
            connection.sendall(b"X-%d: " % number + b"x" * 1000 + b"\r\n")


def test_a_body_over_the_limit_is_413_and_may_be_sent_to_its_end():
    with (
        Server(Application.of_mock()) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection,
    ):
        server.application.limit = 1 << 20
        large = b"x" * (3 << 20)
        connection.sendall(post(large))
        status, _, body = answer(connection)
        assert (status, b"RequestEntityTooLargeException" in body) == (413, True)
        connection.sendall(post(SENTIMENT))
        assert answer(connection)[0] == 200
        connection.sendall(post(large, b"Expect: 100-continue").removesuffix(large))
        assert answer(connection)[0] == 413
        assert connection.recv(1) == b""


def test_who_leaves_in_the_middle_harms_nobody(server):
    for cut in (5, 40, len(post(SENTIMENT)) - 5):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as leaving:
            leaving.sendall(post(SENTIMENT)[:cut])
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(post(SENTIMENT))
        assert answer(connection)[0] == 200


_methods = st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"])
_paths = st.sampled_from(["/", "/v1/speech", "/bots", "/_aiservices/script", "/_aiservices/clock", "/bucket/key"])
_services = st.sampled_from(["comprehend", "polly", "lex", "s3", "codeguru-reviewer", "nothing"])
_targets = st.sampled_from(["Comprehend_20171127.DetectSentiment", "Textract.DetectDocumentText", "x", ""])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(_methods, _paths, st.text("/?&=%az0", max_size=8), _services, _targets, st.binary(max_size=60))
def test_no_request_is_a_5xx(http, method, path, tail, service, target, body):
    headers = {"Authorization": SCOPE.format(service), **({"X-Amz-Target": target} if target else {})}
    reply = http.request(method, path + tail, headers=headers, content=body)
    assert reply.status_code < 500, reply.text


def test_who_sends_nothing_is_left(server, monkeypatch):
    monkeypatch.setattr("aiservices.server.connection._PATIENCE", 0.02)
    for begun in (b"", b"POST / HTTP/1.1\r\nHost", post(SENTIMENT)[:-5], b"PRI *"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(begun)
            with suppress(ConnectionResetError):  # the connection is gone either way
                assert connection.recv(1) == b""
