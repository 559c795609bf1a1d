"""Audio tells its length from its bytes, is saved and shown; `speak` cuts, joins and counts."""

from __future__ import annotations

import io
import pickle
import wave
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from aiservices_mocks import Mock
from aiservices_mocks.engines.speech import RATE, RATES, encode
from hypothesis import given
from hypothesis import strategies as st

from aiservices import AI
from aiservices.errors import BadRequestError, InvalidCallError
from aiservices.services.polly.audio import Audio, joined

LEXICON = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
<lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme></lexicon>"""


def sound(seconds: float, hertz: float = 300.0) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def audio(data: bytes, output: str, rate: int | None = None) -> Audio:
    return Audio(data=data, format=output, characters=5, voice="Joanna", engine="standard", requested_rate=rate)


@pytest.mark.parametrize(("output", "rate"), [(name, rate) for name, rates in RATES.items() for rate in rates])
@pytest.mark.parametrize("seconds", [0.3, 2.0])
def test_length_and_rate_come_from_the_bytes(output: str, rate: int, seconds: float) -> None:
    found = audio(encode(sound(seconds), RATE, output, rate), output, rate)
    assert found.sample_rate == rate
    # An mp3 without a tag holds the encoder's own silence too: two frames and what fills the last one.
    assert found.duration == pytest.approx(seconds, abs=0.22 if output == "mp3" and rate == 8000 else 0.12)


@pytest.mark.parametrize(("output", "rate"), [(name, rate) for name, rates in RATES.items() for rate in rates])
def test_parts_joined_last_as_long_as_their_sum(output: str, rate: int) -> None:
    lengths = (0.5, 0.83, 1.1, 0.67, 0.71)
    parts = [encode(sound(s, 300 + 50 * n), RATE, output, rate) for n, s in enumerate(lengths)]
    data, starts = joined(parts, output, rate)
    whole = audio(data, output, rate)
    if output != "mp3":  # exact to the sample
        assert whole.duration == pytest.approx(sum(audio(part, output, rate).duration for part in parts), abs=1e-9)
        assert starts == pytest.approx([0, *accumulate(audio(part, output, rate).duration for part in parts[:-1])])
        return
    # Of an mp3 stays less than a frame at each joint, and where its file does not tell, what is around the whole.
    frame = (1152 if rate >= 32000 else 576) / rate
    around = 0 if b"Info" in data[:60] else (1152 + 1152) / rate
    assert -frame / 2 <= whole.duration - sum(lengths) <= 4 * frame + around
    for start, true in zip(starts, [0, *accumulate(lengths)], strict=False):
        assert -frame <= start - true <= 4 * frame


def gap(samples: np.ndarray, rate: int) -> float:
    """Seconds of the longest quiet within a sound."""
    step = rate // 500
    loudest = np.abs(samples[: len(samples) // step * step]).reshape(-1, step).max(axis=1)
    loudest = loudest[np.argmax(loudest > 0.1) : len(loudest) - np.argmax(loudest[::-1] > 0.1)]
    ends = np.flatnonzero(np.diff(np.concatenate([[0], loudest < 0.05, [0]])))
    return max(ends[1::2] - ends[::2], default=0) * step / rate


@pytest.mark.parametrize(("output", "rate"), [(name, rate) for name, rates in RATES.items() for rate in rates])
def test_there_is_no_gap_and_no_click_at_a_joint(output: str, rate: int) -> None:
    parts = [encode(sound(s, 400), RATE, output, rate) for s in (0.5, 0.83, 1.1, 0.67, 0.71)]
    found = audio(joined(parts, output, rate)[0], output, rate)
    samples = found.to_numpy()
    frame = (1152 if rate >= 32000 else 576) / rate
    # What is left at a joint of an mp3 is less than a frame, and the sound may fade in over half of one.
    # Opus has frames of 20 ms, and fills the last one.
    most = 1.5 * frame if output == "mp3" else 0.02 if output == "ogg_opus" else 0.004
    assert gap(samples, rate) <= most
    assert np.abs(samples).max() < 0.5, "a click"


@pytest.mark.parametrize("rate", RATES["mp3"])
def test_frames_that_are_left_out_take_nothing_from_those_behind_them(rate: int) -> None:
    """Frames borrow room from those before them; what comes behind a joint is decoded as it was."""
    noise = np.random.default_rng(7).normal(0, 0.1, 3 * RATE).astype(np.float32)
    parts = [encode(noise[: RATE * n], RATE, "mp3", rate) for n in (1, 2, 3)]
    data, starts = joined(parts, "mp3")
    whole, frame = audio(data, "mp3").to_numpy(), (1152 if rate >= 32000 else 576)
    for part, start in zip(parts, starts, strict=True):
        alone = audio(part, "mp3").to_numpy()
        begin = round(start * rate)
        behind = alone[4 * frame : -4 * frame]
        assert np.allclose(whole[begin + 4 * frame :][: len(behind)], behind, atol=1e-6)


def test_a_joined_mp3_is_one_file_for_a_player() -> None:
    parts = [encode(sound(1.0, hertz), RATE, "mp3", 22050) for hertz in (300, 500)]
    samples, rate = soundfile.read(io.BytesIO(joined(parts, "mp3")[0]))
    assert len(samples) / rate == pytest.approx(2.0, abs=0.1)
    halves = [
        np.abs(np.fft.rfft(half * np.hanning(len(half)))) for half in np.split(samples[: len(samples) // 2 * 2], 2)
    ]
    assert [np.argmax(half) * rate / (len(samples) // 2) for half in halves] == pytest.approx([300, 500], abs=5)


def crc16(data: bytes) -> int:
    """CRC-16/ARC by long division of the mirrored bits."""
    bits = int("".join(f"{byte:08b}"[::-1] for byte in data) + "0" * 16, 2)
    for at in range(bits.bit_length() - 1, 15, -1):
        if bits >> at & 1:
            bits ^= 0x18005 << at - 16
    return int(f"{bits:016b}"[::-1], 2)


@pytest.mark.parametrize("rate", [22050, 48000])
def test_a_tag_that_tells_the_length_tells_that_of_the_whole(rate: int) -> None:
    def tagged(seconds: float) -> bytes:
        file = io.BytesIO()
        with soundfile.SoundFile(file, "w", samplerate=rate, channels=1, format="MP3") as writer:
            writer.write(
                np.interp(
                    np.arange(round(seconds * rate)) / rate, np.arange(round(seconds * RATE)) / RATE, sound(seconds)
                )
            )
        return file.getvalue()

    parts = [tagged(1.0), tagged(2.0), tagged(0.7)]
    assert b"Info" in parts[0][:200] or b"Xing" in parts[0][:200]
    assert audio(parts[1], "mp3").duration == pytest.approx(2.0, abs=0.001)
    whole, starts = joined(parts, "mp3")
    assert whole.count(b"Info") + whole.count(b"Xing") == 1
    for file in (parts[0], whole):
        told = file.index(b"LAME")
        assert int.from_bytes(file[told + 28 : told + 32], "big") == len(file)
        assert int.from_bytes(file[told + 34 : told + 36], "big") == crc16(file[: told + 34])
    frame = (1152 if rate >= 32000 else 576) / rate
    assert audio(whole, "mp3").duration == pytest.approx(3.7, abs=2 * frame)
    assert soundfile.info(io.BytesIO(whole)).duration == pytest.approx(audio(whole, "mp3").duration, abs=0.001)
    assert starts == pytest.approx([0, 1, 3], abs=2 * frame)


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=3), st.booleans())
def test_mp3s_that_are_none_are_joined_as_they_are(parts: list[bytes], headed: bool) -> None:
    parts = [b"\xff\xf3\x60\xc4" * headed + part for part in parts]
    data, starts = joined(parts, "mp3")
    assert len(starts) == len(parts)
    assert len(data) <= sum(map(len, parts)) + 1440


@pytest.mark.parametrize("output", RATES)
def test_no_sound_has_no_samples(output: str) -> None:
    found = audio(encode(sound(0), RATE, output, RATES[output][0]), output)
    assert (found.duration, found.to_numpy().shape) == (0, (0,))


@given(st.binary(max_size=300), st.sampled_from(["mp3", "ogg_vorbis", "ogg_opus"]))
def test_bytes_that_are_no_audio_have_no_length(data: bytes, output: str) -> None:
    assert audio(data, output).duration >= 0
    assert audio(b"ID3\x04\0\0\0\0\x7f\x7f" + data, output).duration >= 0
    assert audio(b"OggS" + data, output).duration >= 0


def test_a_wav_is_made_of_bare_samples(tmp_path: Path) -> None:
    found = audio(encode(sound(0.5), RATE, "pcm", 8000), "pcm", 8000)
    path = found.save(tmp_path / "speech.wav")
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth(), file.getnframes()) == (8000, 1, 2, 4000)
        assert file.readframes(4000) == found.data
    for output in ("mulaw", "alaw"):
        data = audio(encode(sound(0.5), RATE, output, 8000), output).to_wav()
        assert soundfile.info(io.BytesIO(data)).duration == pytest.approx(0.5)
    assert audio(b"xyz", "mp3").save(str(tmp_path / "speech.mp3")).read_bytes() == b"xyz"
    with pytest.raises(InvalidCallError, match="file already"):
        audio(b"xyz", "mp3").to_wav()


@pytest.fixture
def mock() -> Mock:
    return Mock(seed=7)


@pytest.fixture
def ai(mock: Mock) -> Any:
    with AI(backend=mock) as ai:
        yield ai


def test_speak_gives_audio_that_plays_and_counts(ai: Any, tmp_path: Path) -> None:
    found = ai.polly.speak("Hello, world!")
    assert (found.format, found.characters, found.voice, found.sample_rate) == ("mp3", 13, "Joanna", 22050)
    assert found.engine in ("espeak-ng", "tone-plan")
    assert 0.4 < found.duration < 2.5
    assert "AudioStream" not in found.raw[0]
    assert found.raw[0]["ContentType"] == "audio/mpeg"
    assert "<audio" in found._repr_html_()
    assert "data:audio/mpeg;base64," in found._repr_html_()
    assert "Hello" not in repr(found)
    assert soundfile.info(str(found.save(tmp_path / "a.mp3"))).samplerate == 22050


def test_the_settings_are_sent(ai: Any, mock: Mock) -> None:
    found = ai.polly.speak("x", "Kajal", format="pcm", engine="neural", language_code="hi-IN", sample_rate=8000)
    assert found.sample_rate == 8000
    params = mock.calls("polly.SynthesizeSpeech")[-1].params
    assert dict(params) == {
        **{"Text": "x", "VoiceId": "Kajal", "OutputFormat": "pcm", "Engine": "neural", "LanguageCode": "hi-IN"},
        **{"SampleRate": "8000", "TextType": "text"},
    }


def test_a_long_text_is_cut_at_sentences_and_joined(ai: Any, mock: Mock) -> None:
    text = " ".join(f"This is sentence number {number}." + " " * 200 for number in range(20))
    found = ai.polly.speak(text, format="pcm")
    sent = [call.params["Text"] for call in mock.calls("polly.SynthesizeSpeech")]
    assert len(sent) == len(found.raw) == 2
    assert all(len(part) <= 3000 for part in sent)
    assert sorted(sent, key=text.index)[0].rstrip().endswith(".")
    assert found.characters == len(text)
    lengths = [len(mock.send(call_again(part))["AudioStream"].read()) for part in sent]
    assert len(found.data) == sum(lengths)


def call_again(text: str) -> Any:
    from aiservices.call import Call

    return Call("polly", "SynthesizeSpeech", {"Text": text, "VoiceId": "Joanna", "OutputFormat": "pcm"})


def test_ssml_is_told_by_its_tag(ai: Any, mock: Mock) -> None:
    found = ai.polly.speak('<speak>One <break time="1s"/>two</speak>')
    assert found.characters == 7
    assert found.duration > 1
    assert mock.calls("polly.SynthesizeSpeech")[-1].params["TextType"] == "ssml"
    assert ai.polly.speak(f"<speak>{'&amp; ' * 100}</speak>", format="pcm").characters == 200


@pytest.mark.parametrize("before", ["\ufeff", '<?xml version="1.0"?>', "\n"])
def test_what_may_stand_before_the_tag_is_not_read_aloud(ai: Any, mock: Mock, before: str) -> None:
    assert ai.polly.speak(f"{before}<speak>One</speak>", format="pcm").characters == 3
    assert ai.polly.speak("<speaker>One</speaker>", format="pcm").characters == len("<speaker>One</speaker>")


def test_entities_of_ones_own_are_refused_and_not_read_aloud(ai: Any) -> None:
    with pytest.raises(BadRequestError, match="document type"):
        ai.polly.speak('<!DOCTYPE speak [<!ENTITY x "aaaa">]><speak>&x;</speak>')


def test_settings_come_as_people_have_them(ai: Any, mock: Mock) -> None:
    found = ai.polly.speak("Hello", format="pcm", sample_rate="8000")
    assert (found.sample_rate, found.duration > 0) == (8000, True)
    ai.polly.put_lexicon(name="names", content=LEXICON)
    assert ai.polly.speak("Hello", lexicons="names").characters == 5
    assert mock.calls("polly.SynthesizeSpeech")[-1].params["LexiconNames"] == ["names"]


@pytest.mark.parametrize("rate", [0, -1, "fast", 8000.5, True])
def test_a_rate_that_is_none_is_said(ai: Any, rate: Any) -> None:
    with pytest.raises(InvalidCallError, match="hertz"):
        ai.polly.speak("x", sample_rate=rate)


@pytest.mark.parametrize("format", [None, ["mp3"], 3])
def test_a_format_of_another_type_is_said(ai: Any, format: Any) -> None:
    with pytest.raises(InvalidCallError, match="is none of mp3"):
        ai.polly.speak("x", format=format)


def test_audio_is_compared_hashed_and_pickled(ai: Any) -> None:
    found = ai.polly.speak("Hello")
    assert pickle.loads(pickle.dumps(found)) == found
    assert len({found, pickle.loads(pickle.dumps(found))}) == 1


def test_a_long_text_tells_its_progress(ai: Any) -> None:
    told: list[Any] = []
    ai.polly.speak("One sentence. " * 500, format="pcm", progress=told.append)
    assert [one.percent for one in told] == pytest.approx([100 / 3, 200 / 3, 100])


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_to_say_is_said(ai: Any, text: str) -> None:
    with pytest.raises(InvalidCallError, match="empty"):
        ai.polly.speak(text)


def test_what_is_no_text_is_said(ai: Any) -> None:
    with pytest.raises(InvalidCallError, match="bytes, not a str"):
        ai.polly.speak(b"hello")


def test_an_unknown_format_is_refused_with_the_nearest(ai: Any) -> None:
    with pytest.raises(InvalidCallError, match='did you mean "ogg_vorbis"'):
        ai.polly.speak("x", format="ogg-vorbis")
