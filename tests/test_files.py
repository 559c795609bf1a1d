"""Files to and from S3, and results behind links."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path

import httpx
import pytest
import respx
from aiservices_mocks import Mock

from aiservices import Settings, files
from aiservices.caller import Caller
from aiservices.errors import AccessDeniedError, InvalidCallError, NotFoundError, ServiceError, TransportError

LINK = "https://results.example/transcript.json?X-Amz-Signature=s3cret"


@pytest.fixture
def mock() -> Mock:
    return Mock()


@pytest.fixture
def caller(mock: Mock) -> Caller:
    return Caller(mock, Settings(), mock.clock, "own-bucket")


def test_bytes_and_files_are_put_once_and_come_back(caller: Caller, mock: Mock, tmp_path: Path) -> None:
    path = tmp_path / "call.WAV"
    path.write_bytes(b"sound")
    places = [files.stage(caller, source, product="transcribe") for source in (path, str(path))]
    assert places[0] == places[1]
    assert places[0].bucket == "own-bucket"
    assert places[0].key.startswith("aiservices/transcribe/")
    assert places[0].key.endswith(".wav")
    assert files.fetch(caller, places[0].uri) == b"sound"
    other = files.stage(caller, BytesIO(b"noise"), product="transcribe", suffix=".mp3")
    assert mock.s3[f"own-bucket/{other.key}"] == b"noise"
    assert other.s3_object == {"Bucket": "own-bucket", "Name": other.key}


def test_what_is_in_s3_stays_there(caller: Caller, mock: Mock) -> None:
    place = files.stage(caller, "s3://mine/some/key.pdf", product="textract")
    assert (place.bucket, place.key) == ("mine", "some/key.pdf")
    mock.calls("s3.PutObject").times(0)


def test_without_a_bucket_it_says_what_to_set(mock: Mock) -> None:
    with pytest.raises(InvalidCallError, match=r"Settings\(bucket"):
        files.stage(Caller(mock, Settings(), mock.clock), b"x", product="textract")
    own = Caller(mock, Settings(bucket="theirs"), mock.clock)
    mock.s3.make_bucket("theirs")
    assert files.stage(own, b"x", product="textract").bucket == "theirs"


@pytest.mark.parametrize("uri", ["s3://", "s3://bucket", "s3:///key", "s3://bucket/", "ftp://x/y", "bucket/key"])
def test_places_that_are_none(caller: Caller, uri: str) -> None:
    with pytest.raises(InvalidCallError):
        files.fetch(caller, uri)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "missing.wav", "no file"),
        (lambda folder: folder, "is a folder"),
        (lambda folder: "name" * 500, "file of 2,000 characters"),
        (lambda folder: "a\0b", "no file of 3 characters"),
        (lambda folder: "https://example.com/a.wav", "links are not fetched"),
        (lambda folder: 5, "int is no file"),
        (lambda folder: StringIO("text"), "binary mode"),
    ],
)
def test_sources_that_cannot_be_read(caller: Caller, tmp_path: Path, make: Callable[[Path], object], said: str) -> None:
    with pytest.raises(InvalidCallError, match=said):
        files.stage(caller, make(tmp_path), product="transcribe")  # type: ignore[arg-type]  # a wrong kind of file is the test


def test_a_missing_object_is_s3s_error(caller: Caller, mock: Mock) -> None:
    mock.s3.make_bucket("there")
    with pytest.raises(NotFoundError) as caught:
        files.fetch(caller, "s3://there/missing")
    assert caught.value.code == "NoSuchKey"


def test_an_object_that_is_too_long_is_given_up(caller: Caller, mock: Mock) -> None:
    mock.s3["there/long"] = bytes(3_000_000)
    assert len(files.fetch(caller, "s3://there/long", most=3_000_000)) == 3_000_000
    with pytest.raises(TransportError, match="2,999,999"):
        files.fetch(caller, "s3://there/long", most=2_999_999)


@respx.mock
def test_a_link_is_fetched_across_redirects(caller: Caller) -> None:
    respx.get("https://results.example/moved").respond(302, headers={"Location": LINK})
    respx.get(LINK).respond(200, content=b"{}")
    assert files.fetch(caller, "https://results.example/moved") == b"{}"


@respx.mock
def test_a_link_that_is_refused(caller: Caller) -> None:
    said = "<Error><Code>{}</Code><Message>Request has expired</Message></Error>"
    respx.get(LINK).respond(403, text=said.format("AccessDenied"))
    with pytest.raises(AccessDeniedError) as denied:
        files.fetch(caller, LINK)
    assert denied.value.message == "Request has expired"
    respx.get(LINK).respond(404, text=said.format("NoSuchKey"))
    with pytest.raises(NotFoundError):
        files.fetch(caller, LINK)
    respx.get(LINK).respond(503, text="<html>busy")
    with pytest.raises(ServiceError) as busy:
        files.fetch(caller, LINK)
    assert (busy.value.status, busy.value.retry) == (503, "transient")


@respx.mock
@pytest.mark.parametrize(
    "error", [httpx.ConnectError("no"), httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("broken")]
)
def test_a_link_that_breaks(caller: Caller, error: httpx.HTTPError, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "aiservices")
    respx.get(LINK).mock(side_effect=error)
    with pytest.raises(TransportError, match=type(error).__name__) as caught:
        files.fetch(caller, LINK)
    assert "s3cret" not in str(caught.value) + caplog.text


@respx.mock
def test_a_link_to_too_much_is_given_up(caller: Caller) -> None:
    respx.get(LINK).respond(200, content=bytes(5_000))
    with pytest.raises(TransportError, match="4,999"):
        files.fetch(caller, LINK, most=4_999)


@respx.mock
def test_the_timeouts_of_the_settings_are_used(mock: Mock) -> None:
    route = respx.get(LINK).respond(200, content=b"x")
    files.fetch(Caller(mock, Settings(timeout=7, connect_timeout=3), mock.clock), LINK)
    assert route.calls[0].request.extensions["timeout"] == {"connect": 3, "read": 7, "write": 7, "pool": 7}
