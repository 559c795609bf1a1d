"""Every format at every rate is decoded back to the same sound, and the same sound gives the same bytes."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
import soundfile
from aiservices_mocks.engines.speech import RATE, RATES, default_rate, encode, mp3
from aiservices_mocks.engines.speech.ogg import checksum, with_serial
from aiservices_mocks.engines.speech.resampling import Resampler, resample
from aiservices_mocks.engines.speech.stretch import stretched
from hypothesis import given
from hypothesis import strategies as st

HERTZ, SECONDS = 440.0, 0.7


def tone(rate: int = RATE) -> np.ndarray:
    return (0.4 * np.sin(2 * np.pi * HERTZ * np.arange(round(SECONDS * rate)) / rate)).astype(np.float32)


def pitch(samples: np.ndarray, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


@pytest.mark.parametrize(("output", "rate"), [(name, rate) for name, rates in RATES.items() for rate in rates])
def test_decoded_it_is_the_same_sound(output: str, rate: int) -> None:
    data = encode(tone(), RATE, output, rate)
    raw = {"pcm": "PCM_16", "mulaw": "ULAW", "alaw": "ALAW"}.get(output)
    how = {"format": "RAW", "subtype": raw, "channels": 1, "samplerate": rate} if raw else {}
    samples, told = soundfile.read(BytesIO(data), **how)
    assert told == rate
    assert len(samples) / rate == pytest.approx(SECONDS, abs=0.15 if output == "mp3" else 0.021)
    assert pitch(samples, rate) == pytest.approx(HERTZ, abs=3)
    assert data == encode(tone(), RATE, output, rate)


@pytest.mark.parametrize("output", RATES)
def test_silence_of_no_length_is_encoded(output: str) -> None:
    assert isinstance(encode(np.zeros(0, dtype=np.float32), RATE, output, RATES[output][0]), bytes)


def test_defaults_depend_on_the_engine() -> None:
    assert [default_rate("mp3", engine) for engine in ("standard", "neural", "long-form", "generative")] == [
        *(22050, 24000, 24000, 24000)
    ]
    assert [default_rate(output, "standard") for output in ("pcm", "mulaw", "ogg_opus")] == [16000, 8000, 48000]


@given(st.integers(0, 5000), st.sampled_from([8000, 16000, 24000, 44100, 48000]))
def test_resampling_keeps_the_length_in_time(size: int, rate: int) -> None:
    assert len(resample(np.ones(size, dtype=np.float32), RATE, rate)) == round(size * rate / RATE)


def test_resampling_keeps_out_what_the_new_rate_cannot_hold() -> None:
    high = np.sin(2 * np.pi * 7000 * np.arange(RATE) / RATE).astype(np.float32)
    assert np.abs(resample(high, RATE, 8000)[400:-400]).max() < 0.01


@given(st.lists(st.integers(0, 9000), max_size=8), st.sampled_from([8000, 22050, 24000, 48000]))
def test_how_the_sound_is_cut_changes_no_bit_of_what_is_resampled(sizes: list[int], rate: int) -> None:
    sound = np.random.default_rng(sum(sizes)).uniform(-1, 1, sum(sizes)).astype(np.float32)
    resampler = Resampler(RATE, rate)
    pieces = [resampler.push(piece) for piece in np.split(sound, np.cumsum(sizes)[:-1])] if sizes else []
    assert np.concatenate([*pieces, resampler.end()]).tobytes() == resample(sound, RATE, rate).tobytes()


@pytest.mark.parametrize("rate", [8000, 24000])
def test_resampling_keeps_what_the_new_rate_can_hold(rate: int) -> None:
    high = np.sin(2 * np.pi * 3000 * np.arange(RATE) / RATE)
    wanted = np.sin(2 * np.pi * 3000 * np.arange(rate) / rate)
    assert np.abs(resample(high.astype(np.float32), RATE, rate) - wanted)[400:-400].max() < 0.001


def talk(seconds: int) -> np.ndarray:
    """Half a second of sound, half a second of silence, again and again, no half like another."""
    noise = np.random.default_rng(7).standard_normal((seconds, RATE)).astype(np.float32) * 0.1
    noise[:, : RATE // 2] = 0
    return noise.reshape(-1)


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100])
def test_an_mp3_made_in_parts_sounds_like_one_made_at_once(monkeypatch: pytest.MonkeyPatch, rate: int) -> None:
    sound = talk(9)
    monkeypatch.setattr(mp3, "_PART", 60)
    whole = encode(sound, RATE, "mp3", rate)
    monkeypatch.setattr(mp3, "_PART", 2)
    parts = encode(sound, RATE, "mp3", rate)
    assert parts == encode(sound, RATE, "mp3", rate)
    assert whole != parts or rate <= 16000
    (one, _), (two, _) = (soundfile.read(BytesIO(data)) for data in (whole, parts))
    assert len(one) == len(two)
    original = resample(sound, RATE, rate)
    late = len(one) - len(original) and 1105
    for heard in (one, two):
        kept = heard[late : late + len(original)]
        errors = np.square(kept - original[: len(kept)])
        assert errors.mean() < 0.7 * np.square(original).mean()
    assert np.square(one - two).mean() < 0.05 * np.square(original).mean()


def test_an_mp3_without_silence_is_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mp3, "_PART", 1)
    sound = np.tile(tone(), 6)
    assert soundfile.info(BytesIO(encode(sound, RATE, "mp3", 22050))).duration == pytest.approx(4.2, abs=0.15)


@pytest.mark.parametrize("rate", [8000, 22050, 44100])
@pytest.mark.parametrize("more", [0, 1, 600])
def test_an_mp3_may_end_where_it_could_be_cut(monkeypatch: pytest.MonkeyPatch, rate: int, more: int) -> None:
    monkeypatch.setattr(mp3, "_PART", 1)
    frame = 1152 if rate > 24000 else 576
    size = frame * -(-rate // frame) + more
    sound = np.zeros(round(size * RATE / rate), dtype=np.float32)
    found = soundfile.info(BytesIO(encode(sound, RATE, "mp3", rate)))
    assert found.duration == pytest.approx(size / rate, abs=4 * frame / rate)


@pytest.mark.parametrize("factor", [0.3, 0.6, 1.5, 3.0])
def test_stretching_changes_the_length_and_not_the_pitch(factor: float) -> None:
    out = stretched(tone(), factor)
    assert len(out) == round(len(tone()) * factor)
    assert pitch(out, RATE) == pytest.approx(HERTZ, rel=0.02)


def test_oggs_checksum_is_the_one_the_encoder_wrote() -> None:
    data = encode(tone(), RATE, "ogg_vorbis", 22050)
    other = with_serial(data, 77)
    assert other != data
    assert with_serial(other, int.from_bytes(data[14:18], "little")) == data
    blank = data[: 27 + data[26] + sum(data[27 : 27 + data[26]])]
    assert checksum(blank[:22] + b"\0\0\0\0" + blank[26:]) == int.from_bytes(blank[22:26], "little")
    assert soundfile.info(BytesIO(other)).duration == pytest.approx(SECONDS, abs=0.01)
