from __future__ import annotations

import time

import pytest
from aiservices_mocks.engines import syntax
from hypothesis import given
from hypothesis import strategies as st

TAGS = {"ADJ", "ADP", "ADV", "AUX", "CONJ", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "O"} | {
    "PART",
    "PRON",
    "PROPN",
    "PUNCT",
    "SCONJ",
    "SYM",
    "VERB",
}


def _pairs(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(word.text, word.tag) for word in syntax.tag(text, language)]


def test_a_plain_sentence() -> None:
    assert _pairs("The small child quickly opened the heavy door.") == [
        ("The", "DET"),
        ("small", "ADJ"),
        ("child", "NOUN"),
        ("quickly", "ADV"),
        ("opened", "VERB"),
        ("the", "DET"),
        ("heavy", "ADJ"),
        ("door", "NOUN"),
        (".", "PUNCT"),
    ]


def test_the_services_habits() -> None:
    pairs = _pairs("She is happy and he was reading.")
    assert ("is", "VERB") in pairs
    assert ("and", "CONJ") in pairs
    assert ("was", "AUX") in pairs


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "es",
            "La casa es muy grande y tiene dos ventanas.",
            {"casa": "NOUN", "es": "VERB", "y": "CONJ", "dos": "NUM"},
        ),
        (
            "fr",
            "Le ministre a présenté son projet et Paris est une grande ville.",
            {"ministre": "NOUN", "présenté": "VERB", "et": "CONJ", "est": "VERB", "Paris": "PROPN"},
        ),
        (
            "de",
            "Der Hund schläft in Berlin und ist müde.",
            {"Hund": "NOUN", "Berlin": "PROPN", "und": "CONJ", "ist": "VERB"},
        ),
        ("it", "Il libro è sulla tavola di Maria.", {"libro": "NOUN", "è": "VERB", "Maria": "PROPN"}),
        (
            "pt",
            "O menino comeu três bananas em Lisboa.",
            {"menino": "NOUN", "comeu": "VERB", "três": "NUM", "Lisboa": "PROPN"},
        ),
    ],
)
def test_other_languages(language: str, text: str, expected: dict[str, str]) -> None:
    tags = dict(_pairs(text, language))
    assert {word: tags[word] for word in expected} == expected


def test_context_decides() -> None:
    book = {text: dict(_pairs(text))["book"] for text in ("I want to book a room.", "I read the book today.")}
    assert list(book.values()) == ["VERB", "NOUN"]


def test_scores_tell_sure_from_unsure() -> None:
    scores = {word.text: word.score for word in syntax.tag("The house blorped glimfully and frabjous.", "en")}
    assert scores["The"] > 0.99
    assert min(scores.values()) < 0.96
    assert all(score == round(score, 6) for score in scores.values())


@pytest.mark.parametrize("language", syntax.LANGUAGES)
@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_any_text_is_tagged_with_its_own_words(language: str, text: str) -> None:
    end = 0
    for word in syntax.tag(text, language):
        assert text[word.begin : word.end] == word.text
        assert word.begin >= end
        assert word.tag in TAGS
        assert 0 < word.score <= 1
        end = word.end


def test_offsets_are_code_points() -> None:
    words = syntax.tag("😀 Zürich’s café isn't far.", "en")
    assert [(w.begin, w.text) for w in words][:5] == [(0, "😀"), (2, "Zürich"), (8, "’s"), (11, "café"), (16, "is")]


def test_the_same_text_gives_the_same_answer() -> None:
    text = "Time flies like an arrow; fruit flies like a banana."
    assert syntax.tag(text, "en") == syntax.tag(text, "en")


def test_a_language_without_a_tagger_is_named() -> None:
    with pytest.raises(ValueError, match=r"'ja'.*en, es, fr, de, it, pt"):
        syntax.tag("東京", "ja")


def test_long_texts_are_quick() -> None:
    text = "The committee will meet again on Tuesday to discuss the new budget for public libraries. " * 60
    syntax.tag(text, "en")
    began = time.process_time()
    syntax.tag(text, "en")
    assert time.process_time() - began < 1.0  # some 1,000 tokens; 30 times the usual
