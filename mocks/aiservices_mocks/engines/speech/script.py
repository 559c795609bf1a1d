"""What is spoken, in order: sentences, words with their place in the request, pauses and marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aiservices.text import sentences

from . import japanese
from .blocks import EMPTY, Block, Mark, Pause, Span, Style
from .lexicon import Lexicon
from .roles import pronounced
from .say_as import said_as
from .voices import LANGUAGES

_SILENT = r".,;:!?…\"“”„‚‘’'`«»‹›()\[\]{}—–\-‐‑·•¿¡؟،؛।॥。、！？，；：「」『』（）《》【】〈〉・"
_SPOKEN = r"&+%@$€£¥=#*°§©®/\\_^~|<>"
_CORE = rf"[^\s{_SILENT}{_SPOKEN}]"
_WORD = re.compile(rf"[$€£¥#@]?{_CORE}+(?:[.,:'’\-‐‑/@&_+]+{_CORE}+)*[%°]?|[{_SPOKEN}]")
_IDEOGRAPHS = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[\u3040-\u309f]+|[\u30a0-\u30ff]+|[^\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
_KEPT = re.compile(r"[^\s.,;:!?…—–()؟،؛।॥。、！？，；：]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, told before its first word; the bytes it stands on and the request's own text there."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the request and how it is said.

    Chinese characters are words of their own here, and so are runs of one kind of kana: nothing segments them.
    """

    start: int
    end: int
    value: str
    said: str
    ipa: str
    """Its pronunciation where one was given; empty otherwise."""
    style: Style
    tail: str
    """Punctuation and space up to the next word."""
    bleep: bool = False
    """Whether a tone takes its place."""


Item = Sentence | Word | Pause | Mark


def write_script(source: str, blocks: Sequence[Block], lexicons: Sequence[Lexicon], language: str) -> list[Item]:
    """The items of a request. language: AWS's code; lexicons of other languages are passed over."""
    mine = [lexicon for lexicon in lexicons if lexicon.covers(language)]
    data = source.encode("utf-8", "surrogatepass")
    items: list[Item] = []
    for block in blocks:
        items += _block_items(data, block, mine, language)
        if block.pause:
            items.append(Pause(block.pause))
    return items


@dataclass(frozen=True, slots=True)
class _Token:
    begin: int
    end: int
    said: str
    ipa: str = ""
    bleep: bool = False


def _block_items(data: bytes, block: Block, lexicons: Sequence[Lexicon], language: str) -> Iterator[Item]:
    tokens = list(_tokens(block, lexicons, language))
    pieces = list(sentences(block.text))
    events = sorted(block.events, key=lambda pair: pair[0])
    piece_at = event_at = 0
    for at, token in enumerate(tokens):
        # A mark inside a word waits for the word's end.
        while event_at < len(events) and events[event_at][0] <= token.begin:
            yield events[event_at][1]
            event_at += 1
        if piece_at < len(pieces) and pieces[piece_at].start <= token.begin:
            while piece_at + 1 < len(pieces) and pieces[piece_at + 1].start <= token.begin:
                piece_at += 1
            yield _sentence(data, block, pieces[piece_at].start, pieces[piece_at].end)
            piece_at += 1
        following = tokens[at + 1].begin if at + 1 < len(tokens) else len(block.text)
        start, end = block.starts[token.begin], block.ends[token.end - 1]
        value = data[start:end].decode("utf-8", "replace")
        tail = _KEPT.sub("", block.text[token.end : following])
        said = token.said
        if said == block.text[token.begin] and LANGUAGES[block.style_at(token.begin).language or language] == "ja":
            said = japanese.read(block.text, token.begin)
        yield Word(start, end, value, said, token.ipa, block.style_at(token.begin), tail, token.bleep)
    for _, event in events[event_at:]:
        yield event


def _sentence(data: bytes, block: Block, begin: int, end: int) -> Sentence:
    start, stop = block.starts[begin], block.ends[end - 1]
    return Sentence(start, stop, data[start:stop].decode("utf-8", "replace"))


def _tokens(block: Block, lexicons: Sequence[Lexicon], language: str) -> Iterator[_Token]:
    """The words of a block: tags that say how come first, then lexicons, then the rest."""
    at = 0
    pauses = sorted(position for position, event in block.events if isinstance(event, Pause))
    for span in [*_outermost(block.spans), None]:
        until = span.begin if span else len(block.text)
        for cut in [*(pause for pause in pauses if at < pause < until), until]:
            yield from _found(block.text, at, cut, lexicons)
            at = cut
        if span:
            yield _spanned(block, span, language)
            at = span.end


def _outermost(spans: Sequence[Span]) -> Iterator[Span]:
    end = 0
    for span in sorted(spans, key=lambda span: (span.begin, -span.end)):
        if span.begin >= end:
            yield span
            end = span.end


def _spanned(block: Block, span: Span, language: str) -> _Token:
    text = block.text[span.begin : span.end]
    begin = span.begin + len(text) - len(text.lstrip())
    end = max(span.begin + len(text.rstrip()), begin + 1) if text.strip() else span.end
    begin = min(begin, end - 1)
    if span.kind == "phoneme":
        return _Token(begin, end, text.strip(), span.value)
    if span.kind == "sub":
        return _Token(begin, end, span.value)
    if span.value == "expletive":
        return _Token(begin, end, "", bleep=True)
    spoken = LANGUAGES[block.style_at(span.begin).language or language]
    if span.kind == "w":
        return _Token(begin, end, text.strip(), pronounced(text, span.value) if spoken.startswith("en") else "")
    return _Token(begin, end, said_as(text, span.value, span.detail, spoken))


def _found(text: str, begin: int, end: int, lexicons: Sequence[Lexicon]) -> Iterator[_Token]:
    """The words between two characters; of the lexicons that know a word the first one given counts."""
    if not lexicons:
        yield from _plain(text, begin, end)
        return
    first, rest = lexicons[0], lexicons[1:]
    at = begin
    for start, stop, entry in first.find(text, begin, end):
        yield from _found(text, at, start, rest)
        yield _Token(start, stop, entry.alias or text[start:stop], entry.ipa)
        at = stop
    yield from _found(text, at, end, rest)


def _plain(text: str, begin: int, end: int) -> Iterator[_Token]:
    for found in _WORD.finditer(text, begin, end):
        if found[0] == EMPTY:
            continue
        for part in _IDEOGRAPHS.finditer(found[0]):
            start = found.start() + part.start()
            yield _Token(start, start + len(part[0]), part[0])
