"""HTTP/2 by prior knowledge, at the port of HTTP/1.1."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from h2.connection import H2Connection
from h2.events import DataReceived, StreamEnded
from hypothesis import given
from hypothesis import strategies as st

from aiservices.server import Server
from aiservices.server.frames import PREFACE, Frames

FAREWELL = b"\0\0\x08\x07" + b"\0" * 13
"""GOAWAY, NO_ERROR."""
TARGET = {"X-Amz-Target": "Comprehend_20171127.DetectSentiment"}
SENTIMENT = {"Text": "What a lovely day!", "LanguageCode": "en"}
SPEECH = {"Text": "hello " * 20, "OutputFormat": "pcm", "VoiceId": "Joanna"}


@pytest.fixture
def http2(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, http1=False, http2=True, timeout=20) as client:
        yield client


def test_requests_are_answered_on_one_connection(http2, http):
    for _ in range(6):
        reply = http2.post("/", json=SENTIMENT, headers=TARGET)
        assert (reply.http_version, reply.json()["Sentiment"]) == ("HTTP/2", "POSITIVE")
    assert http.post("/", json=SENTIMENT, headers=TARGET).http_version == "HTTP/1.1"


def test_audio_is_streamed(http2):
    spoken = http2.post("/v1/speech", json=SPEECH)
    assert spoken.headers["content-type"] == "audio/pcm"
    assert len(spoken.content) > 10_000


def test_many_requests_share_a_connection(http2):
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: http2.post("/v1/speech", json=SPEECH), range(16)))
    assert len({reply.content for reply in replies}) == 1


def test_large_bodies_and_refusals(http2):
    refused = http2.post("/", content=b"x" * 300_000, headers=TARGET)
    assert refused.status_code == 400
    assert json.loads(refused.content)["__type"] == "SerializationException"
    assert http2.get("/_aiservices/health").json()["status"] == "ok"


def test_a_script_loses_the_connection(http2, mock):
    mock.on("comprehend.DetectSentiment").loses_response()
    with pytest.raises(httpx.TransportError):
        http2.post("/", json=SENTIMENT, headers=TARGET)
    assert http2.post("/", json=SENTIMENT, headers=TARGET).status_code == 200


def test_garbage_after_the_preface_harms_nobody(server, http2):
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(b"PRI * HT")
        data_of_a_stream_that_is_not = b"\x00\x00\x01\x00\x00\x00\x00\x00\x01x"
        connection.sendall(b"TP/2.0\r\n\r\nSM\r\n\r\n" + data_of_a_stream_that_is_not)
        while connection.recv(1000):
            pass
    assert http2.get("/_aiservices/health").status_code == 200


def test_a_client_that_says_farewell_gets_the_rest(server):
    """As the AWS SDK for JavaScript does when the answer of Polly or Lex begins."""
    client = H2Connection()
    client.initiate_connection()
    body = json.dumps(SPEECH).encode()
    head = {":method": "POST", ":path": "/v1/speech", ":authority": "x", ":scheme": "http"}
    client.send_headers(1, [*head.items(), ("content-length", str(len(body)))])
    client.send_data(1, body, end_stream=True)
    audio = 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(client.data_to_send() + FAREWELL)
        ended = False
        while not ended:
            events = client.receive_data(connection.recv(65536))
            data = [event for event in events if isinstance(event, DataReceived)]
            for event in data:
                audio += len(event.data)
                client.acknowledge_received_data(event.flow_controlled_length, 1)
            ended = any(isinstance(event, StreamEnded) for event in events)
            connection.sendall(client.data_to_send())
    assert audio > 100_000, "more than goes without the client's leave"


@given(
    frames=st.lists(st.tuples(st.sampled_from([0, 1, 4, 7, 8]), st.binary(max_size=20)), max_size=6),
    cuts=st.lists(st.integers(1, 40), min_size=1, max_size=8),
)
def test_only_farewells_are_left_out(frames, cuts):
    """However it is cut into pieces; a GOAWAY that tells an error is none, nor is one that is too short."""
    whole = [(len(it).to_bytes(3, "big") + bytes([kind]) + b"\0" * 5 + it, kind, it) for kind, it in frames]
    wanted = b"".join(frame for frame, kind, it in whole if kind != 7 or len(it) < 8 or any(it[4:8]))
    sent = PREFACE + b"".join(frame for frame, _, _ in whole)

    async def read():
        reader = Frames(asyncio.get_running_loop())
        begin = 0
        for cut in itertools.cycle(cuts):
            reader.feed_data(sent[begin : begin + cut])
            begin += cut
            if begin >= len(sent):
                break
        reader.feed_eof()
        return await reader.read()

    assert asyncio.run(read()) == PREFACE + wanted


def test_a_post_that_comes_byte_by_byte_is_no_preface(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        for byte in b"PUT /v1/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n":
            connection.sendall(bytes([byte]))
        assert connection.recv(1000).startswith(b"HTTP/1.1 404")
