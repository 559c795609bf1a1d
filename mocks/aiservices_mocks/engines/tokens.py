"""Words of a text as Universal Dependencies cuts them, with where they stand.

Offsets are code points. Every token is a stretch of the text itself: nothing is spelled out, so a fused
"del" or "im" stays one token, while "don't" is "do" + "n't" and "l'eau" is "l'" + "eau". Chinese and Japanese
come as runs of one script, for want of a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Token(NamedTuple):
    """A word, number or mark, and where it stands in the text."""

    begin: int
    end: int
    text: str


_ABBREVIATIONS = (
    "Mr|Mrs|Ms|Messrs|Dr|Prof|Rev|Hon|Gen|Gov|Sen|Rep|Capt|Col|Lt|Sgt|Maj|St|Mt|Ft|Jr|Sr|Inc|Ltd|Corp|Co|Bros|vs|etc|cf|"
    "approx|dept|ext|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Ave|Blvd|Rd|Sra|Srta|Dra|Sig|Dott|Mme|Mlle|MM|bzw|"
    "ca|Nr|Str|usw|Tel|No(?=\\.\\s?\\d)"
)
_PREFIXES = (
    "e|non|re|mis|counter|anti|pre|co|un|de|sub|multi|pro|post|inter|intra|micro|mini|semi|ultra|vice|bi|tri|neo"
)
_LETTER = r"[^\W\d_]"
_CJK = r"[\u3400-\u9fff々]+|[\u3040-\u309f]+|[\u30a0-\u30ff]+"
_COMMON = (
    r"(?:https?://|ftp://|www\.)[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]}'’]",
    r"[\w.+-]*\w@\w[\w-]*(?:\.\w[\w-]*)+",
    r"[@#]\w+(?:[._]\w+)*",
    r"(?<!\S)(?:[:;=8xX]['’]?[-o^]?[)(\]\[DPp/\\|*oO3]+|<3+|\^_?\^)(?!\S)",  # emoticons, standing alone
    rf"(?<![^\W_])(?:{_LETTER}\.){{2,}}",  # U.S., e.g., a.m.
    rf"(?<![^\W_])(?:{_ABBREVIATIONS})\.",
    r"(?<![^\W_])[A-Z]\.(?=\s?[A-Z])",  # J. Edgar
    r"['’]\d\ds?\b",  # '90s
    r"\d+(?:[-.]\d+){2,}|\d{3}-\d{4}\b",  # 555-867-5309, 2024-11-03, 12.05.2001
    r"\d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s|er|ème|e|º|ª)?(?![^\W_])|\d+(?:[.,:/]\d+)*",
    _CJK,
)
_MARKS = (
    r"[!?]{2,}|([-.…–—*=~_#+<>$`'])\1+",
    r"[\U0001F1E6-\U0001F1FF]{2}|[\u2600-\u27BF\U0001F300-\U0001FAFF][\uFE0F\U0001F3FB-\U0001F3FF]?",
    r"[^\w\s]",
    r"\w+?(?=[\u3040-\u30ff\u3400-\u9fff])|\w+",
)


def _pattern(word: str) -> re.Pattern[str]:
    return re.compile("|".join((*_COMMON, word, *_MARKS)))


_TAIL = r"(?:(?![\u3040-\u30ff\u3400-\u9fff])\w)*"  # Latin ends where Han or Kana begins
_ENGLISH = _pattern(
    rf"(?:\b(?i:{_PREFIXES})-(?=\w))?{_LETTER}{_TAIL}(?:['’]\w+|&{_LETTER}+|\.(?:com|org|net|edu|gov|io|doc|pdf|htm|html|jpg|txt)\b)*"
)
_OTHER = _pattern(rf"{_LETTER}{_TAIL}(?:['’&-]\w+)*(?:['’](?=\s?{_LETTER}))?")

_ENGLISH_SPLITS = re.compile(
    r"(?i)(.+)(n['’]t|['’](?:s|m|re|ve|ll|d))|(can)(not)|(gon|wan)(na)|(got)(ta)|(gim|lem)(me)"
)
_ELISION = re.compile(
    r"(?i)(?:[cdjlmnst]|qu|lorsqu|puisqu|jusqu|quoiqu|\w*(?:ll|un|quest|quell|sant|bell|grand|tutt|cos|com|dov))['’]"
)
_WHOLE = frozenset({"aujourd'hui", "aujourd’hui", "quelqu'un", "quelqu’un", "d'accord", "prud'hommes"})
_FRENCH_CLITIC = re.compile(
    r"(?i)(.+?)(-t-(?:il|elle|on)|-(?:ils?|elles?|on|ce|je|tu|nous|vous|les?|la|lui|leur|y|en|moi|toi))"
)


def tokenize(text: str, language: str = "en") -> list[Token]:
    """The tokens of a text in order; white space is in none of them."""
    english = language == "en"
    pattern = _ENGLISH if english else _OTHER
    found: list[Token] = []
    for match in pattern.finditer(text):
        word = match.group()
        begin = match.start()
        if word.isalpha() and not (english and word[-2:] in ("ot", "na", "ta", "me", "OT", "NA")):
            found.append(Token(begin, match.end(), word))
            continue
        for part in _parts(word, language):
            found.append(Token(begin, begin + len(part), part))
            begin += len(part)
    return found


def _parts(word: str, language: str) -> Iterator[str]:
    """The word cut where clitics are sewn on."""
    if language == "en":
        split = _ENGLISH_SPLITS.fullmatch(word)
        if split:
            left, right = (part for part in split.groups() if part)
            yield from _parts(left, language) if "'" in left or "’" in left else (left,)
            yield right
            return
    elif language in ("fr", "it", "ca"):
        elided = _ELISION.match(word)
        if elided and word.lower() not in _WHOLE:
            yield elided.group()
            if elided.end() < len(word):
                yield from _parts(word[elided.end() :], language)
            return
        clitic = _FRENCH_CLITIC.fullmatch(word) if language == "fr" and "-" in word else None
        if clitic:
            yield from clitic.groups()
            return
    yield word
