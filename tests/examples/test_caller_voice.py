"""The example about a telephone line, with callers of all kinds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from aiservices_mocks import Mock

from aiservices import AI
from examples import caller_voice

pytest.importorskip("soundfile")


def test_prompts_are_for_telephones_and_their_caller() -> None:
    mock = Mock()
    with AI(backend=mock) as ai:
        ai.polly.put_lexicon(name="names", content=caller_voice.LEXICON)
        one, two = (
            caller_voice.speak(ai, "goodbye", {"name": name}, "Joanna")
            for name in ("Ann", "Mr. <break time='9s'/> & Son")
        )
    assert (one.format, one.sample_rate) == ("mulaw", 8000)
    assert two.duration > one.duration
    assert two.duration < 8, "what a caller said is no SSML"
    assert all(call.params["LexiconNames"] == ["names"] for call in mock.calls("polly.SynthesizeSpeech"))


def test_names_are_said_as_the_lexicon_says() -> None:
    with AI(backend="mock") as ai:
        ai.polly.put_lexicon(name="names", content=caller_voice.LEXICON)
        caller = {"name": "Nguyen", "number": "12", "time": "noon"}
        right = caller_voice.speak(ai, "parcel", caller, "Joanna")
        ai.polly.put_lexicon(name="names", content=caller_voice.LEXICON.replace("ETA", "XYZ"))
        assert caller_voice.speak(ai, "parcel", caller, "Joanna").duration < right.duration


def test_the_whole_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AISERVICES_BACKEND", "mock")
    monkeypatch.setattr(sys, "argv", ["caller_voice", str(tmp_path)])
    caller_voice.main()
    assert "polly.SynthesizeSpeech" in capsys.readouterr().out
    for prompt in caller_voice.PROMPTS:
        assert (tmp_path / f"{prompt}.wav").read_bytes()[:4] == b"RIFF"
    told = (tmp_path / "welcome.vtt").read_text("utf-8")
    assert told.startswith("WEBVTT")
    assert told.count("-->") == 2
    assert "Say parcel" in told
    assert "<" not in (tmp_path / "parcel.vtt").read_text("utf-8")
