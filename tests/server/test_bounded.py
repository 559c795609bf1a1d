"""Slow, mute and babbling clients: the server's memory stays bounded, nobody else waits, nothing is a 5xx."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiservices.server import Server

MB = 1 << 20
BODY = b'{"Text": "What a lovely day!", "LanguageCode": "en"}'
HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Comprehend_20171127.DetectSentiment\r\nContent-Length: %d\r\n\r\n"
ASKED = HEAD % len(BODY) + BODY
SAYS = b"GET /_aiservices/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS, PING, CONTINUATION, HEADERS, DATA, RESET = 4, 6, 9, 1, 0, 3
# ":method: POST", ":scheme: http", ":path: /", ":authority: x" as HPACK has them
POSTED = b"\x83\x86\x84\x41\x01x"


class Program:
    """A server in a process of its own."""

    def __init__(self, port: int, pid: int) -> None:
        self.port = port
        self._memory = Path(f"/proc/{pid}/statm")

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def answers(self) -> None:
        """Somebody else is served, by way of a thread and at once."""
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30) as http:
            for path in ("/_aiservices/health",) * 2:
                assert http.get(path).json()["status"] == "ok"
            for _ in range(5):
                headers = {"X-Amz-Target": "Comprehend_20171127.DetectSentiment"}
                assert http.post("/", content=BODY, headers=headers).json()["Sentiment"] == "POSITIVE"

    @contextlib.contextmanager
    def takes_at_most(self, megabytes: int) -> Iterator[None]:
        """What happens meanwhile costs no more memory than this, and others are served."""
        self.answers()
        before = self._resident()
        yield
        self.answers()
        assert self._resident() - before <= megabytes * MB

    def _resident(self) -> int:
        return int(self._memory.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    if not Path("/proc/self/statm").exists():
        pytest.skip("memory is read from /proc")
    command = [sys.executable, "-m", "aiservices", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)", served.stdout.readline())
        assert found
        yield Program(int(found[1]), served.pid)
        served.terminate()
        assert served.communicate(timeout=60) == ("", ""), "nothing went wrong"


def frame(kind: int, flags: int, stream: int, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + content


def pour(connection: socket.socket, data: bytes, most: int) -> int:
    """Send the same again and again without reading, until nothing more is taken; how much was."""
    connection.settimeout(1)
    sent = 0
    with suppress(OSError):
        while sent < most:
            sent += connection.send(data)
    return sent


def test_many_mute_clients_cost_little(program: Program) -> None:
    with ExitStack() as stack, program.takes_at_most(40):
        for number in range(400):
            connection = stack.enter_context(program.connect())
            connection.sendall((b"", b"POST / HT", ASKED[:-9], PREFACE[:10])[number % 4])


def test_bodies_that_never_come_take_no_room(program: Program) -> None:
    with ExitStack() as stack, program.takes_at_most(40):
        for number in range(100):
            connection = stack.enter_context(program.connect())
            head = HEAD % (10**15, 5 << 30, 100 * MB, 20_000)[number % 4]
            connection.sendall(head + bytes(15_000))


def test_large_bodies_wait_on_disk(program: Program) -> None:
    with ExitStack() as stack, program.takes_at_most(40):
        for _ in range(40):
            connection = stack.enter_context(program.connect())
            connection.sendall(HEAD % (100 * MB) + bytes(2 * MB))


@pytest.mark.parametrize("asked", [SAYS, ASKED])
def test_who_asks_without_reading_has_to_wait(program: Program, asked: bytes) -> None:
    with program.takes_at_most(40), program.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        assert pour(connection, asked * 100, 64 * MB) < 64 * MB


@pytest.mark.parametrize(
    "begin",
    [
        b"GET /" + b"x" * 1000,
        HEAD.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked") + b"1;",
        HEAD.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked") + b"0\r\n",
    ],
    ids=["path", "extension", "trailers"],
)
def test_what_has_no_end_is_cut_off(program: Program, begin: bytes) -> None:
    more = b"X-More: " + b"x" * 900 + b"\r\n" if begin.endswith(b"\n") else b"x" * 1000
    with program.takes_at_most(20), program.connect() as connection:
        connection.sendall(begin)
        assert pour(connection, more, 64 * MB) < 64 * MB


def test_frames_without_end_are_cut_off_or_have_to_wait(program: Program) -> None:
    opened = PREFACE + frame(SETTINGS, 0, 0)
    floods = {
        "pings": frame(PING, 0, 0, bytes(8)),
        "settings": frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 65_535)),
        "continuations": frame(CONTINUATION, 0, 1, b"\x40\x04abcd\x04efgh"),
        "resets": b"",
    }
    for kind, data in floods.items():
        with program.takes_at_most(60), program.connect() as connection:
            connection.sendall(opened + (frame(HEADERS, 0, 1, POSTED) if kind == "continuations" else b""))
            if data:
                assert pour(connection, data * 100, 16 * MB) < 16 * MB, kind
                continue
            with suppress(OSError):
                for stream in range(1, 6_001, 2):
                    code = struct.pack(">I", 8)
                    connection.sendall(frame(HEADERS, 4, stream, POSTED) + frame(RESET, 0, stream, code))


def test_bodies_of_many_streams_take_little_room(program: Program) -> None:
    with ExitStack() as stack, program.takes_at_most(60):
        for _ in range(4):
            connection = stack.enter_context(program.connect())
            connection.sendall(PREFACE + frame(SETTINGS, 0, 0))
            for stream in range(1, 181, 2):
                connection.sendall(frame(HEADERS, 4, stream, POSTED))
            reader = threading.Thread(target=_drain, args=(connection,), daemon=True)
            reader.start()
            with suppress(OSError):
                connection.settimeout(2)
                for _ in range(20):  # as much as the window of the connection lets through
                    for stream in range(1, 181, 2):
                        connection.sendall(frame(DATA, 0, stream, bytes(3_000)))


def _drain(connection: socket.socket) -> None:
    with suppress(OSError):
        while connection.recv(65_536):
            pass


_frames = st.builds(
    frame, st.integers(0, 12), st.integers(0, 255), st.integers(0, 7), st.binary(max_size=40) | st.just(POSTED)
)
_babble = st.lists(_frames | st.binary(max_size=30), max_size=6).map(b"".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_babble, st.booleans())
def test_whatever_frames_come_the_next_client_is_served(server: Server, babble: bytes, opens: bool) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection, suppress(OSError):
        connection.sendall(PREFACE + (frame(SETTINGS, 0, 0) if opens else b"") + babble)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass
    assert httpx.get(f"{server.url}/_aiservices/health", timeout=30).status_code == 200


def test_a_head_that_comes_byte_by_byte_is_left(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiservices.server.connection._PATIENCE", 0.1)
    for begun in (b"", SAYS):  # the first head of a connection, and a later one
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(begun + b"GET / HTTP/1.1\r\nX-Slow: ")
            with pytest.raises(OSError, match=r"reset|Broken pipe|abort"):  # noqa: PT012 - whichever byte is too late
                for _ in range(1000):
                    connection.sendall(b"x")
                    threading.Event().wait(0.01)


@pytest.mark.parametrize("asked", [SAYS, ASKED, SAYS * 5, (SAYS + ASKED) * 3])
def test_who_has_said_all_is_still_answered(server: Server, asked: bytes) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(asked)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := connection.recv(65_536):
                answer += piece
        assert answer.count(b"HTTP/1.1 200 ") == asked.count(b"Host")


def test_who_leaves_in_the_middle_of_a_body_is_left(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(ASKED[:-5])
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
