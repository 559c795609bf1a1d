"""The language a text is written in, as Comprehend's code.

Writing systems that one language has to itself decide at once. Chinese is told apart as simplified or traditional
by the characters that only GB 2312 or only Big5 can write. The rest is py3langid's, held to the languages that
Comprehend knows and nudged towards the widely written ones where a text is too short to tell.

Comprehend's list: https://docs.aws.amazon.com/comprehend/latest/dg/how-languages.html (2025-12). Of it ceb, cv, ilo,
new, sd, su, war and yi are not told: the model does not know them.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from aiservices.errors import MissingExtraError

_CODES = """
    af am ar as az ba be bg bn bs ca ceb cs cv cy da de el en eo es et eu fa fi fr ga gd gl gu ha he hi hr ht hu
    hy id ilo is it ja jv ka kk km kn ko ku ky la lb lo lt lv mg mk ml mn mr ms mt my ne new nl no om or pa pl
    ps pt qu ro ru sa sd si sk sl so sq sr su sv sw ta te tg th tk tl tr tt ug uk ur uz vi war yi yo zh zh-TW
"""
CODES = frozenset(_CODES.split())
"""What DetectDominantLanguage can answer."""

_SCRIPTS = re.compile(
    "(?P<ja>[\u3041-\u30ff\uff66-\uff9d])|(?P<ko>[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e])|(?P<han>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])"
    "|(?P<el>[\u0370-\u03ff\u1f00-\u1fff])|(?P<he>[\u0590-\u05ff])|(?P<hy>[\u0530-\u058f])|(?P<ka>[\u10a0-\u10ff])|(?P<th>[\u0e00-\u0e7f])"
    "|(?P<lo>[\u0e80-\u0eff])|(?P<km>[\u1780-\u17ff])|(?P<my>[\u1000-\u109f])|(?P<ta>[\u0b80-\u0bff])|(?P<te>[\u0c00-\u0c7f])"
    "|(?P<kn>[\u0c80-\u0cff])|(?P<ml>[\u0d00-\u0d7f])|(?P<si>[\u0d80-\u0dff])|(?P<gu>[\u0a80-\u0aff])|(?P<pa>[\u0a00-\u0a7f])"
    "|(?P<or>[\u0b00-\u0b7f])|(?P<am>[\u1200-\u137f])|(?P<other>[^\\W\\d_])"
)
_KINS = {"nn": "no", "arz": "ar", "ary": "ar", "uzs": "uz", "yue": "zh", "wuu": "zh"}
_WIDE = {
    "en": 12.0,
    "es": 6.0,
    "fr": 6.0,
    "de": 6.0,
    "it": 5.0,
    "pt": 5.0,
    "ru": 3.0,
    "nl": 2.0,
    "pl": 2.0,
    "tr": 2.0,
    "ar": 2.0,
    "id": 1.5,
    "sv": 1.5,
}
_SHORT = {
    word: code
    for code, words in {
        "en": "hello hi thanks thank yes please great good bad ok okay bye welcome the and",
        "es": "hola gracias adiós sí bueno buenos buenas malo qué muy señor",
        "fr": "bonjour bonsoir merci oui salut très voilà monsieur madame",
        "de": "hallo danke guten tag ja nein bitte gut schlecht sehr tschüss schön",
        "it": "ciao grazie buongiorno buonasera sì prego bene buono molto arrivederci",
        "pt": "olá oi obrigado obrigada boa não muito tchau",
        "nl": "bedankt goed nee graag mooi",
    }.items()
    for word in words.split()
}
"""What people write alone or nearly so, where the model has too few letters to go by."""
_SHORT_WORDS, _SHORT_SAYS = 3, 0.6
_NUDGED = 24  # characters; in longer texts wide use counts less and less
_LEAST = 0.05  # further languages are told when they are at least this likely
_SINGLE_CHARACTER = 0.7  # certainty of one character of a script of its own; more characters make it surer

_model: Any = None
_lock = threading.Lock()


def detect(text: str) -> list[tuple[str, float]]:
    """Comprehend's codes with their scores (0..1), the likeliest first; never empty.

    A text without letters tells nothing: the answer is then English with a low score.
    """
    scripts = Counter(match.lastgroup or "" for match in _SCRIPTS.finditer(text))
    letters = sum(scripts.values())
    shares = {script: count / letters for script, count in scripts.items()}
    found: dict[str, float] = defaultdict(float)
    east = shares.pop("ja", 0.0), shares.pop("han", 0.0)
    if east[0]:  # kana among the characters: they are Japanese too
        found["ja"] += sum(east)
    elif east[1]:
        found[_chinese(text)] += east[1]
    other = shares.pop("other", 0.0)
    found.update(shares)
    certainty = 1 - (1 - _SINGLE_CHARACTER) / max(1, letters - scripts["other"])
    told = {code: share * certainty for code, share in found.items()}
    if other or not letters:
        rest = _SCRIPTS.sub(lambda match: match[0] if match.lastgroup == "other" else " ", text)
        for code, score in _ranked(rest):
            told[code] = told.get(code, 0.0) + score * (other or 1.0)
    return _best(told)


def _best(told: Mapping[str, float]) -> list[tuple[str, float]]:
    scores = ((code, round(min(1.0, score), 6)) for code, score in told.items())
    ranked = sorted(scores, key=lambda pair: (-pair[1], pair[0]))
    return [pair for at, pair in enumerate(ranked) if at == 0 or pair[1] >= _LEAST]


def _chinese(text: str) -> str:
    """zh-TW where more characters are only in Big5 than only in GB 2312, else zh."""
    balance = sum(_side(char) for char in text)
    return "zh-TW" if balance > 0 else "zh"


@lru_cache(maxsize=20_000)
def _side(char: str) -> int:
    """1 for a character that only traditional Chinese writes, -1 for only simplified, 0 for both or neither."""
    return _writes("big5", char) - _writes("gb2312", char)


def _writes(encoding: str, char: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _ranked(text: str) -> list[tuple[str, float]]:
    """The model's languages with their likelihood: wide use counts where the text says little."""
    scores: dict[str, float] = {}
    nudge = min(1.0, _NUDGED / len(text)) if text else 1.0
    for label, score in _identifier().rank(text):
        code = _KINS.get(label, label)
        if code in CODES:
            scores[code] = scores.get(code, 0.0) + score * _WIDE.get(code, 1.0) ** nudge
    tokens = re.findall(r"[^\W\d_]+(?:'\w+)?", text.lower())
    if len(tokens) <= _SHORT_WORDS:
        for token in tokens:
            if token in _SHORT:
                scores[_SHORT[token]] += _SHORT_SAYS * sum(scores.values())
    whole = sum(scores.values())
    return [(code, score / whole) for code, score in scores.items()]


def _identifier() -> Any:
    global _model
    if _model is None:
        with _lock:
            if _model is None:
                try:
                    from py3langid.langid import (  # type: ignore[import-untyped]  # it has no types
                        MODEL_FILE,
                        LanguageIdentifier,
                    )
                except ImportError as error:
                    raise MissingExtraError("Detecting languages", "mocks") from error
                _model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return _model
