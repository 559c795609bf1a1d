"""Audio tells its length from its bytes, is saved and shown; `speak` cuts, joins and counts."""

from __future__ import annotations

import io
import pickle
import wave
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
from aiservices.services.audio import Audio, joined

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


@pytest.mark.parametrize("output", RATES)
def test_parts_joined_last_as_long_as_their_sum(output: str) -> None:
    rate = RATES[output][0]
    parts = [encode(sound(s, hertz), RATE, output, rate) for s, hertz in ((0.5, 300), (0.8, 400), (1.1, 500))]
    whole = audio(joined(parts, output), output, rate)
    # Between the parts of an mp3 stays what the encoder adds: about 1,400 samples.
    allowed = 3 * 1600 / rate if output == "mp3" else 0.001
    assert whole.duration == pytest.approx(sum(audio(part, output, rate).duration for part in parts), abs=allowed)


def test_a_joined_mp3_is_one_file_for_a_player() -> None:
    parts = [encode(sound(1.0, hertz), RATE, "mp3", 22050) for hertz in (300, 500)]
    samples, rate = soundfile.read(io.BytesIO(joined(parts, "mp3")))
    assert len(samples) / rate == pytest.approx(2.0, abs=0.2)
    halves = [
        np.abs(np.fft.rfft(half * np.hanning(len(half)))) for half in np.split(samples[: len(samples) // 2 * 2], 2)
    ]
    assert [np.argmax(half) * rate / (len(samples) // 2) for half in halves] == pytest.approx([300, 500], abs=5)


def test_a_tag_that_tells_the_length_tells_that_of_the_whole() -> None:
    def tagged(seconds: float) -> bytes:
        file = io.BytesIO()
        with soundfile.SoundFile(file, "w", samplerate=22050, channels=1, format="MP3") as writer:
            writer.write(sound(seconds))
        return file.getvalue()

    parts = [tagged(1.0), tagged(2.0)]
    assert b"Info" in parts[0][:200] or b"Xing" in parts[0][:200]
    assert audio(parts[1], "mp3").duration == pytest.approx(2.0, abs=0.001)
    whole = joined(parts, "mp3")
    assert whole.count(b"Info") + whole.count(b"Xing") == 1
    assert audio(whole, "mp3").duration == pytest.approx(3.1, abs=0.1)
    assert soundfile.info(io.BytesIO(whole)).duration == pytest.approx(3.1, abs=0.1)


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


def test_ssml_is_told_by_its_tag_and_is_never_cut(ai: Any, mock: Mock) -> None:
    found = ai.polly.speak('<speak>One <break time="1s"/>two</speak>')
    assert found.characters == 7
    assert found.duration > 1
    assert mock.calls("polly.SynthesizeSpeech")[-1].params["TextType"] == "ssml"
    for text in (f"<speak>{'a' * 3001}</speak>", f"<speak>{'<p>a</p>' * 900}</speak>"):
        with pytest.raises(InvalidCallError, match="several <speak> documents"):
            ai.polly.speak(text)
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
