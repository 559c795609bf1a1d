"""Runs of content in languages without a tagger: what stands between marks, function words and changes of script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from aiservices.text import sentences


class Run(NamedTuple):
    """A stretch of the text and its size: words, or characters where words are not set apart."""

    begin: int
    end: int
    size: int


_STOPS = {
    "ar": "في من على إلى عن مع هذا هذه ذلك التي الذي و أو أن إن كان كانت هو هي لا ما لم قد ثم كل بعد قبل بين عند",
    "hi": ("का की के को में से पर और है हैं था थी थे ने यह वह इस उस एक भी तो ही कि जो लिए साथ हो गया गई कर रहा रही रहे नहीं आज"),
    "zh": (
        "的 了 是 在 和 与 也 都 就 不 我 你 他 她 它 我们 你们 他们 这 那 有 被 把 对 从 到 很 会 要 能 着 过 吗 呢 吧"
    ),
    "zh-TW": (
        "的 了 是 在 和 與 也 都 就 不 我 你 他 她 它 我們 你們 他們 這 那 有 被 把 對 從 到 很 會 要 能 著 過 嗎 呢 吧"
    ),
}
_JAPANESE = re.compile(
    r"(?:[\u3400-\u9fff々]|[\u30a0-\u30ff]|[A-Za-z0-9０-９Ａ-ｚ.%]|の(?=[\u3400-\u9fff\u30a0-\u30ff]))+"
)
_KOREAN_ENDINGS = re.compile(r"(?:에서는|에서|에게|으로|까지|부터|이라고|라고|은|는|이|가|을|를|의|에|로|와|과|도|만)$")
_KOREAN_VERBS = re.compile(r"(?:다|요|까|고|며|는데|지만|해서|하여|했던|하는|되는|있는|없는)$")
_KOREAN_WORD = re.compile(r"\d[\d.,]*\w*%?|[\w%.·-]*\w%?|[^\w\s]")
_WORD = re.compile(r"[^\W_](?:[\w\u0900-\u0963\u0966-\u097f\u064b-\u0652]|[.-](?=\w))*|[^\w\s]")


def find(text: str, language: str) -> Iterator[Run]:
    """The runs of a text in order; none crosses a sentence's end."""
    spaced = language not in ("ja", "zh", "zh-TW")
    for piece in sentences(text):
        for begin, end in _content(piece.text, language):
            size = len(piece.text[begin:end].split()) if spaced else end - begin
            yield Run(piece.start + begin, piece.start + end, size)


def _content(text: str, language: str) -> Iterator[tuple[int, int]]:
    stops = _STOPS.get(language, "").split()
    if language in ("zh", "zh-TW"):
        return _chinese(text, stops)
    if language == "ja":
        return _japanese(text)
    if language == "ko":
        return _korean(text)
    return _worded(text, frozenset(stops))


def _chinese(text: str, stops: list[str]) -> Iterator[tuple[int, int]]:
    longest_first = "|".join(sorted(stops, key=len, reverse=True))
    for match in re.finditer(rf"(?:(?!{longest_first})[\w·%.-])+", text):
        if len(match.group()) > 1 or match.group().isdigit():
            yield match.span()


def _japanese(text: str) -> Iterator[tuple[int, int]]:
    """Han, Katakana and Latin, held together by の; single characters are left out."""
    for match in _JAPANESE.finditer(text):
        begin = match.start() + match.group().startswith("の")
        if match.end() - begin > 1:
            yield begin, match.end()


def _korean(text: str) -> Iterator[tuple[int, int]]:
    """Words without their particles; a particle ends a phrase, a verb is in none."""
    begin: int | None = None
    end = 0
    for match in _KOREAN_WORD.finditer(text):
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
    for match in _WORD.finditer(text):
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
