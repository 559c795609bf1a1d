"""Kanji as kana, which espeak-ng can speak: by what stands beside them, without a dictionary of words.

A kanji with another beside it has its first Chinese reading, one before the kana that a Japanese reading ends with has
that reading, and one that stands alone its first Japanese one. Names and many words are read otherwise.
"""

from __future__ import annotations

from aiservices_mocks.engines import weights_file


def read(text: str, at: int) -> str:
    """What to say for the character at a place of a text: kana for a kanji that is known, else itself."""
    kanji = text[at]
    known = weights_file.once("kanji.json.gz", dict)
    if kanji not in known:
        return kanji
    chinese, japanese = known[kanji]
    for reading in japanese:
        stem, _, ending = str(reading).partition(".")
        if ending and text.startswith(ending[0], at + 1):
            return stem
    neighbours = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    if chinese and any("\u4e00" <= neighbour <= "\u9fff" for neighbour in neighbours):
        return str(chinese)
    whole = next((str(reading) for reading in japanese if "." not in reading), "")
    return whole or str(chinese) or str(japanese[0]).partition(".")[0]
