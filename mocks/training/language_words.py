"""The commonest words of 69 languages, for texts that are too short to tell by letters.

python mocks/training/language_words.py --data DIR

DIR holds XED (Helsinki-NLP/XED @ 76666d251f14, Projections, CC-BY 4.0), film subtitles, and nltk_data (nltk/nltk_data
@ 5db857e6f7df: udhr2 of packages/corpora, unpacked there): the Universal Declaration of Human Rights, in the public
domain. A word counts by its share of a language's words; of each language the commonest are kept, with how much each
language has of a word. Languages that have a script to themselves need none.
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
_DECLARATION = """
    af:afr ar:arb az:azj_latn be:bel bg:bul bs:bos_latn ca:cat cs:ces cy:cym da:dan de:deu en:eng eo:epo es:spa
    et:est eu:eus fa:pes_1 fi:fin fr:fra ga:gle gd:gla gl:glg ha:hau_NG hi:hin hr:hrv ht:hat_popular hu:hun id:ind
    is:isl it:ita jv:jav kk:kaz ky:kir la:lat lb:ltz lt:lit lv:lav mg:plt mk:mkd mn:khk mr:mar ms:mly_latn mt:mlt
    ne:nep nl:nld no:nob om:gax pl:pol ps:pbu pt:por_BR pt:por_PT ro:ron ru:rus sk:slk sl:slv so:som sq:als
    sr:srp_cyrl sr:srp_latn sv:swe sw:swh tg:tgk tk:tuk_latn tl:tgl tr:tur tt:tat ug:uig_arab uk:ukr ur:urd
    uz:uzn_latn vi:vie yo:yor
"""
_KEPT = 500  # words of a language
_LEAST = 0.1  # languages that have less of a word are left out
_SPOKEN = 3  # how much more than the declaration's the words of subtitles count, where a language has both


def shares(data: Path) -> dict[str, dict[str, float]]:
    """Word -> language -> how much of the word is that language's, all languages being of one size."""
    spoken, written = _spoken(data), _written(data)
    often: dict[str, dict[str, float]] = {}
    for code in sorted({*spoken, *written}):
        parts = [(says, of[code]) for says, of in ((_SPOKEN, spoken), (1, written)) if code in of]
        whole = sum(says for says, _ in parts)
        words = {word for _, counts in parts for word in counts}
        often[code] = {word: sum(says * n[word] / n.total() for says, n in parts) / whole for word in sorted(words)}
    kept = {word for has in often.values() for word in sorted(has, key=has.__getitem__, reverse=True)[:_KEPT]}
    found = {}
    for word in sorted(kept):
        has = {code: words.get(word, 0.0) for code, words in often.items()}
        all_of_it = sum(has.values())
        found[word] = {code: round(one / all_of_it, 2) for code, one in has.items() if one / all_of_it >= _LEAST}
    return found


def _spoken(data: Path) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for pair in _FILES.split():
        file, code = pair.split(":")
        for path in sorted((data / "XED" / "Projections").glob(f"{file}-projections*.tsv")):
            lines = [line.rpartition("\t")[0] for line in path.read_text("utf-8").splitlines()]
            counts.setdefault(code, Counter()).update(_words("\n".join(lines)))
    return counts


def _written(data: Path) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for pair in _DECLARATION.split():
        code, file = pair.split(":")
        text = (data / "nltk_data" / "udhr2" / f"{file}.txt").read_text("utf-8")
        counts.setdefault(code, Counter()).update(_words(text))
    return counts


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    found = shares(parser.parse_args().data)
    size = write("language-words", found)
    print(f"{len(found)} words, {size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
