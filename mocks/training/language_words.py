"""The commonest words of 33 languages, for texts that are too short to tell by letters.

python mocks/training/language_words.py --data DIR

DIR holds XED (Helsinki-NLP/XED @ 76666d251f14, Projections, CC-BY 4.0): film subtitles. A word counts by its share of a
language's words; of each language the commonest are kept, with how much each language has of a word.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

from weights_file import write

_FILES = """
    ar:ar bg:bg bs:bs cs:cs da:da de:de en:en es:es et:et eu:eu fa:fa fi:fi fr:fr gl:gl hr:hr hu:hu id:id is:is it:it
    mk:mk ms:ms nl:nl no:no pl:pl pt:pt br:pt ro:ro ru:ru sk:sk sl:sl sr:sr sv:sv tr:tr vi:vi
"""
_KEPT = 400  # words of a language
_LEAST = 0.04  # languages that have less of a word are left out


def shares(data: Path) -> dict[str, dict[str, float]]:
    """Word -> language -> how much of the word is that language's, all languages being of one size."""
    counts: dict[str, Counter[str]] = {}
    for pair in _FILES.split():
        file, code = pair.split(":")
        paths = list((data / "XED" / "Projections").glob(f"{file}-projections*.tsv"))
        lines = [line.rpartition("\t")[0] for path in paths for line in path.read_text("utf-8").splitlines()]
        counts.setdefault(code, Counter()).update(re.findall(r"[^\W\d_]+", "\n".join(lines).lower()))
    often = {code: {word: n / words.total() for word, n in words.items()} for code, words in counts.items()}
    kept = sorted({word for words in counts.values() for word, n in words.most_common(_KEPT) if n > 2})
    found = {}
    for word in kept:
        has = {code: words.get(word, 0.0) for code, words in often.items()}
        whole = sum(has.values())
        found[word] = {code: round(one / whole, 2) for code, one in sorted(has.items()) if one / whole >= _LEAST}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    found = shares(parser.parse_args().data)
    size = write("language-words", found)
    print(f"{len(found)} words, {size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
