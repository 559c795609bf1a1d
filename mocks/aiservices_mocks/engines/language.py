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
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from aiservices.errors import MissingExtraError

from . import weights_file

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
_OWN_SCRIPT = re.compile(
    "[\u0370-\u03ff\u0530-\u05ff\u0900-\u0fff\u1000-\u137f\u1780-\u17ff\u1f00-\u1fff\u3040-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9d]"
)
_MARKS = re.compile(r"[\W\d_]+")
_ASCII_MARKS = {code: " " for code in range(128) if not chr(code).isalpha()}
_SPACES = re.compile("  +")
_KINS = {"nn": "no", "arz": "ar", "ary": "ar", "uzs": "uz", "yue": "zh", "wuu": "zh"}
_WIDE = {
    "en": 2.7, "es": 2.05, "fr": 2.05, "de": 2.05, "it": 1.9, "pt": 1.9, "ru": 1.55, "nl": 1.32, "pl": 1.32,
    "tr": 1.32, "ar": 1.32, "id": 1.18, "sv": 1.18,
}  # fmt: skip
_GREETINGS = {
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
_SHORT = 300  # characters; of longer texts the model's letters say all
_SHORT_WORDS, _SAYS, _GREETS = 6, 0.8, 0.6  # what a common word says is shared by all words of the text
_NUDGED = 24  # characters; in longer texts wide use counts less and less
_LEAST = 0.05  # further languages are told when they are at least this likely
_UNLIKELY = 0.01  # the model's languages below are not looked at further
_NOTHING_SAID = 0.02  # certainty of a text without letters
_SINGLE_CHARACTER = 0.7  # certainty of one character of a script of its own; more characters make it surer

_model: _Model | None = None
_lock = threading.Lock()


def detect(text: str) -> list[tuple[str, float]]:
    """Comprehend's codes with their scores (0..1), the likeliest first; never empty.

    A text without letters tells nothing: the answer is then English with a low score.
    """
    if text.isascii() or not _OWN_SCRIPT.search(text):
        said = _unmarked(text)
        return _best(dict(_ranked(said))) if said and not said.isspace() else [("en", _NOTHING_SAID)]
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
    if other or not told:
        rest = _SCRIPTS.sub(lambda match: match[0] if match.lastgroup == "other" else " ", text)
        for code, score in _ranked(rest):
            told[code] = told.get(code, 0.0) + score * (other or 1.0)
    return _best(told)


def _unmarked(text: str) -> str:
    """The text with a space for each run of what is no letter; ASCII takes a quarter of the time."""
    return _SPACES.sub(" ", text.translate(_ASCII_MARKS)) if text.isascii() else _MARKS.sub(" ", text)


def _best(told: Mapping[str, float]) -> list[tuple[str, float]]:
    most = min(_LEAST, max(told.values()))
    scores = [(code, round(min(1.0, score), 6)) for code, score in told.items() if score >= most]
    return sorted(scores, key=lambda pair: (-pair[1], pair[0]))


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
    """The model's likelier languages with their likelihood: wide use and common words count where the text is short."""
    model = _opened()
    scores = model.identifier._decide(text)
    for kin, of in model.kins:
        scores[of] += scores[kin]
        scores[kin] = 0.0
    if len(text) < _SHORT:
        scores *= model.wide ** (min(1.0, _NUDGED / len(text)) if text else 1.0)
        tokens = text.lower().split()
        if len(tokens) <= _SHORT_WORDS:
            _say(scores, model.places, tokens)
    scores /= scores.sum()
    likely = (scores >= min(_UNLIKELY, scores.max())).nonzero()[0].tolist()
    return [(model.codes[at], float(scores[at])) for at in likely]


def _say(scores: Any, places: Mapping[str, int], tokens: Sequence[str]) -> None:
    """Let common words speak for the languages that have them, the widely written ones first."""
    lists: Mapping[str, Mapping[str, float]] = weights_file.once("language-words.json.gz", dict)
    for token in tokens:
        whole = float(scores.sum())
        greeted = _GREETINGS.get(token)
        if greeted:
            scores[places[greeted]] += _GREETS * whole
            continue
        for code, share in lists.get(token, {}).items():
            scores[places[code]] += _SAYS / len(tokens) * share * _WIDE.get(code, 1.0) * whole


class _Model(NamedTuple):
    """py3langid's identifier, and where its languages stand."""

    identifier: Any
    codes: list[str]
    places: Mapping[str, int]
    kins: list[tuple[int, int]]
    """Languages that count as another one: both places."""
    wide: Any


def _opened() -> _Model:
    global _model
    if _model is None:
        with _lock:
            if _model is None:
                try:
                    import numpy as np
                    from py3langid.langid import (  # type: ignore[import-untyped]  # it has no types
                        MODEL_FILE,
                        LanguageIdentifier,
                    )
                except ImportError as error:
                    raise MissingExtraError("Detecting languages", "mocks") from error
                identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
                identifier.set_languages({label for label in identifier.labels if _KINS.get(label, label) in CODES})
                codes = list(identifier.nb_classes)
                places = {label: place for place, label in enumerate(codes)}
                kins = [(places[kin], places[of]) for kin, of in _KINS.items() if kin in places]
                wide = np.array([_WIDE.get(label, 1.0) for label in codes], np.float32)
                _model = _Model(identifier, codes, places, kins, wide)
    return _model
