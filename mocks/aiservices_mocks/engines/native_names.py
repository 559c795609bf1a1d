"""Names in scripts without capital letters, by what stands beside them: titles, endings and a short list of places.

It tells what the text itself shows and leaves the rest alone: names without such a sign are not found.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from .vocabulary import vocabulary


class Named(NamedTuple):
    """A stretch of the text, its type, and how many signs speak for it."""

    begin: int
    end: int
    type: str
    signs: int


_HAN = r"[\u4e00-\u9fff々]"
_KATAKANA = r"[\u30a1-\u30faー]"
_ARABIC = r"[\u0621-\u064a]"
_DEVANAGARI = r"[\u0900-\u097f]"

_PATTERNS: dict[str, list[tuple[str, int, str]]] = {
    "ja": [
        ("PERSON", 2, rf"({_KATAKANA}{{2,}}(?:[・＝]{_KATAKANA}{{2,}})+)"),
        (
            "PERSON",
            2,
            rf"({_HAN}{{2,4}}|{_KATAKANA}{{2,}})(?=さん|氏|様|君|ちゃん|首相|大統領|教授|社長|選手|監督|容疑者)",
        ),
        (
            "ORGANIZATION",
            2,
            rf"((?:株式会社)(?:{_HAN}|{_KATAKANA}){{2,}}|(?:{_HAN}|{_KATAKANA}){{1,8}}(?:株式会社|大学|銀行|新聞社|省庁|委員会|協会|学校|病院))",
        ),
        ("LOCATION", 2, rf"({_HAN}{{1,3}}(?:都|道|府|県|市|区|町|村|駅|島|川|山)(?!者|理|長|的))"),
    ],
    "zh": [
        ("PERSON", 2, r"([\u4e00-\u9fff]{2,3})(?=先生|女士|小姐|教授|博士|总统|總統|总理|主席|记者|記者)"),
        ("PERSON", 2, r"([\u4e00-\u9fff]{2,6}·[\u4e00-\u9fff]{2,6})"),
        (
            "ORGANIZATION",
            2,
            rf"({_HAN}{{2,8}}?(?:公司|大学|大學|银行|銀行|集团|集團|委员会|委員會|协会|協會|医院|醫院|政府))",
        ),
        ("LOCATION", 2, rf"({_HAN}{{2,3}}(?:省|市|县|縣|区|區|镇|鎮|机场|機場))"),
    ],
    "ko": [
        ("PERSON", 2, r"([가-힣]{2,4})(?=\s?(?:씨|님|대통령|총리|교수|박사|감독|선수|회장)(?![가-힣]{2}))"),
        ("ORGANIZATION", 2, r"([가-힣A-Za-z]{2,10}(?:대학교|은행|주식회사|전자|신문|병원|위원회|협회|그룹))"),
        (
            "LOCATION",
            2,
            r"(?<![가-힣])([가-힣]{1,4}(?:특별시|광역시|도시|시|군|구|동|역))(?=에서|에 |의 |로 |까지|부터)",
        ),
    ],
    "ar": [
        (
            "PERSON",
            2,
            rf"(?:السيدة?|الدكتورة?|الرئيس|الملك|الأستاذة?|الشيخ)\s+({_ARABIC}{{2,}}(?:\s(?!مدينة|دولة|شركة|يوم|إلى|على|في|من|عن|مع){_ARABIC}{{3,}})?)",
        ),
        ("ORGANIZATION", 2, rf"((?:شركة|جامعة|بنك|وزارة|منظمة|جمعية)\s{_ARABIC}{{2,}})"),
        ("LOCATION", 2, rf"(?:مدينة|دولة|محافظة|جمهورية)\s({_ARABIC}{{2,}})"),
    ],
    "hi": [
        (
            "PERSON",
            2,
            rf"(?:श्रीमती|श्री|डॉ\.?|प्रधानमंत्री|राष्ट्रपति|मिस्टर)\s+({_DEVANAGARI}{{2,}}(?:\s{_DEVANAGARI}{{2,}})?)",
        ),
        ("ORGANIZATION", 2, rf"({_DEVANAGARI}{{2,}}\s(?:विश्वविद्यालय|बैंक|कंपनी|मंत्रालय|पार्टी|अस्पताल))"),
        ("LOCATION", 2, rf"({_DEVANAGARI}{{2,}})\s(?:शहर|राज्य|जिले|प्रदेश)"),
    ],
}
_PATTERNS["zh-TW"] = _PATTERNS["zh"]


@cache
def _rules(language: str) -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    rules = [(kind, signs, re.compile(pattern)) for kind, signs, pattern in _PATTERNS.get(language, [])]
    if rules:
        places, letters = vocabulary(language).places, language in ("ar", "hi")
        edges = rf"(?<![\w\u0900-\u097f])[بلو]?({places})(?![\w\u0900-\u097f])" if letters else f"({places})"
        rules.append(("LOCATION", 1, re.compile(edges)))
    return tuple(rules)


def find(text: str, language: str) -> list[Named]:
    """Names in order; of two that overlap the one of the earlier rule stays."""
    taken = bytearray(len(text))
    found: list[Named] = []
    for kind, signs, pattern in _rules(language):
        for match in pattern.finditer(text):
            begin, end = match.span(1)
            if not any(taken[begin:end]):
                taken[begin:end] = b"\x01" * (end - begin)
                found.append(Named(begin, end, kind, signs))
    return sorted(found)
