"""Dates and quantities in a text, by rules over characters: DATE and QUANTITY as the real service tells them apart.

Durations, ordinals, money and percentages are QUANTITY, clock times DATE.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from .vocabulary import Vocabulary, vocabulary


class Measure(NamedTuple):
    """A stretch of the text and its type, DATE or QUANTITY."""

    begin: int
    end: int
    type: str


_NUMBER = r"(?<![\w.,])[+-]?\d+(?:[.,'’\u00a0\u202f ]\d{3})*(?:[.,]\d+)?"
_YEAR = r"(?<![\w.,$€£/-])(?:1[5-9]\d\d|20\d\d)(?![\w/%-]|[.,]\d)"
_MONEY_SIGN = r"[$€£¥₹₩]|US\$|R\$|CHF|USD|EUR|GBP|JPY|BRL|INR|CNY"
_UNIT_SIGN = (
    r"%|‰|°\s?[CF]|°|km²|km/h|km|kg|mg|cm|mm|m²|m³|ml|[GMTk]B|[kMG]Hz|kWh|[kM]W|mph|lbs?|oz|ft|mi|min|hrs?|h|g|m|l|s"
)


@cache
def _rules(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, pattern in _patterns(language))


def _patterns(language: str) -> list[tuple[str, str]]:
    western = _western(vocabulary(language))
    return [*_EAST_ASIAN, *western] if language in ("ja", "ko", "zh", "zh-TW") else western


def _western(words: Vocabulary) -> list[tuple[str, str]]:
    month, day, of = words.months, words.weekdays, words.of
    number = rf"(?:{_NUMBER}|\b(?i:{words.numerals})(?!\w)(?:[ -](?i:{words.numerals})(?!\w))*)"
    magnitude = rf"(?:[ \u00a0-]?(?:(?i:{words.magnitudes})(?!\w)|(?:bn|[kKmM])(?!\w)))?"
    date_of_month = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th|er|º|ª|\.)?"
    parts = rf"(?:\s+(?i:{words.parts_of_day})(?!\w))?"
    weekday = rf"(?:\b(?:{day})(?!\w)\.?,?\s+(?i:{of}\s+)?)"
    return [
        (
            "DATE",
            r"(?<![\w-])\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w-])",
        ),
        ("DATE", r"(?<![\w./-])\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})(?![\w/-]|\.\d)"),
        (
            "DATE",
            rf"{weekday}?(?<![\w])(?<!\d[.,]){date_of_month}\s*(?i:{of})?\s*\b(?:{month})(?!\w)(?:\.(?=,?\s*\d{{4}}))?(?:,?\s*(?i:{of})?\s*\d{{4}}(?!\w))?",
        ),
        ("DATE", rf"{weekday}?\b(?:{month})(?!\w)\.?\s+{date_of_month}\b(?:,?\s+\d{{4}}(?!\w))?"),
        ("DATE", rf"\b(?:{month})(?!\w)\.?,?\s+(?i:{of}\s+)?\d{{4}}(?!\w)"),
        (
            "DATE",
            rf"(?<![\d:])(?:[01]?\d|2[0-4])(?::[0-5]\d){{1,2}}(?:\s?(?i:[ap]m\b|[ap]\.m\.|{words.oclock})(?!\w))?(?:\s(?:[ECMP][SD]?T|UTC|GMT|CES?T)(?!\w))?(?![\d:])",
        ),
        ("DATE", rf"(?<![\d:.,])(?:[01]?\d|2[0-4])\s?(?i:[ap]m\b|[ap]\.m\.|{words.oclock})(?!\w)"),
        ("DATE", r"(?<![\w])(?:[01]?\d|2[0-4])\s?h\s?[0-5]\d\b"),
        ("DATE", rf"(?i:\b(?:{words.near})\s+(?:{words.spans}|{day}|{month})(?!\w)){parts}"),
        ("DATE", rf"(?i:\b(?:{words.spans})\s+(?:{words.near_after})(?!\w))"),
        ("DATE", rf"(?i:{number}\s+(?:{words.durations})\s+(?:{words.ago})(?!\w))"),
        ("DATE", rf"(?i:\b(?:{words.ago_before})\s+{number}\s+(?:{words.durations})(?!\w))"),
        ("DATE", rf"(?i:\b(?:{words.days}))(?!\w){parts}"),
        ("DATE", rf"\b(?:{day})(?!\w)(?:s\b)?{parts}"),
        ("DATE", rf"(?:\b(?:{words.lone_months})(?!\w))"),
        ("DATE", r"(?<!\w)(?:\d{4}s|['’]\d0s)(?!\w)"),
        (
            "QUANTITY",
            rf"(?:{_MONEY_SIGN})\s?\d+(?:[.,'’ ]\d{{3}})*(?:[.,]\d+)?{magnitude}(?:[ -](?i:{words.currencies})(?!\w))?",
        ),
        (
            "QUANTITY",
            rf"{number}{magnitude}(?:\s?(?:{_MONEY_SIGN}|{_UNIT_SIGN})(?!\w)|[\s-]+(?:(?i:{of})\s+)?(?i:{words.currencies}|{words.units}|{words.durations})(?!\w))",
        ),
        ("DATE", _YEAR),
        ("DATE", r"(?i:(?<=\bin\s)|(?<=\ben\s)|(?<=\bem\s)|(?<=\bnel\s)|(?<=\bim\sJahr\s))1\d{3}(?![\w/%-]|[.,]\d)"),
        ("QUANTITY", rf"(?i:{number}[ -](?:{words.magnitudes})(?!\w))"),
        ("QUANTITY", rf"(?i:\b(?:{words.ordinals})(?!\w))|(?<![\w.,])\d+(?:st|nd|rd|th|ème|º|ª)(?!\w)"),
        (
            "QUANTITY",
            rf"(?:{_NUMBER}|\b(?i:{words.plain_numerals})(?!\w)(?:[ -](?i:{words.numerals})(?!\w))*)"
            r"(?![\w]|[.,:/-]\d|-\w)",
        ),
    ]


_HAN_NUMBER = r"[0-9０-９][0-9０-９,，.．]*|[〇一二三四五六七八九十百千万億亿兆两數数]+"
_EAST_ASIAN: list[tuple[str, str]] = [
    (
        "DATE",
        r"(?:(?:令和|平成|昭和|民國|民国)?[0-9０-９]{1,4}|[〇一二三四五六七八九]{4})年(?:[0-9０-９一二三四五六七八九十]{1,3}月(?:[0-9０-９一二三四五六七八九十]{1,3}[日号號])?)?",
    ),
    ("DATE", r"[0-9０-９一二三四五六七八九十]{1,3}月[0-9０-９一二三四五六七八九十]{1,3}[日号號]"),
    (
        "DATE",
        r"(?:午前|午後|上午|下午|晚上|早上)?(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})[時时點点](?!間|间)(?:[0-9０-９]{1,2}分|半)?",
    ),
    ("DATE", r"[月火水木金土日]曜日?|(?:星期|礼拜|禮拜|周|週)[一二三四五六日天]"),
    (
        "DATE",
        r"今日|明日|昨日|今年|来年|去年|先週|来週|今週|今月|来月|先月|今天|明天|昨天|明年|上周|下周|本周|上個月|下個月|上个月|下个月",
    ),
    (
        "DATE",
        r"\d{1,4}년(?:\s?\d{1,2}월(?:\s?\d{1,2}일)?)?|\d{1,2}월\s?\d{1,2}일|(?:오전|오후)?\s?\d{1,2}시(?!간)(?:\s?\d{1,2}분)?",
    ),
    ("DATE", r"[월화수목금토일]요일|오늘|내일|어제|올해|내년|작년|지난주|다음 주"),
    (
        "QUANTITY",
        rf"(?:第)?(?:{_HAN_NUMBER})(?:個月|个月|か月|カ月|ヶ月|年間|時間|小时|小時|分鐘|分钟|週間|日間|人民币|美元|欧元|歐元|日元|港元|万円|億円|パーセント|公里|公斤|キロ|メートル|[円元圓块塊人個个名件本回次倍歳岁歲天度位台枚匹头頭張张％%])",
    ),
    ("QUANTITY", r"百分之[〇一二三四五六七八九十百\d.]+|第[一二三四五六七八九十\d]+"),
    (
        "QUANTITY",
        r"\d[\d,.]*\s?(?:만|억|천|백)*\s?(?:원|달러|유로|엔|명|개|번|시간|분|일|주|개월|년|퍼센트|킬로미터|미터|킬로그램|%|살|세)",
    ),
]


def find(text: str, language: str) -> list[Measure]:
    """Dates and quantities in order; of two that overlap the one of the earlier rule stays."""
    taken = bytearray(len(text))
    found: list[Measure] = []
    for kind, pattern in _rules(language):
        for match in pattern.finditer(text):
            begin, end = match.span()
            if begin < end and not any(taken[begin:end]):
                taken[begin:end] = b"\x01" * (end - begin)
                found.append(Measure(begin, end, kind))
    return sorted(found)
