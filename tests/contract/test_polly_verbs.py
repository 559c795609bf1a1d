"""Polly's verbs on every backend: speech and marks of any length, voices, tasks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Mock

from aiservices.errors import InvalidCallError, JobFailedError, ServiceError

PAD = " " * 1600
"""Billed, and quickly spoken."""
LONG = f"Hello, my friend.{PAD}Ünïted we stand.{PAD}So long."
DOCUMENT = (
    '<speak><prosody rate="{rate}"><p>Grüße, my friend.{pad}</p><!-- not <said> -->'
    '<p>Here <mark name="turn"/>we turn.{pad}</p><p>And we go &amp; go.</p></prosody></speak>'
)


@pytest.fixture(autouse=True)
def _bucket(mock: Mock) -> None:
    """Where the rig's settings have files staged."""
    mock.s3.make_bucket("staging")


def test_ssml_of_any_length_is_spoken_in_its_prosody(ai: Any, mock: Mock) -> None:
    slow, fast = (ai.polly.speak(DOCUMENT.format(rate=rate, pad=PAD), format="pcm") for rate in ("70%", "140%"))
    assert len(slow.raw) == len(fast.raw) == 2
    assert slow.duration > 1.3 * fast.duration
    sent = [call.params["Text"] for call in mock.calls("polly.SynthesizeSpeech")]
    assert sorted(text[:29] for text in sent) == sorted(
        ['<speak><prosody rate="70%"><p', '<speak><prosody rate="140%"><'] * 2
    )
    assert all(text.endswith("</prosody></speak>") for text in sent)


def test_marks_are_told_in_the_whole_text_and_the_whole_sound(ai: Any) -> None:
    spoken = ai.polly.speak(LONG, format="pcm", marks=("word", "sentence"))
    words = [mark for mark in spoken.marks if mark.type == "word"]
    assert [mark.value for mark in words] == ["Hello", "my", "friend", "Ünïted", "we", "stand", "So", "long"]
    for mark in spoken.marks:
        assert LONG[mark.start : mark.end] == mark.value
        assert LONG.encode()[mark.start_byte : mark.end_byte].decode() == mark.value
    times = [mark.time for mark in words]
    assert times == sorted(times)
    assert times[-1] < spoken.duration
    first = ai.polly.speak(LONG[: LONG.index("So")], format="pcm")
    assert first.duration <= times[-2] <= first.duration + 0.1
    assert ai.polly.marks(LONG, ["word", "sentence"]) == list(spoken.marks)
    assert spoken.characters == 2 * len(LONG), "speech and marks are billed each"


def test_marks_of_ssml_point_into_the_document(ai: Any) -> None:
    document = DOCUMENT.format(rate="100%", pad=PAD)
    found = ai.polly.marks(document, ("ssml", "word"))
    assert [document[mark.start : mark.end] for mark in found if mark.type == "ssml"] == ['<mark name="turn"/>']
    for mark in found:
        if mark.type == "word" and mark.value.isalpha():
            assert document[mark.start : mark.end] == mark.value
    assert "go" in [mark.value for mark in found]


def test_marks_of_a_short_text_are_one_request(ai: Any, mock: Mock) -> None:
    found = ai.polly.marks("map", "viseme")
    assert next((mark.value, mark.start, mark.end_byte) for mark in found) == ("p", None, None)
    assert ai.polly.marks("Hello")[0].value == "Hello"
    assert len(mock.calls("polly.SynthesizeSpeech")) == 2


def test_voices_are_found_by_what_they_can(ai: Any) -> None:
    everyone = ai.polly.voices()
    assert len(everyone) > 90
    assert {voice.gender for voice in everyone} == {"Female", "Male"}
    british = ai.polly.voices("en-GB", engine="neural", gender="Male")
    assert "Brian" in [voice.id for voice in british]
    assert all(voice.speaks("en-GB") and "neural" in voice.engines and voice.gender == "Male" for voice in british)
    english = {voice.id for voice in ai.polly.voices("en")}
    assert english > {voice.id for voice in ai.polly.voices("en-US")}
    assert "Kajal" in english, "bilingual"
    assert ai.polly.voices("en", engine="long-form") != ai.polly.voices("en", engine="generative")


def test_voices_come_from_all_pages(ai: Any, mock: Mock) -> None:
    rows = [{"Id": name, "LanguageCode": "en-US", "Name": name, "Gender": "Male"} for name in ("Joey", "Brian", "Ivy")]

    def page(params: Any) -> dict[str, Any]:
        at = int(params.get("NextToken", "0"))
        return {"Voices": rows[at : at + 1]} | ({"NextToken": str(at + 1)} if at < 2 else {})

    mock.on("polly.DescribeVoices").calls(page)
    assert [voice.id for voice in ai.polly.voices()] == ["Brian", "Ivy", "Joey"]
    assert len(mock.calls("polly.DescribeVoices")) == 3


def test_a_task_speaks_into_s3(ai: Any) -> None:
    text = "A task may be long."
    job = ai.polly.start(text, "Matthew", format="pcm", engine="neural", prefix="calls/welcome")
    spoken = job.wait()
    assert (spoken.voice, spoken.engine, spoken.characters) == ("Matthew", "neural", len(text))
    assert spoken.data == ai.polly.speak(text, "Matthew", format="pcm", engine="neural").data
    again = ai.polly.job(job.id)
    assert again.done
    assert again.wait() == spoken
    assert ai.polly.start("Something else.", format="pcm").wait().data != spoken.data


def test_a_task_takes_more_than_a_request(ai: Any) -> None:
    job = ai.polly.start(f"<speak>Hello.{' ' * 5000}Bye.</speak>", format="mulaw", sample_rate=8000)
    spoken = job.wait()
    assert (spoken.characters, spoken.sample_rate, spoken.format) == (5010, 8000, "mulaw")
    with pytest.raises(InvalidCallError, match="100,000"):
        ai.polly.start("a" * 100_001)


def test_a_task_of_marks_is_no_audio(ai: Any, mock: Mock) -> None:
    mock.s3.make_bucket("out")
    task = ai.polly.start_speech_synthesis_task(
        text="Hello", voice_id="Joanna", output_format="json", speech_mark_types=["word"], output_s3_bucket_name="out"
    ).synthesis_task
    with pytest.raises(InvalidCallError, match="speech marks"):
        ai.polly.job(task.task_id).wait()


def test_a_task_that_failed_says_why(ai: Any, mock: Mock) -> None:
    told = {"TaskId": "x" * 36, "TaskStatus": "failed", "TaskStatusReason": "no such bucket any more"}
    mock.on("polly.GetSpeechSynthesisTask").returns({"SynthesisTask": told})
    with pytest.raises(JobFailedError, match="no such bucket any more"):
        ai.polly.start("Hello").wait()


def test_a_file_is_read(ai: Any, tmp_path: Path) -> None:
    plain, marked_up = tmp_path / "a.txt", tmp_path / "b.ssml"
    plain.write_text("Grüße aus der Datei.", "utf-8")
    marked_up.write_text("\ufeff<speak>Hi <break time='300ms'/> there</speak>", "utf-8")
    assert ai.polly.speak(plain, "Vicki", format="pcm").characters == 20
    assert ai.polly.speak(marked_up, format="pcm").characters == 9
    assert [mark.value for mark in ai.polly.marks(marked_up)] == ["Hi", "there"]
    (tmp_path / "c.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidCallError, match="UTF-8"):
        ai.polly.speak(tmp_path / "c.txt")
    with pytest.raises(InvalidCallError, match="there is no file"):
        ai.polly.speak(tmp_path / "d.txt")


@pytest.mark.parametrize(
    ("verb", "asked", "near"),
    [
        ("speak", {"voice": "Joana"}, "Joanna"),
        ("speak", {"voice": "matthew"}, "Matthew"),
        ("speak", {"engine": "neutral"}, "neural"),
        ("marks", {"engine": "longform"}, "long-form"),
        ("marks", {"kinds": ["words"]}, "word"),
        ("start", {"language_code": "en_US"}, "en-US"),
        ("start", {"format": "mp4"}, "mp3"),
    ],
)
def test_a_misspelt_word_is_told_with_the_nearest(ai: Any, mock: Mock, verb: str, asked: Any, near: str) -> None:
    with pytest.raises(InvalidCallError, match=f'did you mean "{near}"'):
        getattr(ai.polly, verb)("Hello", **asked)
    assert not mock.calls("polly.SynthesizeSpeech")


def test_what_the_client_cannot_know_is_the_services_to_say(ai: Any) -> None:
    with pytest.raises(ServiceError):
        ai.polly.speak("Hello", "Zzyzx")
    with pytest.raises(ServiceError) as caught:
        ai.polly.speak("Hello", "Ruth", engine="standard")
    assert caught.value.code == "EngineNotSupportedException"
    with pytest.raises(ServiceError):
        ai.polly.voices("english")
    with pytest.raises(InvalidCallError, match="Female or Male"):
        ai.polly.voices(gender="woman")


def test_broken_ssml_is_told_with_its_place(ai: Any) -> None:
    with pytest.raises(ServiceError) as caught:
        ai.polly.speak("<speak>\n<blink>Hi</blink></speak>")
    assert caught.value.code == "InvalidSsmlException"
    assert "line 2" in str(caught.value)
    with pytest.raises(InvalidCallError, match="line 2"):
        ai.polly.speak(f"<speak>\n<p>Hi{PAD * 3}</speak>")
    with pytest.raises(InvalidCallError, match="says nothing"):
        ai.polly.speak(f"<speak><!-- {PAD * 5} --></speak>")
