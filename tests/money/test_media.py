"""How long audio is, by its headers; the files are made here, byte by byte, or by soundfile."""

from __future__ import annotations

import io
import struct
import wave
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.money.media import seconds_of


def wav(frames: int, rate: int = 8_000, channels: int = 1, width: int = 2) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(bytes(frames * channels * width))
    return file.getvalue()


@given(st.integers(0, 5_000), st.sampled_from([8_000, 16_000, 44_100]), st.integers(1, 2), st.sampled_from([1, 2, 4]))
def test_wav(frames: int, rate: int, channels: int, width: int) -> None:
    assert seconds_of(wav(frames, rate, channels, width)) == Fraction(frames, rate)


def test_wav_that_was_streamed_has_no_size() -> None:
    data = bytearray(wav(8_000))
    data[40:44] = b"\xff\xff\xff\xff"
    assert seconds_of(bytes(data)) == 1


@pytest.mark.parametrize(
    ("format", "subtype"), [("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III")]
)
@pytest.mark.parametrize("rate", [16_000, 48_000])
@pytest.mark.parametrize("seconds", [1, 7])
def test_what_soundfile_writes(format: str, subtype: str, rate: int, seconds: int) -> None:
    numpy = pytest.importorskip("numpy")
    soundfile = pytest.importorskip("soundfile")
    file = io.BytesIO()
    tone = numpy.sin(numpy.arange(seconds * rate) / 20) / 2
    soundfile.write(file, tone, rate, format=format, subtype=subtype)
    found = seconds_of(file.getvalue())
    assert found is not None
    # An encoder adds some frames of padding to MP3.
    assert seconds <= found < seconds + (0.2 if format == "MP3" else 0.001)


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def mp4(scale: int, duration: int, version: int = 0) -> bytes:
    times = struct.pack(">QQIQ" if version else ">IIII", 0, 0, scale, duration)
    header = box(b"mvhd", bytes([version, 0, 0, 0]) + times + bytes(80))
    return box(b"ftyp", b"M4A \0\0\2\0") + box(b"free", bytes(5)) + box(b"moov", box(b"trak", b"") + header)


def test_mp4() -> None:
    assert seconds_of(mp4(1_000, 12_345)) == Fraction(12_345, 1_000)
    assert seconds_of(mp4(90_000, 10**11, version=1)) == Fraction(10**11, 90_000)
    assert seconds_of(box(b"ftyp", b"M4A ")) is None


def test_amr_counts_frames_of_20_milliseconds() -> None:
    assert seconds_of(b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50) == 1  # 12.2 kbit/s
    assert seconds_of(b"#!AMR-WB\n" + (b"\x44" + bytes(60)) * 75) == Fraction(3, 2)  # 23.85 kbit/s


def mp3_frames(count: int) -> bytes:
    return (b"\xff\xfb\x90\x00" + bytes(413)) * count  # MPEG 1, layer III, 128 kbit/s, 44.1 kHz: 417 bytes


def test_mp3_adds_up_its_frames_and_skips_its_tags() -> None:
    assert seconds_of(mp3_frames(100)) == Fraction(1_152 * 100, 44_100)
    tagged = b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + mp3_frames(100) + b"TAG" + bytes(125)
    assert seconds_of(tagged) == Fraction(1_152 * 100, 44_100)
    facts = b"\xff\xfb\x90\x00" + bytes(32) + b"Info" + bytes(377)
    assert seconds_of(facts + mp3_frames(10)) == Fraction(1_152 * 10, 44_100)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"OggS",
        b"fLaC",
        b"\x1aE\xdf\xa3webm",
        b"a text",
        bytes(100),
        b"\xff\xfb\x90\x00",
        b"RIFF1234WAVEfmt ",
    ],
)
def test_what_is_not_known_has_no_length(data: bytes) -> None:
    assert seconds_of(data) is None


@given(
    st.sampled_from(
        [wav(500), mp4(10, 10), mp3_frames(3), b"#!AMR\n" + bytes(40), b"OggS" + bytes(60), b"fLaC" + bytes(40)]
    ),
    st.data(),
)
def test_what_is_broken_never_raises(whole: bytes, data: st.DataObject) -> None:
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    found = seconds_of(bytes(broken[: data.draw(st.integers(0, len(broken)))]))
    assert found is None or found >= 0
