"""Key phrases: noun phrases with their determiners and modifiers, cut by patterns over parts of speech.

Languages without a tagger get what stands between marks, function words and changes of script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from aiservices.text import sentences

from . import syntax


class Phrase(NamedTuple):
    """A phrase, where it stands, and how sure the model is of it (0..1)."""

    begin: int
    end: int
    text: str
    score: float


# One letter per token, so that a pattern over tags is a regular expression over a string.
_LETTERS = {"NOUN": "N", "PROPN": "N", "NUM": "M", "DET": "D", "ADJ": "A", "SYM": "S", "O": "N"}
_POSSESSIVES = frozenset(["my", "your", "his", "her", "its", "our", "their"])
_GERMANIC = re.compile(r"[DP]*(?:[AMS]|V(?=A)|H(?=[ANM]))*N(?:[NM]|H(?=[ANM])|A(?=N)|G[AM]*(?=N))*|[DP]*S?M+S?|T")
_ROMANCE = re.compile(r"[DP]*M?(?:V(?=A)|A)*N(?:[NMA]|H(?=[ANM])|V(?=A)|O(?=[NM]))*|S?M+S?(?:ON(?:OM)?)?|T")
_ROMANCE_OF = {
    "es": frozenset({"de"}),
    "fr": frozenset({"de", "d'", "d’"}),
    "it": frozenset({"di", "d'", "d’"}),
    "pt": frozenset({"de"}),
}
_HYPHENS = frozenset("-–/")
_DAYS = frozenset(  # they stand beside a noun phrase, not in it
    ["today", "tomorrow", "yesterday", "tonight", "hoy", "ayer", "mañana", "aujourd'hui", "demain", "hier", "heute", "gestern", "oggi", "domani", "ieri", "hoje", "ontem", "amanhã"]
)


def find(text: str, language: str) -> list[Phrase]:
    """The phrases of a text in order; none overlap."""
    if language in syntax.LANGUAGES:
        return [phrase for words in syntax.tag_sentences(text, language) for phrase in _chunks(text, words, language)]
    return [phrase for piece in sentences(text) for phrase in _runs(piece.text, piece.start, language)]


def _chunks(text: str, words: list[syntax.Tagged], language: str) -> Iterable[Phrase]:
    letters = "".join(_letter(word, before, language) for word, before in zip(words, [None, *words], strict=False))
    pattern = _ROMANCE if language in _ROMANCE_OF else _GERMANIC
    for match in pattern.finditer(letters):
        inside = words[match.start() : match.end()]
        begin, end = inside[0].begin, inside[-1].end
        score = 1.0
        for word in inside:
            score *= word.score
        yield Phrase(begin, end, text[begin:end], round(score ** (1 / len(inside)), 6))


def _letter(word: syntax.Tagged, before: syntax.Tagged | None, language: str) -> str:
    lower = word.text.lower()
    if lower in _DAYS and word.tag in ("NOUN", "ADV"):
        return "T" if word.tag == "NOUN" or language == "en" else "."
    if word.text in _HYPHENS and before is not None and before.end == word.begin:
        return "H"
    if word.tag == "PRON":
        return "P" if language == "en" and lower in _POSSESSIVES else "."
    if word.tag == "PART":
        return "G" if lower in ("'s", "’s", "'", "’") else "."
    if word.tag == "ADV":
        return "V"
    if word.tag == "ADP":
        return "O" if lower in _ROMANCE_OF.get(language, ()) else "."
    return _LETTERS.get(word.tag, ".")


_HIRAGANA = re.compile(r"[\u3041-\u309f]+")
_STOPS = {
    "ar": "في من على إلى عن مع هذا هذه ذلك التي الذي و أو أن إن كان كانت هو هي لا ما لم قد ثم كل بعد قبل بين عند",
    "hi": "का की के को में से पर और है हैं था थी थे ने यह वह इस उस एक भी तो ही कि जो लिए साथ हो गया गई कर रहा रही रहे नहीं आज",
    "zh": "的 了 是 在 和 与 也 都 就 不 我 你 他 她 它 我们 你们 他们 这 那 有 被 把 对 从 到 很 会 要 能 着 过 吗 呢 吧",
    "zh-TW": "的 了 是 在 和 與 也 都 就 不 我 你 他 她 它 我們 你們 他們 這 那 有 被 把 對 從 到 很 會 要 能 著 過 嗎 呢 吧",
}
_KOREAN_ENDINGS = re.compile(r"(?:에서는|에서|에게|으로|까지|부터|이라고|라고|은|는|이|가|을|를|의|에|로|와|과|도|만)$")
_KOREAN_VERBS = re.compile(r"(?:다|요|까|고|며|는데|지만|해서|하여|했던|하는|되는|있는|없는)$")


def _runs(text: str, start: int, language: str) -> Iterator[Phrase]:
    """Content between marks and function words; the longer a run, the surer."""
    for match in _content(text, language):
        begin, end = match
        size = len(text[begin:end].split()) if language in ("ar", "hi", "ko") else end - begin
        yield Phrase(start + begin, start + end, text[begin:end], round(1.0 - 0.5 / (1 + size), 6))


def _content(text: str, language: str) -> Iterator[tuple[int, int]]:
    if language in ("zh", "zh-TW"):
        stops = sorted(_STOPS[language].split(), key=len, reverse=True)
        for match in re.finditer(rf"(?:(?!{'|'.join(stops)})[\w·%.-])+", text):
            if len(match.group()) > 1 or match.group().isdigit():
                yield match.span()
    elif language == "ja":
        for match in re.finditer(
            r"(?:[\u3400-\u9fff々]|[\u30a0-\u30ff]|[A-Za-z0-9０-９Ａ-ｚ.%]|の(?=[\u3400-\u9fff\u30a0-\u30ff]))+", text
        ):
            begin = match.start() + match.group().startswith("の")
            if match.end() - begin > 1:
                yield begin, match.end()
    elif language == "ko":
        yield from _korean(text)
    else:
        yield from _worded(text, frozenset(_STOPS.get(language, "").split()))


def _korean(text: str) -> Iterator[tuple[int, int]]:
    """Words without their particles; a particle ends a phrase, a verb is in none."""
    begin: int | None = None
    end = 0
    for match in re.finditer(r"\d[\d.,]*\w*%?|[\w%.·-]*\w%?|[^\w\s]", text):
        word = match.group()
        bare = _KOREAN_ENDINGS.sub("", word) if len(word) > 1 else word
        if not word[0].isalnum() or (len(word) > 1 and bare == word and _KOREAN_VERBS.search(word)):
            if begin is not None:
                yield begin, end
            begin = None
            continue
        begin = match.start() if begin is None else begin
        end = match.start() + len(bare)
        if bare != word:
            yield begin, end
            begin = None
    if begin is not None:
        yield begin, end


def _worded(text: str, stops: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Runs of words that are no function words."""
    begin: int | None = None
    end = 0
    for match in re.finditer(r"[^\W_](?:[\w\u0900-\u0963\u0966-\u097f\u064b-\u0652]|[.-](?=\w))*|[^\w\s]", text):
        word = match.group()
        content = word[0].isalnum() and word not in stops
        if content:
            begin = match.start() if begin is None else begin
            end = match.end()
        elif begin is not None:
            yield begin, end
            begin = None
    if begin is not None:
        yield begin, end
