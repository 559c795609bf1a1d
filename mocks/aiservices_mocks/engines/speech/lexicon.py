"""Pronunciation lexicons: PLS documents, checked as Polly checks them, and looked up in a text.

Source: https://www.w3.org/TR/pronunciation-lexicon/ and https://docs.aws.amazon.com/polly/latest/dg/limits.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from xml.parsers import expat

from .phonetics import PhonemeError, to_ipa
from .voices import LANGUAGES

LONGEST_CONTENT = 40_000
"""Characters of a lexicon."""
LONGEST_REPLACEMENT = 100
"""Characters of one alias or pronunciation."""
ALPHABETS = ("ipa", "x-sampa", "x-amazon-pinyin", "x-amazon-jyutping", "x-amazon-pron-kana", "x-amazon-yomigana")
_NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
_XML = "http://www.w3.org/XML/1998/namespace"
_CHILDREN = {
    "": ("lexicon",),
    "lexicon": ("meta", "metadata", "lexeme"),
    "lexeme": ("grapheme", "phoneme", "alias", "example"),
}


class LexiconError(ValueError):
    """A lexicon that Polly would refuse, with AWS's code for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Entry:
    """What a lexeme makes of its graphemes: an alias, or a pronunciation in IPA."""

    alias: str = ""
    ipa: str = ""


@dataclass
class Lexicon:
    """A lexicon read: its language, alphabet, and entries by grapheme."""

    language: str
    alphabet: str
    entries: dict[str, Entry] = field(default_factory=dict)
    lexemes: int = 0

    def covers(self, language: str) -> bool:
        """Whether it applies to a voice of this language; `en` covers every English."""
        return self.language == language or language.startswith(self.language + "-")

    @cached_property
    def _graphemes(self) -> re.Pattern[str] | None:
        if not self.entries:
            return None
        longest_first = sorted(self.entries, key=len, reverse=True)
        return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")

    def find(self, text: str, begin: int, end: int) -> Iterator[tuple[int, int, Entry]]:
        """Its graphemes in a part of a text, as whole words and in their own spelling."""
        if self._graphemes is not None:
            for found in self._graphemes.finditer(text, begin, end):
                yield found.start(), found.end(), self.entries[found[0]]


def read_lexicon(content: str) -> Lexicon:
    """A PLS document. Raises LexiconError with AWS's code; no DTD is taken."""
    if len(content) > LONGEST_CONTENT:
        raise LexiconError(
            "LexiconSizeExceededException",
            f"The lexicon has {len(content):,} characters, at most {LONGEST_CONTENT:,}",
        )
    return _Reader().read(content)


class _Reader:
    """Follows expat through a document."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._text: list[str] = []
        self._graphemes: list[str] = []
        self._replacement: Entry | None = None
        self._alphabet = ""
        self._lexicon: Lexicon | None = None
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = self._doctype
        self._parser = parser

    def read(self, content: str) -> Lexicon:
        # The content is text: what its XML declaration says of an encoding no longer matters.
        body = re.sub(r"^\s*<\?xml[^>]*\?>", "", content.lstrip("\ufeff"), count=1)
        try:
            self._parser.Parse(body.encode("utf-8", "surrogatepass"), True)
        except expat.ExpatError as error:
            raise _invalid(f"{expat.ErrorString(error.code)} at line {error.lineno}, column {error.offset}") from None
        assert self._lexicon is not None  # a document without a root is an ExpatError
        return self._lexicon

    def _doctype(self, *_: object) -> None:
        raise _invalid("a document type declaration is not allowed")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, tag = name.rpartition(" ")
        above = self._open[-1] if self._open else ""
        inside_free = "metadata" in self._open
        if not inside_free and (namespace != _NAMESPACE or tag not in _CHILDREN.get(above, ())):
            raise _invalid(f"<{tag[:40]}> is not allowed here" if above else "the root must be <lexicon> of PLS 1.0")
        self._open.append(tag)
        self._text.clear()
        if inside_free:
            return
        if tag == "lexicon":
            self._begin(attributes)
        elif tag == "lexeme":
            self._graphemes, self._replacement = [], None
        elif tag == "phoneme":
            self._alphabet = attributes.get("alphabet", "")

    def _begin(self, attributes: dict[str, str]) -> None:
        if attributes.get("version") != "1.0":
            raise _invalid('<lexicon> needs version="1.0"')
        language, alphabet = attributes.get(f"{_XML} lang", ""), attributes.get("alphabet", "")
        if not language:
            raise _invalid("<lexicon> needs xml:lang")
        if not alphabet:
            raise _invalid("<lexicon> needs an alphabet")
        _known_alphabet(alphabet)
        if not any(known == language or known.startswith(language + "-") for known in LANGUAGES):
            raise LexiconError("UnsupportedPlsLanguageException", "The language of the lexicon is not supported")
        self._lexicon = Lexicon(language, alphabet)

    def _end(self, name: str) -> None:
        tag = self._open.pop()
        if "metadata" in self._open:
            return
        text = "".join(self._text).strip()
        if tag == "grapheme":
            if not text:
                raise _invalid("a <grapheme> is empty")
            self._graphemes.append(text)
        elif tag in ("alias", "phoneme"):
            self._replace(tag, text)
        elif tag == "lexeme":
            self._finish()

    def _replace(self, tag: str, text: str) -> None:
        if not text:
            raise _invalid(f"<{tag}> is empty")
        if len(text) > LONGEST_REPLACEMENT:
            raise LexiconError(
                "MaxLexemeLengthExceededException",
                f"<{tag}> has {len(text):,} characters, at most {LONGEST_REPLACEMENT}",
            )
        assert self._lexicon is not None
        alphabet = _known_alphabet(self._alphabet or self._lexicon.alphabet)
        if tag == "alias":
            entry = Entry(alias=text)
        elif alphabet.startswith("x-amazon-"):
            entry = Entry(alias=text)  # syllables as they are written; the voice reads them
        else:
            try:
                entry = Entry(ipa=to_ipa(text, alphabet))
            except PhonemeError as error:
                raise _invalid(str(error)) from None
        if self._replacement is None:  # of several, PLS prefers the first
            self._replacement = entry

    def _finish(self) -> None:
        assert self._lexicon is not None
        if not self._graphemes or self._replacement is None:
            raise _invalid("a <lexeme> needs a <grapheme> and an <alias> or a <phoneme>")
        self._lexicon.lexemes += 1
        for grapheme in self._graphemes:
            self._lexicon.entries.setdefault(grapheme, self._replacement)


def _known_alphabet(alphabet: str) -> str:
    if alphabet not in ALPHABETS:
        raise LexiconError(
            "UnsupportedPlsAlphabetException",
            f"The alphabet of the lexicon is not supported; supported are {', '.join(ALPHABETS)}",
        )
    return alphabet


def _invalid(what: str) -> LexiconError:
    return LexiconError("InvalidLexiconException", f"Invalid lexicon: {what}")
