"""Real speech: espeak-ng in a short process of its own."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from .phonetics import visemes
from .resampling import resample
from .segments import RATE, Segment, Take
from .stretch import slower, stretched
from .voices import Voice

if TYPE_CHECKING:
    from .segments import Samples

NAME = "espeak-ng"
WORDS_PER_MINUTE = 175
"""espeak-ng's own speed."""
SLOWEST, FASTEST = 80, 450
"""What espeak-ng can do itself; further out the samples are stretched."""
TIMEOUT = 120.0
"""Seconds after which a process is ended, and what every character adds: who listens may be slow, too."""
PATIENCE = 0.01
_LIBRARIES = {"win32": "espeak-ng.dll", "darwin": "libespeak-ng.dylib"}
_CHILD = Path(__file__).with_name("espeak_child.py")
_WORD, _PHONEME = 1, 7
_STOPS = frozenset("ptkbdgɡcɟqʈɖʔ")
_SOFT, _BURST = 0.012, 0.04
"""Softer than this share of the loudest part is silence; while a stop is held, there may be more of a murmur."""
_LATEST = 0.2
"""Seconds within which a word is heard after it begins."""


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


def speak(segments: Sequence[Segment], voice: Voice) -> Generator[Take]:
    """The segments as they are spoken, all by one process. Raises EspeakError."""
    texts = [segment.text() for segment in segments]
    tasks = [_task(segment, voice, text) for segment, (text, _) in zip(segments, texts, strict=True)]
    with closing(_run(tasks)) as told:
        for segment, (text, begins), (rate, events, samples) in zip(segments, texts, told, strict=True):
            yield _take(segment, text, begins, events, samples, rate)


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


def _run(tasks: list[dict[str, Any]]) -> Generator[tuple[int, list[list[Any]], Samples]]:
    """For each task the rate that its events count in, the events and the samples, from a process that ends with it."""
    import numpy as np

    found = library()
    if found is None:
        raise EspeakError("espeak-ng is not installed")
    command = [sys.executable, "-I", "-S", str(_CHILD), *found]
    seconds = TIMEOUT + PATIENCE * sum(len(task["text"]) for task in tasks)
    with _process(command, seconds) as process, cast(IO[bytes], process.stdout) as told:
        try:
            with cast(IO[bytes], process.stdin) as asked:
                asked.write(json.dumps(tasks).encode())
            rate = int(told.readline())
            for _ in tasks:
                take = json.loads(told.readline())
                samples = np.frombuffer(told.read(2 * take["samples"]), dtype="<i2").astype(np.float32)
                samples /= 32768
                yield rate, take["events"], samples if rate == RATE else resample(samples, rate, RATE)
        except (ValueError, BrokenPipeError):
            raise EspeakError(f"espeak-ng ended early, with {process.wait()}") from None


@contextmanager
def _process(command: list[str], seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block, or when the time is over."""
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=1 << 16
        )
    except OSError as error:
        raise EspeakError(f"espeak-ng did not start: {type(error).__name__}") from None
    watch = threading.Timer(seconds, process.kill)
    watch.daemon = True
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        process.kill()
        process.wait()


def _take(segment: Segment, text: str, begins: list[int], events: list[list[Any]], samples: Samples, rate: int) -> Take:
    words = _word_times(begins, len(text), events, len(samples) / RATE, rate)
    sounds: list[tuple[float, str]] = []
    for kind, _, sample, sound in events:
        viseme = next(iter(visemes(sound, segment.language)), "") if sound else "sil"
        silent_still = viseme == "sil" and sounds and sounds[-1][1] == "sil"
        if kind == _PHONEME and viseme and not silent_still:
            sounds.append((sample / rate, viseme))
    stops = {sample / rate for kind, _, sample, sound in events if kind == _PHONEME and sound.strip("ˈˌ")[:1] in _STOPS}
    words, sounds = heard(words, sounds, stops, samples)
    style = segment.style
    wanted = WORDS_PER_MINUTE * style.rate * style.tract
    stretch = min(max(wanted, SLOWEST), FASTEST) / wanted
    if abs(stretch - 1) > 1e-6:
        samples = stretched(samples, stretch)
    if style.tract != 1.0:
        samples = slower(samples, style.tract)
    factor = stretch * style.tract
    return Take(samples, [time * factor for time in words], [(time * factor, viseme) for time, viseme in sounds])


def heard(
    words: list[float], sounds: list[tuple[float, str]], stops: Collection[float], samples: Samples
) -> tuple[list[float], list[tuple[float, str]]]:
    """The times of words that begin after silence, moved to where something is heard, and their first sounds with them.

    espeak-ng tells a word where its first sound begins, and the first part of p, t and k is silent. stops: the times of
    such sounds.
    """
    import numpy as np

    step = RATE // 200
    count = len(samples) // step
    if not count:
        return words, sounds
    loudness = np.sqrt(np.square(samples[: count * step].reshape(count, step)).mean(axis=1))
    begins = [time for time, _ in sounds]
    moved = {}
    for word, following in pairwise([*words, len(samples) / RATE]):
        at = int(word * RATE) // step
        first = bisect_left(begins, word)
        stop = first < len(begins) and begins[first] in stops
        loud = loudness > (_BURST if stop else _SOFT) * loudness.max()
        if loud[max(at - 3, 0) : at + 2].any():
            continue
        found = np.flatnonzero(loud[at : int(min(following, word + _LATEST) * RATE) // step])
        if len(found):
            moved[word] = (at + int(found[0])) * step / RATE
    words = [moved.get(word, word) for word in words]
    starts = sorted(moved)
    out = []
    for time, viseme in sounds:
        before = bisect_right(starts, time) - 1
        out.append((max(time, moved[starts[before]]) if before >= 0 else time, viseme))
    return words, out


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
