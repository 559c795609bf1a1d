"""What a text shows of its sentiment: words, pairs, negated words, a lexicon's verdict, emoji and marks.

English takes its verdict from VADER; Spanish, French, German, Italian and Portuguese from lexicons with negation
and intensity; every language from emoji, emoticons and ratings such as 4/5 or ★★☆.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.errors import MissingExtraError

from . import maxent

Features = dict[str, float]

LANGUAGES = ("en", "es", "fr", "de", "it", "pt")
"""Languages with weights of their own."""

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,]\d+)*|[!?]+|[^\w\s]")
_STRETCHED = re.compile(r"(\w)\1{2,}")
_REACH = 3  # how many words a negation governs
_NEGATED = -0.74  # VADER's factors for negation and intensity
_STRONGER = 0.293


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEGATORS: Mapping[str, frozenset[str]] = {
    "en": _set(
        "not no never none nobody nothing neither nor without hardly barely isn't wasn't aren't weren't don't doesn't"
        " didn't can't cannot couldn't won't wouldn't shouldn't ain't haven't hasn't hadn't"
    ),
    "es": _set("no nunca jamás nada nadie ni sin ningún ninguna ninguno tampoco apenas"),
    "fr": _set("ne n' pas jamais rien personne ni sans aucun aucune guère nullement"),
    "de": _set("nicht kein keine keinen keiner keinem keines nie niemals nichts niemand ohne weder kaum"),
    "it": _set("non mai niente nulla nessuno nessuna né senza neanche nemmeno neppure"),
    "pt": _set("não nao nunca jamais nada ninguém nem sem nenhum nenhuma tampouco"),
}
_INTENSIFIERS: Mapping[str, frozenset[str]] = {
    "es": _set("muy más tan demasiado sumamente realmente súper super totalmente absolutamente increíblemente"),
    "fr": _set("très trop si tellement vraiment super extrêmement totalement absolument plus hyper"),
    "de": _set("sehr so zu total echt wirklich extrem besonders absolut äußerst super richtig ganz"),
    "it": _set("molto più così troppo davvero veramente super estremamente assolutamente totalmente"),
    "pt": _set("muito mais tão demais realmente super extremamente absolutamente totalmente bem"),
}

_EMOTICON = re.compile(
    r"(?<!\w)(?:(?P<glad>[:;=8xX]['’]?-?[)\]DpP3*]+|<3+|\^_?\^)|(?P<sad>[:;=]['’]?-?[(\[/\\|cC]+|</3|D:))(?!\w)"
)
_GLAD = frozenset(
    "😀😃😄😁😆😂🤣😊😇🙂😉😍🥰😘😗😙😚☺😋😛😜🤪😝🤗🤩🥳😎😺😸😻👍👏🙌👌💪🎉🎊✨🌟⭐🏆🥇💯✅❤♥💕💖💗💓💞💘💝💙💚💛🧡💜🤎🖤🤍😌🙏💐🌹🌞🤝"
)
_SAD = frozenset(
    "😞😔😟😕🙁☹😣😖😫😩🥺😢😭😤😠😡🤬😱😨😰😥😓😒🙄😑😬🤢🤮😷🤕🤒😵👎💔💩😾😿🙀❌🚫⛔😪😧😦😮‍💨🤦🖕☠💀👿😈"
)
_RATING = re.compile(
    r"(?<![\w./,])(\d+(?:[.,]\d+)?)\s*(?:/|out of|von|sur|su|de|sobre|von)\s*(5|10|100)(?![\w/]|[.,]\d)", re.IGNORECASE
)
_STARS = re.compile(r"[★⭐]+[☆✩]*|[☆✩]+")

_vader: Any = None
_lock = threading.Lock()


def words(text: str) -> list[str]:
    """Lower-case words, numbers and marks; apostrophes are straight, long runs of one letter are two."""
    return _TOKEN.findall(_STRETCHED.sub(r"\1\1", text.lower().replace("’", "'")))


def extract(text: str, language: str) -> Features:
    """The features of a text in one of the six languages."""
    tokens = words(text)
    if language == "en":
        found = _lexical(tokens, _NEGATORS["en"], pairs=True)
        found.update(_verdict_of_vader(text))
    else:  # subtitles shout in anger and are few: their marks and pairs of words do not carry over
        found = _lexical([token for token in tokens if token[0].isalnum() or token == ","], _NEGATORS[language])
        found.update(_verdict(tokens, language))
    found.update(marks(text, shouts=language == "en"))
    return {name: value for name, value in found.items() if value}


def _lexical(tokens: Sequence[str], negators: frozenset[str], pairs: bool = False) -> Features:
    found: Features = {}
    before = "^"
    reach = 0
    for token in tokens:
        kept = "0" if token[0].isdigit() else token
        found[f"w={kept}"] = 1.0
        if pairs:
            found[f"b={before} {kept}"] = 1.0
        if not token[0].isalnum():
            reach = 0
        elif reach:
            found[f"n={kept}"] = 1.0
            reach -= 1
        if token in negators or token.endswith("n't"):
            reach = _REACH
        before = kept
    return found


def marks(text: str, shouts: bool = True) -> Features:
    """What needs no language: emoji, emoticons, ratings and exclamation marks, each as a share between -1 and 1."""
    kinds = [match.lastgroup for match in _EMOTICON.finditer(text)]
    glad, sad = kinds.count("glad"), kinds.count("sad")
    if not text.isascii():
        glad += sum(char in _GLAD for char in text)
        sad += sum(char in _SAD for char in text)
    found = {"glad": glad / (glad + 0.5), "sad": sad / (sad + 0.5)}
    rating = _rating(text)
    if rating is not None:
        found["rated+" if rating > 0 else "rated-"] = abs(rating)
    if shouts:
        found["!"] = min(text.count("!") + text.count("！"), 4) / 4
    return {name: value for name, value in found.items() if value}


def _rating(text: str) -> float | None:
    """The mean of ratings in a text: -1 the worst, 1 the best."""
    found: list[float] = []
    for match in _RATING.finditer(text):
        value, most = float(match[1].replace(",", ".")), float(match[2])
        if value <= most:
            found.append(2 * value / most - 1)
    for match in () if text.isascii() else _STARS.finditer(text):
        full, most = sum(char in "★⭐" for char in match[0]), max(5, len(match[0]))
        if len(match[0]) > 1:
            found.append(2 * (full - 1) / (most - 1) - 1)
    return sum(found) / len(found) if found else None


def _verdict_of_vader(text: str) -> Features:
    scores = _analyzer().polarity_scores(text)
    compound = scores["compound"]
    return {
        "vader": compound,
        "vader+": scores["pos"],
        "vader-": scores["neg"],
        f"vader@{round(compound * 4)}": 1.0,
    }


def _analyzer() -> Any:
    global _vader
    if _vader is None:
        with _lock:
            if _vader is None:
                try:
                    from vaderSentiment.vaderSentiment import (  # type: ignore[import-untyped]  # it has no types
                        SentimentIntensityAnalyzer,
                    )
                except ImportError as error:
                    raise MissingExtraError("The sentiment of English text", "mocks") from error
                _vader = SentimentIntensityAnalyzer()
    return _vader


def _verdict(tokens: Sequence[str], language: str) -> Features:
    """The lexicon's sum over the words, negation and intensity applied, squeezed into -1..1 as VADER does."""
    lexicon: Mapping[str, float] = maxent.read(f"sentiment_{language}")["lexicon"]
    negators, intensifiers = _NEGATORS[language], _INTENSIFIERS[language]
    good = bad = 0.0
    reach = 0
    before = ""
    for token in tokens:
        if not token[0].isalnum():
            reach = 0
        value = lexicon.get(token, 0.0)
        if value:
            if before in intensifiers:
                value += math.copysign(_STRONGER, value)
            if reach:
                value *= _NEGATED
            good, bad = (good + value, bad) if value > 0 else (good, bad - value)
        reach = max(0, reach - 1)
        if token in negators:
            reach = _REACH
        before = token
    total = good - bad
    compound = total / math.sqrt(total * total + 15)
    return {
        "lexicon": 3 * compound,
        "lexicon+": 3 * good / (good + 4),
        "lexicon-": 3 * bad / (bad + 4),
    }
