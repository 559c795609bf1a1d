"""Measure language detection on NTREX: whole sentences, four words, one word.

python mocks/training/language.py --data DIR

DIR holds NTREX (MicrosoftTranslator/NTREX @ 8561f6a622db, CC-BY-SA 4.0: measured, never trained on). One file per
language is read; of languages with several, the first.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

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
_SPACELESS = {"ja", "zh", "zh-TW", "th", "lo", "km", "my"}


def cut(line: str, code: str, words: int) -> str:
    if not words:
        return line
    return line[: 3 * words] if code in _SPACELESS else " ".join(line.split()[:words])


def files(folder: Path) -> Iterator[tuple[str, list[str]]]:
    for name, code in _ISO.items():
        kind = "src" if name.startswith("eng") else "ref"
        path = folder / f"newstest2019-{kind}.{name.removesuffix('-US')}.txt"
        if path.exists():
            yield code, path.read_text("utf-8").splitlines()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=100)
    options = parser.parse_args()
    sets = list(files(options.data / "NTREX" / "NTREX-128"))
    for words in (0, 4, 1):
        right = {}
        for code, lines in sets:
            chosen = lines[:: max(1, len(lines) // options.lines)]
            right[code] = sum(language.detect(cut(line, code, words))[0][0] == code for line in chosen) / len(chosen)
        mean = sum(right.values()) / len(right)
        wide = [right[code] for code in ("en", "es", "fr", "de", "it", "pt", "zh", "zh-TW", "ja", "ko", "ar", "hi")]
        weak = ", ".join(f"{code} {share:.2f}" for code, share in sorted(right.items(), key=lambda pair: pair[1])[:8])
        twelve = f"{sum(wide) / 12:.3f} over Comprehend's twelve"
        print(f"{words or 'all'} words: {mean:.3f} over {len(right)} languages, {twelve}; weakest {weak}")


if __name__ == "__main__":
    main()
