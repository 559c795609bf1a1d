"""What the headers of media files say, in every format that Transcribe takes."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import soundfile
from aiservices_mocks.transcribe import media
from aiservices_mocks.transcribe.media import Media, MediaError
from hypothesis import given
from hypothesis import strategies as st

SECONDS = 3


def encoded(rate: int, channels: int, **how: Any) -> bytes:
    """Noise in a format that libsndfile writes."""
    file = BytesIO()
    noise = np.random.default_rng(1).normal(0, 0.1, (rate * SECONDS, channels))
    soundfile.write(file, noise, rate, **how)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "rate", "channels", "how"),
    [
        ("wav", 8000, 1, {"format": "WAV", "subtype": "ULAW"}),
        ("wav", 44100, 2, {"format": "WAV", "subtype": "PCM_24"}),
        ("flac", 16000, 2, {"format": "FLAC", "subtype": "PCM_16"}),
        ("ogg", 22050, 1, {"format": "OGG", "subtype": "VORBIS"}),
        ("ogg", 48000, 2, {"format": "OGG", "subtype": "OPUS"}),
        ("mp3", 44100, 2, {"format": "MP3", "subtype": "MPEG_LAYER_III"}),
        ("mp3", 16000, 1, {"format": "MP3", "subtype": "MPEG_LAYER_III", "bitrate_mode": "CONSTANT"}),
        ("mp3", 8000, 1, {"format": "MP3", "subtype": "MPEG_LAYER_III"}),
    ],
)
def test_what_libsndfile_writes_is_read(name: str, rate: int, channels: int, how: dict[str, Any]) -> None:
    found = media.read(encoded(rate, channels, **how))
    assert found is not None
    assert found[:3] == (name, rate, channels)
    assert found.seconds == pytest.approx(SECONDS, abs=0.3)


def test_a_tag_before_an_mp3_is_passed_over() -> None:
    sound = encoded(44100, 1, format="MP3", subtype="MPEG_LAYER_III")
    tag = b"ID3\x04\x00\x00" + bytes((0, 0, 2, 0)) + bytes(256)
    assert media.read(tag + sound) == media.read(sound)
    with pytest.raises(MediaError):
        media.read(tag + b"no frame")


def test_frames_of_amr_are_counted() -> None:
    narrow = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50  # 12.2 kbit/s
    assert media.read(narrow) == Media("amr", 8000, 1, 1.0)
    wide = b"#!AMR-WB\n" + (b"\x44" + bytes(60)) * 100  # 23.85 kbit/s
    assert media.read(wide) == Media("amr", 16000, 1, 2.0)


def box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, name) + body


def mp4(brand: bytes = b"isom", handler: bytes = b"soun", scale: int = 44100, length: int = 88200) -> bytes:
    """The boxes that say what sound there is."""
    entry = box(b"mp4a", bytes(16), struct.pack(">HHHHI", 2, 16, 0, 0, 44100 << 16))
    table = box(b"stbl", box(b"stsd", bytes(4), struct.pack(">I", 1), entry))
    track = box(
        b"trak",
        box(
            b"mdia",
            box(b"mdhd", bytes(12), struct.pack(">II", scale, length), bytes(4)),
            box(b"hdlr", bytes(8), handler, bytes(12)),
            box(b"minf", table),
        ),
    )
    movie = box(b"moov", box(b"mvhd", bytes(12), struct.pack(">II", 1000, 5000), bytes(80)), track)
    return box(b"ftyp", brand, bytes(4)) + movie + box(b"mdat", bytes(100))


def test_boxes_of_mp4_are_read() -> None:
    assert media.read(mp4()) == Media("mp4", 44100, 2, 2.0)
    assert media.read(mp4(b"M4A ")) == Media("m4a", 44100, 2, 2.0)
    assert media.read(mp4(length=0)) == Media("mp4", 44100, 2, 5.0)
    assert media.read(mp4(b"qt  ")) is None
    with pytest.raises(MediaError, match="no sound"):
        media.read(mp4(handler=b"vide"))
    with pytest.raises(MediaError):
        media.read(mp4(scale=0))


def element(name: str, *content: bytes) -> bytes:
    body = b"".join(content)
    return bytes.fromhex(name) + (len(body) | 1 << 28).to_bytes(4, "big") + body


def webm(kind: bytes = b"webm", duration: float | None = 2500) -> bytes:
    """A track of Opus with two clusters; without a duration as a browser records it."""
    info = [element("2ad7b1", (1_000_000).to_bytes(3, "big"))]
    if duration is not None:
        info.append(element("4489", struct.pack(">f", duration)))
    audio = element("e1", element("b5", struct.pack(">d", 48000.0)), element("9f", b"\x02"))
    clusters = [
        element(
            "1f43b675", element("e7", time.to_bytes(2, "big")), element("a3", b"\x81", struct.pack(">h", 500), b"\0")
        )
        for time in (0, 1000)
    ]
    tracks = element("1654ae6b", element("ae", element("83", b"\x02"), audio))
    segment = b"".join((element("1549a966", *info), tracks, *clusters))
    return element("1a45dfa3", element("4282", kind)) + bytes.fromhex("18538067") + b"\x01" + b"\xff" * 7 + segment


def test_elements_of_webm_are_read() -> None:
    assert media.read(webm()) == Media("webm", 48000, 2, 2.5)
    assert media.read(webm(duration=None)) == Media("webm", 48000, 2, 1.5)
    assert media.read(webm(b"matroska")) is None


SAMPLES = [mp4(), webm(), encoded(8000, 1, format="WAV"), encoded(8000, 1, format="FLAC"), b"#!AMR\n\x3c"]


@given(st.sampled_from(SAMPLES), st.integers(0, 400), st.binary(max_size=6))
def test_a_broken_file_is_no_media_or_an_error(data: bytes, cut: int, put: bytes) -> None:
    for broken in (data[:cut], data[:cut] + put + data[cut + len(put) :]):
        try:
            found = media.read(broken)
        except MediaError:
            continue
        assert found is None or found.seconds >= 0


@given(st.binary(max_size=200))
def test_bytes_that_are_no_media_are_none(data: bytes) -> None:
    assert media.read(b"~" + data) is None
