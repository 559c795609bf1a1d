"""Both engines speak the same script: what lasts, what happens when, and what differs between voices."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiservices_mocks.engines import speech
from aiservices_mocks.engines.speech import Speech, espeak
from aiservices_mocks.engines.speech.phonetics import visemes

from aiservices.errors import MissingExtraError

TEXT = "Mary had a little lamb. Its fleece was white as snow, and everywhere that Mary went, the lamb was sure to go!"
needs_espeak = pytest.mark.skipif(not espeak.available(), reason="needs espeak-ng")


@pytest.fixture(params=[pytest.param("espeak-ng", marks=needs_espeak), "tone-plan"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "tone-plan":
        without_espeak(monkeypatch)
    return str(request.param)


def without_espeak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "available", lambda: False)


@dataclass(frozen=True)
class Heard:
    """A performance and its sound."""

    speech: Speech
    samples: np.ndarray

    def __getattr__(self, name: str) -> Any:
        return getattr(self.speech, name)


def spoken(source: str, voice_id: str = "Joanna", language: str | None = None, longest: float = 600) -> Heard:
    voice = speech.voices()[voice_id]
    language = language or voice.language
    reader = speech.read_ssml(source, "standard") if source.startswith("<speak") else speech.read_text(source)
    pieces = [np.zeros(0, dtype=np.float32)]
    script = speech.write_script(source, reader[0], [], language)
    told = speech.perform(script, voice, language, pieces.append, longest)
    return Heard(told, np.concatenate(pieces))


def times(performed: Heard, kind: str) -> list[float]:
    return [mark.time for mark in performed.marks if mark.kind == kind]


def test_marks_lie_in_the_audio_and_in_order(engine: str) -> None:
    performed = spoken(TEXT)
    assert performed.engine == engine
    assert [mark.time for mark in performed.marks] == sorted(mark.time for mark in performed.marks)
    assert 0 <= performed.marks[0].time <= performed.marks[-1].time <= performed.seconds
    assert [mark.value for mark in performed.marks if mark.kind == "word"] == [
        word.strip(".,!") for word in TEXT.split()
    ]
    assert len(times(performed, "sentence")) == 2
    assert len(set(times(performed, "word"))) == len(TEXT.split())
    assert {mark.value for mark in performed.marks if mark.kind == "viseme"} <= set("pftSTskrtiuaeEoO@J") | {"sil"}


def test_a_word_sounds_when_its_mark_says(engine: str) -> None:
    performed = spoken('<speak>One<break time="2s"/>two</speak>')
    _, second = times(performed, "word")
    loud = np.abs(performed.samples) > 0.02
    gap = loud[round((second - 1.9) * speech.RATE) : round((second - 0.02) * speech.RATE)]
    assert not gap.any()
    assert loud[round(second * speech.RATE) :].any()


def test_breaks_last_as_long_as_they_say(engine: str) -> None:
    short, long = spoken('<speak>a<break time="500ms"/>b</speak>'), spoken('<speak>a<break time="3s"/>b</speak>')
    assert long.seconds - short.seconds == pytest.approx(2.5, abs=0.001)


def test_a_mark_before_a_pause_is_told_before_it(engine: str) -> None:
    performed = spoken('<speak>One <mark name="a"/><break time="1s"/><mark name="b"/>two <mark name="c"/></speak>')
    first, second, third = times(performed, "ssml")
    assert second - first == pytest.approx(1.0, abs=0.001)
    assert second <= times(performed, "word")[1] <= second + 0.05
    assert third == pytest.approx(performed.seconds)


def test_rate_changes_the_length(engine: str) -> None:
    plain = spoken(f"<speak>{TEXT}</speak>").seconds
    for rate in (40, 60, 150, 200):
        changed = spoken(f'<speak><prosody rate="{rate}%">{TEXT}</prosody></speak>')
        assert changed.seconds == pytest.approx(plain * 100 / rate, rel=0.12)
        assert times(changed, "word")[-1] < changed.seconds


def test_volume_changes_the_loudness_only(engine: str) -> None:
    plain = spoken("<speak>Hello there</speak>")
    soft = spoken('<speak><prosody volume="-6dB">Hello there</prosody></speak>')
    assert len(soft.samples) == len(plain.samples)
    assert np.abs(soft.samples).max() == pytest.approx(np.abs(plain.samples).max() * 10 ** (-6 / 20), rel=1e-3)
    assert not spoken('<speak><prosody volume="silent">Hello</prosody></speak>').samples.round(4).any()


def lowest_strong_hertz(samples: np.ndarray) -> float:
    """Pitch by autocorrelation of the loudest tenth of a second."""
    size = speech.RATE // 10
    begins = range(0, max(len(samples) - size, 1), size // 2)
    part = max((samples[b : b + size] for b in begins), key=lambda p: float(np.square(p).sum()))
    likeness = np.correlate(part, part, "full")[len(part) - 1 :]
    low, high = speech.RATE // 450, speech.RATE // 60
    return speech.RATE / (low + int(np.argmax(likeness[low:high])))


def test_pitch_changes_the_pitch(engine: str) -> None:
    text = "ah"
    plain, high = (
        lowest_strong_hertz(spoken(f'<speak><prosody pitch="{sign}">{text}</prosody></speak>', "Joey").samples)
        for sign in ("+0%", "+50%")
    )
    assert high == pytest.approx(plain * 1.5, rel=0.15)


def test_a_longest_duration_is_kept_and_what_is_shorter_stays(engine: str) -> None:
    sentence = "Human speech is a powerful way to communicate."
    plain = spoken(f"<speak>{sentence}</speak>").seconds
    fitted = spoken(f'<speak><prosody amazon:max-duration="1500ms">{sentence}</prosody></speak>')
    assert fitted.seconds == pytest.approx(1.5, abs=0.01)
    assert times(fitted, "word")[-1] < 1.5
    roomy = spoken(f'<speak><prosody amazon:max-duration="30s">{sentence}</prosody></speak>')
    assert roomy.seconds == pytest.approx(plain)


def test_phonemes_are_spoken(engine: str) -> None:
    performed = spoken('<speak><phoneme ph="ˈfiːsɑːp">xyz</phoneme></speak>')
    heard = [mark.value for mark in performed.marks if mark.kind == "viseme" and mark.value != "sil"]
    assert heard == visemes("ˈfiːsɑːp") == ["f", "i", "s", "a", "p"]


def loudness(samples: np.ndarray) -> np.ndarray:
    frame = speech.RATE // 100
    count = len(samples) // frame
    return np.sqrt(np.square(samples[: count * frame].reshape(count, frame)).mean(axis=1))


def within(tag: str, text: str = "What a lovely day it is, my dear friend.") -> Heard:
    return spoken(f"<speak><{tag}>{text}</{tag.split()[0]}></speak>")


def test_a_compressed_range_lifts_what_is_soft_and_not_the_loudest(engine: str) -> None:
    plain, lifted = within('prosody rate="100%"'), within('amazon:effect name="drc"')
    assert np.abs(lifted.samples).max() == pytest.approx(np.abs(plain.samples).max(), rel=0.01)
    before, after = loudness(plain.samples), loudness(lifted.samples)
    assert np.median(after[before > 0.02]) > 1.2 * np.median(before[before > 0.02])


def test_soft_speech_is_softer_and_less_sharp(engine: str) -> None:
    plain, soft = within('prosody rate="100%"'), within('amazon:effect phonation="soft"')

    def sharpness(samples: np.ndarray) -> float:
        spectrum = np.abs(np.fft.rfft(samples)) ** 2
        return float(spectrum[len(spectrum) // 3 :].sum() / spectrum.sum())

    assert np.abs(soft.samples).max() < 0.8 * np.abs(plain.samples).max()
    assert sharpness(soft.samples) < 0.5 * sharpness(plain.samples)


def test_whispering_has_no_pitch(engine: str) -> None:
    plain, whispered = within('prosody rate="100%"'), within('amazon:effect name="whispered"')

    def regular(samples: np.ndarray) -> float:
        """How like itself a tenth of a second is one period later, at best."""
        found = []
        for begin in range(0, len(samples) - 2205, 2205):
            part = samples[begin : begin + 2205]
            likeness = np.correlate(part, part, "full")[2204:]
            if likeness[0] > 0.5:
                found.append(likeness[80:300].max() / likeness[0])
        return float(np.median(found)) if found else 0.0

    assert regular(whispered.samples) < 0.7 * regular(plain.samples)


def test_a_breath_is_heard_for_its_time(engine: str) -> None:
    soft = spoken('<speak>a<amazon:breath duration="long" volume="x-soft"/>b</speak>')
    loud = spoken('<speak>a<amazon:breath duration="long" volume="x-loud"/>b</speak>')
    silent = spoken('<speak>a<break time="500ms"/>b</speak>')
    assert soft.seconds == loud.seconds == silent.seconds
    difference = loudness(loud.samples - silent.samples)
    assert 0.3 < (difference > 0.001).sum() / 100 < 0.51
    assert loudness(soft.samples - silent.samples).max() < 0.1 * difference.max()


def test_automatic_breaths_come_between_sentences_as_often_as_asked(engine: str) -> None:
    text = "One thing. And another thing. And a third thing. And one more. The end."
    plain = within('prosody rate="100%"', text).seconds
    for frequency, breaths in (("x-low", 1), ("low", 2), ("medium", 4), ("x-high", 4)):
        breathed = within(f'amazon:auto-breaths frequency="{frequency}" duration="x-long"', text)
        assert breathed.seconds - plain == pytest.approx(0.7 * breaths, abs=0.01)


def test_an_expletive_is_a_tone_and_still_a_word(engine: str) -> None:
    performed = spoken('<speak>Oh <say-as interpret-as="expletive">damn</say-as> it</speak>')
    marks = [mark for mark in performed.marks if mark.kind == "word"]
    assert [mark.value for mark in marks] == ["Oh", "damn", "it"]
    begin = round(marks[1].time * speech.RATE)
    part = performed.samples[begin + 1000 : begin + 8000]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    assert np.argmax(spectrum) * speech.RATE / len(part) == pytest.approx(1000, abs=5)


@pytest.mark.parametrize(
    ("plain", "changed"),
    [
        ("Hello", '<emphasis level="strong">Hello</emphasis>'),
        ("Hello", '<prosody rate="80%">Hello</prosody>'),
        ("Hello", '<prosody volume="loud">Hello</prosody>'),
        ("Hello", '<prosody pitch="high">Hello</prosody>'),
        ("Hello", '<amazon:effect vocal-tract-length="+15%">Hello</amazon:effect>'),
        ("W3C", '<sub alias="World Wide Web Consortium">W3C</sub>'),
        ("1234", '<say-as interpret-as="digits">1234</say-as>'),
        ("read", '<w role="amazon:VBD">read</w>'),
        ("pecan", '<phoneme alphabet="x-sampa" ph="pI&quot;kA:n">pecan</phoneme>'),
        ("Je ne parle pas", '<lang xml:lang="fr-FR">Je ne parle pas</lang>'),
        ("One. Two.", "<s>One.</s><s>Two.</s>"),
        ("One. Two.", "<p>One.</p><p>Two.</p>"),
    ],
)
def test_every_tag_is_heard(engine: str, plain: str, changed: str) -> None:
    assert spoken(f"<speak>{plain}</speak>").samples.tobytes() != spoken(f"<speak>{changed}</speak>").samples.tobytes()


def test_the_styles_of_a_newscaster_and_a_talk_are_heard() -> None:
    voice = speech.voices()["Joanna"]
    sounds = []
    for domain in ("news", "conversational"):
        source = f'<speak><amazon:domain name="{domain}">It is late.</amazon:domain></speak>'
        pieces: list[np.ndarray] = []
        script = speech.write_script(source, speech.read_ssml(source, "neural", "Joanna")[0], [], "en-US")
        speech.perform(script, voice, "en-US", pieces.append)
        sounds.append(np.concatenate(pieces))
    assert len(sounds[0]) < len(spoken("It is late.").samples) < len(sounds[1])


def test_how_long_something_takes_follows_its_rate_within_a_tenth(engine: str) -> None:
    text = "The library opens at nine in the morning, and closes late in the evening. Please bring your card."
    plain = spoken(f"<speak>{text}</speak>").seconds
    for rate in (20, 50, 80, 120, 160, 200):
        seconds = spoken(f'<speak><prosody rate="{rate}%">{text}</prosody></speak>').seconds
        assert seconds == pytest.approx(plain * 100 / rate, rel=0.1)


@needs_espeak
@pytest.mark.parametrize("voice", ["Joanna", "Joey", "Amy", "Salli"])
@pytest.mark.parametrize("rate", [60, 100, 150])
def test_words_begin_where_the_sound_begins(voice: str, rate: int) -> None:
    words = ["cat", "dog", "table", "window", "paper", "green", "hello", "thing", "apple", "key", "orange", "better"]
    source = f'<speak><prosody rate="{rate}%">' + '<break time="300ms"/>'.join(words) + "</prosody></speak>"
    performed = spoken(source, voice)
    step = 110
    count = len(performed.samples) // step
    level = np.sqrt(np.square(performed.samples[: count * step].reshape(count, step)).mean(axis=1))
    loud = level > 0.03 * level.max()
    onsets = [at * step / speech.RATE for at in np.flatnonzero(loud) if not loud[max(at - 30, 0) : at].any()]
    told = times(performed, "word")
    assert len(told) == len(words)
    assert max(min(abs(time - onset) for onset in onsets) for time in told) < 0.05


def test_speech_is_handed_on_piece_by_piece_and_not_kept(engine: str) -> None:
    text = "This is one of many sentences. " * 60
    sizes: list[int] = []
    told = speech.perform(
        speech.write_script(text, speech.read_text(text)[0], [], "en-US"),
        speech.voices()["Joanna"],
        "en-US",
        lambda samples: sizes.append(len(samples)),
    )
    assert sum(sizes) == round(told.seconds * speech.RATE)
    assert max(sizes) < 4 * speech.RATE


def test_a_text_without_sentences_is_cut_too(engine: str) -> None:
    performed = spoken("word " * 450)
    assert len(times(performed, "word")) == 450


@needs_espeak
def test_what_nobody_will_hear_is_not_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "This is one of many sentences. " * 90
    performed = spoken(text, longest=10)
    assert performed.seconds == len(performed.samples) / speech.RATE == 10
    assert 9 < times(performed, "word")[-1] <= 10
    assert len(times(performed, "word")) < 60


def test_two_voices_give_two_sounds_and_genders_differ_in_pitch(engine: str) -> None:
    every = [spoken("ah", voice).samples.tobytes() for voice in ("Joanna", "Salli", "Kendra", "Joey", "Matthew")]
    assert len(set(every)) == len(every)
    woman, man = (lowest_strong_hertz(spoken("ah", voice).samples) for voice in ("Salli", "Joey"))
    assert man < woman


def test_no_two_voices_are_made_alike() -> None:
    every = list(speech.voices().values())
    assert len({voice.hertz for voice in every}) == len(every)
    by_espeak = {(voice.timbre, round(50 + 50 * np.log2(voice.lift)), voice.language) for voice in every}
    assert len(by_espeak) == len(every)


@pytest.mark.parametrize(
    "tag",
    [
        *('emphasis level="strong"', 'emphasis level="reduced"', 'prosody rate="1%"', 'prosody pitch="-99%"'),
        *('prosody pitch="+50%"', 'prosody volume="+40dB"', 'prosody volume="-40dB"'),
        *('amazon:effect vocal-tract-length="+50%"', 'amazon:effect name="whispered"'),
        f'prosody rate="{"9" * 400}%" pitch="+{"9" * 400}%" volume="+{"9" * 400}dB"',
    ],
)
def test_tags_within_tags_stay_in_bounds(engine: str, tag: str) -> None:
    performed = spoken("<speak>" + f"<{tag}>" * 200 + "ah, so" + f"</{tag.split()[0]}>" * 200 + "</speak>")
    assert 0.05 < performed.seconds < 20
    assert np.isfinite(performed.samples).all()


def test_what_lasts_no_time_fits_into_no_time(engine: str) -> None:
    fitted = spoken('<speak><prosody amazon:max-duration="0s">a<break time="0s"/>b</prosody></speak>')
    assert fitted.seconds == pytest.approx(spoken("<speak>a<break time='0s'/>b</speak>").seconds / 5, abs=0.01)


def test_nothing_but_space_gives_no_sound(engine: str) -> None:
    assert spoken(" \n ").seconds == 0
    assert spoken("<speak/>").marks == []
    assert spoken('<speak><break time="1s"/></speak>').seconds == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a [[b]] c", ["a", "b", "c"]),
        ("\x00one\x00 two", ["\x00one\x00", "two"]),
        ("-", []),
        ("...", []),
        ("\ud800 x", ["\ufffd" * 3, "x"]),
        ("🙂 smile", ["🙂", "smile"]),
        ("<b>&amp;</b>", ["<", "b", ">", "&", "amp", "<", "/", "b", ">"]),
        ("a" * 500, ["a" * 500]),
    ],
)
def test_strange_texts_are_spoken_too(engine: str, text: str, words: list[str]) -> None:
    performed = spoken(text)
    assert [mark.value for mark in performed.marks if mark.kind == "word"] == words
    assert bool(words) == (performed.seconds > 0.05)
    assert performed.seconds < 400


@pytest.mark.parametrize("language", sorted(speech.LANGUAGES))
def test_every_language_has_lengths(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without_espeak(monkeypatch)
    voice = next(voice.id for voice in speech.voices().values() if voice.speaks(language))
    assert spoken("ok 12, la!", voice, language).seconds > 0.3


SAMPLES = {
    "Joanna": [
        "Thank you for calling. Your order number four hundred and twelve has been shipped and will arrive on Thursday.",
        "The library opens at nine in the morning. Please bring your card, and return every book before the end of May.",
    ],
    "Vicki": [
        "Guten Tag, Ihre Bestellung ist unterwegs. Sie kommt voraussichtlich am Donnerstag zwischen acht und zwölf Uhr an."
    ],
    "Lea": [
        "Bonjour, votre commande a été expédiée. Elle arrivera jeudi matin, entre huit heures et midi, à votre domicile."
    ],
    "Lucia": ["Buenos días, su pedido ya está en camino. Llegará el jueves por la mañana, entre las ocho y las doce."],
    "Takumi": ["私は毎日学校で日本語を勉強しています。来年は友達と一緒に京都へ行くつもりです。"],
    "Camila": [
        "Bom dia, o seu pedido já foi enviado. Ele deve chegar na quinta-feira de manhã, entre as oito horas e o meio-dia."
    ],
}


@needs_espeak
@pytest.mark.parametrize("voice", SAMPLES)
def test_the_tone_plan_lasts_as_long_as_the_speech(voice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = [spoken(text, voice) for text in SAMPLES[voice]]
    without_espeak(monkeypatch)
    for text, performed in zip(SAMPLES[voice], real, strict=True):
        assert spoken(text, voice).seconds == pytest.approx(performed.seconds, rel=0.1)


@needs_espeak
def test_espeak_gives_the_same_bytes_every_time_and_is_never_loaded_here() -> None:
    first, again = spoken(TEXT), spoken(TEXT)
    assert first.samples.tobytes() == again.samples.tobytes()
    assert first.marks == again.marks
    check = (
        "import sys\nfrom aiservices_mocks import Mock\nfrom aiservices.call import Call\n"
        "params = {'Text': 'hello', 'VoiceId': 'Joanna', 'OutputFormat': 'pcm'}\n"
        "Mock().send(Call('polly', 'SynthesizeSpeech', params))\n"
        "maps = open('/proc/self/maps').read() if sys.platform == 'linux' else ''\n"
        "assert 'espeak' not in maps and 'espeakng_loader' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


@needs_espeak
def test_an_espeak_that_fails_is_an_error_without_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "library", lambda: ("/nowhere/libespeak-ng.so", ""))
    with pytest.raises(espeak.EspeakError) as caught:
        spoken("my secret")
    assert "secret" not in str(caught.value)


def test_without_a_package_and_a_program_there_is_no_espeak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    assert espeak.library.__wrapped__() is None


@needs_espeak
def test_the_library_of_the_program_is_found_beside_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "lib").mkdir()
    program = tmp_path / "bin" / "espeak-ng"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (tmp_path / "lib" / "libespeak-ng.so.1").write_bytes(b"")
    monkeypatch.setattr(espeak, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(program.parent))
    assert espeak.library.__wrapped__() == (str(tmp_path / "lib" / "libespeak-ng.so.1"), "")


def test_without_numpy_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiservices_mocks.engines.speech.performance.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"aiservices\[mocks\]"):
        spoken("hello")


def test_speech_of_more_than_ten_minutes_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    without_espeak(monkeypatch)
    breaks: Sequence[str] = ['<break time="10s"/>'] * 61
    performed = spoken(f"<speak>{''.join(breaks)}late</speak>")
    assert performed.seconds == pytest.approx(600)
    assert times(performed, "word") == []
