"""SSML under limits: a document cut into documents that say the same one after the other.

A piece is a stretch of the document as it stands, between the tags that were open where it begins and their ends. The
document is not checked: what is wrong with its tags is Polly's to say. Only one that must be cut has to be well-formed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple

from ...errors import InvalidCallError
from ...text import sentences

_BEGIN = re.compile(r"\ufeff?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*(?:<!DOCTYPE\s|<speak(?=[\s/>]))", re.DOTALL)
_TOKEN = re.compile(
    r"""(?P<silent><!--.*?-->|<\?.*?\?>)
    |<!\[CDATA\[(?P<data>.*?)\]\]>
    |<(?P<close>/?)(?P<name>[^\s<>/!?]+)(?P<attributes>(?:[^<>"'/]|"[^"<]*"|'[^'<]*'|/(?!>))*)(?P<empty>/?)>
    |(?P<text>[^<]+)""",
    re.DOTALL | re.VERBOSE,
)
_ALONE = frozenset(("break", "mark", "amazon:breath"))
_WHOLE = frozenset(("say-as", "sub", "phoneme", "w", "emphasis", *_ALONE))
"""What means something else in two halves."""
_WORD = re.compile(r"\s+|(?:&#?\w{1,10};|[^\s&]){80}")
"""Where a text may be cut within a sentence: behind white space, and now and then where there is none."""


class Piece(NamedTuple):
    """A document of its own that says a stretch of another one."""

    text: str
    start: int
    """Where the stretch begins in the other one."""
    before: int
    """Characters of the piece that stand before the stretch: tags opened again."""


class _Open(NamedTuple):
    """A tag that is open, in another one that is."""

    tag: str
    name: str
    outer: _Open | None
    head: int
    """Characters of all tags that are open."""
    tail: int
    """Characters that close them."""

    @classmethod
    def within(cls, tag: str, outer: _Open | None) -> _Open:
        """A tag opened in another one."""
        name = _name(tag)
        head, tail = (outer.head, outer.tail) if outer else (0, 0)
        return cls(tag, name, outer, head + len(tag), tail + len(name) + 3)

    def all(self) -> list[_Open]:
        """All that are open, the outermost first."""
        found: list[_Open] = []
        one: _Open | None = self
        while one:
            found.append(one)
            one = one.outer
        return found[::-1]


class _Cut(NamedTuple):
    """A place where a document may be cut."""

    at: int
    billed: int
    """Billed characters before it."""
    rank: int
    """3: between paragraphs, 2: between sentences, 1: between words, 0: not at all, for once."""
    open: _Open
    """The tags that are open there."""


def is_ssml(text: str) -> bool:
    """Whether a text is meant as SSML: it begins with `<speak`."""
    return _BEGIN.match(text) is not None


def billed(text: str) -> int:
    """Characters of a document that are billed: all but tags and comments."""
    return sum(_said(token) for token in _TOKEN.finditer(text))


def cut(text: str, limit: int, total: int) -> list[Piece]:
    """Documents of at most `limit` billed characters and `total` in all that say the same one after the other.

    Borders in order: paragraph, sentence, word. Enclosing elements are opened again in each piece, with what they say;
    what says something only as a whole (say-as, sub, phoneme, w, emphasis, a prosody with a maximal duration) is
    never cut. A document that fits comes back as it is.
    Raises InvalidCallError when it is not well-formed, or when something that is not cut is too long.
    """
    if len(text) <= total and billed(text) <= limit:
        return [Piece(text, 0, 0)]
    cuts = list(_cuts(text))
    pieces, first = [], 0
    while first < len(cuts) - 1:
        if not _says_something(text[cuts[first].at : cuts[first + 1].at]):
            first += 1
            continue
        last = _last(cuts, first, limit, total)
        begin, end = cuts[first], cuts[last]
        head = "".join(one.tag for one in begin.open.all())
        tail = "".join(f"</{one.name}>" for one in reversed(end.open.all()))
        pieces.append(Piece(head + text[begin.at : end.at] + tail, begin.at, len(head)))
        first = last
    return pieces


def _last(cuts: Sequence[_Cut], first: int, limit: int, total: int) -> int:
    """The cut that ends the piece that a cut begins: the best in the second half of what fits."""
    begin = cuts[first]
    fitting = []
    for number in range(first + 1, len(cuts)):
        one = cuts[number]
        length = begin.open.head + one.at - begin.at + one.open.tail
        if one.billed - begin.billed > limit or one.at - begin.at > total:
            break
        if length <= total:
            fitting.append(number)
    if not fitting:
        raise InvalidCallError(
            f"the SSML cannot be cut: what begins at character {begin.at:,} has more than {limit:,} billed characters "
            f"or {total:,} in all before the next place where it may be cut. Make that shorter"
        )
    if fitting[-1] == len(cuts) - 1:
        return fitting[-1]
    furthest = cuts[fitting[-1]]
    late = [
        number
        for number in fitting
        if 2 * (cuts[number].billed - begin.billed) >= furthest.billed - begin.billed
        and 2 * (cuts[number].at - begin.at) >= furthest.at - begin.at
    ]
    best = max(cuts[number].rank for number in late)
    return max(number for number in late if cuts[number].rank == best)


def _cuts(text: str) -> Iterator[_Cut]:
    """Where a document may be cut, its begin behind <speak> and its end before </speak> included."""
    start = _BEGIN.match(text)
    if start is None or not start.group().endswith("<speak"):
        raise InvalidCallError("the SSML cannot be cut: it has a document type, which Polly does not take")
    at = start.end() - len("<speak")
    billed, whole, begun = 0, 0, False
    around: _Open | None = None
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or (around is None and token["name"] is None and _said(token) and token.group().strip()):
            raise _broken(text, at)
        rank = 0
        if token["name"] is None:
            if around and not whole and token["text"]:
                yield from _inside(token["text"], at, billed, around)
        elif token["close"]:
            if around is None or around.name != token["name"]:
                raise _broken(text, at)
            if around.outer is None:
                yield _Cut(at, billed, 3, around)
                return
            whole -= _is_whole(around)
            around = around.outer
            rank = {"p": 3, "s": 2}.get(token["name"], 1)
        elif not token["empty"]:
            if around and not whole:
                yield _Cut(at, billed, {"p": 3, "s": 2}.get(token["name"], 0), around)
            around = _Open.within(token.group(), around)
            whole += _is_whole(around)
        billed += _said(token)
        at = token.end()
        if around and not whole and (not begun or token["text"] is None):
            yield _Cut(at, billed, rank, around)
            begun = True
    raise _broken(text, at)


def _inside(text: str, at: int, billed: int, around: _Open) -> Iterator[_Cut]:
    """The cuts within a text, and at its end: between words, and the better ones between sentences and paragraphs."""
    ranks = {one.end: 2 for one in sentences(text)}
    if text and not text[-1].isspace():
        ranks.pop(len(text), None)  # the sentence may go on behind a tag
    before = 0
    for found in _WORD.finditer(text):
        said = text[before : found.end()]
        billed += len(unescape(said))
        before = found.end()
        rank = 3 if "\n\n" in found.group() else ranks.get(found.start(), 1) if found.group().isspace() else 0
        yield _Cut(at + found.end(), billed, rank, around)
    if before < len(text):
        yield _Cut(at + len(text), billed + len(unescape(text[before:])), 0, around)


def _says_something(stretch: str) -> bool:
    """Whether there is more than opened and closed tags, comments and white space."""
    return any(
        (token["text"] or token["data"] or "").strip() or _name(token.group()) in _ALONE
        for token in _TOKEN.finditer(stretch)
    )


def _said(token: re.Match[str]) -> int:
    """Billed characters of a token."""
    if token["text"] is not None:
        return len(unescape(token["text"]))
    return len(token["data"] or "")


def _name(tag: str) -> str:
    return re.split(r"[\s/>]", tag[1:], maxsplit=1)[0]


def _is_whole(one: _Open) -> bool:
    return one.name in _WHOLE or "amazon:max-duration" in one.tag


def _broken(text: str, at: int) -> InvalidCallError:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return InvalidCallError(
        f"the SSML is too long for one request and cannot be cut, for it is not well-formed: see line {line}, "
        f"column {column}"
    )
