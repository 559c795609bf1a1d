"""Train how long words take against espeak-ng itself, language by language.

    python mocks/training/speech_durations.py --data DIR

DIR holds NTREX (ntrex.py). Its news sentences are spoken by espeak-ng (package espeakng-loader 0.2.4, espeak-ng
1.52); 400 and the beginnings of 400 more train, 200 others measure.
Only sums of letters and seconds enter the weights. Prints the error of a sentence and of a paragraph of five.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import ntrex
import numpy as np
import weights_file
from aiservices_mocks.engines.speech import espeak
from aiservices_mocks.engines.speech.blocks import read_text
from aiservices_mocks.engines.speech.durations import tail_feature, word_features
from aiservices_mocks.engines.speech.script import Word, write_script
from aiservices_mocks.engines.speech.segments import RATE, Segment, Take, cut
from aiservices_mocks.engines.speech.voices import LANGUAGES, Voice, voices
from numpy.typing import NDArray

WEIGHTS = weights_file.WEIGHTS / "speech_durations.json"
FILES = {
    "ar": "arb", "ca": "cat", "cmn": "zho-CN", "cs": "ces", "cy": "cym", "da": "dan", "de": "deu", "en": "eng-GB",
    "en-us": "eng-US", "es": "spa", "es-419": "spa-MX", "fi": "fin", "fr": "fra", "fr-be": "fra", "hi": "hin",
    "is": "isl", "it": "ita", "ja": "jpn", "ko": "kor", "nb": "nob", "nl": "nld", "pl": "pol", "pt": "por",
    "pt-br": "por-BR", "ro": "ron", "ru": "rus", "sv": "swe", "tr": "tur", "yue": "yue",
}  # fmt: skip
TRAIN, TEST = 800, 200
RIDGE = 0.3
SPECIAL = ("word", "digit", "symbol", "comma inside", "capitals", "sentence", "clause", "end")
RARE = 5
DIGITS = 5


class Engine(Protocol):
    """A module that speaks."""

    def speak(self, segments: Sequence[Segment], voice: Voice) -> list[Take]: ...


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--languages", nargs="*", default=sorted(FILES))
    arguments = parser.parse_args()
    old = json.loads(WEIGHTS.read_text("utf-8"))["languages"] if WEIGHTS.exists() else {}
    for language in arguments.languages:
        found = segments(arguments.data, language)
        rows, seconds = [features(segment) for segment in found], spoken(espeak, found)
        old[language] = weights = fit(rows[:TRAIN], seconds[:TRAIN])
        told = [predict(row, weights) for row in rows]
        sentences, paragraphs = errors(told[TRAIN:], seconds[TRAIN:])
        short, _ = errors(told[:TRAIN:2], seconds[:TRAIN:2])
        print(
            f"{language:6} sentences: median {np.median(sentences):.3f}, 90 % under {np.quantile(sentences, 0.9):.3f}; "
            f"paragraphs: worst {paragraphs.max():.3f}; "
            f"1-6 words: median {np.median(short):.3f}; {len(weights)} weights",
            flush=True,
        )
        write(old)


def segments(data: Path, language: str) -> list[Segment]:
    """The sentences of a language: the first TRAIN to learn from, the rest to measure on."""
    code = next(aws for aws, own in LANGUAGES.items() if own == language)
    lines = [line.strip() for line in ntrex.lines(data, FILES[language]) if any(c.isalnum() for c in line)]
    found = [
        one_segment(shortened(line, at), code) or one_segment(line, code)
        for at, line in enumerate(lines[: TRAIN + TEST])
    ]
    return [segment for segment in found if segment]


def errors(told: Sequence[float], real: Sequence[float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By which share the seconds told are off: sentence by sentence, and in paragraphs of five."""
    parts = len(told) // 5
    told_five, real_five = (np.array([part.sum() for part in np.array_split(all, parts)]) for all in (told, real))
    return np.abs(np.array(told) / np.array(real) - 1), np.abs(told_five / real_five - 1)


def write(languages: dict[str, dict[str, float]]) -> None:
    content = {
        "about": "Seconds per letter, word and pause of espeak-ng 1.52 at 175 words a minute.",
        "source": "mocks/training/speech_durations.py on NTREX-128",
        "languages": languages,
    }
    WEIGHTS.write_text(
        json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace('},"', '},\n"') + "\n"
    )


def shortened(line: str, at: int) -> str:
    """Every second training line only to its first words, or to its first characters where there are none."""
    if at >= TRAIN or at % 2:
        return line
    count = 1 + at // 2 % 6
    words = line.split()
    return " ".join(words[:count]) if len(words) > 6 else line[: 3 * count]


def one_segment(line: str, code: str) -> Segment | None:
    """The words of a line; None when its beginning holds none."""
    blocks, _ = read_text(line)
    return next((part for part in cut(write_script(line, blocks, [], code), code) if isinstance(part, Segment)), None)


def spoken(engine: Engine, chosen: Sequence[Segment]) -> list[float]:
    """How many seconds an engine takes for each."""
    voice = next(iter(voices().values()))

    def some(begin: int) -> list[float]:
        return [len(take.samples) / RATE for take in engine.speak(chosen[begin : begin + 50], voice)]

    with ThreadPoolExecutor(2) as pool:
        return [seconds for part in pool.map(some, range(0, len(chosen), 50)) for seconds in part]


def features(segment: Segment) -> dict[str, int]:
    found: dict[str, int] = {"end": 1}
    words: Sequence[Word] = segment.words
    for at, word in enumerate(words):
        for name, count in word_features(word.said).items():
            found[name] = found.get(name, 0) + count
        pause = tail_feature(word.tail) if at + 1 < len(words) else None
        if pause:
            found[pause] = found.get(pause, 0) + 1
    return found


def fit(
    rows: Sequence[dict[str, int]], seconds: Sequence[float], without: frozenset[str] = frozenset()
) -> dict[str, float]:
    """Least squares of the relative error, every letter drawn towards the mean letter, no pause below 0."""
    counts: dict[str, int] = {}
    for row in rows:
        for name in row:
            counts[name] = counts.get(name, 0) + 1
    special = [name for name in SPECIAL if name not in without]
    letters = sorted(name for name, count in counts.items() if len(name) == 1 and count >= RARE)
    last = sorted(name for name, count in counts.items() if name.endswith("$") and count >= RARE)
    names = ["letter", *special, *letters, *last]
    column = {name: at for at, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)))
    for at, row in enumerate(rows):
        for name, count in row.items():
            if len(name) == 1:
                matrix[at, 0] += count
            if name in column:
                matrix[at, column[name]] += count
    scale = 1 / np.array(seconds)
    weighted, target = matrix * scale[:, None], np.ones(len(rows))
    penalty = np.diag([1e-6] * (1 + len(special)) + [RIDGE] * (len(letters) + len(last)))
    solved = np.linalg.solve(weighted.T @ weighted + penalty, weighted.T @ target)
    if negative := {name for name in special if solved[column[name]] < 0}:
        return fit(rows, seconds, without | negative)
    base = float(solved[0])
    weights = {name: round(float(solved[at]), DIGITS) for name, at in column.items() if at <= len(special)}
    weights |= dict.fromkeys(without, 0.0)
    weights |= {name: round(float(solved[column[name]]), DIGITS) for name in last}
    weights |= {name: round(base + float(solved[column[name]]), DIGITS) for name in letters}
    return weights


def predict(row: dict[str, int], weights: dict[str, float]) -> float:
    other = weights["letter"]
    return sum(count * weights.get(name, other if len(name) == 1 else 0.0) for name, count in row.items())


if __name__ == "__main__":
    main()
