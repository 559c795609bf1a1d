"""The server against moto's: the same DetectSentiment over kept connections, each server in a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from .pairs import Row, row

_OURS = """
import sys
from aiservices.server import Application, Server
server = Server(Application.of_mock())
print(server.port, flush=True)
server.run()
"""
_MOTOS = """
import logging
logging.getLogger("werkzeug").setLevel(logging.ERROR)
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
server._thread.join()
"""
_TEXTS = [f"The food at table {number} was wonderful, and the staff were friendly." for number in range(100)]


@contextmanager
def _serving(code: str) -> Iterator[int]:
    program = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert program.stdout is not None
    try:
        yield int(program.stdout.readline())
    finally:
        program.terminate()
        program.wait()
        program.stdout.close()


def _request(text: str) -> bytes:
    """As botocore sends it; a signature that nobody looks at."""
    body = json.dumps({"Text": text, "LanguageCode": "en"}).encode()
    head = (
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: identity\r\n"
        "X-Amz-Target: Comprehend_20171127.DetectSentiment\r\nContent-Type: application/x-amz-json-1.1\r\n"
        "User-Agent: Boto3/1.44.5 md/Botocore#1.44.5\r\nX-Amz-Date: 20261121T000000Z\r\n"
        "Authorization: AWS4-HMAC-SHA256 Credential=testing/20261121/us-east-1/comprehend/aws4_request, "
        f"SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature={'0' * 64}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


_REQUESTS = [_request(text) for text in _TEXTS]


def _client(port: int, requests: int) -> None:
    """A client that costs little itself: one request after the other, on one connection for as long as it is kept."""
    connection = _connected(port)
    for number in range(requests):
        connection.sendall(_REQUESTS[number % len(_REQUESTS)])
        if not _is_kept(connection):
            connection.close()
            connection = _connected(port)
    connection.close()


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _is_kept(connection: socket.socket) -> bool:
    """Read an answer; whether another request may follow. moto's server closes after each."""
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += connection.recv(65536)
    if not data.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(data[:200].decode("latin-1"))
    head = data[:end].lower()
    begin = head.index(b"content-length:") + len(b"content-length:")
    whole = end + 4 + int(head[begin:].split(b"\r\n", 1)[0])
    while len(data) < whole:
        data += connection.recv(65536)
    return b"connection: close" not in head


def _asking(port: int, threads: int, requests: int) -> Callable[[], float]:
    """Microseconds of wall time per request."""

    def measure() -> float:
        begin = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(_client, port, requests // threads) for _ in range(threads)]:
                done.result()
        return (time.perf_counter() - begin) / requests * 1e6

    return measure


def all_rows() -> Iterator[Row]:
    """One client, and eight at once."""
    with _serving(_OURS) as ours, _serving(_MOTOS) as theirs:
        for threads in (1, 8):
            yield row(
                f"DetectSentiment over HTTP, {threads} client{'s' if threads > 1 else ''}", "moto's server, a constant",
                _asking(ours, threads, 800), _asking(theirs, threads, 160),
                unit="µs", limit=1 / 10,
            )  # fmt: skip
