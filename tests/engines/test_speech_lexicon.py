"""Lexicons: what PLS allows, what Polly refuses, and what a lexicon does to a text."""

from __future__ import annotations

import pytest
from aiservices_mocks.engines.speech import LexiconError, read_lexicon, read_text, write_script
from aiservices_mocks.engines.speech.script import Word

PLS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<lexicon version="1.0" '
    'xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" '
    'alphabet="{alphabet}" xml:lang="{language}">{body}</lexicon>'
)


def pls(body: str, language: str = "en-US", alphabet: str = "ipa") -> str:
    return PLS.format(body=body, language=language, alphabet=alphabet)


def lexeme(grapheme: str, alias: str) -> str:
    return f"<lexeme><grapheme>{grapheme}</grapheme><alias>{alias}</alias></lexeme>"


def said(text: str, *lexicons: str, language: str = "en-US") -> list[str]:
    read = [read_lexicon(content) for content in lexicons]
    items = write_script(text, read_text(text)[0], read, language)
    return [item.ipa or item.said for item in items if isinstance(item, Word)]


def test_aliases_and_pronunciations_are_applied_to_whole_words_in_their_spelling() -> None:
    first = pls(
        lexeme("W3C", "World Wide Web Consortium")
        + lexeme("g3t sm4rt", "get smart")
        + "<lexeme><grapheme>pecan</grapheme><grapheme>Pecan</grapheme><phoneme>pɪˈkɑːn</phoneme></lexeme>"
    )
    assert said("W3C, w3c XW3C g3t sm4rt Pecan!", first) == [
        *("World Wide Web Consortium", "w3c", "XW3C", "get smart", "pɪˈkɑːn")
    ]


def test_the_first_lexicon_that_knows_a_word_counts() -> None:
    robert, bobby = (
        pls(lexeme("Bob", "Robert") + lexeme("Al", "Alan")),
        pls(lexeme("Bob", "Bobby") + lexeme("Jo", "Joe")),
    )
    assert said("Bob Jo Al", robert, bobby) == ["Robert", "Joe", "Alan"]
    assert said("Bob Jo Al", bobby, robert) == ["Bobby", "Joe", "Alan"]


def test_a_lexicon_applies_to_its_language_only() -> None:
    assert said("Bob", pls(lexeme("Bob", "Robert"), "en-GB")) == ["Bob"]
    assert said("Bob", pls(lexeme("Bob", "Robert"), "en")) == ["Robert"]


def test_attributes_are_counted() -> None:
    lexicon = read_lexicon(pls(lexeme("a", "b") + lexeme("c", "d"), alphabet="x-sampa"))
    assert (lexicon.language, lexicon.alphabet, lexicon.lexemes) == ("en-US", "x-sampa", 2)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "InvalidLexiconException"),
        ("no xml", "InvalidLexiconException"),
        ("<lexicon/>", "InvalidLexiconException"),
        (pls(lexeme("a", "b")).replace('version="1.0" xmlns', "xmlns"), "InvalidLexiconException"),
        (pls("<word/>"), "InvalidLexiconException"),
        (pls("<lexeme><grapheme>a</grapheme></lexeme>"), "InvalidLexiconException"),
        (pls("<lexeme><alias>a</alias></lexeme>"), "InvalidLexiconException"),
        (pls("<lexeme><grapheme> </grapheme><alias>a</alias></lexeme>"), "InvalidLexiconException"),
        (pls("<lexeme><grapheme>a</grapheme><phoneme>§</phoneme></lexeme>"), "InvalidLexiconException"),
        (pls(lexeme("a", "b"), language="xx-XX"), "UnsupportedPlsLanguageException"),
        (pls(lexeme("a", "b"), alphabet="klingon"), "UnsupportedPlsAlphabetException"),
        (pls(lexeme("a", "b" * 101)), "MaxLexemeLengthExceededException"),
        (pls("<!--" + "x" * 40_000 + "-->"), "LexiconSizeExceededException"),
        (
            '<!DOCTYPE lexicon [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + pls(lexeme("a", "&b;"))[39:],
            "InvalidLexiconException",
        ),
    ],
)
def test_what_polly_refuses(content: str, code: str) -> None:
    with pytest.raises(LexiconError) as caught:
        read_lexicon(content)
    assert caught.value.code == code


def test_metadata_may_hold_anything() -> None:
    body = '<meta name="author" content="x"/><metadata><x xmlns="urn:y"><grapheme/></x></metadata>' + lexeme("a", "b")
    assert read_lexicon(pls(body)).lexemes == 1
