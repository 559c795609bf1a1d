"""Print what the built-in text engines reach on held-out data: python quality.py --data DIR.

Nothing printed here was trained on. The folder holds checkouts by name, as README.md lists them.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import crf_entities
import crf_names
import crf_pii
import crf_syntax
import crf_treebanks
from aiservices_mocks.engines import entities, mentions, syntax


def _syntax(data: Path) -> None:
    print("Parts of speech: accuracy in the service's tags, with AUX and VERB counted as one, and from raw text (F1)")
    for language in syntax.LANGUAGES:
        tagger = syntax.tagger(language)
        for name, test in crf_treebanks.corpora(data, language).tests.items():
            exact = crf_syntax.accuracy(tagger, test)
            merged = crf_syntax.accuracy(tagger, test, {"AUX": "VERB"})
            raw = crf_syntax.raw_f1(test, language)
            print(f"  {language}  {name:22} {exact:.3f}  {merged:.3f}  {raw:.3f}")


def _entities(data: Path) -> None:
    print("Names: micro F1 over exact spans; person, location, organization, or all types where it says so")
    for weights in ("en", "pt", "latin"):
        finder = mentions.finder(f"entities-{weights}")
        for name, (test, types) in crf_names.corpora(data, weights).tests.items():
            print(f"  {weights:6} {name:26} {crf_entities.f1(finder, test, types):.3f}")


_TRANSLATED = {"es": "UD_Spanish-PUD/es", "fr": "UD_French-PUD/fr", "it": "UD_Italian-PUD/it"}


def _translated(data: Path) -> None:
    """Languages without marked names: of names that a translation spells the same, how many are found."""
    print("Names in translations of the held-out sentences, spelled as in Portuguese: recall, any type and right type")
    marked = crf_names.corpora(data, "latin").tests["Portuguese PUD, likewise"][0]
    for language, path in _TRANSLATED.items():
        known = crf_treebanks.read([data / f"{path}_pud-ud-test.conllu"], split_fused=False)
        texts = [s.text for s in sorted(known, key=lambda s: s.name)][::4]  # the order of the marked sentences
        wanted = found = right = 0
        for sentence, text in zip(marked, texts, strict=True):
            mine = {entity.text: entity.type for entity in entities.find(text, language)}
            for first, last, kind in mentions.spans(sentence.labels):
                name = " ".join(sentence.words[first:last])
                if name in text:
                    wanted += 1
                    found += name in mine
                    right += mine.get(name) == kind
        print(f"  {language}  {wanted} names  {found / wanted:.3f}  {right / wanted:.3f}")


def _pii(data: Path) -> None:
    print("Personal names (exact) and addresses (half covered) on held-out templates: precision, recall")
    for kind, (precision, recall) in crf_pii.scores(crf_pii.held_out(data)).items():
        print(f"  {kind:8} {precision:.3f}  {recall:.3f}")


def _speed(data: Path) -> None:
    text = " ".join(s.text for s in crf_treebanks.corpora(data, "en").tests["EWT"])[:100_000]
    syntax.tag(text[:5_000], "en")
    began = time.process_time()
    words = syntax.tag(text, "en")
    print(f"Tagger: {len(words) / (time.process_time() - began):,.0f} tokens per CPU-second, cutting included")


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the checkouts")
    data = parser.parse_args().data
    for part in (_syntax, _entities, _translated, _pii, _speed):
        part(data)


if __name__ == "__main__":
    main()
