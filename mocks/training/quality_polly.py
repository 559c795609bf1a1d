"""How close the tone plan's time is to espeak-ng's, and what can be heard of espeak-ng's speech."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import soundfile  # type: ignore[import-untyped]  # it has no types
import speech_durations
from aiservices_mocks.engines import speech
from aiservices_mocks.engines.speech import espeak, tone
from aiservices_mocks.engines.speech.resampling import resample
from numpy.typing import NDArray

HEARING = ("moonshine_voice", "espeakng_loader")
"""Modules that hearing needs: the recogniser is for this measurement only, and 0.1.0 the last with its model inside."""

_SENTENCES = 50
_READ_BACK = Path(__file__).with_name("read_back.txt")
_VOICE = "Joanna"
_OTHERS = ("Joey", "Matthew", "Amy", "Salli")
_RATES = (20, 40, 60, 80, 120, 150, 200)
_WORDS = (
    *("pear", "tea", "cow", "boat", "day", "goat", "cheese", "jam", "fish", "vase", "sea", "zoo", "shop", "hat", "man"),
    *("nose", "lake", "rose", "west", "yes", "cat", "dog", "table", "window", "paper", "green", "hello", "thing"),
    *("apple", "key", "orange", "better"),
)
_GAP = '<break time="300ms"/>'
_QUIET = 0.03
"""Of the loudest hundredth of a word: what is softer is silence."""

Samples = NDArray[np.float32]


def durations(data: Path) -> str:
    """Sentences and paragraphs that no training saw, in every language."""
    sentences, paragraphs = [], []
    for language in sorted(speech_durations.FILES):
        chosen = speech_durations.segments(data, language)[-_SENTENCES:]
        told, real = (speech_durations.spoken(engine, chosen) for engine in (tone, espeak))
        one, five = speech_durations.errors(told, real)
        sentences.append(one)
        paragraphs.append(five)
    return (
        f"error in seconds, relative to espeak-ng, on {_SENTENCES} held-out NTREX-128 sentences in each of "
        f"{len(sentences)} languages: {np.median(sentences):.3f} of a sentence in the median, under "
        f"{np.quantile(sentences, 0.9):.3f} for nine of ten; of paragraphs of five sentences at most "
        f"{np.max(paragraphs):.3f}"
    )


def heard() -> str:
    """Sentences read back, durations by the rate tag, and marks of words beside the onsets of their sound."""
    sentences = _READ_BACK.read_text("utf-8").splitlines()
    own, *others = _error_rates(sentences, (_VOICE, *_OTHERS))
    ratio = max(abs(seconds / wanted - 1) for seconds, wanted in _rates(sentences[0]))
    distances = np.array([distance for rate in (75, 100, 150) for distance in _distances(rate)])
    return (
        f"{len(sentences)} sentences read back by moonshine-voice 0.1.0: WER {own:.3f} ({_VOICE}), "
        f"{min(others):.3f} to {max(others):.3f} ({', '.join(_OTHERS)}); durations off from what the rate asks for by "
        f"at most {ratio:.3f}; words that stand alone begin {np.median(distances) * 1000:.0f} ms from the onset of "
        f"their sound in the median, {(distances < 0.05).mean():.3f} of {len(distances)} within 50 ms"
    )


def formats() -> str:
    """Every format at every rate, decoded and held against what was spoken."""
    _, samples = spoken(" ".join(_READ_BACK.read_text("utf-8").splitlines()[:3]), _VOICE)
    late, alike = [], []
    for output, rates in speech.RATES.items():
        for rate in rates:
            found = _decoded(speech.encode(samples, speech.RATE, output, rate), output, rate)
            original = resample(samples, speech.RATE, rate)
            late.append(abs(len(found) - len(original)) / rate)
            alike.append(_likeness(found, original, rate))
    return (
        f"{len(alike)} pairs of format and rate, decoded: at most {max(late) * 1000:.0f} ms longer; likeness of the "
        f"waveform (correlation) {min(alike):.3f} to {max(alike):.3f}"
    )


def spoken(source: str, voice_id: str) -> tuple[speech.Speech, Samples]:
    """A text or SSML as a voice says it."""
    voice = speech.voices()[voice_id]
    blocks, _ = speech.read_ssml(source, "standard") if source.startswith("<speak") else speech.read_text(source)
    pieces: list[Samples] = [np.zeros(0, dtype=np.float32)]
    script = speech.write_script(source, blocks, [], voice.language)
    told = speech.perform(script, voice, voice.language, pieces.append)
    return told, np.concatenate(pieces)


def _error_rates(sentences: list[str], voices: tuple[str, ...]) -> Iterator[float]:
    from moonshine_voice import ModelArch, get_assets_path  # type: ignore[import-not-found]  # for measuring only
    from moonshine_voice.transcriber import Transcriber  # type: ignore[import-not-found]  # for measuring only

    recogniser = Transcriber(f"{get_assets_path()}/tiny-en", ModelArch.TINY, options={"vad_threshold": 0})
    for voice in voices:
        wrong = words = 0
        for sentence in sentences:
            sound = np.pad(resample(spoken(sentence, voice)[1], speech.RATE, 16000), 8000)
            lines = recogniser.transcribe_without_streaming(sound.tolist(), 16000).lines
            wanted, found = _plain(sentence), _plain(" ".join(line.text for line in lines))
            wrong += _edits(wanted, found)
            words += len(wanted)
        yield wrong / words


def _plain(text: str) -> list[str]:
    return re.sub(r"[^a-z' ]", " ", text.casefold()).split()


def _edits(wanted: list[str], found: list[str]) -> int:
    row = list(range(len(found) + 1))
    for at, one in enumerate(wanted, 1):
        before, row[0] = row[0], at
        for place, other in enumerate(found, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (one != other))
    return row[-1]


def _rates(sentence: str) -> Iterator[tuple[float, float]]:
    """Seconds, and what they should be, for every rate and both engines."""
    available = espeak.available
    for engine in (available, lambda: False):
        espeak.available = engine
        try:
            plain = spoken(sentence, _VOICE)[0].seconds
            for rate in _RATES:
                source = f'<speak><prosody rate="{rate}%">{sentence}</prosody></speak>'
                yield spoken(source, _VOICE)[0].seconds, plain * 100 / rate
        finally:
            espeak.available = available


def _distances(rate: int) -> Iterator[float]:
    """Seconds between the mark of each word and the nearest onset after silence."""
    step = speech.RATE // 200
    for voice in (_VOICE, *_OTHERS):
        source = f'<speak><prosody rate="{rate}%">{_GAP.join(_WORDS)}</prosody></speak>'
        told, samples = spoken(source, voice)
        loudness = np.sqrt(np.square(samples[: len(samples) // step * step].reshape(-1, step)).mean(axis=1))
        loud = loudness > _QUIET * loudness.max()
        onsets = np.array(
            [at * step / speech.RATE for at in np.flatnonzero(loud) if not loud[max(at - 30, 0) : at].any()]
        )
        for mark in told.marks:
            if mark.kind == "word":
                yield float(np.abs(onsets - mark.time).min())


def _decoded(data: bytes, output: str, rate: int) -> Samples:
    raw = {"pcm": "PCM_16", "mulaw": "ULAW", "alaw": "ALAW"}.get(output)
    how: dict[str, Any] = {"format": "RAW", "subtype": raw, "channels": 1, "samplerate": rate} if raw else {}
    samples: Samples = soundfile.read(BytesIO(data), dtype="float32", **how)[0]
    return samples


def _likeness(found: Samples, original: Samples, rate: int) -> float:
    """The correlation at the best of all delays up to a tenth of a second."""
    size = 2 ** int(np.ceil(np.log2(len(found) + len(original))))
    delays = np.fft.irfft(np.fft.rfft(found, size) * np.conj(np.fft.rfft(original, size)), size)[: rate // 10]
    late = int(np.argmax(delays))
    shared = min(len(found) - late, len(original))
    return float(np.corrcoef(found[late : late + shared], original[:shared])[0, 1])
