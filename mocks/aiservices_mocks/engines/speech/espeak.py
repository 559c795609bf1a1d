"""Real speech: espeak-ng in a short process of its own."""

from __future__ import annotations

import json
import math
import shutil
import sys
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

from .phonetics import visemes
from .segments import RATE, Segment, Take
from .voices import Voice

NAME = "espeak-ng"
WORDS_PER_MINUTE = 175
"""espeak-ng's own speed."""
SLOWEST, FASTEST = 80, 450
"""What espeak-ng can do itself; further out the samples are stretched."""
TIMEOUT = 120.0
_LIBRARIES = {"win32": "espeak-ng.dll", "darwin": "libespeak-ng.dylib"}
_CHILD = Path(__file__).with_name("espeak_child.py")
_WORD, _PHONEME = 1, 7


class EspeakError(RuntimeError):
    """The program ended with an error, or not at all."""


@cache
def library() -> tuple[str, str] | None:
    """The shared library and where its data are: of the package espeakng-loader, else of the program on the PATH.

    None when there is neither; an empty place of data is the library's own. Nothing is loaded.
    """
    spec = find_spec("espeakng_loader")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / _LIBRARIES.get(sys.platform, "libespeak-ng.so")
        if path.exists():
            return str(path), str(Path(folder) / "espeak-ng-data")
    program = shutil.which("espeak-ng")
    if program is None:
        return None
    beside = sorted((Path(program).resolve().parents[1] / "lib").glob("libespeak-ng.*"))
    if beside:
        return str(beside[0]), ""
    from ctypes.util import find_library

    found = find_library("espeak-ng")
    return (found, "") if found else None


def available() -> bool:
    """Whether there is an espeak-ng, and a Python to run it."""
    return bool(sys.executable) and library() is not None


def speak(segments: Sequence[Segment], voice: Voice) -> list[Take]:
    """The segments spoken, all in one process. Raises EspeakError."""
    import numpy as np

    texts = [segment.text() for segment in segments]
    tasks = [_task(segment, voice, text) for segment, (text, _) in zip(segments, texts, strict=True)]
    header, data = _run(tasks)
    samples = np.frombuffer(data, dtype="<i2").astype(np.float32)
    samples /= 32768
    if header["rate"] != RATE:
        samples = _at_rate(samples, header["rate"])
    takes, at = [], 0
    scale = RATE / header["rate"]
    for segment, (text, begins), told in zip(segments, texts, header["takes"], strict=True):
        size = round(told["samples"] * scale)
        own = samples[at : at + size]
        at += size
        takes.append(_take(segment, text, begins, told["events"], own, header["rate"]))
    return takes


def _at_rate(samples: Any, rate: int) -> Any:
    from .encode import resample

    return resample(samples, rate, RATE)


def _task(segment: Segment, voice: Voice, text: str) -> dict[str, Any]:
    style = segment.style
    timbre = ("whisperf" if voice.gender == "Female" else "whisper") if style.whisper else voice.timbre
    # A longer vocal tract is made by playing slower what was spoken faster and higher.
    rate = min(max(WORDS_PER_MINUTE * style.rate * style.tract, SLOWEST), FASTEST)
    pitch = 50 + 50 * math.log2(voice.lift * style.pitch * style.tract)
    return {
        "voice": f"{segment.language}+{timbre}",
        "rate": round(rate),
        "pitch": round(min(max(pitch, 0), 99)),
        "text": text,
    }


def _run(tasks: list[dict[str, Any]]) -> tuple[dict[str, Any], memoryview]:
    import subprocess

    found = library()
    if found is None:
        raise EspeakError("espeak-ng is not installed")
    command = [sys.executable, "-I", "-S", str(_CHILD), *found]
    try:
        done = subprocess.run(
            command, input=json.dumps(tasks).encode(), capture_output=True, timeout=TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EspeakError(f"espeak-ng did not end: {type(error).__name__}") from None
    if done.returncode != 0:
        raise EspeakError(f"espeak-ng ended with {done.returncode}")
    end = done.stdout.index(b"\n")
    header: dict[str, Any] = json.loads(done.stdout[:end])
    return header, memoryview(done.stdout)[end + 1 :]


def _take(segment: Segment, text: str, begins: list[int], events: list[list[Any]], samples: Any, rate: int) -> Take:
    import numpy as np

    words = _word_times(begins, len(text), events, len(samples) / RATE, rate)
    sounds: list[tuple[float, str]] = []
    for kind, _, sample, sound in events:
        viseme = next(iter(visemes(sound)), "") if sound else "sil"
        silent_still = viseme == "sil" and sounds and sounds[-1][1] == "sil"
        if kind == _PHONEME and viseme and not silent_still:
            sounds.append((sample / rate, viseme))
    style = segment.style
    wanted = WORDS_PER_MINUTE * style.rate * style.tract
    stretch = min(max(wanted, SLOWEST), FASTEST) / wanted
    if abs(stretch - 1) > 1e-6:
        from .stretch import stretched

        samples = stretched(samples, stretch)
    if style.tract != 1.0:
        size = round(len(samples) * style.tract)
        samples = np.interp(np.arange(size) / style.tract, np.arange(len(samples)), samples).astype(np.float32)
    factor = stretch * style.tract
    return Take(samples, [time * factor for time in words], [(time * factor, viseme) for time, viseme in sounds])


def _word_times(begins: list[int], size: int, events: list[list[Any]], seconds: float, rate: int) -> list[float]:
    """When each word begins: its first event, or by its place between its neighbours when it has none."""
    spoken = sorted((position, sample / rate) for kind, position, sample, _ in events if kind == _WORD)
    times: list[float | None] = []
    for begin, end in zip(begins, [*begins[1:], size], strict=True):
        at = bisect_left(spoken, (begin,))
        times.append(spoken[at][1] if at < len(spoken) and spoken[at][0] < end else None)
    return _filled(times, begins, size, seconds)


def _filled(times: list[float | None], begins: list[int], size: int, seconds: float) -> list[float]:
    known = [
        (-1, 0, 0.0),
        *((i, begins[i], t) for i, t in enumerate(times) if t is not None),
        (len(times), size, seconds),
    ]
    out: list[float] = []
    for (before, left, start), (after, right, stop) in pairwise(known):
        if before >= 0:
            out.append(start)
        for index in range(before + 1, after):
            share = (begins[index] - left) / max(right - left, 1)
            out.append(start + (stop - start) * share)
    # Never backwards: a language may tell its words in another order than they are written.
    for index in range(1, len(out)):
        out[index] = max(out[index], out[index - 1])
    return out
