"""Search ranks by words, rare ones first, and knows where they stand."""

from __future__ import annotations

from contextlib import suppress

import pytest
from aiservices_mocks.engines import extraction, search
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.text("abc déß.,!?\n'’s", max_size=400)
BODIES = [("", "the cat sat"), ("cat", "a dog"), ("", "the dog and the bird"), ("", "nothing")]


def test_titles_and_rare_words_weigh_more() -> None:
    assert [one.place for one in search.rank(["cat"], BODIES)] == [1, 0]
    assert [one.place for one in search.rank(["dog", "bird"], BODIES)] == [2, 1]
    assert search.rank(["bird"], BODIES)[0].coverage == 1
    assert search.rank(["walrus"], BODIES) == search.rank(["a"], []) == []


def test_common_words_and_endings_do_not_matter() -> None:
    assert search.terms("What are the opening hours?") == ["open", "hour"]
    assert search.terms("Who is it?") == ["who", "is", "it"]
    assert search.highlights(["city"], "Cities and a city's walls") == [(0, 6), (13, 19)]


@given(TEXTS, TEXTS)
def test_what_is_marked_is_in_the_query(query: str, text: str) -> None:
    words = search.terms(query)
    for begin, end in search.highlights(words, text):
        assert search.terms(text[begin:end])[0] in words
    assert search.excerpt(words, text) in text


@given(TEXTS, st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_scores_fall_and_parts_are_parts(query: str, texts: list[tuple[str, str]]) -> None:
    found = search.rank(search.terms(query), texts)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 < one.coverage <= 1 for one in found)
    assert len({one.place for one in found}) == len(found)


@given(st.text("ab .!\n", max_size=3000))
def test_passages_hold_every_word_and_not_too_many(text: str) -> None:
    cut = search.passages(text)
    assert " ".join(cut).split() == text.split()
    assert all(len(search.terms(passage)) <= 200 for passage in cut)


def test_dots_that_lead_to_page_numbers_end_no_sentence() -> None:
    contents = "Chapter " + "." * 50_000 + "5. The end."
    assert search.passages(contents) == [contents]
    assert search.passages("word " * 150 + "stop. " + "more " * 150) == [
        ("word " * 150 + "stop.").strip(),
        ("more " * 150).strip(),
    ]


def test_an_excerpt_has_the_most_different_words() -> None:
    text = "walrus " * 50 + "nothing " * 100 + "A walrus sleeps. " + "nothing " * 100
    assert "walrus sleeps" in search.excerpt(["walru", "sleep"], text)


def test_an_excerpt_is_where_the_words_are() -> None:
    text = "nothing " * 100 + "The walrus sleeps. " + "nothing " * 100
    found = search.excerpt(["walru", "sleep"], text)
    assert "walrus sleeps" in found
    assert len(found) <= 300


@given(st.text(max_size=50), st.text(max_size=50))
def test_likeness_is_a_part(first: str, second: str) -> None:
    assert 0 <= search.likeness(search.terms(first), second) <= 1.000001


@given(st.binary(max_size=100), st.sampled_from(["HTML", "XML", "RTF", "JSON", "MS_WORD", "MS_EXCEL", "PLAIN_TEXT"]))
def test_any_bytes_have_a_text_or_are_refused(data: bytes, kind: str) -> None:
    with suppress(extraction.UnreadableText):
        title, text = extraction.text(data, kind)
        assert title.strip() == title
        assert text.strip() == text


@pytest.mark.parametrize(("name", "kind"), [("a.PDF", "PDF"), ("a/b.docx", "MS_WORD"), ("c", "PLAIN_TEXT")])
def test_kinds_follow_from_names(name: str, kind: str) -> None:
    assert extraction.kind(name) == kind


def test_a_page_shows_its_title_and_its_lines() -> None:
    page = b"<title> A title </title><style>p {}</style><h1>One</h1><p>two &amp; <b>three</b></p>"
    assert extraction.text(page, "HTML") == ("A title", "One\ntwo & three")
