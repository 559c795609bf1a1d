"""Measure language detection on NTREX: whole sentences, four words, one word.

python mocks/training/language.py --data DIR

DIR holds NTREX (ntrex.py): measured, never trained on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import ntrex
from aiservices_mocks.engines import language

_FILES = """
    afr:af amh:am arb:ar aze-Latn:az bak:ba bel:be ben:bn bos:bs bul:bg cat:ca ces:cs cym:cy dan:da deu:de
    ell:el eng-US:en est:et eus:eu fas:fa fin:fi fra:fr gle:ga glg:gl guj:gu hau:ha heb:he hin:hi hrv:hr hun:hu
    hye:hy ind:id isl:is ita:it jpn:ja kan:kn kat:ka kaz:kk khm:km kor:ko kmr:ku kir:ky lao:lo lit:lt lav:lv
    ltz:lb mal:ml mar:mr mkd:mk mlg:mg mlt:mt mon:mn msa:ms mya:my nep:ne nld:nl nob:no orm:om pan:pa pol:pl
    por:pt pus:ps ron:ro rus:ru sin:si slk:sk slv:sl som:so spa:es sqi:sq srp-Latn:sr srp-Cyrl:sr swe:sv swa:sw
    tam:ta tel:te tat:tt tgk-Cyrl:tg fil:tl tha:th tur:tr tuk:tk uig:ug ukr:uk urd:ur uzb:uz vie:vi yor:yo
    zho-CN:zh zho-TW:zh-TW
"""
_ISO = dict(pair.split(":") for pair in _FILES.split())
TWELVE = ("en", "es", "fr", "de", "it", "pt", "zh", "zh-TW", "ja", "ko", "ar", "hi")
"""What Comprehend's other operations read."""
_SPACELESS = {"ja", "zh", "zh-TW", "th", "lo", "km", "my"}


def cut(line: str, code: str, words: int) -> str:
    if not words:
        return line
    return line[: 3 * words] if code in _SPACELESS else " ".join(line.split()[:words])


def shares(data: Path, words: int, lines: int = 100) -> dict[str, float]:
    """The share of sentences whose language is told, by language: whole sentences, or so many words of each."""
    right = {}
    for name, code in _ISO.items():
        sentences = ntrex.lines(data, name)
        chosen = sentences[:: max(1, len(sentences) // lines)]
        right[code] = sum(language.detect(cut(line, code, words))[0][0] == code for line in chosen) / len(chosen)
    return right


def mean(right: dict[str, float], codes: Iterable[str]) -> float:
    found = [right[code] for code in codes]
    return sum(found) / len(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=100)
    options = parser.parse_args()
    for words in (0, 4, 1):
        right = shares(options.data, words, options.lines)
        weak = ", ".join(f"{code} {share:.2f}" for code, share in sorted(right.items(), key=lambda pair: pair[1])[:8])
        print(
            f"{words or 'all'} words: {mean(right, right):.3f} over {len(right)} languages, "
            f"{mean(right, TWELVE):.3f} over Comprehend's twelve; weakest {weak}"
        )


if __name__ == "__main__":
    main()
